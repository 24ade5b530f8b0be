//! `mastery compare`, on a repository with one API in three languages.

use crate::harness::Sandbox;
use std::collections::BTreeSet;

/// The guide's rate limiter in three languages; Python lacks an endpoint.
fn three() -> Sandbox {
    let sandbox = Sandbox::new();
    let project = "15-api-rate-limiter";
    sandbox.write(format!("{project}/nestjs/package.json"), "{\"dependencies\": {\"@nestjs/core\": \"10\"}}\n");
    sandbox.write(
        format!("{project}/nestjs/src/limits.controller.ts"),
        "// @Get('no')\n@Controller('limits')\nexport class LimitsController {\n  @Get() all() { return this.http.get('/remote', {}); }\n  @Get(':id') one() {}\n  @Delete(':id') remove() {}\n}\n",
    );
    sandbox.write(
        format!("{project}/nestjs/src/limits.controller.spec.ts"),
        "describe('x', () => { it('gets', () => request(app).get('/limits', 1)); });\n",
    );
    sandbox.write(
        format!("{project}/golang/go.mod"),
        "module limits\n\ngo 1.22\n\nrequire github.com/go-chi/chi/v5 v5.0.0\n",
    );
    sandbox.write(
        format!("{project}/golang/main.go"),
        "package main\n\nfunc routes() http.Handler {\n\tr := chi.NewRouter()\n\tr.Route(\"/limits\", func(r chi.Router) {\n\t\tr.Get(\"/\", all)\n\t\tr.Get(\"/{limitID}\", one)\n\t\tr.Delete(\"/{limitID}\", remove)\n\t})\n\tresp, _ := http.Get(\"https://example.com\")\n\treturn r\n}\n",
    );
    sandbox.commit_all("feat: two languages");
    sandbox.write(format!("{project}/python/requirements.txt"), "fastapi\nuvicorn\n");
    sandbox.write(
        format!("{project}/python/main.py"),
        "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get(\"/limits\")\ndef all():\n    return requests.get(\"/remote\", {})\n\n\n@app.get(\"/limits/{limit_id}\")\ndef one(limit_id: int): ...\n",
    );
    sandbox.write(
        format!("{project}/load/python.json"),
        "{\"metrics\": {\"http_reqs\": {\"rate\": 812.4}, \"http_req_duration\": {\"p(95)\": 12.34}}}",
    );
    sandbox.commit_all("feat: the third");
    sandbox
}

#[test]
fn every_endpoint_is_listed_and_no_false_one() {
    let sandbox = three();
    let ran = sandbox.mastery(["compare", "--format", "json"]).ok();
    let json: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let listed: BTreeSet<String> = json["tracks"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|t| {
            let language = t["language"].as_str().unwrap().to_owned();
            let endpoints = t["endpoints"].as_array().unwrap().clone();
            endpoints
                .into_iter()
                .map(move |e| format!("{language} {} {}", e["method"].as_str().unwrap(), e["path"].as_str().unwrap()))
        })
        .collect();
    let wanted = [
        "golang DELETE /limits/{limitID}",
        "golang GET /limits",
        "golang GET /limits/{limitID}",
        "nestjs DELETE /limits/{id}",
        "nestjs GET /limits",
        "nestjs GET /limits/{id}",
        "python GET /limits",
        "python GET /limits/{limit_id}",
    ];
    assert_eq!(listed, wanted.map(str::to_owned).into());
    let text = sandbox.mastery(["compare"]).ok().out;
    let row = text.lines().find(|l| l.starts_with("| DELETE")).unwrap();
    assert_eq!(row.matches("yes").count(), 2, "{text}");
    assert_eq!(row.matches("**no**").count(), 1, "{text}");
    assert_eq!(text.lines().filter(|l| l.starts_with("| GET") || l.starts_with("| DELETE")).count(), 3, "{text}");
    assert_eq!(column(&text, "Python"), ["812", "?", "12.3 ms", "?", "?", "?"]);
    assert_eq!(column(&text, "Golang"), ["not measured yet", "", "", "", "", ""]);
    let speed = ": 1 active day, 1 session, hours unknown (fewer than five commits say nothing of hours), 1 commit (2026-11-22 to 2026-11-22)";
    assert!(text.contains(speed), "{text}");
    assert!(text.contains(": unknown: its suite has not run on this content"), "{text}");
}

#[test]
fn writing_keeps_what_a_person_wrote_and_says_when_nothing_changes() {
    let sandbox = three();
    let file = "15-api-rate-limiter/COMPARISON.md";
    assert!(sandbox.mastery(["compare", "--write", "--dry-run"]).ok().out.contains("create"));
    assert!(!sandbox.exists(file));
    sandbox.mastery(["compare", "--write"]).ok();
    let first = sandbox.read(file);
    assert!(
        first.contains("## Strengths & Weaknesses\n") && first.contains("<!-- mastery:begin endpoints -->\n| Method |"),
        "{first}"
    );
    let mine =
        first.replace("## Strengths & Weaknesses\n", "## Strengths & Weaknesses\n\nGo was the fastest to start.\n");
    sandbox.write(file, &mine);
    assert!(sandbox.mastery_in("15-api-rate-limiter/golang", ["compare", "--write"]).ok().out.contains("kept"));
    sandbox.write(
        "15-api-rate-limiter/python/more.py",
        "app = FastAPI()\n\n\n@app.delete(\"/limits/{x}\")\ndef remove(x): ...\n",
    );
    sandbox.git(["add", "-A"]).ok();
    sandbox.mastery(["compare", "--write"]).ok();
    let second = sandbox.read(file);
    assert!(second.contains("Go was the fastest to start.\n") && !second.contains("**no**"), "{second}");
}

#[test]
fn a_link_in_the_documents_place_is_not_followed() {
    let sandbox = three();
    std::os::unix::fs::symlink(sandbox.home().join("x"), sandbox.work().join("15-api-rate-limiter/COMPARISON.md"))
        .unwrap();
    sandbox.mastery(["compare", "--write"]).fails(1);
    assert!(!sandbox.home().join("x").exists());
    sandbox.mastery(["compare", "99-nowhere"]).fails(2);
}

/// The section below a heading of what `mastery compare` says.
fn section(sandbox: &Sandbox, heading: &str) -> String {
    let text = sandbox.mastery(["compare"]).ok().out;
    let from = text.split_once(&format!("## {heading}\n\n")).unwrap().1;
    from.split("\n## ").next().unwrap().to_owned()
}

#[test]
fn effort_is_days_sessions_and_a_range_of_hours_with_its_method() {
    let mut sandbox = three();
    for time in ["23T18:00", "23T19:30", "23T20:00", "24T09:00"] {
        sandbox.at(&format!("2026-11-{time}:00+01:00"));
        sandbox.write("15-api-rate-limiter/golang/more.go", format!("package main\n\nvar at = \"{time}\"\n"));
        sandbox.commit_all("feat: go on");
    }
    let speed = section(&sandbox, "Development Speed");
    assert!(
        speed.contains("- Golang: 3 active days, 3 sessions, 2.0 to 3.5 hours, 5 commits (2026-11-22 to 2026-11-24)\n"),
        "{speed}"
    );
    assert!(speed.ends_with("\nHours are a range from commit times: gaps under 2 h between commits; the upper end adds 30 min a session.\n"), "{speed}");
    // The figures are those of status.
    let of = |command: &str| {
        let json: serde_json::Value =
            serde_json::from_str(&sandbox.mastery([command, "--format", "json"]).ok().out).unwrap();
        let tracks = if command == "status" { &json["projects"][0]["tracks"] } else { &json["tracks"] };
        let golang = tracks.as_array().unwrap().iter().find(|t| t["language"] == "golang").unwrap().clone();
        ["commits", "active_days", "sessions", "hours", "hours_note"].map(|key| golang[key].to_string())
    };
    assert_eq!(of("compare"), of("status"));
}

/// What stands below a language in the table of load figures.
fn column(text: &str, title: &str) -> Vec<String> {
    let cells = |line: &str| line.split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let table: Vec<_> = text.lines().skip_while(|l| !l.starts_with("| |")).take_while(|l| l.starts_with('|')).collect();
    let at = cells(table[0]).iter().position(|cell| cell == title).unwrap_or_else(|| panic!("{title}: {text}"));
    table[2..].iter().map(|line| cells(line)[at].clone()).collect()
}

#[test]
fn load_figures_stand_side_by_side_with_their_ratio_and_what_they_are_worth() {
    let sandbox = three();
    let head = sandbox.git(["rev-parse", "HEAD"]).ok().out.trim().to_owned();
    let at = |language: &str| format!("15-api-rate-limiter/load/{language}.json");
    let flat = format!(
        r#"{{"language": "golang", "commit": "{head}", "measured_at": "2026-11-22T23:30:00-05:00", "machine": "4 x one",
            "metrics": {{"http_reqs": {{"count": 9000, "rate": 1624.8}}, "http_req_failed": {{"value": 0}},
                         "http_req_duration": {{"med": 2.0, "p(95)": 6.17, "p(99)": 9.0}}}}}}"#
    );
    let nested = format!(
        r#"{{"language": "nestjs", "commit": "{head}", "measured_at": "2026-11-21T10:00:00+01:00", "machine": "8 x two", "thresholds_passed": false,
            "metrics": {{"http_reqs": {{"values": {{"count": 9000, "rate": 406.2}}}}, "http_req_failed": {{"values": {{"rate": 0.0123}}}},
                         "http_req_duration": {{"values": {{"med": 5.0, "p(95)": 12.34, "p(99)": 13.5}}}}}}}}"#
    );
    sandbox.write(at("golang"), &flat).write(at("nestjs"), nested);
    let text = section(&sandbox, "Performance");
    for (title, figures) in [
        ("Golang", ["1625 (best)", "2.0 ms (best)", "6.2 ms (best)", "9.0 ms (best)", "0.0 %", "2026-11-22"]),
        ("NestJS", ["406 (0.25×)", "5.0 ms (2.50×)", "12.3 ms (2.00×)", "13.5 ms (1.50×)", "1.2 %", "2026-11-21"]),
        ("Python", ["812 (0.50×)", "?", "12.3 ms (2.00×)", "?", "?", "?"]),
    ] {
        assert_eq!(column(&text, title), figures, "{text}");
    }
    for line in [
        "- NestJS: the script's thresholds were crossed\n",
        "- Measured on different machines, so the ratios say little: Golang (4 x one); NestJS (8 x two)\n",
        "- Measured on different days: NestJS (2026-11-21); Golang (2026-11-22)",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    assert!(!text.contains("measure again") && !text.contains("not committed"), "{text}");
    // Sources that change after the figures make them old, whether the figures name a commit or not.
    for file in ["golang/main.go", "python/main.py"] {
        let path = format!("15-api-rate-limiter/{file}");
        sandbox.write(&path, sandbox.read(&path) + "\n\n");
    }
    sandbox.commit_all("refactor: move lines");
    let text = section(&sandbox, "Performance");
    for line in
        ["- Golang: the sources have changed since: measure again\n", "- Python: the sources have changed since"]
    {
        assert!(text.contains(line), "{line}\n{text}");
    }
    assert!(!text.contains("- NestJS: the sources"), "{text}");
    // What can't be trusted says why.
    sandbox.write(at("golang"), flat.replace(&head, &"0".repeat(40)));
    sandbox.write(at("python"), flat.replace("\"language\"", "\"changed\": true, \"language\""));
    sandbox.write(at("nestjs"), "{\"metrics\": ");
    let text = section(&sandbox, "Performance");
    assert_eq!(column(&text, "NestJS")[0], "not measured yet");
    for line in [
        "- Golang: measured at a commit that is not here",
        "- Python: measured with changes that were not committed",
        "- NestJS: unreadable: 15-api-rate-limiter/load/nestjs.json is no JSON: EOF",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    sandbox.write(at("nestjs"), "{\"metrics\": {}}");
    assert!(section(&sandbox, "Performance").contains("has no HTTP requests in it"));
}

#[test]
fn what_was_only_generated_is_no_comparison_and_a_judgement_is() {
    let sandbox = three();
    sandbox.mastery(["compare", "--write"]).ok();
    sandbox.commit_all("docs: compare");
    let milestone = || {
        let out = sandbox.mastery(["status", "--format", "json"]).ok().out;
        let json: serde_json::Value = serde_json::from_str(&out).unwrap();
        let phases = json["projects"][0]["phases"].as_array().unwrap().clone();
        let all: Vec<_> = phases.iter().flat_map(|p| p["milestones"].as_array().unwrap().clone()).collect();
        all.iter().find(|m| m["id"] == "comparison").unwrap()["state"].as_str().unwrap().to_owned()
    };
    assert_eq!(milestone(), "unmet");
    let file = "15-api-rate-limiter/COMPARISON.md";
    let mine = "\nGolang answers within 6 ms, twice as fast as Python. Python took 3 days, and was easier than Golang.\n\nNestJS needs more boilerplate than Golang, and Python less.\n\nGolang is stricter than Python.\n";
    sandbox.write(file, sandbox.read(file) + mine);
    sandbox.commit_all("docs: judge");
    assert_eq!(milestone(), "met");
}
