//! Words: plurals, durations, and text from repositories made harmless.

use bstr::ByteSlice;
use std::fmt::Write;
use std::time::Duration;

/// `1 test`, `2 tests`.
pub fn count(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

/// `350 ms`, `4.2 s`, `3 min 20 s`, `2 h 5 min`.
pub fn duration(d: Duration) -> String {
    let seconds = d.as_secs();
    match seconds {
        0 => format!("{} ms", d.as_millis()),
        1..=59 => format!("{:.1} s", d.as_secs_f64()),
        60..=3599 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3600, seconds / 60 % 60),
    }
}

/// How long ago, roughly: `just now`, `12 min ago`, `3 h ago`, `5 days ago`.
pub fn ago(seconds: i64) -> String {
    match seconds {
        i64::MIN..60 => "just now".into(),
        60..3600 => format!("{} min ago", seconds / 60),
        3600..86400 => format!("{} h ago", seconds / 3600),
        _ => format!("{} ago", count(usize::try_from(seconds / 86400).unwrap_or(usize::MAX), "day")),
    }
}

/// For how many seconds more [`ago`] says the same.
pub fn ago_holds(seconds: i64) -> i64 {
    match seconds {
        i64::MIN..60 => 60_i64.saturating_sub(seconds),
        60..3600 => 60 - seconds % 60,
        3600..86400 => 3600 - seconds % 3600,
        _ => 86400 - seconds % 86400,
    }
}

/// Text from a repository on one line: control and direction-changing characters are shown, not sent; bytes that are not UTF-8
/// appear as `\xNN`.
pub fn shown(bytes: impl AsRef<[u8]>) -> String {
    escape(bytes.as_ref(), false)
}

/// As [`shown`], with line breaks and tabs kept.
pub fn shown_lines(bytes: impl AsRef<[u8]>) -> String {
    escape(bytes.as_ref(), true)
}

fn escape(bytes: &[u8], lines: bool) -> String {
    let mut out = String::with_capacity(bytes.len());
    for (start, end, c) in bytes.char_indices() {
        if c == '\u{FFFD}' && &bytes[start..end] != "\u{FFFD}".as_bytes() {
            bytes[start..end].iter().for_each(|b| {
                let _ = write!(out, "\\x{b:02x}");
            });
        } else if lines && matches!(c, '\n' | '\t') || !is_dangerous(c) {
            out.push(c);
        } else {
            out.extend(c.escape_default());
        }
    }
    out
}

/// Control characters, line separators, and characters that change the direction of text.
fn is_dangerous(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{061C}')
}

/// `word` quoted for a POSIX shell, where that is needed.
pub fn shell(word: &str) -> String {
    shlex::try_quote(word).map_or_else(|_| shown(word), std::borrow::Cow::into_owned)
}

/// The one of `known` that `word` was probably meant to be.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|k| (strsim::damerau_levenshtein(word, k), k))
        .filter(|(distance, k)| *distance <= (k.chars().count().max(word.chars().count()) / 3).max(1))
        .min()
        .map(|(_, k)| k)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_ago_something_was_reads_the_same_for_exactly_as_long_as_is_said() {
        for seconds in [-5, 0, 59, 60, 61, 119, 3599, 3600, 86_399, 86_400, 200_000] {
            let holds = ago_holds(seconds);
            assert_eq!(ago(seconds), ago(seconds + holds - 1), "{seconds}");
            assert_ne!(ago(seconds), ago(seconds + holds), "{seconds}");
        }
    }

    #[test]
    fn control_characters_are_shown_and_never_sent() {
        assert_eq!(shown("a\x1b[31mb\r\n\u{202e}c"), "a\\u{1b}[31mb\\r\\n\\u{202e}c");
        assert_eq!(shown(b"caf\xc3\xa9 \xff"), "café \\xff");
        assert_eq!(shown_lines("a\tb\nc\x07"), "a\tb\nc\\u{7}");
    }

    #[test]
    fn a_near_miss_is_suggested_and_a_far_one_is_not() {
        assert_eq!(nearest("goland", ["golang", "python"]), Some("golang"));
        assert_eq!(nearest("haskell", ["golang", "python"]), None);
    }
}
