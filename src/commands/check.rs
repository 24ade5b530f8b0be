//! `mastery check [RANGE]`

use super::ground::Ground;
use super::journal::rule::{Rule, Sides, time_of};
use super::testing::lanes;
use super::verify;
use crate::config::schema::{Every, PushRange};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::gates::journal::{Case, Verdict, judge, settle};
use crate::gates::skip::Skip;
use crate::git::{Commit, Operation, difference};
use crate::history::people::People;
use crate::views::{self, check::Breach};
use crate::world::World;
use bstr::{BStr, ByteSlice};

/// Arguments of `mastery check`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Commits as `git log` takes them (origin/main..HEAD, or HEAD for all); default: what the branch has and its upstream has not
    #[arg(value_name = "RANGE")]
    range: Option<String>,
}

/// Holds the hooks' rules against every commit: the journal rule as at its commit, the suites as at a push.
pub fn run(arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    let skip = Skip::read(world.env.text("MASTERY_SKIP"))?;
    let (range, commits) = verify::commits(arguments.range.as_deref(), world)?;
    let mut breaches = Vec::new();
    if !skip.journal {
        for commit in &commits {
            breaches.extend(unlearned(commit, world)?);
        }
    }
    if let Some(tip) = commits.last().filter(|_| !skip.tests) {
        let config = Ground::of_commit(world, tip.id)?.config;
        let tested = match config.tests.push {
            PushRange::Tip => std::slice::from_ref(tip),
            PushRange::All => &commits,
        };
        for lane in lanes::walk(world, tested, Some(&config))? {
            breaches.extend(
                lane.findings
                    .into_iter()
                    .filter(|(_, f)| !f.passed())
                    .map(|(n, f)| Breach::Tests(tested[n].clone(), Box::new(f))),
            );
        }
    }
    if world.term.is_json() {
        world.term.json(&views::check::json(&range, &commits, &breaches))?;
    } else {
        world.term.out(&views::check::text(&range, &commits, &breaches))?;
    }
    Ok(if breaches.is_empty() { Exit::Fine } else { Exit::Verdict })
}

/// How a commit breaks the journal rule of its own configuration; none where it keeps it, or where a bot made it.
fn unlearned(commit: &Commit, world: &World) -> Result<Option<Breach>, Failure> {
    let ground = Ground::of_commit(world, commit.id)?;
    let table = &ground.config.journal;
    let repo = &ground.repo;
    let people =
        People::new(&ground.config.people, &repo.file_in(commit.tree, BStr::new(".mailmap")).unwrap_or_default());
    let author = people.person(commit.author.name.as_bstr(), commit.author.email.as_bstr());
    if table.every == Every::Off || people.is_bot(&author) {
        return Ok(None);
    }
    let before = commit.parents.first().map(|id| repo.tree_of(*id)).transpose()?;
    let old = before.map(|tree| repo.entries(tree)).transpose()?.unwrap_or_default();
    let rule = Rule::new(&ground);
    let sides = Sides { after: &|path| repo.file_in(commit.tree, path), before: &|path| repo.file_in(before?, path) };
    let touched = rule.touched(&difference(&old, &ground.entries), &sides);
    let case = Case {
        message: commit.message.as_bstr(),
        operation: Operation::None,
        merge: commit.parents.len() > 1,
        touched: &touched,
    };
    let verdict = match (judge(case, table, &rule.names), time_of(&commit.author)) {
        (Verdict::Refuse(lacking), Some(at)) if table.every != Every::Commit => {
            let author = rule.author(commit.author.name.as_bstr(), commit.author.email.as_bstr());
            settle(lacking, &rule.earlier(&commit.parents, author.as_bstr(), at)?)
        }
        (verdict, _) => verdict,
    };
    Ok(match verdict {
        Verdict::Pass(_) => None,
        Verdict::Refuse(lacking) => Some(Breach::Journal(commit.clone(), lacking)),
        Verdict::NoReason => Some(Breach::NoReason(commit.clone())),
    })
}
