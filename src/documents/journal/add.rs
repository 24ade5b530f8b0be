//! Where a new entry goes, and the edit that puts it there.

use super::read::Outline;
use super::{Names, read};
use crate::documents::markdown::{Markdown, Patch, Span, apply};
use bstr::{BStr, BString, ByteSlice};

/// A new entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Addition<'a> {
    /// The project's week, from 1.
    pub week: u32,
    /// The language's name.
    pub language: &'a str,
    /// How people write it, for a new heading.
    pub title: &'a str,
    /// What was learned; lines after the first are set beneath it.
    pub text: &'a BStr,
}

/// `source` with the entry under the heading of its week and language, which is made in its place where it is missing. Every
/// other byte stays. None where the edit did not take: the entry can't be read back from where it was put.
pub fn add(source: &[u8], addition: Addition<'_>, names: &Names) -> Option<Vec<u8>> {
    let document = Markdown::read(source);
    let outline = Outline::of(&document, names);
    let ours = |o: &Outline| o.week == Some(addition.week) && o.languages.iter().any(|name| name == addition.language);
    let patch = match outline.iter().position(ours) {
        Some(at) => under(&document, at, addition.text),
        None => with_heading(&document, &outline, addition),
    };
    let changed = apply(source, &[patch]).ok()?;
    let count = |bytes: &[u8]| {
        let entries = read(bytes, names);
        let here = entries
            .iter()
            .filter(|e| e.week == Some(addition.week) && e.languages.iter().any(|name| name == addition.language));
        (entries.len(), here.count())
    };
    let (before, after) = (count(source), count(&changed));
    (after == (before.0 + 1, before.1 + 1)).then_some(changed)
}

/// Behind the last bullet that stands directly under the heading at `at`, else right under the heading.
fn under(document: &Markdown<'_>, at: usize, text: &BStr) -> Patch {
    let start = document.headings[at].span.end;
    let end = document.headings.get(at + 1).map_or(document.source.len(), |next| next.span.start);
    let body: Span = start..end;
    let last = document.items_in(&body).filter(|item| item.depth == 0 && !document.is_quoted(item.span.start)).last();
    if let Some(item) = last.filter(|item| matches!(item.marker, b'-' | b'*' | b'+')) {
        let indent = document.at(&(document.line_start(item.span.start)..item.span.start));
        let indent = if indent.trim().is_empty() { indent } else { BStr::new("") };
        return insert(document, item.span.end, bullet(text, item.marker, indent), false, false);
    }
    let content = document.content_end(&body);
    // Prose and numbered lists stay apart from the new list.
    insert(document, content, bullet(text, b'-', BStr::new("")), content > start, false)
}

/// A heading of its own among those of the other weeks, in the order in which they stand; else at the end.
fn with_heading(document: &Markdown<'_>, outline: &[Outline], addition: Addition<'_>) -> Patch {
    let weeks: Vec<(usize, u32)> =
        outline.iter().enumerate().filter_map(|(at, o)| o.own_week.map(|week| (at, week))).collect();
    let level = weeks.first().map_or(2, |(at, _)| outline[*at].level);
    let weeks: Vec<(usize, u32)> = weeks.into_iter().filter(|(at, _)| outline[*at].level == level).collect();
    let newest_first = matches!((weeks.first(), weeks.last()), (Some(first), Some(last)) if first.1 > last.1);
    let earlier = |week: u32| if newest_first { week >= addition.week } else { week <= addition.week };
    let before = weeks.iter().rfind(|(_, week)| earlier(*week)).and_then(|(at, _)| document.section(*at));
    let at = match (before, weeks.first()) {
        (Some(section), _) => section.span.end,
        (None, Some((first, _))) => document.headings[*first].span.start,
        (None, None) => document.source.len(),
    };
    let marks = "#".repeat(usize::from(level));
    let mut lines = vec![BString::from(format!("{marks} Week {}: {} implementation", addition.week, addition.title))];
    lines.extend(bullet(addition.text, b'-', BStr::new("")));
    insert(document, at, lines, true, at < document.source.len())
}

/// The lines of a bullet.
fn bullet(text: &BStr, marker: u8, indent: &BStr) -> Vec<BString> {
    let mut lines = Vec::new();
    for line in text.lines().map(ByteSlice::trim).filter(|line| !line.is_empty()) {
        let mut whole = BString::from(indent.to_vec());
        whole.push(if lines.is_empty() { marker } else { b' ' });
        whole.push(b' ');
        whole.extend_from_slice(line);
        lines.push(whole);
    }
    lines
}

/// Lines put in at `at`, in the document's own line endings; a document without a final one stays so. `apart` asks for a blank
/// line before them, `closed` for one behind them.
fn insert(document: &Markdown<'_>, at: usize, lines: Vec<BString>, apart: bool, closed: bool) -> Patch {
    let ending = document.line_ending().as_bytes();
    let before = &document.source[..at];
    let mut with = Vec::new();
    let open = !before.is_empty() && !before.ends_with(b"\n");
    if open {
        with.extend_from_slice(ending);
    }
    let blank = before.lines().next_back().is_none_or(|line| line.trim().is_empty());
    if apart && !blank {
        with.extend_from_slice(ending);
    }
    let count = lines.len();
    for (n, line) in lines.into_iter().enumerate() {
        with.extend_from_slice(&line);
        if n + 1 < count || !open {
            with.extend_from_slice(ending);
        }
    }
    if closed {
        with.extend_from_slice(ending);
    }
    Patch::new(at..at, with)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use proptest::prelude::*;

    fn added(source: &str, week: u32, text: &str) -> String {
        let names = Names::of(&Config::default());
        let addition = Addition { week, language: "golang", title: "Golang", text: BStr::new(text) };
        String::from_utf8(add(source.as_bytes(), addition, &names).unwrap()).unwrap()
    }

    #[test]
    fn it_goes_behind_the_last_bullet_of_its_heading() {
        let text = "# L\n\n## Week 3: Golang Implementation\n* a\n  more\n\nprose\n\n## Week 4: Python\n- p\n";
        assert_eq!(
            added(text, 3, "b\nsecond line"),
            "# L\n\n## Week 3: Golang Implementation\n* a\n  more\n* b\n  second line\n\nprose\n\n## Week 4: Python\n- p\n"
        );
    }

    #[test]
    fn a_missing_heading_is_made_in_its_place_whichever_way_the_weeks_run() {
        let up = "## Week 1: Python\n- a\n\n## Week 5: Python\n- b\n";
        assert_eq!(
            added(up, 3, "x"),
            "## Week 1: Python\n- a\n\n## Week 3: Golang implementation\n- x\n\n## Week 5: Python\n- b\n"
        );
        let down = "## Week 5: Python\n- b\n\n## Week 1: Python\n- a\n\n# Links\n";
        assert_eq!(
            added(down, 3, "x"),
            "## Week 5: Python\n- b\n\n## Week 3: Golang implementation\n- x\n\n## Week 1: Python\n- a\n\n# Links\n"
        );
        assert_eq!(added("# L\n", 1, "x"), "# L\n\n## Week 1: Golang implementation\n- x\n");
        assert_eq!(added("", 1, "x"), "## Week 1: Golang implementation\n- x\n");
    }

    #[test]
    fn line_endings_and_a_missing_final_one_are_kept() {
        assert_eq!(added("## Week 1: Go\r\n- a\r\n", 1, "x"), "## Week 1: Go\r\n- a\r\n- x\r\n");
        assert_eq!(added("## Week 1: Go\r\n- a", 1, "x"), "## Week 1: Go\r\n- a\r\n- x");
        assert_eq!(added("# L", 2, "x"), "# L\n\n## Week 2: Golang implementation\n- x");
    }

    #[test]
    fn a_heading_of_the_week_with_the_language_below_it_serves() {
        let text = "## Week 2\n\n### Go\n\n- a\n\n### Python\n\n- p\n";
        assert_eq!(added(text, 2, "x"), "## Week 2\n\n### Go\n\n- a\n- x\n\n### Python\n\n- p\n");
    }

    #[test]
    fn a_heading_with_nothing_or_prose_beneath_it_takes_the_bullet() {
        assert_eq!(added("## Week 1: Go\n\n## Week 2: Go\n", 1, "x"), "## Week 1: Go\n- x\n\n## Week 2: Go\n");
        assert_eq!(added("## Week 1: Go\n\nprose\n", 1, "x"), "## Week 1: Go\n\nprose\n\n- x\n");
    }

    proptest! {
        #[test]
        fn every_other_byte_stays(source in "(## Week [1-4]: (Go|Python)\r?\n|- [a-z ]{1,9}\r?\n|\r?\n|[a-z]{1,5}\r?\n|```\n){0,12}", week in 1u32..6) {
            let names = Names::of(&Config::default());
            let addition = Addition { week, language: "golang", title: "Golang", text: BStr::new("one thing was learned") };
            if let Some(changed) = add(source.as_bytes(), addition, &names) {
                // What was there is what is left when one run of bytes is taken out again.
                let same = source.bytes().zip(&changed).take_while(|(a, b)| a == *b).count();
                let behind = source.len() - same;
                prop_assert_eq!(&changed[changed.len() - behind..], &source.as_bytes()[same..]);
            }
        }
    }
}
