//! Commits and trees as git stores them, parsed by hand. Any bytes give an answer, none a panic.

use super::{Mode, ObjectId};
use bstr::{BString, ByteSlice};
use std::cmp::Ordering;

/// Who did something, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The name, as it stands in the commit.
    pub name: BString,
    /// The e-mail address.
    pub email: BString,
    /// Seconds since 1970.
    pub seconds: i64,
    /// The writer's own offset from UTC, in minutes.
    pub offset: i32,
}

/// A commit, without its place in the graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// Its id.
    pub id: ObjectId,
    /// Its tree.
    pub tree: ObjectId,
    /// Its parents, as it names them; in a walk, those of them that are here, or that it was given instead.
    pub parents: Vec<ObjectId>,
    /// Who wrote it.
    pub author: Signature,
    /// Who committed it.
    pub committer: Signature,
    /// The whole message.
    pub message: BString,
}

/// A file that differs between two trees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its path from the repository's root.
    pub path: BString,
    /// What it was; none where it is new.
    pub old: Option<(Mode, ObjectId)>,
    /// What it is; none where it is gone.
    pub new: Option<(Mode, ObjectId)>,
}

impl Commit {
    /// One with nothing in it, to be filled.
    pub(super) fn empty() -> Commit {
        let nobody = Signature { name: BString::default(), email: BString::default(), seconds: 0, offset: 0 };
        let none = ObjectId::from_bytes([0; 20]);
        let (author, committer) = (nobody.clone(), nobody);
        Commit { id: none, tree: none, parents: Vec::new(), author, committer, message: BString::default() }
    }

    /// Becomes the commit in `data`, in the memory that it has; false where that is not one.
    pub(super) fn fill(&mut self, id: ObjectId, data: &[u8]) -> bool {
        self.id = id;
        self.parents.clear();
        let (mut tree, mut author, mut committer) = (None, None, None);
        let mut rest = data;
        while !rest.is_empty() {
            let (line, after) = rest.split_at(rest.find_byte(b'\n').unwrap_or(rest.len()));
            rest = after.get(1..).unwrap_or_default();
            if line.is_empty() {
                break;
            } else if let Some(value) = line.strip_prefix(b"parent ") {
                self.parents.extend(hex(value));
            } else if let Some(value) = line.strip_prefix(b"tree ") {
                tree = tree.or_else(|| hex(value));
            } else if let Some(value) = line.strip_prefix(b"author ") {
                author = author.or(Some(value));
            } else if let Some(value) = line.strip_prefix(b"committer ") {
                committer = committer.or(Some(value));
            }
        }
        self.author.fill(author.unwrap_or_default());
        self.committer.fill(committer.or(author).unwrap_or_default());
        self.message.clear();
        self.message.extend_from_slice(rest);
        tree.inspect(|tree| self.tree = *tree).is_some()
    }
}

/// The commit in `data`; none where it is not one.
pub(super) fn commit(id: ObjectId, data: &[u8]) -> Option<Commit> {
    let mut commit = Commit::empty();
    commit.fill(id, data).then_some(commit)
}

impl Signature {
    /// Becomes `Name <email> seconds offset`; what is not there stays empty.
    fn fill(&mut self, text: &[u8]) {
        let end = text.rfind_byte(b'>');
        let who = &text[..end.unwrap_or(text.len())];
        let (name, email) = match who.find_byte(b'<') {
            Some(at) => (&who[..at], &who[at + 1..]),
            None => (who, &b""[..]),
        };
        self.name.clear();
        self.name.extend_from_slice(trimmed(name));
        self.email.clear();
        self.email.extend_from_slice(email);
        (self.seconds, self.offset) = end.map_or((0, 0), |at| when(&text[at + 1..]));
    }
}

/// A text without what is blank at its ends: mostly nothing is, or a space.
fn trimmed(text: &[u8]) -> &[u8] {
    let text = text.trim_ascii();
    let is_plain = |end: Option<&u8>| end.is_some_and(u8::is_ascii_graphic);
    if is_plain(text.first()) && is_plain(text.last()) { text } else { text.trim() }
}

/// What leads on from the commit in `data`: its parents are appended to `parents`. False where it is not one.
pub(super) fn outline(data: &[u8], parents: &mut Vec<ObjectId>) -> bool {
    let mut lines = data.lines().take_while(|line| !line.is_empty() && !line.starts_with(b"committer "));
    let mut is_commit = false;
    for line in lines.by_ref() {
        if let Some(value) = line.strip_prefix(b"parent ") {
            parents.extend(hex(value));
        }
        is_commit |= line.strip_prefix(b"tree ").and_then(hex).is_some();
    }
    is_commit
}

pub(super) fn hex(text: &[u8]) -> Option<ObjectId> {
    let digits: &[u8; 40] = text.trim_ascii().try_into().ok()?;
    let (mut bytes, mut is_hex) = ([0; 20], true);
    for (byte, [high, low]) in bytes.iter_mut().zip(digits.as_chunks().0) {
        let (high, low) = (DIGITS[usize::from(*high)], DIGITS[usize::from(*low)]);
        is_hex &= high | low < 16;
        *byte = high << 4 | low & 15;
    }
    is_hex.then(|| ObjectId::from_bytes(bytes))
}

/// What a byte is worth as a digit of 16; 255 where it is none.
const DIGITS: [u8; 256] = {
    let mut digits = [255; 256];
    let mut n = 0;
    while n < 16 {
        digits[b"0123456789abcdef"[n as usize] as usize] = n;
        digits[b"0123456789ABCDEF"[n as usize] as usize] = n;
        n += 1;
    }
    digits
};

/// The seconds and the offset in minutes at the end of a signature.
fn when(text: &[u8]) -> (i64, i32) {
    let mut words = text.split(|b| *b == b' ').filter(|w| !w.is_empty());
    let seconds = words.next().and_then(number).unwrap_or(0);
    let zone = words.next().and_then(number).and_then(|zone| i32::try_from(zone).ok()).unwrap_or(0);
    (seconds, (zone / 100 * 60 + zone % 100).clamp(-1439, 1439))
}

/// A number, as `parse` reads it.
fn number(text: &[u8]) -> Option<i64> {
    let (sign, digits) = match text {
        [b'-', digits @ ..] => (-1, digits),
        _ => (1, text.strip_prefix(b"+").unwrap_or(text)),
    };
    let add = |sum: i64, digit: &u8| {
        let digit = i64::from(digit.checked_sub(b'0').filter(|digit| *digit < 10)?);
        sum.checked_mul(10)?.checked_add(sign * digit)
    };
    digits.iter().try_fold(0, add).filter(|_| !digits.is_empty())
}

/// The mode bits and the object of a tree's entry.
pub(super) type Side = (u32, ObjectId);

/// One name that two trees do not agree on. A directory and a file of one name are two.
pub(super) struct Pair<'a> {
    pub(super) name: &'a [u8],
    pub(super) is_tree: bool,
    pub(super) old: Option<Side>,
    pub(super) new: Option<Side>,
}

#[derive(Clone, Copy)]
pub(super) struct Item<'a> {
    pub(super) name: &'a [u8],
    pub(super) bits: u32,
    pub(super) id: ObjectId,
}

impl Item<'_> {
    fn is_tree(&self) -> bool {
        self.bits & 0o170_000 == 0o040_000
    }

    fn side(&self) -> Side {
        (self.bits, self.id)
    }

    /// Git sorts a directory as if its name ended with a slash.
    fn order(&self, other: &Item<'_>) -> Ordering {
        let key = |item: &Item<'_>, at: usize| match item.name.get(at) {
            Some(byte) => *byte,
            None if item.is_tree() => b'/',
            None => 0,
        };
        let shared = self.name.len().min(other.name.len());
        self.name[..shared].cmp(&other.name[..shared]).then_with(|| key(self, shared).cmp(&key(other, shared)))
    }
}

/// The first entry of raw tree `data`, and the rest of it.
pub(super) fn first(data: &[u8]) -> Option<(Item<'_>, &[u8])> {
    let mut bits = 0u32;
    let mut bytes = data.iter();
    loop {
        match bytes.next()? {
            b' ' => break,
            digit => bits = bits.checked_mul(8)? | u32::from(digit.checked_sub(b'0').filter(|d| *d < 8)?),
        }
    }
    let rest = bytes.as_slice();
    let (name, rest) = rest.split_at(zero(rest)?);
    let (id, rest) = rest[1..].split_first_chunk()?;
    Some((Item { name, bits, id: ObjectId::from_bytes(*id) }, rest))
}

/// What a tree itself holds, in git's order: names, modes (none for a tree) and objects.
pub type Listing = Vec<(BString, Option<Mode>, ObjectId)>;

/// What raw tree `data` holds; none where it is broken.
pub(super) fn listing(data: &[u8]) -> Option<Listing> {
    let mut found = Listing::new();
    let mut rest = data;
    while !rest.is_empty() {
        let (item, after) = first(rest)?;
        found.push((item.name.into(), Mode::from_bits(item.bits), item.id));
        rest = after;
    }
    Some(found)
}

/// The entries in which two raw trees differ, one after the other. A broken tree ends where it breaks.
pub(super) struct Differing<'a> {
    old: &'a [u8],
    new: &'a [u8],
}

impl<'a> Differing<'a> {
    pub(super) fn between(old: &'a [u8], new: &'a [u8]) -> Differing<'a> {
        Differing { old, new }
    }
}

impl<'a> Iterator for Differing<'a> {
    type Item = Pair<'a>;

    fn next(&mut self) -> Option<Pair<'a>> {
        let same = shared(self.old, self.new);
        (self.old, self.new) = (&self.old[same..], &self.new[same..]);
        let (left, right) = (first(self.old), first(self.new));
        let side = match (&left, &right) {
            (None, None) => return None,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some((l, _)), Some((r, _))) => l.order(r),
        };
        let left = left.filter(|_| side != Ordering::Greater);
        let right = right.filter(|_| side != Ordering::Less);
        if let Some((_, rest)) = left {
            self.old = rest;
        }
        if let Some((_, rest)) = right {
            self.new = rest;
        }
        let (left, right) = (left.map(|l| l.0), right.map(|r| r.0));
        let item = left.or(right)?;
        let (old, new) = (left.map(|l| l.side()), right.map(|r| r.side()));
        Some(Pair { name: item.name, is_tree: item.is_tree(), old, new })
    }
}

/// Where the first entry begins that may differ: both trees are the same before it.
fn shared(old: &[u8], new: &[u8]) -> usize {
    let same = alike(old, new);
    if same == old.len() && same == new.len() {
        return same;
    }
    let mut at = 0;
    while let Some(name) = zero(&old[at..same])
        && at + name + 21 <= same
    {
        at += name + 21;
    }
    at
}

/// The bytes that are looked at together.
const WIDE: usize = size_of::<u64>();

/// Where the first byte is that is zero. Names are short: to begin a search that is faster on long texts takes more.
fn zero(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = u64::MAX / 255;
    const HIGHEST: u64 = ONES << 7;
    let (words, rest) = bytes.as_chunks::<WIDE>();
    for (at, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        // A byte's highest bit, where it is zero; then perhaps in bytes behind it, too.
        let zeros = word.wrapping_sub(ONES) & !word & HIGHEST;
        if zeros != 0 {
            return Some(at * WIDE + zeros.trailing_zeros() as usize / 8);
        }
    }
    rest.iter().position(|byte| *byte == 0).map(|at| words.len() * WIDE + at)
}

/// How many bytes they begin with alike.
fn alike(old: &[u8], new: &[u8]) -> usize {
    const WIDER: usize = 4 * WIDE;
    let (left, right) = (old.as_chunks::<WIDER>().0, new.as_chunks::<WIDER>().0);
    let start = left.iter().zip(right).take_while(|(l, r)| l == r).count() * WIDER;
    let (old, new) = (&old[start..], &new[start..]);
    let (left, right) = (old.as_chunks::<WIDE>().0, new.as_chunks::<WIDE>().0);
    for (at, (l, r)) in left.iter().zip(right).enumerate() {
        let differ = u64::from_le_bytes(*l) ^ u64::from_le_bytes(*r);
        if differ != 0 {
            return start + at * WIDE + differ.trailing_zeros() as usize / 8;
        }
    }
    let wide = left.len().min(right.len()) * WIDE;
    start + wide + old[wide..].iter().zip(&new[wide..]).take_while(|(l, r)| l == r).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn id(n: u8) -> ObjectId {
        ObjectId::from_bytes([n; 20])
    }

    fn tree(items: &[(&str, &str, u8)]) -> Vec<u8> {
        let mut data = Vec::new();
        for (mode, name, n) in items {
            data.extend_from_slice(format!("{mode} {name}\0").as_bytes());
            data.extend_from_slice(&[*n; 20]);
        }
        data
    }

    #[test]
    fn a_commit_is_read_with_any_bytes_in_it() {
        let data = format!(
            "tree {}\nparent {}\nauthor A\x1b[31m <a@b> 4294967295 +0530\ncommitter X 1\ngpgsig -----\n tree x\n\nwhy\n\nbecause",
            id(1),
            id(2)
        );
        let mut commit = Commit::empty();
        assert!(commit.fill(id(9), data.as_bytes()));
        assert_eq!((commit.tree, commit.parents.as_slice()), (id(1), &[id(2)][..]));
        assert_eq!((commit.author.seconds, commit.author.offset), (4_294_967_295, 330));
        assert_eq!(commit.author.email, "a@b");
        assert_eq!(commit.message, "why\n\nbecause");
        assert_eq!(commit.committer.seconds, 0);
        let mut parents = Vec::new();
        assert!(outline(data.as_bytes(), &mut parents));
        assert_eq!(parents, commit.parents);
        assert!(commit.fill(id(9), b"tree 0101010101010101010101010101010101010101\n\nparent x"));
        assert_eq!(
            (commit.parents.len(), commit.author.name.len(), commit.message.as_slice()),
            (0, 0, &b"parent x"[..])
        );
        assert!(!commit.fill(id(9), b"no commit") && !outline(b"no commit", &mut parents));
    }

    proptest! {
        #[test]
        fn bytes_are_alike_as_far_as_none_differs(start in any::<Vec<u8>>(), old in any::<[u8; 3]>(), new in any::<[u8; 3]>()) {
            let [old, new] = [old, new].map(|end| [start.as_slice(), &end, &start].concat());
            let plainly = old.iter().zip(&new).take_while(|(l, r)| l == r).count();
            prop_assert_eq!(alike(&old, &new), plainly);
            prop_assert_eq!(alike(&old, &old[..plainly]), plainly);
        }

        #[test]
        fn numbers_and_names_are_what_the_standard_library_takes_them_for(number in "[-+]?[0-9]{0,20}x?", name in "[ \\t\u{b}\u{a0}]{0,2}[aé]{0,2}[ \\t\u{b}\u{a0}]{0,2}") {
            prop_assert_eq!(super::number(number.as_bytes()), number.parse().ok());
            prop_assert_eq!(trimmed(name.as_bytes()), name.trim().as_bytes());
        }

        #[test]
        fn the_first_zero_is_found(bytes in prop::collection::vec(prop_oneof![Just(0), Just(1), Just(0x80), any::<u8>()], 0..40)) {
            prop_assert_eq!(zero(&bytes), bytes.iter().position(|byte| *byte == 0));
        }

        #[test]
        fn digits_make_an_id_and_nothing_else_does(bytes in any::<[u8; 20]>(), at in 0..40_usize, other in any::<u8>()) {
            let id = ObjectId::from_bytes(bytes);
            let mut text = id.to_string().into_bytes();
            prop_assert_eq!(hex(&text.to_ascii_uppercase()), Some(id));
            text[at] = other;
            let is_padding = other.is_ascii_whitespace() && (at == 0 || at == 39);
            prop_assert_eq!(hex(&text).is_some(), other.is_ascii_hexdigit() && !is_padding);
        }
    }

    #[test]
    fn trees_differ_where_a_name_a_mode_or_an_id_does() {
        let old = tree(&[("100644", "a", 1), ("100644", "b.txt", 2), ("40000", "b", 3), ("100644", "c", 4)]);
        let new = tree(&[("100755", "a", 1), ("100644", "b.txt", 2), ("40000", "b", 5), ("100644", "d", 4)]);
        let seen: Vec<String> = Differing::between(&old, &new)
            .map(|p| {
                format!(
                    "{}{}{}",
                    p.name.as_bstr(),
                    if p.old.is_some() { "-" } else { "" },
                    if p.new.is_some() { "+" } else { "" }
                )
            })
            .collect();
        assert_eq!(seen, ["a-+", "b-+", "c-", "d+"]);
    }

    #[test]
    fn a_file_that_becomes_a_directory_is_one_gone_and_one_new() {
        let old = tree(&[("100644", "x", 1), ("100644", "x.y", 1)]);
        let new = tree(&[("100644", "x.y", 1), ("40000", "x", 2)]);
        let seen: Vec<bool> = Differing::between(&old, &new).map(|p| p.is_tree).collect();
        assert_eq!(seen, [false, true]);
    }

    #[test]
    fn a_broken_tree_ends_where_it_breaks() {
        let mut data = tree(&[("100644", "a", 1)]);
        data.extend_from_slice(b"100644 half\0abc");
        assert_eq!(Differing::between(b"", &data).count(), 1);
    }
}
