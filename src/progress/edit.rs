//! What was found of a project, some commits later, where those only changed what is in sources and tests that were there already. What
//! such a change comes to is told from the file as it was and as it is; where that is not plain to see, all has to be searched again.

use super::found::{Found, FoundTrack, Last};
use super::inspect::{MANY, is_generated, name};
use super::matter::{LARGE, day};
use super::search::written;
use super::status::Source;
use super::text::{self, Style};
use super::{building, cases, load, signals, spelled};
use crate::history::endpoints::are_the_same;
use crate::history::facts::Contents;
use crate::history::kind::Kind;
use crate::history::log::{EMPTY, Log, Point, Touch};
use crate::history::scaffold::{Worth, worth};
use crate::history::territory::{Lens, Territory};
use bstr::{BStr, ByteSlice};
use std::collections::BTreeSet;
use std::sync::Arc;

/// New commits of one project.
pub struct News<'a> {
    /// They alone, none of them with changes to anything but regular files that stay so.
    pub log: &'a Log,
    /// Which of the project's tracks their paths belong to.
    pub territory: &'a Territory<'a>,
    /// One for each of its tracks.
    pub lenses: &'a [Lens<'a>],
    /// Gives blobs.
    pub contents: Contents<'a>,
}

/// A file of a track that a commit changed.
struct Edit<'a> {
    path: &'a BStr,
    /// The path, as evidence names it.
    shown: &'a str,
    family: Option<&'static str>,
    old: Arc<Vec<u8>>,
    new: Arc<Vec<u8>>,
}

impl Found {
    /// What is found after new commits; none where more has to be looked at. It is what a search would find as long as whoever calls
    /// sees to it that the commits follow one another in a line, that they changed only what is in regular files, no manifest among
    /// them, and that nothing outside of history has a say in it: no receipt, no report, no other project, no learner by name.
    pub fn after(mut self, news: &News<'_>) -> Option<Found> {
        // What was measured is older than the sources since, and entries in messages are for the journal's rules.
        if self.said.load.are_files || !news.log.learned.is_empty() || !news.log.moves.is_empty() {
            return None;
        }
        for (at, point) in (0u32..).zip(&news.log.points) {
            let touches = &news.log.touches[point.touches.start as usize..point.touches.end as usize];
            if !touches.is_empty() {
                self.take(news, at, point, touches)?;
            }
        }
        Some(self)
    }

    fn take(&mut self, news: &News<'_>, at: u32, point: &Point, touches: &[Touch]) -> Option<()> {
        if point.merge || point.cut || point.squashed || !point.counts {
            return None;
        }
        let mut tracks = BTreeSet::new();
        let mut paths = BTreeSet::new();
        for touch in touches {
            let path = news.log.paths[touch.path as usize].as_bstr();
            let (track, kind) = news.territory.owner(touch.path, at)?;
            let blob = |id: Option<_>| (news.contents)(id.filter(|id| *id != EMPTY)?).filter(|b| b.len() <= LARGE);
            let edit = Edit {
                path,
                // Where it looks like another one that is no UTF-8, evidence doesn't say which is meant.
                shown: path.to_str().ok().filter(|path| !path.contains('\\'))?,
                family: news.lenses[track].family().map(|f| f.name),
                old: blob(touch.was)?,
                new: blob(touch.now)?,
            };
            self.tracks[track].edit(kind, &edit)?;
            tracks.insert(track);
            paths.insert(edit.shown);
        }
        let place = self.tracks.iter().filter_map(|t| t.last.as_ref()).map(|last| last.place).max()?.checked_add(1)?;
        for track in tracks {
            let track = &mut self.tracks[track];
            track.pace = std::mem::take(&mut track.pace).and(point.seconds, point.offset)?;
            track.last = Some(Last { place, commit: point.id, at: written(point) });
        }
        for evidence in self.evidence().filter(|e| e.kind == Source::Commit) {
            if evidence.path.as_ref().is_some_and(|path| paths.contains(path.as_str())) {
                evidence.commit = Some(point.id);
            }
        }
        self.days.extend(day(point).map(|day| (point.id, day)));
        Some(())
    }
}

impl FoundTrack {
    fn edit(&mut self, kind: Kind, edit: &Edit<'_>) -> Option<()> {
        let Edit { path, family, old, new, .. } = edit;
        // Of other languages, and of other files, more counts than this looks at: tests inside of sources, figures.
        let is_read = matches!(
            (family, path.rsplit(|b| *b == b'.').next()),
            (Some("nestjs"), Some(b"ts" | b"mts" | b"cts" | b"js" | b"mjs" | b"cjs" | b"tsx" | b"jsx"))
                | (Some("golang"), Some(b"go"))
                | (Some("python"), Some(b"py"))
        );
        let is_begun = self.first.is_some() && self.is_brought && !self.squashed && self.sources <= MANY;
        let is_own = |bytes: &[u8]| worth(name(path), bytes) == Worth::Own;
        if !is_read || !is_begun || !is_own(old) || !is_own(new) || !load::stays(path, old, new) {
            return None;
        }
        match kind {
            Kind::Source => self.source(edit),
            Kind::Test => self.test(edit),
            _ => None,
        }
    }

    fn source(&mut self, edit: &Edit<'_>) -> Option<()> {
        let Edit { path, shown, family, old, new } = edit;
        if is_generated(old) || is_generated(new) {
            return None;
        }
        let [old, new] = [old, new].map(|bytes| text::code(bytes, Style::of(*family), false));
        // The first file that starts anything starts the track.
        let decides = match &self.start {
            None => Some(false),
            // What is no UTF-8 has another place in order than it is shown at.
            Some(start) => match start.path.as_deref().filter(|path| !path.contains('\\'))?.cmp(shown) {
                std::cmp::Ordering::Less => None,
                std::cmp::Ordering::Equal => Some(true),
                std::cmp::Ordering::Greater => Some(false),
            },
        };
        let starts_as_before = decides.is_none_or(|did| spelled::starts_by_itself(*family, &new) == did);
        let spells_as_before =
            !self.is_spelled || spelled::routes_of_one(*family, &old) == spelled::routes_of_one(*family, &new);
        if !starts_as_before
            || !spells_as_before
            || !signals::stays(&old, &new)
            || !are_the_same(path, old.as_bytes(), new.as_bytes(), &self.makers)
        {
            return None;
        }
        self.lines = self.lines.checked_sub(text::lines(&old))? + text::lines(&new);
        Some(())
    }

    fn test(&mut self, edit: &Edit<'_>) -> Option<()> {
        let [old, new] = [&edit.old, &edit.new].map(|bytes| cases::count(edit.family, bytes));
        let (old, new) = (old?, new?);
        // Without cases a file is no test, and it is none of those that are named.
        if (old == 0) != (new == 0) {
            return None;
        }
        self.test_cases = Some(self.test_cases?.checked_sub(old)? + new);
        for evidence in self.tests.iter_mut().filter(|e| e.path.as_deref() == Some(edit.shown)) {
            evidence.note = building::cases(Some(new));
        }
        Some(())
    }
}
