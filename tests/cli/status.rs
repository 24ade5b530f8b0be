//! `mastery status` on real repositories.

use crate::harness::Sandbox;
use serde_json::Value;

const SERVICE: &str = "package main\n\nimport \"net/http\"\n\nfunc main() {\n\thttp.HandleFunc(\"/take\", take)\n\thttp.HandleFunc(\"/reset\", reset)\n\thttp.ListenAndServe(\":8080\", nil)\n}\n";

fn json(sandbox: &Sandbox, arguments: &[&str]) -> Value {
    sandbox.status(arguments)
}

#[test]
fn before_the_first_commit_nothing_has_begun_and_that_is_no_error() {
    let sandbox = Sandbox::new();
    let out = sandbox.mastery(["status"]).ok().out;
    assert!(out.contains("Nothing has begun yet") && out.contains("There is no commit yet"), "{out}");
    let status = json(&sandbox, &[]);
    assert_eq!(status["repository"]["head"], Value::Null);
    assert_eq!(status["projects"][0]["current_phase"], 0);
}

#[test]
fn outside_of_a_repository_something_is_missing() {
    let ran = Sandbox::without_repository().mastery(["status"]).fails(3);
    assert!(ran.err.contains("not in a git repository"), "{}", ran.err);
}

#[test]
fn the_first_source_of_ones_own_begins_phase_three_and_names_its_commit() {
    let sandbox = Sandbox::new();
    sandbox.write("15-api-rate-limiter/golang/.gitkeep", "");
    sandbox.commit_all("chore: a place for it");
    assert_eq!(json(&sandbox, &[])["projects"][0]["tracks"][0]["state"], "placeholder");
    sandbox.write("15-api-rate-limiter/golang/main.go", "package main\n\nfunc main() {}\n");
    sandbox.write("15-api-rate-limiter/golang/go.mod", "module x\n");
    sandbox.commit_all("chore: go mod init");
    assert_eq!(json(&sandbox, &[])["projects"][0]["tracks"][0]["state"], "scaffold");
    sandbox.write("15-api-rate-limiter/golang/main.go", SERVICE);
    let first = sandbox.commit_all("feat: limit");
    let project = &json(&sandbox, &[])["projects"][0];
    assert_eq!((project["id"].as_str(), project["current_phase"].as_u64()), (Some("15-api-rate-limiter"), Some(3)));
    assert_eq!(project["tracks"][0]["first_commit"], first.as_str());
    assert_eq!(project["phases"][2]["language"], "golang");
    let out = sandbox.mastery(["status", "15-api-rate-limiter", "--explain"]).ok().out;
    assert!(out.contains("API Rate Limiter") && out.contains(&first[..7]), "{out}");
    assert!(
        out.contains("phase 3, golang: tests, suite, usable"),
        "what the phase that is under way still lacks: {out}"
    );
}

#[test]
fn an_earlier_commit_is_judged_as_it_was() {
    let sandbox = Sandbox::new();
    sandbox.write("README.md", "# Limiter\n");
    let before = sandbox.commit_all("docs: read");
    sandbox.write("golang/main.go", SERVICE);
    sandbox.commit_all("feat: go");
    assert_eq!(json(&sandbox, &[])["projects"][0]["current_phase"], 3);
    assert_eq!(json(&sandbox, &["--at", &before])["projects"][0]["current_phase"], 1);
    let ran = sandbox.mastery(["status", "--at", "nowhere"]).fails(2);
    assert!(ran.err.contains("no commit is called \"nowhere\""), "{}", ran.err);
}

#[test]
fn a_project_that_is_not_here_is_wrong_usage_and_the_near_one_is_named() {
    let sandbox = Sandbox::new();
    sandbox.write("15-api-rate-limiter/README.md", "# x\n").write("14-background-job-processor/README.md", "# y\n");
    sandbox.commit_all("docs: briefs");
    let ran = sandbox.mastery(["status", "15-api-rate-limter"]).fails(2);
    assert!(ran.err.contains("did you mean 15-api-rate-limiter?"), "{}", ran.err);
    for short in ["15", "api-rate-limiter", "15-api-rate-limiter/"] {
        assert!(sandbox.mastery(["status", short]).ok().out.starts_with("API Rate Limiter"), "{short}");
    }
    let out = sandbox.mastery(["status"]).ok().out;
    assert_eq!(out.lines().filter(|l| l.contains("  1/6 ")).count(), 2, "{out}");
}

#[test]
fn next_walks_the_quick_start_before_the_first_commit_and_names_one_command() {
    let sandbox = Sandbox::new();
    let out = sandbox.mastery(["next"]).ok().out;
    assert!(out.contains("[ ] read the main README.md") && out.contains("Next: read the main README.md"), "{out}");
    sandbox.write("README.md", "# The curriculum\n");
    let out = sandbox.mastery(["next"]).ok().out;
    assert!(out.contains("[x] read the main README.md") && out.contains("Next: choose your first project"), "{out}");
}

#[test]
fn next_asks_for_the_first_thing_that_is_missing_in_the_project_worked_on_last() {
    let mut sandbox = Sandbox::new();
    sandbox
        .write("15-api-rate-limiter/golang/main.go", SERVICE)
        .write("15-api-rate-limiter/golang/go.mod", "module x\n");
    sandbox.commit_all("feat: go");
    sandbox.at("2026-11-23T10:00:00+00:00");
    sandbox.write(
        "14-background-job-processor/python/main.py",
        "import queue\n\ndef work(jobs):\n    return jobs.get()\n",
    );
    sandbox.commit_all("feat: python");
    let out = sandbox.mastery(["next"]).ok().out;
    assert!(out.contains("Next: 14-background-job-processor: give python its manifest"), "{out}");
    let out = sandbox.mastery(["next", "15-api-rate-limiter"]).ok().out;
    assert!(out.contains("write the first test in golang"), "{out}");
    let value: serde_json::Value =
        serde_json::from_str(&sandbox.mastery(["next", "--format", "json"]).ok().out).unwrap();
    assert_eq!(value["next"]["project"], "14-background-job-processor");
}

#[test]
fn a_decision_on_file_at_the_root_of_a_curriculum_counts_for_the_project_that_it_names() {
    let sandbox = Sandbox::new();
    for project in ["14-background-job-processor", "15-api-rate-limiter"] {
        sandbox.write(format!("{project}/golang/go.mod"), "module x\n");
        sandbox.write(format!("{project}/golang/main.go"), SERVICE);
    }
    sandbox.write(
        "docs/adr/001-use-redis.md",
        "# ADR 001: Use Redis\n\n## Status: Accepted\n\n## Context\nThe API Rate Limiter runs on several servers and has to count for all of them.\n\n## Decision\nUse Redis with a sliding window.\n",
    );
    sandbox.commit_all("docs: decide");
    let status = json(&sandbox, &[]);
    let of = |project: usize| {
        let metrics = status["projects"][project]["metrics"].as_array().unwrap();
        metrics.iter().find(|m| m["id"] == "decisions").unwrap()["state"].clone()
    };
    assert_eq!((of(0), of(1)), ("unmet".into(), "met".into()));
}
