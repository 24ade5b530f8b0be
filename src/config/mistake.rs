//! A mistake in `.mastery.toml`, as a reader finds it: file, line and column, the line itself, and what was probably meant.

use crate::failure::Failure;
use crate::views::words;
use toml_edit::{Document, Item};

/// What the reader of TOML or the schema objects to at byte `offset`.
pub(super) fn of_reader(text: &str, origin: &str, offset: usize, message: &str) -> Failure {
    let failure = at(text, origin, offset, &reworded(message));
    match suggestion(message) {
        Some(near) => failure.hint(format!("did you mean `{near}`?")),
        None if ["unknown", "invalid", "wanted"].iter().any(|w| message.starts_with(w)) => failure,
        None if message.contains("quoted") => failure.hint("text stands in quotes: gate = \"commit\""),
        None if message.starts_with("duplicate") => failure.hint("keep one of the two"),
        None => failure.hint("each line is a [table], a key = value, or a # comment"),
    }
}

/// `origin:LINE:COLUMN: message`, with the line and the place in it.
pub(super) fn at(text: &str, origin: &str, offset: usize, message: &str) -> Failure {
    let before = text.get(..offset).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    let column = before[start..].chars().count() + 1;
    let failure = Failure::usage(format!("{origin}:{line}:{column}: {message}"));
    let shown = text[start..].lines().next().unwrap_or_default().replace('\t', " ");
    if shown.trim().is_empty() {
        return failure;
    }
    let (number, place) = (line.to_string(), words::shown(&before[start..]).chars().count());
    failure.because(format!(
        "{number} | {}\n{:width$} | {:place$}^",
        words::shown(&shown),
        "",
        "",
        width = number.len()
    ))
}

/// Where the value at `path` stands (the last part may be an element of a list); the start of the nearest thing around it
/// where it has no place of its own.
pub(super) fn place(text: &str, path: &[String]) -> usize {
    let Ok(document) = Document::parse(text) else { return 0 };
    let mut item = document.as_item();
    let mut found = 0;
    for part in path {
        if let Some(array) = item.as_array() {
            let element = array.iter().find(|value| value.as_str() == Some(part));
            return element.and_then(toml_edit::Value::span).map_or(found, |span| span.start);
        }
        let Some(next) = item.get(part.as_str()) else { return found };
        item = next;
        found = item.span().or_else(|| first_span(item)).map_or(found, |span| span.start);
    }
    found
}

/// The place of the first thing in a table that has none itself (`[a.b]` makes `a` without writing it).
fn first_span(item: &Item) -> Option<std::ops::Range<usize>> {
    item.as_table()?.iter().find_map(|(_, below)| below.span())
}

/// The reader's words in the words of somebody who writes a file by hand.
fn reworded(message: &str) -> String {
    let first = message.lines().next().unwrap_or_default();
    let quoted: Vec<&str> = first.split('`').skip(1).step_by(2).collect();
    if let (true, [key, known @ ..]) = (first.starts_with("unknown field"), quoted.as_slice()) {
        return format!("there is no key `{key}` here; there are {}", known.join(", "));
    }
    if let (true, [value, known @ ..]) = (first.starts_with("unknown variant"), quoted.as_slice()) {
        return format!("`{value}` is none of {}", known.join(", "));
    }
    if first == "wanted string or table" {
        return "text in quotes belongs here".to_owned();
    }
    let found = first.strip_prefix("invalid type: ").or_else(|| first.strip_prefix("invalid value: "));
    let Some((found, wanted)) = found.and_then(|rest| rest.split_once(", expected ")) else {
        return first.to_owned();
    };
    let wanted = match wanted {
        "a string" => "text in quotes",
        "a sequence" => "a list in brackets, [\"like\", \"this\"]",
        "a boolean" => "true or false",
        "usize" | "u64" => "a whole number from 0 up",
        "f64" => "a number",
        "a TOML datetime" => "a date like 2026-11-22, without quotes",
        other => other,
    };
    format!("{found} can't stand here; wanted is {wanted}")
}

/// Serde says "unknown field `x`, expected one of `a`, `b`": the nearest of those.
fn suggestion(message: &str) -> Option<String> {
    let mut quoted = message.split('`').skip(1).step_by(2);
    let unknown = message.starts_with("unknown").then(|| quoted.next()).flatten()?;
    words::nearest(unknown, quoted).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use crate::config::{parse, parse_bytes};
    use crate::views::failure;

    /// What a reader sees for a file with this text, without colours.
    fn error(text: &str) -> String {
        anstream::adapter::strip_str(&failure::text(&parse(text, ".mastery.toml").unwrap_err())).to_string()
    }

    #[test]
    fn an_unknown_key_is_placed_and_the_near_one_suggested() {
        assert_eq!(
            error("[tests]\ngate = \"commit\"\nbuget = \"60s\"\n"),
            "error: .mastery.toml:3:1: there is no key `buget` here; there are gate, budget, require_tests, push, coverage_min, enforce_coverage
  3 | buget = \"60s\"
    | ^
hint: did you mean `budget`?
"
        );
    }

    #[test]
    fn a_value_that_does_not_exist_is_pointed_at() {
        assert_eq!(
            error("[tests]\r\ngate = \"comit\"\r\n"),
            "error: .mastery.toml:2:8: `comit` is none of commit, push, off
  2 | gate = \"comit\"
    |        ^
hint: did you mean `commit`?
"
        );
    }

    #[test]
    fn each_mistake_is_named_at_its_place() {
        let cases = [
            ("[test]\n", "1:2: there is no key `test` here; there are project, curriculum, projects"),
            (
                "[tests]\nbudget = \"60 parsecs\"\n",
                "2:10: string \"60 parsecs\" can't stand here; wanted is a duration",
            ),
            ("[tests]\nbudget = 60\n", "2:10: integer `60` can't stand here; wanted is a duration in quotes, like"),
            ("[tests]\ngate = \"off\"\ngate = \"push\"\n", "3:1: duplicate key"),
            ("[tests\n", "1:7: unclosed table"),
            ("[tests]\ngate = commit\n", "2:8: string values must be quoted"),
            ("[tests]\ncoverage_min = 180\n", "2:16: 180 is no percentage"),
            ("[project]\nstarted = 2026-02-31\n", "2:11: invalid date"),
            (
                "[project]\nstarted = \"today\"\n",
                "2:11: string \"today\" can't stand here; wanted is a date like 2026-11-22",
            ),
            ("[project]\nstarted = 10:00:00\n", "2:11: not a date like 2026-11-22"),
            ("[project]\nlanguages = \"golang\"\n", "2:13: string \"golang\" can't stand here; wanted is a list"),
            ("[project]\nlanguages = [\"go\", \"goland\"]\n", "2:14: no language is called \"go\""),
            ("[projects.x]\nlanguages = [\"golang\", \"cobol\"]\n", "2:24: no language is called \"cobol\""),
            ("[languages.golang]\nignore = [\"ok\", \"[a\"]\n", "2:17: \"[a\" is no glob"),
            ("[languages.golang]\ndirectories = [\"../x\"]\n", "2:16: \"../x\" leaves the project"),
            ("[languages.goland]\n", "1:1: [languages.goland] has no preset"),
            ("[journal]\nmin_words = -1\n", "2:13: integer `-1` can't stand here; wanted is a whole number"),
            ("[journal]\nfile = \"/etc/passwd\"\n", "2:8: \"/etc/passwd\" must be a relative path"),
            ("[hooks]\njobs = \"all\"\n", "2:8: string \"all\" can't stand here; wanted is a whole number"),
        ];
        for (text, expected) in cases {
            let shown = error(text);
            assert!(shown.starts_with(&format!("error: .mastery.toml:{expected}")), "{text}\n{shown}");
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_placed() {
        let failure = parse_bytes(b"[tests]\ngate = \"\xff\"\n", "x").unwrap_err();
        assert_eq!(failure.message, "x:2:9: from here on it is not UTF-8");
    }

    #[test]
    fn a_near_language_is_suggested_and_a_far_one_wants_a_table() {
        let hint =
            |name: &str| parse(&format!("[project]\nlanguages = [\"{name}\"]\n"), "x").unwrap_err().hints.concat();
        assert_eq!(hint("goland"), "did you mean `golang`?");
        assert_eq!(hint("cobol"), "describe it in a table [languages.cobol]");
    }
}
