//! What is looked for in the files and the history of one project. What was [`Found`] is judged elsewhere.

use super::building::shared_tests;
use super::found::{First, Found, FoundTrack, Known, Last, Said};
use super::inspect::Inspected;
use super::matter::{Matter, shown};
use super::papers::{self, Named, Paper};
use super::signals::Finding;
use super::status::{Evidence, State};
use super::{deploy, load, planning, signals};
use crate::history::facts::TrackFacts;
use crate::history::layout;
use crate::history::log::Point;
use bstr::{BStr, ByteSlice};
use chrono::{DateTime, FixedOffset};
use std::collections::BTreeMap;

/// A project that is looked through.
pub struct Search<'a> {
    /// What there is to look through.
    pub matter: &'a Matter<'a>,
    /// The project; its tracks are those of the tree, then those that are gone.
    pub project: &'a layout::Project,
    /// The index of its first track in the matter's lists.
    pub first: usize,
    /// What is in its tracks' trees.
    pub inspected: &'a [Inspected],
    /// Its documents.
    pub papers: Vec<Paper>,
    /// The repository's own decision records that speak of it, where it is not at the root.
    pub shared: Vec<Paper>,
    /// How prose names its tracks.
    pub named: Named,
    /// Its documents, sources and tests whose blobs are not here.
    missing: usize,
}

/// How many files of tests are named.
const TESTS: usize = 5;

impl<'a> Search<'a> {
    /// Of a project, with what is in the trees of its tracks and how prose names them; `only` says whether at most one of all that there
    /// are has begun.
    pub fn new(
        matter: &'a Matter<'a>,
        project: &'a layout::Project,
        first: usize,
        (inspected, named): (&'a [Inspected], Named),
        only: bool,
    ) -> Search<'a> {
        let (papers, missing) = papers::of(matter, project.path.as_bstr());
        let missing = missing + inspected.iter().map(|i| i.missing).sum::<usize>();
        let shared = papers::shared(matter, project, only);
        Search { matter, project, first, inspected, papers, shared, named, missing }
    }

    /// All that judging takes.
    pub fn found(&self, only: bool) -> Found {
        let entries = self.entries(only);
        let known = self.matter.config.catalogue.project(&self.project.id);
        let mut found = Found {
            id: self.project.id.clone(),
            known: known.map(|known| Known { title: known.title.clone(), weeks: known.weeks }),
            path: place(self.project.path.as_bstr()),
            is_empty: self.matter.below(self.project.path.as_bstr()).is_empty(),
            first: self.first_point().map(|point| self.matter.commit(point, "its first commit")),
            tracks: entries.into_iter().enumerate().map(|(at, entries)| self.track(at, entries)).collect(),
            missing: self.missing,
            days: BTreeMap::new(),
            said: self.said(),
        };
        let firsts = found.tracks.iter().filter_map(|t| Some(t.first.as_ref()?.commit));
        let mut commits: Vec<_> = firsts.chain(found.first.as_ref().and_then(|f| f.commit)).collect();
        commits.extend(found.evidence().filter_map(|e| e.commit));
        let (log, touched) = (self.matter.log, self.matter.touched);
        let day = |commit| Some((commit, self.matter.day(touched.point(log, commit)?)?));
        found.days = commits.into_iter().filter_map(day).collect();
        found
    }

    /// What history says of a track.
    fn facts(&self, at: usize) -> &'a TrackFacts {
        &self.matter.facts[self.first + at]
    }

    /// The first commit that touched the project.
    fn first_point(&self) -> Option<u32> {
        let touched = self.matter.touched;
        let tracks = (0..self.project.tracks.len()).filter_map(|t| self.facts(t).seen);
        let papers = self.papers.iter().filter_map(|p| touched.first(&p.path));
        tracks.chain(papers).min().or_else(|| {
            let files = self.matter.below(self.project.path.as_bstr()).iter();
            files.filter_map(|e| touched.first(&e.path)).min()
        })
    }

    fn said(&self) -> Said {
        let (matter, project, inspected) = (self.matter, self.project, self.inspected);
        let comparison = self.papers.iter().find_map(|paper| {
            let what = papers::may_compare(paper).then(|| papers::compares(paper, &self.named))??;
            Some(matter.path(paper.path.as_bstr(), what))
        });
        let file = &matter.config.journal.file;
        let journals = self.papers.iter().filter(|p| p.name().eq_ignore_ascii_case(file)).take(3);
        Said {
            brief: planning::brief(self),
            questions: planning::questions(self),
            plan: planning::plan(self),
            technologies: planning::technologies(self),
            setup: planning::setup(self),
            shared_tests: if inspected.iter().any(|track| track.tests.is_empty()) { shared_tests(self) } else { None },
            journals: journals.map(|p| matter.path(p.path.as_bstr(), "the journal")).collect(),
            comparison,
            monitoring: signals::monitoring(matter, project, inspected),
            deployed: deploy::deployed(matter, project, inspected),
            load: load::found(matter, project, self.first, &self.papers),
            decisions: signals::decisions(matter, &self.papers, &self.shared),
            blog: signals::blog(matter, &self.papers),
        }
    }

    fn track(&self, at: usize, journal_entries: usize) -> FoundTrack {
        let (matter, track, facts) = (self.matter, &self.project.tracks[at], self.facts(at));
        let (lens, inspected) = (&matter.lenses[self.first + at], &self.inspected[at]);
        let path = |path: &bstr::BString, note: &str| matter.path(path.as_bstr(), note);
        let id = |point: u32| matter.log.points[point as usize].id;
        let below = matter.below(track.path.as_bstr());
        FoundTrack {
            language: track.language.clone(),
            title: lens.title().to_owned(),
            path: place(track.path.as_bstr()),
            is_known: lens.family().is_some(),
            exists: inspected.files > 0 || !track.path.is_empty() && !below.is_empty(),
            inside: below.first().map(|e| path(&e.path, "in the directory of a track")),
            first: facts.first.map(|point| First {
                place: point,
                commit: id(point),
                path: facts.first_path.as_ref().map(|p| shown(p.as_bstr())),
                cut: facts.cut,
                beside: self.beside(at, point),
            }),
            last: facts.last.map(|point| Last {
                place: point,
                commit: id(point),
                at: written(&matter.log.points[point as usize]),
            }),
            pace: facts.pace.clone(),
            is_brought: inspected.is_brought,
            dump: facts.dump,
            squashed: facts.squashed,
            earlier: facts.earlier.iter().map(|m| (place(m.from.as_bstr()), id(m.point))).collect(),
            restarted: facts.restarted.map(|(gone, back)| (id(gone), id(back))),
            manifest: inspected.manifests.iter().min_by_key(|m| m.path.len()).map(|m| path(&m.path, "the manifest")),
            sources: inspected.sources.len(),
            lines: inspected.lines,
            given: inspected.generated + inspected.foreign + inspected.generated_tests,
            is_generated: inspected.generated > inspected.started,
            test_files: inspected.tests.len(),
            test_cases: inspected.cases(),
            tests: inspected
                .tests
                .iter()
                .take(TESTS)
                .map(|(p, cases)| path(p, &super::building::cases(*cases)))
                .collect(),
            has_given_tests: inspected.generated_tests > 0,
            routes: inspected.routes,
            is_spelled: inspected.is_spelled,
            makers: inspected.makers.clone(),
            start: inspected.start.as_ref().map(|p| path(p, "")),
            readme: self.readme(inspected),
            measured: matter.measured[self.first + at].clone(),
            journal_entries,
        }
    }

    /// The tracks whose first commit is on another branch than the first of the track `at`, which is `mine`.
    fn beside(&self, at: usize, mine: u32) -> Vec<usize> {
        let begun = |other: usize| !self.inspected[other].sources.is_empty();
        let is_beside = |other: &usize| {
            let theirs = self.facts(*other).first;
            theirs
                .is_some_and(|theirs| mine != theirs && !self.matter.log.leads_back(mine.max(theirs), mine.min(theirs)))
        };
        let others = (0..self.project.tracks.len()).filter(|other| *other != at && begun(*other));
        if begun(at) { others.filter(is_beside).collect() } else { Vec::new() }
    }

    fn readme(&self, inspected: &Inspected) -> Finding {
        let Some(path) = &inspected.readme else {
            return Finding::new(State::Unmet, "it has no README", Vec::new());
        };
        let (state, why) = match inspected.readme_words {
            20.. => (State::Met, "it says what it is"),
            _ => (State::Partial, "its README says little"),
        };
        Finding::new(state, why, vec![self.matter.path(path.as_bstr(), "its README")])
    }
}

/// When a commit was written, where its author was, as RFC 3339 has it; none where no calendar has it.
pub(super) fn written(point: &Point) -> Option<String> {
    let offset = FixedOffset::east_opt(point.offset * 60)?;
    DateTime::from_timestamp(point.seconds, 0).map(|t| t.with_timezone(&offset).to_rfc3339())
}

/// A directory for people: `.` for the root.
pub fn place(path: &BStr) -> String {
    if path.is_empty() { ".".into() } else { shown(path) }
}

/// Evidence for a finding, where there is any.
pub(super) fn one(evidence: Option<Evidence>) -> Vec<Evidence> {
    evidence.into_iter().collect()
}
