//! Decision records: reading them in any of their forms ([`Record`]), editing them in their own ([`edit`]), and what holds between
//! the records of a directory ([`DecisionLog`]). Text in, text out.

pub mod check;
pub mod cite;
pub mod edit;
mod log;
pub mod name;
mod read;
pub mod relation;
mod revision;
mod status;
pub mod template;

pub use log::{DecisionFile, DecisionLog, Lost};
pub use relation::Relation;
pub use revision::{Refused, Revision};
pub use status::Status;

use super::markdown::Span;

/// The form that a record is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dialect {
    /// The guide's: `# ADR 001: Title`, `## Status: Accepted`, `+` and `-` consequences.
    Mastery,
    /// The guide's other spelling: `# ADR-001: Title`.
    MasteryDash,
    /// Michael Nygard's, as adr-tools writes it: `# 1. Title`, `## Status`.
    Nygard,
    /// MADR 2 and log4brains: `# Title`, `* Status: accepted`.
    MadrBullets,
    /// MADR 3 and 4: front matter with `status:`.
    Madr,
    /// None of them.
    Other,
}

/// Where a record states its status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// `## Status: Accepted`: the words behind the colon.
    Heading(Span),
    /// `## Status` with the words on a line of their own beneath; none where only links stand there.
    Section(Option<Span>),
    /// `* Status: accepted` before the first section: the words behind the colon.
    Line(Span),
    /// `status: accepted` in the front matter: the value, quotes included.
    FrontMatter(Span),
}

impl Place {
    /// Where the words stand; none where there are none.
    pub fn offset(&self) -> Option<usize> {
        match self {
            Place::Heading(span) | Place::Line(span) | Place::FrontMatter(span) => Some(span.start),
            Place::Section(span) => span.as_ref().map(|s| s.start),
        }
    }
}

/// A decision record as it was read; spans are ranges of the bytes it was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The form that it is written in.
    pub dialect: Dialect,
    /// What its title line says, number included.
    pub heading: String,
    /// Where that stands.
    pub heading_span: Span,
    /// The number in its title line, and where its digits stand; MADR has none there.
    pub number: Option<(u64, Span)>,
    /// Its title, without a number.
    pub title: String,
    /// Its status: what it says, or `Superseded` where a link under the status says so. None where there is none to be found.
    pub status: Option<Status>,
    /// The words that state its status; none where only a link does.
    pub written: Option<String>,
    /// Where it states its status; the first one counts.
    pub places: Vec<Place>,
    /// What it says of other records.
    pub relations: Vec<Relation>,
    /// Its date, as written.
    pub date: Option<String>,
    /// Its consequences, where they are marked as good and bad.
    pub consequences: Consequences,
}

/// Consequences by their marks.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Consequences {
    /// What speaks for it: `+ …`, `- Positive: …`, `* Good, because …`.
    pub good: Vec<String>,
    /// What speaks against it: `- …`, `- Negative: …`, `* Bad, because …`.
    pub bad: Vec<String>,
    /// Where the marks stand that a formatter has changed: `+` became `-`, and `-` became `*`. Each with the mark that it was.
    #[serde(skip)]
    pub damaged: Vec<(Span, u8)>,
}

/// Why a file can't be read as a decision record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It holds nothing.
    #[error("it is empty")]
    Empty,
    /// It has no `# Title`.
    #[error("it has no title line (`# …`)")]
    NoTitle,
    /// The file itself could not be read.
    #[error("{0}")]
    File(String),
}

impl Record {
    /// Reads a record.
    ///
    /// # Errors
    /// It is empty or has no title.
    pub fn read(bytes: &[u8]) -> Result<Record, Unreadable> {
        read::record(bytes)
    }
}

#[cfg(test)]
mod tests;
