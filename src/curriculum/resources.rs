//! Books, courses, practice and where to get help: data, as the guide lists it.

use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// Resources of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// `books`, `courses`, `practice`, `stuck`, `community`.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// The resources, best first.
    pub entries: Vec<Resource>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    /// What it is called.
    pub title: String,
    /// Who wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What it is good for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

#[derive(Deserialize)]
struct Resources {
    groups: Vec<Group>,
}

static GROUPS: LazyLock<Vec<Group>> = LazyLock::new(|| {
    let text = include_str!("../../templates/resources.toml");
    toml::from_str::<Resources>(text).map(|r| r.groups).unwrap_or_default()
});

/// All of them, in the guide's order.
pub fn groups() -> &'static [Group] {
    &GROUPS
}

#[cfg(test)]
mod tests {
    use super::groups;

    #[test]
    fn the_data_is_read() {
        let ids: Vec<&str> = groups().iter().map(|g| g.id.as_str()).collect();
        assert_eq!(ids, ["books", "courses", "practice", "stuck", "community"]);
        assert!(groups().iter().all(|g| !g.entries.is_empty()));
    }
}
