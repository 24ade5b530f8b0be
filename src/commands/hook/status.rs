//! `mastery hook status`.

use super::survey::Survey;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::views::hooks::{Hook, Status};
use crate::world::World;

/// Says what each hook amounts to, as text or JSON.
pub(super) fn run(world: &World) -> Result<Exit, Failure> {
    let survey = Survey::take(world)?;
    let mut hooks = Vec::new();
    for place in &survey.places {
        let (state, note) = place.state(&survey.location, &survey.binary)?;
        hooks.push(Hook {
            name: place.name,
            state,
            note,
            path: shown(&place.path),
            kept: place.kept.as_deref().map(shown),
        });
    }
    let advice =
        survey.needs_own_place().err().filter(|_| !survey.is_called()).map(|failure| failure.hints).unwrap_or_default();
    let status = Status::new(&survey.location, hooks, advice);
    if world.term.is_json() {
        world.term.json(&status)?;
    } else {
        world.term.out(&status.text())?;
    }
    Ok(Exit::Fine)
}

fn shown(path: &std::path::Path) -> String {
    path.to_string_lossy().into_owned()
}
