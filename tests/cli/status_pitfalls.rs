//! Pitfalls that real histories held, each with the answer that a mentor would sign. Beside these: renames, deletions, parallel
//! branches, dumps, shallow clones, baselines, bots and hostile bytes in `status_histories`.

use crate::harness::Sandbox;
use crate::harness::standing::{metric, milestone, track};
use serde_json::Value;
use std::fs;

const GO: &str = "package main\n\nimport \"net/http\"\n\nfunc main() {\n\thttp.HandleFunc(\"/take\", take)\n\thttp.HandleFunc(\"/reset\", reset)\n\thttp.ListenAndServe(\":8080\", nil)\n}\n";
const TAKE: &str = "package main\n\nfunc take() bool { return left > 0 }\n";
const PYTHON: &str = "from fastapi import FastAPI\n\nfrom store import Store\n\napp = FastAPI()\nstore = Store()\n\n\n@app.post(\"/take\")\ndef take():\n    return store.take()\n";

fn phase(project: &Value) -> u64 {
    project["current_phase"].as_u64().unwrap()
}

#[test]
fn squashed_pull_requests_keep_their_order_and_say_nothing_of_hours() {
    let mut sandbox = Sandbox::new();
    sandbox.env("GIT_COMMITTER_NAME", "GitHub").env("GIT_COMMITTER_EMAIL", "noreply@github.com");
    for n in 1..=6 {
        sandbox.at(&format!("2026-11-{:02}T10:00:00+00:00", 10 + n));
        sandbox.write(format!("golang/step{n}.go"), format!("package main\n\nvar step{n} = {n}\n"));
        sandbox.commit_all(&format!("feat: step {n} (#{n})"));
    }
    sandbox.write("python/main.py", PYTHON);
    sandbox.commit_all("feat: python (#7)");
    let project = sandbox.project();
    let golang = track(&project, "golang");
    assert_eq!((&golang["order"], &track(&project, "python")["order"]), (&1.into(), &2.into()));
    assert_eq!(golang["hours"], Value::Null);
    assert!(golang["hours_note"].as_str().unwrap().contains("squashed"), "{golang:#}");
    assert!(project["notes"].to_string().contains("golang: its commits were squashed"), "{}", project["notes"]);
}

#[test]
fn a_rebased_history_is_dated_by_its_writing_and_a_wrong_clock_is_mentioned() {
    let mut sandbox = Sandbox::new();
    sandbox.at("2026-11-01T10:00:00+00:00").env("GIT_COMMITTER_DATE", "2026-11-20T10:00:00+00:00");
    sandbox.write("golang/main.go", GO);
    sandbox.commit_all("feat: go");
    // The clock goes backwards: order is that of history, not that of dates.
    sandbox.at("2026-10-01T10:00:00+00:00").write("python/main.py", PYTHON);
    sandbox.commit_all("feat: python");
    sandbox.at("2027-10-01T10:00:00+00:00").write("golang/take.go", TAKE);
    sandbox.commit_all("feat: from the future");
    sandbox.at("2026-11-22T10:00:00+00:00");
    let status = sandbox.status(&[]);
    let project = &status["projects"][0];
    assert_eq!((&track(project, "golang")["order"], &track(project, "python")["order"]), (&1.into(), &2.into()));
    assert_eq!(track(project, "golang")["started"], "2026-11-01");
    let notes = status["repository"]["notes"].to_string();
    assert!(
        notes.contains("1 commit dated in the future") && notes.contains("committed more than a day from"),
        "{notes}"
    );
}

#[test]
fn a_merge_is_nobodys_own_work() {
    let sandbox = Sandbox::new();
    sandbox.write("golang/main.go", GO);
    sandbox.commit_all("feat: go");
    sandbox.git(["checkout", "-qb", "take"]).ok();
    sandbox.write("golang/take.go", TAKE);
    sandbox.commit_all("feat: take");
    sandbox.git(["checkout", "-q", "main"]).ok();
    sandbox.write("golang/left.go", "package main\n\nvar left = 3\n");
    sandbox.commit_all("feat: left");
    sandbox.git(["merge", "-q", "--no-edit", "take"]).ok();
    assert_eq!(track(&sandbox.project(), "golang")["commits"], 3);
}

#[test]
fn a_blob_that_is_not_here_is_unknown_and_not_empty() {
    let sandbox = Sandbox::new();
    sandbox.git(["config", "uploadpack.allowFilter", "true"]).ok();
    sandbox.write("README.md", "# Limiter\n").write("golang/main.go", GO).write("docs/adr/001-x.md", "# ADR 001: x\n");
    sandbox.write("golang/main_test.go", "package main\n\nimport \"testing\"\n\nfunc TestTake(t *testing.T) {}\n");
    sandbox.commit_all("feat: go");
    let url = format!("file://{}", sandbox.work().display());
    sandbox.git(["clone", "-q", "--bare", "--filter=blob:none", &url, "../partial.git"]).ok();
    let status = sandbox.status(&["-C", "../partial.git"]);
    let project = &status["projects"][0];
    assert_eq!((phase(project), &track(project, "golang")["source_files"]), (3, &1.into()));
    for id in ["tests", "readme"] {
        assert_eq!(milestone(project, 3, id)["state"], "unknown", "{id}");
    }
    for id in ["coverage", "monitoring", "deployed", "load_tested", "decisions", "blog"] {
        assert_eq!(metric(project, id)["state"], "unknown", "{id}");
    }
    assert!(metric(project, "decisions")["why"].as_str().unwrap().contains("files are not here"));
}

#[test]
fn names_that_differ_only_in_case_are_one_language_and_a_warning() {
    let sandbox = Sandbox::new();
    sandbox.write("todo-FastAPI/main.py", PYTHON);
    sandbox.commit_all("feat: python");
    let blob = sandbox.git(["rev-parse", "HEAD:todo-FastAPI/main.py"]).ok().out;
    // A file system that folds case can't hold both: the index can.
    sandbox.git(["update-index", "--add", "--cacheinfo", "100644", blob.trim(), "todo-fastAPI/store.py"]).ok();
    sandbox.git(["commit", "-qm", "feat: store"]).ok();
    let status = sandbox.status(&[]);
    assert_eq!(status["projects"][0]["tracks"].as_array().unwrap().len(), 1, "{status:#}");
    let notes = status["repository"]["notes"].to_string();
    assert!(notes.contains("todo-FastAPI/ and todo-fastAPI/ differ only in case"), "{notes}");
}

#[test]
fn a_directory_with_nothing_but_names_in_it_has_not_begun() {
    for (path, text) in [(".gitkeep", ""), (".gitkepp", ""), ("README.md", "# Go\n"), ("main.go", "")] {
        let sandbox = Sandbox::new();
        sandbox.write(format!("golang/{path}"), text);
        sandbox.commit_all("chore: later");
        let project = sandbox.project();
        assert_eq!(track(&project, "golang")["state"], "placeholder", "{path}");
        assert!(phase(&project) < 3, "{path}");
    }
}

#[test]
fn what_nest_new_writes_is_a_scaffold_and_its_tests_are_nobodys() {
    let sandbox = Sandbox::new();
    for (path, text) in [
        ("package.json", "{ \"name\": \"limiter\", \"dependencies\": { \"@nestjs/core\": \"^11.0.1\" } }\n"),
        ("nest-cli.json", "{ \"collection\": \"@nestjs/schematics\", \"sourceRoot\": \"src\" }\n"),
        ("tsconfig.json", "{ \"compilerOptions\": { \"module\": \"nodenext\" } }\n"),
        ("eslint.config.mjs", "import eslint from '@eslint/js';\nexport default [eslint.configs.recommended];\n"),
        ("README.md", "# Nest\n\nA progressive framework.\n"),
        (
            "src/main.ts",
            "import { NestFactory } from '@nestjs/core';\nimport { AppModule } from './app.module';\n\nasync function bootstrap() {\n  const app = await NestFactory.create(AppModule);\n  await app.listen(process.env.PORT ?? 3000);\n}\nbootstrap();\n",
        ),
        (
            "src/app.module.ts",
            "import { Module } from '@nestjs/common';\nimport { AppController } from './app.controller';\nimport { AppService } from './app.service';\n\n@Module({\n  imports: [],\n  controllers: [AppController],\n  providers: [AppService],\n})\nexport class AppModule {}\n",
        ),
        (
            "src/app.controller.ts",
            "import { Controller, Get } from '@nestjs/common';\nimport { AppService } from './app.service';\n\n@Controller()\nexport class AppController {\n  constructor(private readonly appService: AppService) {}\n\n  @Get()\n  getHello(): string {\n    return this.appService.getHello();\n  }\n}\n",
        ),
        (
            "src/app.service.ts",
            "import { Injectable } from '@nestjs/common';\n\n@Injectable()\nexport class AppService {\n  getHello(): string {\n    return 'Hello World!';\n  }\n}\n",
        ),
        (
            "src/app.controller.spec.ts",
            "import { Test, TestingModule } from '@nestjs/testing';\nimport { AppController } from './app.controller';\nimport { AppService } from './app.service';\n\ndescribe('AppController', () => {\n  let appController: AppController;\n\n  beforeEach(async () => {\n    const app: TestingModule = await Test.createTestingModule({\n      controllers: [AppController],\n      providers: [AppService],\n    }).compile();\n\n    appController = app.get<AppController>(AppController);\n  });\n\n  describe('root', () => {\n    it('should return \"Hello World!\"', () => {\n      expect(appController.getHello()).toBe('Hello World!');\n    });\n  });\n});\n",
        ),
    ] {
        sandbox.write(format!("nestjs/{path}"), text);
    }
    sandbox.commit_all("chore: nest new");
    let project = sandbox.project();
    let nestjs = track(&project, "nestjs");
    assert_eq!(
        (nestjs["state"].as_str(), phase(&project)),
        (Some("scaffold"), 3),
        "opened, and nothing of one's own yet"
    );
    assert_eq!(
        (&nestjs["test_cases"], &nestjs["source_files"], &nestjs["order"]),
        (&0.into(), &0.into(), &Value::Null)
    );
    assert_eq!(milestone(&project, 3, "tests")["why"], "only a generator's tests");
    assert!(project["metrics"].as_array().unwrap().iter().all(|m| m["state"] == "unmet"), "{:#}", project["metrics"]);
}

#[test]
fn a_restart_keeps_the_first_start_and_is_noted() {
    let mut sandbox = Sandbox::new();
    sandbox.write("golang/main.go", GO);
    let first = sandbox.commit_all("feat: go");
    sandbox.git(["rm", "-rq", "golang"]).ok();
    let gone = sandbox.commit_all("chore: again from nothing");
    sandbox.at("2026-11-24T10:00:00+00:00").write("golang/server.go", GO.replace("take", "grab"));
    let back = sandbox.commit_all("feat: go again");
    let project = sandbox.project();
    assert_eq!(track(&project, "golang")["first_commit"], first.as_str());
    let note = format!("golang: taken away in {} and begun again in {}", &gone[..7], &back[..7]);
    assert!(project["notes"].to_string().contains(&note), "{}", project["notes"]);
}

#[test]
fn going_back_to_the_first_language_lowers_nothing() {
    let mut sandbox = Sandbox::new();
    sandbox.write("golang/main.go", GO);
    sandbox.commit_all("feat: go");
    sandbox.at("2026-11-23T10:00:00+00:00").write("python/main.py", PYTHON);
    sandbox.commit_all("feat: python");
    sandbox.at("2026-11-24T10:00:00+00:00").write("golang/take.go", TAKE);
    let last = sandbox.commit_all("fix: take");
    let project = sandbox.project();
    assert_eq!((phase(&project), &track(&project, "golang")["last_commit"]), (4, &last.into()));
    assert_eq!(project["phases"][3]["language"], "python");
}

#[test]
fn generated_and_locked_files_are_nobodys_work() {
    let sandbox = Sandbox::new();
    for (path, text) in [
        ("golang/api.pb.go", GO),
        ("golang/mocks.go", "// Code generated by mockery. DO NOT EDIT.\npackage main\n\nfunc mock() {}\n"),
        ("python/api_pb2.py", PYTHON),
        ("nestjs/package-lock.json", "{ \"lockfileVersion\": 3 }\n"),
        ("nestjs/dist/main.js", "require('express')().listen(3000);\n"),
        ("nestjs/documentation/coverage.html", "<b>100 %</b>\n"),
    ] {
        sandbox.write(path, text);
    }
    sandbox.commit_all("chore: generate");
    let project = sandbox.project();
    assert!(phase(&project) < 4, "{project:#}");
    for track in project["tracks"].as_array().unwrap() {
        assert!(track["state"] != "in_progress" && track["source_files"] == 0, "{track:#}");
    }
}

#[test]
fn helpers_in_another_language_are_no_track() {
    let sandbox = Sandbox::new();
    for (path, text) in [
        ("golang/main.go", GO),
        ("contract/tests/test_take.py", "def test_take():\n    assert True\n"),
        ("services/gateway-fake/main.py", PYTHON),
        ("load/locustfile.py", "from locust import HttpUser\n"),
        ("scripts/seed.py", "import sys\nprint(sys.argv)\n"),
        ("frontend/package.json", "{}\n"),
        ("frontend/src/app.ts", "fetch('/take');\n"),
    ] {
        sandbox.write(path, text);
    }
    sandbox.commit_all("feat: go and its helpers");
    let project = sandbox.project();
    let languages: Vec<&Value> = project["tracks"].as_array().unwrap().iter().map(|t| &t["language"]).collect();
    assert_eq!((phase(&project), languages), (3, vec![&Value::from("golang")]));
}

#[test]
fn a_frontend_alone_is_no_implementation() {
    let sandbox = Sandbox::new();
    sandbox
        .write("frontend/package.json", "{}\n")
        .write("frontend/src/app.tsx", "export const App = () => <p>hi</p>;\n");
    sandbox.commit_all("feat: pages");
    assert!(phase(&sandbox.project()) < 3);
}

#[test]
fn another_service_in_the_second_language_is_no_parity() {
    let sandbox = Sandbox::new();
    let routes = (0..6).map(|n| format!("\thttp.HandleFunc(\"/step{n}\", take)\n")).collect::<Vec<String>>().concat();
    sandbox.write("golang/main.go", format!("package main\n\nimport \"net/http\"\n\nfunc main() {{\n{routes}}}\n"));
    sandbox.commit_all("feat: go");
    sandbox.write("python/main.py", PYTHON);
    sandbox.commit_all("feat: python");
    let project = sandbox.project();
    let parity = milestone(&project, 4, "parity");
    assert_eq!((&parity["state"], &parity["why"]), (&"partial".into(), &"1 route of the first track's 6".into()));
    assert_eq!(metric(&project, "second_language")["state"], "partial");
}

#[test]
fn a_learner_with_two_addresses_or_as_a_co_author_counts() {
    let mut sandbox = Sandbox::new();
    sandbox.write(".mastery.toml", "[people]\nlearners = [\"ada@example.com\"]\n");
    sandbox.write(".mailmap", "Ada Learner <ada@example.com> <ada@work.example>\n");
    sandbox.env("GIT_AUTHOR_NAME", "Somebody").env("GIT_AUTHOR_EMAIL", "else@example.com");
    sandbox.write("golang/main.go", GO);
    sandbox.commit_all("feat: go");
    assert!(phase(&sandbox.project()) < 3, "somebody else's");
    sandbox.write("golang/take.go", TAKE);
    let paired = sandbox.commit_all("feat: take\n\nCo-authored-by: Ada Learner <ada@work.example>");
    assert_eq!(track(&sandbox.project(), "golang")["first_commit"], paired.as_str());
    sandbox.env("GIT_AUTHOR_NAME", "ada").env("GIT_AUTHOR_EMAIL", "ADA@work.example");
    sandbox.write("python/main.py", PYTHON);
    let own = sandbox.commit_all("feat: python");
    assert_eq!(track(&sandbox.project(), "python")["first_commit"], own.as_str());
}

#[test]
fn days_are_those_of_the_authors_own_clock() {
    let mut sandbox = Sandbox::new();
    // Two days in Auckland, one in UTC; then the same day from another place.
    for (n, when) in
        ["2026-11-20T23:30:00+13:00", "2026-11-21T00:30:00+13:00", "2026-11-21T09:00:00-08:00"].iter().enumerate()
    {
        sandbox.at(when).write(format!("golang/step{n}.go"), format!("package main\n\nvar step{n} = {n}\n"));
        sandbox.commit_all("feat: on the way");
    }
    let project = sandbox.project();
    let golang = track(&project, "golang");
    assert_eq!((&golang["active_days"], &golang["started"]), (&2.into(), &"2026-11-20".into()));
}

#[test]
fn messages_and_branches_decide_nothing() {
    let sandbox = Sandbox::new();
    sandbox.git(["checkout", "-qb", "phase-6-compare"]).ok();
    sandbox.write("golang/main.go", GO);
    sandbox.commit_all(
        "feat: phase 5 done, 100 % coverage, deployed to production, python finished, blog post, load tested",
    );
    let project = sandbox.project();
    assert_eq!(phase(&project), 3);
    assert!(project["metrics"].as_array().unwrap().iter().all(|m| m["state"] != "met"), "{:#}", project["metrics"]);
}

#[test]
fn a_readme_that_claims_things_is_no_evidence_for_them() {
    let sandbox = Sandbox::new();
    sandbox.write("golang/main.go", GO);
    sandbox.write(
        "README.md",
        "# Limiter\n\n![coverage](https://img.shields.io/badge/coverage-95%25-green)\n\n- [x] Phase 1 to 6\n- [x] Go, Python and NestJS ✅\n- [x] comprehensive test coverage\n- [x] deployed to production, monitored with Prometheus\n\n```\ngolang/tests/limiter_test.go\npython/main.py\n```\n",
    );
    sandbox.commit_all("feat: go");
    let project = sandbox.project();
    assert_eq!((phase(&project), project["tracks"].as_array().unwrap().len()), (3, 1));
    assert_eq!(track(&project, "golang")["test_cases"], 0);
    for id in ["coverage", "monitoring", "deployed", "second_language"] {
        assert_eq!(metric(&project, id)["state"], "unmet", "{id}");
    }
}

#[test]
fn the_curriculums_own_text_proves_nothing() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "15-api-rate-limiter/README.md",
        "# API Rate Limiter\n\nBuild it three times.\n\n```javascript\nimport http from 'k6/http';\nexport default function () { http.get('http://localhost'); }\n```\n\n```markdown\n# ADR 001: Use Redis for Rate Limiting\n## Status: Accepted\n## Context\nNeed distributed rate limiting across multiple servers.\n## Decision\nUse Redis.\n```\n\n```yaml\nimage: prom/prometheus\n```\n\n```markdown\n# Implementation Comparison\n| Go | 12 ms |\n| Python | 81 ms |\n```\n",
    );
    sandbox.write("15-api-rate-limiter/golang/main.go", GO);
    sandbox.write("15-api-rate-limiter/python/main.py", PYTHON);
    sandbox.commit_all("feat: begin");
    let project = sandbox.project();
    assert_eq!(phase(&project), 4);
    for id in ["monitoring", "load_tested", "decisions", "blog"] {
        assert_eq!(metric(&project, id)["state"], "unmet", "{:#}", metric(&project, id));
    }
}

#[test]
fn text_in_a_wrong_encoding_is_read_leniently() {
    let sandbox = Sandbox::new();
    let mut readme = b"# Limiter \xe2\x80\n\nCaf\xe9 clients may ask so many times in a window, and one more is answered by 429 \xc3\xa2\xe2\x80\x9d\xc5\x93 always.\n".to_vec();
    readme.extend([0xff, 0xfe, b'\n']);
    sandbox.write("README.md", &readme);
    sandbox.write("LEARNINGS.md", b"## Week 1: Golang\n- \xff channels close exactly once here\n");
    sandbox.write("golang/main.go", GO);
    sandbox.commit_all("feat: go");
    let project = sandbox.project();
    assert_eq!(milestone(&project, 1, "brief")["state"], "met");
    assert_eq!(track(&project, "golang")["journal_entries"], 1);
}

#[test]
fn two_languages_in_the_root_are_told_apart_by_globs() {
    let sandbox = Sandbox::new();
    sandbox.write(
        ".mastery.toml",
        "[project]\n[languages.nestjs]\ndirectories = [\"*.ts\"]\n[languages.python]\ndirectories = [\"*.py\"]\n",
    );
    sandbox.write("bucket.ts", "export const take = (left: number) => left > 0;\n");
    sandbox.commit_all("feat: ts");
    sandbox.write("bucket.py", "def take(left):\n    return left > 0\n");
    sandbox.commit_all("feat: py");
    let project = sandbox.project();
    assert_eq!(phase(&project), 4);
    assert_eq!((&track(&project, "nestjs")["order"], &track(&project, "python")["order"]), (&1.into(), &2.into()));
}

#[test]
fn a_hundred_thousand_branches_are_no_obstacle() {
    let sandbox = Sandbox::new();
    sandbox.write("golang/main.go", GO);
    let head = sandbox.commit_all("feat: go");
    let refs = (0..100_000).map(|n| format!("{head} refs/heads/b{n:06}\n")).collect::<Vec<String>>().concat();
    fs::write(
        sandbox.work().join(".git/packed-refs"),
        format!("# pack-refs with: peeled fully-peeled sorted \n{refs}"),
    )
    .unwrap();
    let status = sandbox.status(&[]);
    assert_eq!((&status["repository"]["commits"], &status["repository"]["branch"]), (&1.into(), &"main".into()));
    assert_eq!(sandbox.status(&["-C", ".git"])["projects"][0]["current_phase"], 3);
}

#[test]
fn dates_at_both_ends_of_time_are_dates() {
    let mut sandbox = Sandbox::new();
    for (n, when) in ["@0 +0000", "@4294967295 +0000"].iter().enumerate() {
        sandbox.env("GIT_AUTHOR_DATE", when).env("GIT_COMMITTER_DATE", when);
        sandbox.write(format!("golang/step{n}.go"), format!("package main\n\nvar step{n} = {n}\n"));
        sandbox.commit_all("feat: some day");
    }
    let project = sandbox.project();
    assert_eq!(
        (&track(&project, "golang")["started"], &project["started"]),
        (&"1970-01-01".into(), &"1970-01-01".into())
    );
    assert!(project["last_active"].as_str().unwrap().starts_with("2106-02-07"), "{project:#}");
    sandbox.mastery(["status"]).ok();
}

#[test]
fn an_earlier_commit_of_the_whole_is_judged_as_a_history_that_ends_there() {
    let mut sandbox = Sandbox::new();
    let mut commits = Vec::new();
    let steps: [(&str, &str); 6] = [
        ("README.md", "# Limiter\n"),
        ("go/main.go", GO),
        ("go/take.go", TAKE),
        ("python/main.py", PYTHON),
        ("LEARNINGS.md", "## Week 1: Golang\n- channels close exactly once, by the sender\n"),
        (
            "docs/adr/001-x.md",
            "# ADR 001: Use Redis\n\n## Status: Accepted\n\n## Context\nSeveral servers have to count together, with one clock for all of them.\n\n## Decision\nUse Redis with a window.\n",
        ),
    ];
    for (n, (path, text)) in steps.iter().enumerate() {
        sandbox.at(&format!("2026-11-{:02}T10:00:00+00:00", 10 + n)).write(path, text);
        commits.push(sandbox.commit_all("feat: more"));
    }
    sandbox.git(["mv", "go", "golang"]).ok();
    commits.push(sandbox.commit_all("refactor: golang"));
    sandbox.git(["rm", "-rq", "python"]).ok();
    commits.push(sandbox.commit_all("chore: no python"));
    sandbox.git(["clone", "-q", "--bare", ".", "../work.git"]).ok();
    for commit in commits {
        sandbox.git(["-C", "../work.git", "update-ref", "refs/heads/main", &commit]).ok();
        let (whole, prefix) = (sandbox.status(&["--at", &commit]), sandbox.status(&["-C", "../work.git"]));
        assert_eq!(whole["projects"], prefix["projects"], "{commit}");
        assert_eq!(whole["repository"]["commits"], prefix["repository"]["commits"]);
    }
}

#[test]
fn what_was_reverted_is_not_there_and_stays_in_the_story() {
    let sandbox = Sandbox::new();
    sandbox.write("golang/main.go", GO);
    sandbox.commit_all("feat: go");
    sandbox.write("python/main.py", PYTHON);
    sandbox.commit_all("feat: python");
    sandbox.git(["revert", "--no-edit", "HEAD"]).ok();
    let reverted = sandbox.project();
    assert_eq!((phase(&reverted), track(&reverted, "python")["state"].as_str()), (3, Some("absent")));
    assert!(reverted["notes"].to_string().contains("python: removed in"), "{}", reverted["notes"]);
}

#[test]
fn the_schedule_counts_from_the_first_commit_or_from_the_day_that_is_declared() {
    let mut sandbox = Sandbox::new();
    sandbox.at("2026-11-02T10:00:00+00:00").write("15-api-rate-limiter/golang/main.go", GO);
    sandbox.commit_all("feat: go");
    sandbox.at("2026-11-12T10:00:00+00:00");
    let schedule = |sandbox: &Sandbox| {
        let project = sandbox.project();
        (project["schedule"]["planned_phase"].clone(), project["schedule"]["days_behind"].clone())
    };
    // Two weeks are planned: the second language begins after one.
    assert_eq!(schedule(&sandbox), (4.into(), 3.into()));
    let out = sandbox.mastery(["status"]).ok().out;
    let line = out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(line.contains("3 days behind plan (phase 4 by now)"), "{out}");
    sandbox.write(".mastery.toml", "[projects.\"15-api-rate-limiter\"]\nstarted = 2026-11-09\n");
    assert_eq!(schedule(&sandbox), (3.into(), 0.into()));
}
