//! The tested content is the committed content: by chance over many commits, and in the cases that are known to go wrong.
#![cfg(target_os = "linux")]

use crate::harness::{Numbers, Sandbox};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

/// A suite that copies all that it sees to `$OUT`, and notes the track.
const SUITE: &str =
    "t=$(basename \"$PWD\"); rm -rf \"$OUT/$t\"; mkdir -p \"$OUT\"; cp -a . \"$OUT/$t\"; echo \"$t\" >> \"$OUT/ran\"\n";

fn sandbox(tracks: &[&str]) -> Sandbox {
    let mut sandbox = Sandbox::new();
    let out = sandbox.root().join("out").to_str().unwrap().to_owned();
    sandbox.env("OUT", &out);
    let mut configuration = "[journal]\nevery = \"off\"\n".to_owned();
    for track in tracks {
        configuration += &format!("[languages.{track}]\ndirectories = [\"{track}\"]\ntest = \"sh ./suite.sh\"\n");
        sandbox.write(format!("{track}/suite.sh"), SUITE).write(format!("{track}/file"), "0\n");
    }
    sandbox.write(".mastery.toml", configuration);
    sandbox.mastery(["hook", "install"]).ok();
    sandbox
}

/// What lies below a directory: bytes or target, and whether it may be executed.
fn listing(root: &Path) -> BTreeMap<OsString, (bool, bool, Vec<u8>)> {
    let mut found = BTreeMap::new();
    let mut pending = vec![root.to_owned()];
    while let Some(path) = pending.pop() {
        for item in fs::read_dir(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display())) {
            let path = item.unwrap().path();
            let metadata = fs::symlink_metadata(&path).unwrap();
            if metadata.is_dir() {
                pending.push(path);
                continue;
            }
            let name = path.strip_prefix(root).unwrap().as_os_str().to_owned();
            let link = metadata.is_symlink();
            let bytes = if link {
                fs::read_link(&path).unwrap().into_os_string().into_encoded_bytes()
            } else {
                fs::read(&path).unwrap()
            };
            found.insert(name, (link, !link && metadata.permissions().mode() & 0o100 != 0, bytes));
        }
    }
    found
}

/// A checkout of HEAD as a fresh clone would have it.
fn clone(sandbox: &Sandbox) -> PathBuf {
    let clone = sandbox.root().join("clone");
    let _ = fs::remove_dir_all(&clone);
    sandbox.git(["clone", "-q", "--shared", ".", "../clone"]).ok();
    clone
}

const NAMES: [&[u8]; 12] = [
    b"plain",
    b"sp ace",
    b"new\nline",
    b"quo\"te'",
    b"-dash",
    b"\xff\xfe",
    "ü/ñ".as_bytes(),
    b"d/e/f",
    b"a.crlf",
    b"a.id",
    b"d.x/y",
    b"*glob?",
];

fn git(sandbox: &Sandbox, arguments: &[&OsStr]) {
    // What has become impossible meanwhile (a file that is gone) is not what is tested here.
    let _ = sandbox.git([OsStr::new("--literal-pathspecs")].iter().chain(arguments));
}

/// One small change to a track, staged wholly, partly, or not.
fn change(sandbox: &Sandbox, track: &str, n: usize, chance: &mut Numbers) {
    let path = PathBuf::from(track).join(OsStr::from_bytes(NAMES[chance.below(NAMES.len())]));
    let full = sandbox.work().join(&path);
    let o = OsStr::new;
    let write = |text: String| {
        if fs::symlink_metadata(&full).is_ok_and(|m| m.is_dir()) || full.ancestors().skip(1).any(Path::is_file) {
            return;
        }
        if fs::symlink_metadata(&full).is_ok_and(|m| m.is_symlink()) {
            fs::remove_file(&full).unwrap();
        }
        sandbox.write(&path, text);
    };
    match chance.below(10) {
        0 => git(sandbox, &[o("rm"), o("-q"), o("-f"), o("--"), path.as_os_str()]),
        1 => git(sandbox, &[o("mv"), o("--"), path.as_os_str(), o(&format!("{track}/moved{n}"))]),
        2 if full.is_file() => {
            let mode = fs::metadata(&full).unwrap().permissions().mode() ^ 0o111;
            fs::set_permissions(&full, fs::Permissions::from_mode(mode)).unwrap();
            git(sandbox, &[o("add"), o("--"), path.as_os_str()]);
        }
        3 if !full.is_dir() => {
            let _ = fs::remove_file(&full);
            if full.parent().is_some_and(Path::is_dir) {
                symlink(format!("../{n}"), &full).unwrap();
                git(sandbox, &[o("add"), o("--"), path.as_os_str()]);
            }
        }
        4 => {
            write(format!("{n} later\n"));
            git(sandbox, &[o("add"), o("-N"), o("--"), path.as_os_str()]);
        }
        5 => {
            write(format!("{n} staged\n"));
            git(sandbox, &[o("add"), o("--"), path.as_os_str()]);
            write(format!("{n} unstaged\n"));
        }
        6 => {
            let lines = ["*.crlf text eol=crlf\n", "*.id ident\n", "* -text\n", "*.crlf text\n", ""];
            sandbox.write(format!("{track}/.gitattributes"), lines[chance.below(lines.len())]);
            git(sandbox, &[o("add"), o("-A"), o("--"), o(track)]);
        }
        7 => write(format!("untracked or unstaged {n}\n")),
        _ => {
            write(format!("{n}\r\n$Id$\nline\n"));
            git(sandbox, &[o("add"), o("-A"), o("--"), o(track)]);
        }
    }
}

/// What must have happened among the commits of a run.
const KINDS: [&str; 9] = [
    "deletion only",
    "rename",
    "mode",
    "link",
    "partly staged",
    "intended to be added",
    "untracked",
    "attributes",
    "line ends",
];

/// Which of [`KINDS`] the last commit was, and what lay beside it, as `git status` had it before.
fn kinds(sandbox: &Sandbox, status: &str) -> Vec<&'static str> {
    let raw = sandbox.git(["diff-tree", "-r", "-M", "--no-commit-id", "HEAD"]).ok().out;
    let lines: Vec<Vec<&str>> = raw.lines().map(|line| line.split([' ', '\t']).collect()).collect();
    let any = |is: &dyn Fn(&[&str]) -> bool| lines.iter().any(|line| is(line));
    let beside = |start: &str| status.lines().any(|line| line.starts_with(start));
    let found = [
        !lines.is_empty() && lines.iter().all(|l| l[4] == "D"),
        any(&|l| l[4].starts_with('R')),
        any(&|l| l[4] == "M" && l[0][1..] != *l[1] && !l[0].contains("12") && !l[1].contains("12")),
        any(&|l| l[1] == "120000"),
        ["1 MM", "1 AM"].iter().any(|start| beside(start)),
        beside("1 .A"),
        beside("?"),
        any(&|l| l[5].ends_with(".gitattributes")),
        any(&|l| l[5].ends_with("a.crlf")),
    ];
    KINDS.into_iter().zip(found).filter_map(|(kind, is)| is.then_some(kind)).collect()
}

/// `MASTERY_COMMITS=300 cargo test --test cli each_suite_saw` makes as many commits; `MASTERY_SEED` chooses others.
#[test]
fn each_suite_saw_the_bytes_of_the_commit_that_it_let_through() {
    let number = |name: &str, default: u64| std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(default);
    let mut chance = Numbers(number("MASTERY_SEED", 7));
    let tracks = ["one", "two", "three"];
    let sandbox = sandbox(&tracks);
    for (name, track) in NAMES.into_iter().zip(tracks.into_iter().cycle()) {
        sandbox.write(Path::new(track).join(OsStr::from_bytes(name)), "a\r\nb\n");
    }
    sandbox.git(["add", "-A"]).ok();
    sandbox.git(["commit", "-q", "-m", "base"]).ok();
    let out = sandbox.root().join("out");
    let (mut compared, mut seen) = (0, BTreeSet::new());
    for n in 0..usize::try_from(number("MASTERY_COMMITS", 60)).unwrap() {
        for _ in 0..=chance.below(3) {
            change(&sandbox, tracks[chance.below(3)], n, &mut chance);
        }
        let _ = fs::remove_file(out.join("ran"));
        let before = sandbox.git(["rev-parse", "HEAD"]).ok().out;
        let status = sandbox.git(["status", "--porcelain=v2"]).ok().out;
        let ran = match chance.below(4) {
            0 => sandbox.git(["commit", "-q", "-a", "-m", "all"]),
            1 => sandbox.git(["commit", "-q", "-m", "part", "--", tracks[chance.below(3)]]),
            _ => sandbox.git(["commit", "-q", "-m", "staged"]),
        };
        if sandbox.git(["rev-parse", "HEAD"]).ok().out == before {
            // Git may warn of line ends besides.
            let says = ran.all();
            let nothing = ran.err.is_empty()
                || ["no changes", "nothing added", "nothing to commit", "did not match"]
                    .iter()
                    .any(|w| says.contains(w));
            let nothing = ran.code == 1 && nothing && !ran.err.contains("commit stopped");
            assert!(nothing, "commit {n}: {}", ran.all());
            continue;
        }
        seen.extend(kinds(&sandbox, &status));
        let suites = fs::read_to_string(out.join("ran")).unwrap_or_default();
        let clone = (!suites.is_empty()).then(|| clone(&sandbox));
        for track in tracks {
            let tree = sandbox.git(["rev-parse", &format!("HEAD:{track}")]).ok().out;
            let receipts = sandbox.work().join(".git/mastery/receipts").join(&tree[..2]).join(tree.trim());
            let passed = fs::read_dir(&receipts).into_iter().flatten().any(|file| {
                let receipt: serde_json::Value =
                    serde_json::from_slice(&fs::read(file.unwrap().path()).unwrap()).unwrap();
                receipt["tree"] == tree.trim() && receipt["outcome"] == "passed"
            });
            assert!(passed, "commit {n}: no receipt for {track}, {}", tree.trim());
            if suites.lines().any(|l| l == track) {
                let (seen, committed) = (listing(&out.join(track)), listing(&clone.as_ref().unwrap().join(track)));
                assert_eq!(seen, committed, "commit {n}, track {track}");
                compared += 1;
            }
        }
    }
    assert!(compared > 10, "only {compared} runs were compared");
    let lacking: Vec<&str> = KINDS.into_iter().filter(|kind| !seen.contains(kind)).collect();
    assert_eq!(lacking, [""; 0], "no commit had these");
}

#[test]
fn a_file_that_git_was_told_not_to_look_at_is_still_tested_as_staged() {
    for flag in ["--assume-unchanged", "--skip-worktree"] {
        let sandbox = sandbox(&["one"]);
        sandbox.commit_all("base");
        sandbox.write("one/other", "x").git(["add", "-A"]).ok();
        sandbox.git(["update-index", flag, "one/file"]).ok();
        sandbox.write("one/file", "not what is staged\n");
        sandbox.git(["commit", "-q", "-m", "x"]).ok();
        assert_eq!(fs::read_to_string(sandbox.root().join("out/one/file")).unwrap(), "0\n", "{flag}");
    }
}

#[test]
fn line_ends_that_git_normalises_are_tested_as_they_are_committed() {
    let sandbox = sandbox(&["one"]);
    sandbox.write(".gitattributes", "* text=auto\n").write("one/file", "a\r\nb\r\n").git(["add", "-A"]).ok();
    sandbox.git(["commit", "-q", "-m", "x"]).ok();
    assert_eq!(fs::read_to_string(sandbox.root().join("out/one/file")).unwrap(), "a\nb\n");
    assert_eq!(sandbox.read("one/file"), "a\r\nb\r\n");
}

#[test]
fn a_suite_that_writes_into_its_own_sources_is_judged_on_what_is_staged() {
    let sandbox = sandbox(&["one"]);
    sandbox.write("one/suite.sh", "grep -q 0 file; r=$?; echo changed > file; exit $r\n").git(["add", "-A"]).ok();
    sandbox.git(["commit", "-q", "-m", "x"]).ok();
    sandbox.git(["checkout", "-q", "one/file"]).ok();
    // A second run in the same snapshot starts from what is staged again.
    sandbox.write("one/more", "x").git(["add", "-A"]).ok();
    sandbox.write("one/untracked", "x");
    sandbox.git(["commit", "-q", "-m", "y"]).ok();
    assert_eq!(sandbox.read("one/file"), "0\n");
}

#[test]
fn a_filtered_file_is_borrowed_while_it_is_clean_and_refused_when_it_is_not() {
    let sandbox = sandbox(&["one"]);
    sandbox.git(["config", "filter.up.clean", "tr A-Z a-z"]).ok();
    sandbox.git(["config", "filter.up.smudge", "tr a-z A-Z"]).ok();
    sandbox.write(".gitattributes", "*.up filter=up\n").write("one/a.up", "LOUD\n").git(["add", "-A"]).ok();
    sandbox.write("one/untracked", "so that it runs in a snapshot");
    sandbox.git(["commit", "-q", "-m", "x"]).ok();
    assert_eq!(fs::read_to_string(sandbox.root().join("out/one/a.up")).unwrap(), "LOUD\n");
    sandbox.write("one/a.up", "LOUDER STILL\n").git(["add", "-A"]).ok();
    sandbox.write("one/a.up", "LOUDEST OF ALL\n");
    let refused = sandbox.git(["commit", "-q", "-m", "y"]).fails(1);
    assert!(refused.err.contains("one/a.up goes through the filter `up`"), "{}", refused.err);
}

#[test]
fn a_submodule_is_borrowed_while_it_is_clean_and_refused_when_it_is_not() {
    let sandbox = sandbox(&["one"]);
    sandbox.git(["init", "-q", "-b", "main", "../library"]).ok();
    sandbox.write("../library/code", "1\n").git_in("../library", ["add", "-A"]).ok();
    sandbox.git_in("../library", ["commit", "-q", "-m", "x"]).ok();
    sandbox.git(["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "../library", "one/library"]).ok();
    sandbox.write("one/suite.sh", "cat library/code > \"$OUT\"\n").git(["add", "-A"]).ok();
    sandbox.write("one/untracked", "so that it runs in a snapshot");
    sandbox.git(["commit", "-q", "-m", "x"]).ok();
    assert_eq!(fs::read_to_string(sandbox.root().join("out")).unwrap(), "1\n");
    // Another commit of it is a change of the track.
    sandbox.write("one/library/code", "2\n").git_in("one/library", ["commit", "-q", "-a", "-m", "y"]).ok();
    sandbox.git(["add", "one/library"]).ok();
    sandbox.git(["commit", "-q", "-m", "bump"]).ok();
    assert_eq!(fs::read_to_string(sandbox.root().join("out")).unwrap(), "2\n");
    sandbox.write("one/library/code", "3\n").write("one/file", "1\n").git(["add", "one/file"]).ok();
    let refused = sandbox.git(["commit", "-q", "-m", "y"]).fails(1);
    assert!(refused.err.contains("git submodule update --init one/library"), "{}", refused.err);
}

#[test]
fn declared_dependencies_are_borrowed_and_written_by_nobody() {
    let sandbox = sandbox(&["one"]);
    let configuration = sandbox.read(".mastery.toml").replace("test =", "dependencies = [\"deps\", \".env\"]\ntest =");
    sandbox.write(".mastery.toml", configuration).write(".gitignore", "deps/\n.env\n");
    sandbox.write("one/deps/tool", "works\n").write("one/.env", "SECRET=1\n");
    sandbox.write("one/suite.sh", "grep works deps/tool && grep SECRET .env\n").git(["add", "-A"]).ok();
    sandbox.write("one/untracked", "so that it runs in a snapshot");
    sandbox.git(["commit", "-q", "-m", "x"]).ok();
    sandbox.write("one/file", "1\n").git(["add", "one/file"]).ok();
    sandbox.git(["commit", "-q", "-m", "y"]).ok();
    assert_eq!(sandbox.read("one/deps/tool"), "works\n");
}

#[test]
fn a_setup_makes_the_dependencies_of_a_staged_lock_file_once() {
    let sandbox = sandbox(&["one"]);
    let setup = "dependencies = [\"deps\"]\nsetup = \"echo x >> $OUT; mkdir -p deps && cp package-lock.json deps/made\"\ntest =";
    sandbox
        .write(".mastery.toml", sandbox.read(".mastery.toml").replace("test =", setup))
        .write(".gitignore", "deps/\n");
    sandbox.write("one/deps/made", "1").write("one/package-lock.json", "1");
    sandbox.write("one/suite.sh", "cmp deps/made package-lock.json\n").git(["add", "-A"]).ok();
    sandbox.git(["commit", "-q", "-m", "installed"]).ok();
    sandbox.write("one/package-lock.json", "2").git(["add", "-A"]).ok();
    sandbox.write("one/package-lock.json", "1");
    sandbox.git(["commit", "-q", "-m", "not installed"]).ok();
    sandbox.write("one/file", "1\n").git(["add", "one/file"]).ok();
    sandbox.git(["commit", "-q", "-m", "made already"]).ok();
    assert_eq!(fs::read_to_string(sandbox.root().join("out")).unwrap(), "x\n");
    assert_eq!(sandbox.read("one/deps/made"), "1");
}

#[test]
fn a_setup_that_clears_what_lies_above_the_track_clears_nothing_of_the_work_tree() {
    let sandbox = sandbox(&["one"]);
    // As `npm ci` does in a package of a workspace.
    let setup = "dependencies = [\"deps\"]\nsetup = \"rm -rf ../deps/* deps/*; mkdir -p deps ../deps; echo made > ../deps/tool\"\ntest =";
    sandbox
        .write(".mastery.toml", sandbox.read(".mastery.toml").replace("test =", setup))
        .write(".gitignore", "deps/\n");
    sandbox.write("deps/tool", "installed\n").write("one/package-lock.json", "1").write("one/untracked", "");
    sandbox.write("one/suite.sh", "cat ../deps/tool >> $OUT\n");
    sandbox.git(["add", "one/suite.sh", "one/package-lock.json", ".gitignore", ".mastery.toml"]).ok();
    sandbox.git(["commit", "-q", "-m", "borrowed"]).ok();
    sandbox.write("one/package-lock.json", "2").git(["add", "one/package-lock.json"]).ok();
    sandbox.write("one/package-lock.json", "1");
    sandbox.git(["commit", "-q", "-m", "made"]).ok();
    assert_eq!(fs::read_to_string(sandbox.root().join("out")).unwrap(), "installed\nmade\n");
    assert_eq!(sandbox.read("deps/tool"), "installed\n");
}

#[test]
fn a_commit_of_one_staged_file_is_tested_without_the_others() {
    let sandbox = sandbox(&["one"]);
    sandbox.write("one/suite.sh", "cat file other >> $OUT\n").write("one/file", "1\n").write("one/other", "1\n");
    sandbox.git(["add", "-A"]).ok();
    sandbox.git(["commit", "-q", "-m", "base"]).ok();
    // The index is what the work tree holds; what git is about to commit is neither.
    sandbox.write("one/file", "2\n").write("one/other", "2\n").git(["add", "-A"]).ok();
    sandbox.git(["commit", "-q", "-m", "one of them", "one/file"]).ok();
    assert_eq!(fs::read_to_string(sandbox.root().join("out")).unwrap(), "1\n1\n2\n1\n");
}

#[test]
fn a_setup_follows_the_lock_file_of_a_workspace_around_the_track() {
    let sandbox = sandbox(&["one"]);
    let setup = "inputs = [\"../package-lock.json\"]\ndependencies = [\"deps\"]\nsetup = \"mkdir -p ../deps && cp ../package-lock.json ../deps/tool\"\ntest =";
    sandbox
        .write(".mastery.toml", sandbox.read(".mastery.toml").replace("test =", setup))
        .write(".gitignore", "deps/\n")
        .write("package-lock.json", "1\n")
        .write("deps/tool", "installed\n")
        .write("one/suite.sh", "cat ../deps/tool >> $OUT\n");
    sandbox.git(["add", "-A"]).ok();
    sandbox.write("package-lock.json", "2\n").git(["add", "package-lock.json"]).ok();
    sandbox.write("package-lock.json", "1\n");
    let ran = sandbox.git(["commit", "-q", "-m", "made"]).ok();
    assert!(!ran.err.contains("doubtful"), "{}", ran.err);
    assert_eq!(fs::read_to_string(sandbox.root().join("out")).unwrap(), "2\n");
    assert_eq!(sandbox.read("deps/tool"), "installed\n");
}

#[test]
fn two_processes_never_share_a_snapshot() {
    let sandbox = sandbox(&["one"]);
    // Each run waits for the other's, and none may find what another left.
    let suite = "mkdir mine || exit 1; touch \"$OUT.$$\"; n=0; until [ $(ls \"$OUT\".* | wc -l) -ge 2 ]; do n=$((n+1)); [ $n -lt 200 ] || exit 1; sleep 0.02; done\n";
    sandbox.write("one/suite.sh", suite);
    sandbox.commit_all("base");
    let start = || {
        let mut mastery = sandbox.command(env!("CARGO_BIN_EXE_mastery"), "");
        mastery.args(["test", "--rev", "HEAD", "--force"]).stdout(std::process::Stdio::piped()).spawn().unwrap()
    };
    let children = [start(), start()];
    for child in children {
        sandbox.normalise(&child.wait_with_output().unwrap()).ok();
    }
}

#[test]
fn an_index_with_conflicts_is_refused() {
    let sandbox = sandbox(&["one"]);
    sandbox.commit_all("base");
    sandbox.git(["switch", "-q", "-c", "side"]).ok();
    sandbox.write("one/file", "1\n");
    sandbox.commit_all("side");
    sandbox.git(["switch", "-q", "main"]).ok();
    sandbox.write("one/file", "2\n");
    sandbox.commit_all("main");
    assert_ne!(sandbox.git(["merge", "-q", "side"]).code, 0);
    let refused = sandbox.mastery(["test", "--staged"]).fails(1);
    assert!(refused.err.contains("there are conflicts in the index: one/file"), "{}", refused.err);
}

#[test]
fn a_lock_file_that_is_not_the_installed_one_makes_a_verdict_doubtful() {
    let sandbox = sandbox(&["one"]);
    let configuration = sandbox.read(".mastery.toml").replace("test =", "dependencies = [\"node_modules\"]\ntest =");
    sandbox.write(".mastery.toml", configuration).write(".gitignore", "node_modules/\n");
    sandbox.write("one/node_modules/made", "1").write("one/package-lock.json", "1").git(["add", "-A"]).ok();
    let ran = sandbox.git(["commit", "-q", "-m", "installed"]).ok();
    assert!(!ran.err.contains("doubtful"), "{}", ran.err);
    sandbox.write("one/package-lock.json", "2").git(["add", "-A"]).ok();
    sandbox.write("one/package-lock.json", "1");
    let ran = sandbox.git(["commit", "-q", "-m", "not installed"]).ok();
    let doubt =
        "doubtful: one/package-lock.json is not the one in the work tree, and it ran against what is installed there";
    assert!(ran.err.contains(doubt), "{}", ran.err);
    assert!(ran.err.contains("to mend it: setup = \"npm ci\" under [languages.one] in .mastery.toml"), "{}", ran.err);
    let verified = sandbox.mastery(["verify", "HEAD"]).ok();
    assert!(verified.err.contains("doubtful"), "a pass in doubt is no receipt: {}", verified.all());
    sandbox.write("one/file", "1\n").git(["add", "one/file"]).ok();
    sandbox.write("one/suite.sh", "exit 1\n").git(["add", "one/suite.sh"]).ok();
    let refused = sandbox.git(["commit", "-q", "-m", "fails"]).fails(1);
    assert!(refused.err.contains(doubt), "{}", refused.err);
}
