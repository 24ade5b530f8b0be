//! The pre-commit and pre-merge-commit hooks: the suites of the tracks that the commit changes pass on exactly what is staged.

use super::settled;
use crate::commands::ground::{Ground, repository_name};
use crate::commands::testing::{self, Kind as Content, Order, Tell};
use crate::config::schema::Gate;
use crate::exit::Exit;
use crate::failure::{Failure, Kind};
use crate::gates::skip::Skip;
use crate::git::{Entry, Mode, ObjectId};
use crate::history::layout::{self, is_below, join};
use crate::suites::finding::Finding;
use crate::suites::inputs::at;
use crate::system::ancestors;
use crate::views;
use crate::world::World;
use bstr::ByteSlice;
use std::path::Path;

/// Lets the commit through, or says why not. `shim` is the one that git called, if it called one.
pub(super) fn run(shim: Option<&Path>, world: &World) -> Result<Exit, Failure> {
    let skip = Skip::read(world.env.text("MASTERY_SKIP"))?;
    let mut ground = Ground::of_index(world)?;
    let mut base = Base::of(&ground)?;
    if skip.tests {
        world.term.note("mastery: tests skipped (MASTERY_SKIP); this commit gets no receipts\n")?;
    } else {
        let mut tries = 0;
        while let Some(exit) = test(&ground, &base, world)? {
            if exit != Exit::Fine {
                return Ok(exit);
            }
            // Git commits what is staged when we have ended: what has come meanwhile is tested, too.
            let now = Ground::of_index(world)?;
            if now.entries == ground.entries {
                break;
            }
            tries += 1;
            if tries == TRIES {
                return Err(Failure::verdict("what is staged kept changing while its suites ran")
                    .hint("find what stages files meanwhile, then commit again"));
            }
            world.term.note("mastery: more was staged while the suites ran, and is tested as well\n")?;
            (base, ground) = (Base::of(&now)?, now);
        }
    }
    let is_settled = match shim {
        Some(shim) if !skip.journal => settled::is_settled(shim, &ground, base.tree)?,
        _ => false,
    };
    settled::tell(&ground, ancestors::parent(), is_settled)?;
    // It is many small pieces, and the process is about to end.
    std::mem::forget(ground);
    Ok(Exit::Fine)
}

/// So many times what is staged may change while suites run.
const TRIES: usize = 3;

/// Finds out whether every suite that the commit asks for passes; none where all have, and none had to run.
fn test(ground: &Ground, base: &Base, world: &World) -> Result<Option<Exit>, Failure> {
    testing::refuse_conflicts(ground)?;
    refuse_links(ground, base)?;
    let mut suites = testing::suites(ground);
    suites.retain(|suite| suite.language.gate == Gate::Commit);
    let budget = Some(ground.config.tests.budget);
    let order = Order { kind: Content::Staged, force: false, tell: Tell::Err, dry_run: false, budget, base: base.tree };
    let findings = testing::check(world, ground, suites, order).map_err(|f| past(f, "commit"))?;
    let exit = conclude(&findings, world)?;
    Ok((exit != Exit::Fine || findings.iter().any(|f| f.passed_before.is_none())).then_some(exit))
}

/// What stood in the way of testing at all stops the commit or push, too, and the same way leads past it.
pub(super) fn past(failure: Failure, command: &str) -> Failure {
    match failure.kind {
        Kind::Missing => failure.hint(format!("past the tests, this once: MASTERY_SKIP=tests git {command} …")),
        _ => failure,
    }
}

/// The exit that findings lead to, after what to do next has been said.
fn conclude(findings: &[Finding], world: &World) -> Result<Exit, Failure> {
    if !findings.iter().all(Finding::passed) {
        world.term.err(&views::suites::stopped_commit(findings))?;
    }
    Ok(crate::commands::test::exit(findings))
}

/// A track that has become a symbolic link: what it leads to is no part of the commit.
fn refuse_links(ground: &Ground, base: &Base) -> Result<(), Failure> {
    let refused = |link: &Entry| {
        Failure::verdict(format!("{} is a symbolic link; what it leads to is not committed with it", link.path))
            .hint("commit the directory itself, or name the real one under `directories` in .mastery.toml")
    };
    for link in ground.entries.iter().filter(|e| e.mode == Mode::Link) {
        if let Some(tree) = base.tree
            && let Some((None, _)) = ground.repo.item_at(tree, link.path.as_bstr())
        {
            let before = layout::projects(&ground.repo.entries(tree)?, &ground.config, &repository_name(&ground.repo));
            let mut tracks = before.iter().flat_map(|project| &project.tracks);
            if tracks.any(|track| track.path == link.path || is_below(track.path.as_bstr(), link.path.as_bstr())) {
                return Err(refused(link));
            }
        }
    }
    for project in &ground.projects {
        for language in ground.config.languages.values().filter(|l| l.test.is_some()) {
            let default = [language.name.clone()];
            for directory in language.directories.as_deref().unwrap_or(&default) {
                let path = join(project.path.as_bstr(), directory.trim_end_matches('/').as_bytes());
                let link =
                    at(&ground.entries, path.as_bstr()).first().filter(|e| e.path == path && e.mode == Mode::Link);
                if let Some(link) = link.filter(|l| base.object(ground, &l.path) != Some(l.id)) {
                    return Err(refused(link));
                }
            }
        }
    }
    Ok(())
}

/// What the commit is compared with: the tree of HEAD; nothing before the first commit.
struct Base {
    tree: Option<ObjectId>,
}

impl Base {
    fn of(ground: &Ground) -> Result<Base, Failure> {
        let tree = ground.repo.head()?.map(|head| ground.repo.tree_of(head)).transpose()?;
        Ok(Base { tree })
    }

    fn object(&self, ground: &Ground, path: &bstr::BString) -> Option<ObjectId> {
        ground.repo.object_at(self.tree?, path.as_bstr())
    }
}
