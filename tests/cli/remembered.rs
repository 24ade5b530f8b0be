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

/// A repository with a project that starts something, and `more` files, in one commit.
fn curriculum(more: &[(&str, &str)]) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(format!("{PROJECT}/golang/main.go"), GO);
    for (path, text) in more {
        sandbox.write(path, text);
    }
    sandbox.commit_all("begin");
    sandbox
}

const PROJECT: &str = "15-api-rate-limiter";

/// Three commits to a source of the project, with a look after each: what one project needs of history is remembered then.
fn go_on(sandbox: &Sandbox, when: &str) {
    for n in 0..3 {
        commit(sandbox, &format!("{PROJECT}/golang/main.go"), &format!("{when} {n}"));
        same(sandbox, when);
    }
}

#[test]
fn a_workflow_that_deploys_has_a_say_wherever_it_lies() {
    let workflow = "jobs:\n  d:\n    steps:\n    - run: flyctl deploy\n";
    let sandbox = curriculum(&[("15-api-rate-limiter/fly.toml", "app = \"x\"\n")]);
    same(&sandbox, "packaged");
    sandbox.write(".github/workflows/d.yml", workflow).commit_all("ci: deploy");
    same(&sandbox, "a workflow came");
    go_on(&sandbox, "with a workflow");
    let sandbox = curriculum(&[("15-api-rate-limiter/fly.toml", "app = \"x\"\n"), (".gitlab-ci.yml", workflow)]);
    same(&sandbox, "the other host's");
    go_on(&sandbox, "with the other host's");
}

#[test]
fn whose_work_it_is_may_depend_on_any_commit() {
    let words = "the limiter counts requests by tenant\n".repeat(9);
    let sandbox = Sandbox::new();
    sandbox.write(".mastery.toml", "[people]\nlearners = [\"ada@x\"]\n").write(format!("{PROJECT}/README.md"), &words);
    sandbox.git(["add", "-A"]).ok();
    sandbox
        .git(["-c", "user.name=Bob", "-c", "user.email=bob@x", "commit", "-q", "-m", "t", "--author", "Bob <bob@x>"])
        .ok();
    sandbox.write(format!("{PROJECT}/golang/own.go"), GO).git(["add", "-A"]).ok();
    sandbox.git(["commit", "-q", "-m", "own", "--author", "Ada <ada@x>"]).ok();
    same(&sandbox, "somebody else's words");
    sandbox.write("notes/copy.md", &words).git(["add", "-A"]).ok();
    sandbox.git(["commit", "-q", "-m", "copy", "--author", "Ada <ada@x>"]).ok();
    same(&sandbox, "the same words by a learner");
}

#[test]
fn a_configuration_that_is_named_and_not_there_is_an_error_each_time() {
    let sandbox = curriculum(&[]);
    sandbox.mastery(["status"]).ok();
    sandbox.mastery(["status", "--config", "nowhere.toml"]).fails(2);
}

#[test]
fn other_directories_may_become_the_projects() {
    let sandbox = Sandbox::new();
    sandbox.write("01-intro/README.md", "hi\n").commit_all("begin");
    same(&sandbox, "a numbered directory");
    sandbox.write("golang/m.go", GO).commit_all("the root");
    same(&sandbox, "the root has a track");
    let sandbox = Sandbox::new();
    sandbox
        .write("01-intro/golang/m.go", GO)
        .write("01-intro/README.md", "hi\n")
        .write("golang/m.go", GO)
        .commit_all("x");
    for n in 0..3 {
        commit(&sandbox, "01-intro/golang/m.go", &n.to_string());
        same(&sandbox, "both have a track");
    }
    sandbox.git(["rm", "-rq", "01-intro/golang"]).ok();
    sandbox.git(["commit", "-q", "-m", "gone"]).ok();
    same(&sandbox, "the numbered one has none any more");
    let configured = "[projects.\"16-x\"]\nstarted = 2026-01-01\n";
    let sandbox = curriculum(&[("work/x", "x"), (".mastery.toml", configured)]);
    same(&sandbox, "a configured project that is not there");
    sandbox.write("work/16-x/golang/main.go", GO).commit_all("one level down");
    same(&sandbox, "it is there, one level down");
}

#[test]
fn decisions_that_lie_elsewhere_now_are_looked_for_in_history() {
    let record = "# ADR 001: Use Redis\n## Status: Accepted\n## Context\napi rate limiter: need one clock for all of them across many servers.\n## Decision\nUse Redis with a window.\n";
    let more = [("docs/adr/001-a.md", record), ("decisions/001-b.md", record), ("16-b/golang/b.go", GO)];
    let sandbox = curriculum(&more);
    same(&sandbox, "begun");
    go_on(&sandbox, "where decisions lay");
    sandbox.write(".mastery.toml", "[adr]\ndirectory = \"decisions\"\n");
    same(&sandbox, "they lie elsewhere");
    sandbox.write(format!("{PROJECT}/golang/main.go"), format!("{GO}// more\n")).git(["commit", "-qam", "more"]).ok();
    same(&sandbox, "and on");
}

#[test]
fn what_may_become_an_input_has_a_say() {
    let workspace = r#"{"workspaces":["packages/*","15-api-rate-limiter/nestjs"]}"#;
    let sandbox = curriculum(&[
        ("package.json", workspace),
        ("15-api-rate-limiter/nestjs/package.json", r#"{"name":"a","dependencies":{"@nestjs/core":"1"}}"#),
        ("15-api-rate-limiter/nestjs/a.ts", "export const a = 1\n"),
        ("15-api-rate-limiter/nestjs/tsconfig.json", r#"{"extends":"../../base/tsconfig"}"#),
        ("base/tsconfig.json", "{}"),
        ("packages/shared/package.json", r#"{"name":"s"}"#),
    ]);
    same(&sandbox, "begun");
    sandbox.write("packages/new/package.json", r#"{"name":"n"}"#).commit_all("a package");
    same(&sandbox, "a package more");
    sandbox.write("base/tsconfig/x", "x").commit_all("a directory");
    same(&sandbox, "what stands before the file that was meant");
}

#[test]
fn an_index_that_cannot_be_read_is_none_of_the_status() {
    let sandbox = curriculum(&[]);
    let before = answer(&sandbox, &["--no-cache"]);
    sandbox.git(["update-index", "--split-index"]).ok();
    assert_eq!(answer(&sandbox, &["--no-cache"]), before);
}
