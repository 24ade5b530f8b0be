//! The commit-msg hook: the journal rule. It sees both the message and the index.

use crate::commands::ground::Ground;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::world::World;
use std::ffi::OsString;

/// Lets the message through, or says why not. `arguments` holds the path of the message file.
pub(super) fn run(arguments: &[OsString], world: &World) -> Result<Exit, Failure> {
    let [_message] = arguments else {
        return Err(
            Failure::usage("commit-msg takes the path of the message file").hint("git passes it; see `git help hooks`")
        );
    };
    let _ground = Ground::of_index(world)?;
    Ok(Exit::Fine)
}
