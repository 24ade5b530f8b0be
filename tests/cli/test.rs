//! `mastery test`: what it runs, what it keeps, what it says.

use crate::harness::Sandbox;
use std::fs;

const CONFIGURATION: &str = "[languages.sh]\ndirectories = [\"sh\"]\ntest = \"sh suite.sh\"\nreport = \"none\"\n\
                             [languages.tap]\ndirectories = [\"tap\"]\ntest = \"sh suite.sh\"\nreport = \"tap\"\n";
const SUITE: &str = "echo ran >> \"$RUNS\"; [ \"$(cat answer)\" = 42 ]\n";

fn sandbox() -> Sandbox {
    let mut sandbox = Sandbox::new();
    let runs = sandbox.root().join("runs").to_str().unwrap().to_owned();
    sandbox.env("RUNS", &runs);
    sandbox.write(".mastery.toml", CONFIGURATION).write("15-x/sh/suite.sh", SUITE).write("15-x/sh/answer", "42\n");
    sandbox.write("15-x/tap/suite.sh", "echo 1..2; echo ok 1 - first; echo ok 2 - second\n");
    sandbox
}

fn runs(sandbox: &Sandbox) -> usize {
    fs::read_to_string(sandbox.root().join("runs")).unwrap_or_default().lines().count()
}

#[test]
fn a_test_run_by_hand_pays_for_the_commit() {
    let mut sandbox = sandbox();
    sandbox.mastery(["hook", "install"]).ok();
    let ran = sandbox.mastery(["test"]).ok();
    assert!(ran.out.contains("sh  15-x  passed") && ran.out.contains("tap  15-x  2 tests"), "{}", ran.out);
    sandbox.git(["add", "-A"]).ok();
    let ran = sandbox.git(["commit", "-q", "-m", "chore: first"]).ok();
    assert_eq!(ran.err.matches("already passed").count(), 2, "{}", ran.err);
    assert_eq!(runs(&sandbox), 1);
    sandbox.at("2026-11-22T10:12:00+00:00");
    let ran = sandbox.mastery(["test"]).ok();
    assert!(ran.out.contains("sh  15-x  already passed (12 min ago)"), "{}", ran.out);
    assert_eq!(runs(&sandbox), 1);
    sandbox.mastery(["test", "sh", "--force"]).ok();
    assert_eq!(runs(&sandbox), 2);
}

#[test]
fn each_content_is_tested_as_itself() {
    let sandbox = sandbox();
    sandbox.commit_all("good");
    sandbox.write("15-x/sh/answer", "41\n").git(["add", "-A"]).ok();
    sandbox.write("15-x/sh/answer", "42\n");
    sandbox.mastery(["test", "sh"]).ok();
    sandbox.mastery(["test", "sh", "--staged"]).fails(1);
    sandbox.mastery(["test", "sh", "--rev", "HEAD"]).ok();
    sandbox.write("15-x/sh/answer", "0\n");
    sandbox.mastery(["test", "sh"]).fails(1);
    sandbox.mastery(["test", "sh", "--rev", "HEAD", "--force"]).ok();
}

#[test]
fn tracks_are_named_in_every_way_that_makes_sense() {
    let sandbox = sandbox();
    sandbox.commit_all("first");
    for names in [vec!["sh"], vec!["15-x/sh"], vec!["15-x/sh/"], vec!["sh", "15-x/sh"]] {
        let ran = sandbox.mastery(["test", "--dry-run"].into_iter().chain(names)).ok();
        assert!(ran.out.contains("sh  15-x  would run in the work tree: sh suite.sh"), "{}", ran.out);
        assert_eq!(ran.out.lines().count(), 1, "{}", ran.out);
    }
    assert_eq!(sandbox.mastery(["test", "--dry-run", "15-x"]).ok().out.lines().count(), 2);
    assert_eq!(sandbox.mastery_in("15-x/sh", ["test", "--dry-run"]).ok().out.lines().count(), 1);
    assert_eq!(sandbox.mastery_in("15-x", ["test", "--dry-run", "./tap"]).ok().out.lines().count(), 1);
    assert_eq!(runs(&sandbox), 0);
    let unknown = sandbox.mastery(["test", "tab"]).fails(2);
    assert!(unknown.err.contains("did you mean tap?"), "{}", unknown.err);
}

#[test]
fn failing_tests_are_named_and_their_output_cannot_drive_the_terminal() {
    let sandbox = sandbox();
    let suite =
        "printf '1..2\\nok 1 - fine\\nnot ok 2 - breaks \\033]0;title\\007 it\\n# \\033[31mred\\033[0m\\n'; exit 1\n";
    sandbox.write("15-x/tap/suite.sh", suite);
    let ran = sandbox.mastery(["test", "tap"]).fails(1);
    assert!(ran.out.contains("1 of 2 tests failed"), "{}", ran.out);
    assert!(ran.out.contains("breaks"), "{}", ran.out);
    assert!(!ran.out.contains('\u{1b}') && !ran.out.contains('\u{7}'), "{:?}", ran.out);
    assert!(ran.out.contains("whole log: .git/mastery/logs/15-x+tap."), "{}", ran.out);
    let ran = sandbox.mastery_in("15-x", ["test", "tap"]).fails(1);
    assert!(ran.out.contains("whole log: $ROOT/work/.git/mastery/logs/15-x+tap."), "{}", ran.out);
}

#[test]
fn json_holds_the_same_findings() {
    let sandbox = sandbox();
    sandbox.write("15-x/tap/suite.sh", "echo 1..1; echo not ok 1 - broken; exit 1\n");
    let ran = sandbox.mastery(["test", "--format", "json"]).fails(1);
    let answer: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let suites = answer["suites"].as_array().unwrap();
    assert_eq!(suites[0]["outcome"], "passed");
    assert_eq!(suites[1]["outcome"], "failed");
    assert_eq!(suites[1]["failing"][0]["name"], "broken");
}

#[test]
fn a_suite_without_tests_has_not_passed() {
    let sandbox = sandbox();
    sandbox.write("15-x/tap/suite.sh", "echo 1..0\n");
    let ran = sandbox.mastery(["test", "tap"]).fails(1);
    assert!(ran.out.contains("no test ran"), "{}", ran.out);
    sandbox.write(".mastery.toml", format!("{CONFIGURATION}[tests]\nrequire_tests = false\n"));
    sandbox.mastery(["test", "tap"]).ok();
}

#[test]
fn a_damaged_receipt_costs_a_run_and_never_more() {
    let sandbox = sandbox();
    sandbox.mastery(["test", "sh"]).ok();
    let mut pending = vec![sandbox.work().join(".git/mastery/receipts")];
    while let Some(path) = pending.pop() {
        if path.is_dir() {
            pending.extend(fs::read_dir(path).unwrap().map(|item| item.unwrap().path()));
        } else {
            fs::write(&path, &fs::read(&path).unwrap()[..40]).unwrap();
        }
    }
    let ran = sandbox.mastery(["test", "sh"]).ok();
    assert!(ran.err.contains("its receipt is damaged"), "{}", ran.err);
    assert_eq!(runs(&sandbox), 2);
}

#[test]
fn a_forged_receipt_counts_for_no_other_tree() {
    let sandbox = sandbox();
    sandbox.mastery(["test", "sh"]).ok();
    sandbox.git(["add", "-A"]).ok();
    let tree = |sandbox: &Sandbox| {
        let root = sandbox.git(["write-tree"]).ok().out;
        sandbox.git(["rev-parse", &format!("{}:15-x/sh", root.trim())]).ok().out.trim().to_owned()
    };
    let good = tree(&sandbox);
    sandbox.write("15-x/sh/answer", "41\n").git(["add", "-A"]).ok();
    let bad = tree(&sandbox);
    let receipts = sandbox.work().join(".git/mastery/receipts");
    let target = receipts.join(&bad[..2]).join(&bad);
    fs::create_dir_all(target.parent().unwrap()).unwrap();
    fs::rename(receipts.join(&good[..2]).join(&good), target).unwrap();
    sandbox.mastery(["test", "sh", "--staged"]).fails(1);
    assert_eq!(runs(&sandbox), 2);
}

#[test]
fn a_failure_is_never_taken_for_granted() {
    let mut sandbox = sandbox();
    sandbox.write("15-x/sh/suite.sh", "echo ran >> \"$RUNS\"; [ -n \"$WELL\" ]\n");
    sandbox.mastery(["test", "sh"]).fails(1);
    sandbox.env("WELL", "yes");
    sandbox.mastery(["test", "sh"]).ok();
    assert_eq!(runs(&sandbox), 2);
}

#[cfg(target_os = "linux")]
#[test]
fn a_gigabyte_of_output_is_drained_and_cut() {
    let sandbox = sandbox();
    let suite = "yes 'all work and no play' | head -c 1073741824; echo; echo the end; exit 1\n";
    sandbox.write("15-x/sh/suite.sh", suite);
    // Half of that is all the memory that any of its processes may have.
    let mut limited = sandbox.command("sh", "");
    limited.args(["-c", "ulimit -v 524288 && exec \"$0\" test sh", env!("CARGO_BIN_EXE_mastery")]);
    let ran = sandbox.run(&mut limited).fails(1);
    assert!(ran.out.contains("the end"), "{}", ran.out);
    let logs = sandbox.work().join(".git/mastery/logs");
    let size = fs::read_dir(logs).unwrap().map(|f| f.unwrap().metadata().unwrap().len()).max().unwrap();
    assert!(size < 70_000_000, "{size}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_report_that_is_too_large_is_not_read() {
    let sandbox = sandbox();
    sandbox.write("15-x/tap/suite.sh", "truncate -s 1G \"$MASTERY_REPORT\"\n");
    let mut limited = sandbox.command("sh", "");
    limited.args(["-c", "ulimit -v 524288 && exec \"$0\" test tap", env!("CARGO_BIN_EXE_mastery")]);
    let ran = sandbox.run(&mut limited).fails(1);
    assert!(ran.out.contains("its report can't be read") && ran.out.contains("1024 MiB"), "{}", ran.all());
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_shows_what_is_running_and_a_pipe_only_what_came_of_it() {
    let sandbox = sandbox();
    sandbox.write("15-x/sh/suite.sh", "sleep 0.5\n");
    let test = format!("{} test sh --force", env!("CARGO_BIN_EXE_mastery"));
    let mut terminal = sandbox.command("script", "");
    terminal.args(["-qec", &test, "/dev/null"]).env("TERM", "xterm");
    let live = sandbox.run(&mut terminal).ok();
    assert!(live.out.contains("testing 15-x/sh") && live.out.contains("passed"), "{:?}", live.out);
    let piped = sandbox.mastery(["test", "sh", "--force"]).ok();
    assert_eq!((piped.out.lines().count(), piped.err.as_str()), (1, ""), "{}", piped.all());
}
