//! What there is to judge: the tree at one commit, its history as facts, and what was measured outside of git.

use super::status::{Evidence, Source};
use crate::config::Config;
use crate::git::{Entry, ObjectId};
use crate::history::facts::{Contents, Touched, TrackFacts};
use crate::history::hashed::Set;
use crate::history::log::{Log, Point};
use crate::history::territory::{Lens, Territory};
use crate::suites::receipt::Receipt;
use bstr::{BStr, ByteSlice};
use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Everything that judgement may look at. All of it is data; `contents` only hands out blobs.
pub struct Matter<'a> {
    /// The configuration that counts.
    pub config: &'a Config,
    /// Every file of the tree, sorted by path.
    pub entries: &'a [Entry],
    /// The log of the history up to that tree.
    pub log: &'a Log,
    /// Which commits touched which path.
    pub touched: &'a Touched<'a>,
    /// Which track a path belongs to.
    pub territory: &'a Territory<'a>,
    /// One for each track of each project, in order; so are `facts` and `measured`.
    pub lenses: &'a [Lens<'a>],
    /// What history says of each track.
    pub facts: &'a [TrackFacts],
    /// What was measured of each track's tree.
    pub measured: &'a [Measured],
    /// Blobs that are nobody's evidence.
    pub foreign: &'a Set<ObjectId>,
    /// Gives blobs.
    pub contents: Contents<'a>,
}

/// What is known of one track's tree beside git.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// The track's tree.
    pub tree: Option<ObjectId>,
    /// Whether that is its directory's.
    pub is_its_own: bool,
    /// Receipts for that tree, the newest first.
    pub receipts: Vec<Receipt>,
    /// A coverage report in the work tree.
    pub report: Option<Report>,
}

/// A coverage report in the work tree: git knows nothing of it, so it speaks for the tree only as long as it fits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// What it says is covered, in percent.
    pub percent: f64,
    /// Its path from the repository's root.
    pub path: String,
    /// When it was written.
    pub written: DateTime<FixedOffset>,
    /// Why it does not speak for the tree; none where it does.
    pub stale: Option<String>,
}

impl Measured {
    /// The coverage of this tree: from the newest receipt that has one, else from a report that fits.
    pub fn coverage(&self) -> Option<f64> {
        let received = self.receipts.iter().find_map(|r| r.coverage);
        received.or_else(|| self.report.as_ref().filter(|r| r.stale.is_none()).map(|r| r.percent))
    }
}

impl Measured {
    /// When what was measured last of how much is covered was measured.
    pub fn dated(&self) -> Option<DateTime<FixedOffset>> {
        let received = self.receipts.iter().find(|r| r.coverage.is_some()).map(|r| r.at);
        received.or_else(|| self.report.as_ref().map(|r| r.written))
    }
}

/// Larger files are not read: nobody writes them by hand.
pub(super) const LARGE: usize = 512 * 1024;

impl Matter<'_> {
    /// The text of a file; none where it is not here or too large.
    pub fn read(&self, entry: &Entry) -> Option<Arc<Vec<u8>>> {
        (self.contents)(entry.id).filter(|bytes| bytes.len() <= LARGE)
    }

    /// Whether the file's blob is not here, as in a partial clone: what it says is unknown, which is not nothing.
    pub fn is_missing(&self, entry: &Entry) -> bool {
        (self.contents)(entry.id).is_none()
    }

    /// The text of the file at `path`, as [`Matter::read`].
    pub fn text(&self, path: &BStr) -> Option<Arc<Vec<u8>>> {
        let at = self.entries.binary_search_by(|e| e.path.as_bstr().cmp(path)).ok()?;
        self.read(&self.entries[at])
    }

    /// The files below a directory.
    pub fn below(&self, directory: &BStr) -> &[Entry] {
        crate::git::subtree(self.entries, directory)
    }

    /// Evidence: a path, from the commit that touched it last.
    pub fn path(&self, path: &BStr, note: impl Into<String>) -> Evidence {
        let commit = self.touched.last(path).map(|p| self.log.points[p as usize].id);
        Evidence { kind: Source::Commit, commit, path: Some(shown(path)), note: note.into() }
    }

    /// Evidence: a commit.
    pub fn commit(&self, point: u32, note: impl Into<String>) -> Evidence {
        let commit = Some(self.log.points[point as usize].id);
        Evidence { kind: Source::Commit, commit, path: None, note: note.into() }
    }

    /// The day on which a commit was written, where its author was.
    pub fn day(&self, point: u32) -> Option<NaiveDate> {
        day(&self.log.points[point as usize])
    }
}

/// The day on which a commit was written, where its author was; none where no calendar has it.
pub fn day(point: &Point) -> Option<NaiveDate> {
    let local = point.seconds.checked_add(i64::from(point.offset) * 60)?;
    DateTime::from_timestamp(local, 0).map(|t| t.date_naive())
}

/// A path for people and for JSON: what is not UTF-8 is shown as `\xNN`.
pub fn shown(path: &BStr) -> String {
    let mut out = String::with_capacity(path.len());
    for chunk in path.utf8_chunks() {
        out.push_str(chunk.valid());
        chunk.invalid().iter().for_each(|b| out.push_str(&format!("\\x{b:02x}")));
    }
    out
}
