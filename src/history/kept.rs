//! The log as bytes, to be kept beside the repository and read again. Bytes that are damaged, that another version wrote or that
//! other rules made are no log.

use super::bytes::{Rest, index, number, text};
use super::log::{Learned, Log, Move, Point, Touch};
use super::people::Person;
use crate::git::ObjectId;

const MAGIC: &[u8; 16] = b"mastery facts 1\n";
/// Magic, rules, and the checksum of what follows.
const HEADER: usize = 16 + 20 + 4;
const POINT: usize = 53;
const TOUCH: usize = 45;

/// Computes a checksum of bytes.
pub type Checksum = fn(&[u8]) -> u32;

/// The bytes of a log that `rules` made.
pub fn write(log: &Log, rules: ObjectId, checksum: Checksum) -> Vec<u8> {
    let mut out = Vec::with_capacity(HEADER + log.points.len() * (POINT + 8) + log.touches.len() * TOUCH);
    out.extend_from_slice(MAGIC);
    out.extend_from_slice(rules.as_bytes());
    out.extend_from_slice(&[0; 4]);
    let parents: usize = log.points.iter().map(|p| p.parents.len()).sum();
    let counts = [log.points.len(), parents, log.touches.len(), log.paths.len(), log.moves.len(), log.learned.len()];
    for count in counts.into_iter().chain([log.people.len()]) {
        number(&mut out, index(count));
    }
    for point in &log.points {
        write_point(&mut out, point);
    }
    for parent in log.points.iter().flat_map(|p| &p.parents) {
        number(&mut out, *parent);
    }
    for touch in &log.touches {
        number(&mut out, touch.path);
        out.push(u8::from(touch.was.is_some()) | u8::from(touch.now.is_some()) << 1);
        for side in [touch.was, touch.now] {
            out.extend_from_slice(side.unwrap_or(ObjectId::from_bytes([0; 20])).as_bytes());
        }
    }
    for path in &log.paths {
        text(&mut out, path);
    }
    for moved in &log.moves {
        number(&mut out, moved.point);
        text(&mut out, &moved.from);
        text(&mut out, &moved.to);
    }
    for learned in &log.learned {
        number(&mut out, learned.point);
        out.push(u8::from(learned.language.is_some()));
        text(&mut out, learned.language.as_ref().map_or(b"", |l| l.as_slice()));
    }
    for person in &log.people {
        text(&mut out, &person.name);
        text(&mut out, &person.email);
    }
    let sum = checksum(&out[HEADER..]);
    out[HEADER - 4..HEADER].copy_from_slice(&sum.to_le_bytes());
    out
}

fn write_point(out: &mut Vec<u8>, point: &Point) {
    out.extend_from_slice(point.id.as_bytes());
    out.extend_from_slice(&point.seconds.to_le_bytes());
    out.extend_from_slice(&point.offset.to_le_bytes());
    out.extend_from_slice(&point.committed.to_le_bytes());
    number(out, point.author);
    let flags = [point.merge, point.cut, point.counts, point.squashed, point.excused];
    out.push((0..).zip(flags).fold(0, |sum, (at, flag)| sum | u8::from(flag) << at));
    number(out, index(point.parents.len()));
    number(out, point.touches.end);
}

/// The log in `bytes`; none where they are not a whole log that these rules made.
pub fn read(bytes: &[u8], rules: ObjectId, checksum: Checksum) -> Option<Log> {
    let (header, body) = bytes.split_at_checked(HEADER)?;
    let sum = u32::from_le_bytes(header[HEADER - 4..].try_into().ok()?);
    if header[..16] != *MAGIC || header[16..36] != *rules.as_bytes() || checksum(body) != sum {
        return None;
    }
    let mut rest = Rest(body);
    let mut count = || rest.count();
    let [points, parents, touches, paths, moves, learned, people] =
        [count()?, count()?, count()?, count()?, count()?, count()?, count()?];
    let points = rest.take(points.checked_mul(POINT)?)?;
    let parents = rest.take(parents.checked_mul(4)?)?;
    let touches = rest.take(touches.checked_mul(TOUCH)?)?;
    let log = Log {
        points: read_points(points, parents, touches.len() / TOUCH, people)?,
        touches: touches.chunks_exact(TOUCH).map(|item| read_touch(item, paths)).collect::<Option<_>>()?,
        paths: (0..paths).map(|_| Some(rest.text()?.to_owned())).collect::<Option<_>>()?,
        moves: (0..moves)
            .map(|_| Some(Move { point: rest.number()?, from: rest.text()?.into(), to: rest.text()?.into() }))
            .collect::<Option<_>>()?,
        learned: (0..learned)
            .map(|_| {
                let point = rest.number()?;
                let is_named = rest.take(1)? == [1];
                let language = rest.text()?;
                Some(Learned { point, language: is_named.then(|| language.into()) })
            })
            .collect::<Option<_>>()?,
        people: (0..people)
            .map(|_| Some(Person { name: rest.text()?.into(), email: rest.text()?.into() }))
            .collect::<Option<_>>()?,
        incomplete: false,
    };
    let known = index(log.points.len());
    let points = log.moves.iter().map(|m| m.point).chain(log.learned.iter().map(|l| l.point));
    (rest.0.is_empty() && points.into_iter().all(|p| p < known)).then_some(log)
}

fn read_points(points: &[u8], parents: &[u8], touches: usize, people: usize) -> Option<Vec<Point>> {
    let mut parents = parents.chunks_exact(4).filter_map(|p| Some(u32::from_le_bytes(p.try_into().ok()?)));
    let mut start = 0;
    let mut found = Vec::with_capacity(points.len() / POINT);
    for (at, item) in (0u32..).zip(points.chunks_exact(POINT)) {
        let mut rest = Rest(item);
        let id = rest.id()?;
        let seconds = rest.long()?;
        let offset = rest.number()?.cast_signed();
        let committed = rest.long()?;
        let author = rest.number()?;
        let flags = rest.take(1)?[0];
        let count = usize::try_from(rest.number()?).ok()?;
        let until = rest.number()?;
        let own: Vec<u32> = parents.by_ref().take(count).collect();
        let is_sound = own.len() == count
            && own.iter().all(|p| *p < at)
            && until >= start
            && until as usize <= touches
            && (author as usize) < people;
        if !is_sound {
            return None;
        }
        let flag = |bit: u8| flags & 1 << bit != 0;
        found.push(Point {
            id,
            parents: own,
            seconds,
            offset,
            committed,
            author,
            merge: flag(0),
            cut: flag(1),
            counts: flag(2),
            squashed: flag(3),
            excused: flag(4),
            touches: start..until,
        });
        start = until;
    }
    (parents.next().is_none() && start as usize == touches).then_some(found)
}

fn read_touch(item: &[u8], paths: usize) -> Option<Touch> {
    let mut rest = Rest(item);
    let path = rest.number()?;
    let flags = rest.take(1)?[0];
    let (was, now) = (rest.id()?, rest.id()?);
    ((path as usize) < paths).then_some(Touch {
        path,
        was: (flags & 1 != 0).then_some(was),
        now: (flags & 2 != 0).then_some(now),
    })
}

impl Log {
    /// The points through which all of the history before them leads, and beside which nothing later leads back: up to each of
    /// them the log is what it would be if history ended there.
    pub fn narrows(&self) -> Vec<u32> {
        let mut oldest = vec![u32::MAX; self.points.len() + 1];
        for (at, point) in self.points.iter().enumerate().rev() {
            // A later root leads back to nothing.
            oldest[at] = point.parents.iter().fold(oldest[at + 1], |least, parent| least.min(*parent));
        }
        let mut heads = 0usize;
        let mut has_child = vec![false; self.points.len()];
        let mut narrows = Vec::new();
        for (at, point) in (0u32..).zip(&self.points) {
            heads += 1;
            for parent in &point.parents {
                heads -= usize::from(!std::mem::replace(&mut has_child[*parent as usize], true));
            }
            if heads == 1 && oldest[at as usize + 1] >= at {
                narrows.push(at);
            }
        }
        narrows
    }

    /// Leaves out what came after the first `count` points.
    pub fn truncate(&mut self, count: usize) {
        self.points.truncate(count);
        let touches = self.points.last().map_or(0, |p| p.touches.end as usize);
        self.touches.truncate(touches);
        let used = |most: Option<u32>| most.map_or(0, |m| m as usize + 1);
        self.paths.truncate(used(self.touches.iter().map(|t| t.path).max()));
        self.people.truncate(used(self.points.iter().map(|p| p.author).max()));
        let is_there = |point: u32| (point as usize) < count;
        self.moves.retain(|m| is_there(m.point));
        self.learned.retain(|l| is_there(l.point));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bstr::BString;

    fn sum(bytes: &[u8]) -> u32 {
        bytes.iter().fold(7, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(*byte)))
    }

    fn id(n: u8) -> ObjectId {
        ObjectId::from_bytes([n; 20])
    }

    fn point(n: u8, parents: &[u32], touches: std::ops::Range<u32>) -> Point {
        Point {
            id: id(n),
            parents: parents.to_vec(),
            seconds: -5,
            offset: -60,
            committed: i64::from(n),
            author: u32::from(n > 1),
            merge: parents.len() > 1,
            cut: false,
            counts: true,
            squashed: n == 2,
            excused: n == 1,
            touches,
        }
    }

    fn log() -> Log {
        let touch = |path, was, now| Touch { path, was, now };
        Log {
            points: vec![point(0, &[], 0..1), point(1, &[0], 1..1), point(2, &[0, 1], 1..3)],
            paths: vec!["go/main.go".into(), BString::from(b"b\xff\n".to_vec())],
            touches: vec![touch(0, None, Some(id(1))), touch(0, Some(id(1)), None), touch(1, None, Some(id(3)))],
            moves: vec![Move { point: 2, from: "".into(), to: "go".into() }],
            learned: vec![Learned { point: 1, language: None }, Learned { point: 2, language: Some("golang".into()) }],
            people: vec![
                Person { name: "Ada".into(), email: "ada@x".into() },
                Person { name: "Bob".into(), email: "".into() },
            ],
            incomplete: false,
        }
    }

    #[test]
    fn a_log_is_read_as_it_was_written() {
        assert_eq!(read(&write(&log(), id(9), sum), id(9), sum), Some(log()));
        let empty = Log::default();
        assert_eq!(read(&write(&empty, id(9), sum), id(9), sum), Some(empty));
    }

    #[test]
    fn what_is_cut_off_flipped_or_made_by_other_rules_is_no_log() {
        let bytes = write(&log(), id(9), sum);
        assert_eq!(read(&bytes, id(8), sum), None);
        for at in 0..bytes.len() {
            assert_eq!(read(&bytes[..at], id(9), sum), None, "cut off at {at}");
            let mut flipped = bytes.clone();
            flipped[at] ^= 0x10;
            assert_eq!(read(&flipped, id(9), sum), None, "flipped at {at}");
        }
    }

    #[test]
    fn bytes_whose_checksum_was_made_to_fit_make_a_sound_log_or_none() {
        let bytes = write(&log(), id(9), sum);
        for at in HEADER..bytes.len() {
            for value in [0, 1, 2, 3, 0x7f, 0xff] {
                let mut forged = bytes.clone();
                forged[at] = value;
                let right = sum(&forged[HEADER..]);
                forged[HEADER - 4..HEADER].copy_from_slice(&right.to_le_bytes());
                let Some(log) = read(&forged, id(9), sum) else { continue };
                for point in &log.points {
                    assert!(log.touched(point).count() <= log.touches.len());
                    assert!(point.parents.iter().all(|p| (*p as usize) < log.points.len()));
                }
            }
        }
    }

    #[test]
    fn history_narrows_where_one_commit_leads_to_all_before_it() {
        let shape = |parents: &[&[u32]]| {
            let points = (0u8..).zip(parents).map(|(n, p)| point(n, p, 0..0)).collect();
            Log { points, ..Log::default() }.narrows()
        };
        assert_eq!(shape(&[&[], &[0], &[1]]), [0, 1, 2]);
        assert_eq!(shape(&[&[], &[0], &[0], &[1, 2], &[3]]), [0, 3, 4], "two branches and their merge");
        assert_eq!(shape(&[&[], &[0], &[1], &[0], &[2, 3]]), [0, 4], "a branch that began before what was narrow");
        assert_eq!(shape(&[&[], &[], &[0, 1]]), [0, 2], "two roots");
        assert_eq!(shape(&[]), [0; 0]);
    }

    #[test]
    fn a_shorter_log_knows_nothing_of_what_came_later() {
        let mut shorter = log();
        shorter.truncate(2);
        let Log { points, paths, touches, moves, learned, people, .. } = shorter;
        assert_eq!((points.len(), touches.len(), paths.len(), people.len()), (2, 1, 1, 1));
        assert_eq!((moves.len(), learned.len()), (0, 1));
    }
}
