//! The one lossless Markdown core: where things stand in a document, as byte ranges into it, and edits that touch nothing else.
//!
//! [`Markdown::read`] takes any bytes (CRLF or LF, with or without a final newline, a byte order mark, invalid UTF-8) and never
//! fails: what it does not understand is simply no heading, item or link. Nothing is ever rendered back. A change is a list of
//! [`Patch`]es over the bytes that were read, put in by [`apply`]; every other byte stays as it was.

mod front_matter;
mod patch;
mod read;

pub use front_matter::{Field, FrontMatter};
pub use patch::{Overlap, Patch, apply};

use bstr::{BStr, ByteSlice};
use std::ops::Range;

/// A range of bytes of the document.
pub type Span = Range<usize>;

/// A document and where things stand in it. All lists are in the order of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Markdown<'a> {
    /// The bytes that were read; every [`Span`] is a range of them.
    pub source: &'a BStr,
    /// The block between `---` lines at its very beginning, if there is one.
    pub front_matter: Option<FrontMatter>,
    /// Headings, but for those inside quotations and list items.
    pub headings: Vec<Heading>,
    /// List items at every depth.
    pub items: Vec<Item>,
    /// Links and images.
    pub links: Vec<Link>,
    /// Definitions of link references: `[label]: destination`.
    pub definitions: Vec<Definition>,
    /// Code blocks, fenced and indented: whole, with their fences.
    pub code: Vec<Span>,
    /// Code inside a line, with its backticks.
    pub code_spans: Vec<Span>,
    /// HTML comments, `<!--` and `-->` included.
    pub comments: Vec<Span>,
}

/// A heading: `# Title`, or `Title` over a line of `=` or `-`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// Its whole lines, the last line ending included.
    pub span: Span,
    /// What it says: no marks, no spaces around it. Empty at the end of the line for `#` alone.
    pub text: Span,
}

/// One item of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// `-`, `*` or `+`; `.` or `)` for a numbered one.
    pub marker: u8,
    /// How many lists it lies in, less one.
    pub depth: usize,
    /// The index in [`Markdown::items`] of the item that it lies in.
    pub parent: Option<usize>,
    /// From its marker to the end of its last line that is not blank, line ending included; nested items are part of it.
    pub span: Span,
    /// Its own first words: what follows the marker, up to a nested list, a second paragraph or its end; no spaces around it.
    pub text: Span,
}

/// A link or an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// All of it, brackets included.
    pub span: Span,
    /// What it shows.
    pub text: Span,
    /// Where it leads, with escapes and entities resolved.
    pub destination: String,
    /// Where its destination stands: in itself, or in its definition. None for an empty destination.
    pub destination_span: Option<Span>,
    /// Whether it is an image.
    pub image: bool,
}

/// The definition of a link reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// All of it.
    pub span: Span,
    /// What links name it by.
    pub label: String,
    /// Where links to it lead.
    pub destination: String,
    /// Where its destination stands.
    pub destination_span: Option<Span>,
}

/// A heading with everything up to the next one of its level or a higher one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section<'m> {
    /// Its heading.
    pub heading: &'m Heading,
    /// All of it, its heading included.
    pub span: Span,
    /// What stands under its heading, sections below it included.
    pub body: Span,
}

impl<'a> Markdown<'a> {
    /// Finds out where things stand in `source`.
    pub fn read(source: &'a [u8]) -> Markdown<'a> {
        read::read(source)
    }

    /// The bytes of `span`.
    pub fn at(&self, span: &Span) -> &'a BStr {
        self.source.get(span.clone()).unwrap_or_default().as_bstr()
    }

    /// The section under the heading with this index.
    pub fn section(&self, index: usize) -> Option<Section<'_>> {
        let heading = self.headings.get(index)?;
        let next = self.headings[index + 1..].iter().find(|h| h.level <= heading.level);
        let end = next.map_or(self.source.len(), |h| h.span.start);
        Some(Section { heading, span: heading.span.start..end, body: heading.span.end..end })
    }

    /// Every section, those inside others too.
    pub fn sections(&self) -> impl Iterator<Item = Section<'_>> {
        (0..self.headings.len()).filter_map(|index| self.section(index))
    }

    /// The first section whose heading is of this level and satisfies `wanted`.
    pub fn find_section(&self, level: u8, wanted: impl Fn(&BStr) -> bool) -> Option<Section<'_>> {
        let index = self.headings.iter().position(|h| h.level == level && wanted(self.at(&h.text)))?;
        self.section(index)
    }

    /// The items whose beginning lies in `span`.
    pub fn items_in(&self, span: &Span) -> impl Iterator<Item = &Item> {
        let span = span.clone();
        self.items.iter().filter(move |item| span.contains(&item.span.start))
    }

    /// The links whose beginning lies in `span`.
    pub fn links_in(&self, span: &Span) -> impl Iterator<Item = &Link> {
        let span = span.clone();
        self.links.iter().filter(move |link| span.contains(&link.span.start))
    }

    /// Whether `offset` lies in code or in a comment: what stands there is quoted, not said.
    pub fn is_quoted(&self, offset: usize) -> bool {
        self.code.iter().chain(&self.code_spans).chain(&self.comments).any(|span| span.contains(&offset))
    }

    /// The lines of `span` with where each stands, without their endings.
    pub fn lines(&self, span: &Span) -> Vec<Span> {
        let mut start = span.start;
        let lines = self.at(span).lines_with_terminator().map(|line| {
            let from = start;
            start += line.len();
            from..from + trim_ending(line).len()
        });
        lines.collect()
    }

    /// The line ending of this document: that of its first line, `\n` where it has none.
    pub fn line_ending(&self) -> &'static str {
        match self.source.find_byte(b'\n') {
            Some(at) if at > 0 && self.source[at - 1] == b'\r' => "\r\n",
            _ => "\n",
        }
    }

    /// Where the line that holds `offset` begins.
    pub fn line_start(&self, offset: usize) -> usize {
        self.source[..offset.min(self.source.len())].rfind_byte(b'\n').map_or(0, |at| at + 1)
    }

    /// Where the line that holds `offset` ends, its line ending included.
    pub fn line_end(&self, offset: usize) -> usize {
        let offset = offset.min(self.source.len());
        self.source[offset..].find_byte(b'\n').map_or(self.source.len(), |at| offset + at + 1)
    }

    /// The end of the last line of `span` that is not blank, line ending included; `span.start` where all are.
    pub fn content_end(&self, span: &Span) -> usize {
        let last = self.lines(span).into_iter().rfind(|line| !self.at(line).trim().is_empty());
        last.map_or(span.start, |line| self.line_end(line.end))
    }

    /// A patch that puts `lines` in at `offset` (the beginning of a line, or the end of the document), each with this document's
    /// line ending; a last line that lacks its ending is ended first.
    pub fn insert_lines<L: AsRef<[u8]>>(&self, offset: usize, lines: impl IntoIterator<Item = L>) -> Patch {
        let ending = self.line_ending().as_bytes();
        let mut with = Vec::new();
        if offset > 0 && self.source.get(offset - 1) != Some(&b'\n') {
            with.extend_from_slice(ending);
        }
        for line in lines {
            with.extend_from_slice(line.as_ref());
            with.extend_from_slice(ending);
        }
        Patch { span: offset..offset, with }
    }
}

/// A line without its `\n` or `\r\n`.
fn trim_ending(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

#[cfg(test)]
mod tests;
