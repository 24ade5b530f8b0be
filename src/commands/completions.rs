//! `mastery completions SHELL`

use crate::exit::Exit;
use crate::failure::Failure;
use crate::world::World;
use clap_complete::Shell;

/// Arguments of `mastery completions`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The shell to write for
    #[arg(value_enum)]
    shell: Shell,
}

/// Writes the script to standard output.
pub fn run(arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut crate::cli::tree(), "mastery", &mut script);
    world.term.out_bytes(&script)?;
    Ok(Exit::Fine)
}
