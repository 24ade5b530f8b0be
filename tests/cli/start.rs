//! `mastery start`: where a project is written, what is kept, what is refused. What the implementations do once they are written is
//! tests/toolchains/scaffold.rs's.

use crate::harness::Sandbox;
use std::os::unix::fs::symlink;

#[test]
fn a_project_starts_with_its_papers_its_services_and_every_language() {
    let sandbox = Sandbox::new();
    let ran = sandbox.mastery(["start", "15-api-rate-limiter"]).ok();
    for path in [
        "README.md",
        "PLAN.md",
        "LEARNINGS.md",
        "load/load-test.js",
        "nestjs/package-lock.json",
        "golang/cmd/server/main.go",
        "python/src/main.py",
    ] {
        assert!(sandbox.exists(format!("15-api-rate-limiter/{path}")), "{path}");
    }
    let compose = sandbox.read("15-api-rate-limiter/docker-compose.yml");
    assert!(compose.contains("redis:7-alpine") && !compose.contains("postgres"), "{compose}");
    assert!(ran.out.contains("(cd 15-api-rate-limiter/golang && go mod download && go test ./...)"), "{}", ran.out);
    assert!(ran.out.contains("git add 15-api-rate-limiter && git commit -m \"chore: start"), "{}", ran.out);
}

#[test]
fn a_dry_run_tells_every_file_and_writes_none() {
    let sandbox = Sandbox::new();
    let ran = sandbox.mastery(["start", "1", "--language", "go", "--dry-run"]).ok();
    assert!(ran.out.contains("create   01-distributed-url-shortener/golang/internal/models/link.go"), "{}", ran.out);
    assert!(!sandbox.exists("01-distributed-url-shortener"));
}

#[test]
fn what_is_there_is_kept_and_said_and_a_second_language_comes_later() {
    let sandbox = Sandbox::new();
    sandbox.write("15-api-rate-limiter/README.md", "mine\n");
    let first = sandbox.mastery(["start", "rate-limiter", "-l", "python"]).ok();
    assert!(first.out.contains("kept     15-api-rate-limiter/README.md (there already; not touched)"), "{}", first.out);
    sandbox.write("15-api-rate-limiter/python/src/main.py", "mine\n");
    let second = sandbox.mastery(["start", "15", "-l", "golang"]).ok();
    assert!(second.out.contains("created  15-api-rate-limiter/golang/ ("), "{}", second.out);
    let third = sandbox.mastery(["start", "15", "-l", "golang", "-l", "python"]).ok();
    assert!(third.out.contains("nothing was written"), "{}", third.out);
    assert_eq!(sandbox.read("15-api-rate-limiter/python/src/main.py"), "mine\n");
    assert_eq!(sandbox.read("15-api-rate-limiter/README.md"), "mine\n");
    assert!(!sandbox.exists("15-api-rate-limiter/nestjs"));
}

#[test]
fn a_start_that_was_cut_short_is_completed() {
    let sandbox = Sandbox::new();
    sandbox.mastery(["start", "15", "-l", "golang"]).ok();
    std::fs::remove_file(sandbox.work().join("15-api-rate-limiter/golang/go.sum")).unwrap();
    sandbox.mastery(["start", "15", "-l", "golang"]).ok();
    assert!(sandbox.exists("15-api-rate-limiter/golang/go.sum"));
}

#[test]
fn somebodys_own_implementation_gets_nothing_put_into_it() {
    let sandbox = Sandbox::new();
    sandbox.write("15-api-rate-limiter/go/main.go", "package main\n\nfunc main() {}\n");
    sandbox.write("15-api-rate-limiter/go/go.mod", "module mine\n");
    let ran = sandbox.mastery(["start", "15", "-l", "golang"]).ok();
    assert!(ran.out.contains("an implementation is there already: 15-api-rate-limiter/go/main.go"), "{}", ran.out);
    assert!(!sandbox.exists("15-api-rate-limiter/golang") && !sandbox.exists("15-api-rate-limiter/go/Dockerfile"));
}

#[test]
fn an_unknown_project_or_language_is_wrong_usage_and_names_the_near_one() {
    let sandbox = Sandbox::new();
    for (arguments, hint) in [
        (vec!["start", "15-api-rate-limitter"], "did you mean 15-api-rate-limiter?"),
        (vec!["start", "rate-limitter"], "did you mean api-rate-limiter?"),
        (vec!["start", "api"], "say which: 03-multi-tenant-api-gateway, 15-api-rate-limiter"),
        (vec!["start", "99"], "there are: 01-distributed-url-shortener"),
        (vec!["start", ""], "there are: 01-distributed-url-shortener"),
        (vec!["start", "../15-api-rate-limiter"], "15-api-rate-limiter"),
        (vec!["start", "15", "-l", "pyton"], "did you mean python?"),
        (vec!["start", "15", "-l", "rust"], "there are: nestjs, golang, python"),
    ] {
        let ran = sandbox.mastery(&arguments).fails(2);
        assert!(ran.err.contains(hint), "{arguments:?}: {}", ran.err);
    }
    assert!(!sandbox.exists("15-api-rate-limiter"));
}

#[test]
fn outside_a_repository_it_says_what_is_missing() {
    Sandbox::without_repository().mastery(["start", "15"]).fails(3);
}

#[test]
fn in_a_repository_of_one_project_the_project_is_the_root_and_another_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.write(".mastery.toml", "[project]\nid = \"15-api-rate-limiter\"\n");
    sandbox.write("README.md", "mine\n");
    sandbox.mastery(["start", "15", "-l", "golang"]).ok();
    assert!(sandbox.exists("golang/go.mod") && sandbox.exists("PLAN.md") && sandbox.read("README.md") == "mine\n");
    let ran = sandbox.mastery(["start", "14", "-l", "golang"]).fails(2);
    assert!(ran.err.contains("holds one project") && !sandbox.exists("14-background-job-processor"), "{}", ran.err);
}

#[test]
fn the_configuration_says_where_projects_and_languages_go() {
    let sandbox = Sandbox::new();
    sandbox.write(
        ".mastery.toml",
        "[projects.\"15-api-rate-limiter\"]\nlanguages = [\"golang\", \"rust\"]\n\n[languages.golang]\ndirectories = [\"backends/go\"]\n\n[languages.rust]\ntest = \"cargo test\"\n",
    );
    let ran = sandbox.mastery_in("", ["start", "15"]).ok();
    assert!(ran.out.contains("There is no scaffold for rust"), "{}", ran.out);
    let compose = sandbox.read("15-api-rate-limiter/backends/go/docker-compose.yml");
    assert!(compose.contains("- ../../docker-compose.yml"), "{compose}");
    assert!(!sandbox.exists("15-api-rate-limiter/python"));
}

#[test]
fn nothing_is_written_outside_the_repository() {
    let sandbox = Sandbox::new();
    let outside = sandbox.root().join("outside");
    std::fs::create_dir(&outside).unwrap();
    symlink(&outside, sandbox.work().join("15-api-rate-limiter")).unwrap();
    assert_ne!(sandbox.mastery(["start", "15"]).code, 0);
    sandbox.write(".mastery.toml", "[languages.golang]\ndirectories = [\"../../outside\"]\n");
    assert_ne!(sandbox.mastery(["start", "14", "-l", "golang"]).code, 0);
    assert_eq!(std::fs::read_dir(&outside).unwrap().count(), 0);
    assert!(!sandbox.exists("14-background-job-processor"));
}

#[test]
fn right_after_the_start_planning_is_under_way_and_nothing_is_ones_own_yet() {
    let sandbox = Sandbox::new();
    sandbox.mastery(["start", "15"]).ok();
    sandbox.mastery(["start", "1"]).ok();
    sandbox.commit_all("chore: start");
    let status = || -> serde_json::Value {
        serde_json::from_str(&sandbox.mastery(["status", "--format", "json"]).ok().out).unwrap()
    };
    let before = status();
    for project in before["projects"].as_array().unwrap() {
        assert_eq!(project["current_phase"], 2, "{project:#}");
        assert_eq!(project["tracks"].as_array().unwrap().len(), 3);
        for track in project["tracks"].as_array().unwrap() {
            assert_eq!(track["state"], "scaffold", "{track:#}");
        }
        let metrics = project["metrics"].as_array().unwrap();
        assert!(metrics.len() == 9 && metrics.iter().all(|metric| metric["state"] != "met"), "{metrics:#?}");
        let plan = &project["phases"][1]["milestones"];
        let state = |id: &str| plan.as_array().unwrap().iter().find(|m| m["id"] == id).unwrap()["state"].clone();
        assert!(state("plan") == "unmet" && state("technologies") != "met", "prompts are no plan: {plan:#}");
    }

    // The first line of one's own begins to build; an answer beneath a prompt is a plan.
    let limiter = "15-api-rate-limiter/golang/internal/services/limiter.go";
    sandbox
        .write(limiter, sandbox.read(limiter) + "\n// Window is what comes next.\nfunc Window() int { return 60 }\n");
    let plan = sandbox.read("15-api-rate-limiter/PLAN.md");
    sandbox.write("15-api-rate-limiter/PLAN.md", plan.replace("## MVP\n", "## MVP\n\nThe token bucket in memory.\n"));
    sandbox.commit_all("feat: window");
    let after = status();
    let project = after["projects"].as_array().unwrap().iter().find(|p| p["id"] == "15-api-rate-limiter").unwrap();
    assert_eq!(project["current_phase"], 3, "{project:#}");
    let plan = &project["phases"][1]["milestones"].as_array().unwrap()[0];
    assert_eq!((&plan["id"], &plan["state"]), (&"plan".into(), &"met".into()), "{plan:#}");
}
