//! One walk over history: every commit once, with what it changed, read from raw objects.
//!
//! Commits are read along first parents, the newest first; their trees are compared by several threads at the same time, each with
//! packs' parts and memory of its own, and put together in order at the end. Nothing is kept but the graph and what the caller
//! makes of commits and of changes.

use super::compared::Trees;
use super::graph::{self, Graph, Pair};
use super::objects::Objects;
use super::raw::{Change, Commit};
use super::{ObjectId, Repository};
use crate::failure::Failure;
use std::cell::LazyCell;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Mutex, PoisonError};
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

/// What came of a [`Repository::fold`], as it was read.
#[derive(Debug)]
pub struct Folded<C, V> {
    graph: Graph,
    base: Option<ObjectId>,
    /// What was made of each commit.
    read: Vec<Option<C>>,
    /// Each thread's value, and the commits that are in it.
    done: Vec<(V, Vec<u32>)>,
}

/// What came of one commit in a [`Repository::fold`].
#[derive(Debug)]
pub struct Told<C> {
    /// What was made of the commit itself.
    pub what: C,
    /// Its parents that are here, by their places among all that are told of; none for the base.
    pub parents: Vec<Option<u32>>,
    /// What it did.
    pub did: Did,
}

/// Where what a commit did is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Did {
    /// As [`Changes::Merge`].
    Merge,
    /// As [`Changes::Cut`].
    Cut,
    /// In one of the threads' values, as its so-and-so-many-th from 0.
    Listed(usize, usize),
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

/// Commits that a thread takes at once: the more there are, the more of them, since what a delta is based on is mostly near.
const FEWEST: usize = 64;
const MOST: usize = 1024;
/// More threads than these only wait for the one that reads commits.
const THREADS: usize = 4;

impl Repository {
    /// Visits every commit that `tip` can reach, parents before children and the older of two unrelated ones first.
    ///
    /// # Errors
    /// `tip` itself can't be read: kind `Missing`. Anything else that is not here shows as [`Changes::Cut`], or as incomplete.
    pub fn walk(&self, tip: ObjectId, visit: &mut dyn FnMut(&Commit, Changes<'_>)) -> Result<Walked, Failure> {
        let keep = |all: &mut Vec<(Vec<Change>, bool)>, changes: &[Change], complete| {
            all.push((changes.to_vec(), complete));
        };
        let (told, listed) = self.fold(tip, None, &mut Commit::clone, &Vec::new, &keep)?.in_order();
        let mut told: Vec<Told<Commit>> = told.collect();
        let ids: Vec<ObjectId> = told.iter().map(|one| one.what.id).collect();
        let mut walked = Walked { commits: told.len(), cut: 0 };
        for one in &mut told {
            one.what.parents = one.parents.iter().flatten().map(|p| ids[*p as usize]).collect();
            let changes = match one.did {
                Did::Merge => Changes::Merge,
                Did::Cut => {
                    walked.cut += 1;
                    Changes::Cut
                }
                Did::Listed(thread, nth) => {
                    let (changes, complete) = &listed[thread][nth];
                    Changes::Listed { changes, complete: *complete }
                }
            };
            visit(&one.what, changes);
        }
        Ok(walked)
    }

    /// How far an earlier walk still holds for `tip`: `visited` are its commits in order, and `narrow` the places at which all
    /// before led to one commit. None where it must be walked anew.
    pub fn base(&self, tip: ObjectId, visited: &[ObjectId], narrow: &[u32]) -> Option<Base> {
        let mut objects = self.objects();
        let (at, newer) = graph::base(&mut objects, tip, self.changed_edges(), visited, narrow)?;
        let at = usize::try_from(at).ok()?;
        Some(Base { id: *visited.get(at)?, kept: at + 1, newer })
    }

    /// What the order and the parents of commits depend on beside the commits: shallow boundary, grafts, replaced commits.
    pub fn edges(&self) -> String {
        format!("{:?}", self.changed_edges())
    }

    /// Folds the history of `tip`, without `base` and what lies behind it: `read` makes something of each commit, and `list` adds
    /// what a commit changed, and whether that is complete, to a value of its thread's own that `start` made.
    ///
    /// # Errors
    /// As [`Repository::walk`].
    pub fn fold<C, V: Send>(
        &self,
        tip: ObjectId,
        base: Option<&Base>,
        read: &mut dyn FnMut(&Commit) -> C,
        start: &(dyn Fn() -> V + Sync),
        list: &(dyn Fn(&mut V, &[Change], bool) + Sync),
    ) -> Result<Folded<C, V>, Failure> {
        let edges = self.changed_edges();
        let base = base.map(|base| base.id);
        // To ask how many processors there are takes more than a dozen calls of the system.
        let threads = LazyCell::new(|| thread::available_parallelism().map_or(1, usize::from).min(THREADS));
        let mut made: Vec<Option<C>> = Vec::new();
        let (give, take) = channel::<Vec<Pair>>();
        let take = Mutex::new(take);
        let store = self.store();
        let work = |objects: Objects| {
            let (mut value, mut nodes, mut trees) = (start(), Vec::new(), Trees::of(objects));
            while let Some(batch) = next(&take) {
                for pair in batch {
                    let (changes, complete) = trees.compare(pair.old, pair.new);
                    list(&mut value, changes, complete);
                    nodes.push(pair.node);
                }
            }
            (value, nodes, trees.into_objects())
        };
        let (graph, done) = thread::scope(|scope| {
            let mut others = Vec::new();
            let (mut batch, mut handed) = (Vec::new(), 0);
            let mut hand_out = |pair| {
                batch.push(pair);
                handed += 1;
                if batch.len() >= (handed / 32).clamp(FEWEST, MOST) {
                    // While this thread reads commits, others are at work; a short history needs none.
                    if others.len() + 1 < *threads {
                        others.push(scope.spawn(|| {
                            let (value, nodes, _) = work(Objects::of_many(store));
                            (value, nodes)
                        }));
                    }
                    // The receiver lives as long as this function.
                    let _ = give.send(std::mem::take(&mut batch));
                }
            };
            let mut see = |commit: &Commit| made.push(Some(read(commit)));
            let mut objects = if base.is_some() { self.borrow_objects() } else { Objects::of_many(store) };
            let graph = Graph::of(&mut objects, tip, base, edges, &mut see, &mut hand_out);
            let _ = give.send(batch);
            drop(give);
            let (value, nodes, objects) = work(objects);
            let mut done = vec![(value, nodes)];
            if base.is_some() {
                self.give_back(objects);
            }
            for other in others {
                done.push(other.join().map_err(|_| Failure::missing("can't compare trees in a thread"))?);
            }
            Ok::<_, Failure>((graph?, done))
        })?;
        Ok(Folded { graph, base, read: made, done })
    }
}

/// What to compare next; none when there will be no more.
fn next(take: &Mutex<Receiver<Vec<Pair>>>) -> Option<Vec<Pair>> {
    take.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

impl<C, V> Folded<C, V> {
    /// What came of each commit, parents before children and the older of two unrelated ones first, and the threads' values.
    pub fn in_order(self) -> (impl Iterator<Item = Told<C>> + use<C, V>, Vec<V>) {
        let Folded { graph, base, mut read, done } = self;
        let mut listed: Vec<Option<(usize, usize)>> = vec![None; graph.len()];
        let mut values = Vec::with_capacity(done.len());
        for (thread, (value, nodes)) in done.into_iter().enumerate() {
            for (nth, node) in nodes.into_iter().enumerate() {
                listed[node as usize] = Some((thread, nth));
            }
            values.push(value);
        }
        let mut order = graph.order();
        order.retain(|at| Some(graph.node(*at).id) != base);
        let mut places = vec![None; graph.len()];
        for (place, at) in (0u32..).zip(&order) {
            places[*at as usize] = Some(place);
        }
        let told = move |at: u32| {
            let parents = graph.parents(at).iter().map(|p| places[*p as usize]).collect();
            let did = match listed[at as usize] {
                _ if graph.node(at).cut => Did::Cut,
                Some((thread, nth)) => Did::Listed(thread, nth),
                None => Did::Merge,
            };
            Some(Told { what: read[at as usize].take()?, parents, did })
        };
        (order.into_iter().filter_map(told), values)
    }
}
