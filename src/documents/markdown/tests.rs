//! What the outline must say of documents, and what must hold of any bytes.

use super::*;
use proptest::prelude::*;

fn texts<'a>(document: &Markdown<'a>, spans: impl IntoIterator<Item = &'a Span>) -> Vec<&'a BStr> {
    spans.into_iter().map(|span| document.at(span)).collect()
}

const HOUSE: &str = "# ADR 001: Use Redis for Rate Limiting\n\n## Status: Accepted\n\n## Consequences\n+ Fast (< 5ms overhead)\n+ Distributed\n- Requires Redis\n  cluster for HA\n";

#[test]
fn headings_of_both_kinds_have_their_text_and_whole_lines() {
    let source = b"# One #\r\n\r\nTwo\r\nlines\r\n---\r\n\r\n   ## Three\r\n#\r\n";
    let document = Markdown::read(source);
    let seen: Vec<_> =
        document.headings.iter().map(|h| (h.level, document.at(&h.text), document.at(&h.span))).collect();
    assert_eq!(
        seen,
        [
            (1, "One".into(), "# One #\r\n".into()),
            (2, "Two\r\nlines".into(), "Two\r\nlines\r\n---\r\n".into()),
            (2, "Three".into(), "   ## Three\r\n".into()),
            (1, "".into(), "#\r\n".into()),
        ]
    );
    assert_eq!(document.line_ending(), "\r\n");
}

#[test]
fn what_stands_in_code_comments_and_front_matter_is_no_heading() {
    let source = b"---\ntitle: # no\n---\n```md\n# no\n- no\n```\n~~~\n# no\n~~~\n\n    # no\n\n<!--\n# no\n-->\n# yes\n> # no\n- # no\n";
    let document = Markdown::read(source);
    assert_eq!(texts(&document, document.headings.iter().map(|h| &h.text)), ["yes"]);
    assert_eq!(document.code.len(), 3);
    assert_eq!(texts(&document, &document.comments), ["<!--\n# no\n-->"]);
    assert!(document.is_quoted(30));
}

#[test]
fn a_fence_that_is_never_closed_runs_to_the_end() {
    let document = Markdown::read(b"# a\n```\n# b\n");
    assert_eq!(document.headings.len(), 1);
    assert_eq!(texts(&document, &document.code), ["```\n# b\n"]);
}

#[test]
fn items_tell_marker_depth_own_text_and_extent() {
    let document = Markdown::read(b"- one\n  more\n  - two\n    * three\n\n- four\n\n  second paragraph\n10) ten\n");
    let seen: Vec<_> =
        document.items.iter().map(|i| (char::from(i.marker), i.depth, i.parent, document.at(&i.text))).collect();
    assert_eq!(
        seen,
        [
            ('-', 0, None, "one\n  more".into()),
            ('-', 1, Some(0), "two".into()),
            ('*', 2, Some(1), "three".into()),
            ('-', 0, None, "four".into()),
            (')', 0, None, "ten".into()),
        ]
    );
    assert_eq!(document.at(&document.items[0].span), "- one\n  more\n  - two\n    * three\n");
    assert_eq!(document.at(&document.items[3].span), "- four\n\n  second paragraph\n");
}

#[test]
fn the_signs_of_the_house_form_are_read_as_markers() {
    let document = Markdown::read(HOUSE.as_bytes());
    let signs: Vec<_> = document.items.iter().map(|i| (char::from(i.marker), document.at(&i.text))).collect();
    assert_eq!(
        signs,
        [
            ('+', "Fast (< 5ms overhead)".into()),
            ('+', "Distributed".into()),
            ('-', "Requires Redis\n  cluster for HA".into())
        ]
    );
}

#[test]
fn links_know_where_their_destination_stands() {
    let source = b"[a *b*](x(1).md \"t\") ![i](<p q.png>) [r][Ref] [ref] <https://e.org> [e]()\n\n[ref]: to.md\n";
    let document = Markdown::read(source);
    let seen: Vec<_> = document
        .links
        .iter()
        .map(|l| (document.at(&l.text), l.destination_span.as_ref().map(|s| document.at(s))))
        .collect();
    assert_eq!(
        seen,
        [
            ("a *b*".into(), Some("x(1).md".into())),
            ("i".into(), Some("p q.png".into())),
            ("r".into(), Some("to.md".into())),
            ("ref".into(), Some("to.md".into())),
            ("https://e.org".into(), Some("https://e.org".into())),
            ("e".into(), None),
        ]
    );
    assert_eq!(document.definitions[0].label, "ref");
}

#[test]
fn sections_end_at_the_next_heading_of_their_level_or_above() {
    let document = Markdown::read(b"intro\n# a\nx\n## b\ny\n# c\n");
    let spans: Vec<_> = document.sections().map(|s| document.at(&s.span)).collect();
    assert_eq!(spans, ["# a\nx\n## b\ny\n", "## b\ny\n", "# c\n"]);
    assert_eq!(document.find_section(2, |t| t == "b").map(|s| document.at(&s.body)), Some("y\n".into()));
}

#[test]
fn front_matter_has_fields_and_needs_its_closing_line() {
    let source = b"\xEF\xBB\xBF---\r\nstatus: \"accepted\" # so\r\ndate:\r\nlist:\r\n  - nested: no\r\n---\r\n# t\r\n";
    let document = Markdown::read(source);
    let front = document.front_matter.as_ref().unwrap();
    let fields: Vec<_> = front.fields.iter().map(|f| (document.at(&f.key), document.at(&f.value))).collect();
    assert_eq!(
        fields,
        [("status".into(), "\"accepted\"".into()), ("date".into(), "".into()), ("list".into(), "".into())]
    );
    assert_eq!(document.headings.len(), 1);
    assert_eq!(Markdown::read(b"---\nstatus: x\n").front_matter, None);
}

#[test]
fn a_quoted_value_ends_at_its_own_quote() {
    let value = |line: &str| {
        let text = format!("---\n{line}\n---\n");
        let document = Markdown::read(text.as_bytes());
        document.at(&document.front_matter.as_ref().unwrap().fields[0].value).to_string()
    };
    assert_eq!(value(r#"t: "a \"b\" c" # no"#), r#""a \"b\" c""#);
    assert_eq!(value("t: 'it''s' # no"), "'it''s'");
    assert_eq!(value(r#"t: "never closed \""#), r#""never closed \""#);
}

#[test]
fn inserted_lines_take_the_documents_ending_and_end_the_last_line_first() {
    let source = b"# a\r\n- x";
    let document = Markdown::read(source);
    let patch = document.insert_lines(source.len(), ["- y"]);
    assert_eq!(apply(source, &[patch]).unwrap().as_bstr(), "# a\r\n- x\r\n- y\r\n");
}

#[test]
fn patches_that_overlap_are_refused() {
    let patch = |span| Patch::new(span, "z");
    assert_eq!(apply(b"abcd", &[patch(2..3), patch(0..1), patch(1..1)]).unwrap(), b"zzbzd");
    assert_eq!(apply(b"abcd", &[patch(0..2), patch(1..3)]), Err(Overlap(1)));
    assert_eq!(apply(b"abcd", &[patch(3..9)]), Err(Overlap(3)));
}

/// Documents made of what Markdown is made of, with bytes thrown in that are none.
fn documents() -> impl Strategy<Value = Vec<u8>> {
    let pieces = prop::sample::select(vec![
        "# ",
        "## Status: Accepted",
        "\n",
        "\r\n",
        "\r",
        "\n\n",
        "- ",
        "* ",
        "+ ",
        "1. ",
        "  ",
        "\t",
        "```",
        "~~~",
        "`",
        "<!--",
        "-->",
        "---",
        "===",
        "[a](b)",
        "[a]",
        "[a]: b",
        "](",
        "![",
        "<",
        ">",
        "> ",
        "x",
        "é",
        "\u{feff}",
        "key: v",
        "\\",
        "&amp;",
        "|",
        "\0",
        "使用",
        "**",
        "_",
    ]);
    let piece =
        prop_oneof![9 => pieces.prop_map(|s| s.as_bytes().to_vec()), 1 => prop::collection::vec(any::<u8>(), 1..4)];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

fn check(source: &[u8]) {
    let document = Markdown::read(source);
    let spans = document
        .headings
        .iter()
        .flat_map(|h| [&h.span, &h.text])
        .chain(document.items.iter().flat_map(|i| [&i.span, &i.text]))
        .chain(document.links.iter().flat_map(|l| [&l.span, &l.text]))
        .chain(document.links.iter().filter_map(|l| l.destination_span.as_ref()))
        .chain(document.definitions.iter().map(|d| &d.span))
        .chain(document.code.iter().chain(&document.code_spans).chain(&document.comments));
    for span in spans {
        assert!(span.start <= span.end && span.end <= source.len(), "{span:?} of {}", source.len());
    }
    for heading in &document.headings {
        assert!(heading.span.start <= heading.text.start && heading.text.end <= heading.span.end, "{heading:?}");
        assert_eq!(heading.span.start, document.line_start(heading.span.start).max(heading.span.start));
    }
    // The part before the first heading and the sections cut at every heading are the document again.
    let mut cuts = vec![0];
    cuts.extend(document.headings.iter().map(|h| h.span.start));
    cuts.push(source.len());
    let again: Vec<u8> = cuts.windows(2).flat_map(|w| source[w[0]..w[1]].to_vec()).collect();
    assert_eq!(again, source);
    assert_eq!(apply(source, &[]).unwrap(), source);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn reading_never_fails_and_loses_nothing(source in documents()) {
        check(&source);
    }

    #[test]
    fn reading_takes_any_bytes(source in prop::collection::vec(any::<u8>(), 0..300)) {
        check(&source);
    }

    #[test]
    fn a_patched_heading_leaves_every_other_byte(source in documents(), with in "[a-z]{0,8}") {
        let document = Markdown::read(&source);
        for heading in &document.headings {
            let new = apply(&source, &[Patch::new(heading.text.clone(), with.as_bytes())]).unwrap();
            prop_assert_eq!(&new[..heading.text.start], &source[..heading.text.start]);
            prop_assert_eq!(&new[heading.text.start + with.len()..], &source[heading.text.end..]);
        }
    }
}
