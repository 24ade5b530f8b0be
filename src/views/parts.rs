//! The answer of a status in parts, each about one thing: where only that has changed, only its part is made anew.

use super::status;
use crate::progress::status::{Repository, Status};
use serde::Serialize;

/// What a part is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// Which projects there are.
    All,
    /// The repository.
    Repository,
}

/// The answer as text: its parts in order.
pub fn text(status: &Status, explain: bool, width: usize) -> Vec<(About, String)> {
    vec![
        (About::All, status::projects(status, explain, width)),
        (About::Repository, status::repository(&status.repository, width)),
    ]
}

/// The answer as JSON: its parts in order, which are what serde makes of the whole.
///
/// # Errors
/// There is nothing in it that JSON can't say.
pub fn json(status: &Status) -> serde_json::Result<Vec<(About, String)>> {
    let projects: Vec<String> = status.projects.iter().map(|p| indented(p, "    ")).collect::<Result<_, _>>()?;
    let list = if projects.is_empty() { "[]".to_owned() } else { format!("[\n    {}\n  ]", projects.join(",\n    ")) };
    Ok(vec![
        (About::All, format!("{{\n  \"schema\": {},\n  \"repository\": ", status.schema)),
        (About::Repository, json_repository(&status.repository)?),
        (About::All, format!(",\n  \"projects\": {list}\n}}\n")),
    ])
}

/// The part of the JSON about the repository.
///
/// # Errors
/// As [`json`].
pub fn json_repository(repository: &Repository) -> serde_json::Result<String> {
    indented(repository, "  ")
}

/// A value as JSON, as it stands `by` so much to the right.
fn indented<T: Serialize>(value: &T, by: &str) -> serde_json::Result<String> {
    Ok(serde_json::to_string_pretty(value)?.replace('\n', &format!("\n{by}")))
}
