//! The three languages that need no configuration, as data: what is run and read. How they look in a repository is
//! [`super::family`]'s.

use super::schema::Report;

/// Their names, in the guide's order.
pub const NAMES: [&str; 3] = ["nestjs", "golang", "python"];

/// What is known of a language before anything is configured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preset {
    /// Its name here.
    pub name: &'static str,
    /// How people write it.
    pub title: &'static str,
    /// The test command.
    pub test: &'static str,
    /// How its outcome is read.
    pub report: Report,
    /// Ignored files and directories that a snapshot borrows.
    pub dependencies: &'static [&'static str],
}

/// `NestJS`, and whatever else runs on Node.
pub const NESTJS: Preset = Preset {
    name: "nestjs",
    title: "NestJS",
    test: "npm test",
    report: Report::JestJson,
    dependencies: &["node_modules", ".env"],
};

/// Go.
pub const GOLANG: Preset =
    Preset { name: "golang", title: "Golang", test: "go test ./...", report: Report::GoJson, dependencies: &[".env"] };

/// Python.
pub const PYTHON: Preset = Preset {
    name: "python",
    title: "Python",
    test: "python -m pytest",
    report: Report::Junit,
    dependencies: &[".venv", "venv", ".env"],
};

/// The preset called `name`.
pub fn named(name: &str) -> Option<&'static Preset> {
    [&NESTJS, &GOLANG, &PYTHON].into_iter().find(|p| p.name == name)
}
