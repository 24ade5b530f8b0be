//! Where git looks for hooks in a repository, and whether mastery may write there.

use super::manager::Manager;
use crate::failure::Failure;
use crate::git::Repository;
use crate::system::env::Env;
use crate::system::exec::Run;
use bstr::ByteSlice;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// The directory that git looks in, and why that one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The directory, absolute; it may not exist yet.
    pub directory: PathBuf,
    /// The directory that git would use were nothing configured.
    pub usual: PathBuf,
    /// `core.hooksPath`, where it is set.
    pub setting: Option<Setting>,
    /// Whether mastery may write there.
    pub standing: Standing,
}

/// A value of `core.hooksPath`, and where it is set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// As written.
    pub value: String,
    /// git's word: `local`, `global`, `system`, `worktree`, `command`.
    pub scope: String,
    /// git's word: `file:.git/config`.
    pub origin: String,
}

/// Whether mastery may write hooks to a directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// In the repository's own directory.
    Own,
    /// Configured, and outside every work tree: the user's own.
    Outside,
    /// In the work tree: what lies there is committed, or belongs to this manager.
    Inside(Option<Manager>),
    /// Configured to be empty: git then looks in the top of the work tree.
    Empty,
    /// Something that is no directory: hooks are switched off.
    Off,
}

impl Location {
    /// Asks git, in the work tree of `repo`.
    ///
    /// # Errors
    /// git can't be run or does not answer, or the repository is bare.
    pub fn ask(repo: &Repository, env: &Env) -> Result<Location, Failure> {
        let top = repo.needs_work_tree()?;
        let asked = answer("ask git where it looks for hooks", &["rev-parse", "--git-path", "hooks"], top, env)?;
        let answered = asked.ok_or_else(|| {
            Failure::missing("git does not say where it looks for hooks").hint("try: git rev-parse --git-path hooks")
        })?;
        let directory = top.join(OsStr::from_bytes(answered.strip_suffix(b"\n").unwrap_or(&answered)));
        let setting = setting(top, env)?;
        let standing = standing(repo, top, &directory, setting.as_ref());
        Ok(Location { directory, usual: repo.common_path("hooks"), setting, standing })
    }

    /// Whether git looks somewhere else than it would by itself.
    pub fn is_elsewhere(&self) -> bool {
        real(&self.directory) != real(&self.usual)
    }
}

fn answer(purpose: &str, arguments: &[&str], top: &Path, env: &Env) -> Result<Option<Vec<u8>>, Failure> {
    let output = Run::new(purpose, "git", top, env).args(arguments).output()?;
    Ok(output.status.success().then_some(output.stdout))
}

fn setting(top: &Path, env: &Env) -> Result<Option<Setting>, Failure> {
    let arguments = ["config", "-z", "--show-scope", "--show-origin", "--get", "core.hooksPath"];
    let Some(bytes) = answer("ask git for core.hooksPath", &arguments, top, env)? else { return Ok(None) };
    let mut parts = bytes.split_str("\0").map(|part| part.to_str_lossy().into_owned());
    let mut next = || parts.next().unwrap_or_default();
    let (scope, origin, value) = (next(), next(), next());
    Ok(Some(Setting { value, scope, origin }))
}

fn standing(repo: &Repository, top: &Path, directory: &Path, setting: Option<&Setting>) -> Standing {
    if setting.is_some_and(|s| s.value.is_empty()) {
        return Standing::Empty;
    }
    if directory.exists() && !directory.is_dir() {
        return Standing::Off;
    }
    let place = real(directory);
    if place.starts_with(real(repo.common_dir())) || place.starts_with(real(repo.git_dir())) {
        return Standing::Own;
    }
    // The main work tree's files are somebody's too when this is a linked one.
    let main = repo.common_dir().parent().filter(|_| repo.common_dir().file_name() == Some(OsStr::new(".git")));
    if [Some(top), main].into_iter().flatten().any(|tree| place.starts_with(real(tree))) {
        return Standing::Inside(Manager::of_directory(directory));
    }
    Standing::Outside
}

/// The path with its links followed, as far as it exists.
fn real(path: &Path) -> PathBuf {
    path.ancestors()
        .find_map(|above| {
            let known = above.canonicalize().ok()?;
            let rest = path.strip_prefix(above).unwrap_or(Path::new(""));
            Some(if rest.as_os_str().is_empty() { known } else { known.join(rest) })
        })
        .unwrap_or_else(|| path.to_owned())
}
