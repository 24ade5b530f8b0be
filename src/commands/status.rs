//! `mastery status`: where each project stands.

use super::standing;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::views;
use crate::world::World;

/// Arguments of `mastery status`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The project; all of them where none is named
    project: Option<String>,
    /// Judge this commit instead of HEAD, with its own configuration
    #[arg(long, value_name = "REV")]
    at: Option<String>,
    /// Show the evidence for every milestone and metric
    #[arg(long)]
    explain: bool,
    /// Look at all of history again, and remember nothing of it
    #[arg(long)]
    no_cache: bool,
    /// Print the JSON Schema of what --format json answers
    #[arg(long, conflicts_with_all = ["project", "at", "explain", "no_cache"])]
    schema: bool,
}

/// What `--format json` answers, as a JSON Schema; a test holds every answer against it.
const SCHEMA: &str = include_str!("../../templates/status.schema.json");

/// Runs `mastery status`.
///
/// # Errors
/// As [`standing::take`]; the terminal can't be written.
pub fn run(arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    if arguments.schema {
        world.term.out(SCHEMA)?;
        return Ok(Exit::Fine);
    }
    let standing = standing::take(world, arguments.project.as_deref(), arguments.at.as_deref(), !arguments.no_cache)?;
    if world.term.is_json() {
        world.term.json(&standing.status)?;
    } else {
        world.term.out(&views::status::text(&standing.status, arguments.explain, world.term.width()))?;
    }
    Ok(Exit::Fine)
}
