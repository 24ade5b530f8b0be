//! The nine success metrics of one project.

use super::judge::Case;
use super::load;
use super::overrules::claimed;
use super::signals::Finding;
use super::status::{Evidence, Metric, Source, State, TrackState};
use crate::curriculum::METRICS;
use crate::views::words;
use chrono::{DateTime, FixedOffset};

/// All nine, in the guide's order.
pub fn all(case: &Case<'_>) -> Vec<Metric> {
    let said = &case.found.said;
    METRICS
        .iter()
        .map(|(id, title)| {
            let mut finding = match *id {
                "first_language" => language(case, 0),
                "second_language" => language(case, 1),
                "third_language" => language(case, 2),
                "coverage" => coverage(case),
                "monitoring" => said.monitoring.clone(),
                "deployed" => said.deployed.clone(),
                "load_tested" => load::tested(&said.load, !case.begun.is_empty()),
                "decisions" => said.decisions.clone(),
                _ => said.blog.clone(),
            };
            if !id.ends_with("_language") {
                finding = doubted(case, finding);
            }
            if claimed(case, &[id], finding.state) {
                finding.evidence.insert(0, declared());
                finding = Finding::new(State::Claimed, "vouched for in .mastery.toml", finding.evidence);
            }
            Metric { id, title, state: finding.state, why: finding.why, evidence: finding.evidence }
        })
        .collect()
}

/// What was not found where files are not here may well be in them.
pub(super) fn doubted(case: &Case<'_>, finding: Finding) -> Finding {
    if case.found.missing == 0 || finding.state != State::Unmet {
        return finding;
    }
    let why = format!(
        "{}, but {} not here",
        finding.why,
        if case.found.missing == 1 { "a file is".into() } else { format!("{} files are", case.found.missing) }
    );
    Finding::new(State::Unknown, why, finding.evidence)
}

/// The evidence that a claim has.
pub(super) fn declared() -> Evidence {
    Evidence { kind: Source::Declaration, commit: None, path: Some(crate::config::FILE.into()), note: "done".into() }
}

/// The n-th language: usable is done; begun is a part of it.
fn language(case: &Case<'_>, n: usize) -> Finding {
    // Where order is not known, the ones that are usable count first.
    let mut begun = case.begun.clone();
    begun.sort_by_key(|t| case.tracks[*t].state != TrackState::Usable);
    let Some(at) = begun.get(n) else {
        return Finding::new(
            State::Unmet,
            format!("no {} language has begun", ["first", "second", "third"][n.min(2)]),
            Vec::new(),
        );
    };
    let track = &case.tracks[*at];
    let found = &case.found.tracks[*at];
    let first = found.first.as_ref().map(|first| first.evidence("its first source"));
    let start = found.started(format!("starts it; {}", words::count(track.endpoints, "route")));
    let evidence = first.into_iter().chain(start).collect();
    if track.state == TrackState::Usable {
        Finding::new(State::Met, format!("{} is usable", track.language), evidence)
    } else {
        let why = track.state_note.as_ref().map_or(String::new(), |note| format!(": {note}"));
        Finding::new(State::Partial, format!("{} has begun{why}", track.language), evidence)
    }
}

/// Coverage: measured on the trees of today, or not known. Strictly more than the bar, in every language that has begun.
fn coverage(case: &Case<'_>) -> Finding {
    let bar = case.config.tests.coverage_min;
    if case.begun.is_empty() || case.begun.iter().all(|t| case.found.tracks[*t].test_files == 0) {
        return Finding::new(State::Unmet, "there are no tests of one's own", Vec::new());
    }
    let mut evidence = Vec::new();
    let (mut above, mut below, mut unknown) = (0, Vec::new(), Vec::new());
    for at in &case.begun {
        let language = &case.tracks[*at].language;
        evidence.extend(measured(case, *at));
        match case.tracks[*at].coverage {
            Some(percent) if percent > bar => above += 1,
            Some(percent) => below.push(format!("{language} {percent:.1} %")),
            None => unknown.push(language.clone()),
        }
    }
    if !below.is_empty() {
        let state = if above > 0 { State::Partial } else { State::Unmet };
        return Finding::new(state, format!("not above {bar} %: {}", below.join(", ")), evidence);
    }
    if !unknown.is_empty() {
        return Finding::new(State::Unknown, format!("not measured on this tree: {}", unknown.join(", ")), evidence);
    }
    Finding::new(State::Met, format!("above {bar} % in every language"), evidence)
}

/// What was measured of a track, with its age: a run on record, else a report, be it one that does not fit any more.
fn measured(case: &Case<'_>, at: usize) -> Option<Evidence> {
    let (language, measured) = (&case.tracks[at].language, &case.found.tracks[at].measured);
    let ago = |when: DateTime<FixedOffset>| {
        let seconds = case.now.signed_duration_since(when).num_seconds();
        format!("{} ({})", words::ago(seconds), when.date_naive())
    };
    if let Some((receipt, percent)) = measured.receipts.iter().find_map(|r| Some((r, r.coverage?))) {
        let note = format!("{language}: {percent:.1} %, run {}", ago(receipt.at));
        return Some(Evidence { kind: Source::Receipt, commit: None, path: None, note });
    }
    let report = measured.report.as_ref()?;
    let mut note = format!("{language}: {:.1} %, written {}", report.percent, ago(report.written));
    if let Some(why) = &report.stale {
        note.push_str(&format!("; it does not count: {why}"));
    }
    Some(Evidence { kind: Source::Report, commit: None, path: Some(report.path.clone()), note })
}
