//! Which track a path belonged to at a commit: its places today, and the directories that moved there since.

use super::abreast;
use super::kind::{self, Kind};
use super::layout::{Place, Project, is_below, join};
use super::log::{Log, Move};
use super::slots;
use crate::config::family::{self, Family};
use crate::config::{Config, Language};
use bstr::{BStr, BString, ByteSlice};
use globset::GlobMatcher;

/// Through whose eyes a track's files are told apart: a configured language's, or a family's alone.
#[derive(Debug, Clone, Copy)]
pub enum Lens<'a> {
    /// A language that the configuration knows.
    Language(&'a Language),
    /// A family of languages that it does not.
    Family(&'static Family),
}

impl<'a> Lens<'a> {
    /// The eyes for a track's language.
    pub fn of(language: &str, config: &'a Config) -> Option<Lens<'a>> {
        config.languages.get(language).map(Lens::Language).or_else(|| family::named(language).map(Lens::Family))
    }

    /// What kind of file a path (from the track's directory) is.
    pub fn kind(&self, path: &BStr) -> Kind {
        match self {
            Lens::Language(language) => kind::kind_of(path, language),
            Lens::Family(family) => kind::of_family(family, path),
        }
    }

    /// The family, where it is known.
    pub fn family(&self) -> Option<&'static Family> {
        match self {
            Lens::Language(language) => family::named(&language.name),
            Lens::Family(family) => Some(family),
        }
    }

    /// How people write the language.
    pub fn title(&self) -> &str {
        match self {
            Lens::Language(language) => language.title(),
            Lens::Family(family) => family.title,
        }
    }
}

#[derive(Debug, Clone)]
enum Pattern {
    Directory(BString),
    Glob(Box<GlobMatcher>),
}

#[derive(Debug, Clone)]
struct Claim {
    track: usize,
    pattern: Pattern,
    /// It holds for commits before this one.
    until: u32,
    /// The most telling claim wins.
    rank: usize,
    /// In a whole project's directory, what lies aside is no part of the track.
    wide: bool,
}

/// The claims of all tracks of all projects on all paths of a log.
#[derive(Debug)]
pub struct Territory<'a> {
    claims: Vec<Claim>,
    earlier: Vec<Vec<Move>>,
    lenses: &'a [Lens<'a>],
    /// For each path of the log: (until, track, kind), the most telling first.
    owners: Vec<Vec<(u32, usize, Kind)>>,
}

impl<'a> Territory<'a> {
    /// The claims of `projects`' tracks, one lens for each, over the paths of `log`.
    pub fn new(projects: &[Project], lenses: &'a [Lens<'a>], log: &Log) -> Territory<'a> {
        let mut territory = Territory { claims: Vec::new(), earlier: Vec::new(), lenses, owners: Vec::new() };
        for project in projects {
            for track in &project.tracks {
                let index = territory.earlier.len();
                territory.earlier.push(Vec::new());
                for place in &track.places {
                    territory.claim(index, place, project.path.as_bstr(), log);
                }
            }
        }
        territory.claims.sort_by_key(|c| std::cmp::Reverse((c.rank, c.until)));
        territory.owners = abreast::each(&log.paths, 256, |path| territory.owners_of(path.as_bstr()));
        territory
    }

    fn claim(&mut self, track: usize, place: &Place, project: &BStr, log: &Log) {
        match place {
            Place::Glob(glob) => {
                if let Ok(glob) = globset::GlobBuilder::new(glob).literal_separator(true).build() {
                    let pattern = Pattern::Glob(Box::new(glob.compile_matcher()));
                    self.claims.push(Claim { track, pattern, until: u32::MAX, rank: usize::MAX, wide: false });
                }
            }
            Place::Directory(directory) => {
                let mut homes = vec![(directory.clone(), u32::MAX)];
                for moved in log.moves.iter().rev() {
                    let sources: Vec<BString> = homes
                        .iter()
                        .filter(|(_, until)| moved.point < *until)
                        .filter_map(|(home, _)| origin(home.as_bstr(), moved))
                        .collect();
                    for from in sources {
                        if !homes.iter().any(|(home, _)| *home == from) && homes.len() < 16 {
                            self.earlier[track].push(Move {
                                point: moved.point,
                                from: from.clone(),
                                to: directory.clone(),
                            });
                            homes.push((from, moved.point));
                        }
                    }
                }
                for (home, until) in homes {
                    let wide = home.is_empty() || home == project;
                    let rank = home.len();
                    self.claims.push(Claim { track, pattern: Pattern::Directory(home), until, rank, wide });
                }
            }
        }
    }

    fn owners_of(&self, path: &BStr) -> Vec<(u32, usize, Kind)> {
        let mut owners: Vec<(u32, usize, Kind)> = Vec::new();
        for claim in &self.claims {
            let inside = match &claim.pattern {
                Pattern::Directory(directory) if is_below(path, directory.as_bstr()) => {
                    let skip = if directory.is_empty() { 0 } else { directory.len() + 1 };
                    path[skip..].as_bstr()
                }
                Pattern::Glob(glob) if glob.is_match(path.to_path_lossy()) => path,
                _ => continue,
            };
            if claim.wide && lies_aside(inside, self.lenses[claim.track].family()) {
                continue;
            }
            let kind = self.lenses[claim.track].kind(inside);
            // Two tracks can share a directory: then a source belongs to the one whose language it is.
            let foreign =
                claim.wide && matches!(kind, Kind::Other | Kind::Document | Kind::Dependency | Kind::Placeholder);
            if !foreign || owners.is_empty() {
                owners.push((claim.until, claim.track, kind));
            }
        }
        owners.sort_by_key(|(_, _, kind)| *kind == Kind::Other);
        owners
    }

    /// The track that a path of the log belonged to at a commit, and what it was to it.
    pub fn owner(&self, path: u32, point: u32) -> Option<(usize, Kind)> {
        self.owners[path as usize].iter().find(|(until, _, _)| point < *until).map(|(_, track, kind)| (*track, *kind))
    }

    /// The same for a path of the tree of today, which is at `place` of the log, or nowhere in it.
    pub fn today(&self, path: &BStr, place: Option<u32>) -> Option<(usize, Kind)> {
        let is_today = |(until, ..): &&(u32, usize, Kind)| *until == u32::MAX;
        let of = |owners: &[(u32, usize, Kind)]| owners.iter().find(is_today).map(|(_, track, kind)| (*track, *kind));
        match place {
            Some(place) => of(&self.owners[place as usize]),
            None => of(&self.owners_of(path)),
        }
    }

    /// Where any of the tracks lay before.
    pub fn homes(&self) -> impl Iterator<Item = BString> {
        self.earlier.iter().flatten().map(|moved| moved.from.clone())
    }

    /// Where a track lay before.
    pub fn earlier(&self, track: usize) -> Vec<Move> {
        self.earlier[track].clone()
    }
}

/// Whether a path lies in a directory, one or two down, that is no part of an implementation.
fn lies_aside(inside: &BStr, family: Option<&Family>) -> bool {
    const TESTS: [&[u8]; 5] = [b"test", b"tests", b"testing", b"spec", b"specs"];
    let mut parts: Vec<&[u8]> = inside.split(|b| *b == b'/').collect();
    parts.pop();
    parts.iter().take(2).any(|part| {
        slots::is_aside(part)
            && !TESTS.contains(part)
            && !matches!(*part, b"db" | b"database" | b"common" | b"shared" | b"resources" | b"data" | b"client")
            || !slots::meant_by(part).is_empty() && !slots::meant_by(part).iter().any(|f| Some(*f) == family)
    })
}

/// Where `home` was before `moved`; none where it was not part of it.
fn origin(home: &BStr, moved: &Move) -> Option<BString> {
    let to = moved.to.as_bstr();
    if home == to {
        Some(moved.from.clone())
    } else if !to.is_empty() && is_below(home, to) {
        Some(join(moved.from.as_bstr(), &home[to.len() + 1..]))
    } else if is_below(to, home) && !moved.from.is_empty() && !is_below(moved.from.as_bstr(), home) {
        Some(moved.from.clone())
    } else {
        None
    }
}
