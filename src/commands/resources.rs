//! `mastery resources`

use crate::curriculum::resources::{self, Group};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::views;
use crate::world::World;
use serde::Serialize;

/// The answer as JSON.
#[derive(Serialize)]
struct Answer {
    schema: u32,
    groups: &'static [Group],
}

/// Lists where to learn more and where to ask; it needs no repository.
pub fn run(world: &World) -> Result<Exit, Failure> {
    let groups = resources::groups();
    if world.term.is_json() {
        world.term.json(&Answer { schema: 1, groups })?;
    } else {
        world.term.out(&views::resources::text(groups))?;
    }
    Ok(Exit::Fine)
}
