//! The curriculum's projects as text.

use super::style::{Meaning, paint};
use super::words;
use crate::curriculum::offer::Offer;
use crate::curriculum::{Level, Project};

/// Narrower than this, the list leaves the titles out: the ids say the same.
const ROOM_FOR_TITLES: usize = 84;

/// All of them by level, the recommended ones first and in their order.
pub fn list(offers: &[&Offer<'_>], width: usize) -> String {
    let parts: Vec<String> = [Level::Beginner, Level::Intermediate, Level::Advanced]
        .into_iter()
        .map(|level| {
            let mut of_level: Vec<&Offer<'_>> = offers.iter().copied().filter(|o| o.project.level == level).collect();
            of_level.sort_by_key(|o| (o.project.order.unwrap_or(u32::MAX), o.project.id.clone()));
            let lines: String = of_level.iter().map(|offer| line(offer, width)).collect();
            format!("{}\n{lines}", paint(Meaning::Strong, heading(level)))
        })
        .collect();
    parts.join("\n")
}

fn heading(level: Level) -> &'static str {
    match level {
        Level::Beginner => "Beginner (up to a year)",
        Level::Intermediate => "Intermediate (one to three years)",
        Level::Advanced => "Advanced (three years and more)",
    }
}

fn line(offer: &Offer<'_>, width: usize) -> String {
    let Project { id, title, order, .. } = offer.project;
    let place = order.map_or_else(|| "  ".to_owned(), |order| format!("{order}."));
    let title = if width < ROOM_FOR_TITLES { String::new() } else { format!("  {title:<36}") };
    let line = format!("  {place} {id:<29}  {:<9}{title}  {}", weeks(offer.project), here(offer));
    format!("{}\n", line.trim_end())
}

fn weeks(project: &Project) -> String {
    match project.weeks {
        (least, most) if least == most => words::count(least as usize, "week"),
        (least, most) => format!("{least}-{most} weeks"),
    }
}

fn here(offer: &Offer<'_>) -> String {
    match offer.here {
        None => String::new(),
        Some(here) if here.complete => paint(Meaning::Good, "finished"),
        Some(here) if here.current_phase == 0 => paint(Meaning::Faint, "not begun"),
        Some(here) => paint(Meaning::Doubt, format!("phase {} of 6", here.current_phase)),
    }
}

/// One of them, whole.
pub fn show(offer: &Offer<'_>) -> String {
    let project = offer.project;
    let mut rows = vec![
        ("for", heading(project.level).to_owned()),
        ("takes", weeks(project)),
        ("learn", project.learned.join(", ")),
    ];
    rows.extend(project.why.clone().map(|why| ("why", why)));
    rows.push(("brief", project.path.clone()));
    rows.push(("here", if offer.here.is_some() { here(offer) } else { "nothing yet".to_owned() }));
    let mut out = format!("{}  {}\n", paint(Meaning::Strong, &project.title), project.id);
    for (name, value) in rows {
        out.push_str(&format!("  {name:<6} {value}\n"));
    }
    out
}

/// What is open of the `count` that the guide recommends for a level, first things first.
pub fn recommend(level: Level, open: &[&Offer<'_>], count: usize) -> String {
    let finished = count - open.len();
    let Some(first) = open.first() else {
        return format!("You have finished what the guide recommends here: {}.\n{}", heading(level), further(level));
    };
    let mut out = format!("{}, in this order:\n", paint(Meaning::Strong, heading(level)));
    for offer in open {
        let project = offer.project;
        out.push_str(format!("  {}  {}  {}", project.id, weeks(project), here(offer)).trim_end());
        out.push_str(&format!("\n    learn {}\n", project.learned.join(", ")));
        out.push_str(
            &project.why.as_ref().map(|why| format!("    {}\n", paint(Meaning::Faint, why))).unwrap_or_default(),
        );
    }
    if finished > 0 {
        out.push_str(&format!("Finished already: {finished} of {count}.\n"));
    }
    let command = format!("mastery projects show {}", first.project.id);
    out.push_str(&format!("More: {}\n", paint(Meaning::Command, command)));
    out
}

fn further(level: Level) -> String {
    let next = match level {
        Level::Beginner => "mastery projects recommend --level intermediate",
        Level::Intermediate => "mastery projects recommend --level advanced",
        Level::Advanced => "mastery projects list",
    };
    format!("Next: {}\n", paint(Meaning::Command, next))
}
