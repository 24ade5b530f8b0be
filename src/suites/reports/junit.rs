//! `JUnit` XML, the dialect of pytest first: nested `testsuite`s of `testcase`s, with what went wrong inside each.

use super::{TestFailure, Tests, Unreadable, plain};
use crate::suites::xml::{self, Element};
use regex::Regex;

pub(super) fn parse(bytes: &[u8]) -> Result<Tests, Unreadable> {
    let unreadable = |what: String| Unreadable { format: "JUnit", what };
    let root = xml::read(bytes).map_err(unreadable)?;
    if !matches!(root.name.as_str(), "testsuites" | "testsuite") {
        return Err(unreadable(format!("its outermost element is <{}>, not <testsuites>", root.name)));
    }
    let mut tests = Tests::default();
    suite(&root, &mut tests);
    Ok(tests)
}

fn suite(element: &Element, tests: &mut Tests) {
    let before = tests.failures.len() + tests.problems.len();
    for child in &element.children {
        match child.name.as_str() {
            "testsuite" => suite(child, tests),
            "testcase" => case(child, tests),
            "failure" | "error" => {
                tests.problems.push(failure(element.attribute("name").unwrap_or("a suite").to_owned(), element, child));
            }
            _ => {}
        }
    }
    let announced = element.number("failures").unwrap_or(0) + element.number("errors").unwrap_or(0);
    if announced > 0 && tests.failures.len() + tests.problems.len() == before {
        tests.problems.push(TestFailure {
            name: element.attribute("name").unwrap_or("a suite").to_owned(),
            output: format!("the report counts {announced} failed here and names none"),
            ..TestFailure::default()
        });
    }
}

fn case(element: &Element, tests: &mut Tests) {
    if let Some(cause) = element.children.iter().find(|c| matches!(c.name.as_str(), "failure" | "error")) {
        let failure = failure(name(element), element, cause);
        // pytest reports a file that it can't collect as a test case in no class.
        if cause.name == "error" && element.attribute("classname") == Some("") {
            tests.problems.push(failure);
        } else {
            tests.counts.failed += 1;
            tests.failures.push(failure);
        }
    } else if element.child("skipped").is_some()
        || matches!(element.attribute("status"), Some("notrun" | "disabled" | "skipped"))
    {
        tests.counts.skipped += 1;
    } else {
        tests.counts.passed += 1;
    }
}

/// `tests/test_a.py::TestC::test_m[1]` where the report names a Python file, else `class.name`.
fn name(case: &Element) -> String {
    let name = case.attribute("name").unwrap_or("a test without a name");
    let class = case.attribute("classname").unwrap_or_default();
    let Some(file) = case.attribute("file").filter(|file| is_python(file)) else {
        return if class.is_empty() { name.to_owned() } else { format!("{class}.{name}") };
    };
    let module = file.trim_end_matches(".py").replace(['/', '\\'], ".");
    let inner = class.strip_prefix(&module).unwrap_or_default().trim_start_matches('.').replace('.', "::");
    let inner = if inner.is_empty() { inner } else { format!("{inner}::") };
    format!("{file}::{inner}{name}")
}

fn is_python(file: &str) -> bool {
    file.rsplit('.').next() == Some("py")
}

fn failure(name: String, element: &Element, cause: &Element) -> TestFailure {
    let text = cause.text.trim();
    let output = plain(if text.is_empty() { cause.attribute("message").unwrap_or_default() } else { &cause.text });
    let (file, line) = match place(&output) {
        Some((file, line)) => (Some(file), Some(line)),
        None => attributed(element),
    };
    TestFailure { name, file, line, output }
}

/// The last line of the form `path:12: Error`: the innermost frame of a pytest trace.
fn place(output: &str) -> Option<(String, u32)> {
    let pattern = Regex::new(r"(?m)^([^\s:][^:\n]*\.\w+):(\d+):(?: |$)").ok()?;
    let last = pattern.captures_iter(output).last()?;
    Some((last[1].to_owned(), last[2].parse().ok()?))
}

/// The place that the test case's own attributes name; pytest counts lines from 0.
fn attributed(case: &Element) -> (Option<String>, Option<u32>) {
    let Some(file) = case.attribute("file") else { return (None, None) };
    let line = case.number("line").and_then(|line| u32::try_from(line + u64::from(is_python(file))).ok());
    (Some(file.to_owned()), line)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Captured from pytest 9.2 with `junit_family=xunit1`, a few cases left out.
    const PYTEST: &str = r#"<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests"><testsuite name="pytest" errors="1" failures="2" skipped="2" tests="7" time="0.080" timestamp="2026-11-22T11:05:14.683751+00:00" hostname="vm"><testcase classname="tests.test_a" name="test_pass" file="tests/test_a.py" line="1" time="0.000" /><testcase classname="tests.test_a" name="test_fail" file="tests/test_a.py" line="2" time="0.001"><failure message="AssertionError: limit #x1B &amp; &lt;tag&gt;&#10;assert {'a': 1} == {'a': 2}">def test_fail():
        print("seen &lt; &amp; &gt;")
&gt;       assert {"a": 1} == {"a": 2}, "limit \u001b &amp; &lt;tag&gt;"
E       AssertionError: limit #x1B &amp; &lt;tag&gt;

tests/test_a.py:5: AssertionError</failure></testcase><testcase classname="tests.test_a" name="test_skip" file="tests/test_a.py" line="5" time="0.000"><skipped type="pytest.skip" message="no redis">/srv/tests/test_a.py:6: no redis</skipped></testcase><testcase classname="tests.test_a" name="test_xf" file="tests/test_a.py" line="7" time="0.000"><skipped type="pytest.xfail" message="" /></testcase><testcase classname="tests.test_a" name="test_err" file="tests/test_a.py" line="11" time="0.000"><error message="failed on setup with &quot;RuntimeError: fixture&quot;">@pytest.fixture
&gt;   def boom(): raise RuntimeError("fixture")
                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
E   RuntimeError: fixture

tests/conftest.py:11: RuntimeError</error></testcase><testcase classname="tests.test_a.TestC" name="test_m[1]" file="tests/test_a.py" line="18" time="0.001" /><testcase classname="tests.test_a.TestC" name="test_m[a b]" file="tests/test_a.py" line="18" time="0.001"><failure message="AssertionError: assert 'a b' == 1" /></testcase></testsuite></testsuites>"#;

    /// Captured from pytest 9.2: a test file that can't be imported.
    const COLLECTION: &str = r#"<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests"><testsuite name="pytest" errors="1" failures="0" skipped="0" tests="1" time="0.217" hostname="vm"><testcase classname="" name="tests.test_broken" time="0.000"><error message="collection failure">ImportError while importing test module '/srv/tests/test_broken.py'.
Traceback:
/usr/lib/python3.11/importlib/__init__.py:126: in import_module
    return _bootstrap._gcd_import(name[level:], package, level)
tests/test_broken.py:1: in &lt;module&gt;
    import nothere
E   ModuleNotFoundError: No module named 'nothere'</error></testcase></testsuite></testsuites>"#;

    #[test]
    fn pytest_is_counted_and_named_as_its_command_line_wants_it() {
        let tests = parse(PYTEST.as_bytes()).unwrap();
        assert_eq!((tests.counts.passed, tests.counts.failed, tests.counts.skipped), (2, 3, 2));
        let names: Vec<&str> = tests.failures.iter().map(|f| f.name.as_str()).collect();
        assert_eq!(
            names,
            ["tests/test_a.py::test_fail", "tests/test_a.py::test_err", "tests/test_a.py::TestC::test_m[a b]"]
        );
        assert!(tests.problems.is_empty());
    }

    #[test]
    fn a_failure_points_to_the_innermost_frame_else_to_the_test() {
        let tests = parse(PYTEST.as_bytes()).unwrap();
        let places: Vec<(Option<&str>, Option<u32>)> =
            tests.failures.iter().map(|f| (f.file.as_deref(), f.line)).collect();
        assert_eq!(
            places,
            [
                (Some("tests/test_a.py"), Some(5)),
                (Some("tests/conftest.py"), Some(11)),
                (Some("tests/test_a.py"), Some(19))
            ]
        );
        assert!(tests.failures[0].output.contains(">       assert {\"a\": 1}"), "{}", tests.failures[0].output);
        assert_eq!(tests.failures[2].output, "AssertionError: assert 'a b' == 1");
    }

    #[test]
    fn a_file_that_can_not_be_collected_is_a_problem_and_no_test() {
        let tests = parse(COLLECTION.as_bytes()).unwrap();
        assert_eq!(tests.counts, crate::suites::receipt::Counts::default());
        assert_eq!(tests.problems[0].name, "tests.test_broken");
        assert_eq!(
            (tests.problems[0].file.as_deref(), tests.problems[0].line),
            (Some("tests/test_broken.py"), Some(1))
        );
    }

    #[test]
    fn suites_nest_and_count_what_they_do_not_name() {
        let text = r#"<testsuite name="all"><testsuite name="inner"><testcase classname="A" name="x"/><testcase name="y" status="notrun"/></testsuite><testsuite name="crashed" tests="3" errors="3"/></testsuite>"#;
        let tests = parse(text.as_bytes()).unwrap();
        assert_eq!((tests.counts.passed, tests.counts.skipped), (1, 1));
        assert_eq!(tests.problems.len(), 1);
        assert_eq!(tests.problems[0].name, "crashed");
    }

    #[test]
    fn an_empty_suite_counts_no_test() {
        let text = r#"<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests"><testsuite name="pytest" errors="0" failures="0" skipped="0" tests="0" time="0.027" hostname="vm" /></testsuites>"#;
        assert_eq!(parse(text.as_bytes()), Ok(Tests::default()));
    }

    #[test]
    fn a_report_that_is_cut_anywhere_or_is_something_else_is_unreadable() {
        for end in 0..PYTEST.len() {
            assert!(parse(&PYTEST.as_bytes()[..end]).is_err(), "{end}");
        }
        assert!(parse(b"<coverage/>").is_err());
    }
}
