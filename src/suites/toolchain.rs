//! The tools that a suite needs: where they are, and their versions, without starting them on the hot path.

use crate::config::Language;
use crate::failure::Failure;
use crate::git::ObjectId;
use crate::system::env::Env;
use crate::system::exec::Run;
use crate::system::files;
use regex::Regex;
use serde::{Deserialize, Serialize};
use std::ffi::{OsStr, OsString};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::UNIX_EPOCH;

/// A tool that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tool {
    /// Its name: `go`, `node`, `python`.
    pub name: &'static str,
    /// Its version's first two numbers; empty where it does not tell.
    pub version: String,
}

/// A tool that is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absent {
    /// What is missing, as a sentence's end: "`go` is not on PATH".
    pub what: String,
    /// What mends it.
    pub mend: String,
}

/// Where a suite's tools are looked for.
#[derive(Debug, Clone)]
pub struct Bench {
    /// The suite's environment: git's variables gone, the virtual environment's `bin` first on PATH.
    pub env: Env,
    /// The virtual environment in use.
    pub venv: Option<PathBuf>,
}

impl Bench {
    /// The environment for a suite of `language`; `directories` may hold a virtual environment, the nearest first.
    pub fn of(language: &Language, directories: &[PathBuf], world: &Env) -> Bench {
        let mut env = world.without_git();
        for name in ["MASTERY_SKIP", "MASTERY_INSTALL_PATH", "MASTERY_REPORT"] {
            env.remove(name);
        }
        let mut path: Vec<PathBuf> = split(world.get("PATH"));
        for installed in split(world.get("MASTERY_INSTALL_PATH")) {
            if !path.contains(&installed) {
                path.push(installed);
            }
        }
        let venv = is(language, "python").then(|| venv(directories)).flatten();
        if let Some(venv) = &venv {
            path.insert(0, venv.join("bin"));
            env.set("VIRTUAL_ENV", venv.clone());
            env.remove("PYTHONHOME");
        }
        env.set(
            "PATH",
            std::env::join_paths(path).unwrap_or_else(|_| OsString::from(world.get("PATH").unwrap_or_default())),
        );
        Bench { env, venv }
    }

    /// Where a program is on the suite's PATH.
    pub fn find(&self, program: &str) -> Option<PathBuf> {
        which::which_in(program, self.env.get("PATH"), "/").ok()
    }

    /// The tools that the preset of `language` needs, asked in `directory`; what is known of them is kept in `cache`.
    ///
    /// # Errors
    /// One is missing.
    pub fn tools(&self, language: &Language, directory: &Path, cache: &Path) -> Result<Vec<Tool>, Absent> {
        let Some(preset) = language.preset else { return Ok(Vec::new()) };
        let needed: &[(&'static str, &[&str], &[&str], &str)] = match preset.name {
            "golang" => &[("go", &["go"], &["version"], "install Go (https://go.dev/dl/) and open a new terminal")],
            "nestjs" => {
                &[("node", &["node"], &["--version"], "install Node.js (https://nodejs.org) and open a new terminal")]
            }
            "python" => &[(
                "python",
                &["python", "python3"],
                &["--version"],
                "install Python, then: python3 -m venv .venv && .venv/bin/pip install pytest",
            )],
            _ => &[],
        };
        let tool = |(name, programs, question, mend): &(&'static str, &[&str], &[&str], &str)| {
            let path = programs
                .iter()
                .find_map(|p| self.find(p))
                .ok_or_else(|| Absent { what: format!("`{name}` is not on PATH"), mend: (*mend).to_owned() })?;
            Ok(Tool { name, version: self.version(&path, question, directory, cache) })
        };
        let npm = preset.name == "nestjs" && language.test.as_deref().is_some_and(|t| t.starts_with("npm "));
        if npm && self.find("npm").is_none() {
            return Err(Absent {
                what: "`npm` is not on PATH".into(),
                mend: "install Node.js with npm (https://nodejs.org)".into(),
            });
        }
        needed.iter().map(tool).collect()
    }

    /// The version of a tool, from the cache while the tool's file is the same.
    fn version(&self, path: &Path, question: &[&str], directory: &Path, cache: &Path) -> String {
        let Some(seal) = self.seal(path, directory) else { return String::new() };
        let kept = cache.join("tools").join(ObjectId::of_blob(seal.as_bytes()).to_string());
        if let Ok(Some(bytes)) = files::read(&kept)
            && let Ok(known) = serde_json::from_slice::<Known>(&bytes)
            && known.seal == seal
        {
            return known.version;
        }
        let mut env = self.env.clone();
        env.set("GOTOOLCHAIN", "local");
        let answer = Run::new("ask a tool for its version", path, directory, &env).args(question).output();
        let version = answer.ok().filter(|o| o.status.success()).and_then(|o| {
            numbers(&String::from_utf8_lossy(&o.stdout)).or_else(|| numbers(&String::from_utf8_lossy(&o.stderr)))
        });
        let Some(version) = version else { return String::new() };
        if let Ok(text) = serde_json::to_vec(&Known { seal, version: version.clone() }) {
            // A cache that can't be written costs time, not truth.
            let _: Result<(), Failure> = files::replace(&kept, &text);
        }
        version
    }

    /// What tells one state of a tool from another: its file; for a script that chooses among versions, what it chooses by too.
    fn seal(&self, path: &Path, directory: &Path) -> Option<String> {
        let mut seal = stamp(path)?;
        if is_script(path) {
            for name in ["PYENV_VERSION", "ASDF_DIR", "VOLTA_HOME", "NODENV_VERSION", "GOENV_VERSION"] {
                seal.push_str(&format!("\n{name}={}", self.env.text(name).unwrap_or_default()));
            }
            let chosen = [".python-version", ".tool-versions", ".node-version", ".nvmrc", ".go-version", "mise.toml"];
            for place in directory.ancestors() {
                seal.extend(chosen.iter().filter_map(|file| stamp(&place.join(file))).map(|s| format!("\n{s}")));
            }
            let root = self.env.get("PYENV_ROOT").map(PathBuf::from);
            let root = root.or_else(|| self.env.get("HOME").map(|h| Path::new(h).join(".pyenv")));
            seal.extend(root.and_then(|r| stamp(&r.join("version"))).map(|s| format!("\n{s}")));
        }
        Some(seal)
    }
}

#[derive(Serialize, Deserialize)]
struct Known {
    seal: String,
    version: String,
}

static NUMBERS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\d+\.\d+").ok());

fn numbers(text: &str) -> Option<String> {
    Some(NUMBERS.as_ref()?.find(text)?.as_str().to_owned())
}

fn is(language: &Language, name: &str) -> bool {
    language.preset.is_some_and(|p| p.name == name)
}

fn split(path: Option<&OsStr>) -> Vec<PathBuf> {
    path.map(|p| std::env::split_paths(p).collect()).unwrap_or_default()
}

fn venv(directories: &[PathBuf]) -> Option<PathBuf> {
    let candidates = directories.iter().flat_map(|d| [".venv", "venv"].map(|name| d.join(name)));
    candidates.into_iter().find(|v| v.join("bin/python").exists())
}

fn stamp(path: &Path) -> Option<String> {
    let about = std::fs::metadata(path).ok()?;
    let modified = about.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    // What a link leads to is told by its device and inode.
    let file = format!("{} {} {} {}", about.dev(), about.ino(), about.len(), modified.as_nanos());
    Some(format!("{} {file}", path.display()))
}

fn is_script(path: &Path) -> bool {
    use std::io::Read;
    let mut start = [0; 2];
    std::fs::File::open(path).and_then(|mut f| f.read_exact(&mut start)).is_ok() && &start == b"#!"
}
