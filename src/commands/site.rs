//! A project as it lies on this machine: its directories in the work tree, staged or not, and the services that it needs.

use super::ground;
use crate::config::Config;
use crate::failure::Failure;
use crate::git::Repository;
use crate::history::layout::{Project, Track, is_below};
use crate::history::survey::Survey;
use crate::services::compose::database_name;
use crate::services::{Endpoint, declared};
use crate::system::{files, listing};
use crate::views::words;
use crate::world::World;
use bstr::{BStr, ByteSlice, ByteVec};
use std::path::{Path, PathBuf};

/// A repository's work tree with the projects in it.
pub struct Site {
    /// Its top directory.
    pub top: PathBuf,
    /// Its configuration.
    pub config: Config,
    /// Its projects, with tracks that may be a minute old.
    pub projects: Vec<Project>,
    /// Where the command stands, from the top.
    here: Vec<u8>,
}

/// The services of a project.
#[derive(Debug, Clone, Default)]
pub struct Needed {
    /// The compose file that says so; none where the curriculum does.
    pub file: Option<PathBuf>,
    /// The services.
    pub endpoints: Vec<Endpoint>,
}

impl Site {
    /// Looks at the work tree that the command stands in.
    ///
    /// # Errors
    /// There is none, or its configuration is wrong.
    pub fn look(world: &World) -> Result<Site, Failure> {
        let repo = Repository::open(&world.cwd)?;
        let top = repo.needs_work_tree()?.to_owned();
        let config = ground::written_config(world, &top)?;
        let mut paths = listing::work_tree(&top);
        paths.extend(repo.staged()?.entries.into_iter().map(|entry| entry.path));
        paths.sort();
        paths.dedup();
        let projects = Survey::of(&paths, &config, &ground::repository_name(&repo)).projects;
        let (real, cwd) = (top.canonicalize().ok(), world.cwd.canonicalize().ok());
        let here =
            cwd.zip(real).and_then(|(cwd, real)| Vec::from_path_buf(cwd.strip_prefix(real).ok()?.to_owned()).ok());
        Ok(Site { top, config, projects, here: here.unwrap_or_default() })
    }

    /// The project that the command stands in, else the only one.
    pub fn here(&self) -> Option<&Project> {
        let inside = |p: &&Project| {
            let path = p.path.as_bstr();
            self.here == p.path || is_below(BStr::new(&self.here), path)
        };
        match self.projects.as_slice() {
            [only] => Some(only),
            projects => projects.iter().filter(inside).max_by_key(|p| p.path.len()),
        }
    }

    /// The project with this id, else the one that the command stands in.
    ///
    /// # Errors
    /// There is no such project, or it can't be told which one is meant: kind `Usage`.
    pub fn project(&self, id: Option<&str>) -> Result<&Project, Failure> {
        let ids = || self.projects.iter().map(|p| p.id.as_str()).collect::<Vec<_>>();
        let Some(id) = id.map(|id| id.trim_end_matches('/')) else {
            return self.here().ok_or_else(|| {
                Failure::usage("there are several projects here, and none is named")
                    .hint(format!("name one with --project: {}", ids().join(", ")))
            });
        };
        self.projects.iter().find(|p| p.id == id || p.path == id).ok_or_else(|| {
            let failure = Failure::usage(format!("no project is called {id:?} here"));
            match words::nearest(id, ids()) {
                Some(near) => failure.hint(format!("did you mean {near}?")),
                None => failure.hint(format!("there are: {}", ids().join(", "))),
            }
        })
    }

    /// A project's directory.
    pub fn directory(&self, project: &Project) -> PathBuf {
        self.at(project.path.as_bstr())
    }

    /// A track's directory.
    pub fn track(&self, track: &Track) -> PathBuf {
        self.at(track.path.as_bstr())
    }

    fn at(&self, path: &BStr) -> PathBuf {
        if path.is_empty() { self.top.clone() } else { self.top.join(path.to_path_lossy()) }
    }

    /// The services that a project needs: those of its compose file (its own, the repository's, or a track's), else those that the
    /// curriculum names for it.
    ///
    /// # Errors
    /// The compose file can't be read or is no YAML: kind `Usage`.
    pub fn needed(&self, project: &Project, world: &World) -> Result<Needed, Failure> {
        let directory = self.directory(project);
        let mut places = vec![directory, self.top.clone()];
        places.extend(project.tracks.iter().map(|t| self.track(t)));
        for place in &places {
            for name in declared::FILES {
                let file = place.join(name);
                if let Some(bytes) = files::read(&file)? {
                    let endpoints = endpoints(&file, &bytes, world)?;
                    return Ok(Needed { file: Some(file), endpoints });
                }
            }
        }
        let services = self.config.catalogue.project(&project.id).map(|p| p.services.as_slice()).unwrap_or_default();
        let database = database_name(&project.id);
        let endpoint = |s: &_| Endpoint { database: database.clone(), ..Endpoint::guide(*s) };
        Ok(Needed { file: None, endpoints: services.iter().map(endpoint).collect() })
    }
}

/// The services in a compose file, with the variables of the environment and of the `.env` beside it.
pub fn endpoints(file: &Path, bytes: &[u8], world: &World) -> Result<Vec<Endpoint>, Failure> {
    let beside = file.parent().map(|directory| directory.join(".env"));
    let dotenv = beside.map(|path| files::read(&path)).transpose()?.flatten().unwrap_or_default();
    let dotenv = dotenv.to_str_lossy().into_owned();
    let variable = |name: &str| world.env.text(name).map(str::to_owned).or_else(|| declared::dotenv(&dotenv, name));
    declared::declared(&bytes.to_str_lossy(), &variable).map_err(|error| {
        Failure::usage(format!("{} is no YAML: {error}", file.display()))
            .hint("`docker compose config` says what it makes of it")
    })
}
