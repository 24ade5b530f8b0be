//! The Test Anything Protocol, versions 12 to 14: a plan, test points, subtests indented by four spaces, YAML diagnostics.

use super::{TestFailure, Tests, Unreadable, append, plain};
use regex::Regex;

/// Deeper than anybody nests subtests.
const DEEPEST: usize = 64;

struct Grammar {
    point: Regex,
    plan: Regex,
    directive: Regex,
    place: Regex,
}

/// The subtests or test points of one indentation.
#[derive(Default)]
struct Level {
    planned: Option<usize>,
    seen: usize,
    /// Test points one level further in that no point of this level has closed yet.
    children_failed: bool,
    has_children: bool,
}

struct Reading {
    tests: Tests,
    levels: Vec<Level>,
    /// Whether the last point failed, and diagnostics are still its own.
    is_explaining: bool,
    /// The indentation of the YAML block that is being read.
    yaml: Option<String>,
}

pub(super) fn parse(bytes: &[u8]) -> Result<Tests, Unreadable> {
    let text = String::from_utf8_lossy(bytes);
    let grammar = Grammar::new().map_err(|e| unreadable(e.to_string()))?;
    let mut reading =
        Reading { tests: Tests::default(), levels: vec![Level::default()], is_explaining: false, yaml: None };
    for line in text.lines() {
        if let Some(reason) = line.trim_start().strip_prefix("Bail out!") {
            reading.tests.problems.push(TestFailure {
                name: "bail out".into(),
                output: plain(reason.trim()),
                ..TestFailure::default()
            });
            return Ok(reading.finish(&grammar));
        }
        reading.line(line, &grammar)?;
    }
    if !text.is_empty() && !text.ends_with('\n') && reading.yaml.is_some() {
        return Err(unreadable("it ends inside a diagnostic".into()));
    }
    reading.close(1)?;
    let level = &reading.levels[0];
    match level.planned {
        None => Err(unreadable("it has no plan (`1..N`): it was cut short, or is not TAP".into())),
        Some(planned) if planned != level.seen => {
            Err(unreadable(format!("it plans {planned} tests and holds {}", level.seen)))
        }
        Some(_) => Ok(reading.finish(&grammar)),
    }
}

fn unreadable(what: String) -> Unreadable {
    Unreadable { format: "TAP", what }
}

impl Grammar {
    fn new() -> Result<Grammar, regex::Error> {
        Ok(Grammar {
            point: Regex::new(r"^(not )?ok(?: +[0-9]+)?(?: *- ?| +|$)(.*)$")?,
            plan: Regex::new(r"^1\.\.([0-9]+)[ \t]*(?:#.*)?$")?,
            directive: Regex::new(r"(?i)(?:^|[ \t])#[ \t]*(skip|todo)[a-z]*(?:[ \t:]|$)")?,
            place: Regex::new(
                r#"(?:location: ['"]?|(?:at|file) )([^ '",:\n]+)(?::([0-9]+)|,? line ([0-9]+))|file(?:Name)?: ['"]?([^'"\n]+?)['"]?\n *line(?:Number)?: ([0-9]+)"#,
            )?,
        })
    }
}

impl Reading {
    fn line(&mut self, line: &str, grammar: &Grammar) -> Result<(), Unreadable> {
        let inner = line.trim_start_matches(' ');
        let indent = &line[..line.len() - inner.len()];
        if let Some(yaml) = self.yaml.clone() {
            if inner.trim_end() == "..." && indent == yaml {
                self.yaml = None;
            } else {
                self.explain(line.strip_prefix(&yaml).unwrap_or(inner));
            }
            return Ok(());
        }
        if inner.trim_end() == "---" && !indent.is_empty() {
            self.yaml = Some(indent.to_owned());
            return Ok(());
        }
        let depth = indent.len() / 4;
        if !indent.len().is_multiple_of(4) || depth >= DEEPEST {
            return Ok(());
        }
        if let Some(plan) = grammar.plan.captures(inner) {
            self.open(depth)?;
            self.levels[depth].planned = plan[1].parse().ok();
        } else if let Some(point) = grammar.point.captures(inner) {
            self.open(depth)?;
            self.point(depth, point.get(1).is_some(), &point[2], grammar);
        } else if let Some(comment) = inner.strip_prefix('#') {
            if comment.trim_start().starts_with("Subtest") {
                self.is_explaining = false;
            }
            self.explain(comment.strip_prefix(' ').unwrap_or(comment));
        }
        Ok(())
    }

    /// Makes `depth` the innermost level: what lies deeper is at its end.
    fn open(&mut self, depth: usize) -> Result<(), Unreadable> {
        self.close(depth + 1)?;
        self.levels.resize_with(depth + 1, Level::default);
        Ok(())
    }

    fn close(&mut self, depth: usize) -> Result<(), Unreadable> {
        for level in self.levels.drain(depth.min(self.levels.len())..) {
            if let Some(planned) = level.planned.filter(|&planned| planned != level.seen) {
                return Err(unreadable(format!("a subtest plans {planned} tests and holds {}", level.seen)));
            }
        }
        Ok(())
    }

    fn point(&mut self, depth: usize, is_failed: bool, description: &str, grammar: &Grammar) {
        let level = &mut self.levels[depth];
        level.seen += 1;
        let is_summary = std::mem::take(&mut level.has_children);
        let have_children_failed = std::mem::take(&mut level.children_failed);
        let directive = grammar.directive.captures(description);
        let (name, word) = match &directive {
            Some(found) => (&description[..found.get(0).map_or(0, |m| m.start())], found[1].to_ascii_lowercase()),
            None => (description, String::new()),
        };
        self.is_explaining = false;
        let counts = &mut self.tests.counts;
        match word.as_str() {
            // A test that is still to be written, or known to fail, is expected to: `not ok … # TODO` breaks nothing.
            "skip" => counts.skipped += usize::from(!is_summary),
            "todo" if is_failed => counts.skipped += usize::from(!is_summary),
            _ if is_failed => {
                if !(is_summary && have_children_failed) {
                    counts.failed += 1;
                    let name = unescaped(name.trim());
                    let name = if name.is_empty() { format!("test {}", self.levels[depth].seen) } else { name };
                    self.tests.failures.push(TestFailure { name, ..TestFailure::default() });
                    self.is_explaining = true;
                }
                for outer in &mut self.levels[..depth] {
                    outer.children_failed = true;
                }
            }
            _ => counts.passed += usize::from(!is_summary),
        }
        for outer in &mut self.levels[..depth] {
            outer.has_children = true;
        }
    }

    /// Gives a line of diagnostics to the failure before it.
    fn explain(&mut self, line: &str) {
        if let Some(failure) = self.tests.failures.last_mut().filter(|_| self.is_explaining) {
            append(&mut failure.output, &format!("{line}\n"));
        }
    }

    fn finish(mut self, grammar: &Grammar) -> Tests {
        for failure in &mut self.tests.failures {
            failure.output = plain(&failure.output);
            let Some(found) = grammar.place.captures(&failure.output) else { continue };
            failure.file = found.get(1).or(found.get(4)).map(|m| m.as_str().to_owned());
            let line = found.get(2).or(found.get(3)).or(found.get(5));
            failure.line = line.and_then(|m| m.as_str().parse().ok());
        }
        self.tests
    }
}

/// A description with its escapes (`\#`, `\\`) undone.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match characters.next_if(|&next| c == '\\' && matches!(next, '#' | '\\')) {
            Some(escaped) => out.push(escaped),
            None => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Captured from `node --test --test-reporter=tap`, Node 20.
    const NODE: &str = r"TAP version 13
# Subtest: limiter
    # Subtest: allows
    ok 1 - allows
      ---
      duration_ms: 1.23148
      ...
    # Subtest: refuses \# the \\ fourth
    not ok 2 - refuses \# the \\ fourth
      ---
      duration_ms: 1.546581
      location: '/srv/t.test.mjs:2:74'
      failureType: 'testCodeFailure'
      error: '4 == 3'
      stack: |-
        TestContext.<anonymous> (file:///srv/t.test.mjs:2:121)
      ...
    # Subtest: later
    ok 3 - later # SKIP no redis
      ---
      duration_ms: 0.264436
      ...
    # Subtest: x
    not ok 4 - x # TODO
      ---
      error: 'a'
      ...
    1..4
not ok 1 - limiter
  ---
  duration_ms: 5.389468
  error: '1 subtest failed'
  ...
1..1
# tests 5
# fail 2
";

    #[test]
    fn node_is_read_with_subtests_directives_and_diagnostics() {
        let tests = parse(NODE.as_bytes()).unwrap();
        assert_eq!((tests.counts.passed, tests.counts.failed, tests.counts.skipped), (1, 1, 2));
        let failure = &tests.failures[0];
        assert_eq!(failure.name, r"refuses # the \ fourth");
        assert_eq!((failure.file.as_deref(), failure.line), (Some("/srv/t.test.mjs"), Some(2)));
        assert!(failure.output.contains("error: '4 == 3'"), "{}", failure.output);
    }

    #[test]
    fn perl_is_read_with_its_plan_first_and_its_comments() {
        let text = "1..3\nok 1 - a\n# Subtest: s\n    1..1\n    not ok 1 - inner\n    #   Failed test 'inner'\n    #   at t/a.t line 7.\nnot ok 2 - s\nnot ok 3 - t # TODO soon\n";
        let tests = parse(text.as_bytes()).unwrap();
        assert_eq!((tests.counts.passed, tests.counts.failed, tests.counts.skipped), (1, 1, 1));
        assert_eq!(tests.failures[0].name, "inner");
        assert_eq!((tests.failures[0].file.as_deref(), tests.failures[0].line), (Some("t/a.t"), Some(7)));
    }

    #[test]
    fn points_need_neither_number_nor_description() {
        let tests = parse(b"ok\nnot ok\nok - named\nok 4 named # skipped: why\n1..4\n").unwrap();
        assert_eq!((tests.counts.passed, tests.counts.failed, tests.counts.skipped), (2, 1, 1));
        assert_eq!(tests.failures[0].name, "test 2");
    }

    #[test]
    fn a_parent_that_fails_with_passing_subtests_counts_for_itself() {
        let tests = parse(b"    ok 1 - a\n    1..1\nnot ok 1 - parent\n1..1\n").unwrap();
        assert_eq!((tests.counts.passed, tests.counts.failed), (1, 1));
        assert_eq!(tests.failures[0].name, "parent");
    }

    #[test]
    fn giving_up_is_a_problem() {
        let tests = parse(b"ok 1\nBail out!  no database\n").unwrap();
        assert_eq!(tests.problems[0].output, "no database");
    }

    #[test]
    fn a_plan_of_none_counts_no_test() {
        assert_eq!(parse(b"1..0 # SKIP no redis\n"), Ok(Tests::default()));
    }

    #[test]
    fn a_broken_plan_is_unreadable() {
        for text in ["", "ok 1\n", "1..2\nok 1\n", "1..1\nok 1\nok 2\n", "    1..2\n    ok 1\nok 1 - parent\n1..1\n"] {
            assert!(parse(text.as_bytes()).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_stream_that_is_cut_before_its_plan_is_unreadable() {
        let end = NODE.find("\n1..1").unwrap() + 1;
        for cut in (0..end).step_by(11) {
            assert!(parse(&NODE.as_bytes()[..cut]).is_err(), "{cut}");
        }
    }
}
