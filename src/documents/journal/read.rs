//! From a journal's text to its entries.

use super::Names;
use crate::documents::markdown::{Item, Markdown};
use bstr::{BStr, BString, ByteSlice};
use regex::bytes::Regex;
use std::collections::HashSet;
use std::sync::LazyLock;

/// One bullet of a journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The week that its heading names, or a heading above that.
    pub week: Option<u32>,
    /// The languages that its prefix names, else its heading, else a heading above that.
    pub languages: Vec<String>,
    /// What it says, without the prefix that names a language; runs of white space are one space.
    pub text: BString,
    /// The line that it begins on, counted from 1.
    pub line: usize,
    /// How many lists it lies in, less one.
    pub depth: usize,
}

/// A heading's week and languages, its own or inherited from the headings above it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outline {
    /// 1 to 6.
    pub level: u8,
    /// The week that the heading itself names.
    pub own_week: Option<u32>,
    /// The week that counts beneath it.
    pub week: Option<u32>,
    /// The languages that count beneath it.
    pub languages: Vec<String>,
}

impl Outline {
    /// One for each heading of `document`.
    pub fn of(document: &Markdown<'_>, names: &Names) -> Vec<Outline> {
        let mut found: Vec<Outline> = Vec::new();
        for heading in &document.headings {
            let text = document.at(&heading.text);
            let above = found.iter().rfind(|o| o.level < heading.level);
            let own_week = week(text);
            let mut languages = names.in_text(text);
            if languages.is_empty() {
                languages = above.map(|o| o.languages.clone()).unwrap_or_default();
            }
            let week = own_week.or(above.and_then(|o| o.week));
            found.push(Outline { level: heading.level, own_week, week, languages });
        }
        found
    }
}

/// The number in `Week 3`.
fn week(heading: &BStr) -> Option<u32> {
    #[expect(clippy::unwrap_used, reason = "the pattern is a constant, and a test reads with it")]
    static WEEK: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?i)\bweek\s*#?\s*0*(\d{1,6})\b").unwrap());
    WEEK.captures(heading)?.get(1)?.as_bytes().to_str().ok()?.parse().ok()
}

/// Every bullet of the journal `source`, template text included, but nothing from code or comments.
pub fn read(source: &[u8], names: &Names) -> Vec<Entry> {
    let document = Markdown::read(source);
    let outline = Outline::of(&document, names);
    let mut entries = Vec::new();
    let mut prefixes: Vec<Vec<String>> = Vec::new();
    let (mut line, mut counted) = (1, 0);
    for item in &document.items {
        let (prefix, text) = prefixed(said(&document, item), names);
        let prefix = match item.parent {
            Some(parent) if prefix.is_empty() => prefixes.get(parent).cloned().unwrap_or_default(),
            _ => prefix,
        };
        prefixes.push(prefix.clone());
        if document.is_quoted(item.span.start) {
            continue;
        }
        line += source[counted..item.span.start].find_iter(b"\n").count();
        counted = item.span.start;
        let at = document.headings.partition_point(|h| h.span.start < item.span.start).checked_sub(1);
        let above = at.and_then(|at| outline.get(at)).cloned().unwrap_or_default();
        let languages = if prefix.is_empty() { above.languages } else { prefix };
        entries.push(Entry { week: above.week, languages, text, line, depth: item.depth });
    }
    entries
}

/// The entries of `new` that stand nowhere in `old`, wherever they stood: a moved bullet or a reworded heading is no new entry,
/// nor is template text, nor what has fewer than `min_words` words.
pub fn new_entries<'a>(new: &'a [Entry], old: &[Entry], min_words: usize) -> Vec<&'a Entry> {
    let known: HashSet<String> = old.iter().map(|e| folded(e.text.as_bstr())).collect();
    new.iter()
        .filter(|e| {
            words(e.text.as_bstr()) >= min_words.max(1)
                && !is_template(e.text.as_bstr())
                && !known.contains(&folded(e.text.as_bstr()))
        })
        .collect()
}

/// A text as it is compared: case and marks do not matter.
fn folded(text: &BStr) -> String {
    let kept = text.to_str_lossy().to_lowercase();
    kept.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}

/// How many words there are: what holds a letter or a digit.
pub fn words(text: &BStr) -> usize {
    text.to_str_lossy().split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count()
}

/// What the guide's example and mastery's own hints say: nobody learned it here.
pub fn is_template(text: &BStr) -> bool {
    const SAID: [&str; 10] = [
        "what you learned",
        "learned about decorators and dependency injection",
        "struggled with typeorm relationships",
        "discovered the power of pipes for validation",
        "added redis caching saw 10x improvement",
        "learned about connection pooling",
        "implemented database indexes",
        "goroutines are amazing for concurrency",
        "interfaces are different from typescript",
        "no decorators more verbose but clearer",
    ];
    let text = text.trim();
    let bracketed = matches!((text.first(), text.last()), (Some(b'['), Some(b']')) | (Some(b'<'), Some(b'>')));
    let folded = folded(BStr::new(text));
    let begins = folded.split(' ').next().unwrap_or_default();
    bracketed || folded.is_empty() || matches!(begins, "todo" | "tbd" | "fixme") || SAID.contains(&folded.as_str())
}

/// What an item says on one line, without a check box.
fn said(document: &Markdown<'_>, item: &Item) -> BString {
    let text = document.at(&item.text).fields().collect::<Vec<_>>().join(&b' ');
    let boxed = ["[ ] ", "[x] ", "[X] "].iter().find_map(|b| text.strip_prefix(b.as_bytes()));
    BString::from(boxed.unwrap_or(&text))
}

/// The languages that a prefix names (`Golang: …`, `**Go**: …`, `[go] …`, `(go) …`), and what comes after it.
fn prefixed(text: BString, names: &Names) -> (Vec<String>, BString) {
    #[expect(clippy::unwrap_used, reason = "the pattern is a constant, and a test reads with it")]
    static PREFIX: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:[\[(]([^\])]{1,40})[\])]:?|[*_`]{0,3}([^:*_`]{1,40}?)(?:[*_`]{0,3}:[*_`]{0,3}))(?:\s+|$)")
            .unwrap()
    });
    let Some(found) = PREFIX.captures(&text) else { return (Vec::new(), text) };
    let inside = found.get(1).or(found.get(2)).map_or(BStr::new(""), |m| BStr::new(m.as_bytes()));
    let languages = if words(inside) <= 4 { names.in_text(inside) } else { Vec::new() };
    if languages.is_empty() {
        return (languages, text);
    }
    let rest = found.get(0).map_or(0, |m| m.end());
    let rest = BString::from(&text[rest..]);
    (languages, rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use proptest::prelude::*;

    fn entries(text: &str) -> Vec<(Option<u32>, String, String, usize)> {
        let names = Names::of(&Config::default());
        read(text.as_bytes(), &names)
            .into_iter()
            .map(|e| (e.week, e.languages.join(" "), e.text.to_string(), e.line))
            .collect()
    }

    #[test]
    fn the_guides_form_is_read() {
        let text =
            "# Learnings\r\n\r\n## Week 3: Golang Implementation\r\n- Goroutines are\r\n  cheap\r\n- select blocks\r\n";
        let expected = [
            (Some(3), "golang".into(), "Goroutines are cheap".into(), 4),
            (Some(3), "golang".into(), "select blocks".into(), 6),
        ];
        assert_eq!(entries(text), expected);
    }

    #[test]
    fn a_prefix_wins_over_the_heading_and_serves_the_items_below_it() {
        let text = "## Week 1\n- Python: tuples are values\n- **Go**: slices share arrays\n- [ts] unions narrow\n- Golang:\n  - maps are not ordered\n- note: nothing here\n";
        let found: Vec<_> = entries(text).into_iter().map(|e| (e.1, e.2)).collect();
        let expected = [
            ("python", "tuples are values"),
            ("golang", "slices share arrays"),
            ("nestjs", "unions narrow"),
            ("golang", ""),
            ("golang", "maps are not ordered"),
            ("", "note: nothing here"),
        ];
        assert_eq!(found, expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
    }

    #[test]
    fn headings_pass_week_and_language_on_to_those_below() {
        let text = "## Week 2\n### Python\n- a\n### Monday\n- b\n## Later\n- c\n";
        let found: Vec<_> = entries(text).into_iter().map(|e| (e.0, e.1)).collect();
        assert_eq!(found, [(Some(2), "python".into()), (Some(2), String::new()), (None, String::new())]);
    }

    #[test]
    fn comments_and_code_hold_no_entries() {
        assert_eq!(entries("<!--\n- Go: not said at all\n-->\n```\n- Go: not said either\n```\n"), []);
    }

    #[test]
    fn moved_bullets_reworded_headings_and_template_text_are_not_new() {
        let names = Names::of(&Config::default());
        let old = read(b"## Go\n- channels close only once\n", &names);
        let new = read(
            b"## Week 9: Golang things\n- Channels close only once.\n- what you learned\n- [what you learned today]\n- TODO write this down\n- a b c\n- a select with default never blocks\n",
            &names,
        );
        let found: Vec<_> = new_entries(&new, &old, 4).into_iter().map(|e| e.text.to_string()).collect();
        assert_eq!(found, ["a select with default never blocks"]);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let names = Names::of(&Config::default());
            read(&bytes, &names);
        }
    }
}
