//! `mastery compare`

mod load;

use super::ground::Ground;
use super::standing;
use crate::config::{Config, family};
use crate::documents::comparison;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::git::{Commit, Entry};
use crate::history::effort;
use crate::history::endpoints::endpoints;
use crate::history::facts::{self, TrackFacts};
use crate::history::fold::{Builder, Changed};
use crate::history::kind::{Kind, kind_of};
use crate::history::layout::{Project, Track, join};
use crate::history::log::Log;
use crate::history::people::People;
use crate::history::size::Size;
use crate::history::territory::{Lens, Territory};
use crate::progress::status::Hours;
use crate::suites::inputs::Inputs;
use crate::suites::receipt::{Outcome, Receipts};
use crate::system::files::{self, Change, Plan};
use crate::views::compare::{self as view, Compared, Implementation, Suite};
use crate::views::{self, words};
use crate::world::World;
use bstr::{BStr, BString, ByteSlice};
use chrono::DateTime;
use std::collections::BTreeSet;
use std::path::Path;

/// The document's name, in the project's directory.
const FILE: &str = "COMPARISON.md";

/// Arguments of `mastery compare`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The project; may be left out where there is one, or from inside of it
    #[arg(value_name = "PROJECT")]
    project: Option<String>,
    /// Write it to the project's COMPARISON.md, between markers; what you wrote there stays
    #[arg(long)]
    write: bool,
    /// With --write: show what would be written
    #[arg(long, requires = "write")]
    dry_run: bool,
}

/// Compares what is staged in each language. Runs nothing that the repository holds.
pub fn run(arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    let ground = Ground::of_work_tree(world)?;
    let project = chosen(arguments, world, &ground)?;
    let compared = measure(&ground, project)?;
    if !arguments.write {
        if world.term.is_json() {
            world.term.json(&compared)?;
        } else {
            world.term.out(&view::text(&compared))?;
        }
        return Ok(Exit::Fine);
    }
    let top = ground.repo.needs_work_tree()?;
    let path = top.join(join(project.path.as_bstr(), FILE.as_bytes()).to_path_lossy());
    refuse_link(&path)?;
    let blocks = view::blocks(&compared);
    let change = match files::read(&path)? {
        None => {
            let titles: Vec<String> = compared.tracks.iter().map(|t| t.title.clone()).collect();
            Change::Create { path, bytes: comparison::new(&blocks, &titles), executable: false }
        }
        Some(old) => {
            let new = comparison::updated(&old, &blocks).map_err(|e| {
                Failure::verdict(format!("can't write {}: {e}", path.display()))
                    .hint("put the marker back, or take its other end out too")
            })?;
            if new == old {
                Change::Keep { path, why: "it says so already".into() }
            } else {
                Change::Replace { path, old, new }
            }
        }
    };
    let plan = Plan { changes: vec![change] };
    if !arguments.dry_run {
        plan.apply()?;
    }
    world.term.out(&views::plan::text(&plan, top, !arguments.dry_run))?;
    Ok(Exit::Fine)
}

/// A link would lead the write elsewhere.
fn refuse_link(path: &Path) -> Result<(), Failure> {
    if path.is_symlink() {
        return Err(Failure::verdict(format!("{} is a symbolic link, which is not followed", path.display())));
    }
    Ok(())
}

fn chosen<'g>(arguments: &Arguments, world: &World, ground: &'g Ground) -> Result<&'g Project, Failure> {
    if let Some(id) = &arguments.project {
        return ground.project(id);
    }
    let top = ground.repo.work_tree().and_then(|top| top.canonicalize().ok());
    let cwd = world.cwd.canonicalize().ok();
    let here = top.zip(cwd).and_then(|(top, cwd)| {
        let path = BString::from(cwd.strip_prefix(top).ok()?.as_os_str().as_encoded_bytes());
        ground
            .projects
            .iter()
            .find(|p| path == p.path || crate::history::layout::is_below(path.as_bstr(), p.path.as_bstr()))
    });
    match (here, ground.projects.as_slice()) {
        (Some(project), _) => Ok(project),
        (None, [one]) => Ok(one),
        (None, []) => Err(Failure::usage("there is nothing to compare: no project was found")
            .hint("stage the sources of a track first: git add golang/")),
        (None, many) => {
            let names: Vec<&str> = many.iter().map(|p| p.id.as_str()).collect();
            Err(Failure::usage("which project?")
                .hint(format!("mastery compare {}", words::shell(names[0])))
                .hint(format!("there are: {}", names.join(", "))))
        }
    }
}

pub(super) fn measure(ground: &Ground, project: &Project) -> Result<Compared, Failure> {
    let mailmap = ground.entries.iter().find(|e| e.path == ".mailmap").and_then(|e| ground.repo.blob(e.id));
    let people = People::new(&ground.config.people, &mailmap.unwrap_or_default());
    let mut log = match ground.repo.head()? {
        Some(head) => {
            let mut builder = Builder::new(&people);
            let read = &mut |commit: &Commit| builder.read(commit);
            let (told, changed) = ground.repo.fold(head, None, read, &Changed::default, &Changed::list)?.in_order();
            builder.finish(told, changed)
        }
        None => Log::default(),
    };
    standing::discount(&ground.repo, &ground.config, &ground.projects, &mut log);
    let lenses: Vec<Lens<'_>> = ground.tracks().filter_map(|(_, t)| Lens::of(&t.language, &ground.config)).collect();
    let territory = Territory::new(&ground.projects, &lenses, &log);
    let blobs = ground.repo.blobs();
    let facts = facts::of_tracks(&log, &territory, &lenses, &|id| blobs.get(id));
    let mine = ground.tracks().enumerate().filter(|(_, (p, _))| p.id == project.id);
    let tracks = mine
        .filter_map(|(at, (_, track))| {
            let days = days(&log, &territory, at);
            Some(implementation(ground, project, track, &log, (facts.get(at)?, &days)))
        })
        .collect();
    Ok(Compared { schema: 1, project: project.id.clone(), tracks })
}

fn implementation(
    ground: &Ground,
    project: &Project,
    track: &Track,
    log: &Log,
    (facts, days): (&TrackFacts, &BTreeSet<String>),
) -> Implementation {
    let files = contents(ground, track);
    let mut size = Size::default();
    for (path, kind, bytes) in &files {
        size.add(path.as_bstr(), *kind, bytes);
    }
    let sources = files.iter().filter(|(_, kind, _)| *kind == Kind::Source);
    let found = endpoints(sources.map(|(path, _, bytes)| (path.as_bstr(), bytes.as_slice())));
    let (load, load_unreadable) = match load::of(ground, project, track, log) {
        Ok(load) => (load, None),
        Err(why) => (None, Some(why)),
    };
    let effort = facts.pace.effort(facts.dump, facts.squashed);
    Implementation {
        language: track.language.clone(),
        title: family::named(&track.language).map_or_else(|| words::shown(&track.language), |f| f.title.to_owned()),
        size,
        commits: facts.commits,
        active_days: effort.active_days,
        sessions: effort.sessions,
        hours: effort.hours.map(|(low, high)| Hours { low, high }),
        hours_note: effort.refused.unwrap_or(effort::METHOD).to_owned(),
        first_day: days.first().cloned(),
        last_day: days.last().cloned(),
        suite: suite(ground, &ground.config, track),
        load,
        load_unreadable,
        endpoints: found.iter().map(Into::into).collect(),
    }
}

/// The files of a track, by their path from the repository's root, with their kind.
fn contents(ground: &Ground, track: &Track) -> Vec<(BString, Kind, Vec<u8>)> {
    let Some(language) = ground.config.languages.get(&track.language) else { return Vec::new() };
    let mine = ground.entries.iter().filter(|e| track.holds(e.path.as_bstr()));
    mine.filter_map(|entry| {
        let inside = entry.path.strip_prefix(track.path.as_slice()).unwrap_or(&entry.path);
        let inside = inside.strip_prefix(b"/").unwrap_or(inside);
        let kind = kind_of(BStr::new(inside), language);
        let wanted = matches!(kind, Kind::Source | Kind::Test | Kind::Manifest);
        wanted.then(|| ground.repo.blob(entry.id).map(|bytes| (entry.path.clone(), kind, bytes))).flatten()
    })
    .collect()
}

/// The days, in the author's own time, on which a commit that counts changed the track.
fn days(log: &Log, territory: &Territory<'_>, track: usize) -> BTreeSet<String> {
    let changes = |at: u32, touches: std::ops::Range<u32>| {
        touches
            .into_iter()
            .any(|t| territory.owner(log.touches[t as usize].path, at).is_some_and(|(owner, _)| owner == track))
    };
    let points = (0u32..).zip(&log.points).filter(|(_, p)| p.counts && !p.merge);
    points
        .filter(|(at, p)| changes(*at, p.touches.clone()))
        .filter_map(|(_, p)| {
            DateTime::from_timestamp(p.seconds.saturating_add(i64::from(p.offset) * 60), 0)
                .map(|t| t.format("%Y-%m-%d").to_string())
        })
        .collect()
}

/// The latest receipt for exactly this content; one that passed before one that did not.
fn suite(ground: &Ground, config: &Config, track: &Track) -> Option<Suite> {
    let language = config.languages.get(&track.language)?;
    let read = |entry: &Entry| ground.repo.blob(entry.id);
    let inputs = Inputs::of(track, language, &ground.entries, &read);
    let receipts = Receipts::below(ground.repo.common_dir());
    let trees = BTreeSet::from([inputs.tree(&ground.entries), inputs.key(&ground.entries, language, &read)]);
    let mut found: Vec<_> = trees.into_iter().flat_map(|tree| receipts.all(tree)).collect();
    found.sort_by_key(|r| (r.outcome == Outcome::Passed, r.at));
    let receipt = found.pop()?;
    Some(Suite {
        passed: receipt.outcome == Outcome::Passed,
        tests: receipt.counts.map(|c| c.passed),
        coverage: receipt.coverage,
        duration_ms: receipt.duration_ms,
    })
}
