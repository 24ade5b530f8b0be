//! `mastery adr check`

use super::directory::{Directory, refused};
use super::revise::{Wanted, revise};
use crate::documents::adr::check::{self, Finding, Rule, other_end};
use crate::documents::adr::{DecisionFile, DecisionLog, Refused, Revision, Status, edit, relation};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::views::{adr as view, words};
use crate::world::World;
use bstr::{BString, ByteSlice};

/// Arguments of `mastery adr check`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Mend what can be mended without asking: missing other ends, titles, changed marks
    #[arg(long)]
    fix: bool,
    /// Foretell what a merge with REV would break: a number taken on both sides
    #[arg(long, value_name = "REV")]
    base: Option<String>,
    /// With --fix: show what would be changed
    #[arg(long, requires = "fix")]
    dry_run: bool,
}

/// Says what is wrong with the records; exit 1 if anything is.
pub(super) fn run(arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    if arguments.fix {
        revise(world, arguments.dry_run, |directory, log| mend(directory, log).map(Wanted::from))?;
    }
    let directory = Directory::locate(world)?;
    let log = directory.read(world)?;
    let mut found = all(&directory, &log);
    if let Some(rev) = &arguments.base {
        found.extend(clashes(&directory, &log, rev)?);
    }
    let place = words::shown(directory.in_repository());
    if world.term.is_json() {
        world.term.json(&view::findings_json(&place, &found))?;
    } else if found.is_empty() {
        world.term.note(&view::sound(log.files.len()))?;
    } else {
        world.term.out(&view::findings(&directory.relative(&directory.path), &found))?;
    }
    Ok(if found.is_empty() { Exit::Fine } else { Exit::Verdict })
}

fn all(directory: &Directory, log: &DecisionLog) -> Vec<Finding> {
    check::findings(log, &|path| directory.path.join(path).exists())
}

/// The numbers that REV gives to files that we do not have, since our histories parted.
fn clashes(directory: &Directory, log: &DecisionLog, rev: &str) -> Result<Vec<Finding>, Failure> {
    let Some(repo) = &directory.repo else {
        return Err(Failure::missing("--base compares with another branch, and this is in no git repository"));
    };
    let theirs = repo.commit_named(rev)?;
    let at = directory.in_repository();
    let names = |commit| repo.names_in(commit, at.as_bstr()).map(|n| n.into_iter().collect::<Vec<BString>>());
    let shared = match repo.head()? {
        Some(head) => repo.merge_base(head, theirs)?.map(names).transpose()?.unwrap_or_default(),
        None => Vec::new(),
    };
    Ok(check::clashes(log, &names(theirs)?, &shared, rev))
}

/// Everything that can be mended without asking.
fn mend<'l>(directory: &Directory, log: &'l DecisionLog) -> Result<Revision<'l>, Failure> {
    let mut revision = Revision::of(log);
    let mut fixable: Vec<Finding> = all(directory, log).into_iter().filter(|f| f.fixable).collect();
    // Titles first: the other ends quote them.
    fixable.sort_by_key(|f| f.rule != Rule::HeadingNumber);
    for finding in fixable {
        let Some(file) = log.named(finding.file.as_bstr()) else { continue };
        let done = match finding.rule {
            Rule::HeadingNumber => retitle(&mut revision, file),
            Rule::Formatter => revision.edit(file.name.as_bstr(), edit::restore_marks),
            Rule::Contradiction => {
                revision.edit(file.name.as_bstr(), |b, r| edit::set_status(b, r, &Status::Superseded))
            }
            Rule::SelfLink => file.target().map_or(Ok(()), |me| {
                revision.edit(file.name.as_bstr(), |bytes, record| edit::unrelate(bytes, record, None, &me))
            }),
            Rule::OneWay => both_ways(directory, log, &mut revision, file),
            _ => Ok(()),
        };
        done.map_err(|e| refused(&e))?;
    }
    Ok(revision)
}

/// The file name's number is the one that others link to.
fn retitle(revision: &mut Revision<'_>, file: &DecisionFile) -> Result<(), Refused> {
    let Some(number) = file.number else { return Ok(()) };
    revision.edit(file.name.as_bstr(), |bytes, record| edit::set_number(bytes, record, number))
}

/// Makes the records that this one names say so too.
fn both_ways(
    directory: &Directory,
    log: &DecisionLog,
    revision: &mut Revision<'_>,
    file: &DecisionFile,
) -> Result<(), Refused> {
    let (Ok(record), Some(me)) = (&file.record, revision.target(file.name.as_bstr())) else { return Ok(()) };
    let odd = directory.spells_as_adr_tools(log);
    for stated in &record.relations {
        let other = other_end(log, stated).filter(|o| o.name != file.name);
        let Some(other) = other.and_then(|o| revision.target(o.name.as_bstr())) else { continue };
        let Some(inverse) = relation::inverse(&stated.name) else { continue };
        if relation::same(&inverse, "Superseded by") {
            revision.supersede(&other, &me, odd)?;
        } else {
            revision.edit(other.file.as_str().into(), |bytes, record| edit::relate(bytes, record, &inverse, &me))?;
        }
    }
    Ok(())
}
