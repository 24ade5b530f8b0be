//! How a test command is made to write a report that can be read, without changing what it tests.

use super::toolchain::Bench;
use crate::config::Language;
use crate::config::schema::Report;
use crate::system::env::Env;
use regex::Regex;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// A command that writes a report.
#[derive(Debug, Clone)]
pub struct Wired {
    /// The command, for `sh -c`.
    pub command: String,
    /// Its environment; `MASTERY_REPORT` names the report file.
    pub env: Env,
    /// The report file.
    pub report: PathBuf,
    /// Where standard output goes, where that is the report unless the report file is written.
    pub output: Option<PathBuf>,
}

/// Asks the framework behind `command`, run in `directory`, for a report beside `log`.
pub fn wire(language: &Language, command: &str, directory: &Path, bench: &Bench, log: &Path) -> Wired {
    let report = log.with_extension("report");
    let mut env = bench.env.clone();
    env.set("MASTERY_REPORT", report.clone());
    let output = matches!(language.report, Report::GoJson | Report::Tap).then(|| log.with_extension("output"));
    let command = match language.report {
        Report::GoJson => go(command),
        Report::JestJson => node(command, directory),
        Report::Junit => {
            pytest(&mut env, &report);
            python(command, bench)
        }
        Report::Tap | Report::None => command.to_owned(),
    };
    Wired { command, env, report, output }
}

static GO_TEST: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(^|[;&|(\s])((?:\S*/)?go\s+test)(\s|$)").ok());

/// `go test` becomes `go test -json`. In GOFLAGS, `-json` would reach `go vet` and `go list` too, and change what they say.
fn go(command: &str) -> String {
    match &*GO_TEST {
        Some(regex) if !command.contains("-json") => regex.replace_all(command, "$1$2 -json$3").into_owned(),
        _ => command.to_owned(),
    }
}

/// Arguments for Jest or Vitest, whichever the command or the script behind it runs.
fn node(command: &str, directory: &Path) -> String {
    if command.contains("--outputFile") || command.contains("MASTERY_REPORT") {
        return command.to_owned();
    }
    let words: Vec<&str> = command.split_whitespace().collect();
    let script = match words.as_slice() {
        ["npm" | "pnpm" | "yarn" | "bun", "run", name, ..] => script(directory, name),
        ["npm", "test" | "t", ..] | ["pnpm" | "yarn", "test", ..] => script(directory, "test"),
        _ => None,
    };
    let runs = script.as_deref().unwrap_or(command);
    let flags = if runs.contains("vitest") {
        "--reporter=default --reporter=json --outputFile.json=\"$MASTERY_REPORT\""
    } else if runs.contains("jest") {
        "--json --outputFile=\"$MASTERY_REPORT\""
    } else {
        return command.to_owned();
    };
    let separator = if script.is_some() && words[0] == "npm" && !words.contains(&"--") { " --" } else { "" };
    format!("{command}{separator} {flags}")
}

/// A script of the `package.json` in `directory`.
fn script(directory: &Path, name: &str) -> Option<String> {
    let bytes = std::fs::read(directory.join("package.json")).ok()?;
    let manifest: serde_json::Value = serde_json::from_slice(&bytes).ok()?;
    manifest.get("scripts")?.get(name)?.as_str().map(str::to_owned)
}

/// pytest reads further arguments from the environment, however it is started.
fn pytest(env: &mut Env, report: &Path) {
    let before = env.text("PYTEST_ADDOPTS").map(|v| format!("{v} ")).unwrap_or_default();
    let quoted = shlex::try_quote(&report.to_string_lossy()).map(std::borrow::Cow::into_owned).unwrap_or_default();
    env.set("PYTEST_ADDOPTS", format!("{before}--junitxml={quoted} -o junit_family=xunit1"));
}

/// Where only `python3` exists, `python` means it.
fn python(command: &str, bench: &Bench) -> String {
    match command.strip_prefix("python ") {
        Some(rest) if bench.find("python").is_none() => format!("python3 {rest}"),
        _ => command.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn go_test_is_asked_for_json_wherever_it_stands() {
        assert_eq!(go("go test ./..."), "go test -json ./...");
        assert_eq!(
            go("cd x && go vet ./... && go test -race ./..."),
            "cd x && go vet ./... && go test -json -race ./..."
        );
        assert_eq!(go("go test -json ./..."), "go test -json ./...");
        assert_eq!(go("make gotest"), "make gotest");
    }

    #[test]
    fn the_script_behind_npm_test_decides_which_arguments_it_gets() {
        let home = tempfile::tempdir().unwrap();
        let with = |script: &str| {
            let text = format!(r#"{{"scripts":{{"test":{script:?}}}}}"#);
            crate::system::files::replace(&home.path().join("package.json"), text.as_bytes()).unwrap();
            node("npm test", home.path())
        };
        assert_eq!(with("jest --runInBand"), "npm test -- --json --outputFile=\"$MASTERY_REPORT\"");
        assert!(with("vitest run").starts_with("npm test -- --reporter=default --reporter=json --outputFile.json="));
        assert_eq!(with("mocha"), "npm test");
        assert_eq!(node("npx jest", home.path()), "npx jest --json --outputFile=\"$MASTERY_REPORT\"");
    }
}
