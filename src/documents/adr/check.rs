//! What is wrong in a decision log.

use super::read::local_file;
use super::{DecisionFile, DecisionLog, Dialect, Record, Relation, Status, edit, name, relation};
use crate::documents::markdown::Markdown;
use bstr::{BStr, BString, ByteSlice};
use std::collections::BTreeMap;

/// Which rule is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// Two files have one number.
    DuplicateNumber,
    /// Another branch gives a number to another file.
    NumberClash,
    /// The file can't be read as a record.
    Unreadable,
    /// The title has another number than the file name.
    HeadingNumber,
    /// No status is stated where the form has one.
    NoStatus,
    /// The status is none of the known words.
    UnknownStatus,
    /// The status says one thing and a relation another.
    Contradiction,
    /// A link leads to a file that is not there.
    BrokenLink,
    /// Only one of two records states a relation.
    OneWay,
    /// A record is related to itself.
    SelfLink,
    /// A formatter has changed the marks of the consequences.
    Formatter,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub rule: Rule,
    /// The file's name.
    pub file: BString,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
    /// Whether `mastery adr check --fix` mends it.
    pub fixable: bool,
    /// What mends it otherwise.
    pub command: Option<String>,
}

/// Everything that is wrong in `log`. `exists` says whether a path, relative to the directory, is there.
pub fn findings(log: &DecisionLog, exists: &dyn Fn(&str) -> bool) -> Vec<Finding> {
    let mut found = duplicates(log);
    for file in &log.files {
        match &file.record {
            Err(why) => found.push(finding(Rule::Unreadable, file, 0, why.to_string())),
            Ok(record) => {
                own(file, record, &mut found);
                related(log, file, record, &mut found);
                broken(log, file, exists, &mut found);
            }
        }
    }
    found.sort_by(|a, b| (&a.file, a.line, a.rule).cmp(&(&b.file, b.line, b.rule)));
    found
}

fn finding(rule: Rule, file: &DecisionFile, offset: usize, message: String) -> Finding {
    let before = &file.bytes[..offset.min(file.bytes.len())];
    let line = 1 + before.find_iter("\n").count();
    Finding { rule, file: file.name.clone(), line, message, fixable: false, command: None }
}

fn duplicates(log: &DecisionLog) -> Vec<Finding> {
    let mut by_number: BTreeMap<u64, Vec<&DecisionFile>> = BTreeMap::new();
    for file in &log.files {
        if let Some(number) = file.number {
            by_number.entry(number).or_default().push(file);
        }
    }
    let twice = by_number.into_iter().filter(|(_, files)| files.len() > 1);
    twice
        .flat_map(|(number, files)| {
            files.clone().into_iter().map(move |file| {
                let others: Vec<String> =
                    files.iter().filter(|f| f.name != file.name).map(|f| f.name.to_string()).collect();
                Finding {
                    command: Some(format!("mastery adr renumber {}", file.name)),
                    ..finding(
                        Rule::DuplicateNumber,
                        file,
                        0,
                        format!("the number {number} is also that of {}", others.join(", ")),
                    )
                }
            })
        })
        .collect()
}

/// What is wrong with a record by itself.
fn own(file: &DecisionFile, record: &Record, found: &mut Vec<Finding>) {
    if let (Some((stated, span)), Some(number)) = (&record.number, file.number)
        && *stated != number
    {
        let message = format!("the title says {stated}, the file name {number}");
        found.push(Finding { fixable: true, ..finding(Rule::HeadingNumber, file, span.start, message) });
    }
    let house = matches!(record.dialect, Dialect::Mastery | Dialect::MasteryDash);
    let at = record.places.first().map_or(0, |place| place.offset().unwrap_or(0));
    match &record.status {
        None if house || record.dialect == Dialect::Nygard => {
            found.push(finding(Rule::NoStatus, file, record.heading_span.start, "no status is stated".into()));
        }
        Some(Status::Unknown(text)) => {
            let message = format!("{text:?} is no known status");
            found.push(finding(Rule::UnknownStatus, file, at, message));
        }
        Some(Status::Superseded) => {
            let stated = record.written.as_deref().map(Status::read);
            if let Some(other) = stated.filter(|s| *s != Status::Superseded) {
                let message = format!("the status says {other}, a relation says that it is superseded");
                found.push(Finding { fixable: true, ..finding(Rule::Contradiction, file, at, message) });
            }
        }
        _ => {}
    }
    if let Some((span, _)) = record.consequences.damaged.first() {
        let message =
            "a formatter has turned + into - and - into *: what spoke for it now looks as if it spoke against it";
        found.push(Finding { fixable: true, ..finding(Rule::Formatter, file, span.start, message.into()) });
    }
}

/// What is wrong between this record and the ones that it names.
fn related(log: &DecisionLog, file: &DecisionFile, record: &Record, found: &mut Vec<Finding>) {
    let Some(me) = file.target() else { return };
    for relation in &record.relations {
        let Some(other) = other_end(log, relation) else {
            if relation.file.is_none() {
                let number = relation.number.unwrap_or(0);
                let message = format!("{} {number}: there is no such record", relation.name);
                found.push(finding(Rule::BrokenLink, file, relation.span.start, message));
            }
            continue;
        };
        if other.name == file.name {
            let message = format!("it says {} of itself", relation.name);
            found.push(Finding { fixable: true, ..finding(Rule::SelfLink, file, relation.span.start, message) });
            continue;
        }
        let (Some(inverse), Ok(there)) = (relation::inverse(&relation.name), &other.record) else { continue };
        if !edit::states(there, &inverse, &me) {
            let message = format!("{} does not say {inverse:?} of it", other.name);
            found.push(Finding { fixable: true, ..finding(Rule::OneWay, file, relation.span.start, message) });
        }
    }
}

/// The record at the other end of a relation.
pub fn other_end<'l>(log: &'l DecisionLog, relation: &Relation) -> Option<&'l DecisionFile> {
    match &relation.file {
        Some(file) => log.named(BStr::new(file)),
        None => relation.number.and_then(|n| log.find(&n.to_string()).ok()),
    }
}

/// Links to Markdown files that are not there.
fn broken(log: &DecisionLog, file: &DecisionFile, exists: &dyn Fn(&str) -> bool, found: &mut Vec<Finding>) {
    let document = Markdown::read(&file.bytes);
    for link in document.links.iter().filter(|l| !document.is_quoted(l.span.start)) {
        let Some(target) = local_file(&link.destination) else { continue };
        let path = link.destination.split(['#', '?']).next().unwrap_or_default();
        let directory = &path[..path.rfind('/').map_or(0, |at| at + 1)];
        let there = (directory.is_empty() && log.named(BStr::new(&target)).is_some())
            || exists(&format!("{directory}{target}"));
        if target.to_ascii_lowercase().ends_with(".md") && !there {
            let message = format!("the link leads to {path}, which is not there");
            found.push(finding(Rule::BrokenLink, file, link.span.start, message));
        }
    }
}

/// The numbers that a merge would give to two files: those of `ours`, and of `theirs` that are not in their common ancestor
/// `base` and that we have under another name.
pub fn clashes(ours: &DecisionLog, theirs: &[BString], base: &[BString], rev: &str) -> Vec<Finding> {
    let new = theirs.iter().filter(|n| !base.contains(n));
    let mut found = Vec::new();
    for their in new {
        let Some((number, _)) = name::number(their.as_bstr()) else { continue };
        let gone = |f: &&DecisionFile| base.contains(&f.name) && !theirs.contains(&f.name);
        let same = ours.files.iter().filter(|f| f.number == Some(number) && f.name != *their).filter(|f| !gone(f));
        found.extend(same.map(|file| Finding {
            command: Some(format!("mastery adr renumber {}", file.name)),
            ..finding(Rule::NumberClash, file, 0, format!("{rev} gives the number {number} to {their}"))
        }));
    }
    found
}
