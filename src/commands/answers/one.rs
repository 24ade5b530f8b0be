//! One project of an answer, judged again from what it needs of history, which is remembered by itself.

use super::kept::Kept;
use super::later::MOST;
use super::{Place, Question};
use crate::commands::ground::{repository_name, written_config};
use crate::commands::remembered::{self, Wanted};
use crate::commands::standing::remember_gone;
use crate::commands::standing::scene::{Judged, Scene};
use crate::config::Config;
use crate::git::{Commit, Did, Entry, subtree};
use crate::history::fold::{Builder, Changed};
use crate::history::layout::{self, Project, is_below};
use crate::history::log::Log;
use crate::history::people::People;
use crate::history::reach::WORKFLOWS;
use crate::views::parts::About;
use bstr::{BStr, ByteSlice};

/// When so many commits are new to what is remembered, they are remembered, too.
const WORTH_IT: usize = 16;

impl Question<'_> {
    /// The answer with what it says of the project `at` that place as it is at HEAD; `newer` is what came since. None where more than
    /// that project has to be looked at.
    pub(super) fn judged_again(&self, mut kept: Kept, at: usize, newer: &Log) -> Option<Kept> {
        let known = kept.projects.get(at)?;
        self.wants.borrow_mut().push(Wanted { project: known.path.clone(), head: kept.head });
        let path = known.path.as_bstr();
        let here = self.repo.work_tree()?;
        let config = written_config(self.world, here).ok()?;
        let decisions = config.adr.directory.trim_end_matches('/');
        let tree = self.repo.tree_of(self.tip).ok()?;
        let entries = self.repo.entries_in(tree, &[path, BStr::new(decisions), BStr::new(WORKFLOWS)]).ok()?;
        if subtree(&entries, path).is_empty() {
            return None;
        }
        let log = self.part(&config, &entries, path)?;
        let project = self.project(&config, &entries, &log, path)?;
        if project.id != known.id || project.tracks.is_empty() == known.has_tracks {
            return None;
        }
        let scene = Scene {
            world: self.world,
            repo: &self.repo,
            config: &config,
            entries: &entries,
            log: &log,
            here: Some(here),
            has_others: false,
            is_part: true,
            only: kept.projects.iter().filter(|p| p.has_tracks).count() <= 1,
        };
        let new = newer.slice(newer.points.len(), &remembered::is_of_part(&config, path))?.points.len();
        let first = log.points.len().checked_sub(new)?;
        let below = |commit| self.repo.entries_in(self.repo.tree_of(commit).ok()?, &[path]).ok();
        let Judged { projects, unverified, is_whole, outside, places, until } = scene.judge(&[project], first, &below);
        let is_alone = outside.iter().flatten().all(|place| is_below(place.as_bstr(), path));
        if !is_alone || !is_whole {
            return None;
        }
        kept.unverified = match (kept.unverified, unverified) {
            (Some(before), Some(since)) => Some(before + since),
            (None, None) => None,
            _ => return None,
        };
        kept.until = kept.until.min(until);
        for place in places?.into_iter().filter(|place| matches!(place, Place::Unreported(_))) {
            if !kept.places.iter().any(|seen| *seen.place() == place) {
                kept.places.push(place.look());
            }
        }
        let ids: Vec<&str> = kept.projects.iter().map(|p| p.id.as_str()).collect();
        let parts = self.form.project(projects.first()?, &ids).ok()?;
        let about = About::Project(u32::try_from(at).ok()?);
        for ((_, old), part) in kept.parts.iter_mut().filter(|(a, _)| *a == about).zip(parts) {
            *old = part;
        }
        Some(kept)
    }

    /// What the project at `path` needs of history.
    fn part(&self, config: &Config, entries: &[Entry], path: &BStr) -> Option<Log> {
        let mailmap = entries.iter().find(|e| e.path == ".mailmap");
        let mailmap = mailmap.map_or(Some(Vec::new()), |entry| self.repo.blob(entry.id))?;
        let people = People::new(&config.people, &mailmap);
        let makers = remembered::makers(config, &mailmap);
        let (head, mut log) = remembered::part(&self.repo, &makers, path)?;
        let base = self.repo.ahead(self.tip, head, MOST)?;
        if people.names_learners() || base.newer == 0 {
            return (!people.names_learners()).then_some(log);
        }
        let mut builder = Builder::new(&people);
        let read = &mut |commit: &Commit| builder.read(commit);
        let (told, changed) = self.repo.fold(self.tip, Some(&base), read, &Changed::default, &Changed::list).ok()?;
        let is_plain = told.iter().all(|t| matches!(t.did, Did::Listed(..)));
        let later = builder.finish(told, changed);
        if !is_plain || later.incomplete || !later.moves.is_empty() {
            return None;
        }
        log.append(later.slice(later.points.len(), &remembered::is_of_part(config, path))?);
        if base.newer >= WORTH_IT {
            remembered::keep_part(&self.repo, &makers, self.tip, path, &log);
        }
        Some(log)
    }

    /// The project at `path`, with the tracks that are gone.
    fn project(&self, config: &Config, entries: &[Entry], log: &Log, path: &BStr) -> Option<Project> {
        let name = repository_name(&self.repo);
        let mut projects = layout::every_project(entries, config, &name);
        projects.retain(|p| p.path == path);
        // Once its last track is gone, others may be the projects.
        if projects.iter().all(|p| p.tracks.is_empty()) {
            return None;
        }
        remember_gone(&mut projects, entries, log, config, &name);
        projects.pop()
    }
}
