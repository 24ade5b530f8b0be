//! Where projects and their tracks are in a tree: by configuration, then by name, then by manifest, then by sources.

use super::abreast;
use super::slots;
use crate::config::family::{self, Family};
use crate::config::{Config, Language};
use crate::git::Entry;
use bstr::{BStr, BString, ByteSlice};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A directory that holds tracks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Project {
    /// Its id: configured, else the directory's name, else the repository's.
    pub id: String,
    /// Its directory from the repository's root; empty for the root.
    pub path: BString,
    /// Its tracks, in the order of the configuration.
    pub tracks: Vec<Track>,
}

/// One project in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Track {
    /// The language's name in the configuration.
    pub language: String,
    /// Its main directory from the repository's root, where its suite runs; empty for the root.
    pub path: BString,
    /// Everything that belongs to it.
    pub places: Vec<Place>,
}

/// Where files of a track lie.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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
    at.is_empty() || (path.get(at.len()) == Some(&b'/') && path.starts_with(at))
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

/// The last part of a path.
pub(super) fn name_of(path: &BStr) -> &BStr {
    path.rfind_byte(b'/').map_or(path, |slash| path[slash + 1..].as_bstr())
}

/// The projects in a tree, those of a curriculum sorted by path, with tracks in the languages that have a preset or a table.
/// `name` is the repository's, for a project at its root.
pub fn projects(entries: &[Entry], config: &Config, name: &str) -> Vec<Project> {
    Survey { entries, config, foreign: false }.projects(name, &|_| true)
}

/// As [`projects`], where nothing is configured also with tracks in any other language that people build backends in.
pub fn every_project(entries: &[Entry], config: &Config, name: &str) -> Vec<Project> {
    every_project_with(entries, config, name, &|_| true)
}

/// As [`every_project`]; tracks are looked for only in the directories that are wanted.
pub fn every_project_with(
    entries: &[Entry],
    config: &Config,
    name: &str,
    is_wanted: &(dyn Fn(&BStr) -> bool + Sync),
) -> Vec<Project> {
    Survey { entries, config, foreign: true }.projects(name, is_wanted)
}

/// Whether a project, as [`every_project`] found it, may have had another track when also the files `gone` were there.
pub fn may_lack(project: &Project, gone: &[&BString], config: &Config) -> bool {
    let skip = if project.path.is_empty() { 0 } else { project.path.len() + 1 };
    let inside = gone.iter().filter(|path| is_below(path.as_bstr(), project.path.as_bstr()));
    let inside: Vec<&BStr> = inside.map(|path| path[skip..].as_bstr()).collect();
    let is_written = || config.languages.values().any(|l| written_directories(l).is_some());
    // Of a family that has a track, and of one of which they say nothing, there is no other.
    let has = |family: &Family| project.tracks.iter().any(|t| family::named(&t.language) == Some(family));
    !inside.is_empty() && (is_written() || slots::families_of(&inside).into_iter().any(|family| !has(family)))
}

/// Whether `projects`, as [`projects`] found them, stay the projects whatever comes to be or goes elsewhere in the tree.
pub fn is_settled(projects: &[Project], entries: &[Entry], config: &Config) -> bool {
    let survey = Survey { entries, config, foreign: false };
    let is_sure = |p: &Project| !p.tracks.is_empty() || survey.is_known(&p.id);
    (!config.projects.is_empty() || projects.iter().any(is_sure))
        && config.projects.keys().all(|key| survey.exists(BStr::new(key)))
}

struct Survey<'a> {
    entries: &'a [Entry],
    config: &'a Config,
    foreign: bool,
}

impl Survey<'_> {
    fn projects(&self, name: &str, is_wanted: &(dyn Fn(&BStr) -> bool + Sync)) -> Vec<Project> {
        let root = || {
            let id = self.config.project.as_ref().and_then(|p| p.id.clone()).unwrap_or_else(|| name.to_owned());
            Project { tracks: self.tracks(BStr::new("")), id, path: BString::default() }
        };
        if self.config.project.is_some() {
            return vec![root()];
        }
        let mut found: Vec<Project> = abreast::each(&self.candidates(), 1, |path| Project {
            tracks: if is_wanted(path.as_bstr()) { self.tracks(path.as_bstr()) } else { Vec::new() },
            id: self.id(path.as_bstr()),
            path: path.clone(),
        });
        let empty = found.iter().all(|p| p.tracks.is_empty());
        if found.is_empty() || empty && self.config.projects.is_empty() && !found.iter().any(|p| self.is_known(&p.id)) {
            let root = root();
            if found.is_empty() || !root.tracks.is_empty() {
                return vec![root];
            }
        }
        let mut ids: BTreeSet<String> = BTreeSet::new();
        for project in &mut found {
            if !ids.insert(project.id.clone()) {
                project.id = project.path.to_string();
                ids.insert(project.id.clone());
            }
        }
        found
    }

    fn id(&self, path: &BStr) -> String {
        let whole = path.to_string();
        let name = name_of(path).to_string();
        let configured = |key: &String| self.config.projects.get(key).and_then(|p| p.id.clone());
        if self.config.projects.contains_key(&whole) {
            configured(&whole).unwrap_or(whole)
        } else {
            configured(&name).unwrap_or(name)
        }
    }

    /// Whether the curriculum has a project of this id.
    fn is_known(&self, id: &str) -> bool {
        self.config.catalogue.project(id).is_some()
    }

    /// Directories that projects lie in: those configured, those named `NN-name` at the top or one level down, else the top
    /// directories that hold directories of languages.
    fn candidates(&self) -> Vec<BString> {
        let top = children(self.entries, BStr::new(""));
        let mut paths: BTreeSet<BString> = BTreeSet::new();
        for key in self.config.projects.keys() {
            let below = top.iter().map(|t| join(t.as_bstr(), key.as_bytes())).find(|p| self.exists(p.as_bstr()));
            let key = BString::from(key.as_str());
            paths.insert(if self.exists(key.as_bstr()) { key } else { below.unwrap_or(key) });
        }
        paths.extend(top.iter().filter(|n| is_numbered(n)).cloned());
        if paths.is_empty() {
            paths = self.nested(&top);
        }
        if paths.is_empty() {
            paths = self.unnumbered(&top);
        }
        paths.into_iter().collect()
    }

    fn exists(&self, at: &BStr) -> bool {
        !crate::git::subtree(self.entries, at).is_empty()
    }

    /// `NN-name` directories one level down: the curriculum's own where there are any, else where there are at least two.
    fn nested(&self, top: &[BString]) -> BTreeSet<BString> {
        let groups: Vec<Vec<BString>> = top
            .iter()
            .filter(|name| !slots::is_aside(name))
            .map(|name| {
                let inside = children(self.entries, name.as_bstr());
                inside.iter().filter(|n| is_numbered(n)).map(|n| join(name.as_bstr(), n)).collect::<Vec<_>>()
            })
            .filter(|group| group.len() > 1 || group.iter().any(|p| self.is_known(&name_of(p.as_bstr()).to_string())))
            .collect();
        let of_curriculum =
            |group: &&Vec<BString>| group.iter().any(|p| self.is_known(&name_of(p.as_bstr()).to_string()));
        let known: Vec<&Vec<BString>> = groups.iter().filter(of_curriculum).collect();
        let chosen = if known.is_empty() { groups.iter().collect() } else { known };
        chosen.into_iter().flatten().cloned().collect()
    }

    /// Top directories that hold a directory for a language each: `todo/go`, `todo/python`, `chat/go`.
    fn unnumbered(&self, top: &[BString]) -> BTreeSet<BString> {
        let written: Vec<&String> =
            self.config.languages.values().filter_map(|l| l.directories.as_ref()).flatten().collect();
        let at = |base: &BStr| {
            written.iter().any(|d| {
                !is_glob(d)
                    && d.as_str() != "."
                    && self.exists(join(base, d.trim_end_matches('/').as_bytes()).as_bstr())
            })
        };
        if !written.is_empty() {
            if at(BStr::new("")) {
                return BTreeSet::new();
            }
            return top.iter().filter(|name| !slots::is_aside(name) && at(name.as_bstr())).cloned().collect();
        }
        let is_language = |name: &BString| !slots::meant_by(name).is_empty();
        if top.iter().any(|name| is_language(name) && !slots::is_aside(name)) {
            return BTreeSet::new();
        }
        let found: BTreeSet<BString> = top
            .iter()
            .filter(|name| !slots::is_aside(name) && !slots::is_generic(name))
            .filter(|name| {
                let slots = slots::slots(self.entries, name.as_bstr(), &[]);
                slots.iter().any(|s| s.directories.iter().any(&is_language))
            })
            .cloned()
            .collect();
        if found.len() > 1 { found } else { BTreeSet::new() }
    }

    fn tracks(&self, project: &BStr) -> Vec<Track> {
        let languages = &self.config.languages;
        let written = || languages.values().filter(|l| written_directories(l).is_some());
        let mut tracks: Vec<Track> = written().filter_map(|l| self.configured(l, project)).collect();
        let lost = tracks.is_empty() && !written().any(|l| self.is_anywhere(l));
        let taken: Vec<BString> = tracks
            .iter()
            .flat_map(|t| &t.places)
            .filter_map(|p| match p {
                Place::Directory(directory) if !directory.is_empty() => Some(directory.clone()),
                _ => None,
            })
            .collect();
        for slot in slots::slots(self.entries, project, &taken) {
            let of_family = |l: &&Language| family::named(&l.name).is_some_and(|f| f.name == slot.family.name);
            let language = match languages.values().filter(of_family).find(|l| l.directories.is_some()) {
                // Its directories are written down: only where none of them is left does detection speak.
                Some(language) if lost => Some(language.name.clone()),
                Some(_) => None,
                None => languages.values().find(|l| of_family(l)).map(|l| l.name.clone()).or_else(|| {
                    let free = self.foreign && !languages.values().any(|l| l.configured);
                    free.then(|| slot.family.name.to_owned())
                }),
            };
            if let Some(language) = language {
                let places = slots::rooted(project, &slot.directories);
                tracks.push(Track {
                    language,
                    path: places[0].clone(),
                    places: places.into_iter().map(Place::Directory).collect(),
                });
            }
        }
        let rank = |t: &Track| languages.get_index_of(&t.language).unwrap_or(usize::MAX);
        tracks.sort_by_key(rank);
        tracks
    }

    /// Whether one of a language's directories or globs holds anything, in whatever project.
    fn is_anywhere(&self, language: &Language) -> bool {
        let mut bases = vec![BString::default()];
        bases.extend(children(self.entries, BStr::new("")));
        bases.iter().any(|base| self.configured(language, base.as_bstr()).is_some())
    }

    fn configured(&self, language: &Language, project: &BStr) -> Option<Track> {
        let written = written_directories(language)?;
        let places: Vec<Place> = written.iter().filter_map(|text| self.place(text, project)).collect();
        let path = match places.first()? {
            Place::Directory(directory) => directory.clone(),
            Place::Glob(_) => project.to_owned(),
        };
        Some(Track { language: language.name.clone(), path, places })
    }

    /// A configured directory or glob, where something lies in it.
    fn place(&self, text: &str, project: &BStr) -> Option<Place> {
        let text = text.trim_end_matches('/');
        if is_glob(text) {
            let glob = join(project, text.as_bytes()).to_string();
            let track =
                Track { language: String::new(), path: BString::default(), places: vec![Place::Glob(glob.clone())] };
            return self.entries.iter().any(|e| track.holds(e.path.as_bstr())).then_some(Place::Glob(glob));
        }
        let directory = if text == "." { project.to_owned() } else { join(project, text.as_bytes()) };
        self.exists(directory.as_bstr()).then_some(Place::Directory(directory))
    }
}

/// What the configuration says of a language's directories: the list, or the name of a language that detection knows nothing of.
pub(super) fn written_directories(language: &Language) -> Option<&[String]> {
    let unknown = || language.configured && family::named(&language.name).is_none();
    language.directories.as_deref().or_else(|| unknown().then(|| std::slice::from_ref(&language.name)))
}

fn is_glob(text: &str) -> bool {
    text.contains(['*', '?', '[', '{'])
}

pub(super) fn is_numbered(name: &[u8]) -> bool {
    name.len() > 3 && name[..2].iter().all(u8::is_ascii_digit) && name[2] == b'-'
}

/// The names of the directories directly below `at`.
fn children(entries: &[Entry], at: &BStr) -> Vec<BString> {
    let skip = if at.is_empty() { 0 } else { at.len() + 1 };
    let mut names: Vec<BString> = Vec::new();
    for entry in crate::git::subtree(entries, at) {
        let inside = &entry.path[skip..];
        if let Some(slash) = inside.find_byte(b'/')
            && names.last().is_none_or(|n| n.as_slice() != &inside[..slash])
        {
            names.push(inside[..slash].into());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::git::{Mode, ObjectId};
    use proptest::prelude::*;

    fn entries(paths: &[&str]) -> Vec<Entry> {
        let id = ObjectId::from_bytes([1; 20]);
        let mut entries: Vec<Entry> = paths.iter().map(|p| Entry { path: (*p).into(), mode: Mode::File, id }).collect();
        entries.sort();
        entries
    }

    fn shown(paths: &[&str], config: &str) -> Vec<String> {
        let config = crate::config::parse(config, ".mastery.toml").unwrap();
        every_project(&entries(paths), &config, "repo")
            .iter()
            .map(|p| {
                let tracks: Vec<String> = p.tracks.iter().map(|t| format!("{}={}", t.language, t.path)).collect();
                format!("{} [{}] {}", p.id, p.path, tracks.join(" "))
            })
            .collect()
    }

    #[test]
    fn a_language_that_only_the_configuration_knows_lies_in_the_directory_of_its_name() {
        assert_eq!(
            shown(&["15-a/cobol/main.cob"], "[languages.cobol]\ntest = \"make\"\n"),
            ["15-a [15-a] cobol=15-a/cobol"]
        );
    }

    #[test]
    fn numbered_directories_are_projects_at_the_top_or_one_level_down() {
        let deep = ["M/01-distributed-url-shortener/README.md", "M/02-x/go/main.go", "S/01-y/a.md", "S/02-z/a.md"];
        assert_eq!(
            shown(&deep, ""),
            ["01-distributed-url-shortener [M/01-distributed-url-shortener] ", "02-x [M/02-x] golang=M/02-x/go"]
        );
        assert_eq!(shown(&["15-api-rate-limiter/golang/main.go"], "").len(), 1);
    }

    #[test]
    fn several_top_directories_with_languages_in_them_are_projects() {
        let paths = ["todo/go/main.go", "todo/python/main.py", "chat/typescript/a.ts", "README.md"];
        assert_eq!(
            shown(&paths, ""),
            ["chat [chat] nestjs=chat/typescript", "todo [todo] golang=todo/go python=todo/python"]
        );
        assert_eq!(shown(&["backends/go/a.go", "services/python/a.py"], "").len(), 1);
    }

    proptest! {
        #[test]
        fn only_a_project_that_may_lack_a_track_has_one_more_with_what_is_gone(are_there in any::<[bool; 16]>(), is_one in any::<bool>()) {
            let all = [
                "go/go.mod", "go/main.go", "golang/x.go", "python/app.py", "python/b.py", "src/a.ts", "src/b.ts", "src/c.ts", "package.json",
                "main.go", "java/README.md", "tests/a.py", "api/server.rb", "api/Gemfile", "docs/x.md", "tools/a.go",
            ];
            let place = |path: &&str| if is_one { format!("only/{path}") } else { format!("01-a/{path}") };
            let paths: Vec<String> = all.iter().map(place).collect();
            let of = |paths: Vec<&String>| entries(&paths.into_iter().map(String::as_str).collect::<Vec<_>>());
            let (there, gone): (Vec<_>, Vec<_>) = paths.iter().zip(are_there).partition(|(_, is_there)| *is_there);
            let (there, gone): (Vec<_>, Vec<_>) = (there.into_iter().map(|p| p.0).collect(), gone.into_iter().map(|p| BString::from(p.0.as_str())).collect());
            let config = Config::default();
            let ever = every_project(&of(paths.iter().collect()), &config, "repo");
            for project in every_project(&of(there), &config, "repo") {
                let before = ever.iter().filter(|p| p.path == project.path).flat_map(|p| &p.tracks);
                let lacks = before.into_iter().any(|b| !project.tracks.iter().any(|t| t.language == b.language));
                prop_assert!(!lacks || may_lack(&project, &gone.iter().collect::<Vec<_>>(), &config), "{:?}", project);
            }
        }
    }

    #[test]
    fn configuration_speaks_first_and_detection_where_none_of_its_directories_is_left() {
        let config =
            "[languages.typescript]\ndirectories = [\"typescript\"]\n[languages.golang]\ndirectories = [\"go\"]";
        assert_eq!(shown(&["tracker/typescript/a.ts"], config), ["tracker [tracker] typescript=tracker/typescript"]);
        assert_eq!(shown(&["tracker/a.ts", "tracker/package.json"], config), ["repo [] typescript=tracker"]);
    }

    #[test]
    fn a_language_without_a_table_counts_only_where_nothing_is_configured() {
        let paths = ["rust/src/main.rs", "go/main.go"];
        assert_eq!(shown(&paths, ""), ["repo [] golang=go rust=rust"]);
        assert_eq!(shown(&paths, "[languages.golang]\ngate = \"push\""), ["repo [] golang=go"]);
        let config = Config::default();
        assert_eq!(projects(&entries(&paths), &config, "repo")[0].tracks.len(), 1);
    }

    #[test]
    fn a_track_can_be_a_glob_or_the_root() {
        let config =
            "[project]\n[languages.nestjs]\ndirectories = [\"*.ts\"]\n[languages.python]\ndirectories = [\".\"]";
        assert_eq!(shown(&["a.ts", "b.py"], config), ["repo [] nestjs= python="]);
    }
}
