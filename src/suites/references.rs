//! References out of a track that its manifests hold: `replace => ../shared`, `extends`, `file:../x`, `-e ../x`. Pure.

use bstr::{BStr, BString, ByteSlice};
use regex::Regex;
use std::sync::LazyLock;

/// Whether a file of this path is one that [`references`] reads.
pub fn is_manifest(path: &BStr) -> bool {
    let name = path.rfind_byte(b'/').map_or(path.as_bytes(), |slash| &path[slash + 1..]);
    let in_dependencies = || path.split(|b| *b == b'/').any(|part| part == b"node_modules" || part == b"vendor");
    kind(name).is_some() && !in_dependencies()
}

#[derive(Clone, Copy)]
enum Kind {
    /// Lines with unquoted paths: `go.mod`, `go.work`, `requirements.txt`.
    Words,
    /// Quoted strings: JSON, TOML, JavaScript.
    Strings,
}

fn kind(name: &[u8]) -> Option<Kind> {
    let is = |start: &[u8], end: &[u8]| name.starts_with(start) && name.ends_with(end);
    match name {
        b"go.mod" | b"go.work" => Some(Kind::Words),
        b"package.json" | b"nest-cli.json" | b"pyproject.toml" | b"Cargo.toml" => Some(Kind::Strings),
        _ if is(b"requirements", b".txt") || is(b"constraints", b".txt") => Some(Kind::Words),
        _ if is(b"tsconfig", b".json") || name.starts_with(b"jest.config.") => Some(Kind::Strings),
        _ if name.starts_with(b"vitest.config.") || name.starts_with(b"vite.config.") => Some(Kind::Strings),
        _ => None,
    }
}

static QUOTED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"["'`](?:file:|link:|portal:|<rootDir>/)*(\.{1,2}(?:/[^"'`\n]*)?)["'`]"#).ok());
static WORD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?m)(?:^|[\s=@"'])(?:-[erc]\s*)?(?:file:)?(\.{1,2}(?:/[^\s"';#]*)?)(?:["'\s;\[#]|$)"#).ok()
});
static PLAIN: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?m)^\s*(?:-[rc]|--requirement|--constraint)[\s=]+([^\s#]+)").ok());

/// The paths, from the repository's root, that the manifest at `path` refers to and that lie outside its own directory. They need not
/// exist.
pub fn references(path: &BStr, bytes: &[u8]) -> Vec<BString> {
    let (directory, name) = match path.rfind_byte(b'/') {
        Some(slash) => (path[..slash].as_bstr(), path[slash + 1..].as_bytes()),
        None => (BStr::new(""), path.as_bytes()),
    };
    let Some(kind) = kind(name) else { return Vec::new() };
    let text = String::from_utf8_lossy(bytes);
    // Most manifests refer to nothing, and to compile a pattern takes longer than all else that a hook does.
    let has_paths = text.contains("..") || text.contains("./");
    let has_options = || text.lines().any(|line| line.trim_start().starts_with('-'));
    let patterns: [Option<&LazyLock<Option<Regex>>>; 2] = match kind {
        Kind::Strings => [has_paths.then_some(&QUOTED), None],
        Kind::Words => [has_paths.then_some(&WORD), has_options().then_some(&PLAIN)],
    };
    let mut found: Vec<BString> = Vec::new();
    for regex in patterns.into_iter().flatten().filter_map(|p| p.as_ref()) {
        for captures in regex.captures_iter(&text) {
            let Some(target) = captures.get(1) else { continue };
            let fixed = target.as_str().split(['*', '{', '[']).next().unwrap_or_default();
            let Some(resolved) = resolve(directory, fixed.as_bytes()) else { continue };
            found.push(resolved);
        }
    }
    found.sort();
    found.dedup();
    found
}

/// `target` as seen from `directory`, without `.` and `..`; none where it leaves the repository.
pub fn resolve(directory: &BStr, target: &[u8]) -> Option<BString> {
    if target.starts_with(b"/") {
        return None;
    }
    let mut parts: Vec<&[u8]> = directory.split_str("/").filter(|p| !p.is_empty()).collect();
    for part in target.split_str("/") {
        match part {
            b"" | b"." => {}
            b".." => {
                parts.pop()?;
            }
            _ => parts.push(part),
        }
    }
    Some(BString::from(bstr::join("/", parts)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        references(BStr::new(path), text.as_bytes()).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn each_kind_of_manifest_gives_its_references() {
        let go = "module x\n\nreplace example.com/shared => ../shared\nreplace (\n\ta => ../../lib/a // why\n)\n";
        assert_eq!(found("15-x/golang/go.mod", go), ["15-x/shared", "lib/a"]);
        assert_eq!(
            found("15-x/go.work", "go 1.22\nuse (\n\t./golang\n\t./shared\n)\n"),
            ["15-x/golang", "15-x/shared"]
        );
        let package =
            r#"{"dependencies":{"shared":"file:../shared","x":"^1.0.0"},"jest":{"roots":["<rootDir>/../lib"]}}"#;
        assert_eq!(found("15-x/nestjs/package.json", package), ["15-x/lib", "15-x/shared"]);
        let tsconfig = "{ // comment\n \"extends\": \"../tsconfig.base\", \"include\": [\"../types/**/*.d.ts\"],}";
        assert_eq!(found("15-x/nestjs/tsconfig.json", tsconfig), ["15-x/tsconfig.base", "15-x/types"]);
        let pip = "-e ../shared\n-r ../base.txt\n--requirement=dev.txt\npytest==8\nlib @ file:../lib\n-c../c.txt\n";
        assert_eq!(
            found("15-x/python/requirements.txt", pip),
            ["15-x/base.txt", "15-x/c.txt", "15-x/lib", "15-x/python/dev.txt", "15-x/shared"]
        );
        assert_eq!(found("a/pyproject.toml", "[tool.uv.sources]\ns = { path = \"../s\", editable = true }"), ["s"]);
    }

    #[test]
    fn what_leaves_the_repository_is_no_reference() {
        assert_eq!(found("go.mod", "replace a => ../../elsewhere\n"), [""; 0]);
        assert_eq!(found("a/node_modules/b/index.json", "\"../x\""), [""; 0]);
        assert!(!is_manifest(BStr::new("a/node_modules/b/package.json")));
    }
}
