//! A status after commits that only change what is in sources and tests: it is told from what was found before, and is the one that all
//! of history gives.

use crate::harness::{Numbers, Sandbox};
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

const PROJECT: &str = "15-api-rate-limiter";
const OTHER: &str = "15-api-rate-limiter/golang/other.go";
const MAIN: &str = "package main\n\nimport \"net/http\"\n\nfunc main() {\n\thttp.HandleFunc(\"/take\", take)\n\thttp.ListenAndServe(\":8080\", nil)\n}\n";
const TAKE: &str = "package main\n\nfunc allow(n int) bool {\n\tif n > 3 {\n\t\treturn false\n\t}\n\treturn true\n}\n";
const TEST: &str = "package main\n\nimport \"testing\"\n\nfunc TestAllow(t *testing.T) {}\n";
const APP: &str =
    "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get(\"/take\")\ndef take():\n    return 1\n";
const LIMIT: &str = "import logging\n\nlog = logging.getLogger(\"x\")\n\n\ndef limit(n):\n    return n > 3\n";
const SERVICE: &str = "export class Limit {\n  allow(n: number) {\n    return n < 3;\n  }\n}\n";

fn answer(sandbox: &Sandbox, more: &[&str]) -> String {
    sandbox.mastery(["status", "--format", "json"].iter().chain(more)).ok().out
}

/// A project with three tracks, whose last commit is some commits old.
fn project() -> Sandbox {
    let sandbox = Sandbox::new();
    let path = |inside: &str| format!("{PROJECT}/{inside}");
    sandbox
        .write(path("README.md"), "# Limits\n\nA limiter that counts requests by tenant.\n")
        .write(path("golang/go.mod"), "module limiter\n")
        .write(path("golang/main.go"), MAIN)
        .write(path("golang/take.go"), TAKE)
        .write(path("golang/take_test.go"), TEST)
        .write(OTHER, TAKE.replace("allow", "refuse"))
        .commit_all("feat: in Go");
    sandbox
        .write(path("python/app.py"), APP)
        .write(path("python/limit.py"), LIMIT)
        .write(path("python/tests/test_app.py"), "def test_take():\n    assert take()\n")
        .write(path("nestjs/src/limit.service.ts"), SERVICE)
        .write(path("nestjs/src/limit.spec.ts"), "it('allows', () => {});\n")
        .commit_all("feat: in two more");
    answer(&sandbox, &[]);
    sandbox
}

/// Whether the answer is told without a search: a source that did not change need not be there. It must be the one that a search gives.
#[track_caller]
fn is_told(sandbox: &Sandbox, when: &str) -> bool {
    let blob = sandbox.git(["rev-parse", &format!("HEAD:{OTHER}")]).ok().out;
    let (directory, name) = blob.trim().split_at(2);
    let object = sandbox.work().join(".git/objects").join(directory).join(name);
    let aside = sandbox.root().join("object");
    fs::rename(&object, &aside).unwrap();
    let told = answer(sandbox, &[]);
    fs::rename(&aside, &object).unwrap();
    let searched = answer(sandbox, &["--no-cache"]);
    let is_told = told == searched;
    // What was answered without the source is remembered, where it is.
    if !is_told {
        let _ = fs::remove_dir_all(sandbox.work().join(".git/mastery/cache/answers"));
    }
    assert_eq!(answer(sandbox, &[]), searched, "{when}");
    is_told
}

fn edit(sandbox: &Sandbox, path: &str, change: impl Fn(String) -> String) {
    let path = format!("{PROJECT}/{path}");
    sandbox.write(&path, change(sandbox.read(&path)));
}

#[test]
fn a_change_that_only_adds_lines_is_told_without_a_search() {
    let sandbox = project();
    let line = |comment: &'static str| move |text: String| format!("{text}{comment} one more\n");
    for (path, more) in [
        ("golang/take.go", "\nvar limit = 3 //"),
        ("golang/take.go", "//"),
        ("python/limit.py", "LIMIT = 3 #"),
        ("nestjs/src/limit.service.ts", "export const LIMIT = 3; //"),
        ("golang/take_test.go", "\nfunc TestRefuse(t *testing.T) {} //"),
        ("python/tests/test_app.py", "\ndef test_refuse(): pass #"),
        ("nestjs/src/limit.spec.ts", "it('refuses', () => {}); //"),
        ("golang/take_test.go", "//"),
    ] {
        edit(&sandbox, path, line(more));
        sandbox.commit_all("feat: more");
        assert!(is_told(&sandbox, path), "{path} {more}");
    }
    // Several commits, of several files, and one that changes nothing.
    edit(&sandbox, "golang/take.go", line("//"));
    edit(&sandbox, "python/limit.py", line("#"));
    sandbox.commit_all("feat: two at once");
    sandbox.write("notes.txt", "x").commit_all("docs: a note");
    edit(&sandbox, "golang/take.go", |text| text.replace("//", "// again\n//"));
    sandbox.commit_all("feat: and again");
    assert!(is_told(&sandbox, "three commits"));
    edit(&sandbox, "golang/take.go", |_| TAKE.to_owned());
    sandbox.commit_all("feat: fewer lines");
    assert!(is_told(&sandbox, "fewer lines"));
}

#[test]
fn a_change_that_says_more_is_searched_for() {
    let add = |more: &'static str| move |text: String| format!("{text}{more}\n");
    for (path, more, message) in [
        ("golang/take.go", "func more() { http.HandleFunc(\"/more\", take) }", "feat: a route"),
        ("golang/take.go", "func main() {}", "feat: another start"),
        ("golang/take.go", "import \"log/slog\"", "feat: logs"),
        ("python/limit.py", "app = FastAPI()\n@app.post(\"/more\")\ndef more(): ...", "feat: a route"),
        ("python/limit.py", "from prometheus_client import Counter", "feat: metrics"),
        ("python/limit.py", "from locust import HttpUser", "feat: load"),
        ("nestjs/src/limit.service.ts", "@Controller('x')\nexport class C { @Get() all() {} }", "feat: a route"),
        ("nestjs/src/limit.service.ts", "import pino from 'pino';", "feat: logs"),
        ("golang/take.go", "// more", "feat: more\n\nLearned: channels close exactly once, always"),
        ("golang/take.go", "// more", "feat: squashed (#12)"),
        ("golang/go.mod", "replace x => ../shared", "chore: another module"),
        ("golang/take.go", "// Code generated by x. DO NOT EDIT.", "chore: generated"),
    ] {
        let sandbox = project();
        edit(&sandbox, path, add(more));
        sandbox.commit_all(message);
        let _ = is_told(&sandbox, &format!("{path}: {message}"));
    }
    let sandbox = project();
    edit(&sandbox, "golang/take_test.go", |_| "package main\n".to_owned());
    sandbox.commit_all("test: none");
    assert!(!is_told(&sandbox, "a test without cases"));
    edit(&sandbox, "golang/take_test.go", |text| text + "// none yet\n");
    sandbox.commit_all("test: still none");
    assert!(is_told(&sandbox, "still a test without cases"));
    edit(&sandbox, "golang/main.go", |_| TAKE.to_owned());
    sandbox.commit_all("feat: starts no more");
    assert!(!is_told(&sandbox, "what started it starts it no more"));
    sandbox.write(format!("{PROJECT}/golang/new.go"), TAKE).commit_all("feat: a new file");
    assert!(!is_told(&sandbox, "a new file"));
    sandbox.git(["rm", "-q", &format!("{PROJECT}/golang/new.go")]).ok();
    sandbox.commit_all("feat: gone again");
    assert!(!is_told(&sandbox, "a file less"));
    edit(&sandbox, "golang/take.go", |text| text + "// by nobody\n");
    sandbox.git(["commit", "-qam", "feat: x", "--author", "helper-bot <bot@x>"]).ok();
    assert!(!is_told(&sandbox, "a bot's"));
    edit(&sandbox, "golang/take.go", |text| text + "// earlier\n");
    sandbox.git(["commit", "-qam", "feat: x", "--date", "2001-01-01T10:00:00+0000"]).ok();
    assert!(!is_told(&sandbox, "written before all others"));
    edit(&sandbox, "golang/take.go", |text| text + "// after that\n");
    sandbox.commit_all("feat: after that");
    assert!(is_told(&sandbox, "after a search"));
}

/// The answer after a commit, which must be the one that all of history gives.
#[track_caller]
fn same(sandbox: &Sandbox, when: &str) {
    sandbox.commit_all(when);
    assert_eq!(answer(sandbox, &[]), answer(sandbox, &["--no-cache"]), "{when}");
}

#[test]
fn a_project_that_another_one_depends_on_has_a_say_in_that() {
    let sandbox = Sandbox::new();
    sandbox.write("01-a/golang/a.go", TAKE).write("02-b/golang/b.go", TAKE).write("01-a/golang/go.mod", "module a\n");
    same(&sandbox, "two projects");
    for n in 0..2 {
        sandbox.write(format!("02-b/golang/{n}.go"), TAKE);
        same(&sandbox, "a file more");
    }
    sandbox.write("01-a/golang/go.mod", "module a\nreplace b => ../../02-b\n");
    same(&sandbox, "one depends on the other");
    sandbox.write("02-b/golang/c.go", TAKE);
    same(&sandbox, "a new file in what it depends on");
    sandbox.write("02-b/golang/b.go", format!("{TAKE}// more\n"));
    same(&sandbox, "a change in what it depends on");
    sandbox.write("01-a/golang/a.go", format!("{TAKE}// more\n"));
    same(&sandbox, "a change in what depends on it");
}

#[test]
fn decisions_that_lie_in_a_project_have_a_say_in_all_others() {
    let sandbox = Sandbox::new();
    sandbox.write(".mastery.toml", "[adr]\ndirectory = \"01-a\"\n");
    sandbox.write("01-a/golang/a.go", TAKE).write("02-b/golang/b.go", TAKE);
    let record = |word: &str| {
        format!(
            "# ADR 1: use 02-b\n## Decision\nWe use 02-b because of the many words that stand here, there and everywhere, which are more than fifteen, {word}.\n"
        )
    };
    for word in ["one", "two", "three", "four"] {
        sandbox.write("01-a/0001-x.md", record(word));
        same(&sandbox, word);
    }
}

#[test]
fn a_name_that_looks_like_one_that_is_no_text_is_another() {
    let sandbox = project();
    let name = |bytes: &[u8]| OsStr::from_bytes(bytes).to_owned();
    let at = Path::new(PROJECT).join("golang");
    sandbox.write(at.join(name(b"b\xff_test.go")), TEST).write(at.join(r"b\xff_test.go"), TEST);
    same(&sandbox, "two names");
    for n in 0..2 {
        sandbox.write(at.join(r"b\xff_test.go"), format!("{TEST}func TestMore{n}(t *testing.T) {{}}\n"));
        same(&sandbox, "a change to one of them");
    }
}

#[test]
fn whatever_is_changed_the_answer_is_that_of_all_of_history() {
    let files = [
        "golang/main.go",
        "golang/take.go",
        "golang/take_test.go",
        "python/app.py",
        "python/limit.py",
        "python/tests/test_app.py",
        "nestjs/src/limit.service.ts",
        "nestjs/src/limit.spec.ts",
    ];
    let lines: Vec<&str> = [MAIN, TAKE, TEST, APP, LIMIT, SERVICE].iter().flat_map(|text| text.lines()).collect();
    let sandbox = project();
    let mut numbers = Numbers(7);
    let (mut told, mut log) = (0, String::new());
    for step in 0..60 {
        for _ in 0..=numbers.below(2) {
            let path = files[numbers.below(files.len())];
            let (line, place) = (lines[numbers.below(lines.len())], numbers.below(20));
            let is_more = numbers.below(3) > 0;
            let _ = writeln!(log, "{step}: {path} {place} {is_more} {line}");
            edit(&sandbox, path, |text| {
                let mut all: Vec<&str> = text.lines().collect();
                let place = place.min(all.len());
                if is_more || place == all.len() {
                    all.insert(place, line);
                } else {
                    _ = all.remove(place);
                }
                all.join("\n") + "\n"
            });
        }
        sandbox.git(["commit", "-qa", "--allow-empty", "-m", "feat: x"]).ok();
        if numbers.below(4) > 0 {
            told += usize::from(is_told(&sandbox, &log));
        }
    }
    assert!((5..40).contains(&told), "{told} were told without a search");
}
