//! `mastery hook uninstall`.

use super::survey::{self, Survey};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::hooks::plan;
use crate::views;
use crate::world::World;

/// Removes the shims, wherever git looks now and where it would look by itself, and puts back what was there before.
pub(super) fn run(dry_run: bool, world: &World) -> Result<Exit, Failure> {
    let survey = Survey::take(world)?;
    let mut places = survey.places;
    if survey.location.is_elsewhere() {
        places.extend(survey::look(&survey.location.usual)?);
    }
    let plan = plan::uninstall(&places)?;
    if !dry_run {
        plan.apply()?;
    }
    if !world.term.quiet {
        world.term.out(&views::plan::text(&plan, &survey.top, !dry_run))?;
        if plan.is_empty() {
            world.term.out("mastery's hooks are not installed here; nothing to take away\n")?;
        }
    }
    Ok(Exit::Fine)
}
