//! Running the suites that have no receipt: each in its place, several at once, with a live line on a terminal.

use super::{Kind, Street, Task, Tell, blank};
use crate::config::Config;
use crate::failure::Failure;
use crate::git::Files;
use crate::suites::finding::Finding;
use crate::suites::judge::{self, judge};
use crate::suites::receipt::Outcome;
use crate::suites::reports::{self, Tests, Unreadable};
use crate::suites::snapshot::{self, Snapshot, Trouble};
use crate::suites::{coverage, log, wiring};
use crate::system::exec::suite::{Cause, Ended, Suite as Process};
use crate::system::files;
use crate::system::interrupt::Interrupt;
use crate::views;
use bstr::ByteSlice;
use std::collections::VecDeque;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError, mpsc};
use std::time::{Duration, Instant};

/// A suite that is ready to run.
struct Ready {
    setup: Option<Process>,
    process: Process,
    report: PathBuf,
    snapshot: Option<Snapshot>,
    coverage: coverage::Before,
}

/// How a suite went.
enum Went {
    /// It ran.
    Ran(Result<Ended, Failure>),
    /// Its `setup` did not end well; this is its log.
    NotSetUp(Result<Ended, Failure>, PathBuf),
}

/// Whether something can be run, or what is in the way.
type OrTrouble<T> = Result<T, Trouble>;

impl<'a> Street<'a> {
    /// Runs every task, and gives each finding with the number that came with the task.
    pub(super) fn run(&self, tasks: Vec<(usize, Task<'a>)>) -> Result<Vec<(usize, Finding)>, Failure> {
        let mut findings = Vec::new();
        let (mut ready, mut running) = (Vec::new(), Vec::new());
        for (place, task) in tasks {
            match self.prepare(&task, false)? {
                Ok(prepared) => {
                    ready.push(prepared);
                    running.push((place, task));
                }
                Err(trouble) => {
                    let finding = troubled(&task, trouble);
                    self.show(&finding)?;
                    findings.push((place, finding));
                }
            }
        }
        let mut again = Vec::new();
        self.all(&running, ready, &mut |number, ready, went| {
            let (place, task) = &running[number];
            let in_place = ready.snapshot.is_none();
            let finding = self.conclude(task, &ready, went)?;
            if in_place && self.changed_meanwhile(task, &finding)? {
                again.push(number);
                return Ok(());
            }
            self.keep(task, &finding)?;
            self.show(&finding)?;
            findings.push((*place, finding));
            Ok(())
        })?;
        for number in again {
            let (place, task) = &running[number];
            let finding = self.run_aside(task)?;
            self.show(&finding)?;
            findings.push((*place, finding));
        }
        Ok(findings)
    }

    /// The work tree changed while a suite ran in it: it runs once more where nobody can reach.
    fn run_aside(&self, task: &Task<'a>) -> Result<Finding, Failure> {
        if self.order.kind == Kind::WorkTree {
            let finding = Finding {
                note: Some("the work tree changed while it ran".into()),
                ..blank(&task.suite, task.tree, Outcome::Interrupted)
            };
            return Ok(Finding { mend: Some("run it again".into()), ..finding });
        }
        let ready = match self.prepare(task, true)? {
            Ok(ready) => ready,
            Err(trouble) => return Ok(troubled(task, trouble)),
        };
        let went = go(&ready, &self.world.interrupt);
        let finding = self.conclude(task, &ready, went)?;
        self.keep(task, &finding)?;
        Ok(finding)
    }

    /// Whether a suite that ran in place may have seen something else than what its receipt would name.
    fn changed_meanwhile(&self, task: &Task<'a>, finding: &Finding) -> Result<bool, Failure> {
        if finding.outcome == Outcome::Interrupted {
            return Ok(false);
        }
        match self.order.kind {
            Kind::Staged => {
                // What is staged may have changed together with the work tree.
                let staged = self.ground.repo.staged_in(&self.index())?.entries;
                Ok(task.inputs.tree(&staged) != task.tree || !self.is_as_staged(&task.inputs, Files::Tracked)?)
            }
            Kind::WorkTree => {
                let now = self.ground.repo.work_tree_entries()?;
                let tracked: Vec<_> = now
                    .into_iter()
                    .filter(|e| self.ground.entries.binary_search_by(|s| s.path.cmp(&e.path)).is_ok())
                    .collect();
                Ok(task.inputs.tree(&tracked) != task.tree)
            }
            Kind::Commit => Ok(false),
        }
    }

    /// Decides where a suite runs, and makes the place ready.
    fn prepare(&self, task: &Task<'a>, aside: bool) -> Result<OrTrouble<Ready>, Failure> {
        let in_place = !aside && self.runs_in_place(task)?;
        let slug = task.suite.slug();
        let log = log::path(self.ground.repo.common_dir(), &slug);
        let language = task.suite.language;
        if in_place {
            let Some(directory) = self.in_work_tree(task.suite.track.path.as_bstr()) else {
                return Ok(Err(no_work_tree()));
            };
            if let Some(trouble) = not_installed(task, &directory, self.ground.repo.work_tree()) {
                return Ok(Err(trouble));
            }
            let wired = wiring::wire(language, task.suite.command, &directory, &task.bench, &log);
            let process = Process {
                command: wired.command,
                directory,
                env: wired.env,
                log,
                output: wired.output,
                timeout: language.timeout,
            };
            let coverage = coverage::Before::of(&process.directory);
            return Ok(Ok(Ready { setup: None, process, report: wired.report, snapshot: None, coverage }));
        }
        self.prepare_snapshot(task, &slug, log)
    }

    fn prepare_snapshot(&self, task: &Task<'a>, slug: &str, log: PathBuf) -> Result<OrTrouble<Ready>, Failure> {
        let language = task.suite.language;
        let content = snapshot::Content { repo: &self.ground.repo, entries: &self.ground.entries };
        let home = snapshot::home(&self.ground.repo, &self.world.env)?;
        let snapshot = match Snapshot::lay(&home, slug, content, &task.inputs, language)? {
            Ok(snapshot) => snapshot,
            Err(trouble) => return Ok(Err(trouble)),
        };
        let track = Path::new(OsStr::from_bytes(&task.suite.track.path));
        let directory = snapshot.root.join(track);
        let mut bench = task.bench.clone();
        let mut ceiling = home.into_os_string();
        if let Some(before) = self.world.env.get("GIT_CEILING_DIRECTORIES") {
            ceiling.push(":");
            ceiling.push(before);
        }
        bench.env.set("GIT_CEILING_DIRECTORIES", ceiling);
        let wants_setup = snapshot.wants_setup(content, &task.inputs, language);
        if !wants_setup && let Some(trouble) = not_installed(task, &directory, Some(&snapshot.root)) {
            return Ok(Err(trouble));
        }
        if language.preset.is_some_and(|p| p.name == "python") {
            let top = self.ground.repo.work_tree().unwrap_or(&snapshot.root);
            match snapshot::python::path(&snapshot.root, track, top, &bench) {
                Ok(path) => bench.env.set("PYTHONPATH", path),
                Err(trouble) => return Ok(Err(trouble)),
            }
        }
        let wired = wiring::wire(language, task.suite.command, &directory, &bench, &log);
        let process = Process {
            command: wired.command,
            directory,
            env: wired.env,
            log,
            output: wired.output,
            timeout: language.timeout,
        };
        let setup = wants_setup.then(|| Process {
            command: language.setup.clone(),
            log: process.log.with_extension("setup.log"),
            output: None,
            ..process.clone()
        });
        let coverage = coverage::Before::of(&process.directory);
        Ok(Ok(Ready { setup, process, report: wired.report, snapshot: Some(snapshot), coverage }))
    }

    /// Runs all that are ready, as many at once as `jobs` allows, and hands over each as it ends.
    fn all(
        &self,
        tasks: &[(usize, Task<'a>)],
        ready: Vec<Ready>,
        done: &mut dyn FnMut(usize, Ready, Went) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let jobs = jobs(&self.ground.config);
        let total = ready.len();
        let queue: Mutex<VecDeque<(usize, Ready)>> = Mutex::new(ready.into_iter().enumerate().collect());
        let started: Mutex<Vec<Option<Instant>>> = Mutex::new(vec![None; total]);
        let live = self.world.term.is_live() && self.order.tell != Tell::Nobody;
        let interrupt = &self.world.interrupt;
        std::thread::scope(|scope| {
            let (tell, told) = mpsc::channel();
            for _ in 0..jobs.min(total) {
                let (tell, queue, started) = (tell.clone(), &queue, &started);
                scope.spawn(move || {
                    loop {
                        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
                        let Some((number, ready)) = next else { break };
                        started.lock().unwrap_or_else(PoisonError::into_inner)[number] = Some(Instant::now());
                        let went = go(&ready, interrupt);
                        started.lock().unwrap_or_else(PoisonError::into_inner)[number] = None;
                        let _ = tell.send((number, ready, went));
                    }
                });
            }
            drop(tell);
            let mut result = Ok(());
            loop {
                match told.recv_timeout(Duration::from_millis(100)) {
                    Ok((number, ready, went)) => {
                        if live {
                            self.world.term.live("");
                        }
                        result = result.and_then(|()| done(number, ready, went));
                    }
                    Err(mpsc::RecvTimeoutError::Timeout) if live => {
                        let started = started.lock().unwrap_or_else(PoisonError::into_inner);
                        let running: Vec<(String, u64)> = started
                            .iter()
                            .zip(tasks)
                            .filter_map(|(s, (_, task))| {
                                Some((task.suite.track.path.to_string(), s.as_ref()?.elapsed().as_secs()))
                            })
                            .map(|(name, seconds)| (if name.is_empty() { "suite".into() } else { name }, seconds))
                            .collect();
                        self.world.term.live(&views::suites::live(&running));
                    }
                    Err(mpsc::RecvTimeoutError::Timeout) => {}
                    Err(mpsc::RecvTimeoutError::Disconnected) => break result,
                }
            }
        })
    }

    /// Reads the report and says what the run means.
    fn conclude(&self, task: &Task<'a>, ready: &Ready, went: Went) -> Result<Finding, Failure> {
        let snapshot = ready.snapshot.as_ref().map(|s| s.root.clone());
        let doubt = ready.snapshot.as_ref().and_then(|s| s.doubt.clone());
        let ended = match went {
            Went::NotSetUp(ended, log) => {
                let interrupted = ended.is_ok_and(|e| e.cause == Cause::Stopped);
                let outcome = if interrupted { Outcome::Interrupted } else { Outcome::Toolchain };
                let note = Some("its `setup` command failed on the staged lock file".into());
                let tail = log::tail(&log, 20);
                return Ok(Finding { note, tail, log: Some(log), snapshot, ..blank(&task.suite, task.tree, outcome) });
            }
            Went::Ran(ended) => ended?,
        };
        if ready.setup.is_some()
            && let Some(snapshot) = &ready.snapshot
        {
            let content = snapshot::Content { repo: &self.ground.repo, entries: &self.ground.entries };
            snapshot.set_up(content, &task.inputs, task.suite.language)?;
        }
        let report = read(task, ready)?;
        let tail = log::tail(&ready.process.log, 400);
        let format = task.suite.language.report;
        let coverage = ready.coverage.since().map(|c| c.percent);
        let run = judge::Run {
            ended: &ended,
            format,
            report: &report,
            log: &tail,
            coverage,
            rules: &self.ground.config.tests,
        };
        let judgement = judge(&run);
        let tests = report.ok().flatten().map(|tests| tests.seen_from(&ready.process.directory));
        Ok(Finding {
            coverage,
            counts: tests.as_ref().map(|t| t.counts),
            failures: tests.map(|t| [t.problems, t.failures].concat()).unwrap_or_default(),
            duration: Duration::from_millis(ended.duration_ms),
            snapshot,
            log: Some(ready.process.log.clone()),
            tail,
            note: judgement.note,
            mend: judgement.mend.or_else(|| doubt.as_ref().map(|d| d.mend.clone())),
            doubt: doubt.map(|d| d.what),
            ..blank(&task.suite, task.tree, judgement.outcome)
        })
    }
}

/// How many suites run at once.
pub(super) fn jobs(config: &Config) -> usize {
    match config.hooks.jobs {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        jobs => jobs,
    }
}

/// Runs one suite, after its `setup` where it has one.
fn go(ready: &Ready, interrupt: &Interrupt) -> Went {
    if let Some(setup) = &ready.setup {
        let ended = setup.run(interrupt);
        if !matches!(&ended, Ok(e) if e.cause == Cause::Itself && e.code == 0) {
            return Went::NotSetUp(ended, setup.log.clone());
        }
    }
    Went::Ran(ready.process.run(interrupt))
}

/// The largest report that is read, in bytes: with more, a suite could take all memory.
const LARGEST: u64 = 256 << 20;

/// The report of a run: the file that was asked for, else standard output where that is where the format puts it.
fn read(task: &Task<'_>, ready: &Ready) -> Result<Result<Option<Tests>, Unreadable>, Failure> {
    let format = task.suite.language.report;
    if let Some(output) = &ready.process.output {
        log::add_events(&ready.process.log, output)?;
    }
    let size = std::fs::metadata(&ready.report).map_or(0, |about| about.len());
    if size > LARGEST {
        let what = format!("it has {} MiB, more than the {} that are read", size >> 20, LARGEST >> 20);
        return Ok(Err(Unreadable { format: "large", what }));
    }
    let bytes = match files::read(&ready.report)? {
        Some(bytes) => Some(bytes),
        None => ready.process.output.as_ref().map(|p| files::read(p)).transpose()?.flatten(),
    };
    Ok(bytes.map_or(Ok(None), |bytes| reports::parse(format, &bytes)))
}

fn troubled(task: &Task<'_>, trouble: Trouble) -> Finding {
    Finding { note: Some(trouble.what), mend: Some(trouble.mend), ..blank(&task.suite, task.tree, Outcome::Toolchain) }
}

fn no_work_tree() -> Trouble {
    Trouble { what: "there is no work tree".into(), mend: "name a commit with --rev".into() }
}

/// A Node project that declares dependencies and has none installed: npm's own words for that are of little help.
fn not_installed(task: &Task<'_>, directory: &Path, top: Option<&Path>) -> Option<Trouble> {
    let language = task.suite.language;
    if language.preset.is_none_or(|p| p.name != "nestjs") || !language.dependencies.iter().any(|d| d == "node_modules")
    {
        return None;
    }
    let manifest: serde_json::Value =
        serde_json::from_slice(&std::fs::read(directory.join("package.json")).ok()?).ok()?;
    let wants = ["dependencies", "devDependencies"]
        .iter()
        .any(|k| manifest.get(k).and_then(|v| v.as_object()).is_some_and(|o| !o.is_empty()));
    let above = directory.ancestors().take_while(|a| top.is_none_or(|top| a.starts_with(top)));
    let installed = above.into_iter().any(|a| a.join("node_modules").is_dir());
    (wants && !installed).then(|| Trouble {
        what: "its dependencies are not installed: there is no node_modules".into(),
        mend: format!("npm install --prefix {}", crate::views::words::shell(&shown_track(task))),
    })
}

fn shown_track(task: &Task<'_>) -> String {
    let path = task.suite.track.path.to_str_lossy().into_owned();
    if path.is_empty() { ".".into() } else { path }
}
