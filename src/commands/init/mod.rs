//! `mastery init`: look at the repository, say what is there, and write what a learner starts with.

mod files;

use crate::commands::ground;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::git::Repository;
use crate::history::survey::Survey;
use crate::views;
use crate::world::World;
use bstr::{BString, ByteSlice};

/// Arguments of `mastery init`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Write without asking
    #[arg(short, long)]
    yes: bool,
    /// Show what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
}

/// Writes `.mastery.toml`, the journal, the directory of decisions and the merge rule, where they are missing.
pub fn run(arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    let repo = Repository::open(&world.cwd)?;
    let top = repo.needs_work_tree()?;
    // Where HEAD is broken git itself sees no repository: nothing is written into one.
    repo.head()?;
    let config = ground::written_config(world, top)?;
    let paths = ground::paths(&repo, top)?;
    let survey = Survey::of(&paths, &config, &ground::repository_name(&repo));
    let plan = files::plan(top, &survey, &config, &journals(&paths, &config.journal.file))?;

    if !world.term.quiet {
        world.term.out(&views::init::found(&survey))?;
    }
    if arguments.dry_run {
        world.term.out(&format!("Would do:\n{}", views::plan::text(&plan, top, false)))?;
        return Ok(Exit::Fine);
    }
    if !plan.is_empty() && !arguments.yes && world.term.is_interactive() {
        world.term.err(&views::plan::text(&plan, top, false))?;
        if !world.term.confirm("Write these?")? {
            world.term.err("Nothing was written.\n")?;
            return Ok(Exit::Fine);
        }
    }
    plan.apply()?;
    if !world.term.quiet {
        world.term.out(&views::plan::text(&plan, top, true))?;
        world.term.out(&views::init::next(&plan, top))?;
    }
    Ok(Exit::Fine)
}

/// The journals that are there, at the root first.
fn journals(paths: &[BString], file: &str) -> Vec<String> {
    let inner = format!("/{file}");
    let mut found: Vec<String> = paths
        .iter()
        .filter(|path| *path == file || path.ends_with(inner.as_bytes()))
        .map(|path| path.to_str_lossy().into_owned())
        .collect();
    found.sort_by_key(|path| path.matches('/').count());
    found
}
