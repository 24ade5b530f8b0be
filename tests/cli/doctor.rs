//! `mastery doctor`: with tools that are old, missing or hang, and with real servers on loopback.

use crate::harness::{Ran, Sandbox, servers};
use serde_json::Value;
use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;

/// Every tool of the guide as it should be: its name, and what it prints.
const GOOD: [(&str, &str); 9] = [
    (
        "docker",
        "case \"$1\" in version) echo 28.2.2;; compose) echo Docker Compose version v2.27.0;; *) echo Docker version 28.2.2;; esac",
    ),
    ("psql", "echo 'psql (PostgreSQL) 15.18'"),
    ("redis-cli", "echo redis-cli 7.0.15"),
    ("node", "echo v22.1.0"),
    ("npm", "echo 11.0.0"),
    ("nest", "echo 11.0.0"),
    ("go", "echo go version go1.26.8 linux/amd64"),
    ("python3", "case \"$1\" in -m) echo pip 24.0 from /x;; *) echo Python 3.12.4;; esac"),
    ("k6", "echo k6 v1.0.0"),
];

/// A world in which PATH holds the good tools and what git needs, and nothing else.
fn machine() -> Sandbox {
    let mut sandbox = Sandbox::new();
    let bin = sandbox.root().join("bin");
    fs::create_dir(&bin).unwrap();
    for name in ["git", "sh", "sleep"] {
        std::os::unix::fs::symlink(servers::program(name, name).unwrap(), bin.join(name)).unwrap();
    }
    sandbox.env("PATH", bin.to_str().unwrap());
    for (name, script) in GOOD {
        tool(&sandbox, name, script);
    }
    sandbox.mastery(["hook", "install"]).ok();
    sandbox
}

fn tool(sandbox: &Sandbox, name: &str, script: &str) {
    let path = sandbox.root().join("bin").join(name);
    let _ = fs::remove_file(&path);
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
}

fn without(sandbox: &Sandbox, name: &str) {
    fs::remove_file(sandbox.root().join("bin").join(name)).unwrap();
}

/// The answer in JSON, and the finding with this id.
fn finding(ran: &Ran, id: &str) -> Value {
    let report: Value = serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{e}: {}", ran.all()));
    assert_eq!(report["schema"], 1);
    let findings = report["findings"].as_array().unwrap();
    findings.iter().find(|f| f["id"] == id).unwrap_or_else(|| panic!("no {id} in {}", ran.out)).clone()
}

fn doctor(sandbox: &Sandbox) -> Ran {
    sandbox.mastery(["doctor", "--format", "json"])
}

#[test]
fn a_machine_that_is_ready_is_well() {
    let sandbox = machine();
    let ran = sandbox.mastery(["doctor"]).ok();
    assert!(ran.out.ends_with("all is well\n"), "{}", ran.all());
    assert!(ran.out.contains("ok      Go 1.26.8\n"), "{}", ran.out);
    assert_eq!(sandbox.mastery(["doctor", "-q"]).ok().out, "all is well\n");
}

#[test]
fn each_tool_is_found_old_missing_or_hanging() {
    let old = [
        ("git", "git", "echo git version 1.9.5"),
        ("docker", "docker", "echo Docker version 20.10.24"),
        (
            "compose",
            "docker",
            "case \"$1\" in compose) echo Docker Compose version v1.9.0;; *) echo Docker version 28.0.0;; esac",
        ),
        ("psql", "psql", "echo 'psql (PostgreSQL) 13.4'"),
        ("redis-cli", "redis-cli", "echo redis-cli 6.2.0"),
        ("node", "node", "echo v18.19.0"),
        ("npm", "npm", "echo 9.2.0"),
        ("go", "go", "echo go version go1.19.8 linux/amd64"),
        ("python", "python3", "echo Python 3.11.2"),
    ];
    let sandbox = machine();
    sandbox.write("docker-compose.yml", compose(1, 1));
    for (_, program, script) in old {
        tool(&sandbox, program, script);
    }
    // Two tools are one program: an old docker that has no compose would hide the old compose.
    tool(
        &sandbox,
        "docker",
        "case \"$1\" in compose) echo Docker Compose version v1.9.0;; *) echo Docker version 20.10.24;; esac",
    );
    let ran = doctor(&sandbox).fails(1);
    for (name, _, _) in old {
        let found = finding(&ran, &format!("tool.{name}"));
        assert_eq!(found["severity"], "error", "{found}");
        assert!(found["what"].as_str().unwrap().contains("is too old"), "{found}");
    }

    let programs = ["docker", "psql", "redis-cli", "node", "npm", "nest", "go", "python3", "k6", "git"];
    for program in programs {
        without(&sandbox, program);
    }
    let ran = doctor(&sandbox).fails(1);
    for name in ["git", "docker", "compose", "psql", "redis-cli", "node", "npm", "nest", "go", "python", "pip", "k6"] {
        let found = finding(&ran, &format!("tool.{name}"));
        assert!(found["what"].as_str().unwrap().contains("is missing"), "{found}");
        assert!(found["why"].as_str().unwrap().len() > 10 && found["mend"]["command"].is_string(), "{found}");
        let wish = matches!(name, "nest" | "k6");
        assert_eq!(found["severity"], if wish { "warning" } else { "error" }, "{found}");
    }

    for program in programs {
        tool(&sandbox, program, "exec sleep 600");
    }
    let ran = sandbox.mastery(["doctor", "--format", "json", "--limit", "1s"]).fails(1);
    for name in ["git", "docker", "compose", "psql", "redis-cli", "node", "npm", "nest", "go", "python", "pip", "k6"] {
        let found = finding(&ran, &format!("tool.{name}"));
        assert!(found["what"].as_str().unwrap().contains("its time was up"), "{found}");
    }
    assert!(finding(&ran, "docker.engine")["what"].as_str().unwrap().contains("its time was up"));
}

#[test]
fn only_the_languages_in_use_are_looked_at() {
    let sandbox = machine();
    sandbox.write("golang/go.mod", "module example.com/x\n\ngo 1.22\n").write("golang/main.go", "package main\n");
    for program in ["node", "npm", "nest", "python3"] {
        without(&sandbox, program);
    }
    let ran = doctor(&sandbox).ok();
    assert!(!ran.out.contains("tool.node") && !ran.out.contains("tool.python"), "{}", ran.out);
    sandbox.write(".mastery.toml", "[project]\nlanguages = [\"golang\", \"python\"]\n");
    let ran = doctor(&sandbox).fails(1);
    assert!(finding(&ran, "tool.python")["what"].as_str().unwrap().contains("missing"));
}

#[test]
fn outside_a_repository_the_machine_is_looked_at() {
    let mut sandbox = Sandbox::without_repository();
    sandbox.env("GIT_CEILING_DIRECTORIES", "/");
    let ran = sandbox.mastery(["doctor", "--format", "json"]);
    assert!(finding(&ran, "repository")["what"].as_str().unwrap().contains("not in a git repository"));
    assert_eq!(finding(&ran, "tool.git")["severity"], "ok".replace("ok", "fine"));
}

#[test]
fn a_configuration_that_cannot_be_read_is_one_more_finding() {
    let sandbox = machine();
    sandbox.write(".mastery.toml", "[tets]\n");
    let found = finding(&doctor(&sandbox).fails(1), "configuration");
    assert!(found["what"].as_str().unwrap().contains("tets"), "{found}");
}

#[test]
fn dependencies_out_of_step_are_mended_only_when_asked() {
    let sandbox = machine();
    sandbox
        .write("nestjs/package.json", r#"{"dependencies": {"ioredis": "^5.0.0"}}"#)
        .write("nestjs/package-lock.json", r#"{"packages": {"": {"dependencies": {"ioredis": "^5.0.0"}}, "node_modules/ioredis": {"version": "5.4.1"}}}"#)
        .write("nestjs/src/main.ts", "export {};\n");
    // An npm that installs exactly what is pinned.
    tool(
        &sandbox,
        "npm",
        "case \"$1\" in ci) /bin/mkdir node_modules && /bin/cp package-lock.json node_modules/.package-lock.json;; *) echo 11.0.0;; esac",
    );
    let found = finding(&doctor(&sandbox).fails(1), "dependencies.nestjs");
    assert_eq!(found["mend"]["command"], "npm ci");
    assert!(found["guide"][0].as_str().unwrap().starts_with("rm -rf node_modules"));

    let piped = sandbox.mastery(["doctor", "--fix"]).fails(1);
    assert!(piped.err.contains("npm ci  (in nestjs)") && piped.err.contains("--yes"), "{}", piped.all());
    sandbox.mastery(["doctor", "--fix", "--dry-run", "--yes"]).fails(1);
    assert!(!sandbox.exists("nestjs/node_modules"), "nothing is run unasked");

    let mended = sandbox.mastery(["doctor", "--fix", "--yes"]).ok();
    assert!(mended.out.contains("node_modules is what package-lock.json pins"), "{}", mended.all());
}

#[test]
fn hooks_are_put_in_order_by_fix() {
    let sandbox = machine();
    fs::remove_file(sandbox.work().join(".git/hooks/pre-commit")).unwrap();
    assert_eq!(finding(&doctor(&sandbox).fails(1), "git.hooks")["mend"]["command"], "mastery hook install");
    sandbox.mastery(["doctor", "--fix", "-y"]).ok();
    assert!(sandbox.exists(".git/hooks/pre-commit"));
}

#[test]
fn git_that_does_not_know_who_commits_is_told() {
    let mut sandbox = machine();
    sandbox.env("GIT_AUTHOR_NAME", "").env("GIT_AUTHOR_EMAIL", "");
    let found = finding(&doctor(&sandbox).fails(1), "git.identity");
    assert!(found["mend"]["command"].as_str().unwrap().contains("git config --global user.name"), "{found}");
    sandbox.git(["config", "user.name", "Ada"]).ok();
    sandbox.git(["config", "user.email", "ada@example.com"]).ok();
    assert_eq!(finding(&doctor(&sandbox).ok(), "git.identity")["what"], "git knows you as Ada <ada@example.com>");
}

fn compose(postgres: u16, redis: u16) -> String {
    format!(
        "services:\n  postgres:\n    image: postgres:15-alpine\n    environment:\n      POSTGRES_USER: dev\n      POSTGRES_PASSWORD: ${{PASSWORD}}\n      POSTGRES_DB: ${{DATABASE:-postgres}}\n    ports:\n      - \"{postgres}:5432\"\n  redis:\n    image: redis:7-alpine\n    command: redis-server --requirepass ${{PASSWORD}}\n    ports:\n      - \"{redis}:6379\"\n"
    )
}

fn only(text: &str, service: &str) -> String {
    let (before, after) = text.split_once("  redis:\n").unwrap();
    if service == "postgres" { before.to_owned() } else { format!("services:\n  redis:\n{after}") }
}

fn with_password(sandbox: &Sandbox, password: &str) -> Ran {
    sandbox.write(".env", format!("PASSWORD={password}\n"));
    doctor(sandbox)
}

#[test]
fn a_real_postgresql_is_judged_by_password_database_and_version() {
    let Some(server) = servers::postgres("secret") else { return };
    let mut sandbox = machine();
    let text = only(&compose(server.port, 0), "postgres");
    sandbox.write("docker-compose.yml", &text);

    let healthy = finding(&with_password(&sandbox, "secret").ok(), "service.postgres");
    assert!(healthy["what"].as_str().unwrap().contains(&format!("answers on 127.0.0.1:{}", server.port)), "{healthy}");

    let denied = finding(&with_password(&sandbox, "wrong").fails(1), "service.postgres");
    assert!(denied["what"].as_str().unwrap().contains("password authentication failed"), "{denied}");
    assert!(denied["guide"].to_string().contains("down -v"), "{denied}");

    sandbox.write("docker-compose.yml", text.replace("postgres:15-alpine", "postgres:99"));
    let old = finding(&with_password(&sandbox, "secret").fails(1), "service.postgres");
    assert!(old["what"].as_str().unwrap().ends_with("99 or later is wanted"), "{old}");

    sandbox.write("docker-compose.yml", &text);
    sandbox.env("DATABASE", "nowhere");
    let nowhere = finding(&with_password(&sandbox, "secret").fails(1), "service.postgres");
    assert!(nowhere["what"].as_str().unwrap().contains("\"nowhere\" does not exist"), "{nowhere}");
}

#[test]
fn a_real_redis_is_judged_by_password_and_version() {
    let Some(server) = servers::redis("secret") else { return };
    let sandbox = machine();
    let text = only(&compose(0, server.port), "redis");
    sandbox.write("docker-compose.yml", &text);

    let healthy = finding(&with_password(&sandbox, "secret").ok(), "service.redis");
    assert!(healthy["what"].as_str().unwrap().starts_with("Redis "), "{healthy}");
    let denied = finding(&with_password(&sandbox, "wrong").fails(1), "service.redis");
    assert!(denied["what"].as_str().unwrap().contains("WRONGPASS"), "{denied}");
    let nobody = finding(&with_password(&sandbox, "").fails(1), "service.redis");
    assert!(nobody["what"].as_str().unwrap().contains("NOAUTH"), "{nobody}");

    sandbox.write("docker-compose.yml", text.replace("redis:7-alpine", "redis:99"));
    let old = finding(&with_password(&sandbox, "secret").fails(1), "service.redis");
    assert!(old["what"].as_str().unwrap().ends_with("99 or later is wanted"), "{old}");
}

#[test]
fn a_port_that_something_else_holds_is_named_with_its_process() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    // A web server that answers whatever it is asked.
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 1024]);
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
        }
    });
    let sandbox = machine();
    sandbox.write("docker-compose.yml", compose(port, port)).write(".env", "PASSWORD=x\n");
    let ran = doctor(&sandbox).fails(1);
    for service in ["postgres", "redis"] {
        let found = finding(&ran, &format!("service.{service}"));
        let what = found["what"].as_str().unwrap();
        assert!(what.contains("web server"), "{what}");
        if cfg!(target_os = "linux") {
            assert!(what.contains(&format!("(process {})", std::process::id())), "{what}");
        }
        assert!(found["guide"].to_string().contains("lsof"), "{found}");
    }
}

#[test]
fn a_service_that_is_down_is_mended_by_its_container_or_without_an_engine_by_packages() {
    let sandbox = machine();
    let port = servers::free_port();
    sandbox.write("docker-compose.yml", only(&compose(0, port), "redis"));
    let found = finding(&doctor(&sandbox).fails(1), "service.redis");
    assert_eq!(found["mend"]["command"], "mastery services up");
    tool(
        &sandbox,
        "docker",
        "case \"$1\" in version) echo cannot connect >&2; exit 1;; compose) echo v2.1.0;; *) echo Docker version 28.0.0;; esac",
    );
    tool(&sandbox, "apt-get", "");
    let ran = doctor(&sandbox).fails(1);
    if cfg!(target_os = "linux") {
        assert_eq!(finding(&ran, "service.redis")["mend"]["command"], "sudo apt-get install redis-server");
    }
    assert_eq!(finding(&ran, "docker.engine")["severity"], "error");
}

#[test]
fn an_unreadable_compose_file_is_a_finding_with_its_place() {
    let sandbox = machine();
    sandbox.write("docker-compose.yml", "services: [\n");
    let found = finding(&doctor(&sandbox).fails(1), "services");
    assert!(found["what"].as_str().unwrap().contains("docker-compose.yml is no YAML"), "{found}");
}
