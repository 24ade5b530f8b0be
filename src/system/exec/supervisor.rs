//! The process that watches one suite: it starts it in a process group, drains its output into a file of bounded size, and ends all
//! of it, detached children included, when it is over, too slow, or no longer wanted.

use super::suite::{Cause, Ended};
use crate::failure::{Context, Failure};
use crate::system::files;
use crate::system::interrupt::Interrupt;
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// What to watch.
#[derive(Debug, Clone, Copy)]
pub struct Watch<'a> {
    /// The command, for `sh -c`, in the working directory and environment of this process.
    pub command: &'a str,
    /// Where its output goes.
    pub log: &'a Path,
    /// Where standard output goes, where that is a report.
    pub output: Option<&'a Path>,
    /// How long it may take.
    pub timeout: Duration,
}

/// How much of an output is kept: its beginning up to this size, and its end.
const KEPT: u64 = 64 << 20;
/// How much of the end of a longer output is kept.
const END: usize = 1 << 16;
/// How long a suite has to end by itself once it is asked to.
const GRACE: Duration = Duration::from_secs(2);

impl Watch<'_> {
    /// Runs the suite. A signal to this process, or the end of its standard input, stops it.
    ///
    /// # Errors
    /// The log can't be written, or `sh` not be started: kind `Missing`.
    pub fn run(&self, interrupt: &Interrupt) -> Result<Ended, Failure> {
        adopt_orphans();
        let started = Instant::now();
        let unwanted = watch_standard_input();
        let (ended, drains) = self.start()?;
        let cause = loop {
            match ended.status.recv_timeout(Duration::from_millis(50)) {
                Ok(status) => {
                    let left = ended.end_the_rest();
                    let lost = finish(drains);
                    return Ok(Ended { lost, ..self.result(Cause::Itself, code(status), started, left) });
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break Cause::Stopped,
            }
            if unwanted.load(Ordering::SeqCst) || interrupt.signal().is_some() {
                break Cause::Stopped;
            }
            if started.elapsed() >= self.timeout {
                break Cause::Timeout;
            }
        };
        let (code, left) = ended.stop();
        let lost = finish(drains);
        Ok(Ended { lost, ..self.result(cause, code, started, left) })
    }

    fn result(&self, cause: Cause, code: i32, started: Instant, left: Vec<String>) -> Ended {
        let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        Ended { cause, code, duration_ms, left, lost: false }
    }

    #[expect(clippy::disallowed_methods, reason = "this is the door")]
    fn start(&self) -> Result<(Running, Vec<JoinHandle<bool>>), Failure> {
        let doing = || "can't start the suite".to_owned();
        let (log_end, log_start) = io::pipe().or_missing(doing)?;
        let mut drains = vec![drain(log_end, files::own::start(self.log)?)];
        let output = match self.output {
            Some(path) => {
                let (end, start) = io::pipe().or_missing(doing)?;
                drains.push(drain(end, files::own::start(path)?));
                start
            }
            None => log_start.try_clone().or_missing(doing)?,
        };
        let mut command = Command::new("sh");
        command.args(["-c", self.command]).stdin(Stdio::null()).stdout(output).stderr(log_start).process_group(0);
        let mut child = command.spawn().or_missing(|| "can't start the suite: no `sh` on PATH".into())?;
        // Our copies of the pipes go, so that the drains see the end when the suite's processes have gone.
        drop(command);
        let group = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw);
        let (tell, status) = mpsc::channel();
        thread::spawn(move || {
            if let Ok(status) = child.wait() {
                let _ = tell.send(status);
            }
        });
        Ok((Running { group, status }, drains))
    }
}

/// A suite that is running.
struct Running {
    group: Option<rustix::process::Pid>,
    status: Receiver<ExitStatus>,
}

impl Running {
    /// Ends what its first process left behind, and names it.
    fn end_the_rest(&self) -> Vec<String> {
        let left = survivors();
        if self.is_there() {
            self.signal(rustix::process::Signal::TERM);
            let asked = Instant::now();
            while self.is_there() && asked.elapsed() < GRACE / 4 {
                // One that has ended counts as there until it is reaped.
                reap();
                thread::sleep(Duration::from_millis(5));
            }
            self.signal(rustix::process::Signal::KILL);
        }
        end_orphans();
        left
    }

    /// Asks it to end, then ends it; gives its exit code, and names what did not end by itself.
    fn stop(&self) -> (i32, Vec<String>) {
        self.signal(rustix::process::Signal::TERM);
        let asked = Instant::now();
        let status = self.status.recv_timeout(GRACE).ok();
        // A shell is gone at once; what it started may have requests to finish.
        while status.is_some() && self.is_there() && asked.elapsed() < GRACE {
            reap();
            thread::sleep(Duration::from_millis(5));
        }
        let left = survivors();
        self.signal(rustix::process::Signal::KILL);
        let status = status.or_else(|| self.status.recv_timeout(GRACE).ok());
        end_orphans();
        (status.map_or(128 + 9, code), left)
    }

    fn is_there(&self) -> bool {
        self.group.is_some_and(|group| rustix::process::test_kill_process_group(group).is_ok())
    }

    fn signal(&self, signal: rustix::process::Signal) {
        if let Some(group) = self.group {
            let _ = rustix::process::kill_process_group(group, signal);
        }
    }
}

fn code(status: ExitStatus) -> i32 {
    status.code().or_else(|| status.signal().map(|n| 128 + n)).unwrap_or(1)
}

/// Whether standard input has ended: whoever wanted the suite has let go of it, or was killed.
fn watch_standard_input() -> Arc<AtomicBool> {
    let unwanted = Arc::new(AtomicBool::new(false));
    let tell = Arc::clone(&unwanted);
    thread::spawn(move || {
        let mut byte = [0];
        while matches!(crate::system::terminal::read_input(&mut byte), Ok(1..)) {}
        tell.store(true, Ordering::SeqCst);
    });
    unwanted
}

/// Waits for the outputs to be written: not for long, as a process that we can't end may still hold them. Says whether the disk
/// refused a part of them.
fn finish(drains: Vec<JoinHandle<bool>>) -> bool {
    let asked = Instant::now();
    while drains.iter().any(|d| !d.is_finished()) && asked.elapsed() < GRACE {
        thread::sleep(Duration::from_millis(1));
    }
    let ended = drains.into_iter().filter(JoinHandle::is_finished);
    ended.map(|drain| drain.join().unwrap_or(false)).max().unwrap_or(false)
}

/// Copies all that comes from `from`, but writes no more than its beginning and its end. Gives whether the disk refused any of that.
fn drain(mut from: io::PipeReader, mut to: File) -> JoinHandle<bool> {
    thread::spawn(move || {
        let mut buffer = vec![0; 1 << 16];
        let (mut written, mut seen, mut end, mut lost) = (0u64, 0u64, Vec::new(), false);
        while let Ok(n @ 1..) = from.read(&mut buffer) {
            seen += n as u64;
            let fits = written + n as u64 <= KEPT && written + n as u64 == seen;
            let is_written = fits && to.write_all(&buffer[..n]).is_ok();
            lost |= fits && !is_written;
            if is_written {
                written += n as u64;
            } else {
                end.extend_from_slice(&buffer[..n]);
                if end.len() > 4 * END {
                    end.drain(..end.len() - END);
                }
            }
        }
        if seen > written {
            let end = &end[end.len().saturating_sub(END)..];
            let left_out = seen - written - end.len() as u64;
            lost |= write!(to, "\n[{left_out} bytes left out]\n").and_then(|()| to.write_all(end)).is_err();
        }
        lost
    })
}

/// On Linux a suite's detached children become ours when their parents end.
fn adopt_orphans() {
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_child_subreaper(Some(rustix::process::getpid()));
}

/// Ends every process that descends from this one. Only Linux knows those that left the suite's group.
fn end_orphans() {
    #[cfg(target_os = "linux")]
    for _ in 0..200 {
        reap();
        let orphans = descendants();
        if orphans.is_empty() {
            return;
        }
        for process in orphans {
            let _ = rustix::process::kill_process(process.pid, rustix::process::Signal::KILL);
        }
        thread::sleep(Duration::from_millis(2));
    }
}

/// Lets go of children that have ended. Not while the first process runs, whose end is waited for elsewhere.
fn reap() {
    #[cfg(target_os = "linux")]
    while matches!(rustix::process::wait(rustix::process::WaitOptions::NOHANG), Ok(Some(_))) {}
}

/// The names of the processes that descend from this one and have not ended.
fn survivors() -> Vec<String> {
    #[cfg(target_os = "linux")]
    return descendants().into_iter().filter(|p| !p.has_ended).map(|p| p.name).collect();
    #[cfg(not(target_os = "linux"))]
    Vec::new()
}

#[cfg(target_os = "linux")]
#[derive(Debug, Clone)]
struct Descendant {
    pid: rustix::process::Pid,
    /// `sleep (process 4711)`
    name: String,
    /// Whether only its parent's question is left of it.
    has_ended: bool,
}

#[cfg(target_os = "linux")]
fn descendants() -> Vec<Descendant> {
    let processes: Vec<(i32, Descendant)> = std::fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|item| {
            let pid: i32 = item.file_name().to_str()?.parse().ok()?;
            let stat = std::fs::read(item.path().join("stat")).ok()?;
            // pid (name) state ppid …; the name may hold anything, so count from its last parenthesis.
            let name = stat.iter().position(|b| *b == b'(')? + 1..stat.iter().rposition(|b| *b == b')')?;
            let mut after = std::str::from_utf8(stat.get(name.end + 1..)?).ok()?.split_whitespace();
            let has_ended = matches!(after.next()?, "Z" | "X");
            let name = format!("{} (process {pid})", String::from_utf8_lossy(stat.get(name)?));
            let pid = rustix::process::Pid::from_raw(pid)?;
            Some((after.next()?.parse().ok()?, Descendant { pid, name, has_ended }))
        })
        .collect();
    let mut family = Vec::new();
    let mut parents = vec![rustix::process::getpid().as_raw_nonzero().get()];
    while let Some(parent) = parents.pop() {
        for (_, child) in processes.iter().filter(|(p, _)| *p == parent) {
            parents.push(child.pid.as_raw_nonzero().get());
            family.push(child.clone());
        }
    }
    family
}
