//! How far a commit is ahead of one of long ago: for a few new commits, without a look at all of history.

use super::graph::Edges;
use super::objects::Kind;
use super::{Base, ObjectId, Repository, raw};
use std::collections::HashSet;

impl Repository {
    /// The commits from `tip` back to the root, always the first parent's, as far as they are here.
    pub fn line(&self, tip: ObjectId) -> impl Iterator<Item = ObjectId> {
        let mut next = Some(tip);
        std::iter::from_fn(move || {
            let id = next?;
            next = self.commit(id).ok().and_then(|commit| commit.parents.first().copied());
            Some(id)
        })
    }

    /// Where the walk up to `known` still holds for `tip`: all that `tip` can reach leads through `known`, and what is newer is at
    /// most `most` commits. None where that is not so, or not plain to see (a shallow clone, grafts, replaced commits).
    pub fn ahead(&self, tip: ObjectId, known: ObjectId, most: usize) -> Option<Base> {
        let base = |newer| Some(Base { id: known, kept: 0, newer });
        if tip == known {
            return base(0);
        }
        if Edges::of(self) != Edges::default() {
            return None;
        }
        let mut objects = self.objects();
        let mut seen = HashSet::from([tip]);
        let mut pending = vec![tip];
        let mut parents = Vec::new();
        while let Some(id) = pending.pop() {
            let (_, data) = objects.read(id).filter(|o| o.0 == Kind::Commit)?;
            parents.clear();
            if !raw::outline(&data, &mut parents) || parents.is_empty() || seen.len() > most {
                return None;
            }
            pending.extend(parents.iter().filter(|p| **p != known && seen.insert(**p)));
        }
        base(seen.len())
    }
}
