//! Snapshots: directories in the user's cache that hold exactly some content of a track and its inputs, made from git objects, where
//! a suite can run without the work tree. They are kept and updated by difference, so that build caches stay warm.

mod borrow;
mod kept;
mod lay;
pub mod python;

use super::inputs::Inputs;
use crate::config::Language;
use crate::failure::{Context, Failure};
use crate::git::{Entry, ObjectId, Repository};
use crate::system::env::Env;
use crate::system::files::{self, own};
use bstr::{BStr, BString, ByteSlice};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// All that a snapshot is made from.
#[derive(Clone, Copy)]
pub struct Content<'a> {
    /// The repository.
    pub repo: &'a Repository,
    /// Every entry of the index or tree, sorted by path.
    pub entries: &'a [Entry],
}

impl Content<'_> {
    fn blob(&self, entry: &Entry) -> Result<Vec<u8>, Failure> {
        self.repo.blob(entry.id).ok_or_else(|| {
            Failure::missing(format!("the content of {} ({}) is not in the repository", entry.path, entry.id.short()))
                .hint("in a partial clone, `git fetch --refetch` brings it; else look with `git fsck`")
        })
    }

    /// Where a path is in the work tree.
    fn in_work_tree(&self, path: &BStr) -> Result<PathBuf, Failure> {
        Ok(self.repo.needs_work_tree()?.join(OsStr::from_bytes(path)))
    }
}

/// Why content can't be laid out here, and what mends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// Why.
    pub what: String,
    /// What mends it.
    pub mend: String,
}

impl Trouble {
    fn submodule(entry: &Entry) -> Trouble {
        Trouble {
            what: format!("the submodule {} is not checked out, or not clean, at the staged commit", entry.path),
            mend: format!("git submodule update --init {}", crate::views::words::shell(&entry.path.to_str_lossy())),
        }
    }

    fn other_lock(lock: &BString, setup: Option<&str>, language: &Language) -> Trouble {
        Trouble {
            what: format!(
                "{lock} is not the one in the work tree, and it ran against what is installed there: a pass gets no receipt"
            ),
            mend: match setup {
                Some(setup) => format!("setup = \"{setup}\" under [languages.{}] in .mastery.toml", language.name),
                None => "install what the lock file asks for, or stage the one that is installed".into(),
            },
        }
    }

    fn filter(entry: &Entry, filter: &str) -> Trouble {
        Trouble {
            what: format!(
                "{} goes through the filter `{filter}`, and the work tree does not hold its staged state",
                entry.path
            ),
            mend: "stage the file as it is in the work tree, or put the staged state there".into(),
        }
    }
}

/// A snapshot that is laid out, and held by this process until it is dropped.
#[derive(Debug)]
pub struct Snapshot {
    /// The directory that stands for the repository's root.
    pub root: PathBuf,
    /// What it borrows from the work tree or made by `setup`, from the root.
    pub borrowed: Vec<BString>,
    /// What makes a verdict from here doubtful, and what mends it: dependencies that another lock file asked for.
    pub doubt: Option<Trouble>,
    seal: PathBuf,
    _lock: files::Lock,
}

/// Where the snapshots of a work tree live.
///
/// # Errors
/// No cache directory is known.
pub fn home(repo: &Repository, env: &Env) -> Result<PathBuf, Failure> {
    let git_dir = repo.git_dir().canonicalize().unwrap_or_else(|_| repo.git_dir().to_owned());
    let name = ObjectId::of_blob(git_dir.as_os_str().as_bytes()).to_string();
    let cache = env.cache_directory()?;
    let cache = std::path::absolute(&cache).unwrap_or(cache);
    files::make_directory(&cache)?;
    Ok(cache.canonicalize().unwrap_or(cache).join("snapshots").join(&name[..16]))
}

impl Snapshot {
    /// Lays out the inputs of a suite, called `slug`, below `home`. Two processes never share a snapshot: where another one holds the
    /// suite's own, this one takes the next.
    ///
    /// # Errors
    /// The disk refuses, or an object is missing. What can't be laid out for want of a tool is a [`Trouble`].
    pub fn lay(
        home: &Path,
        slug: &str,
        content: Content<'_>,
        inputs: &Inputs,
        language: &Language,
    ) -> Result<Result<Snapshot, Trouble>, Failure> {
        let (root, lock) = slot(home, slug)?;
        files::make_directory(&root)?;
        let index = beside(&root, "index");
        let seal = beside(&root, "setup");
        let entries = inputs.select(content.entries);
        let places = borrow::places(content, inputs, language, &entries, &root, &seal);
        let names: Vec<BString> = places.iter().map(|p| p.path.clone()).collect();
        let laid = match lay::out(&root, content, &entries, kept::Kept::read(&index), &names)? {
            Ok(laid) => laid,
            Err(trouble) => return Ok(Err(trouble)),
        };
        own::put(&index, &laid.to_bytes(), false, UNIX_EPOCH)
            .or_missing(|| format!("can't write {}", index.display()))?;
        files::make_directory(&root.join(OsStr::from_bytes(&inputs.track)))?;
        for place in &places {
            place.borrow(&root, content)?;
        }
        let doubt = borrow::other_lock(content, inputs, &places)
            .map(|(lock, setup)| Trouble::other_lock(&lock, setup, language));
        Ok(Ok(Snapshot { root, borrowed: names, doubt, seal, _lock: lock }))
    }

    /// Whether `setup` has to run before the suite: the staged lock file is not the installed one, and it has not run for it yet.
    pub fn wants_setup(&self, content: Content<'_>, inputs: &Inputs, language: &Language) -> bool {
        borrow::needs_setup(content, inputs, language)
            && borrow::sealed(&self.seal) != Some(borrow::lock_state(content, inputs, language))
    }

    /// Notes that `setup` has run.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn set_up(&self, content: Content<'_>, inputs: &Inputs, language: &Language) -> Result<(), Failure> {
        files::replace(&self.seal, borrow::lock_state(content, inputs, language).to_string().as_bytes())
    }
}

/// The first snapshot directory of this suite that nobody holds.
fn slot(home: &Path, slug: &str) -> Result<(PathBuf, files::Lock), Failure> {
    for n in 1..1000 {
        let root = home.join(if n == 1 { slug.to_owned() } else { format!("{slug}@{n}") });
        if let Some(lock) = files::try_lock(&beside(&root, "lock"))? {
            return Ok((root, lock));
        }
    }
    Err(Failure::missing(format!("a thousand snapshots of {slug} are in use")).hint("end the runs that are under way"))
}

/// A file beside a directory: its name with one more extension.
fn beside(directory: &Path, extension: &str) -> PathBuf {
    let mut name = directory.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    name.into()
}
