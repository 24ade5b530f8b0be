//! What trees hold: the files of all of one, and what lies at a path.

use super::objects::{Kind, Objects};
use super::raw::{self, Listing};
use super::tree::{Entry, Mode};
use super::{ObjectId, Repository};
use crate::failure::Failure;
use bstr::{BStr, BString, ByteSlice};
use std::rc::Rc;

impl Repository {
    /// Every file, link and submodule of a tree, sorted by path.
    ///
    /// # Errors
    /// A tree object is missing or broken: kind `Missing`.
    pub fn entries(&self, tree: ObjectId) -> Result<Vec<Entry>, Failure> {
        self.entries_apart(tree)()
    }

    /// As [`Repository::entries`], on whatever thread it is called.
    pub fn entries_apart(&self, tree: ObjectId) -> impl FnOnce() -> Result<Vec<Entry>, Failure> + Send + use<> {
        let store = self.store().clone();
        move || {
            let mut entries = Vec::new();
            collect(&mut Objects::sparing(&store), tree, &mut BString::default(), DEPTH, &mut entries)?;
            Ok(entries)
        }
    }

    /// What a tree itself holds; none where `tree` is no tree that is here, or a broken one.
    pub fn listing(&self, tree: ObjectId) -> Option<Listing> {
        raw::listing(&self.object(tree, Kind::Tree)?)
    }

    /// The mode (none for a tree) and the object at `path` of a tree; the tree itself for `""`; none where nothing is there.
    pub fn item_at(&self, tree: ObjectId, path: &BStr) -> Option<(Option<Mode>, ObjectId)> {
        let mut at = (None, tree);
        for part in path.split_str("/").filter(|part| !part.is_empty()) {
            let (None, tree) = at else { return None };
            let known = self.listings.borrow().get(&tree).cloned();
            let listing = known.unwrap_or_else(|| {
                let listing = self.listing(tree).map(Rc::new);
                self.listings.borrow_mut().insert(tree, listing.clone());
                listing
            })?;
            at = listing.iter().find(|(name, ..)| name == part).map(|(_, mode, id)| (*mode, *id))?;
        }
        Some(at)
    }

    /// The object at `path` of a tree, as [`Repository::item_at`].
    pub fn object_at(&self, tree: ObjectId, path: &BStr) -> Option<ObjectId> {
        self.item_at(tree, path).map(|(_, id)| id)
    }
}

/// Directories deeper than this can't be checked out anywhere.
const DEPTH: usize = 2048;

/// Adds what lies below a tree, which is at `path`: nothing, or a directory with its slash.
fn collect(
    objects: &mut Objects,
    tree: ObjectId,
    path: &mut BString,
    depth: usize,
    entries: &mut Vec<Entry>,
) -> Result<(), Failure> {
    let data = objects.read(tree).filter(|object| object.0 == Kind::Tree && depth > 0);
    let (_, data) = data.ok_or_else(|| Failure::missing(format!("can't read tree {tree}")))?;
    let mut rest = &data[..];
    while !rest.is_empty() {
        let (item, after) = raw::first(rest).ok_or_else(|| Failure::missing(format!("tree {tree} is damaged")))?;
        rest = after;
        let length = path.len();
        path.extend_from_slice(item.name);
        if let Some(mode) = Mode::from_bits(item.bits) {
            entries.push(Entry { path: path.clone(), mode, id: item.id });
        } else {
            path.push(b'/');
            collect(objects, item.id, path, depth - 1, entries)?;
        }
        path.truncate(length);
    }
    Ok(())
}
