//! `mastery load run`: a fake `k6` proves what it is asked, made-up services go wrong in every way. No test leaves a process.

use crate::harness::processes::{nothing_runs, processes, signal, until};
use crate::harness::{Ran, Sandbox, servers};
use serde_json::{Value, json};
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Stdio;

/// Serves HTTP on `PORT`, as `DOES` says: what `GET /health` gives, and what becomes of it under load.
const SERVICE: &str = r#"use strict; use IO::Socket::INET;
my ($does, $root) = ($ENV{DOES} // '', $ENV{TMPDIR});
if ($does eq 'ends') { print STDERR "no such database\n"; exit 4 }
if ($does eq 'silent') { print "still thinking\n"; $| = 1; sleep 600 }
if ($does eq 'stubborn') { $SIG{TERM} = 'IGNORE' }
if ($does eq 'detached' && !fork) { exec 'setsid', 'sleep', '600' }
my $port = $does eq 'own port' ? $ENV{OWN_PORT} : $ENV{PORT};
my $server = IO::Socket::INET->new(Listen => 16, LocalAddr => '127.0.0.1', LocalPort => $port)
    or do { print STDERR "listen tcp :$port: bind: address already in use\n"; exit 1 };
while (1) {
    my $client = $server->accept or next;
    my $line = <$client> // '';
    while (my $head = <$client>) { last if $head =~ /^\r?\n$/ }
    open my $asked, '>>', "$root/asked"; print $asked $line; close $asked;
    my $status = $does eq 'sick' ? '503 Service Unavailable' : $does eq 'plain' && $line =~ /health/ ? '404 Not Found' : '200 OK';
    print $client "HTTP/1.1 $status\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
    close $client;
    exit 7 if $does eq 'dies' && $line =~ /ping/;
}
"#;

/// Notes its arguments, asks the service three times, and writes a summary, as `K6` says.
const K6: &str = r#"#!/usr/bin/env perl
use strict; use IO::Socket::INET;
my ($does, $root) = ($ENV{K6} // '', $ENV{TMPDIR});
if ($ARGV[0] eq 'version') { sleep 600 if $does eq 'mute'; print "k6 v1.8.1\n"; exit 0 }
open my $said, '>>', "$root/said"; print $said join(' ', @ARGV), "\n"; close $said;
my ($summary, $base);
for my $n (0 .. $#ARGV) {
    $summary = $ARGV[$n + 1] if $ARGV[$n] eq '--summary-export';
    $base = $1 if $ARGV[$n] =~ m{^BASE_URL=http://(.*)};
}
-f $ARGV[-1] or die "no script $ARGV[-1]";
if ($does eq 'broken') { print STDERR "ReferenceError: bas is not defined\n"; exit 107 }
for (1 .. 3) {
    my $service = IO::Socket::INET->new(PeerAddr => $base) or die "no service at $base";
    print $service "GET /ping HTTP/1.1\r\n\r\n"; my @answer = <$service>;
}
open my $file, '>', $summary or die $!;
if ($does eq 'half') { print $file '{"metrics": {'; close $file; exit 0 }
if ($does eq 'idle') { print $file '{"metrics": {}}'; close $file; exit 0 }
if ($does eq 'hangs') { print $file '{'; close $file; open my $f, '>', "$root/loading"; close $f; sleep 600 }
my $crossed = $does eq 'crosses' ? 'true' : 'false';
print $file <<"END"; close $file; exit($does eq 'crosses' ? 99 : 0);
{"root_group": {}, "metrics": {"http_reqs": {"count": 3, "rate": 812.4}, "http_req_failed": {"passes": 0, "fails": 3, "value": 0.25},
 "http_req_duration": {"avg": 4.0, "min": 1.1, "med": 3.25, "max": 80.5, "p(90)": 9.5, "p(95)": 12.34, "p(99)": 31.06,
 "thresholds": {"p(95)<500": $crossed}}}}
END
"#;

const SCRIPT: &str = "import http from 'k6/http';\nexport const options = { vus: 10, duration: '1s' };\n\
                      export default () => http.get(`${__ENV.BASE_URL}/ping`);\n";

/// A project with a Go and a Python track that are the same made-up service, a load test, and a `k6`.
fn sandbox() -> Sandbox {
    let mut sandbox = Sandbox::new();
    sandbox.write("../bin/k6", K6);
    fs::set_permissions(sandbox.root().join("bin/k6"), fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", sandbox.root().join("bin").display(), std::env::var("PATH").unwrap());
    sandbox.env("PATH", &path);
    let start = "start = \"exec perl service.pl\"";
    sandbox.write(".mastery.toml", format!("[languages.golang]\n{start}\n[languages.python]\n{start}\n"));
    sandbox.write("15-api-rate-limiter/README.md", "# API Rate Limiter\n");
    sandbox.write("15-api-rate-limiter/load/load-test.js", SCRIPT);
    sandbox.write("15-api-rate-limiter/golang/go.mod", "module example.com/limiter\n\ngo 1.22\n");
    sandbox.write("15-api-rate-limiter/golang/main.go", "package main\n\nfunc main() {}\n");
    sandbox.write("15-api-rate-limiter/python/requirements.txt", "fastapi\n");
    sandbox.write("15-api-rate-limiter/python/main.py", "print()\n");
    for track in ["golang", "python"] {
        sandbox.write(format!("15-api-rate-limiter/{track}/service.pl"), SERVICE);
    }
    sandbox
}

fn kept(language: &str) -> String {
    format!("15-api-rate-limiter/load/{language}.json")
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|e| panic!("{e}: {text}"))
}

/// Runs `mastery load run golang` where the service or k6 does this; whatever comes of it, no process is left.
fn golang(sandbox: &mut Sandbox, does: (&str, &str), more: &[&str]) -> Ran {
    sandbox.env(does.0, does.1);
    let ran = sandbox.mastery([&["load", "run", "golang"], more].concat());
    nothing_runs(sandbox);
    ran
}

/// A run that must fail with this code, and say these things; nothing is kept.
#[track_caller]
fn fails(does: (&str, &str), more: &[&str], code: i32, says: &[&str]) {
    let mut sandbox = sandbox();
    let ran = golang(&mut sandbox, does, more).fails(code);
    for words in says {
        assert!(ran.err.contains(words), "{words:?} is missing in: {}", ran.all());
    }
    let left: Vec<_> = fs::read_dir(sandbox.work().join("15-api-rate-limiter/load")).unwrap().flatten().collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

#[test]
fn every_track_is_started_loaded_stopped_and_its_figures_are_kept() {
    let sandbox = sandbox();
    let head = sandbox.commit_all("feat: a limiter");
    let ran = sandbox.mastery(["load", "run"]).ok();
    nothing_runs(&sandbox);
    assert_eq!(
        ran.out,
        "golang  812 requests/s, p50 3.2 ms, p95 12.3 ms, p99 31.1 ms, 25.00 % errors  15-api-rate-limiter/load/golang.json\n\
         python  812 requests/s, p50 3.2 ms, p95 12.3 ms, p99 31.1 ms, 25.00 % errors  15-api-rate-limiter/load/python.json\n"
    );
    assert!(
        ran.err.contains("golang: exec perl service.pl on port ") && ran.err.contains("answers after"),
        "{}",
        ran.err
    );
    assert!(ran.err.ends_with("mastery compare 15-api-rate-limiter\n"), "{}", ran.err);

    let said = fs::read_to_string(sandbox.root().join("said")).unwrap();
    let ports: Vec<&str> =
        said.split("BASE_URL=http://127.0.0.1:").skip(1).map(|s| s.split(' ').next().unwrap()).collect();
    let trend = "--summary-trend-stats avg,min,med,max,p(90),p(95),p(99)";
    let work = sandbox.work();
    let first = said.lines().next().unwrap();
    assert!(
        first.starts_with(&format!("run --quiet --no-usage-report {trend} --summary-export {}", work.display())),
        "{said}"
    );
    assert!(first.ends_with(&format!("-e BASE_URL=http://127.0.0.1:{} load/load-test.js", ports[0])), "{said}");
    assert_eq!(ports.len(), 2);
    let asked = fs::read_to_string(sandbox.root().join("asked")).unwrap();
    let asked: Vec<&str> = asked.lines().map(|l| l.split(' ').nth(1).unwrap()).collect();
    // After the load it is asked whether it is still there.
    let each = ["/health", "/ping", "/ping", "/ping", "/health"];
    assert_eq!(asked, [each, each].concat());

    let text = sandbox.read(kept("python"));
    assert!(text.ends_with("}\n"));
    let mut kept = parsed(&text);
    assert!(kept["machine"].as_str().unwrap().contains(" x "), "{kept}");
    assert_eq!(kept["metrics"]["http_req_duration"]["p(99)"], 31.06);
    let object = kept.as_object_mut().unwrap();
    let metrics = ["machine", "metrics"].map(|key| object.remove(key).unwrap());
    assert!(metrics[1]["http_reqs"]["rate"] == 812.4);
    assert_eq!(
        kept,
        json!({
            "schema": 1, "language": "python", "commit": head.trim(), "changed": false, "root_group": {},
            "measured_at": "2026-11-22T10:00:00+00:00", "script": "15-api-rate-limiter/load/load-test.js",
            "thresholds_passed": true,
        })
    );
    let names = sandbox.git(["status", "--short", "--untracked-files=all"]).ok().out;
    let expected = ["golang", "python"].map(|l| format!("?? 15-api-rate-limiter/load/{l}.json\n")).concat();
    assert_eq!(names, expected);

    sandbox.git(["add", "-A"]).ok();
    let compared = sandbox.mastery(["compare"]).ok().out;
    assert!(compared.contains("| | Golang | Python |\n| --- | --- | --- |\n"), "{compared}");
    assert!(compared.contains("| Requests/s | 812 (best) | 812 (best) |\n"), "{compared}");
    assert!(compared.contains("- Measured on ") && !compared.contains("measure again"), "{compared}");
}

#[test]
fn sources_that_are_not_committed_are_said_to_be_changed() {
    let mut sandbox = sandbox();
    sandbox.commit_all("feat: a limiter");
    sandbox
        .write("15-api-rate-limiter/golang/README.md", "words\n")
        .write("15-api-rate-limiter/python/x.py", "x = 1\n");
    golang(&mut sandbox, ("DOES", ""), &[]).ok();
    assert_eq!(parsed(&sandbox.read(kept("golang")))["changed"], false);
    sandbox.write("15-api-rate-limiter/golang/new.go", "package main\n");
    golang(&mut sandbox, ("DOES", ""), &[]).ok();
    assert_eq!(parsed(&sandbox.read(kept("golang")))["changed"], true);
}

#[test]
fn json_goes_to_standard_output_alone() {
    let mut sandbox = sandbox();
    let ran = golang(&mut sandbox, ("DOES", ""), &["--format", "json"]).ok();
    assert_eq!(
        parsed(&ran.out),
        json!({ "schema": 1, "project": "15-api-rate-limiter", "tracks": [{
            "language": "golang", "requests_per_second": 812.4, "p50_ms": 3.25, "p95_ms": 12.34, "p99_ms": 31.06,
            "error_rate": 0.25, "thresholds_passed": true, "crossed": [], "path": "15-api-rate-limiter/load/golang.json" }] })
    );
}

#[test]
fn a_threshold_that_is_crossed_is_a_verdict_and_its_figures_are_kept() {
    let mut sandbox = sandbox();
    let ran = golang(&mut sandbox, ("K6", "crosses"), &[]).fails(1);
    assert!(ran.out.contains("threshold crossed: http_req_duration p(95)<500"), "{}", ran.all());
    assert_eq!(parsed(&sandbox.read(kept("golang")))["thresholds_passed"], false);
}

#[test]
fn a_service_that_never_answers_is_given_up_after_the_limit() {
    let says =
        ["doesn't answer: nothing listens on port ", "after 1.0 s", "still thinking", "--port 3000", "its whole log: "];
    fails(("DOES", "silent"), &["--timeout", "1s"], 3, &says);
    fails(("DOES", "sick"), &["--timeout", "1s"], 3, &["GET /health on port ", " gives 503"]);
}

#[test]
fn a_service_that_has_no_health_to_tell_of_is_loaded_once_it_answers() {
    let mut sandbox = sandbox();
    let ran = golang(&mut sandbox, ("DOES", "plain"), &[]).ok();
    assert!(ran.out.starts_with("golang  812 requests/s"), "{}", ran.all());
}

#[test]
fn a_track_that_fails_ends_the_run_and_says_how_to_go_on() {
    let mut sandbox = sandbox();
    sandbox.env("DOES", "ends");
    let ran = sandbox.mastery(["load", "run"]).fails(3);
    assert!(ran.err.contains("the service of golang ended") && !ran.err.contains("of python"), "{}", ran.all());
    assert!(ran.err.ends_with("hint: the others: mastery load run python\n"), "{}", ran.all());
    nothing_runs(&sandbox);
}

#[test]
fn the_name_of_a_language_leads_nowhere_else() {
    let sandbox = sandbox();
    let table = "directories = [\"golang\"]\nstart = \"exec perl service.pl\"\n";
    sandbox.write(".mastery.toml", format!("[languages.\"../../x\"]\n{table}"));
    let ran = sandbox.mastery(["load", "run", "../../x"]).fails(2);
    assert!(ran.err.contains("can't be the name of a file"), "{}", ran.all());
    assert!(!sandbox.root().join("said").exists() && !sandbox.exists("x.json"));
}

#[test]
fn on_a_terminal_a_line_says_what_is_waited_for_and_goes_away() {
    let mut sandbox = sandbox();
    sandbox.env("DOES", "silent");
    let seen = sandbox.on_a_terminal("load run golang --timeout 1s", "").fails(3).out;
    assert!(seen.contains("\r\u{1b}[2Kgolang: waiting until it answers, 0 s\r\u{1b}[2K"), "{seen:?}");
    let last = seen.rsplit("\r\u{1b}[2K").next().unwrap();
    assert!(last.contains("error:") && !last.contains("waiting until"), "{seen:?}");
    nothing_runs(&sandbox);
}

#[test]
fn a_service_that_ends_at_once_is_told_with_its_last_words() {
    let by_hand = "cd 15-api-rate-limiter/golang && PORT=8080 exec perl service.pl";
    fails(("DOES", "ends"), &[], 3, &["ended before it answered (exit code 4)", "no such database", by_hand]);
}

#[test]
fn a_service_that_goes_to_the_background_is_ended() {
    let mut sandbox = sandbox();
    sandbox.write(".mastery.toml", "[languages.golang]\nstart = \"setsid perl service.pl & sleep 0.3\"\n");
    let ran = golang(&mut sandbox, ("DOES", "sick"), &[]).fails(3);
    assert!(ran.err.contains("went to the background, and was ended"), "{}", ran.all());
}

#[test]
fn a_port_that_is_taken_is_told_with_who_has_it() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let holder = format!("(process {})", std::process::id());
    let says = [format!("can't listen on port {port}"), holder.clone(), "without --port a free one is taken".into()];
    fails(("DOES", ""), &["--port", &port], 3, &says.each_ref().map(String::as_str));

    let mut sandbox = sandbox();
    sandbox.env("OWN_PORT", &port);
    let ran = golang(&mut sandbox, ("DOES", "own port"), &[]).fails(3);
    assert!(ran.err.contains(&format!("port {port} is taken by ")) && ran.err.contains(&holder), "{}", ran.all());
}

#[test]
fn a_service_with_a_port_of_its_own_is_loaded_there() {
    let port = servers::free_port().to_string();
    let mut sandbox = sandbox();
    sandbox.env("OWN_PORT", &port);
    sandbox.write(
        "15-api-rate-limiter/load/load-test.js",
        SCRIPT.replace("${__ENV.BASE_URL}", &format!("http://localhost:{port}")),
    );
    golang(&mut sandbox, ("DOES", "own port"), &["--port", &port]).ok();
    let said = fs::read_to_string(sandbox.root().join("said")).unwrap();
    assert!(said.contains(&format!("BASE_URL=http://127.0.0.1:{port} ")), "{said}");
}

#[test]
fn a_service_that_dies_under_load_is_a_verdict() {
    let mut sandbox = sandbox();
    sandbox.env("K6", "hangs");
    let ran = golang(&mut sandbox, ("DOES", "dies"), &[]).fails(1);
    assert!(ran.err.contains("died under load (exit code 7); no figures were kept"), "{}", ran.all());
    assert!(!sandbox.exists(kept("golang")));
}

#[test]
fn what_a_service_leaves_running_is_ended_and_named() {
    for (does, name) in [("detached", "sleep (process "), ("stubborn", "perl (process ")] {
        let mut sandbox = sandbox();
        let ran = golang(&mut sandbox, ("DOES", does), &[]).ok();
        let words = format!("when its service was asked to end it left {name}");
        assert!(ran.err.contains(&words) && ran.err.contains("mastery ended it"), "{does}: {}", ran.all());
        assert!(sandbox.exists(kept("golang")));
    }
}

#[test]
fn without_k6_it_says_how_to_install_it() {
    let mut sandbox = sandbox();
    fs::remove_file(sandbox.root().join("bin/k6")).unwrap();
    let nowhere = sandbox.root().join("bin").display().to_string();
    let ran = golang(&mut sandbox, ("PATH", &nowhere), &[]).fails(3);
    assert!(ran.err.starts_with("error: k6 is not installed\n"), "{}", ran.all());
    assert!(ran.err.contains("brew install k6") && ran.err.contains("go install go.k6.io/k6@latest"), "{}", ran.all());
}

#[test]
fn a_k6_that_fails_leaves_its_words_and_no_figures() {
    fails(("K6", "broken"), &[], 3, &["k6 ended with exit code 107", "bas is not defined", "what k6 said: "]);
    fails(("K6", "half"), &[], 3, &["k6 wrote no summary"]);
    fails(("K6", "idle"), &[], 3, &["load/load-test.js made no HTTP request"]);
}

#[test]
fn without_a_script_or_with_one_that_loads_something_else_nothing_is_started() {
    let sandbox = sandbox();
    let script = "15-api-rate-limiter/load/load-test.js";
    sandbox.write(script, SCRIPT.replace("${__ENV.BASE_URL}", "http://localhost:3000"));
    let fixed = sandbox.mastery(["load", "run", "golang"]).fails(2);
    assert!(
        fixed.err.contains("it doesn't use BASE_URL") && fixed.err.contains("__ENV.BASE_URL ||"),
        "{}",
        fixed.all()
    );
    fs::remove_file(sandbox.work().join(script)).unwrap();
    let none = sandbox.mastery(["load", "run"]).fails(3);
    assert!(
        none.err.contains("has no load test") && none.err.contains("mastery start 15-api-rate-limiter"),
        "{}",
        none.all()
    );
    sandbox.write("15-api-rate-limiter/load/spike.js", SCRIPT).write("15-api-rate-limiter/load/soak.js", SCRIPT);
    let several = sandbox.mastery(["load", "run"]).fails(2);
    assert!(several.err.contains("load/soak.js, load/spike.js"), "{}", several.all());
    assert!(!sandbox.root().join("asked").exists() && !sandbox.root().join("said").exists());
}

#[test]
fn a_track_that_is_not_there_or_that_nobody_can_start_is_told() {
    let sandbox = sandbox();
    let near = sandbox.mastery(["load", "run", "goland"]).fails(2);
    assert!(near.err.contains("did you mean golang?"), "{}", near.all());
    sandbox.write(".mastery.toml", "[languages.python]\nstart = \"exec perl service.pl\"\n");
    fs::remove_file(sandbox.work().join("15-api-rate-limiter/golang/main.go")).unwrap();
    let unknown = sandbox.mastery(["load", "run", "golang"]).fails(3);
    assert!(unknown.err.contains("[languages.golang] with start = \"…\""), "{}", unknown.all());
    let rest = sandbox.mastery(["load", "run"]).ok();
    assert!(rest.err.starts_with("golang: nothing in 15-api-rate-limiter/golang/ says how"), "{}", rest.all());
    assert!(rest.out.starts_with("python  812 requests/s"), "{}", rest.all());
    nothing_runs(&sandbox);

    let empty = Sandbox::new();
    empty.write("15-api-rate-limiter/README.md", "# Limiter\n").write("15-api-rate-limiter/load/load-test.js", SCRIPT);
    let ran = empty.mastery(["load", "run"]).fails(3);
    assert!(ran.err.contains("mastery start 15-api-rate-limiter"), "{}", ran.all());
}

#[test]
fn what_runs_already_is_loaded_where_it_is_and_left_alone() {
    let sandbox = sandbox();
    let port = servers::free_port().to_string();
    let mut service =
        sandbox.command("perl", "15-api-rate-limiter/golang").arg("service.pl").env("PORT", &port).spawn().unwrap();
    until("the start of the service", || std::net::TcpStream::connect(("127.0.0.1", port.parse().unwrap())).is_ok());
    let url = format!("http://127.0.0.1:{port}/");
    let ran = sandbox.mastery(["load", "run", "golang", "--url", &url]).ok();
    assert!(ran.out.starts_with("golang  812 requests/s") && !ran.err.contains("perl service.pl"), "{}", ran.all());
    assert_eq!(parsed(&sandbox.read(kept("golang")))["url"], url);
    assert!(service.try_wait().unwrap().is_none(), "it still runs");
    service.kill().unwrap();
    service.wait().unwrap();

    let gone = sandbox.mastery(["load", "run", "golang", "--url", &url]).fails(3);
    assert!(gone.err.contains("nothing to load: http://127.0.0.1:"), "{}", gone.all());
    let several = sandbox.mastery(["load", "run", "--url", &url]).fails(2);
    assert!(several.err.contains("mastery load run golang|python --url"), "{}", several.all());
    let wrong = sandbox.mastery(["load", "run", "golang", "--url", "localhost:80"]).fails(2);
    assert!(wrong.err.contains("is no address") && wrong.err.contains("http://localhost:8080"), "{}", wrong.all());
    nothing_runs(&sandbox);
}

#[test]
fn a_dry_run_starts_nothing_and_shows_the_commands() {
    let sandbox = sandbox();
    let ran = sandbox.mastery(["load", "run", "python", "--dry-run"]).ok();
    assert_eq!(
        ran.out,
        "python\n  start  exec perl service.pl  on a free port\n  load   k6 run -e BASE_URL=http://127.0.0.1:PORT load/load-test.js\n  \
         keep   15-api-rate-limiter/load/python.json\n"
    );
    assert!(!sandbox.root().join("asked").exists() && !sandbox.root().join("said").exists());
}

#[test]
fn figures_are_never_written_through_a_link() {
    let mut sandbox = sandbox();
    sandbox.write("../elsewhere", "mine\n");
    symlink(sandbox.root().join("elsewhere"), sandbox.work().join(kept("golang"))).unwrap();
    let ran = golang(&mut sandbox, ("DOES", ""), &[]).fails(3);
    assert!(ran.err.contains("is a symbolic link"), "{}", ran.all());
    assert_eq!(sandbox.read("../elsewhere"), "mine\n");
}

/// A moment at which a signal may come: what the service or k6 does then, and how it is known to have come.
struct Moment {
    variable: &'static str,
    does: &'static str,
    has_come: fn(&Sandbox) -> bool,
}

fn runs(sandbox: &Sandbox, command: &str) -> bool {
    processes(sandbox).iter().any(|(_, line)| line.contains(command))
}

#[test]
fn a_signal_at_any_moment_leaves_no_process_and_no_half_result() {
    let moments = [
        Moment { variable: "K6", does: "mute", has_come: |s| runs(s, "k6 version") },
        Moment { variable: "DOES", does: "silent", has_come: |s| runs(s, "perl service.pl") },
        Moment { variable: "K6", does: "hangs", has_come: |s| s.root().join("loading").exists() },
    ];
    for (n, Moment { variable, does, has_come }) in moments.into_iter().enumerate() {
        for (name, code) in [("INT", 130), ("TERM", 143), ("HUP", 129), ("KILL", -1)] {
            // Once k6 runs each signal has its turn; before, one each.
            if n < 2 && (name == "KILL" || n == 0 && name != "INT" || n == 1 && name != "TERM") {
                continue;
            }
            let sandbox = sandbox();
            sandbox.write(kept("golang"), "old\n");
            let mut mastery = sandbox.command(env!("CARGO_BIN_EXE_mastery"), "");
            mastery.args(["load", "run", "golang"]).env(variable, does).stdout(Stdio::null()).stderr(Stdio::null());
            let mut child = mastery.spawn().unwrap();
            until(&format!("{does}, {name}"), || has_come(&sandbox));
            signal(name, i64::from(child.id()));
            assert_eq!(child.wait().unwrap().code().unwrap_or(-1), code, "{does}, {name}");
            nothing_runs(&sandbox);
            assert_eq!(sandbox.read(kept("golang")), "old\n");
            let left = fs::read_dir(sandbox.work().join("15-api-rate-limiter/load")).unwrap().count();
            assert_eq!(left, 2, "{does}, {name}");
        }
    }
}

#[test]
fn status_takes_script_and_results_for_a_load_test_and_says_when_they_are_old() {
    let mut sandbox = sandbox();
    let metric = |sandbox: &Sandbox| {
        let status = parsed(&sandbox.mastery(["status", "--format", "json"]).ok().out);
        let metrics = status["projects"][0]["metrics"].as_array().unwrap().clone();
        metrics.into_iter().find(|m| m["id"] == "load_tested").unwrap()
    };
    sandbox.write("15-api-rate-limiter/golang/limiter.go", "package main\n\nfunc allow() bool { return true }\n");
    sandbox.commit_all("feat: a limiter");
    assert_eq!(metric(&sandbox)["state"], "partial");

    golang(&mut sandbox, ("DOES", ""), &[]).ok();
    sandbox.commit_all("test: load it");
    let fresh = metric(&sandbox);
    assert_eq!((&fresh["state"], &fresh["why"]), (&"met".into(), &"a load test, and what it measured".into()));
    // Another track's sources, and the track's papers, make no figures old.
    sandbox
        .write("15-api-rate-limiter/python/main.py", "print(1)\n")
        .write("15-api-rate-limiter/golang/README.md", "# Go\n");
    sandbox.commit_all("feat: another");
    assert_eq!(metric(&sandbox)["why"], fresh["why"]);

    sandbox.write("15-api-rate-limiter/golang/limiter.go", "package main\n\nfunc allow() bool { return false }\n");
    sandbox.commit_all("fix: refuse");
    let old = metric(&sandbox);
    assert_eq!(old["state"], "met");
    assert_eq!(old["why"], "a load test, and what it measured before the sources changed: run it again");
    let notes: Vec<&str> = old["evidence"].as_array().unwrap().iter().map(|e| e["note"].as_str().unwrap()).collect();
    assert_eq!(notes, ["a load test", "results, older than the sources"]);

    // Measured before it was committed: the commit that brought both is the one that counts.
    sandbox.write("15-api-rate-limiter/golang/limiter.go", "package main\n\nfunc allow() bool { return 1 > 0 }\n");
    golang(&mut sandbox, ("DOES", ""), &[]).ok();
    sandbox.commit_all("fix: allow, and measure");
    assert_eq!(metric(&sandbox)["why"], fresh["why"]);
}
