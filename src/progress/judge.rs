//! The judgement of one project: its tracks in order, its phase, and what is missing. Everything comes from what was [`Found`].

use super::found::{Found, FoundTrack};
use super::matter::Matter;
use super::search::Search;
use super::status::{Gap, Hours, Phase, PhaseState, Project, Schedule, Suite, SuiteState, Track, TrackState};
use super::{inspect, metrics, next, overrules, papers, phases};
use crate::config::Config;
use crate::curriculum;
use crate::git::ObjectId;
use crate::history::{abreast, effort, layout};
use crate::suites::receipt::Outcome;
use crate::views::words;
use chrono::{DateTime, FixedOffset, NaiveDate};
use std::ops::Range;

/// One project before the verdicts.
pub struct Case<'a> {
    /// The configuration that counts.
    pub config: &'a Config,
    /// The time now.
    pub now: DateTime<FixedOffset>,
    /// What was found of it.
    pub found: &'a Found,
    /// Its tracks as they will be shown.
    pub tracks: Vec<Track>,
    /// The planned tracks that have begun, as indexes of `tracks`, in the order in which they did.
    pub begun: Vec<usize>,
    /// How many languages have to be usable before comparing.
    pub needed: usize,
}

/// Finds all that judging takes; `only` says whether at most one of all projects that there are has begun.
pub fn found(matter: &Matter<'_>, projects: &[layout::Project], only: bool) -> Vec<Found> {
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
        Search::new(matter, project, range.start, (&inspected[range.clone()], named), only).found(only)
    })
}

impl<'a> Case<'a> {
    fn new(found: &'a Found, config: &'a Config, now: DateTime<FixedOffset>) -> Case<'a> {
        let explicit = is_explicit(found, config);
        let planned = config.planned(&found.id);
        // The guide builds three times. Who plans a fourth language compares after three all the same: the rest is a bonus.
        let needed = if explicit { planned.len().clamp(1, 3) } else { 3 };
        let mut case = Case { config, now, found, tracks: Vec::new(), begun: Vec::new(), needed };
        for track in &found.tracks {
            let counts = !explicit || planned.contains(&track.language);
            case.tracks.push(case.track(track, counts));
        }
        case.order();
        case
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
            _ if self.is_built() && self.found.said.comparison.is_some() => 6,
            n => 2 + n,
        }
    }

    /// Whether a scaffold is more than a manifest and a structure: a generator's sources. What `mastery start` writes is the
    /// structure that planning ends with; building begins with the first change to it.
    fn wrote(&self, track: &Track) -> bool {
        self.found.tracks.iter().find(|t| t.path == track.path).is_some_and(|t| t.is_generated)
    }

    fn track(&self, found: &FoundTrack, planned: bool) -> Track {
        let measured = &found.measured;
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
        let effort = found.pace.effort(found.dump, found.squashed);
        let (state, state_note) = self.state(found);
        let first = found.first.as_ref().map(|f| f.commit);
        Track {
            language: found.language.clone(),
            title: found.title.clone(),
            path: found.path.clone(),
            order: None,
            order_note: None,
            planned,
            state,
            state_note,
            first_commit: first,
            started: first.and_then(|commit| self.day(commit)).map(|d| d.to_string()),
            last_commit: found.last.as_ref().map(|l| l.commit),
            earlier_paths: found.earlier.iter().map(|(place, _)| place.clone()).collect(),
            commits: found.pace.commits,
            active_days: effort.active_days,
            sessions: effort.sessions,
            hours: effort.hours.map(|(low, high)| Hours { low, high }),
            hours_note: effort.refused.unwrap_or(effort::METHOD).to_owned(),
            source_files: found.sources,
            source_lines: found.lines,
            test_files: found.test_files,
            test_cases: found.test_cases,
            suite,
            coverage: measured.coverage(),
            journal_entries: found.journal_entries,
            endpoints: found.routes,
        }
    }

    /// The day of a commit that is evidence.
    pub fn day(&self, commit: ObjectId) -> Option<NaiveDate> {
        self.found.days.get(&commit).copied()
    }

    /// A track is usable when something starts it and it answers most of what its best sibling does; without routes, its size
    /// has to speak. With what it still lacks.
    fn state(&self, own: &FoundTrack) -> (TrackState, Option<String>) {
        if own.sources == 0 {
            return match (own.given > 0 || own.manifest.is_some(), own.exists) {
                (true, _) => (TrackState::Scaffold, None),
                (false, true) => (TrackState::Placeholder, None),
                (false, false) => (TrackState::Absent, None),
            };
        }
        let best = self.bar();
        let largest = self.found.tracks.iter().map(|t| t.lines).max().unwrap_or(0);
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
        let mut routes: Vec<usize> = self.found.tracks.iter().map(|t| t.routes).filter(|n| *n > 0).collect();
        routes.sort_unstable_by_key(|n| std::cmp::Reverse(*n));
        routes.get(usize::from(routes.len() > 2)).copied().unwrap_or(0)
    }
}

/// Whether somebody says in the configuration which languages count.
fn is_explicit(found: &Found, config: &Config) -> bool {
    config.project(&found.id).languages.is_some() || config.languages.values().any(|l| l.configured)
}

/// Judges a project.
pub fn judge(found: &Found, config: &Config, now: DateTime<FixedOffset>) -> Project {
    let case = &Case::new(found, config, now);
    let settings = config.project(&found.id);
    let begun_on = settings.started.or_else(|| case.day(found.first.as_ref()?.commit?));
    let phases = phases::all(case, begun_on);
    let current = phases::current(case, &phases);
    let known = found.known.as_ref();
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
        id: found.id.clone(),
        path: found.path.clone(),
        known: known.is_some(),
        title: known.map_or_else(|| found.id.clone(), |p| p.title.clone()),
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
    let last = case.found.tracks.iter().filter_map(|t| t.last.as_ref()).max_by_key(|last| last.place)?;
    last.at.clone()
}

/// The planned languages; where nothing is configured, what has begun stands in for the guide's three.
fn planned(case: &Case<'_>) -> Vec<String> {
    let configured = case.config.planned(&case.found.id);
    if is_explicit(case.found, case.config) {
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
    let weeks = case.found.known.as_ref().map_or((3, 4), |known| known.weeks);
    let day = (case.now.date_naive() - started).num_days();
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
    for (found, track) in case.found.tracks.iter().zip(&case.tracks) {
        let language = &track.language;
        if let Some(first) = found.first.as_ref().filter(|_| found.dump) {
            let first = first.commit.short();
            notes.push(format!("{language}: most of it was added at once, in {first}; its pace can't be known"));
        }
        if let Some((place, moved)) = found.earlier.first() {
            notes.push(format!("{language}: moved here from {place} in {}", moved.short()));
        }
        if let Some((gone, back)) = found.restarted {
            notes.push(format!("{language}: taken away in {} and begun again in {}", gone.short(), back.short()));
        }
        if track.state == TrackState::Absent
            && let (Some(_), Some(last)) = (&found.first, &found.last)
        {
            notes.push(format!("{language}: removed in {}", last.commit.short()));
        }
        if found.squashed {
            notes.push(format!("{language}: its commits were squashed; dates are those of the merges"));
        }
    }
    notes
}
