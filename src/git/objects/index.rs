//! A pack's index: where in the pack an object lies. Version 2, which git has written since 2007; of any other nothing is known.

use crate::git::ObjectId;

const HEADER: usize = 8;
const FANOUT: usize = 256 * 4;
const IDS: usize = HEADER + FANOUT;

/// The bytes of an index that look like one.
pub(super) struct Index {
    bytes: Vec<u8>,
    count: usize,
}

impl Index {
    /// None where these are not the bytes of a whole index.
    pub(super) fn new(bytes: Vec<u8>) -> Option<Index> {
        if bytes.get(..HEADER)? != b"\xfftOc\0\0\0\x02" {
            return None;
        }
        let count = word(&bytes, HEADER + 255 * 4)?;
        (bytes.len() >= count.checked_mul(28)?.checked_add(IDS + 40)?).then_some(Index { bytes, count })
    }

    /// Where the object called `id` begins in the pack; none where it is not in it.
    pub(super) fn offset(&self, id: ObjectId) -> Option<u64> {
        let wanted = id.as_bytes();
        let first = usize::from(wanted[0]);
        let mut low = if first == 0 { 0 } else { word(&self.bytes, HEADER + (first - 1) * 4)? };
        let mut high = word(&self.bytes, HEADER + first * 4)?.min(self.count);
        let key = u64::from_be_bytes(*wanted.first_chunk()?);
        while low < high {
            let middle = usize::midpoint(low, high);
            let at = IDS + middle * 20;
            let there: &[u8; 20] = self.bytes.get(at..at + 20)?.try_into().ok()?;
            // The first eight bytes nearly always decide.
            match u64::from_be_bytes(*there.first_chunk()?).cmp(&key).then_with(|| there.cmp(wanted)) {
                std::cmp::Ordering::Equal => return self.place(middle),
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// The place of the object that is the `at`-th by id; beyond two gigabytes it stands in a table of its own.
    fn place(&self, at: usize) -> Option<u64> {
        let offset = word(&self.bytes, IDS + self.count * 24 + at * 4)?;
        if offset & 0x8000_0000 == 0 {
            return u64::try_from(offset).ok();
        }
        let far = IDS + self.count * 28 + (offset & 0x7fff_ffff) * 8;
        Some(u64::from_be_bytes(self.bytes.get(far..far + 8)?.try_into().ok()?))
    }
}

fn word(bytes: &[u8], at: usize) -> Option<usize> {
    let word: [u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
    usize::try_from(u32::from_be_bytes(word)).ok()
}
