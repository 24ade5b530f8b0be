//! A track made from a directory of `fixtures/`, with the pinned tools beside it as an installation would leave them.

use super::tools::{Tool, installed_tools};
use crate::harness::Sandbox;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::{Path, PathBuf};

/// What a test needs to know of a fixture.
pub struct Fixture {
    /// The tools that it takes.
    pub tool: Tool,
    /// Its directory in `fixtures/`.
    pub name: &'static str,
    /// Where its track lies in the repository.
    pub track: &'static str,
    /// The source that the tests below break, from the track.
    pub source: &'static str,
    /// What stands in it where the limit is right.
    pub right: &'static str,
    /// What makes it wrong: as many bytes.
    pub wrong: &'static str,
    /// What a refusal must name.
    pub test: &'static str,
}

/// Plain JavaScript with Jest.
pub const JEST: Fixture = Fixture {
    tool: Tool::Jest,
    name: "jest",
    track: "nestjs",
    source: "limiter.js",
    right: "this.seen <= this.limit",
    wrong: "this.seen >= this.limit",
    test: "limiter refuses the fourth request",
};

/// TypeScript as `nest new` sets it up, compiled by ts-jest.
pub const TS_JEST: Fixture = Fixture {
    tool: Tool::Jest,
    name: "ts-jest",
    track: "nestjs",
    source: "src/limiter.ts",
    right: "this.seen <= this.limit",
    wrong: "this.seen >= this.limit",
    test: "limiter refuses the fourth request",
};

/// A Go module.
pub const GO: Fixture = Fixture {
    tool: Tool::Go,
    name: "go",
    track: "golang",
    source: "limiter.go",
    right: "l.seen <= l.Limit",
    wrong: "l.seen >= l.Limit",
    test: "TestRefusesTheFourthRequest",
};

/// A Python project with pytest.
pub const PYTEST: Fixture = Fixture {
    tool: Tool::Pytest,
    name: "pytest",
    track: "python",
    source: "limiter.py",
    right: "self.seen <= self.limit",
    wrong: "self.seen >= self.limit",
    test: "tests/test_limiter.py::test_refuses_the_fourth_request",
};

/// As [`PYTEST`], with its package below `src`, to be installed in place.
pub const EDITABLE: Fixture = Fixture { name: "editable", source: "src/limiter/__init__.py", ..PYTEST };

impl Fixture {
    /// The source's path in the repository.
    pub fn path(&self) -> String {
        format!("{}/{}", self.track, self.source)
    }

    /// The bytes of the source, right or wrong.
    pub fn content(&self, is_right: bool) -> String {
        let text = fs::read_to_string(directory(self.name).join(self.source)).unwrap();
        assert!(text.contains(self.right), "{} is not what its test believes", self.name);
        if is_right { text } else { text.replace(self.right, self.wrong) }
    }

    /// A sandbox with this track committed, its tools installed, and the hooks in place; the journal rests.
    pub fn planted(&self) -> Sandbox {
        let sandbox = self.planted_without_hooks();
        sandbox.mastery(["hook", "install"]).ok();
        sandbox
    }

    /// As [`Fixture::planted`], before the hooks.
    pub fn planted_without_hooks(&self) -> Sandbox {
        let mut sandbox = Sandbox::new();
        // Go compiles its standard library once for all tests, and asks no network.
        let cache = installed_tools().join("go-cache");
        for (name, value) in [
            ("GOCACHE", cache.to_str().unwrap()),
            ("GOPROXY", "off"),
            ("GOTOOLCHAIN", "local"),
            ("GOFLAGS", "-mod=mod"),
        ] {
            sandbox.env(name, value);
        }
        sandbox.write(".mastery.toml", "[journal]\nevery = \"off\"\n");
        self.write(&sandbox, self.track);
        sandbox.commit_all("chore: begin");
        sandbox
    }

    /// Writes the fixture's files and links its tools at `track`.
    pub fn write(&self, sandbox: &Sandbox, track: &str) {
        let from = directory(self.name);
        for path in files(&from) {
            let inside = path.strip_prefix(&from).unwrap().to_str().unwrap().replace("gitignore", ".gitignore");
            sandbox.write(format!("{track}/{inside}"), fs::read(&path).unwrap());
        }
        self.link_tools(&sandbox.work().join(track));
    }

    /// Links the tools into a track's directory.
    pub fn link_tools(&self, track: &Path) {
        let (tools, link) = match self.tool {
            Tool::Jest => ("node/node_modules", "node_modules"),
            Tool::Pytest => ("python", ".venv"),
            Tool::Go | Tool::Managers | Tool::Redis => return,
        };
        symlink(installed_tools().join(tools), track.join(link)).unwrap();
    }
}

fn directory(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/toolchains/fixtures").join(name)
}

/// Every file and link below a directory, without git's own.
fn files(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut pending = vec![directory.to_owned()];
    while let Some(path) = pending.pop() {
        for item in fs::read_dir(&path).unwrap() {
            let item = item.unwrap();
            if item.file_type().unwrap().is_dir() {
                if item.file_name() != ".git" {
                    pending.push(item.path());
                }
            } else {
                found.push(item.path());
            }
        }
    }
    found.sort();
    found
}

/// Every byte of a work tree, with the times at which each file was written.
pub fn every_byte(sandbox: &Sandbox) -> BTreeMap<PathBuf, (Vec<u8>, i64, i64)> {
    files(&sandbox.work())
        .into_iter()
        .map(|path| {
            let about = fs::symlink_metadata(&path).unwrap();
            let bytes = if about.is_symlink() {
                fs::read_link(&path).unwrap().into_os_string().into_encoded_bytes()
            } else {
                fs::read(&path).unwrap()
            };
            (path, (bytes, about.mtime(), about.mtime_nsec()))
        })
        .collect()
}
