//! `go test -json`: a stream of events, one JSON object a line, interleaved over packages.
//!
//! Go 1.24 and later report a build as events of their own; earlier ones write its errors as plain text, between the events
//! where both outputs are one. Names are `package.Test/sub`, with the last element of the package's path, as Go prints symbols.

use super::{TestFailure, Tests, Unreadable, append, plain};
use indexmap::IndexMap;
use regex::Regex;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Event {
    action: String,
    #[serde(default)]
    package: String,
    #[serde(default)]
    import_path: String,
    #[serde(default)]
    test: String,
    #[serde(default)]
    output: String,
    #[serde(default)]
    failed_build: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Pass,
    Skip,
    Fail,
}

#[derive(Default)]
struct Test {
    end: Option<End>,
    output: String,
}

#[derive(Default)]
struct Package {
    end: Option<End>,
    output: String,
    failed_build: String,
    tests: IndexMap<String, Test>,
}

#[derive(Default)]
struct Stream {
    packages: IndexMap<String, Package>,
    /// What the compiler said, by import path; plain text is kept under the path in its `# path` line.
    builds: IndexMap<String, Build>,
    /// The import path whose plain text build output is being read.
    speaking: String,
    has_no_packages: bool,
}

#[derive(Default)]
struct Build {
    output: String,
    failed: bool,
}

pub(super) fn parse(bytes: &[u8]) -> Result<Tests, Unreadable> {
    let mut stream = Stream::default();
    for (number, line) in bytes.split(|&b| b == b'\n').enumerate() {
        let text = String::from_utf8_lossy(line);
        if text.starts_with('{') {
            let event = serde_json::from_str(&text).map_err(|e| unreadable(format!("line {}: {e}", number + 1)))?;
            stream.take(event);
        } else {
            stream.take_text(text.trim_end());
        }
    }
    stream.finish()
}

fn unreadable(what: String) -> Unreadable {
    Unreadable { format: "go test -json", what }
}

impl Stream {
    fn take(&mut self, event: Event) {
        if event.action.starts_with("build-") {
            let build = self.builds.entry(event.import_path).or_default();
            append(&mut build.output, &event.output);
            build.failed |= event.action == "build-fail";
            return;
        }
        if event.package.is_empty() {
            return;
        }
        let package = self.packages.entry(event.package).or_default();
        let end = match event.action.as_str() {
            "pass" | "bench" => Some(End::Pass),
            "skip" => Some(End::Skip),
            "fail" => Some(End::Fail),
            _ => None,
        };
        if event.test.is_empty() {
            append(&mut package.output, &event.output);
            package.end = end.or(package.end);
            package.failed_build.push_str(&event.failed_build);
            return;
        }
        let test = package.tests.entry(event.test).or_default();
        if !is_frame(&event.output) {
            append(&mut test.output, &event.output);
        }
        // Run several times (-count), a test has failed if it ever did.
        if test.end != Some(End::Fail) {
            test.end = end.or(test.end);
        }
    }

    fn take_text(&mut self, line: &str) {
        if let Some(path) = line.strip_prefix("# ") {
            path.clone_into(&mut self.speaking);
        } else if let Some(rest) = line.strip_prefix("FAIL\t") {
            let package = rest.split_whitespace().next().unwrap_or_default();
            if rest.ends_with("failed]") {
                self.packages.entry(package.to_owned()).or_default().end = Some(End::Fail);
            }
            self.speaking.clear();
        } else if line.ends_with("no packages to test") || line.ends_with("matched no packages") {
            self.has_no_packages = true;
        } else if !self.speaking.is_empty() && !line.is_empty() {
            append(&mut self.builds.entry(self.speaking.clone()).or_default().output, &format!("{line}\n"));
        }
    }

    fn finish(mut self) -> Result<Tests, Unreadable> {
        if self.packages.is_empty() && self.builds.is_empty() {
            let none = Err(unreadable("it holds no event".into()));
            return if self.has_no_packages { Ok(Tests::default()) } else { none };
        }
        let mut tests = Tests::default();
        for (path, package) in std::mem::take(&mut self.packages) {
            let Some(end) = package.end else {
                return Err(unreadable(format!("it ends before package {path} does")));
            };
            let before = tests.failures.len();
            let name = path.rsplit('/').next().unwrap_or(&path);
            count(name, end, &package.tests, &mut tests);
            if end == End::Fail && tests.failures.len() == before {
                tests.problems.push(self.problem(&path, &package));
            }
        }
        for (path, build) in self.builds {
            if build.failed {
                tests.problems.push(failure(path, &build.output));
            }
        }
        Ok(tests)
    }

    /// A package that failed outside its tests, with what the compiler said of it.
    fn problem(&mut self, path: &str, package: &Package) -> TestFailure {
        let of_it = |key: &str| {
            key == package.failed_build
                || key.split_whitespace().next() == Some(path)
                || key.starts_with(&format!("{path}_test "))
        };
        let mut output = String::new();
        for (_, build) in self.builds.iter_mut().filter(|(key, _)| of_it(key)) {
            output.push_str(&build.output);
            build.failed = false;
        }
        output.push_str(&package.output);
        failure(path.to_owned(), &output)
    }
}

/// Adds a package's tests. One that never ended was ended with its package.
fn count(package: &str, end: End, all: &IndexMap<String, Test>, tests: &mut Tests) {
    let parents: std::collections::HashSet<&str> =
        all.keys().flat_map(|name| name.match_indices('/').map(|(at, _)| &name[..at])).collect();
    let ends = |test: &Test| test.end.unwrap_or(end);
    let failed: Vec<&String> = all.iter().filter(|(_, test)| ends(test) == End::Fail).map(|(name, _)| name).collect();
    for (name, test) in all {
        let below = format!("{name}/");
        let speaks_for_itself = !parents.contains(name.as_str())
            || ends(test) == End::Fail && !failed.iter().any(|other| other.starts_with(&below));
        match ends(test) {
            _ if !speaks_for_itself => {}
            End::Pass => tests.counts.passed += 1,
            End::Skip => tests.counts.skipped += 1,
            End::Fail => {
                tests.counts.failed += 1;
                tests.failures.push(failure(format!("{package}.{name}"), &test.output));
            }
        }
    }
}

/// Lines that go writes around a test's own output.
fn is_frame(output: &str) -> bool {
    ["=== ", "--- PASS: ", "--- FAIL: ", "--- SKIP: ", "--- BENCH: "]
        .iter()
        .any(|frame| output.trim_start_matches(' ').starts_with(frame))
}

fn failure(name: String, output: &str) -> TestFailure {
    let output = plain(output);
    let place = place(&output);
    TestFailure { name, file: place.as_ref().map(|p| p.0.clone()), line: place.map(|p| p.1), output }
}

/// Where an output points: in a panic's trace the first frame in a test file, else the first line that begins with a place.
fn place(output: &str) -> Option<(String, u32)> {
    let at = |pattern: &str| {
        let found = Regex::new(pattern).ok()?.captures(output)?;
        Some((found[1].to_owned(), found[2].parse().ok()?))
    };
    let of_message = || at(r"(?m)^\s*([^\s:]+\.go):(\d+):");
    if output.contains("panic: ") {
        return at(r"(?m)^\t(\S+_test\.go):(\d+)( |$)").or_else(of_message);
    }
    of_message()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Captured from Go 1.26, times left out.
    const BROKEN_BUILD: &str = r##"{"ImportPath":"example.com/lim/bad [example.com/lim/bad.test]","Action":"build-output","Output":"# example.com/lim/bad [example.com/lim/bad.test]\n"}
{"ImportPath":"example.com/lim/bad [example.com/lim/bad.test]","Action":"build-output","Output":"bad/a_test.go:3:34: declared and not used: x\n"}
{"ImportPath":"example.com/lim/bad [example.com/lim/bad.test]","Action":"build-fail"}
{"Action":"start","Package":"example.com/lim/bad"}
{"Action":"output","Package":"example.com/lim/bad","Output":"FAIL\texample.com/lim/bad [build failed]\n"}
{"Action":"fail","Package":"example.com/lim/bad","Elapsed":0,"FailedBuild":"example.com/lim/bad [example.com/lim/bad.test]"}
"##;
    const TABLE: &str = r#"{"Action":"start","Package":"example.com/lim/none"}
{"Action":"output","Package":"example.com/lim/none","Output":"?   \texample.com/lim/none\t[no test files]\n"}
{"Action":"skip","Package":"example.com/lim/none","Elapsed":0}
{"Action":"start","Package":"example.com/lim/ok"}
{"Action":"run","Package":"example.com/lim/ok","Test":"TestPass"}
{"Action":"output","Package":"example.com/lim/ok","Test":"TestPass","Output":"=== RUN   TestPass\n"}
{"Action":"output","Package":"example.com/lim/ok","Test":"TestPass","Output":"--- PASS: TestPass (0.00s)\n"}
{"Action":"pass","Package":"example.com/lim/ok","Test":"TestPass","Elapsed":0}
{"Action":"run","Package":"example.com/lim/ok","Test":"TestSkip"}
{"Action":"output","Package":"example.com/lim/ok","Test":"TestSkip","Output":"    a_test.go:4: no redis\n"}
{"Action":"skip","Package":"example.com/lim/ok","Test":"TestSkip","Elapsed":0}
{"Action":"run","Package":"example.com/lim/ok","Test":"TestTable"}
{"Action":"run","Package":"example.com/lim/ok","Test":"TestTable/one"}
{"Action":"pass","Package":"example.com/lim/ok","Test":"TestTable/one","Elapsed":0}
{"Action":"run","Package":"example.com/lim/ok","Test":"TestTable/two_words"}
{"Action":"output","Package":"example.com/lim/ok","Test":"TestTable/two_words","Output":"=== RUN   TestTable/two_words\n"}
{"Action":"output","Package":"example.com/lim/ok","Test":"TestTable/two_words","Output":"    a_test.go:8: limit: got 4, want 3\n"}
{"Action":"output","Package":"example.com/lim/ok","Test":"TestTable/two_words","Output":"    --- FAIL: TestTable/two_words (0.00s)\n"}
{"Action":"fail","Package":"example.com/lim/ok","Test":"TestTable/two_words","Elapsed":0}
{"Action":"fail","Package":"example.com/lim/ok","Test":"TestTable","Elapsed":0}
{"Action":"output","Package":"example.com/lim/ok","Output":"FAIL\n"}
{"Action":"fail","Package":"example.com/lim/ok","Elapsed":0.002}
"#;
    const PANIC: &str = r#"{"Action":"start","Package":"example.com/lim/pan"}
{"Action":"run","Package":"example.com/lim/pan","Test":"TestPanics"}
{"Action":"output","Package":"example.com/lim/pan","Test":"TestPanics","Output":"--- FAIL: TestPanics (0.00s)\n"}
{"Action":"output","Package":"example.com/lim/pan","Test":"TestPanics","Output":"panic: assignment to entry in nil map [recovered, repanicked]\n"}
{"Action":"output","Package":"example.com/lim/pan","Test":"TestPanics","Output":"\t/usr/local/go/src/testing/testing.go:1974 +0x232\n"}
{"Action":"output","Package":"example.com/lim/pan","Test":"TestPanics","Output":"example.com/lim/pan.TestPanics(0x17e0e7b94908?)\n"}
{"Action":"output","Package":"example.com/lim/pan","Test":"TestPanics","Output":"\t/src/pan/a_test.go:4 +0x28\n"}
{"Action":"output","Package":"example.com/lim/pan","Output":"FAIL\texample.com/lim/pan\t0.004s\n"}
{"Action":"fail","Package":"example.com/lim/pan","Elapsed":0.005}
"#;

    #[test]
    fn leaves_are_counted_and_a_parent_does_not_fail_twice() {
        let tests = parse(TABLE.as_bytes()).unwrap();
        assert_eq!((tests.counts.passed, tests.counts.failed, tests.counts.skipped), (2, 1, 1));
        let failure = &tests.failures[0];
        assert_eq!(failure.name, "ok.TestTable/two_words");
        assert_eq!((failure.file.as_deref(), failure.line), (Some("a_test.go"), Some(8)));
        assert_eq!(failure.output, "    a_test.go:8: limit: got 4, want 3");
        assert!(tests.problems.is_empty(), "{:?}", tests.problems);
    }

    #[test]
    fn a_parent_that_fails_after_its_subtests_passed_counts_for_itself() {
        let text = TABLE.replace(
            r#"{"Action":"fail","Package":"example.com/lim/ok","Test":"TestTable/two_words""#,
            r#"{"Action":"pass","Package":"example.com/lim/ok","Test":"TestTable/two_words""#,
        );
        let tests = parse(text.as_bytes()).unwrap();
        assert_eq!((tests.counts.passed, tests.counts.failed), (3, 1));
        assert_eq!(tests.failures[0].name, "ok.TestTable");
    }

    #[test]
    fn a_broken_build_is_a_problem_with_what_the_compiler_said() {
        let tests = parse(BROKEN_BUILD.as_bytes()).unwrap();
        assert_eq!(tests.counts, crate::suites::receipt::Counts::default());
        assert_eq!(tests.problems.len(), 1, "{:?}", tests.problems);
        let problem = &tests.problems[0];
        assert_eq!(problem.name, "example.com/lim/bad");
        assert_eq!((problem.file.as_deref(), problem.line), (Some("bad/a_test.go"), Some(3)));
        assert!(problem.output.contains("declared and not used: x"));
    }

    #[test]
    fn a_build_that_an_older_go_reports_as_text_is_a_problem_too() {
        let text = "# example.com/lim/bad [example.com/lim/bad.test]\nbad/a_test.go:3:34: declared and not used: x\nFAIL\texample.com/lim/bad [build failed]\n";
        for end in [
            "",
            "{\"Action\":\"output\",\"Package\":\"example.com/lim/bad\",\"Output\":\"FAIL\\texample.com/lim/bad [build failed]\\n\"}\n{\"Action\":\"fail\",\"Package\":\"example.com/lim/bad\"}\n",
        ] {
            let tests = parse(format!("{text}{end}").as_bytes()).unwrap();
            assert_eq!(tests.problems.len(), 1, "{:?}", tests.problems);
            assert_eq!(tests.problems[0].line, Some(3));
        }
    }

    #[test]
    fn a_package_whose_main_gives_up_is_a_problem() {
        let text = r#"{"Action":"start","Package":"example.com/lim/broken"}
{"Action":"output","Package":"example.com/lim/broken","Output":"no database\n"}
{"Action":"fail","Package":"example.com/lim/broken","Elapsed":0.004}"#;
        let tests = parse(text.as_bytes()).unwrap();
        assert_eq!(tests.problems[0].output, "no database");
    }

    #[test]
    fn a_panic_fails_the_test_that_it_ended_and_points_into_it() {
        let tests = parse(PANIC.as_bytes()).unwrap();
        assert_eq!(tests.counts.failed, 1);
        assert_eq!(tests.failures[0].name, "pan.TestPanics");
        assert_eq!((tests.failures[0].file.as_deref(), tests.failures[0].line), (Some("/src/pan/a_test.go"), Some(4)));
    }

    #[test]
    fn a_test_that_failed_once_in_several_runs_has_failed() {
        let text = r#"{"Action":"fail","Package":"p","Test":"TestA"}
{"Action":"pass","Package":"p","Test":"TestA"}
{"Action":"fail","Package":"p"}"#;
        assert_eq!(parse(text.as_bytes()).unwrap().counts.failed, 1);
    }

    #[test]
    fn no_packages_is_no_test_and_nothing_at_all_is_unreadable() {
        assert_eq!(parse(b"go: warning: \"./...\" matched no packages\nno packages to test\n"), Ok(Tests::default()));
        assert!(parse(b"").is_err());
        assert!(parse(b"go: go.mod requires go >= 1.99\n").is_err());
    }

    #[test]
    fn a_stream_that_is_cut_anywhere_never_passes() {
        for whole in [TABLE, PANIC, BROKEN_BUILD] {
            for end in 0..whole.trim_end().len() {
                let Ok(tests) = parse(&whole.as_bytes()[..end]) else { continue };
                let is_pass = tests.counts.passed > 0 && tests.failures.is_empty() && tests.problems.is_empty();
                assert!(!is_pass, "cut at {end}: {tests:?}");
            }
        }
    }
}
