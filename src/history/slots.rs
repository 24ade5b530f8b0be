//! Finding implementations without configuration, as people really lay them out: by the words in directories' names, then by
//! manifests, then by sources alone. Helpers, frontends, tests and documents are not implementations.

use super::kind::{self, Kind};
use super::layout::{is_below, join};
use crate::config::family::{self, Family};
use crate::git::{Entry, subtree};
use bstr::{BStr, BString, ByteSlice};
use std::collections::{BTreeMap, BTreeSet};

/// Where a family's implementation lies: directories relative to the project, the main one first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// The family.
    pub family: &'static Family,
    /// Its directories from the project's own; empty for the project's own.
    pub directories: Vec<BString>,
}

/// Directories that hold no implementation, whatever lies in them.
const ASIDE: &[&str] = &[
    "apps",
    "web",
    "www",
    "site",
    "ui",
    "docs",
    "doc",
    "infra",
    "infrastructure",
    "deploy",
    "deployment",
    "k8s",
    "helm",
    "terraform",
    "ansible",
    "docker",
    "compose",
    "examples",
    "example",
    "samples",
    "static",
    "public",
    "assets",
    "resources",
    "wwwroot",
    "shared",
    "common",
    "proto",
    "protos",
    "data",
    "db",
    "database",
    "sql",
    "migrations",
    "stat",
    "stats",
    "results",
    "images",
    "notebooks",
    "tests",
    "test",
    "testing",
    "spec",
    "specs",
    "contract",
    "contracts",
    "conformance",
    "presentation",
    "slides",
    "report",
];

/// Words in a directory's name that say the same.
const ASIDE_WORDS: &[&str] = &[
    "frontend",
    "website",
    "webapp",
    "mobile",
    "client",
    "clients",
    "e2e",
    "benchmark",
    "benchmarks",
    "bench",
    "k6",
    "load",
    "loadtest",
    "loadtests",
    "stress",
    "perf",
    "scripts",
    "script",
    "tools",
    "tool",
    "tests",
    "test",
    "fake",
    "mock",
    "mocks",
    "stub",
    "simulator",
    "react",
    "vue",
    "angular",
    "svelte",
    "flutter",
    "android",
    "ios",
    "jmeter",
    "locust",
    "grafana",
    "prometheus",
    "monitoring",
    "observability",
    "docs",
    "templates",
    "template",
    "plots",
    "charts",
    "contract",
    "conformance",
];

/// Words of directories that may well hold a backend although they name no language.
const GENERIC: &[&str] = &[
    "backend", "backends", "server", "servers", "api", "apis", "service", "services", "app", "src", "core", "main",
    "rest",
];

/// Whether a directory of this name holds no implementation.
pub fn is_aside(name: &[u8]) -> bool {
    let lower = name.to_ascii_lowercase();
    let hidden = lower.starts_with(b".") && !family::ALL.iter().any(|f| f.is_meant_by(name));
    hidden
        || ASIDE.iter().any(|n| lower == n.as_bytes())
        || lower.starts_with(b"front-end")
        || lower.split(|b| !b.is_ascii_alphanumeric()).any(|w| ASIDE_WORDS.iter().any(|a| w == a.as_bytes()))
}

/// Whether a directory's name says only that a backend may lie in it.
pub(super) fn is_generic(name: &[u8]) -> bool {
    let lower = name.to_ascii_lowercase();
    lower.split(|b| !b.is_ascii_alphanumeric()).all(|w| GENERIC.iter().any(|g| w == g.as_bytes()))
}

/// The families that a directory's name points to, among those that people build backends in.
pub(super) fn meant_by(name: &[u8]) -> Vec<&'static Family> {
    family::backends().filter(|f| f.is_meant_by(name)).collect()
}

#[derive(Default)]
struct Named {
    exact: bool,
    /// The whole name means the family, not just a word of it.
    whole: bool,
    manifest: bool,
    sources: usize,
    plain: usize,
    other: usize,
}

/// What the name of a directory says of all that lies in it.
enum Says {
    /// Nothing: its files speak for themselves.
    Nothing,
    /// No implementation is in it.
    Aside,
    /// These families are, from the directory whose path is so long.
    Named(Vec<&'static Family>, usize),
}

#[derive(Default)]
struct Found {
    /// Directories whose names point to a family.
    named: BTreeMap<(&'static str, BString), Named>,
    /// Sources in directories whose names point to none.
    loose: Vec<(&'static Family, BString)>,
    /// Directories with a family's manifest, and whether it proves a unit (`go.mod` does, `main.go` does not).
    manifests: BTreeMap<(&'static str, BString), bool>,
}

/// The directory that a file lies in; empty at the top.
fn directory(file: &BStr) -> &[u8] {
    &file[..file.rfind_byte(b'/').unwrap_or(0)]
}

/// What the names of a directory and of those above it say.
fn says(directory: &[u8]) -> Says {
    if directory.is_empty() {
        return Says::Nothing;
    }
    let parts: Vec<&[u8]> = directory.split(|b| *b == b'/').collect();
    if parts.iter().any(|name| kind::holds_no_work(name)) {
        return Says::Aside;
    }
    let mut length = 0;
    for (at, name) in parts.iter().enumerate() {
        length += name.len() + usize::from(at > 0);
        // A name that says both (`go-benchmarks`) is a helper of its language.
        if is_aside(name) {
            return Says::Aside;
        }
        // `src/main/java` says how a build is laid out.
        let jvm = at.checked_sub(1).is_some_and(|i| matches!(parts[i], b"main" | b"test"));
        let families = if jvm { Vec::new() } else { meant_by(name) };
        if !families.is_empty() {
            return Says::Named(families, length);
        }
    }
    Says::Nothing
}

/// Every implementation below `project` that is not in one of `taken`, families with presets first.
pub fn slots(entries: &[Entry], project: &BStr, taken: &[BString]) -> Vec<Slot> {
    let mut found = Found::default();
    let skip = if project.is_empty() { 0 } else { project.len() + 1 };
    let is_taken = |entry: &&Entry| !taken.iter().any(|t| is_below(entry.path.as_bstr(), t.as_bstr()));
    let inside: Vec<&BStr> =
        subtree(entries, project).iter().filter(is_taken).map(|e| e.path[skip..].as_bstr()).collect();
    // Files of one directory mostly stand together: what its name says is asked once.
    for files in inside.chunk_by(|a, b| directory(a) == directory(b)) {
        found.take(files);
    }
    let has_names = |family: &Family| found.named.iter().any(|((name, _), n)| *name == family.name && n.sources > 0);
    let others_named = |family: &Family| family::backends().any(|f| f.name != family.name && has_names(f));
    family::backends()
        .filter_map(|family| {
            let mut directories = found.by_name(family);
            if directories.is_empty() && found.loose.iter().any(|(f, _)| f.name == family.name) {
                directories = found.by_manifest(family, others_named(family));
            }
            if directories.is_empty() {
                directories = found.placeholders(family);
            }
            (!directories.is_empty()).then_some(Slot { family, directories })
        })
        .collect()
}

/// The families of whose implementations any of `files`, from the project's directory, says something.
pub(super) fn families_of(files: &[&BStr]) -> Vec<&'static Family> {
    let mut found = Found::default();
    for file in files {
        found.take(&[file]);
    }
    let named = found.named.keys().map(|(name, _)| *name).chain(found.manifests.keys().map(|(name, _)| *name));
    named.filter_map(family::named).chain(found.loose.iter().map(|(family, _)| *family)).collect()
}

impl Found {
    /// Takes files of one directory.
    fn take(&mut self, files: &[&BStr]) {
        let Some(first) = files.first() else { return };
        match says(directory(first)) {
            Says::Aside => {}
            Says::Named(families, length) => {
                for family in families {
                    self.take_named(family, length, files);
                }
            }
            Says::Nothing => files.iter().for_each(|path| self.take_loose(path)),
        }
    }

    fn take_loose(&mut self, path: &BStr) {
        let file = kind::file_name(path);
        for family in family::backends() {
            let is_source = family::extension(file).is_some_and(|e| family.has_extension(e))
                && kind::of_family(family, path) == Kind::Source;
            if is_source {
                self.loose.push((family, path.to_owned()));
            }
            if family.announces(file) {
                let directory = BString::from(&path[..path.len() - file.len()]);
                let directory = BString::from(directory.trim_end_with(|c| c == '/'));
                *self.manifests.entry((family.name, directory)).or_default() |=
                    !is_source && *file != *b"tsconfig.json";
            }
        }
    }

    /// Takes files below the directory whose path is `length` long and whose name points to the family.
    fn take_named(&mut self, family: &'static Family, length: usize, files: &[&BStr]) {
        let directory = files[0][..length].as_bstr();
        let named = self.named.entry((family.name, directory.to_owned())).or_insert_with(|| {
            let name = kind::file_name(directory);
            Named {
                exact: name.eq_ignore_ascii_case(family.name.as_bytes()),
                whole: family.aliases.iter().any(|a| name.eq_ignore_ascii_case(a.as_bytes())),
                ..Named::default()
            }
        });
        for file in files {
            let inside = file[length + 1..].as_bstr();
            match kind::of_family(family, inside) {
                Kind::Source => named.sources += 1,
                Kind::Manifest => named.manifest = true,
                Kind::Placeholder => named.plain += 1,
                Kind::Document if inside.to_ascii_lowercase().starts_with(b"readme") => named.plain += 1,
                _ => named.other += 1,
            }
            named.manifest |= family.announces(inside) && !inside.contains(&b'/');
        }
    }

    /// Directories that are called after the family and hold its sources or its manifest; the exact name first, then the largest.
    fn by_name(&self, family: &Family) -> Vec<BString> {
        let mut hits: Vec<(&BString, &Named)> = self
            .named
            .iter()
            .filter(|((name, _), n)| *name == family.name && (n.sources > 0 || n.exact && n.manifest))
            .map(|((_, directory), n)| (directory, n))
            .collect();
        if hits.is_empty() {
            hits = self
                .named
                .iter()
                .filter(|((name, _), n)| *name == family.name && (n.manifest || n.exact))
                .map(|((_, directory), n)| (directory, n))
                .collect();
        }
        hits.sort_by_key(|(directory, n)| (!n.exact, std::cmp::Reverse(n.sources), (*directory).clone()));
        hits.into_iter().map(|(directory, _)| directory.clone()).collect()
    }

    /// Directories that are called after the family and hold nothing of it yet.
    fn placeholders(&self, family: &Family) -> Vec<BString> {
        self.named
            .iter()
            .filter(|((name, _), n)| *name == family.name && n.sources == 0 && n.plain > 0 && (n.whole || n.other == 0))
            .map(|((_, directory), _)| directory.clone())
            .collect()
    }

    /// Directories that a manifest or, failing that, sources alone make the family's. Beside directories that are called after
    /// other languages (`others_named`), only those with a backend's name count, so that a helper does not.
    fn by_manifest(&self, family: &Family, others_named: bool) -> Vec<BString> {
        let mut hits: BTreeMap<BString, usize> = BTreeMap::new();
        for (_, path) in self.loose.iter().filter(|(f, _)| f.name == family.name) {
            if let Some(home) = self.home(family, path.as_bstr()) {
                *hits.entry(home).or_default() += 1;
            } else if !others_named {
                *hits.entry(BString::default()).or_default() += 1;
            }
        }
        let claimed: BTreeSet<&BString> =
            self.manifests.iter().filter(|((n, _), _)| *n != family.name).map(|((_, d), _)| d).collect();
        if others_named {
            hits.retain(|home, sources| {
                let name = home.rsplit(|b| *b == b'/').next().unwrap_or_default();
                if home.is_empty() { *sources >= 3 } else { is_generic(name) && !claimed.contains(home) }
            });
        }
        let mut hits: Vec<(BString, usize)> = hits.into_iter().collect();
        hits.sort_by_key(|(directory, sources)| (std::cmp::Reverse(*sources), directory.clone()));
        hits.into_iter().map(|(directory, _)| directory).collect()
    }

    /// The nearest directory above a source with a manifest that proves a unit, else the outermost with one that hints at it.
    fn home(&self, family: &Family, path: &BStr) -> Option<BString> {
        let above = || {
            let mut at = path.len();
            std::iter::from_fn(move || {
                let end = path[..at].rfind_byte(b'/');
                let next = end.map_or((at > 0).then_some(0), Some)?;
                at = next;
                Some(BString::from(&path[..next]))
            })
        };
        let manifest = |directory: &BString| self.manifests.get(&(family.name, directory.clone())).copied();
        above().find(|d| manifest(d) == Some(true)).or_else(|| above().filter(|d| manifest(d) == Some(false)).last())
    }
}

/// `directories` of a slot as paths from the repository's root.
pub(super) fn rooted(project: &BStr, directories: &[BString]) -> Vec<BString> {
    directories.iter().map(|d| join(project, d)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::git::{Mode, ObjectId};

    fn found(paths: &[&str]) -> String {
        let mut entries: Vec<Entry> = paths
            .iter()
            .map(|p| Entry { path: (*p).into(), mode: Mode::File, id: ObjectId::from_bytes([1; 20]) })
            .collect();
        entries.sort();
        let slots = slots(&entries, BStr::new(""), &[]);
        let text: Vec<String> =
            slots.iter().map(|s| format!("{}={}", s.family.name, bstr::join(",", &s.directories).as_bstr())).collect();
        text.join(" ")
    }

    #[test]
    fn directories_are_found_by_the_words_in_their_names() {
        assert_eq!(
            found(&["golang-service/main.go", "python-service/app/x.py", "java-springboot/src/main/java/A.java"]),
            "golang=golang-service python=python-service java=java-springboot"
        );
        assert_eq!(found(&["backends/go/a.go", "backends/fastapi/a.py"]), "golang=backends/go python=backends/fastapi");
    }

    #[test]
    fn a_manifest_speaks_where_the_name_does_not() {
        assert_eq!(found(&["backend/package.json", "backend/src/a.js"]), "nestjs=backend");
        assert_eq!(found(&["go.mod", "cmd/x/main.go", "internal/a.go"]), "golang=");
    }

    #[test]
    fn sources_alone_speak_last_and_a_plot_does_not() {
        assert_eq!(found(&["a.ts", "b.ts", "plot.py"]), "nestjs=");
    }

    #[test]
    fn helpers_in_another_language_are_not_implementations() {
        assert_eq!(
            found(&[
                "backends/go/a.go",
                "contract/tests/test_a.py",
                "services/payment-gateway-fake/main.py",
                "services/payment-gateway-fake/requirements.txt",
                "frontend/package.json",
                "frontend/src/a.ts",
                "apps/kmp/a.kt",
                "sql/embed.py",
                "docker-stats-recorder/package.json",
                "docker-stats-recorder/index.js",
                "go/scripts/gen.py",
            ]),
            "golang=backends/go"
        );
    }

    #[test]
    fn an_empty_directory_with_the_languages_name_is_announced() {
        assert_eq!(
            found(&["go/.gitkeep", "python/README.md", "GOLANG_GUIDE/1.md", "GOLANG_GUIDE/2.md"]),
            "golang=go python=python"
        );
    }
}
