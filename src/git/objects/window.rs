//! Parts of pack files in memory. A pack is read in blocks, since what is wanted next mostly lies near.

use super::pack::Pack;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU8, Ordering};

/// The bytes of a block.
pub(super) const BLOCK: u64 = 128 << 10;
/// Places for blocks; of those that share one, the last stays.
const PLACES: usize = 96;

/// So many pieces of a block are read before it is read whole: who wants a few objects out of many would read all of them.
const PIECES: u8 = 6;
/// The bytes of a piece.
const PIECE: u64 = 8 << 10;

/// A block that all readers share.
#[derive(Default)]
pub(super) struct Shared {
    /// How many pieces of it were read, up to [`PIECES`].
    pieces: AtomicU8,
    bytes: OnceLock<Option<Vec<u8>>>,
}

/// A block of one reader.
struct Place {
    /// The pack, and which of its blocks.
    block: (usize, u64),
    /// How many pieces of it were read, up to [`PIECES`].
    pieces: u8,
    /// None before so many were.
    bytes: Vec<u8>,
}

/// The blocks of one reader.
pub(super) struct Windows {
    places: Vec<Option<Place>>,
    /// The last piece: its pack, where it begins, and its bytes.
    piece: (usize, u64, Vec<u8>),
}

impl Windows {
    pub(super) fn new() -> Windows {
        Windows { places: (0..PLACES).map(|_| None).collect(), piece: (0, 0, Vec::new()) }
    }

    /// Up to `length` bytes of a pack from `offset`; fewer where its objects end.
    pub(super) fn bytes<'b>(
        &'b mut self,
        pack: &'b Pack,
        number: usize,
        offset: u64,
        length: usize,
    ) -> Option<&'b [u8]> {
        let there = usize::try_from(pack.end.checked_sub(offset)?).ok()?;
        let length = length.min(there);
        if self.piece_holds(number, offset, length) {
            return self.piece(pack, number, offset, length);
        }
        let inside = usize::try_from(offset % BLOCK).ok()?;
        if (inside + length) as u64 > BLOCK {
            return self.piece(pack, number, offset, length);
        }
        let block = offset / BLOCK;
        if let Some(shared) = pack.blocks.get(usize::try_from(block).ok()?) {
            // Who comes at the same time may be counted twice or not at all.
            let pieces = shared.pieces.load(Ordering::Relaxed);
            if pieces < PIECES {
                shared.pieces.store(pieces + 1, Ordering::Relaxed);
                return self.piece(pack, number, offset, length);
            }
            let bytes = shared.bytes.get_or_init(|| fill(&pack.file, block * BLOCK, pack.end, Vec::new())).as_ref()?;
            return bytes.get(inside..inside + length);
        }
        let place = (usize::try_from(block).ok()? + number * 31) % PLACES;
        let wanted = (number, block);
        let mut found = match self.places[place].take() {
            Some(found) if found.block == wanted => found,
            other => {
                let mut bytes = other.map(|other| other.bytes).unwrap_or_default();
                bytes.clear();
                Place { block: wanted, pieces: 0, bytes }
            }
        };
        if found.pieces < PIECES {
            found.pieces += 1;
            self.places[place] = Some(found);
            return self.piece(pack, number, offset, length);
        }
        if found.bytes.is_empty() {
            found.bytes = fill(&pack.file, block * BLOCK, pack.end, found.bytes)?;
        }
        self.places[place].insert(found).bytes.get(inside..inside + length)
    }

    fn piece_holds(&self, number: usize, offset: u64, length: usize) -> bool {
        let (pack, start, bytes) = &self.piece;
        *pack == number && *start <= offset && offset + length as u64 <= start + bytes.len() as u64
    }

    /// These bytes, out of a piece that has them and is read where it is not the last one.
    fn piece(&mut self, pack: &Pack, number: usize, offset: u64, length: usize) -> Option<&[u8]> {
        if !self.piece_holds(number, offset, length) {
            let start = offset / PIECE * PIECE;
            let end = (start + PIECE).max(offset + length as u64).min(pack.end);
            let (_, _, mut bytes) = std::mem::take(&mut self.piece);
            bytes.resize(usize::try_from(end - start).ok()?, 0);
            pack.file.read_exact_at(&mut bytes, start).ok()?;
            self.piece = (number, start, bytes);
        }
        let (_, start, bytes) = &self.piece;
        let inside = usize::try_from(offset - start).ok()?;
        bytes.get(inside..inside + length)
    }
}

fn fill(file: &File, start: u64, end: u64, mut bytes: Vec<u8>) -> Option<Vec<u8>> {
    let length = usize::try_from(end.checked_sub(start)?.min(BLOCK)).ok()?;
    bytes.resize(length, 0);
    file.read_exact_at(&mut bytes, start).ok()?;
    Some(bytes)
}
