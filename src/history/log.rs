//! The log: what one walk over history leaves behind, small enough to keep. Paths are stored once; other people's code not at all.

use super::people::Person;
use crate::git::ObjectId;
use bstr::{BStr, BString, ByteSlice};
use std::ops::Range;

/// The blob of an empty file.
pub const EMPTY: ObjectId = ObjectId::from_bytes([
    0xe6, 0x9d, 0xe2, 0x9b, 0xb2, 0xd1, 0xd6, 0x43, 0x4b, 0x8b, 0x29, 0xae, 0x77, 0x5a, 0xd8, 0xc2, 0xe4, 0x8c, 0x53,
    0x91,
]);

/// One commit, without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// Its id.
    pub id: ObjectId,
    /// Its parents that are here, as indexes of [`Log::points`].
    pub parents: Vec<u32>,
    /// When it was written, in seconds since 1970.
    pub seconds: i64,
    /// The author's own offset from UTC, in minutes.
    pub offset: i32,
    /// When it was committed, in seconds since 1970.
    pub committed: i64,
    /// Who wrote it, as an index of [`Log::people`].
    pub author: u32,
    /// Whether it has several parents.
    pub merge: bool,
    /// Whether its parents are not here.
    pub cut: bool,
    /// Whether its work counts: of a learner, no bot's.
    pub counts: bool,
    /// Whether a host made it out of a pull request: the date of the work is lost.
    pub squashed: bool,
    /// Whether it says `Journal: none`.
    pub excused: bool,
    /// What it touched, as a range of [`Log::touches`].
    pub touches: Range<u32>,
}

/// One file that one commit changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Touch {
    /// The file, as an index of [`Log::paths`].
    pub path: u32,
    /// What it was before; none where it is new.
    pub was: Option<ObjectId>,
    /// What it is now; none where it is gone.
    pub now: Option<ObjectId>,
}

/// A directory whose files went elsewhere in one commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// The commit, as an index of [`Log::points`].
    pub point: u32,
    /// Where they were; empty for the root.
    pub from: BString,
    /// Where they are since.
    pub to: BString,
}

/// A learned entry in a message's trailer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Learned {
    /// The commit, as an index of [`Log::points`].
    pub point: u32,
    /// The language that it names; none where it names none.
    pub language: Option<BString>,
}

/// Everything that a walk left behind, parents before children.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Log {
    /// The commits.
    pub points: Vec<Point>,
    /// Every path that is not other people's code.
    pub paths: Vec<BString>,
    /// What commits touched.
    pub touches: Vec<Touch>,
    /// Directories that moved, in the order of the commits.
    pub moves: Vec<Move>,
    /// Entries in trailers.
    pub learned: Vec<Learned>,
    /// The authors, after `.mailmap`.
    pub people: Vec<Person>,
    /// Whether a tree that was needed is not here.
    pub incomplete: bool,
}

impl Log {
    /// What a commit touched: each file's path and change.
    pub fn touched(&self, point: &Point) -> impl Iterator<Item = (&BStr, &Touch)> {
        self.touches[point.touches.start as usize..point.touches.end as usize]
            .iter()
            .map(|t| (self.paths[t.path as usize].as_bstr(), t))
    }

    /// Every commit that `point` can reach, itself included, as a bitmap over [`Log::points`].
    pub fn ancestors(&self, point: u32) -> Vec<bool> {
        let mut reached = vec![false; self.points.len()];
        let mut pending = vec![point];
        while let Some(at) = pending.pop() {
            if !std::mem::replace(&mut reached[at as usize], true) {
                pending.extend(&self.points[at as usize].parents);
            }
        }
        reached
    }

    /// Whether `later` can reach `earlier`.
    pub fn leads_back(&self, later: u32, earlier: u32) -> bool {
        // Parents come before their children: what comes before `earlier` does not lead to it.
        let mut reached = vec![false; (later.saturating_sub(earlier)) as usize + 1];
        let mut pending = vec![later];
        while let Some(at) = pending.pop() {
            let Some(place) = at.checked_sub(earlier) else { continue };
            if place == 0 {
                return true;
            }
            if !std::mem::replace(&mut reached[place as usize], true) {
                pending.extend(&self.points[at as usize].parents);
            }
        }
        false
    }

    /// Leaves out what a template or fork brought: commits up to `baseline` count for nobody. Whether it is one of them.
    pub fn discount(&mut self, baseline: ObjectId) -> bool {
        let Some(at) = self.points.iter().position(|p| p.id == baseline) else { return false };
        let before = self.ancestors(u32::try_from(at).unwrap_or(u32::MAX));
        for (point, _) in self.points.iter_mut().zip(before).filter(|(_, is_before)| *is_before) {
            point.counts = false;
        }
        true
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A commit with these parents, of which nothing else is known.
    pub(in crate::history) fn point(parents: &[u32]) -> Point {
        Point {
            id: EMPTY,
            parents: parents.to_vec(),
            seconds: 0,
            offset: 0,
            committed: 0,
            author: 0,
            merge: parents.len() > 1,
            cut: false,
            counts: true,
            squashed: false,
            excused: false,
            touches: 0..0,
        }
    }

    #[test]
    fn a_commit_leads_back_to_its_ancestors_and_to_no_other() {
        // 0 - 1 - 3 - 5 - 6
        //   \ 2 - 4 /
        let parents: [&[u32]; 7] = [&[], &[0], &[0], &[1], &[2], &[3, 4], &[5]];
        let log = Log { points: parents.iter().map(|parents| point(parents)).collect(), ..Log::default() };
        for later in 0..7 {
            let reached = log.ancestors(later);
            for earlier in 0..=later {
                assert_eq!(log.leads_back(later, earlier), reached[earlier as usize], "{later} to {earlier}");
            }
        }
        assert!(!log.leads_back(4, 3) && log.leads_back(6, 2));
    }
}
