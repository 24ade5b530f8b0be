//! Keeping the journal: the rule over a range, folding trailers, and mending what merges did.

use crate::harness::Sandbox;

fn learner() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(".mastery.toml", "[tests]\ngate = \"off\"\n[journal]\nevery = \"day\"\n");
    sandbox.write("golang/main.go", "package main\n").write("python/app.py", "x = 1\n");
    sandbox.write("LEARNINGS.md", "# Learnings\n\n## Week 1: Golang\n- start\n");
    sandbox.commit_all("chore: start");
    sandbox
}

fn code(sandbox: &Sandbox, path: &str, lines: usize) {
    sandbox.write(path, format!("// {path}\n").repeat(lines));
}

#[test]
fn a_range_is_judged_commit_by_commit() {
    let mut sandbox = learner();
    code(&sandbox, "golang/a.go", 20);
    let lacking = sandbox.commit_all("feat: silent");
    sandbox.at("2026-11-23T10:00:00+00:00");
    code(&sandbox, "golang/b.go", 20);
    sandbox.commit_all("feat: said later the same day");
    code(&sandbox, "golang/c.go", 20);
    sandbox.commit_all("feat: said\n\nLearned: channels close once");
    code(&sandbox, "golang/d.go", 20);
    sandbox.commit_all("docs: exempt");
    let ran = sandbox.mastery(["journal", "check"]).fails(1);
    assert!(
        ran.out.contains(&format!("✗ {} feat: silent: no entry for golang (20 lines in golang)", &lacking[..7])),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("1 of 5 commits in HEAD lack what was learned"), "{}", ran.out);
    let ran = sandbox.mastery(["journal", "check", "HEAD~3..HEAD"]).ok();
    assert!(ran.out.contains("3 commits in HEAD~3..HEAD, nothing is missing"), "{}", ran.out);
    let json = sandbox.mastery(["journal", "check", "--format", "json"]).fails(1).out;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["breaches"][0]["commit"], lacking.as_str());
    assert_eq!(json["breaches"][0]["lacking"][0]["language"], "golang");
    sandbox.mastery(["journal", "check", "nowhere..HEAD"]).fails(2);
}

#[test]
fn without_an_upstream_all_is_judged_and_with_one_only_what_is_new() {
    let sandbox = learner();
    code(&sandbox, "golang/a.go", 20);
    sandbox.commit_all("feat: silent");
    sandbox.git(["init", "-q", "--bare", "../up.git"]).ok();
    sandbox.git(["remote", "add", "up", "../up.git"]).ok();
    sandbox.mastery(["journal", "check"]).fails(1);
    sandbox.git(["push", "-q", "-u", "up", "main"]).ok();
    let ran = sandbox.mastery(["journal", "check"]).ok();
    assert!(ran.out.contains("0 commits in @{upstream}..HEAD"), "{}", ran.out);
}

#[test]
fn a_cut_history_is_said_and_is_no_verdict() {
    let sandbox = learner();
    code(&sandbox, "golang/a.go", 20);
    sandbox.commit_all("feat: x\n\nLearned: channels close once");
    let url = format!("file://{}", sandbox.work().display());
    sandbox.git(["clone", "-q", "--depth", "1", &url, "../shallow"]).ok();
    let ran = sandbox.mastery_in("../shallow", ["journal", "check", "HEAD"]).fails(3);
    assert!(ran.err.contains("git fetch --unshallow"), "{}", ran.err);
}

#[test]
fn trailers_are_folded_into_the_journal_once_each() {
    let mut sandbox = learner();
    sandbox.git(["checkout", "-q", "-b", "side"]).ok();
    sandbox.at("2026-11-30T10:00:00+00:00");
    code(&sandbox, "golang/a.go", 20);
    sandbox.commit_all("feat: a\n\nLearned: channels close once\nLearned(python): lists are references");
    sandbox.git(["checkout", "-q", "main"]).ok();
    code(&sandbox, "python/b.py", 20);
    sandbox.commit_all("feat: b\n\nLearned: tuples can be keys");
    sandbox.git(["merge", "-q", "--no-ff", "--no-edit", "side"]).ok();
    let before = sandbox.read("LEARNINGS.md");
    let ran = sandbox.mastery(["journal", "sync", "--dry-run"]).ok();
    assert!(ran.out.contains("3 `Learned` lines to fold"), "{}", ran.out);
    assert_eq!(sandbox.read("LEARNINGS.md"), before);
    sandbox.mastery(["journal", "sync"]).ok();
    let text = sandbox.read("LEARNINGS.md");
    let expected = "# Learnings\n\n## Week 1: Golang\n- start\n\n## Week 2: Golang implementation\n- channels close once\n\n## Week 2: Python implementation\n- lists are references\n- tuples can be keys\n";
    assert_eq!(text, expected);
    let again = sandbox.mastery(["journal", "sync"]).ok();
    assert!(again.out.contains("nothing to fold"), "{}", again.out);
    sandbox.commit_all("docs: journal");
    // What somebody took out again stays out.
    sandbox.write("LEARNINGS.md", before);
    assert!(sandbox.mastery(["journal", "sync"]).ok().out.contains("nothing to fold"));
    let listed = sandbox.mastery(["journal", "list"]).ok().out;
    assert_eq!(listed.matches("channels close once").count(), 1, "{listed}");
}

#[test]
fn what_a_union_merge_mixes_up_is_put_in_order_with_nothing_lost() {
    let sandbox = learner();
    sandbox.write(".gitattributes", "LEARNINGS.md merge=union\n");
    sandbox.commit_all("chore: union");
    let base = sandbox.read("LEARNINGS.md");
    for (branch, addition) in [
        ("one", "\n## Week 2: Golang\n\n- g1\n- g2\n"),
        ("two", "\n## Week 2: Python\n\n- p1\n  more of p1\n"),
        ("three", "\n## Week 2: Golang\n\n- g3\n"),
    ] {
        sandbox.git(["checkout", "-q", "-b", branch, "main"]).ok();
        sandbox.write("LEARNINGS.md", format!("{base}{addition}"));
        sandbox.commit_all(&format!("docs: {branch}"));
    }
    sandbox.git(["checkout", "-q", "main"]).ok();
    for branch in ["one", "two", "three"] {
        sandbox.git(["merge", "-q", "--no-ff", "--no-edit", branch]).ok();
    }
    let mixed = sandbox.read("LEARNINGS.md");
    assert!(mixed.contains("  more of p1\n- g3\n"), "the merge was kind this time:\n{mixed}");
    sandbox.mastery(["journal", "tidy"]).ok();
    let list = |language: &str| {
        let json = sandbox.mastery(["journal", "list", "--format", "json", "-w", "2", "-l", language]).ok().out;
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        let texts = json["entries"].as_array().unwrap().iter().map(|e| e["text"].as_str().unwrap().to_owned());
        let mut texts: Vec<String> = texts.collect();
        texts.sort();
        texts
    };
    assert_eq!(list("golang"), ["g1", "g2", "g3"], "{}", sandbox.read("LEARNINGS.md"));
    assert_eq!(list("python"), ["p1 more of p1"], "{}", sandbox.read("LEARNINGS.md"));
    assert_eq!(sandbox.read("LEARNINGS.md").matches("## Week 2: Golang").count(), 1);
    let again = sandbox.mastery(["journal", "tidy"]).ok();
    assert!(again.out.contains("in order"), "{}", again.out);
}

#[test]
fn a_journal_with_conflict_markers_is_left_alone() {
    let sandbox = learner();
    let text = "## Week 1: Go\n<<<<<<< ours\n- a\n=======\n- b\n>>>>>>> theirs\n## Week 1: Go\n";
    sandbox.write("LEARNINGS.md", text);
    sandbox.mastery(["journal", "tidy"]).fails(1);
    assert_eq!(sandbox.read("LEARNINGS.md"), text);
}
