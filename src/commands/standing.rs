//! Where everything stands at one commit: the walk, the facts, what was measured, and the judgement. Runs nothing that the
//! repository holds.

pub(super) mod scene;

use super::answers::{self, Basis, Current, Known};
use super::ground::{self, repository_name};
use super::remembered::{self, Wanted};
use crate::config::{Config, FILE};
use crate::failure::Failure;
use crate::git::{Entry, Repository};
use crate::history::abreast;
use crate::history::layout::{self, Project};
use crate::history::log::{EMPTY, Log};
use crate::history::people::People;
use crate::history::reach::{Reach, is_alone};
use crate::history::totals::Totals;
use crate::progress::matter::shown;
use crate::progress::ready::ready_while;
use crate::progress::status::Status;
use crate::world::World;
use bstr::{BStr, BString, ByteSlice};
use scene::Scene;
use std::collections::{HashMap, HashSet};

/// What the work tree can say beside history.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// The verdicts.
    pub status: Status,
    /// Whether a `.mastery.toml` counts.
    pub configured: bool,
    /// The projects that were judged, with the directories of their tracks.
    pub projects: Vec<Project>,
    /// What the status was made from, where that can be told; it is the same as long as all of that is, and the day.
    pub basis: Option<Basis>,
}

/// Judges `project` (all where none is named) at the commit that `revision` names, HEAD where none is. What
/// earlier calls remembered of history is used and added to, unless the caller wants it all looked at again.
///
/// # Errors
/// No repository, a broken configuration, no such revision or project; a tree that can't be read.
pub fn take(
    world: &World,
    project: Option<&str>,
    revision: Option<&str>,
    may_remember: bool,
) -> Result<Standing, Failure> {
    take_and_part(world, project, revision, may_remember, &[])
}

/// As [`take`], and remembers of the projects at `parts` what they need of history, where that is less than all of it.
///
/// # Errors
/// As [`take`].
pub fn take_and_part(
    world: &World,
    project: Option<&str>,
    revision: Option<&str>,
    may_remember: bool,
    parts: &[Wanted],
) -> Result<Standing, Failure> {
    let (repo, config, head) = ground::standing(world, revision)?;
    let name = repository_name(&repo);
    let tree = head.map(|head| repo.tree_of(head)).transpose()?;
    let mailmap = tree.and_then(|tree| repo.blob(repo.object_at(tree, BStr::new(".mailmap"))?)).unwrap_or_default();
    let people = People::new(&config.people, &mailmap);
    let makers = remembered::makers(&config, &mailmap);
    let entries = tree.map(|tree| repo.entries_apart(tree));
    let (entries, walked) = ready_while(
        || entries.map_or(Ok(Vec::new()), |entries| entries()),
        || head.map(|head| remembered::walked(&repo, head, &people, &makers, may_remember)).transpose(),
    );
    let (entries, walked) = (entries?, walked?);
    let (mut projects, mut log) = abreast::both(
        || layout::every_project(&entries, &config, &name),
        || walked.map_or_else(Log::default, |log| log()),
    );
    let wanted = project.map(|id| ground::project(&projects, id).map(|p| p.id.clone())).transpose()?;
    let is_settled = layout::is_settled(&projects, &entries, &config);
    let left_out = discount(&repo, &config, &projects, &mut log);
    remember_gone(&mut projects, &entries, &log, &config, &name);
    let all = projects.clone();
    projects.retain(|p| wanted.as_ref().is_none_or(|id| p.id == *id));

    let here = if revision.is_none() { repo.work_tree() } else { None };
    let scene = Scene {
        world,
        repo: &repo,
        config: &config,
        entries: &entries,
        log: &log,
        here,
        is_part: false,
        has_others: people.names_learners() || has_baseline(&projects, &config),
        only: projects.iter().filter(|p| !p.tracks.is_empty()).count() <= 1,
    };
    let judged = scene.judge(&projects, 0, &|commit| repo.entries(repo.tree_of(commit).ok()?).ok());
    let mut totals = Totals::default();
    totals.add(&log, world.now.timestamp());
    let remarks = Vec::from_iter(collisions(&entries));
    let branch = repo.branch().filter(|_| revision.is_none());
    let mut repository = answers::repository(&repo, head, branch, &totals, judged.unverified, &remarks);
    repository.notes.splice(0..0, left_out);
    let configured = world.config_file.is_some()
        || here.is_some_and(|top| top.join(FILE).is_file())
        || entries.iter().any(|e| e.path == FILE);
    let is_whole = judged.is_whole && (repo.is_shallow() || !totals.cut);
    let is_told = revision.is_none() && is_whole && !has_baseline(&all, &config) && config.curriculum.file.is_empty();
    let basis = judged.places.filter(|_| is_told).map(|places| {
        let outside = judged.outside.iter().flatten().cloned().collect();
        // Whose work counts may depend on any other commit.
        let reach = Reach::of(&config, &all, outside, !is_settled || scene.has_others);
        if wanted.is_none() && reach.is_apart && !scene.has_others {
            for part in parts {
                let project = projects.iter().find(|p| p.path == part.project);
                if project.is_some_and(|project| is_alone(project, &projects, &judged.outside)) {
                    remembered::keep_wanted(&repo, &config, &makers, part, &log);
                }
            }
        }
        let current = Current::of(&projects, judged.found, &|path| repo.object_at(tree?, path));
        Basis { places, until: judged.until, totals, remarks, reach, projects: known(&projects), current }
    });
    let status = Status { schema: 1, repository, projects: judged.projects };
    // They are many small pieces, and whoever asked is about to end.
    std::mem::forget((log, entries));
    Ok(Standing { status, configured, projects, basis })
}

/// What an answer has to know of its projects.
fn known(projects: &[Project]) -> Vec<Known> {
    let known = |p: &Project| Known { id: p.id.clone(), path: p.path.clone(), has_tracks: !p.tracks.is_empty() };
    projects.iter().map(known).collect()
}

/// Whether a baseline is configured: what it names may change.
fn has_baseline(projects: &[Project], config: &Config) -> bool {
    projects.iter().any(|p| !config.project(&p.id).baseline.is_empty())
}

/// Leaves out what stood at the baselines that are configured; says which are none.
pub(super) fn discount(repo: &Repository, config: &Config, projects: &[Project], log: &mut Log) -> Vec<String> {
    let baselines: HashSet<String> =
        projects.iter().map(|p| config.project(&p.id).baseline).filter(|b| !b.is_empty()).collect();
    let mut notes = Vec::new();
    for baseline in baselines {
        if !repo.commit_named(&baseline).is_ok_and(|commit| log.discount(commit)) {
            notes.push(format!("the baseline {baseline:?} is no commit of this history, so nothing is left out"));
        }
    }
    notes
}

/// Adds the tracks that history knows and the tree, which holds `entries`, does not any more.
pub(super) fn remember_gone(projects: &mut [Project], entries: &[Entry], log: &Log, config: &Config, name: &str) {
    let is_there = |path: &BString| entries.binary_search_by(|e| e.path.cmp(path)).is_ok();
    let is_there = abreast::each(&log.paths, 256, is_there);
    let gone: Vec<&BString> =
        log.paths.iter().zip(is_there).filter(|(_, is_there)| !is_there).map(|(p, _)| p).collect();
    let lacking: Vec<BString> =
        projects.iter().filter(|p| layout::may_lack(p, &gone, config)).map(|p| p.path.clone()).collect();
    if lacking.is_empty() {
        return;
    }
    // The root stands for whatever has no project of its own.
    let is_whole = projects.iter().any(|p| p.path.is_empty());
    let has_lost = |project: &BStr| is_whole || lacking.iter().any(|path| path == project);
    // The log does not know all that the tree holds: not what came in a merge, nor what was there where history is cut.
    let mut paths: Vec<&BString> = gone.iter().copied().chain(entries.iter().map(|e| &e.path)).collect();
    paths.sort();
    let ever: Vec<Entry> =
        paths.into_iter().map(|path| Entry { path: path.clone(), mode: crate::git::Mode::File, id: EMPTY }).collect();
    let before = layout::every_project_with(&ever, config, name, &has_lost);
    for project in projects {
        let Some(old) = before.iter().find(|p| p.path == project.path) else { continue };
        for track in &old.tracks {
            let moved = |path: &BStr| log.moves.iter().any(|m| m.from == path);
            if !project.tracks.iter().any(|t| t.language == track.language || t.path == track.path)
                && !moved(track.path.as_bstr())
            {
                project.tracks.push(track.clone());
            }
        }
    }
}

/// Directories whose names differ only in case: macOS and Windows take them for one.
fn collisions(entries: &[Entry]) -> Option<String> {
    let mut seen: HashMap<Vec<u8>, &BStr> = HashMap::new();
    let mut last = BStr::new("");
    for entry in entries {
        let directory = entry.path.rfind_byte(b'/').map_or(BStr::new(""), |slash| entry.path[..slash].as_bstr());
        if directory == last {
            continue;
        }
        last = directory;
        // Each directory above as well: `a/X/…` and `a/x/…` need not have a name below in common.
        let ends = directory.find_iter(b"/").chain(std::iter::once(directory.len()));
        for end in ends {
            let exact = directory[..end].as_bstr();
            let other = *seen.entry(exact.to_lowercase()).or_insert(exact);
            if other != exact {
                let (one, two) = (shown(other), shown(exact));
                return Some(format!(
                    "{one}/ and {two}/ differ only in case: a checkout on macOS or Windows makes them one"
                ));
            }
        }
    }
    None
}
