//! `mastery adr link | unlink`: relations, on both sides.

use super::directory::refused;
use super::revise::{Wanted, revise};
use crate::documents::adr::{Revision, Status, relation};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::views::words;
use crate::world::World;
use bstr::BStr;

/// Arguments of `mastery adr link`.
#[derive(Debug, clap::Args)]
pub(super) struct Link {
    /// A record's number or file name
    #[arg(value_name = "N")]
    from: String,
    /// What it says of the other: "Amends"
    relation: String,
    /// The other record
    #[arg(value_name = "M")]
    to: String,
    /// What the other says of it: "Amended by"; known for the usual relations
    inverse: Option<String>,
    /// Show what would be changed
    #[arg(long)]
    dry_run: bool,
}

/// Arguments of `mastery adr unlink`.
#[derive(Debug, clap::Args)]
pub(super) struct Unlink {
    /// A record's number or file name
    #[arg(value_name = "N")]
    from: String,
    /// The other record
    #[arg(value_name = "M")]
    to: String,
    /// Only this relation, as the first record states it
    relation: Option<String>,
    /// Show what would be changed
    #[arg(long)]
    dry_run: bool,
}

/// States a relation in both records.
pub(super) fn link(arguments: &Link, world: &World) -> Result<Exit, Failure> {
    let name = arguments.relation.trim();
    let inverse = match &arguments.inverse {
        Some(inverse) => inverse.trim().to_owned(),
        None => relation::inverse(name).ok_or_else(|| {
            Failure::usage(format!("what does the other record say, where this one says {name:?}?")).hint(format!(
                "mastery adr link {} {} {} \"…\"",
                arguments.from,
                words::shell(name),
                arguments.to
            ))
        })?,
    };
    let sound = |text: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '\'' | '’'))
    };
    if !sound(name) || !sound(&inverse) || [name, &inverse].iter().any(|t| t.split_whitespace().count() > 6) {
        return Err(
            Failure::usage("a relation is one to six plain words").hint("mastery adr link 4 Amends 3 \"Amended by\"")
        );
    }
    revise(world, arguments.dry_run, |directory, log| {
        let (from, to) = (directory.target(log, &arguments.from)?, directory.target(log, &arguments.to)?);
        if from.file == to.file {
            return Err(Failure::usage(format!("{} can't be related to itself", words::shown(&from.file))));
        }
        let odd = directory.spells_as_adr_tools(log);
        let mut revision = Revision::of(log);
        let done = if relation::same(name, "Supersedes") {
            revision.supersede(&to, &from, odd)
        } else if relation::same(name, "Superseded by") {
            revision.supersede(&from, &to, odd)
        } else {
            revision.relate(&from, name, &to, &inverse)
        };
        done.map_err(|e| refused(&e))?;
        Ok(revision.into())
    })
}

/// Takes the relations between two records away, in both.
pub(super) fn unlink(arguments: &Unlink, world: &World) -> Result<Exit, Failure> {
    revise(world, arguments.dry_run, |directory, log| {
        let (from, to) = (directory.target(log, &arguments.from)?, directory.target(log, &arguments.to)?);
        let mut revision = Revision::of(log);
        let found = revision.unrelate(&from, &to, arguments.relation.as_deref()).map_err(|e| refused(&e))?;
        if !found {
            return Err(Failure::verdict(format!(
                "{} and {} state no such relation",
                words::shown(&from.file),
                words::shown(&to.file)
            ))
            .hint(format!("`mastery adr show {}` shows what there is", arguments.from)));
        }
        let mut notes = Vec::new();
        for target in [&from, &to] {
            let name = BStr::new(&target.file);
            let status = |bytes: Option<&[u8]>| {
                bytes.and_then(|b| crate::documents::adr::Record::read(b).ok()).and_then(|r| r.status)
            };
            let before = status(log.named(name).map(|f| f.bytes.as_slice()));
            if before == Some(Status::Superseded) && status(revision.bytes(name)) == Some(Status::Accepted) {
                notes.push(format!("{} is accepted again", words::shown(&target.file)));
            }
        }
        Ok(Wanted { revision, more: Vec::new(), notes })
    })
}
