//! The graph of commits, without their text: who comes from whom, what makes git see it otherwise than the objects say, and in
//! which order to visit it.

use super::objects::{Kind, Objects};
use super::{Commit, ObjectId, Repository, raw};
use crate::failure::Failure;
use bstr::ByteSlice;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet};
use std::fs;
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;

/// Ids are hashes already.
#[derive(Default)]
pub(super) struct IdHasher(u64);

impl Hasher for IdHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for (at, byte) in bytes.iter().take(8).enumerate() {
            self.0 ^= u64::from(*byte) << (at * 8);
        }
    }

    fn write_usize(&mut self, _: usize) {}
}

pub(super) type ById<T> = HashMap<ObjectId, T, BuildHasherDefault<IdHasher>>;

/// What makes history another one than the objects say.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Edges {
    /// The commits whose parents were left out of a shallow clone.
    boundary: BTreeSet<ObjectId>,
    /// Commits that were given other parents (`info/grafts`).
    grafts: BTreeMap<ObjectId, Vec<ObjectId>>,
    /// Commits instead of which another one is read (`git replace`).
    replaced: BTreeMap<ObjectId, ObjectId>,
}

impl Edges {
    pub(super) fn of(repo: &Repository) -> Edges {
        let common = repo.common_dir();
        let text = |name: &str| fs::read_to_string(common.join(name)).unwrap_or_default();
        let boundary = text("shallow").lines().filter_map(|line| line.trim().parse().ok()).collect();
        let graft = |line: &str| {
            let mut ids = line.split_whitespace().map(|word| word.parse().ok());
            Some((ids.next()??, ids.collect::<Option<Vec<ObjectId>>>()?))
        };
        let grafts = text("info/grafts").lines().filter_map(graft).collect();
        Edges { boundary, grafts, replaced: replaced(repo) }
    }

    /// The commit that is read where `id` is named.
    pub(super) fn instead_of(&self, id: ObjectId) -> ObjectId {
        self.replaced.get(&id).copied().unwrap_or(id)
    }
}

/// What `git replace` has put in other objects' places. Only where there is such a ref, all refs are looked through.
fn replaced(repo: &Repository) -> BTreeMap<ObjectId, ObjectId> {
    let common = repo.common_dir();
    let packed = || fs::read(common.join("packed-refs")).is_ok_and(|refs| refs.find(b" refs/replace/").is_some());
    if !common.join("refs/replace").is_dir() && !packed() {
        return BTreeMap::new();
    }
    if repo.setting("core.useReplaceRefs").is_some_and(|v| matches!(v.as_str(), "false" | "no" | "off" | "0")) {
        return BTreeMap::new();
    }
    let Ok(refs) = repo.inner().and_then(|repo| repo.references_glob("refs/replace/*")) else { return BTreeMap::new() };
    refs.flatten()
        .filter_map(|reference| {
            let old = reference.name().ok()?.strip_prefix("refs/replace/")?.parse().ok()?;
            Some((old, reference.target()?.into()))
        })
        .collect()
}

/// The last of the commits in `visited` (in the order of that visit) from which every other commit that `tip` can reach and that
/// came later or is new descends, out of those at which the visited history was `narrow`; with it, how many commits those are.
/// None where there is none, or where history is new down to a root.
pub(super) fn base(
    objects: &mut Objects,
    tip: ObjectId,
    edges: &Edges,
    visited: &[ObjectId],
    narrow: &[u32],
) -> Option<(u32, usize)> {
    let places: ById<u32> = visited.iter().copied().zip(0..).collect();
    let mut base = *narrow.last()?;
    let mut seen: HashSet<ObjectId> = HashSet::new();
    let mut reached = Vec::new();
    let mut pending = vec![tip];
    while let Some(id) = pending.pop() {
        if let Some(at) = places.get(&id).filter(|at| **at <= base) {
            if *at < base {
                base = *narrow[..narrow.partition_point(|n| n <= at)].last()?;
                pending.append(&mut reached);
                pending.push(id);
            } else {
                reached.push(id);
            }
            continue;
        }
        if !seen.insert(id) {
            continue;
        }
        let (_, data) = objects.read(edges.instead_of(id)).filter(|o| o.0 == Kind::Commit)?;
        let before = pending.len();
        let is_commit = raw::outline(&data, &mut pending);
        if !is_commit || edges.boundary.contains(&id) || edges.grafts.contains_key(&id) || pending.len() == before {
            return None;
        }
    }
    Some((base, seen.len()))
}

/// One commit in the graph.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) id: ObjectId,
    tree: ObjectId,
    parents: Range<u32>,
    seconds: i64,
    pub(super) cut: bool,
}

impl Node {
    /// One for a commit; the parents that it has for git are appended to `named`.
    fn of(commit: &Commit, base: Option<ObjectId>, edges: &Edges, named: &mut Vec<ObjectId>) -> Node {
        let start = index(named.len());
        let is_base = base == Some(commit.id);
        let cut = edges.boundary.contains(&commit.id) && !is_base;
        if !is_base {
            match edges.grafts.get(&commit.id) {
                Some(parents) => named.extend(parents),
                None if cut => {}
                None => named.extend(&commit.parents),
            }
        }
        let parents = start..index(named.len());
        Node { id: commit.id, tree: commit.tree, parents, seconds: commit.committer.seconds, cut }
    }
}

/// Two trees to be compared: that of a node with at most one parent, and the parent's.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair {
    pub(super) node: u32,
    pub(super) old: Option<ObjectId>,
    pub(super) new: ObjectId,
}

/// Every commit that a tip can reach.
#[derive(Debug)]
pub(super) struct Graph {
    nodes: Vec<Node>,
    parents: Vec<u32>,
}

impl Graph {
    /// Reads it, along first parents and the newest first, as packs are laid out; `read` is shown each commit when its node is made,
    /// and `pair` what is to be compared as soon as it is known. `base` counts as a root: what lies behind it is not looked at.
    ///
    /// # Errors
    /// The tip itself can't be read: kind `Missing`.
    pub(super) fn of(
        objects: &mut Objects,
        tip: ObjectId,
        base: Option<ObjectId>,
        edges: &Edges,
        read: &mut dyn FnMut(&Commit),
        pair: &mut dyn FnMut(Pair),
    ) -> Result<Graph, Failure> {
        let mut known: ById<u32> = ById::default();
        let mut absent: HashSet<ObjectId> = HashSet::new();
        let mut nodes: Vec<Node> = Vec::new();
        let mut named: Vec<ObjectId> = Vec::new();
        let mut commit = Commit::empty();
        let mut pending = vec![tip];
        // The node whose only parent comes next.
        let mut before: Option<u32> = None;
        while let Some(id) = pending.pop() {
            let child = before.take();
            let mut at = known.get(&id).copied();
            let is_new = at.is_none() && !absent.contains(&id);
            if is_new {
                let data = objects.read(edges.instead_of(id)).filter(|o| o.0 == Kind::Commit);
                if data.is_some_and(|(_, data)| commit.fill(id, &data)) {
                    read(&commit);
                    at = Some(index(nodes.len()));
                    known.insert(id, index(nodes.len()));
                    nodes.push(Node::of(&commit, base, edges, &mut named));
                } else {
                    absent.insert(id);
                }
            }
            let Some(at) = at else { continue };
            let node = &nodes[at as usize];
            if let Some(child) = child {
                pair(Pair { node: child, old: Some(node.tree), new: nodes[child as usize].tree });
            }
            if is_new {
                let parents = &named[node.parents.start as usize..];
                match parents.len() {
                    0 if !node.cut && base != Some(id) => pair(Pair { node: at, old: None, new: node.tree }),
                    1 => before = Some(at),
                    _ => {}
                }
                pending.extend(parents.iter().rev());
            }
        }
        if nodes.is_empty() {
            return Err(Failure::missing(format!("can't read commit {tip}"))
                .hint("`git fsck` says what is damaged; `git fetch` may bring it back"));
        }
        let mut parents = Vec::with_capacity(named.len());
        for node in &mut nodes {
            let start = index(parents.len());
            for parent in &named[node.parents.start as usize..node.parents.end as usize] {
                match known.get(parent) {
                    Some(at) => parents.push(*at),
                    None => node.cut = true,
                }
            }
            node.parents = start..index(parents.len());
        }
        Ok(Graph { nodes, parents })
    }

    pub(super) fn node(&self, at: u32) -> &Node {
        &self.nodes[at as usize]
    }

    /// How many commits there are.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The parents of a commit that are here.
    pub(super) fn parents(&self, at: u32) -> &[u32] {
        let range = &self.node(at).parents;
        &self.parents[range.start as usize..range.end as usize]
    }

    /// Parents before children, the older first among those that are free to come.
    pub(super) fn order(&self) -> Vec<u32> {
        let count = index(self.nodes.len());
        let mut first = vec![0u32; self.nodes.len() + 1];
        for parent in &self.parents {
            first[*parent as usize + 1] += 1;
        }
        for at in 1..first.len() {
            first[at] += first[at - 1];
        }
        let mut free = first.clone();
        let mut children = vec![0u32; self.parents.len()];
        let mut ready = BinaryHeap::new();
        for at in 0..count {
            for parent in self.parents(at) {
                children[free[*parent as usize] as usize] = at;
                free[*parent as usize] += 1;
            }
            if self.parents(at).is_empty() {
                ready.push(Reverse((self.node(at).seconds, Reverse(at))));
            }
        }
        let mut waiting: Vec<usize> = (0..count).map(|at| self.parents(at).len()).collect();
        let mut order = Vec::with_capacity(self.nodes.len());
        while let Some(Reverse((_, Reverse(at)))) = ready.pop() {
            order.push(at);
            for child in &children[first[at as usize] as usize..first[at as usize + 1] as usize] {
                waiting[*child as usize] -= 1;
                if waiting[*child as usize] == 0 {
                    ready.push(Reverse((self.node(*child).seconds, Reverse(*child))));
                }
            }
        }
        order
    }
}

fn index(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
