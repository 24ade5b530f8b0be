//! What a snapshot borrows from the work tree: ignored dependencies such as `node_modules`, `.venv`, `.env`.

use super::Content;
use crate::config::Language;
use crate::failure::{Context, Failure};
use crate::git::{Entry, ObjectId};
use crate::history::layout::join;
use crate::suites::inputs::{Inputs, at};
use crate::system::files::own;
use bstr::{BString, ByteSlice};
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// One thing to borrow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// Its path from the root.
    pub(super) path: BString,
    /// Where it is in the work tree; none where `setup` makes it in the snapshot.
    pub(super) from: Option<PathBuf>,
}

/// Files that say which versions of the dependencies there are, where those are installed beside them, and a `setup` that does it.
const LOCKS: [(&str, &[&str], &str); 10] = [
    ("package-lock.json", &["node_modules"], "npm ci"),
    ("npm-shrinkwrap.json", &["node_modules"], "npm ci"),
    ("yarn.lock", &["node_modules"], "yarn install --frozen-lockfile"),
    ("pnpm-lock.yaml", &["node_modules"], "pnpm install --frozen-lockfile"),
    ("bun.lock", &["node_modules"], "bun install --frozen-lockfile"),
    ("requirements.txt", VENV, "python -m venv .venv && .venv/bin/pip install -r requirements.txt"),
    ("requirements-dev.txt", VENV, "python -m venv .venv && .venv/bin/pip install -r requirements-dev.txt"),
    ("poetry.lock", VENV, "POETRY_VIRTUALENVS_IN_PROJECT=true poetry install"),
    ("uv.lock", VENV, "uv sync --frozen"),
    ("go.sum", &[], "go mod download"),
];
const VENV: &[&str] = &[".venv", "venv"];

/// What is to be borrowed: of the declared dependencies, in the track, above it and in its inputs, what is there and is no content.
/// Nothing but `.env` files where `setup` makes the dependencies.
pub(super) fn places(
    content: Content<'_>,
    inputs: &Inputs,
    language: &Language,
    entries: &[Entry],
    root: &Path,
    seal: &Path,
) -> Vec<Place> {
    let own = needs_setup(content, inputs, language);
    let sealed = own && sealed(seal) == Some(lock_state(content, inputs, language));
    let mut found: Vec<Place> = Vec::new();
    for directory in directories(inputs) {
        for dependency in &language.dependencies {
            let path = join(directory.as_bstr(), dependency.trim_end_matches('/').as_bytes());
            let tracked = !at(entries, path.as_bstr()).is_empty();
            if tracked || found.iter().any(|p| p.path == path) {
                continue;
            }
            let is_file = Path::new(dependency).file_name().is_some_and(|n| n.as_bytes().starts_with(b".env"));
            // What `setup` installs or clears must be the snapshot's own, wherever it is: a link leads into the work tree.
            let made_here = own && !is_file;
            if made_here {
                let there = fs::symlink_metadata(root.join(OsStr::from_bytes(&path)));
                if sealed && there.is_ok_and(|m| !m.is_symlink()) {
                    found.push(Place { path, from: None });
                }
            } else if let Ok(from) = content.in_work_tree(path.as_bstr())
                && from.exists()
                && parent_is_content(path.as_bstr(), entries)
            {
                found.push(Place { path, from: Some(from) });
            }
        }
    }
    found
}

/// Whether something of the content lies beside a path, so that its directory is there.
fn parent_is_content(path: &bstr::BStr, entries: &[Entry]) -> bool {
    path.rfind_byte(b'/').is_none_or(|slash| !at(entries, path[..slash].as_bstr()).is_empty())
}

/// Where dependencies may lie: the track, the directories above it, the other inputs.
fn directories(inputs: &Inputs) -> Vec<BString> {
    let mut found = vec![inputs.track.clone()];
    let mut rest = inputs.track.as_bstr();
    while !rest.is_empty() {
        rest = rest.rfind_byte(b'/').map_or(bstr::BStr::new(""), |slash| rest[..slash].as_bstr());
        found.push(rest.to_owned());
    }
    found.extend(inputs.places.iter().filter(|p| **p != inputs.track).cloned());
    found
}

impl Place {
    /// Puts a link to the work tree's in the snapshot. A `node_modules` that links back into the repository (workspaces, `file:`
    /// dependencies) becomes a directory of links, those into the repository to the snapshot's own copy.
    pub(super) fn borrow(&self, root: &Path, content: Content<'_>) -> Result<(), Failure> {
        let Some(from) = &self.from else { return Ok(()) };
        let to = root.join(OsStr::from_bytes(&self.path));
        let doing = || format!("can't link {} into the snapshot", self.path);
        let top = content.repo.needs_work_tree()?;
        let top = top.canonicalize().unwrap_or_else(|_| top.to_owned());
        if self.path.ends_with(b"node_modules") && links_back(from, &top) {
            own::remove_whatever(&to).or_missing(doing)?;
            return mirror(from, &to, &top, root, 0).or_missing(doing);
        }
        if fs::read_link(&to).is_ok_and(|t| t == *from) {
            return Ok(());
        }
        own::link(&to, from.as_os_str()).or_missing(doing)
    }
}

/// Where a link in a `node_modules` leads, when that is into the repository and out of every `node_modules`.
fn back(path: &Path, top: &Path) -> Option<PathBuf> {
    let inside = path.canonicalize().ok()?.strip_prefix(top).ok()?.to_owned();
    (!inside.components().any(|c| c.as_os_str() == "node_modules")).then_some(inside)
}

fn links_back(modules: &Path, top: &Path) -> bool {
    let items = |directory: &Path| fs::read_dir(directory).into_iter().flatten().flatten().collect::<Vec<_>>();
    items(modules).into_iter().any(|item| {
        let is_link = |i: &fs::DirEntry| i.file_type().is_ok_and(|t| t.is_symlink());
        let scope = item.file_name().as_bytes().starts_with(b"@");
        let leads_back = |i: &fs::DirEntry| is_link(i) && back(&i.path(), top).is_some();
        leads_back(&item) || (scope && items(&item.path()).iter().any(leads_back))
    })
}

fn mirror(from: &Path, to: &Path, top: &Path, root: &Path, depth: usize) -> std::io::Result<()> {
    own::directory(to)?;
    for item in fs::read_dir(from)? {
        let item = item?;
        let name = item.file_name();
        let target = to.join(&name);
        if depth == 0 && name.as_bytes().starts_with(b"@") && item.file_type()?.is_dir() {
            mirror(&item.path(), &target, top, root, 1)?;
        } else if item.file_type()?.is_symlink()
            && let Some(inside) = back(&item.path(), top)
        {
            own::link(&target, root.join(inside).as_os_str())?;
        } else {
            own::link(&target, item.path().as_os_str())?;
        }
    }
    Ok(())
}

/// Whether the dependencies in the work tree were installed for another lock file, and there is a way to make the right ones.
pub(super) fn needs_setup(content: Content<'_>, inputs: &Inputs, language: &Language) -> bool {
    !language.setup.trim().is_empty() && locks(content, inputs).iter().any(|e| !is_in_work_tree(content, e))
}

/// Whether the work tree holds just this file.
fn is_in_work_tree(content: Content<'_>, entry: &Entry) -> bool {
    let there = content.in_work_tree(entry.path.as_bstr()).ok().and_then(|p| fs::read(p).ok());
    there.is_some_and(|bytes| ObjectId::of_blob(&bytes) == entry.id)
        || content.repo.work_file_is(entry.path.as_bstr(), entry.id)
}

/// A lock file of the content whose dependencies are borrowed from a work tree that has another, with a `setup` that would
/// install the right ones; none for a lock file that is neither the track's own nor its workspace's.
pub(super) fn other_lock(
    content: Content<'_>,
    inputs: &Inputs,
    places: &[Place],
) -> Option<(BString, Option<&'static str>)> {
    for place in places.iter().filter(|p| p.from.is_some()) {
        let (directory, name) = match place.path.rfind_byte(b'/') {
            Some(slash) => (place.path[..slash].as_bstr(), &place.path[slash + 1..]),
            None => (bstr::BStr::new(""), place.path.as_slice()),
        };
        for (lock, _, setup) in LOCKS.iter().filter(|(_, made, _)| made.iter().any(|m| m.as_bytes() == name)) {
            let path = join(directory, lock.as_bytes());
            let other = at(content.entries, path.as_bstr()).iter().any(|e| !is_in_work_tree(content, e));
            if other {
                let has_setup = directory == inputs.track || inputs.places.contains(&path);
                return Some((path, has_setup.then_some(*setup)));
            }
        }
    }
    None
}

/// The lock files in the track, and that of a workspace around it.
fn locks(content: Content<'_>, inputs: &Inputs) -> Vec<Entry> {
    let own = LOCKS.iter().map(|(name, ..)| join(inputs.track.as_bstr(), name.as_bytes()));
    let is_lock =
        |path: &&BString| LOCKS.iter().any(|(name, ..)| path.rsplit(|b| *b == b'/').next() == Some(name.as_bytes()));
    let paths = own.chain(inputs.places.iter().filter(is_lock).cloned());
    paths.flat_map(|p| at(content.entries, p.as_bstr()).to_vec()).collect()
}

/// What `setup` works from.
pub(super) fn lock_state(content: Content<'_>, inputs: &Inputs, language: &Language) -> ObjectId {
    let locks: Vec<(BString, ObjectId)> = locks(content, inputs).into_iter().map(|e| (e.path, e.id)).collect();
    ObjectId::of_blob(format!("{}\n{locks:?}", language.setup).as_bytes())
}

/// What `setup` last worked from in this snapshot.
pub(super) fn sealed(seal: &Path) -> Option<ObjectId> {
    fs::read_to_string(seal).ok()?.trim().parse().ok()
}
