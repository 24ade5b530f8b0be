//! The milestones of reading and planning: what a project's papers and its first files say.

use super::judge::Case;
use super::papers::Paper;
use super::phases::{first_point, milestone};
use super::signals::Finding;
use super::status::{Milestone, State, TrackState};
use bstr::ByteSlice;

fn own_readme<'c>(case: &'c Case<'_>) -> Option<&'c Paper> {
    case.papers.iter().find(|p| !p.inside.contains('/') && p.name().starts_with("readme"))
}

pub(super) fn brief(case: &Case<'_>) -> Milestone {
    let finding = match own_readme(case) {
        Some(paper) if paper.words >= 15 => Finding::new(
            State::Met,
            "the brief is here",
            vec![case.matter.path(paper.path.as_bstr(), "the project's README")],
        ),
        Some(paper) => Finding::new(
            State::Partial,
            "the README says little",
            vec![case.matter.path(paper.path.as_bstr(), "the project's README")],
        ),
        None => Finding::new(State::Unmet, "the project has no README", Vec::new()),
    };
    milestone("brief", true, finding)
}

pub(super) fn questions(case: &Case<'_>) -> Milestone {
    let asks = |paper: &&Paper| {
        let about = paper.name().contains("question")
            || paper.name().contains("notes")
            || paper.has_heading(&["questions", "question", "unclear"]);
        about && paper.prose.lines().filter(|l| l.trim_end().ends_with('?')).count() > 0
    };
    let finding = match case.papers.iter().find(asks) {
        Some(paper) => Finding::new(
            State::Met,
            "questions are noted down",
            vec![case.matter.path(paper.path.as_bstr(), "questions")],
        ),
        None => Finding::new(State::Unmet, "no questions are noted down", Vec::new()),
    };
    milestone("questions", false, finding)
}

/// Documents that may hold a plan. In a curriculum the README is the brief, and plans only once it was reworked.
fn planning<'c>(case: &'c Case<'_>) -> impl Iterator<Item = &'c Paper> {
    let curriculum = !case.project.path.is_empty();
    case.papers.iter().filter(move |p| {
        let readme = p.name().starts_with("readme") && !p.inside.contains('/');
        let reworked = case.matter.touched.first(&p.path) != case.matter.touched.last(&p.path);
        let near = p.is_near() || case.project.tracks.iter().any(|t| t.holds(p.path.as_bstr()));
        near && !super::papers::is_record_place(&p.inside) && (!readme || !curriculum || reworked)
    })
}

pub(super) fn plan(case: &Case<'_>) -> Milestone {
    let words = [
        "milestone",
        "milestones",
        "mvp",
        "plan",
        "roadmap",
        "scope",
        "goals",
        "tasks",
        "features",
        "requirements",
        "todo",
    ];
    let found = planning(case).find(|p| {
        let boxes = p.prose.lines().filter(|l| l.trim_start().starts_with("- [")).count();
        // A template's headings with nothing beneath them list nothing, whatever the file is called.
        let unfilled = p.has_heading(&words) && !p.has_section(&words);
        p.has_section(&words)
            || boxes >= 3
            || !unfilled
                && ["plan", "roadmap", "mvp", "todo", "spec"].iter().any(|w| p.name().starts_with(w))
                && p.words >= 15
    });
    let finding = match found {
        Some(paper) => Finding::new(
            State::Met,
            "milestones or the MVP are listed",
            vec![case.matter.path(paper.path.as_bstr(), "a plan")],
        ),
        None => Finding::new(State::Unmet, "no milestones and no MVP are listed", Vec::new()),
    };
    milestone("plan", true, finding)
}

pub(super) fn technologies(case: &Case<'_>) -> Milestone {
    let words = ["technologies", "technology", "tech", "stack", "tools", "dependencies", "prerequisites", "built"];
    let named = planning(case).find(|p| p.has_section(&words));
    let manifest = case.inspected.iter().find_map(|i| i.manifests.first());
    let finding = match (named, manifest) {
        (Some(paper), _) => Finding::new(
            State::Met,
            "the technologies are listed",
            vec![case.matter.path(paper.path.as_bstr(), "technologies")],
        ),
        (None, Some(manifest)) => Finding::new(
            State::Partial,
            "only manifests name the technologies",
            vec![case.matter.path(manifest.path.as_bstr(), "a manifest")],
        ),
        (None, None) => Finding::new(State::Unmet, "the technologies are not listed", Vec::new()),
    };
    milestone("technologies", true, finding)
}

pub(super) fn repository(case: &Case<'_>) -> Milestone {
    let finding = match first_point(case) {
        Some(point) => Finding::new(
            State::Met,
            "it is under version control",
            vec![case.matter.commit(point, None, "its first commit")],
        ),
        None => Finding::new(State::Unmet, "nothing of it is committed", Vec::new()),
    };
    milestone("repository", true, finding)
}

/// The structure: a directory for a track, even an empty one, or what a project is set up with.
pub(super) fn structure(case: &Case<'_>) -> Milestone {
    let track = case.tracks.iter().position(|t| t.state > TrackState::Absent);
    let project = case.project.path.as_bstr();
    let skip = if project.is_empty() { 0 } else { project.len() + 1 };
    let setup = case.matter.below(project).iter().find(|e| {
        let name = e.path[skip..].to_ascii_lowercase();
        name.starts_with(b"docker-compose")
            || name.starts_with(b"compose.")
            || name == b"makefile"
            || name == b"package.json"
            || name == b"go.work"
    });
    let finding = match (track, setup) {
        (Some(at), _) => {
            let inside = case.matter.below(case.project.tracks[at].path.as_bstr()).first();
            let evidence = inside.map(|e| case.matter.path(e.path.as_bstr(), "in the directory of a track"));
            Finding::new(State::Met, "a track has its directory", evidence.into_iter().collect())
        }
        (None, Some(entry)) => Finding::new(
            State::Met,
            "the project is set up",
            vec![case.matter.path(entry.path.as_bstr(), "the set-up")],
        ),
        (None, None) => Finding::new(State::Unmet, "no track has a directory", Vec::new()),
    };
    milestone("structure", true, finding)
}
