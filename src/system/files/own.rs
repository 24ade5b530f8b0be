//! Files of mastery's own in the cache directory: logs, and the contents of snapshots.

use crate::failure::{Context, Failure};
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, SystemTime};

/// An empty file at `path`, opened for writing; its parents are made.
///
/// # Errors
/// The disk refuses.
#[expect(clippy::disallowed_methods, reason = "this is the door")]
pub fn start(path: &Path) -> Result<File, Failure> {
    if let Some(directory) = path.parent() {
        super::make_directory(directory)?;
    }
    File::create(path).or_missing(|| format!("can't write {}", path.display()))
}

/// Puts a file with these bytes and mode at `path`, whatever file or link is there; its directory exists. The bytes go to a new
/// file that is renamed, so that no link at `path` is followed. Its modification time, which is returned, is now, but at least a
/// second later than `after`: caches compare whole seconds.
///
/// # Errors
/// The disk refuses.
#[expect(clippy::disallowed_methods, reason = "this is the door")]
pub fn put(path: &Path, bytes: &[u8], executable: bool, after: SystemTime) -> io::Result<SystemTime> {
    use std::os::unix::fs::PermissionsExt;
    let directory = path.parent().unwrap_or(Path::new("."));
    let mode = if executable { 0o777 } else { 0o666 };
    let mut temporary = tempfile::Builder::new()
        .prefix(super::TEMPORARY)
        .permissions(fs::Permissions::from_mode(mode))
        .tempfile_in(directory)?;
    temporary.write_all(bytes)?;
    let now = temporary.as_file().metadata()?.modified()?;
    let later = after.checked_add(Duration::from_secs(1)).filter(|t| *t > now);
    if let Some(later) = later {
        temporary.as_file().set_modified(later)?;
    }
    if fs::symlink_metadata(path).is_ok_and(|m| m.is_dir()) {
        fs::remove_dir_all(path)?;
    }
    temporary.persist(path).map_err(|e| e.error)?;
    Ok(later.unwrap_or(now))
}

/// Puts `bytes` at `path`, unless the disk refuses: what can be made again need not be synced. Its directory is made.
///
/// # Errors
/// The disk refuses.
pub fn remember(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    if let Some(directory) = path.parent() {
        super::make_directory(directory)?;
    }
    put(path, bytes, false, SystemTime::UNIX_EPOCH).or_missing(|| format!("can't write {}", path.display()))?;
    Ok(())
}

/// Writes over what a file of mastery's own begins with, in one go, and makes the file (and its directory) where `make` says so. It is
/// for a few bytes, always as many, of which no damage could do harm: to put a new file in an old one's place takes several times as
/// long.
///
/// # Errors
/// The disk refuses, or there is no such file and none is to be made.
#[expect(clippy::disallowed_methods, reason = "this is the door")]
pub fn overwrite(path: &Path, bytes: &[u8], make: bool) -> io::Result<()> {
    let open = || File::options().write(true).create(make).truncate(false).open(path);
    let mut file = match open() {
        Err(e) if make && e.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
            open()?
        }
        file => file?,
    };
    file.write_all(bytes)
}

/// A checksum against damage, not against people.
pub fn checksum(bytes: &[u8]) -> u32 {
    libdeflater::crc32(bytes)
}

/// Puts a symbolic link at `path`, whatever is there; its directory exists.
///
/// # Errors
/// The disk refuses.
pub fn link(path: &Path, target: &OsStr) -> io::Result<()> {
    remove_whatever(path)?;
    std::os::unix::fs::symlink(target, path)
}

/// Makes one directory; its parent exists. A file or link in its place goes first.
///
/// # Errors
/// The disk refuses.
pub fn directory(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => Ok(()),
        Ok(_) => remove_whatever(path).and_then(|()| fs::create_dir(path)),
        Err(_) => fs::create_dir(path),
    }
}

/// Removes what is at `path`: a file, a link (not what it points to), a directory with all that is in it. Nothing there is fine.
///
/// # Errors
/// The disk refuses.
#[expect(clippy::disallowed_methods, reason = "this is the door")]
pub fn remove_whatever(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => {
            make_removable(path);
            fs::remove_dir_all(path)
        }
        Ok(_) => fs::remove_file(path),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(e) => Err(e),
    }
}

/// Suites leave directories without the right to write in them (Go's module cache does): such a one could not be removed.
#[expect(clippy::disallowed_methods, reason = "this is the door")]
fn make_removable(directory: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let Ok(metadata) = fs::symlink_metadata(directory) else { return };
    if metadata.permissions().mode() & 0o700 != 0o700 {
        let _ = fs::set_permissions(directory, fs::Permissions::from_mode(0o755));
    }
    for item in fs::read_dir(directory).into_iter().flatten().flatten() {
        if item.file_type().is_ok_and(|t| t.is_dir()) {
            make_removable(&item.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_replaced_and_what_it_points_to_is_left_alone() {
        let home = tempfile::tempdir().unwrap();
        let (link_path, outside) = (home.path().join("link"), home.path().join("outside"));
        put(&outside, b"mine", false, SystemTime::UNIX_EPOCH).unwrap();
        link(&link_path, outside.as_os_str()).unwrap();
        put(&link_path, b"new", true, SystemTime::UNIX_EPOCH).unwrap();
        assert_eq!(fs::read(&outside).unwrap(), b"mine");
        assert!(fs::symlink_metadata(&link_path).unwrap().is_file());
    }
}
