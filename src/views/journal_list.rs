//! What was learned, by week and language, from journals and commits as one.

use super::style::{Meaning, paint};
use super::words;
use crate::config::Config;
use crate::git::ObjectId;
use serde::Serialize;

/// `mastery journal list`, as JSON has it.
#[derive(Debug, Serialize)]
pub struct Listing {
    schema: u32,
    entries: Vec<Listed>,
}

/// One thing learned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// The project's id; none where an entry belongs to several.
    pub project: Option<String>,
    /// The project's week, from 1.
    pub week: Option<u32>,
    /// The languages that it is about.
    pub languages: Vec<String>,
    /// What was learned.
    pub text: String,
    /// Where it stands: in a journal, in a commit, or in both.
    pub sources: Vec<Source>,
}

/// Where an entry stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Source {
    /// In a journal.
    File {
        /// From the repository's root.
        path: String,
        /// From 1.
        line: usize,
    },
    /// In a commit's message.
    Commit {
        /// Its id.
        commit: ObjectId,
        /// When its author wrote it, RFC 3339.
        at: Option<String>,
    },
}

impl Default for Listing {
    fn default() -> Self {
        Listing { schema: 1, entries: Vec::new() }
    }
}

impl Listing {
    /// Adds an entry; one that stands there in the same words is the same entry with one more source.
    pub fn add(&mut self, entry: Listed) {
        let same = |known: &&mut Listed| {
            known.text == entry.text
                && entry.languages.iter().all(|name| known.languages.contains(name))
                && (known.project.is_none() || entry.project.is_none() || known.project == entry.project)
                && entry.sources.iter().any(|s| matches!(s, Source::Commit { .. }))
        };
        match self.entries.iter_mut().find(same) {
            Some(known) => known.sources.extend(entry.sources),
            None => self.entries.push(entry),
        }
    }

    /// Keeps what is asked for.
    pub fn retain(&mut self, wanted: impl FnMut(&Listed) -> bool) {
        self.entries.retain(wanted);
    }

    /// The entries, in their order.
    pub fn entries(&self) -> &[Listed] {
        &self.entries
    }

    /// By project, week and language; what was written first comes first.
    pub fn sort(&mut self) {
        self.entries.sort_by(|a, b| {
            let key = |e: &Listed| (e.project.clone(), e.week.unwrap_or(u32::MAX), e.languages.clone());
            key(a).cmp(&key(b))
        });
    }

    /// For people.
    pub fn text(&self, config: &Config) -> String {
        if self.entries.is_empty() {
            return "nothing is written down yet; begin with: mastery journal add -l golang \"…\"\n".into();
        }
        let mut out = String::new();
        let mut above = None;
        for entry in &self.entries {
            let heading = (&entry.project, entry.week, &entry.languages);
            if above != Some(heading) {
                let titles: Vec<&str> =
                    entry.languages.iter().map(|l| config.languages.get(l).map_or(l.as_str(), |l| l.title())).collect();
                let week = entry.week.map_or_else(|| "no week".to_owned(), |week| format!("week {week}"));
                let about = if titles.is_empty() { "no language".to_owned() } else { words::shown(titles.join(", ")) };
                let project = entry.project.as_deref().unwrap_or("all projects");
                let gap = if above.is_some() { "\n" } else { "" };
                let line = format!("{}, {week}: {about}", words::shown(project));
                out.push_str(&format!("{gap}{}\n", paint(Meaning::Strong, line)));
                above = Some(heading);
            }
            let sources: Vec<String> = entry.sources.iter().map(place).collect();
            let source = paint(Meaning::Faint, format!("({})", sources.join(", ")));
            out.push_str(&format!("  - {}  {source}\n", words::shown(&entry.text)));
        }
        out
    }
}

fn place(source: &Source) -> String {
    match source {
        Source::File { path, line } => format!("{}:{line}", words::shown(path)),
        Source::Commit { commit, .. } => commit.short(),
    }
}
