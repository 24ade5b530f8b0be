//! `mastery test [TRACK…]`

use crate::commands::ground::Ground;
use crate::commands::testing::{self, Kind, Order, Tell};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::git::Repository;
use crate::history::layout::{is_below, join};
use crate::suites::Suite;
use crate::suites::finding::Finding;
use crate::suites::receipt::Outcome;
use crate::suites::references::resolve;
use crate::views::{self, words};
use crate::world::World;
use bstr::{BStr, BString, ByteSlice};
use std::os::unix::ffi::OsStrExt;

/// Arguments of `mastery test`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Languages, tracks (15-api-rate-limiter/golang) or projects; default: those of the current directory, else all
    #[arg(value_name = "TRACK")]
    tracks: Vec<String>,
    /// Test what is staged, as a commit would
    #[arg(long, group = "content")]
    staged: bool,
    /// Test what the work tree holds, untracked files included (default)
    #[arg(long, group = "content")]
    worktree: bool,
    /// Test what a commit holds
    #[arg(long, value_name = "REV", group = "content")]
    rev: Option<String>,
    /// Run suites also where they have passed already
    #[arg(long)]
    force: bool,
    /// Say what would run, and run nothing
    #[arg(long)]
    dry_run: bool,
}

/// Runs the suites asked for that have no passing receipt.
pub fn run(arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    let (kind, ground) = match &arguments.rev {
        Some(revision) => {
            let commit = Repository::open(&world.cwd)?.commit_named(revision)?;
            (Kind::Commit, Ground::of_commit(world, commit)?)
        }
        None if arguments.staged => {
            let ground = Ground::of_index(world)?;
            testing::refuse_conflicts(&ground)?;
            (Kind::Staged, ground)
        }
        None => (Kind::WorkTree, Ground::of_work_files(world)?),
    };
    let suites = selected(&ground, &arguments.tracks, world)?;
    if suites.is_empty() && !world.term.is_json() {
        world.term.note("nothing to test: no track here has a suite\n")?;
    }
    let order =
        Order { kind, force: arguments.force, tell: Tell::Out, dry_run: arguments.dry_run, budget: None, base: None };
    let findings = testing::check(world, &ground, suites, order)?;
    if world.term.is_json() {
        world.term.json(&views::suites::json(&findings))?;
    }
    Ok(exit(&findings))
}

/// 0 where every suite has passed, 3 where only tools were missing, else 1.
pub(crate) fn exit(findings: &[Finding]) -> Exit {
    let stopped: Vec<Outcome> = findings.iter().filter(|f| !f.passed()).map(|f| f.outcome).collect();
    match stopped.as_slice() {
        [] => Exit::Fine,
        outcomes if outcomes.iter().all(|o| *o == Outcome::Toolchain) => Exit::Missing,
        _ => Exit::Verdict,
    }
}

/// The suites that `names` mean; without names those in, above or below the current directory, else all.
pub(crate) fn selected<'a>(ground: &'a Ground, names: &[String], world: &World) -> Result<Vec<Suite<'a>>, Failure> {
    let all = testing::suites(ground);
    let here = here(ground, world);
    if names.is_empty() {
        let near = |s: &Suite<'_>| {
            let track = s.track.path.as_bstr();
            here == track || is_below(here.as_bstr(), track) || is_below(track, here.as_bstr())
        };
        let nearby: Vec<Suite<'a>> = all.iter().copied().filter(near).collect();
        return Ok(if nearby.is_empty() { all } else { nearby });
    }
    let mut chosen: Vec<Suite<'a>> = Vec::new();
    for name in names {
        let matching: Vec<Suite<'a>> = all.iter().copied().filter(|s| is_called(s, name, here.as_bstr())).collect();
        if matching.is_empty() {
            return Err(unknown(name, &all));
        }
        chosen.extend(matching.into_iter().filter(|s| !chosen.iter().any(|c| c.track == s.track)).collect::<Vec<_>>());
    }
    Ok(chosen)
}

fn is_called(suite: &Suite<'_>, name: &str, here: &BStr) -> bool {
    let wanted = name.trim_end_matches('/');
    let in_project = join(BStr::new(&suite.project.id), suite.language.name.as_bytes());
    suite.language.name == wanted
        || suite.track.path == wanted
        || suite.project.id == wanted
        || (suite.project.path == wanted && !wanted.is_empty())
        || in_project == wanted
        || resolve(here, wanted.as_bytes()).is_some_and(|p| suite.track.path == p || suite.project.path == p)
}

fn unknown(name: &str, all: &[Suite<'_>]) -> Failure {
    let failure = Failure::usage(format!("no track with a suite is called {name:?} here"));
    let mut known: Vec<String> =
        all.iter().flat_map(|s| [s.language.name.clone(), s.project.id.clone(), s.track.path.to_string()]).collect();
    known.sort();
    known.dedup();
    known.retain(|k| !k.is_empty());
    match words::nearest(name, known.iter().map(String::as_str)) {
        Some(near) => failure.hint(format!("did you mean {near}?")),
        None if known.is_empty() => failure.hint("no track here has a suite; `mastery status` shows what was found"),
        None => failure.hint(format!("there are: {}", known.join(", "))),
    }
}

/// The current directory from the repository's root.
fn here(ground: &Ground, world: &World) -> BString {
    let top = ground.repo.work_tree().and_then(|t| t.canonicalize().ok());
    let cwd = world.cwd.canonicalize().ok();
    match (top, cwd) {
        (Some(top), Some(cwd)) => {
            cwd.strip_prefix(&top).map(|p| BString::from(p.as_os_str().as_bytes())).unwrap_or_default()
        }
        _ => BString::default(),
    }
}
