//! Patterns for code and commands.

use regex::Regex;

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
