//! Asking the machine: programs for their versions, directories for what is installed in them. Every question has a limit.

use super::dependencies::{golang, nestjs, python};
use super::tool::Tool;
use crate::system::env::Env;
use crate::system::exec::Run;
use crate::system::exec::limited::Answer;
use crate::system::interrupt::Interrupt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Asks; copies ask the same.
#[derive(Debug, Clone, Copy)]
pub struct Probe<'a> {
    /// The environment of what is asked.
    pub env: &'a Env,
    /// Where programs are run.
    pub directory: &'a Path,
    /// How long a check may take.
    pub limit: Duration,
    /// Ends a check early.
    pub interrupt: &'a Interrupt,
}

impl Probe<'_> {
    /// Runs a program; the first word is its name.
    pub fn run(&self, command: &[&str], limit: Duration) -> Answer {
        let Some((program, arguments)) = command.split_first() else { return Answer::Missing };
        let run = Run::new("ask a tool for its version", program, self.directory, self.env).args(arguments);
        run.within(limit, self.interrupt)
    }

    /// The answers of a tool's commands up to the first that will do; all of them together keep within the limit.
    pub fn tool(&self, tool: &Tool) -> Vec<Answer> {
        let started = Instant::now();
        let mut answers = Vec::new();
        for command in tool.commands {
            let answer =
                self.run(command, self.limit.saturating_sub(started.elapsed()).max(Duration::from_millis(100)));
            let done = tool.accepts(&answer);
            answers.push(answer);
            if done {
                break;
            }
        }
        answers
    }

    /// The value of one of git's settings.
    pub fn git_setting(&self, key: &str) -> Option<String> {
        match self.run(&["git", "config", "--get", key], self.limit) {
            Answer::Ended { code: 0, out, .. } => Some(out.trim_end().to_owned()).filter(|v| !v.is_empty()),
            _ => None,
        }
    }

    /// Whether there is such a program on PATH.
    pub fn has(&self, program: &str) -> bool {
        which::which_in(program, self.env.get("PATH"), self.directory).is_ok()
    }

    /// What a track on Node has; none where it is no track on Node.
    pub fn nestjs(&self, at: &Path) -> Option<nestjs::Found> {
        let other = nestjs::OTHERS.iter().map(|(file, _)| *file).find(|file| at.join(file).is_file());
        Some(nestjs::Found {
            package: text(&at.join("package.json"))?,
            lock: text(&at.join("package-lock.json")),
            installed: text(&at.join("node_modules/.package-lock.json")),
            node_modules: at.join("node_modules").is_dir(),
            other: other.filter(|_| !at.join("package-lock.json").is_file()),
        })
    }

    /// What a track in Python has; none where it is no track in Python.
    pub fn python(&self, at: &Path) -> Option<python::Found> {
        let requirements = text(&at.join("requirements.txt"));
        if requirements.is_none() && !at.join("pyproject.toml").is_file() {
            return None;
        }
        let environment = [".venv", "venv"].into_iter().find(|d| at.join(d).join("pyvenv.cfg").is_file());
        let inside = environment.map(|d| at.join(d)).unwrap_or_default();
        Some(python::Found {
            requirements: requirements.map(|text| with_included(text, at)),
            active: ["VIRTUAL_ENV", "CONDA_PREFIX"].iter().any(|v| self.env.get(v).is_some()),
            environment,
            configuration: text(&inside.join("pyvenv.cfg")).unwrap_or_default(),
            // A link to a Python that is gone is no file.
            alive: inside.join("bin/python").is_file(),
            packages: packages(&inside),
        })
    }

    /// What a track in Go requires and its `go.sum`; none where it is no track in Go.
    pub fn golang(&self, at: &Path) -> Option<(Vec<golang::Module>, Option<String>)> {
        let module = text(&at.join("go.mod"))?;
        Some((golang::required(&module), text(&at.join("go.sum"))))
    }

    /// Whether Go's module cache has the source of a module.
    pub fn has_module(&self, module: &golang::Module) -> bool {
        let home = || self.env.get("HOME").map(|home| Path::new(home).join("go"));
        let path = || self.env.get("GOPATH").and_then(|p| std::env::split_paths(p).next()).or_else(home);
        let cache = self.env.get("GOMODCACHE").map(PathBuf::from).or_else(|| path().map(|p| p.join("pkg/mod")));
        let directory = format!("{}@{}", golang::escaped(&module.path), golang::escaped(&module.version));
        cache.is_some_and(|cache| cache.join(directory).is_dir())
    }
}

/// Files that are larger than this were not written for a package manager.
const LARGEST: u64 = 64 << 20;

fn text(path: &Path) -> Option<String> {
    let metadata = std::fs::metadata(path).ok()?;
    if !metadata.is_file() || metadata.len() > LARGEST {
        return None;
    }
    std::fs::read(path).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// The requirements with those of the files beside it that they include.
fn with_included(text_of: String, at: &Path) -> String {
    let included: Vec<String> = text_of
        .lines()
        .filter_map(|line| line.trim().strip_prefix("-r").or_else(|| line.trim().strip_prefix("--requirement")))
        .map(|name| name.trim_start_matches('=').trim())
        .filter(|name| !name.contains(['/', '\\']))
        .filter_map(|name| text(&at.join(name)))
        .collect();
    [text_of, included.join("\n")].join("\n")
}

/// What is installed in a virtual environment: `name-version`.
fn packages(environment: &Path) -> Vec<String> {
    let list =
        |path: &Path| std::fs::read_dir(path).into_iter().flatten().flatten().map(|e| e.path()).collect::<Vec<_>>();
    list(&environment.join("lib"))
        .iter()
        .flat_map(|python| list(&python.join("site-packages")))
        .filter_map(|path| path.file_name()?.to_str()?.strip_suffix(".dist-info").map(str::to_owned))
        .collect()
}
