//! `mastery adr renumber`: another number for a record, and for everything that cites it.

use super::directory::Directory;
use super::revise::{Wanted, revise};
use crate::documents::adr::cite::Renumbering;
use crate::documents::adr::{DecisionFile, DecisionLog, Lost, Record, Revision, edit, name};
use crate::documents::markdown::{Markdown, Patch, Span, apply};
use crate::exit::Exit;
use crate::failure::{Context, Failure};
use crate::git::{ObjectId, Repository};
use crate::history::kind::{self, Kind};
use crate::system::files::Change;
use crate::system::listing;
use crate::views::words;
use crate::world::World;
use bstr::{BStr, BString, ByteSlice};
use std::path::{Component, Path, PathBuf};

/// A document longer than this is not searched for citations.
const LONGEST: u64 = 1024 * 1024;

/// Arguments of `mastery adr renumber`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The record's number or file name; of two with one number, the younger is meant
    #[arg(value_name = "N")]
    record: String,
    /// Its new number [default: the next free one]
    #[arg(value_name = "TO")]
    to: Option<u64>,
    /// Show what would be changed
    #[arg(long)]
    dry_run: bool,
}

/// Moves the file, and changes its title, the links to it and what cites it in the repository's Markdown.
pub(super) fn run(arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    revise(world, arguments.dry_run, |directory, log| compose(arguments, directory, log))
}

fn compose<'l>(arguments: &Arguments, directory: &Directory, log: &'l DecisionLog) -> Result<Wanted<'l>, Failure> {
    let file = meant(directory, log, &arguments.record)?;
    let shown = words::shown(&file.name);
    let Some(from) = file.number else {
        return Err(Failure::usage(format!("{shown} has a date and no number")));
    };
    let to = arguments.to.map_or_else(|| directory.next_number(log), Ok)?;
    if !(1..=9_999_999).contains(&to) {
        return Err(Failure::usage(format!("{to} is no number for a record")).hint("give one from 1 to 9999999"));
    }
    if let Some(taken) = log.files.iter().find(|f| f.number == Some(to)) {
        return Err(Failure::verdict(format!(
            "the number {to} is that of {}; nothing was written",
            words::shown(&taken.name)
        ))
        .hint("leave the new number out to get the next free one"));
    }
    let new_name = BString::from(name::renumbered(file.name.as_bstr(), to));
    let names = (file.name.to_string(), new_name.to_string());
    let moved = Renumbering { from, to, old_file: names.0, new_file: names.1 };
    let rivals: Vec<&DecisionFile> =
        log.files.iter().filter(|f| f.number == Some(from) && f.name != file.name).collect();
    let sides = Sides::of(directory, file, &rivals)?;
    let mut wanted = Wanted::from(Revision::of(log));
    for document in documents(directory, log)? {
        let own = document.path == directory.path.join(file.name.to_path_lossy());
        let new = rewritten(directory, &moved, &document, own, &sides, &mut wanted.notes)?;
        match (own, &document.record) {
            (true, _) => wanted.revision.put(new_name.clone(), new),
            (false, Some(name)) => wanted.revision.put(name.clone(), new),
            (false, None) if new != document.bytes => {
                wanted.more.push(Change::Replace { path: document.path, old: document.bytes, new });
            }
            _ => {}
        }
    }
    wanted.notes.extend(mentions(directory, &moved)?);
    let path = directory.path.join(file.name.to_path_lossy());
    wanted.more.push(Change::Remove { path, old: file.bytes.clone() });
    Ok(wanted)
}

/// The record that is meant; of several with one number, the one that came last.
fn meant<'l>(directory: &Directory, log: &'l DecisionLog, reference: &str) -> Result<&'l DecisionFile, Failure> {
    let Err(Lost::Ambiguous(names)) = log.find(reference) else { return directory.find(log, reference) };
    let Some(repo) = &directory.repo else { return directory.find(log, reference) };
    let paths: Vec<BString> = names.iter().map(|n| in_repository(directory, n.as_bstr())).collect();
    let known = repo.introductions(&paths)?;
    let age = |n: &BString| known.get(&in_repository(directory, n.as_bstr())).map_or(i64::MAX, |i| i.seconds);
    let mut by_age: Vec<(i64, &BString)> = names.iter().map(|n| (age(n), n)).collect();
    by_age.sort();
    match by_age.as_slice() {
        [.., before, last] if before.0 < last.0 => directory.find(log, &last.1.to_str_lossy()),
        _ => directory.find(log, reference),
    }
}

fn in_repository(directory: &Directory, name: &BStr) -> BString {
    let mut path = directory.in_repository();
    if !path.is_empty() {
        path.push(b'/');
    }
    path.extend_from_slice(name);
    path
}

/// A document that may cite the record.
struct Document {
    path: PathBuf,
    bytes: Vec<u8>,
    /// Its name in the log, where it is a record.
    record: Option<BString>,
}

/// Every record that can be read, and every other Markdown file that git knows.
fn documents(directory: &Directory, log: &DecisionLog) -> Result<Vec<Document>, Failure> {
    let records = log.files.iter().filter(|f| !f.bytes.is_empty() || f.record.is_ok());
    let mut all: Vec<Document> = records
        .map(|f| Document {
            path: directory.path.join(f.name.to_path_lossy()),
            bytes: f.bytes.clone(),
            record: Some(f.name.clone()),
        })
        .collect();
    let mut paths = Vec::new();
    if let Some(repo) = &directory.repo {
        let markdown = |path: &BString| path.to_ascii_lowercase().ends_with(b".md");
        let staged = repo.staged()?.entries.into_iter().map(|e| e.path).filter(markdown);
        paths.extend(staged.map(|path| directory.root.join(path.to_path_lossy())));
    }
    let beside =
        listing::contents(&directory.path, |n| n.to_ascii_lowercase().ends_with(b".md"), 0)?.unwrap_or_default();
    paths.extend(beside.iter().map(|(name, _)| directory.path.join(name.to_path_lossy())));
    paths.sort();
    paths.dedup();
    for path in paths {
        if all.iter().any(|d| d.path == path) {
            continue;
        }
        if let Some(bytes) = listing::file(&path, LONGEST) {
            all.push(Document { path, bytes, record: None });
        }
    }
    Ok(all)
}

/// What to look at by hand: sources and other files that mention the record. What is somebody else's or no text is passed over.
fn mentions(directory: &Directory, moved: &Renumbering) -> Result<Vec<String>, Failure> {
    let Some(repo) = &directory.repo else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for entry in repo.staged()?.entries {
        let path = entry.path.as_bstr();
        let other = matches!(kind::general(path), Kind::Vendored | Kind::Dependency);
        if other || path.to_ascii_lowercase().ends_with(b".md") {
            continue;
        }
        let Some(bytes) = listing::file(&directory.root.join(path.to_path_lossy()), LONGEST) else { continue };
        if bytes.contains(&0) {
            continue;
        }
        let lines = moved.mentions(&bytes);
        let to = moved.to;
        found.extend(lines.iter().map(|n| format!("{}:{n} mentions it too: it is {to} now", words::shown(path))));
    }
    Ok(found)
}

/// Who is meant where a number is cited that two records have: told by the branch that the citing line came with.
struct Sides<'d> {
    repo: Option<&'d Repository>,
    contested: bool,
    ours: Option<ObjectId>,
    theirs: Vec<ObjectId>,
}

impl<'d> Sides<'d> {
    fn of(directory: &'d Directory, file: &DecisionFile, rivals: &[&DecisionFile]) -> Result<Sides<'d>, Failure> {
        let mut sides =
            Sides { repo: directory.repo.as_ref(), contested: !rivals.is_empty(), ours: None, theirs: Vec::new() };
        let Some(repo) = sides.repo.filter(|_| sides.contested) else { return Ok(sides) };
        let path = |f: &DecisionFile| in_repository(directory, f.name.as_bstr());
        let paths: Vec<BString> = rivals.iter().map(|f| path(f)).chain([path(file)]).collect();
        let known = repo.introductions(&paths)?;
        sides.ours = known.get(&path(file)).map(|i| i.commit);
        sides.theirs = rivals.iter().filter_map(|f| known.get(&path(f))).map(|i| i.commit).collect();
        Ok(sides)
    }

    /// For each of these lines whether the moved record is meant; none where that can't be known.
    fn mean_us(&self, path: &BStr, bytes: &[u8], lines: &[usize]) -> Result<Vec<Option<bool>>, Failure> {
        let (Some(repo), true) = (self.repo, self.contested) else {
            return Ok(vec![Some(!self.contested); lines.len()]);
        };
        let side = |origin: Option<ObjectId>| -> Result<Option<bool>, Failure> {
            let (Some(origin), Some(ours)) = (origin, self.ours) else { return Ok(None) };
            let from_us = repo.comes_from(origin, ours)?;
            let mut from_them = false;
            for theirs in &self.theirs {
                from_them |= repo.comes_from(origin, *theirs)?;
            }
            Ok((from_us != from_them).then_some(from_us))
        };
        repo.line_origins(path, bytes, lines).into_iter().map(side).collect()
    }
}

/// A document's bytes after the renumbering; what could not be told is noted.
fn rewritten(
    directory: &Directory,
    moved: &Renumbering,
    document: &Document,
    own: bool,
    sides: &Sides<'_>,
    notes: &mut Vec<String>,
) -> Result<Vec<u8>, Failure> {
    let markdown = Markdown::read(&document.bytes);
    let leads = |destination: &str| leads_to(directory, &document.path, destination);
    let mut patches = moved.links(&markdown, &leads);
    let record = Record::read(&document.bytes).ok().filter(|_| document.record.is_some());
    let title = record.as_ref().map(|r| r.heading_span.clone());
    let cited = moved.citations(&markdown, title.as_ref());
    let lines: Vec<usize> = cited.iter().map(|s| line_of(&document.bytes, s)).collect();
    let path = document.path.strip_prefix(&directory.root).unwrap_or(&document.path);
    let path = BString::from(path.as_os_str().as_encoded_bytes());
    let meant =
        if own { vec![Some(true); cited.len()] } else { sides.mean_us(path.as_bstr(), &document.bytes, &lines)? };
    for ((span, line), us) in cited.iter().zip(&lines).zip(meant) {
        match us {
            Some(true) => patches.push(moved.cited(&markdown, span)),
            Some(false) => {}
            None => notes.push(format!(
                "{}:{line} cites {}: look whether {} is meant",
                words::shown(&path),
                moved.from,
                words::shown(&moved.new_file)
            )),
        }
    }
    let doing = || format!("can't rewrite {}", words::shown(&path));
    if let (true, Some(record)) = (own, record.filter(|r| r.number.is_some())) {
        patches.retain(|p: &Patch| !record.heading_span.contains(&p.span.start));
        let new = apply(&document.bytes, &patches).or_missing(doing)?;
        let again = Record::read(&new).or_missing(doing)?;
        return edit::set_number(&new, &again, moved.to).or_missing(doing);
    }
    apply(&document.bytes, &patches).or_missing(doing)
}

fn line_of(bytes: &[u8], span: &Span) -> usize {
    1 + bytes[..span.start].find_iter("\n").count()
}

/// Whether a link in the document at `from` leads into the directory of the records.
fn leads_to(directory: &Directory, from: &Path, destination: &str) -> bool {
    let path = destination.split(['#', '?']).next().unwrap_or_default();
    let mut plain = PathBuf::new();
    for part in from.parent().unwrap_or(from).join(path).components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            Component::CurDir => {}
            other => plain.push(other),
        }
    }
    plain.parent() == Some(directory.path.as_path())
}
