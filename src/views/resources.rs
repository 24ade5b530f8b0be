//! Books, courses, practice and help, as text.

use super::style::{Meaning, paint};
use crate::curriculum::resources::{Group, Resource};

/// A heading a group, a line a resource.
pub fn text(groups: &[Group]) -> String {
    let parts: Vec<String> = groups.iter().map(group).collect();
    parts.join("\n")
}

fn group(group: &Group) -> String {
    let lines: Vec<String> = group.entries.iter().map(line).collect();
    format!("{}\n{}", paint(Meaning::Strong, &group.title), lines.concat())
}

fn line(resource: &Resource) -> String {
    let by = resource.by.as_ref().map(|by| format!(", {by}")).unwrap_or_default();
    let note = resource.note.as_ref().map(|note| format!(": {note}")).unwrap_or_default();
    let url = resource.url.as_ref().map(|url| format!("  {}", paint(Meaning::Command, url))).unwrap_or_default();
    format!("  {}{by}{note}{url}\n", resource.title)
}
