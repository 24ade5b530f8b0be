//! What is installed where, and what installing did.

use super::style::{Meaning, paint};
use super::words;
use crate::hooks::location::Location;
use crate::hooks::place::State;
use serde::Serialize;
use std::path::Path;

/// `mastery hook status`, as JSON has it.
#[derive(Debug, Serialize)]
pub struct Status {
    schema: u32,
    /// Where git looks for hooks.
    directory: String,
    /// `core.hooksPath`, where it is set.
    hooks_path: Option<HooksPath>,
    hooks: Vec<Hook>,
    /// What to do where mastery may not write its hooks.
    advice: Vec<String>,
}

#[derive(Debug, Serialize)]
struct HooksPath {
    value: String,
    scope: String,
    origin: String,
}

/// One hook.
#[derive(Debug, Serialize)]
pub struct Hook {
    /// Its name.
    pub name: &'static str,
    /// What its place amounts to.
    pub state: State,
    /// Why, in a few words; empty where there is nothing to say.
    pub note: String,
    /// Where git looks for it.
    pub path: String,
    /// The hook that was there before, where one is kept.
    pub kept: Option<String>,
}

impl Status {
    /// What was found.
    pub fn new(location: &Location, hooks: Vec<Hook>, advice: Vec<String>) -> Status {
        let hooks_path = location.setting.as_ref().map(|s| HooksPath {
            value: s.value.clone(),
            scope: s.scope.clone(),
            origin: s.origin.clone(),
        });
        Status { schema: 1, directory: location.directory.to_string_lossy().into_owned(), hooks_path, hooks, advice }
    }

    /// For people: one line a hook, and the next step where one is needed.
    pub fn text(&self) -> String {
        let mut out = format!("git looks for hooks in {}", words::shown(&self.directory));
        if let Some(path) = &self.hooks_path {
            out.push_str(&format!(" (core.hooksPath, {}, {})", path.scope, words::shown(&path.origin)));
        }
        out.push('\n');
        for hook in &self.hooks {
            let (meaning, word) = said(hook.state);
            let note = if hook.note.is_empty() { String::new() } else { format!("  {}", words::shown(&hook.note)) };
            out.push_str(&format!("  {:<17} {}{note}\n", hook.name, paint(meaning, word)));
        }
        if !self.advice.is_empty() {
            for line in &self.advice {
                out.push_str(&format!("{}\n", words::shown(line)));
            }
        } else if self.hooks.iter().any(|h| h.state != State::Installed) {
            out.push_str(&format!("to mend it: {}\n", paint(Meaning::Command, "mastery hook install")));
        }
        out
    }
}

fn said(state: State) -> (Meaning, &'static str) {
    match state {
        State::Installed => (Meaning::Good, "installed"),
        State::Stale => (Meaning::Doubt, "stale"),
        State::Foreign => (Meaning::Doubt, "foreign"),
        State::Shadowed => (Meaning::Bad, "shadowed"),
        State::Absent => (Meaning::Bad, "absent"),
    }
}

/// What somebody who installs should know: where the directory comes from, and whose hooks were there.
pub fn notes(location: &Location, company: &[String]) -> String {
    let mut out = String::new();
    if let Some(setting) = location.setting.as_ref().filter(|_| location.is_elsewhere()) {
        let shared = match setting.scope.as_str() {
            "global" | "system" => "; these hooks serve every repository that reads that setting",
            _ => "",
        };
        out.push_str(&format!(
            "core.hooksPath ({}, {}) sends git to {}{shared}\n",
            setting.scope,
            words::shown(&setting.origin),
            words::shown(location.directory.to_string_lossy().as_bytes())
        ));
    }
    for line in company {
        out.push_str(&format!("{}\n", words::shown(line)));
    }
    out
}

/// The last line of an installation.
pub fn installed(unchanged: bool, directory: &Path, proven: &[&str]) -> String {
    let place = words::shown(directory.to_string_lossy().as_bytes());
    let what = if unchanged { "already installed, nothing to change" } else { "installed" };
    let proof = match proven {
        [] => "nothing was proved: another manager stands in front of every hook".to_owned(),
        names => format!("git ran {} to prove it", names.join(", ")),
    };
    format!("{} in {place}; {proof}\n", paint(Meaning::Good, what))
}
