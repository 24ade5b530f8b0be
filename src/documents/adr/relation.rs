//! How one decision relates to another: a fact with two ends.

use super::Span;

/// One end of a relation, as a record states it: `Supersedes [ADR 001: …](001-….md)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// The words before the link, as written: `Superseded by`.
    pub name: String,
    /// The number of the record at the other end.
    pub number: Option<u64>,
    /// The file name of the record at the other end, where it is a link.
    pub file: Option<String>,
    /// What states it: its whole line (line ending included), or the value of the status that says it.
    pub span: Span,
    /// Whether `span` is the value of a status.
    pub in_status: bool,
}

/// The relations whose other end is known: a word and its inverse.
const PAIRS: [(&str, &str); 9] = [
    ("Supersedes", "Superseded by"),
    ("Replaces", "Replaced by"),
    ("Amends", "Amended by"),
    ("Clarifies", "Clarified by"),
    ("Extends", "Extended by"),
    ("Refines", "Refined by"),
    ("Depends on", "Required by"),
    ("Enables", "Enabled by"),
    ("Relates to", "Relates to"),
];

impl Relation {
    /// Whether it says that another record stands in this one's place.
    pub fn is_superseded_by(&self) -> bool {
        same(&self.name, "Superseded by") || same(&self.name, "Replaced by")
    }
}

/// Whether two names mean the same relation: case, spaces and adr-tools' spelling do not matter.
pub fn same(a: &str, b: &str) -> bool {
    plain(a) == plain(b)
}

/// The name of the other end, if it is known; in adr-tools' spelling where `name` is in it.
pub fn inverse(name: &str) -> Option<String> {
    let wanted = plain(name);
    let found = PAIRS.iter().find_map(|(one, other)| match () {
        () if plain(one) == wanted => Some(*other),
        () if plain(other) == wanted => Some(*one),
        () => None,
    })?;
    let odd = name.to_lowercase().contains("superce");
    Some(if odd { found.replace("Superse", "Superce") } else { found.to_owned() })
}

fn plain(name: &str) -> String {
    name.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .trim_end_matches(':')
        .to_lowercase()
        .replace("superce", "superse")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_inverse_keeps_the_spelling() {
        assert_eq!(inverse("amended  by").as_deref(), Some("Amends"));
        assert_eq!(inverse("Supercedes").as_deref(), Some("Superceded by"));
        assert_eq!(inverse("Relates to").as_deref(), Some("Relates to"));
        assert_eq!(inverse("is fond of"), None);
        assert!(same("Superceded by", "superseded by:"));
    }
}
