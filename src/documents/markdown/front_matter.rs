//! The block between `---` lines at the beginning of a document, as far as edits need it: its top-level `key: value` lines.

use super::{Span, trim_ending};
use bstr::ByteSlice;

/// Front matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrontMatter {
    /// All of it, both `---` lines included.
    pub span: Span,
    /// What stands between them.
    pub body: Span,
    /// Its lines `key: value` that are not indented.
    pub fields: Vec<Field>,
}

/// One `key: value` line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The line, without its ending.
    pub line: Span,
    /// Its key.
    pub key: Span,
    /// Its value as it is written, quotes included, without spaces around it and without a comment behind it; empty where there is none.
    pub value: Span,
}

/// The front matter of `source` that begins at `start` (behind a byte order mark), if there is any.
pub(super) fn find(source: &[u8], start: usize) -> Option<FrontMatter> {
    let mut lines = source.get(start..)?.lines_with_terminator();
    let first = lines.next()?;
    if trim_ending(first).trim_end() != b"---" || !first.ends_with(b"\n") {
        return None;
    }
    let body = start + first.len();
    let mut at = body;
    let mut fields = Vec::new();
    for line in lines {
        if matches!(trim_ending(line).trim_end(), b"---" | b"...") {
            return Some(FrontMatter { span: start..at + line.len(), body: body..at, fields });
        }
        fields.extend(field(trim_ending(line), at));
        at += line.len();
    }
    None
}

fn field(line: &[u8], at: usize) -> Option<Field> {
    let colon = line.find_byte(b':')?;
    let key = &line[..colon];
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    if key.is_empty() || !key.iter().copied().all(plain) || !matches!(line.get(colon + 1), None | Some(b' ' | b'\t')) {
        return None;
    }
    let rest = &line[colon + 1..];
    let value = rest.trim_start();
    let from = at + colon + 1 + (rest.len() - value.len());
    Some(Field { line: at..at + line.len(), key: at..at + colon, value: from..from + value_length(value) })
}

/// How much of the rest of a line is the value: a quoted one up to its closing quote, a plain one up to a comment.
fn value_length(rest: &[u8]) -> usize {
    if let Some(end) = closing_quote(rest) {
        return end + 1;
    }
    let end = rest.find(b" #").unwrap_or(rest.len());
    if rest.starts_with(b"#") { 0 } else { rest[..end].trim_end().len() }
}

/// Where the quote that `value` begins with is closed: past `\"` between double quotes, and past `''` between single ones.
fn closing_quote(value: &[u8]) -> Option<usize> {
    let quote = value.first().copied().filter(|b| matches!(b, b'"' | b'\''))?;
    let mut at = 1;
    loop {
        at += value.get(at..)?.find_byteset(if quote == b'"' { &b"\"\\"[..] } else { b"'" })?;
        let escape = value[at] == b'\\' || quote == b'\'' && value.get(at + 1) == Some(&quote);
        if !escape {
            return Some(at);
        }
        at += 2;
    }
}
