//! What the journal rule needs to know of a commit, gathered from git: the tracks that it touches, the entries that it brings,
//! and those that came before it.

use crate::commands::ground::Ground;
use crate::documents::journal::{self, Entry, Learned, Names};
use crate::failure::Failure;
use crate::gates::journal::{Touched, language_of, said, serves};
use crate::git::{Change, Commit, ObjectId, Signature, upward, without_moves};
use crate::history::kind::{Kind, kind_of};
use crate::history::layout::{Track, is_below};
use crate::history::people::People;
use bstr::{BStr, BString, ByteSlice};
use chrono::{DateTime, FixedOffset};
use std::cell::OnceCell;

/// The rule in one repository, under one configuration.
pub(in crate::commands) struct Rule<'a> {
    pub(in crate::commands) ground: &'a Ground,
    pub(in crate::commands) names: Names,
    people: OnceCell<People>,
}

/// The two sides of a commit, as far as journals go: the bytes of a path after it, and before it.
pub(in crate::commands) struct Sides<'s> {
    pub(in crate::commands) after: &'s dyn Fn(&BStr) -> Option<Vec<u8>>,
    pub(in crate::commands) before: &'s dyn Fn(&BStr) -> Option<Vec<u8>>,
}

impl<'a> Rule<'a> {
    pub(in crate::commands) fn new(ground: &'a Ground) -> Rule<'a> {
        Rule { names: Names::of(&ground.config), ground, people: OnceCell::new() }
    }

    /// The address that stands for somebody, by `.mailmap`: two signatures with the same one are one author's.
    pub(in crate::commands) fn author(&self, name: &BStr, email: &BStr) -> BString {
        let people = self.people.get_or_init(|| {
            let entries = &self.ground.entries;
            let at = entries.binary_search_by(|e| e.path.as_bstr().cmp(BStr::new(".mailmap")));
            let map = at.ok().and_then(|at| self.ground.repo.blob(entries[at].id)).unwrap_or_default();
            People::new(&self.ground.config.people, &map)
        });
        people.person(name, email).email
    }

    /// The tracks whose sources are among `changes`, with how much and with whether there is a new entry for each.
    pub(in crate::commands) fn touched(&self, changes: &[Change], sides: &Sides<'_>) -> Vec<Touched> {
        let changes = without_moves(changes);
        let mut found = Vec::new();
        for (project, track) in self.ground.tracks() {
            let sources: Vec<&Change> =
                changes.iter().filter(|c| self.is_source(track, c.path.as_bstr())).copied().collect();
            if sources.is_empty() {
                continue;
            }
            let lines = sources.iter().map(|c| self.ground.repo.changed_lines(c)).sum();
            let (journal, entry) = self.entry_for(track, project.path.as_bstr(), sides);
            let title = self.ground.config.languages.get(&track.language).map_or("", |l| l.title()).to_owned();
            found.push(Touched {
                project: project.id.clone(),
                language: track.language.clone(),
                title,
                path: track.path.clone(),
                lines,
                journal,
                entry,
            });
        }
        found
    }

    /// Whether some track's sources change by enough lines to want an entry. No more is read than it takes to know.
    pub(in crate::commands) fn is_asked(&self, changes: &[Change]) -> bool {
        let least = self.ground.config.journal.min_changed_lines.max(1);
        let changes = without_moves(changes);
        self.ground.tracks().any(|(_, track)| {
            let mut sources = changes.iter().filter(|c| self.is_source(track, c.path.as_bstr()));
            sources
                .try_fold(0, |lines, change| {
                    let more = self.ground.repo.changed_lines_up_to(change, least - lines);
                    Some(lines + more).filter(|lines| *lines < least)
                })
                .is_none()
        })
    }

    /// Whether `path` is a source or a test of `track`.
    pub(in crate::commands) fn is_source(&self, track: &Track, path: &BStr) -> bool {
        let Some(language) = self.ground.config.languages.get(&track.language) else { return false };
        if !track.holds(path) {
            return false;
        }
        let inside = if !track.path.is_empty() && is_below(path, track.path.as_bstr()) {
            path[track.path.len() + 1..].as_bstr()
        } else {
            path
        };
        matches!(kind_of(inside, language), Kind::Source | Kind::Test)
    }

    /// The nearest journal upward of the track (where there is none: the project's, to be), and whether it has a new entry.
    fn entry_for(&self, track: &Track, project: &BStr, sides: &Sides<'_>) -> (BString, bool) {
        let file = &self.ground.config.journal.file;
        let places = upward(track.path.as_bstr(), file);
        let nearest = places.iter().find_map(|path| Some((path, (sides.after)(path.as_bstr())?)));
        let Some((path, text)) = nearest else {
            return (upward(project, file).swap_remove(0), false);
        };
        let old: Vec<Entry> = places
            .iter()
            .filter_map(|path| (sides.before)(path.as_bstr()))
            .flat_map(|text| journal::read(&text, &self.names))
            .collect();
        let new = journal::read(&text, &self.names);
        let entry = journal::new_entries(&new, &old, self.ground.config.journal.min_words)
            .iter()
            .any(|e| e.languages.contains(&track.language));
        (path.clone(), entry)
    }

    /// The languages that entries of `author` (as [`Rule::author`] names them) speak of in commits from `tips` backwards that still
    /// serve a commit at `now`.
    pub(in crate::commands) fn earlier(
        &self,
        tips: &[ObjectId],
        author: &BStr,
        now: DateTime<FixedOffset>,
    ) -> Result<Vec<String>, Failure> {
        /// A commit may be older than its author's date says, but hardly by more than this.
        const SLACK: i64 = 8 * 86400;
        let every = self.ground.config.journal.every;
        let mut found = Vec::new();
        for commit in self.ground.repo.recent(tips, now.timestamp() - SLACK) {
            let serves = time_of(&commit.author).is_some_and(|then| serves(every, then, now));
            if serves && self.author(commit.author.name.as_bstr(), commit.author.email.as_bstr()) == author {
                found.extend(self.brought(&commit)?);
            }
        }
        Ok(found)
    }

    /// The languages that a commit brought entries for.
    pub(in crate::commands) fn brought(&self, commit: &Commit) -> Result<Vec<String>, Failure> {
        let lines = journal::learned(commit.message.as_bstr());
        let changes = self.ground.repo.changes_of(commit)?;
        let mut found = said(
            commit.message.as_bstr(),
            &self.ground.config.journal,
            &self.names,
            &if lines.is_empty() { Vec::new() } else { self.languages(&changes) },
        );
        let file = self.ground.config.journal.file.as_bytes();
        let is_journal = |path: &BStr| path.strip_suffix(file).is_some_and(|d| d.is_empty() || d.ends_with(b"/"));
        for change in changes.iter().filter(|c| c.new.is_some() && is_journal(c.path.as_bstr())) {
            let read = |side: Option<(_, ObjectId)>| {
                let text = side.and_then(|(_, id)| self.ground.repo.blob(id)).unwrap_or_default();
                journal::read(&text, &self.names)
            };
            let (old, new) = (read(change.old), read(change.new));
            let fresh = journal::new_entries(&new, &old, self.ground.config.journal.min_words);
            found.extend(fresh.into_iter().flat_map(|e| e.languages.clone()));
        }
        Ok(found)
    }

    /// The languages of the tracks whose sources are among `changes`.
    pub(in crate::commands) fn languages(&self, changes: &[Change]) -> Vec<String> {
        let mut found: Vec<String> = self
            .ground
            .tracks()
            .filter(|(_, track)| changes.iter().any(|c| self.is_source(track, c.path.as_bstr())))
            .map(|(_, track)| track.language.clone())
            .collect();
        found.sort();
        found.dedup();
        found
    }

    /// The `Learned` lines of a commit that count, each with the language that it speaks of.
    pub(in crate::commands) fn learned(&self, message: &BStr, changes: &[Change]) -> Vec<(Option<String>, Learned)> {
        let lines = journal::learned(message);
        if lines.is_empty() {
            return Vec::new();
        }
        let touched = self.languages(changes);
        let counted = lines.into_iter().filter(|l| l.counts(self.ground.config.journal.min_words));
        counted.map(|line| (language_of(&line, &self.names, &touched), line)).collect()
    }
}

/// When somebody says they did it, in their own offset.
pub(in crate::commands) fn time_of(signature: &Signature) -> Option<DateTime<FixedOffset>> {
    let offset = FixedOffset::east_opt(signature.offset.checked_mul(60)?)?;
    Some(DateTime::from_timestamp(signature.seconds, 0)?.with_timezone(&offset))
}
