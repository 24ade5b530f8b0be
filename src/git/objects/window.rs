//! Parts of pack files in memory. A pack is read in blocks, since what is wanted next mostly lies near.

use super::pack::Pack;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

/// The bytes of a block.
pub(super) const BLOCK: u64 = 128 << 10;
/// Places for blocks; of those that share one, the last stays.
const PLACES: usize = 96;

/// A block that all readers share.
#[derive(Default)]
pub(super) struct Shared {
    /// Whether anything in it was asked for before.
    is_known: AtomicBool,
    bytes: OnceLock<Option<Vec<u8>>>,
}

/// The blocks of one reader.
pub(super) struct Windows {
    /// The pack, the number and the bytes of a block; there are no bytes before it is asked for a second time.
    places: Vec<Option<(usize, u64, Vec<u8>)>>,
    spare: Vec<u8>,
}

impl Windows {
    pub(super) fn new() -> Windows {
        Windows { places: (0..PLACES).map(|_| None).collect(), spare: Vec::new() }
    }

    /// Up to `length` bytes of a pack from `offset`; fewer where its objects end. A block is read whole when it is asked for again: who
    /// wants a few objects out of many would read all of them.
    pub(super) fn bytes<'b>(
        &'b mut self,
        pack: &'b Pack,
        number: usize,
        offset: u64,
        length: usize,
    ) -> Option<&'b [u8]> {
        let there = usize::try_from(pack.end.checked_sub(offset)?).ok()?;
        let length = length.min(there);
        let inside = usize::try_from(offset % BLOCK).ok()?;
        if (inside + length) as u64 > BLOCK {
            return self.read(pack, offset, length);
        }
        let block = offset / BLOCK;
        if let Some(shared) = pack.blocks.get(usize::try_from(block).ok()?) {
            if !shared.is_known.swap(true, Ordering::Relaxed) {
                return self.read(pack, offset, length);
            }
            let bytes = shared.bytes.get_or_init(|| fill(&pack.file, block * BLOCK, pack.end, Vec::new())).as_ref()?;
            return bytes.get(inside..inside + length);
        }
        let place = (usize::try_from(block).ok()? + number * 31) % PLACES;
        let is_known = self.places[place].as_ref().is_some_and(|(n, b, _)| (*n, *b) == (number, block));
        if !is_known {
            let mut room = self.places[place].take().map(|(_, _, bytes)| bytes).unwrap_or_default();
            room.clear();
            self.places[place] = Some((number, block, room));
            return self.read(pack, offset, length);
        }
        let (_, _, bytes) = self.places[place].as_mut()?;
        if bytes.is_empty() {
            *bytes = fill(&pack.file, block * BLOCK, pack.end, std::mem::take(bytes))?;
        }
        bytes.get(inside..inside + length)
    }

    /// Just these bytes.
    fn read(&mut self, pack: &Pack, offset: u64, length: usize) -> Option<&[u8]> {
        self.spare.resize(length, 0);
        pack.file.read_exact_at(&mut self.spare, offset).ok()?;
        Some(&self.spare)
    }
}

fn fill(file: &File, start: u64, end: u64, mut bytes: Vec<u8>) -> Option<Vec<u8>> {
    let length = usize::try_from(end.checked_sub(start)?.min(BLOCK)).ok()?;
    bytes.resize(length, 0);
    file.read_exact_at(&mut bytes, start).ok()?;
    Some(bytes)
}
