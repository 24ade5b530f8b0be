//! Writing the journal and reading it back.

use crate::harness::Sandbox;
use std::os::unix::fs::symlink;

fn learner() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("golang/main.go", "package main\n").write("python/app.py", "x = 1\n");
    sandbox.commit_all("start");
    sandbox
}

#[test]
fn an_entry_goes_under_its_week_and_every_other_byte_stays() {
    let mut sandbox = learner();
    let text = "# Mine\r\n\r\n## Week 1: Golang Implementation\r\n* first\r\n\r\nwords \r\n";
    sandbox.write("LEARNINGS.md", text);
    let ran = sandbox.mastery(["journal", "add", "-l", "go", "channels", "close", "once"]).ok();
    assert!(ran.out.contains("week 1, Golang: channels close once"), "{}", ran.out);
    assert!(ran.out.contains("git add LEARNINGS.md"), "{}", ran.out);
    assert_eq!(sandbox.read("LEARNINGS.md"), text.replace("* first\r\n", "* first\r\n* channels close once\r\n"));
    sandbox.at("2026-12-07T10:00:00+00:00");
    sandbox.mastery(["journal", "add", "-l", "python", "-m", "lists are references"]).ok();
    let expected = "words \r\n\r\n## Week 3: Python implementation\r\n- lists are references\r\n";
    assert!(sandbox.read("LEARNINGS.md").ends_with(expected), "{}", sandbox.read("LEARNINGS.md"));
}

#[test]
fn a_missing_journal_is_made_and_a_dry_run_makes_none() {
    let sandbox = learner();
    let ran = sandbox.mastery(["journal", "add", "-l", "golang", "--dry-run", "slices share arrays"]).ok();
    assert!(ran.out.contains("create   LEARNINGS.md"), "{}", ran.out);
    assert!(!sandbox.exists("LEARNINGS.md"));
    sandbox.mastery(["journal", "add", "-l", "golang", "slices share arrays"]).ok();
    let text = sandbox.read("LEARNINGS.md");
    assert!(text.starts_with("# Project Learnings\n"), "{text}");
    assert!(text.ends_with("\n\n## Week 1: Golang implementation\n- slices share arrays\n"), "{text}");
}

#[test]
fn the_week_is_counted_from_the_projects_own_first_commit() {
    let mut sandbox = Sandbox::new();
    sandbox.write("01-old/golang/main.go", "x\n");
    sandbox.commit_all("old");
    sandbox.at("2026-12-06T10:00:00+00:00").write("02-new/golang/main.go", "x\n");
    sandbox.commit_all("new");
    sandbox.at("2026-12-13T10:00:00+00:00");
    let ran = sandbox.mastery_in("02-new/golang", ["journal", "add", "maps have no order"]).ok();
    assert!(ran.out.contains("week 2, Golang"), "{}", ran.out);
    assert!(sandbox.exists("02-new/LEARNINGS.md"));
    let ran = sandbox.mastery(["journal", "add", "-p", "01-old", "maps have no order"]).ok();
    assert!(ran.out.contains("week 4, Golang"), "{}", ran.out);
    let ran = sandbox.mastery(["journal", "add", "maps have no order"]).fails(2);
    assert!(ran.err.contains("--project: 01-old, 02-new"), "{}", ran.err);
}

#[test]
fn the_language_is_the_one_of_the_track_or_must_be_said() {
    let sandbox = learner();
    sandbox.mastery_in("python", ["journal", "add", "lists are references"]).ok();
    assert!(sandbox.read("LEARNINGS.md").contains("Python implementation"));
    let ran = sandbox.mastery(["journal", "add", "x y z"]).fails(2);
    assert!(ran.err.contains("add -l with one of golang, python"), "{}", ran.err);
    let ran = sandbox.mastery(["journal", "add", "-l", "golan", "x y z"]).fails(2);
    assert!(ran.err.contains("did you mean golang?"), "{}", ran.err);
}

#[test]
fn the_text_comes_from_arguments_standard_input_or_the_editor() {
    let mut sandbox = learner();
    let mut command = sandbox.command("sh", "");
    let script =
        format!("printf 'one\\n\\ntwo\\033[31m\\n' | '{}' journal add -l golang -", env!("CARGO_BIN_EXE_mastery"));
    sandbox.run(command.args(["-c", &script])).ok();
    assert!(sandbox.read("LEARNINGS.md").ends_with("- one\n  two[31m\n"), "{}", sandbox.read("LEARNINGS.md"));
    sandbox.env("EDITOR", "sh -c 'echo select blocks > \"$1\"' editor");
    sandbox.mastery(["journal", "add", "-l", "golang", "-e"]).ok();
    assert!(sandbox.read("LEARNINGS.md").ends_with("\n- select blocks\n"), "{}", sandbox.read("LEARNINGS.md"));
    sandbox.env("EDITOR", "true");
    let before = sandbox.read("LEARNINGS.md");
    for arguments in [&["-e"][..], &["   "], &["…"], &["-m", ""]] {
        let arguments = ["journal", "add", "-l", "golang"].iter().chain(arguments);
        sandbox.mastery(arguments).fails(2);
    }
    assert_eq!(sandbox.read("LEARNINGS.md"), before);
}

#[test]
fn a_journal_that_is_a_link_out_of_the_repository_is_not_written() {
    let sandbox = learner();
    let target = sandbox.root().join("precious");
    std::fs::write(&target, "mine\n").unwrap();
    symlink(&target, sandbox.work().join("LEARNINGS.md")).unwrap();
    let ran = sandbox.mastery(["journal", "add", "-l", "golang", "channels close once"]).fails(1);
    assert!(ran.err.contains("leads out of the repository"), "{}", ran.err);
    assert_eq!(std::fs::read_to_string(&target).unwrap(), "mine\n");
}

#[test]
fn an_edit_that_does_not_take_is_an_error() {
    let sandbox = learner();
    sandbox.write("LEARNINGS.md", "# Mine\n\n```\nleft open\n");
    let ran = sandbox.mastery(["journal", "add", "-l", "golang", "channels close once"]).fails(1);
    assert!(ran.err.contains("does not read back"), "{}", ran.err);
    assert_eq!(sandbox.read("LEARNINGS.md"), "# Mine\n\n```\nleft open\n");
}

#[test]
fn the_list_shows_bullets_and_trailers_as_one() {
    let mut sandbox = learner();
    sandbox.write(
        "LEARNINGS.md",
        "## Week 1: Golang\n- slices share arrays\n- what you learned\n\n## Week 1: Python\n- lists are references\n",
    );
    sandbox.commit_all("docs: journal");
    sandbox.at("2026-11-30T10:00:00+01:00").write("golang/main.go", "package main // 2\n");
    let commit = sandbox.commit_all("feat: x\n\nLearned: channels close once\nLearned-python: lists are references");
    let ran = sandbox.mastery(["journal", "list"]).ok();
    let expected = format!(
        "work, week 1: Golang\n  - slices share arrays  (LEARNINGS.md:2)\n\nwork, week 1: Python\n  - lists are references  (LEARNINGS.md:6, {0})\n\nwork, week 2: Golang\n  - channels close once  ({0})\n",
        &commit[..7]
    );
    assert_eq!(ran.out, expected);
    let json = sandbox.mastery(["journal", "list", "--format", "json", "-l", "golang", "-w", "2"]).ok().out;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let expected = serde_json::json!({
        "schema": 1,
        "entries": [{
            "project": "work", "week": 2, "languages": ["golang"], "text": "channels close once",
            "sources": [{ "kind": "commit", "commit": commit, "at": "2026-11-30T10:00:00+01:00" }],
        }],
    });
    assert_eq!(json, expected);
}

#[test]
fn an_empty_repository_has_an_empty_list_and_takes_an_entry() {
    let sandbox = Sandbox::new();
    assert!(sandbox.mastery(["journal", "list"]).ok().out.contains("nothing is written down yet"));
    sandbox.mastery(["journal", "add", "-l", "golang", "channels close once"]).ok();
    assert!(sandbox.mastery(["journal", "list"]).ok().out.contains("channels close once"));
}
