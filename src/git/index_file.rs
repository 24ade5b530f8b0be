//! The index as git writes it to disk, read without libgit2: that one checks the whole file's hash and builds maps, which takes as
//! long as all the rest of a hook. Only what `gitformat-index(5)` calls versions 2 and 3 is known here; of anything else nothing
//! is said, and libgit2 is asked.

use super::tree::{Entry, Mode};
use super::{ObjectId, Staged};
use bstr::{BStr, BString, ByteSlice};
use std::collections::BTreeMap;
use std::io::Read;
use std::ops::Range;

/// Reads an index file of so many bytes; none where it is in a form that is not known here (a split or sparse index, version 4), or is
/// broken. Its entries are read in parts: to have the memory for all of them from the system takes longer than to read them.
pub(super) fn read(file: impl Read, length: usize) -> Option<Staged> {
    let mut file = Parts { file, bytes: vec![0; PART], unread: 0..0, is_whole: false };
    file.more()?;
    let (version, many) = start(&mut Bytes(file.unread()))?;
    file.unread.start += 12;
    // There can't be more than there is room for.
    let room = usize::try_from(many).ok()?.min(length / 62);
    let mut staged = Staged { entries: Vec::with_capacity(room), ..Staged::default() };
    for _ in 0..many {
        let (item, length) = loop {
            let mut rest = Bytes(file.unread());
            if let Some(item) = item(&mut rest, version) {
                break (item, file.unread.len() - rest.0.len());
            }
            file.more()?;
        };
        if item.stage() != 0 {
            if staged.conflicts.last().is_none_or(|last| last != item.path) {
                staged.conflicts.push(item.path.into());
            }
        } else if !item.is_intended()
            && let Some(mode) = Mode::from_bits(item.mode())
        {
            staged.entries.push(Entry { path: item.path.into(), mode, id: item.id() });
        }
        file.unread.start += length;
    }
    while !file.is_whole {
        file.more()?;
    }
    let rest = file.unread();
    let mut rest = Bytes(&rest[..rest.len().checked_sub(SUM)?]);
    while !rest.0.is_empty() {
        let name = rest.take(4)?;
        let length = usize::try_from(rest.number()?).ok()?;
        let content = rest.take(length)?;
        match name {
            b"TREE" => trees(&mut Bytes(content), &BString::default(), DEEPEST, &mut staged.trees)?,
            // What starts with a capital changes nothing of what the entries say.
            [b'A'..=b'Z', ..] => {}
            _ => return None,
        }
    }
    Some(staged)
}

/// One entry as it stands in the file.
pub(super) struct Item<'a> {
    fixed: &'a [u8],
    extended: u16,
    pub(super) path: &'a BStr,
}

const EXTENDED: u16 = 1 << 14;
const INTENT_TO_ADD: u16 = 1 << 13;
const ASSUME_VALID: u16 = 1 << 15;

impl Item<'_> {
    /// The `at`-th number: change time (seconds, nanoseconds), modification time, device, inode, mode, owner, group, size.
    pub(super) fn number(&self, at: usize) -> u32 {
        let bytes = self.fixed[at * 4..].first_chunk().copied();
        bytes.map_or(0, u32::from_be_bytes)
    }

    pub(super) fn mode(&self) -> u32 {
        self.number(6)
    }

    pub(super) fn id(&self) -> ObjectId {
        let mut id = [0; 20];
        id.copy_from_slice(&self.fixed[40..60]);
        ObjectId::from_bytes(id)
    }

    fn flags(&self) -> u16 {
        u16::from(self.fixed[60]) << 8 | u16::from(self.fixed[61])
    }

    fn stage(&self) -> u16 {
        self.flags() >> 12 & 3
    }

    fn is_intended(&self) -> bool {
        self.extended & INTENT_TO_ADD != 0
    }

    /// Whether it is a plain part of the next commit, and git looks at its file.
    pub(super) fn is_plain(&self) -> bool {
        self.stage() == 0 && self.extended == 0 && self.flags() & ASSUME_VALID == 0
    }
}

/// The checksum at the end of the file.
const SUM: usize = 20;
/// A file is read in parts of so many bytes.
const PART: usize = 64 << 10;

/// A file that is read in parts.
struct Parts<R> {
    file: R,
    bytes: Vec<u8>,
    /// Which of them were not looked at.
    unread: Range<usize>,
    /// Whether there are no more.
    is_whole: bool,
}

impl<R: Read> Parts<R> {
    fn unread(&self) -> &[u8] {
        &self.bytes[self.unread.clone()]
    }

    /// Reads on, keeping what was not looked at; none where there is no more, or the disk refuses.
    fn more(&mut self) -> Option<()> {
        if self.is_whole {
            return None;
        }
        self.bytes.copy_within(self.unread.clone(), 0);
        self.unread = 0..self.unread.len();
        if self.unread.end == self.bytes.len() {
            self.bytes.resize(self.bytes.len() * 2, 0);
        }
        while !self.is_whole && self.unread.end < self.bytes.len() {
            let read = self.file.read(&mut self.bytes[self.unread.end..]).ok()?;
            self.unread.end += read;
            self.is_whole = read == 0;
        }
        Some(())
    }
}

/// The version of an index and how many entries it has, where it is one that is known here.
fn start(rest: &mut Bytes<'_>) -> Option<(u32, u32)> {
    let is_index = rest.take(4)? == b"DIRC";
    let version = rest.number().filter(|version| is_index && matches!(version, 2 | 3))?;
    Some((version, rest.number()?))
}

/// Hands out every entry, sorted by path; gives what stands behind them. None as for [`read`], and where `take` gives none.
fn each<'a>(bytes: &'a [u8], mut take: impl FnMut(Item<'a>) -> Option<()>) -> Option<Bytes<'a>> {
    let mut rest = Bytes(bytes.get(..bytes.len().checked_sub(SUM)?)?);
    let (version, many) = start(&mut rest)?;
    for _ in 0..many {
        take(item(&mut rest, version)?)?;
    }
    Some(rest)
}

/// The entries that are `wanted` by their paths, where all extensions are ones that change nothing of what entries say; as [`read`].
pub(super) fn items<'a>(bytes: &'a [u8], wanted: &dyn Fn(&BStr) -> bool) -> Option<Vec<Item<'a>>> {
    let mut items = Vec::new();
    let mut rest = each(bytes, |item| {
        if wanted(item.path) {
            items.push(item);
        }
        Some(())
    })?;
    while !rest.0.is_empty() {
        let is_harmless = rest.take(4)?[0].is_ascii_uppercase();
        let length = usize::try_from(rest.number()?).ok()?;
        rest.take(length).filter(|_| is_harmless)?;
    }
    Some(items)
}

fn item<'a>(rest: &mut Bytes<'a>, version: u32) -> Option<Item<'a>> {
    let fixed = rest.take(62)?;
    let mut item = Item { fixed, extended: 0, path: BStr::new("") };
    let mut length = 62;
    if item.flags() & EXTENDED != 0 {
        if version < 3 {
            return None;
        }
        item.extended = u16::from_be_bytes(rest.take(2)?.try_into().ok()?);
        length += 2;
    }
    // The length is cut off at twelve bits; the name ends with a NUL in any case.
    let name = match usize::from(item.flags() & 0xfff) {
        0xfff => rest.0.iter().position(|b| *b == 0)?,
        short => short,
    };
    item.path = rest.take(name)?.as_bstr();
    // One to eight NULs, so that the next entry starts at a multiple of eight.
    let padding = 8 - (length + name) % 8;
    (rest.take(padding)?.iter().fold(0, |any, byte| any | byte) == 0).then_some(item)
}

/// Directories in directories; no path that a system takes has more.
const DEEPEST: usize = 2048;

/// The cache of trees: a directory, then those in it. An entry count of -1 says that the directory has changed since.
fn trees(rest: &mut Bytes<'_>, above: &BString, deepest: usize, known: &mut BTreeMap<BString, ObjectId>) -> Option<()> {
    let deepest = deepest.checked_sub(1)?;
    let mut path = above.clone();
    let name = rest.until(0)?;
    if !path.is_empty() && !name.is_empty() {
        path.push(b'/');
    }
    path.extend_from_slice(name);
    let count = rest.until(b' ')?;
    let below: usize = std::str::from_utf8(rest.until(b'\n')?).ok()?.parse().ok()?;
    if !count.starts_with(b"-") {
        known.insert(path.clone(), ObjectId::from_bytes(rest.take(20)?.try_into().ok()?));
    }
    (0..below).try_for_each(|_| trees(rest, &path, deepest, known))
}

/// What is left to read.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u32> {
        Some(u32::from_be_bytes(self.take(4)?.try_into().ok()?))
    }

    /// What stands before the next `end`, which is passed over.
    fn until(&mut self, end: u8) -> Option<&'a [u8]> {
        let at = self.0.iter().position(|b| *b == end)?;
        let taken = self.take(at)?;
        self.take(1)?;
        Some(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::git::subtree_id;
    use proptest::prelude::*;

    /// What libgit2 and this file read of an index with these paths, and of the same after `change`.
    fn both(
        paths: &[Vec<u8>],
        change: impl Fn(&git2::Repository, &mut git2::Index),
    ) -> (Staged, Option<Staged>, Vec<u8>) {
        let directory = tempfile::tempdir().unwrap();
        let repo = git2::Repository::init(directory.path()).unwrap();
        let mut index = repo.index().unwrap();
        for path in paths {
            let id = repo.blob(path).unwrap();
            index.add(&entry(path, id, 0)).unwrap();
        }
        change(&repo, &mut index);
        index.write().unwrap();
        let bytes = std::fs::read(directory.path().join(".git/index")).unwrap();
        (Staged::read(&index), read(&bytes), bytes)
    }

    /// A file that never gives more than a few bytes at once.
    struct Drops<'a>(&'a [u8]);

    impl Read for Drops<'_> {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            let few = into.len().min(7);
            self.0.read(&mut into[..few])
        }
    }

    /// What is read of these bytes; where they are cut into parts has no say in it.
    fn read(bytes: &[u8]) -> Option<Staged> {
        let whole = super::read(bytes, bytes.len());
        assert_eq!(super::read(Drops(bytes), bytes.len()), whole);
        whole
    }

    fn entry(path: &[u8], id: git2::Oid, flags_extended: u16) -> git2::IndexEntry {
        let time = git2::IndexTime::new(0, 0);
        let path = path.to_vec();
        let mode = [0o100_644, 0o100_755, 0o120_000][path.len() % 3];
        git2::IndexEntry {
            ctime: time,
            mtime: time,
            dev: 0,
            ino: 0,
            mode,
            uid: 0,
            gid: 0,
            file_size: 0,
            id,
            flags: 0,
            flags_extended,
            path,
        }
    }

    fn plain(paths: &[&str]) -> Vec<Vec<u8>> {
        paths.iter().map(|p| p.as_bytes().to_vec()).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn it_reads_what_libgit2_reads(
            paths in prop::collection::btree_set("[a-c]{1,9}(/[a-c\u{e9}]{1,9}){0,3}", 0..40),
        ) {
            // No file where another path has a directory.
            let clash = |p: &String| paths.iter().any(|q| q.starts_with(&format!("{p}/")));
            let paths: Vec<Vec<u8>> = paths.iter().filter(|p| !clash(p)).map(|p| p.clone().into_bytes()).collect();
            let (theirs, ours, _) = both(&paths, |_, index| _ = index.write_tree().unwrap());
            let ours = ours.unwrap();
            prop_assert_eq!(&ours.entries, &theirs.entries);
            prop_assert_eq!(ours.trees.contains_key(b"".as_bstr()), !paths.is_empty() || ours.trees.len() == 1);
            for (path, id) in ours.trees.iter().filter(|(path, _)| !path.is_empty()) {
                prop_assert_eq!(Some(*id), subtree_id(&ours.entries, path.as_bstr()), "{}", path);
            }
        }
    }

    #[test]
    fn a_directory_that_has_changed_has_no_tree() {
        let (_, ours, _) = both(&plain(&["a/b/c", "d/e"]), |repo, index| {
            index.write_tree().unwrap();
            index.add(&entry(b"a/b/x", repo.blob(b"x").unwrap(), 0)).unwrap();
        });
        let known: Vec<String> = ours.unwrap().trees.keys().map(ToString::to_string).collect();
        assert_eq!(known, ["d"]);
    }

    #[test]
    fn what_is_only_intended_and_what_is_in_conflict_is_told_apart() {
        let (theirs, ours, bytes) = both(&plain(&["a", "b"]), |repo, index| {
            let id = repo.blob(b"x").unwrap();
            index.add(&entry(b"intended", id, INTENT_TO_ADD)).unwrap();
            for stage in 1..=3 {
                let conflict = git2::IndexEntry { flags: stage << 12, ..entry(b"torn", id, 0) };
                index.add(&conflict).unwrap();
            }
        });
        assert_eq!(bytes[7], 3, "the version with extended flags");
        let ours = ours.unwrap();
        assert_eq!((ours.entries, ours.conflicts), (theirs.entries, theirs.conflicts.clone()));
        assert_eq!(theirs.conflicts, ["torn"]);
    }

    #[test]
    fn a_name_longer_than_its_length_field_is_read_whole() {
        let long = [b"d/".to_vec(), vec![b'n'; 4500]].concat();
        let (theirs, ours, _) = both(&[b"a".to_vec(), long], |_, _| {});
        assert_eq!(ours.unwrap().entries, theirs.entries);
    }

    #[test]
    fn an_index_of_several_parts_is_read_whole() {
        let paths: Vec<Vec<u8>> =
            (0..1500).map(|n| format!("d{}/{}{n}", n % 7, "n".repeat(n % 97)).into_bytes()).collect();
        let (theirs, ours, bytes) = both(&paths, |_, index| _ = index.write_tree().unwrap());
        assert!(bytes.len() > 2 * PART);
        let ours = ours.unwrap();
        assert_eq!((ours.entries, ours.trees.len()), (theirs.entries, 8));
    }

    #[test]
    fn of_a_form_that_it_does_not_know_and_of_half_a_file_it_says_nothing() {
        let (_, ours, whole) = both(&plain(&["a/b", "c"]), |_, index| _ = index.write_tree().unwrap());
        assert!(ours.is_some());
        let form = |at: usize, byte: u8| {
            let mut bytes = whole.clone();
            bytes[at] = byte;
            read(&bytes)
        };
        assert_eq!(form(7, 4), None, "version 4");
        let tree = whole.find(b"TREE").unwrap();
        assert_eq!(form(tree, b't'), None, "an extension that changes what entries mean");
        for length in 0..whole.len() {
            // Cut behind the entries it holds all of them; what git had cached besides is then lost.
            let entries = read(&whole[..length]).map(|staged| staged.entries);
            assert!(entries.is_none() || entries == ours.as_ref().map(|o| o.entries.clone()), "{length} bytes");
        }
    }
}
