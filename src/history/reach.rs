//! Which paths have a say in a status: a commit that changed none of them changes no verdict. Where that is not plain to see, all of
//! them have.

use super::layout::{self, Project, is_below};
use crate::config::Config;
use crate::git::Change;
use bstr::{BStr, BString, ByteSlice};

/// The paths that have a say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reach {
    /// Whether projects can be told from all else by the names of their directories.
    pub is_apart: bool,
    /// The directories of projects.
    pub projects: Vec<BString>,
    /// Whatever else their tracks depend on, where these lay before, and where decisions about all of them are written down: be it that
    /// it is a project's directory.
    pub places: Vec<BString>,
    /// How a journal of the whole repository is called, in lower case.
    pub journals: Vec<BString>,
}

/// The directory in which a host looks for steps that deploy.
pub const WORKFLOWS: &str = ".github/workflows";
/// The file in which another one does.
pub const PIPELINE: &str = ".gitlab-ci.yml";

/// Files at the root that are for people only, besides documents.
const FOR_PEOPLE: [&str; 5] = ["license", "copying", ".gitignore", ".editorconfig", "makefile"];

impl Reach {
    /// The reach of a status where these are all the `projects`; `outside` is where their tracks lay before, and what else their suites
    /// depend on. `may_shift` says that a change elsewhere can make other directories the projects, or other work anybody's.
    pub fn of(config: &Config, projects: &[Project], outside: Vec<BString>, may_shift: bool) -> Reach {
        let is_written = |l: &crate::config::Language| !l.inputs.is_empty() || layout::written_directories(l).is_some();
        let is_apart = !may_shift
            && config.project.is_none()
            && !config.languages.values().any(is_written)
            && !config.adr.directory.is_empty()
            && config.projects.values().all(|p| p.id.is_none())
            && projects.iter().all(|p| layout::is_numbered(&p.path) && !p.path.contains(&b'/'))
            && config.projects.keys().all(|key| projects.iter().any(|p| p.path == key.as_str()))
            && config.curriculum.file.is_empty();
        let projects = projects.iter().map(|p| p.path.clone()).collect::<Vec<_>>();
        let mut places = outside;
        places.push(config.adr.directory.trim_end_matches('/').into());
        places.push(WORKFLOWS.into());
        places.sort();
        places.dedup();
        let file = config.journal.file.rsplit('/').next().unwrap_or_default();
        let journals = [file, "learnings.md", "journal.md"].map(|name| name.to_lowercase().into()).to_vec();
        let is_apart = is_apart && !projects.iter().chain(&places).any(|p| p.is_empty());
        Reach { is_apart, projects, places, journals }
    }

    /// Whether a change has no say.
    pub fn is_aside(&self, change: &Change) -> bool {
        let path = change.path.as_bstr();
        if !self.is_apart || self.holds(path) {
            return false;
        }
        if let Some(slash) = path.find_byte(b'/') {
            return !layout::is_numbered(&path[..slash]);
        }
        // Manifests and settings of tools at the root may reach into every track.
        let name = path.to_str_lossy().to_lowercase();
        let document = [".md", ".txt", ".rst", ".adoc"].iter().any(|end| name.ends_with(end));
        let is_manifest = name.starts_with("requirements") || name.starts_with("constraints");
        !self.journals.iter().any(|j| *j == name.as_str())
            && (document && !is_manifest || FOR_PEOPLE.contains(&name.as_str()))
    }

    /// Whether a path has a say in what is said of the project at `project`, which it lies below, and in nothing else.
    pub fn is_of(&self, path: &BStr, project: &BStr) -> bool {
        self.is_apart && is_below(path, project) && !self.places.iter().any(|place| holds(place.as_bstr(), path))
    }

    fn holds(&self, path: &BStr) -> bool {
        self.projects.iter().chain(&self.places).any(|place| holds(place.as_bstr(), path))
    }
}

fn holds(place: &BStr, path: &BStr) -> bool {
    // TypeScript takes `x.json` where `x` is named.
    place == path || is_below(path, place) || path.strip_suffix(b".json").is_some_and(|bare| place == bare)
}

/// Whether all that `project` is judged by lies below it, and nothing that any other of `projects` is judged by does; `outside` has for
/// each track of all of them what it depends on beside its directory, and where it lay before.
pub fn is_alone(project: &Project, projects: &[Project], outside: &[Vec<BString>]) -> bool {
    let mut outside = outside.iter();
    projects.iter().all(|other| {
        let mut places = outside.by_ref().take(other.tracks.len()).flatten();
        if other.path == project.path {
            places.all(|place| is_below(place.as_bstr(), project.path.as_bstr()))
        } else {
            let is_apart = |a: &BStr, b: &BStr| a != b && !is_below(a, b) && !is_below(b, a);
            places.all(|place| is_apart(place.as_bstr(), project.path.as_bstr()))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::git::{Entry, Mode, ObjectId};

    fn reach(config: &str, paths: &[&str]) -> Reach {
        let config = crate::config::parse(config, ".mastery.toml").unwrap();
        let id = ObjectId::from_bytes([1; 20]);
        let entries: Vec<Entry> = paths.iter().map(|p| Entry { path: (*p).into(), mode: Mode::File, id }).collect();
        let projects = layout::every_project(&entries, &config, "repo");
        Reach::of(&config, &projects, vec!["shared/go".into(), "base/tsconfig".into()], false)
    }

    fn is_aside(reach: &Reach, path: &str) -> bool {
        let side = Some((Mode::File, ObjectId::from_bytes([1; 20])));
        reach.is_aside(&Change { path: path.into(), old: side, new: side })
    }

    #[test]
    fn what_lies_outside_of_numbered_projects_and_their_inputs_has_no_say() {
        let reach = reach("", &["01-a/golang/main.go", "02-b/README.md"]);
        for path in ["README.md", "notes/a.go", ".github/CODEOWNERS", "LICENSE", "shared/python/x.py"] {
            assert!(is_aside(&reach, path), "{path}");
        }
        for path in [
            "01-a/x",
            "02-b/README.md",
            "03-c/golang/main.go",
            "shared/go/x.go",
            "shared/go",
            "base/tsconfig.json",
            "docs/adr/0001-x.md",
            ".github/workflows/ci.yml",
            ".gitlab-ci.yml",
            "LEARNINGS.md",
            "Journal.md",
            ".mailmap",
            ".mastery.toml",
            ".gitattributes",
            "package.json",
            "go.work",
            "conftest.py",
            "requirements.txt",
        ] {
            assert!(!is_aside(&reach, path), "{path}");
        }
    }

    #[test]
    fn where_projects_are_not_told_by_their_names_every_path_has_a_say() {
        for (config, path) in [
            ("", "golang/main.go"),
            ("", "work/01-distributed-url-shortener/golang/main.go"),
            ("[project]\nid = \"one\"\n", "01-a/golang/main.go"),
            ("[languages.golang]\ndirectories = [\"go\"]\n", "01-a/go/main.go"),
            ("[languages.golang]\ninputs = [\"../x\"]\n", "01-a/golang/main.go"),
            ("[projects.other]\nstarted = 2026-01-01\n", "01-a/golang/main.go"),
        ] {
            assert!(!is_aside(&reach(config, &[path]), "README.md"), "{config} {path}");
        }
    }

    #[test]
    fn a_project_is_alone_where_no_track_reaches_into_it_or_out_of_it() {
        let reach = reach("", &["01-a/golang/main.go", "02-b/golang/main.go"]);
        assert!(
            reach.is_of(BStr::new("01-a/x"), BStr::new("01-a")) && !reach.is_of(BStr::new("01-a/x"), BStr::new("02-b"))
        );
        let depended_on = Reach { places: vec!["01-a".into()], ..reach };
        assert!(
            !depended_on.is_of(BStr::new("01-a/x"), BStr::new("01-a")),
            "a track of another one depends on all of it"
        );
        let track = |path: &str| layout::Track { language: "golang".into(), path: path.into(), places: Vec::new() };
        let project = |path: &str| Project { id: path.into(), path: path.into(), tracks: vec![track(path)] };
        let projects = [project("01-a"), project("02-b")];
        let alone = |one: &str, two: &str| {
            let list = |text: &str| text.split(' ').filter(|p| !p.is_empty()).map(BString::from).collect::<Vec<_>>();
            is_alone(&projects[0], &projects, &[list(one), list(two)])
        };
        assert!(alone("", "") && alone("01-a/lib 01-a/go", "02-b/x shared") && alone("", "01-ab"));
        assert!(!alone("shared", "") && !alone("01-a", "") && !alone("", "01-a/lib") && !alone("", "01-a"));
    }
}
