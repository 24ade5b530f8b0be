//! Which project and language a command about the journal means, from flags and from where it is run.

use crate::commands::ground::Ground;
use crate::documents::journal::Names;
use crate::failure::Failure;
use crate::git::upward;
use crate::history::layout::{Project, Track, is_below};
use crate::views::words;
use crate::world::World;
use bstr::{BStr, BString, ByteSlice};
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// Where a command stands in the repository.
pub(in crate::commands) struct Standing<'g> {
    pub(super) ground: &'g Ground,
    /// The current directory from the work tree's top.
    here: BString,
}

impl<'g> Standing<'g> {
    pub(in crate::commands) fn new(ground: &'g Ground, world: &World) -> Standing<'g> {
        let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let top = ground.repo.work_tree().map(real);
        let below = top.and_then(|top| real(&world.cwd).strip_prefix(top).map(Path::to_owned).ok());
        let here = below.unwrap_or_default().as_os_str().as_bytes().into();
        Standing { ground, here }
    }

    /// The project that is named, or that the command is run in, or the only one.
    pub(in crate::commands) fn project(&self, named: Option<&str>) -> Result<&'g Project, Failure> {
        if let Some(id) = named {
            return self.ground.project(id);
        }
        let around =
            |p: &&Project| p.path.is_empty() || self.here == p.path || is_below(self.here.as_bstr(), p.path.as_bstr());
        let found = self.ground.projects.iter().filter(around).max_by_key(|p| p.path.len());
        match (found, self.ground.projects.as_slice()) {
            (Some(project), _) | (None, [project]) => Ok(project),
            (None, projects) => {
                let ids: Vec<&str> = projects.iter().map(|p| p.id.as_str()).collect();
                Err(Failure::usage("which project is meant?")
                    .hint(format!("run this in its directory, or add --project: {}", ids.join(", "))))
            }
        }
    }

    /// The language that is named (by its name, its title or an alias), or whose track the command is run in, or the only one.
    pub(super) fn language(&self, project: &Project, named: Option<&str>) -> Result<String, Failure> {
        let languages = &self.ground.config.languages;
        if let Some(word) = named {
            if let Some(name) = Names::of(&self.ground.config).exactly(word) {
                return Ok(name.to_owned());
            }
            let failure = Failure::usage(format!("no language is called {word:?} here"));
            return Err(match words::nearest(word, languages.keys().map(String::as_str)) {
                Some(near) => failure.hint(format!("did you mean {near}?")),
                None => failure.hint(format!(
                    "there are: {}; any other is a table [languages.{word}] in .mastery.toml",
                    languages.keys().cloned().collect::<Vec<_>>().join(", ")
                )),
            });
        }
        let around =
            |t: &&Track| !t.path.is_empty() && (self.here == t.path || is_below(self.here.as_bstr(), t.path.as_bstr()));
        match (project.tracks.iter().find(around), project.tracks.as_slice()) {
            (Some(track), _) | (None, [track]) => Ok(track.language.clone()),
            (None, tracks) => {
                let known: Vec<String> = if tracks.is_empty() {
                    self.ground.config.planned(&project.id)
                } else {
                    tracks.iter().map(|t| t.language.clone()).collect()
                };
                Err(Failure::usage("which language is meant?").hint(format!("add -l with one of {}", known.join(", "))))
            }
        }
    }

    /// The nearest journal upward of the track, and where one is to be made if there is none: in the project.
    pub(super) fn journal(&self, top: &Path, project: &Project, language: &str) -> PathBuf {
        let track = project.tracks.iter().find(|t| t.language == language);
        let from = track.map_or(project.path.as_bstr(), |t| t.path.as_bstr());
        let place = |path: &BStr| top.join(OsStr::from_bytes(path));
        let file = &self.ground.config.journal.file;
        let found = upward(from, file).into_iter().map(|p| place(p.as_bstr())).find(|p| p.exists());
        found.unwrap_or_else(|| place(upward(project.path.as_bstr(), file)[0].as_bstr()))
    }
}

/// Where journals may lie: upward of every track and project, and at the root.
pub(super) fn journals(ground: &Ground) -> BTreeSet<BString> {
    let file = &ground.config.journal.file;
    let mut paths: BTreeSet<BString> = upward(BStr::new(""), file).into_iter().collect();
    paths.extend(ground.tracks().flat_map(|(_, track)| upward(track.path.as_bstr(), file)));
    paths.extend(ground.projects.iter().flat_map(|p| upward(p.path.as_bstr(), file)));
    paths
}

/// A link in the repository must not lead a write out of it.
pub(super) fn stays_inside(top: &Path, path: &Path) -> Result<(), Failure> {
    match (path.canonicalize().ok(), top.canonicalize()) {
        (Some(target), Ok(top)) if !target.starts_with(&top) => {
            Err(Failure::verdict(format!("{} is a link that leads out of the repository", path.display()))
                .hint("make it a file of its own, or write where it leads by hand"))
        }
        (None, _) if std::fs::symlink_metadata(path).is_ok() => {
            Err(Failure::verdict(format!("{} is a link that leads nowhere", path.display()))
                .hint("remove it, then run this again"))
        }
        _ => Ok(()),
    }
}
