//! Decision records as people and programs read them.

use super::style::{Meaning, paint};
use super::words;
use crate::documents::adr::check::Finding;
use crate::documents::adr::{Consequences, DecisionFile, DecisionLog, Dialect, Record, Status};
use bstr::{BString, ByteSlice};
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

/// The log: the JSON of `mastery adr list`.
#[derive(Debug, Clone, Serialize)]
pub struct Listed {
    /// The version of this shape.
    pub schema: u32,
    /// The directory, from the repository's root.
    pub directory: String,
    /// The records, by number.
    pub records: Vec<Entry>,
}

/// One record.
#[derive(Debug, Clone, Serialize)]
pub struct Entry {
    /// Its number.
    pub number: Option<u64>,
    /// Its title, without the number.
    pub title: Option<String>,
    /// Its status in one of the known words, `unknown` where the words are none, null where none is stated.
    pub status: Option<String>,
    /// The words that state the status.
    pub written_status: Option<String>,
    /// Its date, as written.
    pub date: Option<String>,
    /// Its path from the repository's root.
    pub path: String,
    /// The form that it is written in.
    pub dialect: Option<Dialect>,
    /// What it says of other records.
    pub relations: Vec<End>,
    /// Why it can't be read.
    pub problem: Option<String>,
    /// Its file name as it is.
    #[serde(skip)]
    pub name: BString,
    /// The numbers of the records that stand in its place.
    #[serde(skip)]
    pub superseded_by: Vec<u64>,
    /// The number as its file name has it.
    #[serde(skip)]
    pub label: String,
}

/// One end of a relation.
#[derive(Debug, Clone, Serialize)]
pub struct End {
    /// `Supersedes`
    pub relation: String,
    /// The other record's number.
    pub number: Option<u64>,
    /// The other record's file name.
    pub file: Option<String>,
}

/// One record with what it says: the JSON of `mastery adr show`.
#[derive(Debug, Clone, Serialize)]
pub struct Shown {
    /// The version of this shape.
    pub schema: u32,
    /// What `mastery adr list` says of it.
    #[serde(flatten)]
    pub entry: Entry,
    /// What speaks for and against it.
    pub consequences: Consequences,
    /// Its text.
    pub text: String,
}

impl Listed {
    /// The log as it is listed; `directory` from the repository's root.
    pub fn of(directory: &str, log: &DecisionLog) -> Listed {
        Listed {
            schema: 1,
            directory: directory.to_owned(),
            records: log.files.iter().map(|f| Entry::of(directory, f)).collect(),
        }
    }
}

impl Entry {
    fn of(directory: &str, file: &DecisionFile) -> Entry {
        let record = file.record.as_ref();
        let said = |f: fn(&Record) -> Option<String>| record.ok().and_then(f);
        let relations = record.map(|r| r.relations.as_slice()).unwrap_or_default();
        let ends = relations.iter().map(|r| End { relation: r.name.clone(), number: r.number, file: r.file.clone() });
        let slash = if directory.is_empty() { "" } else { "/" };
        let width = file.width;
        Entry {
            number: file.number,
            title: said(|r| Some(r.title.clone())),
            status: said(|r| r.status.as_ref().map(|s| s.word().to_owned())),
            written_status: said(|r| r.written.clone()),
            date: said(|r| r.date.clone()),
            path: format!("{directory}{slash}{}", words::shown(&file.name)),
            dialect: record.ok().map(|r| r.dialect),
            relations: ends.collect(),
            problem: record.err().map(ToString::to_string),
            name: file.name.clone(),
            superseded_by: relations.iter().filter(|r| r.is_superseded_by()).filter_map(|r| r.number).collect(),
            label: file.number.map_or_else(|| "-".into(), |n| format!("{n:0width$}")),
        }
    }
}

impl Shown {
    /// One record with what it says.
    pub fn of(directory: &str, file: &DecisionFile) -> Shown {
        Shown {
            schema: 1,
            entry: Entry::of(directory, file),
            consequences: file.record.as_ref().map(|r| r.consequences.clone()).unwrap_or_default(),
            text: file.bytes.to_str_lossy().into_owned(),
        }
    }
}

/// A line a record: number, status, title; `?` for what can't be known.
pub fn list(listed: &Listed) -> String {
    let status = |e: &Entry| match (&e.status, &e.written_status) {
        (Some(word), Some(written)) if word == "unknown" => words::shown(format!("{written}?")),
        (Some(word), _) => Status::named(word).map_or_else(|| "?".into(), |s| s.capital()),
        (None, _) => "?".into(),
    };
    let wide = |text: &str, to: usize| format!("{text}{}", " ".repeat(to.saturating_sub(text.width())));
    let numbers = listed.records.iter().map(|e| e.label.width()).max().unwrap_or(0);
    let statuses = listed.records.iter().map(|e| status(e).width()).max().unwrap_or(0);
    let line = |e: &Entry| {
        let word = status(e);
        let number = paint(Meaning::Strong, wide(&e.label, numbers));
        let painted = paint(meaning(e.status.as_deref()), wide(&word, statuses));
        let rest = match (&e.problem, &e.title) {
            (Some(problem), _) => paint(Meaning::Doubt, format!("{}: {problem}", words::shown(&e.name))),
            (None, Some(title)) => words::shown(title),
            (None, None) => words::shown(&e.name),
        };
        let by: Vec<String> = e.superseded_by.iter().map(u64::to_string).collect();
        let by = if by.is_empty() { String::new() } else { paint(Meaning::Faint, format!(" (by {})", by.join(", "))) };
        format!("{number}  {painted}  {rest}{by}\n")
    };
    listed.records.iter().map(line).collect()
}

fn meaning(status: Option<&str>) -> Meaning {
    match status {
        Some("accepted") => Meaning::Good,
        Some("rejected") => Meaning::Bad,
        Some("deprecated" | "superseded") => Meaning::Faint,
        _ => Meaning::Doubt,
    }
}

/// That there is no record yet, and how to write one.
pub fn none(directory: &str) -> String {
    let command = paint(Meaning::Command, "mastery adr new Use Redis for Rate Limiting");
    format!("no decision is recorded in {directory} yet; the first one: {command}\n")
}

/// A record's text, made harmless.
pub fn show(file: &DecisionFile) -> String {
    let text = words::shown_lines(file.bytes.replace("\r\n", "\n"));
    if text.ends_with('\n') { text } else { text + "\n" }
}

/// What is wrong, a line each, with what mends it.
pub fn findings(directory: &str, found: &[Finding]) -> String {
    let mut text = String::new();
    for f in found {
        let place = format!("{directory}/{}:{}", words::shown(&f.file), f.line);
        let message = words::shown(&f.message);
        text.push_str(&format!("{} {message}\n", paint(Meaning::Strong, format!("{place}:"))));
        if let Some(command) = &f.command {
            text.push_str(&format!("  {}\n", paint(Meaning::Command, words::shown(command))));
        }
    }
    let fixable = found.iter().filter(|f| f.fixable).count();
    if fixable > 0 {
        let command = paint(Meaning::Command, "mastery adr check --fix");
        text.push_str(&format!("{} of {} can be mended: {command}\n", fixable, words::count(found.len(), "finding")));
    }
    text
}

/// As [`findings`], for programs.
pub fn findings_json(directory: &str, found: &[Finding]) -> serde_json::Value {
    let one = |f: &Finding| {
        serde_json::json!({
            "rule": f.rule, "path": format!("{directory}/{}", words::shown(&f.file)), "line": f.line,
            "message": f.message, "fixable": f.fixable, "command": f.command,
        })
    };
    serde_json::json!({ "schema": 1, "directory": directory, "findings": found.iter().map(one).collect::<Vec<_>>() })
}

/// That nothing is wrong.
pub fn sound(records: usize) -> String {
    format!("{}, nothing wrong\n", words::count(records, "record"))
}
