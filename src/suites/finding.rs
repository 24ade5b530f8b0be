//! What was found out about one suite: by running it, or from its receipt.

use super::receipt::{Counts, Outcome};
use super::reports::TestFailure;
use crate::git::ObjectId;
use bstr::BString;
use chrono::{DateTime, FixedOffset};
use std::path::PathBuf;
use std::time::Duration;

/// What was found out about one suite.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The project's id.
    pub project: String,
    /// The track's language.
    pub language: String,
    /// The track's directory from the repository's root.
    pub track: BString,
    /// The input tree.
    pub tree: ObjectId,
    /// The command, as configured.
    pub command: String,
    /// How it ended.
    pub outcome: Outcome,
    /// When the pass was recorded that stands for this run: nothing ran now.
    pub passed_before: Option<DateTime<FixedOffset>>,
    /// How many tests there were.
    pub counts: Option<Counts>,
    /// The tests that failed, then what went wrong outside a test.
    pub failures: Vec<TestFailure>,
    /// Lines or statements covered, in percent.
    pub coverage: Option<f64>,
    /// How long it took.
    pub duration: Duration,
    /// Where it ran, where that was a snapshot.
    pub snapshot: Option<PathBuf>,
    /// The whole log.
    pub log: Option<PathBuf>,
    /// The end of the log.
    pub tail: String,
    /// What makes it doubtful, whatever came of it.
    pub doubt: Option<String>,
    /// Why, where the outcome alone does not say it.
    pub note: Option<String>,
    /// What mends it, where that is known.
    pub mend: Option<String>,
}

impl Finding {
    /// Whether it lets anything through.
    pub fn passed(&self) -> bool {
        self.outcome == Outcome::Passed
    }
}
