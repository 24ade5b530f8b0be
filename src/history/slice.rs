//! The part of a log that a few paths need: the commits that touched them, and who comes from whom among those.

use super::bytes::index;
use super::hashed::Map;
use super::log::{Learned, Log, Move, Point};
use bstr::{BStr, BString};
use std::rc::Rc;

/// Where more branches than these lie side by side, a part is no easier to look at than all.
const BRANCHES: usize = 32;

impl Log {
    /// The part of the first `count` commits about the paths that `holds` says yes to; none where that is no easier to look at.
    pub fn slice(&self, count: usize, holds: &dyn Fn(&BStr) -> bool) -> Option<Log> {
        let mut part = Log { people: self.people.clone(), incomplete: self.incomplete, ..Log::default() };
        let mut places = Vec::with_capacity(self.paths.len());
        for path in &self.paths {
            let is_held = holds(path.as_ref());
            places.push(is_held.then(|| index(part.paths.len())));
            part.paths.extend(is_held.then(|| path.clone()));
        }
        let mut kept: Vec<Option<u32>> = Vec::with_capacity(self.points.len());
        // Of each commit, those of the part that it comes from and no other of the part lies between.
        let mut nearest: Vec<Rc<[u32]>> = Vec::with_capacity(self.points.len());
        for point in self.points.iter().take(count) {
            let start = index(part.touches.len());
            for touch in &self.touches[point.touches.start as usize..point.touches.end as usize] {
                if let Some(path) = places[touch.path as usize] {
                    part.touches.push(super::log::Touch { path, ..*touch });
                }
            }
            let parents = match point.parents[..] {
                [one] => Rc::clone(&nearest[one as usize]),
                _ => together(&point.parents, &nearest),
            };
            if parents.len() > BRANCHES {
                return None;
            }
            let touches = start..index(part.touches.len());
            if touches.is_empty() {
                kept.push(None);
                nearest.push(parents);
                continue;
            }
            let at = index(part.points.len());
            kept.push(Some(at));
            nearest.push(Rc::new([at]));
            part.points.push(Point { parents: parents.to_vec(), touches, ..point.clone() });
        }
        let place = |point: u32| kept.get(point as usize).copied().flatten();
        part.moves = self.moves.iter().filter_map(|m| Some(Move { point: place(m.point)?, ..m.clone() })).collect();
        part.learned =
            self.learned.iter().filter_map(|l| Some(Learned { point: place(l.point)?, ..l.clone() })).collect();
        Some(part)
    }

    /// Adds the part of what came later: all of it comes from all of this.
    pub fn append(&mut self, later: Log) {
        let first = index(self.points.len());
        let start = index(self.touches.len());
        let mut is_tip = vec![true; self.points.len()];
        for parent in self.points.iter().flat_map(|p| &p.parents) {
            is_tip[*parent as usize] = false;
        }
        let tips: Vec<u32> = (0..first).filter(|at| is_tip[*at as usize]).collect();
        let mut known: Map<BString, u32> = self.paths.iter().cloned().zip(0..).collect();
        let mut places = Vec::with_capacity(later.paths.len());
        for path in later.paths {
            let next = index(self.paths.len());
            let place = *known.entry(path.clone()).or_insert(next);
            if place == next {
                self.paths.push(path);
            }
            places.push(place);
        }
        let mut people = Vec::with_capacity(later.people.len());
        for person in later.people {
            let place = self.people.iter().position(|p| *p == person).unwrap_or(self.people.len());
            if place == self.people.len() {
                self.people.push(person);
            }
            people.push(index(place));
        }
        self.touches
            .extend(later.touches.into_iter().map(|t| super::log::Touch { path: places[t.path as usize], ..t }));
        self.points.extend(later.points.into_iter().map(|point| Point {
            parents: match point.parents[..] {
                [] => tips.clone(),
                _ => point.parents.iter().map(|p| p + first).collect(),
            },
            author: people[point.author as usize],
            touches: point.touches.start + start..point.touches.end + start,
            ..point
        }));
        self.moves.extend(later.moves.into_iter().map(|m| Move { point: m.point + first, ..m }));
        self.learned.extend(later.learned.into_iter().map(|l| Learned { point: l.point + first, ..l }));
        self.incomplete |= later.incomplete;
    }
}

fn together(parents: &[u32], nearest: &[Rc<[u32]>]) -> Rc<[u32]> {
    let mut all: Vec<u32> = parents.iter().flat_map(|p| nearest[*p as usize].iter().copied()).collect();
    all.sort_unstable();
    all.dedup();
    all.into()
}

#[cfg(test)]
mod tests {
    use super::super::log::{Touch, tests::point};
    use super::*;
    use crate::git::ObjectId;

    /// A history in which commit n touched the path n % 3, the merges none.
    fn log(parents: &[&[u32]]) -> Log {
        let mut log = Log { paths: vec!["a/x".into(), "a/y".into(), "b/z".into()], ..Log::default() };
        log.people.push(super::super::people::Person { name: "Ada".into(), email: "ada@x".into() });
        for (n, parents) in (0u8..).zip(parents) {
            let start = index(log.touches.len());
            let now = Some(ObjectId::from_bytes([n; 20]));
            log.touches.extend((parents.len() < 2).then(|| Touch { path: u32::from(n % 3), was: None, now }));
            log.learned.push(Learned { point: u32::from(n), language: None });
            let touches = start..index(log.touches.len());
            log.points.push(Point { id: ObjectId::from_bytes([n; 20]), touches, ..point(parents) });
        }
        log
    }

    fn of(log: &Log, directory: &str) -> Log {
        log.slice(log.points.len(), &|path| path.starts_with(directory.as_bytes())).unwrap()
    }

    #[test]
    fn a_part_keeps_who_comes_from_whom() {
        // 0 - 1 - 3 - 5 - 6
        //   \ 2 - 4 /
        let whole = log(&[&[], &[0], &[0], &[1], &[2], &[3, 4], &[5]]);
        let part = of(&whole, "a/");
        let ids: Vec<u8> = part.points.iter().map(|p| p.id.as_bytes()[0]).collect();
        assert_eq!(ids, [0, 1, 3, 4, 6]);
        for (at, id) in (0..).zip(&ids) {
            let of_whole = whole.ancestors(u32::from(*id));
            let of_part = part.ancestors(at);
            assert!(ids.iter().enumerate().all(|(n, id)| of_part[n] == of_whole[usize::from(*id)]), "of {id}");
        }
        assert_eq!((part.paths.len(), part.learned.len(), part.touches.len()), (2, 5, 5));
        assert_eq!(of(&whole, "b/").points.len(), 1);
        assert_eq!(
            of(&whole, ""),
            Log { points: of(&whole, "").points, learned: of(&whole, "").learned, ..whole.clone() }
        );
    }

    #[test]
    fn a_part_that_grows_is_the_part_of_what_has_grown() {
        let parents: [&[u32]; 9] = [&[], &[0], &[0], &[1, 2], &[3], &[4], &[5], &[6], &[7]];
        let whole = log(&parents);
        for cut in 3..9 {
            let mut part = of(&log(&parents[..cut]), "a/");
            let mut later = whole.clone();
            later.points.drain(..cut);
            later.learned.drain(..cut);
            let gone = index(cut);
            for point in &mut later.points {
                point.parents = point.parents.iter().filter_map(|p| p.checked_sub(gone)).collect();
            }
            for learned in &mut later.learned {
                learned.point -= gone;
            }
            part.append(of(&later, "a/"));
            let expected = of(&whole, "a/");
            let touched = |log: &Log| -> Vec<(ObjectId, Vec<BString>)> {
                log.points.iter().map(|p| (p.id, log.touched(p).map(|(path, _)| path.to_owned()).collect())).collect()
            };
            assert_eq!(touched(&part), touched(&expected), "cut at {cut}");
            assert_eq!(part.learned, expected.learned, "cut at {cut}");
            let last = index(part.points.len() - 1);
            assert_eq!(part.ancestors(last), expected.ancestors(last), "cut at {cut}");
        }
    }
}
