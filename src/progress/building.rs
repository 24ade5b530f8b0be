//! The milestones of building one track.

use super::judge::Case;
use super::phases::milestone;
use super::search::{Search, one};
use super::signals::Finding;
use super::status::{Evidence, Milestone, Source, State, SuiteState};
use crate::config::family;
use crate::git::Entry;
use crate::history::kind::{self, Kind};
use crate::views::words;
use bstr::ByteSlice;

pub(super) fn manifest(case: &Case<'_>, at: usize) -> Milestone {
    let track = &case.found.tracks[at];
    let finding = match &track.manifest {
        Some(manifest) => Finding::new(State::Met, "it names its dependencies", vec![manifest.clone()]),
        None if track.is_known => Finding::new(State::Unmet, "no manifest names its dependencies", Vec::new()),
        None => Finding::new(State::Unknown, "nobody knows what a manifest is in this language", Vec::new()),
    };
    milestone("manifest", track.is_known, finding)
}

pub(super) fn sources(case: &Case<'_>, at: usize) -> Milestone {
    let found = &case.found.tracks[at];
    let first = found.first.as_ref().map(|first| first.evidence("the first source"));
    let finding = match found.sources {
        0 => Finding::new(State::Unmet, "only what a generator wrote", Vec::new()),
        n => Finding::new(
            State::Met,
            format!("{}, {}", words::count(n, "file"), words::count(found.lines, "line")),
            one(first),
        ),
    };
    milestone("sources", true, finding)
}

/// What is said of a file with tests.
pub(super) fn cases(cases: Option<usize>) -> String {
    cases.map_or("tests".into(), |n| words::count(n, "test case"))
}

pub(super) fn tests(case: &Case<'_>, at: usize) -> Milestone {
    let found = &case.found.tracks[at];
    let finding = match (found.test_files, found.test_cases) {
        (0, _) if found.has_given_tests => Finding::new(State::Unmet, "only a generator's tests", Vec::new()),
        (0, _) => match &case.found.said.shared_tests {
            Some(test) => Finding::new(State::Partial, "only tests that all tracks share", vec![test.clone()]),
            None => Finding::new(State::Unmet, "no tests", Vec::new()),
        },
        (files, Some(cases)) => Finding::new(
            State::Met,
            format!("{} in {}", words::count(cases, "case"), words::count(files, "file")),
            found.tests.clone(),
        ),
        (files, None) => Finding::new(State::Met, format!("{files} test files"), found.tests.clone()),
    };
    milestone("tests", true, finding)
}

/// A test outside of the tracks, which runs against all of them.
pub(super) fn shared_tests(search: &Search<'_>) -> Option<Evidence> {
    let project = search.project.path.as_bstr();
    let skip = if project.is_empty() { 0 } else { project.len() + 1 };
    let is_among_tests = |e: &&Entry| {
        let top = e.path[skip..].split(|b| *b == b'/').next().unwrap_or_default();
        [&b"tests"[..], b"test", b"contract", b"e2e", b"conformance"].iter().any(|n| top.eq_ignore_ascii_case(n))
    };
    let is_test = |e: &&Entry| family::backends().any(|f| kind::of_family(f, e.path.as_bstr()) == Kind::Test);
    let found = search.matter.below(project).iter().filter(is_among_tests).find(is_test)?;
    Some(search.matter.path(found.path.as_bstr(), "shared by the tracks"))
}

pub(super) fn suite(case: &Case<'_>, at: usize) -> Milestone {
    let track = &case.tracks[at];
    let receipts = &case.found.tracks[at].measured.receipts;
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
        SuiteState::Missing if track.test_files == 0 => {
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
            case.found.said.journals.clone(),
        )
    };
    milestone("journal", false, finding)
}

pub(super) fn readme(case: &Case<'_>, at: usize) -> Milestone {
    milestone("readme", false, case.found.tracks[at].readme.clone())
}

/// Parity with the track that began first: as many routes, or nearly.
pub(super) fn parity(case: &Case<'_>, at: usize) -> Milestone {
    let (own, first) = (case.tracks[at].endpoints, case.begun.first().map_or(0, |t| case.tracks[*t].endpoints));
    let evidence = || one(case.found.tracks[at].started(words::count(own, "route")));
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
