//! A repository in a home of its own, in which a contender's hooks are installed.

use super::contenders::Contender;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;

/// Fifty files in a track whose suite passes, and the hooks of one contender.
pub struct World {
    root: tempfile::TempDir,
    path: String,
    has_unstaged_work: bool,
}

impl World {
    /// Makes it, with one commit in it.
    pub fn with(contender: &Contender, has_unstaged_work: bool) -> World {
        let path = format!("{}:{}", contender.programs.display(), std::env::var("PATH").unwrap());
        let world = World { root: tempfile::tempdir().unwrap(), path, has_unstaged_work };
        fs::create_dir_all(world.repository().join("golang")).unwrap();
        fs::create_dir(world.root.path().join("home")).unwrap();
        for n in 0..48 {
            world.write(&format!("golang/f{n}.go"), &format!("package main // {n}\n"));
        }
        world.write("golang/go.mod", "module example.com/bench\n");
        world.write("golang/change.go", "package main\n");
        world.write(".mastery.toml", "[languages.golang]\ntest = \"true\"\nreport = \"none\"\n");
        world.run("git", &["init", "-q", "-b", "main"]);
        for setting in ["gc.auto", "maintenance.auto"] {
            world.run("git", &["config", setting, "0"]);
        }
        world.run("sh", &["-ec", &contender.install]);
        world.run("git", &["add", "-A"]);
        world.run("git", &["commit", "-q", "--no-verify", "-m", "chore: begin"]);
        if has_unstaged_work {
            world.write("golang/f1.go", "package main // unstaged\n");
            world.write("golang/untracked.go", "package main\n");
        }
        world
    }

    /// The repository's directory.
    pub fn repository(&self) -> PathBuf {
        self.root.path().join("work")
    }

    /// Writes a file of the repository.
    pub fn write(&self, path: &str, content: &str) {
        let path = self.repository().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    /// Runs a command in the repository and demands that it succeeds.
    pub fn run(&self, program: &str, arguments: &[&str]) {
        let output = self.command(program, arguments).output().unwrap();
        assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// A commit of so many changed lines whose content was committed before (so that mastery has its receipt), in milliseconds.
    pub fn commit(&self, round: usize, lines: usize) -> f64 {
        self.stage(round, lines);
        self.run("git", &["commit", "-q", "-m", MESSAGE]);
        self.run("git", &["reset", "-q", "--soft", "HEAD~1"]);
        self.timed("git", &["commit", "-q", "-m", MESSAGE])
    }

    /// A commit of a one-line change that nobody has tested, in milliseconds.
    pub fn first_commit(&self, round: usize) -> f64 {
        self.stage(round, 1);
        self.timed("git", &["commit", "-q", "-m", MESSAGE])
    }

    fn stage(&self, round: usize, lines: usize) {
        let text = format!("package main // {round}\n").repeat(lines);
        self.write("golang/change.go", &text);
        self.run("git", &["add", "golang/change.go"]);
        if self.has_unstaged_work {
            self.write("golang/change.go", &format!("{text}// unstaged\n"));
        }
    }

    /// How long a command takes in milliseconds; it must succeed.
    pub fn timed(&self, program: &str, arguments: &[&str]) -> f64 {
        let mut command = self.command(program, arguments);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let start = Instant::now();
        let status = command.status().unwrap();
        let time = start.elapsed().as_secs_f64() * 1e3;
        assert!(status.success(), "{program} {arguments:?} failed in {}", self.repository().display());
        time
    }

    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(self.repository()).env_clear().stdin(Stdio::null());
        command.env("PATH", &self.path).env("HOME", self.root.path().join("home")).env("GIT_CONFIG_NOSYSTEM", "1");
        for who in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{who}_NAME"), "bench").env(format!("GIT_{who}_EMAIL"), "bench@example.invalid");
        }
        command
    }
}

const MESSAGE: &str = "feat: change a line\n\nLearned(golang): a receipt is found by its tree alone";
