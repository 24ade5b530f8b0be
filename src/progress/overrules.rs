//! What the learner overrules in `.mastery.toml`, as it is shown: a judgement that was not read from history says so.

use super::judge::Case;
use super::status::{Milestone, State};
use crate::config::Config;
use crate::curriculum::METRICS;
use crate::views::words;

/// One line for each thing that the configuration says in history's stead.
pub(super) fn of(case: &Case<'_>, milestones: &[&Milestone]) -> Vec<String> {
    let config = case.config;
    let settings = config.project(&case.found.id);
    let mut lines: Vec<String> = settings.done.iter().map(|word| vouched(case, word, milestones)).collect();
    if let Some(day) = settings.started {
        lines.push(format!("started: {day}, as declared"));
    }
    if !settings.baseline.is_empty() {
        lines.push(format!("baseline: what stood at {} is nobody's evidence", settings.baseline));
    }
    if !config.people.learners.is_empty() {
        lines.push(format!("learners: only the work of {} counts", config.people.learners.join(", ")));
    }
    let default = Config::default();
    for track in &case.found.tracks {
        let Some(language) = config.languages.get(&track.language).filter(|l| l.configured) else { continue };
        if language.directories.is_some() {
            lines.push(format!("directories: {} is looked for in {}", track.language, track.path));
        }
        let usual = default.languages.get(&track.language).or(default.languages.first().map(|(_, l)| l));
        if usual.is_none_or(|u| u.ignore != language.ignore) {
            lines.push(format!("ignore: {} is passed over in {}", language.ignore.join(", "), track.language));
        }
    }
    lines
}

/// What a word of `done` comes to.
fn vouched(case: &Case<'_>, word: &str, milestones: &[&Milestone]) -> String {
    let folded = word.trim().to_lowercase();
    let phases = (1..=6).flat_map(|n| [n.to_string(), format!("phase {n}"), format!("phase-{n}")]);
    let ids: Vec<&str> = milestones.iter().map(|m| m.id).collect();
    let languages = case.tracks.iter().flat_map(|t| ids.iter().map(move |id| format!("{}/{id}", t.language)));
    let known: Vec<String> = phases
        .chain(ids.iter().map(|id| (*id).to_owned()))
        .chain(METRICS.iter().map(|(id, _)| (*id).to_owned()))
        .chain(languages)
        .collect();
    if known.contains(&folded) {
        return format!("done: you vouch for {word}; what history does not prove of it is claimed");
    }
    let near = words::nearest(&folded, known.iter().map(String::as_str));
    let near = near.map_or(String::new(), |near| format!("; did you mean {near}?"));
    format!("done: {word} is no phase, milestone or metric here{near}")
}

/// Whether a state may be overruled by what the learner vouches for.
pub(super) fn claimed(case: &Case<'_>, words: &[&str], state: State) -> bool {
    state != State::Met
        && case.config.project(&case.found.id).done.iter().any(|d| {
            let d = d.trim().to_lowercase();
            words.contains(&d.as_str())
        })
}
