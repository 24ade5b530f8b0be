//! `mastery adr show`

use super::directory::Directory;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::views::adr::{Shown, show};
use crate::views::words;
use crate::world::World;

/// Arguments of `mastery adr show`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The record's number or file name
    #[arg(value_name = "N")]
    record: String,
}

/// Shows one record: its text as it stands, or as JSON what mastery reads in it.
pub(super) fn run(arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    let directory = Directory::locate(world)?;
    let log = directory.read(world)?;
    let file = directory.find(&log, &arguments.record)?;
    if let Err(why) = &file.record
        && file.bytes.is_empty()
    {
        return Err(Failure::missing(format!("can't show {}: {why}", words::shown(&file.name))));
    }
    if world.term.is_json() {
        world.term.json(&Shown::of(&words::shown(directory.in_repository()), file))?;
    } else {
        world.term.out(&show(file))?;
    }
    Ok(Exit::Fine)
}
