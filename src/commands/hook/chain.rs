//! The hook that was there before mastery's: run first, as git would have run it.

use crate::failure::Failure;
use crate::hooks;
use crate::system::exec::{Ended, Run};
use crate::system::{ancestors, files};
use crate::world::World;
use bstr::ByteSlice;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// Runs the hook that is kept beside `shim`, if one is and git would have run it, with the same arguments, git's environment
/// and `input` (none: our own standard input).
///
/// # Errors
/// It fails: kind `Verdict`, and nothing after it is to run.
pub(super) fn run_before(
    shim: &Path,
    name: &str,
    arguments: &[OsString],
    input: Option<&[u8]>,
    world: &World,
) -> Result<(), Failure> {
    let directory = shim.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let kept = directory.join(hooks::before(name));
    let runs = fs::metadata(&kept).is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0);
    // A shim that was itself moved to the kept name would call itself for ever.
    if !runs || kept == shim {
        return Ok(());
    }
    let mut env = world.env.clone();
    env.remove("MASTERY_INSTALL_PATH");
    let own_name = (!is_called_back(shim, world)).then(|| shell_that_asks(shim, name, &kept)).flatten();
    env.set(CALLED_FROM, called_from(std::process::id(), shim, world));
    let purpose = format!("run the {name} hook that was here before mastery");
    let failed = |how: String| {
        Failure::verdict(format!("the {name} hook that was here before mastery {how}; nothing after it was run"))
            .hint(format!("it is {}; what it printed stands above", kept.display()))
    };
    let run = match own_name {
        Some(shell) => Run::new(&purpose, &shell[0], &world.cwd, &env).args(&shell[1..]),
        None => Run::new(&purpose, &kept, &world.cwd, &env),
    };
    match run.args(arguments).foreign(input, &world.interrupt)? {
        Ended::Code(0) => still_there(shim, world),
        Ended::Code(code) => Err(failed(format!("ended with exit code {code}"))),
        Ended::Signal(n) if world.interrupt.signal() == Some(n) => Err(Failure::interrupted(n)),
        Ended::Signal(n) => Err(failed(format!("was ended by signal {n}"))),
    }
}

/// Names the process that started a kept hook, the shim that it did so for, and where, to that hook and all that it starts.
const CALLED_FROM: &str = "MASTERY_CALLED_FROM";

/// Whether it is the kept hook itself that called the shim, by the name that it goes by (`exec sh -e "$0" "$@"`). The variable alone
/// is no way past mastery: the process that it names is one of ours, and waits for this one.
pub(super) fn is_called_back(shim: &Path, world: &World) -> bool {
    let Some(mark) = world.env.get(CALLED_FROM) else { return false };
    let process = mark.as_encoded_bytes().split(|b| *b == b' ').next().and_then(|p| p.to_str().ok()?.parse().ok());
    process.is_some_and(|process| mark == called_from(process, shim, world) && ancestors::is_ours(process))
}

/// Linked work trees share a shim, and a commit in another one is not this hook's call.
fn called_from(process: u32, shim: &Path, world: &World) -> OsString {
    let mut place = OsString::from(format!("{process} "));
    place.push(&world.cwd);
    place.push(":");
    place.push(shim);
    place
}

/// The beginning of a call that runs a kept shell script under the name that it had, where it asks for its name: `$(basename "$0")`,
/// `"$0.d"`. A script's `$0` is the path that was executed, unless its shell reads it as part of a command.
fn shell_that_asks(shim: &Path, name: &str, kept: &Path) -> Option<Vec<OsString>> {
    let text = fs::read(kept).ok()?;
    let asks = (text.contains_str("$0") || text.contains_str("${0")) && !text.contains_str("BASH_SOURCE");
    if !asks || text.contains(&0) || shim.file_name()? != name || shim.parent()?.as_os_str().is_empty() {
        return None;
    }
    let first = text.lines().next().unwrap_or_default();
    let named = first.strip_prefix(b"#!").map_or("sh".into(), |rest| rest.to_str_lossy().into_owned());
    let mut shell: Vec<OsString> = named.split_whitespace().map(OsString::from).collect();
    let program = shell.iter().map(Path::new).find(|w| w.file_name() != Some(OsStr::new("env")))?.file_name()?;
    if !["sh", "bash", "dash", "ksh"].iter().any(|known| program == *known) {
        return None;
    }
    shell.extend(["-c".into(), format!(". \"$0{}\"", hooks::BEFORE).into(), shim.as_os_str().to_owned()]);
    Some(shell)
}

/// A hook manager may have put its own hook back in place of ours (lefthook does, when its configuration changed): this run goes
/// on, but the next one would not come.
fn still_there(shim: &Path, world: &World) -> Result<(), Failure> {
    let ours = files::read(shim)?.is_some_and(|bytes| hooks::shim::recognise(&bytes).is_some());
    if ours {
        return Ok(());
    }
    world.term.note(&format!(
        "mastery: the hook that ran first has replaced mastery's at {}; to have it back: mastery hook install\n",
        shim.display()
    ))
}
