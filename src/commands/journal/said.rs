//! `Learned` lines of commits, with the language and the project that they speak of.

use super::rule::Rule;
use crate::documents::journal::Learned;
use crate::git::{Changes, Commit};
use bstr::{BString, ByteSlice};

/// A `Learned` line of a commit, before its week is known.
pub(super) struct Said {
    pub(super) commit: Commit,
    pub(super) language: Option<String>,
    pub(super) line: Learned,
    /// The directory of the project that the commit touched, where it is one.
    pub(super) project: Option<BString>,
}

/// Adds what a commit says was learned.
pub(super) fn collect(rule: &Rule<'_>, commit: &Commit, changes: Changes<'_>, said: &mut Vec<Said>) {
    let changes = match changes {
        Changes::Listed { changes, .. } => changes,
        Changes::Merge | Changes::Cut => &[],
    };
    for (language, line) in rule.learned(commit.message.as_bstr(), changes) {
        let mut projects = rule.ground.projects.iter().filter(|p| {
            p.tracks.iter().any(|t| {
                language.as_ref().is_none_or(|l| *l == t.language)
                    && changes.iter().any(|c| rule.is_source(t, c.path.as_bstr()))
            })
        });
        let project = projects.next().filter(|_| projects.next().is_none()).map(|p| p.path.clone());
        said.push(Said { commit: commit.clone(), language, line, project });
    }
}
