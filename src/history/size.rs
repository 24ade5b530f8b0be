//! How large a track is: lines of code, tests and comments, and the packages that its manifest asks for.

use super::kind::Kind;
use bstr::{BStr, ByteSlice};
use serde::Serialize;
use tokei::{Config, LanguageType};

/// Lines and packages. Other people's code, generated files and documents do not count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Size {
    /// Files of sources.
    pub source_files: usize,
    /// Lines of code in them, without comments and blank lines.
    pub code: usize,
    /// Lines of code in tests.
    pub tests: usize,
    /// Lines of comments, in sources and tests.
    pub comments: usize,
    /// Packages that the manifests ask for themselves; none where there is no manifest that can be read.
    pub dependencies: Option<usize>,
}

impl Size {
    /// Adds one file of the track.
    pub fn add(&mut self, path: &BStr, kind: Kind, bytes: &[u8]) {
        if let Some(packages) = packages(path, bytes) {
            self.dependencies = Some(self.dependencies.unwrap_or(0) + packages);
        }
        if !matches!(kind, Kind::Source | Kind::Test) {
            return;
        }
        let extension = path.rsplit_once_str(".").map(|(_, e)| e.to_str_lossy().to_lowercase()).unwrap_or_default();
        let Some(language) = LanguageType::from_file_extension(&extension) else { return };
        let stats = language.parse_from_slice(bytes, &Config::default()).summarise();
        self.comments += stats.comments;
        if kind == Kind::Test {
            self.tests += stats.code;
        } else {
            self.source_files += 1;
            self.code += stats.code;
        }
    }
}

/// How many packages a manifest asks for itself; none for other files.
fn packages(path: &BStr, bytes: &[u8]) -> Option<usize> {
    let text = bytes.to_str_lossy();
    match path.rsplit_once_str("/").map_or(path.as_bytes(), |(_, name)| name) {
        b"package.json" => {
            let json: serde_json::Value = serde_json::from_slice(bytes).ok()?;
            let count = |key: &str| json.get(key).and_then(|v| v.as_object()).map_or(0, serde_json::Map::len);
            Some(count("dependencies") + count("devDependencies"))
        }
        b"go.mod" => {
            let mut inside = false;
            let asks = |line: &&str| {
                let line = line.trim();
                let was = inside;
                inside = (inside || line.starts_with("require (")) && line != ")";
                let one = line.starts_with("require ") && !line.ends_with('(');
                (one || (was && inside && !line.is_empty() && !line.starts_with("//"))) && !line.contains("// indirect")
            };
            Some(text.lines().filter(asks).count())
        }
        b"requirements.txt" => {
            let asks = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with(['#', '-']);
            Some(text.lines().filter(asks).count())
        }
        b"pyproject.toml" => {
            let table: toml::Table = text.parse().ok()?;
            let listed = table.get("project").and_then(|p| p.get("dependencies")).and_then(toml::Value::as_array);
            let poetry = table.get("tool").and_then(|t| t.get("poetry")).and_then(|p| p.get("dependencies"));
            let poetry = poetry.and_then(toml::Value::as_table).map(|t| t.keys().filter(|k| *k != "python").count());
            listed.map(Vec::len).or(poetry)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_by_what_they_are_and_packages_by_who_asks() {
        let mut size = Size::default();
        let code = b"package main\n\n// a comment\nfunc main() {\n}\n";
        size.add("main.go".into(), Kind::Source, code);
        size.add("main_test.go".into(), Kind::Test, code);
        size.add("README.md".into(), Kind::Document, b"words\n");
        size.add("vendor/x.go".into(), Kind::Vendored, code);
        let manifest = b"module x\n\ngo 1.22\n\nrequire a v1\n\nrequire (\n\tb v1\n\tc v1 // indirect\n)\n";
        size.add("go.mod".into(), Kind::Manifest, manifest);
        assert_eq!(size, Size { source_files: 1, code: 3, tests: 3, comments: 2, dependencies: Some(2) });
    }

    #[test]
    fn every_kind_of_manifest_is_read() {
        let read = |name: &str, text: &str| packages(name.into(), text.as_bytes());
        assert_eq!(
            read("a/package.json", r#"{"dependencies":{"x":"1"},"devDependencies":{"y":"1","z":"1"}}"#),
            Some(3)
        );
        assert_eq!(read("requirements.txt", "# no\nfastapi==1\n-r other\n\nuvicorn\n"), Some(2));
        assert_eq!(read("pyproject.toml", "[project]\ndependencies = [\"a\", \"b\"]\n"), Some(2));
        assert_eq!(read("package.json", "{"), None);
    }
}
