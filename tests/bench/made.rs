//! A learner's history, made: 15 projects one after the other, each in three languages, one to four files a commit, now and then
//! a side branch and its merge. The same every time.

use std::fmt::Write as _;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

const PROJECTS: [&str; 15] = [
    "01-url-shortener",
    "02-kv-store",
    "03-chat",
    "04-rate-limiter",
    "05-job-queue",
    "06-search",
    "07-file-sync",
    "08-metrics",
    "09-auth-server",
    "10-payments",
    "11-feed",
    "12-scheduler",
    "13-cdn-cache",
    "14-geo-index",
    "15-event-store",
];
const LANGUAGES: [&str; 3] = ["nestjs", "golang", "python"];
const MODULES: [&str; 10] = ["users", "orders", "links", "store", "http", "jobs", "index", "cache", "events", "auth"];
const NAMES: [&str; 12] = [
    "service",
    "controller",
    "repo",
    "model",
    "handler",
    "client",
    "codec",
    "errors",
    "config",
    "util",
    "queue",
    "worker",
];
/// Contents that files take turns to have.
const BLOBS: usize = 4000;

/// Numbers that are the same every time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

/// Makes a repository of `commits` commits at `directory`, packed as `git gc` would.
pub fn history(directory: &Path, commits: usize) {
    let run = |arguments: &[&str]| {
        let status = Command::new("git").arg("-C").arg(directory).args(arguments).status();
        assert!(status.unwrap().success(), "git {arguments:?}");
    };
    std::fs::create_dir_all(directory).unwrap();
    run(&["init", "-q", "-b", "main"]);
    let mut import = Command::new("git")
        .arg("-C")
        .arg(directory)
        .args(["fast-import", "--quiet"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut out = BufWriter::new(import.stdin.take().unwrap());
    let mut numbers = Numbers(7);
    for mark in 1..=BLOBS {
        let lines = 4 + numbers.below(11);
        let mut text = String::new();
        for n in 0..lines {
            let _ = writeln!(text, "line {n} of {mark} {:x}", numbers.below(1 << 30));
        }
        write!(out, "blob\nmark :{mark}\ndata {}\n{text}\n", text.len()).unwrap();
    }
    let mut side = None;
    for n in 0..commits {
        let mark = BLOBS + n + 1;
        let branch = if side.is_some() { "side" } else { "main" };
        let when = 1_500_000_000 + n * 3600;
        let mut text = format!("commit refs/heads/{branch}\nmark :{mark}\n");
        let _ = write!(text, "committer Ada Learner <ada@example.org> {when} +0200\ndata 7\nfeat: x\n");
        match side {
            // A side branch has two commits; the third merges it.
            Some((began, 2)) => {
                text = text.replacen("refs/heads/side", "refs/heads/main", 1);
                let _ = writeln!(text, "from :{began}\nmerge :{}", mark - 1);
                side = None;
            }
            Some((began, grown)) => {
                let _ = writeln!(text, "from :{}", if grown == 0 { began } else { mark - 1 });
                side = Some((began, grown + 1));
            }
            None if n > 0 => {
                let _ = writeln!(text, "from :{}", mark - 1);
                side = (numbers.below(50) == 0).then_some((mark, 0));
            }
            None => {}
        }
        text.push_str(&files(&mut numbers, n * PROJECTS.len() * 3 / commits));
        writeln!(out, "{text}").unwrap();
    }
    drop(out);
    assert!(import.wait().unwrap().success());
    run(&["repack", "-adq", "--window=10", "--depth=50"]);
}

/// One to four changed files, mostly in the track that is being built.
fn files(numbers: &mut Numbers, track: usize) -> String {
    let track = if numbers.below(7) == 0 { numbers.below(track + 1) } else { track };
    let (project, language) = (PROJECTS[track / 3], LANGUAGES[track % 3]);
    let mut text = String::new();
    for _ in 0..=numbers.below(4) {
        let (module, name) = (MODULES[numbers.below(MODULES.len())], NAMES[numbers.below(NAMES.len())]);
        let path = match (numbers.below(20), language) {
            (0, _) => "LEARNINGS.md".to_owned(),
            (1, "nestjs") => "package.json".to_owned(),
            (1, "golang") => "go.mod".to_owned(),
            (1, _) => "pyproject.toml".to_owned(),
            (2, _) => format!("docs/adr/{:04}-a-decision.md", numbers.below(12)),
            (3..9, "nestjs") => format!("src/{module}/{name}.spec.ts"),
            (3..9, "golang") => format!("internal/{module}/{name}_test.go"),
            (3..9, _) => format!("tests/{module}/test_{name}.py"),
            (_, "nestjs") => format!("src/{module}/{name}.ts"),
            (_, "golang") => format!("internal/{module}/{name}.go"),
            _ => format!("src/app/{module}/{name}.py"),
        };
        let _ = writeln!(text, "M 100644 :{} {project}/{language}/{path}", 1 + numbers.below(BLOBS));
    }
    text
}
