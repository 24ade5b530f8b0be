//! New records: a template's words NUMBER, TITLE, DATE and STATUS filled in.

use super::{Dialect, Status};
use regex::{Captures, Regex};

/// The house form.
pub const MASTERY: &str = include_str!("../../../templates/adr/mastery.md");
/// Nygard's form.
pub const NYGARD: &str = include_str!("../../../templates/adr/nygard.md");
/// MADR 4.
pub const MADR: &str = include_str!("../../../templates/adr/madr.md");
/// The first record of a directory made as adr-tools makes it.
pub const FIRST: &str = include_str!("../../../templates/adr/first.md");

/// What is filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Values<'a> {
    /// The record's number.
    pub number: u64,
    /// How many digits it has where it is padded.
    pub width: usize,
    /// The title, on one line.
    pub title: &'a str,
    /// The day, as it is to be written.
    pub date: &'a str,
    /// The status.
    pub status: &'a Status,
}

/// The built-in template with this name.
pub fn named(name: &str) -> Option<&'static str> {
    match name {
        "mastery" => Some(MASTERY),
        "nygard" => Some(NYGARD),
        "madr" => Some(MADR),
        _ => None,
    }
}

/// The built-in template for records like those of this form; none where there is none.
pub fn like(dialect: Dialect) -> Option<String> {
    match dialect {
        Dialect::Mastery => Some(MASTERY.to_owned()),
        Dialect::MasteryDash => Some(MASTERY.replace("# ADR NUMBER:", "# ADR-NUMBER:")),
        Dialect::Nygard => Some(NYGARD.to_owned()),
        Dialect::Madr => Some(MADR.to_owned()),
        Dialect::MadrBullets => {
            let body = MADR.split_once("\n---\n").map_or(MADR, |(_, body)| body).trim_start();
            Some(body.replacen("# TITLE\n", "# TITLE\n\n* Status: STATUS\n* Date: DATE\n", 1))
        }
        Dialect::Other => None,
    }
}

/// `template` with its words filled in, each in one pass: a title that holds one of them stays what it is. A number behind `ADR`
/// is padded, any other is not. The status is in lower case behind a lower-case `status:`.
pub fn fill(template: &str, values: &Values<'_>) -> String {
    let title = closed(values.title);
    // The pattern is sound; a regex that could not be made would leave the template as it is.
    let Ok(words) = Regex::new(r"(ADR[ -])?\bNUMBER\b|\bTITLE\b|\bDATE\b|([* -]*\bstatus: |\* Status: )?\bSTATUS\b")
    else {
        return template.to_owned();
    };
    words
        .replace_all(template, |found: &Captures<'_>| {
            let prefix = found.get(1).or_else(|| found.get(2)).map_or("", |m| m.as_str());
            let all = &found[0];
            if all.ends_with("NUMBER") && prefix.is_empty() {
                values.number.to_string()
            } else if all.ends_with("NUMBER") {
                format!("{prefix}{:0w$}", values.number, w = values.width)
            } else if all == "TITLE" {
                title.clone()
            } else if all == "DATE" {
                values.date.to_owned()
            } else if prefix.is_empty() {
                values.status.capital()
            } else {
                format!("{prefix}{}", values.status.word())
            }
        })
        .into_owned()
}

/// A title that ends in ` #` would lose that as the closing mark of a heading.
fn closed(title: &str) -> String {
    let hashes = title.len() - title.trim_end_matches('#').len();
    let (front, back) = title.split_at(title.len() - hashes);
    if hashes > 0 && (front.is_empty() || front.ends_with(' ')) { format!("{front}\\{back}") } else { title.to_owned() }
}
