//! One track on the bench: its service started, waited for, loaded, ended, and the figures kept.

use super::Load;
use super::running::Running;
use super::trouble::{self, Started, Trouble};
use crate::commands::site::Site;
use crate::failure::{Context, Failure};
use crate::git::{Entry, Repository};
use crate::history::kind::{Kind, kind_of};
use crate::history::layout::{Project, Track};
use crate::load::address::Address;
use crate::load::summary;
use crate::suites::log;
use crate::system::exec::suite::{Cause, Ended, Suite};
use crate::system::{files, machine, net};
use crate::views::load::Measured;
use crate::views::words;
use crate::world::World;
use bstr::{BStr, ByteSlice};
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};
use std::thread::{self, Scope};
use std::time::{Duration, Instant};

/// A load test that takes longer is no load test.
const LONGEST: Duration = Duration::from_secs(4 * 3600);
/// k6's exit code where a threshold was crossed.
const CROSSED: i32 = 99;
/// How long one question to a service may take.
const QUESTION: Duration = Duration::from_secs(2);

/// All that is the same for every track of a run.
pub(super) struct Bench<'a> {
    world: &'a World,
    site: &'a Site,
    project: &'a Project,
    load: &'a Load,
    repo: Repository,
    /// The project's directory.
    pub(super) directory: PathBuf,
    /// The script, from the project's directory.
    script: String,
}

/// Where a track's service is reached, and what writes down what happens.
struct Place {
    url: String,
    address: Address,
    log: PathBuf,
}

/// Whether a service has ended. One that died may be known as such only a moment later than k6, which it left with errors.
fn has_died(service: &Running<'_>, port: u16) -> bool {
    let refused = |e: std::io::Error| e.kind() == std::io::ErrorKind::ConnectionRefused;
    service.is_over() || net::get("127.0.0.1", port, "/health", QUESTION).is_err_and(refused)
}

impl<'a> Bench<'a> {
    /// A bench for one project.
    ///
    /// # Errors
    /// The repository can't be read.
    pub(super) fn new(
        world: &'a World,
        site: &'a Site,
        project: &'a Project,
        load: &'a Load,
        script: String,
    ) -> Result<Self, Failure> {
        let repo = Repository::open(&world.cwd)?;
        Ok(Bench { world, site, project, load, repo, directory: site.directory(project), script })
    }

    /// What would be done for a track.
    pub(super) fn plan(&self, track: &Track, command: &str) -> String {
        let port = self.load.port.map_or_else(|| "a free port".to_owned(), |port| format!("port {port}"));
        let (start, url) = match &self.load.url {
            Some(url) => (String::new(), words::shown(url)),
            None => (format!("  start  {}  on {port}\n", words::shown(command)), "http://127.0.0.1:PORT".to_owned()),
        };
        let kept = self.kept(track);
        format!(
            "{}\n{start}  load   k6 run -e BASE_URL={url} {}\n  keep   {}\n",
            words::shown(&track.language),
            words::shown(&self.script),
            self.shown(&kept)
        )
    }

    /// Measures one track and keeps the figures.
    pub(super) fn measure(&self, track: &Track, command: &str) -> Result<Measured, Failure> {
        self.check_signal()?;
        let kept = self.kept(track);
        if kept.parent() != Some(&self.directory.join("load")) {
            return Err(Failure::usage(format!("{:?} can't be the name of a file", track.language))
                .hint("give the language a name without slashes in .mastery.toml"));
        }
        for place in [self.directory.join("load"), kept.clone()] {
            if place.is_symlink() {
                return Err(Failure::missing(format!(
                    "{} is a symbolic link: nothing is written through it",
                    place.display()
                ))
                .hint("put a directory and files of the repository's own there"));
            }
        }
        let place = self.place(track)?;
        self.script_uses(&place)?;
        let circumstances = self.circumstances(track)?;
        let (summary, crossed) = match self.load.url {
            Some(_) => self.running(track, &place)?,
            None => self.started(track, command, &place)?,
        };
        self.check_signal()?;
        self.keep(track, &kept, circumstances, summary, crossed)
    }

    /// A failure where a signal has arrived.
    pub(super) fn check_signal(&self) -> Result<(), Failure> {
        self.world.interrupt.signal().map_or(Ok(()), |signal| Err(Failure::interrupted(signal)))
    }

    fn kept(&self, track: &Track) -> PathBuf {
        self.directory.join("load").join(format!("{}.json", track.language))
    }

    /// A path from the repository's top, for people.
    fn shown(&self, path: &Path) -> String {
        words::shown(path.strip_prefix(&self.site.top).unwrap_or(path).as_os_str().as_encoded_bytes())
    }

    fn place(&self, track: &Track) -> Result<Place, Failure> {
        let url = match (&self.load.url, self.load.port) {
            (Some(url), _) => url.trim_end_matches('/').to_owned(),
            (None, Some(port)) if !net::is_free(port) => {
                let failure =
                    Failure::missing(format!("the service of {} can't listen on port {port}", track.language));
                return Err(trouble::taken(failure, port).hint("without --port a free one is taken"));
            }
            (None, port) => {
                let port = port.map_or_else(net::free_port, Ok).or_missing(|| "no port is free".into())?;
                format!("http://127.0.0.1:{port}")
            }
        };
        let address = Address::parse(&url)
            .ok_or_else(|| Failure::usage(format!("{url:?} is no address")).hint("one like http://localhost:8080"))?;
        let slug = format!("load-{}-{}", self.project.id.replace('/', "-"), track.language);
        Ok(Place { url, address, log: log::path(self.repo.common_dir(), &slug) })
    }

    /// A script that loads something else than the service would measure nothing.
    fn script_uses(&self, place: &Place) -> Result<(), Failure> {
        let path = self.directory.join(&self.script);
        let text = files::read(&path)?.unwrap_or_default();
        if text.contains_str("BASE_URL") || text.contains_str(place.address.port_in_text()) {
            return Ok(());
        }
        Err(Failure::usage(format!("{} doesn't load {}: it doesn't use BASE_URL", self.shown(&path), place.url))
            .hint("in the script: const base = __ENV.BASE_URL || 'http://localhost:3000';")
            .hint("then for each request: http.get(`${base}/api/users`)"))
    }

    /// Loads a service that is not ours.
    fn running(&self, track: &Track, place: &Place) -> Result<(Value, bool), Failure> {
        let Address { is_secure, host, port, base } = &place.address;
        if !is_secure && let Err(error) = net::get(host, *port, &format!("{base}/health"), QUESTION * 5) {
            return Err(Failure::missing(format!("nothing to load: {} doesn't answer", place.url))
                .because(error)
                .hint("start the service first, or leave --url out: then mastery does"));
        }
        thread::scope(|scope| self.shoot(scope, track, place, None)).map_err(|trouble| match trouble {
            Trouble::Other(failure) => failure,
            _ => Failure::missing("the service ended"),
        })
    }

    /// Starts the service, loads it, and ends it with everything that it started.
    fn started(&self, track: &Track, command: &str, place: &Place) -> Result<(Value, bool), Failure> {
        let port = place.address.port;
        let mut env = self.world.env.without_git();
        env.set("PORT", port.to_string());
        let directory = self.site.track(track);
        let suite = Suite {
            command: command.to_owned(),
            directory: directory.clone(),
            env,
            log: place.log.clone(),
            output: None,
            timeout: LONGEST * 2,
        };
        self.world.term.note(&format!("{}: {} on port {port}\n", track.language, words::shown(command)))?;
        thread::scope(|scope| {
            let service = Running::start(scope, suite);
            let measured = self
                .until_healthy(track, port, &service)
                .and_then(|()| self.shoot(scope, track, place, Some(&service)));
            let ended = service.end()?;
            let here = directory.strip_prefix(&self.world.cwd).unwrap_or(&directory);
            let here = if here.as_os_str().is_empty() { Path::new(".") } else { here };
            let started = Started {
                language: &track.language,
                directory: &words::shell(&here.to_string_lossy()),
                command,
                port,
                log: &place.log,
            };
            let measured = measured.map_err(|trouble| started.explain(trouble, &ended))?;
            if let Some(left) = trouble::left(&track.language, &ended) {
                self.world.term.err(&left)?;
            }
            Ok(measured)
        })
    }

    /// Asks for `/health` until it is answered by anything but a failure of the server.
    fn until_healthy(&self, track: &Track, port: u16, service: &Running<'_>) -> Result<(), Trouble> {
        let begun = Instant::now();
        let progress = self.world.term.progress();
        loop {
            self.check_signal()?;
            let last = match net::get("127.0.0.1", port, "/health", QUESTION.min(self.load.timeout)) {
                Ok(500..) if service.is_over() => return Err(Trouble::EndedEarly),
                Ok(status @ 500..) => format!("GET /health on port {port} gives {status}"),
                Ok(_) => {
                    drop(progress);
                    let after = words::duration(begun.elapsed());
                    self.world.term.note(&format!("{}: answers after {after}\n", track.language))?;
                    return Ok(());
                }
                Err(e) if e.kind() == std::io::ErrorKind::ConnectionRefused => {
                    format!("nothing listens on port {port}")
                }
                Err(e) => format!("GET /health on port {port}: {e}"),
            };
            if service.is_over() {
                return Err(Trouble::EndedEarly);
            }
            if begun.elapsed() >= self.load.timeout {
                return Err(Trouble::Silent(format!("{last}, after {}", words::duration(self.load.timeout))));
            }
            progress.show(&format!("{}: waiting until it answers, {} s", track.language, begun.elapsed().as_secs()));
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Runs k6; gives its summary, and whether a threshold was crossed.
    fn shoot<'scope>(
        &self,
        scope: &'scope Scope<'scope, '_>,
        track: &Track,
        place: &Place,
        service: Option<&Running<'_>>,
    ) -> Result<(Value, bool), Trouble> {
        let (report, output) = (place.log.with_extension("report"), place.log.with_extension("output"));
        let (url, script) = (words::shell(&place.url), words::shell(&self.script));
        let mut env = self.world.env.without_git();
        env.set("MASTERY_SUMMARY", &report);
        // The summary in the form that `compare` and other tools read, whatever k6 writes by default.
        env.set("K6_NEW_MACHINE_READABLE_SUMMARY", "false");
        let k6 = Suite {
            command: format!(
                "exec k6 run --quiet --no-usage-report --summary-trend-stats 'avg,min,med,max,p(90),p(95),p(99)' \
                 --summary-export \"$MASTERY_SUMMARY\" -e BASE_URL={url} {script}"
            ),
            directory: self.directory.clone(),
            env,
            log: output.clone(),
            output: None,
            timeout: LONGEST,
        };
        files::remove(&report)?;
        self.world.term.note(&format!("{}: k6 run -e BASE_URL={url} {script}\n", track.language))?;
        let (begun, progress) = (Instant::now(), self.world.term.progress());
        let k6 = Running::start(scope, k6);
        while !k6.is_over() {
            self.check_signal()?;
            if service.is_some_and(Running::is_over) {
                return Err(Trouble::Died);
            }
            progress.show(&format!("{}: k6, {} s", track.language, begun.elapsed().as_secs()));
            thread::sleep(Duration::from_millis(50));
        }
        drop(progress);
        let ended = k6.end()?;
        self.check_signal()?;
        if service.is_some_and(|service| has_died(service, place.address.port)) {
            return Err(Trouble::Died);
        }
        Ok(self.summary(&ended, &report, &output)?)
    }

    /// What k6 wrote, where it came to an end of its own.
    fn summary(&self, ended: &Ended, report: &Path, output: &Path) -> Result<(Value, bool), Failure> {
        let failed = |message: String| {
            let tail = log::tail(output, 10);
            let failure = Failure::missing(format!("{message}; no figures were kept"));
            let failure = if tail.is_empty() { failure } else { failure.because(std::io::Error::other(tail)) };
            failure.hint(format!("what k6 said: {}", output.display()))
        };
        let crossed = match (ended.cause, ended.code) {
            (Cause::Itself, 0) => false,
            (Cause::Itself, CROSSED) => true,
            (Cause::Itself, code) => return Err(failed(format!("k6 ended with exit code {code}"))),
            (Cause::Timeout, _) => return Err(failed(format!("k6 was ended after {}", words::duration(LONGEST)))),
            (Cause::Stopped, _) => return Err(failed("k6 was stopped".into())),
        };
        let bytes = files::read(report)?.unwrap_or_default();
        let summary: Value =
            serde_json::from_slice(&bytes).map_err(|e| failed(format!("k6 wrote no summary ({e})")))?;
        match summary::figures(&summary) {
            Some(_) => Ok((summary, crossed)),
            None => Err(failed(format!("{} made no HTTP request", words::shown(&self.script)))),
        }
    }

    /// What is about to be measured, and where.
    fn circumstances(&self, track: &Track) -> Result<Map<String, Value>, Failure> {
        let mut said = Map::new();
        let mut say = |key: &str, value: Value| said.insert(key.to_owned(), value);
        say("schema", json!(1));
        say("language", json!(track.language));
        say("commit", json!(self.repo.head()?.map(|id| id.to_string())));
        say("changed", json!(self.is_changed(track)?));
        say("measured_at", json!(self.world.now.to_rfc3339()));
        say("machine", json!(machine::describe(&self.world.env, &self.world.interrupt)));
        say("script", json!(self.shown(&self.directory.join(&self.script))));
        if let Some(url) = &self.load.url {
            say("url", json!(url));
        }
        Ok(said)
    }

    /// Writes the summary with its circumstances to `load/LANGUAGE.json`.
    fn keep(
        &self,
        track: &Track,
        kept: &Path,
        circumstances: Map<String, Value>,
        mut summary: Value,
        crossed: bool,
    ) -> Result<Measured, Failure> {
        let figures = summary::figures(&summary).ok_or_else(|| Failure::missing("k6 made no HTTP request"))?;
        let Value::Object(object) = &mut summary else { return Err(Failure::missing("k6's summary is no object")) };
        object.extend(circumstances);
        object.insert("thresholds_passed".into(), Value::Bool(!crossed));
        let text = serde_json::to_string_pretty(&summary).or_missing(|| "can't write the summary as JSON".into())?;
        files::replace(kept, format!("{text}\n").as_bytes())?;
        let (crossed_ones, path) = (summary::crossed(&summary), self.shown(kept));
        Ok(Measured {
            language: track.language.clone(),
            figures,
            thresholds_passed: !crossed,
            crossed: crossed_ones,
            path,
        })
    }

    /// Whether the track's sources in the work tree are others than those of HEAD.
    fn is_changed(&self, track: &Track) -> Result<bool, Failure> {
        let Some(head) = self.repo.head()? else { return Ok(true) };
        let Some(language) = self.site.config.languages.get(&track.language) else { return Ok(true) };
        let counts = |entry: &&Entry| {
            let path = entry.path.as_bstr();
            let inside = path.strip_prefix(track.path.as_slice()).unwrap_or(path);
            let inside = inside.strip_prefix(b"/").unwrap_or(inside);
            track.holds(path) && matches!(kind_of(BStr::new(inside), language), Kind::Source | Kind::Manifest)
        };
        let committed = self.repo.entries(self.repo.tree_of(head)?)?;
        let here = self.repo.work_tree_entries()?;
        Ok(!committed.iter().filter(counts).eq(here.iter().filter(counts)))
    }
}
