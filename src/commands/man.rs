//! `mastery man`

use crate::exit::Exit;
use crate::failure::{Context, Failure};
use crate::world::World;

/// Writes the manual page of the whole tree to standard output.
pub fn run(world: &World) -> Result<Exit, Failure> {
    let mut page = Vec::new();
    let mut pending = vec![crate::cli::tree().disable_help_subcommand(true)];
    pending[0].build();
    while let Some(command) = pending.pop() {
        clap_mangen::Man::new(command.clone()).render(&mut page).or_missing(|| "can't write the manual page".into())?;
        let below: Vec<_> = command.get_subcommands().filter(|c| !c.is_hide_set()).cloned().collect();
        pending.extend(below.into_iter().rev());
    }
    world.term.out_bytes(&page)?;
    Ok(Exit::Fine)
}
