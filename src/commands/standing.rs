//! Where everything stands at one commit: the walk, the facts, what was measured, and the judgement. Runs nothing that the
//! repository holds.

use super::answers::{self, Basis, Place};
use super::ground::{Ground, repository_name};
use super::remembered;
use crate::config::{Config, FILE};
use crate::failure::Failure;
use crate::git::{Entry, ObjectId, Repository};
use crate::history::abreast;
use crate::history::facts::{self, Contents, Touched};
use crate::history::layout::{self, Project, Track};
use crate::history::log::{EMPTY, Log};
use crate::history::people::People;
use crate::history::reach::Reach;
use crate::history::territory::{Lens, Territory};
use crate::history::totals::Totals;
use crate::progress::judge;
use crate::progress::matter::{Matter, Measured, Report, shown};
use crate::progress::status::Status;
use crate::suites::coverage;
use crate::suites::inputs::Inputs;
use crate::suites::receipt::{Outcome, Receipts};
use crate::system::files;
use crate::views::words;
use crate::world::World;
use bstr::{BStr, BString, ByteSlice};
use chrono::{DateTime, Utc};
use std::collections::{HashMap, HashSet};
use std::path::Path;

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
    let mut ground = match revision {
        Some(revision) => {
            let commit = Repository::open(&world.cwd)?.commit_named(revision)?;
            Ground::of_commit(world, commit)?
        }
        None => Ground::of_work_tree(world)?,
    };
    let head = match revision {
        Some(revision) => Some(ground.repo.commit_named(revision)?),
        None => ground.repo.head()?,
    };
    let entries = head.map_or(Ok(Vec::new()), |head| ground.repo.entries(ground.repo.tree_of(head)?))?;
    let name = repository_name(&ground.repo);
    ground.projects = layout::every_project(&entries, &ground.config, &name);
    let wanted = project.map(|id| ground.project(id).map(|p| p.id.clone())).transpose()?;
    let Ground { repo, config, mut projects, .. } = ground;
    let mailmap = entries.iter().find(|e| e.path == ".mailmap").and_then(|e| repo.blob(e.id)).unwrap_or_default();
    let people = People::new(&config.people, &mailmap);
    let makers = format!("{:?} {mailmap:?}", config.people);
    let mut log = match head {
        Some(head) => remembered::log(&repo, head, &people, &makers, may_remember)?,
        None => Log::default(),
    };
    let left_out = discount(&repo, &config, &projects, &mut log);
    remember_gone(&mut projects, &log, &config, &name);
    let all = projects.clone();
    projects.retain(|p| wanted.as_ref().is_none_or(|id| p.id == *id));

    let lenses: Vec<Lens<'_>> =
        projects.iter().flat_map(|p| &p.tracks).filter_map(|t| Lens::of(&t.language, &config)).collect();
    let territory = Territory::new(&projects, &lenses, &log);
    let blobs = repo.blobs();
    let contents = |id: ObjectId| blobs.get(id);
    let facts = facts::of_tracks(&log, &territory, &lenses, &contents);
    let touched = Touched::of(&log);
    let foreign =
        if people.names_learners() || has_baseline(&projects, &config) { facts::foreign(&log) } else { HashSet::new() };
    let receipts = Receipts::below(repo.common_dir());
    let here = if revision.is_none() { repo.work_tree() } else { None };
    let tracks: Vec<&Track> = projects.iter().flat_map(|p| &p.tracks).collect();
    let depends = depends(&config, &entries, &tracks, &contents);
    let measured = tracks.iter().zip(&depends).map(|(track, depends)| {
        depends.as_ref().map_or_else(Measured::default, |d| measure(&repo, &entries, track, d, &receipts, here))
    });
    let measured: Vec<Measured> = measured.collect();
    let unverified = unverified(&repo, &config, &projects, &log, &territory, &receipts);
    let matter = Matter {
        config: &config,
        entries: &entries,
        log: &log,
        touched: &touched,
        territory: &territory,
        lenses: &lenses,
        facts: &facts,
        measured: &measured,
        foreign: &foreign,
        contents: &contents,
        now: world.now,
    };
    let mut totals = Totals::default();
    totals.add(&log, world.now.timestamp());
    let remarks = Vec::from_iter(collisions(&entries));
    let branch = repo.branch().filter(|_| revision.is_none());
    let mut repository = answers::repository(&repo, head, branch, &totals, unverified, &remarks);
    repository.notes.splice(0..0, left_out);
    let status = judge::status(&matter, &projects, repository);
    let configured = world.config_file.is_some()
        || here.is_some_and(|top| top.join(FILE).is_file())
        || entries.iter().any(|e| e.path == FILE);
    let is_whole = !log.incomplete && !blobs.lack_any() && (repo.is_shallow() || !totals.cut);
    let is_told = revision.is_none() && is_whole && !has_baseline(&all, &config) && config.curriculum.file.is_empty();
    let places = if is_told { looked_at(here, &projects, &receipts) } else { None };
    let basis = places.map(|places| {
        let outside = depends.into_iter().flatten().flat_map(|d| d.outside).chain(territory.homes()).collect();
        let reach = Reach::of(&config, &all, outside);
        Basis { places, until: holds_until(&measured, world), totals, remarks, reach }
    });
    Ok(Standing { status, configured, projects, basis })
}

/// Whether a baseline is configured: what it names may change.
fn has_baseline(projects: &[Project], config: &Config) -> bool {
    projects.iter().any(|p| !config.project(&p.id).baseline.is_empty())
}

/// The places outside of history where a status may find something: receipts, and coverage reports of the tracks. None where
/// there is a report, for then every file of its track counts.
fn looked_at(here: Option<&Path>, projects: &[Project], receipts: &Receipts) -> Option<Vec<Place>> {
    let mut places: Vec<Place> = receipts.places().into_iter().map(Place::Whole).collect();
    let Some(top) = here else { return Some(places) };
    for track in projects.iter().flat_map(|p| &p.tracks) {
        let directory = top.join(track.path.to_path().ok()?);
        if coverage::find(|name| directory.join(name).exists()).next().is_some() {
            return None;
        }
        places.push(Place::Unreported(directory));
    }
    Some(places)
}

/// The second since 1970 at which the age of what was measured reads otherwise.
fn holds_until(measured: &[Measured], world: &World) -> i64 {
    let now = world.now.timestamp();
    let ages = measured.iter().filter_map(Measured::dated).map(|at| now.saturating_sub(at.timestamp()));
    ages.map(|age| now.saturating_add(words::ago_holds(age))).min().unwrap_or(i64::MAX)
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

/// Adds the tracks that history knows and the tree does not hold any more.
fn remember_gone(projects: &mut [Project], log: &Log, config: &Config, name: &str) {
    let mut paths: Vec<&bstr::BString> = log.paths.iter().collect();
    paths.sort();
    let ever: Vec<Entry> =
        paths.into_iter().map(|path| Entry { path: path.clone(), mode: crate::git::Mode::File, id: EMPTY }).collect();
    let before = layout::every_project(&ever, config, name);
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

/// What the suite of a track depends on.
struct Depends {
    tree: ObjectId,
    key: ObjectId,
    /// What lies beside the track, be it not there.
    outside: Vec<BString>,
}

/// What the suites of tracks depend on; none for a track that has no files or whose language is not known.
fn depends(config: &Config, entries: &[Entry], tracks: &[&Track], contents: Contents<'_>) -> Vec<Option<Depends>> {
    abreast::each(tracks, 1, |track| {
        let language = config.languages.get(&track.language)?;
        if crate::git::subtree(entries, track.path.as_bstr()).is_empty() {
            return None;
        }
        let read = |entry: &Entry| contents(entry.id);
        let inputs = Inputs::of(track, language, entries, &read);
        let tree = inputs.tree(entries);
        let key = inputs.counted(entries, language, &read).map_or(tree, |counted| inputs.tree(&counted));
        let outside = inputs.places.into_iter().chain(inputs.absent).filter(|place| *place != track.path).collect();
        Some(Depends { tree, key, outside })
    })
}

/// Receipts and reports for a track's tree.
fn measure(
    repo: &Repository,
    entries: &[Entry],
    track: &Track,
    depends: &Depends,
    receipts: &Receipts,
    here: Option<&Path>,
) -> Measured {
    let mut found = receipts.all(depends.tree);
    if depends.key != depends.tree {
        found.extend(receipts.all(depends.key));
    }
    found.retain(|r| r.language == track.language);
    found.sort_by_key(|r| std::cmp::Reverse(r.at));
    let report = here.and_then(|top| report(repo, top, entries, track));
    Measured { tree: Some(depends.tree), receipts: found, report }
}

/// A coverage report in the work tree, and whether it speaks for the tree: no file of the track may be newer or differ from what
/// is committed, and nobody may have committed the report itself.
fn report(repo: &Repository, top: &Path, entries: &[Entry], track: &Track) -> Option<Report> {
    let directory = top.join(track.path.to_path().ok()?);
    let (format, name) = coverage::find(|name| directory.join(name).is_file()).next()?;
    let path = directory.join(name);
    let written = path.metadata().ok()?.modified().ok()?;
    let found = coverage::parse(format, &files::read(&path).ok()??).ok()??;
    let mine = || crate::git::subtree(entries, track.path.as_bstr()).iter();
    let is_newer = |entry: &&Entry| {
        let modified = entry.path.to_path().ok().and_then(|p| top.join(p).metadata().ok()?.modified().ok());
        modified.is_none_or(|m| m > written)
    };
    let changed = || repo.difference(std::slice::from_ref(&track.path)).ok().and_then(|d| d.changed.into_iter().next());
    let place = layout::join(track.path.as_bstr(), name.as_bytes());
    let stale = if mine().any(|e| e.path == place) {
        Some("it is committed, so it may be of any age".to_owned())
    } else if let Some(entry) = mine().find(is_newer) {
        Some(format!("{} is newer", shown(entry.path.as_bstr())))
    } else {
        changed().map(|path| format!("{} is not as it was committed", shown(path.as_bstr())))
    };
    let path = shown(place.as_bstr());
    Some(Report { percent: found.percent, path, written: DateTime::<Utc>::from(written).fixed_offset(), stale })
}

/// Commits that changed a track with a suite and have no passing receipt for its tree, since the first receipt was kept; none
/// where none ever was.
fn unverified(
    repo: &Repository,
    config: &Config,
    projects: &[Project],
    log: &Log,
    territory: &Territory<'_>,
    receipts: &Receipts,
) -> Option<usize> {
    let since = receipts.oldest()?.timestamp();
    let tracks: Vec<&Track> = projects.iter().flat_map(|p| &p.tracks).collect();
    let mut passed: HashMap<ObjectId, bool> = HashMap::new();
    let mut count = 0;
    for (at, point) in (0u32..).zip(&log.points).filter(|(_, p)| p.committed >= since && !p.merge) {
        let mut changed: Vec<usize> = point
            .touches
            .clone()
            .filter_map(|t| territory.owner(log.touches[t as usize].path, at))
            .map(|(t, _)| t)
            .collect();
        changed.sort_unstable();
        changed.dedup();
        let is_unverified = changed.iter().any(|track| {
            let track = tracks[*track];
            let Some(language) = config.languages.get(&track.language).filter(|l| l.test.is_some()) else {
                return false;
            };
            let Ok(entries) = repo.tree_of(point.id).and_then(|tree| repo.entries(tree)) else { return false };
            if crate::git::subtree(&entries, track.path.as_bstr()).is_empty() {
                return false;
            }
            let read = |entry: &Entry| repo.blob(entry.id);
            let inputs = Inputs::of(track, language, &entries, &read);
            let mut has = |tree: ObjectId| {
                *passed.entry(tree).or_insert_with(|| receipts.all(tree).iter().any(|r| r.outcome == Outcome::Passed))
            };
            !has(inputs.tree(&entries)) && !has(inputs.key(&entries, language, &read))
        });
        count += usize::from(is_unverified);
    }
    Some(count)
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
