//! `mastery journal check`: the rule over a range of commits.

use super::rule::{Rule, Sides, time_of};
use crate::commands::ground::Ground;
use crate::config::schema::Every;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::gates::journal::{Case, Pass, Verdict, judge, serves, settle};
use crate::git::{Commit, Operation};
use crate::views::journal_check::{Breach, Checked};
use crate::world::World;
use bstr::{BStr, ByteSlice};

/// Arguments of `mastery journal check`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The commits, as `git rev-list` reads it; default: @{upstream}..HEAD, or all of HEAD where there is no upstream
    #[arg(value_name = "RANGE")]
    range: Option<String>,
}

/// Judges each commit of the range, and lists those that lack an entry.
pub(super) fn run(arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    let ground = Ground::of_work_tree(world)?;
    let range = match &arguments.range {
        Some(range) => range.clone(),
        None if ground.repo.commit_named("@{upstream}").is_ok() => "@{upstream}..HEAD".to_owned(),
        None => "HEAD".to_owned(),
    };
    let commits = match ground.repo.head()? {
        None if arguments.range.is_none() => Vec::new(),
        _ => ground.repo.range(&range)?,
    };
    let checked = Checked::new(range, commits.len(), breaches(&ground, &commits)?);
    if world.term.is_json() {
        world.term.json(&checked)?;
    } else {
        world.term.out(&checked.text())?;
    }
    Ok(if checked.is_fine() { Exit::Fine } else { Exit::Verdict })
}

/// The commits among `commits` that lack an entry. An entry of the same author in the same day or week counts, before the commit
/// or later in the range.
///
/// # Errors
/// A commit or tree is not here (a shallow clone): kind `Missing`.
pub(in crate::commands) fn breaches(ground: &Ground, commits: &[Commit]) -> Result<Vec<Breach>, Failure> {
    let rule = Rule::new(ground);
    let mut found = Vec::new();
    for commit in commits {
        let verdict = verdict(&rule, commit, commits).map_err(|failure| {
            if ground.repo.is_shallow() {
                failure.hint("this clone is shallow: git fetch --unshallow")
            } else {
                failure
            }
        })?;
        match verdict {
            Verdict::Pass(_) => {}
            Verdict::Refuse(lacking) => found.push(Breach::new(commit, &lacking)),
            Verdict::NoReason => found.push(Breach::without_reason(commit)),
        }
    }
    Ok(found)
}

fn verdict(rule: &Rule<'_>, commit: &Commit, range: &[Commit]) -> Result<Verdict, Failure> {
    let repo = &rule.ground.repo;
    if commit.parents.len() > 1 {
        return Ok(Verdict::Pass(Pass::UnderWay("a merge")));
    }
    let before = commit.parents.first().map(|id| repo.tree_of(*id)).transpose()?;
    let changes = repo.changes_between(before, commit.tree)?;
    let after = |path: &BStr| repo.file_in(commit.tree, path);
    let sides = Sides { after: &after, before: &|path| repo.file_in(before?, path) };
    let touched = rule.touched(&changes, &sides);
    let case = Case { message: commit.message.as_bstr(), operation: Operation::None, merge: false, touched: &touched };
    let every = rule.ground.config.journal.every;
    let (lacking, at) = match (judge(case, &rule.ground.config.journal, &rule.names), time_of(&commit.author)) {
        (Verdict::Refuse(lacking), Some(at)) if every != Every::Commit => (lacking, at),
        (verdict, _) => return Ok(verdict),
    };
    let author_of = |commit: &Commit| rule.author(commit.author.name.as_bstr(), commit.author.email.as_bstr());
    let author = author_of(commit);
    let mut entries = rule.earlier(&commit.parents, author.as_bstr(), at)?;
    for other in range {
        let serves = other.id != commit.id && time_of(&other.author).is_some_and(|then| serves(every, then, at));
        if serves && author_of(other) == author {
            entries.extend(rule.brought(other)?);
        }
    }
    Ok(settle(lacking, &entries))
}
