//! `mastery demo`: the whole story, in a temporary repository, through the real hooks.

mod flavour;
mod stage;
mod story;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::views;
use crate::views::words;
use crate::world::World;
use flavour::Flavour;
use stage::Stage;

/// The project of the story: the first that the guide proposes.
const PROJECT: &str = "15-api-rate-limiter";

/// Arguments of `mastery demo`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Leave the repository of the story where it is
    #[arg(long)]
    keep: bool,
}

/// Tells the story; it is well only if every step went as told.
pub fn run(arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    let mut stage = Stage::set(world)?;
    let flavour = Flavour::pick(&stage.repository(), stage.env(), &world.interrupt);
    world.term.out(&views::demo::title(flavour.title))?;
    let told = story::tell(&mut stage, &flavour, world);
    match told {
        Err(failure) if !arguments.keep => Err(failure),
        told => {
            if arguments.keep {
                let place = stage.keep();
                world.term.out(&format!("Kept: cd {}\n", words::shell(&place.to_string_lossy())))?;
            } else {
                world.term.out(&views::demo::end())?;
            }
            told.map(|()| Exit::Fine)
        }
    }
}
