//! Load tests side by side: each figure with its ratio to the best, and what makes the ratios worth less.

use super::compare::Compared;
use super::words;
use crate::load::summary::Figures;
use serde::Serialize;
use std::collections::BTreeMap;

/// What a load test measured of one implementation.
#[derive(Debug, Clone, Serialize)]
pub struct Load {
    /// The figures.
    #[serde(flatten)]
    pub figures: Figures,
    /// Whether the sources are still those that were measured.
    pub age: Age,
    /// The day on which it was measured, where that is known.
    pub day: Option<String>,
    /// The machine that it was measured on.
    pub machine: Option<String>,
    /// The commit that it was measured at.
    pub commit: Option<String>,
    /// Whether the script's thresholds were kept.
    pub thresholds_passed: Option<bool>,
    /// The file that says so.
    pub source: String,
}

/// How figures and sources go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Age {
    /// The sources are those that were measured.
    Current,
    /// The sources have changed since.
    Older,
    /// What was measured was not committed.
    Uncommitted,
    /// The commit that was measured is not here.
    CommitGone,
    /// The figures are not committed yet, and do not say what was measured.
    Unknown,
}

impl Age {
    fn told(self) -> Option<&'static str> {
        match self {
            Age::Current => None,
            Age::Older => Some("the sources have changed since: measure again"),
            Age::Uncommitted => Some("measured with changes that were not committed"),
            Age::CommitGone => Some("measured at a commit that is not here, so it may be older than the sources"),
            Age::Unknown => Some("the figures do not say which commit was measured"),
        }
    }
}

/// The lines of the section.
pub fn lines(compared: &Compared) -> Vec<String> {
    let mut lines = Vec::new();
    if compared.tracks.iter().all(|t| t.load.is_none()) {
        lines.extend(compared.tracks.iter().map(|t| format!("- {}: not measured yet", t.title)));
        lines.extend([String::new(), "`mastery load run` measures an implementation.".into()]);
    } else {
        let titles: Vec<&str> = compared.tracks.iter().map(|t| t.title.as_str()).collect();
        lines.push(format!("| | {} |", titles.join(" | ")));
        lines.push(format!("| --- |{}", " --- |".repeat(titles.len())));
        let columns = columns(compared);
        let row = |n: usize| columns.iter().map(|c| c[n].as_str()).collect::<Vec<_>>().join(" | ");
        lines.extend(FIGURES.iter().enumerate().map(|(n, figure)| format!("| {figure} | {} |", row(n))));
    }
    let remarks = remarks(compared);
    if !remarks.is_empty() && lines.last().is_some_and(|l| l.starts_with('|')) {
        lines.push(String::new());
    }
    lines.extend(remarks);
    lines
}

/// What stands in a column.
const FIGURES: [&str; 6] = ["Requests/s", "p50", "p95", "p99", "Errors", "Measured"];

/// A column for each implementation.
fn columns(compared: &Compared) -> Vec<[String; FIGURES.len()]> {
    let loads: Vec<&Load> = compared.tracks.iter().filter_map(|t| t.load.as_ref()).collect();
    let alone = loads.len() < 2;
    let most = loads.iter().map(|l| l.figures.requests_per_second).fold(0.0, f64::max);
    let least = |figure: fn(&Figures) -> Option<f64>| {
        loads.iter().filter_map(|l| figure(&l.figures)).fold(f64::INFINITY, f64::min)
    };
    let time = |load: &Load, figure: fn(&Figures) -> Option<f64>| {
        figure(&load.figures)
            .map_or_else(|| "?".into(), |ms| with_ratio(format!("{ms:.1} ms"), ms, least(figure), alone))
    };
    let column = |load: &Load| {
        let rate = load.figures.requests_per_second;
        [
            with_ratio(format!("{rate:.0}"), rate, most, alone),
            time(load, |f| f.p50_ms),
            time(load, |f| f.p95_ms),
            time(load, |f| f.p99_ms),
            load.figures.error_rate.map_or_else(|| "?".into(), percent),
            load.day.clone().unwrap_or_else(|| "?".into()),
        ]
    };
    let none = || std::array::from_fn(|n| if n == 0 { "not measured yet".into() } else { String::new() });
    compared.tracks.iter().map(|track| track.load.as_ref().map_or_else(none, column)).collect()
}

/// `1.5×` the best, or that it is the best.
fn with_ratio(shown: String, figure: f64, best: f64, alone: bool) -> String {
    if alone || best <= 0.0 {
        return shown;
    }
    let ratio = format!("{:.2}", figure / best);
    if ratio == "1.00" { format!("{shown} (best)") } else { format!("{shown} ({ratio}×)") }
}

fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent > 0.0 && percent < 0.1 { "under 0.1 %".into() } else { format!("{percent:.1} %") }
}

fn remarks(compared: &Compared) -> Vec<String> {
    let mut remarks = Vec::new();
    let mut machines: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut days: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for track in &compared.tracks {
        if let Some(why) = &track.load_unreadable {
            remarks.push(format!("- {}: unreadable: {}", track.title, words::shown(why)));
        }
        let Some(load) = &track.load else { continue };
        if let Some(told) = load.age.told() {
            remarks.push(format!("- {}: {told}", track.title));
        }
        if load.thresholds_passed == Some(false) {
            remarks.push(format!("- {}: the script's thresholds were crossed", track.title));
        }
        if let Some(machine) = &load.machine {
            machines.entry(machine).or_default().push(&track.title);
        }
        if let Some(day) = &load.day {
            days.entry(day).or_default().push(&track.title);
        }
    }
    let told = |by: &BTreeMap<&str, Vec<&str>>| {
        by.iter().map(|(key, titles)| format!("{} ({key})", titles.join(", "))).collect::<Vec<_>>().join("; ")
    };
    if machines.len() > 1 {
        remarks.push(format!("- Measured on different machines, so the ratios say little: {}", told(&machines)));
    } else if let Some(machine) = machines.keys().next() {
        remarks.push(format!("- Measured on {machine}"));
    }
    if days.len() > 1 {
        remarks.push(format!("- Measured on different days: {}", told(&days)));
    }
    remarks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_tells_its_ratio_to_the_best_of_several() {
        assert_eq!(with_ratio("12.0 ms".into(), 12.0, 8.0, false), "12.0 ms (1.50×)");
        assert_eq!(with_ratio("406".into(), 406.0, 812.0, false), "406 (0.50×)");
        assert_eq!(with_ratio("812".into(), 812.0, 812.0, false), "812 (best)");
        assert_eq!(with_ratio("812".into(), 812.0, 812.0, true), "812");
        assert_eq!(with_ratio("0".into(), 0.0, 0.0, false), "0");
        assert_eq!([percent(0.0), percent(0.0002), percent(0.012)], ["0.0 %", "under 0.1 %", "1.2 %"]);
    }
}
