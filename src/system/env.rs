//! The environment and the working directory: read once, then carried as values.

use crate::failure::{Context, Failure};
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::sync::Arc;

/// The environment at the start of the process, or a made-up one in tests.
#[derive(Debug, Clone, Default)]
pub struct Env {
    /// As they were found, since few are ever asked for; clones share them. Of one that is there twice, the last counts.
    found: Arc<Vec<(OsString, OsString)>>,
    /// What was set since, or taken away.
    changed: BTreeMap<OsString, Option<OsString>>,
}

/// What `git rev-parse --local-env-vars` names (git 2.30 to 2.47): it must not reach a suite.
const LOCAL_TO_A_REPOSITORY: [&str; 16] = [
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_CONFIG",
    "GIT_CONFIG_PARAMETERS",
    "GIT_CONFIG_COUNT",
    "GIT_OBJECT_DIRECTORY",
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_GRAFT_FILE",
    "GIT_INDEX_FILE",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_REPLACE_REF_BASE",
    "GIT_PREFIX",
    "GIT_SHALLOW_FILE",
    "GIT_COMMON_DIR",
];

/// What git sets besides, for the commit that is under way.
const OF_THIS_COMMIT: [&str; 6] = [
    "GIT_EDITOR",
    "GIT_SEQUENCE_EDITOR",
    "GIT_REFLOG_ACTION",
    "GIT_QUARANTINE_PATH",
    "GIT_INTERNAL_GETTEXT_SH_SCHEME",
    "GIT_PUSH_OPTION_COUNT",
];

impl Env {
    /// The process's own environment.
    #[expect(clippy::disallowed_methods, reason = "this is the door")]
    pub fn capture() -> Self {
        Env { found: Arc::new(std::env::vars_os().collect()), changed: BTreeMap::new() }
    }

    /// An environment of exactly these variables.
    pub fn of<K: Into<OsString>, V: Into<OsString>>(pairs: impl IntoIterator<Item = (K, V)>) -> Self {
        let found = pairs.into_iter().map(|(k, v)| (k.into(), v.into())).collect();
        Env { found: Arc::new(found), changed: BTreeMap::new() }
    }

    /// The value of `name`; an empty one counts as unset.
    pub fn get(&self, name: &str) -> Option<&OsStr> {
        let name = OsStr::new(name);
        let found = || self.found.iter().rfind(|(found, _)| found == name).map(|(_, value)| value);
        let value = self.changed.get(name).map_or_else(found, Option::as_ref);
        value.map(OsString::as_os_str).filter(|v| !v.is_empty())
    }

    /// The value of `name` where it is text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(OsStr::to_str)
    }

    /// Sets one variable, for a child's environment.
    pub fn set(&mut self, name: impl Into<OsString>, value: impl Into<OsString>) {
        self.changed.insert(name.into(), Some(value.into()));
    }

    /// Takes one variable away, for a child's environment.
    pub fn remove(&mut self, name: &str) {
        self.changed.insert(name.into(), None);
    }

    /// Every variable, in order of name.
    pub fn pairs(&self) -> impl Iterator<Item = (&OsStr, &OsStr)> {
        let mut all: BTreeMap<&OsStr, &OsStr> =
            self.found.iter().map(|(k, v)| (k.as_os_str(), v.as_os_str())).collect();
        for (name, value) in &self.changed {
            match value {
                Some(value) => _ = all.insert(name, value),
                None => _ = all.remove(name.as_os_str()),
            }
        }
        all.into_iter()
    }

    /// This environment with nothing in it of the commit or repository that git is busy with: what a suite may see.
    #[must_use]
    pub fn without_git(&self) -> Env {
        let keep = |name: &OsStr| {
            let Some(name) = name.to_str() else { return true };
            !(LOCAL_TO_A_REPOSITORY.contains(&name)
                || OF_THIS_COMMIT.contains(&name)
                || ["GIT_AUTHOR_", "GIT_COMMITTER_", "GIT_CONFIG_KEY_", "GIT_CONFIG_VALUE_", "GIT_PUSH_OPTION_"]
                    .iter()
                    .any(|prefix| name.starts_with(prefix)))
        };
        let mut env = self.clone();
        let names = self.found.iter().map(|(name, _)| name).chain(self.changed.keys()).filter(|name| !keep(name));
        env.changed.extend(names.map(|name| (name.clone(), None)));
        env
    }

    /// The user's cache directory for mastery: `$XDG_CACHE_HOME/mastery`, or below the home directory as the system has it.
    ///
    /// # Errors
    /// Neither a cache directory nor a home directory is known.
    pub fn cache_directory(&self) -> Result<PathBuf, Failure> {
        if let Some(cache) = self.get("XDG_CACHE_HOME").map(PathBuf::from).filter(|p| p.is_absolute()) {
            return Ok(cache.join("mastery"));
        }
        let home = self.get("HOME").map(PathBuf::from).ok_or_else(|| {
            Failure::missing("no directory for snapshots: neither XDG_CACHE_HOME nor HOME is set")
                .hint("set HOME, or XDG_CACHE_HOME to an absolute path")
        })?;
        Ok(if cfg!(target_os = "macos") { home.join("Library/Caches/mastery") } else { home.join(".cache/mastery") })
    }
}

/// The process's working directory.
///
/// # Errors
/// It has been removed, or may not be read.
#[expect(clippy::disallowed_methods, reason = "this is the door")]
pub fn working_directory() -> Result<PathBuf, Failure> {
    std::env::current_dir()
        .or_missing(|| "can't read the current directory".into())
        .map_err(|f| f.hint("change to a directory that exists"))
}

/// The command line, the program's name first.
pub fn arguments() -> Vec<OsString> {
    std::env::args_os().collect()
}

/// The path of this very binary.
///
/// # Errors
/// The system can't tell.
pub fn own_binary() -> Result<PathBuf, Failure> {
    std::env::current_exe().or_missing(|| "can't tell where the mastery binary is".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suite_sees_nothing_of_the_commit_under_way() {
        let env = Env::of([
            ("GIT_DIR", "x"),
            ("GIT_AUTHOR_NAME", "x"),
            ("GIT_EDITOR", ":"),
            ("GIT_SSH", "ssh"),
            ("PATH", "p"),
        ]);
        let left: Vec<_> = env.without_git().pairs().map(|(k, _)| k.to_owned()).collect();
        assert_eq!(left, ["GIT_SSH", "PATH"]);
    }
}
