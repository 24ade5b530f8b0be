//! Patterns for code and commands.

use super::{cases, load, papers, signals, spelled};
use regex::Regex;
use std::sync::LazyLock;

/// What most projects are searched for, one after the other as they are needed.
const COMMON: [fn(); 12] = [
    || made(&spelled::NODE),
    || made(&spelled::GO),
    || made(&spelled::PYTHON),
    || made(&cases::JS),
    || made(&cases::GO),
    || made(&papers::FIGURE),
    || made(&papers::JUDGES),
    || made(&papers::UNFILLED),
    || made(&signals::METRICS_USE),
    || made(&signals::LOGGING_USE),
    || made(&load::SCRIPT),
    || made(&load::RESULT),
];

fn made<T>(pattern: &LazyLock<T>) {
    LazyLock::force(pattern);
}

/// Makes the patterns that most projects are searched for, until `is_enough`: whoever waits for something else may do so meanwhile.
pub fn prepare(is_enough: &dyn Fn() -> bool) {
    COMMON.iter().take_while(|_| !is_enough()).for_each(|make| make());
}

/// The pattern in `text`, in which words, blanks and digits are ASCII's, as they are in code: to make one that knows all of Unicode's
/// takes longer than to search a project with it. None where the text is no pattern.
pub(super) fn in_code(text: &str) -> Option<Regex> {
    // A class may stand inside of another one.
    let classes = [(r"\w", "[0-9A-Za-z_]"), (r"\s", r"[\t\n\x0B\f\r ]"), (r"\d", "[0-9]"), (r"\b", r"(?-u:\b)")];
    let text = classes.iter().fold(text.to_owned(), |text, (class, ascii)| text.replace(class, ascii));
    Regex::new(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_blanks_and_digits_are_found_alone_and_in_classes() {
        for (pattern, text, is_found) in [
            (r"^\w+\s\d$", "a_B9\t7", true),
            (r"^[^\w.]x\b", "-x y", true),
            (r"^[^\w.]x", "_x", false),
            (r"[\s$>]*k6", "  $ k6", true),
            (r"\bfn\b", "gfn", false),
        ] {
            assert_eq!(in_code(pattern).unwrap().is_match(text), is_found, "{pattern} {text:?}");
        }
        assert!(in_code("(").is_none());
    }
}
