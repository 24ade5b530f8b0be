//! Receipts: the recorded outcome of a suite for one (input tree, fingerprint), shared by all work trees of a repository.

use crate::failure::Failure;
use crate::git::ObjectId;
use crate::system::files;
use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How a suite ended. Only [`Outcome::Passed`] lets anything through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Every test passed, and there was one.
    Passed,
    /// A test failed, or the command did.
    Failed,
    /// It ran no test.
    NoTests,
    /// A tool that it needs is not there, or not right.
    Toolchain,
    /// It took longer than it may.
    TimedOut,
    /// Somebody stopped it.
    Interrupted,
}

/// How many tests there were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Tests that passed.
    pub passed: usize,
    /// Tests that failed.
    pub failed: usize,
    /// Tests that were skipped.
    pub skipped: usize,
}

/// What is remembered of one run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Receipt {
    /// The version of this shape: 1.
    pub schema: u32,
    /// The track's language.
    pub language: String,
    /// The track's directory from the repository's root.
    pub track: String,
    /// The input tree.
    pub tree: ObjectId,
    /// What else the outcome depends on, as a hexadecimal hash.
    pub fingerprint: String,
    /// How it ended.
    pub outcome: Outcome,
    /// How many tests there were; none where the report does not say.
    pub counts: Option<Counts>,
    /// The names of the tests that failed.
    #[serde(default)]
    pub failing: Vec<String>,
    /// Lines or statements covered, in percent.
    #[serde(default)]
    pub coverage: Option<f64>,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// When it ended.
    pub at: DateTime<FixedOffset>,
    /// The command.
    pub command: String,
    /// Tools and their versions.
    #[serde(default)]
    pub tools: BTreeMap<String, String>,
}

/// The receipts of a repository: `mastery/receipts/<xx>/<input tree>/<fingerprint>.json` in git's common directory.
#[derive(Debug, Clone)]
pub struct Receipts {
    root: PathBuf,
}

impl Receipts {
    /// The receipts below git's common directory.
    pub fn below(common_dir: &Path) -> Self {
        Receipts { root: common_dir.join("mastery/receipts") }
    }

    fn directory(&self, tree: ObjectId) -> PathBuf {
        let hex = tree.to_string();
        self.root.join(&hex[..2]).join(hex)
    }

    /// The receipt for exactly this input tree and fingerprint. One that is damaged, or names another tree, counts as absent.
    pub fn find(&self, tree: ObjectId, fingerprint: &str) -> Option<Receipt> {
        read(&self.directory(tree).join(format!("{fingerprint}.json")), tree).filter(|r| r.fingerprint == fingerprint)
    }

    /// Whether there is a receipt for this input tree and fingerprint that can't be used.
    pub fn is_damaged(&self, tree: ObjectId, fingerprint: &str) -> bool {
        self.directory(tree).join(format!("{fingerprint}.json")).exists() && self.find(tree, fingerprint).is_none()
    }

    /// How long the suite called `slug` took when it last ran, whatever came of it.
    pub fn last(&self, slug: &str) -> Option<Duration> {
        let text = fs::read_to_string(self.root.with_file_name("last").join(slug)).ok()?;
        text.trim().parse().ok().map(Duration::from_millis)
    }

    /// Notes how long a suite took.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn keep_last(&self, slug: &str, took: Duration) -> Result<(), Failure> {
        files::replace(&self.root.with_file_name("last").join(slug), format!("{}\n", took.as_millis()).as_bytes())
    }

    /// Every readable receipt for an input tree, the newest first.
    pub fn all(&self, tree: ObjectId) -> Vec<Receipt> {
        let Ok(files) = fs::read_dir(self.directory(tree)) else { return Vec::new() };
        let mut receipts: Vec<Receipt> = files.flatten().filter_map(|file| read(&file.path(), tree)).collect();
        receipts.sort_by_key(|r| std::cmp::Reverse(r.at));
        receipts
    }

    /// Every directory and file of theirs: whoever has looked at receipts may have looked at any.
    pub fn places(&self) -> Vec<PathBuf> {
        let mut places = vec![self.root.clone()];
        let mut at = 0;
        while let Some(path) = places.get(at) {
            let below: Vec<PathBuf> = fs::read_dir(path).into_iter().flatten().flatten().map(|i| i.path()).collect();
            places.extend(below);
            at += 1;
        }
        places
    }

    /// When the first receipt that is still here was made; none where there are none.
    pub fn oldest(&self) -> Option<DateTime<FixedOffset>> {
        let below = |path: PathBuf| fs::read_dir(path).into_iter().flatten().flatten().map(|item| item.path());
        let files = below(self.root.clone()).flat_map(below).flat_map(below);
        files.filter_map(|file| serde_json::from_slice::<Receipt>(&fs::read(file).ok()?).ok()).map(|r| r.at).min()
    }

    /// Writes a receipt; of several at once for one key, the last stands.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn keep(&self, receipt: &Receipt) -> Result<(), Failure> {
        let path = self.directory(receipt.tree).join(format!("{}.json", receipt.fingerprint));
        let text = serde_json::to_string_pretty(receipt)
            .map_err(|e| Failure::missing("can't write a receipt as JSON").because(e))?;
        files::replace(&path, format!("{text}\n").as_bytes())
    }
}

fn read(path: &Path, tree: ObjectId) -> Option<Receipt> {
    let receipt: Receipt = serde_json::from_slice(&fs::read(path).ok()?).ok()?;
    (receipt.schema == 1 && receipt.tree == tree).then_some(receipt)
}
