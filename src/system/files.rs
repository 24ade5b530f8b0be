//! Files: the only place that writes. People's files change through a [`Plan`]; mastery's own state through [`replace`].
//!
//! A file is replaced whole or not at all: the new bytes are written aside in the same directory, synced, and renamed over it.

mod lock;
mod whole;

pub use lock::{Lock, lock, try_lock};
pub use whole::{Finished, finish};
pub mod own;

use super::env::Env;
use crate::failure::{Context, Failure};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// One change to a file that a person may own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A file that must not exist yet.
    Create {
        /// Where.
        path: PathBuf,
        /// What it will hold.
        bytes: Vec<u8>,
        /// Whether it may be executed.
        executable: bool,
    },
    /// A file that must still hold `old`.
    Replace {
        /// Where.
        path: PathBuf,
        /// What it held when the plan was made.
        old: Vec<u8>,
        /// What it will hold.
        new: Vec<u8>,
    },
    /// A file to be moved to a name that must not exist yet; its bytes and mode stay.
    Move {
        /// From where.
        from: PathBuf,
        /// To where.
        to: PathBuf,
    },
    /// A file that must still hold `old`, to be removed.
    Remove {
        /// Where.
        path: PathBuf,
        /// What it held when the plan was made.
        old: Vec<u8>,
    },
    /// A directory to be made, with its parents.
    Directory {
        /// Where.
        path: PathBuf,
    },
    /// A directory that is empty by then, to be removed.
    RemoveDirectory {
        /// Where.
        path: PathBuf,
    },
    /// Nothing to do, and why: shown so that the reader knows it was looked at.
    Keep {
        /// Where.
        path: PathBuf,
        /// Why it stays.
        why: String,
    },
}

impl Change {
    /// The path that it is about (of a move, where it goes).
    pub fn path(&self) -> &Path {
        match self {
            Change::Create { path, .. }
            | Change::Replace { path, .. }
            | Change::Remove { path, .. }
            | Change::Directory { path }
            | Change::RemoveDirectory { path }
            | Change::Keep { path, .. }
            | Change::Move { to: path, .. } => path,
        }
    }

    /// Whether applying it writes anything.
    pub fn writes(&self) -> bool {
        !matches!(self, Change::Keep { .. })
    }
}

/// What a command is about to write: shown by `--dry-run`, done by [`Plan::apply`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// The changes, in the order in which they are done.
    pub changes: Vec<Change>,
}

impl Plan {
    /// Whether there is anything to write.
    pub fn is_empty(&self) -> bool {
        !self.changes.iter().any(Change::writes)
    }

    /// Does every change, after looking that each one still can be done.
    ///
    /// # Errors
    /// A file is there that should not be, is gone, or holds something else than when the plan was made (kind `Verdict`:
    /// nothing is written); or the disk refuses (kind `Missing`: the changes before it stand).
    pub fn apply(&self) -> Result<(), Failure> {
        for (n, change) in self.changes.iter().enumerate() {
            check(change, &self.changes[..n])?;
        }
        self.changes.iter().try_for_each(apply)
    }
}

fn check(change: &Change, before: &[Change]) -> Result<(), Failure> {
    let vacated = |path: &Path| {
        before.iter().any(|change| match change {
            Change::Move { from, .. } => from == path,
            Change::Remove { path: removed, .. } => removed == path,
            _ => false,
        })
    };
    match change {
        Change::Create { path, .. } | Change::Move { to: path, .. }
            if fs::symlink_metadata(path).is_ok() && !vacated(path) =>
        {
            Err(Failure::verdict(format!("{} exists already; nothing was written", path.display())))
        }
        Change::Replace { path, old, .. } | Change::Remove { path, old } if read(path)?.as_deref() != Some(old) => {
            Err(Failure::verdict(format!("{} was changed meanwhile; nothing was written", path.display()))
                .hint("run the command again"))
        }
        _ => Ok(()),
    }
}

fn apply(change: &Change) -> Result<(), Failure> {
    match change {
        Change::Create { path, bytes, executable } => create(path, bytes, *executable),
        Change::Replace { path, new, .. } => replace(path, new),
        Change::Move { from, to } => move_file(from, to),
        Change::Remove { path, .. } => remove(path),
        Change::Directory { path } => make_directory(path),
        Change::RemoveDirectory { path } => remove_empty(path),
        Change::Keep { .. } => Ok(()),
    }
}

/// The bytes of the file at `path`; none where there is no such file.
///
/// # Errors
/// It is there and can't be read.
pub fn read(path: &Path) -> Result<Option<Vec<u8>>, Failure> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
        Err(e) => Err(Failure::missing(format!("can't read {}", path.display())).because(e)),
    }
}

/// Makes `path` and its parents.
///
/// # Errors
/// The system refuses.
#[expect(clippy::disallowed_methods, reason = "this is the door")]
pub fn make_directory(path: &Path) -> Result<(), Failure> {
    fs::create_dir_all(path).or_missing(|| format!("can't make the directory {}", path.display()))
}

/// Writes a file that must not exist yet; its parents are made. Two processes that try at once: one of them fails.
///
/// # Errors
/// It exists already (kind `Verdict`), or the disk refuses (kind `Missing`).
pub fn create(path: &Path, bytes: &[u8], executable: bool) -> Result<(), Failure> {
    let temporary = write_aside(path, bytes, if executable { 0o777 } else { 0o666 })?;
    match temporary.persist_noclobber(path) {
        Ok(_) => {
            sync_parent(path);
            Ok(())
        }
        Err(e) if e.error.kind() == io::ErrorKind::AlreadyExists => {
            Err(Failure::verdict(format!("{} exists already; it was not touched", path.display())))
        }
        Err(e) => Err(Failure::missing(format!("can't write {}", path.display())).because(e.error)),
    }
}

/// Replaces the file at `path` whole, keeping its mode where it has one; its parents are made. A symbolic link at `path` is
/// followed, so that the file that a person linked to is the one that changes.
///
/// # Errors
/// The disk refuses; the old file then stands as it was.
#[expect(clippy::disallowed_methods, reason = "this is the door")]
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let temporary = write_aside(&target, bytes, 0o666)?;
    if let Ok(metadata) = fs::metadata(&target) {
        fs::set_permissions(temporary.path(), metadata.permissions())
            .or_missing(|| format!("can't keep the mode of {}", path.display()))?;
    }
    temporary.persist(&target).map_err(|e| e.error).or_missing(|| format!("can't write {}", path.display()))?;
    sync_parent(&target);
    Ok(())
}

/// Moves a file to a name that must not exist yet.
///
/// # Errors
/// The name is taken, or the system refuses.
#[expect(clippy::disallowed_methods, reason = "this is the door")]
pub fn move_file(from: &Path, to: &Path) -> Result<(), Failure> {
    if fs::symlink_metadata(to).is_ok() {
        return Err(Failure::verdict(format!("{} exists already; {} was not moved", to.display(), from.display())));
    }
    fs::rename(from, to).or_missing(|| format!("can't move {} to {}", from.display(), to.display()))?;
    sync_parent(to);
    Ok(())
}

/// Removes a file; one that is gone already is fine.
///
/// # Errors
/// The system refuses.
#[expect(clippy::disallowed_methods, reason = "this is the door")]
pub fn remove(path: &Path) -> Result<(), Failure> {
    match fs::remove_file(path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => {
            Err(Failure::missing(format!("can't remove {}", path.display())).because(e))
        }
        _ => Ok(()),
    }
}

/// Removes a directory; one that is gone already, or that somebody put something into, is fine.
fn remove_empty(path: &Path) -> Result<(), Failure> {
    use io::ErrorKind::{DirectoryNotEmpty, NotFound};
    match fs::remove_dir(path) {
        Err(e) if !matches!(e.kind(), NotFound | DirectoryNotEmpty) => {
            Err(Failure::missing(format!("can't remove {}", path.display())).because(e))
        }
        _ => Ok(()),
    }
}

/// Removes a directory of mastery's own with all that is in it; one that is gone already is fine. Links are not followed.
///
/// # Errors
/// The system refuses.
#[expect(clippy::disallowed_methods, reason = "this is the door")]
pub fn remove_directory(path: &Path) -> Result<(), Failure> {
    match fs::remove_dir_all(path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => {
            Err(Failure::missing(format!("can't remove {}", path.display())).because(e))
        }
        _ => Ok(()),
    }
}

/// A new directory below the system's temporary one, for nobody else to read; it goes when the value is dropped.
///
/// # Errors
/// The system refuses.
pub fn temporary_directory(env: &Env, prefix: &str) -> Result<tempfile::TempDir, Failure> {
    let parent = temporary(env);
    tempfile::Builder::new()
        .prefix(prefix)
        .tempdir_in(&parent)
        .or_missing(|| format!("can't make a temporary directory in {}", parent.display()))
        .map_err(|f| f.hint("TMPDIR names the directory for it"))
}

/// A file without a name, gone when it is closed.
///
/// # Errors
/// The system refuses.
pub fn temporary_file(env: &Env) -> Result<fs::File, Failure> {
    let parent = temporary(env);
    tempfile::tempfile_in(&parent)
        .or_missing(|| format!("can't make a temporary file in {}", parent.display()))
        .map_err(|f| f.hint("TMPDIR names the directory for it"))
}

/// The system's directory for temporary files, with links followed: programs name it so in what they say.
fn temporary(env: &Env) -> PathBuf {
    let named = env.get("TMPDIR").map_or_else(|| PathBuf::from("/tmp"), PathBuf::from);
    named.canonicalize().unwrap_or(named)
}

/// How the names of temporary files begin.
pub const TEMPORARY: &str = ".mastery-";

/// The new bytes in a temporary file beside `path`, synced, with the mode that `umask` leaves of `mode`.
fn write_aside(path: &Path, bytes: &[u8], mode: u32) -> Result<NamedTempFile, Failure> {
    use std::os::unix::fs::PermissionsExt;
    let doing = || format!("can't write {}", path.display());
    let directory = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    make_directory(directory)?;
    let mut temporary = tempfile::Builder::new()
        .prefix(TEMPORARY)
        .permissions(fs::Permissions::from_mode(mode))
        .tempfile_in(directory)
        .or_missing(doing)?;
    temporary.write_all(bytes).and_then(|()| temporary.as_file().sync_all()).or_missing(doing)?;
    Ok(temporary)
}

/// Makes a rename in `path`'s directory durable; where the file system can't, the rename stands all the same.
fn sync_parent(path: &Path) {
    if let Some(directory) = path.parent().and_then(|p| fs::File::open(p).ok()) {
        let _ = directory.sync_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_writes_nothing_where_one_change_cannot_be_done() {
        let home = tempfile::tempdir().unwrap();
        let (fresh, taken) = (home.path().join("fresh"), home.path().join("taken"));
        create(&taken, b"mine", false).unwrap();
        let change = |path: &Path| Change::Create { path: path.to_owned(), bytes: b"new".to_vec(), executable: false };
        let plan = Plan { changes: vec![change(&fresh), change(&taken)] };
        assert!(plan.apply().unwrap_err().message.contains("exists already"));
        assert_eq!((read(&fresh).unwrap(), read(&taken).unwrap()), (None, Some(b"mine".to_vec())));
    }

    #[test]
    fn an_edit_made_meanwhile_is_not_overwritten() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("notes.md");
        create(&path, b"theirs", false).unwrap();
        let plan =
            Plan { changes: vec![Change::Replace { path: path.clone(), old: b"old".to_vec(), new: b"new".to_vec() }] };
        assert!(plan.apply().is_err());
        assert_eq!(read(&path).unwrap().unwrap(), b"theirs");
    }
}
