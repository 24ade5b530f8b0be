//! `mastery verify` and `mastery check`: rules and receipts over a range of commits; and `mastery clean`.

use crate::harness::Sandbox;
use std::fs;

const CONFIGURATION: &str = "[languages.sh]\ndirectories = [\"sh\"]\ntest = \"sh suite.sh\"\nreport = \"tap\"\n\
                             [languages.sql]\ndirectories = [\"sql\"]\ntest = \"sh suite.sh\"\nreport = \"tap\"\n\
                             [journal]\nevery = \"commit\"\nmin_changed_lines = 1\n";
/// Notes that it ran, and passes where the track's file says 42.
const SUITE: &str = "echo ran >> \"$RUNS\"\necho 1..1\nif [ \"$(cat answer.txt)\" = 42 ]; then echo ok 1 - answer; \
                     else echo not ok 1 - answer; exit 1; fi\n";

/// Four commits: both tracks good; `sql` good still; `sh` bad; `sh` good again.
fn sandbox() -> (Sandbox, Vec<String>) {
    let mut sandbox = Sandbox::new();
    let runs = sandbox.root().join("runs").to_str().unwrap().to_owned();
    sandbox.env("RUNS", &runs);
    sandbox.write(".mastery.toml", CONFIGURATION);
    for track in ["sh", "sql"] {
        sandbox.write(format!("15-x/{track}/suite.sh"), SUITE).write(format!("15-x/{track}/answer.txt"), "42\n");
    }
    let mut commits = vec![sandbox.commit_all("chore: begin")];
    sandbox.write("15-x/sql/more.sh", "echo more\n");
    commits.push(sandbox.commit_all("feat: more\n\nLearned(sql): more is not always better"));
    sandbox.write("15-x/sh/answer.txt", "41\n");
    commits.push(sandbox.commit_all("feat: doubt the answer"));
    sandbox.write("15-x/sh/answer.txt", "42\n");
    commits.push(sandbox.commit_all("fix: trust it again"));
    (sandbox, commits)
}

fn runs(sandbox: &Sandbox) -> usize {
    fs::read_to_string(sandbox.root().join("runs")).unwrap_or_default().lines().count()
}

#[test]
fn verify_names_the_first_bad_commit_of_each_track_and_runs_each_tree_once() {
    let (sandbox, commits) = sandbox();
    let ran = sandbox.mastery(["verify", "HEAD"]).fails(1);
    assert!(ran.out.contains("sql  15-x  4 commits, all passed (2 ran)"), "{}", ran.all());
    assert!(ran.out.contains("sh  15-x  1 of 4 commits not passed (2 ran)"), "{}", ran.all());
    assert!(
        ran.out.contains(&format!("first bad commit: {} feat: doubt the answer", &commits[2][..7])),
        "{}",
        ran.all()
    );
    assert!(ran.out.contains("answer") && ran.out.contains("mastery test 15-x/sh --rev"), "{}", ran.all());
    assert_eq!(runs(&sandbox), 4, "{}", ran.all());
    assert_eq!(sandbox.git(["status", "--porcelain"]).ok().out, "");
}

#[test]
fn verify_goes_on_from_the_receipts_of_the_last_time() {
    let (sandbox, _) = sandbox();
    sandbox.mastery(["verify", "HEAD~2"]).ok();
    assert_eq!(runs(&sandbox), 3);
    let ran = sandbox.mastery(["verify", "HEAD~2"]).ok();
    assert!(ran.out.contains("(none had to run)"), "{}", ran.all());
    assert_eq!(runs(&sandbox), 3);
}

#[test]
fn verify_says_in_json_what_it_says_in_words() {
    let (sandbox, commits) = sandbox();
    let ran = sandbox.mastery(["verify", "HEAD~3..HEAD", "--format", "json"]).fails(1);
    let value: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((value["commits"].as_u64(), value["passed"].as_bool()), (Some(3), Some(false)));
    let track = value["tracks"].as_array().unwrap().iter().find(|t| t["language"] == "sh").unwrap();
    assert_eq!(track["first_bad"], commits[2].as_str());
    assert_eq!(track["commits"][1]["failing"][0], "answer");
}

#[test]
fn verify_leaves_unstaged_work_alone() {
    let (sandbox, _) = sandbox();
    sandbox.write("15-x/sh/answer.txt", "not yet").write("15-x/sh/new.txt", "untracked");
    sandbox.mastery(["verify", "HEAD~2"]).ok();
    assert_eq!(sandbox.read("15-x/sh/answer.txt"), "not yet");
    assert_eq!(sandbox.git(["status", "--porcelain"]).ok().out, " M 15-x/sh/answer.txt\n?? 15-x/sh/new.txt\n");
}

#[test]
fn without_an_upstream_or_with_a_wrong_range_there_is_a_word_on_what_to_type() {
    let (sandbox, _) = sandbox();
    for command in ["verify", "check"] {
        let ran = sandbox.mastery([command]).fails(2);
        assert!(ran.err.contains("no upstream") && ran.err.contains("main..HEAD"), "{}", ran.err);
        sandbox.mastery([command, "nowhere..HEAD"]).fails(2);
        let ran = sandbox.mastery([command, "HEAD..HEAD"]).ok();
        assert!(ran.out.contains("holds no commits"), "{}", ran.all());
    }
    sandbox.git(["branch", "base", "HEAD~2"]).ok();
    sandbox.git(["branch", "--set-upstream-to", "base"]).ok();
    let ran = sandbox.mastery(["verify"]).fails(1);
    assert!(ran.out.contains("1 of 2 commits not passed"), "{}", ran.all());
}

#[test]
fn check_names_every_breach_of_the_journal_rule_with_its_remedy() {
    let (sandbox, commits) = sandbox();
    sandbox.write("15-x/sh/suite.sh", format!("{SUITE}# one more line\n"));
    let tip = sandbox.commit_all("feat: say nothing");
    let ran = sandbox.mastery(["check", "HEAD"]).fails(1);
    assert!(
        ran.out.contains(&format!("{} feat: say nothing\n  journal: changes 15-x/sh (1 line)", &tip[..7])),
        "{}",
        ran.all()
    );
    assert!(ran.out.contains("git commit --amend, and add to the message: Learned(sh): …"), "{}", ran.all());
    assert!(
        !ran.out.contains(&commits[0][..7]) && !ran.out.contains(&commits[1][..7]),
        "exempt, and learned: {}",
        ran.out
    );
    let ran = sandbox.mastery(["check", "HEAD", "--format", "json"]).fails(1);
    let value: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let last = value["breaches"].as_array().unwrap().last().unwrap();
    assert_eq!((&last["rule"], &last["commit"]), (&"journal".into(), &tip.as_str().into()));
    let mut skipping = sandbox.command(env!("CARGO_BIN_EXE_mastery"), "");
    sandbox.run(skipping.args(["check", "HEAD"]).env("MASTERY_SKIP", "journal")).ok();
}

#[test]
fn check_wants_the_tip_green_or_every_commit_as_the_configuration_says() {
    let (sandbox, commits) = sandbox();
    let quiet = CONFIGURATION.replace("every = \"commit\"", "every = \"off\"");
    let mut check = sandbox.command(env!("CARGO_BIN_EXE_mastery"), "");
    check.args(["check", "HEAD"]).env("MASTERY_SKIP", "journal");
    let ran = sandbox.run(&mut check).ok();
    assert!(ran.out.contains("4 commits: every rule is kept"), "{}", ran.all());
    sandbox.write(".mastery.toml", format!("{quiet}[tests]\npush = \"all\"\n"));
    sandbox.commit_all("chore: demand every commit");
    let ran = sandbox.run(&mut check).fails(1);
    assert!(
        ran.out.contains(&format!("{} feat: doubt the answer\n  tests: 15-x/sh failed: answer", &commits[2][..7])),
        "{}",
        ran.all()
    );
    assert!(ran.out.contains("5 commits: 1 breach"), "{}", ran.all());
}

#[test]
fn clean_takes_away_what_a_killed_writer_left_and_not_what_one_writes_now() {
    let sandbox = Sandbox::new();
    let receipts = ".git/mastery/receipts/ab/abcd/";
    sandbox.write(format!("{receipts}.mastery-old"), "half").write(format!("{receipts}.mastery-new"), "half");
    sandbox.write(format!("{receipts}one.json"), "{}");
    let old = fs::File::options().write(true).open(sandbox.work().join(receipts).join(".mastery-old")).unwrap();
    old.set_modified(std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_700_000_000)).unwrap();
    let ran = sandbox.mastery(["clean"]).ok();
    assert!(ran.out.contains(".mastery-old"), "{}", ran.out);
    let left = [".mastery-old", ".mastery-new", "one.json"].map(|name| sandbox.exists(format!("{receipts}{name}")));
    assert_eq!(left, [false, true, true]);
}

#[test]
fn clean_removes_what_can_be_made_again_and_keeps_receipts() {
    let (sandbox, _) = sandbox();
    sandbox.mastery(["clean"]).ok();
    sandbox.mastery(["verify", "HEAD~2"]).ok();
    let snapshots = || {
        let found = walk(&sandbox.home().join(".cache/mastery"));
        found.into_iter().filter(|p| p.ends_with("answer.txt")).count()
    };
    assert_eq!(snapshots(), 2);
    let ran = sandbox.mastery(["clean", "--dry-run"]).ok();
    assert!(ran.out.contains("remove   snapshots/"), "{}", ran.all());
    assert_eq!(snapshots(), 2);
    let ran = sandbox.mastery(["clean"]).ok();
    assert!(ran.out.contains("removed  snapshots/"), "{}", ran.all());
    assert_eq!(snapshots(), 0);
    let ran = sandbox.mastery(["verify", "HEAD~2"]).ok();
    assert!(ran.out.contains("(none had to run)"), "{}", ran.all());
    sandbox.mastery(["verify", "HEAD"]).fails(1);
}

fn walk(directory: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for item in fs::read_dir(directory).into_iter().flatten().flatten() {
        if item.file_type().unwrap().is_dir() { found.extend(walk(&item.path())) } else { found.push(item.path()) }
    }
    found
}
