//! Processes: the only place that starts one. A program to its end is a [`Run`]; a suite is a [`suite::Suite`].

mod foreign;
pub mod limited;
pub mod suite;
pub mod supervisor;
mod within;

pub use foreign::Ended;

use super::env::Env;
use crate::failure::Failure;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A program to run to its end with its output kept. For suites and foreign hooks see their own functions.
#[derive(Debug, Clone)]
pub struct Run<'a> {
    /// What it is for, in words that fit after "can't": "ask node for its version".
    pub purpose: &'a str,
    /// The program, found on the child's PATH.
    pub program: OsString,
    /// Its arguments.
    pub arguments: Vec<OsString>,
    /// Where it runs.
    pub directory: PathBuf,
    /// All of its environment.
    pub env: &'a Env,
}

impl<'a> Run<'a> {
    /// A run of `program` in `directory` with `env` and no arguments yet.
    pub fn new(purpose: &'a str, program: impl AsRef<OsStr>, directory: &Path, env: &'a Env) -> Self {
        Run {
            purpose,
            program: program.as_ref().to_owned(),
            arguments: Vec::new(),
            directory: directory.to_owned(),
            env,
        }
    }

    /// Adds arguments.
    #[must_use]
    pub fn args<I: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = I>) -> Self {
        self.arguments.extend(arguments.into_iter().map(|a| a.as_ref().to_owned()));
        self
    }

    /// Runs it with nothing on standard input and keeps both outputs.
    ///
    /// # Errors
    /// It could not be started: kind `Missing`.
    pub fn output(&self) -> Result<Output, Failure> {
        self.command().stdin(Stdio::null()).output().map_err(|e| self.failed(e))
    }

    /// Runs it on our own terminal (an editor, a pager) and says whether it ended well.
    ///
    /// # Errors
    /// It could not be started: kind `Missing`.
    pub fn interactive(&self) -> Result<bool, Failure> {
        self.command().status().map(|s| s.success()).map_err(|e| self.failed(e))
    }

    #[expect(clippy::disallowed_methods, reason = "this is the door")]
    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).current_dir(&self.directory).env_clear().envs(self.env.pairs());
        command
    }

    fn failed(&self, error: std::io::Error) -> Failure {
        Failure::missing(format!("can't {}: {} could not be started", self.purpose, self.program.to_string_lossy()))
            .because(error)
    }
}
