//! The six phases of one project, with their milestones.

use super::building::{journal, manifest, parity, readme, sources, suite, tests};
use super::judge::Case;
use super::metrics::{declared, doubted};
use super::overrules::claimed;
use super::planning::{repository, structure};
use super::signals::Finding;
use super::status::{Milestone, Phase, PhaseState, State, TrackState};
use crate::curriculum::PHASES;
use chrono::NaiveDate;

/// The highest phase that has begun.
pub fn current(case: &Case<'_>, phases: &[Phase]) -> u8 {
    let building = case.building();
    if building > 0 {
        return building;
    }
    phases.iter().take(2).filter(|p| p.state != PhaseState::Pending).map(|p| p.number).max().unwrap_or(0)
}

/// All six.
pub fn all(case: &Case<'_>, started: Option<NaiveDate>) -> Vec<Phase> {
    let building = case.building() > 0;
    let said = &case.found.said;
    let reading =
        vec![milestone("brief", true, said.brief.clone()), milestone("questions", false, said.questions.clone())];
    let planning = vec![
        milestone("plan", true, said.plan.clone()),
        milestone("technologies", true, said.technologies.clone()),
        repository(case),
        structure(case),
    ];
    let mut phases = vec![early(case, 1, reading, building), early(case, 2, planning, building)];
    for n in 0..3 {
        phases.push(build(case, n));
    }
    phases.push(compare(case));
    for phase in &mut phases {
        doubt(case, phase);
        claim(case, phase);
        finish(case, phase, started);
    }
    phases
}

/// What only a file's content can show is unknown, not unmet, where files are not here.
fn doubt(case: &Case<'_>, phase: &mut Phase) {
    let by_path = |id: &str| matches!(id, "repository" | "structure" | "manifest" | "sources" | "parity");
    for milestone in phase.milestones.iter_mut().filter(|m| !by_path(m.id)) {
        let finding = Finding::new(milestone.state, std::mem::take(&mut milestone.why), Vec::new());
        let Finding { state, why, .. } = doubted(case, finding);
        (milestone.state, milestone.why) = (state, why);
    }
}

/// How `done` names a whole phase.
fn names(number: u8) -> [String; 3] {
    [number.to_string(), format!("phase {number}"), format!("phase-{number}")]
}

/// Whether the learner vouches for the whole phase.
fn vouched(case: &Case<'_>, number: u8) -> bool {
    claimed(case, &names(number).each_ref().map(String::as_str), State::Unmet)
}

/// Takes what the learner vouches for into account.
fn claim(case: &Case<'_>, phase: &mut Phase) {
    let whole = names(phase.number);
    let language = phase.language.clone();
    for milestone in &mut phase.milestones {
        let one = language.as_ref().map(|l| format!("{l}/{}", milestone.id));
        let mut words: Vec<&str> = whole.iter().map(String::as_str).collect();
        words.push(milestone.id);
        words.extend(one.as_deref());
        // What has not begun can't be vouched for by a word that was meant for another language.
        let begun = !(3..=5).contains(&phase.number) || language.is_some();
        if begun && claimed(case, &words, milestone.state) {
            milestone.state = State::Claimed;
            milestone.why = "vouched for in .mastery.toml".into();
            milestone.evidence.insert(0, declared());
        }
    }
}

/// Works out percent, state and dates from the milestones.
fn finish(case: &Case<'_>, phase: &mut Phase, started: Option<NaiveDate>) {
    let required: Vec<&Milestone> = phase.milestones.iter().filter(|m| m.required).collect();
    let mut checks = required.len();
    let mut settled = required.iter().filter(|m| m.state.is_settled()).count();
    // A language is not built before it can be used, whatever is ticked off.
    if let Some(track) = case.tracks.iter().find(|t| Some(&t.language) == phase.language.as_ref()) {
        checks += 1;
        settled += usize::from(track.state == TrackState::Usable || vouched(case, phase.number));
    }
    phase.percent =
        if phase.state == PhaseState::Pending { 0 } else { u8::try_from(settled * 100 / checks.max(1)).unwrap_or(100) };
    if phase.state != PhaseState::Pending && settled == checks {
        phase.state = PhaseState::Done;
    }
    let days: Vec<NaiveDate> = required
        .iter()
        .flat_map(|m| &m.evidence)
        .filter_map(|e| e.commit)
        .filter_map(|commit| case.day(commit))
        .collect();
    if phase.state != PhaseState::Pending && phase.started.is_none() {
        let first = if phase.number == 1 { started } else { None };
        phase.started = first.or(days.iter().min().copied()).map(|d| d.to_string());
    }
    if phase.state == PhaseState::Done {
        phase.finished = days.iter().max().map(ToString::to_string);
    }
}

pub(super) fn milestone(id: &'static str, required: bool, finding: Finding) -> Milestone {
    Milestone { id, state: finding.state, required, why: finding.why, evidence: finding.evidence }
}

fn phase(number: u8, state: PhaseState, milestones: Vec<Milestone>) -> Phase {
    Phase {
        number,
        name: PHASES[usize::from(number) - 1],
        state,
        percent: 0,
        language: None,
        started: None,
        finished: None,
        milestones,
    }
}

/// Phases 1 and 2: begun by their own evidence, implied where building has begun without it.
fn early(case: &Case<'_>, number: u8, milestones: Vec<Milestone>, building: bool) -> Phase {
    // A repository is there as soon as there is a commit; it plans nothing by itself.
    let begun = milestones.iter().any(|m| m.id != "repository" && matches!(m.state, State::Met | State::Partial));
    let state = match (begun, building) {
        (_, true) => PhaseState::Implied,
        (true, false) => PhaseState::Active,
        (false, false) if number == 1 && !case.found.is_empty => PhaseState::Active,
        (false, false) => PhaseState::Pending,
    };
    phase(number, state, milestones)
}

/// The n-th build phase, from 0: of the n-th track that began.
fn build(case: &Case<'_>, n: usize) -> Phase {
    let number = u8::try_from(n + 3).unwrap_or(5);
    let scaffold = || case.tracks.iter().position(|t| t.planned && t.state == TrackState::Scaffold);
    let at = case.begun.get(n).copied().or_else(|| (n == 0 && case.building() == 3).then(scaffold).flatten());
    let Some(at) = at else {
        let none = |id: &'static str| {
            milestone(id, !matches!(id, "journal" | "readme"), Finding::new(State::Unmet, "not begun", Vec::new()))
        };
        let mut ids = vec!["manifest", "sources", "tests", "suite", "journal", "readme"];
        ids.extend((n > 0).then_some("parity"));
        return phase(number, PhaseState::Pending, ids.into_iter().map(none).collect());
    };
    let mut milestones = vec![
        manifest(case, at),
        sources(case, at),
        tests(case, at),
        suite(case, at),
        journal(case, at),
        readme(case, at),
    ];
    if n > 0 {
        milestones.push(parity(case, at));
    }
    let mut built = phase(number, PhaseState::Active, milestones);
    built.language = Some(case.tracks[at].language.clone());
    built.started.clone_from(&case.tracks[at].started);
    built
}

fn compare(case: &Case<'_>) -> Phase {
    let state = if case.building() == 6 { PhaseState::Active } else { PhaseState::Pending };
    let said = &case.found.said;
    let comparison = match &said.comparison {
        Some(evidence) => Finding::new(State::Met, evidence.note.clone(), vec![evidence.clone()]),
        None => Finding::new(State::Unmet, "no document compares the tracks", Vec::new()),
    };
    let silent: Vec<&str> = case
        .begun
        .iter()
        .filter(|t| case.tracks[**t].journal_entries == 0)
        .map(|t| case.tracks[*t].language.as_str())
        .collect();
    let learnings = match (case.begun.len(), silent.len()) {
        (0, _) => Finding::new(State::Unmet, "nothing has begun", Vec::new()),
        (_, 0) => Finding::new(State::Met, "the journal speaks of every track", said.journals.clone()),
        (all, none) if all == none => Finding::new(State::Unmet, "the journal speaks of no track", Vec::new()),
        _ => Finding::new(
            State::Partial,
            format!("the journal is silent on {}", silent.join(", ")),
            said.journals.clone(),
        ),
    };
    let milestones = vec![
        milestone("comparison", true, comparison),
        milestone("learnings", true, learnings),
        milestone("decisions", true, said.decisions.clone()),
        milestone("blog", true, said.blog.clone()),
    ];
    phase(6, state, milestones)
}
