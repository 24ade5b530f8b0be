//! Where a decision stands.

use std::fmt;

/// The status of a decision. What is not one of the known words stays what it is: unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// Being written.
    Draft,
    /// Put forward.
    Proposed,
    /// In force.
    Accepted,
    /// Turned down.
    Rejected,
    /// No longer to be followed.
    Deprecated,
    /// Another decision stands in its place.
    Superseded,
    /// Words that are no status; as written.
    Unknown(String),
}

impl Status {
    /// The known ones, in the order of a decision's life.
    pub const KNOWN: [Status; 6] =
        [Status::Draft, Status::Proposed, Status::Accepted, Status::Rejected, Status::Deprecated, Status::Superseded];

    /// Reads what a record says: a known word, alone or with more behind it (`Accepted (2026-02-14)`, `superseded by ADR-0002`), in
    /// any case; adr-tools' spelling `Superceded` too.
    pub fn read(text: &str) -> Status {
        let plain = text.trim().trim_matches(['*', '_', '"', '\'', '`']).trim();
        let lower = plain.to_lowercase().replace("superceded", "superseded");
        Status::KNOWN
            .into_iter()
            .find(|known| {
                lower.strip_prefix(known.word()).is_some_and(|rest| {
                    !rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '?' | '/'))
                })
            })
            .unwrap_or_else(|| Status::Unknown(plain.to_owned()))
    }

    /// The word that a user typed, if it is known.
    pub fn named(word: &str) -> Option<Status> {
        let lower = word.trim().to_lowercase().replace("superceded", "superseded");
        Status::KNOWN.into_iter().find(|known| known.word() == lower)
    }

    /// In lower case, as MADR and JSON have it; `unknown` for what is none.
    pub fn word(&self) -> &'static str {
        match self {
            Status::Draft => "draft",
            Status::Proposed => "proposed",
            Status::Accepted => "accepted",
            Status::Rejected => "rejected",
            Status::Deprecated => "deprecated",
            Status::Superseded => "superseded",
            Status::Unknown(_) => "unknown",
        }
    }

    /// With a capital, as the house form and Nygard's have it; what is unknown as it is written.
    pub fn capital(&self) -> String {
        if let Status::Unknown(text) = self {
            return text.clone();
        }
        let word = self.word();
        format!("{}{}", word[..1].to_uppercase(), &word[1..])
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.capital())
    }
}

#[cfg(test)]
mod tests {
    use super::Status;

    #[test]
    fn known_words_are_read_in_any_dress_and_others_stay_unknown() {
        assert_eq!(Status::read(" **Accepted** "), Status::Accepted);
        assert_eq!(Status::read("accepted (2026-02-14)"), Status::Accepted);
        assert_eq!(Status::read("Superceded by [3. X](0003-x.md)"), Status::Superseded);
        assert_eq!(Status::read("\"superseded by ADR-0123\""), Status::Superseded);
        for text in ["Approved", "Not accepted", "Acceptedish", "accepted?", ""] {
            assert_eq!(Status::read(text), Status::Unknown(text.into()), "{text}");
        }
        assert_eq!(
            Status::read("{proposed | rejected | accepted}"),
            Status::Unknown("{proposed | rejected | accepted}".into())
        );
    }
}
