//! Edits of decision records, each in the record's own form. An edit patches the smallest span, reads the result again, and is an
//! error if it did not take.

use super::{Dialect, Place, Record, Relation, Status, relation};
use crate::documents::markdown::{Markdown, Overlap, Patch, Section, Span, apply};
use bstr::{BStr, ByteSlice};

/// Why an edit can't be done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// There is no status to change.
    #[error("it states no status that mastery can find")]
    NoStatus,
    /// There is no number in the title to change.
    #[error("its title has no number")]
    NoNumber,
    /// The result does not say what it should.
    #[error("the edit did not take: {0}")]
    NotTaken(&'static str),
    /// Patches that overlap.
    #[error(transparent)]
    Overlap(#[from] Overlap),
}

/// The record at the other end of a relation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Its number.
    pub number: u64,
    /// How many digits its file name gives that.
    pub width: usize,
    /// What its title line says, with its number if it has one there.
    pub heading: String,
    /// Whether there is a number in its title line.
    pub numbered: bool,
    /// Its file name.
    pub file: String,
}

impl Target {
    /// `[ADR 002: Use Postgres](002-use-postgres.md)`
    pub fn link(&self) -> String {
        let text = if self.numbered { escaped(&self.heading) } else { self.short() };
        let plain = !self.file.contains([' ', '(', ')', '<', '>']);
        let file = if plain { self.file.clone() } else { format!("<{}>", self.file) };
        format!("[{text}]({file})")
    }

    /// `ADR-0002`
    fn short(&self) -> String {
        format!("ADR-{:0w$}", self.number, w = self.width)
    }
}

/// `text` as the text of a link: brackets that would end it are escaped.
fn escaped(text: &str) -> String {
    let (mut out, mut backslash) = (String::new(), false);
    for c in text.chars() {
        if matches!(c, '[' | ']') && !backslash {
            out.push('\\');
        }
        backslash = c == '\\' && !backslash;
        out.push(c);
    }
    out
}

/// The record's bytes with another status. Where it states it twice, both are changed.
///
/// # Errors
/// It states none, or the edit did not take.
pub fn set_status(bytes: &[u8], record: &Record, status: &Status) -> Result<Vec<u8>, EditError> {
    if record.places.is_empty() {
        return Err(EditError::NoStatus);
    }
    let document = Markdown::read(bytes);
    let patches: Vec<Patch> = record.places.iter().filter_map(|place| state(&document, place, status)).collect();
    let new = apply(bytes, &patches)?;
    match reread(&new)?.written {
        Some(written) if Status::read(&written) == *status => Ok(new),
        _ => Err(EditError::NotTaken("the status is not the new one")),
    }
}

/// The patch that makes `place` state `status`.
fn state(document: &Markdown<'_>, place: &Place, status: &Status) -> Option<Patch> {
    match place {
        Place::Section(None) => {
            let section = status_section(document)?;
            let at = first_line(document, &section);
            Some(document.insert_lines(at, [status.capital().as_str(), ""]))
        }
        Place::Section(Some(span)) | Place::Heading(span) | Place::Line(span) | Place::FrontMatter(span) => {
            let old = document.at(span);
            let in_front = matches!(place, Place::FrontMatter(_));
            let lower = in_front || matches!(place, Place::Line(_));
            let word = match old.trim_with(|c| matches!(c, '"' | '\'' | '*' | '_')).chars().next() {
                Some(c) if c.is_lowercase() => status.word().to_owned(),
                None if lower => status.word().to_owned(),
                _ => status.capital(),
            };
            Some(Patch::new(span.clone(), spaced(document, span, &quoted_like(old, in_front, &word))))
        }
    }
}

/// `word` in the quotes that the old value wears.
fn quoted_like(old: &BStr, in_front: bool, word: &str) -> String {
    match old.first() {
        Some(quote @ (b'"' | b'\'')) if in_front => format!("{0}{word}{0}", char::from(*quote)),
        _ => word.to_owned(),
    }
}

/// `word` with a space before it where the label's colon stands right at the value.
fn spaced(document: &Markdown<'_>, span: &Span, word: &str) -> String {
    let glued = span.is_empty() && span.start > 0 && document.source[span.start - 1] == b':';
    if glued { format!(" {word}") } else { word.to_owned() }
}

fn status_section<'m>(document: &'m Markdown<'_>) -> Option<Section<'m>> {
    document.find_section(2, |text| {
        let lower = text.to_ascii_lowercase();
        lower == b"status" || lower.strip_prefix(b"status").is_some_and(|rest| rest.trim_start().starts_with(b":"))
    })
}

/// Where the first line under a section's heading that is not blank begins.
fn first_line(document: &Markdown<'_>, section: &Section<'_>) -> usize {
    let line = document.lines(&section.body).into_iter().find(|l| !document.at(l).trim().is_empty());
    line.map_or(section.body.end, |l| l.start)
}

/// The record's bytes with one more relation. One that is stated already changes nothing.
///
/// # Errors
/// The edit did not take.
pub fn relate(bytes: &[u8], record: &Record, name: &str, target: &Target) -> Result<Vec<u8>, EditError> {
    if states(record, name, target) {
        return Ok(bytes.to_owned());
    }
    let document = Markdown::read(bytes);
    let line = format!("{name} {}", target.link());
    let under_status = match record.dialect {
        Dialect::Madr | Dialect::MadrBullets | Dialect::Other => None,
        _ => status_section(&document),
    };
    let patch = match under_status {
        Some(section) => under(&document, &section, &line),
        None => in_links(&document, record.dialect, &line),
    };
    let new = apply(bytes, &[patch])?;
    if !states(&reread(&new)?, name, target) {
        return Err(EditError::NotTaken("the relation can't be read back"));
    }
    Ok(new)
}

/// Whether the record states this relation.
pub fn states(record: &Record, name: &str, target: &Target) -> bool {
    record.relations.iter().any(|r| relation::same(&r.name, name) && leads_to(r, target))
}

fn leads_to(relation: &Relation, target: &Target) -> bool {
    match &relation.file {
        Some(file) => *file == target.file,
        None => relation.number == Some(target.number),
    }
}

/// `line` as a paragraph of its own at the end of what stands under the status.
fn under(document: &Markdown<'_>, section: &Section<'_>, line: &str) -> Patch {
    let below = document.headings.iter().map(|h| h.span.start).find(|at| section.body.contains(at));
    let own = section.body.start..below.unwrap_or(section.body.end);
    let at = document.content_end(&own);
    let more = at < document.source.len() && !document.at(&(at..document.line_end(at))).trim().is_empty();
    document.insert_lines(at, ["", line].into_iter().chain(more.then_some("")))
}

/// `line` as an item of MADR's section for links, which is made where it is missing.
fn in_links(document: &Markdown<'_>, dialect: Dialect, line: &str) -> Patch {
    let name = if dialect == Dialect::MadrBullets { "Links" } else { "More Information" };
    let marker = document.items.iter().map(|i| i.marker).find(|m| matches!(m, b'-' | b'*' | b'+')).unwrap_or(b'*');
    let item = format!("{} {line}", char::from(marker));
    let wanted = name.to_ascii_lowercase();
    let section = document.find_section(2, |text| {
        let lower = text.to_ascii_lowercase();
        lower.starts_with(wanted.as_bytes()) || lower == b"links"
    });
    let Some(section) = section else {
        return document.insert_lines(document.source.len(), ["", &format!("## {name}"), "", &item]);
    };
    let at = document.content_end(&section.body);
    let in_list = document.items_in(&section.body).any(|i| i.depth == 0 && i.span.end == at);
    let more = at < document.source.len() && !document.at(&(at..document.line_end(at))).trim().is_empty();
    let before = (!in_list).then_some("");
    document.insert_lines(at, before.into_iter().chain([item.as_str()]).chain(more.then_some("")))
}

/// The record's bytes saying that `by` stands in its place: status and relation, in its own form. In Nygard's form as adr-tools
/// writes it (`bare`), the relation stands in the place of the word.
///
/// # Errors
/// It states no status, or the edit did not take.
pub fn supersede(bytes: &[u8], record: &Record, name: &str, by: &Target, bare: bool) -> Result<Vec<u8>, EditError> {
    if states(record, name, by) {
        return Ok(bytes.to_owned());
    }
    let new = match (record.dialect, record.places.first()) {
        (_, None) => return Err(EditError::NoStatus),
        (Dialect::Madr | Dialect::MadrBullets | Dialect::Other, Some(Place::FrontMatter(span) | Place::Line(span))) => {
            let document = Markdown::read(bytes);
            let old = document.at(span);
            let in_front = matches!(record.places.first(), Some(Place::FrontMatter(_)));
            let other = if in_front { by.short() } else { by.link() };
            let words = match Status::read(&old.to_str_lossy()) {
                Status::Superseded if record.relations.iter().any(|r| r.in_status) => {
                    format!("{}, {other}", old.trim_with(|c| matches!(c, '"' | '\'')).as_bstr())
                }
                _ => format!("superseded by {other}"),
            };
            apply(bytes, &[Patch::new(span.clone(), spaced(&document, span, &quoted_like(old, in_front, &words)))])?
        }
        (Dialect::Nygard, Some(Place::Section(words))) if bare && record.places.len() == 1 => {
            let related = relate(bytes, record, name, by)?;
            match words {
                Some(span) if Status::read(&Markdown::read(bytes).at(span).to_str_lossy()) == Status::Accepted => {
                    let document = Markdown::read(&related);
                    apply(&related, &[Patch::new(paragraph(&document, span), "")])?
                }
                _ => related,
            }
        }
        _ => {
            let stated = set_status(bytes, record, &Status::Superseded)?;
            relate(&stated, &reread(&stated)?, name, by)?
        }
    };
    let again = reread(&new)?;
    let numbered = again.relations.iter().any(|r| r.is_superseded_by() && r.number == Some(by.number));
    if again.status != Some(Status::Superseded) || !numbered {
        return Err(EditError::NotTaken("it does not say that it is superseded"));
    }
    Ok(new)
}

/// The lines of `span` with the blank line behind them.
fn paragraph(document: &Markdown<'_>, span: &Span) -> Span {
    let start = document.line_start(span.start);
    let end = document.line_end(span.end);
    let next = document.line_end(end);
    let blank = next > end && document.at(&(end..next)).trim().is_empty();
    start..if blank { next } else { end }
}

/// The record's bytes without its relations to `target` (those called `name`, or all). One that had made it superseded leaves it
/// accepted.
///
/// # Errors
/// The edit did not take.
pub fn unrelate(bytes: &[u8], record: &Record, name: Option<&str>, target: &Target) -> Result<Vec<u8>, EditError> {
    let goes = |r: &&Relation| name.is_none_or(|n| relation::same(&r.name, n)) && leads_to(r, target);
    let going: Vec<&Relation> = record.relations.iter().filter(goes).collect();
    if going.is_empty() {
        return Ok(bytes.to_owned());
    }
    let stays = record.relations.iter().any(|r| r.is_superseded_by() && !goes(&r));
    let freed = !stays && going.iter().any(|r| r.is_superseded_by());
    let document = Markdown::read(bytes);
    let patches: Vec<Patch> = going
        .iter()
        .filter(|r| !r.in_status)
        .map(|r| Patch::new(paragraph(&document, &within(&document, &r.span)), ""))
        .collect();
    let mut new = apply(bytes, &patches)?;
    if freed {
        new = set_status(&new, &reread(&new)?, &Status::Accepted)?;
    } else if let Some(value) = going.iter().find(|r| r.in_status) {
        new = drop_number(&new, &value.span, target)?;
    }
    let again = reread(&new)?;
    if again.relations.iter().any(|r| goes(&r)) {
        return Err(EditError::NotTaken("the relation is still there"));
    }
    Ok(new)
}

/// The line that `span` (with its ending) covers, without its ending.
fn within(document: &Markdown<'_>, span: &Span) -> Span {
    span.start..span.start + document.at(span).trim_end_with(|c| matches!(c, '\n' | '\r')).len()
}

/// `superseded by ADR-0002, ADR-0003` without one of them.
fn drop_number(bytes: &[u8], span: &Span, target: &Target) -> Result<Vec<u8>, EditError> {
    let Some(value) = bytes.get(span.clone()) else { return Err(EditError::NotTaken("the status has moved")) };
    let text = value.to_str_lossy();
    let kept: Vec<&str> = text.split(',').filter(|part| !part.contains(&target.short())).collect();
    let mut joined = kept.join(",");
    if !joined.to_lowercase().contains("superse") {
        joined = format!("superseded by {}", joined.trim());
    }
    Ok(apply(bytes, &[Patch::new(span.clone(), joined)])?)
}

/// The record's bytes with another number in its title, as wide as the old one where that was padded.
///
/// # Errors
/// The title has no number, or the edit did not take.
pub fn set_number(bytes: &[u8], record: &Record, to: u64) -> Result<Vec<u8>, EditError> {
    let Some((_, span)) = &record.number else { return Err(EditError::NoNumber) };
    let new = apply(bytes, &[Patch::new(span.clone(), padded(&bytes[span.clone()], to))])?;
    match reread(&new)?.number {
        Some((number, _)) if number == to => Ok(new),
        _ => Err(EditError::NotTaken("the title has not got the new number")),
    }
}

/// `to` with leading zeros where `old` has them or is three digits wide.
pub(super) fn padded(old: &[u8], to: u64) -> String {
    let width = if old.starts_with(b"0") || old.len() >= 3 { old.len() } else { 1 };
    format!("{to:0width$}")
}

/// The record's bytes with the marks of its consequences as they were before a formatter changed them.
///
/// # Errors
/// The edit did not take.
pub fn restore_marks(bytes: &[u8], record: &Record) -> Result<Vec<u8>, EditError> {
    let marks = record.consequences.damaged.iter();
    let patches: Vec<Patch> = marks.map(|(span, mark)| Patch::new(span.clone(), vec![*mark])).collect();
    let new = apply(bytes, &patches)?;
    if !reread(&new)?.consequences.damaged.is_empty() {
        return Err(EditError::NotTaken("the marks are still changed"));
    }
    Ok(new)
}

fn reread(bytes: &[u8]) -> Result<Record, EditError> {
    Record::read(bytes).map_err(|_| EditError::NotTaken("the result is no decision record"))
}
