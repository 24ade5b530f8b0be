//! What is new since a commit that is known: how far another is ahead of it, and parts of a tree. For a few new commits, without a look
//! at all of history.

use super::graph::Edges;
use super::objects::Kind;
use super::{Base, Entry, ObjectId, Repository, raw};
use crate::failure::Failure;
use bstr::{BStr, ByteSlice};
use std::collections::HashSet;

impl Repository {
    /// The files directly in a tree and all below some of its directories, sorted by path.
    ///
    /// # Errors
    /// A tree object is missing or broken: kind `Missing`.
    pub fn entries_in(&self, tree: ObjectId, directories: &[&BStr]) -> Result<Vec<Entry>, Failure> {
        let listing = |tree| self.listing(tree).ok_or_else(|| Failure::missing(format!("can't read tree {tree}")));
        let root = listing(tree)?;
        let mut entries = Vec::new();
        for directory in directories {
            let mut found = Some(tree);
            for name in directory.split_str("/") {
                let Some(above) = found else { break };
                let inside = if above == tree { root.clone() } else { listing(above)? };
                found = inside.into_iter().find(|(n, mode, _)| *n == name && mode.is_none()).map(|(.., id)| id);
            }
            let Some(found) = found else { continue };
            entries.extend(
                self.entries(found)?
                    .into_iter()
                    .map(|entry| Entry { path: [directory.as_bytes(), b"/", &entry.path].concat().into(), ..entry }),
            );
        }
        entries.extend(root.into_iter().filter_map(|(path, mode, id)| Some(Entry { path, mode: mode?, id })));
        entries.sort_by(|a, b| a.path.cmp(&b.path));
        entries.dedup();
        Ok(entries)
    }

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
        if *self.changed_edges() != Edges::default() {
            return None;
        }
        let mut seen = HashSet::from([tip]);
        let mut pending = vec![tip];
        let mut parents = Vec::new();
        while let Some(id) = pending.pop() {
            let data = self.object(id, Kind::Commit)?;
            parents.clear();
            if !raw::outline(&data, &mut parents) || parents.is_empty() || seen.len() > most {
                return None;
            }
            pending.extend(parents.iter().filter(|p| **p != known && seen.insert(**p)));
        }
        base(seen.len())
    }
}
