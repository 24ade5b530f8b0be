//! Where projects and their tracks are in a tree, by configuration, then exact name, then alias with manifest.

use crate::config::{Config, Language};
use crate::git::Entry;
use bstr::{BStr, BString, ByteSlice};
use std::collections::BTreeMap;

/// A directory that holds tracks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// Its id: configured, else the directory's name, else the repository's.
    pub id: String,
    /// Its directory from the repository's root; empty for the root.
    pub path: BString,
    /// Its tracks, in the order of the configuration.
    pub tracks: Vec<Track>,
}

/// One project in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Track {
    /// The language's name in the configuration.
    pub language: String,
    /// Its main directory from the repository's root, where its suite runs; empty for the root.
    pub path: BString,
    /// Everything that belongs to it.
    pub places: Vec<Place>,
}

/// Where files of a track lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Everything below this directory (empty: the root).
    Directory(BString),
    /// What matches this glob, from the repository's root.
    Glob(String),
}

impl Track {
    /// Whether a path from the repository's root belongs to it.
    pub fn holds(&self, path: &BStr) -> bool {
        self.places.iter().any(|place| match place {
            Place::Directory(directory) => is_below(path, directory.as_bstr()),
            Place::Glob(glob) => globset::GlobBuilder::new(glob)
                .literal_separator(true)
                .build()
                .is_ok_and(|g| g.compile_matcher().is_match(path.to_path_lossy())),
        })
    }
}

/// Whether `path` lies below the directory `at` (everything lies below the root, `""`).
pub fn is_below(path: &BStr, at: &BStr) -> bool {
    at.is_empty() || (path.len() > at.len() && path.starts_with(at) && path[at.len()] == b'/')
}

/// `a/b`, or just `b` where `a` is the root.
pub fn join(a: &BStr, b: &[u8]) -> BString {
    let mut path = a.to_owned();
    if !path.is_empty() && !b.is_empty() {
        path.push(b'/');
    }
    path.extend_from_slice(b);
    path
}

/// The projects in a tree, those of a curriculum sorted by path. `name` is the repository's, for a project at its root.
pub fn projects(entries: &[Entry], config: &Config, name: &str) -> Vec<Project> {
    let mut found: Vec<Project> = candidates(entries, config)
        .into_iter()
        .map(|path| {
            let id = path.rfind_byte(b'/').map_or(path.as_bstr(), |slash| path[slash + 1..].as_bstr()).to_string();
            Project { tracks: tracks(entries, config, path.as_bstr()), id, path }
        })
        .collect();
    if found.is_empty() || config.project.is_some() {
        let id = config.project.as_ref().and_then(|p| p.id.clone()).unwrap_or_else(|| name.to_owned());
        found = vec![Project { tracks: tracks(entries, config, BStr::new("")), id, path: BString::default() }];
    }
    found
}

/// Directories that a curriculum's projects lie in: those configured, and those named `NN-name`.
fn candidates(entries: &[Entry], config: &Config) -> Vec<BString> {
    let mut paths: Vec<BString> = config.projects.keys().map(|id| BString::from(id.as_str())).collect();
    for directory in directories(entries, BStr::new("")).into_keys() {
        let numbered = directory.len() > 3 && directory[..2].iter().all(u8::is_ascii_digit) && directory[2] == b'-';
        if numbered && !paths.contains(&directory) {
            paths.push(directory);
        }
    }
    paths.sort();
    paths
}

/// The directories directly below `at`, with what lies directly in each.
fn directories<'a>(entries: &'a [Entry], at: &BStr) -> BTreeMap<BString, Vec<&'a BStr>> {
    let skip = if at.is_empty() { 0 } else { at.len() + 1 };
    let mut found: BTreeMap<BString, Vec<&BStr>> = BTreeMap::new();
    for entry in crate::git::subtree(entries, at) {
        let name = &entry.path[skip..];
        if let Some(slash) = name.find_byte(b'/') {
            let inside = found.entry(BString::from(&name[..slash])).or_default();
            if !name[slash + 1..].contains(&b'/') {
                inside.push(name[slash + 1..].as_bstr());
            }
        }
    }
    found
}

fn tracks(entries: &[Entry], config: &Config, project: &BStr) -> Vec<Track> {
    let below = directories(entries, project);
    config.languages.values().filter_map(|language| track(entries, language, project, &below)).collect()
}

fn track(
    entries: &[Entry],
    language: &Language,
    project: &BStr,
    below: &BTreeMap<BString, Vec<&BStr>>,
) -> Option<Track> {
    let places: Vec<Place> = match &language.directories {
        Some(written) => written.iter().filter_map(|text| configured(entries, text, project)).collect(),
        None => detected(language, below).into_iter().map(|d| Place::Directory(join(project, &d))).collect(),
    };
    let path = match places.first()? {
        Place::Directory(directory) => directory.clone(),
        Place::Glob(_) => project.to_owned(),
    };
    Some(Track { language: language.name.clone(), path, places })
}

/// A configured directory or glob, where something lies in it.
fn configured(entries: &[Entry], text: &str, project: &BStr) -> Option<Place> {
    let text = text.trim_end_matches('/');
    if text.contains(['*', '?', '[', '{']) {
        let glob = join(project, text.as_bytes()).to_string();
        let track =
            Track { language: String::new(), path: BString::default(), places: vec![Place::Glob(glob.clone())] };
        return entries.iter().any(|e| track.holds(e.path.as_bstr())).then_some(Place::Glob(glob));
    }
    let directory = if text == "." { project.to_owned() } else { join(project, text.as_bytes()) };
    (!crate::git::subtree(entries, directory.as_bstr()).is_empty()).then_some(Place::Directory(directory))
}

/// The exact name, else the first directory with an alias in its name and a manifest in it.
fn detected(language: &Language, below: &BTreeMap<BString, Vec<&BStr>>) -> Option<BString> {
    if let Some(exact) = below.keys().find(|name| name.eq_ignore_ascii_case(language.name.as_bytes())) {
        return Some(exact.clone());
    }
    let preset = language.preset?;
    below
        .iter()
        .find(|(name, inside)| {
            let name = name.to_ascii_lowercase();
            let mut words = name.split(|b| !b.is_ascii_alphanumeric());
            words.any(|w| preset.aliases.iter().any(|a| a.as_bytes() == w))
                && inside.iter().any(|file| preset.manifests.iter().any(|m| m.as_bytes() == **file))
        })
        .map(|(name, _)| name.clone())
}
