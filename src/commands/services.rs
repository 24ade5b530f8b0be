//! `mastery services`: the services of a project up and down, and whether they answer.

use super::site::{Needed, Site};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::history::layout::Project;
use crate::services::compose::{compose, database_name};
use crate::services::protocol::{self, Answer};
use crate::services::{Client, Endpoint, Platform, Service, native};
use crate::system::exec::Run;
use crate::system::exec::limited::Answer as Ran;
use crate::system::{files, net};
use crate::views::{self, words};
use crate::world::World;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

/// Arguments of `mastery services`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Of this project, where there are several
    #[arg(long, value_name = "ID", global = true)]
    project: Option<String>,
    /// Only this service; may be given several times. Without a compose file also one that the curriculum doesn't name
    #[arg(long, value_name = "NAME", value_enum, global = true)]
    service: Vec<Service>,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Start what doesn't answer yet, and wait until all do
    Up {
        /// How long to wait for answers
        #[arg(long, value_name = "DURATION", default_value = "2m", value_parser = humantime::parse_duration)]
        timeout: Duration,
        /// Show the command, and run nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Stop and remove the containers
    Down {
        /// Remove the volumes too: all data in them is lost
        #[arg(long)]
        volumes: bool,
        /// Don't ask
        #[arg(short, long)]
        yes: bool,
        /// Show the command, and run nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Ask each service in its own protocol, wherever it came from
    Status,
    /// Show what the services log
    Logs {
        /// Go on until interrupted
        #[arg(short, long)]
        follow: bool,
    },
}

/// How long one question may take.
const QUESTION: Duration = Duration::from_secs(3);

/// Runs `mastery services …`.
pub fn run(arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    let site = Site::look(world)?;
    let project = site.project(arguments.project.as_deref())?;
    let needed = chosen(site.needed(project, world)?, &arguments.service, project)?;
    if needed.endpoints.is_empty() {
        world.term.err("the project needs no service: there is no compose file, and the curriculum names none\n")?;
        world.term.err("--service redis runs one all the same\n")?;
        return Ok(Exit::Fine);
    }
    let context = Context { world, needed: &needed, project, directory: site.directory(project) };
    match arguments.action {
        Action::Up { timeout, dry_run } => context.up(timeout, dry_run),
        Action::Down { volumes, yes, dry_run } => context.down(volumes, yes, dry_run),
        Action::Status => context.status(),
        Action::Logs { follow } => context.logs(follow),
    }
}

/// Narrows the services down to the wanted ones.
fn chosen(needed: Needed, wanted: &[Service], project: &Project) -> Result<Needed, Failure> {
    if wanted.is_empty() {
        return Ok(needed);
    }
    let Some(file) = needed.file else {
        let endpoint = |s: &Service| Endpoint { database: database_name(&project.id), ..Endpoint::guide(*s) };
        return Ok(Needed { file: None, endpoints: wanted.iter().map(endpoint).collect() });
    };
    for service in wanted {
        if !needed.endpoints.iter().any(|e| e.service == *service) {
            return Err(Failure::usage(format!("{} declares no {}", file.display(), service.title()))
                .hint(format!("it declares: {}", names(&needed.endpoints).join(", "))));
        }
    }
    let endpoints = needed.endpoints.into_iter().filter(|e| wanted.contains(&e.service)).collect();
    Ok(Needed { file: Some(file), endpoints })
}

fn names(endpoints: &[Endpoint]) -> Vec<&str> {
    endpoints.iter().map(|e| e.name.as_str()).collect()
}

struct Context<'a> {
    world: &'a World,
    needed: &'a Needed,
    project: &'a Project,
    directory: PathBuf,
}

impl Context<'_> {
    fn up(&self, timeout: Duration, dry_run: bool) -> Result<Exit, Failure> {
        let answers = self.ask();
        for (endpoint, answer) in &answers {
            match answer {
                Answer::Well { .. } => self.world.term.note(&views::services::answers(endpoint, answer))?,
                Answer::Another(seen) => return Err(taken(endpoint, seen)),
                Answer::Denied(said) => return Err(denied(endpoint, said)),
                _ => {}
            }
        }
        let down: Vec<Endpoint> = answers
            .into_iter()
            .filter(|(_, answer)| !matches!(answer, Answer::Well { .. }))
            .map(|(endpoint, _)| endpoint.clone())
            .collect();
        if down.is_empty() {
            self.world.term.note("all services answer already; nothing was started\n")?;
            return Ok(Exit::Fine);
        }
        let mut words = vec!["up", "-d"];
        words.extend(names(&down));
        if !self.compose(&words, dry_run)? {
            return Ok(Exit::Fine);
        }
        self.wait(down, timeout)
    }

    /// Asks until all answer.
    fn wait(&self, mut waiting: Vec<Endpoint>, timeout: Duration) -> Result<Exit, Failure> {
        let begun = Instant::now();
        loop {
            let progress = self.world.term.progress();
            progress.show(&format!("waiting for {}, {} s", names(&waiting).join(", "), begun.elapsed().as_secs()));
            let mut left = Vec::new();
            let mut last = None;
            for endpoint in waiting {
                match protocol::ask(&endpoint, QUESTION.min(timeout)) {
                    answer @ Answer::Well { .. } => {
                        let after = words::duration(begun.elapsed());
                        let text = views::services::answers(&endpoint, &answer);
                        progress.show("");
                        self.world.term.note(&format!("{} after {after}\n", text.trim_end()))?;
                    }
                    Answer::Denied(said) => return Err(denied(&endpoint, &said)),
                    answer => {
                        last = Some(answer);
                        left.push(endpoint);
                    }
                }
            }
            waiting = left;
            if let Some(signal) = self.world.interrupt.signal() {
                return Err(Failure::interrupted(signal));
            }
            let (Some(endpoint), Some(answer)) = (waiting.first(), last) else { return Ok(Exit::Fine) };
            if begun.elapsed() >= timeout {
                let (state, note) = views::services::state(&answer);
                let why = if note.is_empty() { state.to_owned() } else { note };
                return Err(Failure::missing(format!(
                    "{} doesn't answer on {} after {}: {why}",
                    endpoint.service.title(),
                    endpoint.address(),
                    words::duration(timeout)
                ))
                .hint(format!("its log: mastery services logs --service {}", endpoint.service.name()))
                .hint("a slow machine may need longer: --timeout 10m"));
            }
            thread::sleep(Duration::from_millis(200));
        }
    }

    fn down(&self, volumes: bool, yes: bool, dry_run: bool) -> Result<Exit, Failure> {
        if volumes && !yes && !dry_run {
            if !self.world.term.is_interactive() {
                return Err(Failure::usage("`down --volumes` loses all data, and there is no terminal to ask on")
                    .hint("if it may go: mastery services down --volumes --yes"));
            }
            if !self.world.term.confirm("Remove the containers and all data in their volumes?")? {
                self.world.term.err("Nothing was removed.\n")?;
                return Ok(Exit::Fine);
            }
        }
        self.compose(if volumes { &["down", "--volumes"] } else { &["down"] }, dry_run)?;
        Ok(Exit::Fine)
    }

    fn logs(&self, follow: bool) -> Result<Exit, Failure> {
        let mut words = vec!["logs"];
        if follow {
            words.push("--follow");
        }
        words.extend(names(&self.needed.endpoints));
        self.compose(&words, false)?;
        Ok(Exit::Fine)
    }

    fn status(&self) -> Result<Exit, Failure> {
        let answers = self.ask();
        let status = views::services::Status::new(self.needed.file.as_deref(), &answers);
        if self.world.term.is_json() {
            self.world.term.json(&status)?;
        } else {
            self.world.term.out(&status.text())?;
        }
        let all = answers.iter().all(|(_, answer)| matches!(answer, Answer::Well { .. }));
        Ok(if all { Exit::Fine } else { Exit::Verdict })
    }

    /// What each service answers; all are asked at once.
    fn ask(&self) -> Vec<(&Endpoint, Answer)> {
        thread::scope(|scope| {
            let asked: Vec<_> = self
                .needed
                .endpoints
                .iter()
                .map(|endpoint| (endpoint, scope.spawn(move || protocol::ask(endpoint, QUESTION))))
                .collect();
            let lost = |_| Answer::Unreachable("the question came to no end".into());
            asked.into_iter().map(|(endpoint, asked)| (endpoint, asked.join().unwrap_or_else(lost))).collect()
        })
    }

    /// Runs compose with the project's file, or with one made from the guide's; gives whether it was run.
    fn compose(&self, words: &[&str], dry_run: bool) -> Result<bool, Failure> {
        let client = self.client()?;
        let (file, made) = if let Some(file) = &self.needed.file {
            (file.clone(), None)
        } else {
            let services: Vec<Service> = self.needed.endpoints.iter().map(|e| e.service).collect();
            let name = database_name(&self.project.id);
            let file = self.world.env.cache_directory()?.join("services").join(&name).join("docker-compose.yml");
            (file, compose(&services, &name)?)
        };
        let mut command: Vec<String> = client.words().iter().map(|w| (*w).to_owned()).collect();
        command.extend(["-f".into(), file.to_string_lossy().into_owned()]);
        command.extend(words.iter().map(|w| (*w).to_owned()));
        let shown: Vec<String> = command.iter().map(|w| words::shell(w)).collect();
        self.world.term.note(&format!("{} {}\n", if dry_run { "would run" } else { "running" }, shown.join(" ")))?;
        if dry_run {
            return Ok(false);
        }
        if let Some(text) = made {
            files::replace(&file, text.as_bytes())?;
        }
        let Some((program, arguments)) = command.split_first() else { return Ok(false) };
        let run = Run::new("run docker compose", program, &self.directory, &self.world.env).args(arguments);
        let well = run.interactive()?;
        if let Some(signal) = self.world.interrupt.signal() {
            return Err(Failure::interrupted(signal));
        }
        if !well {
            return Err(Failure::missing(format!("`{}` did not end well; what it said stands above", shown.join(" ")))
                .hint("`mastery doctor` looks for ports that are taken, and for the engine")
                .hint("the guide: docker-compose down, then docker-compose up -d"));
        }
        Ok(true)
    }

    /// The compose client, where there is one with an engine behind it.
    fn client(&self) -> Result<Client, Failure> {
        let limit = Duration::from_secs(20);
        let ask = |words: &[&str]| match words.split_first() {
            Some((program, arguments)) => Run::new("ask for docker", program, &self.directory, &self.world.env)
                .args(arguments)
                .within(limit, &self.world.interrupt),
            None => Ran::Missing,
        };
        let fails = |answer: &Ran| !matches!(answer, Ran::Ended { code: 0, .. });
        let engine = ask(&crate::doctor::engine::COMMAND);
        if fails(&engine) {
            let why = match &engine {
                Ran::Missing => "docker is not installed".to_owned(),
                Ran::TooSlow => "the Docker engine doesn't answer".into(),
                Ran::Refused(why) => why.clone(),
                Ran::Ended { err, .. } => err.lines().rfind(|l| !l.trim().is_empty()).unwrap_or_default().to_owned(),
            };
            return Err(self.without(&format!("no container can be run: {why}")));
        }
        [Client::Plugin, Client::Standalone].into_iter().find(|client| !fails(&ask(client.version()))).ok_or_else(
            || self.without("no container can be run: neither `docker compose` nor docker-compose is installed"),
        )
    }

    /// That it can't be done with containers, and how it is done without.
    fn without(&self, message: &str) -> Failure {
        let has = |program: &str| which::which_in(program, self.world.env.get("PATH"), &self.directory).is_ok();
        let platform = Platform::detect(cfg!(target_os = "macos"), has);
        let mut failure = Failure::missing(message).hint("without containers, from the system's own packages:");
        for endpoint in &self.needed.endpoints {
            for step in native::steps(endpoint, platform) {
                failure = failure.hint(format!("  {step}"));
            }
        }
        failure.hint("then `mastery services status` asks them; `mastery doctor` says what docker lacks")
    }
}

fn taken(endpoint: &Endpoint, seen: &str) -> Failure {
    let holders = net::holders(endpoint.port);
    Failure::missing(format!(
        "{} can't be started: its port {} is taken by {} ({seen})",
        endpoint.service.title(),
        endpoint.port,
        net::held_by(&holders)
    ))
    .hint(match holders.first() {
        Some(holder) => format!("end it: kill {}", holder.pid),
        None => format!("see who: lsof -i :{}", endpoint.port),
    })
    .hint("or publish another port in the compose file")
}

fn denied(endpoint: &Endpoint, said: &str) -> Failure {
    Failure::missing(format!("{} on {} doesn't let us in: {said}", endpoint.service.title(), endpoint.address()))
        .hint("a volume keeps the password that it was made with; if its data may go:")
        .hint("  mastery services down --volumes && mastery services up")
}
