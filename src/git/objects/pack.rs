//! Objects read from packs without libgit2: no lock between threads, no check of hashes (zlib's own checksum still counts), and
//! what deltas are based on kept for the next one. Whatever is unusual is none here, and libgit2 is asked instead.

use super::delta;
use super::index::Index;
use super::slots::Slots;
use super::window::{BLOCK, Shared, Windows};
use crate::git::ObjectId;
use libdeflater::{DecompressionError, Decompressor};
use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

/// What an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::git) enum Kind {
    Commit,
    Tree,
    Blob,
    Tag,
}

/// One pack, opened. It can be read by several threads at once.
pub(super) struct Pack {
    pub(super) file: File,
    /// Where its objects end.
    pub(super) end: u64,
    /// Of a small pack the blocks, each read once for all readers; none of a large one.
    pub(super) blocks: Vec<Shared>,
    index: Index,
}

/// Of packs up to this size all is kept that was read.
const SMALL: u64 = 16 << 20;
/// Larger objects are libgit2's.
const LARGE: usize = 16 << 20;
/// How far a chain of deltas may lead.
const CHAIN: usize = 4096;
/// The bytes of what deltas are based on that a reader keeps, and one that reads each object once.
pub(super) const HELD: usize = 32 << 20;
pub(super) const HELD_ONCE: usize = 1 << 20;
/// For so many bytes there is a place.
const EACH: usize = 2 << 10;

/// Every pack of a store that can be read here.
pub(super) fn open(objects: &Path) -> Vec<Pack> {
    let Ok(items) = fs::read_dir(objects.join("pack")) else { return Vec::new() };
    let mut paths: Vec<_> = items.flatten().map(|item| item.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|e| e == "idx"));
    paths.sort();
    let mut packs: Vec<Pack> = paths.iter().filter_map(|path| Pack::open(path)).collect();
    packs.sort_by_key(|pack| std::cmp::Reverse(pack.end));
    packs
}

impl Pack {
    fn open(index: &Path) -> Option<Pack> {
        let file = File::open(index.with_extension("pack")).ok()?;
        let length = file.metadata().ok()?.len();
        let index = Index::new(File::open(index).ok()?)?;
        let mut magic = [0; 8];
        std::os::unix::fs::FileExt::read_exact_at(&file, &mut magic, 0).ok()?;
        let end = length.checked_sub(20)?;
        let many = if end <= SMALL { usize::try_from(end.div_ceil(BLOCK)).ok()? } else { 0 };
        let blocks = (0..many).map(|_| Shared::default()).collect();
        (magic == *b"PACK\0\0\0\x02").then_some(Pack { file, end, blocks, index })
    }
}

type Place = (usize, u64);
/// An object's kind and its bytes.
pub(in crate::git) type Object = (Kind, Arc<Vec<u8>>);

/// Reads from packs that it shares with others; what it remembers is its own.
pub(super) struct Reader {
    packs: Arc<Vec<Pack>>,
    /// The pack in which the last object was.
    last: usize,
    windows: Windows,
    inflate: Inflate,
    bases: Slots<Place, Kind>,
    /// Deltas whose bases are looked for, and the space of those that are done.
    deltas: Vec<(Place, Vec<u8>)>,
    spare: Vec<Vec<u8>>,
}

impl Reader {
    /// One that keeps up to `most` bytes of what deltas are based on.
    pub(super) fn new(packs: Arc<Vec<Pack>>, most: usize) -> Reader {
        let bases = Slots::new(most / EACH, most);
        let (windows, inflate) = (Windows::new(), Inflate::new());
        Reader { packs, last: 0, windows, inflate, bases, deltas: Vec::new(), spare: Vec::new() }
    }

    /// The object called `id`; none where no pack has it in a form that is known here.
    pub(super) fn read(&mut self, id: ObjectId) -> Option<Object> {
        let at = |pack: usize| Some((pack, self.packs.get(pack)?.index.offset(id)?));
        let place = at(self.last).or_else(|| (0..self.packs.len()).filter(|p| *p != self.last).find_map(at))?;
        self.last = place.0;
        let object = self.resolve(place);
        self.spare.extend(self.deltas.drain(..).map(|(_, delta)| delta));
        object
    }

    /// The object at a place: what its deltas are based on first, then one after the other.
    fn resolve(&mut self, place: Place) -> Option<Object> {
        let mut at = place;
        let (kind, mut data) = loop {
            if let Some(object) = self.bases.get(hash(at), at) {
                break object;
            }
            let pack = self.packs.get(at.0)?;
            let header = Header::read(self.windows.bytes(pack, at.0, at.1, Header::LONGEST)?)?;
            if header.size > LARGE || self.deltas.len() > CHAIN {
                return None;
            }
            let compressed = self.windows.bytes(pack, at.0, at.1, header.length + bound(header.size))?;
            let compressed = compressed.get(header.length..)?;
            let base = match header.form {
                Form::Whole(kind) => {
                    let mut content = Vec::new();
                    self.inflate.take(compressed, header.size, &mut content)?;
                    let content = Arc::new(content);
                    if kind == Kind::Tree || !self.deltas.is_empty() {
                        self.bases.put(hash(at), at, kind, &content);
                    }
                    break (kind, content);
                }
                Form::After(distance) => at.1.checked_sub(distance).filter(|_| distance > 0)?,
                Form::Upon(id) => pack.index.offset(id)?,
            };
            let mut delta = self.spare.pop().unwrap_or_default();
            self.inflate.take(compressed, header.size, &mut delta)?;
            self.deltas.push((at, delta));
            at = (at.0, base);
        };
        while let Some((at, delta)) = self.deltas.pop() {
            data = Arc::new(delta::apply(&data, &delta, LARGE)?);
            self.bases.put(hash(at), at, kind, &data);
            self.spare.push(delta);
        }
        Some((kind, data))
    }
}

fn hash(place: Place) -> usize {
    let mixed = (place.1 ^ (place.0 as u64) << 48).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    usize::try_from(mixed >> 32).unwrap_or(0)
}

enum Form {
    Whole(Kind),
    /// A delta upon what lies this many bytes before it.
    After(u64),
    /// A delta upon an object of the same pack.
    Upon(ObjectId),
}

/// What stands before an object's compressed bytes.
struct Header {
    form: Form,
    /// The size of what is compressed.
    size: usize,
    length: usize,
}

impl Header {
    const LONGEST: usize = 32;

    fn read(bytes: &[u8]) -> Option<Header> {
        let mut rest = bytes.iter();
        let mut byte = *rest.next()?;
        let form = byte >> 4 & 7;
        let mut size = u64::from(byte & 15);
        let mut shift = 4;
        while byte & 0x80 != 0 {
            byte = *rest.next()?;
            size |= u64::from(byte & 0x7f).checked_shl(shift).filter(|_| shift < 57)?;
            shift += 7;
        }
        let form = match form {
            1 => Form::Whole(Kind::Commit),
            2 => Form::Whole(Kind::Tree),
            3 => Form::Whole(Kind::Blob),
            4 => Form::Whole(Kind::Tag),
            6 => {
                byte = *rest.next()?;
                let mut distance = u64::from(byte & 0x7f);
                while byte & 0x80 != 0 {
                    byte = *rest.next()?;
                    distance = distance.checked_add(1)?.checked_mul(128)? | u64::from(byte & 0x7f);
                }
                Form::After(distance)
            }
            7 => {
                let id: [u8; 20] = rest.as_slice().get(..20)?.try_into().ok()?;
                rest.nth(19);
                Form::Upon(ObjectId::from_bytes(id))
            }
            _ => return None,
        };
        Some(Header { form, size: usize::try_from(size).ok()?, length: bytes.len() - rest.as_slice().len() })
    }
}

/// The most bytes that zlib needs for this many.
fn bound(size: usize) -> usize {
    size + (size >> 8) + 64
}

/// What a zlib stream of unknown size holds.
pub(super) enum Inflated {
    Whole(Vec<u8>),
    /// Too much to be held here.
    Large,
    Broken,
}

/// What is in a zlib stream of unknown size.
pub(super) fn inflate(compressed: &[u8], with: &mut Decompressor) -> Inflated {
    let mut size = compressed.len().saturating_mul(4).max(1 << 10);
    while size <= LARGE {
        let mut out = vec![0; size];
        match with.zlib_decompress(compressed, &mut out) {
            Ok(written) => {
                out.truncate(written);
                return Inflated::Whole(out);
            }
            Err(DecompressionError::InsufficientSpace) => size *= 4,
            Err(DecompressionError::BadData) => return Inflated::Broken,
        }
    }
    Inflated::Large
}

/// Two decompressors, since libdeflate makes its tables anew whenever fixed codes and codes of the block's own take turns.
struct Inflate {
    fixed: Decompressor,
    own: Decompressor,
}

impl Inflate {
    fn new() -> Inflate {
        Inflate { fixed: Decompressor::new(), own: Decompressor::new() }
    }

    /// Fills `out` with the `size` bytes that were compressed.
    fn take(&mut self, compressed: &[u8], size: usize, out: &mut Vec<u8>) -> Option<()> {
        let is_fixed = compressed.get(2)? & 6 == 2;
        let with = if is_fixed { &mut self.fixed } else { &mut self.own };
        out.resize(size, 0);
        let written = with.zlib_decompress(compressed, out).ok()?;
        (written == size).then_some(())
    }
}
