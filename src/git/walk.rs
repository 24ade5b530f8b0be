//! One walk over history: every commit once, parents before children, with what it changed, read from raw objects.
//!
//! Trees are compared by hand, descending only where ids differ: libgit2's own comparison visits every file of both trees, which
//! costs a hundred times as much on a long history. Several threads compare, each with packs and memory of its own; what they find
//! is handed out in order. Nothing is kept but the graph.

use super::graph::{self, Edges, Graph};
use super::objects::{Kind, Objects, Packs, Slots};
use super::raw::{self, Change, Commit};
use super::{ObjectId, Repository};
use crate::failure::{Context, Failure};
use std::ops::Range;
use std::rc::Rc;
use std::sync::mpsc::sync_channel;
use std::thread;

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

/// Where an earlier walk still holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Base {
    /// The last commit that is still the same.
    pub id: ObjectId,
    /// How many of the commits that were visited are still what comes first.
    pub kept: usize,
    /// How many commits come after them.
    pub newer: usize,
}

/// How a walk went.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Walked {
    /// Commits that were visited.
    pub commits: usize,
    /// Commits whose parents are not here.
    pub cut: usize,
}

/// Places for raw trees that are wanted again soon.
const SLOTS: usize = 8 << 10;
/// The bytes that they may hold together.
const HELD: usize = 32 << 20;
/// Directories deeper than this are not looked into.
const DEPTH: usize = 256;
/// Commits that a thread takes at once.
const BATCH: usize = 256;
/// For fewer commits than these, no index of a pack is read.
const FEW: usize = 64;
/// More threads than these only wait for the one that folds.
const THREADS: usize = 4;

impl Repository {
    /// Visits every commit that `tip` can reach, parents before children and the older of two unrelated ones first.
    ///
    /// # Errors
    /// `tip` itself can't be read: kind `Missing`. Anything else that is not here shows as [`Changes::Cut`], or as incomplete.
    pub fn walk(&self, tip: ObjectId, visit: &mut dyn FnMut(&Commit, Changes<'_>)) -> Result<Walked, Failure> {
        self.walk_from(tip, None, visit)
    }

    /// How far an earlier walk still holds for `tip`: `visited` are its commits in order, and `narrow` the places at which all
    /// before led to one commit. None where it must be walked anew.
    pub fn base(&self, tip: ObjectId, visited: &[ObjectId], narrow: &[u32]) -> Option<Base> {
        let packs = Packs::none();
        let mut objects = Objects::new(&packs, self.inner().ok()?.odb().ok()?);
        let (at, newer) = graph::base(&mut objects, tip, &Edges::of(self), visited, narrow)?;
        let at = usize::try_from(at).ok()?;
        Some(Base { id: *visited.get(at)?, kept: at + 1, newer })
    }

    /// What the order and the parents of commits depend on beside the commits: shallow boundary, grafts, replaced commits.
    pub fn edges(&self) -> String {
        format!("{:?}", Edges::of(self))
    }

    /// As [`Repository::walk`], without `base` and what lies behind it.
    ///
    /// # Errors
    /// As [`Repository::walk`].
    pub fn walk_from(
        &self,
        tip: ObjectId,
        base: Option<&Base>,
        visit: &mut dyn FnMut(&Commit, Changes<'_>),
    ) -> Result<Walked, Failure> {
        let few = base.is_some_and(|base| base.newer < FEW);
        let packs = if few { Packs::none() } else { Packs::below(self.common_dir()) };
        let edges = Edges::of(self);
        let odb = self.inner().and_then(git2::Repository::odb).or_missing(|| "can't open the object store".into())?;
        let mut objects = Objects::new(&packs, odb);
        let base = base.map(|base| base.id);
        let graph = Graph::of(&mut objects, tip, base, &edges)?;
        let mut order = graph.order();
        order.retain(|at| base != Some(graph.node(*at).id));
        let batches: Vec<&[u32]> = order.chunks(BATCH).collect();
        let mut walked = Walked::default();
        let threads = thread::available_parallelism().map_or(1, usize::from).min(THREADS).min(batches.len());
        let homes = if threads < 2 { Vec::new() } else { self.opened_again(threads) };
        if homes.len() < 2 {
            let mut store = Store::new(objects);
            for nodes in batches {
                store.batch(&graph, nodes, &edges).deliver(visit, &mut walked);
            }
            return Ok(walked);
        }
        drop(objects);
        let (batches, graph, edges, packs) = (&batches, &graph, &edges, &packs);
        let walked = &mut walked;
        thread::scope(|scope| -> Result<Walked, Failure> {
            let mut queues = Vec::new();
            for (first, home) in homes.into_iter().enumerate() {
                let (give, take) = sync_channel(2);
                queues.push(take);
                scope.spawn(move || {
                    let Ok(odb) = home.odb() else { return };
                    let mut store = Store::new(Objects::new(packs, odb));
                    for nodes in batches.iter().skip(first).step_by(threads) {
                        if give.send(store.batch(graph, nodes, edges)).is_err() {
                            return;
                        }
                    }
                });
            }
            for at in 0..batches.len() {
                let batch = queues[at % threads].recv().or_missing(|| "can't read objects in a thread".into())?;
                batch.deliver(visit, walked);
            }
            Ok(*walked)
        })
    }

    /// The same repository once more for each thread; nothing where it can't be had.
    fn opened_again(&self, threads: usize) -> Vec<git2::Repository> {
        let none: [&std::path::Path; 0] = [];
        let open = || git2::Repository::open_ext(self.git_dir(), git2::RepositoryOpenFlags::FROM_ENV, none);
        let homes: Result<Vec<_>, _> = (0..threads).map(|_| open()).collect();
        homes.unwrap_or_default()
    }
}

enum Did {
    Merge,
    Cut,
    Listed(Range<usize>, bool),
}

/// Some commits in a row, with what they did.
#[derive(Default)]
struct Batch {
    commits: Vec<(Commit, Did)>,
    changes: Vec<Change>,
}

impl Batch {
    fn deliver(&self, visit: &mut dyn FnMut(&Commit, Changes<'_>), walked: &mut Walked) {
        for (commit, did) in &self.commits {
            walked.commits += 1;
            match did {
                Did::Merge => visit(commit, Changes::Merge),
                Did::Cut => {
                    walked.cut += 1;
                    visit(commit, Changes::Cut);
                }
                Did::Listed(range, complete) => {
                    visit(commit, Changes::Listed { changes: &self.changes[range.clone()], complete: *complete });
                }
            }
        }
    }
}

/// One thread's view of the store.
struct Store<'r> {
    objects: Objects<'r>,
    trees: Slots<ObjectId, ()>,
}

impl<'r> Store<'r> {
    fn new(objects: Objects<'r>) -> Store<'r> {
        Store { objects, trees: Slots::new(SLOTS, HELD) }
    }

    fn batch(&mut self, graph: &Graph, nodes: &[u32], edges: &Edges) -> Batch {
        let mut batch = Batch::default();
        for at in nodes {
            let node = graph.node(*at);
            let parents = graph.parents(*at);
            let Some(mut commit) = self.commit(node.id, edges) else { continue };
            commit.parents = parents.iter().map(|p| graph.node(*p).id).collect();
            let did = if node.cut {
                Did::Cut
            } else if parents.len() > 1 {
                Did::Merge
            } else {
                let start = batch.changes.len();
                let before = parents.first().map(|p| graph.node(*p).tree);
                let complete = self.compare(before, Some(node.tree), &mut Vec::new(), DEPTH, &mut batch.changes);
                Did::Listed(start..batch.changes.len(), complete)
            };
            batch.commits.push((commit, did));
        }
        batch
    }

    fn commit(&mut self, id: ObjectId, edges: &Edges) -> Option<Commit> {
        let (kind, data) = self.objects.read(edges.instead_of(id))?;
        (kind == Kind::Commit).then(|| raw::commit(id, &data)).flatten()
    }

    fn tree(&mut self, id: ObjectId) -> Option<Rc<Vec<u8>>> {
        let hash = usize::from_be_bytes(*id.as_bytes().first_chunk().unwrap_or(&[0; size_of::<usize>()]));
        if let Some(((), data)) = self.trees.get(hash, id) {
            return Some(data);
        }
        let (_, data) = self.objects.read(id).filter(|o| o.0 == Kind::Tree)?;
        self.trees.put(hash, id, (), &data);
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
            None => Some(Rc::default()),
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
