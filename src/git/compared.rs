//! Trees compared by hand, descending only where ids differ: libgit2's own comparison visits every file of both trees, which costs a
//! hundred times as much on a long history.

use super::ObjectId;
use super::objects::{Kind, Objects, Slots};
use super::raw::{Change, Differing, Side};
use std::sync::Arc;

/// Places for raw trees that are wanted again soon: what is new in a commit is old in the next.
const SLOTS: usize = 1 << 10;
/// The bytes that they may hold together.
const HELD: usize = 16 << 20;
/// Directories deeper than this are not looked into.
const DEPTH: usize = 256;

/// One thread's view of trees.
pub(super) struct Trees {
    objects: Objects,
    recent: Slots<ObjectId, ()>,
    path: Vec<u8>,
    /// What was found last, and how much of it: the memory of earlier paths is used again.
    changes: Vec<Change>,
    found: usize,
}

impl Trees {
    pub(super) fn of(objects: Objects) -> Trees {
        Trees { objects, recent: Slots::new(SLOTS, HELD), path: Vec::new(), changes: Vec::new(), found: 0 }
    }

    /// The way to the objects that it was made with.
    pub(super) fn into_objects(self) -> Objects {
        self.objects
    }

    /// The files in which two trees differ, and whether every tree that was needed is here.
    pub(super) fn compare(&mut self, old: Option<ObjectId>, new: ObjectId) -> (&[Change], bool) {
        self.found = 0;
        self.path.clear();
        let complete = self.descend(old, Some(new), DEPTH);
        (&self.changes[..self.found], complete)
    }

    fn descend(&mut self, old: Option<ObjectId>, new: Option<ObjectId>, depth: usize) -> bool {
        if old == new {
            return true;
        }
        let mut load = |id: Option<ObjectId>| match id {
            Some(id) => self.tree(id),
            None => Some(Arc::default()),
        };
        let (Some(old), Some(new), 1..) = (load(old), load(new), depth) else { return false };
        let mut complete = true;
        for pair in Differing::between(&old, &new) {
            let length = self.path.len();
            if length > 0 {
                self.path.push(b'/');
            }
            self.path.extend_from_slice(pair.name);
            if pair.is_tree {
                complete &= self.descend(pair.old.map(|e| e.1), pair.new.map(|e| e.1), depth - 1);
            } else {
                self.note(pair.old, pair.new);
            }
            self.path.truncate(length);
        }
        complete
    }

    fn note(&mut self, old: Option<Side>, new: Option<Side>) {
        let side = |s: Option<Side>| s.and_then(|(bits, id)| Some((super::Mode::from_bits(bits)?, id)));
        let (old, new) = (side(old), side(new));
        if old.is_none() && new.is_none() {
            return;
        }
        if let Some(change) = self.changes.get_mut(self.found) {
            change.path.clear();
            change.path.extend_from_slice(&self.path);
            (change.old, change.new) = (old, new);
        } else {
            self.changes.push(Change { path: self.path.as_slice().into(), old, new });
        }
        self.found += 1;
    }

    fn tree(&mut self, id: ObjectId) -> Option<Arc<Vec<u8>>> {
        let hash = usize::from_be_bytes(*id.as_bytes().first_chunk().unwrap_or(&[0; size_of::<usize>()]));
        if let Some(((), data)) = self.recent.get(hash, id) {
            return Some(data);
        }
        let (_, data) = self.objects.read(id).filter(|o| o.0 == Kind::Tree)?;
        self.recent.put(hash, id, (), &data);
        Some(data)
    }
}
