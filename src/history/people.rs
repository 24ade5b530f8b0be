//! Whose work it is: `.mailmap`, bots, learners, and co-authors.

use crate::config::schema::PeopleTable;
use bstr::{BStr, BString, ByteSlice};
use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};
use std::collections::HashMap;
use std::sync::OnceLock;

/// A name and an e-mail address, as they count.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Person {
    /// The name.
    pub name: BString,
    /// The e-mail address, in lower case.
    pub email: BString,
}

/// Which people are one, which are bots, and which are the learners.
#[derive(Debug, Default)]
pub struct People {
    by_email: HashMap<BString, Canon>,
    by_both: HashMap<(BString, BString), Canon>,
    bots: Bots,
    learners: Vec<String>,
}

/// What programs write under.
#[derive(Debug, Default)]
struct Bots {
    patterns: Vec<Glob>,
    /// For each of them what a text in ASCII must have in it, in lower case: mostly that tells that nobody is one.
    words: Vec<String>,
    set: OnceLock<GlobSet>,
}

#[derive(Debug, Clone, Default)]
struct Canon {
    name: Option<BString>,
    email: Option<BString>,
}

impl People {
    /// From the configuration and the bytes of `.mailmap` (empty where there is none).
    pub fn new(table: &PeopleTable, mailmap: &[u8]) -> People {
        let mut people =
            People { learners: table.learners.iter().map(|l| l.to_lowercase()).collect(), ..People::default() };
        // Git hosts and common agents write under these names.
        for pattern in table.bots.iter().map(String::as_str).chain(["*-bot", "*-bot@*", "github-actions*"]) {
            people.bots.add(pattern);
        }
        for line in mailmap.lines() {
            people.learn(line);
        }
        people
    }

    /// One line of a `.mailmap`: `[Proper Name] <proper@email> [[Commit Name] <commit@email>]`.
    fn learn(&mut self, line: &[u8]) {
        let line = line.split(|b| *b == b'#').next().unwrap_or_default();
        let mut parts = Vec::new();
        let mut rest = line;
        while let (Some(open), Some(close)) = (rest.find_byte(b'<'), rest.find_byte(b'>')) {
            if close < open {
                break;
            }
            parts.push((rest[..open].trim(), rest[open + 1..close].trim()));
            rest = &rest[close + 1..];
        }
        let name = |n: &[u8]| (!n.is_empty()).then(|| BString::from(n));
        match parts[..] {
            [(proper, email)] => {
                self.by_email.insert(email.to_ascii_lowercase().into(), Canon { name: name(proper), email: None });
            }
            [(proper, proper_email), (commit, commit_email), ..] => {
                let canon = Canon { name: name(proper), email: Some(proper_email.to_ascii_lowercase().into()) };
                let key = BString::from(commit_email.to_ascii_lowercase());
                if commit.is_empty() {
                    self.by_email.insert(key, canon);
                } else {
                    self.by_both.insert((commit.to_ascii_lowercase().into(), key), canon);
                }
            }
            [] => {}
        }
    }

    /// The person that this name and address stand for.
    pub fn person(&self, name: &BStr, email: &BStr) -> Person {
        let key = BString::from(email.to_ascii_lowercase());
        let both = (BString::from(name.to_ascii_lowercase()), key.clone());
        let canon = self.by_both.get(&both).or_else(|| self.by_email.get(&key)).cloned().unwrap_or_default();
        Person { name: canon.name.unwrap_or_else(|| name.to_owned()), email: canon.email.unwrap_or(key) }
    }

    /// Whether the person is a program.
    pub fn is_bot(&self, person: &Person) -> bool {
        [&person.name, &person.email].iter().any(|text| self.bots.holds(&text.to_str_lossy()))
    }

    /// Whether the person's work counts: everybody's but bots', or that of the learners where they are named.
    pub fn counts(&self, person: &Person) -> bool {
        if self.learners.is_empty() {
            return !self.is_bot(person);
        }
        let is = |text: &BStr| self.learners.iter().any(|l| *l == text.to_str_lossy().to_lowercase());
        is(person.name.as_bstr()) || is(person.email.as_bstr())
    }

    /// Whether learners are named: then what others wrote is not evidence.
    pub fn names_learners(&self) -> bool {
        !self.learners.is_empty()
    }
}

impl Bots {
    /// Adds a pattern, in which a bracket is meant as itself; one that is none matches nothing.
    fn add(&mut self, pattern: &str) {
        let literal = pattern.replace('[', "\\[").replace(']', "\\]");
        if let Ok(glob) = GlobBuilder::new(&literal).case_insensitive(true).backslash_escape(true).build() {
            let parts = pattern.split(['*', '?']).max_by_key(|part| part.len()).unwrap_or_default();
            let is_plain = !pattern.contains(['{', '\\']);
            self.words.push(if is_plain { parts.to_lowercase() } else { String::new() });
            self.patterns.push(glob);
        }
    }

    fn holds(&self, text: &str) -> bool {
        let lower = text.to_ascii_lowercase();
        if text.is_ascii() && !self.words.iter().any(|word| lower.contains(word)) {
            return false;
        }
        let set = self.set.get_or_init(|| {
            let mut set = GlobSetBuilder::new();
            self.patterns.iter().for_each(|glob| _ = set.add(glob.clone()));
            set.build().unwrap_or_default()
        });
        set.is_match(text)
    }
}

/// The people that a message names in `Co-authored-by:` lines.
pub fn co_authors(message: &BStr) -> Vec<(BString, BString)> {
    message
        .lines()
        .filter_map(|line| {
            let (key, value) = line.split_once_str(":")?;
            if !key.trim().eq_ignore_ascii_case(b"co-authored-by") {
                return None;
            }
            let (name, rest) = value.split_once_str("<")?;
            let (email, _) = rest.split_once_str(">")?;
            Some((BString::from(name.trim()), BString::from(email.trim())))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(people: &People, name: &str, email: &str) -> Person {
        people.person(BStr::new(name), BStr::new(email))
    }

    #[test]
    fn one_person_with_two_names_is_one_by_mailmap() {
        let map = b"# who is who\nAda Learner <ada@example.com> <ADA@work.example>\nAda Learner <ada@example.com> root <root@localhost>\n";
        let people = People::new(&PeopleTable::default(), map);
        let ada = person(&people, "Ada Learner", "ada@example.com");
        assert_eq!(person(&people, "al", "ada@work.example"), ada);
        assert_eq!(person(&people, "root", "root@localhost"), ada);
        assert_ne!(person(&people, "other", "root@localhost"), ada);
    }

    #[test]
    fn bots_do_not_count_and_a_bracket_in_a_pattern_is_a_bracket() {
        let people = People::new(&PeopleTable::default(), b"");
        let counts = |name: &str| people.counts(&person(&people, name, "x@example.com"));
        assert!(!counts("dependabot[bot]"));
        assert!(!counts("renovate-helper"));
        assert!(counts("Bob"));
        assert!(counts("Tobo"));
    }

    #[test]
    fn a_pattern_is_found_with_or_without_a_look_at_its_words() {
        let patterns = ["*[bot]*", "renovate*", "a?c*", "{x,y}-agent", "K*x", "\\*", "["];
        let table = PeopleTable { bots: patterns.map(str::to_owned).to_vec(), ..PeopleTable::default() };
        let bots = People::new(&table, b"").bots;
        for (text, is_bot) in [
            ("Some[BOT]", true),
            ("RENOVATE", true),
            ("abcd", true),
            ("ac", false),
            ("y-Agent", true),
            ("z-agent", false),
            ("\u{212a}ax", false),
            ("build-bot", true),
            ("bottle", false),
            ("*", true),
            ("[", true),
            ("", false),
        ] {
            assert_eq!(bots.holds(text), is_bot, "{text:?}");
        }
    }

    #[test]
    fn where_learners_are_named_nobody_else_counts() {
        let table = PeopleTable { learners: vec!["Ada@Example.com".into()], ..PeopleTable::default() };
        let people = People::new(&table, b"");
        assert!(people.counts(&person(&people, "A", "ada@example.com")));
        assert!(!people.counts(&person(&people, "Upstream", "up@example.com")));
    }

    #[test]
    fn co_authors_stand_in_trailers() {
        let found = co_authors(BStr::new("pair\n\nCo-Authored-By: Bo B <bo@x>\nco-authored-by: nobody\n"));
        assert_eq!(found, [(BString::from("Bo B"), BString::from("bo@x"))]);
    }
}
