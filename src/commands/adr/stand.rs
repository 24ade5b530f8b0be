//! `mastery adr accept | reject | deprecate | supersede`: where decisions stand.

use super::directory::{Directory, refused};
use super::revise::{Wanted, revise};
use crate::documents::adr::{DecisionFile, DecisionLog, Relation, Revision, Status, edit};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::views::words;
use crate::world::World;
use bstr::ByteSlice;

/// Arguments of the commands that set a status.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The records' numbers or file names
    #[arg(value_name = "N", required = true)]
    records: Vec<String>,
    /// Show what would be changed
    #[arg(long)]
    dry_run: bool,
}

/// Arguments of `mastery adr supersede`.
#[derive(Debug, clap::Args)]
pub(super) struct Supersede {
    /// The records that no longer hold; without --by the last one stands in the place of the others
    #[arg(value_name = "N", required = true)]
    records: Vec<String>,
    /// The record that stands in their place
    #[arg(long, value_name = "M")]
    by: Option<String>,
    /// Show what would be changed
    #[arg(long)]
    dry_run: bool,
}

/// Gives every record named the same status.
pub(super) fn run(arguments: &Arguments, status: &Status, world: &World) -> Result<Exit, Failure> {
    revise(world, arguments.dry_run, |directory, log| {
        let mut revision = Revision::of(log);
        for reference in &arguments.records {
            let file = directory.find(log, reference)?;
            free(file)?;
            revision
                .edit(file.name.as_bstr(), |bytes, record| edit::set_status(bytes, record, status))
                .map_err(|e| refused(&e))?;
        }
        Ok(revision.into())
    })
}

/// A record that another one stands in the place of keeps its status while it does.
fn free(file: &DecisionFile) -> Result<(), Failure> {
    let relations = file.record.as_ref().map(|r| r.relations.as_slice()).unwrap_or_default();
    let Some(by) = relations.iter().find(|r| r.is_superseded_by()) else { return Ok(()) };
    let name = words::shown(&file.name);
    let other = by.number.map_or_else(|| by.file.clone().unwrap_or_default(), |n| n.to_string());
    Err(Failure::verdict(format!("{name} is superseded by {other}; nothing was written"))
        .hint(format!("`mastery adr unlink {name} {other}` takes that back, on both sides")))
}

/// Says on both sides that one record stands in the place of others.
pub(super) fn supersede(arguments: &Supersede, world: &World) -> Result<Exit, Failure> {
    let (old, new) = match (&arguments.by, arguments.records.split_last()) {
        (Some(by), _) => (arguments.records.as_slice(), by),
        (None, Some((last, rest))) if !rest.is_empty() => (rest, last),
        _ => {
            return Err(Failure::usage("which record stands in its place?")
                .hint(format!("mastery adr supersede {} --by N", arguments.records.join(" "))));
        }
    };
    revise(world, arguments.dry_run, |directory, log| superseding(directory, log, old, new).map(Wanted::from))
}

fn superseding<'l>(
    directory: &Directory,
    log: &'l DecisionLog,
    old: &[String],
    new: &str,
) -> Result<Revision<'l>, Failure> {
    let new = directory.target(log, new)?;
    let mut revision = Revision::of(log);
    for reference in old {
        let old = directory.target(log, reference)?;
        if old.file == new.file {
            return Err(Failure::usage(format!("{} can't stand in its own place", words::shown(&old.file))));
        }
        let above = log.named(new.file.as_str().into()).and_then(|f| f.record.as_ref().ok());
        let circle = |r: &Relation| r.is_superseded_by() && r.number == Some(old.number);
        if above.is_some_and(|r| r.relations.iter().any(circle)) {
            return Err(Failure::verdict(format!(
                "{} is superseded by {} already; nothing was written",
                words::shown(&new.file),
                words::shown(&old.file)
            ))
            .hint(format!("`mastery adr unlink {} {}` takes that back", new.number, old.number)));
        }
        revision.supersede(&old, &new, directory.spells_as_adr_tools(log)).map_err(|e| refused(&e))?;
    }
    Ok(revision)
}
