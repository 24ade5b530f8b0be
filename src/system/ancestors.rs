//! The processes above this one: what git was called with, which it tells a hook nothing of.

use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::process::parent_id;

/// The command lines of our parent, its parent, and so on, nearest first; empty where the system has no `/proc`.
pub fn command_lines() -> Vec<Vec<OsString>> {
    /// Shells and hook managers may stand between git and us, but not many.
    const GENERATIONS: usize = 16;
    let mut lines = Vec::new();
    let mut process = parent_id();
    while process > 1 && lines.len() < GENERATIONS {
        let Ok(bytes) = fs::read(format!("/proc/{process}/cmdline")) else { break };
        let words = bytes.strip_suffix(b"\0").unwrap_or(&bytes).split(|b| *b == 0);
        lines.push(words.map(|word| OsString::from_vec(word.to_vec())).collect());
        let Some(above) = parent_of(process) else { break };
        process = above;
    }
    lines
}

/// `/proc/PID/stat` is `PID (NAME) STATE PARENT …`, and NAME may hold anything.
fn parent_of(process: u32) -> Option<u32> {
    let stat = fs::read(format!("/proc/{process}/stat")).ok()?;
    let behind = stat.iter().rposition(|b| *b == b')')?;
    String::from_utf8_lossy(&stat[behind + 1..]).split_whitespace().nth(1)?.parse().ok()
}
