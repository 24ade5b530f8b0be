//! What is left when a commit is interrupted: nothing that runs, and everything that was there.
#![cfg(target_os = "linux")]

use crate::harness::Sandbox;
use crate::harness::processes::{nothing_runs, processes, signal, until};
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant, SystemTime};

/// A suite that starts a child, a detached child, and a detached child of a detached child, and takes as long as `TAKES` says.
const SUITE: &str = "echo ran >> \"$RUNS\"; sleep 300 & setsid sleep 301 & setsid sh -c 'sleep 302 & sleep 303' &\n\
                     sleep \"${TAKES:-0.05}\"; [ \"$(cat answer)\" = 42 ]\n";

fn sandbox(extra: &str) -> Sandbox {
    let mut sandbox = Sandbox::new();
    let runs = sandbox.root().join("runs").to_str().unwrap().to_owned();
    sandbox.env("RUNS", &runs);
    let configuration = format!(
        "[journal]\nevery = \"off\"\n[languages.sh]\ndirectories = [\"sh\"]\ntest = \"sh suite.sh\"\n{extra}\n"
    );
    sandbox.write(".mastery.toml", configuration).write("sh/suite.sh", SUITE).write("sh/answer", "42\n");
    sandbox.write("sh/other", "1\n");
    sandbox.mastery(["hook", "install"]).ok();
    sandbox
}

/// Starts `git …` in a process group of its own, as a shell does.
fn start(sandbox: &Sandbox, arguments: &[&str], takes: &str) -> Child {
    let mut git = sandbox.command("git", "");
    git.args(arguments).env("TAKES", takes).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
    git.spawn().unwrap()
}

fn has_started(sandbox: &Sandbox) -> bool {
    processes(sandbox).iter().any(|(_, command)| command.contains("sleep 302"))
}

#[test]
fn a_signal_ends_the_suite_with_all_its_processes() {
    for name in ["INT", "TERM", "HUP"] {
        let sandbox = sandbox("");
        sandbox.git(["add", "-A"]).ok();
        let mut git = start(&sandbox, &["commit", "-q", "-m", "x"], "100");
        until("the start of the suite", || has_started(&sandbox));
        signal(name, -i64::from(git.id()));
        git.wait().unwrap();
        nothing_runs(&sandbox);
        assert_ne!(sandbox.git(["rev-parse", "-q", "--verify", "HEAD"]).code, 0);
    }
}

#[test]
fn an_interrupted_run_ends_with_the_code_of_the_signal() {
    let sandbox = sandbox("");
    let mut mastery = sandbox.command(env!("CARGO_BIN_EXE_mastery"), "");
    mastery.args(["test", "sh"]).env("TAKES", "100").stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = mastery.spawn().unwrap();
    until("the start of the suite", || has_started(&sandbox));
    signal("TERM", i64::from(child.id()));
    assert_eq!(child.wait().unwrap().code(), Some(143));
    nothing_runs(&sandbox);
}

#[test]
fn a_suite_that_takes_too_long_is_ended() {
    let sandbox = sandbox("timeout = \"300ms\"");
    sandbox.write("sh/suite.sh", format!("trap '' TERM\n{SUITE}sleep 100\n")).git(["add", "-A"]).ok();
    let refused = sandbox.git(["commit", "-q", "-m", "x"]).fails(1);
    assert!(refused.err.contains("timed out"), "{}", refused.err);
    nothing_runs(&sandbox);
}

#[test]
fn what_a_suite_leaves_running_ends_with_it() {
    let sandbox = sandbox("");
    sandbox.git(["add", "-A"]).ok();
    sandbox.git(["commit", "-q", "-m", "x"]).ok();
    assert!(sandbox.root().join("runs").exists());
    nothing_runs(&sandbox);
}

/// All that an interruption must leave as it was, where no commit was made.
#[derive(Debug, PartialEq)]
struct State {
    refs: String,
    index: String,
    status: String,
    configuration: Vec<u8>,
    stash: Option<Vec<u8>>,
    hooks: Vec<Vec<u8>>,
}

impl State {
    fn of(sandbox: &Sandbox) -> State {
        let git = |arguments: &[&str]| sandbox.git(arguments).ok().out;
        let directory = sandbox.work().join(".git");
        let hooks = ["pre-commit", "commit-msg"].map(|name| fs::read(directory.join("hooks").join(name)).unwrap());
        State {
            refs: git(&["show-ref", "--head"]),
            index: git(&["ls-files", "--stage"]),
            status: git(&["status", "--porcelain=v2"]),
            configuration: fs::read(directory.join("config")).unwrap(),
            stash: fs::read(directory.join("logs/refs/stash")).ok(),
            hooks: hooks.to_vec(),
        }
    }
}

/// Every file below a directory with its bytes and modification time; git's own directory is left out.
fn files(root: &Path) -> BTreeMap<PathBuf, (Vec<u8>, SystemTime)> {
    let mut found = BTreeMap::new();
    let mut pending = vec![root.to_owned()];
    while let Some(directory) = pending.pop() {
        for item in fs::read_dir(&directory).into_iter().flatten() {
            let path = item.unwrap().path();
            if !path.is_dir() {
                let modified = fs::metadata(&path).unwrap().modified().unwrap();
                found.insert(path.clone(), (fs::read(&path).unwrap(), modified));
            } else if path.file_name().unwrap() != ".git" {
                pending.push(path);
            }
        }
    }
    found
}

/// Demands that every receipt can be read, and names the tree that it is filed under.
#[track_caller]
fn receipts_read_back(sandbox: &Sandbox) {
    for (path, (bytes, _)) in files(&sandbox.work().join(".git/mastery/receipts")) {
        // What a killed process was writing aside bears no receipt's name.
        if path.extension().is_some_and(|e| e == "json") {
            let receipt: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
            let tree = path.parent().unwrap().file_name().unwrap();
            assert_eq!(receipt["tree"].as_str(), tree.to_str(), "{}", path.display());
        }
    }
}

/// Removes git's own locks, which git leaves where it is itself killed; mastery has none in git's directory.
fn remove_locks_of_git(sandbox: &Sandbox) {
    let directory = sandbox.work().join(".git");
    let mut pending = vec![directory.clone(), directory.join("refs/heads")];
    while let Some(path) = pending.pop() {
        for item in fs::read_dir(path).unwrap().flatten() {
            if item.path().extension().is_some_and(|e| e == "lock") {
                fs::remove_file(item.path()).unwrap();
            }
        }
    }
    let mastery = files(&directory.join("mastery"));
    assert!(!mastery.keys().any(|path| path.extension().is_some_and(|e| e == "lock")), "{:?}", mastery.keys());
}

/// What is killed, with which signal: the hook's own process, or all that git started and git itself.
fn kill(sandbox: &Sandbox, git: &Child, turn: u64) {
    let group = -i64::from(git.id());
    match turn % 5 {
        0 | 1 => {
            // The hook's own process, the first of that name: a child that it is just starting bears it too for a moment, and
            // may be the suite's keeper by the time that the signal arrives.
            let found = processes(sandbox);
            let hook = found.iter().filter(|(_, c)| c.contains(" hook run ")).map(|(pid, _)| i64::from(*pid)).min();
            if let Some(pid) = hook {
                signal("KILL", pid);
            }
        }
        2 => signal("KILL", group),
        3 => signal("TERM", group),
        _ => signal(if turn.is_multiple_of(2) { "INT" } else { "HUP" }, group),
    }
}

/// `MASTERY_KILLS=200 cargo test --test cli a_kill_at_any_moment` tries as many moments; `MASTERY_SEED` chooses others. The moments
/// are spread over the time that such a commit takes here.
#[test]
fn a_kill_at_any_moment_loses_nothing() {
    let number = |name: &str, default: u64| std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(default);
    let sandbox = sandbox("");
    sandbox.commit_all("base");
    let kinds: [&[&str]; 3] = [
        &["commit", "-q", "-m", "plain"],
        &["commit", "-q", "-a", "-m", "all"],
        &["commit", "-q", "-m", "file", "sh/other"],
    ];
    let mut chance = 0x9E37_79B9_7F4A_7C15_u64.wrapping_add(number("MASTERY_SEED", 0));
    // Something staged, something unstaged in the same file and in another, something untracked.
    let prepare = |n: u64| {
        sandbox.write("sh/other", format!("{n} staged\n")).git(["add", "sh/other"]).ok();
        sandbox.write("sh/other", format!("{n} unstaged\n")).write("sh/untracked", format!("{n}\n"));
        sandbox.write("sh/answer", if n.is_multiple_of(2) { "42\n\n" } else { "42\n" });
    };
    prepare(u64::MAX);
    let started = Instant::now();
    assert!(start(&sandbox, kinds[0], "0.03").wait().unwrap().success());
    let longest = u64::try_from(started.elapsed().as_micros()).unwrap() * 5 / 4;
    let mut refused = 0;
    for n in 0..number("MASTERY_KILLS", 60) {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        prepare(n);
        let (before, work) = (State::of(&sandbox), files(&sandbox.work()));
        let kind = kinds[usize::try_from(n % 3).unwrap()];
        let mut git = start(&sandbox, kind, "0.03");
        std::thread::sleep(Duration::from_micros((chance >> 33) % longest));
        kill(&sandbox, &git, n);
        let ended = git.wait().unwrap();
        nothing_runs(&sandbox);
        remove_locks_of_git(&sandbox);
        assert_eq!(files(&sandbox.work()), work, "{kind:?}, moment {n}");
        receipts_read_back(&sandbox);
        let after = State::of(&sandbox);
        if after.refs == before.refs {
            refused += 1;
            assert_eq!(after, before, "{kind:?}, moment {n}, {ended:?}");
        } else {
            let tree = sandbox.git(["rev-parse", "HEAD:sh"]).ok().out;
            let receipts = sandbox.work().join(".git/mastery/receipts").join(&tree[..2]).join(tree.trim());
            assert!(receipts.is_dir(), "{kind:?}, moment {n}, {ended:?}: committed and not tested");
        }
        assert!(start(&sandbox, &["commit", "-q", "-a", "--allow-empty", "-m", "next"], "0").wait().unwrap().success());
    }
    assert!(refused > 0, "no moment was early enough to stop a commit");
    sandbox.git(["fsck", "--no-dangling"]).ok();
    let ran = sandbox.mastery(["test", "--rev", "HEAD"]).ok();
    assert!(ran.out.contains("already passed"), "{}", ran.out);
}

#[test]
fn a_verify_that_was_ended_goes_on_from_what_it_had_found() {
    for name in ["TERM", "KILL"] {
        let mut sandbox = Sandbox::new();
        let runs = sandbox.root().join("runs").to_str().unwrap().to_owned();
        sandbox.env("RUNS", &runs);
        sandbox.write(
            ".mastery.toml",
            "[journal]\nevery = \"off\"\n[languages.sh]\ndirectories = [\"sh\"]\ntest = \"sh suite.sh\"\n",
        );
        sandbox.write(
            "sh/suite.sh",
            "cat answer >> \"$RUNS\"; [ \"$(cat answer)\" != 3 ] || [ -n \"$FREE\" ] || sleep 302\n",
        );
        for answer in 1..=4 {
            sandbox.write("sh/answer", format!("{answer}\n"));
            sandbox.commit_all(&format!("chore: {answer}"));
        }
        let mut verify = sandbox.command(env!("CARGO_BIN_EXE_mastery"), "");
        verify.args(["verify", "HEAD"]).stdout(Stdio::null()).stderr(Stdio::piped());
        let child = verify.spawn().unwrap();
        until("the third run", || has_started(&sandbox));
        signal(name, i64::from(child.id()));
        let ended = sandbox.normalise(&child.wait_with_output().unwrap());
        assert_eq!(ended.code, if name == "TERM" { 143 } else { 137 });
        assert!(name == "KILL" || ended.err.contains("the same command goes on from here"), "{}", ended.err);
        nothing_runs(&sandbox);
        sandbox.env("FREE", "yes");
        let ran = sandbox.mastery(["verify", "HEAD"]).ok();
        assert!(ran.out.contains("4 commits, all passed (2 ran)"), "{}", ran.all());
        assert_eq!(fs::read_to_string(&runs).unwrap(), "1\n2\n3\n3\n4\n");
        assert_eq!(sandbox.git(["status", "--porcelain"]).ok().out, "");
    }
}

#[test]
fn after_an_interruption_no_other_suite_begins() {
    let sandbox = sandbox("");
    let more = "[languages.two]\ndirectories = [\"two\"]\ntest = \"echo two >> \\\"$RUNS\\\"\"\n[hooks]\njobs = 1\n";
    sandbox.write(".mastery.toml", sandbox.read(".mastery.toml") + more).write("two/file", "1\n");
    let mut mastery = sandbox.command(env!("CARGO_BIN_EXE_mastery"), "");
    mastery.args(["test"]).env("TAKES", "100").stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = mastery.spawn().unwrap();
    until("the start of the suite", || has_started(&sandbox));
    signal("INT", i64::from(child.id()));
    assert_eq!(child.wait().unwrap().code(), Some(130));
    nothing_runs(&sandbox);
    assert_eq!(fs::read_to_string(sandbox.root().join("runs")).unwrap(), "ran\n");
}
