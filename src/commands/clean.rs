//! `mastery clean`

use super::remembered;
use crate::exit::Exit;
use crate::failure::{Context, Failure};
use crate::git::Repository;
use crate::system::files;
use crate::system::files::own;
use crate::views;
use crate::world::World;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// Arguments of `mastery clean`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Say what would go, and remove nothing
    #[arg(long)]
    dry_run: bool,
}

/// Removes what mastery keeps in the user's cache directory and can make again: the snapshots of every repository, and what it has
/// found out about tools; what it remembers of this repository's history, and what killed processes left there. Receipts stay. A snapshot that a suite is running in stays, too.
pub fn run(arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    let cache = world.env.cache_directory()?;
    let mut gone = Vec::new();
    let mut kept = Vec::new();
    for path in contents(&cache)? {
        if path.file_name().is_some_and(|name| name == "snapshots") {
            for home in contents(&path)? {
                of_work_tree(&home, arguments.dry_run, &mut gone, &mut kept)?;
            }
        } else {
            remove(&path, arguments.dry_run)?;
            gone.push((path, 0));
        }
    }
    if let Some(repo) = Repository::discover(&world.cwd).ok().flatten() {
        let path = remembered::directory(repo.common_dir());
        if is_directory(&path) {
            gone.push((path.clone(), size(&path)));
            remove(&path, arguments.dry_run)?;
        }
        for path in left_behind(&repo.common_dir().join("mastery"), world.now.into()) {
            remove(&path, arguments.dry_run)?;
            gone.push((path, 0));
        }
    }
    world.term.out(&views::clean::text(&cache, &gone, &kept, arguments.dry_run))?;
    Ok(Exit::Fine)
}

/// The snapshots of one work tree, each with the files beside it, unless a process holds it. The lock's own file stays: another
/// process may be waiting at it. The index goes first, since without it nothing in the snapshot is believed.
fn of_work_tree(
    home: &Path,
    dry_run: bool,
    gone: &mut Vec<(PathBuf, u64)>,
    kept: &mut Vec<PathBuf>,
) -> Result<(), Failure> {
    for path in contents(home)?.into_iter().filter(|p| is_directory(p)) {
        let beside = |extension: &str| {
            let mut name = path.as_os_str().to_owned();
            name.push(".");
            name.push(extension);
            PathBuf::from(name)
        };
        let Some(_lock) = files::try_lock(&beside("lock"))? else {
            kept.push(path);
            continue;
        };
        let size = size(&path);
        for file in [beside("index"), beside("setup"), path.clone()] {
            remove(&file, dry_run)?;
        }
        gone.push((path, size));
    }
    Ok(())
}

fn remove(path: &Path, dry_run: bool) -> Result<(), Failure> {
    if dry_run {
        return Ok(());
    }
    own::remove_whatever(path).or_missing(|| format!("can't remove {}", path.display()))
}

/// The temporary files below a directory that writers left who were killed: those that are older than any writing takes.
fn left_behind(directory: &Path, now: SystemTime) -> Vec<PathBuf> {
    const LONG: Duration = Duration::from_secs(3600);
    let mut found = Vec::new();
    let mut pending = vec![directory.to_owned()];
    while let Some(path) = pending.pop() {
        for item in fs::read_dir(&path).into_iter().flatten().flatten() {
            let Ok(about) = item.metadata() else { continue };
            let is_old = || about.modified().is_ok_and(|at| now.duration_since(at).is_ok_and(|age| age > LONG));
            if about.is_dir() {
                pending.push(item.path());
            } else if item.file_name().as_encoded_bytes().starts_with(files::TEMPORARY.as_bytes()) && is_old() {
                found.push(item.path());
            }
        }
    }
    found.sort();
    found
}

/// What lies directly in a directory, sorted; nothing where there is none.
fn contents(directory: &Path) -> Result<Vec<PathBuf>, Failure> {
    let doing = || format!("can't read {}", directory.display());
    let items = match fs::read_dir(directory) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        items => items.or_missing(doing)?,
    };
    let mut paths: Vec<PathBuf> =
        items.map(|item| item.map(|i| i.path())).collect::<Result<_, _>>().or_missing(doing)?;
    paths.sort();
    Ok(paths)
}

fn is_directory(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|about| about.is_dir())
}

/// The bytes of all files below a directory; what links lead to is not in it.
fn size(directory: &Path) -> u64 {
    let mut sum = 0;
    let mut pending = vec![directory.to_owned()];
    while let Some(path) = pending.pop() {
        for item in fs::read_dir(&path).into_iter().flatten().flatten() {
            match item.metadata() {
                Ok(about) if about.is_dir() => pending.push(item.path()),
                Ok(about) => sum += about.len(),
                Err(_) => {}
            }
        }
    }
    sum
}
