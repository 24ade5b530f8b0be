//! A suite's process as its caller sees it: started under a supervisor of its own, waited for, stopped.
//!
//! The supervisor ([`super::supervisor`]) is this same binary in a process group of its own. It lives as long as the pipe that it
//! has on standard input: when the caller lets go of that, or is killed, the supervisor ends the suite with all its processes.

use super::Run;
use crate::failure::{Context, Failure};
use crate::system::env::{self, Env};
use crate::system::interrupt::Interrupt;
use serde::{Deserialize, Serialize};
use std::ffi::OsString;
use std::io::Read;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

/// A suite to run.
#[derive(Debug, Clone)]
pub struct Suite {
    /// The command, for `sh -c`.
    pub command: String,
    /// Where it runs.
    pub directory: PathBuf,
    /// All of its environment.
    pub env: Env,
    /// Where its output goes: standard error, and standard output too where that is no report.
    pub log: PathBuf,
    /// Where standard output goes, where that is a report.
    pub output: Option<PathBuf>,
    /// How long it may take.
    pub timeout: Duration,
}

/// Why a suite's process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cause {
    /// By itself.
    Itself,
    /// It took too long.
    Timeout,
    /// It was told to.
    Stopped,
}

/// How a suite's process ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// Why.
    pub cause: Cause,
    /// Its exit code; 128 + n where signal n ended it.
    pub code: i32,
    /// How long it ran, in milliseconds.
    pub duration_ms: u64,
    /// What was still running when its first process had ended, or did not end when it was asked to: `sleep (process 4711)`. It
    /// was ended. Only Linux tells.
    pub left: Vec<String>,
    /// Whether the disk refused a part of its output.
    pub lost: bool,
}

impl Suite {
    /// Runs the suite to its end; `interrupt` and the time limit stop it. After an interruption none is begun.
    ///
    /// # Errors
    /// It could not be started, or its supervisor was killed: kind `Missing`.
    pub fn run(&self, interrupt: &Interrupt) -> Result<Ended, Failure> {
        if let Some(signal) = interrupt.signal() {
            return Ok(Ended {
                cause: Cause::Stopped,
                code: 128 + i32::from(signal),
                duration_ms: 0,
                left: Vec::new(),
                lost: false,
            });
        }
        let mut supervisor = self.start()?;
        let mut alive = supervisor.stdin.take();
        let mut output = supervisor.stdout.take();
        let (tell, told) = mpsc::channel();
        let reader = thread::spawn(move || {
            let mut text = String::new();
            if let Some(output) = output.as_mut() {
                let _ = output.read_to_string(&mut text);
            }
            let _ = tell.send(text);
        });
        let text = loop {
            match told.recv_timeout(Duration::from_millis(100)) {
                Ok(text) => break text,
                Err(RecvTimeoutError::Timeout) => {
                    if interrupt.signal().is_some() {
                        alive = None;
                    }
                }
                Err(RecvTimeoutError::Disconnected) => break String::new(),
            }
        };
        drop(alive);
        let _ = reader.join();
        let _ = supervisor.wait();
        serde_json::from_str(&text).or_missing(|| "the process that watched the suite was killed".into()).map_err(|f| {
            f.hint("processes of the suite may be left; look with `ps`")
                .hint(format!("its output: {}", self.log.display()))
        })
    }

    fn start(&self) -> Result<Child, Failure> {
        let milliseconds = self.timeout.as_millis().to_string();
        let mut arguments: Vec<OsString> = vec!["supervise".into(), "--timeout-ms".into(), milliseconds.into()];
        arguments.extend(["--log".into(), self.log.clone().into_os_string()]);
        if let Some(output) = &self.output {
            arguments.extend(["--output".into(), output.clone().into_os_string()]);
        }
        arguments.extend(["--".into(), self.command.clone().into()]);
        let binary: PathBuf = env::own_binary()?;
        let run = Run::new("run a suite", &binary, existing(&self.directory)?, &self.env).args(arguments);
        let mut command = run.command();
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).process_group(0);
        command.spawn().map_err(|e| run.failed(e))
    }
}

fn existing(directory: &Path) -> Result<&Path, Failure> {
    if directory.is_dir() {
        Ok(directory)
    } else {
        Err(Failure::missing(format!("can't run a suite in {}: it is no directory", directory.display())))
    }
}
