//! Jest's `--json` and Vitest's `--reporter=json`: one object, with a list of test files and of assertions in each.
//!
//! Both say that a file failed without failing a test in it (an import, a `beforeAll`); Vitest then leaves the message empty.

use super::{TestFailure, Tests, Unreadable, plain};
use regex::Regex;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    test_results: Vec<File>,
    success: bool,
    #[serde(default)]
    was_interrupted: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    name: String,
    status: String,
    #[serde(default)]
    message: Option<String>,
    assertion_results: Vec<Assertion>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Assertion {
    status: String,
    title: String,
    #[serde(default)]
    full_name: Option<String>,
    #[serde(default)]
    failure_messages: Option<Vec<String>>,
}

pub(super) fn parse(bytes: &[u8]) -> Result<Tests, Unreadable> {
    let unreadable = |what: String| Unreadable { format: "Jest JSON", what };
    if bytes.trim_ascii().is_empty() {
        return Err(unreadable("it is empty".into()));
    }
    let run: Run = serde_json::from_slice(bytes).map_err(|e| unreadable(e.to_string()))?;
    if run.was_interrupted {
        return Err(unreadable("the run was interrupted".into()));
    }
    let mut tests = Tests::default();
    for file in &run.test_results {
        let before = tests.counts.failed;
        for assertion in &file.assertion_results {
            match assertion.status.as_str() {
                "passed" => tests.counts.passed += 1,
                "failed" => {
                    tests.counts.failed += 1;
                    let name = assertion.full_name.as_deref().unwrap_or(&assertion.title).trim();
                    let output = assertion.failure_messages.as_deref().unwrap_or_default().join("\n\n");
                    tests.failures.push(failure(name, &file.name, &output));
                }
                _ => tests.counts.skipped += 1,
            }
        }
        if file.status == "failed" && tests.counts.failed == before {
            let message = file.message.as_deref().unwrap_or_default();
            tests.problems.push(failure(&file.name, &file.name, message));
        }
    }
    if !run.success && tests.failures.is_empty() && tests.problems.is_empty() {
        tests.problems.push(TestFailure {
            name: "the run".into(),
            output: "it failed, though none of its tests did".into(),
            ..TestFailure::default()
        });
    }
    Ok(tests)
}

/// A failure in `file`, at the first place in it that the output names.
fn failure(name: &str, file: &str, output: &str) -> TestFailure {
    let output = plain(output);
    let base = file.rsplit('/').next().unwrap_or(file);
    let line = Regex::new(&format!(r"(?m)(?:^|[/(\s]){}:(\d+)(?::\d+)?", regex::escape(base)))
        .ok()
        .and_then(|pattern| pattern.captures(&output)?[1].parse().ok());
    TestFailure { name: name.to_owned(), file: Some(file.to_owned()), line, output }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Captured from Jest 30.5, stacks shortened.
    const JEST: &str = r#"{"numFailedTestSuites":2,"numFailedTests":1,"numPassedTests":2,"numRuntimeErrorTestSuites":1,"openHandles":[],"snapshot":{"added":0},"startTime":1795345728033,"success":false,"testResults":[
{"assertionResults":[{"ancestorTitles":["limiter"],"duration":3,"failing":false,"failureDetails":[],"failureMessages":[],"fullName":"limiter allows three","invocations":1,"location":null,"status":"passed","title":"allows three"},
{"ancestorTitles":["limiter"],"duration":4,"failureDetails":[{}],"failureMessages":["Error: \u001b[2mexpect(\u001b[22mreceived).toBe(expected)\n\nExpected: 3\nReceived: 4\n    at Object.toBe (/srv/a.test.js:3:48)\n    at new Promise (<anonymous>)\n    at run (/srv/node_modules/jest-circus/build/jestAdapterInit.js:789:3)"],"fullName":"limiter refuses the fourth","status":"failed","title":"refuses the fourth"},
{"ancestorTitles":["limiter"],"duration":null,"failureMessages":[],"fullName":"limiter later","status":"pending","title":"later"},
{"ancestorTitles":["limiter"],"duration":null,"failureMessages":[],"fullName":"limiter write me","status":"todo","title":"write me"},
{"ancestorTitles":["limiter"],"duration":1,"failing":true,"failureMessages":[],"fullName":"limiter known bad","status":"passed","title":"known bad"}],"endTime":1795345728661,"message":"  ● limiter › refuses the fourth","name":"/srv/a.test.js","startTime":1795345728270,"status":"failed","summary":""},
{"assertionResults":[],"coverage":{},"endTime":1795345729027,"message":"  ● Test suite failed to run\n\n    Cannot find module './nope' from 'b.test.js'\n\n    > 1 | const x = require('./nope');\n\n      at Resolver._throwModNotFoundError (node_modules/jest-resolve/build/index.js:1031:11)\n      at Object.require (b.test.js:1:11)\n","name":"/srv/b.test.js","startTime":1795345729027,"status":"failed","summary":""}],"wasInterrupted":false}"#;

    /// Captured from Vitest 5.1: a failing `beforeAll` skips its tests and leaves no message.
    const VITEST: &str = r#"{"numTotalTestSuites":6,"numPassedTestSuites":0,"numFailedTestSuites":6,"numTotalTests":5,"numPassedTests":1,"numFailedTests":1,"snapshot":{"added":0},"startTime":1795345555088,"success":false,"testResults":[
{"assertionResults":[{"ancestorTitles":["limiter"],"fullName":"limiter refuses the fourth","status":"failed","title":"refuses the fourth","duration":7.8,"failureMessages":["AssertionError: expected 4 to be 3 // Object.is equality\n    at /srv/a.test.js:4:49\n    at file:///srv/node_modules/@vitest/runner/dist/chunk-artifact.js:302:11"],"meta":{},"tags":[]}],"startTime":1795345555406,"endTime":1795345555415.8867,"status":"failed","message":"","name":"/srv/a.test.js"},
{"assertionResults":[],"startTime":1795345555088,"endTime":1795345555088,"status":"failed","message":"Cannot find module './nope' imported from /srv/b.test.js","name":"/srv/b.test.js"},
{"assertionResults":[{"ancestorTitles":["hooks"],"fullName":"hooks never","status":"skipped","title":"never","failureMessages":[],"meta":{},"tags":[]}],"startTime":1795345555088,"endTime":1795345555088,"status":"failed","message":"","name":"/srv/d.test.js"}]}"#;

    #[test]
    fn jest_counts_and_places_its_failures() {
        let tests = parse(JEST.as_bytes()).unwrap();
        assert_eq!((tests.counts.passed, tests.counts.failed, tests.counts.skipped), (2, 1, 2));
        let failure = &tests.failures[0];
        assert_eq!(failure.name, "limiter refuses the fourth");
        assert_eq!((failure.file.as_deref(), failure.line), (Some("/srv/a.test.js"), Some(3)));
        assert!(failure.output.starts_with("Error: expect(received)"), "{}", failure.output);
    }

    #[test]
    fn a_file_that_can_not_be_loaded_is_a_problem() {
        let tests = parse(JEST.as_bytes()).unwrap();
        assert_eq!(tests.problems.len(), 1);
        assert_eq!(tests.problems[0].name, "/srv/b.test.js");
        assert_eq!(tests.problems[0].line, Some(1));
        assert!(tests.problems[0].output.contains("Cannot find module"));
    }

    #[test]
    fn vitest_fails_a_file_without_failing_a_test_in_it() {
        let tests = parse(VITEST.as_bytes()).unwrap();
        assert_eq!((tests.counts.passed, tests.counts.failed, tests.counts.skipped), (0, 1, 1));
        assert_eq!(tests.failures[0].line, Some(4));
        let names: Vec<&str> = tests.problems.iter().map(|p| p.name.as_str()).collect();
        assert_eq!(names, ["/srv/b.test.js", "/srv/d.test.js"]);
    }

    #[test]
    fn a_run_that_failed_for_no_reason_of_its_tests_is_a_problem() {
        let text = r#"{"success":false,"testResults":[{"name":"a","status":"passed","assertionResults":[{"status":"passed","title":"t"}]}]}"#;
        assert_eq!(parse(text.as_bytes()).unwrap().problems.len(), 1);
    }

    #[test]
    fn a_run_without_tests_counts_none() {
        assert_eq!(parse(br#"{"success":true,"testResults":[],"wasInterrupted":false}"#), Ok(Tests::default()));
    }

    #[test]
    fn a_report_that_is_cut_anywhere_or_was_interrupted_is_unreadable() {
        for end in (0..JEST.len()).step_by(7) {
            assert!(parse(&JEST.as_bytes()[..end]).is_err(), "{end}");
        }
        assert!(parse(JEST.replace("\"wasInterrupted\":false", "\"wasInterrupted\":true").as_bytes()).is_err());
        assert!(parse(b"{}").is_err());
    }
}
