//! `mastery hook uninstall`.

use super::survey::{self, Survey};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::hooks::plan;
use crate::views::{self, words};
use crate::world::World;
use std::collections::BTreeSet;
use std::path::Path;

/// Removes the shims, wherever git looks now and where it would look by itself, and puts back what was there before.
pub(super) fn run(dry_run: bool, world: &World) -> Result<Exit, Failure> {
    if !dry_run {
        survey::finish(world)?;
    }
    let survey = Survey::take(world)?;
    let mut places = survey.places;
    let mut directories = vec![survey.location.directory.as_path()];
    if survey.location.is_elsewhere() {
        places.extend(survey::look(&survey.location.usual, &survey.top)?);
        directories.push(&survey.location.usual);
    }
    let callers: BTreeSet<&Path> = places.iter().filter_map(|p| p.caller.as_deref()).collect();
    let plan = plan::uninstall(&places, &directories)?;
    if !dry_run {
        plan.apply_whole(&survey.record)?;
    }
    if !world.term.quiet {
        world.term.out(&views::plan::text(&plan, &survey.top, !dry_run))?;
        for caller in &callers {
            let file = words::shown(caller.strip_prefix(&survey.top).unwrap_or(caller).as_os_str().as_encoded_bytes());
            world
                .term
                .out(&format!("{file} calls mastery; take the lines `mastery hook run …` out of it by hand\n"))?;
        }
        if plan.is_empty() && callers.is_empty() {
            world.term.out("mastery's hooks are not installed here; nothing to take away\n")?;
        }
    }
    Ok(Exit::Fine)
}
