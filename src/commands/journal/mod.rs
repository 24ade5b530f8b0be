//! `mastery journal …`: writing down what was learned, reading it back, and the rule about it.

mod add;
mod list;
pub(super) mod rule;
mod standing;
mod weeks;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::world::World;

/// Arguments of `mastery journal`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Put one thing learned under its week and language in the nearest journal
    Add(add::Arguments),
    /// List what was learned, from the journals and from `Learned` lines in commits
    List(list::Arguments),
}

/// Runs `mastery journal …`.
pub fn run(arguments: Arguments, world: &World) -> Result<Exit, Failure> {
    match arguments.action {
        Action::Add(arguments) => add::run(&arguments, world),
        Action::List(arguments) => list::run(&arguments, world),
    }
}
