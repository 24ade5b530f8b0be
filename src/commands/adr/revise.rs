//! The way that every command here changes records: under the lock, all of it or nothing, and said.

use super::directory::Directory;
use crate::documents::adr::{DecisionLog, Revision};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::system::files::{Change, Plan};
use crate::views;
use crate::world::World;

/// What a command wants to do to the log.
pub(super) struct Wanted<'l> {
    /// The records that are to change.
    pub revision: Revision<'l>,
    /// Changes to other files, and files that go.
    pub more: Vec<Change>,
    /// What there is to say besides, a line each.
    pub notes: Vec<String>,
}

impl<'l> From<Revision<'l>> for Wanted<'l> {
    fn from(revision: Revision<'l>) -> Self {
        Wanted { revision, more: Vec::new(), notes: Vec::new() }
    }
}

/// Composes the changes from the log as it is and writes them; with `dry_run` they are only shown.
pub(super) fn revise(
    world: &World,
    dry_run: bool,
    compose: impl for<'l> FnOnce(&Directory, &'l DecisionLog) -> Result<Wanted<'l>, Failure>,
) -> Result<Exit, Failure> {
    let directory = Directory::locate(world)?;
    if dry_run {
        let log = directory.read(world)?;
        let wanted = compose(&directory, &log)?;
        return told(world, &directory, &plan(&directory, &wanted), &wanted.notes, false);
    }
    let held = directory.lock(world)?;
    let log = directory.list()?;
    let wanted = compose(&directory, &log)?;
    let plan = plan(&directory, &wanted);
    directory.write(&plan, &held)?;
    drop(held);
    if directory.has_adr_tools_manners(&log) && wanted.notes.is_empty() {
        return Ok(Exit::Fine);
    }
    told(world, &directory, &plan, &wanted.notes, true)
}

fn plan(directory: &Directory, wanted: &Wanted<'_>) -> Plan {
    let mut plan = directory.plan(&wanted.revision);
    plan.changes.extend(wanted.more.iter().cloned());
    plan
}

fn told(world: &World, directory: &Directory, plan: &Plan, notes: &[String], done: bool) -> Result<Exit, Failure> {
    let notes = notes.join("\n") + if notes.is_empty() { "" } else { "\n" };
    if plan.is_empty() && notes.is_empty() {
        world.term.note("nothing to change: it says so already\n")?;
    }
    world.term.note(&notes)?;
    if !(done && world.term.quiet) {
        world.term.out(&views::plan::text(plan, &directory.cwd, done))?;
    }
    Ok(Exit::Fine)
}
