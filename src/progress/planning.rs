//! The milestones of reading and planning: what a project's papers and its first files say.

use super::judge::Case;
use super::papers::Paper;
use super::phases::milestone;
use super::search::{Search, one};
use super::signals::Finding;
use super::status::{Evidence, Milestone, State, TrackState};
use bstr::ByteSlice;

fn own_readme<'s>(search: &'s Search<'_>) -> Option<&'s Paper> {
    search.papers.iter().find(|p| !p.inside.contains('/') && p.name().starts_with("readme"))
}

pub(super) fn brief(search: &Search<'_>) -> Finding {
    match own_readme(search) {
        Some(paper) if paper.words >= 15 => Finding::new(
            State::Met,
            "the brief is here",
            vec![search.matter.path(paper.path.as_bstr(), "the project's README")],
        ),
        Some(paper) => Finding::new(
            State::Partial,
            "the README says little",
            vec![search.matter.path(paper.path.as_bstr(), "the project's README")],
        ),
        None => Finding::new(State::Unmet, "the project has no README", Vec::new()),
    }
}

pub(super) fn questions(search: &Search<'_>) -> Finding {
    let asks = |paper: &&Paper| {
        let about = paper.name().contains("question")
            || paper.name().contains("notes")
            || paper.has_heading(&["questions", "question", "unclear"]);
        about && paper.prose.lines().filter(|l| l.trim_end().ends_with('?')).count() > 0
    };
    match search.papers.iter().find(asks) {
        Some(paper) => Finding::new(
            State::Met,
            "questions are noted down",
            vec![search.matter.path(paper.path.as_bstr(), "questions")],
        ),
        None => Finding::new(State::Unmet, "no questions are noted down", Vec::new()),
    }
}

/// Documents that may hold a plan. In a curriculum the README is the brief, and plans only once it was reworked.
fn planning<'s>(search: &'s Search<'_>) -> impl Iterator<Item = &'s Paper> {
    let curriculum = !search.project.path.is_empty();
    search.papers.iter().filter(move |p| {
        let readme = p.name().starts_with("readme") && !p.inside.contains('/');
        let reworked = search.matter.touched.first(&p.path) != search.matter.touched.last(&p.path);
        let near = p.is_near() || search.project.tracks.iter().any(|t| t.holds(p.path.as_bstr()));
        near && !super::papers::is_record_place(&p.inside) && (!readme || !curriculum || reworked)
    })
}

pub(super) fn plan(search: &Search<'_>) -> Finding {
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
    let found = planning(search).find(|p| {
        let boxes = p.prose.lines().filter(|l| l.trim_start().starts_with("- [")).count();
        // A template's headings with nothing beneath them list nothing, whatever the file is called.
        let unfilled = p.has_heading(&words) && !p.has_section(&words);
        p.has_section(&words)
            || boxes >= 3
            || !unfilled
                && ["plan", "roadmap", "mvp", "todo", "spec"].iter().any(|w| p.name().starts_with(w))
                && p.words >= 15
    });
    match found {
        Some(paper) => Finding::new(
            State::Met,
            "milestones or the MVP are listed",
            vec![search.matter.path(paper.path.as_bstr(), "a plan")],
        ),
        None => Finding::new(State::Unmet, "no milestones and no MVP are listed", Vec::new()),
    }
}

pub(super) fn technologies(search: &Search<'_>) -> Finding {
    let words = ["technologies", "technology", "tech", "stack", "tools", "dependencies", "prerequisites", "built"];
    let named = planning(search).find(|p| p.has_section(&words));
    let manifest = search.inspected.iter().find_map(|i| i.manifests.first());
    match (named, manifest) {
        (Some(paper), _) => Finding::new(
            State::Met,
            "the technologies are listed",
            vec![search.matter.path(paper.path.as_bstr(), "technologies")],
        ),
        (None, Some(manifest)) => Finding::new(
            State::Partial,
            "only manifests name the technologies",
            vec![search.matter.path(manifest.path.as_bstr(), "a manifest")],
        ),
        (None, None) => Finding::new(State::Unmet, "the technologies are not listed", Vec::new()),
    }
}

/// What a project is set up with; none where that is told by its tracks.
pub(super) fn setup(search: &Search<'_>) -> Option<Evidence> {
    if search.inspected.iter().any(|track| !track.sources.is_empty()) {
        return None;
    }
    let project = search.project.path.as_bstr();
    let skip = if project.is_empty() { 0 } else { project.len() + 1 };
    let setup = search.matter.below(project).iter().find(|e| {
        let name = e.path[skip..].to_ascii_lowercase();
        name.starts_with(b"docker-compose")
            || name.starts_with(b"compose.")
            || name == b"makefile"
            || name == b"package.json"
            || name == b"go.work"
    })?;
    Some(search.matter.path(setup.path.as_bstr(), "the set-up"))
}

pub(super) fn repository(case: &Case<'_>) -> Milestone {
    let finding = match &case.found.first {
        Some(first) => Finding::new(State::Met, "it is under version control", vec![first.clone()]),
        None => Finding::new(State::Unmet, "nothing of it is committed", Vec::new()),
    };
    milestone("repository", true, finding)
}

/// The structure: a directory for a track, even an empty one, or what a project is set up with.
pub(super) fn structure(case: &Case<'_>) -> Milestone {
    let track = case.tracks.iter().position(|t| t.state > TrackState::Absent);
    let finding = match (track, &case.found.said.setup) {
        (Some(at), _) => {
            let inside = case.found.tracks[at].inside.clone();
            Finding::new(State::Met, "a track has its directory", one(inside))
        }
        (None, Some(setup)) => Finding::new(State::Met, "the project is set up", vec![setup.clone()]),
        (None, None) => Finding::new(State::Unmet, "no track has a directory", Vec::new()),
    };
    milestone("structure", true, finding)
}
