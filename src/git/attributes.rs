//! What `.gitattributes` and the configuration make of a file's bytes on their way into a work tree.

use super::{Entry, Mode, ObjectId, Repository};
use crate::failure::{Context, Failure};
use bstr::{BStr, ByteSlice};
use git2::{AttrCheckFlags, AttrValue};

/// How line ends are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineEnds {
    /// As they are.
    Kept,
    /// As CRLF.
    Crlf,
    /// As CRLF where the bytes look like text with plain line feeds.
    CrlfInText,
}

/// What happens to one file's bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversion {
    /// To its line ends.
    pub line_ends: LineEnds,
    /// Whether `$Id$` is filled in.
    pub ident: bool,
    /// What only a program outside can do: the name of a filter, or of an encoding.
    pub external: Option<String>,
}

impl Conversion {
    /// Nothing.
    pub const NONE: Conversion = Conversion { line_ends: LineEnds::Kept, ident: false, external: None };

    /// A short mark that differs where conversions do.
    pub fn mark(&self) -> String {
        let ends = match self.line_ends {
            LineEnds::Kept => "-",
            LineEnds::Crlf => "c",
            LineEnds::CrlfInText => "a",
        };
        format!("{ends}{}{}", if self.ident { "i" } else { "" }, if self.external.is_some() { "x" } else { "" })
    }

    /// The bytes of the blob `id` as a checkout would write them (but for [`Conversion::external`]).
    pub fn apply(&self, bytes: Vec<u8>, id: ObjectId) -> Vec<u8> {
        let bytes = if self.ident { fill_in(&bytes, id) } else { bytes };
        let convert = match self.line_ends {
            LineEnds::Kept => false,
            LineEnds::Crlf => has_plain_line_feed(&bytes),
            LineEnds::CrlfInText => has_plain_line_feed(&bytes) && !bytes.contains(&b'\r') && !is_binary(&bytes),
        };
        if convert { crlf(&bytes) } else { bytes }
    }
}

fn has_plain_line_feed(bytes: &[u8]) -> bool {
    bytes.iter().enumerate().any(|(i, b)| *b == b'\n' && (i == 0 || bytes[i - 1] != b'\r'))
}

fn crlf(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 20);
    for (i, b) in bytes.iter().enumerate() {
        if *b == b'\n' && (i == 0 || bytes[i - 1] != b'\r') {
            out.push(b'\r');
        }
        out.push(*b);
    }
    out
}

/// As git's `convert_is_binary` has it: a NUL, or more than one unprintable byte in 128.
fn is_binary(bytes: &[u8]) -> bool {
    let unprintable = |b: u8| matches!(b, 0..=7 | 11 | 14..=26 | 28..=31 | 127);
    let count = bytes.iter().filter(|b| unprintable(**b)).count();
    let at_end = usize::from(bytes.last() == Some(&26));
    bytes.contains(&0) || (bytes.len() - count) >> 7 < count - at_end.min(count)
}

/// `$Id$` and `$Id: …$` become `$Id: <blob>$`.
fn fill_in(bytes: &[u8], id: ObjectId) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + 48);
    let mut rest = bytes;
    while let Some(start) = rest.find(b"$Id") {
        let after = &rest[start + 3..];
        let end = match after.first() {
            Some(b'$') => Some(0),
            Some(b':') => after.find_byteset(b"$\n").filter(|e| after[*e] == b'$'),
            _ => None,
        };
        out.extend_from_slice(&rest[..start]);
        if let Some(end) = end {
            out.extend_from_slice(format!("$Id: {id} $").as_bytes());
            rest = &after[end + 1..];
        } else {
            out.extend_from_slice(b"$Id");
            rest = after;
        }
    }
    out.extend_from_slice(rest);
    out
}

/// The conversions that hold for a set of entries.
pub struct Attributes {
    /// The repository opened again, with an index that holds only the `.gitattributes` of the set; none where nothing is converted.
    aside: Option<git2::Repository>,
    crlf: bool,
}

/// Words in a `.gitattributes` without which nothing is ever converted on a machine whose line ends are LF.
const WORDS: [&[u8]; 6] = [b"crlf", b"ident", b"filter", b"working-tree-encoding", b"[attr]", b"eol"];

impl Repository {
    /// The conversions that hold for `entries`, which are all of a tree or index: their own `.gitattributes` count, not those of the
    /// work tree.
    ///
    /// # Errors
    /// The repository can't be opened a second time: kind `Missing`.
    pub fn attributes(&self, entries: &[Entry]) -> Result<Attributes, Failure> {
        let doing = || "can't read .gitattributes".to_owned();
        let crlf = self.setting("core.autocrlf").is_some_and(|v| v.eq_ignore_ascii_case("true"))
            || (self.setting("core.autocrlf").is_none_or(|v| !v.eq_ignore_ascii_case("input"))
                && self.setting("core.eol").is_some_and(|v| v.eq_ignore_ascii_case("crlf")));
        let is_one = |e: &&Entry| e.path == ".gitattributes" || e.path.ends_with(b"/.gitattributes");
        let files: Vec<&Entry> = entries.iter().filter(is_one).collect();
        let says = |bytes: &[u8]| WORDS.iter().any(|w| bytes.find(w).is_some());
        let local = std::fs::read(self.common_path("info/attributes")).unwrap_or_default();
        let matters = files.iter().any(|e| self.blob(e.id).is_some_and(|b| says(&b))) || says(&local) || crlf;
        if !matters {
            return Ok(Attributes { aside: None, crlf });
        }
        let aside = git2::Repository::open(self.git_dir()).or_missing(doing)?;
        let mut index = git2::Index::new().or_missing(doing)?;
        for entry in files {
            index.add(&index_entry(entry)).or_missing(doing)?;
        }
        aside.set_index(&mut index).or_missing(doing)?;
        Ok(Attributes { aside: Some(aside), crlf })
    }
}

impl Repository {
    /// Whether the files of the work tree at `part`, which git calls unchanged, hold just the bytes that a checkout would write. They
    /// need not, where line ends are normalised on the way in, or where `.gitattributes` changed since the files were written.
    ///
    /// # Errors
    /// As [`Repository::attributes`].
    pub fn is_as_checked_out(&self, part: &[Entry], all: &[Entry]) -> Result<bool, Failure> {
        let is_one = |e: &&Entry| e.path == ".gitattributes" || e.path.ends_with(b"/.gitattributes");
        let says = |bytes: &[u8]| bytes.find(b"text").is_some() || WORDS.iter().any(|w| bytes.find(w).is_some());
        let local = std::fs::read(self.common_path("info/attributes")).unwrap_or_default();
        let autocrlf = self.setting("core.autocrlf").is_some_and(|v| !v.eq_ignore_ascii_case("false"));
        let matters =
            autocrlf || says(&local) || all.iter().filter(is_one).any(|e| self.blob(e.id).is_some_and(|b| says(&b)));
        let Some(top) = self.work_tree().filter(|_| matters) else { return Ok(true) };
        let attributes = self.attributes(all)?;
        Ok(part.iter().filter(|e| matches!(e.mode, Mode::File | Mode::Executable)).all(|entry| {
            let conversion = attributes.of(entry.path.as_bstr());
            let here = entry.path.to_path().ok().and_then(|p| std::fs::read(top.join(p)).ok());
            let there = self.blob(entry.id).map(|bytes| conversion.apply(bytes, entry.id));
            conversion.external.is_some() || (here.is_some() && here == there)
        }))
    }
}

fn index_entry(entry: &Entry) -> git2::IndexEntry {
    let zero = git2::IndexTime::new(0, 0);
    git2::IndexEntry {
        ctime: zero,
        mtime: zero,
        dev: 0,
        ino: 0,
        mode: 0o100_644,
        uid: 0,
        gid: 0,
        file_size: 0,
        id: entry.id.raw(),
        flags: 0,
        flags_extended: 0,
        path: entry.path.to_vec(),
    }
}

impl Attributes {
    /// What happens to the bytes of the file at `path`.
    pub fn of(&self, path: &BStr) -> Conversion {
        let Some(repo) = &self.aside else { return Conversion::NONE };
        let Ok(at) = path.to_path() else { return Conversion::NONE };
        let flags = AttrCheckFlags::INDEX_ONLY | AttrCheckFlags::NO_SYSTEM;
        let value = |name: &str| AttrValue::always_bytes(repo.get_attr_bytes(at, name, flags).ok().flatten());
        let text = match value("text") {
            AttrValue::Unspecified => value("crlf"),
            text => text,
        };
        let crlf_wanted = match value("eol") {
            AttrValue::Bytes(b"crlf") => Some(true),
            AttrValue::Bytes(b"lf") => Some(false),
            _ => None,
        };
        let autocrlf = repo.config().ok().and_then(|c| c.get_string("core.autocrlf").ok());
        let line_ends = match (text, crlf_wanted) {
            (AttrValue::False | AttrValue::Bytes(b"input"), _) | (_, Some(false)) => LineEnds::Kept,
            (AttrValue::Bytes(b"auto"), wanted) if wanted.unwrap_or(self.crlf) => LineEnds::CrlfInText,
            (_, Some(true)) => LineEnds::Crlf,
            (AttrValue::True, None) if self.crlf => LineEnds::Crlf,
            (AttrValue::True | AttrValue::Bytes(_), None) => LineEnds::Kept,
            _ if autocrlf.is_some_and(|v| v.eq_ignore_ascii_case("true")) => LineEnds::CrlfInText,
            _ => LineEnds::Kept,
        };
        let filter = match value("filter") {
            AttrValue::Bytes(name) => Some(name.to_str_lossy().into_owned()).filter(|n| is_configured(repo, n)),
            _ => None,
        };
        let encoding = match value("working-tree-encoding") {
            AttrValue::Bytes(name) if !name.eq_ignore_ascii_case(b"utf-8") => Some(name.to_str_lossy().into_owned()),
            _ => None,
        };
        Conversion { line_ends, ident: value("ident") == AttrValue::True, external: filter.or(encoding) }
    }
}

/// Whether a filter would do anything on this machine.
fn is_configured(repo: &git2::Repository, filter: &str) -> bool {
    let set = |key: &str| {
        repo.config()
            .and_then(|mut c| c.snapshot()?.get_string(&format!("filter.{filter}.{key}")))
            .is_ok_and(|v| !v.is_empty())
    };
    set("smudge") || set("process")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn converted(line_ends: LineEnds, ident: bool, text: &str) -> String {
        let id = ObjectId::of_blob(b"hello\n");
        let conversion = Conversion { line_ends, ident, external: None };
        String::from_utf8(conversion.apply(text.as_bytes().to_vec(), id)).unwrap()
    }

    #[test]
    fn line_ends_become_crlf_once_and_binaries_are_left_alone() {
        assert_eq!(converted(LineEnds::Crlf, false, "a\nb\r\nc"), "a\r\nb\r\nc");
        assert_eq!(converted(LineEnds::CrlfInText, false, "a\nb\n"), "a\r\nb\r\n");
        assert_eq!(converted(LineEnds::CrlfInText, false, "a\nb\r\n"), "a\nb\r\n");
        assert_eq!(converted(LineEnds::CrlfInText, false, "a\n\0"), "a\n\0");
        assert_eq!(converted(LineEnds::Kept, false, "a\n"), "a\n");
    }

    #[test]
    fn an_ident_is_filled_in() {
        let id = "$Id: ce013625030ba8dba906f756967f9e9ca394464a $";
        assert_eq!(
            converted(LineEnds::Kept, true, "x $Id$ y $Id: old $ $Ident $Id:\n$"),
            format!("x {id} y {id} $Ident $Id:\n$")
        );
    }
}
