//! The facts of history, remembered below git's common directory, so that only new commits are walked; and for a
//! project that is being worked on, the part of them that it needs. What is damaged, made by
//! another binary or under other rules is made anew; a directory that can't be written costs time, and nothing else.

use crate::config::Config;
use crate::failure::Failure;
use crate::git::{Base, Commit, ObjectId, Repository};
use crate::history::fold::{Builder, Changed};
use crate::history::kept;
use crate::history::layout::is_below;
use crate::history::log::Log;
use crate::history::people::People;
use crate::history::reach::{PIPELINE, WORKFLOWS};
use crate::system::files::own;
use crate::system::{env, files};
use bstr::{BStr, BString, ByteSlice};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// Where what can be made again lies.
pub fn directory(common_dir: &Path) -> PathBuf {
    common_dir.join("mastery/cache")
}

/// Shorter histories are walked in no time, and a few new commits are no reason to write all again.
const WORTH_IT: usize = 64;

/// Walks the history up to `tip`, and gives what makes the log of it. `makers` names what else has a say in it: the configuration of
/// people and the `.mailmap`.
///
/// # Errors
/// `tip` can't be read.
pub fn walked<'r>(
    repo: &'r Repository,
    tip: ObjectId,
    people: &'r People,
    makers: &str,
    may_remember: bool,
) -> Result<impl FnOnce() -> Log + use<'r>, Failure> {
    let path = directory(repo.common_dir()).join("facts");
    let rules = rules(repo, makers).filter(|_| may_remember);
    let before = rules.and_then(|rules| kept::read(&files::read(&path).ok()??, rules, own::checksum));
    let base = before.as_ref().and_then(|log| still(repo, tip, log));
    let mut known = before.filter(|_| base.is_some()).unwrap_or_default();
    known.truncate(base.map_or(0, |base| base.kept));
    let mut builder = Builder::after(known, people);
    let read = &mut |commit: &Commit| builder.read(commit);
    let folded = repo.fold(tip, base.as_ref(), read, &Changed::default, &Changed::list)?;
    Ok(move || {
        let (told, changed) = folded.in_order();
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
        log
    })
}

/// What else has a say in the facts of history, or in the part of them that a project needs: the configuration of people, the
/// `.mailmap`, and where decisions lie.
pub fn makers(config: &Config, mailmap: &[u8]) -> String {
    format!("{:?} {:?} {mailmap:?}", config.people, config.adr.directory)
}

/// Whether the part of the log about the project at `project` holds a path: its own, and those of the decisions and of the steps that
/// deploy, which all share.
pub fn is_of_part<'a>(config: &'a Config, project: &'a BStr) -> impl Fn(&BStr) -> bool + use<'a> {
    let decisions = BStr::new(config.adr.directory.trim_end_matches('/'));
    move |path| {
        is_below(path, project)
            || is_below(path, decisions)
            || is_below(path, BStr::new(WORKFLOWS))
            || path == BStr::new(PIPELINE)
    }
}

/// A project, and a commit up to which what it needs of history is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The project's directory.
    pub project: BString,
    /// The commit, from which all that is newer descends.
    pub head: ObjectId,
}

/// Remembers what one project needs of the log, where that is less than all of it.
pub fn keep_wanted(repo: &Repository, config: &Config, makers: &str, wanted: &Wanted, log: &Log) -> Option<()> {
    let (head, project) = (wanted.head, wanted.project.as_bstr());
    let count = log.points.iter().rposition(|p| p.id == head)? + 1;
    keep_part(repo, makers, head, project, &log.slice(count, &is_of_part(config, project))?)
}

/// Remembers the part of the log up to `head` that one project needs.
pub fn keep_part(repo: &Repository, makers: &str, head: ObjectId, project: &BStr, part: &Log) -> Option<()> {
    let rules = rules(repo, &format!("{head} {project:?} {makers}"))?;
    let bytes = [head.as_bytes().as_slice(), &kept::write(part, rules, own::checksum)].concat();
    // A repository that can't be written is read all the same.
    own::remember(&part_file(repo, project), &bytes).ok()
}

/// What was remembered of the log for one project, and the commit up to which.
pub fn part(repo: &Repository, makers: &str, project: &BStr) -> Option<(ObjectId, Log)> {
    let bytes = files::read(&part_file(repo, project)).ok()??;
    let (head, bytes) = bytes.split_first_chunk()?;
    let head = ObjectId::from_bytes(*head);
    let rules = rules(repo, &format!("{head} {project:?} {makers}"))?;
    Some((head, kept::read(bytes, rules, own::checksum)?))
}

fn part_file(repo: &Repository, project: &BStr) -> PathBuf {
    directory(repo.common_dir()).join("parts").join(ObjectId::of_blob(project).to_string())
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
