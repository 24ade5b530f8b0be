//! The proof that git runs the hooks: git is asked to run each one, as a graphical client with a poor PATH would, with a
//! question in the environment that the binary answers and does nothing else.

use crate::exit::Exit;
use crate::failure::Failure;
use crate::hooks::place::{Found, Place};
use crate::system::env::Env;
use crate::system::exec::Run;
use crate::world::World;
use bstr::ByteSlice;
use std::path::Path;

/// The variable that carries the question. It opens no way past the hooks: whoever sets it gets an answer and a refusal.
const QUESTION: &str = "MASTERY_HOOK_PROBE";
/// The PATH of a program that was started from a desktop.
const POOR_PATH: &str = "/usr/local/bin:/usr/bin:/bin";

/// The answer, where the question was asked; the hook then ends without a verdict, and never with a success.
pub(super) fn answer(name: &str, world: &World) -> Result<Option<Exit>, Failure> {
    let Some(nonce) = world.env.text(QUESTION) else { return Ok(None) };
    world.term.err(&format!("{}\n", token(name, nonce)))?;
    Ok(Some(Exit::Missing))
}

fn token(name: &str, nonce: &str) -> String {
    format!("mastery-hook-fires {name} {nonce}")
}

/// Has git run each of mastery's hooks at `places`, and says which answered; those behind another manager are not asked, for
/// that would run the manager's own checks.
///
/// # Errors
/// One does not answer: kind `Missing`, with what git said.
pub(super) fn fire(places: &[Place], top: &Path, world: &World) -> Result<Vec<&'static str>, Failure> {
    let nonce = format!("{}-{}", std::process::id(), world.now.timestamp_micros());
    let mut env = world.env.clone();
    env.set(QUESTION, &nonce);
    env.set("PATH", POOR_PATH);
    let git = world
        .env
        .get("PATH")
        .and_then(|path| which::which_in("git", Some(path), &world.cwd).ok())
        .unwrap_or_else(|| "git".into());
    let mut proven = Vec::new();
    for place in places.iter().filter(|p| matches!(p.found, Found::Ours { .. })) {
        let said = ask(&git, place, top, &env)?;
        if !said.contains_str(token(place.name, &nonce)) {
            return Err(Failure::missing(format!("the {} hook is written, but git does not run it", place.name))
                .because(std::io::Error::other(said.trim().to_str_lossy().into_owned()))
                .hint(format!("look at {}, and at `mastery hook status`", place.path.display())));
        }
        proven.push(place.name);
    }
    Ok(proven)
}

/// Both outputs of git running the hook; of the hook itself where git is too old to run one by name (before 2.36).
fn ask(git: &Path, place: &Place, top: &Path, env: &Env) -> Result<Vec<u8>, Failure> {
    let run = Run::new("have git run a hook", git, top, env).args(["hook", "run", place.name]).output()?;
    let mut said = [run.stdout, run.stderr].concat();
    if said.contains_str("is not a git command") {
        let run = Run::new("run a hook", &place.path, top, env).output()?;
        said = [run.stdout, run.stderr].concat();
    }
    Ok(said)
}
