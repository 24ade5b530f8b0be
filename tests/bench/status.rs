//! The speed promises of `mastery status`, as paired ratios to git's own commands on the same history.
//!
//! `cargo bench --bench status -- [ROUNDS] [COMMITS,COMMITS… | DIRECTORY | git=DIRECTORY]…` makes histories of 15 projects in three
//! languages with `git fast-import` (10,000 and 100,000 commits unless others are named: `1000000` takes many minutes) or takes the
//! repositories that are named (`git=` is a clone of git's own, of which a copy is taken), runs all commands in turn within each
//! round, and compares medians: a noisy machine hits all of them alike. Exit 1 where a promise is missed. Where valgrind is there,
//! instructions are counted too, which don't depend on the machine.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    reason = "a bench acts on the outside"
)]

mod made;
mod median;

use median::median;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

/// How long something took beside something else, and the promise, if there is one.
struct Row {
    what: String,
    ratio: f64,
    most: Option<f64>,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let rounds = arguments.first().and_then(|a| a.parse().ok()).filter(|n| (1..1000).contains(n));
    let named: Vec<&String> = arguments.iter().skip(usize::from(rounds.is_some())).collect();
    let home = tempfile::tempdir().unwrap();
    let mut histories: Vec<(String, History, PathBuf)> = Vec::new();
    let made = |commits: usize| {
        let directory = home.path().join(commits.to_string());
        println!("making a history of {commits} commits in {}", directory.display());
        made::history(&directory, commits);
        (format!("{commits} made commits"), History::Made(commits), directory)
    };
    for name in &named {
        if let Some(clone) = name.strip_prefix("git=") {
            histories.push(("git's own history".into(), History::Git, of_git(home.path(), Path::new(clone))));
        } else if Path::new(name).is_dir() {
            histories.push(((*name).clone(), History::Other, PathBuf::from(name)));
        } else {
            let counts = name.split(',').map(|n| n.parse().unwrap_or_else(|_| panic!("{n}: no directory, no number")));
            histories.extend(counts.map(made));
        }
    }
    if histories.is_empty() {
        histories.extend([10_000, 100_000].map(made));
    }
    let mut rows = Vec::new();
    let mut cold = Vec::new();
    for (name, history, directory) in &histories {
        let bench = Bench { home: home.path(), directory, rounds: rounds.unwrap_or(7) };
        let (measured, time) = bench.history(name, *history);
        rows.extend(measured);
        cold.push((*history, time));
    }
    let time = |commits| cold.iter().find(|(h, _)| *h == History::Made(commits)).map(|(_, time)| *time);
    if let (Some(large), Some(small)) = (time(1_000_000), time(100_000)) {
        rows.push(Row { what: "1,000,000 commits / 100,000".into(), ratio: large / small, most: Some(13.0) });
    }
    println!();
    for Row { what, ratio, most } in &rows {
        let verdict = if most.is_none_or(|most| *ratio <= most) { "kept  " } else { "MISSED" };
        let verdict = if most.is_some() { verdict } else { "      " };
        let most = most.map_or(String::new(), |most| format!(", at most {most:.2} x"));
        println!("{verdict} {what:<74} {ratio:6.2} x{most}");
    }
    let is_kept = |row: &Row| row.most.is_none_or(|most| row.ratio <= most);
    if rows.iter().all(is_kept) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Where a history comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum History {
    /// Made here, with so many commits.
    Made(usize),
    /// Git's own.
    Git,
    /// Named by whoever asks.
    Other,
}

impl History {
    /// How much of what `git rev-list` and `git log` take it may take without memory.
    fn promised(self) -> [Option<f64>; 2] {
        match self {
            History::Made(commits) => [Some(3.5), (commits >= 100_000).then_some(0.7)],
            History::Git => [Some(3.0), Some(0.45)],
            History::Other => [None, None],
        }
    }
}

/// A copy of a clone of git's own history below `home`, with three of its directories as tracks.
fn of_git(home: &Path, clone: &Path) -> PathBuf {
    let directory = home.join("git");
    let copy = Command::new("git").args(["clone", "-q", "--no-checkout"]).args([clone, &directory]).status();
    assert!(copy.unwrap().success(), "git clone {}", clone.display());
    let track = |(language, directory)| format!("[languages.{language}]\ndirectories = [\"{directory}\"]\n");
    let tracks = [("builtin", "builtin"), ("tests", "t"), ("documentation", "Documentation")].map(track);
    fs::write(directory.join(".mastery.toml"), format!("[project]\nid = \"git\"\n{}", tracks.concat())).unwrap();
    directory
}

struct Bench<'a> {
    home: &'a Path,
    directory: &'a Path,
    rounds: usize,
}

impl Bench<'_> {
    /// Every ratio on one history, and how long a status takes that remembers nothing, in seconds.
    fn history(&self, name: &str, history: History) -> (Vec<Row>, f64) {
        let is_made = matches!(history, History::Made(_));
        let mastery = env!("CARGO_BIN_EXE_mastery");
        let log = ["log", "--format=%H%x00%at", "--name-only"];
        self.time(mastery, &["status"]);
        let mut times: [Vec<f64>; 7] = Default::default();
        let head = self.output("git", &["rev-parse", "HEAD"], &[]);
        let written: i64 = self.output("git", &["log", "-1", "--format=%at"], &[]).parse().unwrap();
        let later_on = format!("{} +0200", written + 3600);
        for _ in 0..self.rounds {
            times[0].push(self.time("git", &["-c", "core.commitGraph=false", "rev-list", "--count", "HEAD"]));
            times[1].push(self.time("git", &log));
            times[2].push(self.time(mastery, &["status", "--no-cache"]));
            times[3].push(self.time("git", &["rev-parse", "HEAD"]));
            times[4].push(self.time(mastery, &["status"]));
            if is_made {
                // One commit after what is remembered, and back: one that changes nothing, and one that changes a source.
                let same = format!("{head}^{{tree}}");
                for (tree, times) in [same, self.changed(&head, times[5].len())].iter().zip(&mut times[5..]) {
                    let dates = [("GIT_AUTHOR_DATE", later_on.as_str()), ("GIT_COMMITTER_DATE", later_on.as_str())];
                    let commit = ["commit-tree", "-p", &head, "-m", "chore: one more", tree];
                    let later = self.output("git", &commit, &dates);
                    self.run("git", &["update-ref", "HEAD", &later]);
                    times.push(self.time(mastery, &["status"]));
                    self.run("git", &["update-ref", "HEAD", &head]);
                }
            }
        }
        let ratio = |a: usize, b: usize| median(times[a].iter().zip(&times[b]).map(|(a, b)| a / b).collect());
        let row = |what: &str, ratio, most| Row { what: format!("{name}: {what}"), ratio, most };
        let mut rows = vec![
            row("status without memory / git rev-list --count", ratio(2, 0), history.promised()[0]),
            row("status without memory / git log --name-only", ratio(2, 1), history.promised()[1]),
            row("status again / git rev-parse HEAD", ratio(4, 3), Some(1.2)),
        ];
        if is_made {
            rows.push(row("status one commit later / git rev-parse HEAD", ratio(5, 3), Some(1.6)));
            rows.push(row("status one changed source later / git rev-parse HEAD", ratio(6, 3), Some(1.6)));
        }
        if let (Some(own), Some(git)) = (self.peak(mastery, &["status", "--no-cache"]), self.peak("git", &log)) {
            rows.push(row("peak memory / git log --name-only", own / git, Some(1.2)));
        } else {
            println!("NOT MEASURED: peak memory needs GNU time in /usr/bin/time");
        }
        // Far too slow for a long history.
        if matches!(history, History::Made(..=10_000)) {
            let all = self.instructions("git", &["-c", "core.commitGraph=false", "rev-list", "--count", "HEAD"]);
            let cold = self.instructions(mastery, &["status", "--no-cache"]);
            let warm = self.instructions(mastery, &["status"]);
            if let (Some(all), Some(cold), Some(warm)) = (all, cold, warm) {
                println!(
                    "{name}: millions of instructions: git rev-list {all:.1}, status without memory {cold:.1}, again {warm:.1}"
                );
            } else {
                println!("NOT MEASURED: instructions need valgrind");
            }
        }
        (rows, median(times[2].clone()))
    }

    /// How many million instructions it takes, on all threads together; none without valgrind.
    fn instructions(&self, program: &str, arguments: &[&str]) -> Option<f64> {
        let mut all = vec!["--tool=callgrind", "--callgrind-out-file=/dev/null", program];
        all.extend(arguments);
        let output = self.command("valgrind", &all).stderr(Stdio::piped()).output().ok()?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let count = said.lines().find_map(|line| line.split_once("Collected : "))?.1;
        Some(count.trim().parse::<f64>().ok()? / 1e6)
    }

    /// The tree of `head` with a change to one source of the last project.
    fn changed(&self, head: &str, round: usize) -> String {
        let index = self.home.join("index");
        let env = [("GIT_INDEX_FILE", index.to_str().unwrap())];
        let all = self.output("git", &["ls-tree", "-r", "--name-only", head], &[]);
        let path = all.lines().rfind(|path| path.contains("/python/src/")).unwrap();
        let source = self.home.join("source");
        let text = self.output("git", &["show", &format!("{head}:{path}")], &[]);
        fs::write(&source, format!("{text}\nround {round}\n")).unwrap();
        let blob = self.output("git", &["hash-object", "-w", source.to_str().unwrap()], &[]);
        self.output("git", &["read-tree", head], &env);
        self.output("git", &["update-index", "--cacheinfo", &format!("100644,{blob},{path}")], &env);
        self.output("git", &["write-tree"], &env)
    }

    /// What a command writes, without the last line's end.
    fn output(&self, program: &str, arguments: &[&str], env: &[(&str, &str)]) -> String {
        let mut command = self.command(program, arguments);
        let ran = command.envs(env.iter().copied()).stdout(Stdio::piped()).stderr(Stdio::inherit()).output().unwrap();
        assert!(ran.status.success(), "{program} {arguments:?}");
        String::from_utf8(ran.stdout).unwrap().trim_end().to_owned()
    }

    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(self.directory).env_clear().stdin(Stdio::null()).stdout(Stdio::null());
        command.env("PATH", std::env::var_os("PATH").unwrap()).env("HOME", self.home).env("GIT_CONFIG_NOSYSTEM", "1");
        for who in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{who}_NAME"), "bench").env(format!("GIT_{who}_EMAIL"), "bench@example.invalid");
        }
        command
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        assert!(self.command(program, arguments).status().unwrap().success(), "{program} {arguments:?}");
    }

    /// Seconds.
    fn time(&self, program: &str, arguments: &[&str]) -> f64 {
        let start = Instant::now();
        self.run(program, arguments);
        start.elapsed().as_secs_f64()
    }

    /// The most memory that it took at once, in kB, pages of mapped files included; none without GNU time.
    fn peak(&self, program: &str, arguments: &[&str]) -> Option<f64> {
        let file = self.home.join("peak");
        let mut all = vec!["-f", "%M", "-o", file.to_str()?, program];
        all.extend(arguments);
        let status = self.command("/usr/bin/time", &all).status().ok()?;
        fs::read_to_string(&file).ok().filter(|_| status.success())?.trim().parse().ok()
    }
}
