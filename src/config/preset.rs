//! The three languages that need no configuration, as data.

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
    /// Words in a directory's name that point to it, when a manifest or sources lie in it.
    pub aliases: &'static [&'static str],
    /// Files that make a directory an implementation in it.
    pub manifests: &'static [&'static str],
    /// Extensions of its sources.
    pub extensions: &'static [&'static str],
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
    aliases: &[
        "nestjs",
        "nest",
        "node",
        "nodejs",
        "typescript",
        "ts",
        "javascript",
        "js",
        "express",
        "fastify",
        "koa",
        "hono",
        "bun",
        "deno",
    ],
    manifests: &["package.json", "nest-cli.json", "deno.json"],
    extensions: &["ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs"],
    test: "npm test",
    report: Report::JestJson,
    dependencies: &["node_modules", ".env"],
};

/// Go.
pub const GOLANG: Preset = Preset {
    name: "golang",
    title: "Golang",
    aliases: &["golang", "go", "gin", "fiber", "chi", "echo"],
    manifests: &["go.mod", "main.go"],
    extensions: &["go"],
    test: "go test ./...",
    report: Report::GoJson,
    dependencies: &[".env"],
};

/// Python.
pub const PYTHON: Preset = Preset {
    name: "python",
    title: "Python",
    aliases: &["python", "py", "fastapi", "django", "flask", "python3"],
    manifests: &["pyproject.toml", "requirements.txt", "setup.py", "Pipfile", "manage.py", "main.py"],
    extensions: &["py"],
    test: "python -m pytest",
    report: Report::Junit,
    dependencies: &[".venv", "venv", ".env"],
};

/// The preset called `name`.
pub fn named(name: &str) -> Option<&'static Preset> {
    [&NESTJS, &GOLANG, &PYTHON].into_iter().find(|p| p.name == name)
}
