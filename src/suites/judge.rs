//! What a run means: from how its process ended, its report and its log to an outcome.

use super::receipt::Outcome;
use super::reports::{Tests, Unreadable};
use crate::config::schema::{Report, TestsTable};
use crate::failure::NO_ROOM;
use crate::system::exec::suite::{Cause, Ended};

/// What is known of a run.
#[derive(Debug, Clone, Copy)]
pub struct Run<'a> {
    /// How its process ended.
    pub ended: &'a Ended,
    /// The format of its report.
    pub format: Report,
    /// Its report; none where it wrote none, or the format is [`Report::None`].
    pub report: &'a Result<Option<Tests>, Unreadable>,
    /// The end of its log.
    pub log: &'a str,
    /// What its coverage report says, in percent; none where it wrote none.
    pub coverage: Option<f64>,
    /// What it must have done to pass.
    pub rules: &'a TestsTable,
}

/// An outcome, why where that is not plain, and what mends it where that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// The outcome.
    pub outcome: Outcome,
    /// Why.
    pub note: Option<String>,
    /// What to do.
    pub mend: Option<String>,
}

impl Judgement {
    fn of(outcome: Outcome) -> Self {
        Judgement { outcome, note: None, mend: None }
    }

    fn because(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    fn mend(mut self, mend: impl Into<String>) -> Self {
        self.mend = Some(mend.into());
        self
    }
}

/// Says what a run means. Both the exit code and the report must be good for a pass.
pub fn judge(run: &Run<'_>) -> Judgement {
    match run.ended.cause {
        Cause::Timeout => return Judgement::of(Outcome::TimedOut),
        Cause::Stopped => return Judgement::of(Outcome::Interrupted),
        Cause::Itself => {}
    }
    if let Some(missing) = missing_tool(run) {
        return missing;
    }
    if run.ended.lost && run.format != Report::None && !matches!(run.report, Ok(Some(_))) {
        return Judgement::of(Outcome::Toolchain)
            .because("the disk refused a part of its report, so nobody knows what it says")
            .mend(NO_ROOM);
    }
    let code = run.ended.code;
    match run.report {
        _ if run.format == Report::None => by_code(run, code),
        Err(unreadable) => Judgement::of(Outcome::Failed)
            .because(format!("its report can't be read: {unreadable}"))
            .mend("if it writes none in that format, set `report = \"none\"` for this language in .mastery.toml"),
        Ok(None) => without_report(run),
        Ok(Some(tests)) => by_report(run, tests),
    }
}

fn by_code(run: &Run<'_>, code: i32) -> Judgement {
    match code {
        0 => covered(run),
        _ => Judgement::of(Outcome::Failed).because(format!("the command ended with exit code {code}")),
    }
}

fn by_report(run: &Run<'_>, tests: &Tests) -> Judgement {
    let code = run.ended.code;
    let failed = tests.counts.failed > 0 || !tests.failures.is_empty() || !tests.problems.is_empty();
    if failed {
        return Judgement::of(Outcome::Failed);
    }
    let ran = tests.counts.passed > 0;
    match (code, ran) {
        (0, false) if run.rules.require_tests => no_tests(),
        (0, _) => covered(run),
        (5, false) if run.format == Report::Junit => no_tests(),
        (_, false) if says_no_tests(run.log) => no_tests(),
        _ => Judgement::of(Outcome::Failed)
            .because(format!("no test failed, but the command ended with exit code {code}")),
    }
}

fn without_report(run: &Run<'_>) -> Judgement {
    match run.ended.code {
        _ if says_no_tests(run.log) => no_tests(),
        5 if run.format == Report::Junit => no_tests(),
        0 => Judgement::of(Outcome::NoTests)
            .because("the command wrote no report, so nobody knows what it tested")
            .mend("have it write its report to the file that $MASTERY_REPORT names, or set `report = \"none\"` for this language in .mastery.toml"),
        code => by_code(run, code),
    }
}

/// A pass, where coverage is not enforced or exceeds what is asked for.
fn covered(run: &Run<'_>) -> Judgement {
    let least = run.rules.coverage_min;
    let failed = |note| Judgement::of(Outcome::Failed).because(note);
    match run.coverage {
        _ if !run.rules.enforce_coverage => Judgement::of(Outcome::Passed),
        Some(percent) if percent > least => Judgement::of(Outcome::Passed),
        Some(percent) => failed(format!("its tests cover {percent:.1} %, which is not above {least} %"))
            .mend("test what the coverage report shows as missed, or lower `coverage_min` under [tests] in .mastery.toml"),
        None => failed("it wrote no coverage report that can be read, and `enforce_coverage` wants one".into()).mend(
            "have it write one: go test -coverprofile=coverage.out ./..., jest --coverage, pytest --cov --cov-report=xml",
        ),
    }
}

fn no_tests() -> Judgement {
    Judgement::of(Outcome::NoTests)
        .because("it ran no test")
        .mend("write one, or set `require_tests = false` under [tests] in .mastery.toml")
}

/// Jest and Vitest say so in words, and write no report.
fn says_no_tests(log: &str) -> bool {
    ["No tests found, exiting with code 1", "No test files found, exiting with code 1"].iter().any(|w| log.contains(w))
}

/// A tool that is not there: by the shell's exit code, or in the words of the tool that wanted it.
fn missing_tool(run: &Run<'_>) -> Option<Judgement> {
    let toolchain = |what: String| Judgement::of(Outcome::Toolchain).because(what);
    if run.ended.code == 0 || matches!(run.report, Ok(Some(tests)) if tests.counts.passed + tests.counts.failed > 0) {
        return None;
    }
    if run.format == Report::Junit && run.log.contains("No module named pytest") {
        return Some(toolchain("pytest is not installed".into()).mend("python -m pip install pytest"));
    }
    let last = run.log.lines().rev().find(|l| l.contains("not found") || l.contains("ermission denied"));
    match run.ended.code {
        127 => {
            let judgement = toolchain(last.map_or_else(|| "a command was not found".into(), |l| l.trim().to_owned()));
            Some(if run.format == Report::JestJson { judgement.mend("npm install") } else { judgement })
        }
        126 => Some(toolchain(last.map_or_else(|| "a command can't be executed".into(), |l| l.trim().to_owned()))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suites::receipt::Counts;
    use crate::suites::reports::TestFailure;

    fn outcome(code: i32, format: Report, report: Option<(usize, usize)>, log: &str) -> Outcome {
        let failing = |n| vec![TestFailure::default(); n];
        let report = Ok(report.map(|(passed, failed)| Tests {
            counts: Counts { passed, failed, skipped: 0 },
            failures: failing(failed),
            problems: Vec::new(),
        }));
        let ended = Ended { cause: Cause::Itself, code, duration_ms: 1, left: Vec::new(), lost: false };
        let rules = TestsTable::default();
        judge(&Run { ended: &ended, format, report: &report, log, coverage: None, rules: &rules }).outcome
    }

    #[test]
    fn code_and_report_must_both_be_good() {
        assert_eq!(outcome(0, Report::GoJson, Some((3, 0)), ""), Outcome::Passed);
        assert_eq!(outcome(0, Report::GoJson, Some((3, 1)), ""), Outcome::Failed);
        assert_eq!(outcome(1, Report::GoJson, Some((3, 0)), ""), Outcome::Failed);
        assert_eq!(outcome(0, Report::None, None, ""), Outcome::Passed);
        assert_eq!(outcome(3, Report::None, None, ""), Outcome::Failed);
    }

    #[test]
    fn a_suite_that_ran_no_test_has_not_passed() {
        assert_eq!(outcome(0, Report::GoJson, Some((0, 0)), ""), Outcome::NoTests);
        assert_eq!(outcome(0, Report::GoJson, None, ""), Outcome::NoTests);
        assert_eq!(outcome(5, Report::Junit, Some((0, 0)), ""), Outcome::NoTests);
        assert_eq!(outcome(1, Report::JestJson, None, "No tests found, exiting with code 1\n"), Outcome::NoTests);
    }

    #[test]
    fn a_missing_tool_is_no_verdict_on_the_tests() {
        assert_eq!(outcome(127, Report::JestJson, None, "sh: 1: jest: not found"), Outcome::Toolchain);
        assert_eq!(outcome(1, Report::Junit, None, "python: No module named pytest"), Outcome::Toolchain);
    }

    #[test]
    fn enforced_coverage_must_exceed_what_is_asked_for() {
        let judged = |enforce_coverage, coverage| {
            let rules = TestsTable { enforce_coverage, ..TestsTable::default() };
            let ended = Ended { cause: Cause::Itself, code: 0, duration_ms: 1, left: Vec::new(), lost: false };
            judge(&Run { ended: &ended, format: Report::None, report: &Ok(None), log: "", coverage, rules: &rules })
        };
        assert_eq!(judged(false, Some(12.0)).outcome, Outcome::Passed);
        assert_eq!(judged(true, Some(80.1)).outcome, Outcome::Passed);
        assert_eq!(judged(true, Some(80.0)).note.unwrap(), "its tests cover 80.0 %, which is not above 80 %");
        assert!(judged(true, None).note.unwrap().contains("no coverage report"));
    }
}
