//! `mastery init`: what it finds, what it writes, what it leaves alone.

use crate::harness::Sandbox;
use std::os::unix::fs::symlink;

#[test]
fn an_empty_repository_gets_the_four_files_and_is_told_what_to_type_next() {
    let sandbox = Sandbox::new();
    let ran = sandbox.mastery(["init"]).ok();
    assert_eq!(
        ran.out,
        "Found no project yet: neither directories like 15-api-rate-limiter/ nor one like golang/.
  created  .mastery.toml
  created  LEARNINGS.md
  created  docs/adr/README.md
  created  .gitattributes
Next:
  mastery hook install  # commits are tested from now on
  git add .mastery.toml LEARNINGS.md docs/adr/README.md .gitattributes && git commit -m \"docs: set up mastery\"
  mastery next  # the first thing to do
"
    );
    assert_eq!(sandbox.read(".gitattributes"), "LEARNINGS.md merge=union\n");
    assert!(sandbox.read("LEARNINGS.md").starts_with("# Project Learnings\n"));
    assert_eq!(
        sandbox.read(".mastery.toml"),
        "# What mastery is to know of this repository. Every key is optional; what is not here has its default.

[tests]
gate = \"commit\"  # a failing suite stops you at each: commit | push | off

[journal]
every = \"day\"    # one thing learned is written down each: commit | day | week | off
"
    );
}

#[test]
fn the_command_that_it_proposes_next_commits_what_it_wrote() {
    let sandbox = Sandbox::new();
    let out = sandbox.mastery(["init", "--yes"]).ok().out;
    let commit = out.lines().find(|line| line.contains("git add")).unwrap();
    sandbox.run(sandbox.command("sh", "").args(["-c", commit])).ok();
    assert_eq!(sandbox.git(["status", "--porcelain"]).ok().out, "");
}

#[test]
fn what_lies_in_the_work_tree_is_found_before_anything_is_staged() {
    let sandbox = Sandbox::new();
    sandbox.write("15-api-rate-limiter/go/go.mod", "module x\n");
    sandbox.write("15-api-rate-limiter/python/main.py", "");
    sandbox.write("01-distributed-url-shortener/README.md", "# URL Shortener\n");
    sandbox.write(".gitignore", "ignored/\n").write("ignored/02-x/golang/go.mod", "");
    let out = sandbox.mastery(["init"]).ok().out;
    assert!(
        out.starts_with(
            "Found a curriculum of 2 projects:
  01-distributed-url-shortener  no track yet
  15-api-rate-limiter           golang, python
"
        ),
        "{out}"
    );
    assert!(!sandbox.read(".mastery.toml").contains("[languages"));
}

#[test]
fn a_project_in_odd_directories_is_written_down_so_that_it_is_found_again() {
    let sandbox = Sandbox::new();
    sandbox.write("first/go.mod", "module x\n").write("web/package.json", "{}\n");
    let out = sandbox.mastery(["init"]).ok().out;
    assert!(
        out.starts_with(
            "Found a project, work:
  nestjs  web
  golang  first
  python  not begun
"
        ),
        "{out}"
    );
    let written = sandbox.read(".mastery.toml");
    assert!(
        written.contains("[project]\nid = \"work\"\nlanguages = [\"nestjs\", \"golang\", \"python\"]"),
        "{written}"
    );
    assert!(written.contains("[languages.golang]\ndirectories = [\"first\"]\n"), "{written}");
}

#[test]
fn run_twice_it_changes_nothing_and_says_so() {
    let sandbox = Sandbox::new();
    sandbox.mastery(["init"]).ok();
    let before = sandbox.commit_all("docs: set up");
    let ran = sandbox.mastery(["init"]).ok();
    assert!(ran.out.contains("kept     .mastery.toml (there already)"), "{}", ran.out);
    assert!(ran.out.ends_with("Everything is in place; nothing was written.\n"), "{}", ran.out);
    assert_eq!(sandbox.git(["status", "--porcelain"]).ok().out, "");
    assert_eq!(sandbox.git(["rev-parse", "HEAD"]).ok().out.trim(), before);
}

#[test]
fn files_that_are_there_are_kept_and_one_line_is_added_to_the_attributes() {
    let sandbox = Sandbox::new();
    sandbox.write("LEARNINGS.md", "mine\n").write("docs/adr/001-x.md", "# ADR 001: X\n");
    sandbox.write(".gitattributes", "*.png binary\r\n* text=auto");
    sandbox.mastery(["init"]).ok();
    assert_eq!(sandbox.read("LEARNINGS.md"), "mine\n");
    assert!(!sandbox.exists("docs/adr/README.md"));
    assert_eq!(sandbox.read(".gitattributes"), "*.png binary\r\n* text=auto\r\nLEARNINGS.md merge=union\r\n");
    let merge = sandbox.git(["check-attr", "merge", "--", "LEARNINGS.md", "15-x/LEARNINGS.md"]).ok().out;
    assert_eq!(merge.matches("merge: union").count(), 2, "{merge}");
}

#[test]
fn a_journal_of_a_project_counts_as_the_journal() {
    let sandbox = Sandbox::new();
    sandbox.write("15-api-rate-limiter/LEARNINGS.md", "mine\n");
    sandbox.mastery(["init"]).ok();
    assert!(!sandbox.exists("LEARNINGS.md"));
}

#[test]
fn a_configured_journal_and_directory_are_the_ones_that_are_made() {
    let sandbox = Sandbox::new();
    sandbox.write(".mastery.toml", "[journal]\nfile = \"my notes.md\"\n[adr]\ndirectory = \"decisions\"\n");
    sandbox.mastery(["init"]).ok();
    assert!(sandbox.exists("my notes.md") && sandbox.exists("decisions/README.md"));
    let merge = sandbox.git(["check-attr", "merge", "--", "my notes.md"]).ok().out;
    assert!(merge.contains("merge: union"), "{merge}");
}

#[test]
fn a_dry_run_shows_the_plan_and_writes_nothing() {
    let sandbox = Sandbox::new();
    let ran = sandbox.mastery(["init", "--dry-run"]).ok();
    assert!(ran.out.contains("Would do:\n  create   .mastery.toml\n"), "{}", ran.out);
    assert_eq!(sandbox.git(["status", "--porcelain"]).ok().out, "");
}

#[test]
fn from_a_subdirectory_it_sets_up_the_whole_repository() {
    let sandbox = Sandbox::new();
    sandbox.write("golang/cmd/main.go", "package main\n");
    sandbox.mastery_in("golang/cmd", ["init"]).ok();
    assert!(sandbox.exists(".mastery.toml") && !sandbox.exists("golang/cmd/.mastery.toml"));
}

#[test]
fn a_link_that_leads_out_of_the_repository_is_not_written_through() {
    let sandbox = Sandbox::new();
    symlink(sandbox.home(), sandbox.work().join("docs")).unwrap();
    let ran = sandbox.mastery(["init"]).fails(3);
    assert!(ran.err.contains("docs leads out of the repository"), "{}", ran.err);
    assert_eq!(sandbox.home().read_dir().unwrap().count(), 0);
    assert!(!sandbox.exists(".mastery.toml"), "a plan is done whole or not at all");
}

#[test]
fn without_a_repository_or_a_work_tree_it_says_what_is_needed() {
    let outside = Sandbox::without_repository().mastery(["init"]).fails(3);
    assert_eq!(
        outside.err,
        "error: $ROOT/work is not in a git repository
hint: change to one, name one with -C DIR, or make one with `git init`
"
    );
    let bare = Sandbox::without_repository();
    bare.git(["init", "-q", "--bare"]).ok();
    let ran = bare.mastery(["init"]).fails(3);
    assert!(ran.err.contains("has no work tree"), "{}", ran.err);
}

#[test]
fn a_linked_work_tree_gets_its_own_files() {
    let sandbox = Sandbox::new();
    sandbox.commit_all("docs: begin");
    sandbox.git(["worktree", "add", "-q", "../linked"]).ok();
    sandbox.mastery_in("../linked", ["init"]).ok();
    assert!(sandbox.exists("../linked/.mastery.toml") && !sandbox.exists(".mastery.toml"));
}
