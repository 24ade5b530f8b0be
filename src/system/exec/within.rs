//! Programs that are asked something and may not answer: a time limit, a process group of their own, both outputs kept.

use super::Run;
use crate::failure::{Context, Failure};
use crate::system::files;
use crate::system::interrupt::Interrupt;
use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};
use std::fs::File;
use std::io::{Read, Seek};
use std::os::unix::process::CommandExt;
use std::process::{Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How long a program may take to end after a signal was passed on to it.
const GRACE: Duration = Duration::from_secs(5);

impl Run<'_> {
    /// As [`Run::output`], for at most `limit`; none where it had to be ended. A signal that reaches us is passed on to it and
    /// to all that it started.
    ///
    /// # Errors
    /// It could not be started or waited for: kind `Missing`.
    pub fn output_within(&self, limit: Duration, interrupt: &Interrupt) -> Result<Option<Output>, Failure> {
        // Files, not pipes: what the program left running could hold a pipe open for ever.
        let (out, err) = (files::temporary_file(self.env)?, files::temporary_file(self.env)?);
        let twin = |file: &File| file.try_clone().or_missing(|| format!("can't {}", self.purpose));
        let mut command = self.command();
        command.stdin(Stdio::null()).stdout(twin(&out)?).stderr(twin(&err)?).process_group(0);
        let mut child = command.spawn().map_err(|e| self.failed(e))?;
        let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
        let end = |signal: Signal| group.map(|group| kill_process_group(group, signal));
        let mut deadline = Instant::now() + limit;
        let mut passed_on = false;
        loop {
            let still_ending = || passed_on && Instant::now() < deadline && group.is_some_and(is_alive);
            if let Some(status) = child.try_wait().map_err(|e| self.failed(e))?
                && !still_ending()
            {
                return Ok(Some(Output { status, stdout: all_of(out), stderr: all_of(err) }));
            }
            if let (false, Some(signal)) = (passed_on, interrupt.signal()) {
                passed_on = true;
                deadline = deadline.min(Instant::now() + GRACE);
                end(Signal::from_named_raw(i32::from(signal)).unwrap_or(Signal::TERM));
            }
            if Instant::now() >= deadline {
                end(Signal::KILL);
                let _ = child.wait();
                return Ok(None);
            }
            thread::sleep(Duration::from_millis(5));
        }
    }
}

/// Whether anything of the group is left: a hook may end later than the git that called it.
fn is_alive(group: Pid) -> bool {
    test_kill_process_group(group).is_ok()
}

/// What was written to `file`; what can't be read back is not there.
fn all_of(mut file: File) -> Vec<u8> {
    let mut bytes = Vec::new();
    let _ = file.rewind().and_then(|()| file.read_to_end(&mut bytes));
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::env::Env;
    use std::path::Path;

    fn ask(script: &str, limit: Duration) -> Option<Output> {
        let env = Env::of([("PATH", "/usr/bin:/bin")]);
        let run = Run::new("ask", "sh", Path::new("/"), &env).args(["-c", script]);
        run.output_within(limit, &Interrupt::default()).unwrap()
    }

    #[test]
    fn both_outputs_and_the_code_are_kept() {
        let output = ask("echo out; echo err >&2; exit 3", Duration::from_secs(60)).unwrap();
        assert_eq!((output.stdout, output.stderr, output.status.code()), (b"out\n".into(), b"err\n".into(), Some(3)));
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a test makes its own world")]
    fn a_program_that_never_answers_is_ended_with_all_that_it_started() {
        use std::os::unix::fs::OpenOptionsExt;
        let home = tempfile::tempdir().unwrap();
        let pipe = home.path().join("pipe");
        ask(&format!("mkfifo {}", pipe.display()), Duration::from_secs(60)).unwrap();
        let nonblocking = i32::try_from(rustix::fs::OFlags::NONBLOCK.bits()).unwrap();
        let mut reader = std::fs::OpenOptions::new().read(true).custom_flags(nonblocking).open(&pipe).unwrap();
        // What the program starts holds the pipe open for as long as it lives.
        let script = format!("(echo x; exec sleep 600) >{} & wait", pipe.display());
        assert!(ask(&script, Duration::from_secs(1)).is_none());
        // From here on it waits: a process that was killed needs a moment to be gone. One that was not would hold it open.
        rustix::fs::fcntl_setfl(&reader, rustix::fs::OFlags::empty()).unwrap();
        let mut said = Vec::new();
        reader.read_to_end(&mut said).unwrap();
        assert_eq!(said, b"x\n");
    }

    #[test]
    fn a_program_that_leaves_something_running_does_not_keep_us_waiting() {
        let output = ask("sleep 60 & echo $!", Duration::from_secs(50)).unwrap();
        let child = String::from_utf8(output.stdout).unwrap();
        let left: i32 = child.trim().parse().unwrap();
        rustix::process::kill_process(Pid::from_raw(left).unwrap(), Signal::KILL).unwrap();
    }
}
