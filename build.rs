//! Links the binary statically, at a fixed address, where the machine can: git starts mastery twice in every commit, and finding
//! shared libraries and relocating against them took longer than all that the hooks do. Beside that the binary then runs on any
//! Linux. Where the C library comes without its static half, nothing is asked for and the binary is linked as usual.
//!
//! A fixed address gives up a part of address space randomisation, as Go's linker does by default for the same reason: the stack
//! and the heap stay where the kernel throws them.
#![allow(
    clippy::disallowed_methods,
    reason = "a build script reads its environment, writes where Cargo says, and runs the compiler"
)]

use std::env;
use std::error::Error;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// The standard library asks for these shared ones by name; a linker script of that name stands for the static one.
const SHARED: [(&str, &str); 3] =
    [("libc.so", "INPUT(-l:libc.a)"), ("libm.so", "INPUT(-l:libm.a)"), ("libgcc_s.so", "INPUT(-l:libgcc_eh.a)")];

/// Uses what is easily linked and then fails: unwinding, a thread, arithmetic, the names of hosts.
const TRIAL: &str = r#"
fn main() {
    let caught = std::panic::catch_unwind(|| std::thread::spawn(|| panic!("seen")).join().unwrap());
    let number = std::env::args().count() as f64;
    let host = std::net::ToSocketAddrs::to_socket_addrs(&("localhost", 1)).is_ok();
    std::process::exit(if caught.is_err() && number.powf(0.5) == 1.0 && host { 0 } else { 1 });
}
"#;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let is = |variable: &str, value: &str| env::var_os(variable).is_some_and(|v| v == value);
    let is_native = env::var_os("HOST") == env::var_os("TARGET");
    if !is_native || !is("CARGO_CFG_TARGET_OS", "linux") || !is("CARGO_CFG_TARGET_ENV", "gnu") {
        return Ok(());
    }
    let out = env::var_os("OUT_DIR").ok_or("Cargo sets OUT_DIR")?;
    let directory = Path::new(&out).join("static");
    fs::create_dir_all(&directory)?;
    for (name, script) in SHARED {
        fs::write(directory.join(name), script)?;
    }
    let arguments = [joined("-L", directory.as_os_str()), "-static".into(), "-no-pie".into()];
    if works(Path::new(&out), &arguments)? {
        for argument in &arguments {
            let argument = argument.to_str().ok_or("OUT_DIR is not UTF-8")?;
            println!("cargo::rustc-link-arg-bins={argument}");
            // A bench asks as a process of its own what a hook asks, and must begin as fast.
            println!("cargo::rustc-link-arg-benches={argument}");
        }
    }
    Ok(())
}

/// Whether a program that is linked like this runs.
fn works(out: &Path, arguments: &[OsString]) -> Result<bool, Box<dyn Error>> {
    let (source, program) = (out.join("trial.rs"), out.join("trial"));
    fs::write(&source, TRIAL)?;
    let mut rustc = Command::new(env::var_os("RUSTC").ok_or("Cargo sets RUSTC")?);
    rustc.args(["--edition", "2021"]).arg(&source).arg("-o").arg(&program);
    if let Some(linker) = env::var_os("RUSTC_LINKER") {
        rustc.arg("-C").arg(joined("linker=", &linker));
    }
    if let Ok(flags) = env::var("CARGO_ENCODED_RUSTFLAGS") {
        rustc.args(flags.split('\x1f').filter(|flag| !flag.is_empty()));
    }
    for argument in arguments {
        rustc.arg("-C").arg(joined("link-arg=", argument));
    }
    let quiet = |mut command: Command| {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|s| s.success())
    };
    Ok(quiet(rustc) && quiet(Command::new(program)))
}

fn joined(first: &str, second: &OsStr) -> OsString {
    let mut both = OsString::from(first);
    both.push(second);
    both
}
