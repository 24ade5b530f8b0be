//! The first thing to do now.

use super::status::{Milestone, Phase, PhaseState, Project, State};
use crate::views::words;
use serde::Serialize;

/// One thing to do, and the command that does it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The project that it is about; none where it is about the repository.
    pub project: Option<String>,
    /// What to do, in a sentence without its full stop.
    pub what: String,
    /// What to type.
    pub command: String,
}

/// One line of a checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    /// What it asks for.
    pub what: String,
    /// Whether it is done; none where nobody but the reader knows.
    pub done: Option<bool>,
    /// What to type to do it.
    pub command: String,
}

impl Item {
    /// A line.
    pub fn new(what: &str, done: Option<bool>, command: &str) -> Item {
        Item { what: what.to_owned(), done, command: command.to_owned() }
    }
}

/// The first thing to do for one project: what the phases that have begun still lack, else the next phase. None where it is
/// complete.
pub fn step(project: &Project) -> Option<Step> {
    let begun = |p: &&Phase| p.state != PhaseState::Pending;
    let missing = |phase: &Phase, state: fn(State) -> bool| {
        phase.milestones.iter().find(|m| m.required && state(m.state)).cloned()
    };
    let building = project.current_phase >= 3;
    let phases = || project.phases.iter().filter(begun).filter(|p| !building || p.number >= 3);
    // What is known to be missing comes before what is only not known.
    for state in [|s: State| matches!(s, State::Unmet | State::Partial), |s: State| s == State::Unknown] {
        for phase in phases() {
            if let Some(milestone) = missing(phase, state) {
                return Some(mend(project, phase, &milestone));
            }
            if let Some(step) = unfinished(project, phase).filter(|_| state(State::Unmet)) {
                return Some(step);
            }
        }
    }
    let next = project.phases.iter().find(|p| p.state == PhaseState::Pending && is_planned(project, p.number))?;
    Some(begin(project, next))
}

/// Whether the plan has a language for this phase; every other phase is planned.
pub(super) fn is_planned(project: &Project, number: u8) -> bool {
    !(3..=5).contains(&number) || usize::from(number) - 2 <= project.planned.len()
}

/// The language of a build phase that can't be used yet.
fn unfinished(project: &Project, phase: &Phase) -> Option<Step> {
    let track = project.tracks.iter().find(|t| Some(&t.language) == phase.language.as_ref())?;
    let lacks = track.state_note.as_ref().filter(|_| phase.state == PhaseState::Active)?;
    let what = format!("go on with {} until it can be used: {lacks}", track.language);
    Some(Step { project: Some(project.id.clone()), what, command: edit(&track.path) })
}

/// The command that gives a project a language: a starter where there is one, else the directory.
fn begun(project: &Project, language: &str) -> String {
    if project.known && crate::scaffold::LANGUAGES.contains(&language) {
        return format!("mastery start {} --language {language}", words::shell(&project.id));
    }
    format!("mkdir -p {}", words::shell(&at(project, language)))
}

/// The command that compares a project's languages.
fn compared(project: &Project) -> String {
    let id = if project.path == "." { String::new() } else { format!(" {}", words::shell(&project.id)) };
    format!("mastery compare{id} --write")
}

fn at(project: &Project, name: &str) -> String {
    if project.path == "." { name.to_owned() } else { format!("{}/{name}", project.path) }
}

fn edit(path: &str) -> String {
    format!("${{EDITOR:-vi}} {}", words::shell(path))
}

fn mend(project: &Project, phase: &Phase, milestone: &Milestone) -> Step {
    let language = phase.language.as_deref().unwrap_or("the track");
    let track = project.tracks.iter().find(|t| Some(&t.language) == phase.language.as_ref());
    let directory = track.map_or_else(|| project.path.clone(), |t| t.path.clone());
    let (what, command) = match milestone.id {
        "brief" => ("write down what the project is to do".to_owned(), edit(&at(project, "README.md"))),
        "plan" => ("list its milestones, or what the smallest useful version is".into(), edit(&at(project, "PLAN.md"))),
        "technologies" => {
            ("list the technologies that it needs, under a heading".into(), edit(&at(project, "PLAN.md")))
        }
        "structure" => ("make the directory of the first track".into(), begun(project, first_language(project))),
        "repository" => {
            ("commit what is there".into(), format!("git add {} && git commit", words::shell(&project.path)))
        }
        "manifest" => (format!("give {language} its manifest"), edit(&format!("{directory}/{}", manifest(language)))),
        "sources" => (format!("write the first code of your own in {language}"), edit(&directory)),
        "tests" => {
            (format!("write the first test in {language}"), format!("mastery test {}", words::shell(&directory)))
        }
        "suite" if milestone.state == State::Unknown => (
            format!("run the suite of {language} once, so that it is on record"),
            format!("mastery test {}", words::shell(&directory)),
        ),
        "suite" => (format!("make the suite of {language} pass"), format!("mastery test {}", words::shell(&directory))),
        "parity" => (format!("bring {language} up to the first track: {}", milestone.why), edit(&directory)),
        "comparison" => ("compare the tracks, with figures".into(), compared(project)),
        "learnings" => (
            format!("write down what was learned: {}", milestone.why),
            format!("mastery journal add -l {} \"…\"", silent(project)),
        ),
        "decisions" => ("record one decision, with its consequences".into(), "mastery adr new \"…\"".into()),
        _ => post(project, milestone),
    };
    Step { project: Some(project.id.clone()), what, command }
}

/// The post: the one that has begun, else a new one.
fn post(project: &Project, milestone: &Milestone) -> (String, String) {
    match milestone.evidence.iter().find_map(|e| e.path.as_deref()) {
        Some(begun) => (format!("finish the blog post ({})", milestone.why), edit(begun)),
        None => (
            "write about what you learned, or link to it from the README".into(),
            format!("mastery blog new --project {}", crate::views::words::shell(&project.id)),
        ),
    }
}

/// The first planned language that has not begun.
fn first_language(project: &Project) -> &str {
    let begun = |language: &&String| project.phases.iter().any(|p| p.language.as_ref() == Some(*language));
    project.planned.iter().find(|l| !begun(l)).map_or("golang", String::as_str)
}

/// The language that the journal is silent on.
fn silent(project: &Project) -> &str {
    let silent = project.tracks.iter().find(|t| t.order.is_some() && t.journal_entries == 0);
    silent.or(project.tracks.first()).map_or("golang", |t| t.language.as_str())
}

fn manifest(language: &str) -> &'static str {
    crate::config::family::named(language)
        .and_then(|f| f.manifests.first().copied())
        .filter(|m| !m.starts_with('*'))
        .unwrap_or("README.md")
}

fn begin(project: &Project, phase: &Phase) -> Step {
    let (what, command) = match phase.number {
        1 => ("write down what the project is to do".to_owned(), edit(&at(project, "README.md"))),
        2 => ("plan it: milestones, the smallest useful version, technologies".into(), edit(&at(project, "PLAN.md"))),
        3..=5 => {
            let language = first_language(project);
            (format!("begin in {language}"), begun(project, language))
        }
        _ => ("compare the tracks, with figures".into(), compared(project)),
    };
    Step { project: Some(project.id.clone()), what, command }
}
