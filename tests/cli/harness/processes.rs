//! The processes of a sandbox, and signals to them.

use super::Sandbox;
use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The processes of this sandbox, by what their environment holds: all of them, however detached.
pub fn processes(sandbox: &Sandbox) -> Vec<(i32, String)> {
    let mark = format!("TMPDIR={}", sandbox.root().display());
    let mut found = Vec::new();
    for item in fs::read_dir("/proc").unwrap().flatten() {
        let Some(pid) = item.file_name().to_str().and_then(|n| n.parse::<i32>().ok()) else { continue };
        let environment = fs::read(item.path().join("environ")).unwrap_or_default();
        if environment.split(|b| *b == 0).any(|v| v == mark.as_bytes()) {
            let command = fs::read(item.path().join("cmdline")).unwrap_or_default();
            found.push((pid, String::from_utf8_lossy(&command).replace('\0', " ")));
        }
    }
    found
}

/// Waits until `done`, for half a minute at most.
#[track_caller]
pub fn until(what: &str, mut done: impl FnMut() -> bool) {
    let started = Instant::now();
    while !done() {
        assert!(started.elapsed() < Duration::from_secs(30), "{what} took too long");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Waits until no process of the sandbox is left.
#[track_caller]
pub fn nothing_runs(sandbox: &Sandbox) {
    let started = Instant::now();
    while !processes(sandbox).is_empty() {
        assert!(started.elapsed() < Duration::from_secs(30), "still running: {:?}", processes(sandbox));
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Sends the signal of this name to a process, or to a group where the number is negative.
pub fn signal(name: &str, target: i64) {
    let status =
        Command::new("kill").args([&format!("-{name}"), "--", &target.to_string()]).stderr(Stdio::null()).status();
    status.unwrap();
}
