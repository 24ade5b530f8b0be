//! Where files and lines come from.

use super::walk::Changes;
use super::{ObjectId, Repository};
use crate::failure::{Context, Failure};
use bstr::{BStr, BString, ByteSlice};
use std::collections::HashMap;

/// The commit that first brought a file, and when it was committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Introduction {
    /// The commit.
    pub commit: ObjectId,
    /// Seconds since 1970.
    pub seconds: i64,
}

impl Repository {
    /// For each of `paths` that HEAD's history brought, the first commit that did.
    ///
    /// # Errors
    /// HEAD can't be read: kind `Missing`.
    pub fn introductions(&self, paths: &[BString]) -> Result<HashMap<BString, Introduction>, Failure> {
        let mut found = HashMap::new();
        let Some(head) = self.head()? else { return Ok(found) };
        self.walk(head, &mut |commit, changes| {
            let Changes::Listed { changes, .. } = changes else { return };
            for change in changes.iter().filter(|c| c.old.is_none() && paths.contains(&c.path)) {
                let seconds = commit.committer.seconds;
                found.entry(change.path.clone()).or_insert(Introduction { commit: commit.id, seconds });
            }
        })?;
        Ok(found)
    }

    /// For each of `lines` (from 1) of the file at `path` that holds `bytes` now, the commit that it comes from; none where it is not
    /// committed yet.
    pub fn line_origins(&self, path: &BStr, bytes: &[u8], lines: &[usize]) -> Vec<Option<ObjectId>> {
        let blame = || self.inner().ok()?.blame_file(path.to_path().ok()?, None).ok();
        let blame = blame();
        let blame = blame.as_ref().and_then(|b| b.blame_buffer(bytes).ok());
        let origin = |line: &usize| {
            let id = blame.as_ref()?.get_line(*line)?.final_commit_id();
            (!id.is_zero()).then(|| id.into())
        };
        lines.iter().map(origin).collect()
    }

    /// Whether `commit` is `ancestor` or comes after it.
    ///
    /// # Errors
    /// One of them can't be read: kind `Missing`.
    pub fn comes_from(&self, commit: ObjectId, ancestor: ObjectId) -> Result<bool, Failure> {
        if commit == ancestor {
            return Ok(true);
        }
        self.inner()
            .and_then(|repo| repo.graph_descendant_of(commit.raw(), ancestor.raw()))
            .or_missing(|| format!("can't compare {} with {}", commit.short(), ancestor.short()))
    }
}
