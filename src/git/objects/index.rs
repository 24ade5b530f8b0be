//! A pack's index: where in the pack an object lies. Version 2, which git has written since 2007; of any other nothing is known.
//! It is read in parts, each when it is first asked for: who wants a few objects out of a million reads little.

use crate::git::ObjectId;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::sync::OnceLock;
use std::sync::atomic::{self, AtomicU8};

const HEADER: usize = 8;
const FANOUT: usize = 256 * 4;
const IDS: usize = HEADER + FANOUT;
/// About the bytes of ids in one part.
const PART: usize = 64 << 10;
/// So many times something is looked for near where it should lie before its part is read.
const ASKED: u8 = 4;
/// So many ids to either side are read then.
const NEAR: usize = 64;
/// So many ids are looked at one after the other.
const NEIGHBOURS: usize = 256;

/// An index that looks like one. It can be asked by several threads at once.
pub(super) struct Index {
    file: File,
    count: usize,
    /// How many ids begin with a byte up to this one.
    until: Vec<usize>,
    /// What is shifted out of an id's first byte to have the number of its part.
    shift: u32,
    parts: Vec<Slot>,
}

/// Where a part will be once it is read.
#[derive(Default)]
struct Slot {
    /// How often it was asked for anything, up to [`ASKED`].
    asked: AtomicU8,
    part: OnceLock<Option<Part>>,
}

/// The ids that begin with some bytes, and where their objects lie.
struct Part {
    /// How many ids come before them.
    before: usize,
    ids: Vec<u8>,
    offsets: Vec<u8>,
}

/// What a look at a few ids tells of one.
enum Near {
    /// It is the so-and-so-many-th.
    At(usize),
    /// It is none of them, and would be.
    Nowhere,
    /// It is none of them, and may lie elsewhere.
    Beyond,
}

impl Index {
    /// None where this is not a whole index.
    pub(super) fn new(file: File) -> Option<Index> {
        let length = usize::try_from(file.metadata().ok()?.len()).ok()?;
        let head = read(&file, 0, IDS)?;
        let until: Vec<usize> = (0..256).map(|at| word(&head, HEADER + at * 4)).collect::<Option<_>>()?;
        let count = *until.last()?;
        let is_sound = head.starts_with(b"\xfftOc\0\0\0\x02")
            && until.is_sorted()
            && length >= count.checked_mul(28)?.checked_add(IDS + 40)?;
        if !is_sound {
            return None;
        }
        let many = (count * 20 / PART).clamp(1, 256).next_power_of_two();
        let parts = (0..many).map(|_| Slot::default()).collect();
        Some(Index { file, count, until, shift: 8 - many.ilog2(), parts })
    }

    /// Where the object called `id` begins in the pack; none where it is not in it.
    pub(super) fn offset(&self, id: ObjectId) -> Option<u64> {
        let wanted = id.as_bytes();
        let first = usize::from(wanted[0]);
        let number = first >> self.shift;
        let slot = self.parts.get(number)?;
        let low = if first == 0 { 0 } else { self.until[first - 1] };
        // Who asks at the same time may be counted twice or not at all.
        let asked = slot.asked.load(atomic::Ordering::Relaxed);
        if asked < ASKED {
            slot.asked.store(asked + 1, atomic::Ordering::Relaxed);
            match self.near(wanted, low, self.until[first])? {
                Near::At(at) => return self.place(word(&read(&self.file, IDS + self.count * 24 + at * 4, 4)?, 0)?),
                Near::Nowhere => return None,
                Near::Beyond => {}
            }
        }
        let part = slot.part.get_or_init(|| self.part(number)).as_ref()?;
        let at = part.find(wanted, low - part.before, self.until[first] - part.before)?;
        self.place(word(&part.offsets, at * 4)?)
    }

    /// What an entry of the table of offsets means.
    fn place(&self, offset: usize) -> Option<u64> {
        if offset & 0x8000_0000 == 0 {
            return u64::try_from(offset).ok();
        }
        // Beyond two gigabytes it stands in a table of its own.
        let far = IDS + self.count * 28 + (offset & 0x7fff_ffff) * 8;
        Some(u64::from_be_bytes(read(&self.file, far, 8)?.try_into().ok()?))
    }

    /// Looks at a few of the ids from `low` to `high`, near where `wanted` should lie; none where the file is broken.
    fn near(&self, wanted: &[u8; 20], low: usize, high: usize) -> Option<Near> {
        let guess = guess(key(wanted), low, high);
        let (start, end) = (guess.saturating_sub(NEAR).max(low), (guess + NEAR).min(high));
        let few = read(&self.file, IDS + start * 20, (end - start) * 20)?;
        let few = few.as_chunks::<20>().0;
        if let Ok(at) = few.binary_search(wanted) {
            return Some(Near::At(start + at));
        }
        let is_in_order = (start == low || few.first()? < wanted) && (end == high || few.last()? > wanted);
        Some(if is_in_order { Near::Nowhere } else { Near::Beyond })
    }

    fn part(&self, number: usize) -> Option<Part> {
        let start = number << self.shift;
        let before = if start == 0 { 0 } else { self.until[start - 1] };
        let count = self.until[start + (1 << self.shift) - 1] - before;
        let ids = read(&self.file, IDS + before * 20, count * 20)?;
        let offsets = read(&self.file, IDS + self.count * 24 + before * 4, count * 4)?;
        Some(Part { before, ids, offsets })
    }
}

impl Part {
    /// The place of an id among those from `low` to `high`, which all begin with the same byte.
    fn find(&self, wanted: &[u8; 20], low: usize, high: usize) -> Option<usize> {
        let ids = self.ids.as_chunks::<20>().0.get(low..high)?;
        // Ids are spread evenly: what is looked for lies near where it would lie then. What lies side by side is in memory together, so
        // that to look at one after the other takes less than to leap.
        let own = key(wanted);
        let guess = guess(own, 0, ids.len());
        let (before, after) = ids.split_at_checked(guess)?;
        let back = before.iter().rev().take(NEIGHBOURS).take_while(|id| key(id) >= own).count();
        let on = if back > 0 { 0 } else { after.iter().take(NEIGHBOURS).take_while(|id| key(id) < own).count() };
        let is_far = back == NEIGHBOURS || on == NEIGHBOURS;
        let first = if is_far { ids.partition_point(|id| key(id) < own) } else { guess + on - back };
        let alike = ids.get(first..)?.iter().take_while(|id| key(id) == own);
        alike.zip(low + first..).find(|(id, _)| *id == wanted).map(|(_, at)| at)
    }
}

/// What is behind an id's first byte, as far as it tells nearly all apart.
fn key(id: &[u8; 20]) -> u64 {
    id[1..].first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes))
}

/// Where an id with this key would lie from `low` to `high` if ids were spread evenly, which they nearly are.
fn guess(key: u64, low: usize, high: usize) -> usize {
    low + usize::try_from((u128::from(key) * (high - low) as u128) >> 64).unwrap_or(0)
}

/// Some bytes of a file that is known to be that long.
fn read(file: &File, at: usize, length: usize) -> Option<Vec<u8>> {
    let mut bytes = vec![0; length];
    file.read_exact_at(&mut bytes, u64::try_from(at).ok()?).ok()?;
    Some(bytes)
}

fn word(bytes: &[u8], at: usize) -> Option<usize> {
    let word: [u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
    usize::try_from(u32::from_be_bytes(word)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    /// An index of these ids, which are sorted; the n-th of them lies at 12 + n, every seventh far away.
    fn index(ids: &[[u8; 20]]) -> Vec<u8> {
        let mut bytes = b"\xfftOc\0\0\0\x02".to_vec();
        let number = |bytes: &mut Vec<u8>, n: usize| bytes.extend(u32::try_from(n).unwrap().to_be_bytes());
        for first in 0..=255 {
            number(&mut bytes, ids.partition_point(|id| id[0] <= first));
        }
        bytes.extend(ids.concat());
        bytes.resize(bytes.len() + ids.len() * 4, 0);
        for n in 0..ids.len() {
            number(&mut bytes, if n % 7 == 0 { 0x8000_0000 | (n / 7) } else { 12 + n });
        }
        for n in (0..ids.len()).step_by(7) {
            bytes.extend(far(n).to_be_bytes());
        }
        bytes.resize(bytes.len() + 40, 0);
        bytes
    }

    fn far(n: usize) -> u64 {
        (5 << 32) + n as u64
    }

    fn opened(bytes: &[u8]) -> Option<Index> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        Index::new(file)
    }

    /// Ids that are spread evenly, and some that are crowded, or differ only at their ends.
    fn ids(many: usize) -> Vec<[u8; 20]> {
        let mut number = 7u64;
        let mut ids: Vec<[u8; 20]> = (0..many)
            .map(|n| {
                let mut id = [0; 20];
                for byte in &mut id {
                    number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    *byte = number.to_be_bytes()[0];
                }
                match n % 10 {
                    0 => id[..16].fill(9),
                    1 => id[..3].fill(200),
                    _ => {}
                }
                id
            })
            .collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    #[test]
    fn every_object_of_an_index_in_many_parts_is_found_and_no_other() {
        for many in [0, 1, 20, 3000, 30_000] {
            let ids = ids(many);
            let index = opened(&index(&ids)).unwrap();
            for (n, id) in ids.iter().enumerate() {
                let place = if n % 7 == 0 { far(n) } else { 12 + n as u64 };
                assert_eq!(index.offset(ObjectId::from_bytes(*id)), Some(place), "{n} of {many}");
                let mut other = *id;
                other[19] ^= 1;
                if ids.binary_search(&other).is_err() {
                    assert_eq!(index.offset(ObjectId::from_bytes(other)), None);
                }
            }
        }
    }

    #[test]
    fn what_is_cut_or_says_more_than_it_holds_is_no_index() {
        let whole = index(&ids(50));
        for length in [0, 7, 8, 500, 1031, 1032, IDS + 50 * 28 + 39] {
            assert!(opened(&whole[..length]).is_none(), "{length}");
        }
        let mut broken = whole.clone();
        broken[HEADER + 255 * 4] = 0xff;
        assert!(opened(&broken).is_none());
        let mut unsorted = whole;
        unsorted[HEADER + 3] = 0xff;
        assert!(opened(&unsorted).is_none());
    }
}
