//! Failures as data: what was being done, what went wrong, and what to do next. Printing and exit codes happen at the edge.

use crate::exit::Exit;
use std::error::Error;
use std::{fmt, io};

/// What to do where the disk takes no more.
pub const NO_ROOM: &str = "make room: `df` shows where there is none, `ulimit -f` how large a file may be; `mastery clean` empties mastery's cache";

/// Which promise of [`Exit`] a failure falls under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A verdict against the user (exit 1).
    Verdict,
    /// Wrong usage or configuration (exit 2).
    Usage,
    /// Something needed is missing or broken (exit 3).
    Missing,
    /// Ended by this signal (exit 128 + n).
    Interrupted(u8),
    /// Whoever read our output has gone: end without a word (exit 0).
    BrokenPipe,
}

/// One thing that went wrong, with its cause and what to do next.
///
/// `message` is lower case and names what and which; a cause is shown under it, and each hint is one line that the reader
/// can act on.
#[derive(Debug)]
pub struct Failure {
    /// Which exit code it leads to.
    pub kind: Kind,
    /// What was being done and what went wrong.
    pub message: String,
    /// The error below it, if another layer reported one.
    pub cause: Option<Box<dyn Error + Send + Sync>>,
    /// What to do next, most useful first.
    pub hints: Vec<String>,
    /// Already told (by a view that explains the verdict): nothing is printed at the edge.
    pub told: bool,
}

impl Failure {
    fn new(kind: Kind, message: impl Into<String>) -> Self {
        Failure { kind, message: message.into(), cause: None, hints: Vec::new(), told: false }
    }

    /// A verdict against the user: exit 1.
    pub fn verdict(message: impl Into<String>) -> Self {
        Self::new(Kind::Verdict, message)
    }

    /// Wrong usage or configuration: exit 2.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Kind::Usage, message)
    }

    /// Something needed is missing or broken: exit 3.
    pub fn missing(message: impl Into<String>) -> Self {
        Self::new(Kind::Missing, message)
    }

    /// Ended by signal `n`: exit 128 + n.
    pub fn interrupted(n: u8) -> Self {
        Self::new(Kind::Interrupted(n), format!("interrupted by signal {n}"))
    }

    /// The reader of our output has gone.
    pub fn broken_pipe() -> Self {
        Self::new(Kind::BrokenPipe, "broken pipe")
    }

    /// Adds one line of advice.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Keeps the error that led here, to be shown beneath the message. Of a full disk it says what to do.
    #[must_use]
    pub fn because(mut self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let cause = cause.into();
        let is_full = |e: &io::Error| {
            use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
            matches!(e.kind(), StorageFull | QuotaExceeded | FileTooLarge)
        };
        if cause.downcast_ref().is_some_and(is_full) {
            self.hints.push(NO_ROOM.into());
        }
        self.cause = Some(cause);
        self
    }

    /// Marks it as already explained on the terminal.
    #[must_use]
    pub fn told(mut self) -> Self {
        self.told = true;
        self
    }

    /// Whether the edge prints nothing for it.
    pub fn is_quiet(&self) -> bool {
        self.told || self.kind == Kind::BrokenPipe
    }

    /// The exit that its kind promises.
    pub fn exit(&self) -> Exit {
        match self.kind {
            Kind::Verdict => Exit::Verdict,
            Kind::Usage => Exit::Usage,
            Kind::Missing => Exit::Missing,
            Kind::Interrupted(n) => Exit::Signal(n),
            Kind::BrokenPipe => Exit::Fine,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_deref().map(|e| e as &(dyn Error + 'static))
    }
}

/// Turns another layer's error into a [`Failure`] that says what was being done.
pub trait Context<T> {
    /// The error means that something needed is missing or broken.
    fn or_missing(self, doing: impl FnOnce() -> String) -> Result<T, Failure>;
    /// The error means wrong usage or configuration.
    fn or_usage(self, doing: impl FnOnce() -> String) -> Result<T, Failure>;
}

impl<T, E: Error + Send + Sync + 'static> Context<T> for Result<T, E> {
    fn or_missing(self, doing: impl FnOnce() -> String) -> Result<T, Failure> {
        self.map_err(|e| Failure::missing(doing()).because(e))
    }

    fn or_usage(self, doing: impl FnOnce() -> String) -> Result<T, Failure> {
        self.map_err(|e| Failure::usage(doing()).because(e))
    }
}
