//! One project of an answer, judged again: from what was found of it, where that still can be told, else from what it needs of history,
//! which is remembered by itself.

use super::kept::{Kept, is_harmless};
use super::later::MOST;
use super::{Current, Place, Question, current};
use crate::commands::ground::{repository_name, written_config};
use crate::commands::remembered::{self, Wanted};
use crate::commands::standing::remember_gone;
use crate::commands::standing::scene::{Judged, Scene};
use crate::config::Config;
use crate::git::{Commit, Did, Entry, ObjectId, subtree};
use crate::history::fold::{Builder, Changed};
use crate::history::layout::{self, Project, is_below};
use crate::history::log::Log;
use crate::history::people::People;
use crate::history::reach::WORKFLOWS;
use crate::progress::judge::judge;
use crate::progress::status;
use crate::views::parts::About;
use bstr::{BStr, ByteSlice};

/// When so many commits are new to what is remembered, they are remembered, too.
const WORTH_IT: usize = 16;

/// What one project is judged from, beside its files and its history.
pub(super) struct Part<'a> {
    /// Its place among those that the answer knows.
    pub(super) at: usize,
    /// Its directory.
    path: &'a BStr,
    /// The tree of HEAD.
    pub(super) root: ObjectId,
    /// The configuration that counts.
    pub(super) config: &'a Config,
    /// The bytes of the `.mailmap`.
    mailmap: &'a [u8],
    people: &'a People,
}

impl Part<'_> {
    /// What the project needs of a log.
    pub(super) fn of(&self, log: &Log) -> Option<Log> {
        log.slice(log.points.len(), &remembered::is_of_part(self.config, self.path))
    }

    /// Whether all that is in a log, which knows people as they stand in commits, is the work of somebody who counts.
    pub(super) fn counts(&self, log: &Log) -> bool {
        log.people.iter().all(|p| self.people.counts(&self.people.person(p.name.as_bstr(), p.email.as_bstr())))
    }
}

impl Question<'_> {
    /// The answer with what it says of the project `at` that place as it is at HEAD; `newer` is what came since, which only changed
    /// what is in files where it `is_content`. None where more than that project has to be looked at.
    pub(super) fn judged_again(&self, kept: Kept, at: usize, newer: &Log, is_content: bool) -> Option<Kept> {
        let known = kept.projects.get(at)?.clone();
        let wanted = Wanted { project: known.path.clone(), head: kept.head };
        let config = written_config(self.world, self.repo.work_tree()?).ok()?;
        let root = self.repo.tree_of(self.tip).ok()?;
        let mailmap = self.repo.object_at(root, BStr::new(".mailmap"));
        let mailmap = mailmap.map_or(Some(Vec::new()), |id| self.repo.blob(id))?;
        let people = &People::new(&config.people, &mailmap);
        if people.names_learners() {
            return None;
        }
        let part = Part { at, path: known.path.as_bstr(), root, config: &config, mailmap: &mailmap, people };
        if is_content && let Some(current) = self.edited(&kept, &part, newer) {
            let project = judge(&current.found, &config, self.world.now);
            return self.with(kept, at, &project, Some(&current));
        }
        self.wants.borrow_mut().push(wanted);
        self.searched(kept, &part, newer)
    }

    /// The answer with another project `at` that place.
    fn with(&self, mut kept: Kept, at: usize, project: &status::Project, current: Option<&Current>) -> Option<Kept> {
        let ids: Vec<&str> = kept.projects.iter().map(|p| p.id.as_str()).collect();
        let parts = self.form.project(project, &ids).ok().filter(|parts| parts.iter().all(|part| is_harmless(part)))?;
        let about = About::Project(u32::try_from(at).ok()?);
        for ((_, old), part) in kept.parts.iter_mut().filter(|(a, _)| *a == about).zip(parts) {
            *old = part;
        }
        kept.current.retain(|(known, _)| *known != at);
        kept.current.splice(0..0, current.map(|current| (at, current.write())));
        kept.current.truncate(current::MANY);
        Some(kept)
    }

    /// The answer after a search through the project.
    fn searched(&self, mut kept: Kept, part: &Part<'_>, newer: &Log) -> Option<Kept> {
        let Part { at, path, root, config, .. } = *part;
        let known = kept.projects.get(at)?;
        let here = self.repo.work_tree()?;
        let decisions = config.adr.directory.trim_end_matches('/');
        let entries = self.repo.entries_in(root, &[path, BStr::new(decisions), BStr::new(WORKFLOWS)]).ok()?;
        if subtree(&entries, path).is_empty() {
            return None;
        }
        let log = self.log(part)?;
        let project = self.project(config, &entries, &log, path)?;
        if project.id != known.id || project.tracks.is_empty() == known.has_tracks {
            return None;
        }
        let scene = Scene {
            world: self.world,
            repo: &self.repo,
            config,
            entries: &entries,
            log: &log,
            here: Some(here),
            has_others: false,
            is_part: true,
            only: kept.projects.iter().filter(|p| p.has_tracks).count() <= 1,
        };
        let new = part.of(newer)?.points.len();
        let first = log.points.len().checked_sub(new)?;
        let below = |commit| self.repo.entries_in(self.repo.tree_of(commit).ok()?, &[path]).ok();
        let projects = [project];
        let Judged { projects: judged, found, unverified, is_whole, outside, places, until } =
            scene.judge(&projects, first, &below);
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
        let current = Current::of(&projects, found, &|path| self.repo.object_at(root, path));
        self.with(kept, at, judged.first()?, current.first().map(|(_, current)| current))
    }

    /// What a project needs of history.
    fn log(&self, part: &Part<'_>) -> Option<Log> {
        let makers = remembered::makers(part.config, part.mailmap);
        let (head, mut log) = remembered::part(&self.repo, &makers, part.path)?;
        let base = self.repo.ahead(self.tip, head, MOST)?;
        if base.newer == 0 {
            return Some(log);
        }
        let mut builder = Builder::new(part.people);
        let read = &mut |commit: &Commit| builder.read(commit);
        let folded = self.repo.fold(self.tip, Some(&base), read, &Changed::default, &Changed::list).ok()?;
        let (told, changed) = folded.in_order();
        let told: Vec<_> = told.collect();
        let is_plain = told.iter().all(|t| matches!(t.did, Did::Listed(..)));
        let later = builder.finish(told, changed);
        if !is_plain || later.incomplete || !later.moves.is_empty() {
            return None;
        }
        log.append(part.of(&later)?);
        if base.newer >= WORTH_IT {
            remembered::keep_part(&self.repo, &makers, self.tip, part.path, &log);
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
