//! What can go wrong with a service, in words that say what to do.

use crate::failure::Failure;
use crate::load::launch;
use crate::suites::log;
use crate::system::exec::suite::Ended;
use crate::system::net;
use crate::views::words;
use std::path::Path;

/// Why a track was not measured.
pub(super) enum Trouble {
    /// Its service ended before it answered.
    EndedEarly,
    /// Its service did not answer in time; what was seen last.
    Silent(String),
    /// Its service ended while it was loaded.
    Died,
    /// Anything else.
    Other(Failure),
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Trouble::Other(failure)
    }
}

/// A service that was started.
pub(super) struct Started<'a> {
    /// Its language.
    pub(super) language: &'a str,
    /// Its directory from where the command stands, for a shell.
    pub(super) directory: &'a str,
    /// What started it.
    pub(super) command: &'a str,
    /// Where it was told to listen.
    pub(super) port: u16,
    /// Its output.
    pub(super) log: &'a Path,
}

impl Started<'_> {
    /// The trouble as a failure, with the end of the service's own output.
    pub(super) fn explain(&self, trouble: Trouble, ended: &Ended) -> Failure {
        let language = self.language;
        match trouble {
            Trouble::Other(failure) => failure,
            Trouble::Died => self.with_log(Failure::verdict(format!(
                "the service of {language} died under load ({}); no figures were kept",
                how(ended)
            ))),
            Trouble::Silent(last) => self
                .with_log(Failure::missing(format!("the service of {language} doesn't answer: {last}")))
                .hint(format!("it is told its port, {}, in PORT; one that listens elsewhere: --port 3000", self.port))
                .hint("one that is slow to start: --timeout 10m"),
            Trouble::EndedEarly if ended.code == 0 && !ended.left.is_empty() => self.with_log(
                Failure::missing(format!("the service of {language} went to the background, and was ended"))
                    .hint("start it with a command that ends only when the service does"),
            ),
            Trouble::EndedEarly => {
                let failure =
                    Failure::missing(format!("the service of {language} ended before it answered ({})", how(ended)));
                self.with_log(match launch::taken_port(&log::tail(self.log, 200)) {
                    Some(port) => taken(failure, port),
                    None => failure,
                })
            }
        }
    }

    fn with_log(&self, failure: Failure) -> Failure {
        let Started { language, directory, command, log, .. } = self;
        let tail = log::tail(log, 10);
        let failure = if tail.is_empty() { failure } else { failure.because(std::io::Error::other(tail)) };
        failure
            .hint(format!("its whole log: {}", log.display()))
            .hint(format!("to see it for yourself: cd {directory} && PORT=8080 {command}"))
            .hint(format!("another command: start = \"…\" under [languages.{language}] in .mastery.toml"))
    }
}

/// That a port is not to be had, and who has it.
pub(super) fn taken(failure: Failure, port: u16) -> Failure {
    let holders = net::holders(port);
    let failure = failure.hint(format!("port {port} is taken by {}", net::held_by(&holders)));
    match holders.first() {
        Some(holder) => failure.hint(format!("end it: kill {}", holder.pid)),
        None => failure.hint(format!("see who: lsof -i :{port}")),
    }
}

/// `exit code 1`, `signal 9`.
fn how(ended: &Ended) -> String {
    match ended.code {
        code @ 129..=192 => format!("signal {}", code - 128),
        code => format!("exit code {code}"),
    }
}

/// What a service left running when it was asked to end.
pub(super) fn left(language: &str, ended: &Ended) -> Option<String> {
    let names: Vec<String> = ended.left.iter().map(words::shown).collect();
    (!names.is_empty()).then(|| {
        format!(
            "{language}: when its service was asked to end it left {} running; mastery ended it\n",
            names.join(" and ")
        )
    })
}
