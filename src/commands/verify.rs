//! `mastery verify [RANGE]`

use super::test;
use super::testing::lanes::{self, Lane};
use crate::exit::Exit;
use crate::failure::{Failure, Kind};
use crate::git::{Commit, Repository};
use crate::views;
use crate::world::World;

/// Arguments of `mastery verify`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Commits as `git log` takes them (main..topic, or HEAD for all); default: what the branch has and its upstream has not
    #[arg(value_name = "RANGE")]
    range: Option<String>,
}

/// What the branch has and its upstream has not.
const UNPUSHED: &str = "@{upstream}..HEAD";

/// Looks for the receipts of every commit, and runs in snapshots what has none. The work tree is not looked at, nor touched.
pub fn run(arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    let (range, commits) = commits(arguments.range.as_deref(), world)?;
    let lanes = lanes::walk(world, &commits, None).map_err(|failure| match failure.kind {
        Kind::Interrupted(_) => failure.hint("what has passed is kept: the same command goes on from here"),
        _ => failure,
    })?;
    if world.term.is_json() {
        world.term.json(&views::verify::json(&range, &commits, &lanes))?;
    } else {
        let top = Repository::open(&world.cwd)?.work_tree().map(std::path::Path::to_owned);
        world.term.out(&views::verify::text(&range, &commits, &lanes, world.now, top.as_deref()))?;
    }
    Ok(exit(&lanes))
}

/// The range in words, and its commits, parents before children.
pub(super) fn commits(range: Option<&str>, world: &World) -> Result<(String, Vec<Commit>), Failure> {
    let repo = Repository::open(&world.cwd)?;
    let commits = repo.range(range.unwrap_or(UNPUSHED)).map_err(|failure| match range {
        None if failure.kind == Kind::Usage => Failure::usage("this branch has no upstream to compare with")
            .hint("name the commits: main..HEAD for those that main has not, HEAD for all"),
        _ => failure,
    })?;
    Ok((range.unwrap_or(UNPUSHED).to_owned(), commits))
}

/// As that of `mastery test`, over all findings.
pub(super) fn exit(lanes: &[Lane]) -> Exit {
    let findings: Vec<_> = lanes.iter().flat_map(|lane| lane.findings.iter().map(|(_, f)| f.clone())).collect();
    test::exit(&findings)
}
