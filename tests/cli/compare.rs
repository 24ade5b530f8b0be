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
    assert!(text.contains("- Python: 812 requests/s, 95 % within 12.3 ms"), "{text}");
    assert!(text.contains(": 1 active day, 1 commit (2026-11-22 to 2026-11-22)"), "{text}");
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
