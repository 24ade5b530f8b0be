//! `mastery projects`: the curriculum as a list, one project whole, and what to take up next.

use crate::harness::Sandbox;
use serde_json::Value;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|e| panic!("{e}\n{text}"))
}

#[test]
fn the_fifteen_are_listed_by_level_without_a_repository() {
    let sandbox = Sandbox::without_repository();
    let text = sandbox.mastery(["projects"]).ok().out;
    assert!(
        text.starts_with(
            "Beginner (up to a year)
  1. 15-api-rate-limiter            2 weeks
  2. 14-background-job-processor    2-3 weeks
  3. 01-distributed-url-shortener   2-3 weeks

Intermediate (one to three years)
  1. 03-multi-tenant-api-gateway    2-3 weeks
"
        ),
        "{text}"
    );
    let data = json(&sandbox.mastery(["projects", "list", "--format", "json"]).ok().out);
    assert_eq!((data["schema"].as_u64(), data["projects"].as_array().unwrap().len()), (Some(1), 15));
    assert_eq!(data["projects"][0]["here"], Value::Null);
}

#[test]
fn one_project_is_shown_by_its_number() {
    assert_eq!(
        Sandbox::without_repository().mastery(["projects", "show", "15"]).ok().out,
        "API Rate Limiter  15-api-rate-limiter
  for    Beginner (up to a year)
  takes  2 weeks
  learn  rate-limiting algorithms, Redis basics
  why    small in scope, with clear objectives
  brief  15-api-rate-limiter/README.md
  here   nothing yet
"
    );
}

#[test]
fn a_project_that_does_not_exist_is_wrong_usage_and_the_near_one_is_named() {
    assert_eq!(
        Sandbox::without_repository().mastery(["projects", "show", "15-api-rate-limitr"]).fails(2).err,
        "error: the curriculum has no project called \"15-api-rate-limitr\"\nhint: did you mean 15-api-rate-limiter?\n"
    );
}

#[test]
fn what_has_begun_says_how_far_it_is() {
    let sandbox = Sandbox::new();
    sandbox.write("15-api-rate-limiter/golang/go.mod", "module x\n");
    sandbox.write("15-api-rate-limiter/golang/limiter.go", "package limiter\n\nfunc Allows() bool { return true }\n");
    sandbox.commit_all("feat: begin");
    let data = json(&sandbox.mastery(["projects", "show", "15", "--format", "json"]).ok().out);
    assert_eq!(data["projects"][0]["here"]["current_phase"], 3, "{data}");
    let text = sandbox.mastery(["projects", "recommend"]).ok().out;
    assert!(text.contains("  15-api-rate-limiter  2 weeks  phase 3 of 6\n"), "{text}");
}

#[test]
fn the_guides_order_is_recommended_for_each_level() {
    let sandbox = Sandbox::without_repository();
    let ids = |level: &str| -> Vec<String> {
        let out = sandbox.mastery(["projects", "recommend", "--level", level, "--format", "json"]).ok().out;
        let data = json(&out);
        assert_eq!(data["level"], level);
        data["projects"].as_array().unwrap().iter().map(|p| p["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids("beginner"), ["15-api-rate-limiter", "14-background-job-processor", "01-distributed-url-shortener"]);
    assert_eq!(
        ids("intermediate"),
        ["03-multi-tenant-api-gateway", "02-realtime-task-manager", "08-ecommerce-inventory"]
    );
    assert_eq!(
        ids("advanced"),
        ["04-payment-processing-engine", "10-ai-search-rag-system", "12-observability-apm-system"]
    );
}
