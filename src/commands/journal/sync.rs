//! `mastery journal sync`.

use super::rule::{Rule, time_of};
use super::said::{Said, collect};
use super::standing::{Standing, journals, stays_inside};
use super::weeks::Weeks;
use crate::commands::ground::Ground;
use crate::documents::journal::{self, Addition};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::git::{Changes, ObjectId};
use crate::history::layout::Project;
use crate::system::files::{self, Change, Plan};
use crate::views;
use crate::world::World;
use bstr::{BString, ByteSlice};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};

/// Arguments of `mastery journal sync`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Show what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
}

/// Puts every `Learned` line that HEAD can reach into its journal, unless it stands there, or ever did.
pub(super) fn run(arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    let ground = Ground::of_work_tree(world)?;
    let top = ground.repo.needs_work_tree()?.to_owned();
    let rule = Rule::new(&ground);
    let (mut said, mut versions) = (Vec::new(), BTreeSet::new());
    let places = journals(&ground);
    let weeks = Weeks::of(&ground, &mut |commit, changes| {
        collect(&rule, commit, changes, &mut said);
        if let Changes::Listed { changes, .. } = changes {
            versions.extend(changes.iter().filter(|c| places.contains(&c.path)).filter_map(|c| Some(c.new?.1)));
        }
    })?;
    let mut folded = Folded::of(&rule, &versions);
    let mut texts: BTreeMap<PathBuf, (Option<Vec<u8>>, Vec<u8>)> = BTreeMap::new();
    let (mut count, mut homeless) = (0, 0);
    for said in &said {
        let Some((project, language)) = home(said, &ground) else {
            homeless += 1;
            continue;
        };
        let path = Standing::new(&ground, world).journal(&top, project, &language);
        let known = texts.contains_key(&path);
        if !known {
            stays_inside(&top, &path)?;
            let old = files::read(&path)?;
            folded.add(&rule, old.as_deref().unwrap_or_default());
            let text = old.clone().unwrap_or_else(|| super::add::TEMPLATE.as_bytes().to_vec());
            texts.insert(path.clone(), (old, text));
        }
        let Some((_, text)) = texts.get_mut(&path) else { continue };
        if folded.insert(&language, said) {
            let day = time_of(&said.commit.author).map_or(world.now.date_naive(), |at| at.date_naive());
            let title = ground.config.languages.get(&language).map_or(language.as_str(), |l| l.title());
            let week = weeks.week(&project.path, day);
            let addition = Addition { week, language: &language, title, text: said.line.text.as_bstr() };
            *text = journal::add(text, addition, &rule.names).ok_or_else(|| super::add::not_taken(&path))?;
            count += 1;
        }
    }
    let plan = Plan { changes: texts.into_iter().filter_map(change).collect() };
    write(&plan, arguments.dry_run)?;
    if !world.term.quiet {
        world.term.out(&views::plan::text(&plan, &top, !arguments.dry_run))?;
        world.term.out(&views::journal::synced(count, homeless, arguments.dry_run))?;
    }
    Ok(Exit::Fine)
}

/// Writes the plan and reads every file back.
pub(super) fn write(plan: &Plan, dry_run: bool) -> Result<(), Failure> {
    if dry_run {
        return Ok(());
    }
    plan.apply()?;
    for change in &plan.changes {
        if let Change::Replace { path, new: bytes, .. } | Change::Create { path, bytes, .. } = change
            && files::read(path)?.as_deref() != Some(bytes)
        {
            return Err(super::add::not_taken(path));
        }
    }
    Ok(())
}

fn change((path, (old, new)): (PathBuf, (Option<Vec<u8>>, Vec<u8>))) -> Option<Change> {
    match old {
        Some(old) => (old != new).then_some(Change::Replace { path, old, new }),
        None => {
            (new != super::add::TEMPLATE.as_bytes()).then_some(Change::Create { path, bytes: new, executable: false })
        }
    }
}

/// The project and language whose journal a line belongs to.
fn home<'g>(said: &Said, ground: &'g Ground) -> Option<(&'g Project, String)> {
    let project = match (&said.project, ground.projects.as_slice()) {
        (Some(path), projects) => projects.iter().find(|p| p.path == *path)?,
        (None, [only]) => only,
        (None, _) => return None,
    };
    Some((project, said.language.clone()?))
}

/// What stands in a journal, or ever stood in one: somebody who took an entry out again does not want it back.
struct Folded {
    known: HashSet<(String, BString)>,
}

impl Folded {
    fn of(rule: &Rule<'_>, versions: &BTreeSet<ObjectId>) -> Folded {
        let mut folded = Folded { known: HashSet::new() };
        for version in versions {
            folded.add(rule, &rule.ground.repo.blob(*version).unwrap_or_default());
        }
        folded
    }

    fn add(&mut self, rule: &Rule<'_>, text: &[u8]) {
        for entry in journal::read(text, &rule.names) {
            self.known.extend(entry.languages.iter().map(|name| (name.clone(), entry.text.clone())));
        }
    }

    /// Whether the line is new.
    fn insert(&mut self, language: &str, said: &Said) -> bool {
        let text: BString = said.line.text.fields().collect::<Vec<_>>().join(&b' ').into();
        self.known.insert((language.to_owned(), text))
    }
}

/// The path of a journal as the work tree has it.
pub(super) fn on_disk(top: &Path, path: &BString) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    top.join(std::ffi::OsStr::from_bytes(path))
}
