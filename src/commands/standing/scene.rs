//! Projects before the judge: their history, their tree, and what was measured of them.

use crate::commands::answers::Place;
use crate::config::Config;
use crate::git::{Entry, ObjectId, Repository};
use crate::history::abreast;
use crate::history::facts::{self, Contents, Touched};
use crate::history::hashed::Set;
use crate::history::layout::{self, Project, Track};
use crate::history::log::Log;
use crate::history::territory::{Lens, Territory};
use crate::progress::found::Found;
use crate::progress::matter::{Matter, Measured, Report, shown};
use crate::progress::status;
use crate::progress::{judge, load};
use crate::suites::coverage;
use crate::suites::inputs::Inputs;
use crate::suites::receipt::{Outcome, Receipts};
use crate::system::files;
use crate::views::words;
use crate::world::World;
use bstr::{BString, ByteSlice};
use chrono::{DateTime, FixedOffset, Utc};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

/// All that projects are judged from.
pub(crate) struct Scene<'a> {
    /// The time, and the user's words.
    pub world: &'a World,
    /// The repository.
    pub repo: &'a Repository,
    /// The configuration that counts.
    pub config: &'a Config,
    /// The files of the tree, as far as they concern the projects, sorted by path.
    pub entries: &'a [Entry],
    /// History, as far as it concerns the projects.
    pub log: &'a Log,
    /// The work tree, where it has a say.
    pub here: Option<&'a Path>,
    /// Whether there may be work of others, which is nobody's evidence.
    pub has_others: bool,
    /// Whether files and history are only those of the projects.
    pub is_part: bool,
    /// Whether at most one project has begun.
    pub only: bool,
}

/// What came of it.
pub(crate) struct Judged {
    /// The verdicts.
    pub projects: Vec<status::Project>,
    /// What was found of each project.
    pub found: Vec<Found>,
    /// Commits without a passing run.
    pub unverified: Option<usize>,
    /// Whether everything that was needed is here.
    pub is_whole: bool,
    /// For each track, what its suite depends on beside it, and where it lay before.
    pub outside: Vec<Vec<BString>>,
    /// What was looked at outside of history; none where more has a say.
    pub places: Option<Vec<Place>>,
    /// The second since 1970 at which the age of what was measured reads otherwise.
    pub until: i64,
}

/// Gives the files of a commit, as far as they concern the projects.
pub(crate) type EntriesOf<'a> = &'a dyn Fn(ObjectId) -> Option<Vec<Entry>>;

impl Scene<'_> {
    /// Judges projects, whose tracks that are gone are among their tracks. Commits without a passing run are counted from the log's
    /// `first` on.
    pub(crate) fn judge(&self, projects: &[Project], first: usize, entries_of: EntriesOf<'_>) -> Judged {
        let Scene { repo, config, entries, log, .. } = *self;
        let lenses: Vec<Lens<'_>> =
            projects.iter().flat_map(|p| &p.tracks).filter_map(|t| Lens::of(&t.language, config)).collect();
        let territory = Territory::new(projects, &lenses, log);
        let blobs = repo.blobs();
        let contents = |id: ObjectId| blobs.get(id);
        let foreign = if self.has_others { facts::foreign(log) } else { Set::default() };
        let receipts = Receipts::below(repo.common_dir());
        let oldest = receipts.oldest();
        let tracks: Vec<&Track> = projects.iter().flat_map(|p| &p.tracks).collect();
        let ((facts, touched), depends) = abreast::both(
            || (facts::of_tracks(log, &territory, &lenses, &contents), Touched::of(log)),
            || depends(config, entries, &tracks, &contents, oldest.is_some()),
        );
        let unreported = unreported(self.here, &tracks);
        let reporting = self.here.filter(|_| unreported.is_none());
        let measured = tracks.iter().zip(&depends).map(|(track, depends)| {
            depends.as_ref().map_or_else(Measured::default, |d| measure(repo, entries, track, d, &receipts, reporting))
        });
        let measured: Vec<Measured> = measured.collect();
        let outside = (0..).zip(depends).map(|(track, depends)| {
            let earlier = territory.earlier(track).into_iter().map(|moved| moved.from);
            depends.into_iter().flat_map(|d| d.outside).chain(earlier).collect()
        });
        let outside = outside.collect();
        let unverified = oldest.map(|oldest| {
            let since = oldest.timestamp();
            unverified(repo, config, projects, (log, first), &territory, (&receipts, since), entries_of)
        });
        let matter = Matter {
            config,
            entries,
            log,
            touched: &touched,
            territory: &territory,
            lenses: &lenses,
            facts: &facts,
            measured: &measured,
            foreign: &foreign,
            contents: &contents,
        };
        let found = judge::found(&matter, projects, self.only);
        let judged = found.iter().map(|found| judge::judge(found, config, self.world.now)).collect();
        let lacks = log.incomplete
            || blobs.lack_any()
            || self.is_part && projects.iter().any(|p| load::has_results(&matter, p));
        let places =
            unreported.map(|unreported| receipts.places().into_iter().map(Place::Whole).chain(unreported).collect());
        let until = holds_until(&measured, self.world);
        // They are many small pieces, and whoever asked is about to end.
        std::mem::forget((territory, touched, facts, blobs));
        Judged { projects: judged, found, unverified, is_whole: !lacks, outside, places, until }
    }
}

/// The tracks' directories, if no coverage report lies in any of them: where there is one, every file of its track counts.
fn unreported(here: Option<&Path>, tracks: &[&Track]) -> Option<Vec<Place>> {
    let Some(top) = here else { return Some(Vec::new()) };
    let unreported = tracks.iter().map(|track| {
        let directory = top.join(track.path.to_path().ok()?);
        (!coverage::may_lie_in(&directory)).then_some(Place::Unreported(directory))
    });
    unreported.collect()
}

/// The second since 1970 at which the age of what was measured reads otherwise.
fn holds_until(measured: &[Measured], world: &World) -> i64 {
    let until = |at: DateTime<FixedOffset>| {
        // As it is said: in whole seconds that have passed.
        let age = world.now.signed_duration_since(at).num_seconds();
        at.timestamp().saturating_add(age).saturating_add(words::ago_holds(age))
    };
    measured.iter().filter_map(Measured::dated).map(until).min().unwrap_or(i64::MAX)
}

/// What the suite of a track depends on.
struct Depends {
    tree: ObjectId,
    /// Whether the tree is that of the track's directory.
    is_its_own: bool,
    key: ObjectId,
    /// What lies beside the track, be it not there.
    outside: Vec<BString>,
}

/// What the suites of tracks depend on; none for a track that has no files or whose language is not known. The key is another than
/// the tree only where there are receipts to look up.
fn depends(
    config: &Config,
    entries: &[Entry],
    tracks: &[&Track],
    contents: Contents<'_>,
    has_receipts: bool,
) -> Vec<Option<Depends>> {
    abreast::each(tracks, 1, |track| {
        let language = config.languages.get(&track.language)?;
        if crate::git::subtree(entries, track.path.as_bstr()).is_empty() {
            return None;
        }
        let read = |entry: &Entry| contents(entry.id).map(Arc::unwrap_or_clone);
        let inputs = Inputs::of(track, language, entries, &read);
        let tree = inputs.tree(entries);
        let counted = if has_receipts { inputs.counted(entries, language, &read) } else { None };
        let key = counted.map_or(tree, |counted| inputs.tree(&counted));
        let is_its_own = inputs.is_the_track_alone();
        let Inputs { places, absent, open, .. } = inputs;
        let outside = [places, absent, open].into_iter().flatten().filter(|place| *place != track.path).collect();
        Some(Depends { tree, is_its_own, key, outside })
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
    Measured { tree: Some(depends.tree), is_its_own: depends.is_its_own, receipts: found, report }
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

/// Commits that changed a track with a suite and have no passing receipt for its tree, since the first receipt was kept.
fn unverified(
    repo: &Repository,
    config: &Config,
    projects: &[Project],
    (log, first): (&Log, usize),
    territory: &Territory<'_>,
    (receipts, since): (&Receipts, i64),
    entries_of: EntriesOf<'_>,
) -> usize {
    let tracks: Vec<&Track> = projects.iter().flat_map(|p| &p.tracks).collect();
    let mut passed: HashMap<ObjectId, bool> = HashMap::new();
    let mut count = 0;
    for (at, point) in (0u32..).zip(&log.points).skip(first).filter(|(_, p)| p.committed >= since && !p.merge) {
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
            let Some(entries) = entries_of(point.id) else { return false };
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
    count
}
