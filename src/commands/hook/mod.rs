//! `mastery hook …`: installing hooks, and what they do when git calls them.

mod commit_msg;
mod pre_commit;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::views::words;
use crate::world::World;
use std::ffi::OsString;

/// Arguments of `mastery hook`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Do what a hook does; git calls this through the installed shim
    Run {
        /// The hook's name
        name: String,
        /// What git passes to it
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
}

/// The hooks that mastery has an answer for.
const NAMES: [&str; 3] = ["pre-commit", "pre-merge-commit", "commit-msg"];

/// Runs `mastery hook …`.
pub fn run(arguments: Arguments, world: &World) -> Result<Exit, Failure> {
    match arguments.action {
        Action::Run { name, arguments } => match name.as_str() {
            "pre-commit" | "pre-merge-commit" => pre_commit::run(world),
            "commit-msg" => commit_msg::run(&arguments, world),
            _ => Err(unknown(&name)),
        },
    }
}

fn unknown(name: &str) -> Failure {
    let failure = Failure::usage(format!("mastery has no hook called {name:?}"));
    match words::nearest(name, NAMES) {
        Some(near) => failure.hint(format!("did you mean {near}?")),
        None => failure.hint(format!("there are: {}", NAMES.join(", "))),
    }
}
