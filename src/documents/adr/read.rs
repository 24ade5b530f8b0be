//! From bytes to a [`Record`].

use super::{Consequences, Dialect, Place, Record, Relation, Status, Unreadable, name, relation};
use crate::documents::markdown::{Heading, Markdown, Section, Span};
use bstr::{BStr, ByteSlice};
use regex::bytes::Regex;
use std::sync::LazyLock;

/// A pattern that is written in this file and known to be sound.
fn pattern(text: &str) -> Option<Regex> {
    Regex::new(text).ok()
}

static HOUSE: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"^(?i:ADR)([ -]?)(\d{1,7})\s*(?::|\.|–|—|-)\s*"));
static NYGARD: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"^(\d{1,7})\\?\.\s+"));
static STATUS_HEADING: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"^(?i:status)\s*:\s*"));
static STATUS_LINE: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"^\s*(?:[-*+]\s+)?(?:\*\*|__)?(?i:status)(?:\*\*|__)?\s*:(?:\*\*|__)?[ \t]*"));
static DATE_LINE: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"^\s*(?:[-*+]\s+)?(?:\*\*|__)?(?i:date)(?:\*\*|__)?\s*:(?:\*\*|__)?[ \t]*"));
static BY_NUMBER: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"(?i)\b(supers?[ec]e?ded by|replaced by)\s+((?:(?:,|and|&)?\s*(?:ADR[ -]?)?\d{1,7})+)"));
static NUMBERS: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"\d{1,7}"));

/// How much of `text` the pattern takes from its beginning.
fn taken(pattern: &LazyLock<Option<Regex>>, text: &[u8]) -> Option<usize> {
    pattern.as_ref()?.find(text).filter(|m| m.start() == 0).map(|m| m.end())
}

pub(super) fn record(bytes: &[u8]) -> Result<Record, Unreadable> {
    if bytes.trim().is_empty() {
        return Err(Unreadable::Empty);
    }
    let document = Markdown::read(bytes);
    let heading = document.headings.iter().find(|h| h.level == 1 && !h.text.is_empty()).ok_or(Unreadable::NoTitle)?;
    let (form, number, title) = title(&document, heading);
    let places = places(&document, heading);
    let relations = relations(&document, heading, &places);
    let written = places.first().and_then(|place| words(&document, place));
    let linked = relations.iter().any(Relation::is_superseded_by);
    let status = match &written {
        _ if linked => Some(Status::Superseded),
        Some(words) => Some(Status::read(words)),
        None => None,
    };
    let dialect = form.unwrap_or_else(|| unnumbered(&document, &places));
    Ok(Record {
        dialect,
        heading: text(&document, &heading.text),
        heading_span: heading.text.clone(),
        number,
        title,
        status,
        written,
        places,
        relations,
        date: date(&document, heading),
        consequences: consequences(&document, dialect),
    })
}

/// The bytes of a span as text on one line.
fn text(document: &Markdown<'_>, span: &Span) -> String {
    document.at(span).to_str_lossy().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What the title line says: the form that it shows, the number with its place, the title.
fn title(document: &Markdown<'_>, heading: &Heading) -> (Option<Dialect>, Option<(u64, Span)>, String) {
    let bytes = document.at(&heading.text);
    let found = |pattern: &LazyLock<Option<Regex>>, group: usize| {
        let captures = pattern.as_ref()?.captures(bytes)?;
        let digits = captures.get(group)?;
        let number = digits.as_bytes().to_str().ok()?.parse::<u64>().ok()?;
        let span = heading.text.start + digits.start()..heading.text.start + digits.end();
        let rest = heading.text.start + captures.get(0)?.end()..heading.text.end;
        let dash = captures.get(1).is_some_and(|m| m.as_bytes() == b"-");
        Some((number, span, text(document, &rest), dash))
    };
    if let Some((number, span, title, dash)) = found(&HOUSE, 2) {
        let form = if dash { Dialect::MasteryDash } else { Dialect::Mastery };
        return (Some(form), Some((number, span)), title);
    }
    if let Some((number, span, title, _)) = found(&NYGARD, 1) {
        return (Some(Dialect::Nygard), Some((number, span)), title);
    }
    (None, None, text(document, &heading.text))
}

/// The form of a record whose title has no number.
fn unnumbered(document: &Markdown<'_>, places: &[Place]) -> Dialect {
    let madr = document.headings.iter().any(|h| {
        h.level == 2
            && matches!(
                document.at(&h.text).to_ascii_lowercase().as_slice(),
                b"context and problem statement" | b"considered options" | b"decision outcome"
            )
    });
    match places.first() {
        Some(Place::FrontMatter(_)) => Dialect::Madr,
        Some(Place::Line(_)) => Dialect::MadrBullets,
        Some(Place::Heading(_)) => Dialect::Mastery,
        Some(Place::Section(_)) => Dialect::Nygard,
        None if madr => Dialect::Madr,
        None => Dialect::Other,
    }
}

/// From the title to the first section.
fn prologue(document: &Markdown<'_>, heading: &Heading) -> Span {
    let next = document.headings.iter().find(|h| h.span.start >= heading.span.end);
    heading.span.end..next.map_or(document.source.len(), |h| h.span.start)
}

/// Every place that states the status, the one that counts first.
fn places(document: &Markdown<'_>, heading: &Heading) -> Vec<Place> {
    let mut places = Vec::new();
    let fields = document.front_matter.iter().flat_map(|f| &f.fields);
    places.extend(
        fields
            .filter(|f| document.at(&f.key).eq_ignore_ascii_case(b"status"))
            .map(|f| Place::FrontMatter(f.value.clone()))
            .take(1),
    );
    for section in document.sections().filter(|s| s.heading.level == 2) {
        let bytes = document.at(&section.heading.text);
        if bytes.eq_ignore_ascii_case(b"status") {
            places.push(Place::Section(status_words(document, &section)));
            break;
        }
        // Prose over a line of dashes is a heading too, of several lines: no status stands in it.
        if let Some(skip) = taken(&STATUS_HEADING, bytes).filter(|_| !bytes.contains(&b'\n')) {
            places.push(Place::Heading(section.heading.text.start + skip..section.heading.text.end));
            break;
        }
    }
    places.extend(labelled(document, heading, &STATUS_LINE).map(Place::Line));
    places
}

/// The value of the first line before the first section that begins as `label` says.
fn labelled(document: &Markdown<'_>, heading: &Heading, label: &LazyLock<Option<Regex>>) -> Option<Span> {
    let lines = document.lines(&prologue(document, heading));
    lines.into_iter().filter(|line| !document.is_quoted(line.start)).find_map(|line| {
        let bytes = document.at(&line);
        let from = line.start + taken(label, bytes)?;
        let rest = document.at(&(from..line.end));
        let value = rest[..rest.find("<!--").unwrap_or(rest.len())].trim_end();
        Some(from..from + value.len())
    })
}

/// The first line under `## Status` that is neither blank, nor a comment, nor states a relation.
fn status_words(document: &Markdown<'_>, section: &Section<'_>) -> Option<Span> {
    own_lines(document, section).into_iter().find_map(|line| {
        let bytes = document.at(&line);
        let blank = bytes.trim().is_empty() || document.is_quoted(line.start);
        if blank || relation_in(document, &line).is_some() {
            return None;
        }
        let start = line.start + (bytes.len() - bytes.trim_start().len());
        Some(start..line.start + bytes.trim_end().len())
    })
}

/// The lines of a section up to the first section below it.
fn own_lines(document: &Markdown<'_>, section: &Section<'_>) -> Vec<Span> {
    let below = document.headings.iter().map(|h| h.span.start).find(|at| section.body.contains(at));
    document.lines(&(section.body.start..below.unwrap_or(section.body.end)))
}

/// The words that state the status at `place`.
fn words(document: &Markdown<'_>, place: &Place) -> Option<String> {
    let span = match place {
        Place::Section(span) => span.as_ref()?,
        Place::Heading(span) | Place::Line(span) | Place::FrontMatter(span) => span,
    };
    Some(text(document, span).trim_matches(['"', '\'']).to_owned())
}

/// Everything that the record says of other records, each fact once.
fn relations(document: &Markdown<'_>, heading: &Heading, places: &[Place]) -> Vec<Relation> {
    let mut found: Vec<Relation> = Vec::new();
    for place in places {
        if let Place::Line(span) | Place::FrontMatter(span) | Place::Heading(span) | Place::Section(Some(span)) = place
        {
            found.extend(in_status(document, span));
        }
    }
    for section in document.sections().filter(|s| s.heading.level == 2) {
        let name = document.at(&section.heading.text).to_ascii_lowercase();
        let known =
            name == b"status" || name == b"links" || name == b"more information" || name == b"related decisions";
        if known || taken(&STATUS_HEADING, &name).is_some() {
            let lines = own_lines(document, &section);
            found.extend(lines.iter().filter_map(|line| relation_in(document, line)));
        }
    }
    // Where the status is a line, relations are lines beside it.
    found.extend(document.lines(&prologue(document, heading)).iter().filter_map(|line| {
        let label = taken(&STATUS_LINE, document.at(line)).or_else(|| taken(&DATE_LINE, document.at(line)));
        if label.is_some() { None } else { relation_in(document, line) }
    }));
    let mut once: Vec<Relation> = Vec::new();
    for relation in found {
        let known = |r: &Relation| r.number == relation.number && relation::same(&r.name, &relation.name);
        if !(relation.in_status && once.iter().any(known)) {
            once.push(relation);
        }
    }
    once
}

/// `superseded by ADR-0002` or `superseded by [text](0002-….md)` as the value of a status.
fn in_status(document: &Markdown<'_>, span: &Span) -> Vec<Relation> {
    let bytes = document.at(span);
    if let Some(mut relation) = relation_in(document, span) {
        relation.span = span.clone();
        relation.in_status = true;
        return vec![relation];
    }
    let Some(captures) = BY_NUMBER.as_ref().and_then(|p| p.captures(bytes)) else { return Vec::new() };
    let (Some(name), Some(list), Some(numbers)) = (captures.get(1), captures.get(2), NUMBERS.as_ref()) else {
        return Vec::new();
    };
    numbers
        .find_iter(list.as_bytes())
        .filter_map(|m| m.as_bytes().to_str().ok()?.parse().ok())
        .map(|number| Relation {
            name: name.as_bytes().to_str_lossy().into_owned(),
            number: Some(number),
            file: None,
            span: span.clone(),
            in_status: true,
        })
        .collect()
}

/// The relation that a line states: some words, then a link to a file whose name begins with a number.
fn relation_in(document: &Markdown<'_>, line: &Span) -> Option<Relation> {
    let found = document.links_in(line).find(|l| !l.image && !document.is_quoted(l.span.start))?;
    let file = local_file(&found.destination)?;
    let number = name::number(BStr::new(&file)).map(|(n, _)| n);
    if number.is_none() && !name::is_dated(BStr::new(&file)) {
        return None;
    }
    let before = document.at(&(line.start..found.span.start)).to_str_lossy();
    let before = before.trim().trim_start_matches(['-', '*', '+']).trim().trim_end_matches(':').trim();
    let words = before.split_whitespace().count();
    let plain = before.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '\t' | '-' | '\'' | '’'));
    if words == 0 || words > 6 || !plain {
        return None;
    }
    let name = before.split_whitespace().collect::<Vec<_>>().join(" ");
    Some(Relation { name, number, file: Some(file), span: line.start..document.line_end(line.end), in_status: false })
}

/// The file that a relative link leads to, by its name; none for another place.
pub(super) fn local_file(destination: &str) -> Option<String> {
    let path = destination.split(['#', '?']).next()?;
    if path.contains("://") || path.starts_with('/') || path.starts_with("mailto:") {
        return None;
    }
    let file = path.rsplit('/').next()?;
    (!file.is_empty()).then(|| percent_decoded(file))
}

/// `%20` and its like resolved; what is no such escape stays.
fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = (*first == b'%')
            .then(|| after.get(..2))
            .flatten()
            .and_then(|hex| u8::from_str_radix(hex.to_str().ok()?, 16).ok());
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { &after[2..] } else { after };
    }
    bytes.to_str_lossy().into_owned()
}

fn date(document: &Markdown<'_>, heading: &Heading) -> Option<String> {
    let mut fields = document.front_matter.iter().flat_map(|f| &f.fields);
    let field = fields.find(|f| document.at(&f.key).eq_ignore_ascii_case(b"date")).map(|f| f.value.clone());
    let span = field.or_else(|| labelled(document, heading, &DATE_LINE))?;
    let text = text(document, &span).trim_matches(['"', '\'']).to_owned();
    (!text.is_empty() && !text.starts_with(['{', '['])).then_some(text)
}

fn consequences(document: &Markdown<'_>, dialect: Dialect) -> Consequences {
    let mut all = Consequences::default();
    let house = matches!(dialect, Dialect::Mastery | Dialect::MasteryDash);
    let titled = |s: &Section<'_>| document.at(&s.heading.text).to_ascii_lowercase().ends_with(b"consequences");
    let Some(section) = document.sections().find(titled) else { return all };
    let items: Vec<_> =
        document.items_in(&section.body).filter(|i| i.depth == 0 && !document.is_quoted(i.span.start)).collect();
    let marked = |marker: u8| items.iter().any(|i| i.marker == marker);
    if house && marked(b'*') && marked(b'-') && !marked(b'+') {
        let was = |marker| if marker == b'-' { b'+' } else { b'-' };
        let plain = items.iter().filter(|i| matches!(i.marker, b'-' | b'*'));
        all.damaged = plain.map(|i| (i.span.start..i.span.start + 1, was(i.marker))).collect();
        return all;
    }
    let signs = house && marked(b'+');
    for item in items {
        let words = text(document, &item.text);
        let after =
            |prefixes: &[&str]| prefixes.iter().find_map(|p| words.strip_prefix(p)).map(|w| w.trim().to_owned());
        if let Some(good) = after(&["Positive:", "Good, because", "**Positive:**", "**+**"]) {
            all.good.push(good);
        } else if let Some(bad) = after(&["Negative:", "Bad, because", "**Negative:**", "**-**"]) {
            all.bad.push(bad);
        } else if house && item.marker == b'+' {
            all.good.push(words);
        } else if signs && item.marker == b'-' {
            all.bad.push(words);
        }
    }
    all.good.retain(|w| !w.is_empty());
    all.bad.retain(|w| !w.is_empty());
    all
}
