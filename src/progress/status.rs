//! What status says: the one value behind the text, the JSON and every other view.

use crate::git::ObjectId;
use serde::{Deserialize, Serialize};

/// The whole answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Status {
    /// The version of this shape: 1.
    pub schema: u32,
    /// What holds for the repository.
    pub repository: Repository,
    /// Its projects.
    pub projects: Vec<Project>,
}

/// What holds for the repository.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Repository {
    /// The commit that was judged; none before the first.
    pub head: Option<ObjectId>,
    /// The branch that HEAD is on.
    pub branch: Option<String>,
    /// Commits that it can reach here.
    pub commits: usize,
    /// Whether history is cut.
    pub shallow: bool,
    /// Commits that changed a track with a suite and have no passing receipt; none where receipts were never kept here.
    pub unverified_commits: Option<usize>,
    /// Commits that excused themselves from the journal.
    pub excused_commits: usize,
    /// What a reader has to know of this history.
    pub notes: Vec<String>,
}

/// One project.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Project {
    /// Its id.
    pub id: String,
    /// Its directory from the repository's root; `.` for the root.
    pub path: String,
    /// Its name.
    pub title: String,
    /// The highest phase that has begun; 0: none.
    pub current_phase: u8,
    /// Whether every phase is done.
    pub complete: bool,
    /// The day of its first commit, or the one that was declared.
    pub started: Option<String>,
    /// When a commit touched one of its tracks last.
    pub last_active: Option<String>,
    /// Whether the curriculum has it.
    #[serde(skip)]
    pub known: bool,
    /// How it stands to the guide's weeks.
    pub schedule: Option<Schedule>,
    /// The languages that it is to be built in.
    pub planned: Vec<String>,
    /// The six phases.
    pub phases: Vec<Phase>,
    /// Its tracks: those in the tree, then those that are gone.
    pub tracks: Vec<Track>,
    /// The nine success metrics.
    pub metrics: Vec<Metric>,
    /// What earlier phases still lack.
    pub gaps: Vec<Gap>,
    /// What a reader has to know of its history.
    pub notes: Vec<String>,
    /// What `.mastery.toml` says in history's stead.
    pub overrules: Vec<String>,
}

/// A project's stand against the guide's weeks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Schedule {
    /// The phase that is planned for today.
    pub planned_phase: u8,
    /// Days behind it; negative: ahead.
    pub days_behind: i64,
}

/// One phase.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Phase {
    /// 1 to 6.
    pub number: u8,
    /// The guide's name for it.
    pub name: &'static str,
    /// How far it is.
    pub state: PhaseState,
    /// Of the required milestones those met, in percent; in a build phase the track's being usable is one more.
    pub percent: u8,
    /// The language that it is about.
    pub language: Option<String>,
    /// The day on which it began.
    pub started: Option<String>,
    /// The day on which the last of its evidence came.
    pub finished: Option<String>,
    /// Its checks.
    pub milestones: Vec<Milestone>,
}

/// How far a phase is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PhaseState {
    /// Not begun.
    Pending,
    /// Begun.
    Active,
    /// Everything required is met, or vouched for.
    Done,
    /// Building has begun without its evidence.
    Implied,
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Milestone {
    /// Its id.
    pub id: &'static str,
    /// What is known of it.
    pub state: State,
    /// Whether the phase needs it.
    pub required: bool,
    /// Why.
    pub why: String,
    /// From what.
    pub evidence: Vec<Evidence>,
}

/// What is known of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Proven.
    Met,
    /// The learner vouches for it.
    Claimed,
    /// A part of it is proven.
    Partial,
    /// It is not there.
    Unmet,
    /// Git can't know, and nothing else says.
    Unknown,
}

impl State {
    /// Whether it needs no more work.
    pub fn is_settled(self) -> bool {
        matches!(self, State::Met | State::Claimed)
    }
}

/// A fact with its source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// What kind of source it is.
    pub kind: Source,
    /// The commit that brought it.
    pub commit: Option<ObjectId>,
    /// The file in it, with what is not UTF-8 shown as `\xNN`.
    pub path: Option<String>,
    /// What it says.
    pub note: String,
}

/// Where a fact comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A commit.
    Commit,
    /// A receipt of a suite.
    Receipt,
    /// A report in the work tree.
    Report,
    /// The configuration.
    Declaration,
}

/// One track.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Track {
    /// The language's name.
    pub language: String,
    /// How people write it.
    pub title: String,
    /// Its directory from the repository's root; `.` for the root.
    pub path: String,
    /// Its place among the tracks by first source; none where that can't be known.
    pub order: Option<usize>,
    /// Why there is no order.
    pub order_note: Option<String>,
    /// Whether it is one of the planned languages.
    pub planned: bool,
    /// How far it is.
    pub state: TrackState,
    /// What it still lacks to be usable.
    pub state_note: Option<String>,
    /// The commit that brought its first source of somebody's own.
    pub first_commit: Option<ObjectId>,
    /// The day of it.
    pub started: Option<String>,
    /// The last commit that touched it.
    pub last_commit: Option<ObjectId>,
    /// Where it lay before.
    pub earlier_paths: Vec<String>,
    /// Commits that touched it.
    pub commits: usize,
    /// Days with a commit.
    pub active_days: usize,
    /// Runs of commits.
    pub sessions: usize,
    /// Hours from commit times.
    pub hours: Option<Hours>,
    /// How the hours were found, or why there are none.
    pub hours_note: String,
    /// Source files of somebody's own.
    pub source_files: usize,
    /// Their lines that are neither blank nor comments.
    pub source_lines: usize,
    /// Test files that are not a generator's.
    pub test_files: usize,
    /// Test cases in them, as the framework counts them; none where the framework is not known.
    pub test_cases: Option<usize>,
    /// What receipts say of its tree.
    pub suite: Suite,
    /// Coverage in percent, measured on this tree.
    pub coverage: Option<f64>,
    /// Entries in the journal.
    pub journal_entries: usize,
    /// Routes that it answers.
    pub endpoints: usize,
}

/// A range of hours.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Hours {
    /// At least.
    pub low: f64,
    /// At most.
    pub high: f64,
}

/// How far a track is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TrackState {
    /// Not there, or not any more.
    Absent,
    /// A directory with nothing in it yet.
    Placeholder,
    /// A generator's output.
    Scaffold,
    /// Begun.
    InProgress,
    /// It starts and does most of what its siblings do.
    Usable,
}

/// What receipts say of a track's tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Suite {
    /// The outcome.
    pub state: SuiteState,
    /// The tree.
    pub tree: Option<ObjectId>,
    /// When it was run.
    pub at: Option<String>,
}

/// The outcome of the last run on a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SuiteState {
    /// Passed.
    Passed,
    /// Failed.
    Failed,
    /// There is no receipt for this tree.
    Missing,
}

/// One success metric.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Metric {
    /// Its id.
    pub id: &'static str,
    /// The guide's words.
    pub title: &'static str,
    /// What is known of it.
    pub state: State,
    /// Why.
    pub why: String,
    /// From what.
    pub evidence: Vec<Evidence>,
}

/// Something that an earlier phase still lacks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// The phase.
    pub phase: u8,
    /// The milestone.
    pub milestone: &'static str,
    /// The language, in a build phase.
    pub language: Option<String>,
    /// What is known of it.
    pub state: State,
}
