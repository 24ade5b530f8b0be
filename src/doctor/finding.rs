//! Findings: what was looked at, what is wrong with it, why that matters, and what mends it.

use serde::Serialize;
use std::path::PathBuf;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// It is well.
    Fine,
    /// It will hurt one day, or can't be told.
    Warning,
    /// Something that the project needs will not work.
    Error,
}

/// What mends something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mend {
    /// The command, for a POSIX shell.
    pub command: String,
    /// Where it is run; none: anywhere.
    pub directory: Option<PathBuf>,
    /// Whether `--fix` may run it: it loses nothing and needs no rights that the user doesn't have.
    pub safe: bool,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Which check: `tool.node`, `service.redis`, `dependencies.golang`.
    pub id: String,
    /// How bad it is.
    pub severity: Severity,
    /// What was found.
    pub what: String,
    /// Why it matters; empty where all is well.
    pub why: String,
    /// The command that mends it on this system.
    pub mend: Option<Mend>,
    /// What the guide says about such a trouble: commands.
    pub guide: Vec<&'static str>,
}

impl Finding {
    fn new(id: impl Into<String>, severity: Severity, what: impl Into<String>, why: impl Into<String>) -> Finding {
        Finding { id: id.into(), severity, what: what.into(), why: why.into(), mend: None, guide: Vec::new() }
    }

    /// All is well.
    pub fn fine(id: impl Into<String>, what: impl Into<String>) -> Finding {
        Self::new(id, Severity::Fine, what, "")
    }

    /// It will hurt one day, or can't be told.
    pub fn warning(id: impl Into<String>, what: impl Into<String>, why: impl Into<String>) -> Finding {
        Self::new(id, Severity::Warning, what, why)
    }

    /// It will not work.
    pub fn error(id: impl Into<String>, what: impl Into<String>, why: impl Into<String>) -> Finding {
        Self::new(id, Severity::Error, what, why)
    }

    /// A command for a person to judge and run.
    #[must_use]
    pub fn mended_by(mut self, command: impl Into<String>) -> Finding {
        self.mend = Some(Mend { command: command.into(), directory: None, safe: false });
        self
    }

    /// A command that `--fix` may run in `directory`.
    #[must_use]
    pub fn safely_mended_by(mut self, command: impl Into<String>, directory: PathBuf) -> Finding {
        self.mend = Some(Mend { command: command.into(), directory: Some(directory), safe: true });
        self
    }

    /// A command for a person to judge and run in `directory`.
    #[must_use]
    pub fn mended_in(mut self, command: impl Into<String>, directory: PathBuf) -> Finding {
        self.mend = Some(Mend { command: command.into(), directory: Some(directory), safe: false });
        self
    }

    /// The guide's cure for such a trouble.
    #[must_use]
    pub fn guided(mut self, commands: &[&'static str]) -> Finding {
        self.guide = commands.to_vec();
        self
    }
}

/// All findings, as JSON has them.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    schema: u32,
    /// The system that the commands are for.
    pub system: &'static str,
    /// How many errors there are.
    pub errors: usize,
    /// How many warnings there are.
    pub warnings: usize,
    /// In the order of the checks.
    pub findings: Vec<Finding>,
}

impl Report {
    /// The report over `findings`.
    pub fn new(system: &'static str, findings: Vec<Finding>) -> Report {
        let count = |severity| findings.iter().filter(|f| f.severity == severity).count();
        Report { schema: 1, system, errors: count(Severity::Error), warnings: count(Severity::Warning), findings }
    }
}
