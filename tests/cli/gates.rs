//! When a suite stands in the way: at the commit, at the push, or never; through real git and a real remote.

use crate::harness::{Ran, Sandbox};
use std::fs;

const SUITE: &str = "echo \"$(cat answer)\" >> \"$RUNS\"; [ \"$(cat answer)\" = 42 ]\n";

fn sandbox(configuration: &str) -> Sandbox {
    let mut sandbox = Sandbox::new();
    let runs = sandbox.root().join("runs").to_str().unwrap().to_owned();
    sandbox.env("RUNS", &runs);
    let languages = "[languages.sh]\ndirectories = [\"sh\"]\ntest = \"sh suite.sh\"\n";
    sandbox.write(".mastery.toml", format!("[journal]\nevery = \"off\"\n{configuration}\n{languages}"));
    sandbox.write("sh/suite.sh", SUITE).write("sh/answer", "42\n");
    sandbox.git(["init", "-q", "--bare", "-b", "main", "../remote.git"]).ok();
    sandbox.git(["remote", "add", "origin", "../remote.git"]).ok();
    sandbox.mastery(["hook", "install"]).ok();
    sandbox
}

fn runs(sandbox: &Sandbox) -> Vec<String> {
    let text = fs::read_to_string(sandbox.root().join("runs")).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

fn commit(sandbox: &Sandbox, answer: &str) -> Ran {
    sandbox.write("sh/answer", answer).git(["add", "-A"]).ok();
    sandbox.git(["commit", "-q", "-m", "x"])
}

fn push(sandbox: &Sandbox) -> Ran {
    sandbox.git(["push", "-q", "origin", "HEAD:refs/heads/main"])
}

#[test]
fn a_gate_at_the_push_lets_commits_through_and_stops_a_red_tip() {
    let sandbox = sandbox("[tests]\ngate = \"push\"");
    commit(&sandbox, "41").ok();
    assert_eq!(runs(&sandbox), [""; 0]);
    let refused = push(&sandbox);
    assert_ne!(refused.code, 0);
    assert!(
        refused.err.contains("push stopped") && refused.err.contains("MASTERY_SKIP=tests git push"),
        "{}",
        refused.err
    );
    commit(&sandbox, "42").ok();
    push(&sandbox).ok();
    assert_eq!(runs(&sandbox), ["41", "42"]);
}

#[test]
fn what_was_tested_at_the_commit_is_not_tested_at_the_push() {
    let sandbox = sandbox("");
    commit(&sandbox, "42").ok();
    push(&sandbox).ok();
    assert_eq!(runs(&sandbox), ["42"]);
    sandbox.write("README.md", "words").git(["add", "-A"]).ok();
    sandbox.git(["commit", "-q", "-m", "docs"]).ok();
    push(&sandbox).ok();
    sandbox.git(["tag", "v1"]).ok();
    sandbox.git(["push", "-q", "origin", "v1"]).ok();
    sandbox.git(["push", "-q", "origin", ":refs/tags/v1"]).ok();
    assert_eq!(runs(&sandbox), ["42"]);
}

#[test]
fn a_push_of_all_looks_at_every_commit_that_is_not_there_yet() {
    let sandbox = sandbox("[tests]\ngate = \"push\"\npush = \"all\"");
    commit(&sandbox, "42").ok();
    push(&sandbox).ok();
    commit(&sandbox, "41").ok();
    let red = sandbox.git(["rev-parse", "--short", "HEAD"]).ok().out;
    commit(&sandbox, "42").ok();
    let refused = push(&sandbox);
    assert_ne!(refused.code, 0);
    assert!(refused.err.contains(&format!("the suites of commit {} have not passed", red.trim())), "{}", refused.err);
    assert_eq!(runs(&sandbox), ["42", "41"]);
}

#[test]
fn a_gate_that_is_off_stops_nothing() {
    let sandbox = sandbox("[tests]\ngate = \"off\"");
    commit(&sandbox, "41").ok();
    push(&sandbox).ok();
    assert_eq!(runs(&sandbox), [""; 0]);
}

#[test]
fn a_suite_that_was_too_slow_waits_for_the_push_and_says_so() {
    let sandbox = sandbox("[tests]\nbudget = \"1ms\"");
    commit(&sandbox, "42").ok();
    let ran = commit(&sandbox, "41").ok();
    assert!(ran.err.contains("waits for the push"), "{}", ran.err);
    assert_ne!(push(&sandbox).code, 0);
    assert_eq!(runs(&sandbox), ["42", "41"]);
}

#[test]
fn a_rebase_onto_an_untouched_track_pushes_without_a_run() {
    let sandbox = sandbox("[tests]\npush = \"all\"");
    commit(&sandbox, "42").ok();
    push(&sandbox).ok();
    sandbox.git(["switch", "-q", "-c", "work"]).ok();
    for n in 0..20 {
        sandbox.write("sh/note", format!("{n}"));
        commit(&sandbox, "42").ok();
    }
    sandbox.git(["switch", "-q", "main"]).ok();
    sandbox.write("docs/a.txt", "x").git(["add", "-A"]).ok();
    sandbox.git(["commit", "-q", "-m", "docs"]).ok();
    push(&sandbox).ok();
    sandbox.git(["switch", "-q", "work"]).ok();
    sandbox.git(["rebase", "-q", "main"]).ok();
    let before = runs(&sandbox).len();
    push(&sandbox).ok();
    assert_eq!((before, runs(&sandbox).len()), (21, 21));
}

#[test]
fn after_a_rebase_that_changes_trees_a_push_runs_just_the_new_ones() {
    let sandbox = sandbox("[tests]\npush = \"all\"");
    commit(&sandbox, "42").ok();
    push(&sandbox).ok();
    sandbox.git(["switch", "-q", "-c", "work"]).ok();
    // Every other commit leaves the track alone: it has the tree of the one before it.
    for n in 0..10 {
        sandbox.write(if n % 2 == 0 { "sh/note" } else { "docs/note" }, format!("{n}"));
        commit(&sandbox, "42").ok();
    }
    sandbox.git(["switch", "-q", "main"]).ok();
    sandbox.write("sh/base", "x");
    commit(&sandbox, "42").ok();
    push(&sandbox).ok();
    sandbox.git(["switch", "-q", "work"]).ok();
    sandbox.git(["rebase", "-q", "main"]).ok();
    assert_eq!(runs(&sandbox).len(), 7);
    push(&sandbox).ok();
    assert_eq!(runs(&sandbox).len(), 12);
}

#[test]
fn a_tested_tree_is_known_again_after_a_squash_a_revert_and_a_cherry_pick() {
    let sandbox = sandbox("[tests]\npush = \"all\"");
    commit(&sandbox, "42").ok();
    sandbox.git(["switch", "-q", "-c", "side"]).ok();
    for n in 0..2 {
        sandbox.write("sh/note", format!("{n}"));
        commit(&sandbox, "42").ok();
    }
    sandbox.git(["switch", "-q", "main"]).ok();
    sandbox.git(["merge", "-q", "--squash", "side"]).ok();
    let squashed = sandbox.git(["commit", "-q", "-m", "squashed"]).ok();
    assert!(squashed.err.contains("already passed"), "{}", squashed.err);
    sandbox.git(["revert", "--no-edit", "HEAD"]).ok();
    sandbox.git(["cherry-pick", "side~1"]).ok();
    push(&sandbox).ok();
    assert_eq!(runs(&sandbox).len(), 3);
}

#[test]
fn each_language_has_a_gate_of_its_own() {
    let late = "[languages.late]\ndirectories = [\"late\"]\ntest = \"cd ../sh && sh suite.sh && exit 1\"\ninputs = [\"sh\"]\ngate = \"push\"\n";
    let sandbox =
        sandbox(&format!("[languages.never]\ndirectories = [\"never\"]\ntest = \"exit 1\"\ngate = \"off\"\n{late}"));
    sandbox.write("late/file", "x").write("never/file", "x");
    commit(&sandbox, "42").ok();
    assert_eq!(runs(&sandbox), ["42"]);
    let refused = push(&sandbox);
    assert!(refused.code != 0 && refused.err.contains("late"), "{}", refused.all());
    assert!(!refused.err.contains("never"), "{}", refused.err);
}

#[test]
fn a_foreign_pre_push_hook_gets_what_git_says_too() {
    let sandbox = sandbox("");
    sandbox.mastery(["hook", "uninstall"]).ok();
    sandbox.write(".git/hooks/pre-push", "#!/bin/sh\ncat > \"$RUNS.said\"\necho \"$@\" >> \"$RUNS.said\"\n");
    let chmod = ["+x", ".git/hooks/pre-push"];
    sandbox.run(sandbox.command("chmod", "").args(chmod)).ok();
    sandbox.mastery(["hook", "install"]).ok();
    commit(&sandbox, "42").ok();
    push(&sandbox).ok();
    let said = fs::read_to_string(sandbox.root().join("runs.said")).unwrap();
    assert!(said.contains("refs/heads/main") && said.contains("origin ../remote.git"), "{said}");
}

#[test]
fn two_suites_run_at_once_unless_told_otherwise() {
    // Each waits for the other to have started: alone, neither can pass.
    let suite = "touch \"$RUNS.$ME\"; n=0; while [ ! -e \"$RUNS.$OTHER\" ]; do n=$((n+1)); [ $n -lt 100 ] || exit 1; sleep 0.05; done\n";
    let two = "[languages.one]\ndirectories = [\"one\"]\ntest = \"ME=1 OTHER=2 sh suite.sh\"\n\
               [languages.two]\ndirectories = [\"two\"]\ntest = \"ME=2 OTHER=1 sh suite.sh\"\n";
    let sandbox = sandbox(&format!("[hooks]\njobs = 2\n{two}"));
    sandbox.write("one/suite.sh", suite).write("two/suite.sh", suite);
    commit(&sandbox, "42").ok();
}
