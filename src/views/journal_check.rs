//! The journal rule over a range: which commits lack an entry, and how to mend them.

use super::style::{Meaning, paint};
use super::words;
use crate::gates::journal::Touched;
use crate::git::{Commit, ObjectId};
use bstr::ByteSlice;
use serde::Serialize;

/// `mastery journal check`, as JSON has it.
#[derive(Debug, Serialize)]
pub struct Checked {
    schema: u32,
    range: String,
    /// How many commits were judged.
    commits: usize,
    breaches: Vec<Breach>,
}

/// A commit that lacks an entry.
#[derive(Debug, Clone, Serialize)]
pub struct Breach {
    commit: ObjectId,
    subject: String,
    author: String,
    /// What lacks one; empty where `Journal: none` lacks its reason.
    lacking: Vec<Lacking>,
}

#[derive(Debug, Clone, Serialize)]
struct Lacking {
    project: String,
    language: String,
    path: String,
    lines: usize,
}

impl Breach {
    /// A commit without an entry for `lacking`.
    pub fn new(commit: &Commit, lacking: &[Touched]) -> Breach {
        let lacking = lacking.iter().map(|t| Lacking {
            project: t.project.clone(),
            language: t.language.clone(),
            path: t.path.to_str_lossy().into_owned(),
            lines: t.lines,
        });
        Breach { lacking: lacking.collect(), ..Self::without_reason(commit) }
    }

    /// A commit with `Journal: none` and no reason.
    pub fn without_reason(commit: &Commit) -> Breach {
        Breach {
            commit: commit.id,
            subject: commit.message.lines().next().unwrap_or_default().to_str_lossy().into_owned(),
            author: commit.author.name.to_str_lossy().into_owned(),
            lacking: Vec::new(),
        }
    }

    /// For people, on one line.
    pub fn line(&self) -> String {
        let lacks: Vec<String> = self
            .lacking
            .iter()
            .map(|l| {
                format!(
                    "{} ({} in {})",
                    words::shown(&l.language),
                    words::count(l.lines, "line"),
                    words::shown(place(&l.path))
                )
            })
            .collect();
        let why = if lacks.is_empty() {
            "`Journal: none` gives no reason".to_owned()
        } else {
            format!("no entry for {}", lacks.join(", "))
        };
        let (mark, commit) = (paint(Meaning::Bad, "✗"), paint(Meaning::Strong, self.commit.short()));
        format!("{mark} {commit} {}: {why}\n", words::shown(&self.subject))
    }
}

fn place(path: &str) -> &str {
    if path.is_empty() { "." } else { path }
}

impl Checked {
    /// What came of judging `commits` commits of `range`.
    pub fn new(range: String, commits: usize, breaches: Vec<Breach>) -> Checked {
        Checked { schema: 1, range, commits, breaches }
    }

    /// Whether every commit may stand.
    pub fn is_fine(&self) -> bool {
        self.breaches.is_empty()
    }

    /// For people.
    pub fn text(&self) -> String {
        let range = words::shown(&self.range);
        if self.is_fine() {
            let all = words::count(self.commits, "commit");
            return format!("{} journal: {all} in {range}, nothing is missing\n", paint(Meaning::Good, "✓"));
        }
        let mut out: String = self.breaches.iter().map(Breach::line).collect();
        out.push_str(&format!(
            "{} of {} in {range} lack what was learned\n",
            self.breaches.len(),
            words::count(self.commits, "commit")
        ));
        if let Some(first) = self.breaches.first() {
            let command = format!("git rebase -i {}^", first.commit.short());
            out.push_str(&format!(
                "to mend it: {}, mark them `reword`, and add a line `Learned-{}: …` to each\n",
                paint(Meaning::Command, command),
                first.lacking.first().map_or("golang".into(), |l| words::shown(&l.language))
            ));
        }
        out
    }
}
