//! The pre-push hook: what is pushed and not yet on the remote has passed its suites, at the tip or at every commit.

use super::pre_commit::past;
use crate::commands::ground::Ground;
use crate::commands::testing::{self, Kind, Order, Tell};
use crate::config::schema::{Gate, PushRange};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::gates::push::{self, Update};
use crate::gates::skip::Skip;
use crate::git::{Entry, ObjectId, Outgoing, Repository};
use crate::suites::Suite;
use crate::suites::finding::Finding;
use crate::suites::inputs::Inputs;
use crate::views;
use crate::world::World;
use std::ffi::OsString;

/// Lets the push through, or says why not. `arguments` are the remote's name and address, `input` is what git says of each ref.
pub(super) fn run(arguments: &[OsString], input: &[u8], world: &World) -> Result<Exit, Failure> {
    let skip = Skip::read(world.env.text("MASTERY_SKIP"))?;
    let updates = push::updates(input)?;
    if skip.tests {
        world.term.note("mastery: tests skipped (MASTERY_SKIP); what is pushed may have no receipts\n")?;
        return Ok(Exit::Fine);
    }
    let repo = Repository::open(&world.cwd)?;
    let remote = arguments.first().map(|a| a.to_string_lossy().into_owned()).unwrap_or_default();
    let known: Vec<ObjectId> = updates.iter().filter_map(|u| u.remote).collect();
    let mut tips: Vec<ObjectId> = updates.iter().filter_map(|u: &Update| repo.commit_behind(u.local)).collect();
    tips.sort();
    tips.dedup();
    for tip in tips {
        let outgoing = repo.outgoing(tip, &remote, &known)?;
        let stopped = of_tip(tip, &outgoing, world)?;
        if let Some((commit, findings)) = stopped {
            world.term.err(&views::suites::stopped_push(&findings, &commit.short()))?;
            return Ok(crate::commands::test::exit(&findings));
        }
    }
    Ok(Exit::Fine)
}

/// The first commit that may not pass, with what was found out about it.
fn of_tip(tip: ObjectId, outgoing: &Outgoing, world: &World) -> Result<Option<(ObjectId, Vec<Finding>)>, Failure> {
    if outgoing.commits.is_empty() {
        return Ok(None);
    }
    let ground = Ground::of_commit(world, tip)?;
    let config = ground.config.clone();
    let there: Vec<Vec<Entry>> = outgoing
        .base
        .iter()
        .map(|id| ground.repo.tree_of(*id).and_then(|tree| ground.repo.entries(tree)))
        .collect::<Result<_, _>>()?;
    let commits = match config.tests.push {
        PushRange::Tip => vec![tip],
        PushRange::All => outgoing.commits.clone(),
    };
    for commit in commits {
        let ground = Ground::of_commit_under(world, commit, config.clone())?;
        let suites: Vec<Suite<'_>> = testing::suites(&ground)
            .into_iter()
            .filter(|s| s.language.gate != Gate::Off && !is_there(s, &ground, &there))
            .collect();
        let order =
            Order { kind: Kind::Commit, force: false, tell: Tell::Err, dry_run: false, budget: None, base: None };
        let findings = testing::check(world, &ground, suites, order).map_err(|f| past(f, "push"))?;
        if !findings.iter().all(Finding::passed) {
            return Ok(Some((commit, findings)));
        }
    }
    Ok(None)
}

/// Whether the remote has a suite's input tree already.
fn is_there(suite: &Suite<'_>, ground: &Ground, there: &[Vec<Entry>]) -> bool {
    let read = |e: &Entry| ground.repo.blob(e.id);
    let inputs = Inputs::of(suite.track, suite.language, &ground.entries, &read);
    let tree = inputs.tree(&ground.entries);
    let theirs: Vec<Inputs> =
        there.iter().map(|entries| Inputs::of(suite.track, suite.language, entries, &read)).collect();
    let mut there = there.iter().zip(&theirs);
    there.clone().any(|(entries, theirs)| theirs.tree(entries) == tree) || {
        let key = inputs.key(&ground.entries, suite.language, &read);
        there.any(|(entries, theirs)| theirs.key(entries, suite.language, &read) == key)
    }
}
