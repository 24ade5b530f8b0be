//! Whatever a learner does, in whatever order: a status that remembers says what one that does not remember says. The steps are drawn
//! with a seed; `MASTERY_SEEDS=N` tries more seeds than are tried by default.

use crate::harness::{Numbers, Sandbox};
use std::fs;
use std::path::PathBuf;

struct Story {
    sandbox: Sandbox,
    numbers: Numbers,
    hours: usize,
    count: usize,
}

/// One thing that a learner may do.
type Step = (&'static str, fn(&mut Story));

const STEPS: [Step; 36] = [
    ("a source", Story::source),
    ("a source again", Story::source),
    ("a source once more", Story::source),
    ("a source thrice", |s| (0..3).for_each(|_| s.write_and_commit("01-a/golang/main.go"))),
    ("results", |s| {
        let head = s.sandbox.git(["rev-parse", "HEAD~1"]).out;
        let text = format!(
            "{{\"tool\": \"k6\", \"commit\": \"{}\", \"http_req_duration\": {{\"p95\": 12.5}}, \"rps\": 900}}\n",
            head.trim()
        );
        s.sandbox.write("01-a/load/results/k6.json", text);
        s.commit("perf: results");
    }),
    ("a test", |s| {
        s.sandbox.write("01-a/golang/main_test.go", "package main\n\nfunc TestTake(t *testing.T) {\n\ttake(t)\n}\n");
        s.file(&["01-a/golang/more_test.go", "02-b/python/tests/test_a.py"]);
    }),
    ("nothing", |s| s.empty("chore: nothing")),
    ("nothing, excused", |s| s.empty("chore: nothing\n\nJournal: none")),
    ("nothing, learned", |s| s.empty("chore: nothing\n\nLearned(golang): channels close once")),
    ("a source, learned", |s| {
        s.write("01-a/golang/more.go");
        s.commit("feat: more\n\nLearned(golang): channels close once");
    }),
    ("a file aside", |s| s.file(&["README.md", "notes/a.md", ".github/workflows/ci.yml", "shared/go/x.go"])),
    ("a file aside again", |s| s.file(&["LICENSE", "notes/a.md", "NOTES.txt"])),
    ("a file for the tools", |s| s.file(&[".gitattributes", "go.work", "package.json", ".gitignore"])),
    ("a journal", |s| s.file(&["LEARNINGS.md", "01-a/LEARNINGS.md", "01-a/golang/LEARNINGS.md"])),
    ("a decision", |s| s.file(&["docs/adr/0001-use-redis.md", "02-b/docs/adr/0001-use-redis.md"])),
    ("a paper", |s| s.file(&["01-a/README.md", "02-b/comparison.md", "02-b/blog/post.md"])),
    ("a manifest that reaches out", |s| {
        let text = "module a\n\ngo 1.22\n\nreplace x => ../../shared/go\n";
        s.sandbox.write("01-a/golang/go.mod", text);
        s.commit("feat: a module");
    }),
    ("amended", |s| {
        s.write("01-a/golang/main.go");
        s.git(&["commit", "-qa", "--amend", "-m", "feat: amended"]);
    }),
    ("reworded", |s| s.git(&["commit", "-q", "--amend", "--allow-empty", "-m", "feat: in other words"])),
    ("set back", |s| {
        let back = format!("HEAD~{}", 1 + s.numbers.below(4));
        s.git(&["reset", "-q", "--hard", &back]);
    }),
    ("merged", |s| s.branch(&["merge", "-q", "--no-ff", "--no-edit", "side"], false)),
    ("merged with a change of its own", |s| s.branch(&["merge", "-q", "--no-ff", "--no-commit", "side"], true)),
    ("rebased", |s| s.branch(&["rebase", "-q", "side"], false)),
    ("cherry-picked", |s| s.branch(&["cherry-pick", "side"], false)),
    ("reverted", |s| s.git(&["revert", "--no-edit", "HEAD"])),
    ("a track taken away", |s| {
        let track = s.numbers.one(&["01-a/golang", "02-b/python", "notes"]);
        s.git(&["rm", "-rq", "--ignore-unmatch", track]);
        s.commit("refactor: without it");
    }),
    ("a track moved", |s| {
        let (from, to) = [("01-a/golang", "01-a/go"), ("01-a/go", "01-a/golang"), ("02-b/python", "01-a/python")]
            [s.numbers.below(3)];
        s.git(&["mv", from, to]);
        s.commit("refactor: elsewhere");
    }),
    ("a project", |s| s.file(&["03-c/golang/main.go", "03-c/README.md", "16-d/nestjs/src/main.ts"])),
    ("names that differ only in case", |s| s.file(&["Notes/a.md", "notes/A/x.md", "notes/a/x.md"])),
    ("people", |s| {
        let text = s.numbers.one(&["Ada <ada@x> <bob@x>\n", "Robert <bob@x>\n"]);
        s.sandbox.write(".mailmap", text);
        s.commit("chore: names");
    }),
    ("a configuration", |s| {
        const SUITE: &str = "[languages.golang]\ntest = \"true\"\nreport = \"none\"\n";
        let text =
            s.numbers.one(&["", SUITE, "[people]\nlearners = [\"bob@x\"]\n", "[projects.01-a]\ndone = [\"1\"]\n"]);
        s.sandbox.write(".mastery.toml", text);
    }),
    ("a run of the suites", |s| {
        s.sandbox.mastery(["test"]);
        measured(&s.sandbox);
    }),
    ("a report", |s| {
        let report = s.sandbox.work().join("01-a/golang/coverage.out");
        if fs::remove_file(report).is_err() && s.sandbox.exists("01-a/golang") {
            s.sandbox.write("01-a/golang/coverage.out", "mode: set\na/main.go:1.1,2.2 1 1\n");
        }
    }),
    ("another time", |s| {
        let date =
            s.numbers.one(&["2026-11-25T10:00:00 +0100", "2027-02-01T10:00:00 +0100", "2020-01-01T10:00:00 +0100"]);
        let who = s.numbers.one(&["Ada <ada@x>", "Bob <bob@x>"]);
        s.write("01-a/golang/main.go");
        s.git(&["add", "-A"]);
        s.git(&["commit", "-q", "--author", who, "--date", date, "-m", "feat: at another time"]);
    }),
    ("time passes", |s| {
        s.hours += [1, 1, 30][s.numbers.below(3)];
        let (days, hours) = (s.hours / 24, s.hours % 24);
        s.sandbox.at(&format!("2026-11-{:02}T{hours:02}:00:00+00:00", 22 + days.min(8)));
    }),
    ("another branch", |s| {
        let name = s.numbers.one(&["main", "other", "--detach"]);
        s.git(&["checkout", "-q", name]);
    }),
];

impl Story {
    fn new(seed: u64) -> Story {
        let mut story = Story { sandbox: Sandbox::new(), numbers: Numbers(seed), hours: 10, count: 0 };
        if seed.is_multiple_of(2) {
            // Where nothing tells git where its settings are, libgit2 is not asked for what is plain to see.
            story.sandbox.env("GIT_CONFIG_GLOBAL", "");
        }
        for path in ["01-a/golang/main.go", "02-b/python/app.py", "README.md"] {
            story.write(path);
            story.commit("feat: begin");
        }
        story.git(&["branch", "other"]);
        story
    }

    fn git(&mut self, arguments: &[&str]) {
        // Whatever git refuses or leaves half done is given up.
        if self.sandbox.git(arguments).code != 0 {
            for doing in ["merge", "rebase", "cherry-pick", "revert"] {
                self.sandbox.git([doing, "--abort"]);
            }
        }
    }

    fn write(&mut self, path: &str) {
        self.count += 1;
        let n = self.count;
        let text = if path.contains("golang/") && !path.contains("LEARN") {
            format!(
                "package main\n\nimport \"net/http\"\n\nfunc main() {{\n\thttp.HandleFunc(\"/take{n}\", take)\n\thttp.ListenAndServe(\":8080\", nil)\n}}\n"
            )
        } else if path.contains("python/") {
            format!(
                "from fastapi import FastAPI\napp = FastAPI()\n\n@app.get('/take{n}')\ndef take():\n    return {n}\n"
            )
        } else if path.contains("adr") {
            format!(
                "# Use Redis\n\n## Status\n\nAccepted\n\n## Decision\n\nUse Redis with a sliding window for 01-a, one clock for all of the servers, number {n}.\n"
            )
        } else {
            format!(
                "# Golang and 01-a, {n}\n\n- Golang: channels close once and only once\n- golang is {n} ms faster than Python\n"
            )
        };
        self.sandbox.write(path, text);
    }

    fn commit(&mut self, message: &str) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", message]);
    }

    fn write_and_commit(&mut self, path: &str) {
        self.write(path);
        self.commit("feat: more of it");
    }

    fn empty(&mut self, message: &str) {
        self.git(&["commit", "-q", "--allow-empty", "-m", message]);
    }

    fn file(&mut self, paths: &[&str]) {
        let path = self.numbers.one(paths);
        self.write(path);
        self.commit("docs: a file");
    }

    fn source(&mut self) {
        self.file(&["01-a/golang/main.go", "01-a/golang/new.go", "02-b/python/app.py", "02-b/golang/main.go"]);
    }

    /// A commit on a side branch, and what becomes of it.
    fn branch(&mut self, then: &[&str], own: bool) {
        self.git(&["branch", "-f", "back"]);
        let from = format!("HEAD~{}", self.numbers.below(2));
        self.git(&["checkout", "-q", "-B", "side", &from]);
        self.file(&["01-a/golang/side.go", "notes/side.md"]);
        self.git(&["checkout", "-q", "-B", "main", "back"]);
        if self.numbers.below(2) == 0 {
            self.file(&["02-b/python/other.py", "notes/other.md"]);
        }
        self.git(then);
        if own {
            self.write("02-b/python/own.py");
            self.commit("Merge with a change of its own");
        }
    }

    /// Damages something that was remembered.
    fn damage(&mut self) {
        let mut files: Vec<PathBuf> = Vec::new();
        let mut pending = vec![self.sandbox.work().join(".git/mastery/cache")];
        while let Some(path) = pending.pop() {
            match fs::read_dir(&path) {
                Ok(below) => pending.extend(below.flatten().map(|item| item.path())),
                Err(_) if path.is_file() => files.push(path),
                Err(_) => {}
            }
        }
        files.sort();
        if files.is_empty() {
            return;
        }
        let file = &files[self.numbers.below(files.len())];
        let mut bytes = fs::read(file).unwrap_or_default();
        let at = self.numbers.below(bytes.len().max(1));
        if self.numbers.below(2) == 0 {
            bytes.truncate(at);
        } else if let Some(byte) = bytes.get_mut(at) {
            *byte ^= 1 << self.numbers.below(8);
        }
        fs::write(file, bytes).unwrap();
    }

    #[track_caller]
    fn same(&self, words: &[&str], after: &[&str]) {
        let said = |more: &[&str]| {
            let ran = self.sandbox.mastery(["status"].iter().chain(words).chain(more));
            (ran.code, ran.out, ran.err)
        };
        assert_eq!(said(&[]), said(&["--no-cache"]), "{words:?} after {after:#?}");
    }
}

/// Makes every receipt say how much is covered.
fn measured(sandbox: &Sandbox) {
    let mut pending = vec![sandbox.work().join(".git/mastery/receipts")];
    while let Some(path) = pending.pop() {
        if let Ok(text) = fs::read_to_string(&path) {
            fs::write(&path, text.replace("\"coverage\": null", "\"coverage\": 75.5")).unwrap();
        }
        pending.extend(fs::read_dir(&path).into_iter().flatten().flatten().map(|item| item.path()));
    }
}

/// Tells one story, and asks after each step.
fn tell(seed: u64, steps: usize) {
    let mut story = Story::new(seed);
    let mut told = Vec::new();
    for _ in 0..steps {
        let (name, step) = STEPS[story.numbers.below(STEPS.len())];
        told.push(name);
        step(&mut story);
        if story.numbers.below(12) == 0 {
            told.push("damage");
            story.damage();
        }
        let forms: [&[&str]; 4] = [&[], &["--explain"], &["01-a"], &["02-b", "--format=json"]];
        story.same(&["--format=json"], &told);
        let form = forms[story.numbers.below(4)];
        story.same(form, &told);
    }
}

#[test]
fn a_status_that_remembers_says_what_one_says_that_does_not() {
    let seeds = std::env::var("MASTERY_SEEDS").ok().and_then(|n| n.parse().ok()).unwrap_or(1);
    for seed in 0..seeds {
        println!("seed {seed}");
        tell(seed, 20);
    }
}

#[test]
fn after_commits_that_have_no_say_nothing_else_is_read() {
    let mut story = Story::new(7);
    let sandbox = &story.sandbox;
    let before = sandbox.status(&[]);
    // A source that is not here any more: whoever judges again must say so.
    let blob = sandbox.git(["rev-parse", "HEAD:01-a/golang/main.go"]).ok().out;
    let (directory, name) = blob.trim().split_at(2);
    let (blob, aside) = (sandbox.work().join(".git/objects").join(directory).join(name), sandbox.root().join("blob"));
    fs::rename(&blob, &aside).unwrap();
    sandbox.git(["commit", "-q", "--allow-empty", "-m", "chore: nothing\n\nJournal: none"]).ok();
    sandbox.write("notes/a/b.md", "# Notes\n");
    sandbox.git(["add", "notes"]).ok();
    sandbox.git(["commit", "-q", "-m", "docs: aside"]).ok();
    let after = sandbox.status(&[]);
    assert_eq!(after["projects"], before["projects"]);
    let (old, new) = (&before["repository"], &after["repository"]);
    assert_eq!((old["commits"].as_u64(), new["commits"].as_u64()), (Some(3), Some(5)));
    assert_ne!(old["head"], new["head"]);
    assert_ne!(sandbox.status(&["--no-cache"])["projects"], before["projects"]);
    // One that has a say.
    fs::rename(&aside, &blob).unwrap();
    story.write("01-a/golang/new.go");
    story.commit("feat: new");
    assert_ne!(story.sandbox.status(&[])["projects"], before["projects"]);
}

#[test]
fn after_a_commit_to_one_project_only_that_one_is_judged_again() {
    let mut story = Story::new(7);
    let before = story.sandbox.status(&[]);
    story.write_and_commit("01-a/golang/main.go");
    story.same(&["--format=json"], &["the first"]);
    // What the other project holds is not here any more: whoever judges it again must say so.
    let blob = story.sandbox.git(["rev-parse", "HEAD:02-b/python/app.py"]).ok().out;
    let (directory, name) = blob.trim().split_at(2);
    let blob = story.sandbox.work().join(".git/objects").join(directory).join(name);
    let (aside, facts) = (story.sandbox.root().join("blob"), story.sandbox.work().join(".git/mastery/cache/facts"));
    for n in 0..20 {
        story.write_and_commit("01-a/golang/main.go");
        let expected = story.sandbox.mastery(["status", "--format=json", "--no-cache"]).ok().out;
        fs::rename(&blob, &aside).unwrap();
        let after = story.sandbox.mastery(["status", "--format=json"]).ok().out;
        fs::rename(&aside, &blob).unwrap();
        assert_eq!(after, expected, "{n}");
        assert!(!facts.exists(), "so short a history is not worth it");
    }
    let after = story.sandbox.status(&[]);
    assert_ne!(after["projects"][0], before["projects"][0]);
    assert_eq!(after["projects"][1], before["projects"][1]);
}

#[test]
fn an_answer_that_says_how_long_ago_a_run_was_grows_old() {
    let mut story = Story::new(7);
    story.sandbox.write("01-a/golang/main_test.go", "package main\n\nfunc TestTake(t *testing.T) {\n\ttake(t)\n}\n");
    story.commit("test: take");
    story.sandbox.write(".mastery.toml", "[languages.golang]\ntest = \"true\"\nreport = \"none\"\n");
    story.sandbox.mastery(["test", "golang"]).ok();
    measured(&story.sandbox);
    let mut said = Vec::new();
    for time in ["10:00:20", "10:00:50", "10:01:10", "10:05:00", "10:04:00", "12:30:00", "12:59:00"] {
        story.sandbox.at(&format!("2026-11-22T{time}+00:00"));
        story.same(&["--explain"], &[time]);
        said.push(story.sandbox.mastery(["status", "--explain"]).ok().out);
    }
    assert!(
        said[1] == said[0] && said[2] != said[1] && said[5] == said[6] && said[2].contains("run 1 min ago"),
        "{}",
        said[2]
    );
}
