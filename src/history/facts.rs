//! Facts: what history says of each track, folded from the log. Judging them is `progress`'s work.

use super::effort::Pace;
use super::hashed::{Map, Set};
use super::kind::Kind;
use super::log::{EMPTY, Log, Move};
use super::scaffold::{self, Worth};
use super::territory::{Lens, Territory};
use crate::git::ObjectId;
use bstr::{BStr, BString, ByteSlice};
use std::sync::{Arc, OnceLock};

/// Gives the bytes of a blob, to several threads at once; none where it is not here.
pub type Contents<'a> = &'a (dyn Fn(ObjectId) -> Option<Arc<Vec<u8>>> + Sync);

/// What history says of one track.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TrackFacts {
    /// The first commit that brought a source of somebody's own.
    pub first: Option<u32>,
    /// The path that it brought.
    pub first_path: Option<BString>,
    /// The first commit that touched anything in it.
    pub seen: Option<u32>,
    /// The last commit that touched it.
    pub last: Option<u32>,
    /// Commits that touched it and count.
    pub commits: usize,
    /// When they were written.
    pub pace: Pace,
    /// Whether most of its sources arrived in its first commit.
    pub dump: bool,
    /// Whether most of its commits were squashed by a host.
    pub squashed: bool,
    /// Where it lay before, and until which commit.
    pub earlier: Vec<Move>,
    /// Whether its first commit is one whose parents are not here.
    pub cut: bool,
    /// The commit that took away its last source, and that brought one back later.
    pub restarted: Option<(u32, u32)>,
    /// The sources that commits brought and did not take away, as indexes of [`Log::paths`].
    pub alive: Set<u32>,
}

/// For each path of the log: the first and the last commit that touched it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Touched<'l> {
    first: Vec<Option<u32>>,
    last: Vec<Option<u32>>,
    index: Map<&'l BStr, u32>,
    /// Each commit's place in the log, once it was asked for.
    points: OnceLock<Map<ObjectId, u32>>,
}

impl<'l> Touched<'l> {
    /// From the log.
    pub fn of(log: &'l Log) -> Touched<'l> {
        let mut touched = Touched {
            first: vec![None; log.paths.len()],
            last: vec![None; log.paths.len()],
            index: log.paths.iter().map(|path| path.as_bstr()).zip(0u32..).collect(),
            points: OnceLock::new(),
        };
        for (at, point) in (0u32..).zip(&log.points) {
            for touch in &log.touches[point.touches.start as usize..point.touches.end as usize] {
                let path = touch.path as usize;
                touched.first[path].get_or_insert(at);
                touched.last[path] = Some(at);
            }
        }
        touched
    }

    /// The place of a commit in the log that this is of.
    pub fn point(&self, log: &Log, commit: ObjectId) -> Option<u32> {
        let points = self.points.get_or_init(|| log.points.iter().map(|p| p.id).zip(0..).collect());
        points.get(&commit).copied()
    }

    /// The commit that brought `path`.
    pub fn first(&self, path: &[u8]) -> Option<u32> {
        self.first[*self.index.get(path.as_bstr())? as usize]
    }

    /// The index of `path` among the log's.
    pub fn place(&self, path: &[u8]) -> Option<u32> {
        self.index.get(path.as_bstr()).copied()
    }

    /// The commit that touched `path` last.
    pub fn last(&self, path: &[u8]) -> Option<u32> {
        self.last[*self.index.get(path.as_bstr())? as usize]
    }
}

/// Blobs that are nobody's evidence: brought by the template or, where learners are named, by somebody else.
pub fn foreign(log: &Log) -> Set<ObjectId> {
    let (mut others, mut own) = (Set::default(), Set::default());
    for point in &log.points {
        let set = if point.counts { &mut own } else { &mut others };
        let touches = &log.touches[point.touches.start as usize..point.touches.end as usize];
        set.extend(touches.iter().filter_map(|t| t.now));
    }
    others.retain(|id| !own.contains(id));
    others
}

/// The facts of every track in `territory`, in its order. `points` are commits of `log` as seen from its tip.
pub fn of_tracks(log: &Log, territory: &Territory<'_>, lenses: &[Lens<'_>], contents: Contents<'_>) -> Vec<TrackFacts> {
    let mut tallies: Vec<Tally> = lenses.iter().map(|_| Tally::default()).collect();
    let mut judged: Map<ObjectId, Worth> = Map::default();
    for (at, point) in (0u32..).zip(&log.points) {
        for tally in &mut tallies {
            tally.here = false;
        }
        for touch in &log.touches[point.touches.start as usize..point.touches.end as usize] {
            let Some((track, kind)) = territory.owner(touch.path, at) else { continue };
            let tally = &mut tallies[track];
            tally.facts.seen.get_or_insert(at);
            tally.facts.last = Some(at);
            tally.here |= point.counts;
            if kind != Kind::Source {
                continue;
            }
            match touch.now {
                Some(id) if id != EMPTY => {
                    if tally.facts.first.is_none() && point.counts {
                        let path = &log.paths[touch.path as usize];
                        let name = path.rfind_byte(b'/').map_or(path.as_slice(), |s| &path[s + 1..]);
                        // A blob that is not here is unknown, and too large or too far away to be a starter.
                        let worth = *judged
                            .entry(id)
                            .or_insert_with(|| contents(id).map_or(Worth::Own, |bytes| scaffold::worth(name, &bytes)));
                        if worth == Worth::Own {
                            tally.facts.first = Some(at);
                            tally.facts.first_path = Some(path.clone());
                        }
                    }
                    tally.brought.entry(touch.path).or_insert(at);
                    tally.alive.insert(touch.path);
                    tally.back(at);
                }
                _ => {
                    tally.alive.remove(&touch.path);
                    if tally.alive.is_empty() && tally.facts.first.is_some() {
                        tally.emptied = Some(at);
                    }
                }
            }
        }
        for tally in tallies.iter_mut().filter(|t| t.here && !point.merge) {
            tally.facts.commits += 1;
            tally.squashed += usize::from(point.squashed);
            tally.work.push((point.seconds, point.offset));
        }
    }
    let mut facts: Vec<TrackFacts> = tallies.into_iter().map(|t| t.finish(log)).collect();
    for (track, facts) in facts.iter_mut().enumerate() {
        facts.earlier = territory.earlier(track);
    }
    facts
}

#[derive(Default)]
struct Tally {
    facts: TrackFacts,
    here: bool,
    work: Vec<(i64, i32)>,
    squashed: usize,
    brought: Map<u32, u32>,
    alive: Set<u32>,
    emptied: Option<u32>,
}

impl Tally {
    /// A source is there again after the last one had gone, in a later commit.
    fn back(&mut self, at: u32) {
        if let Some(gone) = self.emptied.take()
            && gone < at
        {
            self.facts.restarted = Some((gone, at));
        }
    }

    fn finish(mut self, log: &Log) -> TrackFacts {
        let first = self.facts.first;
        let with_first = self.alive.iter().filter(|p| self.brought.get(p) == first.as_ref()).count();
        self.facts.dump = first.is_some() && self.alive.len() >= 3 && with_first * 2 > self.alive.len();
        self.facts.squashed = self.squashed * 2 > self.facts.commits;
        self.facts.cut = first.or(self.facts.seen).is_some_and(|p| log.points[p as usize].cut);
        self.facts.pace = Pace::of(&mut self.work);
        self.facts.alive = self.alive;
        self.facts
    }
}
