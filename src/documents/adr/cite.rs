//! Citations of a decision record: links to its file, and `ADR 007` in prose.

use super::edit::padded;
use super::read::local_file;
use crate::documents::markdown::{Link, Markdown, Patch, Span};
use regex::bytes::Regex;

/// A record's new number and name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renumbering {
    /// The number that it had.
    pub from: u64,
    /// The one that it gets.
    pub to: u64,
    /// The file name that it had.
    pub old_file: String,
    /// The one that it gets.
    pub new_file: String,
}

impl Renumbering {
    /// The patches that make the links of a document lead to the new name and say the new number. `leads` says whether a destination
    /// leads to the record's directory.
    pub fn links(&self, document: &Markdown<'_>, leads: &dyn Fn(&str) -> bool) -> Vec<Patch> {
        let mut patches: Vec<Patch> = Vec::new();
        let Some(number) = number_pattern(self.from) else { return patches };
        for link in self.led(document, leads) {
            if let Some(span) = &link.destination_span {
                let written = document.at(span);
                let name = written.windows(self.old_file.len()).rposition(|w| w == self.old_file.as_bytes());
                if let Some(at) = name {
                    let start = span.start + at;
                    patches.push(Patch::new(start..start + self.old_file.len(), self.new_file.as_bytes()));
                }
            }
            if let Some(found) = number.captures(document.at(&link.text)).and_then(|c| c.get(1)) {
                let span = link.text.start + found.start()..link.text.start + found.end();
                let with = padded(found.as_bytes(), self.to);
                patches.push(Patch::new(span, with));
            }
        }
        // Two links may share one definition.
        patches.sort_by_key(|p| p.span.start);
        patches.dedup();
        patches
    }

    fn led<'m>(&self, document: &'m Markdown<'_>, leads: &dyn Fn(&str) -> bool) -> Vec<&'m Link> {
        let ours = |l: &&Link| local_file(&l.destination).is_some_and(|f| f == self.old_file) && leads(&l.destination);
        document.links.iter().filter(ours).collect()
    }

    /// Where prose cites the old number, outside of links, code, comments and `except` (the record's own title): the digits.
    pub fn citations(&self, document: &Markdown<'_>, except: Option<&Span>) -> Vec<Span> {
        let Ok(pattern) = Regex::new(&format!(r"(?i)\bADR[ -]?#?(0*{})\b", self.from)) else { return Vec::new() };
        let inside =
            |at: usize| document.links.iter().any(|l| l.span.contains(&at)) || except.is_some_and(|s| s.contains(&at));
        pattern
            .captures_iter(document.source)
            .filter_map(|c| c.get(1))
            .map(|m| m.start()..m.end())
            .filter(|span| !document.is_quoted(span.start) && !inside(span.start))
            .collect()
    }

    /// The lines, from 1, of a file that is no Markdown which cite the old number or name the old file.
    pub fn mentions(&self, bytes: &[u8]) -> Vec<usize> {
        let file = regex::escape(&self.old_file);
        let Ok(pattern) = Regex::new(&format!(r"(?i)\bADR[ -]?#?0*{}\b|{file}", self.from)) else { return Vec::new() };
        let lines = (1..).zip(bytes.split(|b| *b == b'\n'));
        lines.filter(|(_, line)| pattern.is_match(line)).map(|(number, _)| number).collect()
    }

    /// The patch that turns a citation into one of the new number.
    pub fn cited(&self, document: &Markdown<'_>, digits: &Span) -> Patch {
        Patch::new(digits.clone(), padded(document.at(digits), self.to))
    }
}

/// The number at the beginning of a link's text, or behind `ADR`.
fn number_pattern(number: u64) -> Option<Regex> {
    Regex::new(&format!(r"(?i)(?:^|\bADR[ -]?#?)(0*{number})\b")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::markdown::apply;

    #[test]
    fn links_and_prose_follow_a_record_to_its_new_number() {
        let text = "# Notes\n\nSee [ADR 007: Go](docs/adr/007-go.md#why), [7. Go][x] and ADR-7, adr 0007; not ADR 70, `ADR 007` or [ADR 007](007-other.md).\n\n[x]: ./docs/adr/007-go.md\n";
        let move_it = Renumbering { from: 7, to: 12, old_file: "007-go.md".into(), new_file: "012-go.md".into() };
        let document = Markdown::read(text.as_bytes());
        let mut patches = move_it.links(&document, &|_| true);
        patches.extend(move_it.citations(&document, None).iter().map(|span| move_it.cited(&document, span)));
        let new = String::from_utf8(apply(text.as_bytes(), &patches).unwrap()).unwrap();
        assert_eq!(
            new,
            "# Notes\n\nSee [ADR 012: Go](docs/adr/012-go.md#why), [12. Go][x] and ADR-12, adr 0012; not ADR 70, `ADR 007` or [ADR 007](007-other.md).\n\n[x]: ./docs/adr/012-go.md\n"
        );
    }
}
