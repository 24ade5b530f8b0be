//! Text as evidence: documents without their fenced code and template gaps, code without its comments and strings.

use bstr::ByteSlice;

/// A document's own prose: fenced code, HTML comments and what mastery fills in between its markers are other people's words and
/// prove nothing.
pub fn prose(bytes: &[u8]) -> String {
    let text = bytes.to_str_lossy();
    let mut out = String::with_capacity(text.len());
    let mut fence: Option<&str> = None;
    let mut comment = false;
    let mut filled_in = None;
    for line in text.lines() {
        let trimmed = line.trim_start();
        if let Some(end) = &filled_in {
            if trimmed.trim_end() == end {
                filled_in = None;
            }
            continue;
        }
        filled_in = filled_in_until(trimmed.trim_end(), &text).filter(|_| fence.is_none() && !comment);
        if filled_in.is_some() {
            continue;
        }
        let mark = ["```", "~~~"].into_iter().find(|m| trimmed.starts_with(m));
        match (fence, mark) {
            (Some(open), Some(mark)) if open == mark => fence = None,
            (None, Some(mark)) if !comment => fence = Some(mark),
            (Some(_), _) => {}
            (None, _) => {
                if trimmed.contains("<!--") {
                    comment = true;
                }
                if !comment {
                    out.push_str(line);
                    out.push('\n');
                }
                if trimmed.contains("-->") {
                    comment = false;
                }
            }
        }
    }
    out
}

/// The marker that ends what mastery fills in, where `line` begins it and `text` has both.
fn filled_in_until(line: &str, text: &str) -> Option<String> {
    let id = line.strip_prefix("<!-- mastery:begin ")?.strip_suffix(" -->")?;
    let end = format!("<!-- mastery:end {id} -->");
    text.contains(&end).then_some(end)
}

/// The headings of a prose text, in lower case, without their marks.
pub fn headings(prose: &str) -> impl Iterator<Item = String> + '_ {
    prose.lines().filter_map(|line| {
        let line = line.trim_start();
        let level = line.bytes().take_while(|b| *b == b'#').count();
        ((1..=6).contains(&level) && line[level..].starts_with(' ')).then(|| line[level..].trim().to_lowercase())
    })
}

/// How many words of prose there are outside headings.
pub fn words(prose: &str) -> usize {
    prose
        .lines()
        .filter(|l| !l.trim_start().starts_with('#'))
        .flat_map(str::split_whitespace)
        .filter(|w| w.chars().any(char::is_alphanumeric))
        .count()
}

/// How comments and strings look in a family of languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// `//`, `/* */`, quotes, and backquotes that span lines.
    C,
    /// `#`, and strings of one or three quotes.
    Hash,
}

impl Style {
    /// The style of a family.
    pub fn of(family: Option<&str>) -> Style {
        match family {
            Some("python" | "ruby" | "elixir" | "crystal" | "nim" | "perl") => Style::Hash,
            _ => Style::C,
        }
    }
}

/// Code with its comments blanked out, and its strings too where `strings` says so. Lines stay where they are.
pub fn code(bytes: &[u8], style: Style, strings: bool) -> String {
    let text = bytes.to_str_lossy();
    let mut out = String::with_capacity(text.len());
    let mut rest: &str = &text;
    // All that begins or ends anything is ASCII.
    let special = |b: u8| matches!(b, b'"' | b'\'' | b'`' | b'#' | b'/');
    while let Some(at) = rest.bytes().position(special) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let first = rest.as_bytes()[0];
        if style == Style::C && rest.starts_with("//") || style == Style::Hash && first == b'#' {
            rest = &rest[rest.find('\n').unwrap_or(rest.len())..];
        } else if style == Style::C && rest.starts_with("/*") {
            // A slash that follows at once closes it as well: `/*/`.
            let end = rest[1..].find("*/").map_or(rest.len(), |at| at + 1);
            blank(&mut out, &rest[..end]);
            rest = rest.get(end + 2..).unwrap_or_default();
        } else if matches!(first, b'"' | b'\'') || first == b'`' && style == Style::C {
            let (length, open, is_closed) = string(rest, style);
            let (inner, after) = rest.split_at(length);
            let close = if is_closed { open } else { 0 };
            if strings {
                out.push_str(&inner[..open]);
                blank(&mut out, &inner[open..length - close]);
                out.push_str(&inner[length - close..]);
            } else {
                out.push_str(inner);
            }
            rest = after;
        } else {
            out.push_str(&rest[..1]);
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    out
}

/// A blank for each character, and the ends of lines.
fn blank(out: &mut String, text: &str) {
    out.extend(text.chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
}

/// The string that `text` begins with: its length, that of the mark that opens it, and whether the same mark closes it.
fn string(text: &str, style: Style) -> (usize, usize, bool) {
    let bytes = text.as_bytes();
    let quote = bytes[0];
    let long = style == Style::Hash && bytes.starts_with(&[quote; 3]);
    let open = if long { 3 } else { 1 };
    let mut at = open;
    while let Some(byte) = bytes.get(at) {
        if *byte == b'\\' && quote != b'`' {
            at += 2;
        } else if *byte == quote && (!long || bytes[at..].starts_with(&[quote; 3])) {
            return (at + open, open, true);
        } else if *byte == b'\n' && !long && quote != b'`' {
            break;
        } else {
            at += 1;
        }
    }
    (at.min(bytes.len()), open, false)
}

/// Lines of code that are neither blank nor comments.
pub fn lines(code: &str) -> usize {
    // Mostly a letter or a mark tells before anything else has to be known of blanks.
    let says = |line: &[u8]| line.iter().any(u8::is_ascii_graphic) || !line.trim().is_empty();
    code.as_bytes().lines().filter(|line| says(line)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What [`code`] does, said character by character.
    fn plainly(text: &str, style: Style, strings: bool) -> String {
        let chars: Vec<char> = text.chars().collect();
        let mut out = String::new();
        let mut at = 0;
        let starts = |at: usize, what: &str| what.chars().enumerate().all(|(i, c)| chars.get(at + i) == Some(&c));
        let dim = |c: char| if c == '\n' { '\n' } else { ' ' };
        while at < chars.len() {
            let c = chars[at];
            if style == Style::C && starts(at, "//") || style == Style::Hash && c == '#' {
                while at < chars.len() && chars[at] != '\n' {
                    at += 1;
                }
            } else if style == Style::C && starts(at, "/*") {
                while at < chars.len() && !starts(at, "*/") {
                    out.push(dim(chars[at]));
                    at += 1;
                }
                at = (at + 2).min(chars.len());
            } else if matches!(c, '"' | '\'') || c == '`' && style == Style::C {
                let triple: String = std::iter::repeat_n(c, 3).collect();
                let long = style == Style::Hash && starts(at, &triple);
                let (open, many) = if long { (3, true) } else { (1, c == '`') };
                let start = at;
                at += open;
                let ends = |at: usize| if long { starts(at, &triple) } else { chars[at] == c };
                while at < chars.len() {
                    if chars[at] == '\\' && c != '`' {
                        at += 2;
                    } else if ends(at) || chars[at] == '\n' && !many {
                        break;
                    } else {
                        at += 1;
                    }
                }
                let ended = chars.get(at) == Some(&c);
                at = (at + if ended { open } else { 0 }).min(chars.len());
                for (i, inner) in chars[start..at].iter().enumerate() {
                    let is_inside = i >= open && (!ended || i + open < at - start);
                    out.push(if strings && is_inside { dim(*inner) } else { *inner });
                }
            } else {
                out.push(c);
                at += 1;
            }
        }
        out
    }

    #[test]
    fn code_is_what_it_is_character_by_character() {
        const PARTS: [&str; 16] =
            ["a", "é", "\n", "\"", "'", "`", "\"\"\"", "'''", "\\", "/", "*", "//", "/*", "*/", "#", "漢"];
        let mut number = 7u64;
        for _ in 0..3000 {
            let mut text = String::new();
            for _ in 0..12 {
                number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                text.push_str(PARTS[usize::try_from(number >> 60).unwrap()]);
            }
            for style in [Style::C, Style::Hash] {
                for strings in [false, true] {
                    let (fast, plain) = (code(text.as_bytes(), style, strings), plainly(&text, style, strings));
                    assert_eq!(fast, plain, "{text:?} {style:?}");
                }
            }
        }
    }

    #[test]
    fn fenced_code_and_comments_are_no_prose() {
        let text = prose(b"# A\n```js\nimport k6\n```\nown <!-- not\nthis --> either\nend\n~~~\nx\n~~~\n");
        assert_eq!(text, "# A\nend\n");
        assert_eq!(headings(&text).collect::<Vec<_>>(), ["a"]);
    }

    #[test]
    fn what_mastery_fills_in_is_nobodys_prose() {
        let text =
            "a\n<!-- mastery:begin x -->\n| Go | 1 ms |\n<!-- mastery:end x -->\nb\n<!-- mastery:begin y -->\nc\n";
        assert_eq!(prose(text.as_bytes()), "a\nb\nc\n", "a marker without its end hides nothing");
    }

    #[test]
    fn comments_and_strings_are_blanked_where_they_are_not_code() {
        assert_eq!(code(b"a // it(\n/* it( */b \"it(\" 'x' `y\nz`", Style::C, true), "a \n       b \"   \" ' ' ` \n `");
        assert_eq!(
            code(b"x = 1 # def test_a\n\"\"\"def test_b():\n\"\"\"", Style::Hash, true),
            "x = 1 \n\"\"\"             \n\"\"\""
        );
        assert_eq!(code(b"r.GET(\"/a\") // c", Style::C, false), "r.GET(\"/a\") ");
    }

    #[test]
    fn unfinished_strings_and_comments_end_with_the_file() {
        for text in ["\"abc", "'", "/* x", "`", "\"\\", "\"\"\"a"] {
            let _ = code(text.as_bytes(), Style::C, true);
            let _ = code(text.as_bytes(), Style::Hash, true);
        }
    }
}
