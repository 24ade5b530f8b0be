//! An answer a few commits later, where they have no say in what it says of projects.

use super::kept::Kept;
use super::{Question, repository};
use crate::git::{Change, Commit, Did, ObjectId};
use crate::history::fold::{Builder, Changed};
use crate::history::log::Log;
use crate::history::people::People;
use crate::progress::status;
use crate::views::parts::About;
use bstr::{BStr, BString, ByteSlice};

/// After more commits than these, all is looked at again.
pub(super) const MOST: usize = 64;

/// What a thread saw of what came since.
#[derive(Default)]
struct Seen {
    changed: Changed,
    /// Whether any of it may have a say.
    has_say: bool,
    /// The paths that are new.
    appeared: Vec<BString>,
}

impl Question<'_> {
    /// The answer as it is at HEAD; none where what came since may have a say in it.
    pub(super) fn later(
        &self,
        kept: Kept,
        branch: Option<BString>,
        say: &dyn Fn(&status::Repository) -> Option<String>,
    ) -> Option<Kept> {
        let log = self.aside(&kept)?;
        let mut totals = kept.totals;
        totals.add(&log, self.world.now.timestamp());
        let own = repository(&self.repo, Some(self.tip), branch.clone(), &totals, kept.unverified, &kept.remarks);
        let part = say(&own)?;
        let mut parts = kept.parts;
        parts.iter_mut().filter(|(about, _)| *about == About::Repository).for_each(|(_, old)| old.clone_from(&part));
        Some(Kept { head: self.tip, branch, totals, parts, took: self.took(), ..kept })
    }

    /// What came since an answer; none where any of it may have a say.
    fn aside(&self, kept: &Kept) -> Option<Log> {
        let base = self.repo.ahead(self.tip, kept.head, MOST)?;
        if base.newer == 0 {
            return Some(Log::default());
        }
        // Whose work it is has no say where it touches nothing.
        let people = People::default();
        let mut builder = Builder::new(&people);
        let see = |seen: &mut Seen, changes: &[Change], complete: bool| {
            // Where two names differ only in case already, the remark on them depends on every path.
            let is_plain = |c: &Change| kept.remarks.is_empty() || c.old.is_some() && c.new.is_some();
            seen.appeared.extend(changes.iter().filter(|c| c.old.is_none()).map(|c| c.path.clone()));
            seen.has_say |= !complete || !changes.iter().all(|c| kept.reach.is_aside(c) && is_plain(c));
            seen.changed.list(changes, complete);
        };
        let read = &mut |commit: &Commit| builder.read(commit);
        let (told, seen) = self.repo.fold(self.tip, Some(&base), read, &Seen::default, &see).ok()?;
        // What a merge brought beside its parents' changes is not known.
        let has_say = told.iter().any(|t| !matches!(t.did, Did::Listed(..))) || seen.iter().any(|s| s.has_say);
        let (mut appeared, mut changed) = (Vec::new(), Vec::new());
        for seen in seen {
            appeared.extend(seen.appeared);
            changed.push(seen.changed);
        }
        let log = builder.finish(told, changed);
        let is_aside = !has_say && log.moves.is_empty() && !log.incomplete;
        (is_aside && !self.is_like_another(&appeared)?).then_some(log)
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
