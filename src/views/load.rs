//! What k6 measured.

use super::style::{Meaning, paint};
use super::words;
use crate::load::summary::Figures;
use serde::Serialize;

/// One track's figures, as they were kept.
#[derive(Debug, Clone, Serialize)]
pub struct Measured {
    /// The language.
    pub language: String,
    /// What was measured.
    #[serde(flatten)]
    pub figures: Figures,
    /// Whether k6 found all thresholds of the script kept.
    pub thresholds_passed: bool,
    /// Those that were crossed.
    pub crossed: Vec<String>,
    /// Where the whole summary is, from the repository's top.
    pub path: String,
}

/// The JSON of `mastery load run`.
#[derive(Debug, Serialize)]
pub struct Report<'a> {
    schema: u32,
    project: &'a str,
    tracks: &'a [Measured],
}

impl<'a> Report<'a> {
    /// The figures of a project's tracks.
    pub fn new(project: &'a str, tracks: &'a [Measured]) -> Self {
        Report { schema: 1, project, tracks }
    }
}

/// `golang  5021 requests/s, p50 1.2 ms, p95 4.0 ms, p99 9.1 ms, 0.00 % errors  load/golang.json`.
pub fn text(measured: &Measured) -> String {
    let figures = &measured.figures;
    let mut parts = vec![format!("{:.0} requests/s", figures.requests_per_second)];
    for (name, value) in [("p50", figures.p50_ms), ("p95", figures.p95_ms), ("p99", figures.p99_ms)] {
        parts.push(value.map_or_else(|| format!("{name} unknown"), |ms| format!("{name} {ms:.1} ms")));
    }
    parts.extend(figures.error_rate.map(|rate| format!("{:.2} % errors", rate * 100.0)));
    let language = paint(Meaning::Strong, words::shown(&measured.language));
    let mut out = format!("{language}  {}  {}\n", parts.join(", "), paint(Meaning::Faint, &measured.path));
    if !measured.thresholds_passed {
        let crossed: Vec<String> = measured.crossed.iter().map(words::shown).collect();
        let which = if crossed.is_empty() { "the script's".to_owned() } else { crossed.join(", ") };
        out.push_str(&format!("  {} {which}\n", paint(Meaning::Bad, "threshold crossed:")));
    }
    out
}

/// What comes after the figures.
pub fn next(project: &str) -> String {
    let command = format!("mastery compare {}", words::shell(project));
    format!("side by side: {}\n", paint(Meaning::Command, command))
}
