//! One temporary directory with a home and a repository in it.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The clock of every sandbox, for mastery and for git.
pub const NOW: &str = "2026-11-22T10:00:00+00:00";

/// A hermetic world. Everything in it goes when it is dropped.
pub struct Sandbox {
    root: tempfile::TempDir,
    now: String,
    extra: Vec<(String, String)>,
}

/// What a command left behind, with the sandbox's paths shown as `$ROOT` and the binary's as `$MASTERY`.
#[derive(Debug)]
pub struct Ran {
    /// The exit code; 128 + n where a signal ended it.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Ran {
    /// Both outputs and the code, for a snapshot.
    pub fn all(&self) -> String {
        format!("exit {}\n--- out\n{}--- err\n{}", self.code, self.out, self.err)
    }

    /// Demands exit 0.
    #[track_caller]
    pub fn ok(self) -> Ran {
        assert_eq!(self.code, 0, "{}", self.all());
        self
    }

    /// Demands this exit code.
    #[track_caller]
    pub fn fails(self, code: i32) -> Ran {
        assert_eq!(self.code, code, "{}", self.all());
        self
    }
}

impl Sandbox {
    /// A home and an empty repository on branch `main`, in `work`.
    pub fn new() -> Sandbox {
        let sandbox = Sandbox::without_repository();
        sandbox.git(["init", "-q", "-b", "main"]).ok();
        sandbox
    }

    /// A home and an empty directory `work`.
    pub fn without_repository() -> Sandbox {
        let root = tempfile::Builder::new().prefix("mastery-test-").tempdir().unwrap();
        fs::create_dir(root.path().join("home")).unwrap();
        fs::create_dir(root.path().join("work")).unwrap();
        Sandbox { root, now: NOW.into(), extra: Vec::new() }
    }

    /// The directory that holds everything.
    pub fn root(&self) -> PathBuf {
        self.root.path().canonicalize().unwrap()
    }

    /// The directory that commands run in.
    pub fn work(&self) -> PathBuf {
        self.root().join("work")
    }

    /// The home directory.
    pub fn home(&self) -> PathBuf {
        self.root().join("home")
    }

    /// Moves the clock, for mastery and for git's dates (RFC 3339).
    pub fn at(&mut self, now: &str) -> &mut Sandbox {
        now.clone_into(&mut self.now);
        self
    }

    /// Sets one more variable for every command from now on.
    pub fn env(&mut self, name: &str, value: &str) -> &mut Sandbox {
        self.extra.push((name.into(), value.into()));
        self
    }

    /// Writes a file below `work`, with its directories.
    pub fn write(&self, path: impl AsRef<Path>, content: impl AsRef<[u8]>) -> &Sandbox {
        let path = self.work().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    /// Reads a file below `work`.
    #[track_caller]
    pub fn read(&self, path: impl AsRef<Path>) -> String {
        let path = self.work().join(path);
        String::from_utf8(fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))).unwrap()
    }

    /// Whether something is at a path below `work`.
    pub fn exists(&self, path: impl AsRef<Path>) -> bool {
        fs::symlink_metadata(self.work().join(path)).is_ok()
    }

    /// Runs git in `work`.
    pub fn git<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Ran {
        self.git_in("", arguments)
    }

    /// Runs git in a directory below `work`.
    pub fn git_in<S: AsRef<OsStr>>(&self, directory: &str, arguments: impl IntoIterator<Item = S>) -> Ran {
        self.run(self.command("git", directory).args(arguments))
    }

    /// Stages everything and commits it, past the hooks; gives the new commit's id.
    #[track_caller]
    pub fn commit_all(&self, message: &str) -> String {
        self.git(["add", "-A"]).ok();
        self.git(["commit", "-q", "--no-verify", "--allow-empty", "-m", message]).ok();
        self.git(["rev-parse", "HEAD"]).ok().out.trim().to_owned()
    }

    /// Runs mastery in `work`.
    pub fn mastery<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Ran {
        self.mastery_in("", arguments)
    }

    /// Runs mastery in a directory below `work`.
    pub fn mastery_in<S: AsRef<OsStr>>(&self, directory: &str, arguments: impl IntoIterator<Item = S>) -> Ran {
        self.run(self.command(env!("CARGO_BIN_EXE_mastery"), directory).args(arguments))
    }

    /// Runs mastery on a terminal, on which this was typed; what is seen there is standard output.
    #[cfg(target_os = "linux")]
    pub fn on_a_terminal(&self, arguments: &str, typed: &str) -> Ran {
        use std::io::Write;
        let line = format!("{} {arguments}", env!("CARGO_BIN_EXE_mastery"));
        let mut command = self.command("script", "");
        command.args(["-qec", &line, "/dev/null"]).env("TERM", "xterm").stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
        self.normalise(&child.wait_with_output().unwrap())
    }

    /// A command in a directory below `work`, with this world's environment and nothing on standard input; for what the short
    /// forms do not cover.
    pub fn command(&self, program: &str, directory: &str) -> Command {
        let mut command = Command::new(program);
        let path = std::env::var_os("PATH").unwrap_or_default();
        command
            .current_dir(self.work().join(directory))
            .env_clear()
            .env("PATH", path)
            .env("HOME", self.home())
            .env("TMPDIR", self.root())
            .env("LANG", "C.UTF-8")
            .env("TERM", "dumb")
            .env("MASTERY_NOW", &self.now)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_AUTHOR_NAME", "Ada Learner")
            .env("GIT_AUTHOR_EMAIL", "ada@example.com")
            .env("GIT_AUTHOR_DATE", &self.now)
            .env("GIT_COMMITTER_NAME", "Ada Learner")
            .env("GIT_COMMITTER_EMAIL", "ada@example.com")
            .env("GIT_COMMITTER_DATE", &self.now)
            .envs(self.extra.iter().map(|(k, v)| (k, v)))
            .stdin(Stdio::null());
        command
    }

    /// Runs a command made by [`Sandbox::command`].
    pub fn run(&self, command: &mut Command) -> Ran {
        self.normalise(&command.output().unwrap_or_else(|e| panic!("{command:?}: {e}")))
    }

    /// An output with the paths of this run replaced.
    pub fn normalise(&self, output: &Output) -> Ran {
        let text = |bytes: &[u8]| {
            String::from_utf8_lossy(bytes)
                .replace(self.root().to_str().unwrap(), "$ROOT")
                .replace(self.root.path().to_str().unwrap(), "$ROOT")
                .replace(env!("CARGO_BIN_EXE_mastery"), "$MASTERY")
        };
        let code = output.status.code().or_else(|| output.status.signal().map(|n| 128 + n)).unwrap();
        Ran { code, out: text(&output.stdout), err: text(&output.stderr) }
    }
}
