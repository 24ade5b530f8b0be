//! An answer a few commits later, where they have no say in what it says of projects, or only in what it says of one.

use super::kept::Kept;
use super::{Question, repository};
use crate::git::{Change, Commit, Did, Mode, ObjectId};
use crate::history::fold::{Builder, Changed};
use crate::history::log::Log;
use crate::history::people::People;
use crate::views::parts::About;
use bstr::{BStr, BString, ByteSlice};
use std::collections::BTreeSet;

/// After more commits than these, all is looked at again.
pub(super) const MOST: usize = 64;

/// What came since an answer.
#[derive(Default)]
struct Since {
    log: Log,
    /// The projects that have to be judged again, as indexes of those that the answer knows.
    touched: BTreeSet<usize>,
    /// Whether nothing that has a say changed but what is in files.
    is_content: bool,
}

/// What a thread saw of what came since.
#[derive(Default)]
struct Seen {
    changed: Changed,
    /// Whether any of it may have more of a say than can be told.
    is_obscure: bool,
    /// Whether files that have a say came or went, or became something else.
    is_more_than_content: bool,
    /// The projects that it is about.
    touched: BTreeSet<usize>,
    /// The paths that are new.
    appeared: Vec<BString>,
}

impl Question<'_> {
    /// The answer as it is at HEAD; none where what came since may have more of a say in it.
    pub(super) fn later(&self, mut kept: Kept, branch: Option<BString>) -> Option<Kept> {
        let Since { log, touched, is_content } = self.since(&kept)?;
        let mut touched = touched.into_iter();
        if let Some(at) = touched.next() {
            kept = self.judged_again(kept, at, &log, is_content)?;
        }
        if touched.next().is_some() {
            return None;
        }
        kept.totals.add(&log, self.world.now.timestamp());
        let tip = Some(self.tip);
        let own = repository(&self.repo, tip, branch.clone(), &kept.totals, kept.unverified, &kept.remarks);
        let part = self.form.repository(&own).ok()?;
        kept.parts.iter_mut().filter(|(a, _)| *a == About::Repository).for_each(|(_, old)| old.clone_from(&part));
        Some(Kept { head: self.tip, branch, made: self.world.now.timestamp(), took: self.took(), ..kept })
    }

    /// What came since an answer; none where any of it may have more of a say than can be told.
    fn since(&self, kept: &Kept) -> Option<Since> {
        let base = self.repo.ahead(self.tip, kept.head, MOST)?;
        if base.newer == 0 {
            return Some(Since::default());
        }
        // Whose work it is has no say in what is read from here.
        let people = People::default();
        let mut builder = Builder::new(&people);
        let see = |seen: &mut Seen, changes: &[Change], complete: bool| {
            seen.appeared.extend(changes.iter().filter(|c| c.old.is_none()).map(|c| c.path.clone()));
            seen.is_more_than_content |= !changes.iter().all(|c| is_content(c) || kept.reach.is_aside(c));
            seen.is_obscure |= !complete || !changes.iter().all(|change| kept.takes(change, &mut seen.touched));
            seen.changed.list(changes, complete);
        };
        let read = &mut |commit: &Commit| builder.read(commit);
        let (told, seen) = self.repo.fold(self.tip, Some(&base), read, &Seen::default, &see).ok()?.in_order();
        let told: Vec<_> = told.collect();
        // What a merge brought beside its parents' changes is not known.
        let mut is_obscure = told.iter().any(|t| !matches!(t.did, Did::Listed(..)));
        let (mut appeared, mut changed, mut touched) = (Vec::new(), Vec::new(), BTreeSet::new());
        let mut is_content = true;
        for seen in seen {
            is_content &= !seen.is_more_than_content;
            is_obscure |= seen.is_obscure;
            appeared.extend(seen.appeared);
            touched.extend(seen.touched);
            changed.push(seen.changed);
        }
        let log = builder.finish(told, changed);
        let is_plain = !is_obscure && log.moves.is_empty() && !log.incomplete;
        (is_plain && !self.is_like_another(&appeared)?).then_some(Since { log, touched, is_content })
    }

    /// Whether the name of a directory that a new path lies in differs from another one only in case.
    fn is_like_another(&self, appeared: &[BString]) -> Option<bool> {
        if appeared.is_empty() {
            return Some(false);
        }
        let root = self.repo.tree_of(self.tip).ok()?;
        Some(appeared.iter().any(|path| self.is_one_like_another(root, path.as_bstr()).unwrap_or(true)))
    }

    fn is_one_like_another(&self, root: ObjectId, path: &BStr) -> Option<bool> {
        let mut tree = root;
        let mut rest = path;
        while let Some(slash) = rest.find_byte(b'/') {
            let name = &rest[..slash];
            let listing = self.repo.listing(tree)?;
            let is_other = |other: &BString| *other != name && other.to_lowercase() == name.to_lowercase();
            if listing.iter().any(|(other, ..)| is_other(other)) {
                return Some(true);
            }
            // It may be gone again.
            let Some((_, _, id)) = listing.iter().find(|(n, mode, _)| *n == name && mode.is_none()) else { break };
            (tree, rest) = (*id, rest[slash + 1..].as_bstr());
        }
        Some(false)
    }
}

/// Whether a change is one of what is in a regular file, and of nothing else.
fn is_content(change: &Change) -> bool {
    let is_file = |mode: Mode| matches!(mode, Mode::File | Mode::Executable);
    matches!((change.old, change.new), (Some((old, _)), Some((new, _))) if old == new && is_file(old))
}

impl Kept {
    /// Whether the say that a change has is known: none, or one in what is said of one project, which is added to `touched`.
    fn takes(&self, change: &Change, touched: &mut BTreeSet<usize>) -> bool {
        // Where two names differ only in case already, the remark on them depends on every path.
        if !self.remarks.is_empty() && (change.old.is_none() || change.new.is_none()) {
            return false;
        }
        let path = change.path.as_bstr();
        let one = self.projects.iter().position(|p| self.reach.is_of(path, p.path.as_bstr()));
        touched.extend(one);
        one.is_some() || self.reach.is_aside(change)
    }
}
