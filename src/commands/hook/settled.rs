//! The word that pre-commit leaves for commit-msg: where no message could change what the journal rule says of a commit, the shim is
//! content with that word, and the binary is not started a second time.
//!
//! The word names the git process that runs both hooks, and every pre-commit writes it anew or takes it away.

use super::commit_msg;
use crate::commands::ground::Ground;
use crate::commands::journal::rule::Rule;
use crate::config::schema::Every;
use crate::failure::Failure;
use crate::git::ObjectId;
use crate::hooks;
use crate::system::files::{self, own};
use std::io::ErrorKind;
use std::path::Path;

/// The name by which `hooks/shim.sh` knows the file, in mastery's part of git's directory for this work tree.
const FILE: &str = "mastery/settled";

/// Leaves word for the commit-msg hook that the process `git` will run, or wipes out what stands there. The shell that reads it takes
/// no notice of blanks at the end.
///
/// # Errors
/// An old word can't be taken away.
pub(super) fn tell(ground: &Ground, git: u32, is_settled: bool) -> Result<(), Failure> {
    let file = ground.repo.git_dir().join(FILE);
    let word = if is_settled { format!("commit-msg {git}") } else { String::new() };
    match own::overwrite(&file, format!("{word:<31}\n").as_bytes(), is_settled) {
        Ok(()) => Ok(()),
        Err(e) if !is_settled && e.kind() == ErrorKind::NotFound => Ok(()),
        // On a full disk commit-msg is asked as ever.
        Err(_) => files::remove(&file),
    }
}

/// Whether no message could make commit-msg refuse a commit of what is staged on `tree`, or say anything, and it has nobody else's
/// hook to run either. `shim` is the one of pre-commit.
pub(super) fn is_settled(shim: &Path, ground: &Ground, tree: Option<ObjectId>) -> Result<bool, Failure> {
    if shim.with_file_name(hooks::before("commit-msg")).exists() {
        return Ok(false);
    }
    if ground.config.journal.every == Every::Off {
        return Ok(true);
    }
    Ok(!Rule::new(ground).is_asked(&commit_msg::changes(ground, tree)?))
}
