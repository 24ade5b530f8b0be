//! A plan of changes, as `--dry-run` and the command itself show it.

use super::style::{Meaning, paint};
use super::words;
use crate::system::files::{Change, Plan};
use std::path::Path;

/// One line a change, with paths relative to `base`. `done` says that it has been done already.
pub fn text(plan: &Plan, base: &Path, done: bool) -> String {
    plan.changes.iter().map(|change| line(change, base, done)).collect()
}

fn line(change: &Change, base: &Path, done: bool) -> String {
    let name = |path: &Path| {
        let path = path.strip_prefix(base).unwrap_or(path);
        words::shown(path.as_os_str().as_encoded_bytes())
    };
    let (verb, past, rest) = match change {
        Change::Create { path, .. } => ("create", "created", name(path)),
        Change::Replace { path, .. } => ("change", "changed", name(path)),
        Change::Move { from, to } => ("move", "moved", format!("{} to {}", name(from), name(to))),
        Change::Remove { path, .. } => ("remove", "removed", name(path)),
        Change::Directory { path } => ("create", "created", format!("{}/", name(path))),
        Change::RemoveDirectory { path } => ("remove", "removed", format!("{}/", name(path))),
        Change::Keep { path, why } => ("keep", "kept", format!("{} ({why})", name(path))),
    };
    let meaning = if change.writes() { Meaning::Good } else { Meaning::Faint };
    format!("  {} {rest}\n", paint(meaning, format!("{:<8}", if done { past } else { verb })))
}
