//! `mastery adr`: decision records, with real git and real processes.

use crate::harness::Sandbox;
use std::collections::BTreeSet;
use std::fs;

#[test]
fn a_new_record_has_the_guides_form_and_its_path_alone_on_standard_output() {
    let sandbox = Sandbox::new();
    let ran = sandbox.mastery(["adr", "new", "Use", "Redis", "for", "Rate", "Limiting"]).ok();
    assert_eq!((ran.out.as_str(), ran.err.as_str()), ("docs/adr/001-use-redis-for-rate-limiting.md\n", ""));
    let text = sandbox.read("docs/adr/001-use-redis-for-rate-limiting.md");
    assert!(
        text.starts_with("# ADR 001: Use Redis for Rate Limiting\n\n## Status: Accepted\n\n## Context\n"),
        "{text}"
    );
    assert!(text.contains("\n## Decision\n") && text.contains("\n## Consequences\n"), "{text}");
}

#[test]
fn the_path_is_seen_from_where_one_stands() {
    let sandbox = Sandbox::new();
    sandbox.write("golang/main.go", "package main\n");
    let ran = sandbox.mastery_in("golang", ["adr", "new", "Use chi", "--status", "proposed"]).ok();
    assert_eq!(ran.out, "../docs/adr/001-use-chi.md\n");
    assert!(sandbox.read("docs/adr/001-use-chi.md").contains("## Status: Proposed\n"));
}

#[test]
fn numbers_count_the_index_and_every_branch_that_is_known() {
    let sandbox = Sandbox::new();
    sandbox.write("docs/adr/003-here.md", "# ADR 003: Here\n");
    sandbox.commit_all("three");
    sandbox.git(["switch", "-q", "-c", "other"]).ok();
    sandbox.write("docs/adr/0007-there.md", "# ADR 007: There\n");
    sandbox.commit_all("seven, on another branch");
    sandbox.git(["update-ref", "refs/remotes/origin/far", "HEAD"]).ok();
    sandbox.git(["switch", "-q", "main"]).ok();
    sandbox.git(["branch", "-q", "-D", "other"]).ok();
    assert_eq!(sandbox.mastery(["adr", "new", "a"]).ok().out, "docs/adr/008-a.md\n");
    sandbox.write("docs/adr/012-staged.md", "# ADR 012: Staged\n");
    sandbox.git(["add", "docs/adr/012-staged.md"]).ok();
    fs::remove_file(sandbox.work().join("docs/adr/012-staged.md")).unwrap();
    assert_eq!(sandbox.mastery(["adr", "new", "b"]).ok().out, "docs/adr/013-b.md\n");
}

#[test]
fn an_unreadable_file_keeps_its_number_and_is_listed_with_its_reason() {
    let sandbox = Sandbox::new();
    sandbox.write("docs/adr/004-empty.md", "");
    sandbox.write("docs/adr/005-notes.md/file", "a directory");
    assert_eq!(sandbox.mastery(["adr", "new", "x"]).ok().out, "docs/adr/006-x.md\n");
    let list = sandbox.mastery(["adr", "list"]).ok().out;
    assert_eq!(
        list,
        "004  ?         004-empty.md: it is empty\n005  ?         005-notes.md: it is no file\n006  Accepted  x\n"
    );
}

#[test]
fn fifty_at_once_get_fifty_numbers() {
    let sandbox = Sandbox::new();
    let children: Vec<_> = (0..50)
        .map(|n| {
            let mut command = sandbox.command(env!("CARGO_BIN_EXE_mastery"), "");
            command.args(["adr", "new", "Title", &format!("{}", n % 5)]).stdout(std::process::Stdio::piped());
            command.spawn().unwrap()
        })
        .collect();
    for child in children {
        assert!(child.wait_with_output().unwrap().status.success());
    }
    let names: BTreeSet<String> = fs::read_dir(sandbox.work().join("docs/adr"))
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap()[..4].to_owned())
        .collect();
    let wanted: BTreeSet<String> = (1..=50).map(|n| format!("{n:03}-")).collect();
    assert_eq!(names, wanted);
}

#[test]
fn superseding_writes_both_ends_and_says_what_else_changed() {
    let sandbox = Sandbox::new();
    sandbox.mastery(["adr", "new", "Use Redis"]).ok();
    let ran = sandbox.mastery(["adr", "new", "Use Postgres", "--supersedes", "1", "--link", "1:Amends"]).ok();
    assert_eq!(ran.out, "docs/adr/002-use-postgres.md\n");
    assert!(ran.err.contains("changed  docs/adr/001-use-redis.md"), "{}", ran.err);
    let old = sandbox.read("docs/adr/001-use-redis.md");
    assert!(
        old.contains("## Status: Superseded\n\nSuperseded by [ADR 002: Use Postgres](002-use-postgres.md)\n\nAmended by [ADR 002: Use Postgres](002-use-postgres.md)\n\n## Context\n"),
        "{old}"
    );
    let new = sandbox.read("docs/adr/002-use-postgres.md");
    assert!(
        new.contains("## Status: Accepted\n\nSupersedes [ADR 001: Use Redis](001-use-redis.md)\n\nAmends "),
        "{new}"
    );
    let list = sandbox.mastery(["adr", "list"]).ok().out;
    assert_eq!(list, "001  Superseded  Use Redis (by 2)\n002  Accepted    Use Postgres\n");
}

#[test]
fn nothing_is_written_where_one_end_cannot_be() {
    let sandbox = Sandbox::new();
    sandbox.write("docs/adr/001-x.md", "# ADR 001: X\n\nno status here\n");
    let ran = sandbox.mastery(["adr", "new", "Y", "--supersedes", "1"]).fails(1);
    assert!(ran.err.contains("001-x.md: it states no status"), "{}", ran.err);
    sandbox.mastery(["adr", "new", "Y", "--supersedes", "9"]).fails(2);
    assert_eq!(sandbox.mastery(["adr", "list", "--paths"]).ok().out, "docs/adr/001-x.md\n");
}

#[test]
fn the_editor_gets_the_record_and_visual_comes_before_editor() {
    let mut sandbox = Sandbox::new();
    sandbox.env("EDITOR", "false").env("VISUAL", "echo edited");
    let ran = sandbox.mastery(["adr", "new", "-e", "X"]).ok();
    assert_eq!(ran.out, "edited docs/adr/001-x.md\ndocs/adr/001-x.md\n");
    assert_eq!(sandbox.mastery(["adr", "new", "Y"]).ok().out, "docs/adr/002-y.md\n");
}

#[test]
fn without_an_editor_the_record_stays_and_the_error_says_so() {
    let sandbox = Sandbox::new();
    let ran = sandbox.mastery(["adr", "new", "-e", "X"]).fails(3);
    assert!(ran.err.contains("no editor is known") && ran.err.contains("docs/adr/001-x.md is written"), "{}", ran.err);
    assert!(sandbox.exists("docs/adr/001-x.md"));
}

#[test]
fn a_dry_run_writes_nothing() {
    let sandbox = Sandbox::new();
    let ran = sandbox.mastery(["adr", "new", "X", "--dry-run"]).ok();
    assert!(ran.out.contains("docs/adr/001-x.md"), "{}", ran.out);
    assert!(!sandbox.exists("docs") && !sandbox.exists(".git/mastery"));
}

#[test]
fn wrong_usage_says_what_would_be_right() {
    let sandbox = Sandbox::new();
    let told = |arguments: &[&str], hint: &str| {
        let ran = sandbox.mastery(arguments).fails(2);
        assert!(ran.err.contains(hint), "{}", ran.err);
    };
    told(&["adr", "new"], "needs a title");
    told(&["adr", "new", "\n\t"], "needs a title");
    told(&["adr", "new", "X", "--status", "acepted"], "did you mean accepted?");
    told(&["adr", "new", "X", "--link", "1"], "N:RELATION:INVERSE");
    told(&["adr", "new", "X", "--template", "gone.md"], "there is no template");
    told(&["adr", "show", "9"], "mastery adr list");
    assert!(!sandbox.exists("docs"));
}

#[test]
fn a_directory_outside_of_the_repository_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.write(".adr-dir", "../elsewhere\n");
    let ran = sandbox.mastery(["adr", "new", "X"]).fails(2);
    assert!(ran.err.contains("lies outside"), "{}", ran.err);
    fs::remove_file(sandbox.work().join(".adr-dir")).unwrap();
    std::os::unix::fs::symlink(sandbox.home(), sandbox.work().join("docs")).unwrap();
    sandbox.mastery(["adr", "new", "X"]).fails(2);
    assert_eq!(fs::read_dir(sandbox.home()).unwrap().count(), 0);
}

#[test]
fn a_link_among_the_records_is_not_followed() {
    let sandbox = Sandbox::new();
    fs::write(sandbox.home().join("secret"), "# ADR 001: S\n\n## Status: Accepted\n").unwrap();
    fs::create_dir_all(sandbox.work().join("docs/adr")).unwrap();
    std::os::unix::fs::symlink(sandbox.home().join("secret"), sandbox.work().join("docs/adr/001-s.md")).unwrap();
    sandbox.mastery(["adr", "new", "X", "--supersedes", "1"]).fails(1);
    assert!(sandbox.mastery(["adr", "list"]).ok().out.contains("symbolic link"));
}

#[test]
fn list_and_show_answer_in_json_and_escape_for_people() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "docs/adr/001-x.md",
        "# ADR 001: X\u{1b}[31m\n\n## Status: Approved\n\n## Consequences\n+ good\n- bad\n",
    );
    sandbox.write("docs/adr/002-y.md", "# ADR 002: Y\n\n## Status: Proposed\n\nAmends [ADR 001: X](001-x.md)\n");
    let list = sandbox.mastery(["adr", "list"]).ok().out;
    assert_eq!(list, "001  Approved?  X\\u{1b}[31m\n002  Proposed   Y\n");
    let json: serde_json::Value =
        serde_json::from_str(&sandbox.mastery(["adr", "list", "--status", "proposed", "--format", "json"]).ok().out)
            .unwrap();
    assert_eq!(json["schema"], 1);
    assert_eq!(json["records"].as_array().unwrap().len(), 1);
    assert_eq!(json["records"][0]["relations"][0]["relation"], "Amends");
    assert_eq!(json["records"][0]["path"], "docs/adr/002-y.md");
    let shown: serde_json::Value =
        serde_json::from_str(&sandbox.mastery(["adr", "show", "ADR-001", "--format", "json"]).ok().out).unwrap();
    assert_eq!((&shown["status"], &shown["written_status"]), (&"unknown".into(), &"Approved".into()));
    assert_eq!(shown["consequences"], serde_json::json!({ "good": ["good"], "bad": ["bad"] }));
    let text = sandbox.mastery(["adr", "show", "1"]).ok().out;
    assert!(text.contains("X\\u{1b}[31m\n") && text.ends_with("- bad\n"), "{text}");
    assert_eq!(sandbox.mastery(["adr", "list", "--status", "unknown", "--paths"]).ok().out, "docs/adr/001-x.md\n");
}

#[test]
fn it_works_without_a_repository_and_reads_a_bare_one() {
    let sandbox = Sandbox::without_repository();
    assert_eq!(sandbox.mastery(["adr", "new", "X"]).ok().out, "docs/adr/001-x.md\n");
    assert_eq!(sandbox.mastery(["adr", "new", "Y"]).ok().out, "docs/adr/002-y.md\n");
    sandbox.git(["init", "-q"]).ok();
    sandbox.commit_all("two");
    sandbox.git(["clone", "-q", "--bare", ".", "bare.git"]).ok();
    assert_eq!(sandbox.mastery_in("bare.git", ["adr", "list"]).ok().out, "001  Accepted  X\n002  Accepted  Y\n");
    sandbox.mastery_in("bare.git", ["adr", "new", "Z"]).fails(3);
}
