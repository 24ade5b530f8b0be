//! What lies in a directory on other branches, and how they relate. Nothing is fetched.

use super::{ObjectId, Repository};
use crate::failure::{Context, Failure};
use bstr::{BStr, BString, ByteSlice};
use std::collections::BTreeSet;

impl Repository {
    /// The names of the files directly in the directory `at` (from the repository's root, `""` for the root itself), on HEAD and on
    /// every local and remote-tracking branch. A branch that can't be read adds nothing.
    pub fn names_on_branches(&self, at: &BStr) -> BTreeSet<BString> {
        let mut names = BTreeSet::new();
        let mut tips = BTreeSet::new();
        let Ok(repo) = self.inner() else { return names };
        if let Ok(references) = repo.references() {
            let branches = references.flatten().filter(|r| r.is_branch() || r.is_remote());
            tips.extend(branches.filter_map(|r| r.peel_to_tree().ok()).map(|tree| tree.id()));
        }
        tips.extend(repo.head().ok().and_then(|head| head.peel_to_tree().ok()).map(|tree| tree.id()));
        let mut seen = BTreeSet::new();
        for tip in tips {
            let Some(tree) = self.directory(tip, at) else { continue };
            if seen.insert(tree.id()) {
                names.extend(tree.iter().map(|item| BString::from(item.name_bytes())));
            }
        }
        names
    }

    /// The names of the files directly in the directory `at` of a commit; none where it has no such directory.
    ///
    /// # Errors
    /// The commit can't be read: kind `Missing`.
    pub fn names_in(&self, commit: ObjectId, at: &BStr) -> Result<BTreeSet<BString>, Failure> {
        let tree = self.tree_of(commit)?;
        let directory = self.directory(tree.raw(), at);
        Ok(directory.iter().flat_map(git2::Tree::iter).map(|item| BString::from(item.name_bytes())).collect())
    }

    /// The best common ancestor of two commits; none where their histories share nothing.
    ///
    /// # Errors
    /// One of them can't be read: kind `Missing`.
    pub fn merge_base(&self, one: ObjectId, other: ObjectId) -> Result<Option<ObjectId>, Failure> {
        match self.inner().and_then(|repo| repo.merge_base(one.raw(), other.raw())) {
            Ok(base) => Ok(Some(base.into())),
            Err(e) if e.code() == git2::ErrorCode::NotFound => Ok(None),
            Err(e) => Err(e).or_missing(|| format!("can't compare {} with {}", one.short(), other.short())),
        }
    }

    fn directory(&self, tree: git2::Oid, at: &BStr) -> Option<git2::Tree<'_>> {
        let repo = self.inner().ok()?;
        let mut tree = repo.find_tree(tree).ok()?;
        for part in at.split_str("/").filter(|part| !part.is_empty()) {
            let id = tree.iter().find(|item| item.name_bytes() == part)?.id();
            tree = repo.find_tree(id).ok()?;
        }
        Some(tree)
    }
}
