//! The hook that was there before mastery's: run first, as git would have run it.

use crate::failure::Failure;
use crate::hooks;
use crate::system::exec::{Ended, Run};
use crate::system::files;
use crate::world::World;
use std::ffi::OsString;
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
    let purpose = format!("run the {name} hook that was here before mastery");
    let failed = |how: String| {
        Failure::verdict(format!("the {name} hook that was here before mastery {how}; nothing after it was run"))
            .hint(format!("it is {}; what it printed stands above", kept.display()))
    };
    match Run::new(&purpose, &kept, &world.cwd, &env).args(arguments).foreign(input, &world.interrupt)? {
        Ended::Code(0) => still_there(shim, world),
        Ended::Code(code) => Err(failed(format!("ended with exit code {code}"))),
        Ended::Signal(n) if world.interrupt.signal() == Some(n) => Err(Failure::interrupted(n)),
        Ended::Signal(n) => Err(failed(format!("was ended by signal {n}"))),
    }
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
