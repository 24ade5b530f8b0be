//! `mastery adr`: decision records.

mod directory;
mod list;
mod new;
mod show;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::world::World;
use clap::Subcommand;

/// Arguments of `mastery adr`.
#[derive(Debug, clap::Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write a new record under the next free number and print its path
    New(new::Arguments),
    /// List the records
    List(list::Arguments),
    /// Show one record
    Show(show::Arguments),
}

/// Does what was asked.
pub fn run(arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    match &arguments.command {
        Command::New(arguments) => new::run(arguments, world),
        Command::List(arguments) => list::run(arguments, world),
        Command::Show(arguments) => show::run(arguments, world),
    }
}
