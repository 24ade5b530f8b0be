//! What a track's tree holds: whose sources, how many cases, which routes, and what its manifest depends on.

use super::matter::Matter;
use super::text::{self, Style};
use super::{cases, spelled};
use crate::git::{Entry, Mode};
use crate::history::abreast;
use crate::history::endpoints::{Declared, declared};
use crate::history::kind::Kind;
use crate::history::log::EMPTY;
use crate::history::scaffold::{self, Worth, worth};
use bstr::{BStr, BString, ByteSlice, Finder};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// A file with its code, comments left out.
#[derive(Debug, Clone)]
pub struct Code {
    /// Its path from the repository's root.
    pub path: BString,
    /// Its text without comments.
    pub text: String,
}

/// What is in a track's tree.
#[derive(Debug, Clone, Default)]
pub struct Inspected {
    /// Files of any kind.
    pub files: usize,
    /// Sources of somebody's own.
    pub sources: Vec<BString>,
    /// Lines of code in them.
    pub lines: usize,
    /// Sources that a generator wrote.
    pub generated: usize,
    /// How many of them `mastery start` wrote, and nobody touched.
    pub started: usize,
    /// Sources that a template or somebody else brought.
    pub foreign: usize,
    /// Test files that are not a generator's, with their cases.
    pub tests: Vec<(BString, Option<usize>)>,
    /// Test files that a generator wrote.
    pub generated_tests: usize,
    /// How many routes it answers.
    pub routes: usize,
    /// Whether they are not put together but as they are spelled out.
    pub is_spelled: bool,
    /// The names of Go functions that give a router.
    pub makers: BTreeSet<String>,
    /// Whether a commit that is known brought every one of the sources, whoever wrote them.
    pub is_brought: bool,
    /// The file that starts it.
    pub start: Option<BString>,
    /// Manifests with their text.
    pub manifests: Vec<Code>,
    /// Its README.
    pub readme: Option<BString>,
    /// Words in it.
    pub readme_words: usize,
    /// A Dockerfile.
    pub dockerfile: Option<BString>,
    /// The own sources' code, strings kept.
    pub code: Vec<Code>,
    /// Sources, tests and READMEs whose blobs are not here.
    pub missing: usize,
}

/// More files than these are not read; the rest counts as sources.
pub(super) const MANY: usize = 3000;

/// Looks at every track at once: one [`Inspected`] for each.
pub fn all(matter: &Matter<'_>) -> Vec<Inspected> {
    let today = |entry: &Entry| matter.territory.today(entry.path.as_bstr(), matter.touched.place(&entry.path));
    let mut tracks: Vec<Vec<(&Entry, Kind)>> = matter.lenses.iter().map(|_| Vec::new()).collect();
    for (entry, owner) in matter.entries.iter().zip(abreast::each(matter.entries, 256, today)) {
        if let Some((track, kind)) = owner {
            tracks[track].push((entry, kind));
        }
    }
    let numbers: Vec<usize> = (0..tracks.len()).collect();
    abreast::each(&numbers, 1, |track| {
        let alive = &matter.facts[*track].alive;
        let is_brought = |(entry, kind): &(&Entry, Kind)| {
            let is_source = *kind == Kind::Source && entry.id != EMPTY;
            !is_source || matter.touched.place(&entry.path).is_some_and(|path| alive.contains(&path))
        };
        let mut found = Inspected { is_brought: tracks[*track].iter().all(is_brought), ..Inspected::default() };
        for (entry, kind) in &tracks[*track] {
            found.take(matter, *track, entry, *kind);
        }
        found.find_routes(matter.lenses[*track].family().map(|f| f.name));
        found
    })
}

impl Inspected {
    fn take(&mut self, matter: &Matter<'_>, track: usize, entry: &Entry, kind: Kind) {
        if kind == Kind::Vendored {
            return;
        }
        let name = name(entry.path.as_bstr());
        let lower = name.to_ascii_lowercase();
        if kind != Kind::Placeholder {
            self.files += 1;
        }
        let family = matter.lenses[track].family().map(|f| f.name);
        match kind {
            Kind::Source => self.source(matter, entry, name, family),
            Kind::Test => self.test(matter, entry, name, family),
            Kind::Manifest => {
                let text = matter.read(entry).map(|b| b.to_str_lossy().into_owned()).unwrap_or_default();
                self.manifests.push(Code { path: entry.path.clone(), text });
            }
            Kind::Document if lower.starts_with(b"readme") => {
                let nearer = self.readme.as_ref().is_none_or(|r| depth(entry.path.as_bstr()) < depth(r.as_bstr()));
                if nearer && let Some(bytes) = matter.read(entry) {
                    self.readme = Some(entry.path.clone());
                    self.readme_words = text::words(&text::prose(&bytes));
                }
            }
            _ if lower.starts_with(b"dockerfile") || lower.ends_with(b".dockerfile") => {
                self.dockerfile.get_or_insert_with(|| entry.path.clone());
            }
            // A command without an extension.
            _ if entry.mode == Mode::Executable && !name.contains(&b'.') && !matches!(name, b"gradlew" | b"mvnw") => {
                self.start.get_or_insert_with(|| entry.path.clone());
            }
            _ => {}
        }
    }

    fn source(&mut self, matter: &Matter<'_>, entry: &Entry, name: &[u8], family: Option<&str>) {
        if entry.id == EMPTY {
            return;
        }
        if matter.foreign.contains(&entry.id) {
            self.foreign += 1;
            return;
        }
        let bytes = if self.sources.len() < MANY { matter.read(entry) } else { None };
        let Some(bytes) = bytes else {
            self.missing += usize::from(matter.is_missing(entry));
            self.sources.push(entry.path.clone());
            return;
        };
        match worth(name, &bytes) {
            Worth::Nothing => return,
            Worth::Scaffold => {
                self.generated += 1;
                self.started += usize::from(scaffold::is_ours(name, &bytes));
                // A generator's main starts what was written since.
                self.begins(entry, family, &text::code(&bytes, Style::of(family), false));
                return;
            }
            Worth::Own => {}
        }
        if is_generated(&bytes) {
            self.generated += 1;
            return;
        }
        let code = text::code(&bytes, Style::of(family), false);
        self.lines += text::lines(&code);
        self.begins(entry, family, &code);
        if family == Some("rust")
            && let Some(inline) = cases::count(family, &bytes).filter(|n| *n > 0)
        {
            self.tests.push((entry.path.clone(), Some(inline)));
        }
        self.sources.push(entry.path.clone());
        self.code.push(Code { path: entry.path.clone(), text: code });
    }

    fn begins(&mut self, entry: &Entry, family: Option<&str>, code: &str) {
        if self.start.is_none() && spelled::starts(family, code) {
            self.start = Some(entry.path.clone());
        }
    }

    fn test(&mut self, matter: &Matter<'_>, entry: &Entry, name: &[u8], family: Option<&str>) {
        if entry.id == EMPTY || matter.foreign.contains(&entry.id) {
            self.generated_tests += usize::from(entry.id != EMPTY);
            return;
        }
        let Some(bytes) = matter.read(entry) else {
            self.missing += usize::from(matter.is_missing(entry));
            return;
        };
        if worth(name, &bytes) != Worth::Own {
            self.generated_tests += 1;
            return;
        }
        match cases::count(family, &bytes) {
            Some(0) => {}
            cases => self.tests.push((entry.path.clone(), cases)),
        }
    }

    /// Finds the routes that its code declares: as [`crate::history::endpoints`] puts them together, which is what comparing lists too;
    /// where it finds none, or does not read the language, as they are spelled out.
    fn find_routes(&mut self, family: Option<&str>) {
        let Declared { endpoints, makers } = declared(self.code.iter().map(|c| (c.path.as_bstr(), c.text.as_bytes())));
        self.is_spelled = endpoints.is_empty();
        self.routes = if self.is_spelled { spelled::routes(family, &self.code) } else { endpoints.len() };
        self.makers = makers;
    }

    /// All cases; none where a framework is not known.
    pub fn cases(&self) -> Option<usize> {
        self.tests.iter().map(|(_, cases)| *cases).sum()
    }
}

/// Whether the head of a file says that a program wrote it.
pub(super) fn is_generated(bytes: &[u8]) -> bool {
    static GENERATED: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new("generated"));
    let head = &bytes[..bytes.len().min(2000)];
    GENERATED.find(head).is_some()
        && (head.find(b"Code generated").is_some_and(|at| head[at..].find(b"DO NOT EDIT").is_some())
            || head.find(b"@generated").is_some())
}

pub(super) fn name(path: &BStr) -> &[u8] {
    path.rfind_byte(b'/').map_or(path.as_bytes(), |slash| &path[slash + 1..])
}

fn depth(path: &BStr) -> usize {
    path.split(|b| *b == b'/').count()
}
