//! `mastery doctor`: what is wrong with the machine or the project's surroundings, and the command that mends it.

use super::site::{Needed, Site};
use crate::doctor::dependencies::{golang, nestjs, python};
use crate::doctor::probe::Probe;
use crate::doctor::tool::{Needs, TOOLS, Tool};
use crate::doctor::{Finding, Platform, Report, Severity, engine, git, services};
use crate::exit::Exit;
use crate::failure::{Failure, Kind};
use crate::services::Endpoint;
use crate::services::protocol::{self, Answer};
use crate::system::env;
use crate::system::exec::Run;
use crate::system::exec::limited::Answer as Ran;
use crate::system::net::{self, Holder};
use crate::views;
use crate::world::World;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

/// Arguments of `mastery doctor`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Run the commands that are safe: they lose nothing and need no rights that you don't have
    #[arg(long)]
    fix: bool,
    /// With --fix: show what would be run, and run nothing
    #[arg(long, requires = "fix")]
    dry_run: bool,
    /// With --fix: run without asking
    #[arg(short, long, requires = "fix")]
    yes: bool,
    /// How long each check may take
    #[arg(long, value_name = "DURATION", default_value = "10s", value_parser = humantime::parse_duration)]
    limit: Duration,
}

/// How long a command that mends something may take: installing can be slow.
const MENDING: Duration = Duration::from_secs(1800);

/// Checks, mends what is safe where that is wanted, and says how things stand.
pub fn run(arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    let mut report = examine(world, arguments.limit)?;
    if arguments.fix && mend(arguments, &report, world)? {
        report = examine(world, arguments.limit)?;
    }
    if let Some(signal) = world.interrupt.signal() {
        return Err(Failure::interrupted(signal));
    }
    if world.term.is_json() {
        world.term.json(&report)?;
    } else {
        world.term.out(&views::doctor::text(&report, &world.cwd, world.term.quiet))?;
    }
    Ok(if report.errors == 0 { Exit::Fine } else { Exit::Verdict })
}

/// What a check brought home.
enum Brought<'a> {
    Tool(&'static Tool, Vec<Ran>),
    Engine(Ran),
    Service(&'a Endpoint, Answer, Vec<Holder>),
    Identity(Option<String>, Option<String>),
    Done(Vec<Finding>),
    Node(String, PathBuf, nestjs::Found),
    Python(String, PathBuf, python::Found),
}

type Check<'a> = Box<dyn FnOnce() -> Brought<'a> + Send + 'a>;

/// Looks at everything at once.
fn examine(world: &World, limit: Duration) -> Result<Report, Failure> {
    let mut findings = Vec::new();
    let site = match Site::look(world) {
        Ok(site) => Some(site),
        Err(failure) => {
            findings.push(no_site(&failure));
            None
        }
    };
    let needed = site.as_ref().map(|site| needed(site, world, &mut findings)).unwrap_or_default();
    let languages = languages(site.as_ref());
    let probe = Probe { env: &world.env, directory: &world.cwd, limit, interrupt: &world.interrupt };
    let platform = Platform::detect(cfg!(target_os = "macos"), |program| probe.has(program));

    let mut checks: Vec<Check<'_>> = Vec::new();
    for tool in TOOLS.iter().filter(|t| t.concerns(&languages)) {
        checks.push(Box::new(move || Brought::Tool(tool, probe.tool(tool))));
    }
    checks.push(Box::new(move || Brought::Engine(probe.run(&engine::COMMAND, limit))));
    for endpoint in &needed.endpoints {
        checks.push(Box::new(move || {
            let answer = protocol::ask(endpoint, limit);
            let taken = matches!(answer, Answer::Another(_));
            let holders = if taken { net::holders(endpoint.port) } else { Vec::new() };
            Brought::Service(endpoint, answer, holders)
        }));
    }
    if let Some(site) = &site {
        for track in site.projects.iter().flat_map(|p| &p.tracks) {
            let name = if track.path.is_empty() { track.language.clone() } else { track.path.to_string() };
            let at = site.track(track);
            checks.push(Box::new(move || dependencies(probe, name, at)));
        }
        checks.push(Box::new(move || Brought::Done(vec![hooks(probe, &site.top)])));
    }
    checks.push(Box::new(move || Brought::Identity(identity(probe, "NAME"), identity(probe, "EMAIL"))));
    let brought = at_once(checks)?;
    findings.extend(judge(&brought, &needed, platform));
    Ok(Report::new(platform.name(), findings))
}

/// Runs all checks, each on a thread of its own; what they bring comes in the order of the checks.
fn at_once(checks: Vec<Check<'_>>) -> Result<Vec<Brought<'_>>, Failure> {
    thread::scope(|scope| {
        let running: Vec<_> = checks.into_iter().map(|check| scope.spawn(check)).collect();
        let broken =
            |_| Failure::missing("a check came to no end").hint("this is a mistake in mastery: please report it");
        running.into_iter().map(|check| check.join().map_err(broken)).collect()
    })
}

/// Turns what the checks brought into findings; what one of them says may depend on another.
fn judge(brought: &[Brought<'_>], needed: &Needed, platform: Platform) -> Vec<Finding> {
    let silent =
        |b: &Brought<'_>| matches!(b, Brought::Service(_, answer, _) if !matches!(answer, Answer::Well { .. }));
    let needs = Needs {
        services: needed.endpoints.iter().map(|e| e.service).collect(),
        containers: brought.iter().any(silent),
    };
    let engine = brought.iter().any(|b| matches!(b, Brought::Engine(answer) if engine::is_there(answer)));
    let python = brought.iter().find_map(|b| match b {
        Brought::Tool(tool, answers) if tool.name == "python" => {
            answers.iter().zip(tool.commands).find(|(a, _)| tool.accepts(a)).and_then(|(_, c)| c.first().copied())
        }
        _ => None,
    });
    let mut findings = Vec::new();
    for item in brought {
        match item {
            Brought::Tool(tool, answers) => findings.push(tool.judge(answers, &needs, platform)),
            Brought::Engine(answer) => findings.extend(engine::judge(answer, &needs, platform)),
            Brought::Service(endpoint, answer, holders) => {
                findings.push(services::judge(endpoint, answer, holders, engine, platform));
            }
            Brought::Identity(name, email) => findings.push(git::identity(name.as_deref(), email.as_deref())),
            Brought::Node(name, at, found) => findings.push(nestjs::judge(found, name, at.clone())),
            Brought::Python(name, at, found) => {
                findings.push(python::judge(found, name, at.clone(), python.unwrap_or("python3")));
            }
            Brought::Done(done) => findings.extend(done.iter().cloned()),
        }
    }
    findings
}

/// The services of the project at hand; that they can't be told is a finding.
fn needed(site: &Site, world: &World, findings: &mut Vec<Finding>) -> Needed {
    let Some(project) = site.here() else {
        let what = "services were not looked at: there are several projects here";
        findings.push(Finding::warning("services", what, "each has services of its own").mended_by(format!(
            "mastery -C {} doctor",
            site.projects.first().map(|p| p.path.to_string()).unwrap_or_default()
        )));
        return Needed::default();
    };
    site.needed(project, world).unwrap_or_else(|failure| {
        findings.push(Finding::error("services", failure.message, "the services of the project can't be told"));
        Needed::default()
    })
}

/// The languages in use: those of the tracks and of the configuration; on the first day the three of the guide.
fn languages(site: Option<&Site>) -> Vec<String> {
    let mut languages: Vec<String> = Vec::new();
    if let Some(site) = site {
        let tracks = site.projects.iter().flat_map(|p| p.tracks.iter().map(|t| t.language.clone()));
        languages.extend(tracks);
        let is_written = site.config.languages.values().any(|l| l.configured)
            || site.projects.iter().any(|p| site.config.project(&p.id).languages.is_some());
        if is_written || languages.is_empty() {
            languages.extend(site.projects.iter().flat_map(|p| site.config.planned(&p.id)));
        }
    } else {
        languages.extend(crate::config::preset::NAMES.map(str::to_owned));
    }
    languages
}

fn dependencies(probe: Probe<'_>, name: String, at: PathBuf) -> Brought<'_> {
    if let Some(found) = probe.nestjs(&at) {
        return Brought::Node(name, at, found);
    }
    if let Some((modules, sums)) = probe.golang(&at) {
        let vendored = at.join("vendor").is_dir();
        let has = |module: &golang::Module| probe.has_module(module);
        return Brought::Done(vec![golang::judge(&modules, sums.as_deref(), has, vendored, &name, at)]);
    }
    match probe.python(&at) {
        Some(found) => Brought::Python(name, at, found),
        None => Brought::Done(Vec::new()),
    }
}

/// Who commits, as git will have it: `what` is `NAME` or `EMAIL`.
fn identity(probe: Probe<'_>, what: &str) -> Option<String> {
    let variable = probe.env.text(&format!("GIT_AUTHOR_{what}")).map(str::to_owned);
    variable.or_else(|| probe.git_setting(&format!("user.{}", what.to_lowercase())))
}

/// The hooks, asked of this very binary in a process of its own: it runs git, which may hang.
fn hooks(probe: Probe<'_>, top: &Path) -> Finding {
    let own = env::own_binary().map(|path| path.to_string_lossy().into_owned());
    let answer = own.map(|own| probe.run(&[&own, "hook", "status", "--format", "json"], probe.limit));
    let why = match answer {
        Ok(Ran::Ended { code: 0, out, .. }) => match serde_json::from_str::<git::HookStatus>(&out) {
            Ok(status) => return git::hooks(&status, top.to_owned()),
            Err(error) => error.to_string(),
        },
        Ok(Ran::Ended { err, .. }) => err.lines().next().unwrap_or_default().to_owned(),
        Ok(Ran::TooSlow) => "its time was up".into(),
        Ok(Ran::Refused(why)) => why,
        Ok(Ran::Missing) => "mastery itself is gone".into(),
        Err(failure) => failure.message,
    };
    Finding::error("git.hooks", format!("it can't be told whether the hooks fire: {why}"), git::WITHOUT_HOOKS)
        .mended_in("mastery hook status", top.to_owned())
}

/// Without a work tree only the machine is looked at; a wrong configuration is one more thing to mend.
fn no_site(failure: &Failure) -> Finding {
    let cause = failure.cause.as_ref().map(|c| format!(": {c}")).unwrap_or_default();
    let what = format!("{}{cause}", failure.message);
    if failure.kind == Kind::Usage {
        Finding::error("configuration", what, "nothing works by a configuration that can't be read")
    } else {
        Finding::warning("repository", what, "only the machine is looked at, for all three languages")
            .mended_by("git init && mastery init")
    }
}

/// Runs what is safe; gives whether anything was run.
fn mend(arguments: &Arguments, report: &Report, world: &World) -> Result<bool, Failure> {
    let wrong = report.findings.iter().filter(|f| f.severity != Severity::Fine);
    let safe: Vec<_> = wrong.filter_map(|f| f.mend.as_ref()).filter(|m| m.safe).collect();
    if safe.is_empty() {
        world.term.note("nothing can be mended safely by itself\n")?;
        return Ok(false);
    }
    world.term.err(&views::doctor::to_be_run(&safe, &world.cwd))?;
    let agreed = match (arguments.dry_run, arguments.yes) {
        (true, _) => false,
        (false, true) => true,
        (false, false) if world.term.is_interactive() => world.term.confirm("Run these?")?,
        (false, false) => {
            world.term.err("nothing was run: there is no terminal to ask on; --yes runs them\n")?;
            false
        }
    };
    if !agreed {
        return Ok(false);
    }
    let mut env = world.env.without_git();
    // `mastery hook install` means this very binary.
    let own = env::own_binary()?.parent().map(Path::to_owned).into_iter();
    let others = world.env.get("PATH").map(|p| std::env::split_paths(p).collect::<Vec<_>>()).unwrap_or_default();
    if let Ok(path) = std::env::join_paths(own.chain(others)) {
        env.set("PATH", path);
    }
    for mend in safe {
        if world.interrupt.signal().is_some() {
            break;
        }
        let directory = mend.directory.as_deref().unwrap_or(&world.cwd);
        world.term.note(&format!("running {}\n", mend.command))?;
        let run = Run::new("mend it", "sh", directory, &env).args(["-c", &mend.command]);
        match run.within(MENDING, &world.interrupt) {
            Ran::Ended { code: 0, .. } => {}
            Ran::Ended { code, out, err } => {
                let text = if err.trim().is_empty() { out } else { err };
                world
                    .term
                    .err(&format!("it ended with exit code {code}:\n{}\n", views::words::shown_lines(text.trim())))?;
            }
            Ran::Missing | Ran::Refused(_) => world.term.err("it could not be started\n")?,
            Ran::TooSlow => world.term.err("it was ended after half an hour\n")?,
        }
    }
    Ok(true)
}
