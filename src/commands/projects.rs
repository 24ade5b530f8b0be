//! `mastery projects`: the curriculum's projects, and which one to take up next.

use super::ground::Ground;
use super::standing;
use crate::config::Config;
use crate::curriculum::offer::{self, Offer, Progress};
use crate::curriculum::{Catalogue, Level};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::git::Repository;
use crate::views;
use crate::views::words;
use crate::world::World;
use serde::Serialize;

/// Arguments of `mastery projects`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// List the curriculum's projects, and how far each has come here
    List,
    /// Say what a project is about, how long it takes, and why one builds it
    Show {
        /// Its id or number: 15-api-rate-limiter, or 15
        project: String,
    },
    /// Say what to take up next, in the guide's order, leaving out what is finished
    Recommend {
        /// How much experience you have; default: the first level that is not finished
        #[arg(long, value_enum)]
        level: Option<Level>,
    },
}

/// The answer as JSON.
#[derive(Serialize)]
struct Answer<'a> {
    schema: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<Level>,
    projects: Vec<&'a Offer<'a>>,
}

/// Runs `mastery projects …`; it needs no repository.
pub fn run(arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    let catalogue = catalogue(world)?;
    let offers = offers(world, &catalogue)?;
    match arguments.action.as_ref().unwrap_or(&Action::List) {
        Action::List => {
            answer(world, None, offers.iter().collect(), |all| views::projects::list(all, world.term.width()))
        }
        Action::Show { project } => {
            let offer = named(&offers, project)?;
            answer(world, None, vec![offer], |_| views::projects::show(offer))
        }
        Action::Recommend { level } => {
            let level = level.unwrap_or_else(|| offer::first_unfinished(&offers));
            let recommended: Vec<&Offer<'_>> = catalogue
                .recommended(level)
                .into_iter()
                .filter_map(|project| offers.iter().find(|o| o.project.id == project.id))
                .collect();
            let open = recommended.iter().copied().filter(|o| !o.is_complete()).collect();
            answer(world, Some(level), open, |open| views::projects::recommend(level, open, recommended.len()))
        }
    }
}

fn answer(
    world: &World,
    level: Option<Level>,
    projects: Vec<&Offer<'_>>,
    text: impl FnOnce(&[&Offer<'_>]) -> String,
) -> Result<Exit, Failure> {
    if world.term.is_json() {
        world.term.json(&Answer { schema: 1, level, projects })?;
    } else {
        world.term.out(&text(&projects))?;
    }
    Ok(Exit::Fine)
}

/// The repository's catalogue, else the guide's.
pub(super) fn catalogue(world: &World) -> Result<Catalogue, Failure> {
    let config = match Repository::open(&world.cwd) {
        Ok(_) => Ground::of_work_tree(world)?.config,
        Err(_) => Config::default(),
    };
    Ok(config.catalogue)
}

/// The catalogue with what history shows of it, where there is a repository.
fn offers<'a>(world: &World, catalogue: &'a Catalogue) -> Result<Vec<Offer<'a>>, Failure> {
    let here = match Repository::open(&world.cwd) {
        Ok(_) => standing::take(world, None, None, true)?.status.projects,
        Err(_) => Vec::new(),
    };
    let progress = |id: &str| {
        let project = here.iter().find(|p| p.id == id)?;
        Some(Progress { current_phase: project.current_phase, complete: project.complete })
    };
    Ok(catalogue.projects().iter().map(|project| Offer { project, here: progress(&project.id) }).collect())
}

/// The project with this id, number, or name without its number.
fn named<'a, 'c>(offers: &'a [Offer<'c>], text: &str) -> Result<&'a Offer<'c>, Failure> {
    let text = text.trim_end_matches('/');
    offers.iter().find(|offer| offer.is_called(text)).ok_or_else(|| {
        let failure = Failure::usage(format!("the curriculum has no project called {text:?}"));
        match words::nearest(text, offers.iter().map(|o| o.project.id.as_str())) {
            Some(near) => failure.hint(format!("did you mean {near}?")),
            None => failure.hint("`mastery projects list` shows all of them"),
        }
    })
}
