//! `mastery services`: a fake `docker` proves the commands, real servers on loopback stand in for the containers.

use crate::harness::{Ran, Sandbox, servers};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt;

/// A project that needs a Redis with the password `secret` on this port, and a `docker` that notes its arguments.
fn project(port: u16, docker: &str) -> Sandbox {
    let mut sandbox = Sandbox::new();
    let bin = sandbox.root().join("bin");
    fs::create_dir(&bin).unwrap();
    let path = std::env::var("PATH").unwrap();
    sandbox.env("PATH", &format!("{}:{path}", bin.display()));
    program(&sandbox, "docker", &format!("echo \"$@\" >> {}\n{docker}", sandbox.root().join("said").display()));
    sandbox.write("docker-compose.yml", compose(port));
    sandbox
}

fn compose(port: u16) -> String {
    format!(
        "services:\n  cache:\n    image: redis:7-alpine\n    command: redis-server --requirepass secret\n    ports:\n      - \"{port}:6379\"\n  app:\n    build: .\n"
    )
}

fn program(sandbox: &Sandbox, name: &str, script: &str) {
    let path = sandbox.root().join("bin").join(name);
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// What docker was asked to do, but for its versions.
fn said(sandbox: &Sandbox) -> Vec<String> {
    let text = fs::read_to_string(sandbox.root().join("said")).unwrap_or_default();
    let root = sandbox.root().display().to_string();
    text.lines().filter(|l| !l.contains("version")).map(|l| l.replace(&root, "$ROOT")).collect()
}

fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{e}: {}", ran.all()))
}

#[test]
fn up_starts_only_what_is_needed_and_waits_until_it_answers() {
    let Some(redis) = servers::program("redis-server", "redis-server") else { return };
    let port = servers::free_port();
    let sandbox = project(port, "");
    let pid = sandbox.root().join("pid");
    let start = format!(
        "case \"$*\" in *' up '*) {} --port {port} --requirepass secret --save '' --daemonize yes --dir {} --pidfile {} >/dev/null;; esac",
        redis.display(),
        sandbox.root().display(),
        pid.display()
    );
    program(&sandbox, "docker", &format!("echo \"$@\" >> {}\n{start}", sandbox.root().join("said").display()));
    let ran = sandbox.mastery(["services", "up"]).ok();
    let _ = std::process::Command::new("kill").arg(fs::read_to_string(&pid).unwrap().trim()).status();
    assert_eq!(said(&sandbox), ["compose -f $ROOT/work/docker-compose.yml up -d cache"]);
    assert!(ran.err.contains(&format!("answers on 127.0.0.1:{port} after")), "{}", ran.all());
}

#[test]
fn what_answers_already_is_not_started_and_status_knows_it() {
    let Some(server) = servers::redis("secret") else { return };
    let sandbox = project(server.port, "");
    let ran = sandbox.mastery(["services", "up"]).ok();
    assert!(ran.err.contains("nothing was started"), "{}", ran.all());
    assert_eq!(said(&sandbox), [""; 0]);

    let status = json(&sandbox.mastery(["services", "status", "--format", "json"]).ok());
    assert_eq!(status["schema"], 1);
    assert_eq!((&status["services"][0]["name"], &status["services"][0]["state"]), (&"cache".into(), &"answers".into()));
    assert!(sandbox.mastery(["services", "status"]).ok().out.contains("answers     127.0.0.1:"));
}

#[test]
fn status_of_what_is_absent_is_a_verdict_with_the_next_step() {
    let sandbox = project(servers::free_port(), "");
    let ran = sandbox.mastery(["services", "status"]).fails(1);
    assert!(ran.out.contains("absent") && ran.out.ends_with("mastery services up\n"), "{}", ran.all());
}

#[test]
fn what_never_answers_is_given_up_after_the_limit() {
    let sandbox = project(servers::free_port(), "");
    let ran = sandbox.mastery(["services", "up", "--timeout", "1s"]).fails(3);
    assert!(ran.err.contains("Redis doesn't answer on 127.0.0.1:"), "{}", ran.all());
    assert!(ran.err.contains("mastery services logs --service redis"), "{}", ran.all());
}

#[test]
fn a_wrong_password_ends_the_wait_with_the_guides_cure() {
    let Some(server) = servers::redis("another") else { return };
    let sandbox = project(server.port, "");
    let ran = sandbox.mastery(["services", "up"]).fails(3);
    assert!(ran.err.contains("WRONGPASS") && ran.err.contains("down --volumes"), "{}", ran.all());
}

#[test]
fn a_port_in_use_is_told_before_anything_is_started() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let sandbox = project(listener.local_addr().unwrap().port(), "");
    let ran = sandbox.mastery(["services", "up"]).fails(3);
    assert!(ran.err.contains("is taken by"), "{}", ran.all());
    assert_eq!(said(&sandbox), [""; 0]);
}

#[test]
fn down_and_logs_are_the_clients_own_and_volumes_go_only_when_told() {
    let sandbox = project(servers::free_port(), "");
    sandbox.mastery(["services", "down"]).ok();
    sandbox.mastery(["services", "logs", "--follow"]).ok();
    let piped = sandbox.mastery(["services", "down", "--volumes"]).fails(2);
    assert!(piped.err.contains("--volumes --yes"), "{}", piped.all());
    sandbox.mastery(["services", "down", "--volumes", "--yes"]).ok();
    let dry = sandbox.mastery(["services", "down", "--volumes", "--dry-run"]).ok();
    assert!(dry.err.starts_with("would run docker compose -f"), "{}", dry.all());
    assert_eq!(
        said(&sandbox),
        [
            "compose -f $ROOT/work/docker-compose.yml down",
            "compose -f $ROOT/work/docker-compose.yml logs --follow cache",
            "compose -f $ROOT/work/docker-compose.yml down --volumes",
        ]
    );
}

#[test]
fn an_old_docker_compose_will_do_where_the_plugin_is_missing() {
    let sandbox = project(servers::free_port(), "[ \"$1\" != compose ]");
    program(
        &sandbox,
        "docker-compose",
        &format!("echo standalone \"$@\" >> {}", sandbox.root().join("said").display()),
    );
    sandbox.mastery(["services", "down"]).ok();
    assert_eq!(said(&sandbox), ["standalone -f $ROOT/work/docker-compose.yml down"]);
}

#[test]
fn without_an_engine_it_says_so_and_how_to_do_without() {
    let sandbox = project(servers::free_port(), "echo Cannot connect to the Docker daemon >&2; exit 1");
    program(&sandbox, "apt-get", "");
    let ran = sandbox.mastery(["services", "up"]).fails(3);
    assert!(ran.err.contains("no container can be run: Cannot connect"), "{}", ran.all());
    if cfg!(target_os = "linux") {
        assert!(ran.err.contains("sudo apt-get install redis-server"), "{}", ran.all());
    }
}

#[test]
fn a_compose_that_fails_is_reported() {
    let sandbox = project(servers::free_port(), "case \"$*\" in *' up '*) exit 1;; esac");
    let ran = sandbox.mastery(["services", "up"]).fails(3);
    assert!(ran.err.contains("did not end well") && ran.err.contains("mastery doctor"), "{}", ran.all());
}

#[test]
fn without_a_compose_file_the_curriculum_says_what_is_needed() {
    let port = servers::free_port();
    let sandbox = project(port, "");
    fs::remove_file(sandbox.work().join("docker-compose.yml")).unwrap();
    sandbox.write("15-api-rate-limiter/golang/go.mod", "module example.com/x\n\ngo 1.22\n");
    let ran =
        sandbox.mastery(["services", "up", "--dry-run", "--service", "mongodb", "--project", "15-api-rate-limiter"]);
    assert!(ran.err.contains("api_rate_limiter/docker-compose.yml up -d mongodb"), "{}", ran.all());
    let status = json(&sandbox.mastery(["services", "status", "--format", "json"]));
    assert_eq!((status["services"].as_array().unwrap().len(), &status["services"][0]["name"]), (1, &"redis".into()));
}

#[test]
fn a_service_that_the_file_does_not_declare_is_wrong_usage() {
    let ran = project(servers::free_port(), "").mastery(["services", "up", "--service", "postgres"]).fails(2);
    assert!(ran.err.contains("declares no PostgreSQL") && ran.err.contains("cache"), "{}", ran.all());
}

#[test]
fn real_rabbitmq_answers_and_refuses_in_its_own_protocol() {
    let Some(server) = servers::rabbitmq() else { return };
    let sandbox = project(0, "");
    let text = |password: &str| {
        format!(
            "services:\n  queue:\n    image: rabbitmq:3-management\n    environment:\n      RABBITMQ_DEFAULT_USER: guest\n      RABBITMQ_DEFAULT_PASS: {password}\n    ports:\n      - \"{}:5672\"\n",
            server.port
        )
    };
    sandbox.write("docker-compose.yml", text("guest"));
    let well = json(&sandbox.mastery(["services", "status", "--format", "json"]).ok());
    assert!(well["services"][0]["version"].as_str().unwrap().starts_with(char::is_numeric), "{well}");
    sandbox.write("docker-compose.yml", text("wrong"));
    let denied = json(&sandbox.mastery(["services", "status", "--format", "json"]).fails(1));
    assert_eq!(denied["services"][0]["state"], "denied");
    assert!(denied["services"][0]["note"].as_str().unwrap().contains("ACCESS_REFUSED"), "{denied}");
}

#[cfg(target_os = "linux")]
#[test]
fn on_a_terminal_volumes_go_only_after_a_yes() {
    let sandbox = project(servers::free_port(), "");
    let no = sandbox.on_a_terminal("services down --volumes", "n\n").ok();
    assert!(no.out.contains("Remove the containers and all data in their volumes? [y/N]"), "{}", no.all());
    assert!(no.out.contains("Nothing was removed."), "{}", no.all());
    assert_eq!(said(&sandbox), [""; 0]);
    sandbox.on_a_terminal("services down --volumes", "y\n").ok();
    assert_eq!(said(&sandbox), ["compose -f $ROOT/work/docker-compose.yml down --volumes"]);
}

#[cfg(target_os = "linux")]
#[test]
fn on_a_terminal_a_line_says_what_is_waited_for() {
    let sandbox = project(servers::free_port(), "");
    let ran = sandbox.on_a_terminal("services up --timeout 1s", "").fails(3);
    assert!(ran.out.contains("\r\u{1b}[2Kwaiting for cache, 0 s"), "{:?}", ran.out);
    let last = ran.out.rsplit("\r\u{1b}[2K").next().unwrap();
    assert!(last.contains("error:") && !last.contains("waiting for"), "{:?}", ran.out);
}

#[cfg(target_os = "linux")]
#[test]
fn waiting_can_be_interrupted() {
    use crate::harness::processes::{nothing_runs, signal, until};
    let sandbox = project(servers::free_port(), "");
    let mut mastery = sandbox.command(env!("CARGO_BIN_EXE_mastery"), "");
    let mut child = mastery.args(["services", "up"]).stderr(std::process::Stdio::null()).spawn().unwrap();
    until("the start of the services", || said(&sandbox).iter().any(|line| line.contains(" up -d ")));
    signal("INT", i64::from(child.id()));
    assert_eq!(child.wait().unwrap().code(), Some(130));
    nothing_runs(&sandbox);
}
