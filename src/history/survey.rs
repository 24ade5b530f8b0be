//! What a repository holds, as far as names tell: projects, their tracks, and tracks that detection alone would miss. Pure.

use crate::config::{Config, family, preset};
use crate::git::{Entry, Mode, ObjectId};
use crate::history::layout::{self, Project, is_below};
use bstr::{BStr, BString, ByteSlice};
use indexmap::IndexMap;

/// A language that has no preset but a manifest that gives it away.
struct Known {
    name: &'static str,
    manifest: &'static str,
    test: &'static str,
}

const KNOWN: [Known; 5] = [
    Known { name: "rust", manifest: "Cargo.toml", test: "cargo test" },
    Known { name: "java", manifest: "pom.xml", test: "mvn -q test" },
    Known { name: "elixir", manifest: "mix.exs", test: "mix test" },
    Known { name: "ruby", manifest: "Gemfile", test: "bundle exec rake test" },
    Known { name: "php", manifest: "composer.json", test: "composer test" },
];

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survey {
    /// The projects with the tracks that are found without any help.
    pub projects: Vec<Project>,
    /// Languages that need a table, with what it should say.
    pub proposals: IndexMap<String, Proposal>,
}

/// A table that makes tracks known which detection misses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proposal {
    /// Directories, relative to the project.
    pub directories: Vec<String>,
    /// The projects that have them.
    pub projects: Vec<BString>,
    /// The test command, for a language without a preset.
    pub test: Option<String>,
}

impl Survey {
    /// Looks at `paths` (sorted) as `config` stands. `name` is the repository's.
    pub fn of(paths: &[BString], config: &Config, name: &str) -> Survey {
        let nothing = ObjectId::from_bytes([0; 20]);
        let entries: Vec<Entry> =
            paths.iter().map(|path| Entry { path: path.clone(), mode: Mode::File, id: nothing }).collect();
        let projects = layout::projects(&entries, config, name);
        let mut proposals = IndexMap::new();
        for project in &projects {
            propose(paths, project, config, &mut proposals);
        }
        Survey { projects, proposals }
    }

    /// The one project at the repository's root, if that is what it is and something is built in it.
    pub fn single(&self) -> Option<&Project> {
        match self.projects.as_slice() {
            [one] if one.path.is_empty() && !self.languages(one).is_empty() => Some(one),
            _ => None,
        }
    }

    /// The projects of a curriculum; none in another repository.
    pub fn curriculum(&self) -> &[Project] {
        if self.projects.iter().any(|p| !p.path.is_empty()) { &self.projects } else { &[] }
    }

    /// The languages that something is there for in `project`, with their directories.
    pub fn languages(&self, project: &Project) -> Vec<(String, String)> {
        let mut found: Vec<(String, String)> =
            project.tracks.iter().map(|t| (t.language.clone(), t.path.to_str_lossy().into_owned())).collect();
        let proposed = self.proposals.iter().filter(|(_, p)| p.projects.contains(&project.path));
        found.extend(proposed.flat_map(|(name, p)| p.directories.iter().map(|d| (name.clone(), d.clone()))));
        found
    }

    /// What is to be built: what is there in any project, then the guide's languages, until there are three.
    pub fn planned(&self) -> Vec<String> {
        let there = self.projects.iter().flat_map(|p| p.tracks.iter().map(|t| t.language.clone()));
        let mut planned: Vec<String> = Vec::new();
        for name in there.chain(self.proposals.keys().cloned()) {
            if !planned.contains(&name) {
                planned.push(name);
            }
        }
        for name in preset::NAMES {
            if planned.len() < 3 && !planned.iter().any(|p| p == name) {
                planned.push(name.to_owned());
            }
        }
        planned
    }
}

/// Adds a table for each language whose manifest lies where detection does not look.
fn propose(paths: &[BString], project: &Project, config: &Config, proposals: &mut IndexMap<String, Proposal>) {
    let presets = family::ALL.iter().take(family::PRESETS).map(|f| (f.name, f.manifests, f.aliases, None));
    let known =
        KNOWN.iter().map(|k| (k.name, std::slice::from_ref(&k.manifest), std::slice::from_ref(&k.name), Some(k.test)));
    let mut at_root = Vec::new();
    for (name, manifests, aliases, test) in presets.chain(known) {
        let there = project.tracks.iter().any(|t| t.language == name);
        if there || config.languages.get(name).is_some_and(|l| l.configured) {
            continue;
        }
        match place(paths, project, manifests, aliases) {
            Some(directory) if directory == "." => at_root.push((name, test)),
            Some(directory) => add(proposals, project, name, directory, test),
            None => {}
        }
    }
    // A package.json beside the tracks belongs to the tools; alone, the root is the track.
    if project.tracks.is_empty() && proposals.is_empty() {
        for (name, test) in at_root {
            add(proposals, project, name, ".".into(), test);
        }
    }
}

fn add(
    proposals: &mut IndexMap<String, Proposal>,
    project: &Project,
    name: &str,
    directory: String,
    test: Option<&str>,
) {
    let proposal = proposals.entry(name.to_owned()).or_default();
    proposal.test = test.map(str::to_owned);
    proposal.projects.push(project.path.clone());
    if !proposal.directories.contains(&directory) {
        proposal.directories.push(directory);
    }
}

/// The directory in `project` that holds one of `manifests`: one with an alias in its own name before another, a shallow one
/// before a deep one; never one inside a track.
fn place(paths: &[BString], project: &Project, manifests: &[&str], aliases: &[&str]) -> Option<String> {
    let skip = if project.path.is_empty() { 0 } else { project.path.len() + 1 };
    paths
        .iter()
        .filter(|path| is_below(path.as_bstr(), project.path.as_bstr()))
        .filter(|path| !project.tracks.iter().any(|t| t.holds(path.as_bstr())))
        .filter_map(|path| {
            let inside = path[skip..].as_bstr();
            let (directory, file) = inside
                .rfind_byte(b'/')
                .map_or((BStr::new("."), inside), |slash| (inside[..slash].as_bstr(), inside[slash + 1..].as_bstr()));
            manifests.iter().any(|m| file == *m).then_some(directory)
        })
        .filter_map(|directory| directory.to_str().ok())
        .filter(|directory| !directory.contains(['*', '?', '[', ']', '{', '}', '\\', '"']))
        .filter(|directory| !directory.chars().any(char::is_control))
        .min_by_key(|directory| {
            let last = directory.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
            let named = last.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| aliases.contains(&word));
            (!named, directory.matches('/').count(), *directory)
        })
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn survey(paths: &[&str]) -> Survey {
        let mut paths: Vec<BString> = paths.iter().map(|p| BString::from(*p)).collect();
        paths.sort();
        Survey::of(&paths, &Config::default(), "limiter")
    }

    fn proposed(survey: &Survey) -> Vec<(&str, Vec<&str>)> {
        let texts = |p: &'_ Proposal| p.directories.clone();
        survey
            .proposals
            .iter()
            .map(|(name, p)| (name.as_str(), texts(p).leak().iter().map(String::as_str).collect()))
            .collect()
    }

    #[test]
    fn a_track_that_detection_finds_needs_no_table() {
        let found = survey(&["15-api/golang/go.mod", "15-api/py/pyproject.toml", "package.json"]);
        assert_eq!(proposed(&found), []);
        assert_eq!(found.curriculum().len(), 1);
        assert_eq!(found.planned(), ["golang", "python", "nestjs"]);
    }

    #[test]
    fn a_strangely_named_track_gets_a_table_and_a_nested_one_needs_none() {
        let found = survey(&["backends/go/go.mod", "web/package.json", "README.md"]);
        assert_eq!(proposed(&found), [("nestjs", vec!["web"])]);
        assert_eq!(found.projects[0].tracks[0].path, "backends/go");
        assert_eq!(found.single().unwrap().id, "limiter");
    }

    #[test]
    fn the_root_is_a_track_only_where_there_is_no_other() {
        let root = survey(&["go.mod", "main.go"]);
        assert_eq!((root.projects[0].tracks[0].language.as_str(), proposed(&root)), ("golang", vec![]));
        assert_eq!(proposed(&survey(&["package.json", "golang/go.mod"])), []);
    }

    #[test]
    fn a_language_without_a_preset_is_known_by_its_manifest() {
        let found = survey(&["rust/Cargo.toml", "golang/go.mod"]);
        assert_eq!(found.proposals["rust"].test.as_deref(), Some("cargo test"));
        assert_eq!(found.planned(), ["golang", "rust", "nestjs"]);
    }

    #[test]
    fn an_empty_repository_is_neither_a_project_nor_a_curriculum() {
        let found = survey(&["README.md"]);
        assert!(found.single().is_none() && found.curriculum().is_empty());
    }
}
