//! `mastery demo`: the story goes as told, in whatever language there is, and leaves nothing behind.

use crate::harness::Sandbox;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Stdio;

/// What a story needs besides a language.
const TOOLS: [&str; 12] = ["git", "sh", "env", "sed", "grep", "cat", "ls", "rm", "mkdir", "uname", "sleep", "touch"];

/// A world whose PATH holds [`TOOLS`] and nothing else.
fn bare() -> Sandbox {
    let mut sandbox = Sandbox::without_repository();
    let bin = sandbox.root().join("bin");
    std::fs::create_dir(&bin).unwrap();
    for tool in TOOLS {
        symlink(which(tool), bin.join(tool)).unwrap();
    }
    sandbox.env("PATH", bin.to_str().unwrap());
    sandbox
}

fn which(tool: &str) -> std::path::PathBuf {
    let path = std::env::var_os("PATH").unwrap();
    std::env::split_paths(&path).map(|d| d.join(tool)).find(|p| p.exists()).unwrap_or_else(|| panic!("no {tool}"))
}

/// A program in the world's PATH.
fn program(sandbox: &Sandbox, name: &str, script: &str) {
    sandbox.write(format!("../bin/{name}"), script);
    let path = sandbox.root().join("bin").join(name);
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// What is in a directory.
fn inside(directory: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        directory.read_dir().unwrap().map(|item| item.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn the_story_is_told_in_under_thirty_lines_and_leaves_nothing_behind() {
    let sandbox = Sandbox::without_repository();
    sandbox.write("../home/.gitconfig", "[core]\n\thooksPath = /nowhere\n[commit]\n\tgpgSign = true\n");
    let before = inside(&sandbox.root());
    let ran = sandbox.mastery(["demo"]).ok();
    assert!(ran.out.lines().count() < 30, "{}", ran.out);
    let steps = [
        "1 of ",
        "refused\n",
        "accepted: ",
        "✗ journal",
        "already passed",
        "001-keep-the-counters-in-memory.md",
        "Phase 3 of 6",
    ];
    let mut rest = ran.out.as_str();
    for step in steps {
        rest = rest.split_once(step).unwrap_or_else(|| panic!("{step:?} is missing or out of order\n{}", ran.out)).1;
    }
    assert_eq!((inside(&sandbox.root()), inside(&sandbox.home())), (before, vec![".gitconfig".to_owned()]));
    assert_eq!(inside(&sandbox.work()), [""; 0]);
}

#[test]
fn without_node_python_and_go_it_is_told_in_plain_sh_and_says_so() {
    let ran = bare().mastery(["demo"]).ok();
    assert!(ran.out.starts_with("A rate limiter in plain sh, as neither Node, Python nor Go was found"), "{}", ran.out);
    assert!(ran.out.contains("refuses one request more"), "{}", ran.out);
}

#[test]
fn a_toolchain_that_does_not_work_is_passed_over() {
    let sandbox = bare();
    program(&sandbox, "node", "#!/bin/sh\necho broken >&2\nexit 1\n");
    let ran = sandbox.mastery(["demo"]).ok();
    assert!(ran.out.starts_with("A rate limiter in plain sh"), "{}", ran.out);
}

#[test]
fn settings_that_would_change_the_story_do_not_reach_it() {
    let mut sandbox = bare();
    sandbox.env("MASTERY_SKIP", "tests,journal").env("GIT_DIR", "/nowhere").env("GIT_INDEX_FILE", "/nowhere");
    sandbox.mastery(["demo"]).ok();
}

#[test]
fn a_kept_story_can_be_looked_at() {
    let sandbox = bare();
    let ran = sandbox.mastery(["demo", "--keep"]).ok();
    let place = ran.out.lines().find_map(|line| line.strip_prefix("Kept: cd $ROOT/")).unwrap();
    let log = sandbox.git_in(&format!("../{place}"), ["log", "--format=%s"]).ok().out;
    assert_eq!(log, "docs: record a decision\nfeat: tell clients what is left\nfeat: limit requests\ndocs: begin\n");
}

#[test]
fn a_story_that_goes_another_way_is_no_success_and_says_where() {
    let sandbox = bare();
    // A Node whose tests always pass: the mistake is not found out.
    program(&sandbox, "node", "#!/bin/sh\necho 'TAP version 13'\necho 'ok 1 - all is well'\necho 1..1\n");
    let ran = sandbox.mastery(["demo"]).fails(3);
    assert!(ran.err.contains("it should have been so: the commit is refused"), "{}", ran.err);
    assert!(ran.err.contains("instead there was exit 0"), "{}", ran.err);
    assert!(!inside(&sandbox.root()).iter().any(|name| name.starts_with("mastery-demo")));
}

#[test]
fn an_interrupted_story_ends_its_suite_and_leaves_nothing_behind() {
    let sandbox = bare();
    let marker = sandbox.root().join("running");
    let script = format!("#!/bin/sh\n[ \"$1\" = -e ] && exit\ntouch {}\nexec sleep 600\n", marker.display());
    program(&sandbox, "node", &script);
    let mut command = sandbox.command(env!("CARGO_BIN_EXE_mastery"), "");
    let child = command.arg("demo").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    while !marker.exists() {
        std::thread::yield_now();
    }
    let pid = rustix::process::Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    sandbox.normalise(&child.wait_with_output().unwrap()).fails(130);
    assert!(!inside(&sandbox.root()).iter().any(|name| name.starts_with("mastery-demo")));
}
