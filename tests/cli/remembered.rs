//! What status remembers of history changes no answer: whatever became of history, and whatever became of what was remembered.

use crate::harness::Sandbox;
use serde_json::Value;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::Stdio;

const GO: &str = "package main\n\nimport \"net/http\"\n\nfunc main() {\n\thttp.HandleFunc(\"/take\", take)\n\thttp.HandleFunc(\"/reset\", reset)\n\thttp.ListenAndServe(\":8080\", nil)\n}\n";

/// A hundred commits of two people in two tracks, with a merge and a directory that moved.
fn long() -> Sandbox {
    let sandbox = Sandbox::new();
    let mut stream = String::new();
    for mark in 1..=100 {
        let who = if mark % 7 == 0 { "Bob <bob@x>" } else { "Ada <ada@x>" };
        let from = match mark {
            1 => String::new(),
            40 => "from :35\n".to_owned(),
            50 => "from :49\nmerge :39\n".to_owned(),
            n => format!("from :{}\n", n - 1),
        };
        let track = if mark % 3 == 0 { "python/app.py" } else { "go/main.go" };
        let track = if mark >= 60 { track.replace("go/", "golang/") } else { track.to_owned() };
        let moved = if mark == 60 { "R go golang\n" } else { "" };
        let text = format!("{GO}// {mark}\n");
        let time = 1_700_000_000 + mark * 3600;
        let message = if mark == 70 { "feat: x\n\nLearned(golang): channels close once" } else { "feat: x" };
        let _ = write!(
            stream,
            "commit refs/heads/main\nmark :{mark}\ncommitter {who} {time} +0100\ndata {}\n{message}\n{from}{moved}M 100644 inline {track}\ndata {}\n{text}\n",
            message.len(),
            text.len()
        );
    }
    let mut child =
        sandbox.command("git", "").args(["fast-import", "--quiet", "--force"]).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(stream.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
    sandbox.git(["reset", "-q", "--hard"]).ok();
    sandbox
}

fn facts(sandbox: &Sandbox) -> PathBuf {
    sandbox.work().join(".git/mastery/cache/facts")
}

fn answer(sandbox: &Sandbox, more: &[&str]) -> String {
    sandbox.mastery(["status", "--format", "json"].iter().chain(more)).ok().out
}

/// The answer, which must be the one that all of history gives.
#[track_caller]
fn same(sandbox: &Sandbox, when: &str) -> Value {
    let remembered = answer(sandbox, &[]);
    assert_eq!(remembered, answer(sandbox, &["--no-cache"]), "{when}");
    serde_json::from_str(&remembered).unwrap()
}

fn commit(sandbox: &Sandbox, path: &str, message: &str) {
    sandbox.write(path, format!("{GO}// {message}\n"));
    sandbox.commit_all(message);
}

#[test]
fn whatever_becomes_of_history_the_answer_is_that_of_all_of_it() {
    let sandbox = long();
    answer(&sandbox, &["--no-cache"]);
    assert!(!facts(&sandbox).exists(), "--no-cache remembers nothing");
    same(&sandbox, "the first time");
    assert!(facts(&sandbox).exists());
    same(&sandbox, "the second time");
    commit(&sandbox, "golang/take.go", "feat: one more");
    assert_eq!(same(&sandbox, "one more commit")["repository"]["commits"], 101);
    sandbox.write("golang/take.go", "package main // amended\n");
    sandbox.git(["commit", "-qa", "--amend", "-m", "feat: amended"]).ok();
    same(&sandbox, "amended");
    sandbox.git(["checkout", "-q", "-b", "side", "HEAD~5"]).ok();
    same(&sandbox, "an older commit");
    commit(&sandbox, "python/side.py", "feat: side");
    same(&sandbox, "a branch from before");
    sandbox.git(["checkout", "-q", "main"]).ok();
    sandbox.git(["merge", "-q", "--no-edit", "side"]).ok();
    same(&sandbox, "a merge of what began before");
    sandbox.git(["reset", "-q", "--hard", "HEAD~60"]).ok();
    same(&sandbox, "behind the merge and the move");
    commit(&sandbox, "nestjs/src/main.ts", "feat: another way");
    same(&sandbox, "another way from there");
    sandbox.git(["checkout", "-q", "--orphan", "anew"]).ok();
    commit(&sandbox, "golang/new.go", "feat: a second root");
    same(&sandbox, "nothing in common");
    sandbox.git(["merge", "-q", "--no-edit", "--allow-unrelated-histories", "-X", "ours", "side"]).ok();
    same(&sandbox, "two roots");
    let root = sandbox.git(["rev-list", "--max-parents=0", "side"]).ok().out;
    sandbox.git(["replace", "--graft", "HEAD", root.trim()]).ok();
    same(&sandbox, "a replaced commit");
}

#[test]
fn only_new_commits_are_walked() {
    let sandbox = long();
    let whole = same(&sandbox, "whole");
    // A tree of long ago that nobody needs any more, but who walks all of history.
    let tree = sandbox.git(["rev-parse", "HEAD~50^{tree}"]).ok().out;
    sandbox.git(["config", "gc.auto", "0"]).ok();
    let packs: Vec<_> =
        fs::read_dir(sandbox.work().join(".git/objects/pack")).unwrap().flatten().map(|f| f.path()).collect();
    for pack in packs.iter().filter(|p| p.extension().is_some_and(|e| e == "pack")) {
        let aside = sandbox.root().join("aside.pack");
        fs::rename(pack, &aside).unwrap();
        let input = fs::File::open(&aside).unwrap();
        assert!(sandbox.command("git", "").args(["unpack-objects", "-q"]).stdin(input).status().unwrap().success());
    }
    let (directory, name) = tree.trim().split_at(2);
    fs::remove_file(sandbox.work().join(".git/objects").join(directory).join(name)).unwrap();
    fs::remove_dir_all(facts(&sandbox).with_file_name("answers")).unwrap();
    let remembered: Value = serde_json::from_str(&answer(&sandbox, &[])).unwrap();
    assert_eq!(remembered, whole);
    assert!(answer(&sandbox, &["--no-cache"]).contains("some trees are not here"));
}

#[test]
fn what_is_damaged_foreign_or_of_other_rules_is_made_anew() {
    let sandbox = long();
    same(&sandbox, "whole");
    let whole = fs::read(facts(&sandbox)).unwrap();
    let mut damaged = vec![Vec::new(), whole[..whole.len() / 2].to_vec(), b"something else\n".to_vec()];
    for at in [3, 14, 20, 38, 60, whole.len() / 2, whole.len() - 1] {
        let mut flipped = whole.clone();
        flipped[at] ^= 1;
        damaged.push(flipped);
    }
    for (n, bytes) in damaged.iter().enumerate() {
        fs::write(facts(&sandbox), bytes).unwrap();
        fs::remove_dir_all(facts(&sandbox).with_file_name("answers")).unwrap();
        same(&sandbox, &format!("damage {n}"));
        assert_eq!(fs::read(facts(&sandbox)).unwrap(), whole, "damage {n} is mended");
    }
    sandbox.write(".mastery.toml", "[people]\nlearners = [\"bob@x\"]\n");
    same(&sandbox, "other people count");
    assert!(fs::read(facts(&sandbox)).unwrap() != whole);
    sandbox.write(".mailmap", "Robert <bob@x>\n").write(".mastery.toml", "[people]\nlearners = [\"Robert\"]\n");
    sandbox.commit_all("chore: a name");
    same(&sandbox, "another name");
    // Where nothing can be remembered, everything is still answered.
    fs::remove_dir_all(sandbox.work().join(".git/mastery/cache")).unwrap();
    sandbox.write(".git/mastery/cache", "in the way");
    same(&sandbox, "no place to remember");
}

#[test]
fn a_clone_that_was_shallow_forgets_that_its_history_was_cut() {
    let sandbox = long();
    let from = format!("file://{}", sandbox.work().display());
    sandbox.git(["clone", "-q", "--depth=80", &from, "../clone"]).ok();
    let status = |more: &[&str]| {
        let out = sandbox.mastery_in("../clone", ["status", "--format", "json"].iter().chain(more)).ok().out;
        serde_json::from_str::<Value>(&out).unwrap()
    };
    assert_eq!(status(&[]), status(&["--no-cache"]));
    assert!(sandbox.root().join("clone/.git/mastery/cache/facts").exists());
    assert_eq!(status(&[])["repository"]["shallow"], true);
    sandbox.git_in("../clone", ["fetch", "-q", "--unshallow"]).ok();
    let whole = status(&[]);
    assert_eq!((&whole["repository"]["shallow"], &whole["repository"]["commits"]), (&false.into(), &100.into()));
    assert_eq!(whole, status(&["--no-cache"]));
}

#[test]
fn two_at_once_answer_alike_and_leave_one_whole_memory() {
    let sandbox = long();
    let expected = answer(&sandbox, &["--no-cache"]);
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..4).map(|_| scope.spawn(|| answer(&sandbox, &[]))).collect();
        for one in all {
            assert_eq!(one.join().unwrap(), expected);
        }
    });
    let left = fs::read_dir(facts(&sandbox).parent().unwrap()).unwrap().map(|f| f.unwrap().file_name());
    let left: Vec<_> = left.collect();
    assert_eq!(left.len(), 2, "the facts, the answers, and no leftovers: {left:?}");
    same(&sandbox, "afterwards");
}

#[test]
fn clean_forgets_what_was_remembered() {
    let sandbox = long();
    same(&sandbox, "whole");
    let ran = sandbox.mastery(["clean", "--dry-run"]).ok();
    assert!(ran.out.contains("mastery/cache") && facts(&sandbox).exists(), "{}", ran.all());
    sandbox.mastery(["clean"]).ok();
    assert!(!facts(&sandbox).exists());
}

/// Lets a minute pass for everything that an answer depends on.
fn settle(sandbox: &Sandbox) {
    let mut pending = vec![sandbox.work()];
    while let Some(path) = pending.pop() {
        if path.is_dir() && !path.ends_with("mastery/cache") {
            pending.extend(fs::read_dir(&path).unwrap().flatten().map(|item| item.path()));
        }
        let file = fs::File::open(&path).unwrap();
        let earlier = file.metadata().unwrap().modified().unwrap() - std::time::Duration::from_secs(60);
        file.set_modified(earlier).unwrap();
    }
}

/// Whether the answer comes from memory: it is given again although nothing can be read any more.
fn is_remembered(sandbox: &Sandbox, more: &[&str]) -> bool {
    let objects = sandbox.work().join(".git/objects");
    let aside = sandbox.root().join("objects");
    let before = answer(sandbox, more);
    fs::rename(&objects, &aside).unwrap();
    fs::create_dir(&objects).unwrap();
    let ran = sandbox.mastery(["status", "--format", "json"].iter().chain(more));
    fs::remove_dir(&objects).unwrap();
    fs::rename(&aside, &objects).unwrap();
    assert!(ran.code != 0 || ran.out == before, "{}", ran.all());
    ran.code == 0
}

#[test]
fn an_answer_is_given_again_while_nothing_has_changed_and_not_a_moment_longer() {
    let mut sandbox = long();
    settle(&sandbox);
    assert!(is_remembered(&sandbox, &[]));
    assert!(!is_remembered(&sandbox, &["--no-cache"]) && !is_remembered(&sandbox, &["--at", "HEAD"]));
    let first = same(&sandbox, "as it was");
    // Another day, another schedule.
    sandbox.at("2027-11-22T10:00:00+00:00");
    same(&sandbox, "a year later");
    sandbox.at("2026-11-22T10:00:00+00:00");
    // A receipt, and one that is taken away.
    sandbox.write(".mastery.toml", "[languages.golang]\ntest = \"true\"\nreport = \"none\"\n");
    settle(&sandbox);
    let untested = same(&sandbox, "a suite");
    assert!(is_remembered(&sandbox, &[]));
    sandbox.mastery(["test", "golang"]).ok();
    assert_ne!(same(&sandbox, "a receipt"), untested);
    settle(&sandbox);
    assert!(is_remembered(&sandbox, &[]));
    fs::remove_dir_all(sandbox.work().join(".git/mastery/receipts")).unwrap();
    assert_eq!(same(&sandbox, "no receipt"), untested);
    // A coverage report beside the sources.
    settle(&sandbox);
    assert!(is_remembered(&sandbox, &[]));
    sandbox.write("golang/coverage/lcov.info", "SF:main.go\nDA:1,1\nend_of_record\n");
    assert_ne!(same(&sandbox, "a report"), untested);
    assert!(!is_remembered(&sandbox, &[]), "with a report every file counts");
    fs::remove_dir_all(sandbox.work().join("golang/coverage")).unwrap();
    fs::remove_file(sandbox.work().join(".mastery.toml")).unwrap();
    assert_eq!(same(&sandbox, "as it was"), first);
    // A file among the sources that is no report.
    sandbox.write("golang/new.txt", "x");
    same(&sandbox, "a new file");
    assert!(is_remembered(&sandbox, &[]));
    // What happened a moment ago may happen again unseen.
    sandbox.write(".git/mastery/receipts/aa/x", "x");
    same(&sandbox, "a new receipt");
    assert!(!is_remembered(&sandbox, &[]));
}

#[test]
fn an_answer_that_is_damaged_is_not_given() {
    let sandbox = long();
    settle(&sandbox);
    same(&sandbox, "whole");
    assert!(is_remembered(&sandbox, &[]));
    let answers = facts(&sandbox).with_file_name("answers");
    let file = fs::read_dir(&answers).unwrap().next().unwrap().unwrap().path();
    let whole = fs::read(&file).unwrap();
    for at in [0, 5, whole.len() / 2, whole.len() - 2] {
        let mut damaged = whole.clone();
        damaged[at] ^= 1;
        fs::write(&file, damaged).unwrap();
        same(&sandbox, &format!("damaged at {at}"));
    }
}
