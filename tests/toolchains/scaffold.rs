//! What `mastery start` writes, taken at its word: from an empty directory to a service that answers, as the README says.

use super::service::{Service, collector, free_port, get, redis, samples};
use super::tools::{Tool, compose, installed_tools};
use crate::harness::Sandbox;
use std::os::unix::fs::symlink;

const PROJECT: &str = "15-api-rate-limiter";

/// A language's scaffold.
struct Scaffold {
    language: &'static str,
    tool: Tool,
    /// What an installation leaves in the track's directory.
    dependencies: Option<&'static str>,
    /// What a tool prints where all is well.
    quiet_checks: &'static [&'static str],
    /// What the service logs once it takes connections.
    ready: &'static str,
}

const NESTJS: Scaffold = Scaffold {
    language: "nestjs",
    tool: Tool::Jest,
    dependencies: Some("node_modules"),
    quiet_checks: &["npx --no-install nest build", "npm run --silent lint"],
    ready: "listening on port",
};

const GOLANG: Scaffold = Scaffold {
    language: "golang",
    tool: Tool::Go,
    dependencies: None,
    quiet_checks: &["go vet ./...", "gofmt -l ."],
    ready: "\"listening\"",
};

const PYTHON: Scaffold = Scaffold {
    language: "python",
    tool: Tool::Pytest,
    dependencies: Some(".venv"),
    quiet_checks: &[
        ".venv/bin/ruff check --quiet .",
        ".venv/bin/ruff format --quiet --check .",
        ".venv/bin/mypy --no-error-summary",
    ],
    ready: "Uvicorn running",
};

/// A world in which the package managers may ask their registries, and keep what they get for the next run.
fn sandbox() -> Sandbox {
    let mut sandbox = Sandbox::new();
    let kept = ["PIP_", "NPM_CONFIG_", "SSL_CERT", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "NODE_EXTRA_CA", "GOPROXY"];
    for (name, value) in std::env::vars().filter(|(n, _)| kept.iter().any(|k| n.to_uppercase().starts_with(k))) {
        sandbox.env(&name, &value);
    }
    let tools = installed_tools();
    for (name, directory) in [
        ("GOCACHE", "go-cache"),
        ("GOMODCACHE", "go-modules"),
        ("npm_config_cache", "npm-cache"),
        ("PIP_CACHE_DIR", "pip-cache"),
    ] {
        sandbox.env(name, tools.join(directory).to_str().unwrap());
    }
    for (name, value) in [
        ("GOFLAGS", "-modcacherw"),
        ("GOTOOLCHAIN", "local"),
        ("npm_config_loglevel", "error"),
        ("npm_config_update_notifier", "false"),
        ("npm_config_audit", "false"),
        ("npm_config_fund", "false"),
        ("PIP_DISABLE_PIP_VERSION_CHECK", "1"),
        ("PIP_QUIET", "1"),
    ] {
        sandbox.env(name, value);
    }
    sandbox
}

/// The commands of a README's block below the heading.
fn block(readme: &str, heading: &str) -> Vec<String> {
    let section = readme.split(&format!("\n## {heading}\n")).nth(1).unwrap();
    let block = section.split("```bash\n").nth(1).unwrap().split("\n```").next().unwrap();
    block.lines().map(str::to_owned).collect()
}

fn bash(sandbox: &Sandbox, directory: &str, script: &str) -> String {
    let ran = sandbox.run(sandbox.command("bash", directory).args(["-ec", script])).ok();
    ran.out + &ran.err
}

impl Scaffold {
    /// The whole story.
    fn tell(&self) {
        if !self.tool.is_here() || !Tool::Redis.is_here() {
            return;
        }
        let sandbox = sandbox();
        sandbox.mastery(["init", "--yes"]).ok();
        sandbox.mastery(["hook", "install"]).ok();
        sandbox.mastery(["start", PROJECT, "--language", self.language]).ok();
        let track = format!("{PROJECT}/{}", self.language);
        let readme = sandbox.read(format!("{track}/README.md"));

        let mut run = block(&readme, "Run it");
        let serve = run.pop().unwrap();
        bash(&sandbox, &track, &run.join("\n"));
        self.passes_its_checks(&sandbox, &track);
        self.is_committed(&sandbox, &track);
        let run = if self.language == "python" { run[1..2].join("\n") + "\n" + &serve } else { serve };
        self.serves(&sandbox, &track, &run);
        self.has_a_small_sister(&sandbox, &track);
    }

    fn passes_its_checks(&self, sandbox: &Sandbox, track: &str) {
        for check in self.quiet_checks {
            let said = bash(sandbox, track, check);
            assert_eq!(said.trim(), "", "{check}");
        }
    }

    /// Through the hooks, which run the suite on what is staged.
    fn is_committed(&self, sandbox: &Sandbox, track: &str) {
        sandbox.git(["add", "-A"]).ok();
        let ran = sandbox.git(["commit", "-m", "chore: start"]).ok();
        let (project, language) = track.split_once('/').unwrap();
        let passed = |line: &str| line.starts_with(language) && line.contains(project) && line.contains(" tests ");
        assert!(ran.err.lines().any(passed), "{}", ran.err);
        assert_eq!(sandbox.git(["status", "--short"]).ok().out, "", "what was installed is ignored");
    }

    /// Asked over HTTP, on a real Redis.
    fn serves(&self, sandbox: &Sandbox, track: &str, run: &str) {
        let (_redis, redis_port) = redis();
        let port = free_port();
        let (traces_port, traces) = collector();
        let start = || {
            let mut command = sandbox.command("bash", track);
            command
                .args(["-ec", run])
                .env("PORT", port.to_string())
                .env("REDIS_URL", format!("redis://127.0.0.1:{redis_port}"))
                .env("RATE_LIMIT", "3")
                .env("RATE_WINDOW_SECONDS", "3600")
                .env("NO_PROXY", "127.0.0.1")
                .env("OTEL_EXPORTER_OTLP_ENDPOINT", format!("http://127.0.0.1:{traces_port}"))
                .env("npm_config_loglevel", "silent");
            Service::start(&mut command, &[self.ready])
        };
        let ada = [("X-Api-Key", "ada"), ("X-Request-Id", "request-of-ada")];

        let (service, mut log) = start();
        let health = get(port, "/health", &[]);
        assert_eq!((health.status, health.body.as_str()), (200, r#"{"status":"ok"}"#));
        for left in ["2", "1", "0"] {
            let answer = get(port, "/api/ping", &ada);
            assert_eq!((answer.status, answer.header("ratelimit-remaining")), (200, left), "{answer:?}");
            assert_eq!(answer.header("x-request-id"), "request-of-ada");
        }
        let refused = get(port, "/api/ping", &ada);
        assert_eq!((refused.status, refused.header("ratelimit-limit")), (429, "3"), "{refused:?}");
        let again: u32 = refused.header("retry-after").parse().unwrap();
        assert!((1..=1200).contains(&again) && !refused.header("ratelimit-reset").is_empty(), "{refused:?}");
        assert_eq!(get(port, "/api/ping", &[("X-Api-Key", "grace")]).status, 200);

        let metrics = samples(&get(port, "/metrics", &[]).body);
        let value = |name: &str| metrics.iter().find(|(n, _)| n == name).map(|(_, value)| *value);
        assert_eq!(value("rate_limiter_decisions_total{result=\"refused\"}"), Some(1.0), "{metrics:?}");
        let requests = "http_requests_total{method=\"GET\",path=\"/api/ping\",status=\"200\"}";
        assert_eq!(value(requests), Some(4.0), "{metrics:?}");

        log.extend(service.stop());
        let lines: Vec<serde_json::Value> =
            log.iter().map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"))).collect();
        let refusal = lines.iter().find(|line| line["status"] == 429).unwrap_or_else(|| panic!("{log:#?}"));
        assert_eq!((&refusal["request_id"], &refusal["path"]), (&"request-of-ada".into(), &"/api/ping".into()));
        assert!(lines.iter().any(|line| line["msg"] == "stopping"), "it did not stop in good order: {log:#?}");

        // The spans of the requests went out before it ended, and a line of the log names its trace.
        let spans: Vec<_> = traces.try_iter().collect();
        let ping = |body: &[u8]| body.windows(9).any(|w| w == b"/api/ping");
        let sent = |(line, body): &(String, Vec<u8>)| line.starts_with("POST /v1/traces ") && ping(body);
        assert!(spans.iter().any(sent), "{:?}", spans.iter().map(|(line, _)| line).collect::<Vec<_>>());
        assert_eq!(refusal["trace_id"].as_str().map(str::len), Some(32), "{refusal}");

        // Another process, the same Redis: the bucket is still empty.
        let (another, _) = start();
        assert_eq!(get(port, "/api/ping", &ada).status, 429);
        another.stop();
    }

    /// Every other project starts with one small endpoint; its tests pass in the commit too.
    fn has_a_small_sister(&self, sandbox: &Sandbox, track: &str) {
        sandbox.mastery(["start", "9", "--language", self.language]).ok();
        let sister = format!("09-social-feed-engine/{}", self.language);
        if let Some(dependencies) = self.dependencies {
            let link = sandbox.work().join(&sister).join(dependencies);
            symlink(sandbox.work().join(track).join(dependencies), link).unwrap();
        }
        self.passes_its_checks(sandbox, &sister);
        self.is_committed(sandbox, &sister);
    }
}

#[test]
fn the_nestjs_scaffold_does_all_that_its_readme_says() {
    NESTJS.tell();
}

#[test]
fn the_go_scaffold_does_all_that_its_readme_says() {
    GOLANG.tell();
}

#[test]
fn the_python_scaffold_does_all_that_its_readme_says() {
    PYTHON.tell();
}

#[test]
fn docker_compose_accepts_every_compose_file() {
    // The closing lines of `cargo test` say where this could not run.
    let Some(client) = compose() else { return };
    let sandbox = Sandbox::new();
    for project in 1..=15 {
        sandbox.mastery(["start", &project.to_string()]).ok();
    }
    let files = sandbox.git(["ls-files", "--others", "--", "*docker-compose.yml"]).ok().out;
    assert_eq!(files.lines().count(), 15 * 4, "{files}");
    for file in files.lines() {
        let mut command = sandbox.command(client[0], "");
        sandbox.run(command.args(&client[1..]).args(["-f", file, "config", "--quiet"])).ok();
    }
}
