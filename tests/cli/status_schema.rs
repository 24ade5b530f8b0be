//! The published schema of `status --format json`: printed by the binary, true of what it answers, and strict.

use crate::harness::{Sandbox, schema, standing};
use serde_json::{Value, json};

const GO: &str = "package main\n\nimport \"net/http\"\n\nfunc main() {\n\thttp.HandleFunc(\"/take\", take)\n\thttp.ListenAndServe(\":8080\", nil)\n}\n";

#[test]
fn the_schema_is_printed_and_needs_no_repository() {
    let out = Sandbox::without_repository().mastery(["status", "--schema"]).ok().out;
    assert_eq!(out.trim_end(), standing::SCHEMA.trim_end());
    assert_eq!(serde_json::from_str::<Value>(&out).unwrap()["properties"]["schema"]["const"], 1);
}

/// Every kind of history in one: [`Sandbox::status`] holds each answer against the schema, here and in all other tests of status.
#[test]
fn what_status_answers_is_what_the_schema_promises() {
    let mut sandbox = Sandbox::new();
    sandbox.status(&[]);
    sandbox.mastery(["start", "15"]).ok();
    sandbox.write("14-background-job-processor/rust/src/main.rs", "fn main() { serve(); }\n#[test]\nfn works() {}\n");
    sandbox.write("notes/x.md", "# x\n");
    sandbox.commit_all("chore: start\n\nJournal: none (nothing learned)");
    sandbox.status(&[]);
    sandbox.write("15-api-rate-limiter/golang/window.go", GO);
    sandbox.write(
        ".mastery.toml",
        "[projects.\"15-api-rate-limiter\"]\nstarted = 2026-11-01\ndone = [\"deployed\", \"golang/suite\"]\n[languages.golang]\ntest = \"true\"\nreport = \"none\"\n",
    );
    sandbox.commit_all("feat: window");
    sandbox.at("2026-12-24T10:00:00-08:00").mastery(["test", "golang"]);
    sandbox.git(["rm", "-rq", "14-background-job-processor"]).ok();
    sandbox.commit_all("chore: later");
    let status = sandbox.status(&[]);
    assert_eq!(status["projects"].as_array().unwrap().len(), 1);
    sandbox.git(["checkout", "-q", "--detach"]).ok();
    assert_eq!(sandbox.status(&[])["repository"]["branch"], Value::Null);
}

#[test]
fn a_field_that_the_schema_does_not_know_or_misses_or_that_is_something_else_fails() {
    let sandbox = Sandbox::new();
    sandbox.write("golang/main.go", GO);
    sandbox.commit_all("feat: go");
    let (schema, good): (Value, Value) = (serde_json::from_str(standing::SCHEMA).unwrap(), sandbox.status(&[]));
    let broken = |change: fn(&mut Value)| {
        let mut value = good.clone();
        change(&mut value);
        schema::violations(&schema, &value).len()
    };
    assert_eq!(broken(|_| {}), 0);
    assert_eq!(broken(|v| v["projects"][0]["tracks"][0]["mood"] = json!("good")), 1, "an unknown field");
    assert_eq!(broken(|v| v["extra"] = json!(1)), 1, "an unknown field at the top");
    assert_eq!(broken(|v| drop(v["projects"][0].as_object_mut().unwrap().remove("phases"))), 1, "a field is missing");
    assert_eq!(broken(|v| v["projects"][0]["metrics"][0]["state"] = json!("maybe")), 1, "no such state");
    assert_eq!(broken(|v| v["repository"]["head"] = json!("main")), 1, "no commit is called so");
    assert_eq!(broken(|v| v["projects"][0]["phases"][2]["percent"] = json!(101)), 1, "more than all");
}
