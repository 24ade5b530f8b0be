//! The comparison of a project's implementations: the guide's sections, filled with what is known between markers. What a person
//! wrote outside of the markers stays, byte for byte.

use super::markdown::{Markdown, Overlap, Patch, apply};
use bstr::ByteSlice;

/// One section that is filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What its markers are called: `code-size`.
    pub id: &'static str,
    /// Its heading: `Code Size`.
    pub title: &'static str,
    /// What stands between the markers: lines without endings.
    pub lines: Vec<String>,
}

/// What the learner writes.
const OWN: &str = "Strengths & Weaknesses";

/// Why a comparison can't be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// A marker begins and does not end, or ends before it begins.
    #[error("the marker `mastery:begin {0}` has no `mastery:end {0}` behind it")]
    Marker(&'static str),
    /// Patches that overlap.
    #[error(transparent)]
    Overlap(#[from] Overlap),
}

/// A new comparison of these languages.
pub fn new(blocks: &[Block], languages: &[String]) -> Vec<u8> {
    let mut text = String::from("# Implementation Comparison\n");
    for block in blocks {
        text.push_str(&format!("\n## {}\n\n{}\n", block.title, marked(block).join("\n")));
    }
    text.push_str(&format!("\n## {OWN}\n\n<!-- Yours to write: mastery leaves this alone. What would you choose next time, and what for? -->\n"));
    for language in languages {
        text.push_str(&format!("\n### {language}\n\n"));
    }
    text.into_bytes()
}

fn marked(block: &Block) -> Vec<String> {
    let mut lines = vec![format!("<!-- mastery:begin {} -->", block.id)];
    lines.extend(block.lines.iter().cloned());
    lines.push(format!("<!-- mastery:end {} -->", block.id));
    lines
}

/// `old` with every block as it is now: between its markers, else under its heading, else at the end before the learner's section.
///
/// # Errors
/// A marker has no other end.
pub fn updated(old: &[u8], blocks: &[Block]) -> Result<Vec<u8>, Broken> {
    let document = Markdown::read(old);
    let ending = document.line_ending();
    let mut patches = Vec::new();
    for block in blocks {
        let comment = |what: &str| {
            let wanted = format!("mastery:{what} {}", block.id);
            document
                .comments
                .iter()
                .find(|c| document.at(c)[4..].trim_end_with(|x| matches!(x, '-' | '>')).trim() == wanted.as_bytes())
        };
        match (comment("begin"), comment("end")) {
            (Some(begin), Some(end)) if begin.end <= end.start => {
                let inside = block.lines.iter().map(|l| format!("{ending}{l}")).collect::<Vec<_>>().concat() + ending;
                patches.push(Patch::new(begin.end..end.start, inside));
            }
            (None, None) => {
                let heading = document.headings.iter().find(|h| h.level == 2 && document.at(&h.text) == block.title);
                let own = document.headings.iter().find(|h| h.level == 2 && document.at(&h.text) == OWN);
                let mut lines = marked(block);
                let at = if let Some(heading) = heading {
                    lines.insert(0, String::new());
                    heading.span.end
                } else {
                    let head = [format!("## {}", block.title), String::new()];
                    lines.splice(0..0, head);
                    if let Some(own) = own {
                        lines.push(String::new());
                        own.span.start
                    } else {
                        lines.insert(0, String::new());
                        old.len()
                    }
                };
                patches.push(document.insert_lines(at, lines));
            }
            _ => return Err(Broken::Marker(block.id)),
        }
    }
    Ok(apply(old, &patches)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn block(line: &str) -> Block {
        Block { id: "code-size", title: "Code Size", lines: vec![line.into()] }
    }

    #[test]
    fn only_what_stands_between_the_markers_changes() {
        let first = new(&[block("- Golang: 1")], &["Golang".into()]);
        let mine =
            String::from_utf8(first).unwrap().replace("### Golang\n", "### Golang\n\nIt is fast.\n") + "my last words";
        let second = String::from_utf8(updated(mine.as_bytes(), &[block("- Golang: 2")]).unwrap()).unwrap();
        assert_eq!(second, mine.replace("- Golang: 1", "- Golang: 2"));
    }

    #[test]
    fn a_comparison_that_a_person_began_is_kept_and_filled() {
        let old = "# Implementation Comparison\r\n\r\n## Code Size\r\n- mine: [lines]\r\n\r\n## Strengths & Weaknesses\r\n...\r\n";
        let speed = Block { id: "development-speed", title: "Development Speed", lines: vec!["- x".into()] };
        let new = String::from_utf8(updated(old.as_bytes(), &[block("- 1"), speed]).unwrap()).unwrap();
        assert_eq!(
            new,
            "# Implementation Comparison\r\n\r\n## Code Size\r\n\r\n<!-- mastery:begin code-size -->\r\n- 1\r\n<!-- mastery:end code-size -->\r\n- mine: [lines]\r\n\r\n## Development Speed\r\n\r\n<!-- mastery:begin development-speed -->\r\n- x\r\n<!-- mastery:end development-speed -->\r\n\r\n## Strengths & Weaknesses\r\n...\r\n"
        );
    }

    #[test]
    fn a_marker_without_its_other_end_is_refused() {
        let old = b"<!-- mastery:begin code-size -->\nmy words\n";
        assert_eq!(updated(old, &[block("x")]), Err(Broken::Marker("code-size")));
    }

    proptest! {
        #[test]
        fn writing_twice_is_writing_once(old in "([a-z#<>!-]|\n|\r\n|## Code Size\n|```\n){0,30}") {
            if let Ok(once) = updated(old.as_bytes(), &[block("x")]) {
                // Where a fence or comment swallows the markers they can't be found again, and nothing is lost either.
                let again = updated(&once, &[block("x")]).unwrap_or_else(|_| once.clone());
                prop_assert!(again == once || old.contains("```") || old.contains("<!"));
            }
        }
    }
}
