//! Putting a journal in order after a union merge, which keeps every line of both sides and knows nothing of headings.

use super::{Names, read};
use crate::documents::markdown::{Markdown, Patch, apply};
use bstr::{BStr, BString, ByteSlice};
use std::collections::HashMap;

/// A heading with what stands between it and the next one.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Block {
    /// 0 for what stands before the first heading.
    level: u8,
    /// What the heading says, as it is compared.
    key: String,
    heading: BString,
    body: BString,
}

/// `source` with headings that say the same under the same one joined into the first, and with each entry that a merge put under
/// another heading than either of the merged `sides` had it under put back under its own. None where there is nothing to do, or
/// where an entry would be lost.
pub fn tidy(source: &[u8], sides: &[Vec<u8>], names: &Names) -> Option<Vec<u8>> {
    let joined = join(source);
    let mended = put_back(&joined, sides);
    let count = |bytes: &[u8]| {
        let mut texts: Vec<BString> = read(bytes, names).into_iter().map(|e| e.text).collect();
        texts.sort();
        texts
    };
    (mended != source && count(&mended) == count(source)).then_some(mended)
}

fn blocks(source: &[u8]) -> Vec<Block> {
    let document = Markdown::read(source);
    let first = document.headings.first().map_or(source.len(), |h| h.span.start);
    let mut found =
        vec![Block { level: 0, key: String::new(), heading: BString::default(), body: source[..first].into() }];
    for (at, heading) in document.headings.iter().enumerate() {
        let end = document.headings.get(at + 1).map_or(source.len(), |next| next.span.start);
        found.push(Block {
            level: heading.level,
            key: key(document.at(&heading.text)),
            heading: document.at(&heading.span).to_owned(),
            body: source[heading.span.end..end].into(),
        });
    }
    found
}

fn key(heading: &BStr) -> String {
    heading.to_str_lossy().to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What the headings above the block at `at` say, and its own.
fn chain(blocks: &[Block], at: usize) -> Vec<(u8, &str)> {
    let mut found = vec![(blocks[at].level, blocks[at].key.as_str())];
    let mut level = blocks[at].level;
    for block in blocks[..at].iter().rev() {
        if block.level > 0 && block.level < level {
            level = block.level;
            found.push((level, &block.key));
        }
    }
    found
}

/// The end of the section that the block at `at` begins.
fn section_end(blocks: &[Block], at: usize) -> usize {
    let below = blocks[at + 1..].iter().take_while(|b| b.level > blocks[at].level).count();
    at + 1 + below
}

fn join(source: &[u8]) -> Vec<u8> {
    let ending = Markdown::read(source).line_ending();
    let mut all = blocks(source);
    let before = all.len();
    while let Some((first, again)) = duplicate(&all) {
        let end = section_end(&all, again);
        let mut moved: Vec<Block> = all.drain(again..end).collect();
        let head = moved.remove(0);
        append(&mut all[first].body, head.body.as_bstr(), ending);
        let place = section_end(&all, first);
        all.splice(place..place, moved);
    }
    if all.len() == before {
        return source.to_vec();
    }
    let count = all.len();
    let mut out = Vec::with_capacity(source.len());
    for (at, block) in all.iter().enumerate() {
        end_line(&mut out, ending);
        out.extend_from_slice(&block.heading);
        if !block.body.is_empty() {
            end_line(&mut out, ending);
        }
        out.extend_from_slice(&block.body);
        // Two sections that were apart stay apart.
        let blank = out.is_empty() || out.ends_with(format!("{ending}{ending}").as_bytes());
        if at + 1 < count && !blank && !block.body.trim().is_empty() {
            end_line(&mut out, ending);
            out.extend_from_slice(ending.as_bytes());
        }
    }
    let kept = out.trim_end().len();
    out.truncate(kept);
    let tail = &source[source.trim_end().len()..];
    out.extend_from_slice(tail);
    out
}

fn end_line(out: &mut Vec<u8>, ending: &str) {
    if !out.is_empty() && !out.ends_with(b"\n") {
        out.extend_from_slice(ending.as_bytes());
    }
}

fn duplicate(blocks: &[Block]) -> Option<(usize, usize)> {
    let mut seen: HashMap<Vec<(u8, &str)>, usize> = HashMap::new();
    for at in 1..blocks.len() {
        if let Some(first) = seen.insert(chain(blocks, at), at) {
            return Some((first, at));
        }
    }
    None
}

/// `more` behind `body`: a list goes on where one ended, anything else stays apart by a blank line.
fn append(body: &mut BString, more: &BStr, ending: &str) {
    let more = without_blank_lines_before(more);
    if more.trim().is_empty() {
        return;
    }
    if body.trim().is_empty() {
        body.extend_from_slice(more);
        return;
    }
    let kept = body.trim_end().len();
    body.truncate(kept);
    body.extend_from_slice(ending.as_bytes());
    let listed = |line: Option<&[u8]>| {
        line.is_some_and(|l| {
            l.starts_with(b"- ") || l.starts_with(b"* ") || l.starts_with(b"+ ") || l.starts_with(b"  ")
        })
    };
    if !(listed(body.lines().next_back()) && listed(more.lines().next())) {
        body.extend_from_slice(ending.as_bytes());
    }
    body.extend_from_slice(more);
}

fn without_blank_lines_before(text: &BStr) -> &BStr {
    let mut rest = text;
    while let Some(end) = rest.find_byte(b'\n').filter(|end| rest[..*end].trim().is_empty()) {
        rest = rest[end + 1..].as_bstr();
    }
    rest
}

/// Where each top-level item of a document stands: its bytes, and what the heading above it says.
fn places(document: &Markdown<'_>) -> Vec<(BString, usize, Option<String>)> {
    let items = document.items.iter().enumerate();
    let top = items.filter(|(_, item)| item.depth == 0 && !document.is_quoted(item.span.start));
    top.map(|(n, item)| {
        let at = document.headings.partition_point(|h| h.span.start < item.span.start).checked_sub(1);
        let heading = at.map(|at| key(document.at(&document.headings[at].text)));
        (BString::from(document.at(&item.span).trim()), n, heading)
    })
    .collect()
}

/// Each entry that stands under a heading that no side had it under goes to the one that a side had it under, if that is here.
fn put_back(source: &[u8], sides: &[Vec<u8>]) -> Vec<u8> {
    let mut known: HashMap<BString, Vec<Option<String>>> = HashMap::new();
    for side in sides {
        for (text, _, heading) in places(&Markdown::read(side)) {
            known.entry(text).or_default().push(heading);
        }
    }
    let document = Markdown::read(source);
    let mut patches = Vec::new();
    for (text, n, heading) in places(&document) {
        let Some(homes) = known.get(&text).filter(|homes| !homes.contains(&heading)) else { continue };
        let home = document.headings.iter().position(|h| homes.contains(&Some(key(document.at(&h.text)))));
        let Some(home) = home else { continue };
        let body = document.headings[home].span.end
            ..document.headings.get(home + 1).map_or(source.len(), |next| next.span.start);
        let last = document.items_in(&body).filter(|item| item.depth == 0).last();
        let (place, apart) = match last {
            Some(item) => (item.span.end, false),
            None => (document.content_end(&body), document.content_end(&body) > body.start),
        };
        let item = &document.items[n].span;
        let from = document.line_start(item.start);
        if !document.at(&(from..item.start)).trim().is_empty() {
            continue;
        }
        let mut lines: Vec<&[u8]> = document.at(&(from..item.end)).lines().collect();
        if apart {
            lines.insert(0, b"");
        }
        patches.push(Patch::new(from..item.end, Vec::new()));
        patches.push(document.insert_lines(place, lines));
    }
    apply(source, &patches).unwrap_or_else(|_| source.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use proptest::prelude::*;

    fn tidied(source: &str, sides: &[&str]) -> Option<String> {
        let sides: Vec<Vec<u8>> = sides.iter().map(|s| s.as_bytes().to_vec()).collect();
        let names = Names::of(&Config::default());
        tidy(source.as_bytes(), &sides, &names).map(|bytes| String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn what_is_in_order_stays_as_it_is() {
        assert_eq!(tidied("# L\n\n## Week 1: Go\n- a\n\n## Week 2: Go\n- b", &[]), None);
        assert_eq!(tidied("## A\n### X\n- a\n## B\n### X\n- b\n", &[]), None);
    }

    #[test]
    fn duplicate_headings_are_joined_with_what_stands_beneath_them() {
        assert_eq!(
            tidied("# L\n\n## Week 1: Go\n- a\n\n## Week 1:  GO\n- b\n  more\n\n## Week 2: Go\n- c\n", &[]).unwrap(),
            "# L\n\n## Week 1: Go\n- a\n- b\n  more\n\n## Week 2: Go\n- c\n"
        );
        assert_eq!(
            tidied("## W\n### Go\n- a\n\n## V\n- v\n\n## W\n- own\n### Go\n- b\n### Py\n- p", &[]).unwrap(),
            "## W\n- own\n\n### Go\n- a\n- b\n\n### Py\n- p\n\n## V\n- v"
        );
        assert_eq!(tidied("## W\r\n- a\r\n## W\r\n- b\r\n", &[]).unwrap(), "## W\r\n- a\r\n- b\r\n");
    }

    #[test]
    fn an_entry_that_a_merge_put_under_another_heading_goes_home() {
        let (ours, theirs) = ("# L\n\n## Go\n\n- a\n", "# L\n\n## Py\n\n- p\n  more\n");
        let merged = "# L\n\n## Go\n## Py\n\n- a\n- p\n  more\n";
        assert_eq!(tidied(merged, &[ours, theirs]).unwrap(), "# L\n\n## Go\n- a\n## Py\n\n- p\n  more\n");
        assert_eq!(tidied(merged, &[]), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn nothing_is_lost_and_once_is_enough(source in "((#|##|###) (A|B|go week 1)\r?\n|[-*] [a-c]{1,2}\n|  more\n|\n|words\n){0,14}(- end)?") {
            let names = Names::of(&Config::default());
            if let Some(done) = tidy(source.as_bytes(), &[], &names) {
                let lines = |bytes: &[u8]| {
                    let mut lines: Vec<String> = bytes
                        .lines()
                        .map(|l| l.trim().to_str_lossy().into_owned())
                        .filter(|l| !l.is_empty() && !l.starts_with('#'))
                        .collect();
                    lines.sort();
                    lines
                };
                prop_assert_eq!(lines(&done), lines(source.as_bytes()));
                prop_assert!(duplicate(&blocks(&done)).is_none());
                prop_assert_eq!(tidy(&done, &[], &names), None);
            } else {
                prop_assert!(duplicate(&blocks(source.as_bytes())).is_none() || source.contains("more"));
            }
        }
    }
}
