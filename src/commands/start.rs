//! `mastery start PROJECT`: look where it belongs, say what will be there, write what is not there yet.

use crate::commands::ground;
use crate::config::{Config, family};
use crate::curriculum::Project;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::git::Repository;
use crate::history::kind::{self, Kind};
use crate::history::layout::{self, is_below, join};
use crate::history::survey::Survey;
use crate::scaffold;
use crate::system::files::{self, Change, Plan};
use crate::views;
use crate::views::words;
use crate::world::World;
use bstr::{BStr, BString, ByteSlice};
use std::path::{Component, Path, PathBuf};

/// Arguments of `mastery start`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The project: its id, its number, or a part of its name
    project: String,
    /// Only this language, and this one too if repeated; otherwise those that are planned
    #[arg(short, long = "language", value_name = "LANGUAGE")]
    languages: Vec<String>,
    /// Show what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
}

/// A track that is being started.
#[derive(Debug)]
pub struct Started {
    /// Its language.
    pub language: &'static str,
    /// Its directory, from the repository's root; empty for the root.
    pub path: String,
}

/// Writes the project's papers and an implementation for each language; what is there already stays as it is.
pub fn run(arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    let repo = Repository::open(&world.cwd)?;
    let top = repo.needs_work_tree()?;
    repo.head()?;
    let config = ground::written_config(world, top)?;
    let project = wanted(&arguments.project, config.catalogue.projects())?;
    let paths = ground::paths(&repo, top)?;
    let survey = Survey::of(&paths, &config, &ground::repository_name(&repo));
    let place = place(project, &config, &survey)?;
    let (languages, without) = languages(&arguments.languages, &config, project)?;

    let known = survey.projects.iter().find(|p| p.path == place);
    let mut plan = papers(top, project, place.as_bstr(), &config)?;
    let mut started = Vec::new();
    for language in languages {
        let inside = directory(language, &config, known);
        plan.changes.extend(track(top, project, language, place.as_bstr(), &inside, &paths, &config)?);
        let path = join(place.as_bstr(), inside.as_bytes()).to_string();
        started.push(Started { language, path });
    }
    once_each(&mut plan);
    guard(top, &plan)?;

    if arguments.dry_run {
        world.term.out(&format!("Would do:\n{}", views::plan::text(&plan, top, false)))?;
        return Ok(Exit::Fine);
    }
    plan.apply()?;
    if !world.term.quiet {
        let place = place.to_string();
        world.term.out(&views::start::done(&plan, top, &started, world.term.verbose))?;
        world.term.out(&views::start::next(project, &place, &started, &without, plan.is_empty()))?;
    }
    Ok(Exit::Fine)
}

/// The project of the curriculum that `word` means.
fn wanted<'a>(word: &str, all: &'a [Project]) -> Result<&'a Project, Failure> {
    let lower = word.trim_end_matches('/').to_lowercase();
    let number = |p: &Project| p.id.split('-').next().and_then(|n| n.parse::<u32>().ok());
    if let Some(project) =
        all.iter().find(|p| p.id == lower || lower.parse::<u32>().is_ok_and(|n| number(p) == Some(n)))
    {
        return Ok(project);
    }
    let matches = |p: &&Project| p.id.contains(&lower) || p.title.to_lowercase().contains(&lower);
    let found: Vec<&Project> = all.iter().filter(|_| !lower.trim().is_empty()).filter(matches).collect();
    if let [one] = found.as_slice() {
        return Ok(one);
    }
    let failure = Failure::usage(format!("no project of the curriculum is called {word:?}"));
    if !found.is_empty() {
        let ids: Vec<&str> = found.iter().map(|p| p.id.as_str()).collect();
        return Err(Failure::usage(format!("{word:?} can mean {} projects", found.len()))
            .hint(format!("say which: {}", ids.join(", "))));
    }
    let name = |p: &'a Project| p.id.split_once('-').map_or(p.id.as_str(), |(_, name)| name);
    let near = words::nearest(&lower, all.iter().map(|p| p.id.as_str()))
        .or_else(|| words::nearest(&lower, all.iter().map(name)));
    Err(match near {
        Some(near) => failure.hint(format!("did you mean {near}?")),
        None => {
            failure.hint(format!("there are: {}", all.iter().map(|p| p.id.as_str()).collect::<Vec<_>>().join(", ")))
        }
    })
}

/// The project's directory from the repository's root: where it is, where `.mastery.toml` says, or a new one of its name.
fn place(project: &Project, config: &Config, survey: &Survey) -> Result<BString, Failure> {
    let id = project.id.as_str();
    let there = survey.projects.iter().find(|p| p.id == id).map(|p| p.path.clone());
    let single = config.project.is_some() || survey.single().is_some();
    if let (None, true, Some(one)) = (&there, single, survey.projects.first()) {
        return Err(Failure::usage(format!("this repository holds one project, {:?}, at its root", one.id))
            .hint(format!("if that is it, write id = \"{id}\" under [project] in .mastery.toml"))
            .hint("otherwise start it in a repository of its own"));
    }
    let place = there.unwrap_or_else(|| BString::from(id));
    let inside = |path: &Path| path.components().all(|part| matches!(part, Component::Normal(_)));
    if place.to_path().is_ok_and(inside) {
        return Ok(place);
    }
    Err(Failure::usage(format!("the project's directory {:?} is no path inside the repository", place.to_str_lossy()))
        .hint("name it in [projects.\"…\"] of .mastery.toml without `..`, and not from /"))
}

/// The languages to write, and those that were planned but have no scaffold.
fn languages(
    asked: &[String],
    config: &Config,
    project: &Project,
) -> Result<(Vec<&'static str>, Vec<String>), Failure> {
    let planned = config.planned(&project.id);
    let mut found: Vec<&'static str> = Vec::new();
    let mut without = Vec::new();
    for word in if asked.is_empty() { planned.as_slice() } else { asked } {
        match scaffold_for(word) {
            Some(name) if found.contains(&name) => {}
            Some(name) => found.push(name),
            None if asked.is_empty() => without.push(word.clone()),
            None => return Err(no_scaffold(word)),
        }
    }
    if found.is_empty() {
        return Err(no_scaffold(&without.join(", ")));
    }
    Ok((found, without))
}

fn no_scaffold(word: &str) -> Failure {
    let failure = Failure::usage(format!("there is no scaffold for the language {word:?}"));
    match words::nearest(&word.to_lowercase(), scaffold::LANGUAGES) {
        Some(near) => failure.hint(format!("did you mean {near}?")),
        None => failure.hint(format!("there are: {}; --language chooses", scaffold::LANGUAGES.join(", "))),
    }
}

fn scaffold_for(word: &str) -> Option<&'static str> {
    let word = word.to_lowercase();
    let means = |name: &&str| *name == word || family::named(&word).is_some_and(|f| f.name == *name);
    scaffold::LANGUAGES.into_iter().find(means)
}

/// Where a language lives in the project: where it is, where the configuration says, or the guide's name.
fn directory(language: &str, config: &Config, known: Option<&layout::Project>) -> String {
    let there = known.and_then(|project| {
        let track = project.tracks.iter().find(|t| t.language == language)?;
        let skip = if project.path.is_empty() { 0 } else { project.path.len() + 1 };
        Some(track.path.get(skip..).unwrap_or_default().to_str_lossy().into_owned())
    });
    let configured = || {
        let written = config.languages.get(language)?.directories.as_ref()?;
        let directory = written.iter().find(|d| !d.contains(['*', '?', '[', '{']))?.trim_matches('/');
        Some(if directory == "." { String::new() } else { directory.to_owned() })
    };
    there.or_else(configured).unwrap_or_else(|| language.to_owned())
}

/// The project's own files.
fn papers(top: &Path, project: &Project, place: &BStr, config: &Config) -> Result<Plan, Failure> {
    let at = root(top, place)?;
    let files = scaffold::project(project, &config.journal.file)?;
    Ok(Plan { changes: files.into_iter().map(|file| create_or_keep(at.join(&file.path), file.text)).collect() })
}

/// The files of one track; a directory that holds somebody's implementation stays as it is.
fn track(
    top: &Path,
    project: &Project,
    language: &'static str,
    place: &BStr,
    inside: &str,
    paths: &[BString],
    config: &Config,
) -> Result<Vec<Change>, Failure> {
    let depth = Path::new(inside).components().count();
    let up = if depth == 0 { ".".to_owned() } else { vec![".."; depth].join("/") };
    let files = scaffold::track(project, language, &up);
    let track = join(place, inside.as_bytes());
    let at = root(top, track.as_bstr())?;
    let skip = if track.is_empty() { 0 } else { track.len() + 1 };
    let is_own = |path: &&BString| {
        let name = path[skip..].as_bstr();
        let code = config.languages.get(language).is_some_and(|language| {
            matches!(kind::kind_of(name, language), Kind::Source | Kind::Test | Kind::Manifest)
        });
        code && !files.iter().any(|file| *name == file.path.as_str())
    };
    if let Some(own) = paths.iter().filter(|path| is_below(path.as_bstr(), track.as_bstr())).find(is_own) {
        let why = format!("an implementation is there already: {}", words::shown(own));
        return Ok(vec![Change::Keep { path: at, why }]);
    }
    Ok(files.into_iter().map(|file| create_or_keep(at.join(&file.path), file.text)).collect())
}

fn root(top: &Path, inside: &BStr) -> Result<PathBuf, Failure> {
    let inside = inside.to_path().map_err(|e| Failure::usage("the project's directory is no path here").because(e))?;
    Ok(if inside.as_os_str().is_empty() { top.to_owned() } else { top.join(inside) })
}

fn create_or_keep(path: PathBuf, text: String) -> Change {
    if std::fs::symlink_metadata(&path).is_err() {
        return Change::Create { path, bytes: text.into_bytes(), executable: false };
    }
    let is_ours = files::read(&path).ok().flatten().is_some_and(|bytes| bytes == text.as_bytes());
    let why = if is_ours { "as it was made" } else { "there already; not touched" };
    Change::Keep { path, why: why.into() }
}

/// A track at the project's root has a README and a compose file too: the project's come first.
fn once_each(plan: &mut Plan) {
    let mut seen: Vec<PathBuf> = Vec::new();
    plan.changes.retain(|change| {
        let is_new = !seen.iter().any(|path| path == change.path());
        seen.push(change.path().to_owned());
        is_new
    });
}

/// No link and no `..` may carry a write out of the repository.
fn guard(top: &Path, plan: &Plan) -> Result<(), Failure> {
    for change in plan.changes.iter().filter(|change| change.writes()) {
        let inside = change.path().strip_prefix(top).unwrap_or(change.path());
        if !inside.components().all(|part| matches!(part, Component::Normal(_))) {
            return Err(Failure::usage(format!("{} is no path inside the repository", inside.display()))
                .hint("mend `directories` in .mastery.toml: no `..`, and not from /"));
        }
        ground::stays_inside(top, change.path())?;
    }
    Ok(())
}
