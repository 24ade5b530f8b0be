//! What `mastery check` has found: every breach of a rule, with its remedy.

use super::style::{Meaning, paint};
use super::{suites, verify, words};
use crate::gates::journal::Touched;
use crate::git::Commit;
use crate::suites::finding::Finding;
use bstr::ByteSlice;
use serde_json::{Value, json};

/// A rule that a commit breaks.
#[derive(Debug, Clone)]
pub enum Breach {
    /// It changes these tracks, and nothing learned goes with it.
    Journal(Commit, Vec<Touched>),
    /// It says that there is no entry, and not why.
    NoReason(Commit),
    /// A suite has not passed on it.
    Tests(Commit, Box<Finding>),
}

impl Breach {
    fn commit(&self) -> &Commit {
        match self {
            Breach::Journal(commit, _) | Breach::NoReason(commit) | Breach::Tests(commit, _) => commit,
        }
    }

    fn rule(&self) -> &'static str {
        match self {
            Breach::Journal(..) | Breach::NoReason(_) => "journal",
            Breach::Tests(..) => "tests",
        }
    }

    /// What is wrong, in one line.
    fn what(&self) -> String {
        match self {
            Breach::Journal(_, lacking) => {
                let changes: Vec<String> =
                    lacking.iter().map(|t| format!("{} ({})", t.path, words::count(t.lines, "line"))).collect();
                format!("changes {} and says nothing of what was learned", words::shown(changes.join(", ")))
            }
            Breach::NoReason(_) => "says that there is no journal entry, and not why".into(),
            Breach::Tests(_, finding) => {
                let failing: Vec<&str> = finding.failures.iter().take(3).map(|f| f.name.as_str()).collect();
                let why = match (&finding.note, failing.as_slice()) {
                    (Some(note), []) => note.clone(),
                    (None, []) => "has not passed".to_owned(),
                    (_, names) => format!("failed: {}", names.join(", ")),
                };
                format!("{} {}", suites::name(finding), words::shown(why))
            }
        }
    }

    /// What mends it.
    fn remedy(&self, tip: &Commit) -> String {
        let id = self.commit().id.short();
        let reword = |line: &str| {
            if self.commit().id == tip.id {
                format!("git commit --amend, and add to the message: {line}")
            } else {
                format!("git rebase -i {id}^, `reword` that commit, and add to its message: {line}")
            }
        };
        match self {
            Breach::Journal(_, lacking) => {
                let lines: Vec<String> = lacking.iter().map(|t| format!("Learned({}): …", t.language)).collect();
                reword(&words::shown(lines.join(" · ")))
            }
            Breach::NoReason(_) => reword("Journal: none (the reason)"),
            Breach::Tests(_, finding) => match &finding.mend {
                Some(mend) => words::shown(mend),
                None => format!("mastery test {} --rev {id} shows it; mend it, and commit", suites::name(finding)),
            },
        }
    }
}

/// A paragraph a breach, and a closing line.
pub fn text(range: &str, commits: &[Commit], breaches: &[Breach]) -> String {
    let Some(tip) = commits.last() else {
        return format!("{} holds no commits: nothing to check\n", words::shown(range));
    };
    let mut out = String::new();
    for breach in breaches {
        out.push_str(&format!(
            "{}\n  {} {}\n  {} {}\n",
            verify::commit(breach.commit()),
            paint(Meaning::Bad, format!("{}:", breach.rule())),
            breach.what(),
            paint(Meaning::Faint, "to mend it:"),
            breach.remedy(tip)
        ));
    }
    let many = words::count(commits.len(), "commit");
    out.push_str(&match breaches.len() {
        0 => format!("{}\n", paint(Meaning::Good, format!("{many}: every rule is kept"))),
        n => format!(
            "{}\n",
            paint(
                Meaning::Bad,
                format!("{many}: {}", format_args!("{n} {}", if n == 1 { "breach" } else { "breaches" }))
            )
        ),
    });
    out
}

/// As `--format json` has it.
pub fn json(range: &str, commits: &[Commit], breaches: &[Breach]) -> Value {
    let listed: Vec<Value> = breaches
        .iter()
        .map(|breach| {
            let tracks: Vec<String> = match breach {
                Breach::Journal(_, lacking) => lacking.iter().map(|t| t.path.to_string()).collect(),
                Breach::NoReason(_) => Vec::new(),
                Breach::Tests(_, finding) => vec![finding.track.to_string()],
            };
            json!({ "commit": breach.commit().id, "subject": verify::subject(breach.commit()).to_str_lossy(),
                "rule": breach.rule(), "tracks": tracks, "what": breach.what(),
                "remedy": commits.last().map(|tip| breach.remedy(tip)) })
        })
        .collect();
    json!({ "schema": 1, "range": range, "commits": commits.len(), "breaches": listed })
}
