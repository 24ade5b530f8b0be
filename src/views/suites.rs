//! What was found out about suites: a line for a pass, and for anything else all that is needed to mend it.

use super::style::{Meaning, paint};
use super::words;
use crate::suites::finding::Finding;
use crate::suites::receipt::Outcome;
use crate::suites::reports::TestFailure;
use bstr::ByteSlice;
use chrono::{DateTime, FixedOffset};
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;

/// How many failing tests are shown with their output, and how many lines of it.
const TESTS: usize = 10;
const LINES: usize = 20;

/// A finding for people. Paths are shown relative to `top` where they lie below it.
pub fn text(finding: &Finding, now: DateTime<FixedOffset>, top: Option<&Path>) -> String {
    let mut out = line(finding, now);
    out.push_str(&doubt(finding));
    if finding.passed() {
        out.push_str(&mend(finding));
        return out;
    }
    for failure in finding.failures.iter().take(TESTS) {
        out.push_str(&test(failure));
    }
    if finding.failures.len() > TESTS {
        out.push_str(&format!("  … and {} more\n", finding.failures.len() - TESTS));
    }
    if let Some(note) = &finding.note {
        out.push_str(&format!("  {}\n", words::shown(note)));
    }
    if finding.failures.is_empty() && finding.outcome != Outcome::Interrupted {
        out.push_str(&quoted(&finding.tail));
    }
    if let Some(snapshot) = &finding.snapshot {
        out.push_str(&format!(
            "  {} {}\n",
            paint(Meaning::Faint, "it ran on the staged content in"),
            words::shown(snapshot.as_os_str().as_encoded_bytes())
        ));
    }
    if let Some(log) = &finding.log {
        let log = top.and_then(|t| log.strip_prefix(t).ok()).unwrap_or(log);
        out.push_str(&format!(
            "  {} {}\n",
            paint(Meaning::Faint, "whole log:"),
            words::shown(log.as_os_str().as_encoded_bytes())
        ));
    }
    out.push_str(&mend(finding));
    out
}

/// What makes a finding doubtful, if anything does.
pub fn doubt(finding: &Finding) -> String {
    let line = |doubt: &String| format!("  {} {}\n", paint(Meaning::Doubt, "doubtful:"), words::shown(doubt));
    finding.doubt.as_ref().map(line).unwrap_or_default()
}

/// What to do about a finding, where that is known.
fn mend(finding: &Finding) -> String {
    let line = |mend: &String| format!("  {} {}\n", paint(Meaning::Command, "to mend it:"), words::shown(mend));
    finding.mend.as_ref().map(line).unwrap_or_default()
}

/// A suite that has not run, and what would happen to it.
pub fn would(finding: &Finding, place: &str) -> String {
    format!("{}  would run {place}: {}\n", heading(finding), paint(Meaning::Command, words::shown(&finding.command)))
}

/// A finding in one line.
pub fn line(finding: &Finding, now: DateTime<FixedOffset>) -> String {
    let (meaning, said) = summary(finding, now);
    format!("{}  {}\n", heading(finding), paint(meaning, said))
}

/// The language and, where it has another name, the project.
pub fn heading(finding: &Finding) -> String {
    format!("{}  {}", paint(Meaning::Strong, words::shown(&finding.language)), words::shown(&finding.project))
}

fn summary(finding: &Finding, now: DateTime<FixedOffset>) -> (Meaning, String) {
    let took = words::duration(finding.duration);
    let total = finding.counts.map(|c| c.passed + c.failed);
    match finding.outcome {
        Outcome::Passed => match (finding.passed_before, total) {
            (Some(at), _) => (Meaning::Good, format!("already passed ({})", words::ago((now - at).num_seconds()))),
            (None, Some(n)) => {
                let covered = finding.coverage.map(|c| format!("  {c:.1} % covered")).unwrap_or_default();
                (Meaning::Good, format!("{}{covered}  {took}", words::count(n, "test")))
            }
            (None, None) => (Meaning::Good, format!("passed  {took}")),
        },
        Outcome::Failed => match finding.counts {
            Some(c) if c.failed > 0 => {
                (Meaning::Bad, format!("{} of {} failed  {took}", c.failed, words::count(c.passed + c.failed, "test")))
            }
            _ => (Meaning::Bad, format!("failed  {took}")),
        },
        Outcome::NoTests => (Meaning::Bad, "no test ran".into()),
        Outcome::Toolchain => (Meaning::Bad, "could not be tested".into()),
        Outcome::TimedOut => (Meaning::Bad, format!("timed out after {took}")),
        Outcome::Interrupted => (Meaning::Doubt, "interrupted".into()),
    }
}

fn test(failure: &TestFailure) -> String {
    let place = match (&failure.file, failure.line) {
        (Some(file), Some(line)) => format!("  {}:{line}", words::shown(file)),
        (Some(file), None) => format!("  {}", words::shown(file)),
        _ => String::new(),
    };
    // A file that could not be loaded has its path for a name.
    let place = match &failure.file {
        Some(file) if *file == failure.name => place.trim_start().trim_start_matches(&words::shown(file)).to_owned(),
        _ => place,
    };
    let name = paint(Meaning::Bad, words::shown(&failure.name));
    format!("  {name}{place}\n{}", quoted(&last_lines(&failure.output)))
}

fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.trim_end().lines().filter(|l| !l.trim().is_empty()).collect();
    lines[lines.len().saturating_sub(LINES)..].join("\n")
}

/// Captured output: colours taken out, everything else that could drive a terminal shown.
fn quoted(text: &str) -> String {
    let plain = anstream::adapter::strip_str(text).to_string();
    let mut out = String::new();
    for line in last_lines(&plain).lines() {
        out.push_str(&format!("      {}\n", words::shown_lines(line.trim_end_matches('\r'))));
    }
    out
}

/// The name by which `mastery test` knows a suite.
pub fn name(finding: &Finding) -> String {
    let track = &finding.track;
    words::shell(&if track.is_empty() { finding.language.clone() } else { track.to_str_lossy().into_owned() })
}

/// What to type next, once a commit was stopped by these findings.
pub fn stopped_commit(findings: &[Finding]) -> String {
    format!(
        "\n{}\n  again, on what is staged:  {}\n  past the tests, this once:  {}\n",
        paint(Meaning::Bad, "commit stopped: its suites have not passed on what is staged."),
        paint(Meaning::Command, format!("mastery test {} --staged", names(findings))),
        paint(Meaning::Command, "MASTERY_SKIP=tests git commit …"),
    )
}

/// What to type next, once a push was stopped by these findings about `commit`.
pub fn stopped_push(findings: &[Finding], commit: &str) -> String {
    format!(
        "\n{}\n  again, on that commit:      {}\n  past the tests, this once:  {}\n",
        paint(Meaning::Bad, format!("push stopped: the suites of commit {commit} have not passed.")),
        paint(Meaning::Command, format!("mastery test {} --rev {commit}", names(findings))),
        paint(Meaning::Command, "MASTERY_SKIP=tests git push …"),
    )
}

/// The tracks that have not passed, as `mastery test` takes them.
fn names(findings: &[Finding]) -> String {
    let stopped: Vec<String> = findings.iter().filter(|f| !f.passed()).map(name).collect();
    stopped.join(" ")
}

/// A suite that waits for the push.
pub fn waits(finding: &Finding, last: Duration, budget: Duration) -> String {
    let why = format!("it took {} last time, more than {}", words::duration(last), words::duration(budget));
    format!("{}  {}\n", heading(finding), paint(Meaning::Doubt, format!("waits for the push: {why}")))
}

/// A receipt that can't be read.
pub fn damaged(finding: &Finding) -> String {
    format!("{}  {}\n", heading(finding), paint(Meaning::Doubt, "its receipt is damaged, and does not count"))
}

/// The line that is rewritten on a terminal while suites run.
pub fn live(running: &[(String, u64)]) -> String {
    let parts: Vec<String> =
        running.iter().map(|(name, seconds)| format!("{} {seconds} s", words::shown(name))).collect();
    format!("testing {}", parts.join(" · "))
}

/// Findings as `--format json` has them.
pub fn json(findings: &[Finding]) -> Value {
    let suites: Vec<Value> = findings
        .iter()
        .map(|f| {
            let failing: Vec<Value> = f
                .failures
                .iter()
                .map(|t| json!({ "name": t.name, "file": t.file, "line": t.line, "output": t.output }))
                .collect();
            json!({
                "project": f.project, "language": f.language, "track": f.track.to_str_lossy(), "tree": f.tree,
                "command": f.command, "outcome": f.outcome, "reused": f.passed_before.is_some(),
                "at": f.passed_before.map(|t| t.to_rfc3339()), "counts": f.counts, "failing": failing,
                "coverage": f.coverage, "duration_ms": u64::try_from(f.duration.as_millis()).unwrap_or(u64::MAX),
                "log": f.log.as_ref().map(|l| l.to_string_lossy()), "doubt": f.doubt, "note": f.note, "mend": f.mend,
            })
        })
        .collect();
    json!({ "schema": 1, "suites": suites })
}
