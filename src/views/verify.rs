//! What `mastery verify` has found out about a range of commits.

use super::style::{Meaning, paint};
use super::{suites, words};
use crate::commands::testing::lanes::Lane;
use crate::git::Commit;
use crate::suites::finding::Finding;
use crate::suites::receipt::Outcome;
use bstr::{BStr, ByteSlice};
use chrono::{DateTime, FixedOffset};
use serde_json::{Value, json};
use std::path::Path;

/// A commit as one line has it: its short id and its subject.
pub fn commit(commit: &Commit) -> String {
    format!("{} {}", commit.id.short(), words::shown(subject(commit)))
}

/// The first line of the message.
pub fn subject(commit: &Commit) -> &BStr {
    commit.message.lines().next().unwrap_or_default().as_bstr()
}

/// One run, as it ends.
pub fn progress(commit: &Commit, finding: &Finding, now: DateTime<FixedOffset>) -> String {
    format!("{}  {}{}", paint(Meaning::Faint, commit.id.short()), suites::line(finding, now), suites::doubt(finding))
}

/// A line a suite; for one that has not passed everywhere, the first bad commit and what failed in it.
pub fn text(range: &str, commits: &[Commit], lanes: &[Lane], now: DateTime<FixedOffset>, top: Option<&Path>) -> String {
    if commits.is_empty() {
        return format!("{} holds no commits: nothing to verify\n", words::shown(range));
    }
    if lanes.is_empty() {
        return format!("no track in {} has a suite: nothing to verify\n", words::count(commits.len(), "commit"));
    }
    let mut out = String::new();
    for lane in lanes {
        let Some((_, last)) = lane.findings.last() else { continue };
        let runs = lane.findings.iter().filter(|(_, f)| f.passed_before.is_none()).count();
        let many = words::count(lane.findings.len(), "commit");
        let ran = if runs == 0 { "none had to run".to_owned() } else { format!("{runs} ran") };
        let heading = suites::heading(last);
        match lane.first_bad() {
            None => {
                let said = paint(Meaning::Good, format!("{many}, all passed ({ran})"));
                out.push_str(&format!(
                    "{heading}  {said}
"
                ));
            }
            Some((number, finding)) => {
                let bad = lane.findings.iter().filter(|(_, f)| !f.passed()).count();
                let said = format!("{bad} of {many} not passed ({ran})");
                out.push_str(&format!("{heading}  {}\n", paint(Meaning::Bad, said)));
                out.push_str(&format!("first bad commit: {}\n", commit(&commits[*number])));
                out.push_str(&suites::text(finding, now, top));
                let again = format!("mastery test {} --rev {}", suites::name(finding), commits[*number].id.short());
                out.push_str(&format!("  {} {}\n", paint(Meaning::Faint, "again:"), paint(Meaning::Command, again)));
            }
        }
    }
    out
}

/// As `--format json` has it.
pub fn json(range: &str, commits: &[Commit], lanes: &[Lane]) -> Value {
    let tracks: Vec<Value> = lanes
        .iter()
        .filter_map(|lane| {
            let (_, last) = lane.findings.last()?;
            let results: Vec<Value> = lane
                .findings
                .iter()
                .map(|(n, f)| {
                    let failing: Vec<&str> = f.failures.iter().map(|t| t.name.as_str()).collect();
                    json!({ "commit": commits[*n].id, "outcome": f.outcome, "reused": f.passed_before.is_some(),
                        "tree": f.tree, "counts": f.counts, "failing": failing })
                })
                .collect();
            Some(json!({ "project": last.project, "language": last.language, "track": last.track.to_str_lossy(),
                "first_bad": lane.first_bad().map(|(n, _)| commits[*n].id), "commits": results }))
        })
        .collect();
    let failed = lanes.iter().any(|l| l.first_bad().is_some_and(|(_, f)| f.outcome != Outcome::Passed));
    json!({ "schema": 1, "range": range, "commits": commits.len(), "passed": !failed, "tracks": tracks })
}
