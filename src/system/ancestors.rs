//! The processes above this one: what git was called with, which it tells a hook nothing of.

use std::ffi::OsString;
use std::fs;
use std::iter;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::parent_id;

/// The process that started this one.
pub fn parent() -> u32 {
    parent_id()
}

/// The command lines of our parent, its parent, and so on, nearest first, each read when it is asked for; none where the system has
/// no `/proc`.
pub fn command_lines() -> impl Iterator<Item = Vec<OsString>> {
    /// Shells and hook managers may stand between git and us, but not many.
    const GENERATIONS: usize = 16;
    processes().take(GENERATIONS).map_while(|process| {
        let bytes = fs::read(format!("/proc/{process}/cmdline")).ok()?;
        let words = bytes.strip_suffix(b"\0").unwrap_or(&bytes).split(|b| *b == 0);
        Some(words.map(|word| OsString::from_vec(word.to_vec())).collect())
    })
}

/// Whether `process` is above this one, with no git between, and runs the same binary. Where the system has no `/proc`, it is taken at
/// its word.
pub fn is_ours(process: u32) -> bool {
    let binary = |process: &str| fs::metadata(format!("/proc/{process}/exe")).map(|about| (about.dev(), about.ino()));
    match binary("self") {
        Ok(own) => {
            let mut above = processes().take_while(|above| !is_git(*above));
            above.any(|above| above == process) && binary(&process.to_string()).is_ok_and(|it| it == own)
        }
        Err(_) => true,
    }
}

/// Whether a process is git: what it runs belongs to a commit of its own.
fn is_git(process: u32) -> bool {
    fs::read_link(format!("/proc/{process}/exe")).is_ok_and(|exe| exe.file_name().is_some_and(|name| name == "git"))
}

/// Our parent, its parent, and so on, without the first of all.
fn processes() -> impl Iterator<Item = u32> {
    let mut last = None;
    iter::from_fn(move || {
        last = Some(last.map_or_else(|| Some(parent_id()), parent_of)?);
        last.filter(|process| *process > 1)
    })
}

/// `/proc/PID/stat` is `PID (NAME) STATE PARENT …`, and NAME may hold anything.
fn parent_of(process: u32) -> Option<u32> {
    let stat = fs::read(format!("/proc/{process}/stat")).ok()?;
    let behind = stat.iter().rposition(|b| *b == b')')?;
    String::from_utf8_lossy(&stat[behind + 1..]).split_whitespace().nth(1)?.parse().ok()
}
