//! The facts of history, remembered below git's common directory, so that only new commits are walked. What is damaged, made by
//! another binary or under other rules is made anew; a directory that can't be written costs time, and nothing else.

use crate::failure::Failure;
use crate::git::{Base, Commit, ObjectId, Repository};
use crate::history::fold::{Builder, Changed};
use crate::history::kept;
use crate::history::log::Log;
use crate::history::people::People;
use crate::system::files::own;
use crate::system::{env, files};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// Where what can be made again lies.
pub fn directory(common_dir: &Path) -> PathBuf {
    common_dir.join("mastery/cache")
}

/// Shorter histories are walked in no time, and a few new commits are no reason to write all again.
const WORTH_IT: usize = 64;

/// The log of the history up to `tip`. `makers` names what else has a say in it: the configuration of people and the `.mailmap`.
///
/// # Errors
/// `tip` can't be read.
pub fn log(
    repo: &Repository,
    tip: ObjectId,
    people: &People,
    makers: &str,
    may_remember: bool,
) -> Result<Log, Failure> {
    let path = directory(repo.common_dir()).join("facts");
    let rules = rules(repo, makers).filter(|_| may_remember);
    let before = rules.and_then(|rules| kept::read(&files::read(&path).ok()??, rules, own::checksum));
    let base = before.as_ref().and_then(|log| still(repo, tip, log));
    let mut known = before.filter(|_| base.is_some()).unwrap_or_default();
    known.truncate(base.map_or(0, |base| base.kept));
    let mut builder = Builder::after(known, people);
    let read = &mut |commit: &Commit| builder.read(commit);
    let (told, changed) = repo.fold(tip, base.as_ref(), read, &Changed::default, &Changed::list)?;
    let log = builder.finish(told, changed);
    let newer = base.map_or(log.points.len(), |base| base.newer);
    // What is not here may come; a boundary that git knows of is among the rules.
    let is_whole = !log.incomplete && (repo.is_shallow() || !log.points.iter().any(|p| p.cut));
    if let Some(rules) = rules
        && newer >= WORTH_IT
        && is_whole
    {
        // A repository that can't be written is read all the same.
        let _ = own::remember(&path, &kept::write(&log, rules, own::checksum));
    }
    Ok(log)
}

fn still(repo: &Repository, tip: ObjectId, log: &Log) -> Option<Base> {
    let visited: Vec<ObjectId> = log.points.iter().map(|p| p.id).collect();
    repo.base(tip, &visited, &log.narrows())
}

/// What made the facts: this very binary, the shape of history, and `makers`. None where the binary can't tell itself from others.
fn rules(repo: &Repository, makers: &str) -> Option<ObjectId> {
    Some(ObjectId::of_blob(format!("{} {} {makers}", binary()?, repo.edges()).as_bytes()))
}

/// This very binary, told from any other that was built.
pub fn binary() -> Option<String> {
    let about = env::own_binary().ok()?.metadata().ok()?;
    let built = about.modified().ok()?.duration_since(UNIX_EPOCH).ok()?.as_nanos();
    Some(format!("{} {built} {}", env!("CARGO_PKG_VERSION"), about.len()))
}
