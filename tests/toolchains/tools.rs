//! The real tools: where they are, and what it means that one is not.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A set of tools that some tests need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tool {
    /// Node with npm, and Jest with ts-jest from the lock file here.
    Jest,
    /// Go.
    Go,
    /// Python with pytest from the requirements here.
    Pytest,
    /// husky, lefthook, pre-commit and prek as `managers` pins them.
    Managers,
    /// A Redis server from the system's packages.
    Redis,
}

impl Tool {
    /// Its name for people.
    pub fn name(self) -> &'static str {
        match self {
            Tool::Jest => "npm and Jest",
            Tool::Go => "go",
            Tool::Pytest => "pytest",
            Tool::Managers => "husky, lefthook, pre-commit and prek",
            Tool::Redis => "redis-server",
        }
    }

    /// What of it is missing here; none where all is there.
    pub fn missing(self) -> Option<String> {
        let installed = |path: PathBuf| (!path.exists()).then(|| path.display().to_string());
        match self {
            Tool::Jest => program("npm").or_else(|| installed(installed_tools().join("node/node_modules/.bin/jest"))),
            Tool::Go => program("go"),
            Tool::Redis => program("redis-server"),
            Tool::Pytest => installed(installed_tools().join("python/bin/pytest")),
            Tool::Managers => MANAGERS.iter().find_map(|path| installed(installed_tools().join(path))),
        }
    }

    /// Whether a test that needs it can run; `tests/toolchains/summary.rs` tells in the closing lines what could not.
    ///
    /// # Panics
    /// It is missing, and `CI` is set.
    pub fn is_here(self) -> bool {
        let missing = self.missing();
        if let Some(what) = missing.as_ref().filter(|_| is_ci()) {
            panic!("CI is set and {} is not here ({what}): .ci/run installs it", self.name());
        }
        missing.is_none()
    }
}

/// Where each hook manager is below [`installed_tools`].
pub const MANAGERS: [&str; 4] = [
    "managers-node/node_modules/.bin/husky",
    "managers-node/node_modules/.bin/lefthook",
    "managers-python/bin/pre-commit",
    "managers-python/bin/prek",
];

/// The command line that begins a call of Docker Compose 2.20 or later; nothing where there is no such client.
pub fn compose() -> Option<Vec<&'static str>> {
    [vec!["docker", "compose"], vec!["docker-compose"]].into_iter().find(|client| {
        let version = Command::new(client[0]).args(&client[1..]).args(["version", "--short"]).output();
        let text = version.ok().filter(|v| v.status.success()).map(|v| String::from_utf8_lossy(&v.stdout).into_owned());
        let parts: Vec<u32> = text
            .iter()
            .flat_map(|t| t.trim().trim_start_matches('v').split('.'))
            .map_while(|n| n.parse().ok())
            .collect();
        parts.get(..2).is_some_and(|version| version >= [2, 20].as_slice())
    })
}

/// The command line that begins a call with mounts of its own, where this user may make such a call and mount a small disk.
pub fn small_disk() -> Option<Vec<&'static str>> {
    let mount = ["sh", "-c", "mount -t tmpfs -o size=16k none /mnt"];
    [vec!["unshare", "-m"], vec!["unshare", "-rm"]].into_iter().find(|unshare| {
        let tried = Command::new(unshare[0]).args(&unshare[1..]).args(mount).output();
        tried.is_ok_and(|tried| tried.status.success())
    })
}

/// Whether a missing tool is a failure.
pub fn is_ci() -> bool {
    std::env::var_os("CI").is_some_and(|value| !value.is_empty())
}

/// Where `.ci/run` installs: `MASTERY_TOOLCHAINS`, else `toolchains` in the build's directory.
pub fn installed_tools() -> PathBuf {
    std::env::var_os("MASTERY_TOOLCHAINS").map_or_else(
        || Path::new(env!("CARGO_BIN_EXE_mastery")).ancestors().nth(2).unwrap().join("toolchains"),
        PathBuf::from,
    )
}

fn program(name: &str) -> Option<String> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let is_found = std::env::split_paths(&path).any(|directory| directory.join(name).exists());
    (!is_found).then(|| format!("no {name} on PATH"))
}
