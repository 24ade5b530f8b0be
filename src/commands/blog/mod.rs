//! `mastery blog …`: beginning a post, and the posts that there are.

mod list;
mod material;
mod new;

use super::ground::{Ground, paths};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::git::Mode;
use crate::history::layout::{Project, is_below};
use crate::system::files;
use crate::world::World;
use bstr::{BStr, BString, ByteSlice};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

/// Arguments of `mastery blog`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Write the stub of a post from a project's journal, decisions and comparison
    New(new::Arguments),
    /// List the posts, and what each still lacks to count
    List(list::Arguments),
}

/// Runs `mastery blog …`.
pub fn run(arguments: Arguments, world: &World) -> Result<Exit, Failure> {
    match arguments.action {
        Action::New(arguments) => new::run(&arguments, world),
        Action::List(arguments) => list::run(&arguments, world),
    }
}

/// The files of a project: of the work tree, or of HEAD where there is none.
fn files_of(ground: &Ground, project: &Project) -> Result<Vec<BString>, Failure> {
    let mut all = match ground.repo.work_tree() {
        Some(top) => paths(&ground.repo, top)?,
        None => ground.entries.iter().filter(|e| e.mode != Mode::Submodule).map(|e| e.path.clone()).collect(),
    };
    all.retain(|path| project.path.is_empty() || is_below(path.as_bstr(), project.path.as_bstr()));
    Ok(all)
}

/// What a file holds: in the work tree (a link is not followed), or in HEAD where there is none.
fn read(ground: &Ground, path: &BStr) -> Option<Vec<u8>> {
    match ground.repo.work_tree() {
        Some(top) => {
            let file = top.join(OsStr::from_bytes(path));
            if file.is_symlink() { None } else { files::read(&file).ok().flatten() }
        }
        None => ground.entries.iter().find(|e| e.path == path).and_then(|e| ground.repo.blob(e.id)),
    }
}
