//! What is left when a commit is interrupted: nothing that runs, and everything that was there.
#![cfg(target_os = "linux")]

use crate::harness::Sandbox;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

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

/// The processes of this sandbox, by what their environment holds: all of them, however detached.
fn processes(sandbox: &Sandbox) -> Vec<(i32, String)> {
    let mark = format!("RUNS={}", sandbox.root().join("runs").display());
    let mut found = Vec::new();
    for item in fs::read_dir("/proc").unwrap().flatten() {
        let Some(pid) = item.file_name().to_str().and_then(|n| n.parse::<i32>().ok()) else { continue };
        let environment = fs::read(item.path().join("environ")).unwrap_or_default();
        if environment.split(|b| *b == 0).any(|v| v == mark.as_bytes()) {
            let command = fs::read(item.path().join("cmdline")).unwrap_or_default();
            found.push((pid, String::from_utf8_lossy(&command).replace('\0', " ")));
        }
    }
    found
}

/// Waits until `done`, for half a minute at most.
#[track_caller]
fn until(what: &str, mut done: impl FnMut() -> bool) {
    let started = Instant::now();
    while !done() {
        assert!(started.elapsed() < Duration::from_secs(30), "{what} took too long");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[track_caller]
fn nothing_runs(sandbox: &Sandbox) {
    let started = Instant::now();
    while !processes(sandbox).is_empty() {
        assert!(started.elapsed() < Duration::from_secs(30), "still running: {:?}", processes(sandbox));
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn signal(name: &str, target: i64) {
    let status =
        Command::new("kill").args([&format!("-{name}"), "--", &target.to_string()]).stderr(Stdio::null()).status();
    status.unwrap();
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
fn state(sandbox: &Sandbox) -> Vec<String> {
    let git = |arguments: &[&str]| sandbox.git(arguments).ok().out;
    vec![
        git(&["ls-files", "--stage"]),
        git(&["status", "--porcelain=v2"]),
        git(&["for-each-ref"]),
        git(&["config", "--local", "--list"]),
        git(&["stash", "list"]),
        git(&["fsck", "--no-dangling"]),
    ]
}

fn work(sandbox: &Sandbox) -> Vec<(PathBuf, Vec<u8>, std::time::SystemTime)> {
    let files = ["sh/suite.sh", "sh/answer", "sh/other", "sh/untracked", ".mastery.toml"];
    let one = |path: &str| {
        let path = sandbox.work().join(path);
        (path.clone(), fs::read(&path).unwrap(), fs::metadata(&path).unwrap().modified().unwrap())
    };
    files.map(one).to_vec()
}

/// `MASTERY_KILLS` is how many moments are tried.
#[test]
fn a_kill_at_any_moment_loses_nothing() {
    let kills: u64 = std::env::var("MASTERY_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(20);
    let sandbox = sandbox("");
    sandbox.commit_all("base");
    let kinds: [&[&str]; 3] = [
        &["commit", "-q", "-m", "plain"],
        &["commit", "-q", "-a", "-m", "all"],
        &["commit", "-q", "-m", "file", "sh/other"],
    ];
    let mut chance = 0x9E37_79B9_7F4A_7C15_u64;
    for n in 0..kills {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        // Something staged, something unstaged in the same file or another, something untracked.
        sandbox.write("sh/other", format!("{n} staged\n")).git(["add", "sh/other"]).ok();
        sandbox.write("sh/other", format!("{n} unstaged\n")).write("sh/untracked", format!("{n}\n"));
        sandbox.write("sh/answer", if n % 2 == 0 { "42\n\n" } else { "42\n" });
        let (before, files) = (state(&sandbox), work(&sandbox));
        let kind = kinds[usize::try_from(n % 3).unwrap()];
        let mut git = start(&sandbox, kind, "0.03");
        std::thread::sleep(Duration::from_micros((chance >> 33) % 120_000));
        let group = -i64::from(git.id());
        match n % 5 {
            0 | 1 => {
                // The hook's own process, the first of that name: a child that it is just starting bears it too for a moment, and
                // may be the suite's keeper by the time that the signal arrives.
                let found = processes(&sandbox);
                let hook = found.iter().filter(|(_, c)| c.contains(" hook run ")).map(|(pid, _)| i64::from(*pid)).min();
                if let Some(pid) = hook {
                    signal("KILL", pid);
                }
            }
            2 => signal("KILL", group),
            3 => signal("TERM", group),
            _ => signal(if n % 2 == 0 { "INT" } else { "HUP" }, group),
        }
        let ended = git.wait().unwrap();
        nothing_runs(&sandbox);
        // git's own lock, which git leaves where it is itself killed.
        let _ = fs::remove_file(sandbox.work().join(".git/index.lock"));
        for lock in fs::read_dir(sandbox.work().join(".git")).unwrap().flatten() {
            if lock.file_name().to_str().unwrap().starts_with("next-index-") {
                fs::remove_file(lock.path()).unwrap();
            }
        }
        assert_eq!(work(&sandbox), files, "{kind:?}, moment {n}");
        let after = state(&sandbox);
        if after[2] == before[2] {
            assert_eq!(after, before, "{kind:?}, moment {n}, {ended:?}");
        }
    }
    sandbox.git(["commit", "-q", "-a", "-m", "the next one works"]).ok();
    let ran = sandbox.mastery(["test", "--staged"]).ok();
    assert!(ran.out.contains("already passed"), "{}", ran.out);
}
