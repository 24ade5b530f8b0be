//! What `mastery init` found, and what to type next.

use super::style::{Meaning, paint};
use super::words;
use crate::history::layout::Project;
use crate::history::survey::Survey;
use crate::system::files::Plan;
use std::path::Path;

/// What the repository holds, a line a project or a track.
pub fn found(survey: &Survey) -> String {
    if let Some(project) = survey.single() {
        let there = survey.languages(project);
        let mut out = format!("Found a project, {}:\n", strong(&project.id));
        let width = survey.planned().iter().map(String::len).max().unwrap_or(0);
        for (language, directory) in &there {
            let directory = if directory.is_empty() { "." } else { directory };
            out.push_str(&format!("  {language:<width$}  {}\n", words::shown(directory)));
        }
        for language in survey.planned().iter().filter(|l| !there.iter().any(|(t, _)| t == *l)) {
            out.push_str(&format!("  {language:<width$}  {}\n", paint(Meaning::Faint, "not begun")));
        }
        return out;
    }
    let projects = survey.curriculum();
    if projects.is_empty() {
        return "Found no project yet: neither directories like 15-api-rate-limiter/ nor one like golang/.\n".into();
    }
    let width = projects.iter().map(|p| words::shown(&p.id).chars().count()).max().unwrap_or(0);
    let mut out = format!("Found a curriculum of {}:\n", words::count(projects.len(), "project"));
    for project in projects {
        out.push_str(&format!("  {:<width$}  {}\n", words::shown(&project.id), tracks(survey, project)));
    }
    out
}

fn strong(text: &str) -> String {
    paint(Meaning::Strong, words::shown(text))
}

fn tracks(survey: &Survey, project: &Project) -> String {
    let mut languages: Vec<String> = survey.languages(project).into_iter().map(|(language, _)| language).collect();
    languages.dedup();
    if languages.is_empty() { paint(Meaning::Faint, "no track yet") } else { words::shown(languages.join(", ")) }
}

/// What to type now.
pub fn next(plan: &Plan, top: &Path) -> String {
    if plan.is_empty() {
        return "Everything is in place; nothing was written.\n".into();
    }
    let written: Vec<String> = plan
        .changes
        .iter()
        .filter(|change| change.writes())
        .filter_map(|change| change.path().strip_prefix(top).ok()?.to_str().map(words::shell))
        .collect();
    let commit = format!("git add {} && git commit -m \"docs: set up mastery\"", written.join(" "));
    let commands = [
        ("mastery hook install".to_owned(), "commits are tested from now on"),
        (commit, ""),
        ("mastery next".to_owned(), "the first thing to do"),
    ];
    let mut out = String::from("Next:\n");
    for (command, why) in commands {
        let command = paint(Meaning::Command, words::shown(&command));
        let why =
            if why.is_empty() { String::new() } else { format!("  {}", paint(Meaning::Faint, format!("# {why}"))) };
        out.push_str(&format!("  {command}{why}\n"));
    }
    out
}
