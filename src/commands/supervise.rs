//! `mastery supervise …`: the process that mastery starts to watch one suite. Not for people.

use crate::exit::Exit;
use crate::failure::Failure;
use crate::system::exec::supervisor::Watch;
use crate::world::World;
use std::path::PathBuf;
use std::time::Duration;

/// Arguments of `mastery supervise`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// How long the suite may take
    #[arg(long)]
    timeout_ms: u64,
    /// Where its output goes
    #[arg(long)]
    log: PathBuf,
    /// Where its standard output goes
    #[arg(long)]
    output: Option<PathBuf>,
    /// The command
    command: String,
}

/// Runs the suite, and tells on standard output how it ended.
pub fn run(arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    let watch = Watch {
        command: &arguments.command,
        log: &arguments.log,
        output: arguments.output.as_deref(),
        timeout: Duration::from_millis(arguments.timeout_ms),
    };
    let ended = watch.run(&world.interrupt)?;
    world.term.json(&ended)?;
    Ok(Exit::Fine)
}
