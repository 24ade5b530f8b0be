//! Hooks that somebody else wrote: git's environment, all of standard input, no time limit.

use super::Run;
use crate::failure::Failure;
use crate::system::interrupt::Interrupt;
use rustix::process::{Pid, Signal, kill_process};
use std::ffi::OsString;
use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, ExitStatus, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

/// How a program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// By itself, with this code.
    Code(i32),
    /// By this signal.
    Signal(u8),
}

/// The operating system's code for "this file has no `#!` line".
const ENOEXEC: i32 = 8;

impl Run<'_> {
    /// Runs it on our own outputs, without a limit, with `input` on its standard input (none: our own). A file without a `#!`
    /// line is given to `sh`, as git does. A signal that reaches us is passed on to it.
    ///
    /// # Errors
    /// It could not be started or waited for: kind `Missing`.
    pub fn foreign(&self, input: Option<&[u8]>, interrupt: &Interrupt) -> Result<Ended, Failure> {
        let mut child = self.start(input.is_some())?;
        let pipe = child.stdin.take();
        let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
        thread::scope(|scope| {
            if let (Some(mut pipe), Some(bytes)) = (pipe, input) {
                // A hook that does not read all of it is none the worse for it.
                scope.spawn(move || pipe.write_all(bytes));
            }
            let (tell, told) = channel();
            scope.spawn(move || tell.send(child.wait()));
            let mut passed_on = false;
            loop {
                match told.recv_timeout(Duration::from_millis(50)) {
                    Ok(status) => return status.map(ended).map_err(|e| self.failed(e)),
                    Err(RecvTimeoutError::Disconnected) => return Ok(Ended::Code(1)),
                    Err(RecvTimeoutError::Timeout) => {
                        if let (false, Some(signal), Some(pid)) = (passed_on, interrupt.signal(), pid) {
                            passed_on = true;
                            if let Some(signal) = Signal::from_named_raw(i32::from(signal)) {
                                let _ = kill_process(pid, signal);
                            }
                        }
                    }
                }
            }
        })
    }

    fn start(&self, piped: bool) -> Result<Child, Failure> {
        let stdin = || if piped { Stdio::piped() } else { Stdio::inherit() };
        match self.command().stdin(stdin()).spawn() {
            Err(e) if e.raw_os_error() == Some(ENOEXEC) => {
                let mut arguments = vec![OsString::from(&self.program)];
                arguments.extend(self.arguments.iter().cloned());
                let shell = Run { program: "sh".into(), arguments, ..self.clone() };
                shell.command().stdin(stdin()).spawn().map_err(|e| self.failed(e))
            }
            other => other.map_err(|e| self.failed(e)),
        }
    }
}

fn ended(status: ExitStatus) -> Ended {
    let signal = status.signal().and_then(|n| u8::try_from(n).ok());
    signal.map_or_else(|| Ended::Code(status.code().unwrap_or(1)), Ended::Signal)
}
