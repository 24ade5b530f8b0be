//! Git's side: who commits, whether the hooks fire, whether the configuration can be read.

use super::Finding;
use crate::hooks::place::State;
use serde::Deserialize;
use std::path::PathBuf;

/// Whether git knows who commits.
pub fn identity(name: Option<&str>, email: Option<&str>) -> Finding {
    let id = "git.identity";
    let missing: Vec<&str> = [("user.name", name), ("user.email", email)]
        .into_iter()
        .filter(|(_, value)| value.is_none_or(|v| v.trim().is_empty()))
        .map(|(key, _)| key)
        .collect();
    match (name, email) {
        (Some(name), Some(email)) if missing.is_empty() => {
            Finding::fine(id, format!("git knows you as {name} <{email}>"))
        }
        _ => {
            let command = |key: &&str| match *key {
                "user.name" => "git config --global user.name \"Your Name\"",
                _ => "git config --global user.email you@example.com",
            };
            let commands: Vec<&str> = missing.iter().map(command).collect();
            Finding::error(
                id,
                format!("git doesn't know who you are: {} is not set", missing.join(" and ")),
                "git refuses to commit, and status tells learners apart by it",
            )
            .mended_by(commands.join(" && "))
        }
    }
}

/// What `mastery hook status --format json` says, as far as it matters here.
#[derive(Debug, Deserialize)]
pub struct HookStatus {
    /// The hooks.
    pub hooks: Vec<Hook>,
    /// What to do where mastery may not write its own.
    pub advice: Vec<String>,
}

/// One of them.
#[derive(Debug, Deserialize)]
pub struct Hook {
    /// Its name.
    pub name: String,
    /// What its place amounts to.
    pub state: State,
}

/// Why hooks matter.
pub const WITHOUT_HOOKS: &str = "without them nothing is tested when you commit, and what you learn is not asked for";

/// Whether the hooks fire.
pub fn hooks(status: &HookStatus, top: PathBuf) -> Finding {
    let id = "git.hooks";
    let HookStatus { hooks, advice } = status;
    let broken: Vec<String> = hooks
        .iter()
        .filter(|hook| hook.state != State::Installed)
        .map(|Hook { name, state }| {
            let word = match state {
                State::Installed => "installed",
                State::Stale => "out of date",
                State::Foreign => "somebody else's",
                State::Shadowed => "shadowed",
                State::Absent => "absent",
            };
            format!("{name} is {word}")
        })
        .collect();
    let why = WITHOUT_HOOKS;
    if broken.is_empty() {
        return Finding::fine(id, "the hooks are installed, and git runs them");
    }
    if hooks.iter().all(|hook| hook.state == State::Absent) {
        let finding = Finding::warning(id, "the hooks are not installed", why);
        return if advice.is_empty() {
            finding.safely_mended_by("mastery hook install", top)
        } else {
            finding.mended_in("mastery hook install", top)
        };
    }
    let finding = Finding::error(id, format!("the hooks don't all fire: {}", broken.join(", ")), why);
    if advice.is_empty() {
        finding.safely_mended_by("mastery hook install", top)
    } else {
        finding.mended_in("mastery hook status", top)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Severity;
    use super::*;

    #[test]
    fn what_git_does_not_know_of_you_is_named_with_its_command() {
        let found = identity(Some("Ada"), None);
        assert_eq!(found.what, "git doesn't know who you are: user.email is not set");
        assert_eq!(found.mend.unwrap().command, "git config --global user.email you@example.com");
        assert_eq!(identity(Some("Ada"), Some("ada@example.com")).severity, Severity::Fine);
        assert!(identity(Some(" "), Some("x")).what.contains("user.name"));
    }

    fn status(states: &[(&str, State)], advice: &[&str]) -> HookStatus {
        HookStatus {
            hooks: states.iter().map(|(name, state)| Hook { name: (*name).into(), state: *state }).collect(),
            advice: advice.iter().map(|a| (*a).into()).collect(),
        }
    }

    #[test]
    fn hooks_that_were_never_installed_are_a_warning_and_half_of_them_an_error() {
        let found = |states: &[(&str, State)]| hooks(&status(states, &[]), "/x".into());
        assert_eq!(found(&[("pre-commit", State::Absent), ("commit-msg", State::Absent)]).severity, Severity::Warning);
        let half = found(&[("pre-commit", State::Stale), ("commit-msg", State::Installed)]);
        assert_eq!((half.severity, half.mend.unwrap().safe), (Severity::Error, true));
        assert!(half.what.contains("pre-commit is out of date"));
    }

    #[test]
    fn hooks_that_another_manager_owns_are_not_installed_by_themselves() {
        let found = hooks(&status(&[("pre-commit", State::Absent)], &["call it from husky"]), "/x".into());
        assert!(!found.mend.unwrap().safe);
    }
}
