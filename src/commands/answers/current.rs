//! The projects that somebody works on, as they were found when an answer was made: while commits only change what is in the sources and
//! tests of one, it need not be searched again.

use super::Question;
use super::kept::{Kept, list, read_list};
use super::one::Part;
use crate::git::ObjectId;
use crate::history::bytes::{Rest, text};
use crate::history::layout::{Place, Project, Track};
use crate::history::log::Log;
use crate::history::territory::{Lens, Territory};
use crate::progress::edit::News;
use crate::progress::found::{Found, FoundTrack};
use crate::suites::receipt::Receipts;
use crate::suites::references::is_manifest;
use bstr::{BStr, BString, ByteSlice};
use std::cmp::Reverse;

/// The project, and what was found of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Current {
    /// Where it and its tracks are.
    pub project: Project,
    /// What was found.
    pub found: Found,
}

/// So many projects are known as they were found: somebody who works on one mends another now and then.
pub(super) const MANY: usize = 3;

impl Current {
    /// Of several projects those that commits touched last, the last of them first, each with its index. `tree` gives the tree of a
    /// directory.
    pub fn of(
        projects: &[Project],
        found: Vec<Found>,
        tree: &dyn Fn(&BStr) -> Option<ObjectId>,
    ) -> Vec<(usize, Current)> {
        let last = |found: &Found| found.tracks.iter().filter_map(|t| Some(t.last.as_ref()?.place)).max();
        // Receipts and reports come and go beside history.
        let is_bare = |t: &FoundTrack| t.measured.receipts.is_empty() && t.measured.report.is_none();
        let mut current: Vec<(usize, Found)> = found.into_iter().enumerate().collect();
        current.retain(|(_, found)| last(found).is_some() && found.tracks.iter().all(is_bare));
        current.sort_by_key(|(_, found)| Reverse(last(found)));
        current.truncate(MANY);
        for (at, found) in &mut current {
            for (track, found) in projects[*at].tracks.iter().zip(&mut found.tracks) {
                let measured = &mut found.measured;
                measured.is_its_own &= measured.tree.is_none_or(|own| tree(track.path.as_bstr()) == Some(own));
            }
        }
        current.into_iter().map(|(at, found)| (at, Current { project: projects[at].clone(), found })).collect()
    }

    /// As bytes.
    pub(super) fn write(&self) -> Vec<u8> {
        let mut out = Vec::new();
        text(&mut out, self.project.id.as_bytes());
        text(&mut out, &self.project.path);
        list(&mut out, &self.project.tracks, |out, track| {
            text(out, track.language.as_bytes());
            text(out, &track.path);
            list(out, &track.places, |out, place| {
                let (kind, path) = match place {
                    Place::Directory(path) => (0, path.as_bytes()),
                    Place::Glob(glob) => (1, glob.as_bytes()),
                };
                out.push(kind);
                text(out, path);
            });
        });
        out.extend(serde_json::to_vec(&self.found).unwrap_or_default());
        out
    }

    /// What was written.
    pub(super) fn read(bytes: &[u8]) -> Option<Current> {
        let mut rest = Rest(bytes);
        let rest = &mut rest;
        let string = |rest: &mut Rest<'_>| Some(rest.text()?.to_str().ok()?.to_owned());
        let path = |rest: &mut Rest<'_>| rest.text().map(BStr::to_owned);
        let place = |rest: &mut Rest<'_>| match rest.byte()? {
            0 => Some(Place::Directory(path(rest)?)),
            _ => Some(Place::Glob(string(rest)?)),
        };
        let track = |rest: &mut Rest<'_>| {
            let (language, path) = (string(rest)?, path(rest)?);
            Some(Track { language, path, places: read_list(rest, place)? })
        };
        let (id, path): (String, BString) = (string(rest)?, path(rest)?);
        let project = Project { id, path, tracks: read_list(rest, track)? };
        let found: Found = serde_json::from_slice(rest.0).ok()?;
        (found.tracks.len() == project.tracks.len()).then_some(Current { project, found })
    }
}

impl Question<'_> {
    /// The project that `part` is about, where `kept` knows what was found of it and the commits since, which are `newer`, only changed
    /// what is in its sources and tests.
    pub(super) fn edited(&self, kept: &Kept, part: &Part<'_>, newer: &Log) -> Option<Current> {
        let (_, current) = kept.current.iter().find(|(at, _)| *at == part.at)?;
        let Current { project, found } = Current::read(current)?;
        if Receipts::below(self.repo.common_dir()).oldest().is_some() {
            return None;
        }
        let newer = &part.of(newer).filter(|newer| part.counts(newer))?;
        if newer.paths.iter().any(|path| is_manifest(path.as_bstr())) {
            return None;
        }
        let lenses: Vec<Lens<'_>> = project.tracks.iter().filter_map(|t| Lens::of(&t.language, part.config)).collect();
        let projects = [project];
        let territory = Territory::new(&projects, &lenses, newer);
        let blobs = self.repo.blobs();
        let contents = |id: ObjectId| blobs.get(id);
        let news = News { log: newer, territory: &territory, lenses: &lenses, contents: &contents };
        let mut found = found.after(&news)?;
        let [project] = projects;
        for (track, found) in project.tracks.iter().zip(&mut found.tracks) {
            if let Some(tree) = &mut found.measured.tree {
                *tree = self.repo.object_at(part.root, track.path.as_bstr()).filter(|_| found.measured.is_its_own)?;
            }
        }
        Some(Current { project, found })
    }
}
