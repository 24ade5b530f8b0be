//! The judgement of one project: its tracks in order, its phase, and what is missing. Everything comes from [`Matter`].

use super::inspect::{self, Inspected};
use super::matter::{Matter, shown};
use super::papers::{self, Named, Paper};
use super::status::{Gap, Hours, Phase, PhaseState, Project, Schedule, Status, Suite, SuiteState, Track, TrackState};
use super::{metrics, next, overrules, phases};
use crate::curriculum;
use crate::history::{abreast, effort, layout};
use crate::suites::receipt::Outcome;
use crate::views::words;
use bstr::{BStr, ByteSlice};
use chrono::{DateTime, FixedOffset, NaiveDate};
use std::ops::Range;

/// One project with everything that is known of it, before the verdicts.
pub struct Case<'a> {
    /// What there is to judge.
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
    /// Its tracks as they will be shown.
    pub tracks: Vec<Track>,
    /// The planned tracks that have begun, as indexes of `tracks`, in the order in which they did.
    pub begun: Vec<usize>,
    /// How many languages have to be usable before comparing.
    pub needed: usize,
    /// Its documents, sources and tests whose blobs are not here.
    pub missing: usize,
    /// What the comparison is, if there is one.
    pub comparison: Option<(usize, String)>,
}

/// Judges every project.
pub fn status(matter: &Matter<'_>, projects: &[layout::Project], repository: super::status::Repository) -> Status {
    let only = projects.iter().filter(|p| !p.tracks.is_empty()).count() <= 1;
    Status { schema: 1, repository, projects: self::projects(matter, projects, only) }
}

/// Judges projects; `only` says whether at most one of all that there are has begun.
pub fn projects(matter: &Matter<'_>, projects: &[layout::Project], only: bool) -> Vec<Project> {
    let inspected = inspect::all(matter);
    let named = papers::named(matter, projects);
    let mut first = 0;
    let mut each: Vec<(&layout::Project, Range<usize>)> = Vec::new();
    for project in projects {
        each.push((project, first..first + project.tracks.len()));
        first += project.tracks.len();
    }
    abreast::each(&each, 1, |(project, range)| {
        let named = named[range.clone()].to_vec();
        let mut case = Case::new(matter, project, range.start, (&inspected[range.clone()], named), only);
        case.shared = papers::shared(matter, project, only);
        judge(&case)
    })
}

impl<'a> Case<'a> {
    fn new(
        matter: &'a Matter<'a>,
        project: &'a layout::Project,
        first: usize,
        (inspected, named): (&'a [Inspected], Named),
        only: bool,
    ) -> Case<'a> {
        let (papers, missing) = papers::of(matter, project.path.as_bstr());
        let missing = missing + inspected.iter().map(|i| i.missing).sum::<usize>();
        let settings = matter.config.project(&project.id);
        let explicit = settings.languages.is_some() || matter.config.languages.values().any(|l| l.configured);
        let planned = matter.config.planned(&project.id);
        // The guide builds three times. Who plans a fourth language compares after three all the same: the rest is a bonus.
        let needed = if explicit { planned.len().clamp(1, 3) } else { 3 };
        let mut case = Case {
            matter,
            project,
            first,
            inspected,
            papers,
            shared: Vec::new(),
            named,
            tracks: Vec::new(),
            begun: Vec::new(),
            needed,
            missing,
            comparison: None,
        };
        let entries = case.entries(only);
        for (at, entries) in entries.into_iter().enumerate() {
            let counts = !explicit || planned.contains(&project.tracks[at].language);
            case.tracks.push(case.track(at, counts, entries));
        }
        case.order();
        case.comparison = case.papers.iter().enumerate().find_map(|(at, paper)| {
            let fits = papers::may_compare(paper);
            fits.then(|| papers::compares(paper, &case.named)).flatten().map(|what| (at, what))
        });
        case
    }

    /// What history says of a track.
    pub fn facts(&self, at: usize) -> &'a crate::history::facts::TrackFacts {
        &self.matter.facts[self.first + at]
    }

    /// What was measured of a track.
    pub fn measured(&self, at: usize) -> &'a super::matter::Measured {
        &self.matter.measured[self.first + at]
    }

    /// Whether every language that is needed is usable.
    pub fn is_built(&self) -> bool {
        let usable = self.begun.iter().filter(|t| self.tracks[**t].state == TrackState::Usable).count();
        usable >= self.needed && usable >= 2
    }

    /// The highest phase that has begun, without the phases before building.
    pub fn building(&self) -> u8 {
        let begun = self.begun.len().min(3);
        match u8::try_from(begun).unwrap_or(3) {
            0 if self.tracks.iter().any(|t| t.planned && t.state == TrackState::Scaffold && self.wrote(t)) => 3,
            0 => 0,
            _ if self.is_built() && self.comparison.is_some() => 6,
            n => 2 + n,
        }
    }

    /// Whether a scaffold is more than a manifest and a structure: a generator's sources. What `mastery start` writes is the
    /// structure that planning ends with; building begins with the first change to it.
    fn wrote(&self, track: &Track) -> bool {
        self.tracks
            .iter()
            .position(|t| t.path == track.path)
            .is_some_and(|at| self.inspected[at].generated > self.inspected[at].started)
    }

    fn track(&self, at: usize, planned: bool, journal_entries: usize) -> Track {
        let track = &self.project.tracks[at];
        let (facts, inspected, measured) = (self.facts(at), &self.inspected[at], self.measured(at));
        let id = |point: Option<u32>| point.map(|p| self.matter.log.points[p as usize].id);
        let receipt = measured.receipts.first();
        let suite = Suite {
            state: match receipt.map(|r| r.outcome) {
                Some(Outcome::Passed) => SuiteState::Passed,
                Some(Outcome::Failed | Outcome::NoTests | Outcome::TimedOut) => SuiteState::Failed,
                Some(Outcome::Toolchain | Outcome::Interrupted) | None => SuiteState::Missing,
            },
            tree: measured.tree,
            at: receipt.map(|r| r.at.to_rfc3339()),
        };
        let effort = &facts.effort;
        let (state, state_note) = self.state(at);
        Track {
            language: track.language.clone(),
            title: self.matter.lenses[self.first + at].title().to_owned(),
            path: place(track.path.as_bstr()),
            order: None,
            order_note: None,
            planned,
            state,
            state_note,
            first_commit: id(facts.first),
            started: facts.first.and_then(|p| self.matter.day(p)).map(|d| d.to_string()),
            last_commit: id(facts.last),
            earlier_paths: facts.earlier.iter().map(|m| place(m.from.as_bstr())).collect(),
            commits: facts.commits,
            active_days: effort.active_days,
            sessions: effort.sessions,
            hours: effort.hours.map(|(low, high)| Hours { low, high }),
            hours_note: effort.refused.unwrap_or(effort::METHOD).to_owned(),
            source_files: inspected.sources.len(),
            source_lines: inspected.lines,
            test_files: inspected.tests.len(),
            test_cases: inspected.cases(),
            suite,
            coverage: measured.coverage(),
            journal_entries,
            endpoints: inspected.routes,
        }
    }

    /// A track is usable when something starts it and it answers most of what its best sibling does; without routes, its size
    /// has to speak. With what it still lacks.
    fn state(&self, at: usize) -> (TrackState, Option<String>) {
        let own = &self.inspected[at];
        if own.sources.is_empty() {
            let generated = own.generated + own.foreign + own.generated_tests > 0 || !own.manifests.is_empty();
            return match (generated, self.exists(at)) {
                (true, _) => (TrackState::Scaffold, None),
                (false, true) => (TrackState::Placeholder, None),
                (false, false) => (TrackState::Absent, None),
            };
        }
        let best = self.bar();
        let largest = self.inspected.iter().map(|i| i.lines).max().unwrap_or(0);
        let enough = match (own.routes, best) {
            // Routes that can't be read are not routes that are missing.
            (0, 1..) => own.lines >= 40 && own.lines * 2 >= largest,
            (_, 0) => own.lines >= 40,
            (routes, 1..3) => own.lines >= 40 && (routes >= 2 || own.lines >= 80),
            (routes, _) => own.lines >= 30 && routes * 2 >= best.min(40),
        };
        let lacks = match (own.start.is_some(), enough) {
            (true, true) => return (TrackState::Usable, None),
            (false, _) => "nothing starts it yet".to_owned(),
            (true, false) if own.routes > 0 && own.routes * 2 < best.min(40) => {
                format!("it answers {} routes where a sibling answers {best}", own.routes)
            }
            (true, false) => format!("{} so far", words::count(own.lines, "line")),
        };
        (TrackState::InProgress, Some(lacks))
    }

    /// How many routes are to be expected: the most that a sibling has. Where there are three, one that does much more than the
    /// others is no measure for them: then the second most.
    fn bar(&self) -> usize {
        let mut routes: Vec<usize> = self.inspected.iter().map(|i| i.routes).filter(|n| *n > 0).collect();
        routes.sort_unstable_by_key(|n| std::cmp::Reverse(*n));
        routes.get(usize::from(routes.len() > 2)).copied().unwrap_or(0)
    }

    fn exists(&self, at: usize) -> bool {
        let track = &self.project.tracks[at];
        self.inspected[at].files > 0 || !track.path.is_empty() && !self.matter.below(track.path.as_bstr()).is_empty()
    }
}

/// A directory for people: `.` for the root.
pub fn place(path: &BStr) -> String {
    if path.is_empty() { ".".into() } else { shown(path) }
}

fn judge(case: &Case<'_>) -> Project {
    let started = phases::first_point(case);
    let settings = case.matter.config.project(&case.project.id);
    let begun_on = settings.started.or_else(|| started.and_then(|p| case.matter.day(p)));
    let phases = phases::all(case, begun_on);
    let current = phases::current(case, &phases);
    let known = case.matter.config.catalogue.project(&case.project.id);
    let gaps = phases
        .iter()
        .filter(|p| p.number < current && (p.language.is_some() || !(3..=5).contains(&p.number)))
        .flat_map(|p| {
            p.milestones.iter().filter(|m| m.required && !m.state.is_settled()).map(|m| Gap {
                phase: p.number,
                milestone: m.id,
                language: p.language.clone(),
                state: m.state,
            })
        })
        .collect();
    let in_use = known.is_some() || settings.started.is_some();
    let mut project = Project {
        id: case.project.id.clone(),
        path: place(case.project.path.as_bstr()),
        known: known.is_some(),
        title: known.map_or_else(|| case.project.id.clone(), |p| p.title.clone()),
        current_phase: current,
        complete: false,
        started: begun_on.map(|d| d.to_string()),
        last_active: last_active(case),
        schedule: begun_on.filter(|_| in_use && current > 0).and_then(|day| schedule(case, day, current)),
        planned: planned(case),
        notes: notes(case),
        overrules: overrules::of(case, &phases.iter().flat_map(|p| &p.milestones).collect::<Vec<_>>()),
        metrics: metrics::all(case),
        tracks: case.tracks.clone(),
        phases,
        gaps,
    };
    let is_settled = |p: &Phase| matches!(p.state, PhaseState::Done | PhaseState::Implied);
    project.complete =
        current == 6 && project.phases.iter().all(|p| is_settled(p) || !next::is_planned(&project, p.number));
    project
}

fn last_active(case: &Case<'_>) -> Option<String> {
    let last = (0..case.tracks.len()).filter_map(|t| case.facts(t).last).max()?;
    let point = &case.matter.log.points[last as usize];
    let offset = FixedOffset::east_opt(point.offset * 60)?;
    DateTime::from_timestamp(point.seconds, 0).map(|t| t.with_timezone(&offset).to_rfc3339())
}

/// The planned languages; where nothing is configured, what has begun stands in for the guide's three.
fn planned(case: &Case<'_>) -> Vec<String> {
    let configured = case.matter.config.planned(&case.project.id);
    let explicit = case.matter.config.project(&case.project.id).languages.is_some()
        || case.matter.config.languages.values().any(|l| l.configured);
    if explicit {
        return configured;
    }
    let mut planned: Vec<String> = case.begun.iter().map(|t| case.tracks[*t].language.clone()).collect();
    for name in configured {
        if planned.len() < 3 && !planned.contains(&name) {
            planned.push(name);
        }
    }
    planned
}

fn schedule(case: &Case<'_>, started: NaiveDate, current: u8) -> Option<Schedule> {
    let weeks = case.matter.config.catalogue.project(&case.project.id).map_or((3, 4), |p| p.weeks);
    let day = (case.matter.now.date_naive() - started).num_days();
    if day < 0 {
        return None;
    }
    let planned = curriculum::planned_phase(day, weeks);
    let days_behind = match current.cmp(&planned) {
        std::cmp::Ordering::Less => day - curriculum::first_day(current + 1, weeks),
        std::cmp::Ordering::Equal => 0,
        std::cmp::Ordering::Greater => day - curriculum::first_day(current, weeks),
    };
    Some(Schedule { planned_phase: planned, days_behind })
}

fn notes(case: &Case<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    let short = |point: u32| case.matter.log.points[point as usize].id.short();
    for (at, track) in case.tracks.iter().enumerate() {
        let facts = case.facts(at);
        let language = &track.language;
        if let Some(first) = facts.first.filter(|_| facts.dump) {
            notes.push(format!(
                "{language}: most of it was added at once, in {}; its pace can't be known",
                short(first)
            ));
        }
        if let Some(moved) = facts.earlier.first() {
            notes.push(format!(
                "{language}: moved here from {} in {}",
                place(moved.from.as_bstr()),
                short(moved.point)
            ));
        }
        if let Some((gone, back)) = facts.restarted {
            notes.push(format!("{language}: taken away in {} and begun again in {}", short(gone), short(back)));
        }
        if track.state == TrackState::Absent
            && let (Some(_), Some(last)) = (facts.first, facts.last)
        {
            notes.push(format!("{language}: removed in {}", short(last)));
        }
        if facts.squashed {
            notes.push(format!("{language}: its commits were squashed; dates are those of the merges"));
        }
    }
    notes
}
