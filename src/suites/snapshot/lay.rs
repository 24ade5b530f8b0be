//! Laying content out in a snapshot by difference: leftovers go, what is there already stays, the rest is written.

use super::kept::{Kept, Laid};
use super::{Content, Trouble};
use crate::failure::{Context, Failure};
use crate::git::{Conversion, Entry, Mode};
use crate::history::layout::is_below;
use crate::system::files::own;
use bstr::{BStr, BString, ByteSlice};
use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// A snapshot that is being brought to a state.
pub(super) struct Lay<'a> {
    root: &'a Path,
    content: Content<'a>,
    kept: Kept,
    latest: SystemTime,
    /// Directories below the root that have been seen to be real ones.
    sound: HashSet<PathBuf>,
}

/// Brings the directory `root` to hold just `entries`, what `borrowed` names, and caches. `kept` is what was laid out before; what
/// stands there now is returned.
pub(super) fn out(
    root: &Path,
    content: Content<'_>,
    entries: &[Entry],
    kept: Kept,
    borrowed: &[BString],
) -> Result<Result<Kept, Trouble>, Failure> {
    if let Some(entry) = entries.iter().find(|e| !is_safe(e.path.as_bstr())) {
        return Err(Failure::missing(format!(
            "{} is no path that git would write; the index or tree is broken",
            entry.path
        )));
    }
    let latest = kept.latest();
    let mut lay = Lay { root, content, kept, latest, sound: HashSet::new() };
    let wanted: HashMap<&BStr, &Entry> = entries.iter().map(|e| (e.path.as_bstr(), e)).collect();
    let mut directories: HashSet<&BStr> = HashSet::new();
    for entry in entries {
        let mut rest = entry.path.as_bstr();
        while let Some(slash) = rest.rfind_byte(b'/') {
            rest = rest[..slash].as_bstr();
            if !directories.insert(rest) {
                break;
            }
        }
    }
    let stays = Stays { wanted: &wanted, directories: &directories, borrowed };
    clear(root, BStr::new(""), &stays).or_missing(|| format!("can't clear the snapshot {}", root.display()))?;
    let attributes = content.repo.attributes(content.entries)?;
    let mut files = HashMap::with_capacity(entries.len());
    for entry in entries {
        match lay.entry(entry, &attributes.of(entry.path.as_bstr()))? {
            Ok(laid) => files.insert(entry.path.clone(), laid),
            Err(trouble) => return Ok(Err(trouble)),
        };
    }
    Ok(Ok(Kept { files }))
}

/// Whether a path stays below the root it is joined to, and is none of git's own.
fn is_safe(path: &BStr) -> bool {
    path.split_str("/")
        .all(|part| !matches!(part, b"" | b"." | b"..") && !part.eq_ignore_ascii_case(b".git") && !part.contains(&0))
}

/// What must not be removed.
struct Stays<'a> {
    wanted: &'a HashMap<&'a BStr, &'a Entry>,
    directories: &'a HashSet<&'a BStr>,
    borrowed: &'a [BString],
}

/// Removes leftovers below `at`, a directory that stays.
fn clear(root: &Path, at: &BStr, stays: &Stays<'_>) -> std::io::Result<()> {
    let directory = root.join(OsStr::from_bytes(at));
    for item in fs::read_dir(&directory)? {
        let item = item?;
        let path = crate::history::layout::join(at, item.file_name().as_bytes());
        let is_directory = item.file_type()?.is_dir();
        if stays.borrowed.contains(&path) {
            continue;
        }
        if is_directory && stays.directories.contains(path.as_bstr()) {
            clear(root, path.as_bstr(), stays)?;
        } else if is_directory && is_cache(&item.path(), at, stays) {
            // A directory that a tool marks as a cache is looked at by that tool alone, which tells old from new by time.
        } else if is_directory && stays.borrowed.iter().any(|b| is_below(b.as_bstr(), path.as_bstr())) {
            clear(root, path.as_bstr(), stays)?;
        } else if is_directory || !stays.wanted.contains_key(path.as_bstr()) {
            own::remove_whatever(&item.path())?;
        }
    }
    Ok(())
}

/// Bytecode beside the sources that it was made from, and directories that bear the tag of a cache (<https://bford.info/cachedir/>).
fn is_cache(path: &Path, parent: &BStr, stays: &Stays<'_>) -> bool {
    let holds_sources = || stays.wanted.keys().any(|w| is_below(w, parent));
    let bytecode = path.file_name() == Some(OsStr::new("__pycache__")) && holds_sources();
    bytecode || fs::symlink_metadata(path.join("CACHEDIR.TAG")).is_ok_and(|m| m.is_file())
}

impl Lay<'_> {
    /// Lays out one entry, where it is not there already.
    fn entry(&mut self, entry: &Entry, conversion: &Conversion) -> Result<Result<Laid, Trouble>, Failure> {
        let path = self.root.join(OsStr::from_bytes(&entry.path));
        let doing = || format!("can't write {} in the snapshot", entry.path);
        let there = fs::symlink_metadata(&path).ok();
        let mark = conversion.mark();
        if let (Some(laid), Some(metadata)) = (self.kept.files.get(&entry.path), &there) {
            let as_laid = laid.mode == entry.mode && laid.id == entry.id && laid.mark == mark;
            let untouched = laid.size == metadata.len()
                && metadata.modified().is_ok_and(|m| m == laid.modified)
                && kind_fits(entry.mode, metadata);
            if as_laid && untouched && entry.mode != Mode::Submodule {
                return Ok(Ok(laid.clone()));
            }
        }
        self.parents(entry.path.as_bstr()).or_missing(doing)?;
        match entry.mode {
            Mode::Submodule => {
                if !self.content.repo.submodule_is_clean(entry.path.as_bstr(), entry.id) {
                    return Ok(Err(Trouble::submodule(entry)));
                }
                own::link(&path, self.content.in_work_tree(entry.path.as_bstr())?.as_os_str()).or_missing(doing)?;
            }
            Mode::Link => {
                let target = self.content.blob(entry)?;
                own::link(&path, OsStr::from_bytes(&target)).or_missing(doing)?;
            }
            Mode::File | Mode::Executable => {
                let bytes = match &conversion.external {
                    Some(filter) if !self.content.repo.work_file_is(entry.path.as_bstr(), entry.id) => {
                        return Ok(Err(Trouble::filter(entry, filter)));
                    }
                    Some(_) => {
                        let from = self.content.in_work_tree(entry.path.as_bstr())?;
                        fs::read(&from).or_missing(|| format!("can't read {}", from.display()))?
                    }
                    None => conversion.apply(self.content.blob(entry)?, entry.id),
                };
                let before = there.and_then(|m| m.modified().ok()).unwrap_or(UNIX_EPOCH);
                own::put(&path, &bytes, entry.mode == Mode::Executable, before.max(self.latest)).or_missing(doing)?;
            }
        }
        let metadata = fs::symlink_metadata(&path).or_missing(doing)?;
        let modified = metadata.modified().or_missing(doing)?;
        Ok(Ok(Laid { mode: entry.mode, id: entry.id, mark, size: metadata.len(), modified }))
    }

    /// Makes the directories above `path`, each a real one: a link in their place would lead out of the snapshot.
    fn parents(&mut self, path: &BStr) -> std::io::Result<()> {
        for slash in path.find_iter("/") {
            let directory = self.root.join(OsStr::from_bytes(&path[..slash]));
            if self.sound.contains(&directory) {
                continue;
            }
            own::directory(&directory)?;
            self.sound.insert(directory);
        }
        Ok(())
    }
}

fn kind_fits(mode: Mode, metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    match mode {
        Mode::File => metadata.is_file() && metadata.permissions().mode() & 0o100 == 0,
        Mode::Executable => metadata.is_file() && metadata.permissions().mode() & 0o100 != 0,
        Mode::Link | Mode::Submodule => metadata.is_symlink(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_leads_out_is_never_written() {
        for path in ["../x", "a/../../x", "/etc/x", "a//b", ".git/config", "a/.GIT/hooks/x", ""] {
            assert!(!is_safe(BStr::new(path)), "{path}");
        }
        assert!(is_safe(BStr::new("a/.gitignore")));
    }
}
