//! Awkward and hostile histories: each has a stated answer, and none an error.

use crate::harness::Sandbox;
use serde_json::Value;
use std::io::Write as _;
use std::process::Stdio;

const GO: &str = "package main\n\nimport \"net/http\"\n\nfunc main() {\n\thttp.HandleFunc(\"/take\", take)\n\thttp.HandleFunc(\"/reset\", reset)\n\thttp.ListenAndServe(\":8080\", nil)\n}\n";
const PYTHON: &str = "from fastapi import FastAPI\n\nfrom store import Store\n\napp = FastAPI()\nstore = Store()\n\n\n@app.post(\"/take\")\ndef take():\n    return store.take()\n";

fn status(sandbox: &Sandbox, arguments: &[&str]) -> Value {
    sandbox.status(arguments)
}

fn project(sandbox: &Sandbox) -> Value {
    status(sandbox, &[])["projects"][0].clone()
}

fn track(project: &Value, language: &str) -> Value {
    let tracks = project["tracks"].as_array().unwrap();
    tracks.iter().find(|t| t["language"] == language).unwrap_or_else(|| panic!("no {language} in {tracks:?}")).clone()
}

/// Feeds a history to `git fast-import`.
fn import(sandbox: &Sandbox, stream: &[u8]) {
    let mut child =
        sandbox.command("git", "").args(["fast-import", "--quiet", "--force"]).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(stream).unwrap();
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_renamed_directory_keeps_its_start() {
    let mut sandbox = Sandbox::new();
    sandbox.write("go/main.go", GO).write("go/take.go", "package main\n\nfunc take() bool { return left > 0 }\n");
    let first = sandbox.commit_all("feat: go");
    sandbox.at("2026-11-23T10:00:00+00:00").git(["mv", "go", "golang"]).ok();
    sandbox.commit_all("refactor: the guide's name");
    let track = track(&project(&sandbox), "golang");
    assert_eq!((track["first_commit"].as_str(), track["started"].as_str()), (Some(first.as_str()), Some("2026-11-22")));
    assert_eq!(track["earlier_paths"][0], "go");
}

#[test]
fn a_deleted_track_lowers_the_phase_and_stays_in_the_story() {
    let sandbox = Sandbox::new();
    sandbox.write("golang/main.go", GO);
    sandbox.commit_all("feat: go");
    sandbox.write("python/main.py", PYTHON);
    sandbox.commit_all("feat: python");
    assert_eq!(project(&sandbox)["current_phase"], 4);
    sandbox.git(["rm", "-rq", "python"]).ok();
    sandbox.commit_all("chore: away with it");
    let after = project(&sandbox);
    assert_eq!(after["current_phase"], 3);
    assert_eq!(track(&after, "python")["state"], "absent");
    assert!(after["notes"].to_string().contains("python: removed in"), "{}", after["notes"]);
}

#[test]
fn two_languages_in_one_commit_have_no_order() {
    let sandbox = Sandbox::new();
    sandbox.write("golang/main.go", GO).write("python/main.py", PYTHON);
    let both = sandbox.commit_all("feat: everything");
    let project = project(&sandbox);
    assert_eq!(project["current_phase"], 4);
    let golang = track(&project, "golang");
    assert_eq!(golang["order"], Value::Null);
    assert_eq!(golang["order_note"], format!("added together with python in {}", &both[..7]));
}

#[test]
fn two_languages_on_parallel_branches_have_no_order() {
    let sandbox = Sandbox::new();
    sandbox.write("README.md", "# x\n");
    sandbox.commit_all("docs: begin");
    sandbox.git(["checkout", "-qb", "py"]).ok();
    sandbox.write("python/main.py", PYTHON);
    sandbox.commit_all("feat: python");
    sandbox.git(["checkout", "-q", "main"]).ok();
    sandbox.write("golang/main.go", GO);
    sandbox.commit_all("feat: go");
    sandbox.git(["merge", "-q", "--no-edit", "py"]).ok();
    let golang = track(&project(&sandbox), "golang");
    assert_eq!(golang["order"], Value::Null);
    assert!(golang["order_note"].as_str().unwrap().contains("in parallel with python"), "{golang}");
}

#[test]
fn a_dump_has_no_hours_and_says_why() {
    let sandbox = Sandbox::new();
    for name in ["a", "b", "c"] {
        sandbox.write(format!("golang/{name}.go"), format!("package x\n\nfunc {name}() int {{ return 1 }}\n"));
    }
    sandbox.write("golang/main.go", GO);
    sandbox.commit_all("feat: all of it");
    let project = project(&sandbox);
    let golang = track(&project, "golang");
    assert_eq!(golang["hours"], Value::Null);
    assert!(golang["hours_note"].as_str().unwrap().contains("one commit"));
    assert!(project["notes"].to_string().contains("added at once"));
}

#[test]
fn committed_node_modules_and_virtual_environments_are_nobodys_work() {
    let sandbox = Sandbox::new();
    sandbox.write("nestjs/node_modules/express/index.js", "module.exports = require('./lib')\n");
    sandbox.write("python/.venv/lib/site.py", "import sys\nprint(sys)\n");
    sandbox.commit_all("chore: oops");
    assert!(project(&sandbox)["current_phase"].as_u64().unwrap() < 3);
}

#[test]
fn what_stood_at_the_baseline_is_nobodys_evidence() {
    let sandbox = Sandbox::new();
    sandbox.write("golang/main.go", GO);
    let template = sandbox.commit_all("chore: a template");
    sandbox.write(".mastery.toml", format!("[project]\nbaseline = \"{template}\"\n"));
    sandbox.commit_all("chore: configure");
    assert!(project(&sandbox)["current_phase"].as_u64().unwrap() < 3);
    sandbox.write("golang/take.go", "package main\n\nfunc take() bool { return left > 0 }\n");
    sandbox.commit_all("feat: take");
    assert_eq!(project(&sandbox)["current_phase"], 3);
}

#[test]
fn bots_and_other_people_do_not_count_where_learners_are_named() {
    let mut sandbox = Sandbox::new();
    sandbox.env("GIT_AUTHOR_NAME", "dependabot[bot]");
    sandbox.write("golang/main.go", GO);
    sandbox.commit_all("chore: bump");
    sandbox.env("GIT_AUTHOR_NAME", "Ada Learner");
    sandbox.write("golang/take.go", "package main\n\nfunc take() bool { return left > 0 }\n");
    let own = sandbox.commit_all("feat: take");
    assert_eq!(track(&project(&sandbox), "golang")["first_commit"], own.as_str());
    sandbox.write(".mastery.toml", "[people]\nlearners = [\"bob@example.com\"]\n");
    assert!(project(&sandbox)["current_phase"].as_u64().unwrap() < 3);
}

#[test]
fn a_claim_is_shown_as_a_claim_and_never_as_met() {
    let sandbox = Sandbox::new();
    sandbox.write("golang/main.go", GO).write(".mastery.toml", "[project]\ndone = [\"deployed\", \"golang/suite\"]\n");
    sandbox.commit_all("feat: go");
    let project = project(&sandbox);
    let deployed = project["metrics"].as_array().unwrap().iter().find(|m| m["id"] == "deployed").unwrap();
    assert_eq!(deployed["state"], "claimed");
    let suite = project["phases"][2]["milestones"].as_array().unwrap().iter().find(|m| m["id"] == "suite").unwrap();
    assert_eq!(
        (suite["state"].as_str(), suite["evidence"][0]["kind"].as_str()),
        (Some("claimed"), Some("declaration"))
    );
}

#[test]
fn a_shallow_clone_says_that_history_is_cut_and_dates_nothing_to_the_cut() {
    let sandbox = Sandbox::new();
    sandbox.write("golang/main.go", GO);
    sandbox.commit_all("feat: go");
    sandbox.write("golang/take.go", "package main\n\nfunc take() bool { return true }\n");
    sandbox.commit_all("feat: take");
    let url = format!("file://{}", sandbox.work().display());
    sandbox.git(["clone", "-q", "--depth", "1", &url, "../shallow"]).ok();
    let status = sandbox.status(&["-C", "../shallow"]);
    assert_eq!(status["repository"]["shallow"], true);
    assert!(status["repository"]["notes"].to_string().contains("history is cut"));
    let golang = track(&status["projects"][0], "golang");
    assert_eq!((golang["first_commit"].clone(), golang["order"].clone()), (Value::Null, Value::Null));
    assert_eq!(status["projects"][0]["current_phase"], 3);
}

/// The languages of the tracks of a repository's only project.
fn languages(sandbox: &Sandbox, arguments: &[&str]) -> Vec<String> {
    let status = status(sandbox, arguments);
    let tracks = status["projects"][0]["tracks"].as_array().unwrap();
    tracks.iter().map(|t| t["language"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_helper_is_no_track_that_is_gone_where_history_does_not_know_all_of_the_tree() {
    let sandbox = Sandbox::new();
    sandbox.write("15-a/helper/main.py", "x = 1\n").write("15-a/notes.txt", "n\n");
    sandbox.commit_all("feat: a helper");
    sandbox.git(["checkout", "-q", "-b", "other"]).ok();
    sandbox.write("other.txt", "o\n");
    sandbox.commit_all("docs: other");
    sandbox.git(["checkout", "-q", "main"]).ok();
    sandbox.git(["merge", "-q", "--no-ff", "--no-commit", "other"]).ok();
    sandbox.write("15-a/golang/main.go", GO);
    sandbox.commit_all("feat: go, which only the merge brings");
    sandbox.git(["rm", "-q", "15-a/notes.txt"]).ok();
    sandbox.commit_all("docs: no notes");
    assert_eq!(languages(&sandbox, &[]), ["golang"]);
    let url = format!("file://{}", sandbox.work().display());
    sandbox.git(["clone", "-q", "--depth", "1", &url, "../shallow"]).ok();
    sandbox.write("../shallow/15-a/helper/main.py", "x = 2\n");
    sandbox.git_in("../shallow", ["commit", "-qam", "feat: more help"]).ok();
    sandbox.git_in("../shallow", ["mv", "15-a/helper/main.py", "15-a/helper/help.py"]).ok();
    sandbox.git_in("../shallow", ["commit", "-qm", "refactor: its name"]).ok();
    assert_eq!(languages(&sandbox, &["-C", "../shallow"]), ["golang"]);
}

#[test]
fn a_bare_repository_is_read_like_any_other() {
    let sandbox = Sandbox::new();
    sandbox.write("golang/main.go", GO);
    sandbox.commit_all("feat: go");
    sandbox.git(["clone", "-q", "--bare", ".", "../bare.git"]).ok();
    let out = sandbox.mastery(["-C", "../bare.git", "status"]).ok().out;
    assert!(out.contains("Phase 3 of 6"), "{out}");
}

#[test]
fn hostile_names_paths_and_dates_neither_drive_the_terminal_nor_stop_status() {
    let sandbox = Sandbox::new();
    let mut stream = Vec::new();
    for (n, (date, path)) in [
        ("0 +0000", &b"\"golang/caf\\351.go\""[..]),
        ("4294967295 +1400", b"golang/main.go"),
        ("99999999999999 -1200", b"\"python/\\033[31mred.py\""),
    ]
    .into_iter()
    .enumerate()
    {
        stream.extend_from_slice(format!("commit refs/heads/main\nmark :{}\nauthor \x1b[31mEve\x1b]0;x\x07 <e@x> {date}\ncommitter Eve <e@x> {date}\ndata 1\nx\n", n + 1).as_bytes());
        stream.extend_from_slice(b"M 100644 inline ");
        stream.extend_from_slice(path);
        stream.extend_from_slice(format!("\ndata {}\n{GO}\n", GO.len()).as_bytes());
    }
    import(&sandbox, &stream);
    for arguments in
        [&["status"][..], &["status", "--explain"], &["next"], &["status", "--color", "never", "--explain"]]
    {
        let out = sandbox.mastery(arguments).ok().out;
        assert!(!out.contains('\x1b') && !out.contains('\x07'), "{out:?}");
    }
    assert_eq!(status(&sandbox, &[])["repository"]["commits"], 3);
}

#[test]
fn a_criss_cross_of_a_thousand_merges_is_walked_once() {
    let sandbox = Sandbox::new();
    let mut stream = String::from("blob\nmark :1\ndata 14\npackage main\n\n\n");
    for (mark, branch) in [(2, "a"), (3, "b")] {
        stream.push_str(&format!(
            "commit refs/heads/{branch}\nmark :{mark}\ncommitter A <a@x> 1 +0000\ndata 1\nx\nM 100644 :1 {branch}.go\n"
        ));
    }
    for n in 0..1000 {
        let (left, right) = (2 + 2 * n, 3 + 2 * n);
        for (mark, branch, one, two) in [(left + 2, "a", left, right), (right + 2, "b", right, left)] {
            stream.push_str(&format!("commit refs/heads/{branch}\nmark :{mark}\ncommitter A <a@x> {} +0000\ndata 1\nx\nfrom :{one}\nmerge :{two}\n", n + 2));
        }
    }
    import(&sandbox, stream.as_bytes());
    assert_eq!(status(&sandbox, &["--at", "a"])["repository"]["commits"], 2001);
}

#[test]
fn a_message_of_ten_megabytes_is_one_commit() {
    let sandbox = Sandbox::new();
    let message = "Learned: x ".repeat(1_000_000);
    let stream = format!(
        "commit refs/heads/main\ncommitter A <a@x> 1 +0000\ndata {}\n{message}\nM 100644 inline golang/main.go\ndata {}\n{GO}\n",
        message.len(),
        GO.len()
    );
    import(&sandbox, stream.as_bytes());
    assert_eq!(project(&sandbox)["current_phase"], 3);
}

#[test]
fn a_repository_without_tracks_is_told_what_a_track_is() {
    let sandbox = Sandbox::new();
    sandbox.write("notes.md", "# Notes\n");
    sandbox.commit_all("docs: notes");
    let out = sandbox.mastery(["status"]).ok().out;
    assert!(out.contains("No track is here yet"), "{out}");
}

#[test]
fn a_narrow_terminal_gets_narrow_lines() {
    let mut sandbox = Sandbox::new();
    sandbox.write("golang/main.go", GO);
    sandbox.commit_all("feat: go");
    for width in [40, 60, 80] {
        for arguments in [&["status"][..], &["status", "--explain"]] {
            let out = sandbox.env("COLUMNS", &width.to_string()).mastery(arguments).ok().out;
            let long: Vec<&str> = out.lines().filter(|l| l.chars().count() > width).collect();
            assert_eq!(long, [""; 0]);
        }
    }
}

#[test]
fn a_curriculum_gets_a_line_a_project() {
    let mut sandbox = Sandbox::new();
    sandbox.write("15-api-rate-limiter/golang/main.go", GO).write("14-background-job-processor/README.md", "# Jobs\n");
    sandbox.commit_all("feat: two");
    let out = sandbox.mastery(["status"]).ok().out;
    let lines: Vec<&str> = out.lines().filter(|l| !l.is_empty()).collect();
    assert!(lines[0].starts_with("14-background-job-processor  1/6   next: "), "{out}");
    assert!(lines[1].starts_with("15-api-rate-limiter          3/6   golang in progress; next: "), "{out}");
    assert_eq!(lines.len(), 3, "and a word on how to see more: {out}");
    for width in ["30", "40", "60"] {
        let out = sandbox.env("COLUMNS", width).mastery(["status"]).ok().out;
        let long = out.lines().take(2).find(|l| l.chars().count() > width.parse().unwrap());
        assert_eq!((long, out.contains("3/6")), (None, true), "{width}: {out}");
    }
}
