//! The stage of the demonstration: a temporary repository, and commands that run in it and nowhere else.

use crate::failure::Failure;
use crate::system::env::{self, Env};
use crate::system::exec::Run;
use crate::system::files;
use crate::world::World;
use chrono::{DateTime, FixedOffset};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

/// The repository's directory inside the stage.
const REPOSITORY: &str = "backend-mastery";

/// How long one command of the story may take: a cold Go compiles its standard library first.
const LIMIT: Duration = Duration::from_secs(300);

/// A temporary directory with a repository in it. All of it goes when this is dropped, unless it is kept.
pub(super) struct Stage<'a> {
    world: &'a World,
    root: PathBuf,
    kept: bool,
    binary: PathBuf,
    env: Env,
}

/// What a command of the story said and how it ended.
pub(super) struct Told {
    /// The exit code; none where a signal ended it.
    pub code: Option<i32>,
    /// Both outputs, standard output first; paths in the repository are relative to it.
    pub text: String,
}

impl<'a> Stage<'a> {
    /// A directory for the repository, and the environment of the story.
    ///
    /// # Errors
    /// The system has no room for a temporary directory.
    pub(super) fn set(world: &'a World) -> Result<Stage<'a>, Failure> {
        let root = files::temporary_directory(&world.env, "mastery-demo-")?.keep();
        let mut stage = Stage { env: environment(world, &root), binary: PathBuf::new(), world, root, kept: false };
        stage.binary = env::own_binary()?;
        files::make_directory(&stage.repository())?;
        Ok(stage)
    }

    /// The repository's directory.
    pub(super) fn repository(&self) -> PathBuf {
        self.root.join(REPOSITORY)
    }

    /// The environment of the commands.
    pub(super) fn env(&self) -> &Env {
        &self.env
    }

    /// Moves the clock of what comes: mastery's and git's.
    pub(super) fn at(&mut self, now: DateTime<FixedOffset>) {
        for name in ["MASTERY_NOW", "GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"] {
            self.env.set(name, now.to_rfc3339());
        }
    }

    /// Writes a file of the repository.
    pub(super) fn write(&self, path: &str, text: &str) -> Result<(), Failure> {
        files::replace(&self.repository().join(path), text.as_bytes())
    }

    /// Runs git.
    pub(super) fn git(&self, arguments: &[&str]) -> Result<Told, Failure> {
        self.run("run git", Path::new("git"), arguments)
    }

    /// Runs this very binary.
    pub(super) fn mastery(&self, arguments: &[&str]) -> Result<Told, Failure> {
        self.run("run mastery", &self.binary, arguments)
    }

    fn run(&self, purpose: &str, program: &Path, arguments: &[&str]) -> Result<Told, Failure> {
        let run = Run::new(purpose, program, &self.repository(), &self.env).args(arguments);
        let ran = run.output_within(LIMIT, &self.world.interrupt);
        // The signal was passed on: that it was interrupted is the truth, whatever the program said.
        if let Some(signal) = self.world.interrupt.signal() {
            return Err(Failure::interrupted(signal));
        }
        let Some(output) = ran? else {
            let line = arguments.join(" ");
            return Err(Failure::missing(format!("can't {purpose}: {line:?} did not end within five minutes")));
        };
        let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        let here = format!("{}/", self.repository().display());
        Ok(Told { code: output.status.code(), text: text.replace(&here, "") })
    }

    /// Leaves everything where it is, and says where the repository is.
    pub(super) fn keep(mut self) -> PathBuf {
        self.kept = true;
        self.repository()
    }
}

impl Drop for Stage<'_> {
    /// All of it goes; a program that was interrupted may still write while it ends, so that it can take more than one try.
    fn drop(&mut self) {
        for _ in 0..250 {
            if self.kept || (files::remove_directory(&self.root).is_ok() && !self.root.exists()) {
                return;
            }
            thread::sleep(Duration::from_millis(20));
        }
    }
}

/// The user's environment without what would change the story: git's and mastery's own variables, options that toolchains
/// read, and the user's git configuration. Caches and configuration directories are inside the stage.
fn environment(world: &World, root: &Path) -> Env {
    let toolchains = ["GOFLAGS", "GOWORK", "GO111MODULE", "NODE_OPTIONS", "NODE_TEST_CONTEXT", "PYTHONSTARTUP"];
    let kept = |name: &str| {
        let ours = ["GIT_", "MASTERY_", "PYTEST_"].iter().any(|prefix| name.starts_with(prefix));
        !ours && !toolchains.contains(&name)
    };
    let mut env = Env::of(world.env.pairs().filter(|(name, _)| name.to_str().is_none_or(kept)));
    for (name, place) in [("XDG_CACHE_HOME", "cache"), ("XDG_CONFIG_HOME", "config"), ("GOCACHE", "cache/go-build")] {
        env.set(name, root.join(place));
    }
    env.set("GIT_CEILING_DIRECTORIES", root);
    for (name, value) in [
        ("GIT_CONFIG_GLOBAL", "/dev/null"),
        ("GIT_CONFIG_NOSYSTEM", "1"),
        ("GIT_AUTHOR_NAME", "Ada Learner"),
        ("GIT_AUTHOR_EMAIL", "ada@example.com"),
        ("GIT_COMMITTER_NAME", "Ada Learner"),
        ("GIT_COMMITTER_EMAIL", "ada@example.com"),
        ("GIT_TERMINAL_PROMPT", "0"),
        ("GIT_EDITOR", "false"),
        ("GOTOOLCHAIN", "local"),
        ("GOPROXY", "off"),
        ("GOTELEMETRY", "off"),
        ("PYTHONDONTWRITEBYTECODE", "1"),
        ("NO_COLOR", "1"),
    ] {
        env.set(name, value);
    }
    env
}
