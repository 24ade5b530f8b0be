//! Where everything stands, as people read it: one screen for one project, a line each for several.

use super::style::{Meaning, paint};
use super::words;
use crate::progress::next;
use crate::progress::status::{
    Evidence, Phase, PhaseState, Project, Repository, Source, State, SuiteState, Track, TrackState,
};

/// Where a project stands, on one line: its phase of six, its tracks, what is next. `ids` are those of all that have such a line.
pub(super) fn line(project: &Project, ids: &[&str], width: usize) -> String {
    let widest = ids.iter().map(|id| wide(&words::shown(id))).max().unwrap_or(0);
    let id = words::shown(&project.id);
    let (phase, meaning) = match project.current_phase {
        0 => ("-".to_owned(), Meaning::Faint),
        _ if project.complete => ("done".to_owned(), Meaning::Good),
        n => (format!("{n}/6"), Meaning::Doubt),
    };
    let begun = project.tracks.iter().filter(|t| t.state >= TrackState::InProgress);
    let tracks: Vec<String> = begun.map(|t| format!("{} {}", words::shown(&t.language), state_word(t.state))).collect();
    let step = next::step(project).map(|s| format!("next: {}", words::shown(&s.what)));
    let rest: Vec<String> = [tracks.join(", ")].into_iter().filter(|t| !t.is_empty()).chain(step).collect();
    // A long id gives way before the phase does.
    let column = widest.min(width.saturating_sub(8)).max(8);
    let id = cut(&id, column);
    let gap = " ".repeat(column - wide(&id));
    // Less than a word or two says nothing.
    let room = width.saturating_sub(column + 8);
    let rest = if room < 12 { String::new() } else { cut(&rest.join("; "), room) };
    format!("{}{gap}  {}  {rest}", paint(Meaning::Strong, id), paint(meaning, format!("{phase:<4}")))
        .trim_end()
        .to_owned()
        + "\n"
}

/// As much of `text` as has room in `width` columns, with a mark where something is left out.
fn cut(text: &str, width: usize) -> String {
    if wide(text) <= width {
        return text.to_owned();
    }
    let mut out = String::new();
    for c in text.chars() {
        if wide(&out) + wide(c.encode_utf8(&mut [0; 4])) + 1 > width {
            break;
        }
        out.push(c);
    }
    if width > 0 { out.trim_end().to_owned() + "…" } else { out }
}

/// How many columns a text takes, colours not counted.
fn wide(text: &str) -> usize {
    unicode_width::UnicodeWidthStr::width(anstream::adapter::strip_str(text).to_string().as_str())
}

fn phase_name(project: &Project, number: u8) -> String {
    let phase = project.phases.iter().find(|p| p.number == number);
    phase.map_or_else(String::new, |p| p.name.to_owned())
}

/// Where a project stands, in full. With `explain`, the evidence for everything.
pub(super) fn screen(project: &Project, explain: bool, width: usize) -> String {
    let id = if project.title == project.id { String::new() } else { format!("  {}", words::shown(&project.id)) };
    let mut out = format!("{}{}\n", paint(Meaning::Strong, words::shown(&project.title)), paint(Meaning::Faint, id));
    out.push_str(&wrapped(&summary(project), "", "", width));
    out.push('\n');
    // The longest line has 57 columns and a language; where that is too much, all go without the phases' names.
    let language = |p: &Phase| p.language.as_ref().map_or(0, |l| wide(&words::shown(l)));
    let with_names = 57 + project.phases.iter().map(language).max().unwrap_or(0) <= width;
    for phase in &project.phases {
        out.push_str(&bar(phase, with_names));
        if explain {
            for m in &phase.milestones {
                let required = if m.required { "" } else { " (not required)" };
                out.push_str(&judged(m.id, m.state, &format!("{}{required}", m.why), &m.evidence, width));
            }
            if let Some(lacks) = lacks(project, phase) {
                out.push_str(&judged("usable", State::Partial, lacks, &[], width));
            }
        }
    }
    if project.tracks.is_empty() {
        out.push_str(&wrapped(
            "\nNo track is here yet: a track is a directory in which the project is built in one language, such as golang/. If yours are called otherwise, `directories` in .mastery.toml says so.",
            "", "", width));
    } else {
        out.push_str(&format!("\n{}\n", paint(Meaning::Strong, "Tracks")));
        let mut tracks: Vec<&Track> = project.tracks.iter().collect();
        let phase = |t: &Track| {
            project.phases.iter().find(|p| p.language.as_ref() == Some(&t.language)).map_or(7, |p| p.number)
        };
        tracks.sort_by_key(|t| (phase(t), t.order.is_none(), t.order, std::cmp::Reverse(t.state)));
        for one in tracks {
            out.push_str(&wrapped(&track(one), "  ", "      ", width));
        }
    }
    let missing = missing(project, width);
    if !missing.is_empty() {
        out.push_str(&format!("\n{}\n{missing}", paint(Meaning::Strong, "Missing")));
    }
    out.push_str(&format!("\n{}\n", paint(Meaning::Strong, "Success metrics")));
    if explain {
        project.metrics.iter().for_each(|m| out.push_str(&judged(m.id, m.state, &m.why, &m.evidence, width)));
    } else {
        out.push_str(&metrics(project, width));
    }
    if !project.notes.is_empty() {
        out.push('\n');
        project.notes.iter().for_each(|n| out.push_str(&wrapped(&words::shown(n), "  note: ", "        ", width)));
    }
    if !project.overrules.is_empty() {
        out.push_str(&format!("\n{}\n", paint(Meaning::Strong, "Overruled in .mastery.toml")));
        project.overrules.iter().for_each(|o| out.push_str(&wrapped(&words::shown(o), "  ", "      ", width)));
    }
    if let Some(step) = next::step(project) {
        let what = format!("{} {}", paint(Meaning::Strong, "Next:"), words::shown(&step.what));
        out.push_str(&format!(
            "\n{}  {}\n",
            wrapped(&what, "", "      ", width),
            paint(Meaning::Command, words::shown(&step.command))
        ));
    }
    out
}

/// `Phase 4 of 6, Build in Second Language; 2 days behind plan.`
fn summary(project: &Project) -> String {
    let mut text = match project.current_phase {
        0 => "Nothing has begun yet".to_owned(),
        _ if project.complete => "Complete".to_owned(),
        n => format!("Phase {n} of 6: {}", phase_name(project, n)),
    };
    if let Some(day) = &project.started {
        text.push_str(&format!(", started {day}"));
    }
    if let Some(schedule) = &project.schedule {
        let days = |n: u64| words::count(usize::try_from(n).unwrap_or(usize::MAX), "day");
        text.push_str(&match schedule.days_behind {
            0 => ", on plan".to_owned(),
            n if n > 0 => format!(", {} behind plan (phase {} by now)", days(n.unsigned_abs()), schedule.planned_phase),
            n => format!(", {} ahead of plan", days(n.unsigned_abs())),
        });
    }
    text.push('.');
    text
}

fn bar(phase: &Phase, with_name: bool) -> String {
    let filled = usize::from(phase.percent) / 10;
    let (word, meaning) = match phase.state {
        PhaseState::Pending => ("", Meaning::Faint),
        PhaseState::Active => ("active", Meaning::Doubt),
        PhaseState::Done => ("done", Meaning::Good),
        PhaseState::Implied => ("implied", Meaning::Faint),
    };
    let name = if with_name { format!("{:<26}", phase.name) } else { String::new() };
    let bar = paint(meaning, format!("{}{}", "█".repeat(filled), "░".repeat(10 - filled)));
    let language = phase.language.as_ref().map(words::shown).unwrap_or_default();
    let line = format!("  {} {name} {bar} {:>3} % {word:<8} {language}", phase.number, phase.percent);
    format!("{}\n", line.trim_end())
}

fn state_word(state: TrackState) -> &'static str {
    match state {
        TrackState::Absent => "removed",
        TrackState::Placeholder => "empty",
        TrackState::Scaffold => "scaffold",
        TrackState::InProgress => "in progress",
        TrackState::Usable => "usable",
    }
}

fn track(track: &Track) -> String {
    let order = track.order.map_or_else(|| "·".to_owned(), |n| n.to_string());
    let mut parts = vec![format!(
        "{order} {} in {}: {}",
        paint(Meaning::Strong, words::shown(&track.language)),
        words::shown(&track.path),
        state_word(track.state)
    )];
    if let Some(lacks) = &track.state_note {
        parts[0].push_str(&format!(" ({})", words::shown(lacks)));
    }
    if track.source_files > 0 {
        parts.push(words::count(track.source_files, "source file"));
        parts.push(match track.test_cases {
            Some(n) => words::count(n, "test case"),
            None => words::count(track.test_files, "test file"),
        });
        if track.endpoints > 0 {
            parts.push(words::count(track.endpoints, "route"));
        }
        parts.push(match track.suite.state {
            SuiteState::Passed => "suite passed".into(),
            SuiteState::Failed => paint(Meaning::Bad, "suite failed"),
            SuiteState::Missing => "suite not on record".into(),
        });
        if let Some(percent) = track.coverage {
            parts.push(format!("{percent:.1} % covered"));
        }
        parts.push(format!("{} in {}", words::count(track.commits, "commit"), words::count(track.active_days, "day")));
        if let Some(hours) = &track.hours {
            parts.push(format!("about {}-{} h", hours.low, hours.high));
        }
    }
    if !track.planned {
        parts.push("not planned".into());
    }
    if let Some(note) = track.order_note.as_ref().filter(|_| track.source_files > 0) {
        parts.push(words::shown(note));
    }
    parts.join(", ")
}

/// What the language of a build phase still lacks to be usable.
fn lacks<'p>(project: &'p Project, phase: &Phase) -> Option<&'p str> {
    let track = project.tracks.iter().find(|t| Some(&t.language) == phase.language.as_ref())?;
    track.state_note.as_deref().filter(|_| phase.state != PhaseState::Done)
}

/// What the phases that have begun still lack, a line each.
fn missing(project: &Project, width: usize) -> String {
    let mut out = String::new();
    for phase in project.phases.iter().filter(|p| p.number <= project.current_phase && p.state != PhaseState::Pending) {
        let open = phase.milestones.iter().filter(|m| m.required && !m.state.is_settled());
        let mut ids: Vec<String> = open
            .map(|m| if m.state == State::Unknown { format!("{} (unknown)", m.id) } else { m.id.to_owned() })
            .collect();
        ids.extend(lacks(project, phase).map(|_| "usable".to_owned()));
        if !ids.is_empty() {
            let language = phase.language.as_ref().map_or(String::new(), |l| format!(", {}", words::shown(l)));
            out.push_str(&wrapped(
                &format!("phase {}{language}: {}", phase.number, ids.join(", ")),
                "  ",
                "      ",
                width,
            ));
        }
    }
    out
}

fn metrics(project: &Project, width: usize) -> String {
    let mut out = String::new();
    for (state, word, meaning) in [
        (State::Met, "met", Meaning::Good),
        (State::Claimed, "claimed", Meaning::Good),
        (State::Partial, "partly", Meaning::Doubt),
        (State::Unknown, "unknown", Meaning::Doubt),
        (State::Unmet, "not yet", Meaning::Faint),
    ] {
        let ids: Vec<String> =
            project.metrics.iter().filter(|m| m.state == state).map(|m| m.id.replace('_', " ")).collect();
        if !ids.is_empty() {
            let first = format!("  {} ", paint(meaning, format!("{word:<8}")));
            out.push_str(&wrapped(&ids.join(", "), &first, "           ", width));
        }
    }
    out
}

fn judged(id: &str, state: State, why: &str, evidence: &[Evidence], width: usize) -> String {
    let (word, meaning) = match state {
        State::Met => ("met", Meaning::Good),
        State::Claimed => ("claimed", Meaning::Good),
        State::Partial => ("partly", Meaning::Doubt),
        State::Unmet => ("unmet", Meaning::Bad),
        State::Unknown => ("unknown", Meaning::Doubt),
    };
    let first = format!("      {} ", paint(meaning, format!("{word:<8}")));
    let mut out = wrapped(&format!("{id}: {}", words::shown(why)), &first, "               ", width);
    for e in evidence {
        let commit = e.commit.map_or(String::new(), |c| format!("{} ", c.short()));
        let path = e.path.as_ref().map_or(String::new(), |p| format!("{} ", words::shown(p)));
        let source = match e.kind {
            Source::Commit => "",
            Source::Receipt => "receipt ",
            Source::Report => "report ",
            Source::Declaration => "declared ",
        };
        out.push_str(&wrapped(
            &format!("{source}{commit}{path}({})", words::shown(&e.note)),
            "               ",
            "                 ",
            width,
        ));
    }
    out
}

/// What it says of the repository.
pub(super) fn repository(repository: &Repository, width: usize) -> String {
    let mut lines = Vec::new();
    if repository.head.is_none() {
        lines.push("There is no commit yet; `mastery next` says how to begin.".to_owned());
    }
    if let Some(n) = repository.unverified_commits.filter(|n| *n > 0) {
        lines.push(format!(
            "{} changed a track and no passing run of exactly that content is on record.",
            words::count(n, "commit")
        ));
    }
    if repository.excused_commits > 0 {
        lines.push(format!("{} excused from the journal.", words::count(repository.excused_commits, "commit")));
    }
    lines.extend(repository.notes.iter().map(|n| format!("note: {}", words::shown(n))));
    if lines.is_empty() {
        return String::new();
    }
    let text: String = lines.iter().map(|l| wrapped(l, "", "  ", width)).collect();
    format!("\n{text}")
}

/// Words put on lines no wider than `width`, colours not counted.
fn wrapped(text: &str, first: &str, rest: &str, width: usize) -> String {
    let mut out = String::from(first);
    let mut used = wide(first);
    let mut empty = true;
    for word in text.split(' ') {
        let length = wide(word);
        if !empty && used + 1 + length > width.max(20) {
            out.push('\n');
            out.push_str(rest);
            used = wide(rest);
            empty = true;
        }
        if !empty {
            out.push(' ');
            used += 1;
        }
        out.push_str(word);
        used += length;
        empty = false;
    }
    out.push('\n');
    out
}
