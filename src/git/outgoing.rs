//! What a push would bring to a remote.

use super::{ObjectId, Repository};
use crate::failure::{Context, Failure};
use std::collections::HashSet;

/// The commits that a remote does not have yet, as far as is known here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outgoing {
    /// They, parents before children.
    pub commits: Vec<ObjectId>,
    /// Those that the remote has and that they stand on.
    pub base: Vec<ObjectId>,
}

impl Repository {
    /// The commit that an object leads to: itself, or what a tag names; none where it leads to none.
    pub fn commit_behind(&self, id: ObjectId) -> Option<ObjectId> {
        let object = self.inner().ok()?.find_object(id.raw(), None).ok()?;
        object.peel_to_commit().ok().map(|commit| commit.id().into())
    }

    /// What a push of `tip` to the remote called `remote` would bring there, which has `known` and what its remote-tracking branches
    /// say. Ids that are not here are passed over.
    ///
    /// # Errors
    /// History can't be read: kind `Missing`.
    pub fn outgoing(&self, tip: ObjectId, remote: &str, known: &[ObjectId]) -> Result<Outgoing, Failure> {
        let doing = || format!("can't read the history of {tip}");
        let repo = self.inner().or_missing(doing)?;
        let mut walk = repo.revwalk().or_missing(doing)?;
        walk.set_sorting(git2::Sort::TOPOLOGICAL | git2::Sort::REVERSE).or_missing(doing)?;
        walk.push(tip.raw()).or_missing(doing)?;
        for id in known.iter().filter_map(|id| self.commit_behind(*id)) {
            walk.hide(id.raw()).or_missing(doing)?;
        }
        for reference in repo.references_glob(&format!("refs/remotes/{remote}/*")).into_iter().flatten().flatten() {
            if let Ok(commit) = reference.peel_to_commit() {
                walk.hide(commit.id()).or_missing(doing)?;
            }
        }
        let commits: Vec<ObjectId> =
            walk.map(|id| id.map(ObjectId::from)).collect::<Result<_, _>>().or_missing(doing)?;
        let new: HashSet<ObjectId> = commits.iter().copied().collect();
        let mut base = Vec::new();
        for id in &commits {
            let commit = repo.find_commit(id.raw()).or_missing(doing)?;
            base.extend(commit.parent_ids().map(ObjectId::from).filter(|p| !new.contains(p)));
        }
        base.sort();
        base.dedup();
        // Below the cut of a shallow clone nothing is here to compare with.
        base.retain(|id| repo.find_commit(id.raw()).is_ok());
        Ok(Outgoing { commits, base })
    }
}
