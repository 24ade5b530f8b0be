//! One language as it is meant.

use super::preset::{self, Preset};
use super::schema::{Gate, LanguageTable, Report};
use std::time::Duration;

/// A language with its preset and the configuration put together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Language {
    /// Its name: the table's.
    pub name: String,
    /// Whether the file has a table for it.
    pub configured: bool,
    /// The preset of that name.
    pub preset: Option<&'static Preset>,
    /// Directories or globs, relative to the project; none where it is left to detection.
    pub directories: Option<Vec<String>>,
    /// The test command, run by `sh -c` in the track's directory; none: there is no suite.
    pub test: Option<String>,
    /// How its outcome is read.
    pub report: Report,
    /// Globs of test files; for a preset, beside what its framework counts.
    pub tests: Vec<String>,
    /// When a missing or failed receipt stops you.
    pub gate: Gate,
    /// How long the suite may take.
    pub timeout: Duration,
    /// Extra paths that the suite depends on, relative to the track.
    pub inputs: Vec<String>,
    /// Globs of files whose change alone needs no new run.
    pub ignore: Vec<String>,
    /// Ignored files and directories that a snapshot borrows, relative to the track.
    pub dependencies: Vec<String>,
    /// Makes the dependencies in a snapshot; empty for none.
    pub setup: String,
    /// Names of variables that go into the fingerprint.
    pub environment: Vec<String>,
    /// Starts the service, run by `sh -c` in the track's directory with `PORT` set; none: what lies there says how.
    pub start: Option<String>,
}

/// How long a suite may take where nothing is configured.
pub(super) const TIMEOUT: Duration = Duration::from_secs(600);

impl Language {
    /// The language `name`, from its preset and what the file says.
    pub(super) fn resolve(name: &str, table: Option<LanguageTable>, gate: Gate) -> Language {
        let preset = preset::named(name);
        let configured = table.is_some();
        let table = table.unwrap_or_default();
        let words = |list: &[&str]| list.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
        let test = table.test.or_else(|| preset.map(|p| p.test.to_owned())).filter(|t| !t.trim().is_empty());
        Language {
            name: name.to_owned(),
            configured,
            preset,
            directories: table.directories,
            test,
            report: table.report.or(preset.map(|p| p.report)).unwrap_or(Report::None),
            tests: table.tests.unwrap_or_default(),
            gate: table.gate.unwrap_or(gate),
            timeout: table.timeout.unwrap_or(TIMEOUT),
            inputs: table.inputs.unwrap_or_default(),
            ignore: table.ignore.unwrap_or_else(|| words(&["**/*.md"])),
            dependencies: table.dependencies.unwrap_or_else(|| words(preset.map_or(&[], |p| p.dependencies))),
            setup: table.setup.unwrap_or_default(),
            environment: table.environment.unwrap_or_default(),
            start: table.start.filter(|command| !command.trim().is_empty()),
        }
    }

    /// How people write its name.
    pub fn title(&self) -> &str {
        self.preset.map_or(&self.name, |p| p.title)
    }
}
