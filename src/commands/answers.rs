//! Answers of `mastery status`, remembered word for word. One is given again only while everything that it was made from is as it
//! was: the commit at HEAD, the configuration, the binary, the day, and every place outside of history that was looked at. After a few
//! commits, only what it says of the repository is made anew, and of the project that they are about.

mod current;
mod kept;
mod later;
mod one;
mod place;

pub use current::Current;
pub use kept::Known;
pub use place::Place;

use super::ground;
use super::remembered::{self, Wanted};
use crate::config;
use crate::git::{ObjectId, Repository};
use crate::history::reach::Reach;
use crate::history::totals::Totals;
use crate::progress::matter::shown;
use crate::progress::status;
use crate::system::files::own;
use crate::views::parts::{About, Form};
use crate::views::words;
use crate::world::World;
use bstr::{BString, ByteSlice};
use kept::Kept;
use std::cell::RefCell;
use std::collections::HashSet;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// What is asked, and the state of all that is known to have a say in the answer before looking further.
pub struct Question<'a> {
    world: &'a World,
    repo: Repository,
    /// Where its answers lie.
    directory: PathBuf,
    /// How their names begin.
    name: String,
    state: ObjectId,
    tip: ObjectId,
    /// Of which projects, and how the answer looks.
    words: String,
    form: Form,
    asked: Instant,
    /// Projects that could have been judged by themselves if what they need of history were remembered.
    wants: RefCell<Vec<Wanted>>,
}

/// What an answer was made from.
#[derive(Debug, Clone, PartialEq)]
pub struct Basis {
    /// Places outside of history.
    pub places: Vec<Place>,
    /// The second since 1970 at which it says something else.
    pub until: i64,
    /// The numbers of the whole history.
    pub totals: Totals,
    /// What else there is to know of the tree.
    pub remarks: Vec<String>,
    /// The paths that have a say.
    pub reach: Reach,
    /// The projects that it tells of.
    pub projects: Vec<Known>,
    /// Those of them that are being worked on, by index.
    pub current: Vec<(usize, Current)>,
}

/// A clock of a file system may stand still for as long as this, in nanoseconds: what changed this shortly before it was looked
/// at may have changed again without a trace.
const TICK: i128 = 2_000_000_000;
/// More answers than these are forgotten together.
const MANY: usize = 32;

impl<'a> Question<'a> {
    /// The question for a project (all where none is named) at HEAD; none where nothing is remembered: before the first commit.
    pub fn new(world: &'a World, project: Option<&str>, form: Form) -> Option<Question<'a>> {
        let words = format!("{project:?} {form:?}");
        let asked = Instant::now();
        let repo = ground::glance(world).ok()?;
        let tip = repo.tip()?;
        let name = format!("{:?} {words}", repo.git_dir().as_os_str().as_encoded_bytes());
        Some(Question {
            directory: remembered::directory(repo.common_dir()).join("answers"),
            name: ObjectId::of_blob(name.as_bytes()).to_string(),
            state: state(world, &repo, tip, &words)?,
            world,
            repo,
            tip,
            words,
            form,
            asked,
            wants: RefCell::default(),
        })
    }

    /// The answer, if it is remembered and nothing has changed since, or nothing but what can be judged by itself.
    pub fn answer(&self) -> Option<String> {
        let branch = self.repo.branch();
        let file = self.file(self.tip);
        let mut found = self.read(&file).into_iter().chain(self.older());
        let kept = found.find_map(|kept| {
            if kept.head == self.tip && kept.branch == branch {
                return Some(kept);
            }
            let later = self.later(kept, branch.clone())?;
            self.write(&later);
            Some(later)
        })?;
        Some(kept.parts.into_iter().map(|(_, part)| part).collect())
    }

    /// The projects of which the part of history that they need is worth being remembered.
    pub fn wants(&self) -> Vec<Wanted> {
        self.wants.borrow().clone()
    }

    fn file(&self, tip: ObjectId) -> PathBuf {
        self.directory.join(format!("{}-{tip}", self.name))
    }

    /// Answers that were given at commits that HEAD comes from, the nearest first.
    fn older(&self) -> impl Iterator<Item = Kept> + '_ {
        let names = std::iter::once_with(|| {
            let files = fs::read_dir(&self.directory).into_iter().flatten().flatten();
            let tip = |item: fs::DirEntry| {
                item.file_name().to_str()?.strip_prefix(&self.name)?.strip_prefix('-')?.parse().ok()
            };
            let known: HashSet<ObjectId> = files.filter_map(tip).collect();
            let line = (!known.is_empty()).then(|| self.repo.line(self.tip).take(later::MOST + 1));
            line.into_iter().flatten().filter(move |id| known.contains(id))
        });
        names.flatten().filter_map(|tip| self.read(&self.file(tip)))
    }

    /// The answer in a file, where nothing outside of history has changed.
    fn read(&self, file: &Path) -> Option<Kept> {
        let kept = Kept::read(&fs::read(file).ok()?)?;
        let now = self.world.now.timestamp();
        if kept.state != self.state || now < kept.made || now >= kept.until.min(kept.totals.until) {
            return None;
        }
        let about = file.metadata().ok()?;
        let written = place::nanoseconds(about.mtime(), about.mtime_nsec());
        let settled = written - i128::from(kept.took) * 1_000_000 - TICK;
        kept.places.iter().all(|place| place.holds(settled)).then_some(kept)
    }

    /// Remembers the parts of an answer about `repository`.
    pub fn keep(&self, basis: Basis, repository: &status::Repository, parts: Vec<(About, String)>) {
        // Somebody may have committed meanwhile.
        let Some(head) = repository.head.filter(|head| *head == self.tip) else { return };
        let Basis { places, until, totals, remarks, reach, projects, current } = basis;
        self.write(&Kept {
            state: self.state,
            head,
            branch: self.repo.branch(),
            made: self.world.now.timestamp(),
            until,
            took: self.took(),
            places: places.into_iter().map(Place::look).collect(),
            totals,
            unverified: repository.unverified_commits,
            remarks,
            reach,
            projects,
            current: current.iter().map(|(at, current)| (*at, current.write())).collect(),
            parts,
        });
    }

    fn took(&self) -> i64 {
        i64::try_from(self.asked.elapsed().as_millis()).unwrap_or(i64::MAX).saturating_add(1)
    }

    fn write(&self, kept: &Kept) {
        // Somebody may have written the configuration meanwhile.
        if state(self.world, &self.repo, self.tip, &self.words) != Some(self.state) {
            return;
        }
        if fs::read_dir(&self.directory).is_ok_and(|all| all.count() >= MANY) {
            let _ = own::remove_whatever(&self.directory);
        }
        // A repository that can't be written is read all the same.
        let _ = own::remember(&self.file(kept.head), &kept.write());
    }
}

/// All that is known to have a say in an answer at `tip` before looking further.
fn state(world: &World, repo: &Repository, tip: ObjectId, words: &str) -> Option<ObjectId> {
    let mut state = format!(
        "{} {} {} {} {} {words} ",
        remembered::binary()?,
        world.now.date_naive(),
        world.now.offset(),
        repo.is_shallow(),
        repo.edges(),
    );
    match repo.work_tree() {
        Some(top) => {
            let _ = write!(state, "{:?} {:?}", top.as_os_str().as_encoded_bytes(), written(world, top).ok()?);
        }
        // The configuration is that of the commit.
        None => {
            let _ = write!(state, "{tip} {:?}", world.config_file.as_deref().map(fs::read).transpose().ok()?);
        }
    }
    Some(ObjectId::of_blob(state.as_bytes()))
}

/// The bytes of the configuration that counts; none where there is none.
fn written(world: &World, top: &Path) -> io::Result<Option<Vec<u8>>> {
    let file = world.config_file.clone().unwrap_or_else(|| top.join(config::FILE));
    match fs::read(file) {
        // One that was named must be there.
        Err(e) if e.kind() == io::ErrorKind::NotFound && world.config_file.is_none() => Ok(None),
        read => read.map(Some),
    }
}

/// What a status says of a repository whose history has these `totals`.
pub fn repository(
    repo: &Repository,
    head: Option<ObjectId>,
    branch: Option<BString>,
    totals: &Totals,
    unverified: Option<usize>,
    remarks: &[String],
) -> status::Repository {
    status::Repository {
        head,
        branch: branch.map(|b| shown(b.as_bstr())),
        commits: totals.commits,
        shallow: repo.is_shallow(),
        unverified_commits: unverified,
        excused_commits: totals.excused,
        notes: notes(totals).into_iter().chain(remarks.iter().cloned()).collect(),
    }
}

/// What a reader has to know of the whole history.
fn notes(totals: &Totals) -> Vec<String> {
    let mut notes = Vec::new();
    if totals.cut {
        notes.push("history is cut here: what is older can't be dated; `git fetch --unshallow` brings it".to_owned());
    }
    if totals.incomplete {
        notes.push("some trees are not here, so some changes are unknown".to_owned());
    }
    if totals.future > 0 {
        notes.push(format!("{} dated in the future", words::count(totals.future, "commit")));
    }
    if totals.skewed > 0 {
        notes.push(format!(
            "{} committed more than a day from being written (rebased, amended, or a wrong clock): days are those of writing, order is that of history",
            words::count(totals.skewed, "commit")
        ));
    }
    notes
}
