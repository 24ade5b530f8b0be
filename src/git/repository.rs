//! A repository, opened for reading.

use super::glance::Glance;
use super::graph::Edges;
use super::objects::{Kind, Objects, Store};
use super::{Listing, ObjectId, Staged, index_file, raw};
use crate::failure::{Context, Failure};
use bstr::BString;
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

/// What git is in the middle of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// Nothing.
    None,
    /// A merge.
    Merge,
    /// A revert.
    Revert,
    /// A cherry-pick.
    CherryPick,
    /// A rebase, by any of its backends, or `git am`.
    Rebase,
    /// A bisection.
    Bisect,
}

/// An open repository. Every method reads; none writes the work tree, the index or a ref.
pub struct Repository {
    git_dir: PathBuf,
    common_dir: PathBuf,
    work_tree: Option<PathBuf>,
    /// What can be known without libgit2.
    glance: Option<Glance>,
    /// libgit2's view of it, opened when it is first needed.
    inner: OnceCell<git2::Repository>,
    /// The configuration as it stood when it was first asked.
    settings: OnceCell<Option<git2::Config>>,
    /// Its packs as they stood when they were first needed.
    store: OnceCell<Store>,
    /// What made its history another one when that was first needed.
    edges: OnceCell<Edges>,
    /// A way to its objects.
    objects: RefCell<Option<Objects>>,
    /// Trees that were looked at on the way to what lies in them.
    pub(super) listings: RefCell<HashMap<ObjectId, Option<Rc<Listing>>>>,
}

impl Repository {
    /// Opens the repository that `start` lies in, or the one that git's environment names (as inside a hook, where the index may
    /// be another file than `.git/index`).
    ///
    /// # Errors
    /// There is none, it belongs to somebody else, or it is in a format that can't be read: kind `Missing`.
    pub fn open(start: &Path) -> Result<Repository, Failure> {
        let none: [&Path; 0] = [];
        git2::Repository::open_ext(start, git2::RepositoryOpenFlags::FROM_ENV, none)
            .map(Repository::of)
            .map_err(|e| cannot_open(start, e))
    }

    /// As [`Repository::open`], for what works without a repository too: none where `start` lies in none.
    ///
    /// # Errors
    /// There is one, and it can't be read: kind `Missing`.
    pub fn discover(start: &Path) -> Result<Option<Repository>, Failure> {
        let none: [&Path; 0] = [];
        match git2::Repository::open_ext(start, git2::RepositoryOpenFlags::FROM_ENV, none) {
            Ok(inner) => Ok(Some(Repository::of(inner))),
            Err(e) if e.code() == git2::ErrorCode::NotFound => Ok(None),
            Err(e) => Err(cannot_open(start, e)),
        }
    }

    /// As [`Repository::open`], for whoever is in the way of every commit: libgit2 is not asked before it is needed. No variable of
    /// git's environment says where the repository or its parts are; `settings` are git's files of settings outside of it.
    ///
    /// # Errors
    /// As [`Repository::open`].
    pub fn glance(start: &Path, settings: Vec<PathBuf>) -> Result<Repository, Failure> {
        match Glance::at(start, settings) {
            Some(glance) => Ok(Repository {
                git_dir: glance.git_dir.clone(),
                common_dir: glance.git_dir.clone(),
                work_tree: Some(glance.top.clone()),
                glance: Some(glance),
                inner: OnceCell::new(),
                settings: OnceCell::new(),
                store: OnceCell::new(),
                edges: OnceCell::new(),
                objects: RefCell::default(),
                listings: RefCell::default(),
            }),
            None => Repository::open(start),
        }
    }

    fn of(inner: git2::Repository) -> Repository {
        Repository {
            git_dir: inner.path().to_owned(),
            common_dir: inner.commondir().to_owned(),
            work_tree: inner.workdir().map(Path::to_owned),
            glance: None,
            inner: OnceCell::from(inner),
            settings: OnceCell::new(),
            store: OnceCell::new(),
            edges: OnceCell::new(),
            objects: RefCell::default(),
            listings: RefCell::default(),
        }
    }

    /// What can be known of it without libgit2; none where nothing can.
    pub(super) fn glanced(&self) -> Option<&Glance> {
        self.glance.as_ref()
    }

    pub(super) fn inner(&self) -> Result<&git2::Repository, git2::Error> {
        // As git itself, which hashes what it writes and what it is asked to check, not all that it reads.
        git2::opts::strict_hash_verification(false);
        if let Some(inner) = self.inner.get() {
            return Ok(inner);
        }
        // Git's environment still names the index.
        let none: [&Path; 0] = [];
        let inner = git2::Repository::open_ext(&self.git_dir, git2::RepositoryOpenFlags::FROM_ENV, none)?;
        Ok(self.inner.get_or_init(|| inner))
    }

    /// What makes its history another one than the objects say, as it stood when that was first asked.
    pub(super) fn changed_edges(&self) -> &Edges {
        self.edges.get_or_init(|| Edges::of(self))
    }

    pub(super) fn store(&self) -> &Store {
        self.store.get_or_init(|| Store::of(self.common_dir(), self.git_dir()))
    }

    /// This thread's way to the objects, for many of them.
    pub(super) fn objects(&self) -> Objects {
        Objects::of(self.store())
    }

    /// A way to the objects that remembers what was read before, until it is given back.
    pub(super) fn borrow_objects(&self) -> Objects {
        self.objects.take().unwrap_or_else(|| self.objects())
    }

    /// Gives back what [`Repository::borrow_objects`] gave.
    pub(super) fn give_back(&self, objects: Objects) {
        self.objects.replace(Some(objects));
    }

    /// The content of an object of this kind; none where it is not here, or damaged.
    pub(super) fn object(&self, id: ObjectId, wanted: Kind) -> Option<Arc<Vec<u8>>> {
        if let Some(content) = self.glanced().and_then(|glance| glance.read(id, wanted)) {
            return Some(content);
        }
        let mut objects = self.objects.borrow_mut();
        let (kind, content) = objects.get_or_insert_with(|| self.objects()).read(id)?;
        (kind == wanted).then_some(content)
    }

    /// The top directory of the work tree; none in a bare repository.
    pub fn work_tree(&self) -> Option<&Path> {
        self.work_tree.as_deref()
    }

    /// As [`Repository::work_tree`], where a command can't do without one.
    ///
    /// # Errors
    /// The repository is bare: kind `Missing`.
    pub fn needs_work_tree(&self) -> Result<&Path, Failure> {
        self.work_tree().ok_or_else(|| {
            Failure::missing(format!("{} has no work tree", self.git_dir().display()))
                .hint("run this in a clone that is not bare")
        })
    }

    /// The directory of this work tree's own state: `.git`, or `.git/worktrees/NAME`.
    pub fn git_dir(&self) -> &Path {
        &self.git_dir
    }

    /// The directory that all work trees share.
    pub fn common_dir(&self) -> &Path {
        &self.common_dir
    }

    /// Whether its history is cut.
    pub fn is_shallow(&self) -> bool {
        self.common_dir.join("shallow").metadata().is_ok_and(|about| about.len() > 0)
    }

    /// What git is in the middle of.
    pub fn operation(&self) -> Operation {
        let is_there = |name: &str| self.git_dir.join(name).exists();
        if is_there("rebase-merge") || is_there("rebase-apply") {
            Operation::Rebase
        } else if is_there("MERGE_HEAD") {
            Operation::Merge
        } else if is_there("REVERT_HEAD") {
            Operation::Revert
        } else if is_there("CHERRY_PICK_HEAD") {
            Operation::CherryPick
        } else if is_there("BISECT_LOG") {
            Operation::Bisect
        } else {
            Operation::None
        }
    }

    /// The commit that HEAD names; none before the first commit.
    ///
    /// # Errors
    /// HEAD can't be read or names something that is not there: kind `Missing`.
    pub fn head(&self) -> Result<Option<ObjectId>, Failure> {
        if let Some(tip) = self.glanced().and_then(Glance::tip) {
            return Ok(Some(tip));
        }
        match self.inner().and_then(git2::Repository::head) {
            Ok(head) => {
                Ok(Some(head.peel_to_commit().or_missing(|| "can't read the commit at HEAD".into())?.id().into()))
            }
            Err(e) if matches!(e.code(), git2::ErrorCode::UnbornBranch | git2::ErrorCode::NotFound) => Ok(None),
            Err(e) => Err(Failure::missing("can't read HEAD").because(e)),
        }
    }

    /// The id that HEAD leads to, without looking at what it names; none before the first commit.
    pub fn tip(&self) -> Option<ObjectId> {
        let glanced = self.glanced().and_then(Glance::tip);
        glanced.or_else(|| self.inner().ok()?.refname_to_id("HEAD").ok().map(ObjectId::from))
    }

    /// The branch that HEAD is on, also before its first commit; none where HEAD is detached.
    pub fn branch(&self) -> Option<BString> {
        if let Some(Ok(branch)) = self.glanced().map(Glance::branch) {
            return branch;
        }
        let head = self.inner().ok()?.find_reference("HEAD").ok()?;
        let target = head.symbolic_target_bytes()?;
        Some(target.strip_prefix(b"refs/heads/").unwrap_or(target).into())
    }

    /// The commit that `revision` (anything `git rev-parse` takes) names.
    ///
    /// # Errors
    /// It names no commit: kind `Usage`.
    pub fn commit_named(&self, revision: &str) -> Result<ObjectId, Failure> {
        self.inner()
            .and_then(|repo| repo.revparse_single(revision))
            .and_then(|object| object.peel_to_commit())
            .map(|commit| commit.id().into())
            .or_usage(|| format!("no commit is called {revision:?} here"))
            .map_err(|f| match self.head() {
                Ok(None) => f.hint("there is no commit on this branch yet"),
                _ => f.hint("`git log --oneline --all` lists commits"),
            })
    }

    /// The tree of a commit.
    ///
    /// # Errors
    /// The commit can't be read: kind `Missing`.
    pub fn tree_of(&self, commit: ObjectId) -> Result<ObjectId, Failure> {
        let tree = |data: &[u8]| raw::hex(data.strip_prefix(b"tree ")?.get(..40)?);
        let read = self.object(commit, Kind::Commit).and_then(|data| tree(&data));
        read.ok_or_else(|| Failure::missing(format!("can't read commit {commit}")))
    }

    /// What is staged: the index that git's environment names, else the work tree's own.
    ///
    /// # Errors
    /// The index can't be read: kind `Missing`.
    pub fn staged(&self) -> Result<Staged, Failure> {
        let index = self.inner().and_then(git2::Repository::index).map_err(|e| self.cannot_read_index(e))?;
        Ok(Staged::read(&index))
    }

    /// What is staged must survive the cure, where git itself can read the index.
    fn cannot_read_index(&self, error: git2::Error) -> Failure {
        let says = error.message().to_ascii_lowercase();
        let failure = Failure::missing("can't read the index").because(error);
        if says.contains("'link'") {
            return failure.hint("git has split it in two; to have it in one piece: git update-index --no-split-index");
        }
        if says.contains("'sdir'") {
            return failure.hint(
                "git has left directories out of it; to have it whole: git sparse-checkout reapply --no-sparse-index",
            );
        }
        failure.hint(format!(
            "git can make it anew from the last commit, with nothing staged: rm {} && git reset",
            crate::views::words::shell(&self.git_dir().join("index").to_string_lossy())
        ))
    }

    /// As [`Repository::staged`], from the index at `file`: much faster, where git wrote it in its usual form.
    ///
    /// # Errors
    /// The index can't be read: kind `Missing`.
    pub fn staged_in(&self, file: &Path) -> Result<Staged, Failure> {
        let read = || {
            let file = File::open(file).ok()?;
            let length = usize::try_from(file.metadata().ok()?.len()).ok()?;
            index_file::read(file, length)
        };
        match read() {
            Some(staged) => Ok(staged),
            None => self.staged(),
        }
    }

    /// The bytes of a blob; none where the object is not here (a partial clone, a damaged store).
    pub fn blob(&self, id: ObjectId) -> Option<Vec<u8>> {
        self.object(id, Kind::Blob).map(Arc::unwrap_or_clone)
    }

    /// The value of a configuration key, from all of git's files.
    pub fn setting(&self, key: &str) -> Option<String> {
        if self.glanced().is_some_and(|glance| glance.is_default(key)) {
            return None;
        }
        let settings = || self.inner().and_then(git2::Repository::config).and_then(|mut config| config.snapshot()).ok();
        self.settings.get_or_init(settings).as_ref()?.get_string(key).ok()
    }

    /// The absolute path of a file of git's own, as `git rev-parse --git-path` has it for files that work trees share.
    pub fn common_path(&self, name: &str) -> PathBuf {
        self.common_dir().join(name)
    }
}

fn cannot_open(start: &Path, error: git2::Error) -> Failure {
    let place = start.display();
    let says = error.message().to_ascii_lowercase();
    match (error.class(), error.code()) {
        (_, git2::ErrorCode::NotFound) => Failure::missing(format!("{place} is not in a git repository"))
            .hint("change to one, name one with -C DIR, or make one with `git init`"),
        (_, git2::ErrorCode::Owner) => {
            let top = error.message().split('\'').nth(1).map_or_else(|| place.to_string(), str::to_owned);
            let trust = crate::views::words::shell(top.trim_end_matches('/'));
            Failure::missing(format!("the repository at {place} belongs to somebody else"))
                .hint(format!("if you trust it: git config --global --add safe.directory {trust}"))
        }
        (git2::ErrorClass::Repository, _) if says.contains("object format") || says.contains("objectformat") => {
            Failure::missing(format!(
                "the repository at {place} names its objects by SHA-256, which mastery can't read"
            ))
            .because(error)
            .hint("mastery reads SHA-1 repositories, which `git init` and `git clone` make by default")
        }
        (git2::ErrorClass::Repository, _) if says.contains("refstorage") => Failure::missing(format!(
            "the repository at {place} keeps its branches in a reftable, which mastery can't read"
        ))
        .because(error)
        .hint("git 2.46 and later turn it into files: git refs migrate --ref-format=files"),
        (git2::ErrorClass::Repository, _) if says.contains("extension") || says.contains("version") => {
            Failure::missing(format!("the repository at {place} is in a format that mastery can't read")).because(error)
        }
        _ => Failure::missing(format!("can't open the repository at {place}")).because(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repository_of_somebody_else_is_told_with_the_command_that_trusts_it() {
        let says = "repository path '/srv/team repo/' is not owned by current user";
        let error = git2::Error::new(git2::ErrorCode::Owner, git2::ErrorClass::Config, says);
        let failure = cannot_open(Path::new("/srv/team repo/golang"), error);
        assert_eq!(failure.message, "the repository at /srv/team repo/golang belongs to somebody else");
        assert_eq!(failure.hints, ["if you trust it: git config --global --add safe.directory '/srv/team repo'"]);
    }
}
