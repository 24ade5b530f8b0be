//! `mastery journal …`: writing down what was learned, reading it back, and the rule about it.

mod add;
pub(super) mod check;
pub(super) mod list;
pub(super) mod rule;
mod said;
pub(super) mod standing;
mod sync;
mod tidy;
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
    /// Judge the commits of a range by the journal rule; exit 1 if one lacks an entry
    Check(check::Arguments),
    /// Fold the `Learned` lines of commits into the journals, each once
    Sync(sync::Arguments),
    /// Put journals in order after a merge: duplicate headings joined, entries back under their own
    Tidy(tidy::Arguments),
}

/// Runs `mastery journal …`.
pub fn run(arguments: Arguments, world: &World) -> Result<Exit, Failure> {
    match arguments.action {
        Action::Add(arguments) => add::run(&arguments, world),
        Action::List(arguments) => list::run(&arguments, world),
        Action::Check(arguments) => check::run(&arguments, world),
        Action::Sync(arguments) => sync::run(&arguments, world),
        Action::Tidy(arguments) => tidy::run(&arguments, world),
    }
}
