//! The success metrics from end to end: what proves each, what only looks like it, what the learner claims, what can't be known.
//! Public histories hold next to no coverage, deployment, blog posts or decisions; these are made up.

use crate::harness::Sandbox;
use crate::harness::standing::{metric, milestone, track};
use serde_json::Value;
use std::fs::File;
use std::time::{Duration, SystemTime};

const GO: &str = "package main\n\nimport \"net/http\"\n\nfunc main() {\n\thttp.HandleFunc(\"/take\", take)\n\thttp.HandleFunc(\"/reset\", reset)\n\thttp.ListenAndServe(\":8080\", nil)\n}\n";
const GO_TEST: &str = "package main\n\nimport \"testing\"\n\nfunc TestTake(t *testing.T) { take(nil, nil) }\n";

/// Writes these files and commits them; the project as it stands then.
fn after(sandbox: &Sandbox, files: &[(&str, &str)]) -> Value {
    for (path, text) in files {
        sandbox.write(path, text);
    }
    sandbox.commit_all("feat: more");
    sandbox.project()
}

fn state(project: &Value, id: &str) -> String {
    metric(project, id)["state"].as_str().unwrap().to_owned()
}

/// Sets when a file was written, so many days after 2026-11-01.
fn written(sandbox: &Sandbox, path: &str, day: u64) {
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_793_491_200 + day * 86_400);
    File::options().write(true).open(sandbox.work().join(path)).unwrap().set_modified(time).unwrap();
}

fn profile(covered: usize, of: usize) -> String {
    format!("mode: set\nx/main.go:1.1,2.2 {covered} 1\nx/main.go:3.1,4.2 {} 0\n", of - covered)
}

#[test]
fn coverage_comes_from_a_report_that_fits_the_tree_with_its_age_and_is_unknown_otherwise() {
    let sandbox = Sandbox::new();
    sandbox.write(".gitignore", "coverage.out\n");
    assert_eq!(state(&after(&sandbox, &[("golang/main.go", GO)]), "coverage"), "unmet", "there are no tests");
    let begun = after(&sandbox, &[("golang/main_test.go", GO_TEST)]);
    assert_eq!(state(&begun, "coverage"), "unknown", "nothing was measured");
    for file in ["main.go", "main_test.go"] {
        written(&sandbox, &format!("golang/{file}"), 10);
    }
    let report = |covered: usize, day: u64| {
        sandbox.write("golang/coverage.out", profile(covered, 100));
        written(&sandbox, "golang/coverage.out", day);
        sandbox.project()
    };
    assert_eq!(state(&report(80, 19), "coverage"), "unmet", "80 % is not more than 80 %");
    let good = report(81, 19);
    assert_eq!((state(&good, "coverage").as_str(), &track(&good, "golang")["coverage"]), ("met", &81.0.into()));
    let evidence = &metric(&good, "coverage")["evidence"][0];
    assert_eq!(evidence["kind"], "report");
    assert_eq!(evidence["note"], "golang: 81.0 %, written 2 days ago (2026-11-20)");

    // Older than a source, or of a tree that nobody committed: it is shown, and it proves nothing.
    written(&sandbox, "golang/main.go", 20);
    let late = sandbox.project();
    assert_eq!((state(&late, "coverage").as_str(), &track(&late, "golang")["coverage"]), ("unknown", &Value::Null));
    let note = metric(&late, "coverage")["evidence"][0]["note"].to_string();
    assert!(note.contains("does not count: golang/main.go is newer"), "{note}");
    sandbox.write("golang/main.go", GO.replace("take", "grab"));
    written(&sandbox, "golang/main.go", 10);
    let dirty = metric(&sandbox.project(), "coverage")["evidence"].to_string();
    assert!(dirty.contains("golang/main.go is not as it was committed"), "{dirty}");
}

#[test]
fn coverage_never_comes_from_history() {
    let sandbox = Sandbox::new();
    let report = profile(99, 100);
    let project =
        after(&sandbox, &[("golang/main.go", GO), ("golang/main_test.go", GO_TEST), ("golang/coverage.out", &report)]);
    assert_eq!(state(&project, "coverage"), "unknown");
    sandbox.git(["clone", "-q", "--bare", ".", "../bare.git"]).ok();
    assert_eq!(state(&sandbox.status(&["-C", "../bare.git"])["projects"][0], "coverage"), "unknown");
}

#[test]
fn coverage_from_a_run_holds_for_exactly_that_tree() {
    let sandbox = Sandbox::new();
    let config = "[languages.golang]\ntest = \"printf 'mode: set\\\\nx/main.go:1.1,2.2 9 1\\\\nx/main.go:3.1,4.2 1 0\\\\n' >coverage.out\"\nreport = \"none\"\n";
    sandbox.write(".gitignore", "coverage.out\n");
    after(&sandbox, &[(".mastery.toml", config), ("golang/main.go", GO), ("golang/main_test.go", GO_TEST)]);
    sandbox.mastery(["test"]).ok();
    std::fs::remove_file(sandbox.work().join("golang/coverage.out")).unwrap();
    let measured = sandbox.project();
    assert_eq!(state(&measured, "coverage"), "met");
    let evidence = &metric(&measured, "coverage")["evidence"][0];
    assert_eq!(evidence["kind"], "receipt");
    assert!(evidence["note"].as_str().unwrap().starts_with("golang: 90.0 %, run just now"), "{evidence}");
    let changed = after(&sandbox, &[("golang/take.go", "package main\n\nvar left = 3\n")]);
    assert_eq!(state(&changed, "coverage"), "unknown", "another tree");
}

#[test]
fn a_suite_is_passed_for_the_inputs_outside_of_the_track_too() {
    let sandbox = Sandbox::new();
    after(
        &sandbox,
        &[
            (
                ".mastery.toml",
                "[languages.golang]\ntest = \"grep -q left main.go\"\nreport = \"none\"\ninputs = [\"../shared\"]\nignore = [\"notes.txt\"]\n",
            ),
            ("golang/main.go", "package main\n\nfunc main() { println(left) }\n\nvar left = 3\n"),
            ("golang/main_test.go", GO_TEST),
            ("golang/notes.txt", "one\n"),
            ("shared/limits.go", "package shared\n\nconst Limit = 3\n"),
        ],
    );
    let suite = || track(&sandbox.project(), "golang")["suite"]["state"].clone();
    assert_eq!(suite(), "missing");
    sandbox.mastery(["test"]).ok();
    let passed = sandbox.project();
    assert_eq!(suite(), "passed");
    assert_eq!(milestone(&passed, 3, "suite")["state"], "met");
    // What the configuration ignores needs no new run; what lies outside of the track and counts does.
    sandbox.write("golang/notes.txt", "two\n");
    sandbox.commit_all("docs: notes");
    assert_eq!(suite(), "passed");
    sandbox.write("shared/limits.go", "package shared\n\nconst Limit = 4\n");
    sandbox.commit_all("feat: four");
    assert_eq!(suite(), "missing");
}

#[test]
fn deployment_is_a_ladder_and_only_its_top_is_met() {
    const COMPOSE: &str = "services:\n  api:\n    build: golang\n";
    const FLY: &str = "app = \"limiter\"\n[http_service]\ninternal_port = 8080\n";
    const STEP: &str = "on: push\njobs:\n  deploy:\n    steps:\n      - run: flyctl deploy --remote-only\n";
    let sandbox = Sandbox::new();
    let rungs: [(&str, &str, &str, &str); 8] = [
        ("golang/main.go", GO, "unmet", "nothing packages or deploys it"),
        ("golang/Dockerfile", "FROM golang\nCOPY . .\nRUN go build\n", "unmet", "it can run in a container"),
        ("docker-compose.yml", COMPOSE, "unmet", "it runs in containers on this machine"),
        ("golang/.github/workflows/deploy.yml", STEP, "unmet", "it runs in containers on this machine"),
        (".github/workflows/pages.yml", STEP, "unmet", "it runs in containers on this machine"),
        ("fly.toml", FLY, "partial", "packaged for production"),
        (
            ".github/workflows/ci.yml",
            "jobs:\n  x:\n    steps:\n      # - run: flyctl deploy\n      - run: go test\n",
            "partial",
            "packaged for production",
        ),
        (".github/workflows/deploy.yml", STEP, "met", "packaged for production, with a step that deploys it"),
    ];
    for (path, text, state, why) in rungs {
        let project = after(&sandbox, &[(path, text)]);
        let deployed = metric(&project, "deployed");
        assert_eq!(deployed["state"], state, "{path}: {deployed:#}");
        assert!(deployed["why"].as_str().unwrap().starts_with(why), "{path}: {deployed:#}");
    }
    let local =
        after(&sandbox, &[(".github/workflows/deploy.yml", &format!("{STEP}      - run: kind create cluster\n"))]);
    assert_eq!(state(&local, "deployed"), "partial", "a cluster on the runner is no place to deploy to");
}

#[test]
fn a_decision_is_a_record_that_says_what_was_decided() {
    let sandbox = Sandbox::new();
    let text = "# ADR 001: Use Redis\n\n## Status: Accepted\n\n## Context\nSeveral servers have to count together, with one clock for all of them.\n\n## Decision\nUse Redis with a sliding window.\n";
    let steps = [
        ("golang/main.go", GO.to_owned(), "unmet"),
        ("README.md", format!("# Limiter\n\n```markdown\n{text}```\n"), "unmet"),
        ("docs/adr/template.md", text.to_owned(), "unmet"),
        (
            "docs/adr/001-use-redis.md",
            "# ADR 001: Use Redis\n\n## Status: Proposed\n\n## Context\n\n## Decision\n\n## Consequences\n".into(),
            "unmet",
        ),
        (
            "README.md",
            "# Limiter\n\n## Design decisions\n\nRedis, because several servers count together.\n".into(),
            "partial",
        ),
        ("docs/adr/001-use-redis.md", text.to_owned(), "met"),
    ];
    for (path, text, expected) in steps {
        assert_eq!(state(&after(&sandbox, &[(path, &text)]), "decisions"), expected, "{path}: {text}");
    }
}

#[test]
fn a_blog_post_is_on_file_or_linked_as_ones_own() {
    let words = "The token bucket forgives a burst, the window does not. ".repeat(25);
    let sandbox = Sandbox::new();
    let steps = [
        ("golang/main.go", GO.to_owned(), "unmet"),
        ("blog/limits.md", format!("# Limits\n\n```\n{words}\n```\n"), "unmet"),
        ("blog/limits.md", "# Limits\n\nTo be written.\n".into(), "unmet"),
        ("blog/limits.md", format!("---\ndraft: true\n---\n# Limits\n\n{words}\n"), "unmet"),
        (
            "README.md",
            "# Limiter\n\nSee [this article](https://medium.com/@somebody/limits) on limits.\n".into(),
            "unmet",
        ),
        ("blog/limits.md", format!("# Limits\n\n{words}\n"), "met"),
        ("blog/limits.md", "# Limits\n".into(), "unmet"),
        ("README.md", "# Limiter\n\nI wrote about it on my blog: https://ada.dev/posts/limits\n".into(), "met"),
    ];
    for (path, text, expected) in steps {
        assert_eq!(
            state(&after(&sandbox, &[(path, &text)]), "blog"),
            expected,
            "{path}: {}",
            &text[..text.len().min(80)]
        );
    }
}

#[test]
fn monitoring_is_a_direct_dependency_and_its_use_with_a_log() {
    let sandbox = Sandbox::new();
    let module = |line: &str| format!("module x\n\ngo 1.24\n\nrequire (\n{line})\n");
    let indirect = module("\tgithub.com/prometheus/client_golang v1.20.0 // indirect\n");
    let direct = module("\tgithub.com/prometheus/client_golang v1.20.0\n");
    let commented = GO.replace(
        "import \"net/http\"",
        "// import \"github.com/prometheus/client_golang/prometheus/promhttp\"\nimport \"net/http\"",
    );
    let used = GO.replace(
        "import \"net/http\"",
        "import \"github.com/prometheus/client_golang/prometheus/promhttp\"\nimport \"net/http\"",
    );
    let logs = "package main\n\nimport \"log/slog\"\n\nfunc say() { slog.Info(\"taken\") }\n";
    let steps = [
        ("golang/main.go", GO.to_owned(), "unmet"),
        ("README.md", "# Limiter\n\nPrometheus and Grafana watch it.\n".into(), "unmet"),
        ("compose.yml", "services:\n  prometheus:\n    image: prom/prometheus\n".into(), "partial"),
        ("golang/go.mod", direct.clone(), "partial"),
        ("golang/main.go", commented, "partial"),
        ("golang/go.mod", indirect, "partial"),
        ("golang/main.go", used, "partial"),
        ("golang/log.go", logs.into(), "partial"),
        ("golang/go.mod", direct, "met"),
    ];
    for (path, text, expected) in steps {
        assert_eq!(state(&after(&sandbox, &[(path, &text)]), "monitoring"), expected, "{path}: {text}");
    }
}

#[test]
fn load_tested_is_a_script_and_what_it_measured() {
    const SCRIPT: &str = "import http from 'k6/http';\nexport const options = { vus: 50, duration: '30s' };\nexport default () => http.get('http://localhost:8080/take');\n";
    const TABLE: &str =
        "| language | requests/sec | p95 |\n|---|---|---|\n| Go | 8120 | 12 ms |\n| Python | 930 | 81 ms |\n";
    let sandbox = Sandbox::new();
    let steps = [
        ("golang/main.go", GO.to_owned(), "unmet"),
        ("load/README.md", "Latency and requests per second will be measured.\n".into(), "unmet"),
        ("load/check.js", SCRIPT.replace("vus: 50, duration: '30s'", "vus: 1, iterations: 1"), "partial"),
        ("load/load.js", SCRIPT.into(), "partial"),
        ("RESULTS.md", format!("# Results\n\n```\n{TABLE}```\n"), "partial"),
        ("RESULTS.md", format!("# Results\n\n{TABLE}"), "met"),
    ];
    for (path, text, expected) in steps {
        assert_eq!(state(&after(&sandbox, &[(path, &text)]), "load_tested"), expected, "{path}: {text}");
    }
}

#[test]
fn what_mastery_start_wrote_is_no_metric_not_even_partly() {
    let sandbox = Sandbox::new();
    sandbox.mastery(["start", "15"]).ok();
    sandbox.mastery(["start", "1"]).ok();
    sandbox.commit_all("chore: start");
    for project in sandbox.status(&[])["projects"].as_array().unwrap() {
        for metric in project["metrics"].as_array().unwrap() {
            assert_eq!(metric["state"], "unmet", "{metric:#}");
        }
    }
    // What its load test measured is one's own, once there is something of one's own to load.
    let limiter = "15-api-rate-limiter/golang/internal/services/limiter.go";
    sandbox
        .write(limiter, sandbox.read(limiter) + "\n// Window is what comes next.\nfunc Window() int { return 60 }\n");
    let results = "{ \"metrics\": { \"http_reqs\": { \"rate\": 8120.4 }, \"http_req_duration\": { \"p(95)\": 12.31, \"avg\": 4.52, \"min\": 0.31, \"max\": 98.04, \"med\": 3.97 } } }\n";
    sandbox.write("15-api-rate-limiter/load/golang.json", results);
    sandbox.commit_all("perf: measure");
    let status = sandbox.status(&[]);
    let limiter = status["projects"].as_array().unwrap().iter().find(|p| p["id"] == "15-api-rate-limiter").unwrap();
    assert_eq!(state(limiter, "load_tested"), "met", "{:#}", metric(limiter, "load_tested"));
}

#[test]
fn every_metric_can_be_vouched_for_and_is_a_claim_that_is_shown_as_one() {
    let sandbox = Sandbox::new();
    let ids = [
        "first_language",
        "second_language",
        "third_language",
        "coverage",
        "monitoring",
        "deployed",
        "load_tested",
        "decisions",
        "blog",
    ];
    let project = after(
        &sandbox,
        &[
            ("golang/main.go", GO),
            (
                ".mastery.toml",
                &format!(
                    "[project]\ndone = {ids:?}\nstarted = 2026-11-02\n[languages.golang]\ndirectories = [\"golang\"]\nignore = [\"*.txt\"]\n"
                ),
            ),
        ],
    );
    for id in ids {
        let metric = metric(&project, id);
        assert_eq!(
            (&metric["state"], &metric["evidence"][0]["kind"]),
            (&"claimed".into(), &"declaration".into()),
            "{metric:#}"
        );
    }
    let out = sandbox.mastery(["status"]).ok().out;
    for line in [
        "Overruled in .mastery.toml",
        "you vouch for deployed",
        "started: 2026-11-02",
        "directories: golang",
        "ignore: *.txt",
    ] {
        assert!(out.contains(line), "{line}: {out}");
    }
    sandbox.write(".mastery.toml", "[project]\ndone = [\"deployd\"]\nbaseline = \"nowhere\"\n");
    let out = sandbox.mastery(["status"]).ok().out;
    assert!(out.contains("deployd is no phase, milestone or metric here; did you mean deployed?"), "{out}");
    assert!(out.contains("the baseline \"nowhere\" is no commit of this history"), "{out}");
}

/// A service of some size in Go and in Python, and half of one in TypeScript.
fn services() -> Vec<(&'static str, String)> {
    let go = (0..6).map(|n| format!("func step{n}(w http.ResponseWriter, r *http.Request) {{\n\tcount++\n\tif count > {n} {{\n\t\tw.WriteHeader(429)\n\t}}\n}}\n\n")).collect::<Vec<String>>().concat();
    let python = (0..6).map(|n| format!("@app.get(\"/step{n}\")\ndef step{n}():\n    global count\n    count += 1\n    if count > {n}:\n        raise HTTPException(429)\n    return count\n\n\n")).collect::<Vec<String>>().concat();
    let routes =
        (0..6).map(|n| format!("\thttp.HandleFunc(\"/step{n}\", step{n})\n")).collect::<Vec<String>>().concat();
    vec![
        (
            "golang/main.go",
            format!(
                "package main\n\nimport \"net/http\"\n\nvar count int\n\nfunc main() {{\n{routes}\thttp.ListenAndServe(\":8080\", nil)\n}}\n\n{go}"
            ),
        ),
        (
            "python/main.py",
            format!("from fastapi import FastAPI, HTTPException\n\napp = FastAPI()\ncount = 0\n\n\n{python}"),
        ),
    ]
}

#[test]
fn phase_six_wants_every_planned_language_usable_and_a_document_that_weighs_two_of_them() {
    const COMPARED: &str = "# Comparison\n\n| language | p95 latency | requests/sec |\n|---|---|---|\n| Go | 12 ms | 8120 |\n| Python | 81 ms | 930 |\n";
    let sandbox = Sandbox::new();
    let mut phases = Vec::new();
    let mut phase = |files: &[(&str, &str)]| phases.push(after(&sandbox, files)["current_phase"].as_u64().unwrap());
    phase(&[(".mastery.toml", "[project]\nlanguages = [\"golang\", \"python\", \"nestjs\"]\n")]);
    for (path, text) in services() {
        phase(&[(path, &text)]);
    }
    phase(&[("COMPARISON.md", COMPARED)]);
    assert_eq!(phases.split_off(1), [3, 4, 4], "the third language is not there, whatever the document says");
    let phase = |files: &[(&str, &str)]| after(&sandbox, files)["current_phase"].as_u64().unwrap();
    let planned = (".mastery.toml", "[project]\nlanguages = [\"golang\", \"python\"]\n");
    assert_eq!(phase(&[planned]), 6);
    for nothing in [
        "# Comparison\n",
        "# Implementation Comparison\n## Performance\n- Golang: [metrics]\n- Python: [metrics]\n",
        "# Comparison\n\n```\n| Go | 12 ms |\n| Python | 81 ms |\n```\n",
        "# Comparison\n\n| language | p95 latency |\n|---|---|\n| Go | 12 ms |\n",
    ] {
        assert_eq!(phase(&[("COMPARISON.md", nothing)]), 4, "{nothing}");
    }
    assert_eq!(phase(&[("COMPARISON.md", COMPARED)]), 6);
    assert_eq!(phase(&[("python/main.py", "app = None\n")]), 4, "it is not usable any more");
}

#[test]
fn a_language_that_can_not_be_used_yet_is_not_done_and_status_says_what_it_lacks() {
    let sandbox = Sandbox::new();
    let library = "package limiter\n\nfunc Take(left int) bool { return left > 0 }\n";
    let test = "package limiter\n\nimport \"testing\"\n\nfunc TestTake(t *testing.T) { Take(1) }\n";
    let config = "[languages.golang]\ntest = \"true\"\nreport = \"none\"\n";
    after(
        &sandbox,
        &[
            (".mastery.toml", config),
            ("golang/go.mod", "module x\n"),
            ("golang/take.go", library),
            ("golang/take_test.go", test),
        ],
    );
    sandbox.mastery(["test"]).ok();
    let project = sandbox.project();
    let phase = &project["phases"][2];
    assert!(
        phase["milestones"].as_array().unwrap().iter().all(|m| m["required"] == false || m["state"] == "met"),
        "{phase:#}"
    );
    assert_eq!((&phase["state"], &phase["percent"]), (&"active".into(), &80.into()));
    assert_eq!(metric(&project, "first_language")["why"], "golang has begun: nothing starts it yet");
    let out = sandbox.mastery(["status"]).ok().out;
    assert!(out.contains("golang in golang: in progress (nothing starts it yet)"), "{out}");
    let out = sandbox.mastery(["next"]).ok().out;
    assert!(out.contains("go on with golang until it can be used: nothing starts it yet"), "{out}");
    sandbox.write(".mastery.toml", format!("[project]\ndone = [\"phase 3\"]\n{config}"));
    assert_eq!(sandbox.project()["phases"][2]["state"], "done", "the learner knows better, and says so");
}

#[test]
fn the_journal_is_counted_as_the_hooks_read_it() {
    let sandbox = Sandbox::new();
    let journal = "# Learnings\n\n## Week 3: Golang implementation\n- channels close exactly once, by the sender\n  - a nil map can be read\n- too short\n- Goroutines are amazing for concurrency\n- **Python**: generators keep their frame alive\n\n## Next steps\n- read about consensus some day\n\n```\n- Golang: this is fenced code only\n```\n";
    sandbox.write("golang/main.go", GO).write("python/main.py", "import queue\n\njobs = queue.Queue()\n");
    let begun = after(&sandbox, &[("LEARNINGS.md", journal)]);
    let entries = |project: &Value, language: &str| track(project, language)["journal_entries"].clone();
    assert_eq!((entries(&begun, "golang"), entries(&begun, "python")), (2.into(), 1.into()));
    sandbox.write("golang/take.go", "package main\n\nvar left = 3\n");
    sandbox.commit_all("feat: take\n\nLearned: slices share their array\nLearned: wip");
    assert_eq!(entries(&sandbox.project(), "golang"), 3, "a placeholder is nothing learned");
}

#[test]
fn a_journal_at_the_root_of_a_curriculum_counts_for_the_project_that_it_names() {
    let sandbox = Sandbox::new();
    for project in ["14-background-job-processor", "15-api-rate-limiter"] {
        sandbox.write(format!("{project}/golang/main.go"), GO);
    }
    sandbox.write(
        "LEARNINGS.md",
        "# API Rate Limiter\n\n## Week 1: Golang\n- channels close exactly once, by the sender\n\n# Others\n\n## Golang\n- in the background job processor a worker must drain\n- a select with default never blocks\n",
    );
    sandbox.commit_all("docs: learned");
    let status = sandbox.status(&[]);
    let entries = |at: usize| track(&status["projects"][at], "golang")["journal_entries"].clone();
    assert_eq!((entries(0), entries(1)), (1.into(), 1.into()), "what names no project is no project's");
}

#[test]
fn next_names_the_command_that_starts_a_language_and_the_one_that_compares() {
    let sandbox = Sandbox::new();
    let plan = "# Plan\n\n## Milestones\n- the bucket\n\n## Technologies\n- Redis, Gin\n";
    sandbox.write(
        "15-api-rate-limiter/README.md",
        "# API Rate Limiter\n\nSo many requests for each client in a window of time; one more is answered by 429.\n",
    );
    sandbox.write("15-api-rate-limiter/docker-compose.yml", "services: {}\n");
    sandbox.write(".mastery.toml", "[journal]\nevery = \"week\"\n");
    after(&sandbox, &[("15-api-rate-limiter/PLAN.md", plan)]);
    let next = || sandbox.mastery(["next", "15"]).ok().out;
    assert!(next().contains("begin in nestjs\n  mastery start 15-api-rate-limiter --language nestjs"), "{}", next());
    // All is built, as the learner says: what is left is to compare.
    sandbox.write(
        ".mastery.toml",
        "[projects.\"15-api-rate-limiter\"]\nlanguages = [\"golang\", \"python\"]\ndone = [\"3\", \"4\"]\n",
    );
    for (path, text) in services() {
        sandbox.write(format!("15-api-rate-limiter/{path}"), text);
        sandbox.commit_all("feat: build");
    }
    assert!(
        next().contains("\n  mastery compare 15-api-rate-limiter --write"),
        "two are planned, none is left: {}",
        next()
    );
}
