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

impl Change {
    pub(super) fn new(path: &[u8], old: Option<Side>, new: Option<Side>) -> Option<Change> {
        let side = |s: Option<Side>| s.and_then(|(bits, id)| Some((Mode::from_bits(bits)?, id)));
        let (old, new) = (side(old), side(new));
        (old.is_some() || new.is_some()).then(|| Change { path: path.into(), old, new })
    }
}

/// The commit in `data`; none where it is not one.
pub(super) fn commit(id: ObjectId, data: &[u8]) -> Option<Commit> {
    let end = data.find(b"\n\n").unwrap_or(data.len());
    let message = data.get(end + 2..).unwrap_or_default();
    let (mut tree, mut parents, mut author, mut committer) = (None, Vec::new(), None, None);
    for line in data[..end].lines() {
        let Some((key, value)) = line.split_once_str(" ") else { continue };
        match key {
            b"tree" if tree.is_none() => tree = hex(value),
            b"parent" => parents.extend(hex(value)),
            b"author" if author.is_none() => author = Some(signature(value)),
            b"committer" if committer.is_none() => committer = Some(signature(value)),
            _ => {}
        }
    }
    let author = author.unwrap_or_else(|| signature(b""));
    let committer = committer.unwrap_or_else(|| author.clone());
    Some(Commit { id, tree: tree?, parents, author, committer, message: message.into() })
}

/// What the graph needs of the commit in `data`: its tree and its committer's time. Its parents are appended to `parents`.
pub(super) fn outline(data: &[u8], parents: &mut Vec<ObjectId>) -> Option<(ObjectId, i64)> {
    let (mut tree, mut written) = (None, None);
    for line in data.lines() {
        if let Some(value) = line.strip_prefix(b"parent ") {
            parents.extend(hex(value));
        } else if let Some(value) = line.strip_prefix(b"tree ") {
            tree = tree.or_else(|| hex(value));
        } else if let Some(value) = line.strip_prefix(b"committer ") {
            written = Some(when(value).0);
            break;
        } else if let Some(value) = line.strip_prefix(b"author ") {
            written = Some(when(value).0);
        } else if line.is_empty() {
            break;
        }
    }
    Some((tree?, written.unwrap_or(0)))
}

pub(super) fn hex(text: &[u8]) -> Option<ObjectId> {
    let digits: &[u8; 40] = text.trim_ascii().try_into().ok()?;
    let digit = |byte: u8| (byte as char).to_digit(16).and_then(|d| u8::try_from(d).ok());
    let mut bytes = [0; 20];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(ObjectId::from_bytes(bytes))
}

/// The seconds and the offset in minutes at the end of a signature.
fn when(text: &[u8]) -> (i64, i32) {
    let when = text.rfind_byte(b'>').map_or(&b""[..], |at| &text[at + 1..]);
    let mut words = when.split_str(" ").filter(|w| !w.is_empty()).map(|w| w.to_str().unwrap_or(""));
    let seconds = words.next().map_or(0, |w| w.parse().unwrap_or(0));
    let zone: i32 = words.next().and_then(|w| w.parse().ok()).unwrap_or(0);
    (seconds, (zone / 100 * 60 + zone % 100).clamp(-1439, 1439))
}

/// `Name <email> seconds offset`; what is not there stays empty.
fn signature(text: &[u8]) -> Signature {
    let who = text.rfind_byte(b'>').map_or(text, |at| &text[..at]);
    let (name, email) = match who.find_byte(b'<') {
        Some(at) => (who[..at].trim(), &who[at + 1..]),
        None => (who.trim(), &b""[..]),
    };
    let (seconds, offset) = when(text);
    Signature { name: name.into(), email: email.into(), seconds, offset }
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
    raw: &'a [u8],
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
    let space = data.find_byte(b' ')?;
    let end = space + data[space..].find_byte(0)?;
    let id: [u8; 20] = data.get(end + 1..end + 21)?.try_into().ok()?;
    let bits = u32::from_str_radix(data[..space].to_str().ok()?, 8).ok()?;
    let item = Item { raw: &data[..end + 21], name: &data[space + 1..end], bits, id: ObjectId::from_bytes(id) };
    Some((item, &data[end + 21..]))
}

/// The entries in which two raw trees differ. A broken tree ends where it breaks.
pub(super) fn differing<'a>(old: &'a [u8], new: &'a [u8]) -> Vec<Pair<'a>> {
    let mut pairs = Vec::new();
    let start = shared(old, new);
    let (mut old, mut new) = (&old[start..], &new[start..]);
    while old != new {
        let (left, right) = (first(old), first(new));
        let side = match (&left, &right) {
            (None, None) => break,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some((l, _)), Some((r, _))) if l.raw == r.raw => {
                (old, new) = (&old[l.raw.len()..], &new[r.raw.len()..]);
                continue;
            }
            (Some((l, _)), Some((r, _))) => l.order(r),
        };
        let left = left.filter(|_| side != Ordering::Greater);
        let right = right.filter(|_| side != Ordering::Less);
        if let Some((_, rest)) = left {
            old = rest;
        }
        if let Some((_, rest)) = right {
            new = rest;
        }
        let (left, right) = (left.map(|l| l.0), right.map(|r| r.0));
        if let Some(item) = left.or(right) {
            pairs.push(Pair {
                name: item.name,
                is_tree: item.is_tree(),
                old: left.map(|l| l.side()),
                new: right.map(|r| r.side()),
            });
        }
    }
    pairs
}

/// Where the first entry begins that may differ: both trees are the same before it.
fn shared(old: &[u8], new: &[u8]) -> usize {
    const WIDE: usize = 64;
    let wide = old.chunks_exact(WIDE).zip(new.chunks_exact(WIDE)).take_while(|(l, r)| l == r).count() * WIDE;
    let same = wide + old[wide..].iter().zip(&new[wide..]).take_while(|(l, r)| l == r).count();
    let mut at = 0;
    while let Some(name) = old[at..].find_byte(0)
        && at + name + 21 <= same
    {
        at += name + 21;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let commit = commit(id(9), data.as_bytes()).unwrap();
        assert_eq!((commit.tree, commit.parents.as_slice()), (id(1), &[id(2)][..]));
        assert_eq!((commit.author.seconds, commit.author.offset), (4_294_967_295, 330));
        assert_eq!(commit.author.email, "a@b");
        assert_eq!(commit.message, "why\n\nbecause");
        assert_eq!(commit.committer.seconds, 0);
        assert!(super::commit(id(9), b"no commit").is_none());
    }

    #[test]
    fn trees_differ_where_a_name_a_mode_or_an_id_does() {
        let old = tree(&[("100644", "a", 1), ("100644", "b.txt", 2), ("40000", "b", 3), ("100644", "c", 4)]);
        let new = tree(&[("100755", "a", 1), ("100644", "b.txt", 2), ("40000", "b", 5), ("100644", "d", 4)]);
        let seen: Vec<String> = differing(&old, &new)
            .iter()
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
        let seen: Vec<bool> = differing(&old, &new).iter().map(|p| p.is_tree).collect();
        assert_eq!(seen, [false, true]);
    }

    #[test]
    fn a_broken_tree_ends_where_it_breaks() {
        let mut data = tree(&[("100644", "a", 1)]);
        data.extend_from_slice(b"100644 half\0abc");
        assert_eq!(differing(b"", &data).len(), 1);
    }
}
