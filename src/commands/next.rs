//! `mastery next`: the first thing to do now.

use super::standing;
use crate::config::preset;
use crate::curriculum::{Catalogue, Level};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::progress::next::{self, Item, Step};
use crate::progress::status::Project;
use crate::system::files;
use crate::views;
use crate::world::World;
use serde::Serialize;

/// Arguments of `mastery next`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The project; the one that was worked on last where none is named
    project: Option<String>,
}

/// What `mastery next` answers.
#[derive(Debug, Serialize)]
struct Answer {
    schema: u32,
    checklist: Vec<Item>,
    next: Option<Step>,
}

/// Runs `mastery next`.
///
/// # Errors
/// As [`standing::take`]; the terminal can't be written.
pub fn run(arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    let catalogue = super::projects::catalogue(world)?;
    let standing = standing::take(world, arguments.project.as_deref(), None, true)?;
    let begun = standing.status.projects.iter().any(|p| p.current_phase >= 3);
    let checklist = if standing.status.repository.head.is_none() || !begun && !standing.configured {
        checklist(world, &standing.status.projects)?
    } else {
        Vec::new()
    };
    let step = checklist
        .iter()
        .find(|i| i.done == Some(false))
        .map(|i| Step { project: None, what: i.what.clone(), command: i.command.clone() })
        .or_else(|| current(&standing.status.projects, &catalogue).and_then(next::step));
    if world.term.is_json() {
        world.term.json(&Answer { schema: 1, checklist, next: step })?;
    } else {
        world.term.out(&views::next::text(&checklist, step.as_ref()))?;
    }
    Ok(Exit::Fine)
}

/// The project to go on with: of those that have begun and are not complete, the one that was touched last; else the first that the
/// guide recommends, else the first.
fn current<'p>(projects: &'p [Project], catalogue: &Catalogue) -> Option<&'p Project> {
    let open = || projects.iter().filter(|p| !p.complete);
    let begun = open().filter(|p| p.current_phase >= 3).max_by_key(|p| p.last_active.clone());
    let recommended = || catalogue.recommended(Level::Beginner).into_iter().find_map(|r| open().find(|p| p.id == r.id));
    begun.or_else(recommended).or_else(|| open().next())
}

/// The guide's quick-start checklist, judged from what is there.
fn checklist(world: &World, projects: &[Project]) -> Result<Vec<Item>, Failure> {
    let repo = crate::git::Repository::open(&world.cwd)?;
    let there = |name: &str| repo.work_tree().is_some_and(|top| top.join(name).is_file());
    let tool = |names: &[&str]| names.iter().any(|n| which::which_in(n, world.env.get("PATH"), &world.cwd).is_ok());
    let config = repo.work_tree().map(|top| super::ground::written_config(world, top)).transpose()?;
    let planned = config.as_ref().filter(|_| there(crate::config::FILE)).map(|c| {
        let id = projects.first().map_or("", |p| p.id.as_str());
        c.planned(id).len()
    });
    let chosen =
        projects.iter().any(|p| p.path != "." || p.current_phase >= 2) || config.is_some_and(|c| c.project.is_some());
    let tools = tool(&["go"]) || tool(&["node"]) || tool(&["python3", "python"]);
    let readme = match repo.work_tree() {
        Some(top) => files::read(&top.join("README.md"))?.is_some_and(|bytes| !bytes.is_empty()),
        None => true,
    };
    Ok(vec![
        Item::new("read the main README.md", Some(readme), "${EDITOR:-vi} README.md"),
        Item::new("choose your first project, and start it", Some(chosen), "mastery projects recommend"),
        Item::new(
            "set up your development environment: git, and a toolchain for your strongest language",
            Some(tools),
            "go version; node --version; python3 --version",
        ),
        Item::new("review the concept documents", None, ""),
        Item::new(
            "commit to building it in all three languages",
            Some(planned.is_some_and(|n| n >= preset::NAMES.len())),
            "mastery init",
        ),
    ])
}
