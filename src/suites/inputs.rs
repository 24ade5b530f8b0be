//! What a suite depends on: its track's directory, the `inputs` of the configuration, and what manifests refer to.

use super::references::{is_manifest, references, resolve};
use crate::config::Language;
use crate::git::{Entry, ObjectId, subtree, subtree_id};
use crate::history::layout::{Place, Track, is_below};
use bstr::{BStr, BString, ByteSlice};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// How the bytes of an entry are had; none where they are not here.
pub type Read<'a> = &'a dyn Fn(&Entry) -> Option<Vec<u8>>;

/// The directories and files that a suite depends on, from the repository's root, sorted, none below another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inputs {
    /// The track's directory.
    pub track: BString,
    /// All of them, the track's directory among them; `""` is the root.
    pub places: Vec<BString>,
    /// What is referred to and not there: it would be one of them.
    pub absent: Vec<BString>,
    /// Files that were looked at and have no say as they are, be it that they are not there: otherwise they could be among the places.
    pub watched: Vec<BString>,
    /// Directories in which more may come to be that is one of the places, be they not there; `""` is the root.
    pub open: Vec<BString>,
}

/// Files in directories above a track that a tool reads all the same.
const ABOVE: [(&str, &[&str]); 2] = [
    ("golang", &["go.work", "go.work.sum"]),
    ("python", &["pytest.ini", ".pytest.ini", "pyproject.toml", "tox.ini", "setup.cfg", "conftest.py"]),
];

impl Inputs {
    /// The inputs of a track among `entries` (sorted by path).
    pub fn of(track: &Track, language: &Language, entries: &[Entry], read: Read<'_>) -> Inputs {
        let mut inputs = Inputs { track: track.path.clone(), ..Inputs::default() };
        let mut pending = vec![track.path.clone()];
        pending.extend(track.places.iter().filter_map(|place| match place {
            Place::Directory(directory) => Some(directory.clone()),
            Place::Glob(_) => None,
        }));
        for input in &language.inputs {
            pending.extend(inputs.configured(input, entries));
        }
        for (name, files) in ABOVE {
            if language.name == name {
                pending.extend(inputs.above(files, entries));
            }
        }
        if language.name == "nestjs" {
            pending.extend(inputs.workspace(entries, read));
        }
        pending.extend(inputs.converting(entries, read));
        while let Some(place) = pending.pop() {
            if inputs.holds(place.as_bstr()) {
                continue;
            }
            let found = existing(&place, entries);
            if found.as_ref() != Some(&place) {
                inputs.absent.push(place);
            }
            let Some(place) = found else { continue };
            if inputs.holds(place.as_bstr()) {
                continue;
            }
            for entry in at(entries, place.as_bstr()).iter().filter(|e| is_manifest(e.path.as_bstr())) {
                if let Some(bytes) = read(entry) {
                    pending.extend(references(entry.path.as_bstr(), &bytes));
                }
            }
            inputs.places.retain(|p| !is_below(p.as_bstr(), place.as_bstr()));
            inputs.places.push(place);
        }
        if inputs.places.is_empty() {
            inputs.places.push(track.path.clone());
        }
        inputs.places.sort();
        inputs
    }

    /// What an entry of `inputs` stands for: a path as seen from the track, or all that a glob matches.
    fn configured(&mut self, input: &str, entries: &[Entry]) -> Vec<BString> {
        let track = self.track.as_bstr();
        let fixed = input.split(['*', '?', '[', '{']).next().unwrap_or_default();
        if fixed.len() == input.len() {
            return resolve(track, input.as_bytes()).into_iter().collect();
        }
        let directory = fixed.rfind('/').map_or("", |slash| &fixed[..slash]);
        let Some(base) = resolve(track, directory.as_bytes()) else { return Vec::new() };
        let pattern = input[directory.len()..].trim_start_matches('/').to_owned();
        let glob = globs(&[pattern]);
        let skip = if base.is_empty() { 0 } else { base.len() + 1 };
        let matching =
            subtree(entries, base.as_bstr()).iter().filter(|e| glob.is_match(e.path[skip..].to_path_lossy()));
        let matching = matching.map(|e| e.path.clone()).collect();
        self.open.push(base);
        matching
    }

    /// Those of `files` that lie in a directory above the track.
    fn above(&mut self, files: &[&str], entries: &[Entry]) -> Vec<BString> {
        let paths = ancestors(self.track.as_bstr()).into_iter().flat_map(|directory| {
            files.iter().map(move |file| crate::history::layout::join(directory.as_bstr(), file.as_bytes()))
        });
        let (there, absent) = paths.partition(|p| !at(entries, p.as_bstr()).is_empty());
        self.watched.extend::<Vec<BString>>(absent);
        there
    }

    /// The `.gitattributes` above the track that may change what bytes its files have.
    fn converting(&mut self, entries: &[Entry], read: Read<'_>) -> Vec<BString> {
        let converts = |path: &BString| {
            let bytes = at(entries, path.as_bstr()).first().and_then(read).unwrap_or_default();
            CONVERTING.iter().any(|word| bytes.find(word).is_some())
        };
        let (converting, others) = self.above(&[".gitattributes"], entries).into_iter().partition(converts);
        self.watched.extend::<Vec<BString>>(others);
        converting
    }

    /// The npm workspace that the track is part of: its manifest, lock files and packages.
    fn workspace(&mut self, entries: &[Entry], read: Read<'_>) -> Vec<BString> {
        for root in ancestors(self.track.as_bstr()) {
            let path = |name: &str| crate::history::layout::join(root.as_bstr(), name.as_bytes());
            let inside = |p: &BStr| if root.is_empty() { p.to_owned() } else { p[root.len() + 1..].into() };
            let manifest = at(entries, path("package.json").as_bstr()).first().and_then(read);
            let globs_of = manifest.and_then(|bytes| workspaces(&bytes)).unwrap_or_default();
            let packages = globs(&globs_of);
            if !packages.is_match(inside(self.track.as_bstr()).to_path_lossy()) {
                self.watched.push(path("package.json"));
                continue;
            }
            let files = ["package.json", "package-lock.json", "yarn.lock", "pnpm-lock.yaml", "pnpm-workspace.yaml"];
            let mut found: Vec<BString> = files.iter().map(|f| path(f)).collect();
            found.extend(subtree(entries, root.as_bstr()).iter().filter_map(|e| {
                let directory = e.path.strip_suffix(b"/package.json")?;
                packages.is_match(inside(directory.as_bstr()).to_path_lossy()).then(|| directory.into())
            }));
            // A package may come wherever a pattern leaves its directory open.
            let fixed = |glob: &String| {
                let fixed = glob.split(['*', '?', '[', '{']).next().unwrap_or_default();
                (fixed.len() < glob.len()).then(|| fixed.rfind('/').map_or("", |slash| &fixed[..slash]).to_owned())
            };
            let open = globs_of.iter().filter_map(fixed);
            self.open.extend(open.map(|d| if d.is_empty() { root.clone() } else { path(&d) }));
            return found;
        }
        Vec::new()
    }

    /// Whether a path is, or lies below, one of the inputs.
    pub fn holds(&self, path: &BStr) -> bool {
        self.places.iter().any(|p| p == path || is_below(path, p.as_bstr()))
    }

    /// All that was looked at: where any of it changes, other files may be the inputs.
    pub fn considered(&self) -> impl Iterator<Item = &BString> {
        [&self.places, &self.absent, &self.watched, &self.open].into_iter().flatten()
    }

    /// Whether the track's directory is all.
    pub fn is_the_track_alone(&self) -> bool {
        self.places == [self.track.clone()]
    }

    /// The entries that belong to the inputs, sorted by path.
    pub fn select(&self, entries: &[Entry]) -> Vec<Entry> {
        let mut selected: Vec<Entry> = self.places.iter().flat_map(|p| at(entries, p.as_bstr()).to_vec()).collect();
        selected.sort();
        selected
    }

    /// The input tree: the git tree of the track's directory where that is all, else the tree that would hold just the inputs.
    pub fn tree(&self, entries: &[Entry]) -> ObjectId {
        let id = if self.is_the_track_alone() {
            subtree_id(entries, self.track.as_bstr())
        } else {
            subtree_id(&self.select(entries), BStr::new(""))
        };
        id.unwrap_or_else(|| ObjectId::from_bytes([0; 20]))
    }

    /// As [`Inputs::tree`], without the files that `ignore` matches: their change alone needs no new run. A file that Go embeds always
    /// counts.
    pub fn key(&self, entries: &[Entry], language: &Language, read: Read<'_>) -> ObjectId {
        self.tree(self.counted(entries, language, read).as_deref().unwrap_or(entries))
    }

    /// The files that count for [`Inputs::key`]; none where all do.
    pub fn counted(&self, entries: &[Entry], language: &Language, read: Read<'_>) -> Option<Vec<Entry>> {
        let selected = self.select(entries);
        let ignore = globs(&language.ignore);
        let ignored = |e: &Entry| ignore.is_match(self.inside(e.path.as_bstr()).to_path_lossy());
        if !selected.iter().any(ignored) {
            return None;
        }
        let embedded = embeds(&selected, read);
        let counts = |e: &Entry| !ignored(e) || embedded.iter().any(|(d, g)| embedded_by(e, d, g));
        Some(selected.into_iter().filter(counts).collect())
    }

    /// A path as seen from the track, where it lies in it.
    fn inside<'a>(&self, path: &'a BStr) -> &'a BStr {
        if !self.track.is_empty() && is_below(path, self.track.as_bstr()) {
            path[self.track.len() + 1..].as_bstr()
        } else {
            path
        }
    }
}

/// The entry at `place`, or those below it.
pub fn at<'a>(entries: &'a [Entry], place: &BStr) -> &'a [Entry] {
    if let Ok(found) = entries.binary_search_by(|e| e.path.as_bstr().cmp(place)) {
        return &entries[found..=found];
    }
    subtree(entries, place)
}

/// `place`, or a file that TypeScript would take for it, where something is there.
fn existing(place: &BString, entries: &[Entry]) -> Option<BString> {
    if !at(entries, place.as_bstr()).is_empty() {
        return Some(place.clone());
    }
    let json = BString::from(format!("{place}.json"));
    (!at(entries, json.as_bstr()).is_empty()).then_some(json)
}

/// The directories above `track`, the nearest first, the root last.
fn ancestors(track: &BStr) -> Vec<BString> {
    let mut found = Vec::new();
    let mut rest = track;
    while !rest.is_empty() {
        rest = rest.rfind_byte(b'/').map_or(BStr::new(""), |slash| rest[..slash].as_bstr());
        found.push(rest.to_owned());
    }
    found
}

/// Words without which a `.gitattributes` changes no byte of a checkout on a machine whose line ends are LF.
const CONVERTING: [&[u8]; 5] = [b"crlf", b"ident", b"filter=", b"working-tree-encoding", b"[attr]"];

fn workspaces(bytes: &[u8]) -> Option<Vec<String>> {
    let value: serde_json::Value = serde_json::from_slice(bytes).ok()?;
    let list = value.get("workspaces")?;
    let list = list.as_array().or_else(|| list.get("packages")?.as_array())?;
    Some(
        list.iter()
            .filter_map(|v| Some(v.as_str()?.trim_start_matches("./").trim_end_matches('/').to_owned()))
            .collect(),
    )
}

/// The globs of a list; those that are none match nothing (the configuration has refused them already).
fn globs(patterns: &[String]) -> GlobSet {
    let mut set = GlobSetBuilder::new();
    for glob in patterns.iter().filter_map(|p| GlobBuilder::new(p).literal_separator(true).build().ok()) {
        set.add(glob);
    }
    set.build().unwrap_or_else(|_| GlobSet::empty())
}

/// What Go files embed: the directory of the file, and the patterns.
fn embeds(entries: &[Entry], read: Read<'_>) -> Vec<(BString, GlobSet)> {
    let mut found = Vec::new();
    for entry in entries.iter().filter(|e| e.path.ends_with(b".go")) {
        let Some(bytes) = read(entry) else { continue };
        let patterns: Vec<String> = bytes
            .lines()
            .filter_map(|line| line.strip_prefix(b"//go:embed "))
            .flat_map(|rest| shlex::split(&rest.to_str_lossy()).unwrap_or_default())
            .flat_map(|p| {
                let p = p.trim_start_matches("all:").to_owned();
                [format!("{p}/**"), p]
            })
            .collect();
        if !patterns.is_empty() {
            let directory = entry.path.rfind_byte(b'/').map_or(&b""[..], |slash| &entry.path[..slash]);
            found.push((directory.into(), globs(&patterns)));
        }
    }
    found
}

fn embedded_by(entry: &Entry, directory: &BString, patterns: &GlobSet) -> bool {
    let skip = if directory.is_empty() { 0 } else { directory.len() + 1 };
    is_below(entry.path.as_bstr(), directory.as_bstr()) && patterns.is_match(entry.path[skip..].to_path_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::git::Mode;
    use std::collections::HashMap;

    struct Files {
        entries: Vec<Entry>,
        blobs: HashMap<ObjectId, Vec<u8>>,
    }

    impl Files {
        fn of(files: &[(&str, &str)]) -> Files {
            let blob = |t: &str| ObjectId::of_blob(t.as_bytes());
            let mut entries: Vec<Entry> =
                files.iter().map(|(p, t)| Entry { path: (*p).into(), mode: Mode::File, id: blob(t) }).collect();
            entries.sort();
            Files { entries, blobs: files.iter().map(|(_, t)| (blob(t), t.as_bytes().to_vec())).collect() }
        }

        fn inputs(&self, language: &str, track: &str) -> Inputs {
            let config = Config::default();
            let track =
                Track { language: language.into(), path: track.into(), places: vec![Place::Directory(track.into())] };
            Inputs::of(&track, &config.languages[language], &self.entries, &|e| self.blobs.get(&e.id).cloned())
        }

        fn key(&self, language: &str, track: &str) -> ObjectId {
            let language_of = &Config::default().languages[language];
            self.inputs(language, track).key(&self.entries, language_of, &|e| self.blobs.get(&e.id).cloned())
        }
    }

    #[test]
    fn a_track_that_refers_to_nothing_is_its_own_input_tree() {
        let files = Files::of(&[("15-x/golang/go.mod", "module x\n"), ("15-x/shared/a.go", "package a\n")]);
        let inputs = files.inputs("golang", "15-x/golang");
        assert!(inputs.is_the_track_alone());
        assert_eq!(Some(inputs.tree(&files.entries)), subtree_id(&files.entries, BStr::new("15-x/golang")));
    }

    #[test]
    fn references_are_followed_also_through_what_they_lead_to() {
        let files = Files::of(&[
            ("15-x/golang/go.mod", "module x\nreplace s => ../shared\n"),
            ("15-x/shared/go.mod", "module s\nreplace t => ../../lib\n"),
            ("lib/go.mod", "module t\n"),
            ("other/a.txt", ""),
            ("go.work", "use ./15-x/golang\n"),
        ]);
        let places = files.inputs("golang", "15-x/golang").places;
        assert_eq!(places, ["15-x/golang", "15-x/shared", "go.work", "lib"]);
    }

    #[test]
    fn a_workspace_brings_its_packages_and_lock_file() {
        let files = Files::of(&[
            ("package.json", r#"{"workspaces":["packages/*","15-x/nestjs"]}"#),
            ("package-lock.json", "{}"),
            ("packages/shared/package.json", "{}"),
            ("15-x/nestjs/package.json", "{}"),
            ("README.md", ""),
        ]);
        let places = files.inputs("nestjs", "15-x/nestjs").places;
        assert_eq!(places, ["15-x/nestjs", "package-lock.json", "package.json", "packages/shared"]);
    }

    #[test]
    fn a_document_changes_the_tree_but_not_the_key_unless_it_is_embedded() {
        let before = Files::of(&[("golang/a.go", "package a\n"), ("golang/README.md", "one")]);
        let after = Files::of(&[("golang/a.go", "package a\n"), ("golang/README.md", "two")]);
        assert_eq!(before.key("golang", "golang"), after.key("golang", "golang"));
        let source = "package a\n//go:embed \"README.md\"\nvar text string\n";
        let before = Files::of(&[("golang/a.go", source), ("golang/README.md", "one")]);
        let after = Files::of(&[("golang/a.go", source), ("golang/README.md", "two")]);
        assert_ne!(before.key("golang", "golang"), after.key("golang", "golang"));
    }
}
