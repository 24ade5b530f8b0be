//! Where the hooks of this repository are, and what lies there.

use crate::failure::Failure;
use crate::git::Repository;
use crate::hooks::location::{Location, Setting, Standing};
use crate::hooks::manager::Manager;
use crate::hooks::place::Place;
use crate::hooks::{LEGACY, NAMES};
use crate::system::{env, files};
use crate::views::words;
use crate::world::World;
use std::path::{Path, PathBuf};

/// What the commands about hooks look at.
pub(super) struct Survey {
    pub(super) top: PathBuf,
    pub(super) location: Location,
    pub(super) places: Vec<Place>,
    /// Where the plan that is under way is kept.
    pub(super) record: PathBuf,
    /// The binary that a shim written now would name.
    pub(super) binary: PathBuf,
}

impl Survey {
    pub(super) fn take(world: &World) -> Result<Survey, Failure> {
        let repo = Repository::open(&world.cwd)?;
        let top = repo.needs_work_tree()?.to_owned();
        let location = Location::ask(&repo, &world.env)?;
        let places = look(&location.directory, &top)?;
        Ok(Survey { top, location, places, record: record(&repo), binary: binary(world)? })
    }

    /// Whether whoever owns the hooks calls mastery for every one of them.
    pub(super) fn is_called(&self) -> bool {
        self.places.iter().all(|place| place.caller.is_some())
    }

    /// Refuses a place that is not for mastery to write to, with how to do it instead.
    pub(super) fn needs_own_place(&self) -> Result<(), Failure> {
        let Some(setting) = &self.location.setting else {
            return match self.location.standing {
                Standing::Inside(_) => Err(self.inside("the hooks directory is a link into the work tree")),
                Standing::Off => Err(self.off()),
                _ => Ok(()),
            };
        };
        let set = format!("core.hooksPath = {:?} ({}, {})", setting.value, setting.scope, setting.origin);
        match self.location.standing {
            Standing::Own | Standing::Outside => Ok(()),
            Standing::Inside(_) => Err(self.inside(&set)),
            Standing::Off => Err(self.off().hint(unset(setting))),
            Standing::Empty => Err(Failure::verdict(format!(
                "{set} makes git look for hooks in the top of the work tree; mastery writes none there"
            ))
            .hint(unset(setting))),
        }
    }

    fn off(&self) -> Failure {
        Failure::verdict(format!(
            "git looks for hooks in {}, which is no directory: hooks are switched off here",
            self.location.directory.display()
        ))
    }

    /// What is in the work tree is committed, or belongs to another manager: mastery is called from there instead.
    fn inside(&self, why: &str) -> Failure {
        let directory = self.location.directory.display();
        let manager = match self.location.standing {
            Standing::Inside(manager) => manager,
            _ => None,
        };
        let failure = match manager {
            Some(manager) => Failure::verdict(format!("{} owns this repository's hooks: {why}", manager.name())),
            None => Failure::verdict(format!("git runs hooks from the work tree: {why}")),
        }
        .because(std::io::Error::other(format!("mastery writes nothing to {directory}, which is not its own")));
        let mut failure = match manager {
            Some(Manager::Husky) => failure.hint("let husky call mastery; run this once, and commit what it wrote:"),
            _ => failure.hint("call mastery from the hooks there; run this once, and commit what it wrote:"),
        };
        for name in NAMES {
            failure = failure.hint(format!("  {}", self.chained(name, manager)));
        }
        match &self.location.setting {
            Some(setting) => {
                failure.hint(format!("or let git use its own directory again: {}, then run this again", undo(setting)))
            }
            None => failure,
        }
    }

    /// The command that makes a hook in the work tree call mastery.
    fn chained(&self, name: &str, manager: Option<Manager>) -> String {
        let directory = match manager {
            // husky runs what lies beside its own directory `_`.
            Some(Manager::Husky) => self.location.directory.parent().unwrap_or(&self.location.directory),
            _ => &self.location.directory,
        };
        let path = directory.strip_prefix(&self.top).unwrap_or(directory).join(name);
        let call = format!("mastery hook run {name} \"$@\"");
        let file = words::shell(&path.to_string_lossy());
        match manager {
            Some(Manager::Husky) => format!("echo '{call}' >> {file}"),
            _ if path_exists(&self.top.join(&path)) => format!("echo '{call} || exit' >> {file}"),
            _ => {
                let parent = words::shell(&directory.strip_prefix(&self.top).unwrap_or(directory).to_string_lossy());
                format!("mkdir -p {parent} && printf '#!/bin/sh\\n{call}\\n' > {file} && chmod +x {file}")
            }
        }
    }
}

fn path_exists(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok()
}

fn unset(setting: &Setting) -> String {
    format!("take the setting away: {}", undo(setting))
}

fn undo(setting: &Setting) -> String {
    match setting.scope.as_str() {
        scope @ ("global" | "system" | "worktree") => format!("git config --{scope} --unset core.hooksPath"),
        "command" => "leave `-c core.hooksPath=…` out".into(),
        _ => "git config --unset core.hooksPath".into(),
    }
}

/// Finishes what an installation, or the opposite, had begun when it was killed: a hook that stood aside would run no more.
pub(super) fn finish(world: &World) -> Result<(), Failure> {
    files::finish(&record(&Repository::open(&world.cwd)?)).map(drop)
}

fn record(repo: &Repository) -> PathBuf {
    repo.common_path("mastery-hooks-under-way")
}

/// The places of all hooks in `directory`.
pub(super) fn look(directory: &Path, top: &Path) -> Result<Vec<Place>, Failure> {
    NAMES.into_iter().map(|name| Place::look(directory, name, top)).collect()
}

/// The path by which this binary will still be found after an upgrade: the one on PATH where that leads here, else its own.
fn binary(world: &World) -> Result<PathBuf, Failure> {
    let own = env::own_binary()?;
    let on_path = world
        .env
        .get("PATH")
        .and_then(|path| which::which_in("mastery", Some(path), &world.cwd).ok())
        .filter(|found| found.is_absolute() && found.canonicalize().ok() == own.canonicalize().ok());
    Ok(on_path.unwrap_or(own))
}

/// Sentences about hooks of other managers that now run first, or that stand in front.
pub(super) fn company(places: &[Place]) -> Vec<String> {
    use crate::hooks::place::Found;
    let mut lines = Vec::new();
    for place in places {
        let Found::Foreign { manager, executable } = &place.found else { continue };
        let who = manager.map_or("somebody else", Manager::name);
        if let Some(caller) = &place.caller {
            lines.push(format!("{}: {who} calls mastery's hook, from {}", place.name, caller.display()));
        } else if place.legacy.is_some() {
            lines.push(format!("{}: {who} stands in front and runs mastery's hook as {0}{LEGACY}", place.name));
        } else if *executable {
            let kept = crate::hooks::before(place.name);
            lines.push(format!("{}: the hook of {who} is kept as {kept} and runs first", place.name));
        } else {
            let kept = crate::hooks::before(place.name);
            lines.push(format!(
                "{}: the hook that was there is kept as {kept}; it is not executable, so it does not run",
                place.name
            ));
        }
        if *manager == Some(Manager::Lefthook) && place.caller.is_none() {
            lines.push(
                "lefthook puts its own hooks back when its configuration changes; calling `mastery hook run` from lefthook.yml is the lasting way".into(),
            );
        }
    }
    lines
}
