//! Suites over a range of commits: a lane a suite, which goes from commit to commit so that its snapshot stays warm; several lanes
//! at once.

use super::{Kind, Order, Tell, check, course, suites};
use crate::commands::ground::Ground;
use crate::config::Config;
use crate::config::schema::Gate;
use crate::failure::Failure;
use crate::git::Commit;
use crate::suites::finding::Finding;
use crate::views;
use crate::world::World;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError, mpsc};

/// A suite with what was found out about it, commit by commit.
#[derive(Debug, Clone, Default)]
pub struct Lane {
    /// The number of each commit that has it, with the finding, in the order of the commits.
    pub findings: Vec<(usize, Finding)>,
}

impl Lane {
    /// The first commit at which it has not passed.
    pub fn first_bad(&self) -> Option<&(usize, Finding)> {
        self.findings.iter().find(|(_, finding)| !finding.passed())
    }
}

/// A lane that is to be walked.
struct Walk {
    slug: String,
    commits: Vec<usize>,
}

/// Finds out about every suite of every commit, from its receipt or by running it in a snapshot. Each commit is judged
/// by its own configuration; or all by `push`, that of a pushed tip, and then languages whose gate is off are left out.
///
/// # Errors
/// A commit can't be read, its configuration is broken, or a signal arrived; what was found until then is kept.
pub fn walk(world: &World, commits: &[Commit], push: Option<&Config>) -> Result<Vec<Lane>, Failure> {
    let (walks, jobs) = plan(world, commits, push)?;
    let total: usize = walks.iter().map(|w| w.commits.len()).sum();
    let mut lanes = vec![Lane::default(); walks.len()];
    let count = walks.len();
    let queue: Mutex<VecDeque<(usize, Walk)>> = Mutex::new(walks.into_iter().enumerate().collect());
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let (tell, told) = mpsc::channel();
        for _ in 0..jobs.min(count) {
            let (tell, queue, is_over) = (tell.clone(), &queue, &is_over);
            scope.spawn(move || {
                loop {
                    let next = queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
                    let Some((number, walk)) = next else { break };
                    for at in walk.commits {
                        if is_over.load(Ordering::Relaxed) {
                            return;
                        }
                        let found = one(world, &commits[at], &walk.slug, push);
                        let _ = tell.send((number, at, found));
                    }
                }
            });
        }
        drop(tell);
        let mut result = Ok(());
        for (done, (number, at, found)) in told.iter().enumerate() {
            let found = found.and_then(|finding| {
                progress(world, &commits[at], &finding, done + 1, total)?;
                Ok(finding)
            });
            match found {
                Ok(finding) => lanes[number].findings.push((at, finding)),
                Err(failure) => {
                    is_over.store(true, Ordering::Relaxed);
                    result = result.and(Err(failure));
                }
            }
        }
        result
    })?;
    if world.term.is_live() {
        world.term.live("");
    }
    Ok(lanes)
}

/// Which suites there are in which commits, and how many may run at once.
fn plan(world: &World, commits: &[Commit], push: Option<&Config>) -> Result<(Vec<Walk>, usize), Failure> {
    let mut walks: Vec<Walk> = Vec::new();
    let mut jobs = 1;
    for (number, commit) in commits.iter().enumerate() {
        let ground = ground(world, commit, push)?;
        jobs = course::jobs(&ground.config);
        for suite in suites(&ground) {
            if push.is_some() && suite.language.gate == Gate::Off {
                continue;
            }
            let slug = suite.slug();
            match walks.iter_mut().find(|w| w.slug == slug) {
                Some(walk) => walk.commits.push(number),
                None => walks.push(Walk { slug, commits: vec![number] }),
            }
        }
    }
    Ok((walks, jobs))
}

fn ground(world: &World, commit: &Commit, push: Option<&Config>) -> Result<Ground, Failure> {
    match push {
        Some(config) => Ground::of_commit_under(world, commit.id, config.clone()),
        None => Ground::of_commit(world, commit.id),
    }
}

fn one(world: &World, commit: &Commit, slug: &str, push: Option<&Config>) -> Result<Finding, Failure> {
    let ground = ground(world, commit, push)?;
    let wanted = suites(&ground).into_iter().filter(|s| s.slug() == slug).collect();
    let order =
        Order { kind: Kind::Commit, force: false, tell: Tell::Nobody, dry_run: false, budget: None, base: None };
    let gone = || Failure::missing(format!("the suite {slug} is no longer in commit {}", commit.id.short()));
    check(world, &ground, wanted, order)?.pop().ok_or_else(gone)
}

/// A line for each run, and how far it is on a terminal.
fn progress(world: &World, commit: &Commit, finding: &Finding, done: usize, total: usize) -> Result<(), Failure> {
    let live = world.term.is_live();
    if live {
        world.term.live("");
    }
    if finding.passed_before.is_none() || world.term.verbose {
        world.term.note(&views::verify::progress(commit, finding, world.now))?;
    }
    if live {
        world.term.live(&format!("{done} of {total}"));
    }
    Ok(())
}
