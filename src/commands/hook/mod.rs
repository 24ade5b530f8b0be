//! `mastery hook …`: installing hooks, and what they do when git calls them.

mod chain;
mod commit_msg;
mod install;
mod pre_commit;
mod pre_push;
mod proof;
mod settled;
mod status;
mod survey;
mod uninstall;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::hooks::NAMES;
use crate::views::words;
use crate::world::World;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

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
        Action::Run { shim, name, arguments } => {
            if !NAMES.contains(&name.as_str()) {
                return Err(unknown(&name));
            }
            fire(&Call { shim: shim.as_deref(), name: &name, arguments: &arguments }, world)
        }
    }
}

/// One call of a hook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call<'a> {
    shim: Option<&'a Path>,
    name: &'a str,
    arguments: &'a [OsString],
}

impl<'a> Call<'a> {
    /// The call that a shim makes, by the very words of `hooks/shim.sh`; none for any other command line. Two of these are in the
    /// way of every commit, and the clap tree alone would cost as much as the hook.
    pub fn of(line: &'a [OsString]) -> Option<Call<'a>> {
        let [_, hook, run, flag, shim, name, arguments @ ..] = line else { return None };
        let name = name.to_str().filter(|name| NAMES.contains(name))?;
        let called = hook == "hook" && run == "run" && flag == "--shim";
        called.then_some(Call { shim: Some(Path::new(shim)), name, arguments })
    }
}

/// What happens when git runs a hook: first the hook that was there before mastery's, then mastery's own.
pub fn fire(call: &Call<'_>, world: &World) -> Result<Exit, Failure> {
    let Call { shim, name, arguments } = *call;
    if let Some(exit) = proof::answer(name, world)? {
        return Ok(exit);
    }
    // What git says to pre-push is read once, and given to both.
    let input = (name == "pre-push").then(|| world.term.input()).transpose()?;
    if let Some(shim) = shim {
        chain::run_before(shim, name, arguments, input.as_deref(), world)?;
        if chain::is_called_back(shim, world) {
            return Ok(Exit::Fine);
        }
    }
    match name {
        "commit-msg" => commit_msg::run(arguments, world),
        "pre-push" => pre_push::run(arguments, &input.unwrap_or_default(), world),
        _ => pre_commit::run(shim, world),
    }
}

fn unknown(name: &str) -> Failure {
    let failure = Failure::usage(format!("mastery has no hook called {name:?}"));
    match words::nearest(name, NAMES) {
        Some(near) => failure.hint(format!("did you mean {near}?")),
        None => failure.hint(format!("there are: {}", NAMES.join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_the_shim_are_a_call_and_no_others_are() {
        let words = |line: &str| line.split(' ').map(OsString::from).collect::<Vec<_>>();
        let shim = crate::hooks::shim::TEMPLATE;
        let call = shim.lines().last().unwrap();
        assert_eq!(call, r#"exec "$binary" hook run --shim "$0" @HOOK@ "$@""#);
        let line = words("mastery hook run --shim .git/hooks/pre-push pre-push origin --help");
        let of = Call::of(&line).unwrap();
        assert_eq!((of.shim, of.name), (Some(Path::new(".git/hooks/pre-push")), "pre-push"));
        assert_eq!(of.arguments, ["origin", "--help"]);
        for line in ["mastery hook run pre-commit", "mastery hook run --shim x pre-comit", "mastery hook status"] {
            assert_eq!(Call::of(&words(line)), None, "{line}");
        }
    }
}
