//! What load tests measured of a track: `load/LANGUAGE.json` of the project or the track, and whether it still holds.

use crate::commands::ground::Ground;
use crate::git::Entry;
use crate::history::kind::{Kind, kind_of};
use crate::history::layout::{Project, Track, join};
use crate::history::log::Log;
use crate::load::summary;
use crate::system::files;
use crate::views::compare_load::{Age, Load};
use crate::views::words;
use bstr::{BStr, BString, ByteSlice};
use chrono::DateTime;
use serde::Deserialize;
use std::collections::BTreeMap;

/// What `mastery load run` writes beside k6's figures; a summary that was made by hand has none of it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Circumstances {
    commit: Option<String>,
    changed: bool,
    measured_at: Option<String>,
    machine: Option<String>,
    thresholds_passed: Option<bool>,
}

/// The figures; `Err` names the file that holds none and says why.
pub(super) fn of(ground: &Ground, project: &Project, track: &Track, log: &Log) -> Result<Option<Load>, String> {
    let name = format!("load/{}.json", track.language);
    let places = [join(project.path.as_bstr(), name.as_bytes()), join(track.path.as_bstr(), name.as_bytes())];
    let found = places.into_iter().find_map(|path| read(ground, path.as_bstr()).map(|bytes| (path, bytes)));
    let Some((path, bytes)) = found else { return Ok(None) };
    let shown = words::shown(&path);
    let json: serde_json::Value = serde_json::from_slice(&bytes).map_err(|e| format!("{shown} is no JSON: {e}"))?;
    let figures = summary::figures(&json)
        .ok_or_else(|| format!("{shown} has no HTTP requests in it: k6 writes it with --summary-export"))?;
    let said: Circumstances =
        serde_json::from_value(json).map_err(|e| format!("{shown} does not say how it was measured: {e}"))?;
    let measured = said.measured_at.as_deref().and_then(|at| DateTime::parse_from_rfc3339(at).ok());
    Ok(Some(Load {
        figures,
        age: age(ground, track, log, path.as_bstr(), &said),
        day: measured.map(|at| at.format("%Y-%m-%d").to_string()),
        machine: said.machine.map(words::shown),
        commit: said.commit.map(words::shown),
        thresholds_passed: said.thresholds_passed,
        source: shown,
    }))
}

/// The newest: the work tree's (a link is not followed), else what is staged.
fn read(ground: &Ground, path: &BStr) -> Option<Vec<u8>> {
    let here = ground.repo.work_tree().map(|top| top.join(path.to_path_lossy())).filter(|file| !file.is_symlink());
    let written = here.and_then(|file| files::read(&file).ok().flatten());
    written.or_else(|| ground.entries.iter().find(|e| e.path == path).and_then(|e| ground.repo.blob(e.id)))
}

/// Whether the sources are still those that were measured.
fn age(ground: &Ground, track: &Track, log: &Log, path: &BStr, said: &Circumstances) -> Age {
    let Some(commit) = &said.commit else { return by_history(ground, track, log, path) };
    if said.changed {
        return Age::Uncommitted;
    }
    let measured = ground.repo.commit_named(commit).and_then(|id| ground.repo.tree_of(id));
    let Ok(entries) = measured.and_then(|tree| ground.repo.entries(tree)) else { return Age::CommitGone };
    if sources(ground, track, &entries) == sources(ground, track, &ground.entries) { Age::Current } else { Age::Older }
}

/// Where the figures do not say what they were measured on: whether a later commit changed the sources than brought the figures.
fn by_history(ground: &Ground, track: &Track, log: &Log, path: &BStr) -> Age {
    let last = |wanted: &dyn Fn(&BStr) -> bool| {
        log.points.iter().rposition(|point| log.touched(point).any(|(touched, _)| wanted(touched)))
    };
    let brought = last(&|touched| touched == path);
    let changed = last(&|touched| is_source(ground, track, touched));
    match (brought, changed) {
        (Some(brought), Some(changed)) if changed > brought => Age::Older,
        (Some(_), _) => Age::Current,
        (None, _) => Age::Unknown,
    }
}

fn is_source(ground: &Ground, track: &Track, path: &BStr) -> bool {
    let Some(language) = ground.config.languages.get(&track.language).filter(|_| track.holds(path)) else {
        return false;
    };
    let inside = path.strip_prefix(track.path.as_slice()).unwrap_or(path);
    let inside = inside.strip_prefix(b"/").unwrap_or(inside);
    matches!(kind_of(BStr::new(inside), language), Kind::Source | Kind::Manifest)
}

fn sources<'e>(ground: &Ground, track: &Track, entries: &'e [Entry]) -> BTreeMap<&'e BString, crate::git::ObjectId> {
    entries.iter().filter(|e| is_source(ground, track, e.path.as_bstr())).map(|e| (&e.path, e.id)).collect()
}
