//! What the demonstration is written in: the first of these that works on this machine. None of them downloads anything.

use crate::system::env::Env;
use crate::system::exec::Run;
use crate::system::interrupt::Interrupt;
use std::path::Path;
use std::time::Duration;

/// How long a toolchain may take to show that it works.
const PATIENCE: Duration = Duration::from_secs(20);

/// One language that the story can be told in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Flavour {
    /// How it is introduced.
    pub title: &'static str,
    /// The language's name in the configuration, and the track's directory.
    pub language: &'static str,
    /// The suite, run by `sh -c` in the track's directory.
    pub test: &'static str,
    /// How its outcome is read.
    pub report: &'static str,
    /// A command that succeeds where the suite can run.
    probe: &'static [&'static str],
    /// The manifest, the limiter and its tests.
    pub first: &'static [(&'static str, &'static str)],
    /// Which of `first` gets the mistake: its name, what is right, and what the mistake makes of it.
    pub mistake: (&'static str, &'static str, &'static str),
    /// What the test that the mistake fails is called.
    pub failing: &'static str,
    /// What the second commit adds.
    pub second: &'static [(&'static str, &'static str)],
}

macro_rules! files {
    ($($name:literal from $directory:literal),*) => {
        &[$(($name, include_str!(concat!("../../../templates/demo/", $directory, "/", $name)))),*]
    };
}

const NODE: Flavour = Flavour {
    title: "Node",
    language: "nestjs",
    test: "node --test --test-reporter=tap",
    report: "tap",
    probe: &["node", "-e", "process.exit(Number(process.versions.node.split('.')[0]) >= 20 ? 0 : 1)"],
    first: files!["package.json" from "node", "limiter.js" from "node", "limiter.test.js" from "node"],
    mistake: ("limiter.js", "used < this.limit", "used <= this.limit"),
    failing: "refuses one request more",
    second: files!["headers.js" from "node", "headers.test.js" from "node"],
};

const PYTEST: Flavour = Flavour {
    title: "Python",
    language: "python",
    test: "python3 -m pytest",
    report: "junit",
    probe: &["python3", "-c", "import pytest"],
    first: files!["pyproject.toml" from "pytest", "limiter.py" from "pytest", "test_limiter.py" from "pytest"],
    mistake: ("limiter.py", "used < self.limit", "used <= self.limit"),
    failing: "test_refuses_one_request_more",
    second: files!["headers.py" from "pytest", "test_headers.py" from "pytest"],
};

const UNITTEST: Flavour = Flavour {
    test: "python3 -m unittest",
    report: "none",
    probe: &["python3", "-c", "import unittest"],
    first: files!["pyproject.toml" from "pytest", "limiter.py" from "pytest", "test_limiter.py" from "unittest"],
    second: files!["headers.py" from "pytest", "test_headers.py" from "unittest"],
    ..PYTEST
};

const GO: Flavour = Flavour {
    title: "Go",
    language: "golang",
    test: "go test ./...",
    report: "go-json",
    probe: &["go", "list", "std"],
    first: files!["go.mod" from "go", "limiter.go" from "go", "limiter_test.go" from "go"],
    mistake: ("limiter.go", "used < l.limit", "used <= l.limit"),
    failing: "TestRefusesOneRequestMore",
    second: files!["headers.go" from "go", "headers_test.go" from "go"],
};

const SH: Flavour = Flavour {
    title: "plain sh, as neither Node, Python nor Go was found",
    language: "sh",
    test: "sh test.sh",
    report: "tap",
    probe: &["sh", "-c", "exit 0"],
    first: files!["test.sh" from "sh", "limiter.sh" from "sh", "limiter.test.sh" from "sh"],
    mistake: ("limiter.sh", "-lt \"$limit\"", "-le \"$limit\""),
    failing: "refuses one request more",
    second: files!["headers.sh" from "sh", "headers.test.sh" from "sh"],
};

impl Flavour {
    /// The first that works, the quick ones before Go, whose standard library has to be compiled into a fresh cache.
    pub(super) fn pick(directory: &Path, env: &Env, interrupt: &Interrupt) -> Flavour {
        let works = |flavour: &Flavour| {
            let (program, arguments) = (flavour.probe[0], &flavour.probe[1..]);
            let run = Run::new("look for a toolchain", program, directory, env).args(arguments);
            let ran = run.output_within(PATIENCE, interrupt);
            ran.is_ok_and(|output| output.is_some_and(|o| o.status.success()))
        };
        [NODE, PYTEST, UNITTEST, GO].into_iter().find(works).unwrap_or(SH)
    }

    /// The configuration of the demonstration's repository.
    pub(super) fn configuration(&self) -> String {
        let others = ["nestjs", "golang", "python"].into_iter().filter(|name| *name != self.language);
        let planned: Vec<String> =
            std::iter::once(self.language).chain(others).take(3).map(|name| format!("\"{name}\"")).collect();
        format!(
            "[projects.\"{}\"]\nlanguages = [{}]\n\n[languages.{}]\ntest = \"{}\"\nreport = \"{}\"\ntimeout = \"5m\"\n",
            super::PROJECT,
            planned.join(", "),
            self.language,
            self.test,
            self.report
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flavour_has_its_mistake_and_a_configuration_that_parses() {
        for flavour in [NODE, PYTEST, UNITTEST, GO, SH] {
            let (file, right, wrong) = flavour.mistake;
            let text = flavour.first.iter().find(|(name, _)| *name == file).unwrap().1;
            assert_eq!((text.matches(right).count(), text.matches(wrong).count()), (1, 0), "{file}");
            let config = crate::config::parse(&flavour.configuration(), "x").unwrap();
            assert_eq!(config.planned(super::super::PROJECT)[0], flavour.language);
        }
    }
}
