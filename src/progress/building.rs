//! The milestones of building one track.

use super::judge::Case;
use super::matter::Matter;
use super::phases::milestone;
use super::signals::Finding;
use super::status::{Evidence, Milestone, Source, State, SuiteState};
use crate::views::words;
use bstr::ByteSlice;

pub(super) fn manifest(case: &Case<'_>, at: usize) -> Milestone {
    let found = case.inspected[at].manifests.iter().min_by_key(|m| m.path.len());
    let known = case.matter.lenses[case.first + at].family().is_some();
    let finding = match found {
        Some(m) => Finding::new(
            State::Met,
            "it names its dependencies",
            vec![case.matter.path(m.path.as_bstr(), "the manifest")],
        ),
        None if known => Finding::new(State::Unmet, "no manifest names its dependencies", Vec::new()),
        None => Finding::new(State::Unknown, "nobody knows what a manifest is in this language", Vec::new()),
    };
    milestone("manifest", known, finding)
}

pub(super) fn sources(case: &Case<'_>, at: usize) -> Milestone {
    let track = &case.tracks[at];
    let facts = case.facts(at);
    let first =
        facts.first.map(|p| case.matter.commit(p, facts.first_path.as_ref().map(|p| p.as_bstr()), "the first source"));
    let finding = match track.source_files {
        0 => Finding::new(State::Unmet, "only what a generator wrote", Vec::new()),
        n => Finding::new(
            State::Met,
            format!("{}, {}", words::count(n, "file"), words::count(track.source_lines, "line")),
            first.into_iter().collect(),
        ),
    };
    milestone("sources", true, finding)
}

pub(super) fn tests(case: &Case<'_>, at: usize) -> Milestone {
    let inspected = &case.inspected[at];
    let evidence: Vec<Evidence> = inspected
        .tests
        .iter()
        .take(5)
        .map(|(path, cases)| {
            case.matter.path(path.as_bstr(), cases.map_or("tests".into(), |n| words::count(n, "test case")))
        })
        .collect();
    let finding = match (inspected.tests.len(), inspected.cases()) {
        (0, _) if inspected.generated_tests > 0 => Finding::new(State::Unmet, "only a generator's tests", Vec::new()),
        (0, _) => match shared(case) {
            Some(path) => Finding::new(State::Partial, "only tests that all tracks share", vec![path]),
            None => Finding::new(State::Unmet, "no tests", Vec::new()),
        },
        (files, Some(cases)) => Finding::new(
            State::Met,
            format!("{} in {}", words::count(cases, "case"), words::count(files, "file")),
            evidence,
        ),
        (files, None) => Finding::new(State::Met, format!("{files} test files"), evidence),
    };
    milestone("tests", true, finding)
}

/// A test outside of the tracks, which runs against all of them.
fn shared(case: &Case<'_>) -> Option<Evidence> {
    let project = case.project.path.as_bstr();
    let skip = if project.is_empty() { 0 } else { project.len() + 1 };
    case.matter
        .below(project)
        .iter()
        .filter(|e| {
            let top = e.path[skip..].split(|b| *b == b'/').next().unwrap_or_default().to_ascii_lowercase();
            [&b"tests"[..], b"test", b"contract", b"e2e", b"conformance"].contains(&top.as_slice())
        })
        .find(|e| {
            crate::config::family::backends()
                .any(|f| crate::history::kind::of_family(f, e.path.as_bstr()) == crate::history::kind::Kind::Test)
        })
        .map(|e| case.matter.path(e.path.as_bstr(), "shared by the tracks"))
}

pub(super) fn suite(case: &Case<'_>, at: usize) -> Milestone {
    let track = &case.tracks[at];
    let receipts = &case.measured(at).receipts;
    let evidence = |note: &str| {
        let receipt = receipts.first()?;
        Some(Evidence {
            kind: Source::Receipt,
            commit: None,
            path: None,
            note: format!("{note} on {}: {}", receipt.at.date_naive(), receipt.command),
        })
    };
    let finding = match track.suite.state {
        SuiteState::Passed => {
            Finding::new(State::Met, "its suite passed on exactly this tree", evidence("passed").into_iter().collect())
        }
        SuiteState::Failed => Finding::new(
            State::Unmet,
            "its suite did not pass on this tree",
            evidence("did not pass").into_iter().collect(),
        ),
        SuiteState::Missing if case.inspected[at].tests.is_empty() => {
            Finding::new(State::Unmet, "there is nothing to run", Vec::new())
        }
        SuiteState::Missing => Finding::new(State::Unknown, "no run on this tree is on record", Vec::new()),
    };
    milestone("suite", true, finding)
}

pub(super) fn journal(case: &Case<'_>, at: usize) -> Milestone {
    let entries = case.tracks[at].journal_entries;
    let finding = if entries == 0 {
        Finding::new(State::Unmet, "the journal says nothing of it", Vec::new())
    } else {
        Finding::new(
            State::Met,
            format!("{entries} {}", if entries == 1 { "entry" } else { "entries" }),
            journals(case.matter, case),
        )
    };
    milestone("journal", false, finding)
}

pub(super) fn journals(matter: &Matter<'_>, case: &Case<'_>) -> Vec<Evidence> {
    let file = &matter.config.journal.file;
    let papers = case.papers.iter().filter(|p| p.name().eq_ignore_ascii_case(file));
    papers.map(|p| matter.path(p.path.as_bstr(), "the journal")).take(3).collect()
}

pub(super) fn readme(case: &Case<'_>, at: usize) -> Milestone {
    let inspected = &case.inspected[at];
    let finding = match &inspected.readme {
        Some(path) if inspected.readme_words >= 20 => {
            Finding::new(State::Met, "it says what it is", vec![case.matter.path(path.as_bstr(), "its README")])
        }
        Some(path) => {
            Finding::new(State::Partial, "its README says little", vec![case.matter.path(path.as_bstr(), "its README")])
        }
        None => Finding::new(State::Unmet, "it has no README", Vec::new()),
    };
    milestone("readme", false, finding)
}

/// Parity with the track that began first: as many routes, or nearly.
pub(super) fn parity(case: &Case<'_>, at: usize) -> Milestone {
    let (own, first) = (case.tracks[at].endpoints, case.begun.first().map_or(0, |t| case.tracks[*t].endpoints));
    let evidence =
        || case.inspected[at].start.iter().map(|p| case.matter.path(p.as_bstr(), words::count(own, "route"))).collect();
    let finding = match (own, first) {
        (0, _) | (_, 0) => Finding::new(State::Unknown, "routes can't be read from both tracks", Vec::new()),
        _ if own * 10 >= first * 8 => {
            Finding::new(State::Met, format!("{} to the first track's {first}", words::count(own, "route")), evidence())
        }
        _ => Finding::new(
            State::Partial,
            format!("{} of the first track's {first}", words::count(own, "route")),
            evidence(),
        ),
    };
    milestone("parity", true, finding)
}
