//! One hook's place in a directory: what lies there, and what it amounts to.

use super::location::{Location, Standing};
use super::manager::Manager;
use super::shim::{self, Shim};
use super::{LEGACY, OLD, before};
use crate::failure::Failure;
use crate::system::files;
use bstr::{BStr, ByteSlice};
use serde::{Deserialize, Serialize};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// What lies at one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Nothing.
    Nothing,
    /// A shim of mastery's.
    Ours {
        /// What it says of itself.
        shim: Shim,
        /// All of it.
        bytes: Vec<u8>,
        /// Whether git would run it.
        executable: bool,
    },
    /// Somebody else's hook: text, binary, link, whatever it is.
    Foreign {
        /// Who wrote it, where that can be told.
        manager: Option<Manager>,
        /// Whether git would run it.
        executable: bool,
    },
}

/// One hook's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The hook's name.
    pub name: &'static str,
    /// Where git looks for it.
    pub path: PathBuf,
    /// What lies there.
    pub found: Found,
    /// The hook that was there before, where one is kept.
    pub kept: Option<PathBuf>,
    /// A shim of mastery's that another manager moved aside and still runs.
    pub legacy: Option<PathBuf>,
    /// A shim of mastery's that another manager moved aside and does not run.
    pub old: Option<PathBuf>,
    /// The file from which somebody else's hook, or a manager's configuration, calls mastery's.
    pub caller: Option<PathBuf>,
}

/// What a place amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// mastery's hook fires.
    Installed,
    /// mastery's hook is there and out of date.
    Stale,
    /// Somebody else's hook is there, mastery's is not.
    Foreign,
    /// mastery's hook is there, and git does not run it.
    Shadowed,
    /// No hook is there.
    Absent,
}

impl Place {
    /// Looks at the place of `name` in `directory`; `top` is the work tree, where managers have their configuration.
    ///
    /// # Errors
    /// A file is there and can't be read.
    pub fn look(directory: &Path, name: &'static str, top: &Path) -> Result<Place, Failure> {
        let path = directory.join(name);
        let beside = |suffix: &str| directory.join(format!("{name}{suffix}"));
        let ours = |path: PathBuf| Ok(matches!(look(&path)?, Found::Ours { .. }).then_some(path));
        let kept = directory.join(before(name));
        let found = look(&path)?;
        let manager = match &found {
            Found::Foreign { manager, .. } => manager.or(Manager::of_directory(directory)),
            _ => None,
        };
        let call = format!("mastery hook run {name}");
        let calls = |file: &PathBuf| {
            let text = fs::read(file).unwrap_or_default();
            text.lines().any(|line| !line.trim_start().starts_with(b"#") && line.contains_str(&call))
        };
        let mut files = manager.map(|m| m.configuration(directory, name, top)).unwrap_or_default();
        if matches!(found, Found::Foreign { .. }) {
            files.push(path.clone());
        }
        Ok(Place {
            name,
            found,
            caller: files.into_iter().find(calls),
            kept: fs::symlink_metadata(&kept).is_ok().then_some(kept),
            legacy: ours(beside(LEGACY))?,
            old: ours(beside(OLD))?,
            path,
        })
    }

    /// What the place amounts to, and why in a few words, for a binary at `binary`.
    ///
    /// # Errors
    /// A file is there and can't be read.
    pub fn state(&self, location: &Location, binary: &Path) -> Result<(State, String), Failure> {
        if location.is_elsewhere()
            && !matches!(self.found, Found::Ours { .. })
            && self.caller.is_none()
            && let usual = location.usual.join(self.name)
            && let Found::Ours { .. } = look(&usual)?
        {
            let value = location.setting.as_ref().map_or("", |s| s.value.as_str());
            let why = format!("core.hooksPath = {value:?} sends git past {}", usual.display());
            return Ok((State::Shadowed, why));
        }
        Ok(match &self.found {
            Found::Nothing if location.standing == Standing::Off => {
                (State::Absent, "core.hooksPath names no directory: git runs no hook".into())
            }
            Found::Nothing => (State::Absent, "no hook is there".into()),
            Found::Ours { executable: false, .. } => {
                (State::Shadowed, "it is not executable, so git passes over it".into())
            }
            Found::Ours { shim, .. } => {
                outdated(shim, binary).map_or_else(|| (State::Installed, self.company()), |why| (State::Stale, why))
            }
            Found::Foreign { manager, .. } => self.foreign(manager.or(Manager::of_directory(&location.directory))),
        })
    }

    /// Who else runs here.
    fn company(&self) -> String {
        self.kept.as_ref().map(|_| format!("runs {} first", before(self.name))).unwrap_or_default()
    }

    fn foreign(&self, manager: Option<Manager>) -> (State, String) {
        let who = manager.map_or("somebody", Manager::name);
        if self.legacy.is_some() {
            return (State::Installed, format!("{who} stands before it and runs it as {}{LEGACY}", self.name));
        }
        if let Some(caller) = &self.caller {
            let file = caller.file_name().unwrap_or_default().to_string_lossy();
            return (State::Installed, format!("{who} calls it, from {file}"));
        }
        if self.old.is_some() {
            let why = format!("{who} replaced mastery's hook, which it no longer runs, with its own");
            return (State::Foreign, why);
        }
        (State::Foreign, format!("it is {who}'s{}", if manager.is_some() { "" } else { " own" }))
    }
}

/// Why a shim is out of date, if it is.
fn outdated(shim: &Shim, binary: &Path) -> Option<String> {
    if shim.version != shim::VERSION {
        return Some(format!("its shim is version {}, this mastery writes version {}", shim.version, shim::VERSION));
    }
    if shim.edited {
        return Some("somebody edited it".into());
    }
    (shim.binary != BStr::new(binary.as_os_str().as_bytes()))
        .then(|| format!("it looks for mastery at {}, this one is {}", shim.binary, binary.display()))
}

fn look(path: &Path) -> Result<Found, Failure> {
    let Ok(itself) = fs::symlink_metadata(path) else { return Ok(Found::Nothing) };
    let executable = fs::metadata(path).is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0);
    // What a link names is not for us to replace, whatever it holds; nor is anything that is no file.
    let bytes = if itself.is_dir() { None } else { files::read(path)? }.unwrap_or_default();
    Ok(match shim::recognise(&bytes).filter(|_| itself.is_file()) {
        Some(shim) => Found::Ours { shim, bytes, executable },
        None => Found::Foreign { manager: Manager::of_text(&bytes), executable },
    })
}
