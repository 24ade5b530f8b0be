//! `mastery journal tidy`.

use super::standing::{journals, stays_inside};
use super::sync::{on_disk, write};
use crate::commands::ground::Ground;
use crate::documents::journal::{self, Names};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::git::ObjectId;
use crate::system::files::{self, Change, Plan};
use crate::views;
use crate::world::World;
use bstr::{BString, ByteSlice};
use std::collections::HashSet;

/// Arguments of `mastery journal tidy`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Show what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
}

/// Tidies every journal of the work tree.
pub(super) fn run(arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    let ground = Ground::of_work_tree(world)?;
    let top = ground.repo.needs_work_tree()?.to_owned();
    let names = Names::of(&ground.config);
    let merged = merged(&ground)?;
    let mut plan = Plan::default();
    for path in journals(&ground) {
        let file = on_disk(&top, &path);
        let Some(old) = files::read(&file)? else { continue };
        stays_inside(&top, &file)?;
        if old.lines().any(|line| line.starts_with(b"<<<<<<< ") || line.starts_with(b">>>>>>> ")) {
            return Err(Failure::verdict(format!("{} has conflict markers in it", file.display()))
                .hint("keep both sides and take the markers out, or: git checkout --union FILE")
                .hint("then run this again"));
        }
        if let Some(new) = journal::tidy(&old, &sides(&ground, &merged, &path), &names) {
            plan.changes.push(Change::Replace { path: file, old, new });
        }
    }
    write(&plan, arguments.dry_run)?;
    if !world.term.quiet {
        world.term.out(&views::plan::text(&plan, &top, !arguments.dry_run))?;
        if plan.is_empty() {
            world.term.out("the journals are in order; nothing to change\n")?;
        }
    }
    Ok(Exit::Fine)
}

/// The commits that were merged: in the merge under way, else in the latest ones. Those that are merges themselves may be mixed
/// up already and are no witnesses; their own parents are.
fn merged(ground: &Ground) -> Result<Vec<ObjectId>, Failure> {
    /// What a merge mixed up longer ago, somebody has looked at since.
    const LATEST: usize = 20;
    let Some(head) = ground.repo.head()? else { return Ok(Vec::new()) };
    let mut tips = vec![head];
    tips.extend(ground.repo.commit_named("MERGE_HEAD").ok());
    let commits = ground.repo.recent(&tips, i64::MIN);
    let merges: HashSet<ObjectId> = commits.iter().filter(|c| c.parents.len() > 1).map(|c| c.id).collect();
    let latest = commits.iter().filter(|c| merges.contains(&c.id)).take(LATEST).flat_map(|c| &c.parents);
    let under_way = tips.iter().filter(|_| tips.len() > 1);
    Ok(under_way.chain(latest).filter(|id| !merges.contains(id)).copied().collect())
}

fn sides(ground: &Ground, merged: &[ObjectId], path: &BString) -> Vec<Vec<u8>> {
    let tree = |id: &ObjectId| ground.repo.tree_of(*id).ok();
    merged.iter().filter_map(tree).filter_map(|tree| ground.repo.file_in(tree, path.as_bstr())).collect()
}
