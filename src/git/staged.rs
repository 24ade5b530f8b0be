//! The index: what is about to be committed.

use super::ObjectId;
use super::tree::{Entry, Mode};
use bstr::BString;
use std::collections::BTreeMap;

/// The index as a commit would take it: entries of stage 0, sorted by path, without what is only intended to be added.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Staged {
    /// What would be committed.
    pub entries: Vec<Entry>,
    /// Paths that are still in conflict; git refuses to commit while there are any.
    pub conflicts: Vec<BString>,
    /// The tree objects of directories that have not changed since git last made them.
    pub trees: BTreeMap<BString, ObjectId>,
}

/// An entry made by `git add -N`: no part of the commit.
const INTENT_TO_ADD: u16 = 1 << 13;

impl Staged {
    pub(super) fn read(index: &git2::Index) -> Staged {
        let mut staged = Staged::default();
        for entry in index.iter() {
            let stage = entry.flags >> 12 & 3;
            let path = BString::from(entry.path);
            if stage != 0 {
                if staged.conflicts.last() != Some(&path) {
                    staged.conflicts.push(path);
                }
            } else if entry.flags_extended & INTENT_TO_ADD == 0
                && let Some(mode) = Mode::from_bits(entry.mode)
            {
                staged.entries.push(Entry { path, mode, id: entry.id.into() });
            }
        }
        staged
    }
}
