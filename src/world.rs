//! All that a command may use from outside, in one value.

use crate::system::{env::Env, interrupt::Interrupt, terminal::Terminal};
use chrono::{DateTime, FixedOffset};
use std::path::{Path, PathBuf};

/// The outside as a command sees it: made once in `main`, and by hand in tests.
#[derive(Debug)]
pub struct World {
    /// The directory that the command speaks of: the process's own, or that of `-C`.
    pub cwd: PathBuf,
    /// The time at which the command started, in the user's own offset.
    pub now: DateTime<FixedOffset>,
    /// The environment as it was at the start.
    pub env: Env,
    /// Where output goes.
    pub term: Terminal,
    /// Signals that have arrived.
    pub interrupt: Interrupt,
    /// `--config FILE`: replaces every `.mastery.toml`.
    pub config_file: Option<PathBuf>,
}

impl World {
    /// `path` as the user meant it: relative to [`World::cwd`].
    pub fn resolve(&self, path: &Path) -> PathBuf {
        self.cwd.join(path)
    }
}
