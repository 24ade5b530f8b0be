//! The middle of the commit street: receipts are looked up, the suites without one run, and what was found is kept.

mod course;
pub mod lanes;

use crate::commands::ground::{self, Ground};
use crate::failure::Failure;
use crate::git::{Entry, Files, ObjectId};
use crate::suites::Suite;
use crate::suites::finding::Finding;
use crate::suites::fingerprint::Fingerprint;
use crate::suites::inputs::Inputs;
use crate::suites::receipt::{Outcome, Receipt, Receipts};
use crate::suites::toolchain::{Absent, Bench};
use crate::views::{self, words};
use crate::world::World;
use bstr::{BStr, BString, ByteSlice};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Which content is tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// What is staged: in place where the work tree holds just that, else in a snapshot.
    Staged,
    /// What the work tree holds: in place.
    WorkTree,
    /// A commit's: in a snapshot.
    Commit,
}

/// Where findings are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tell {
    /// On standard output.
    Out,
    /// On standard error.
    Err,
    /// Nowhere: whoever asked shows them in a way of its own.
    Nobody,
}

/// How to go about it.
#[derive(Debug, Clone, Copy)]
pub struct Order {
    /// Which content.
    pub kind: Kind,
    /// Whether suites run also where a receipt says that they have passed.
    pub force: bool,
    /// Who is told of findings, as they come.
    pub tell: Tell,
    /// Whether to say what would run, and run nothing.
    pub dry_run: bool,
    /// A suite that took longer than this last time waits for the push.
    pub budget: Option<Duration>,
    /// A tree: a suite whose inputs differ from it in nothing, or only in what `ignore` names, is passed over.
    pub base: Option<ObjectId>,
}

/// A suite with all that its receipt is found by.
struct Task<'a> {
    suite: Suite<'a>,
    inputs: Inputs,
    tree: ObjectId,
    key: ObjectId,
    fingerprint: Fingerprint,
    bench: Bench,
}

/// Finds out about every suite in the order given: from its receipt, or by running it. What was found is shown and kept.
pub fn check(world: &World, ground: &Ground, suites: Vec<Suite<'_>>, order: Order) -> Result<Vec<Finding>, Failure> {
    let street = Street { world, ground, order };
    let mut findings: Vec<Option<Finding>> = Vec::new();
    let mut tasks = Vec::new();
    for suite in suites {
        match street.look_up(suite)? {
            Looked::Nothing => {}
            Looked::Found(finding) => {
                street.show(&finding)?;
                findings.push(Some(*finding));
            }
            Looked::Missing(task) if order.dry_run => world.term.out(&street.would(&task)?)?,
            Looked::Missing(task) if street.waits(&task)? => {}
            Looked::Missing(task) => {
                tasks.push((findings.len(), *task));
                findings.push(None);
            }
        }
    }
    if !tasks.is_empty() {
        for (place, finding) in street.run(tasks)? {
            findings[place] = Some(finding);
        }
    }
    if let Some(signal) = world.interrupt.signal() {
        return Err(Failure::interrupted(signal));
    }
    Ok(findings.into_iter().flatten().collect())
}

/// The tracks that have a suite, as `ground` found them.
pub fn suites(ground: &Ground) -> Vec<Suite<'_>> {
    ground
        .tracks()
        .filter_map(|(project, track)| {
            let language = ground.config.languages.get(&track.language)?;
            Some(Suite { project, track, language, command: language.test.as_deref()? })
        })
        .collect()
}

/// Refuses an index with conflicts: nobody can say what it will hold.
pub(crate) fn refuse_conflicts(ground: &Ground) -> Result<(), Failure> {
    let conflicts = &ground.conflicts;
    let Some(first) = conflicts.first() else { return Ok(()) };
    let more = if conflicts.len() > 1 {
        format!(" and {} more", words::count(conflicts.len() - 1, "path"))
    } else {
        String::new()
    };
    Err(Failure::verdict(format!("there are conflicts in the index: {first}{more}"))
        .hint("resolve them, `git add` the files, then do this again"))
}

enum Looked<'a> {
    /// It is as it was.
    Nothing,
    Found(Box<Finding>),
    Missing(Box<Task<'a>>),
}

struct Street<'a> {
    world: &'a World,
    ground: &'a Ground,
    order: Order,
}

impl<'a> Street<'a> {
    fn receipts(&self) -> Receipts {
        Receipts::below(self.ground.repo.common_dir())
    }

    /// The bytes of an entry of the content that is tested.
    fn read(&self, entry: &Entry) -> Option<Vec<u8>> {
        match self.order.kind {
            Kind::WorkTree => std::fs::read(self.in_work_tree(entry.path.as_bstr())?).ok(),
            Kind::Staged | Kind::Commit => self.ground.repo.blob(entry.id),
        }
    }

    /// The index that git names, else the work tree's own.
    fn index(&self) -> PathBuf {
        ground::index(self.world, &self.ground.repo)
    }

    /// Where a path is in the work tree.
    fn in_work_tree(&self, path: &BStr) -> Option<PathBuf> {
        self.ground.repo.work_tree().map(|top| top.join(OsStr::from_bytes(path)))
    }

    /// The receipt of a suite, or all that is needed to run it.
    fn look_up(&self, suite: Suite<'a>) -> Result<Looked<'a>, Failure> {
        let read = |e: &Entry| self.read(e);
        let inputs = Inputs::of(suite.track, suite.language, &self.ground.entries, &read);
        if self.order.base.is_some_and(|base| self.is_as_in(&inputs, base)) {
            return Ok(Looked::Nothing);
        }
        let known = inputs.is_the_track_alone().then(|| self.ground.object(suite.track.path.as_bstr())).flatten();
        let tree = known.unwrap_or_else(|| inputs.tree(&self.ground.entries));
        let places = [suite.track.path.as_bstr(), suite.project.path.as_bstr(), BStr::new("")];
        let directories: Vec<PathBuf> = places.iter().filter_map(|p| self.in_work_tree(p)).collect();
        let bench = Bench::of(suite.language, &directories, &self.world.env);
        let here =
            directories.iter().find(|d| d.is_dir()).cloned().unwrap_or_else(|| self.ground.repo.git_dir().to_owned());
        let tools = match bench.tools(suite.language, &here, &self.world.env.cache_directory()?) {
            Ok(tools) => tools,
            Err(absent) => return Ok(Looked::Found(Box::new(missing(&suite, tree, absent)))),
        };
        let fingerprint =
            Fingerprint::of(suite.command, suite.language, &self.world.env, &tools, &self.ground.config.tests);
        let receipts = self.receipts();
        let passed = |id| receipts.find(id, &fingerprint.hex).filter(|r| r.outcome == Outcome::Passed);
        if !self.order.force
            && let Some(receipt) = passed(tree)
        {
            return Ok(Looked::Found(Box::new(remembered(&suite, &receipt))));
        }
        if receipts.is_damaged(tree, &fingerprint.hex) {
            self.world.term.err(&views::suites::damaged(&blank(&suite, tree, Outcome::Interrupted)))?;
        }
        let key = inputs.key(&self.ground.entries, suite.language, &read);
        if !self.order.force
            && key != tree
            && let Some(receipt) = passed(key)
        {
            let receipt = Receipt { tree, ..receipt };
            receipts.keep(&receipt)?;
            return Ok(Looked::Found(Box::new(remembered(&suite, &receipt))));
        }
        if let Some(base) = self.order.base {
            let (base, blob) = (self.ground.repo.entries(base)?, |e: &Entry| self.ground.repo.blob(e.id));
            if Inputs::of(suite.track, suite.language, &base, &blob).key(&base, suite.language, &blob) == key {
                return Ok(Looked::Nothing);
            }
        }
        Ok(Looked::Missing(Box::new(Task { suite, inputs, tree, key, fingerprint, bench })))
    }

    /// Whether the tree `base` has the same inputs, and nothing more that could be one.
    fn is_as_in(&self, inputs: &Inputs, base: ObjectId) -> bool {
        let is_same =
            |place: &BString| self.ground.item(place.as_bstr()) == self.ground.repo.item_at(base, place.as_bstr());
        inputs.considered().all(is_same)
    }

    /// Keeps what was found, for its tree and for the key under which changed documents find it.
    fn keep(&self, task: &Task<'_>, finding: &Finding) -> Result<(), Failure> {
        // A pass in doubt lets this commit through, and speaks for nothing later.
        let is_doubtful = finding.doubt.is_some() && finding.outcome == Outcome::Passed;
        if is_doubtful || matches!(finding.outcome, Outcome::Interrupted | Outcome::Toolchain) {
            return Ok(());
        }
        let receipt = Receipt {
            schema: 1,
            language: finding.language.clone(),
            track: finding.track.to_string(),
            tree: task.tree,
            fingerprint: task.fingerprint.hex.clone(),
            outcome: finding.outcome,
            counts: finding.counts,
            failing: finding.failures.iter().map(|f| f.name.clone()).collect(),
            coverage: finding.coverage,
            duration_ms: u64::try_from(finding.duration.as_millis()).unwrap_or(u64::MAX),
            at: self.world.now,
            command: finding.command.clone(),
            tools: task.fingerprint.tools.clone(),
        };
        self.receipts().keep_last(&task.suite.slug(), finding.duration)?;
        self.receipts().keep(&receipt)?;
        if task.key != task.tree {
            self.receipts().keep(&Receipt { tree: task.key, ..receipt })?;
        }
        Ok(())
    }

    /// Whether a suite is too slow for this moment, which is then said.
    fn waits(&self, task: &Task<'_>) -> Result<bool, Failure> {
        let last = self.receipts().last(&task.suite.slug());
        let (Some(last), Some(budget)) = (last, self.order.budget) else { return Ok(false) };
        if last > budget {
            let finding = blank(&task.suite, task.tree, Outcome::Interrupted);
            self.world.term.err(&views::suites::waits(&finding, last, budget))?;
        }
        Ok(last > budget)
    }

    /// What would happen to a suite that has no receipt.
    fn would(&self, task: &Task<'_>) -> Result<String, Failure> {
        let place = if self.runs_in_place(task)? { "in the work tree" } else { "in a snapshot" };
        Ok(views::suites::would(&blank(&task.suite, task.tree, Outcome::Interrupted), place))
    }

    /// Whether the work tree holds just what is staged of the inputs, and nothing more that a suite would take for one.
    fn is_as_staged(&self, inputs: &Inputs, files: Files) -> Result<bool, Failure> {
        let places: Vec<BString> = inputs.considered().cloned().collect();
        self.ground.repo.is_as_staged(&places, files, &self.index())
    }

    /// Whether the work tree holds just the content that is tested.
    fn runs_in_place(&self, task: &Task<'_>) -> Result<bool, Failure> {
        match self.order.kind {
            Kind::WorkTree => Ok(true),
            Kind::Commit => Ok(false),
            Kind::Staged if self.ground.repo.work_tree().is_none() => Ok(false),
            Kind::Staged => Ok(self.is_as_staged(&task.inputs, Files::All)?
                && self
                    .ground
                    .repo
                    .is_as_checked_out(&task.inputs.select(&self.ground.entries), &self.ground.entries)?),
        }
    }

    fn show(&self, finding: &Finding) -> Result<(), Failure> {
        if self.world.term.is_json() || (self.world.term.quiet && finding.passed()) {
            return Ok(());
        }
        // A short path is of use only where it leads somewhere from here.
        let cwd = &self.world.cwd;
        let is_here = |top: &&Path| top == cwd || top.canonicalize().ok() == cwd.canonicalize().ok();
        let here = self.ground.repo.work_tree().filter(is_here);
        let text = views::suites::text(finding, self.world.now, here);
        match self.order.tell {
            Tell::Out => self.world.term.out(&text),
            Tell::Err => self.world.term.err(&text),
            Tell::Nobody => Ok(()),
        }
    }
}

/// A finding about which nothing is known yet but which suite it is of.
fn blank(suite: &Suite<'_>, tree: ObjectId, outcome: Outcome) -> Finding {
    Finding {
        project: suite.project.id.clone(),
        language: suite.language.name.clone(),
        track: suite.track.path.clone(),
        tree,
        command: suite.command.to_owned(),
        outcome,
        passed_before: None,
        counts: None,
        failures: Vec::new(),
        coverage: None,
        duration: Duration::ZERO,
        snapshot: None,
        log: None,
        tail: String::new(),
        doubt: None,
        note: None,
        mend: None,
    }
}

fn missing(suite: &Suite<'_>, tree: ObjectId, absent: Absent) -> Finding {
    Finding { note: Some(absent.what), mend: Some(absent.mend), ..blank(suite, tree, Outcome::Toolchain) }
}

fn remembered(suite: &Suite<'_>, receipt: &Receipt) -> Finding {
    Finding {
        passed_before: Some(receipt.at),
        counts: receipt.counts,
        coverage: receipt.coverage,
        duration: Duration::from_millis(receipt.duration_ms),
        ..blank(suite, receipt.tree, Outcome::Passed)
    }
}
