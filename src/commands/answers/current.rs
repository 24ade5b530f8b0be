//! The projects that somebody works on, as they were found when an answer was made: while commits only change what is in the sources and
//! tests of one, it need not be searched again.

use super::Question;
use super::kept::Kept;
use super::one::Part;
use crate::git::ObjectId;
use crate::history::layout::Project;
use crate::history::log::Log;
use crate::history::territory::{Lens, Territory};
use crate::progress::edit::News;
use crate::progress::found::{Found, FoundTrack};
use crate::suites::receipt::Receipts;
use crate::suites::references::is_manifest;
use bstr::{BStr, ByteSlice};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;

/// The project, and what was found of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Current {
    /// Where it and its tracks are.
    pub project: Project,
    /// What was found.
    pub found: Found,
}

/// So many projects are known as they were found: somebody who works on one mends another now and then.
pub(super) const MANY: usize = 3;

impl Current {
    /// Of several projects those that commits touched last, the last of them first, each with its index. `tree` gives the tree of a
    /// directory.
    pub fn of(
        projects: &[Project],
        found: Vec<Found>,
        tree: &dyn Fn(&BStr) -> Option<ObjectId>,
    ) -> Vec<(usize, Current)> {
        let last = |found: &Found| found.tracks.iter().filter_map(|t| Some(t.last.as_ref()?.place)).max();
        // Receipts and reports come and go beside history.
        let is_bare = |t: &FoundTrack| t.measured.receipts.is_empty() && t.measured.report.is_none();
        let mut current: Vec<(usize, Found)> = found.into_iter().enumerate().collect();
        current.retain(|(_, found)| last(found).is_some() && found.tracks.iter().all(is_bare));
        current.sort_by_key(|(_, found)| Reverse(last(found)));
        current.truncate(MANY);
        for (at, found) in &mut current {
            for (track, found) in projects[*at].tracks.iter().zip(&mut found.tracks) {
                let measured = &mut found.measured;
                measured.is_its_own &= measured.tree.is_none_or(|own| tree(track.path.as_bstr()) == Some(own));
            }
        }
        current.into_iter().map(|(at, found)| (at, Current { project: projects[at].clone(), found })).collect()
    }

    /// As bytes.
    pub(super) fn write(&self) -> Vec<u8> {
        // Nothing in it is of a kind that can't be written; what is empty is none.
        postcard::to_allocvec(self).unwrap_or_default()
    }

    /// What was written.
    pub(super) fn read(bytes: &[u8]) -> Option<Current> {
        let current: Current = postcard::from_bytes(bytes).ok()?;
        (current.found.tracks.len() == current.project.tracks.len()).then_some(current)
    }
}

impl Question<'_> {
    /// The project that `part` is about, where `kept` knows what was found of it and the commits since, which are `newer`, only changed
    /// what is in its sources and tests.
    pub(super) fn edited(&self, kept: &Kept, part: &Part<'_>, newer: &Log) -> Option<Current> {
        let (_, current) = kept.current.iter().find(|(at, _)| *at == part.at)?;
        let Current { project, found } = Current::read(current)?;
        if Receipts::below(self.repo.common_dir()).oldest().is_some() {
            return None;
        }
        let newer = &part.of(newer).filter(|newer| part.counts(newer))?;
        if newer.paths.iter().any(|path| is_manifest(path.as_bstr())) {
            return None;
        }
        let lenses: Vec<Lens<'_>> = project.tracks.iter().filter_map(|t| Lens::of(&t.language, part.config)).collect();
        let projects = [project];
        let territory = Territory::new(&projects, &lenses, newer);
        let blobs = self.repo.blobs();
        let contents = |id: ObjectId| blobs.get(id);
        let news = News { log: newer, territory: &territory, lenses: &lenses, contents: &contents };
        let mut found = found.after(&news)?;
        let [project] = projects;
        for (track, found) in project.tracks.iter().zip(&mut found.tracks) {
            if let Some(tree) = &mut found.measured.tree {
                *tree = self.repo.object_at(part.root, track.path.as_bstr()).filter(|_| found.measured.is_its_own)?;
            }
        }
        Some(Current { project, found })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::effort::Pace;
    use crate::history::layout::{Place, Track};
    use crate::progress::found::{Last, Load, Said};
    use crate::progress::matter::Measured;
    use crate::progress::signals::Finding;
    use crate::progress::status::State;
    use std::collections::BTreeSet;

    fn track(place: u32) -> FoundTrack {
        let finding = Finding::new(State::Unmet, "no", Vec::new());
        FoundTrack {
            language: "golang".into(),
            title: "Go".into(),
            path: "01-a/go".into(),
            is_known: true,
            exists: true,
            inside: None,
            first: None,
            last: Some(Last { place, commit: ObjectId::from_bytes([7; 20]), at: None }),
            pace: Pace::default(),
            is_brought: true,
            dump: false,
            squashed: false,
            earlier: vec![("old".into(), ObjectId::from_bytes([8; 20]))],
            restarted: None,
            manifest: None,
            sources: 3,
            lines: 40,
            given: 0,
            is_generated: false,
            test_files: 0,
            test_cases: Some(0),
            tests: Vec::new(),
            has_given_tests: false,
            routes: 2,
            is_spelled: false,
            makers: BTreeSet::new(),
            start: None,
            readme: finding,
            measured: Measured { tree: Some(ObjectId::from_bytes([9; 20])), is_its_own: true, ..Measured::default() },
            journal_entries: 1,
        }
    }

    fn found(id: &str, tracks: Vec<FoundTrack>) -> Found {
        let finding = || Finding::new(State::Unmet, "no", Vec::new());
        let said = Said {
            brief: finding(),
            questions: finding(),
            plan: finding(),
            technologies: finding(),
            setup: None,
            shared_tests: None,
            journals: Vec::new(),
            comparison: None,
            monitoring: finding(),
            deployed: finding(),
            load: Load::default(),
            decisions: finding(),
            blog: finding(),
        };
        let (first, known) = (None, None);
        Found {
            id: id.into(),
            path: id.into(),
            known,
            is_empty: false,
            first,
            tracks,
            missing: 0,
            days: [].into(),
            said,
        }
    }

    fn project(id: &str) -> Project {
        let places = vec![Place::Directory(b"\xff".into()), Place::Glob("*.go".into())];
        let track = Track { language: "golang".into(), path: format!("{id}/go").into(), places };
        Project { id: id.into(), path: id.into(), tracks: vec![track] }
    }

    #[test]
    fn what_was_found_is_read_as_it_was_written_and_what_is_damaged_never_harms() {
        let current = Current { project: project("01-a"), found: found("01-a", vec![track(3)]) };
        let bytes = current.write();
        assert_eq!(Current::read(&bytes), Some(current));
        for at in 0..bytes.len() {
            assert_eq!(Current::read(&bytes[..at]), None, "cut off at {at}");
            for value in [0, 1, 0x7f, 0x80, 0xff] {
                let mut forged = bytes.clone();
                forged[at] = value;
                let _ = Current::read(&forged);
            }
        }
        let odd = Current { project: project("01-a"), found: found("01-a", Vec::new()) };
        assert_eq!(Current::read(&odd.write()), None, "a track of which nothing was found");
    }

    #[test]
    fn the_projects_that_commits_touched_last_are_known() {
        let ids = ["a", "b", "c", "d", "e"];
        let projects: Vec<Project> = ids.map(project).to_vec();
        let mut found: Vec<Found> =
            ids.iter().zip([4, 9, 2, 7, 8]).map(|(id, at)| found(id, vec![track(at)])).collect();
        found[1].tracks[0].last = None;
        let own = |path: &BStr| (path != "d/go").then(|| ObjectId::from_bytes([9; 20]));
        let current = Current::of(&projects, found, &own);
        assert_eq!(current.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [4, 3, 0]);
        let is_its_own = |n: usize| current[n].1.found.tracks[0].measured.is_its_own;
        assert!(is_its_own(0) && !is_its_own(1), "its tree is another one than git's");
    }
}
