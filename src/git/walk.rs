//! One walk over history: every commit once, parents before children, with what it changed, read from raw objects.
//!
//! Trees are compared by hand, descending only where ids differ: libgit2's own comparison visits every file of both trees, which
//! costs a hundred times as much on a long history. Nothing is kept but the graph.

use super::raw::{self, Change, Commit};
use super::{ObjectId, Repository};
use crate::failure::{Context, Failure};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};
use std::rc::Rc;

/// What a commit did to the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changes<'a> {
    /// It has several parents: what it brought is in them.
    Merge,
    /// Its parent is not here (a shallow clone, a damaged store): what it holds may be older than it.
    Cut,
    /// The files that differ from its parent's, or from nothing at the root.
    Listed {
        /// Sorted as git sorts a tree.
        changes: &'a [Change],
        /// Whether every tree that was needed is here.
        complete: bool,
    },
}

/// How a walk went.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Walked {
    /// Commits that were visited.
    pub commits: usize,
    /// Commits whose parents are not here.
    pub cut: usize,
}

/// Raw trees that are wanted again soon; of those that share a slot, the last stays.
const SLOTS: usize = 1024;
/// Trees larger than this are not kept.
const LARGE: usize = 1 << 20;
/// Directories deeper than this are not looked into.
const DEPTH: usize = 256;

struct Node {
    id: ObjectId,
    tree: ObjectId,
    parents: Vec<u32>,
    seconds: i64,
    cut: bool,
}

impl Repository {
    /// Visits every commit that `tip` can reach, parents before children and the older of two unrelated ones first.
    ///
    /// # Errors
    /// `tip` itself can't be read: kind `Missing`. Anything else that is not here shows as [`Changes::Cut`], or as incomplete.
    pub fn walk(&self, tip: ObjectId, visit: &mut dyn FnMut(&Commit, Changes<'_>)) -> Result<Walked, Failure> {
        // Verifying each object's hash triples the walk's time; zlib's checksum still guards what is read.
        git2::opts::strict_hash_verification(false);
        git2::opts::enable_caching(false);
        let odb = self.inner().odb().or_missing(|| "can't open the object store".into())?;
        let mut store = Store { odb, slots: vec![None; SLOTS] };
        let nodes = store.graph(tip, &self.shallow_boundary())?;
        let mut walked = Walked::default();
        let mut changes = Vec::new();
        for at in order(&nodes) {
            let node = &nodes[at as usize];
            let Some(commit) = store.commit(node.id) else { continue };
            walked.commits += 1;
            if node.cut {
                walked.cut += 1;
                visit(&commit, Changes::Cut);
            } else if node.parents.len() > 1 {
                visit(&commit, Changes::Merge);
            } else {
                changes.clear();
                let before = node.parents.first().map(|p| nodes[*p as usize].tree);
                let complete = store.compare(before, Some(node.tree), &mut Vec::new(), DEPTH, &mut changes);
                visit(&commit, Changes::Listed { changes: &changes, complete });
            }
        }
        Ok(walked)
    }

    /// The commits whose parents were left out of a shallow clone.
    fn shallow_boundary(&self) -> HashSet<ObjectId> {
        let text = std::fs::read_to_string(self.common_dir().join("shallow")).unwrap_or_default();
        text.lines().filter_map(|line| line.trim().parse().ok()).collect()
    }
}

struct Store<'r> {
    odb: git2::Odb<'r>,
    slots: Vec<Option<(ObjectId, Rc<[u8]>)>>,
}

impl Store<'_> {
    fn commit(&self, id: ObjectId) -> Option<Commit> {
        let object = self.odb.read(id.raw()).ok()?;
        (object.kind() == git2::ObjectType::Commit).then(|| raw::commit(id, object.data())).flatten()
    }

    /// Every commit that `tip` can reach, without its text. A node is made when its commit is first named.
    fn graph(&self, tip: ObjectId, boundary: &HashSet<ObjectId>) -> Result<Vec<Node>, Failure> {
        let mut known: HashMap<ObjectId, u32> = HashMap::new();
        let mut nodes: Vec<Node> = Vec::new();
        let mut parents_of: Vec<Vec<ObjectId>> = Vec::new();
        let mut absent: HashSet<ObjectId> = HashSet::new();
        let mut pending = vec![tip];
        while let Some(id) = pending.pop() {
            if known.contains_key(&id) || absent.contains(&id) {
                continue;
            }
            let Some(commit) = self.commit(id) else {
                absent.insert(id);
                continue;
            };
            known.insert(id, u32::try_from(nodes.len()).unwrap_or(u32::MAX));
            let cut = boundary.contains(&id);
            let parents = if cut { Vec::new() } else { commit.parents };
            pending.extend(parents.iter().rev().copied());
            parents_of.push(parents);
            nodes.push(Node { id, tree: commit.tree, parents: Vec::new(), seconds: commit.committer.seconds, cut });
        }
        if nodes.is_empty() {
            return Err(Failure::missing(format!("can't read commit {tip}"))
                .hint("`git fsck` says what is damaged; `git fetch` may bring it back"));
        }
        for (node, parents) in nodes.iter_mut().zip(parents_of) {
            node.cut |= parents.iter().any(|p| absent.contains(p));
            node.parents = parents.iter().filter_map(|p| known.get(p).copied()).collect();
        }
        Ok(nodes)
    }

    fn tree(&mut self, id: ObjectId) -> Option<Rc<[u8]>> {
        let bytes = id.as_bytes();
        let slot = (usize::from(bytes[0]) << 8 | usize::from(bytes[1])) % SLOTS;
        if let Some((kept, data)) = &self.slots[slot]
            && *kept == id
        {
            return Some(Rc::clone(data));
        }
        let object = self.odb.read(id.raw()).ok()?;
        if object.kind() != git2::ObjectType::Tree {
            return None;
        }
        let data: Rc<[u8]> = object.data().into();
        if data.len() <= LARGE {
            self.slots[slot] = Some((id, Rc::clone(&data)));
        }
        Some(data)
    }

    /// Appends what differs between two trees below `path`; false where a tree is not here.
    fn compare(
        &mut self,
        old: Option<ObjectId>,
        new: Option<ObjectId>,
        path: &mut Vec<u8>,
        depth: usize,
        changes: &mut Vec<Change>,
    ) -> bool {
        if old == new {
            return true;
        }
        let mut load = |id: Option<ObjectId>| match id {
            Some(id) => self.tree(id),
            None => Some(Rc::from([])),
        };
        let (Some(old), Some(new), 1..) = (load(old), load(new), depth) else { return false };
        let mut complete = true;
        for pair in raw::differing(&old, &new) {
            let length = path.len();
            if length > 0 {
                path.push(b'/');
            }
            path.extend_from_slice(pair.name);
            if pair.is_tree {
                complete &= self.compare(pair.old.map(|e| e.1), pair.new.map(|e| e.1), path, depth - 1, changes);
            } else if let Some(change) = Change::new(path, pair.old, pair.new) {
                changes.push(change);
            }
            path.truncate(length);
        }
        complete
    }
}

/// Indexes of `nodes`: parents before children, the older first among those that are free to come.
fn order(nodes: &[Node]) -> Vec<u32> {
    let mut children: Vec<Vec<u32>> = vec![Vec::new(); nodes.len()];
    let mut waiting: Vec<usize> = nodes.iter().map(|n| n.parents.len()).collect();
    let mut ready = BinaryHeap::new();
    for (at, node) in (0u32..).zip(nodes) {
        for parent in &node.parents {
            children[*parent as usize].push(at);
        }
        if node.parents.is_empty() {
            ready.push(Reverse((node.seconds, Reverse(at))));
        }
    }
    let mut order = Vec::with_capacity(nodes.len());
    while let Some(Reverse((_, Reverse(at)))) = ready.pop() {
        order.push(at);
        for child in std::mem::take(&mut children[at as usize]) {
            waiting[child as usize] -= 1;
            if waiting[child as usize] == 0 {
                ready.push(Reverse((nodes[child as usize].seconds, Reverse(child))));
            }
        }
    }
    order
}
