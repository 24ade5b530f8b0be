//! The nine success metrics of one project.

use super::judge::{Case, claimed};
use super::signals::{self, Finding};
use super::status::{Evidence, Metric, Source, State, TrackState};
use super::{deploy, load};
use crate::curriculum::METRICS;
use bstr::ByteSlice;

/// All nine, in the guide's order.
pub fn all(case: &Case<'_>) -> Vec<Metric> {
    let tree = case.inspected;
    let begun = !case.begun.is_empty();
    METRICS
        .iter()
        .map(|(id, title)| {
            let mut finding = match *id {
                "first_language" => language(case, 0),
                "second_language" => language(case, 1),
                "third_language" => language(case, 2),
                "coverage" => coverage(case),
                "monitoring" => signals::monitoring(case.matter, case.project, tree),
                "deployed" => deploy::deployed(case.matter, case.project, tree),
                "load_tested" => load::tested(case.matter, case.project, case.first, &case.papers, begun),
                "decisions" => signals::decisions(case.matter, &case.papers, &case.shared),
                _ => signals::blog(case.matter, &case.papers),
            };
            if claimed(case, &[id], finding.state) {
                finding.evidence.insert(0, declared());
                finding = Finding::new(State::Claimed, "vouched for in .mastery.toml", finding.evidence);
            }
            Metric { id, title, state: finding.state, why: finding.why, evidence: finding.evidence }
        })
        .collect()
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
    let mut evidence = Vec::new();
    if let Some(first) = case.facts(*at).first {
        evidence.push(case.matter.commit(
            first,
            case.facts(*at).first_path.as_ref().map(|p| p.as_bstr()),
            "its first source",
        ));
    }
    if let Some(start) = &case.inspected[*at].start {
        evidence.push(case.matter.path(start.as_bstr(), format!("starts it; {} routes", track.endpoints)));
    }
    if track.state == TrackState::Usable {
        Finding::new(State::Met, format!("{} is usable", track.language), evidence)
    } else {
        Finding::new(State::Partial, format!("{} has begun", track.language), evidence)
    }
}

/// Coverage: measured on the trees of today, or not known. Strictly more than the bar, in every language that has begun.
fn coverage(case: &Case<'_>) -> Finding {
    let bar = case.matter.config.tests.coverage_min;
    if case.begun.is_empty() || case.begun.iter().all(|t| case.inspected[*t].tests.is_empty()) {
        return Finding::new(State::Unmet, "there are no tests of one's own", Vec::new());
    }
    let mut evidence = Vec::new();
    let (mut above, mut below, mut unknown) = (0, Vec::new(), Vec::new());
    for at in &case.begun {
        let track = &case.tracks[*at];
        match track.coverage {
            Some(percent) => {
                if percent > bar {
                    above += 1;
                } else {
                    below.push(format!("{} {percent:.1} %", track.language));
                }
                let measured = case.measured(*at);
                let receipt = measured.receipts.iter().find(|r| r.coverage.is_some());
                let (kind, path, age) = match (receipt, &measured.report) {
                    (Some(r), _) => (Source::Receipt, None, format!("run on {}", r.at.date_naive())),
                    (None, Some((_, path))) => (Source::Report, Some(path.clone()), "a report in the work tree".into()),
                    (None, None) => continue,
                };
                let note = format!("{}: {percent:.1} %, {age}", track.language);
                evidence.push(Evidence { kind, commit: None, path, note });
            }
            None => unknown.push(track.language.clone()),
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
