//! Where decision records live, and reading and writing them there: in the repository, or without one.

use crate::config::{self, schema::AdrTable};
use crate::documents::adr::{DecisionFile, edit::Target};
use crate::documents::adr::{DecisionLog, Lost, Refused, Revision, name};
use crate::failure::{Context, Failure};
use crate::git::{Repository, subtree};
use crate::system::files::{self, Change, Finished, Lock, Plan};
use crate::system::listing;
use crate::views::words;
use crate::world::World;
use bstr::{BStr, BString, ByteSlice};
use std::path::{Component, Path, PathBuf};

/// A record longer than this is none.
const LONGEST: u64 = 4 * 1024 * 1024;

/// Where adr-tools writes without being told.
const OF_ADR_TOOLS: &str = "doc/adr";

/// The file that names the directory, for adr-tools and for us.
pub(super) const DOT_FILE: &str = ".adr-dir";

/// The directory of the records.
pub(super) struct Directory {
    /// The repository, if there is one.
    pub repo: Option<Repository>,
    /// The configuration's `[adr]`.
    pub settings: AdrTable,
    /// The current directory, links resolved.
    pub cwd: PathBuf,
    /// What the directory may not lead out of: the work tree, or where the search ended.
    pub root: PathBuf,
    /// The directory itself; it need not exist.
    pub path: PathBuf,
    /// Whether `.adr-dir` named it, or `ADR_TEMPLATE` or `ADR_INIT_TEMPLATE` is set.
    asked_for_adr_tools: bool,
}

impl Directory {
    /// Finds it: from the current directory upward the first `.adr-dir`, configured directory or `doc/adr`; else where it will be.
    pub(super) fn locate(world: &World) -> Result<Directory, Failure> {
        let repo = Repository::discover(&world.cwd)?;
        let settings = settings(world, repo.as_ref())?;
        let doing = || format!("can't resolve {}", world.cwd.display());
        let cwd = world.cwd.canonicalize().or_missing(doing)?;
        let top = match &repo {
            Some(repo) => repo.work_tree().unwrap_or(repo.git_dir()).canonicalize().or_missing(doing)?,
            None => cwd.clone(),
        };
        let asked = world.env.get("ADR_TEMPLATE").is_some() || world.env.get("ADR_INIT_TEMPLATE").is_some();
        let start = if cwd.starts_with(&top) { cwd.clone() } else { top.clone() };
        let standard = settings.directory == AdrTable::default().directory;
        for base in start.ancestors() {
            if let Some(text) = files::read(&base.join(DOT_FILE))? {
                let root = if repo.is_some() { &top } else { base };
                let path = named_by(&text, base, root)?;
                return Ok(Directory { root: root.to_owned(), path, asked_for_adr_tools: true, repo, settings, cwd });
            }
            let usual = [settings.directory.as_str(), OF_ADR_TOOLS];
            if let Some(found) = usual[..if standard { 2 } else { 1 }].iter().find(|d| base.join(d).is_dir()) {
                let root = if repo.is_some() { &top } else { base };
                let path = inside(&base.join(found), root)?;
                return Ok(Directory { root: root.to_owned(), path, asked_for_adr_tools: asked, repo, settings, cwd });
            }
            if repo.is_some() && base == top {
                break;
            }
        }
        let path = if asked && standard { cwd.join(OF_ADR_TOOLS) } else { top.join(&settings.directory) };
        let path = inside(&path, &top)?;
        Ok(Directory { root: top, path, asked_for_adr_tools: asked, repo, settings, cwd })
    }

    /// The log as it is now, after finishing what a killed command left half done.
    pub(super) fn read(&self, world: &World) -> Result<DecisionLog, Failure> {
        if self.is_bare() {
            return self.committed();
        }
        if files::read(&self.record())?.is_some() {
            drop(self.lock(world)?);
        }
        self.list()
    }

    /// Takes the lock that every writing command works under, and finishes what a killed command left half done.
    pub(super) fn lock(&self, world: &World) -> Result<Lock, Failure> {
        if let Some(repo) = &self.repo {
            repo.needs_work_tree()?;
        } else {
            files::make_directory(&self.path)?;
        }
        let place = self.repo.as_ref().map_or_else(|| self.path.clone(), |r| r.common_path("mastery/adr.lock"));
        let lock = files::lock(&place, &world.interrupt)?;
        let listed = |paths: &[PathBuf]| paths.iter().map(|p| self.relative(p)).collect::<Vec<_>>().join(", ");
        match files::finish(&self.record())? {
            Some(Finished::Done(paths)) if !paths.is_empty() => {
                world.term.note(&format!("finished what an interrupted command had begun: {}\n", listed(&paths)))?;
            }
            Some(Finished::Abandoned(paths)) => {
                world.term.note(&format!(
                    "an interrupted command was left half done, because these changed since: {}; `mastery adr check` says what is missing\n",
                    listed(&paths)
                ))?;
            }
            _ => {}
        }
        Ok(lock)
    }

    /// Where a plan is kept while it is under way.
    fn record(&self) -> PathBuf {
        self.repo.as_ref().map_or_else(|| self.path.join(".adr-pending"), |r| r.common_path("mastery/adr.pending"))
    }

    fn is_bare(&self) -> bool {
        self.repo.as_ref().is_some_and(|r| r.work_tree().is_none())
    }

    /// Whether the directory is there.
    pub(super) fn exists(&self) -> bool {
        self.is_bare() || self.path.is_dir()
    }

    /// The log as it is now; for who holds the lock.
    pub(super) fn list(&self) -> Result<DecisionLog, Failure> {
        let wanted = |file: &BStr| name::number(file).is_some() || name::is_dated(file);
        Ok(DecisionLog::of(listing::contents(&self.path, wanted, LONGEST)?.unwrap_or_default()))
    }

    /// The log of HEAD, where there is no work tree.
    fn committed(&self) -> Result<DecisionLog, Failure> {
        let Some(repo) = &self.repo else { return Ok(DecisionLog::default()) };
        let Some(head) = repo.head()? else { return Ok(DecisionLog::default()) };
        let entries = repo.entries(repo.tree_of(head)?)?;
        let at = self.settings.directory.trim_matches('/');
        let below = subtree(&entries, BStr::new(at)).iter();
        Ok(DecisionLog::of(below.filter_map(|e| {
            let file = e.path[at.len() + 1..].as_bstr();
            (!file.contains(&b'/'))
                .then(|| (file.to_owned(), repo.blob(e.id).ok_or_else(|| "its object is missing".into())))
        })))
    }

    /// Whether things are done here as adr-tools does them.
    pub(super) fn has_adr_tools_manners(&self, log: &DecisionLog) -> bool {
        self.asked_for_adr_tools || log.looks_like_adr_tools()
    }

    /// Whether relations are spelled `Superceded by`.
    pub(super) fn spells_as_adr_tools(&self, log: &DecisionLog) -> bool {
        log.spelled_as_adr_tools().unwrap_or_else(|| self.has_adr_tools_manners(log))
    }

    /// The directory from the repository's root, as git has it.
    pub(super) fn in_repository(&self) -> BString {
        let path = self.path.strip_prefix(&self.root).unwrap_or(&self.path);
        BString::from(path.as_os_str().as_encoded_bytes())
    }

    /// One more than every number that is taken: here, in the index, on HEAD and on every branch that is known here.
    pub(super) fn next_number(&self, log: &DecisionLog) -> Result<u64, Failure> {
        let mut highest = log.files.iter().filter_map(|f| f.number).max().unwrap_or(0);
        if let Some(repo) = &self.repo {
            let at = self.in_repository();
            let staged = repo.staged()?.entries;
            let skip = if at.is_empty() { 0 } else { at.len() + 1 };
            let names = subtree(&staged, at.as_bstr()).iter().map(|e| BString::from(&e.path[skip..]));
            let all = names.chain(repo.names_on_branches(at.as_bstr()));
            highest = all.filter_map(|n| name::number(n.as_bstr())).map(|(n, _)| n).fold(highest, u64::max);
        }
        if highest >= 9_999_999 {
            return Err(Failure::verdict(format!("no number is left: {highest} is taken"))
                .hint("rename that file: more than seven digits are read as a date"));
        }
        Ok(highest + 1)
    }

    /// The file that a person means by `reference`.
    pub(super) fn find<'l>(&self, log: &'l DecisionLog, reference: &str) -> Result<&'l DecisionFile, Failure> {
        log.find(reference).map_err(|lost| match lost {
            Lost::Nowhere => Failure::usage(format!("no decision record here is {reference:?}"))
                .hint("`mastery adr list` shows them"),
            Lost::Ambiguous(names) => {
                let names: Vec<String> = names.iter().map(words::shown).collect();
                Failure::usage(format!("more than one record has the number {reference}: {}", names.join(", ")))
                    .hint("name the file instead")
                    .hint(format!(
                        "`mastery adr renumber {}` gives one of them the next free number",
                        names[names.len() - 1]
                    ))
            }
        })
    }

    /// As [`Directory::find`], as one end of a relation.
    pub(super) fn target(&self, log: &DecisionLog, reference: &str) -> Result<Target, Failure> {
        let file = self.find(log, reference)?;
        file.target().ok_or_else(|| {
            let why = file.record.as_ref().err().map_or_else(|| "it has no number".into(), ToString::to_string);
            Failure::verdict(format!("{} can't be related to anything: {why}", words::shown(&file.name)))
        })
    }

    /// The plan that makes the files what `revision` says.
    pub(super) fn plan(&self, revision: &Revision<'_>) -> Plan {
        let changes = revision.changes().map(|(name, old, new)| {
            let path = self.path.join(name.to_path_lossy());
            match old {
                Some(old) => Change::Replace { path, old: old.bytes.clone(), new: new.to_owned() },
                None => Change::Create { path, bytes: new.to_owned(), executable: false },
            }
        });
        Plan { changes: changes.collect() }
    }

    /// Does all of the plan or nothing; the lock is held.
    pub(super) fn write(&self, plan: &Plan, _held: &Lock) -> Result<(), Failure> {
        plan.apply_whole(&self.record())
    }

    /// `path` as seen from the current directory.
    pub(super) fn relative(&self, path: &Path) -> String {
        words::shown(relative(&self.cwd, path).as_os_str().as_encoded_bytes())
    }

    /// The path of a record as seen from the current directory.
    pub(super) fn relative_path(&self, name: &BStr) -> PathBuf {
        relative(&self.cwd, &self.path.join(name.to_path_lossy()))
    }
}

/// A refused edit as people read it.
pub(super) fn refused(refused: &Refused) -> Failure {
    Failure::verdict(format!("can't change {}: {}; nothing was written", words::shown(&refused.file), refused.why))
        .hint("`mastery adr check` says what mastery can't read, and where")
}

/// `[adr]` of the configuration that counts: `--config`, the work tree's, or in a bare repository HEAD's.
fn settings(world: &World, repo: Option<&Repository>) -> Result<AdrTable, Failure> {
    let read = |path: &Path, origin: &str| -> Result<Option<AdrTable>, Failure> {
        let Some(bytes) = files::read(path)? else { return Ok(None) };
        let text = String::from_utf8(bytes).or_usage(|| format!("{origin} is not UTF-8"))?;
        config::parse(&text, origin).map(|c| Some(c.adr))
    };
    if let Some(path) = &world.config_file {
        return read(path, &path.display().to_string())?.ok_or_else(|| {
            Failure::usage(format!("--config: there is no file {}", path.display())).hint("check the path")
        });
    }
    let Some(repo) = repo else { return Ok(AdrTable::default()) };
    if let Some(top) = repo.work_tree() {
        return Ok(read(&top.join(config::FILE), config::FILE)?.unwrap_or_default());
    }
    let Some(head) = repo.head()? else { return Ok(AdrTable::default()) };
    let entries = repo.entries(repo.tree_of(head)?)?;
    let bytes = entries.iter().find(|e| e.path == config::FILE).and_then(|e| repo.blob(e.id));
    let Some(bytes) = bytes else { return Ok(AdrTable::default()) };
    let text = String::from_utf8(bytes).or_usage(|| format!("{} at HEAD is not UTF-8", config::FILE))?;
    config::parse(&text, config::FILE).map(|c| c.adr)
}

/// The directory that `.adr-dir` in `base` names.
fn named_by(text: &[u8], base: &Path, root: &Path) -> Result<PathBuf, Failure> {
    let name = text.lines().next().unwrap_or_default().trim();
    if name.is_empty() {
        return Err(Failure::usage(format!("{} is empty", base.join(DOT_FILE).display()))
            .hint("write the directory of the decision records into it, or remove it"));
    }
    inside(&base.join(name.to_path_lossy()), root)
}

/// `path` without `.` and `..`, if neither they nor a link lead out of `root`.
pub(super) fn inside(path: &Path, root: &Path) -> Result<PathBuf, Failure> {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            Component::CurDir => {}
            other => plain.push(other),
        }
    }
    let real = plain.ancestors().find_map(|p| p.canonicalize().ok()).unwrap_or_default();
    let real_root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    if plain.starts_with(root) && (real.starts_with(&real_root) || real_root.starts_with(&real)) {
        return Ok(plain);
    }
    Err(Failure::usage(format!(
        "the directory for decision records, {}, lies outside of {}",
        path.display(),
        root.display()
    ))
    .hint("name a directory inside, in [adr] directory of .mastery.toml or in .adr-dir"))
}

/// `to` as seen from `from`; both absolute.
fn relative(from: &Path, to: &Path) -> PathBuf {
    let shared = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    let up = from.components().skip(shared).map(|_| Component::ParentDir);
    let path: PathBuf = up.chain(to.components().skip(shared)).collect();
    if path.as_os_str().is_empty() { PathBuf::from(".") } else { path }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_seen_from_where_one_stands() {
        let seen = |from: &str, to: &str| relative(Path::new(from), Path::new(to)).display().to_string();
        assert_eq!(seen("/a/b", "/a/docs/adr/1.md"), "../docs/adr/1.md");
        assert_eq!(seen("/a", "/a/docs"), "docs");
        assert_eq!(seen("/a", "/a"), ".");
    }

    #[test]
    fn neither_dots_nor_links_lead_out() {
        let home = tempfile::tempdir().unwrap();
        let root = home.path().canonicalize().unwrap();
        std::os::unix::fs::symlink("/", root.join("link")).unwrap();
        assert!(inside(&root.join("docs/../x"), &root).is_ok());
        assert!(inside(&root.join("../x"), &root).is_err());
        assert!(inside(&root.join("link/etc"), &root).is_err());
        assert!(inside(Path::new("/etc"), &root).is_err());
    }
}
