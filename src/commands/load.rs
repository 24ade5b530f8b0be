//! `mastery load run`: start a track's service, load it with k6, keep the figures, and leave no process behind.

mod bench;
mod running;
mod trouble;

use super::site::Site;
use crate::exit::Exit;
use crate::failure::{Failure, Kind};
use crate::history::layout::{Project, Track};
use crate::load::launch::{self, Found, MAINS};
use crate::system::exec::Run;
use crate::system::exec::limited::Answer;
use crate::system::files;
use crate::views::{self, words};
use crate::world::World;
use bench::Bench;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Arguments of `mastery load`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Start a track's service, load it with the project's k6 script, and keep the figures in load/LANGUAGE.json
    Run(Load),
}

/// Arguments of `mastery load run`.
#[derive(Debug, clap::Args)]
pub struct Load {
    /// The languages to load; all of the project's that can be started where none is named
    #[arg(value_name = "TRACK")]
    tracks: Vec<String>,
    /// Of this project, where there are several
    #[arg(long, value_name = "ID")]
    project: Option<String>,
    /// Load what runs there already, and start nothing
    #[arg(long, value_name = "URL", conflicts_with = "port")]
    url: Option<String>,
    /// The port of a service that doesn't listen where PORT says; a free one where none is given
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    port: Option<u16>,
    /// How long a service may take, with its build, until it answers GET /health
    #[arg(long, value_name = "DURATION", default_value = "5m", value_parser = humantime::parse_duration)]
    timeout: Duration,
    /// Show what would be run, and run nothing
    #[arg(long)]
    dry_run: bool,
}

/// Runs `mastery load …`.
pub fn run(arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    let Action::Run(load) = &arguments.action;
    let site = Site::look(world)?;
    let project = site.project(load.project.as_deref())?;
    let tracks = chosen(project, load)?;
    let script = script(&site.directory(project), project)?;
    let bench = Bench::new(world, &site, project, load, script)?;
    let mut wanted = Vec::new();
    for track in tracks {
        match command(&site, track) {
            Some(command) => wanted.push((track, command)),
            None if load.url.is_some() => wanted.push((track, String::new())),
            None if load.tracks.is_empty() => {
                let place = words::shown(&track.path);
                world
                    .term
                    .note(&format!("{}: nothing in {place}/ says how it is started; passed over\n", track.language))?;
            }
            None => return Err(unknown(&site, track)),
        }
    }
    if wanted.is_empty() {
        return Err(project.tracks.first().map_or_else(|| no_track(project), |track| unknown(&site, track)));
    }
    if load.dry_run {
        for (track, command) in &wanted {
            world.term.out(&bench.plan(track, command))?;
        }
        return Ok(Exit::Fine);
    }
    needs_k6(&bench, world)?;
    let mut all = Vec::new();
    for (n, (track, command)) in wanted.iter().enumerate() {
        let measured = bench.measure(track, command).map_err(|failure| {
            let rest: Vec<String> = wanted[n + 1..].iter().map(|(t, _)| words::shell(&t.language)).collect();
            let is_over = rest.is_empty() || matches!(failure.kind, Kind::Interrupted(_));
            if is_over { failure } else { failure.hint(format!("the others: mastery load run {}", rest.join(" "))) }
        })?;
        if !world.term.is_json() {
            world.term.out(&views::load::text(&measured))?;
        }
        all.push(measured);
    }
    if world.term.is_json() {
        world.term.json(&views::load::Report::new(&project.id, &all))?;
    } else {
        world.term.note(&views::load::next(&project.id))?;
    }
    let passed = all.iter().all(|m| m.thresholds_passed);
    Ok(if passed { Exit::Fine } else { Exit::Verdict })
}

fn chosen<'a>(project: &'a Project, load: &Load) -> Result<Vec<&'a Track>, Failure> {
    let known: Vec<&str> = project.tracks.iter().map(|t| t.language.as_str()).collect();
    if known.is_empty() {
        return Err(no_track(project));
    }
    let mut tracks: Vec<&Track> = Vec::new();
    for name in load.tracks.iter().map(|name| name.trim_end_matches('/')) {
        let Some(track) = project.tracks.iter().find(|t| t.language == name || t.path == name) else {
            let failure = Failure::usage(format!("{} has no track called {name:?}", project.id));
            return Err(match words::nearest(name, known.iter().copied()) {
                Some(near) => failure.hint(format!("did you mean {near}?")),
                None => failure.hint(format!("it has: {}", known.join(", "))),
            });
        };
        if !tracks.iter().any(|t| t.language == track.language) {
            tracks.push(track);
        }
    }
    if tracks.is_empty() {
        tracks = project.tracks.iter().collect();
    }
    if tracks.len() > 1 && load.url.is_some() {
        return Err(Failure::usage("one address can't be that of several tracks")
            .hint(format!("say which one runs there: mastery load run {} --url …", known.join("|"))));
    }
    Ok(tracks)
}

fn no_track(project: &Project) -> Failure {
    Failure::missing(format!("{} has no track that could be loaded", words::shown(&project.id)))
        .hint(format!("mastery start {} makes one", words::shell(&project.id)))
}

fn unknown(site: &Site, track: &Track) -> Failure {
    Failure::missing(format!("nothing in {} says how its service is started", site.track(track).display()))
        .hint(format!(
            "say it in .mastery.toml: [languages.{}] with start = \"…\"; the port is in $PORT",
            track.language
        ))
        .hint(format!("or start it yourself: mastery load run {} --url http://localhost:8080", track.language))
}

/// The project's script for k6: the one that `start` writes, the guide's, or the only one in `load/`.
fn script(directory: &Path, project: &Project) -> Result<String, Failure> {
    const KNOWN: [&str; 2] = ["load/load-test.js", "load-test.js"];
    if let Some(known) = KNOWN.into_iter().find(|path| directory.join(path).is_file()) {
        return Ok(known.to_owned());
    }
    let items = std::fs::read_dir(directory.join("load")).into_iter().flatten().flatten();
    let mut found: Vec<String> = items
        .filter_map(|item| item.file_name().into_string().ok())
        .filter(|name| Path::new(name).extension().is_some_and(|e| e == "js" || e == "ts"))
        .map(|name| format!("load/{name}"))
        .collect();
    found.sort();
    match found.as_slice() {
        [only] => Ok(only.clone()),
        [] => Err(Failure::missing(format!("{} has no load test", words::shown(&project.id)))
            .hint(format!("it is looked for at {} in {}", KNOWN.join(" and "), directory.display()))
            .hint(format!("mastery start {} writes one beside what is there", words::shell(&project.id)))),
        several => Err(Failure::usage(format!("{} has several load tests", words::shown(&project.id)))
            .hint(format!("there are: {}", several.join(", ")))
            .hint("call the one that counts load/load-test.js")),
    }
}

/// What starts the track's service: as configured, else as what lies there tells.
fn command(site: &Site, track: &Track) -> Option<String> {
    let configured = site.config.languages.get(&track.language).and_then(|l| l.start.clone());
    configured.or_else(|| launch::command(&look(&site.track(track))))
}

/// What lies in a track's directory, as far as it tells how its service is started.
fn look(at: &Path) -> Found {
    let items = std::fs::read_dir(at.join("cmd")).into_iter().flatten().flatten();
    let mut commands: Vec<String> = items
        .filter(|item| item.path().join("main.go").is_file())
        .filter_map(|item| item.file_name().into_string().ok())
        .collect();
    commands.sort();
    let python = [".venv/bin/python", "venv/bin/python"].into_iter().find(|path| at.join(path).is_file());
    Found {
        package: files::read(&at.join("package.json")).ok().flatten().and_then(|b| String::from_utf8(b).ok()),
        is_go: at.join("go.mod").is_file(),
        commands,
        has_main: at.join("main.go").is_file(),
        python: python.unwrap_or("python3").to_owned(),
        mains: MAINS.into_iter().filter(|main| at.join(main).is_file()).collect(),
    }
}

fn needs_k6(bench: &Bench<'_>, world: &World) -> Result<(), Failure> {
    let directory: &PathBuf = &bench.directory;
    let run = Run::new("ask for k6", "k6", directory, &world.env).args(["version"]);
    let why = match run.within(Duration::from_secs(60), &world.interrupt) {
        _ if world.interrupt.signal().is_some() => return bench.check_signal(),
        Answer::Ended { code: 0, .. } => return Ok(()),
        Answer::Missing => "k6 is not installed".to_owned(),
        Answer::TooSlow => "k6 doesn't answer".into(),
        Answer::Refused(why) => format!("k6 can't be started: {why}"),
        Answer::Ended { err, .. } => format!("k6 is broken: {}", err.trim()),
    };
    Err(Failure::missing(why)
        .hint("with Homebrew: brew install k6")
        .hint("with Go: go install go.k6.io/k6@latest, and $(go env GOPATH)/bin on PATH")
        .hint("or a package or binary from k6.io"))
}
