//! Trees as flat lists of entries, and the ids of their parts.

use super::ObjectId;
use bstr::{BStr, BString, ByteSlice};

/// What a tree entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// A file.
    File,
    /// A file that may be executed.
    Executable,
    /// A symbolic link; its blob holds the target.
    Link,
    /// A submodule; its id is a commit's.
    Submodule,
}

impl Mode {
    /// From the mode that git stores; none for a tree.
    pub fn from_bits(bits: u32) -> Option<Mode> {
        match bits & 0o170_000 {
            0o100_000 if bits & 0o111 != 0 => Some(Mode::Executable),
            0o100_000 => Some(Mode::File),
            0o120_000 => Some(Mode::Link),
            0o160_000 => Some(Mode::Submodule),
            _ => None,
        }
    }

    /// The mode as git writes it.
    pub fn octal(self) -> &'static str {
        match self {
            Mode::File => "100644",
            Mode::Executable => "100755",
            Mode::Link => "120000",
            Mode::Submodule => "160000",
        }
    }
}

/// One file, link or submodule of a tree or of the index.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Entry {
    /// Its path from the repository's root, with `/` between the parts.
    pub path: BString,
    /// What it is.
    pub mode: Mode,
    /// Its object.
    pub id: ObjectId,
}

/// The part of `entries` (sorted by path, as git sorts an index) that lies below the directory `at`; all of it for the root
/// (`""`).
pub fn subtree<'a>(entries: &'a [Entry], at: &BStr) -> &'a [Entry] {
    if at.is_empty() {
        return entries;
    }
    let mut prefix = at.to_vec();
    prefix.push(b'/');
    let start = entries.partition_point(|e| e.path.as_slice() < prefix.as_slice());
    let length = entries[start..].partition_point(|e| e.path.starts_with(&prefix));
    &entries[start..start + length]
}

/// The id of the tree object that would hold the part of `entries` below `at`; none where nothing lies there. Nothing is written.
///
/// `entries` are sorted by path, as git sorts an index.
pub fn subtree_id(entries: &[Entry], at: &BStr) -> Option<ObjectId> {
    let inside = subtree(entries, at);
    let skip = if at.is_empty() { 0 } else { at.len() + 1 };
    (!inside.is_empty()).then(|| tree_id(inside, skip))
}

/// The id of the tree of these entries, whose paths count from byte `skip`.
fn tree_id(entries: &[Entry], skip: usize) -> ObjectId {
    let mut content = Vec::new();
    let mut rest = entries;
    while let Some(first) = rest.first() {
        let name = &first.path[skip..];
        if let Some(slash) = name.find_byte(b'/') {
            let directory = &first.path[..=skip + slash];
            let length = rest.partition_point(|e| e.path.starts_with(directory));
            append(&mut content, "40000", &name[..slash], tree_id(&rest[..length], skip + slash + 1));
            rest = &rest[length..];
        } else {
            append(&mut content, first.mode.octal(), name, first.id);
            rest = &rest[1..];
        }
    }
    ObjectId::of("tree", &content)
}

fn append(content: &mut Vec<u8>, mode: &str, name: &[u8], id: ObjectId) {
    content.extend_from_slice(mode.as_bytes());
    content.push(b' ');
    content.extend_from_slice(name);
    content.push(0);
    content.extend_from_slice(id.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(path: &str) -> Entry {
        // The blob "hello\n".
        Entry { path: path.into(), mode: Mode::File, id: "ce013625030ba8dba906f756967f9e9ca394464a".parse().unwrap() }
    }

    #[test]
    fn a_tree_id_is_the_one_that_git_computes() {
        // git mktree over `100644 blob ce0136… a` gives this id.
        let entries = [entry("d/a"), entry("d.txt")];
        let mut sorted = entries.to_vec();
        sorted.sort();
        let id = subtree_id(&sorted, BStr::new("d")).unwrap();
        assert_eq!(id.to_string(), "0976950c1fdbcb52435a433913017bf044b3a58f");
        assert_eq!(subtree(&sorted, BStr::new("d")).len(), 1);
    }
}
