//! How people name languages in headings, prefixes and trailers.

use crate::config::Config;
use crate::config::family::{self, Family};
use bstr::{BStr, ByteSlice};

/// Aliases that prose uses as words of English: `Next steps` names no framework.
const ENGLISH: [&str; 1] = ["next"];

/// The languages of a configuration with the words that name them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    languages: Vec<(String, Vec<String>)>,
}

impl Names {
    /// Every language that `config` knows: by its name, its title and its aliases.
    pub fn of(config: &Config) -> Names {
        let words = |language: &crate::config::Language| {
            let aliases = language.preset.and_then(|p| family::named(p.name)).map_or(&[][..], |f| f.aliases);
            let mut words = vec![language.name.to_lowercase(), language.title().to_lowercase()];
            words.extend(aliases.iter().filter(|a| !ENGLISH.contains(a)).map(|a| (*a).to_owned()));
            words.sort();
            words.dedup();
            words
        };
        Names { languages: config.languages.values().map(|l| (l.name.clone(), words(l))).collect() }
    }

    /// These and a language that the configuration does not know, by the words of its family.
    #[must_use]
    pub fn and(mut self, language: &str, family: &Family) -> Names {
        let aliases = family.aliases.iter().filter(|a| !ENGLISH.contains(a)).map(|a| (*a).to_owned());
        let words = aliases.chain([language.to_lowercase(), family.title.to_lowercase()]).collect();
        self.languages.push((language.to_owned(), words));
        self
    }

    /// The languages that `text` names, as words of their own.
    pub fn in_text(&self, text: &BStr) -> Vec<String> {
        let text = text.to_str_lossy().to_lowercase();
        let named = |words: &[String]| words.iter().any(|word| has_word(&text, word));
        self.languages.iter().filter(|(_, words)| named(words)).map(|(name, _)| name.clone()).collect()
    }

    /// The language that is called exactly `word`.
    pub fn exactly(&self, word: &str) -> Option<&str> {
        let word = word.trim().to_lowercase();
        self.languages.iter().find(|(_, words)| words.contains(&word)).map(|(name, _)| name.as_str())
    }
}

/// Whether `word` stands in `text` with nothing of a word before or after it; `c` does not stand in `c++`.
fn has_word(text: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || matches!(c, '+' | '#' | '_');
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        !before.is_some_and(part) && !after.is_some_and(part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_named_by_name_title_or_alias_as_a_whole_word() {
        let names = Names::of(&Config::default());
        let found = |text: &str| names.in_text(BStr::new(text)).join(" ");
        assert_eq!(found("Week 3: Golang implementation"), "golang");
        assert_eq!(found("Go, then FastAPI"), "golang python");
        assert_eq!(found("Algorithms and cargo, next week"), "");
        assert_eq!(names.exactly(" TypeScript "), Some("nestjs"));
    }
}
