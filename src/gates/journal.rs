//! The journal rule: a commit that changes a track's sources brings an entry for its language, or follows one.

use super::message::{Sort, sort};
use crate::config::schema::{Every, JournalTable};
use crate::documents::journal::{Learned, Names, learned, no_entry};
use crate::git::Operation;
use bstr::{BStr, BString};
use chrono::{DateTime, Datelike, FixedOffset};

/// A track whose sources a commit changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touched {
    /// The project's id.
    pub project: String,
    /// The language's name.
    pub language: String,
    /// How people write it.
    pub title: String,
    /// The track's directory from the repository's root.
    pub path: BString,
    /// How many lines of its sources were added or removed.
    pub lines: usize,
    /// The journal that counts for it, from the repository's root; it need not exist yet.
    pub journal: BString,
    /// Whether that journal has a new entry for the language.
    pub entry: bool,
}

/// What is judged.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The message as git will keep it.
    pub message: &'a BStr,
    /// What git is in the middle of.
    pub operation: Operation,
    /// Whether the commit has several parents (an amended merge, too).
    pub merge: bool,
    /// The tracks whose sources it changes.
    pub touched: &'a [Touched],
}

/// What comes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It may pass, and why.
    Pass(Pass),
    /// These tracks lack an entry.
    Refuse(Vec<Touched>),
    /// The message says that there is no entry, and not why.
    NoReason,
}

/// Why a commit may pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pass {
    /// `every = "off"`.
    Off,
    /// A merge, a rebase, a cherry-pick or a revert.
    UnderWay(&'static str),
    /// `fixup!` and its like, a revert, an exempt type.
    Exempt(String),
    /// `Journal: none (reason)`.
    Declared(String),
    /// No track's sources change, or only by a few lines.
    Small,
    /// There is an entry for every language.
    Entries,
    /// An earlier commit of the day or week has one.
    Earlier,
}

/// Judges by the commit alone. A refusal may still be mended by what came before it: [`settle`].
pub fn judge(case: Case<'_>, table: &JournalTable, names: &Names) -> Verdict {
    if let Some(pass) = exempt(case, table) {
        return Verdict::Pass(pass);
    }
    let needing: Vec<&Touched> = case.touched.iter().filter(|t| t.lines >= table.min_changed_lines.max(1)).collect();
    if needing.is_empty() {
        return Verdict::Pass(Pass::Small);
    }
    match no_entry(case.message) {
        Some(reason) if !reason.is_empty() => return Verdict::Pass(Pass::Declared(reason)),
        Some(_) => return Verdict::NoReason,
        None => {}
    }
    let said = said(case.message, table, names, &languages(&needing));
    let lacking: Vec<Touched> =
        needing.into_iter().filter(|t| !t.entry && !said.contains(&t.language)).cloned().collect();
    if lacking.is_empty() { Verdict::Pass(Pass::Entries) } else { Verdict::Refuse(lacking) }
}

/// Why no entry is asked for whatever the commit changes, if that is so; [`Case::touched`] is not looked at.
pub fn exempt(case: Case<'_>, table: &JournalTable) -> Option<Pass> {
    if table.every == Every::Off {
        return Some(Pass::Off);
    }
    match case.operation {
        Operation::Merge => return Some(Pass::UnderWay("a merge")),
        Operation::Rebase => return Some(Pass::UnderWay("a rebase")),
        Operation::CherryPick => return Some(Pass::UnderWay("a cherry-pick")),
        Operation::Revert => return Some(Pass::UnderWay("a revert")),
        Operation::None | Operation::Bisect => {}
    }
    if case.merge {
        return Some(Pass::UnderWay("a merge"));
    }
    match sort(case.message) {
        Sort::Fixup => Some(Pass::Exempt("it will be folded into another commit".into())),
        Sort::Revert => Some(Pass::Exempt("it is a revert".into())),
        Sort::Typed(name) if table.exempt_types.iter().any(|t| t.eq_ignore_ascii_case(&name)) => {
            Some(Pass::Exempt(format!("commits of type {name} need none")))
        }
        Sort::Typed(_) | Sort::Plain => None,
    }
}

fn languages(touched: &[&Touched]) -> Vec<String> {
    let mut languages: Vec<String> = touched.iter().map(|t| t.language.clone()).collect();
    languages.sort();
    languages.dedup();
    languages
}

/// The languages that the `Learned` lines of `message` speak of; a plain one speaks of `touched` where that is a single one.
pub fn said(message: &BStr, table: &JournalTable, names: &Names, touched: &[String]) -> Vec<String> {
    learned(message)
        .iter()
        .filter(|line| line.counts(table.min_words))
        .filter_map(|line| language_of(line, names, touched))
        .collect()
}

/// The language that a `Learned` line speaks of.
pub fn language_of(line: &Learned, names: &Names, touched: &[String]) -> Option<String> {
    match (&line.language, touched) {
        (Some(word), _) => names.exactly(word).map(str::to_owned),
        (None, [only]) => Some(only.clone()),
        (None, _) => None,
    }
}

/// The last word after an earlier look: those of `lacking` that no earlier entry of the day or week speaks for.
pub fn settle(lacking: Vec<Touched>, earlier: &[String]) -> Verdict {
    let lacking: Vec<Touched> = lacking.into_iter().filter(|t| !earlier.contains(&t.language)).collect();
    if lacking.is_empty() { Verdict::Pass(Pass::Earlier) } else { Verdict::Refuse(lacking) }
}

/// Whether an entry at `then` still serves a commit at `now`, each day and calendar week (from Monday) being its author's own.
pub fn serves(every: Every, then: DateTime<FixedOffset>, now: DateTime<FixedOffset>) -> bool {
    match every {
        Every::Commit | Every::Off => false,
        Every::Day => then.date_naive() == now.date_naive(),
        Every::Week => then.date_naive().iso_week() == now.date_naive().iso_week(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn touched(language: &str, lines: usize, entry: bool) -> Touched {
        Touched {
            project: "p".into(),
            language: language.into(),
            title: language.into(),
            path: language.into(),
            lines,
            journal: "LEARNINGS.md".into(),
            entry,
        }
    }

    fn verdict(message: &str, touched: &[Touched]) -> Verdict {
        let config = Config::default();
        let case = Case { message: BStr::new(message), operation: Operation::None, merge: false, touched };
        judge(case, &config.journal, &Names::of(&config))
    }

    fn refused(message: &str, touched: &[Touched]) -> Vec<String> {
        match verdict(message, touched) {
            Verdict::Refuse(lacking) => lacking.into_iter().map(|t| t.language).collect(),
            other => panic!("{message:?}: {other:?}"),
        }
    }

    #[test]
    fn each_language_that_changed_enough_needs_its_own_entry() {
        let both = [touched("golang", 10, false), touched("python", 50, true), touched("nestjs", 9, false)];
        assert_eq!(refused("feat: x", &both), ["golang"]);
        assert_eq!(verdict("feat: x", &both[1..]), Verdict::Pass(Pass::Entries));
        assert_eq!(verdict("feat: x", &both[2..]), Verdict::Pass(Pass::Small));
    }

    #[test]
    fn a_trailer_names_its_language_and_a_plain_one_serves_where_there_is_one() {
        let (go, py) = (touched("golang", 10, false), touched("python", 10, false));
        let both = [go.clone(), py];
        assert_eq!(verdict("x\n\nLearned: channels close once", &[go]), Verdict::Pass(Pass::Entries));
        assert_eq!(refused("x\n\nLearned: channels close once", &both), ["golang", "python"]);
        assert_eq!(refused("x\n\nLearned(Go): channels close once", &both), ["python"]);
        assert_eq!(refused("x\n\nLearned-fastapi: routes are plain functions", &both), ["golang"]);
        assert_eq!(refused("x\n\nLearned(golang): …", &both), ["golang", "python"]);
    }

    #[test]
    fn exemptions_are_those_of_the_contract() {
        let go = [touched("golang", 99, false)];
        for message in ["docs(x)!: y", "fixup! feat: y", "amend! y", "Revert \"y\"", "STYLE: y"] {
            assert!(matches!(verdict(message, &go), Verdict::Pass(Pass::Exempt(_))), "{message}");
        }
        assert_eq!(verdict("x\n\nJournal: none (only moves)", &go), Verdict::Pass(Pass::Declared("only moves".into())));
        assert_eq!(verdict("x\n\nJournal: none", &go), Verdict::NoReason);
        for message in ["feat: y", "test: y", "Document: y", "docs: "] {
            let exempt = message == "docs: ";
            assert_eq!(matches!(verdict(message, &go), Verdict::Pass(_)), exempt, "{message}");
        }
    }

    #[test]
    fn days_and_weeks_are_the_authors_own() {
        let at = |text: &str| DateTime::parse_from_rfc3339(text).unwrap();
        let (late, early) = (at("2026-11-22T23:40:00+01:00"), at("2026-11-22T00:10:00+09:00"));
        assert!(serves(Every::Day, early, late));
        assert!(!serves(Every::Day, late, at("2026-11-23T00:10:00+01:00")));
        assert!(!serves(Every::Week, late, at("2026-11-23T00:10:00+01:00")), "2026-11-22 is a Sunday");
        assert!(serves(Every::Week, at("2026-12-28T09:00:00Z"), at("2027-01-03T09:00:00Z")));
        assert!(!serves(Every::Commit, late, late));
    }
}
