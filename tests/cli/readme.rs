//! The README: what its console blocks show is what happens, every command line in it is understood, every command is named, and
//! says itself what it is.

use crate::harness::Sandbox;
use clap::Parser;
use mastery::cli::{self, Cli};
use std::os::unix::fs::PermissionsExt;

const README: &str = include_str!("../../README.md");

/// Stands in for Go, so that the page can be checked where there is none: the suite fails where the limiter is mistaken.
const GO: &str = r#"#!/bin/sh
if [ "$1" = version ]; then
    echo "go version go1.24.1 linux/amd64"
    exit
fi
event() { printf '{"Action":"%s","Package":"example.com/api-rate-limiter"%s}\n' "$1" "$2"; }
result=pass
event run ',"Test":"TestAllowsAsManyRequestsAsTheLimit"'
event pass ',"Test":"TestAllowsAsManyRequestsAsTheLimit","Elapsed":0'
event run ',"Test":"TestRefusesOneRequestMore"'
if grep -q '<= l.limit' limiter.go; then
    result=fail
    event output ',"Test":"TestRefusesOneRequestMore","Output":"    limiter_test.go:17: allowed past the limit\n"'
fi
event $result ',"Test":"TestRefusesOneRequestMore","Elapsed":0'
event $result ',"Elapsed":0.01'
[ $result = pass ]
"#;

/// What the reader does in an editor: first a feature with a mistake in it, then the mending.
const EDITOR: &str = r#"#!/bin/sh
if grep -q '<= l.limit' "$1"; then
    sed 's/<= l.limit/< l.limit/' "$1" >"$1.new"
else
    sed 's/used < l.limit/used <= l.limit/' "$1" >"$1.new"
    printf '\n// Left says how many requests client has left.\nfunc (l *Limiter) Left(client string) int {\n' >>"$1.new"
    printf '\ts := l.clients[client]\n\tif s == nil {\n\t\treturn l.limit\n\t}\n' >>"$1.new"
    printf '\tif s.used > l.limit {\n\t\treturn 0\n\t}\n\treturn l.limit - s.used\n}\n' >>"$1.new"
fi
mv "$1.new" "$1"
"#;

/// A command of a console block and the lines that the page shows after it.
struct Shown {
    command: String,
    lines: Vec<String>,
}

fn shown() -> Vec<Shown> {
    let mut found: Vec<Shown> = Vec::new();
    for block in README.split("```console\n").skip(1) {
        for line in block.split("```").next().unwrap().lines() {
            match line.strip_prefix("$ ") {
                Some(command) => found.push(Shown { command: command.to_owned(), lines: Vec::new() }),
                None => found.last_mut().unwrap().lines.push(line.to_owned()),
            }
        }
    }
    found
}

/// The reader's repository before the first command: a limiter in Go, and nothing of mastery.
fn reader() -> Sandbox {
    let mut sandbox = Sandbox::new();
    sandbox.write(
        "15-api-rate-limiter/README.md",
        "# API Rate Limiter\n\nSo many requests for each client in a window of time; one more is answered by 429.\n",
    );
    for (name, text) in [
        ("go.mod", include_str!("../../templates/demo/go/go.mod")),
        ("limiter.go", include_str!("../../templates/demo/go/limiter.go")),
        ("limiter_test.go", include_str!("../../templates/demo/go/limiter_test.go")),
    ] {
        sandbox.write(format!("15-api-rate-limiter/golang/{name}"), text);
    }
    for (name, text) in [("go", GO), ("editor", EDITOR)] {
        sandbox.write(format!("../bin/{name}"), text);
        let path = sandbox.root().join("bin").join(name);
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_mastery"), sandbox.root().join("bin/mastery")).unwrap();
    let path = format!("{}:{}", sandbox.root().join("bin").display(), std::env::var("PATH").unwrap());
    sandbox.env("PATH", &path).env("EDITOR", "editor").env("GIT_EDITOR", "true");
    sandbox
}

/// Times, commits and log names differ from run to run.
fn steady(line: &str) -> String {
    let line = regex::Regex::new(r"\d+(\.\d+)? m?s\b").unwrap().replace_all(line, "TIME");
    let line = regex::Regex::new(r"\b[0-9a-f]{7}\b").unwrap().replace_all(&line, "COMMIT");
    regex::Regex::new(r"\.\d+\.log").unwrap().replace_all(&line, ".N.log").trim_end().to_owned()
}

/// Whether `lines` are what the page shows; `…` stands for any number of lines.
fn matches(page: &[String], lines: &[String]) -> bool {
    match page.split_first() {
        None => lines.is_empty(),
        Some((first, rest)) if first == "…" => (0..=lines.len()).any(|n| matches(rest, &lines[n..])),
        Some((first, rest)) => lines.first().is_some_and(|l| steady(l) == steady(first)) && matches(rest, &lines[1..]),
    }
}

#[test]
fn the_console_blocks_show_what_really_happens() {
    let sandbox = reader();
    let mut wrong = String::new();
    for Shown { command, lines } in shown() {
        let script = format!("exec 2>&1\n{command}");
        let ran = sandbox.run(sandbox.command("sh", "").args(["-c", &script]));
        let out: Vec<String> = ran.out.lines().map(|line| line.replace("$ROOT/work", "~/backend-mastery")).collect();
        if !matches(&lines, &out) {
            wrong.push_str(&format!("$ {command}\n{}\n", out.join("\n")));
        }
    }
    assert!(wrong.is_empty(), "the README shows something else than:\n{wrong}");
}

/// Every command of the tree with its full name, `mastery` first.
fn commands() -> Vec<(String, clap::Command)> {
    let mut pending = vec![(String::new(), cli::tree().disable_help_subcommand(true))];
    let mut found = Vec::new();
    while let Some((above, mut command)) = pending.pop() {
        command.build();
        let name = format!("{above} {}", command.get_name()).trim().to_owned();
        pending.extend(command.get_subcommands().filter(|c| !c.is_hide_set()).map(|c| (name.clone(), c.clone())));
        found.push((name, command));
    }
    found
}

/// The command lines of `mastery` in the README's blocks, and in its text where they are no mere pattern.
fn command_lines() -> Vec<String> {
    let inline = README.split('`').skip(1).step_by(2).filter(|text| !text.contains(['[', '\n', '|']));
    let blocks = README.lines().map(|line| line.strip_prefix("$ ").unwrap_or(line));
    let lines = inline.chain(blocks).flat_map(|line| line.split(" && "));
    lines.filter(|line| line.starts_with("mastery ")).map(str::to_owned).collect()
}

#[test]
fn every_command_line_of_the_readme_is_understood() {
    let lines = command_lines();
    assert!(lines.len() > 10);
    for line in lines {
        let words: Vec<&str> = line.split(' ').take_while(|word| !["#", ">"].contains(word)).collect();
        let words = shlex::split(&words.join(" ")).unwrap_or_else(|| panic!("{line}"));
        if let Err(error) = Cli::try_parse_from(words) {
            // The text may name a command without what it needs.
            let named = error.kind() == clap::error::ErrorKind::MissingRequiredArgument;
            assert!(named || !error.use_stderr(), "README: {line}\n{error}");
        }
    }
}

#[test]
fn every_command_is_named_in_the_readme() {
    let missing: Vec<String> = commands()
        .into_iter()
        .filter(|(name, command)| !command.has_subcommands() && !README.contains(name))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(missing, [""; 0]);
}

#[test]
fn every_command_and_argument_says_what_it_is() {
    for (name, command) in commands() {
        assert!(command.get_about().is_some(), "{name} has no help");
        for argument in command.get_arguments() {
            assert!(argument.get_help().is_some(), "{name}: {} has no help", argument.get_id());
        }
    }
}
