//! What this machine is, in one line that may be published: no name of it or of its user.

use super::env::Env;
use super::exec::Run;
use super::exec::limited::Answer;
use super::interrupt::Interrupt;
use std::path::Path;
use std::time::Duration;

/// `8 x AMD Ryzen 7 5800U, 16 GB, linux x86_64`; what can't be known is left out.
pub fn describe(env: &Env, interrupt: &Interrupt) -> String {
    let system = format!("{} {}", std::env::consts::OS, std::env::consts::ARCH);
    let (model, bytes) = if cfg!(target_os = "macos") {
        let ask = |name: &str| {
            let run = Run::new("ask for the machine", "sysctl", Path::new("/"), env).args(["-n", name]);
            match run.within(Duration::from_secs(5), interrupt) {
                Answer::Ended { code: 0, out, .. } => Some(out.trim().to_owned()),
                _ => None,
            }
        };
        (ask("machdep.cpu.brand_string"), ask("hw.memsize").and_then(|n| n.parse().ok()))
    } else {
        let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
        (model(&read("/proc/cpuinfo")), memory(&read("/proc/meminfo")))
    };
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    words(cores, model.as_deref(), bytes, &system)
}

fn words(cores: usize, model: Option<&str>, bytes: Option<u64>, system: &str) -> String {
    let model = model.map_or_else(|| "processor".into(), |m| m.split_whitespace().collect::<Vec<_>>().join(" "));
    let memory = bytes.map(|b| format!("{} GB, ", (b + (1 << 29)) >> 30)).unwrap_or_default();
    format!("{cores} x {model}, {memory}{system}")
}

/// The processor's name in Linux's `/proc/cpuinfo`.
fn model(cpuinfo: &str) -> Option<String> {
    let line = cpuinfo.lines().find_map(|line| line.strip_prefix("model name"))?;
    Some(line.split_once(':')?.1.trim().to_owned()).filter(|name| !name.is_empty())
}

/// The bytes of memory in Linux's `/proc/meminfo`.
fn memory(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kilobytes.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_is_its_processor_its_memory_and_its_system() {
        let cpu = model("processor\t: 0\nmodel name\t: AMD  Ryzen 7 5800U\nprocessor\t: 1\nmodel name\t: other\n");
        let bytes = memory("MemTotal:       16233492 kB\nMemFree: 1 kB\n");
        assert_eq!(words(8, cpu.as_deref(), bytes, "linux x86_64"), "8 x AMD Ryzen 7 5800U, 15 GB, linux x86_64");
        assert_eq!(
            words(4, model("garbage").as_deref(), memory("MemTotal: many"), "linux aarch64"),
            "4 x processor, linux aarch64"
        );
    }

    #[test]
    fn it_is_described_the_same_each_time() {
        let describe = || describe(&Env::default(), &Interrupt::default());
        assert_eq!(describe(), describe());
        assert!(describe().ends_with(std::env::consts::ARCH));
    }
}
