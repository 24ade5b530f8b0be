//! What a message says was learned: `Learned(golang): …`, `Learned-golang: …` or `Learned: …` on any line of it.

use super::read::{is_template, words};
use bstr::{BStr, BString, ByteSlice};
use regex::bytes::Regex;
use std::sync::LazyLock;

/// One `Learned` line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Learned {
    /// The language as it is written; none for a plain `Learned:`.
    pub language: Option<String>,
    /// What was learned, on one line.
    pub text: BString,
}

/// A trailer is a sentence squeezed into a line: three words are enough, whatever a bullet needs.
const ENOUGH_WORDS: usize = 3;

impl Learned {
    /// Whether it says something: not a placeholder, and at least three words, or `min_words` where that is less.
    pub fn counts(&self, min_words: usize) -> bool {
        words(self.text.as_bstr()) >= min_words.clamp(1, ENOUGH_WORDS) && !is_template(self.text.as_bstr())
    }
}

/// Every `Learned` line of a message that git has cleaned; indented lines right below one belong to it.
pub fn learned(message: &BStr) -> Vec<Learned> {
    #[expect(clippy::unwrap_used, reason = "the pattern is a constant, and a test reads with it")]
    static LEARNED: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?i)^\s*learned(?:\s*\(([^()]{1,60})\)|-([^\s:()]{1,60}))?\s*:(.*)$").unwrap());
    let mut found: Vec<Learned> = Vec::new();
    let mut open = false;
    for line in message.lines() {
        if let Some(parts) = LEARNED.captures(line) {
            let language = parts.get(1).or(parts.get(2)).map(|m| m.as_bytes().to_str_lossy().trim().to_owned());
            let text = parts.get(3).map_or(&b""[..], |m| m.as_bytes());
            found.push(Learned { language, text: BString::from(text.trim()) });
            open = true;
        } else if let (true, Some(last), true) = (open, found.last_mut(), line.starts_with_str(" ")) {
            if !last.text.is_empty() {
                last.text.push(b' ');
            }
            last.text.extend_from_slice(line.trim());
        } else {
            open = false;
        }
    }
    found
}

/// Whether the message holds `Journal: none (reason)`: the reason, which may be empty.
pub fn no_entry(message: &BStr) -> Option<String> {
    #[expect(clippy::unwrap_used, reason = "the pattern is a constant, and a test reads with it")]
    static NONE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?i)^\s*journal\s*:\s*none\b(.*)$").unwrap());
    let line = message.lines().find_map(|line| NONE.captures(line))?;
    let rest = line.get(1).map_or(&b""[..], |m| m.as_bytes()).to_str_lossy();
    Some(rest.trim_matches(|c: char| !c.is_alphanumeric()).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_forms_are_read_on_any_line() {
        let message = "feat: x\n\nLearned(golang): channels close once\nmore text\n    learned-Go: a nil map\n    can be read\nLearned: plain\nWe learned: nothing\n";
        let found: Vec<_> = learned(BStr::new(message)).into_iter().map(|l| (l.language, l.text.to_string())).collect();
        let expected = [
            (Some("golang".into()), "channels close once".into()),
            (Some("Go".into()), "a nil map can be read".into()),
            (None, "plain".into()),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_placeholder_or_a_word_is_nothing_learned() {
        let counts = |text: &str| Learned { language: None, text: text.into() }.counts(4);
        assert!(counts("channels close once"));
        for text in ["", "…", "wip", "what you learned", "<what you learned>"] {
            assert!(!counts(text), "{text:?}");
        }
    }

    #[test]
    fn none_is_read_with_its_reason() {
        let reason = |text: &str| no_entry(BStr::new(text));
        assert_eq!(reason("x\n\nJournal: none (only moved files)").as_deref(), Some("only moved files"));
        assert_eq!(reason("x\n\njournal: none ()").as_deref(), Some(""));
        assert_eq!(reason("x\n\nJournal: nonesuch"), None);
    }
}
