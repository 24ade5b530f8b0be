//! Implementations side by side.

use super::compare_load::{self, Load};
use super::words;
use crate::documents::comparison::Block;
use crate::history::endpoints::Endpoint;
use crate::history::size::Size;
use crate::progress::status::Hours;
use serde::Serialize;
use std::collections::BTreeMap;

/// A project's implementations: the JSON of `mastery compare`.
#[derive(Debug, Clone, Serialize)]
pub struct Compared {
    /// The version of this shape.
    pub schema: u32,
    /// The project.
    pub project: String,
    /// Its implementations.
    pub tracks: Vec<Implementation>,
}

/// One implementation. What is none could not be known.
#[derive(Debug, Clone, Serialize)]
pub struct Implementation {
    /// The language's name.
    pub language: String,
    /// The language as people write it.
    pub title: String,
    /// Lines and packages.
    pub size: Size,
    /// Commits that changed it.
    pub commits: usize,
    /// Days, in the author's own time, on which one of them was written.
    pub active_days: usize,
    /// Runs of commits with less than two hours between them.
    pub sessions: usize,
    /// Hours as a range; none where commit times say nothing of them.
    pub hours: Option<Hours>,
    /// How the hours were found, or why there are none.
    pub hours_note: String,
    /// The first of those days.
    pub first_day: Option<String>,
    /// The last of those days.
    pub last_day: Option<String>,
    /// What its suite said of exactly this content.
    pub suite: Option<Suite>,
    /// What a load test measured.
    pub load: Option<Load>,
    /// Why what it measured can't be read.
    pub load_unreadable: Option<String>,
    /// What it offers: method and path.
    pub endpoints: Vec<Offered>,
}

/// An endpoint.
#[derive(Debug, Clone, Serialize)]
pub struct Offered {
    /// `GET`
    pub method: String,
    /// `/users/{id}`
    pub path: String,
    /// Where it is declared.
    pub source: String,
    /// The same for every language.
    #[serde(skip)]
    pub key: (String, String),
}

impl From<&Endpoint> for Offered {
    fn from(e: &Endpoint) -> Self {
        let source = format!("{}:{}", words::shown(&e.file), e.line);
        Offered { method: e.method.clone(), path: words::shown(&e.path), source, key: e.key() }
    }
}

/// The outcome of a suite.
#[derive(Debug, Clone, Serialize)]
pub struct Suite {
    /// Whether it passed.
    pub passed: bool,
    /// How many tests passed, if the report says.
    pub tests: Option<usize>,
    /// Percent of lines covered.
    pub coverage: Option<f64>,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
}

/// The sections that are filled in.
pub fn blocks(compared: &Compared) -> Vec<Block> {
    let each = |line: &dyn Fn(&Implementation) -> String| -> Vec<String> {
        compared.tracks.iter().map(|t| format!("- {}: {}", t.title, line(t))).collect()
    };
    let block = |id, title, lines| Block { id, title, lines };
    vec![
        block("performance", "Performance", compare_load::lines(compared)),
        block("code-size", "Code Size", each(&size)),
        block("development-speed", "Development Speed", effort(compared, each(&speed))),
        block("tests", "Tests", each(&suite)),
        block("endpoints", "Endpoints", endpoints(compared)),
    ]
}

fn size(track: &Implementation) -> String {
    let s = &track.size;
    let packages = s.dependencies.map_or_else(
        || "dependencies unknown".into(),
        |n| match n {
            1 => "1 dependency".to_owned(),
            n => format!("{n} dependencies"),
        },
    );
    format!(
        "{} of code in {}, {} of tests, {} of comments, {packages}",
        words::count(s.code, "line"),
        words::count(s.source_files, "file"),
        words::count(s.tests, "line"),
        words::count(s.comments, "line")
    )
}

/// The lines, and how the hours in them were found.
fn effort(compared: &Compared, mut lines: Vec<String>) -> Vec<String> {
    if let Some(track) = compared.tracks.iter().find(|t| t.hours.is_some()) {
        lines.extend([String::new(), format!("Hours are a range from commit times: {}.", track.hours_note)]);
    }
    lines
}

fn speed(track: &Implementation) -> String {
    match (&track.first_day, &track.last_day) {
        (Some(first), Some(last)) => {
            let (days, commits) =
                (words::count(track.active_days, "active day"), words::count(track.commits, "commit"));
            let sessions = words::count(track.sessions, "session");
            let hours = match &track.hours {
                Some(hours) => format!("{:.1} to {:.1} hours", hours.low, hours.high),
                None => format!("hours unknown ({})", track.hours_note),
            };
            format!("{days}, {sessions}, {hours}, {commits} ({first} to {last})")
        }
        _ => "nothing committed yet".into(),
    }
}

fn suite(track: &Implementation) -> String {
    let Some(suite) = &track.suite else { return "unknown: its suite has not run on this content".into() };
    let tests = suite.tests.map(|n| format!(" {}", words::count(n, "test"))).unwrap_or_default();
    let coverage = suite.coverage.map_or_else(|| "coverage unknown".into(), |c| format!("{c:.1} % covered"));
    format!("{}{tests}, {coverage}", if suite.passed { "passed" } else { "failed" })
}

fn endpoints(compared: &Compared) -> Vec<String> {
    let mut rows: BTreeMap<&(String, String), (&str, Vec<bool>)> = BTreeMap::new();
    for (n, track) in compared.tracks.iter().enumerate() {
        for endpoint in &track.endpoints {
            let row = rows.entry(&endpoint.key).or_insert_with(|| (&endpoint.path, vec![false; compared.tracks.len()]));
            row.1[n] = true;
        }
    }
    if rows.is_empty() {
        return vec!["No endpoint was found in the sources.".into()];
    }
    let titles: Vec<&str> = compared.tracks.iter().map(|t| t.title.as_str()).collect();
    let mut lines = vec![
        format!("| Method | Path | {} |", titles.join(" | ")),
        format!("| --- | --- |{}", " --- |".repeat(titles.len())),
    ];
    for ((_, method), (path, has)) in &rows {
        let cells: Vec<&str> = has.iter().map(|h| if *h { "yes" } else { "**no**" }).collect();
        lines.push(format!("| {method} | `{}` | {} |", path.replace('|', "\\|").replace('`', ""), cells.join(" | ")));
    }
    lines
}

/// The sections as they would be written.
pub fn text(compared: &Compared) -> String {
    let mut text = format!("# {}\n", words::shown(&compared.project));
    for block in blocks(compared) {
        text.push_str(&format!("\n## {}\n\n{}\n", block.title, block.lines.join("\n")));
    }
    text
}

/// The figures that a post tells: a table with a column for each implementation. Empty where there is none.
pub fn summary(compared: &Compared) -> Vec<String> {
    if compared.tracks.is_empty() {
        return Vec::new();
    }
    let row = |name: &str, cell: &dyn Fn(&Implementation) -> Option<String>| {
        let cells: Vec<Option<String>> = compared.tracks.iter().map(cell).collect();
        cells.iter().any(Option::is_some).then(|| {
            let cells: Vec<String> = cells.into_iter().map(|c| c.unwrap_or_else(|| "?".into())).collect();
            format!("| {name} | {} |", cells.join(" | "))
        })
    };
    let titles: Vec<&str> = compared.tracks.iter().map(|t| t.title.as_str()).collect();
    let mut lines = vec![format!("| | {} |", titles.join(" | ")), format!("| --- |{}", " --- |".repeat(titles.len()))];
    lines.extend(row("lines of code", &|t| Some(t.size.code.to_string())));
    lines.extend(row("lines of tests", &|t| Some(t.size.tests.to_string())));
    lines.extend(row("dependencies", &|t| t.size.dependencies.map(|n| n.to_string())));
    lines.extend(row("endpoints", &|t| Some(t.endpoints.len().to_string())));
    lines.extend(row("active days", &|t| Some(t.active_days.to_string())));
    lines.extend(row("coverage", &|t| t.suite.as_ref()?.coverage.map(|c| format!("{c:.1} %"))));
    lines.extend(row("requests/s", &|t| t.load.as_ref().map(|l| format!("{:.0}", l.figures.requests_per_second))));
    lines.extend(row("95 % within", &|t| t.load.as_ref()?.figures.p95_ms.map(|ms| format!("{ms:.1} ms"))));
    lines
}
