//! What differs between two trees or the index, by file and by line; and a few commits back from a tip.

use super::objects::Kind;
use super::raw::{self, Change, Commit};
use super::tree::Entry;
use super::{Mode, ObjectId, Repository};
use crate::failure::{Context, Failure};
use bstr::{BStr, BString, ByteSlice};
use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

/// What differs between two lists of entries, both sorted by path.
pub fn difference(old: &[Entry], new: &[Entry]) -> Vec<Change> {
    let (mut old, mut new) = (old.iter().peekable(), new.iter().peekable());
    let mut changes = Vec::new();
    loop {
        let order = match (old.peek(), new.peek()) {
            (None, None) => return changes,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(a), Some(b)) => a.path.cmp(&b.path),
        };
        let was = if order == Ordering::Greater { None } else { old.next() };
        let is = if order == Ordering::Less { None } else { new.next() };
        let side = |entry: Option<&Entry>| entry.map(|e| (e.mode, e.id));
        if let Some(entry) = was.or(is)
            && side(was) != side(is)
        {
            changes.push(Change { path: entry.path.clone(), old: side(was), new: side(is) });
        }
    }
}

/// The changes that are more than a file under another name: a removal and an addition of the same content cancel out.
pub fn without_moves(changes: &[Change]) -> Vec<&Change> {
    let gone: HashSet<ObjectId> = changes.iter().filter(|c| c.new.is_none()).filter_map(|c| Some(c.old?.1)).collect();
    let come: HashSet<ObjectId> = changes.iter().filter(|c| c.old.is_none()).filter_map(|c| Some(c.new?.1)).collect();
    changes
        .iter()
        .filter(|c| match (c.old, c.new) {
            (Some((_, id)), None) => !come.contains(&id),
            (None, Some((_, id))) => !gone.contains(&id),
            _ => true,
        })
        .collect()
}

/// How many lines a change adds and removes where that takes no search: between what both texts begin and end with there is nothing
/// left of one of them, or a line of each. None for what may be no text.
fn plainly_changed(old: &[u8], new: &[u8]) -> Option<usize> {
    if old.contains(&0) || new.contains(&0) {
        return None;
    }
    let (mut old, mut new): (Vec<&[u8]>, Vec<&[u8]>) =
        (old.lines_with_terminator().collect(), new.lines_with_terminator().collect());
    let alike = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    old.drain(..alike);
    new.drain(..alike);
    let alike = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    let (old, new) = (old.len() - alike, new.len() - alike);
    (old == 0 || new == 0 || old + new == 2).then_some(old + new)
}

/// How many lines of two texts the other one lacks: no comparison finds fewer changed ones.
fn lacking(old: &[u8], new: &[u8]) -> usize {
    let mut counts: HashMap<&[u8], isize> = HashMap::new();
    for line in old.lines() {
        *counts.entry(line).or_default() -= 1;
    }
    for line in new.lines() {
        *counts.entry(line).or_default() += 1;
    }
    counts.values().map(|count| count.unsigned_abs()).sum()
}

impl Repository {
    /// How many lines a change adds and removes; none for what is no text.
    pub fn changed_lines(&self, change: &Change) -> usize {
        self.changed_lines_up_to(change, usize::MAX)
    }

    /// As [`Repository::changed_lines`]; of `many` or more it may say fewer, but no fewer than `many`, and need not search then.
    pub fn changed_lines_up_to(&self, change: &Change, many: usize) -> usize {
        let text = |side: Option<(Mode, ObjectId)>| match side {
            Some((Mode::File | Mode::Executable, id)) => self.blob(id).unwrap_or_default(),
            _ => Vec::new(),
        };
        let (old, new) = (text(change.old), text(change.new));
        if let Some(lines) = plainly_changed(&old, &new) {
            return lines;
        }
        let is_text = !old.contains(&0) && !new.contains(&0);
        if is_text && many < usize::MAX && lacking(&old, &new) >= many {
            return many;
        }
        let patch = git2::Patch::from_buffers(&old, None, &new, None, None);
        patch.and_then(|p| p.line_stats()).map_or(0, |(_, added, removed)| added + removed)
    }

    /// What a commit changed against its first parent, or against nothing at the root.
    ///
    /// # Errors
    /// A tree is missing or broken: kind `Missing`.
    pub fn changes_of(&self, commit: &Commit) -> Result<Vec<Change>, Failure> {
        let parent = commit.parents.first().map(|id| self.tree_of(*id)).transpose()?;
        self.changes_between(parent, commit.tree)
    }

    /// What differs between two trees, sorted by path; renames are a removal and an addition.
    ///
    /// # Errors
    /// A tree is missing or broken: kind `Missing`.
    pub fn changes_between(&self, old: Option<ObjectId>, new: ObjectId) -> Result<Vec<Change>, Failure> {
        let doing = || format!("can't compare with tree {new}");
        let repo = self.inner().or_missing(doing)?;
        let tree = |id: ObjectId| repo.find_tree(id.raw()).or_missing(doing);
        let (old, new) = (old.map(tree).transpose()?, tree(new)?);
        let mut options = git2::DiffOptions::new();
        options.skip_binary_check(true);
        let diff = repo.diff_tree_to_tree(old.as_ref(), Some(&new), Some(&mut options)).or_missing(doing)?;
        let side = |file: &git2::DiffFile<'_>| {
            Mode::from_bits(u32::from(file.mode())).map(|mode| (mode, ObjectId::from(file.id())))
        };
        let change = |delta: git2::DiffDelta<'_>| {
            let path = delta.new_file().path_bytes().or(delta.old_file().path_bytes())?;
            Some(Change { path: path.into(), old: side(&delta.old_file()), new: side(&delta.new_file()) })
        };
        Ok(diff.deltas().filter_map(change).collect())
    }

    /// The file at `path` in a tree; none where there is no such file, or it is not here.
    pub fn file_in(&self, tree: ObjectId, path: &BStr) -> Option<Vec<u8>> {
        self.blob(self.object_at(tree, path)?)
    }

    /// A commit as it stands in the object store.
    ///
    /// # Errors
    /// It is missing or broken: kind `Missing`.
    pub fn commit(&self, id: ObjectId) -> Result<Commit, Failure> {
        let doing = || format!("can't read commit {id}");
        let read = self.object(id, Kind::Commit).and_then(|data| raw::commit(id, &data));
        read.ok_or_else(|| Failure::missing(doing()))
    }

    /// The commits that `tips` can reach and that were committed at `since` (seconds since 1970) or later, newest first, as far
    /// as they are here. What lies behind an older commit is not looked for.
    pub fn recent(&self, tips: &[ObjectId], since: i64) -> Vec<Commit> {
        let mut pending: Vec<ObjectId> = tips.to_vec();
        let mut seen: HashSet<ObjectId> = HashSet::new();
        let mut found = Vec::new();
        while let Some(id) = pending.pop() {
            if seen.insert(id)
                && let Ok(commit) = self.commit(id)
                && commit.committer.seconds >= since
            {
                pending.extend(&commit.parents);
                found.push(commit);
            }
        }
        found.sort_by_key(|c| std::cmp::Reverse(c.committer.seconds));
        found
    }

    /// The commits of a range as `git rev-list` reads it (`main..topic`, or one revision with all that it can reach), oldest
    /// first.
    ///
    /// # Errors
    /// It names no commits: kind `Usage`.
    pub fn range(&self, range: &str) -> Result<Vec<Commit>, Failure> {
        let no_range = || format!("{range:?} names no commits here");
        let mut walk = self.inner().and_then(git2::Repository::revwalk).or_missing(|| "can't walk history".into())?;
        walk.set_sorting(git2::Sort::TOPOLOGICAL | git2::Sort::REVERSE).or_missing(no_range)?;
        if range.contains("..") && !range.contains("...") {
            let (from, to) = range.split_once("..").unwrap_or(("", range));
            let or_head = |name: &str| if name.is_empty() { "HEAD".to_owned() } else { name.to_owned() };
            walk.hide(self.commit_named(&or_head(from))?.raw()).or_usage(no_range)?;
            walk.push(self.commit_named(&or_head(to))?.raw()).or_usage(no_range)?;
        } else {
            walk.push(self.commit_named(range)?.raw()).or_usage(no_range)?;
        }
        walk.map(|id| id.or_missing(no_range).and_then(|id| self.commit(id.into()))).collect()
    }
}

/// The paths from `directory` (from the repository's root) upward at which a file called `name` may lie, nearest first.
pub fn upward(directory: &BStr, name: &str) -> Vec<BString> {
    let mut paths = Vec::new();
    let mut at = directory;
    loop {
        let mut path = BString::from(at.to_vec());
        if !path.is_empty() {
            path.push(b'/');
        }
        path.extend_from_slice(name.as_bytes());
        paths.push(path);
        if at.is_empty() {
            return paths;
        }
        at = at.rfind_byte(b'/').map_or(BStr::new(""), |slash| at[..slash].as_bstr());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn entry(path: &str, n: u8) -> Entry {
        Entry { path: path.into(), mode: Mode::File, id: ObjectId::from_bytes([n; 20]) }
    }

    #[test]
    fn differences_are_found_on_both_sides_and_moves_cancel_out() {
        let old = [entry("a", 1), entry("b", 2), entry("d", 4)];
        let new = [entry("a", 1), entry("b", 3), entry("c", 4)];
        let changes = difference(&old, &new);
        assert_eq!(changes.iter().map(|c| c.path.to_string()).collect::<Vec<_>>(), ["b", "c", "d"]);
        assert_eq!(without_moves(&changes).len(), 1);
    }

    #[test]
    fn upward_ends_at_the_root() {
        assert_eq!(upward(BStr::new("a/b"), "L.md"), ["a/b/L.md", "a/L.md", "L.md"]);
        assert_eq!(upward(BStr::new(""), "L.md"), ["L.md"]);
    }

    #[test]
    fn what_takes_no_search_is_what_a_search_finds() {
        proptest!(|(old in prop::collection::vec("[ab]{0,1}\n?", 0..6), new in prop::collection::vec("[ab]{0,1}\n?", 0..6))| {
            let (old, new) = (old.concat().into_bytes(), new.concat().into_bytes());
            let found = plainly_changed(&old, &new);
            let patch = git2::Patch::from_buffers(&old, None, &new, None, None).unwrap();
            let (_, added, removed) = patch.line_stats().unwrap();
            prop_assert!(found.is_none_or(|lines| lines == added + removed), "{found:?}, {added} + {removed}");
            prop_assert!(lacking(&old, &new) <= added + removed);
        });
        assert_eq!(plainly_changed(b"a\nb\nc\n", b"a\nx\nc\n"), Some(2));
        assert_eq!(plainly_changed(b"a\n\0", b"a\n"), None);
    }
}
