//! What `mastery start` wrote, and what to type next.

use super::style::{Meaning, paint};
use super::{plan, words};
use crate::commands::start::Started;
use crate::curriculum::Project;
use crate::system::files::{Change, Plan};
use std::path::Path;

/// What was written: each paper, and for each track how many files; all of them where `verbose`. What was kept is always told.
pub fn done(written: &Plan, top: &Path, tracks: &[Started], verbose: bool) -> String {
    if verbose {
        return plan::text(written, top, true);
    }
    let track_of = |change: &Change| {
        let inside = change.path().strip_prefix(top).ok()?;
        tracks.iter().position(|t| !t.path.is_empty() && inside.starts_with(&t.path))
    };
    let summed = |change: &Change| change.writes() && track_of(change).is_some();
    let told = written.changes.iter().filter(|change| !summed(change)).cloned().collect();
    let mut out = plan::text(&Plan { changes: told }, top, true);
    for (at, track) in tracks.iter().enumerate() {
        let files = written.changes.iter().filter(|c| c.writes() && track_of(c) == Some(at)).count();
        if files > 0 {
            let verb = paint(Meaning::Good, "created ");
            out.push_str(&format!("  {verb} {}/ ({})\n", words::shown(&track.path), words::count(files, "file")));
        }
    }
    out
}

/// What to type now; `without` are planned languages that have no scaffold.
pub fn next(project: &Project, place: &str, tracks: &[Started], without: &[String], is_empty: bool) -> String {
    let mut out = String::new();
    if !without.is_empty() {
        let names = words::shown(without.join(", "));
        out.push_str(&format!("There is no scaffold for {names}: begin that one with its own tools.\n"));
    }
    if is_empty {
        out.push_str("Everything is in place; nothing was written.\n");
        return out;
    }
    out.push_str("Next:\n");
    let mut line = |command: String, why: &str| {
        let why = if why.is_empty() { String::new() } else { paint(Meaning::Faint, format!("  # {why}")) };
        out.push_str(&format!("  {}{why}\n", paint(Meaning::Command, words::shown(&command))));
    };
    for track in tracks {
        let (setup, test) = commands(track.language);
        let inside = if track.path.is_empty() {
            format!("{setup} && {test}")
        } else {
            format!("(cd {} && {setup} && {test})", words::shell(&track.path))
        };
        line(inside, "its dependencies, its tests");
    }
    let names: Vec<&str> = tracks.iter().map(|t| t.language).collect();
    let add = if place.is_empty() { ".".to_owned() } else { words::shell(place) };
    line(format!("git add {add} && git commit -m \"chore: start {} in {}\"", project.id, names.join(", ")), "");
    line("mastery next".into(), "the first thing to do");
    out
}

/// What installs the dependencies of a scaffold, and what runs its tests.
fn commands(language: &str) -> (&'static str, &'static str) {
    match language {
        "nestjs" => ("npm ci", "npm test"),
        "golang" => ("go mod download", "go test ./..."),
        _ => ("python3 -m venv .venv && .venv/bin/pip install -r requirements-dev.txt", ".venv/bin/python -m pytest"),
    }
}
