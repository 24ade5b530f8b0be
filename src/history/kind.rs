//! What kind of file a path is, in the eyes of one language. By the path alone; what its content says is [`super::scaffold`]'s.

use super::names::Names;
use crate::config::Language;
use crate::config::family::{self, Family};
use bstr::{BStr, ByteSlice};
use std::borrow::Cow;

/// What a file is to a track.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Code of the track itself.
    Source,
    /// A file that the language's framework collects tests from.
    Test,
    /// What tests need beside the tests: fixtures, helpers, `conftest.py`.
    TestSupport,
    /// Code in the track's language that is not part of it: a plot, a load test, a seed.
    Tool,
    /// Text for people.
    Document,
    /// What announces the track and names its dependencies.
    Manifest,
    /// A lock file.
    Dependency,
    /// Other people's code, committed.
    Vendored,
    /// Written by a program.
    Generated,
    /// Only there so that git keeps the directory.
    Placeholder,
    /// Anything else: configuration, data, pictures.
    Other,
}

/// What kind of file `path` is for `language`. `path` counts from the track's directory where it is known, else from the
/// repository's root.
pub fn kind_of(path: &BStr, language: &Language) -> Kind {
    let family = family::named(&language.name);
    match general(path) {
        Kind::Other => {}
        kind => return kind,
    }
    let name = file_name(path);
    if matches_any(&language.tests, path) || family.is_some_and(|f| is_test(f, path, name)) {
        return Kind::Test;
    }
    let Some(family) = family else {
        // A language that nobody knows: what is not ignored is its source.
        return if matches_any(&language.ignore, path) { Kind::Other } else { Kind::Source };
    };
    beside_tests(family, path, name)
}

/// As [`kind_of`] for a family without configuration.
pub fn of_family(family: &Family, path: &BStr) -> Kind {
    match general(path) {
        Kind::Other => {}
        kind => return kind,
    }
    let name = file_name(path);
    if is_test(family, path, name) { Kind::Test } else { beside_tests(family, path, name) }
}

/// What kind of file it is that depends on the language and is no test.
fn beside_tests(family: &Family, path: &BStr, name: &[u8]) -> Kind {
    if !family::extension(name).is_some_and(|e| family.has_extension(e)) {
        return if family.announces(name) { Kind::Manifest } else { Kind::Other };
    }
    if has_part(path, &FOR_TESTS) || name == b"conftest.py" {
        return Kind::TestSupport;
    }
    if is_tool(name) || is_settings(name) || has_part(path, &TOOLS) {
        return Kind::Tool;
    }
    Kind::Source
}

/// What a path is whatever the language: vendored, generated, a document, a lock file, a placeholder. [`Kind::Other`] where
/// that depends on the language.
pub fn general(path: &BStr) -> Kind {
    if is_vendored(path) {
        return Kind::Vendored;
    }
    let name = file_name(path);
    let lower = &*lowered(name);
    let extension = family::extension(lower);
    if is_lock(lower, extension) {
        return Kind::Dependency;
    }
    if lower.starts_with(b".git") && !lower.starts_with(b".github") || lower == b".keep" || lower == b".empty" {
        return if lower == b".gitignore" || lower == b".gitattributes" { Kind::Other } else { Kind::Placeholder };
    }
    if is_generated(lower) {
        return Kind::Generated;
    }
    if lower.starts_with(b"requirements") || lower == b"cmakelists.txt" {
        return Kind::Other;
    }
    let named = || {
        let stem = lower.split(|b| *b == b'.').next().unwrap_or_default();
        [&b"readme"[..], b"license", b"licence", b"changelog", b"contributing", b"notice", b"authors", b"copying"]
            .contains(&stem)
    };
    match extension {
        Some(b"md" | b"markdown" | b"mdx" | b"rst" | b"adoc" | b"org" | b"pdf" | b"txt") => Kind::Document,
        None | Some(b"html") if named() => Kind::Document,
        _ => Kind::Other,
    }
}

/// Whether other people's code, build products or a cache are above a path.
fn is_vendored(path: &BStr) -> bool {
    path.rfind_byte(b'/').is_some_and(|slash| path[..slash].split(|b| *b == b'/').any(holds_no_work))
}

/// Directories of other people's code, build products and caches, in lower case. `cache/` is not among them: people write caches.
static NO_WORK: Names = Names::of(&[
    "node_modules",
    "bower_components",
    "jspm_packages",
    ".venv",
    "venv",
    "virtualenv",
    "site-packages",
    "__pycache__",
    ".tox",
    ".nox",
    ".pytest_cache",
    ".mypy_cache",
    ".ruff_cache",
    ".eggs",
    "dist",
    "build",
    "target",
    ".gradle",
    ".mvn",
    ".next",
    ".nuxt",
    ".turbo",
    ".idea",
    ".vs",
    ".zig-cache",
    "zig-cache",
    "zig-out",
    "_build",
    "deps",
    "obj",
    "coverage",
    ".nyc_output",
    "htmlcov",
    ".git",
    "pods",
    ".dart_tool",
    "vendor",
    "third_party",
    "documentation",
    "env",
    ".cache",
    "storybook-static",
]);

/// Whether a directory holds other people's code, build products or a cache.
pub(super) fn holds_no_work(directory: &[u8]) -> bool {
    NO_WORK.hold(directory) || is_of_packages(directory)
}

fn is_of_packages(directory: &[u8]) -> bool {
    directory.ends_with(b"-info") && (directory.ends_with(b".egg-info") || directory.ends_with(b".dist-info"))
}

fn is_lock(lower: &[u8], extension: Option<&[u8]>) -> bool {
    matches!(
        lower,
        b"package-lock.json"
            | b"npm-shrinkwrap.json"
            | b"pnpm-lock.yaml"
            | b"bun.lockb"
            | b"go.sum"
            | b"go.work.sum"
            | b"deno.lock"
    ) || extension == Some(b"lock")
}

fn is_generated(lower: &[u8]) -> bool {
    let Some(dot) = lower.rfind_byte(b'.') else { return false };
    let (stem, extension) = (&lower[..dot], &lower[dot + 1..]);
    let endings: &[&[u8]] = match extension {
        b"js" | b"css" => &[b".min"],
        b"go" => &[b".pb", b"_gen", b".gen", b"_generated"],
        b"py" => &[b"_pb2", b"_pb2_grpc"],
        b"ts" => &[b".d"],
        b"dart" => &[b".g"],
        b"cs" => &[b".designer"],
        b"map" | b"pyc" | b"class" | b"snap" => &[b""],
        _ => &[],
    };
    endings.iter().any(|ending| stem.ends_with(ending))
}

/// Whether the framework of the family collects tests from a file of this name.
fn is_test(family: &Family, path: &BStr, name: &[u8]) -> bool {
    let lower = &*lowered(name);
    let stem = lower.rsplitn(2, |b| *b == b'.').last().unwrap_or_default();
    if !family::extension(lower).is_some_and(|e| family.has_extension(e)) {
        return false;
    }
    match family.name {
        "nestjs" => {
            [&b".spec"[..], b".test", b".e2e-spec", b"-spec", b".e2e-test"].iter().any(|end| stem.ends_with(end))
                || matches!(stem, b"test" | b"spec")
                || has_part(path, &JEST)
        }
        "golang" => stem.ends_with(b"_test") && !name.starts_with(b"_") && !has_part(path, &DATA),
        "python" => stem.starts_with(b"test_") || stem.ends_with(b"_test") || stem == b"tests",
        "java" | "kotlin" | "scala" | "csharp" | "fsharp" | "php" | "swift" => {
            stem.ends_with(b"test") || stem.ends_with(b"tests") || stem.ends_with(b"spec")
        }
        "ruby" => stem.ends_with(b"_test") || stem.ends_with(b"_spec") || stem.starts_with(b"test_"),
        "elixir" | "dart" | "gleam" => stem.ends_with(b"_test"),
        "rust" => has_part(path, &TESTS),
        _ => stem.starts_with(b"test_") || stem.ends_with(b"_test") || stem.starts_with(b"test-"),
    }
}

/// Where Jest, Go and Cargo look for tests, or for none.
static JEST: Names = Names::of(&["__tests__"]);
static DATA: Names = Names::of(&["testdata"]);
static TESTS: Names = Names::of(&["tests"]);

/// Directories of tests and of what they need.
static FOR_TESTS: Names = Names::of(&[
    "test",
    "tests",
    "__tests__",
    "spec",
    "specs",
    "testdata",
    "testing",
    "fixtures",
    "__mocks__",
    "e2e",
    "mocks",
]);

/// Directories of helpers inside a track.
static TOOLS: Names = Names::of(&[
    "scripts",
    "script",
    "tools",
    "benchmark",
    "benchmarks",
    "bench",
    "k6",
    "load-test",
    "load-tests",
    "loadtest",
    "loadtests",
    "load_test",
    "load_tests",
    "locust",
    "jmeter",
    "public",
    "static",
    "assets",
]);

/// Files that plot, measure, fill or load: in the track's language, but no part of the service.
fn is_tool(name: &[u8]) -> bool {
    static WORDS: Names = Names::of(&[
        "plot",
        "plots",
        "plotting",
        "locustfile",
        "locust",
        "benchmark",
        "benchmarks",
        "bench",
        "loadtest",
        "analyze",
        "analyse",
        "analysis",
        "stats",
        "chart",
        "charts",
        "k6",
        "visualize",
        "graph",
    ]);
    let stem = name.split(|b| *b == b'.').next().unwrap_or_default();
    let mut words = stem.split(|b| !b.is_ascii_alphanumeric()).filter(|w| !w.is_empty());
    let is = |whole: &[u8]| stem.eq_ignore_ascii_case(whole);
    words.next().is_some_and(|first| WORDS.hold(first)) || is(b"load-test") || is(b"load_test")
}

/// Files that only configure a tool, though they are written in the language.
fn is_settings(name: &[u8]) -> bool {
    const NAMES: &[&str] = &["gulpfile.js", "gruntfile.js", "setup.py", "build.rs", "doc.go", "package.swift"];
    const STARTS: &[&str] = &[
        "jest.config.",
        "jest.setup.",
        "vitest.config.",
        "webpack.config.",
        "eslint.config.",
        ".eslintrc",
        "babel.config.",
        "prettier.config.",
        ".prettierrc",
        "tailwind.config.",
        "postcss.config.",
        "next.config.",
        "vite.config.",
        "tsup.config.",
        "commitlint.config.",
        "rollup.config.",
        "ecosystem.config.",
    ];
    let lower = lowered(name);
    NAMES.iter().any(|n| lower == n.as_bytes()) || STARTS.iter().any(|s| lower.starts_with(s.as_bytes()))
}

/// What stands behind the last slash of a path.
pub(super) fn file_name(path: &BStr) -> &[u8] {
    path.rfind_byte(b'/').map_or(path.as_bytes(), |slash| &path[slash + 1..])
}

/// Whether a directory above the file is called so, whatever its case.
fn has_part(path: &BStr, names: &Names) -> bool {
    let Some(end) = path.rfind_byte(b'/') else { return false };
    path[..end].split(|b| *b == b'/').any(|part| names.hold(part))
}

/// A name or a path in small letters, in which most are already.
pub fn lowered(name: &[u8]) -> Cow<'_, [u8]> {
    if name.iter().any(u8::is_ascii_uppercase) { name.to_ascii_lowercase().into() } else { name.into() }
}

fn matches_any(globs: &[String], path: &BStr) -> bool {
    globs.iter().any(|glob| {
        globset::GlobBuilder::new(glob)
            .literal_separator(true)
            .build()
            .is_ok_and(|g| g.compile_matcher().is_match(path.to_path_lossy()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn kind(language: &str, path: &str) -> Kind {
        kind_of(BStr::new(path), &Config::default().languages[language])
    }

    #[test]
    fn files_are_what_their_framework_takes_them_for() {
        for (language, path, expected) in [
            ("nestjs", "src/app.service.ts", Kind::Source),
            ("nestjs", "src/app.service.spec.ts", Kind::Test),
            ("nestjs", "test/app.e2e-spec.ts", Kind::Test),
            ("nestjs", "test/helpers.ts", Kind::TestSupport),
            ("nestjs", "src/types.d.ts", Kind::Generated),
            ("nestjs", "package.json", Kind::Manifest),
            ("nestjs", "package-lock.json", Kind::Dependency),
            ("nestjs", "node_modules/x/index.js", Kind::Vendored),
            ("nestjs", "jest.config.js", Kind::Tool),
            ("golang", "limiter.go", Kind::Source),
            ("golang", "limiter_test.go", Kind::Test),
            ("golang", "internal/handlers/test_response.go", Kind::Source),
            ("golang", "internal/cache/cache.go", Kind::Source),
            ("golang", "go.sum", Kind::Dependency),
            ("golang", "api/limiter.pb.go", Kind::Generated),
            ("python", "tests/test_limiter.py", Kind::Test),
            ("python", "todo/tests.py", Kind::Test),
            ("python", "tests/conftest.py", Kind::TestSupport),
            ("python", "requirements-dev.txt", Kind::Manifest),
            ("python", "plot.py", Kind::Tool),
            ("python", "locustfile.py", Kind::Tool),
            ("python", ".venv/lib/x.py", Kind::Vendored),
            ("python", "README.md", Kind::Document),
            ("python", ".gitkeep", Kind::Placeholder),
            ("python", "Dockerfile", Kind::Other),
        ] {
            assert_eq!(kind(language, path), expected, "{language} {path}");
        }
    }

    #[test]
    fn in_a_language_nobody_knows_everything_not_ignored_is_source_and_its_globs_name_the_tests() {
        let config = crate::config::parse(
            "[languages.brainfog]\ndirectories = [\"bf\"]\nignore = [\"**/*.toml\"]\ntests = [\"check/*.bf\"]",
            ".mastery.toml",
        )
        .unwrap();
        let language = &config.languages["brainfog"];
        let kinds = ["main.bf", "check/a.bf", "x/build.toml", "README.md"].map(|p| kind_of(BStr::new(p), language));
        assert_eq!(kinds, [Kind::Source, Kind::Test, Kind::Other, Kind::Document]);
    }
}
