//! The work tree as it stands beside the index. Nothing here writes either.

use super::tree::{Entry, Mode};
use super::{ObjectId, Repository};
use crate::failure::{Context, Failure};
use bstr::{BStr, BString, ByteSlice};
use std::collections::BTreeMap;

/// How a part of the work tree differs from the index.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    /// Tracked paths whose content, kind or mode differs, that are gone, or whose changes git was told not to look for.
    pub changed: Vec<BString>,
    /// Paths that are neither tracked nor ignored; a directory stands for all that is in it.
    pub untracked: Vec<BString>,
}

impl Difference {
    /// Whether the part of the work tree holds just what is staged, and what is ignored.
    pub fn is_empty(&self) -> bool {
        self.changed.is_empty() && self.untracked.is_empty()
    }
}

/// An entry flagged "assume unchanged": git does not look at the file.
const ASSUME_VALID: u16 = 1 << 15;
/// An entry outside a sparse checkout.
const SKIP_WORKTREE: u16 = 1 << 14;

impl Repository {
    /// How the parts of the work tree at `places` (files or directories from the root; `""` is the root) differ from the index.
    ///
    /// # Errors
    /// The work tree can't be read: kind `Missing`.
    pub fn difference(&self, places: &[BString]) -> Result<Difference, Failure> {
        let doing = || "can't compare the work tree with the index".to_owned();
        let repo = self.inner().or_missing(doing)?;
        let index = repo.index().or_missing(doing)?;
        let mut difference = Difference::default();
        for entry in index.iter() {
            let unseen = entry.flags & ASSUME_VALID != 0 || entry.flags_extended & SKIP_WORKTREE != 0;
            if unseen && places.iter().any(|p| is_at_or_below(entry.path.as_bstr(), p.as_bstr())) {
                difference.changed.push(entry.path.into());
            }
        }
        let mut options = git2::DiffOptions::new();
        options.include_untracked(true).include_typechange(true).disable_pathspec_match(true);
        for place in places.iter().filter(|p| !p.is_empty()) {
            options.pathspec(place.as_slice());
        }
        let diff = repo.diff_index_to_workdir(Some(&index), Some(&mut options)).or_missing(doing)?;
        for delta in diff.deltas() {
            let file = if delta.new_file().path_bytes().is_some() { delta.new_file() } else { delta.old_file() };
            let path = BString::from(file.path_bytes().unwrap_or_default());
            match delta.status() {
                git2::Delta::Unmodified | git2::Delta::Ignored => {}
                git2::Delta::Untracked => difference.untracked.push(path),
                _ => difference.changed.push(path),
            }
        }
        Ok(difference)
    }

    /// What the index would hold after `git add --all`: every tracked or unignored file of the work tree, sorted by path. Neither the
    /// index nor the object store is written.
    ///
    /// # Errors
    /// A file can't be read: kind `Missing`.
    pub fn work_tree_entries(&self) -> Result<Vec<Entry>, Failure> {
        let doing = || "can't read the work tree".to_owned();
        let difference = {
            let mut options = git2::DiffOptions::new();
            options.include_untracked(true).recurse_untracked_dirs(true).include_typechange(true);
            let mut changed = Vec::new();
            let repo = self.inner().or_missing(doing)?;
            let diff = repo.diff_index_to_workdir(None, Some(&mut options)).or_missing(doing)?;
            for delta in diff.deltas() {
                changed.extend(
                    [delta.new_file().path_bytes(), delta.old_file().path_bytes()]
                        .into_iter()
                        .flatten()
                        .map(BString::from),
                );
            }
            changed
        };
        let mut entries: BTreeMap<BString, Entry> =
            self.staged()?.entries.into_iter().map(|e| (e.path.clone(), e)).collect();
        let aside = Aside::new(self)?;
        for path in difference {
            entries.remove(&path);
            if let Some(entry) = aside.entry(path.as_bstr())? {
                entries.insert(path, entry);
            }
        }
        Ok(entries.into_values().collect())
    }

    /// Whether the file at `path` of the work tree is what a checkout of the blob `id` gives, as far as the index knows.
    pub fn work_file_is(&self, path: &BStr, id: ObjectId) -> bool {
        let Ok(at) = path.to_path() else { return false };
        let staged = self.inner().and_then(git2::Repository::index).ok().and_then(|index| index.get_path(at, 0));
        staged.is_some_and(|e| e.id == id.raw()) && self.difference(&[path.to_owned()]).is_ok_and(|d| d.is_empty())
    }

    /// Whether the submodule at `path` of the work tree has `commit` checked out and nothing else in it.
    pub fn submodule_is_clean(&self, path: &BStr, commit: ObjectId) -> bool {
        let Some(at) = self.work_tree().and_then(|top| Some(top.join(path.to_path().ok()?))) else { return false };
        let Ok(module) = git2::Repository::open(at) else { return false };
        let head = module.head().ok().and_then(|h| h.target());
        let mut options = git2::StatusOptions::new();
        options.include_untracked(true);
        let clean = module.statuses(Some(&mut options)).is_ok_and(|s| s.is_empty());
        head == Some(commit.raw()) && clean
    }
}

pub(super) fn is_at_or_below(path: &BStr, place: &BStr) -> bool {
    place.is_empty() || path.strip_prefix(place.as_bytes()).is_some_and(|rest| rest.is_empty() || rest[0] == b'/')
}

/// The repository opened a second time, with an index and an object store that live in memory only: what is added there is hashed
/// as `git add` would, and leaves no trace.
struct Aside {
    inner: git2::Repository,
}

impl Aside {
    fn new(repo: &Repository) -> Result<Aside, Failure> {
        let doing = || "can't read the work tree".to_owned();
        let inner = git2::Repository::open(repo.needs_work_tree()?).or_missing(doing)?;
        inner.odb().and_then(|odb| odb.add_new_mempack_backend(1000).map(|_| ())).or_missing(doing)?;
        let mut index = git2::Index::new().or_missing(doing)?;
        inner.set_index(&mut index).or_missing(doing)?;
        Ok(Aside { inner })
    }

    /// The entry of a file, link or submodule of the work tree; none where there is none.
    fn entry(&self, path: &BStr) -> Result<Option<Entry>, Failure> {
        let doing = || format!("can't read {path} in the work tree");
        let relative = path.to_path().or_missing(doing)?;
        let there = self.inner.workdir().and_then(|top| std::fs::symlink_metadata(top.join(relative)).ok());
        if there.is_none() {
            return Ok(None);
        }
        let mut index = self.inner.index().or_missing(doing)?;
        if index.add_path(relative).is_err() {
            // A socket, a directory with a repository that has no commit: nothing that git could add.
            return Ok(None);
        }
        let found = index.get_path(relative, 0);
        Ok(found.and_then(|e| Some(Entry { path: path.to_owned(), mode: Mode::from_bits(e.mode)?, id: e.id.into() })))
    }
}
