//! Locks between processes: held as long as the value lives, gone with the process however it ends.

use super::make_directory;
use crate::failure::{Context, Failure};
use crate::system::interrupt::Interrupt;
use std::fs;
use std::path::Path;
use std::time::Duration;

/// How long to wait before asking again.
const PAUSE: Duration = Duration::from_millis(5);

/// A lock that is held.
#[derive(Debug)]
pub struct Lock {
    _file: fs::File,
}

/// Waits for the lock that the file at `path` stands for, and takes it. The file and its directory are made; a directory can stand
/// for a lock too, and gets no file.
///
/// # Errors
/// The file can't be made or locked (kind `Missing`), or a signal arrived while waiting.
pub fn lock(path: &Path, interrupt: &Interrupt) -> Result<Lock, Failure> {
    loop {
        if let Some(lock) = try_lock(path)? {
            return Ok(lock);
        }
        std::thread::sleep(PAUSE);
        if let Some(signal) = interrupt.signal() {
            return Err(Failure::interrupted(signal));
        }
    }
}

/// As [`lock`], without waiting: none where another process holds it.
///
/// # Errors
/// The file can't be made or locked: kind `Missing`.
#[expect(clippy::disallowed_methods, reason = "this is the door")]
pub fn try_lock(path: &Path) -> Result<Option<Lock>, Failure> {
    let doing = || format!("can't lock {}", path.display());
    let file = if path.is_dir() {
        fs::File::open(path).or_missing(doing)?
    } else {
        path.parent().map_or(Ok(()), make_directory)?;
        fs::OpenOptions::new().write(true).create(true).truncate(false).open(path).or_missing(doing)?
    };
    match file.try_lock() {
        Ok(()) => Ok(Some(Lock { _file: file })),
        Err(fs::TryLockError::WouldBlock) => Ok(None),
        Err(fs::TryLockError::Error(e)) => Err(Failure::missing(doing()).because(e)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_held_by_one_and_freed_when_dropped() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("a/lock");
        let held = try_lock(&path).unwrap();
        assert!(held.is_some());
        assert!(try_lock(&path).unwrap().is_none());
        drop(held);
        assert!(try_lock(&path).unwrap().is_some());
    }
}
