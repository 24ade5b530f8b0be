//! The user's editor: which one it is, and opening a file in it.

use crate::failure::Failure;
use crate::git::Repository;
use crate::system::exec::Run;
use crate::world::World;
use std::path::Path;

/// `VISUAL`, else `EDITOR`, as adr-tools asks for them; none where both are unset or empty.
pub fn of_environment(world: &World) -> Option<String> {
    world.env.text("VISUAL").or_else(|| world.env.text("EDITOR")).map(str::to_owned)
}

/// As [`of_environment`], else git's `core.editor`.
pub fn of_user(world: &World, repo: Option<&Repository>) -> Option<String> {
    of_environment(world).or_else(|| repo.and_then(|r| r.setting("core.editor"))).filter(|e| !e.trim().is_empty())
}

/// Opens `path` (relative to the current directory, or absolute) in `editor`, which may have arguments of its own.
///
/// # Errors
/// It can't be started, or ends badly. The file stays as it is.
pub fn open(world: &World, editor: &str, path: &Path) -> Result<(), Failure> {
    let script = format!("{editor} \"$@\"");
    let run = Run::new("open the editor", "sh", &world.cwd, &world.env)
        .args([script.as_ref(), editor.as_ref()] as [&std::ffi::OsStr; 2]);
    let run = Run { arguments: [vec!["-c".into()], run.arguments, vec![path.as_os_str().to_owned()]].concat(), ..run };
    if run.interactive()? {
        return Ok(());
    }
    Err(Failure::missing(format!("the editor {editor:?} ended with an error"))
        .hint(format!("{} is written and stays; open it by hand", path.display())))
}
