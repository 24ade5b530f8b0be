//! The weeks of projects: counted from each one's first commit, or from the day that the configuration says.

use crate::commands::ground::Ground;
use crate::commands::journal::rule::time_of;
use crate::failure::Failure;
use crate::git::{Changes, Commit};
use crate::history::layout::is_below;
use bstr::ByteSlice;
use chrono::NaiveDate;
use std::collections::HashMap;

/// The first day of each project that has one, by its directory.
pub(super) struct Weeks {
    first: HashMap<Vec<u8>, NaiveDate>,
}

impl Weeks {
    /// From one walk over the history of HEAD, which `visit` sees too.
    pub(super) fn of(ground: &Ground, visit: &mut dyn FnMut(&Commit, Changes<'_>)) -> Result<Weeks, Failure> {
        let mut first: HashMap<Vec<u8>, NaiveDate> = HashMap::new();
        for project in &ground.projects {
            if let Some(started) = ground.config.project(&project.id).started {
                first.insert(project.path.to_vec(), started);
            }
        }
        if let Some(head) = ground.repo.head()? {
            ground.repo.walk(head, &mut |commit, changes| {
                for project in &ground.projects {
                    let here = match changes {
                        _ if first.contains_key(project.path.as_slice()) => false,
                        Changes::Cut => true,
                        Changes::Merge => false,
                        Changes::Listed { changes, .. } => {
                            project.path.is_empty()
                                || changes.iter().any(|c| is_below(c.path.as_bstr(), project.path.as_bstr()))
                        }
                    };
                    if let (true, Some(at)) = (here, time_of(&commit.author)) {
                        first.insert(project.path.to_vec(), at.date_naive());
                    }
                }
                visit(commit, changes);
            })?;
        }
        Ok(Weeks { first })
    }

    /// The week of the project in directory `project` that `day` lies in, from 1; a project that has not begun is in its first.
    pub(super) fn week(&self, project: &[u8], day: NaiveDate) -> u32 {
        let days = self.first.get(project).map_or(0, |first| (day - *first).num_days());
        u32::try_from(days / 7).unwrap_or_default() + 1
    }
}
