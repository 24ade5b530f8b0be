//! `mastery hook …`: installing hooks, and what they do when git calls them.

mod chain;
mod commit_msg;
mod install;
mod pre_commit;
mod pre_push;
mod proof;
mod status;
mod survey;
mod uninstall;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::hooks::NAMES;
use crate::views::words;
use crate::world::World;
use std::ffi::OsString;
use std::path::PathBuf;

/// Arguments of `mastery hook`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Put mastery's hooks where git looks for them; a hook that is there already is kept, and runs first
    Install {
        /// Show what would be written, and write nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Take mastery's hooks away and put back what was there before
    Uninstall {
        /// Show what would be written, and write nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Say for each hook whether it is installed, stale, foreign, shadowed or absent
    Status,
    /// Do what a hook does; git calls this through the installed shim, and other hook managers may call it too
    Run {
        /// Where the shim is that was called
        #[arg(long, hide = true, value_name = "PATH")]
        shim: Option<PathBuf>,
        /// The hook's name
        name: String,
        /// What git passes to it
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
}

/// Runs `mastery hook …`.
pub fn run(arguments: Arguments, world: &World) -> Result<Exit, Failure> {
    match arguments.action {
        Action::Install { dry_run } => install::run(dry_run, world),
        Action::Uninstall { dry_run } => uninstall::run(dry_run, world),
        Action::Status => status::run(world),
        Action::Run { shim, name, arguments } => fire(shim, &name, &arguments, world),
    }
}

/// What happens when git runs a hook: first the hook that was there before mastery's, then mastery's own.
fn fire(shim: Option<PathBuf>, name: &str, arguments: &[OsString], world: &World) -> Result<Exit, Failure> {
    if !NAMES.contains(&name) {
        return Err(unknown(name));
    }
    if let Some(exit) = proof::answer(name, world)? {
        return Ok(exit);
    }
    // What git says to pre-push is read once, and given to both.
    let input = (name == "pre-push").then(|| world.term.input()).transpose()?;
    if let Some(shim) = shim {
        chain::run_before(&shim, name, arguments, input.as_deref(), world)?;
        if chain::is_called_back(&shim, world) {
            return Ok(Exit::Fine);
        }
    }
    match name {
        "commit-msg" => commit_msg::run(arguments, world),
        "pre-push" => pre_push::run(arguments, &input.unwrap_or_default(), world),
        _ => pre_commit::run(world),
    }
}

fn unknown(name: &str) -> Failure {
    let failure = Failure::usage(format!("mastery has no hook called {name:?}"));
    match words::nearest(name, NAMES) {
        Some(near) => failure.hint(format!("did you mean {near}?")),
        None => failure.hint(format!("there are: {}", NAMES.join(", "))),
    }
}
