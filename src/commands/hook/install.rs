//! `mastery hook install`.

use super::{proof, survey};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::hooks::plan;
use crate::views;
use crate::world::World;
use bstr::BStr;
use std::os::unix::ffi::OsStrExt;

/// Writes the hooks, and proves that git runs them.
pub(super) fn run(dry_run: bool, world: &World) -> Result<Exit, Failure> {
    if !dry_run {
        survey::finish(world)?;
    }
    let survey = survey::Survey::take(world)?;
    if let Err(failure) = survey.needs_own_place() {
        if survey.is_called() {
            world.term.note("the hooks there call mastery already; nothing to change\n")?;
            return Ok(Exit::Fine);
        }
        return Err(failure);
    }
    let path = world.env.get("PATH").unwrap_or_default();
    let plan = plan::install(
        &survey.places,
        &survey.location.directory,
        BStr::new(survey.binary.as_os_str().as_bytes()),
        BStr::new(path.as_bytes()),
    )?;
    let company = survey::company(&survey.places);
    let say = |text: &str| if world.term.quiet { Ok(()) } else { world.term.out(text) };
    if !dry_run {
        plan.apply_whole(&survey.record)?;
    }
    say(&views::plan::text(&plan, &survey.top, !dry_run))?;
    say(&views::hooks::notes(&survey.location, &company))?;
    if dry_run {
        return Ok(Exit::Fine);
    }
    let places = survey::look(&survey.location.directory, &survey.top)?;
    let proven = proof::fire(&places, &survey.top, world)?;
    say(&views::hooks::installed(plan.is_empty(), &survey.location.directory, &proven))?;
    Ok(Exit::Fine)
}
