//! The commit-msg hook: the journal rule. It sees both the message and the index.

use crate::commands::ground::Ground;
use crate::commands::journal::rule::{Rule, Sides};
use crate::config::schema::Every;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::gates::invocation::Invocation;
use crate::gates::journal::{Case, Pass, Verdict, exempt, judge, settle};
use crate::gates::message::{self, Cleanup};
use crate::gates::skip::Skip;
use crate::git::{Change, Commit, Mode, ObjectId, difference, subtree};
use crate::history::layout::{Place, join};
use crate::system::exec::Run;
use crate::system::{ancestors, files};
use crate::views;
use crate::world::World;
use bstr::{BStr, BString, ByteSlice};
use chrono::{DateTime, FixedOffset};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// Lets the message through, or says why not. `arguments` holds the path of the message file.
pub(super) fn run(arguments: &[OsString], world: &World) -> Result<Exit, Failure> {
    let [file] = arguments else {
        return Err(
            Failure::usage("commit-msg takes the path of the message file").hint("git passes it; see `git help hooks`")
        );
    };
    if Skip::read(world.env.text("MASTERY_SKIP"))?.journal {
        world.term.note("mastery: MASTERY_SKIP lets this commit pass without a journal entry\n")?;
        return Ok(Exit::Fine);
    }
    let ground = Ground::of_index(world)?;
    if ground.config.journal.every == Every::Off {
        return Ok(Exit::Fine);
    }
    let path = world.resolve(Path::new(file));
    let raw =
        files::read(&path)?.ok_or_else(|| Failure::missing(format!("there is no message file {}", path.display())))?;
    let commit = Proposed::read(&raw, &ground, world)?;
    let verdict = commit.verdict(&ground)?;
    if let Verdict::Pass(pass) = verdict {
        if world.term.verbose || matches!(pass, Pass::Declared(_)) {
            world.term.note(&views::journal::passed(&pass))?;
        }
        return Ok(Exit::Fine);
    }
    let place = views::journal::Place {
        message: &shown_path(file, &path, world),
        prefix: world.env.text("GIT_PREFIX").unwrap_or_default(),
        invocation: &commit.invocation,
        cut: raw.windows(SCISSORS.len()).any(|w| w == SCISSORS),
        several_projects: ground.projects.len() > 1,
        every: ground.config.journal.every,
    };
    world.term.err(&views::journal::refused(&verdict, &place))?;
    Ok(Exit::Verdict)
}

/// What a message that was written with `git commit -v` has in it.
const SCISSORS: &[u8] = b"------------------------ >8 ------------------------";

/// The message file as the person can name it from where they stand.
fn shown_path(given: &OsString, path: &Path, world: &World) -> String {
    let at_top = world.env.text("GIT_PREFIX").is_none();
    let path = if at_top { Path::new(given) } else { path };
    path.to_string_lossy().into_owned()
}

/// The commit that git is about to make.
struct Proposed {
    message: BString,
    invocation: Invocation,
    /// The commit that it replaces, or follows.
    head: Option<Commit>,
    amend: bool,
    name: BString,
    email: BString,
    at: DateTime<FixedOffset>,
}

impl Proposed {
    fn read(raw: &[u8], ground: &Ground, world: &World) -> Result<Proposed, Failure> {
        let called = Invocation::of(ancestors::command_lines());
        let head = ground.repo.tip().map(|id| ground.repo.commit(id)).transpose()?;
        let (name, email, at) = author(ground, world);
        let amend = match &called {
            Some(called) => called.amend,
            // Where nobody tells how git was called: an amend keeps the author's date, to the second.
            None => cfg!(not(target_os = "linux")) && head.as_ref().is_some_and(|h| h.author.seconds == at.timestamp()),
        };
        let invocation = called.unwrap_or_default();
        let setting = |key: &str| setting(key, ground, world);
        let named = invocation.cleanup.clone().or_else(|| setting("commit.cleanup"));
        let edited = world.env.text("GIT_EDITOR") != Some(":");
        let comment = setting("core.commentString").or_else(|| setting("core.commentChar"));
        let message = message::clean(raw, Cleanup::of(named.as_deref(), edited), comment.as_deref());
        Ok(Proposed { message, invocation, amend: amend && head.is_some(), head, name, email, at })
    }

    fn verdict(&self, ground: &Ground) -> Result<Verdict, Failure> {
        let rule = Rule::new(ground);
        let repo = &ground.repo;
        let parents = self.head.as_ref().map_or(&[][..], |h| h.parents.as_slice());
        let merge = self.amend && parents.len() > 1;
        let message = BStr::new(&self.message);
        let case = Case { message, operation: repo.operation(), merge, touched: &[] };
        // Changes count from what stands at HEAD; entries from what the new commit will follow.
        let changes = match exempt(case, &ground.config.journal) {
            Some(pass) => return Ok(Verdict::Pass(pass)),
            None => changes(ground, self.head.as_ref().map(|h| h.tree))?,
        };
        if changes.is_empty() {
            return Ok(Verdict::Pass(Pass::Small));
        }
        let followed: Option<ObjectId> =
            if self.amend { parents.first().copied() } else { self.head.as_ref().map(|h| h.id) };
        let head = self.head.as_ref().filter(|head| followed == Some(head.id));
        let before = match head {
            Some(head) => Some(head.tree),
            None => followed.map(|id| repo.tree_of(id)).transpose()?,
        };
        let staged = |path: &BStr| {
            let at = ground.entries.binary_search_by(|e| BStr::new(&e.path).cmp(path)).ok()?;
            repo.blob(ground.entries[at].id)
        };
        let sides = Sides { after: &staged, before: &|path| repo.file_in(before?, path) };
        let judged = |changes: &[Change]| {
            let touched = rule.touched(changes, &sides);
            judge(Case { touched: &touched, ..case }, &ground.config.journal, &rule.names)
        };
        let verdict = match (judged(&changes), self.head.as_ref()) {
            // What was only moved here may come from outside of every track.
            (Verdict::Refuse(_), Some(head)) => judged(&difference(&repo.entries(head.tree)?, &ground.entries)),
            (verdict, _) => verdict,
        };
        match verdict {
            Verdict::Refuse(lacking) if ground.config.journal.every != Every::Commit => {
                let tips: Vec<ObjectId> = if self.amend { parents.to_vec() } else { followed.into_iter().collect() };
                let author = rule.author(BStr::new(&self.name), BStr::new(&self.email));
                Ok(settle(lacking, &rule.earlier(&tips, BStr::new(&author), self.at)?))
            }
            verdict => Ok(verdict),
        }
    }
}

/// What is staged in tracks against the tree `head`: only directories that differ are read.
pub(super) fn changes(ground: &Ground, head: Option<ObjectId>) -> Result<Vec<Change>, Failure> {
    let Some(head) = head else { return Ok(difference(&[], &ground.entries)) };
    let places: BTreeSet<&Place> = ground.tracks().flat_map(|(_, track)| &track.places).collect();
    let mut changes = Vec::new();
    for place in places {
        let Place::Directory(directory) = place else {
            return Ok(difference(&ground.repo.entries(head)?, &ground.entries));
        };
        let directory = BStr::new(directory);
        let old = if directory.is_empty() { Some(head) } else { ground.repo.object_at(head, directory) };
        descend(ground, directory, old, &mut changes)?;
    }
    changes.sort_by(|a, b| a.path.cmp(&b.path));
    changes.dedup();
    Ok(changes)
}

/// Adds what is staged below `directory` against the tree `old`.
fn descend(ground: &Ground, directory: &BStr, old: Option<ObjectId>, changes: &mut Vec<Change>) -> Result<(), Failure> {
    if old == ground.object(directory) {
        return Ok(());
    }
    let inside = subtree(&ground.entries, directory);
    let skip = if directory.is_empty() { 0 } else { directory.len() + 1 };
    // A file where the directory now is has no entries.
    let Some(old) = old.and_then(|id| ground.repo.listing(id)) else {
        changes.extend(difference(&[], inside));
        return Ok(());
    };
    let mut below: BTreeMap<&[u8], Option<ObjectId>> = BTreeMap::new();
    let mut files: BTreeMap<&[u8], (Mode, ObjectId)> = BTreeMap::new();
    for (name, mode, id) in &old {
        match mode {
            Some(mode) => _ = files.insert(name, (*mode, *id)),
            None => _ = below.insert(name, Some(*id)),
        }
    }
    for entry in inside {
        let name = &entry.path[skip..];
        if let Some(slash) = name.find_byte(b'/') {
            below.entry(&name[..slash]).or_default();
            continue;
        }
        let (was, is) = (files.remove(name), Some((entry.mode, entry.id)));
        if was != is {
            changes.push(Change { path: entry.path.clone(), old: was, new: is });
        }
    }
    changes.extend(files.iter().map(|(name, was)| Change { path: join(directory, name), old: Some(*was), new: None }));
    below.iter().try_for_each(|(name, old)| descend(ground, join(directory, name).as_bstr(), *old, changes))
}

/// Who commits, and when they say so: git tells its hooks.
fn author(ground: &Ground, world: &World) -> (BString, BString, DateTime<FixedOffset>) {
    let said = |variable: &str, key: &str| {
        let told = world.env.get(variable).map(|e| BString::from(e.as_bytes()));
        told.or_else(|| ground.repo.setting(key).map(BString::from)).unwrap_or_default()
    };
    let (name, email) = (said("GIT_AUTHOR_NAME", "user.name"), said("GIT_AUTHOR_EMAIL", "user.email"));
    let at = world.env.text("GIT_AUTHOR_DATE").and_then(date).unwrap_or(world.now);
    (name, email, at)
}

/// `@1700000000 +0100`, as git passes it on, or a date in a form of its own.
fn date(text: &str) -> Option<DateTime<FixedOffset>> {
    let raw = || {
        let (seconds, offset) = text.trim_start_matches('@').split_once(' ')?;
        let zone = DateTime::parse_from_str(&format!("2000-01-01 00:00:00 {offset}"), "%Y-%m-%d %H:%M:%S %z").ok()?;
        Some(DateTime::from_timestamp(seconds.parse().ok()?, 0)?.with_timezone(zone.offset()))
    };
    raw().or_else(|| DateTime::parse_from_rfc3339(text).ok()).or_else(|| DateTime::parse_from_rfc2822(text).ok())
}

/// A value of git's configuration; git itself is asked where some of it came with the command line (`git -c …`).
fn setting(key: &str, ground: &Ground, world: &World) -> Option<String> {
    if world.env.get("GIT_CONFIG_PARAMETERS").is_none() && world.env.get("GIT_CONFIG_COUNT").is_none() {
        return ground.repo.setting(key);
    }
    let asked =
        Run::new("ask git for a setting", "git", &world.cwd, &world.env).args(["config", "--get", key]).output();
    let output = asked.ok().filter(|o| o.status.success())?;
    String::from_utf8(output.stdout).ok().map(|value| value.trim_end_matches('\n').to_owned())
}

#[cfg(test)]
mod tests {
    use super::date;

    #[test]
    fn dates_are_read_as_git_passes_them_on() {
        for text in ["@1795689600 +0130", "1795689600 +0130", "2026-11-26T10:10:00+01:30"] {
            assert!(date(text).is_some(), "{text}");
        }
        assert_eq!(date("@1795689600 +0130").unwrap().offset().local_minus_utc(), 5400);
        assert_eq!(date("yesterday"), None);
    }
}
