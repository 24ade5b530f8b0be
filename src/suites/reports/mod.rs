//! Test reports, read by their formats' real grammar: one small parser a format, all with one shape of answer.
//!
//! Whatever the format, the same rules hold. Leaves are counted: a test that only holds other tests counts for itself only when
//! it failed and none of them did. A report that is cut short, or that contradicts itself, is [`Unreadable`], never a pass;
//! trouble outside a test (a build, a collection, a hook) is a problem, and a run with a problem has not passed.

mod go_json;
mod jest_json;
mod junit;
mod tap;

use crate::config::schema::Report;
use crate::suites::receipt::Counts;
use std::path::Path;

/// What a report says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tests {
    /// How many tests there were.
    pub counts: Counts,
    /// The tests that failed, in the order of the report.
    pub failures: Vec<TestFailure>,
    /// What went wrong outside a test: a package that does not build, a file that can't be collected.
    pub problems: Vec<TestFailure>,
}

/// One test, package or file that failed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TestFailure {
    /// Its name, as one would give it to the framework to run it alone.
    pub name: String,
    /// The file that the failure points to, as the report has it.
    pub file: Option<String>,
    /// The line in it, from 1.
    pub line: Option<u32>,
    /// What it said, without control sequences.
    pub output: String,
}

impl Tests {
    /// The same with names and files below `directory` written relative to it, as far as a framework gave whole paths.
    #[must_use]
    pub fn seen_from(mut self, directory: &Path) -> Tests {
        let relative = |path: &mut String| {
            if let Ok(inside) = Path::new(path.as_str()).strip_prefix(directory) {
                *path = inside.to_string_lossy().into_owned();
            }
        };
        for failure in self.failures.iter_mut().chain(&mut self.problems) {
            relative(&mut failure.name);
            failure.file.as_mut().map(relative);
        }
        self
    }
}

/// The report is not what its format promises.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{format} report: {what}")]
pub struct Unreadable {
    /// The format's name.
    pub format: &'static str,
    /// What is wrong, and where.
    pub what: String,
}

/// Reads a report; none where the format is [`Report::None`].
///
/// # Errors
/// The bytes are not in that format, or not all of it.
pub fn parse(format: Report, bytes: &[u8]) -> Result<Option<Tests>, Unreadable> {
    match format {
        Report::None => Ok(None),
        Report::GoJson => go_json::parse(bytes).map(Some),
        Report::JestJson => jest_json::parse(bytes).map(Some),
        Report::Junit => junit::parse(bytes).map(Some),
        Report::Tap => tap::parse(bytes).map(Some),
    }
}

/// The most of one failure's output that is kept, in bytes: its end, where the cause mostly stands.
const KEPT: usize = 16 * 1024;

/// Adds to an output of which only the end is kept.
fn append(output: &mut String, text: &str) {
    output.push_str(text);
    if output.len() > 2 * KEPT {
        let cut = (output.len() - KEPT..output.len()).find(|&at| output.is_char_boundary(at)).unwrap_or(0);
        output.drain(..cut);
    }
}

/// Output as it is kept: without control sequences and blank ends, and not more than [`KEPT`].
fn plain(text: &str) -> String {
    let text = anstream::adapter::strip_str(text).to_string();
    let text = text.trim_end().trim_start_matches(['\n', '\r']);
    let start = text.len().saturating_sub(KEPT);
    let start = (start..=text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    text[start..].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn no_format_means_no_answer() {
        assert_eq!(parse(Report::None, b"whatever"), Ok(None));
    }

    #[test]
    fn whole_paths_are_shown_from_where_the_suite_ran() {
        let problem = |name: &str, file: &str| TestFailure {
            name: name.into(),
            file: Some(file.into()),
            ..TestFailure::default()
        };
        let tests = Tests {
            failures: vec![problem("limiter refuses", "/elsewhere/a.js")],
            problems: vec![problem("/srv/src/b.js", "/srv/src/b.js")],
            ..Tests::default()
        };
        let seen = tests.seen_from(Path::new("/srv"));
        assert_eq!(seen.failures, [problem("limiter refuses", "/elsewhere/a.js")]);
        assert_eq!(seen.problems, [problem("src/b.js", "src/b.js")]);
    }

    #[test]
    fn only_the_end_of_a_giant_output_is_kept() {
        let mut output = String::new();
        (0..20_000).for_each(|n| append(&mut output, &format!("{n} \u{20ac}\n")));
        let kept = plain(&output);
        assert!(kept.len() <= KEPT && kept.ends_with("19999 \u{20ac}"), "{}", kept.len());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn no_bytes_make_a_parser_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), text in "(not |ok|1\\.\\.|\\{|<a>|[#\\-\\\\ \n0-9a-z:\"])*") {
            for format in [Report::GoJson, Report::JestJson, Report::Junit, Report::Tap] {
                let _ = parse(format, &bytes);
                let _ = parse(format, text.as_bytes());
            }
        }
    }
}
