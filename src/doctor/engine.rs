//! The Docker engine: not the client, which may be there without one.

use super::tool::Needs;
use super::{Finding, Platform};
use crate::system::exec::limited::Answer;

/// The question whose answer is judged here: only an engine knows its own version.
pub const COMMAND: [&str; 4] = ["docker", "version", "--format", "{{.Server.Version}}"];

/// Whether the answer to [`COMMAND`] comes from an engine.
pub fn is_there(answer: &Answer) -> bool {
    matches!(answer, Answer::Ended { code: 0, .. })
}

/// Whether containers can be started; none where there is no client either, which is another finding.
pub fn judge(answer: &Answer, needs: &Needs, platform: Platform) -> Option<Finding> {
    let id = "docker.engine";
    let (what, denied) = match answer {
        Answer::Missing => return None,
        Answer::Ended { code: 0, out, .. } => {
            return Some(Finding::fine(id, format!("the Docker engine {} answers", out.trim())));
        }
        Answer::TooSlow => ("the Docker engine doesn't answer: its time was up".to_owned(), false),
        Answer::Refused(why) => (format!("docker can't be started: {why}"), false),
        Answer::Ended { err, .. } => {
            let line = err.lines().rfind(|l| !l.trim().is_empty()).unwrap_or("without a word").trim();
            (format!("the Docker engine can't be reached: {line}"), err.contains("permission denied"))
        }
    };
    let why = "without an engine no container runs; the services can come from the system's own packages instead";
    let finding = if needs.containers { Finding::error(id, what, why) } else { Finding::warning(id, what, why) };
    Some(finding.mended_by(match platform {
        _ if denied => "sudo usermod -aG docker \"$USER\" && newgrp docker",
        Platform::Brew => "open -a Docker",
        Platform::Apk => "sudo rc-service docker start",
        _ => "sudo systemctl enable --now docker",
    }))
}

#[cfg(test)]
mod tests {
    use super::super::Severity;
    use super::*;

    fn failed(err: &str) -> Answer {
        Answer::Ended { code: 1, out: String::new(), err: err.into() }
    }

    #[test]
    fn an_engine_that_is_down_matters_only_where_containers_are_needed() {
        let down = failed("Cannot connect to the Docker daemon at unix:///var/run/docker.sock.\n");
        let needed = Needs { containers: true, ..Needs::default() };
        let finding = judge(&down, &needed, Platform::Apt).unwrap();
        assert_eq!(finding.severity, Severity::Error);
        assert_eq!(finding.mend.unwrap().command, "sudo systemctl enable --now docker");
        assert_eq!(judge(&down, &Needs::default(), Platform::Apt).unwrap().severity, Severity::Warning);
    }

    #[test]
    fn an_engine_that_may_not_be_asked_is_mended_by_the_group() {
        let finding = judge(&failed("permission denied while trying to connect"), &Needs::default(), Platform::Apt);
        assert!(finding.unwrap().mend.unwrap().command.contains("usermod -aG docker"));
    }
}
