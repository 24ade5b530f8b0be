//! mastery beside the real hook managers, whichever came first: each commit runs both, either's failure stops it, and taking
//! mastery away leaves the other as it was.

use super::tools::{MANAGERS, Tool, installed_tools};
use crate::harness::{Ran, Sandbox};
use std::fs;
use std::path::Path;

/// A manager, how it is set up to run `check`, and how it is installed.
struct Manager {
    name: &'static str,
    configuration: (&'static str, &'static str),
    install: &'static [&'static str],
}

/// What each manager runs: it leaves a trace, and fails where a file `stop` is in the index.
const CHECK: &str = "#!/bin/sh\necho manager >> \"$TRACE\"\n! git ls-files --error-unmatch stop 2>/dev/null\n";

const PRE_COMMIT: (&str, &str) = (
    ".pre-commit-config.yaml",
    "repos:\n- repo: local\n  hooks:\n  - id: check\n    name: check\n    language: system\n    entry: sh check\n    always_run: true\n    pass_filenames: false\n",
);
const LEFTHOOK: Manager = Manager {
    name: "lefthook",
    configuration: ("lefthook.yml", "pre-commit:\n  commands:\n    check:\n      run: sh check\n"),
    install: &["lefthook", "install"],
};
const IN_GIT: [Manager; 3] = [
    LEFTHOOK,
    Manager { name: "pre-commit", configuration: PRE_COMMIT, install: &["pre-commit", "install"] },
    Manager { name: "prek", configuration: PRE_COMMIT, install: &["prek", "install"] },
];

/// A repository with a track whose suite leaves a trace too, and fails where `broken` lies in it.
fn learner() -> Sandbox {
    let mut sandbox = Sandbox::new();
    let mut path = vec![Path::new(env!("CARGO_BIN_EXE_mastery")).parent().unwrap().to_owned()];
    path.extend(MANAGERS.map(|m| installed_tools().join(m).parent().unwrap().to_owned()));
    path.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap()));
    let path = std::env::join_paths(path).unwrap();
    let trace = sandbox.root().join("trace");
    sandbox.env("PATH", path.to_str().unwrap());
    sandbox.env("TRACE", trace.to_str().unwrap());
    let suite = "[languages.golang]\ntest = 'echo mastery >> \"$TRACE\"; test ! -e broken'\nreport = \"none\"\n";
    sandbox.write(".mastery.toml", format!("{suite}[journal]\nevery = \"off\"\n"));
    sandbox.write("golang/main.go", "package main\n").write("check", CHECK);
    sandbox.commit_all("start");
    sandbox
}

fn set_up(sandbox: &Sandbox, manager: &Manager) {
    sandbox.write(manager.configuration.0, manager.configuration.1);
    sandbox.run(sandbox.command(manager.install[0], "").args(&manager.install[1..])).ok();
    sandbox.commit_all("manager");
}

/// Commits a change of the track through the hooks; what left its trace, in order, and how the commit ended.
fn commit(sandbox: &Sandbox, file: &str) -> (Vec<String>, Ran) {
    let trace = sandbox.root().join("trace");
    let _ = fs::remove_file(&trace);
    sandbox.write(file, format!("// {file}\n"));
    sandbox.git(["add", "-A"]).ok();
    let ran = sandbox.git(["commit", "-q", "-m", file]);
    let trace = fs::read_to_string(trace).unwrap_or_default();
    (trace.lines().map(str::to_owned).collect(), ran)
}

/// A commit runs both, in this order, and the failure of either stops it.
#[track_caller]
fn assert_both_rule(sandbox: &Sandbox, who: &str, order: [&str; 2]) {
    let (trace, ran) = commit(sandbox, "golang/good.go");
    assert_eq!((trace.as_slice(), ran.code), (&order.map(str::to_owned)[..], 0), "{who}: {}", ran.all());
    let (trace, ran) = commit(sandbox, "golang/broken");
    assert!(trace.contains(&"mastery".to_owned()) && ran.code == 1, "{who}: {trace:?} {}", ran.all());
    assert!(ran.err.contains("its suites have not passed"), "{who}: {}", ran.all());
    sandbox.git(["rm", "-qf", "golang/broken"]).ok();
    let (trace, ran) = commit(sandbox, "stop");
    assert!(trace.contains(&"manager".to_owned()) && ran.code == 1, "{who}: {trace:?} {}", ran.all());
    sandbox.git(["rm", "-qf", "stop"]).ok();
}

fn hooks(sandbox: &Sandbox) -> Vec<(String, Vec<u8>)> {
    let mut found: Vec<_> = fs::read_dir(sandbox.work().join(".git/hooks"))
        .unwrap()
        .map(|item| item.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(path).unwrap()))
        .collect();
    found.sort();
    found
}

fn state(sandbox: &Sandbox) -> String {
    let answer = sandbox.mastery(["hook", "status", "--format", "json"]).ok().out;
    let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
    answer["hooks"][0]["state"].as_str().unwrap().to_owned()
}

#[test]
fn managers_that_were_there_first_run_first_and_are_restored() {
    if !Tool::Managers.is_here() {
        return;
    }
    for manager in IN_GIT {
        let sandbox = learner();
        set_up(&sandbox, &manager);
        let before = hooks(&sandbox);
        let ran = sandbox.mastery(["hook", "install"]).ok();
        assert!(ran.out.contains(&format!("the hook of {} is kept", manager.name)), "{}", ran.out);
        assert_both_rule(&sandbox, manager.name, ["manager", "mastery"]);
        sandbox.mastery(["hook", "uninstall"]).ok();
        assert_eq!(hooks(&sandbox), before, "{}", manager.name);
    }
}

#[test]
fn managers_that_come_later_and_run_the_hook_they_find_run_mastery() {
    if !Tool::Managers.is_here() {
        return;
    }
    for manager in &IN_GIT[1..] {
        let sandbox = learner();
        sandbox.mastery(["hook", "install"]).ok();
        set_up(&sandbox, manager);
        assert_eq!(state(&sandbox), "installed", "{}", manager.name);
        assert_both_rule(&sandbox, manager.name, ["mastery", "manager"]);
        sandbox.mastery(["hook", "uninstall"]).ok();
        let (trace, ran) = commit(&sandbox, "golang/later.go");
        assert_eq!((trace, ran.code), (vec!["manager".to_owned()], 0), "{}: {}", manager.name, ran.all());
    }
}

#[test]
fn lefthook_that_comes_later_is_seen_and_chained_by_installing_again() {
    if !Tool::Managers.is_here() {
        return;
    }
    let sandbox = learner();
    sandbox.mastery(["hook", "install"]).ok();
    set_up(&sandbox, &LEFTHOOK);
    assert_eq!(state(&sandbox), "foreign");
    sandbox.mastery(["hook", "install"]).ok();
    assert_both_rule(&sandbox, "lefthook", ["manager", "mastery"]);
    // lefthook puts its own hook back when its configuration has changed: this commit is still judged, and it is said.
    sandbox.write("lefthook.yml", format!("{}min_version: 2.0.0\n", LEFTHOOK.configuration.1));
    // By the time of the file, in whole seconds.
    let file = fs::File::options().write(true).open(sandbox.work().join("lefthook.yml")).unwrap();
    file.set_modified(std::time::SystemTime::now() + std::time::Duration::from_secs(2)).unwrap();
    let (trace, ran) = commit(&sandbox, "golang/changed.go");
    assert_eq!((trace, ran.code), (vec!["manager".to_owned(), "mastery".to_owned()], 0), "{}", ran.all());
    assert!(ran.err.contains("has replaced mastery's"), "{}", ran.all());
    // The lasting way: lefthook calls mastery.
    let calling = LEFTHOOK.configuration.1.to_owned() + "    mastery:\n      run: mastery hook run pre-commit\n";
    sandbox.mastery(["hook", "uninstall"]).ok();
    sandbox.write("lefthook.yml", calling);
    sandbox.run(sandbox.command("lefthook", "").args(["install"])).ok();
    assert_eq!(state(&sandbox), "installed");
    sandbox.mastery(["hook", "install"]).ok();
    let (mut trace, ran) = commit(&sandbox, "golang/called.go");
    trace.sort();
    assert_eq!((trace, ran.code), (vec!["manager".to_owned(), "mastery".to_owned()], 0), "{}", ran.all());
}

#[test]
fn husky_is_left_alone_and_calls_mastery_as_the_refusal_says() {
    if !Tool::Managers.is_here() {
        return;
    }
    for mastery_first in [false, true] {
        let sandbox = learner();
        if mastery_first {
            sandbox.mastery(["hook", "install"]).ok();
        }
        sandbox.write("package.json", "{}\n").write(".husky/pre-commit", "sh check\n");
        sandbox.run(&mut sandbox.command("husky", "")).ok();
        sandbox.commit_all("husky");
        assert_eq!(state(&sandbox), if mastery_first { "shadowed" } else { "foreign" });
        let ran = sandbox.mastery(["hook", "install"]).fails(1);
        let commands: Vec<&str> = ran.err.lines().filter_map(|line| line.strip_prefix("hint:   ")).collect();
        sandbox.run(sandbox.command("sh", "").args(["-ec", &commands.join("\n")])).ok();
        assert_eq!(state(&sandbox), "installed");
        assert_both_rule(&sandbox, "husky", ["manager", "mastery"]);
    }
}
