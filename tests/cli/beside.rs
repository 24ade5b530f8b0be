//! What a suite depends on beside its track, and what becomes of it around a commit: gone, not committed, changed while suites run,
//! damaged. Through real git.

use crate::harness::{Ran, Sandbox};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

/// A track whose suite is `script`, with these lines of configuration for its language, and the hooks. Nothing is committed.
fn track(language: &str, script: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    let table = "[languages.app]\ndirectories = [\"app\"]\ntest = \"sh run.sh\"\nreport = \"none\"\n";
    sandbox.write(".mastery.toml", format!("[journal]\nevery = \"off\"\n{table}{language}"));
    sandbox.write("app/run.sh", script).write("app/f.txt", "good\n");
    sandbox.mastery(["hook", "install"]).ok();
    sandbox
}

fn commit(sandbox: &Sandbox) -> Ran {
    sandbox.git(["add", "-A"]).ok();
    sandbox.git(["commit", "-q", "-m", "x"])
}

/// Commits what is staged while `happens` runs in the middle of the suite.
fn commit_while(sandbox: &Sandbox, happens: &str) -> Ran {
    let script = format!("(sleep 0.4; {happens}) & git commit -q -m during; code=$?; wait; exit $code");
    sandbox.run(sandbox.command("sh", "").args(["-c", &script]))
}

#[test]
fn what_is_staged_while_a_suite_runs_is_tested_before_it_is_committed() {
    let sandbox = track("", "sleep 1\ngrep -q good f.txt\n");
    commit(&sandbox).ok();
    // In a snapshot: the work tree holds something else already.
    sandbox.write("app/f.txt", "good 2\n").git(["add", "-A"]).ok();
    sandbox.write("app/f.txt", "bad\n");
    let ran = commit_while(&sandbox, "git add app/f.txt").fails(1);
    assert!(ran.err.contains("more was staged while the suites ran"), "{}", ran.err);
    let ran = commit_while(&sandbox, "echo good 3 > app/f.txt; git add app/f.txt");
    assert_ne!(ran.code, 0, "what was staged first fails");
    sandbox.write("app/f.txt", "good 4\n").git(["add", "-A"]).ok();
    commit_while(&sandbox, "echo good 5 > app/f.txt; git add app/f.txt").ok();
    assert_eq!(sandbox.git(["show", "HEAD:app/f.txt"]).ok().out, "good 5\n");
}

#[test]
fn a_suite_in_the_work_tree_gives_no_receipt_to_what_was_staged_before() {
    let sandbox = track("", "sleep 1\ngrep -q good f.txt\n");
    commit(&sandbox).ok();
    sandbox.write("app/f.txt", "bad\n").git(["add", "-A"]).ok();
    let ran = commit_while(&sandbox, "echo good 3 > app/f.txt; git add app/f.txt");
    assert_ne!(ran.code, 0, "{}", ran.err);
    sandbox.write("app/f.txt", "bad\n");
    assert!(!commit(&sandbox).fails(1).err.contains("already passed"));
}

#[test]
fn an_input_that_is_gone_is_a_change_at_the_commit_and_at_the_push() {
    for (inputs, gone) in [("../shared", "shared"), ("../shared/*.txt", "shared/x.txt")] {
        let sandbox = track(&format!("inputs = [\"{inputs}\"]\n"), "grep -q good ../shared/x.txt\n");
        sandbox.git(["init", "-q", "--bare", "../remote"]).ok();
        sandbox.git(["remote", "add", "origin", "../remote"]).ok();
        sandbox.write("shared/x.txt", "good\n");
        commit(&sandbox).ok();
        sandbox.git(["push", "-q", "origin", "HEAD:refs/heads/main"]).ok();
        sandbox.git(["rm", "-rq", gone]).ok();
        commit(&sandbox).fails(1);
        sandbox.git(["commit", "-q", "--no-verify", "-m", "gone"]).ok();
        let ran = sandbox.git(["push", "-q", "origin", "HEAD:refs/heads/main"]);
        assert!(ran.code != 0 && ran.err.contains("push stopped"), "{inputs}: {}", ran.err);
    }
}

/// A track whose suite wants the `go.work` above it. Nothing is added.
fn with_go_work() -> Sandbox {
    let sandbox = track("", "true\n");
    sandbox.write(
        ".mastery.toml",
        "[journal]\nevery = \"off\"\n[languages.golang]\ntest = \"test -f ../go.work\"\nreport = \"none\"\n",
    );
    sandbox.write("golang/go.mod", "module x\n").write("golang/a.go", "package a\n").write("go.work", "go 1.22\n");
    sandbox
}

#[test]
fn a_file_above_a_track_that_its_tool_reads_is_an_input_also_when_it_goes() {
    let sandbox = with_go_work();
    commit(&sandbox).ok();
    sandbox.git(["rm", "-q", "go.work"]).ok();
    commit(&sandbox).fails(1);
}

#[test]
fn the_mode_of_an_input_that_is_one_file_counts() {
    let sandbox = track("inputs = [\"../tool.sh\"]\n", "../tool.sh\n");
    sandbox.write("tool.sh", "#!/bin/sh\n");
    let tool = sandbox.work().join("tool.sh");
    fs::set_permissions(&tool, fs::Permissions::from_mode(0o755)).unwrap();
    commit(&sandbox).ok();
    fs::set_permissions(&tool, fs::Permissions::from_mode(0o644)).unwrap();
    commit(&sandbox).fails(1);
}

#[test]
fn an_input_that_nobody_has_added_does_not_help_what_is_staged() {
    let sandbox = track("inputs = [\"../shared\"]\n", "test -f ../shared/x\n");
    sandbox.write("shared/x", "1").git(["add", "app", ".mastery.toml"]).ok();
    sandbox.git(["commit", "-q", "-m", "x"]).fails(1);
    sandbox.git(["add", "shared"]).ok();
    sandbox.git(["commit", "-q", "-m", "x"]).ok();
}

#[test]
fn a_go_work_that_nobody_has_added_does_not_help_what_is_staged() {
    let sandbox = with_go_work();
    sandbox.git(["add", "golang", ".mastery.toml"]).ok();
    sandbox.git(["commit", "-q", "-m", "x"]).fails(1);
}

#[test]
fn a_track_under_one_of_its_other_names_that_became_a_link_is_refused() {
    let sandbox = track("", "true\n");
    sandbox
        .write(".mastery.toml", "[journal]\nevery = \"off\"\n[languages.golang]\ntest = \"true\"\nreport = \"none\"\n");
    sandbox.write("go/go.mod", "module x\n").write("go/a.go", "package a\n");
    commit(&sandbox).ok();
    fs::rename(sandbox.work().join("go"), sandbox.root().join("elsewhere")).unwrap();
    std::os::unix::fs::symlink("../elsewhere", sandbox.work().join("go")).unwrap();
    assert!(commit(&sandbox).fails(1).err.contains("go is a symbolic link"));
}

#[test]
fn a_commit_that_a_kept_hook_makes_is_tested_as_any_other() {
    let sandbox = track("", "grep -q good f.txt\n");
    commit(&sandbox).ok();
    sandbox.mastery(["hook", "uninstall"]).ok();
    let hook = sandbox.work().join(".git/hooks/pre-commit");
    sandbox.write(
        ".git/hooks/pre-commit",
        "#!/bin/sh\n[ -n \"$NEST\" ] && exit 0\nNEST=1; export NEST\ngit commit -q -m nested\n",
    );
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).unwrap();
    sandbox.mastery(["hook", "install"]).ok();
    let before = sandbox.git(["rev-parse", "HEAD"]).ok().out;
    sandbox.write("app/f.txt", "bad\n");
    commit(&sandbox).fails(1);
    assert_eq!(sandbox.git(["rev-parse", "HEAD"]).ok().out, before);
}

/// Where the object that `revision` names lies in a file of its own.
fn loose(sandbox: &Sandbox, revision: &str) -> std::path::PathBuf {
    let id = sandbox.git(["rev-parse", revision]).ok().out;
    let path = sandbox.work().join(".git/objects").join(&id[..2]).join(id[2..].trim());
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    path
}

#[test]
fn a_staged_configuration_that_cannot_be_read_is_not_taken_for_none() {
    let sandbox = track("", "grep -q good f.txt\n");
    commit(&sandbox).ok();
    sandbox.write("app/f.txt", "bad\n").git(["add", "-A"]).ok();
    fs::write(loose(&sandbox, ":.mastery.toml"), "no object").unwrap();
    let ran = sandbox.mastery(["hook", "run", "pre-commit"]).fails(3);
    assert!(ran.err.contains("can't read the staged .mastery.toml"), "{}", ran.err);
}

#[test]
fn an_object_that_was_cut_off_ends_in_an_error_and_not_in_waiting() {
    let sandbox = track("", "grep -q good f.txt\n");
    sandbox.write("app/z", "good\n");
    commit(&sandbox).ok();
    sandbox.write("app/f.txt", format!("good\n{}", "more and more\n".repeat(300))).git(["add", "-A"]).ok();
    sandbox.write("app/z", "unstaged, so that the suite runs in a snapshot\n");
    let ends = |arguments: &[&str]| {
        let mut child = sandbox.command(env!("CARGO_BIN_EXE_mastery"), "").args(arguments).spawn().unwrap();
        for _ in 0..100 {
            if let Some(status) = child.try_wait().unwrap() {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        child.kill().unwrap();
        panic!("{arguments:?} waits for ever");
    };
    let blob = loose(&sandbox, ":app/f.txt");
    let whole = fs::read(&blob).unwrap();
    for cut in [0, 1, 2, 10, 20, whole.len() - 1] {
        fs::write(&blob, &whole[..cut]).unwrap();
        assert_eq!(ends(&["hook", "run", "pre-commit"]), Some(3), "cut at {cut}");
    }
    fs::write(&blob, &whole).unwrap();
    let tree = loose(&sandbox, "HEAD^{tree}");
    let whole = fs::read(&tree).unwrap();
    fs::write(&tree, &whole[..whole.len() - 10]).unwrap();
    assert_eq!(ends(&["status", "--no-cache"]), Some(3));
}

#[test]
fn a_track_that_only_moved_wants_nothing_written_down() {
    let sandbox = Sandbox::new();
    sandbox.write(".mastery.toml", "[tests]\ngate = \"off\"\n");
    let code = (0..40).map(|n| format!("var V{n} = {n}\n")).collect::<Vec<_>>().concat();
    sandbox.write("golang/go.mod", "module a\n").write("golang/a.go", format!("package a\n{code}"));
    sandbox.commit_all("start");
    sandbox.mastery(["hook", "install"]).ok();
    sandbox.git(["mv", "golang", "go"]).ok();
    sandbox.git(["commit", "-q", "-m", "move"]).ok();
    sandbox.write("go/a.go", format!("package b\n{code}{}", code.replace('V', "W"))).git(["add", "-A"]).ok();
    sandbox.git(["commit", "-q", "-m", "more"]).fails(1);
}
