//! `mastery adr`: decision records.

mod check;
mod compat;
mod directory;
mod init;
mod link;
mod list;
mod new;
mod overview;
mod renumber;
mod revise;
mod show;
mod stand;

use crate::documents::adr::Status;
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
    /// Make the directory for decision records
    Init(init::Arguments),
    /// Write a new record under the next free number and print its path
    New(new::Arguments),
    /// List the records
    List(list::Arguments),
    /// Show one record
    Show(show::Arguments),
    /// Say that decisions are in force
    Accept(stand::Arguments),
    /// Say that decisions are turned down
    Reject(stand::Arguments),
    /// Say that decisions are no longer to be followed
    Deprecate(stand::Arguments),
    /// Say, in both, that one decision stands in the place of others
    Supersede(stand::Supersede),
    /// State a relation between two records, in both
    Link(link::Link),
    /// Take the relations between two records away, in both
    Unlink(link::Unlink),
    /// Give a record another number, and everything that cites it
    Renumber(renumber::Arguments),
    /// Say what is wrong with the records: numbers taken twice, broken links, one-way relations
    Check(check::Arguments),
    /// Write a table of contents in Markdown
    Toc(overview::Toc),
    /// Write the records and their relations as a graph
    Graph(overview::Graph),
    /// adr-tools' name for toc and graph
    #[command(hide = true)]
    Generate(compat::Generate),
    /// Turn the dates of adr-tools' first versions into ISO dates
    #[command(hide = true, name = "upgrade-repository")]
    UpgradeRepository,
    /// adr-tools' completion
    #[command(hide = true, name = "_adr_autocomplete")]
    Autocomplete(compat::Autocomplete),
}

/// Does what was asked.
pub fn run(arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    match &arguments.command {
        Command::Init(arguments) => init::run(arguments, world),
        Command::New(arguments) => new::run(arguments, world),
        Command::List(arguments) => list::run(arguments, world),
        Command::Show(arguments) => show::run(arguments, world),
        Command::Accept(arguments) => stand::run(arguments, &Status::Accepted, world),
        Command::Reject(arguments) => stand::run(arguments, &Status::Rejected, world),
        Command::Deprecate(arguments) => stand::run(arguments, &Status::Deprecated, world),
        Command::Supersede(arguments) => stand::supersede(arguments, world),
        Command::Link(arguments) => link::link(arguments, world),
        Command::Unlink(arguments) => link::unlink(arguments, world),
        Command::Renumber(arguments) => renumber::run(arguments, world),
        Command::Check(arguments) => check::run(arguments, world),
        Command::Toc(arguments) => overview::toc(arguments, world),
        Command::Graph(arguments) => overview::graph(arguments, world),
        Command::Generate(arguments) => compat::generate(arguments, world),
        Command::UpgradeRepository => compat::upgrade(world),
        Command::Autocomplete(arguments) => compat::autocomplete(arguments, world),
    }
}
