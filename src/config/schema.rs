//! The tables of `.mastery.toml` as they are written: every key optional, unknown keys refused.

use chrono::NaiveDate;
use indexmap::IndexMap;
use serde::{Deserialize, Deserializer};
use std::time::Duration;

/// The whole file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct File {
    /// `[project]`.
    pub project: Option<ProjectTable>,
    /// `[curriculum]`.
    pub curriculum: CurriculumTable,
    /// `[projects.ID]`.
    pub projects: IndexMap<String, ProjectTable>,
    /// `[people]`.
    pub people: PeopleTable,
    /// `[languages.NAME]`.
    pub languages: IndexMap<String, LanguageTable>,
    /// `[tests]`.
    pub tests: TestsTable,
    /// `[journal]`.
    pub journal: JournalTable,
    /// `[adr]`.
    pub adr: AdrTable,
    /// `[hooks]`.
    pub hooks: HooksTable,
}

/// `[project]` or `[projects.ID]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProjectTable {
    /// The project's id.
    pub id: Option<String>,
    /// Its first day.
    #[serde(deserialize_with = "date")]
    pub started: Option<NaiveDate>,
    /// The planned languages.
    pub languages: Option<Vec<String>>,
    /// A commit whose content is nobody's evidence.
    pub baseline: String,
    /// Milestones or phases that the learner vouches for.
    pub done: Vec<String>,
}

/// `[curriculum]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CurriculumTable {
    /// A file with projects beside the guide's or in their place, from the repository's root; empty for none.
    pub file: String,
}

/// `[people]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PeopleTable {
    /// E-mail addresses or names whose work counts; empty for everybody but bots.
    pub learners: Vec<String>,
    /// Globs over names and e-mail addresses of those whose work never counts.
    pub bots: Vec<String>,
}

impl Default for PeopleTable {
    fn default() -> Self {
        PeopleTable { learners: Vec::new(), bots: ["*[bot]*", "dependabot*", "renovate*"].map(str::to_owned).to_vec() }
    }
}

/// `[languages.NAME]`: what is absent comes from the preset of that name, if there is one.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LanguageTable {
    /// Directories or globs, relative to the project.
    pub directories: Option<Vec<String>>,
    /// The test command.
    pub test: Option<String>,
    /// How its outcome is read.
    pub report: Option<Report>,
    /// Globs of test files.
    pub tests: Option<Vec<String>>,
    /// When a missing or failed receipt stops you.
    pub gate: Option<Gate>,
    /// How long the suite may take.
    #[serde(deserialize_with = "some_duration")]
    pub timeout: Option<Duration>,
    /// Extra paths that the suite depends on, relative to the track.
    pub inputs: Option<Vec<String>>,
    /// Files whose change alone needs no new run.
    pub ignore: Option<Vec<String>>,
    /// Ignored files and directories that a snapshot borrows.
    pub dependencies: Option<Vec<String>>,
    /// Makes the dependencies in a snapshot.
    pub setup: Option<String>,
    /// Names of variables that go into the fingerprint.
    pub environment: Option<Vec<String>>,
    /// Starts the service, for a load test.
    pub start: Option<String>,
}

/// How a suite's outcome is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Report {
    /// `go test -json`.
    GoJson,
    /// Jest's or Vitest's JSON.
    JestJson,
    /// `JUnit` XML.
    Junit,
    /// The Test Anything Protocol.
    Tap,
    /// The exit code alone.
    None,
}

/// The moment at which a missing or failed receipt stops you.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gate {
    /// At each commit.
    Commit,
    /// At each push.
    Push,
    /// Never.
    Off,
}

/// Which pushed commits need passing receipts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PushRange {
    /// The tip.
    Tip,
    /// Every one.
    All,
}

/// `[tests]`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TestsTable {
    /// For languages that have no gate of their own.
    pub gate: Gate,
    /// At gate `commit`: a suite that took longer last time waits for the push.
    #[serde(deserialize_with = "duration")]
    pub budget: Duration,
    /// A suite that ran no test has not passed.
    pub require_tests: bool,
    /// Which pushed commits need receipts.
    pub push: PushRange,
    /// Strictly more than this, in percent, meets the metric.
    pub coverage_min: f64,
    /// A suite that does not exceed it has not passed.
    pub enforce_coverage: bool,
}

impl Default for TestsTable {
    fn default() -> Self {
        TestsTable {
            gate: Gate::Commit,
            budget: Duration::from_secs(60),
            require_tests: true,
            push: PushRange::Tip,
            coverage_min: 80.0,
            enforce_coverage: false,
        }
    }
}

/// How often a journal entry is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Every {
    /// With every commit that changes sources.
    Commit,
    /// Once a day and language.
    Day,
    /// Once a week and language.
    Week,
    /// Never.
    Off,
}

/// `[journal]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct JournalTable {
    /// The journal's file name, looked for from the track upward.
    pub file: String,
    /// How often an entry is wanted.
    pub every: Every,
    /// Conventional commit types that need none.
    pub exempt_types: Vec<String>,
    /// Smaller changes need none.
    pub min_changed_lines: usize,
    /// Shorter bullets are no entries.
    pub min_words: usize,
}

impl Default for JournalTable {
    fn default() -> Self {
        JournalTable {
            file: "LEARNINGS.md".into(),
            every: Every::Day,
            exempt_types: ["docs", "chore", "ci", "style", "build", "revert"].map(str::to_owned).to_vec(),
            min_changed_lines: 10,
            min_words: 4,
        }
    }
}

/// `[adr]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AdrTable {
    /// Where decision records live.
    pub directory: String,
    /// `mastery`, `nygard`, `madr`, or a file.
    pub template: String,
}

impl Default for AdrTable {
    fn default() -> Self {
        AdrTable { directory: "docs/adr".into(), template: "mastery".into() }
    }
}

/// `[hooks]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HooksTable {
    /// Suites at once; 0: by cores.
    pub jobs: usize,
}

fn duration<'de, D: Deserializer<'de>>(d: D) -> Result<Duration, D::Error> {
    struct Words;
    impl serde::de::Visitor<'_> for Words {
        type Value = Duration;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a duration in quotes, like \"90s\" or \"10m\"")
        }

        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Duration, E> {
            humantime::parse_duration(text).map_err(|_| E::invalid_value(serde::de::Unexpected::Str(text), &self))
        }
    }
    d.deserialize_str(Words)
}

fn some_duration<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Duration>, D::Error> {
    duration(d).map(Some)
}

fn date<'de, D: Deserializer<'de>>(d: D) -> Result<Option<NaiveDate>, D::Error> {
    let value = toml::value::Datetime::deserialize(d)?;
    let date = value.date.ok_or_else(|| serde::de::Error::custom("not a date like 2026-11-22"))?;
    NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into())
        .map(Some)
        .ok_or_else(|| serde::de::Error::custom("no such day"))
}
