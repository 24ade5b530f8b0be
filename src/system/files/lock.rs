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
#[expect(clippy::disallowed_methods, reason = "this is the door")]
pub fn lock(path: &Path, interrupt: &Interrupt) -> Result<Lock, Failure> {
    let doing = || format!("can't lock {}", path.display());
    let file = if path.is_dir() {
        fs::File::open(path).or_missing(doing)?
    } else {
        path.parent().map_or(Ok(()), make_directory)?;
        fs::OpenOptions::new().write(true).create(true).truncate(false).open(path).or_missing(doing)?
    };
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Lock { _file: file }),
            Err(fs::TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
            Err(fs::TryLockError::Error(e)) => return Err(Failure::missing(doing()).because(e)),
        }
        if let Some(signal) = interrupt.signal() {
            return Err(Failure::interrupted(signal));
        }
    }
}
