//! Suites at commit time, through real git and the installed hooks: every kind of commit, with a suite that any machine can run.

use crate::harness::{Ran, Sandbox};
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::time::SystemTime;

/// A suite that passes where the file `answer` beside it says 42, and notes each run outside the repository.
const SUITE: &str = "echo ran >> \"$RUNS\"; echo \"the answer is $(cat answer)\"; [ \"$(cat answer)\" = 42 ]\n";

fn configuration(extra: &str) -> String {
    format!(
        "[languages.sh]\ndirectories = [\"sh\"]\ntest = \"sh suite.sh\"\nreport = \"none\"\n{extra}\n[journal]\nevery = \"off\"\n"
    )
}

/// A repository with hooks installed and one tested commit, whose track is `sh`.
fn tested() -> Sandbox {
    let sandbox = untested("");
    sandbox.git(["add", "-A"]).ok();
    sandbox.git(["commit", "-q", "-m", "first"]).ok();
    assert_eq!(runs(&sandbox), 1);
    sandbox
}

/// As [`tested`], before its first commit.
fn untested(extra: &str) -> Sandbox {
    let mut sandbox = Sandbox::new();
    let runs = sandbox.root().join("runs").to_str().unwrap().to_owned();
    sandbox.env("RUNS", &runs);
    sandbox.write(".mastery.toml", configuration(extra)).write("sh/suite.sh", SUITE).write("sh/answer", "42\n");
    sandbox.mastery(["hook", "install"]).ok();
    sandbox
}

/// How often a suite has run so far.
fn runs(sandbox: &Sandbox) -> usize {
    fs::read_to_string(sandbox.root().join("runs")).unwrap_or_default().lines().count()
}

/// Every file below `work` but git's own: its bytes or target, mode and modification time.
fn files(root: &Path) -> BTreeMap<String, (Vec<u8>, u32, SystemTime)> {
    let mut found = BTreeMap::new();
    let mut pending = vec![root.to_owned()];
    while let Some(path) = pending.pop() {
        for item in fs::read_dir(&path).unwrap() {
            let path = item.unwrap().path();
            let metadata = fs::symlink_metadata(&path).unwrap();
            if metadata.is_dir() {
                if path.file_name().unwrap() != ".git" {
                    pending.push(path);
                }
                continue;
            }
            let bytes = if metadata.is_symlink() {
                fs::read_link(&path).unwrap().into_os_string().into_encoded_bytes()
            } else {
                fs::read(&path).unwrap()
            };
            let name = path.strip_prefix(root).unwrap().display().to_string();
            found.insert(name, (bytes, metadata.permissions().mode(), metadata.modified().unwrap()));
        }
    }
    found
}

fn porcelain(sandbox: &Sandbox) -> String {
    sandbox.git(["status", "--porcelain=v2"]).ok().out
}

/// Runs `act`, and demands that it left the work tree as it was, to the last byte and time.
#[track_caller]
fn untouched<T>(sandbox: &Sandbox, act: impl FnOnce() -> T) -> T {
    let before = files(&sandbox.work());
    let result = act();
    assert_eq!(files(&sandbox.work()), before);
    result
}

fn head(sandbox: &Sandbox) -> String {
    sandbox.git(["rev-parse", "HEAD"]).ok().out
}

fn commit<const N: usize>(sandbox: &Sandbox, arguments: [&str; N]) -> Ran {
    sandbox.git(["commit", "-q"].into_iter().chain(arguments))
}

#[test]
fn a_failing_first_commit_is_refused_and_a_passing_one_accepted() {
    let sandbox = untested("");
    sandbox.write("sh/answer", "41\n").git(["add", "-A"]).ok();
    let refused = untouched(&sandbox, || commit(&sandbox, ["-m", "first"]).fails(1));
    assert!(refused.err.contains("the answer is 41"), "{}", refused.err);
    assert!(refused.err.contains("mastery test sh --staged"), "{}", refused.err);
    assert!(refused.err.contains("MASTERY_SKIP=tests git commit"), "{}", refused.err);
    assert!(sandbox.git(["rev-parse", "HEAD"]).code != 0);
    sandbox.write("sh/answer", "42\n").git(["add", "-A"]).ok();
    commit(&sandbox, ["-m", "first"]).ok();
}

#[test]
fn a_failing_staged_state_is_refused_although_the_work_tree_is_mended() {
    let sandbox = tested();
    sandbox.write("sh/answer", "41\n").git(["add", "-A"]).ok();
    sandbox.write("sh/answer", "42\n");
    let before = porcelain(&sandbox);
    let refused = untouched(&sandbox, || commit(&sandbox, ["-m", "bad"]).fails(1));
    assert!(refused.err.contains("the answer is 41"), "{}", refused.err);
    assert_eq!(porcelain(&sandbox), before);
}

#[test]
fn a_passing_staged_state_is_accepted_although_the_work_tree_is_broken() {
    let sandbox = tested();
    sandbox.write("sh/note", "more\n").git(["add", "-A"]).ok();
    sandbox.write("sh/answer", "41\n").write("sh/untracked", "x");
    untouched(&sandbox, || commit(&sandbox, ["-m", "good"]).ok());
    assert_eq!(runs(&sandbox), 2);
    assert!(porcelain(&sandbox).contains("? sh/untracked"));
}

#[test]
fn an_untracked_file_does_not_help_what_is_staged() {
    let sandbox = tested();
    sandbox.write("sh/suite.sh", "cat helper\n").git(["add", "sh/suite.sh"]).ok();
    sandbox.write("sh/helper", "helps\n");
    untouched(&sandbox, || commit(&sandbox, ["-m", "forgot the helper"]).fails(1));
    sandbox.git(["add", "sh/helper"]).ok();
    commit(&sandbox, ["-m", "with the helper"]).ok();
}

#[test]
fn commit_all_tests_what_it_commits() {
    let sandbox = tested();
    sandbox.write("sh/answer", "41\n");
    untouched(&sandbox, || commit(&sandbox, ["-a", "-m", "bad"]).fails(1));
    sandbox.write("sh/answer", "42\n").write("sh/note", "x").git(["add", "-N", "sh/note"]).ok();
    sandbox.write("sh/suite.sh", format!("{SUITE}# changed\n"));
    untouched(&sandbox, || commit(&sandbox, ["-a", "-m", "good"]).ok());
}

#[test]
fn commit_of_one_file_tests_that_file_on_top_of_head() {
    let sandbox = tested();
    sandbox.write("sh/answer", "41\n").git(["add", "sh/answer"]).ok();
    sandbox.write("sh/note", "x").git(["add", "sh/note"]).ok();
    let before = porcelain(&sandbox);
    untouched(&sandbox, || commit(&sandbox, ["-m", "only the note", "sh/note"]).ok());
    assert!(before.contains("sh/answer"));
    assert_eq!(sandbox.git(["show", "HEAD:sh/answer"]).ok().out, "42\n");
    untouched(&sandbox, || commit(&sandbox, ["-m", "only the answer", "sh/answer"]).fails(1));
}

#[test]
fn a_patch_commit_tests_the_chosen_hunk() {
    let sandbox = tested();
    sandbox.write("sh/answer", "42\n\n").write("sh/note", "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n").git(["add", "-A"]).ok();
    commit(&sandbox, ["-m", "lines"]).ok();
    sandbox.write("sh/note", "A\nb\nc\nd\ne\nf\ng\nh\ni\nJ\n").write("sh/answer", "41\n");
    // Not the answer; of the note, the first hunk and not the second.
    let mut git = sandbox.command("git", "");
    let input = sandbox.root().join("answers");
    fs::write(&input, "n\ny\nn\n").unwrap();
    git.args(["commit", "-q", "-p", "-m", "one hunk"]).stdin(fs::File::open(&input).unwrap());
    let before = files(&sandbox.work());
    sandbox.run(&mut git).ok();
    assert_eq!(files(&sandbox.work()), before);
    assert_eq!(sandbox.git(["show", "HEAD:sh/note"]).ok().out, "A\nb\nc\nd\ne\nf\ng\nh\ni\nj\n");
    assert_eq!(sandbox.git(["show", "HEAD:sh/answer"]).ok().out, "42\n\n");
}

#[test]
fn an_amend_of_the_message_runs_nothing_and_one_of_the_content_does() {
    let sandbox = tested();
    commit(&sandbox, ["--amend", "-m", "other words"]).ok();
    assert_eq!(runs(&sandbox), 1);
    sandbox.write("sh/answer", "41\n").git(["add", "-A"]).ok();
    commit(&sandbox, ["--amend", "-m", "bad"]).fails(1);
    assert_eq!(runs(&sandbox), 2);
}

#[test]
fn a_clean_merge_is_tested_as_merged() {
    let sandbox = tested();
    sandbox.write("sh/suite.sh", "[ ! -e left ] || [ ! -e right ]\n");
    sandbox.git(["commit", "-q", "-am", "not both"]).ok();
    sandbox.git(["switch", "-q", "-c", "side"]).ok();
    sandbox.write("sh/left", "x").git(["add", "-A"]).ok();
    commit(&sandbox, ["-m", "left"]).ok();
    sandbox.git(["switch", "-q", "main"]).ok();
    sandbox.write("sh/right", "x").git(["add", "-A"]).ok();
    commit(&sandbox, ["-m", "right"]).ok();
    let before = head(&sandbox);
    let refused = sandbox.git(["merge", "-q", "-m", "both", "side"]);
    assert_ne!(refused.code, 0, "{}", refused.all());
    assert_eq!(head(&sandbox), before);
}

#[test]
fn a_resolved_merge_is_tested_as_resolved() {
    let sandbox = tested();
    sandbox.git(["switch", "-q", "-c", "side"]).ok();
    sandbox.write("sh/answer", "41\n").git(["commit", "-q", "--no-verify", "-am", "side"]).ok();
    sandbox.git(["switch", "-q", "main"]).ok();
    sandbox.write("sh/answer", "43\n").git(["commit", "-q", "--no-verify", "-am", "main"]).ok();
    assert_ne!(sandbox.git(["merge", "-q", "side"]).code, 0);
    let conflict = sandbox.git(["commit", "-q", "-m", "unresolved"]);
    assert_ne!(conflict.code, 0);
    sandbox.write("sh/answer", "41\n").git(["add", "-A"]).ok();
    commit(&sandbox, ["-m", "resolved badly"]).fails(1);
    sandbox.write("sh/answer", "42\n").git(["add", "-A"]).ok();
    commit(&sandbox, ["-m", "resolved"]).ok();
}

#[test]
fn a_commit_from_a_subdirectory_and_in_odd_paths_is_tested() {
    let odd = "15-añ o/sh";
    let sandbox = untested("");
    sandbox.write(format!("{odd}/suite.sh"), SUITE).write(format!("{odd}/answer"), "42\n");
    sandbox.write(format!("{odd}/a 'quoted' \"näme\"\n"), "x").git(["add", "-A"]).ok();
    commit(&sandbox, ["-m", "first"]).ok();
    sandbox.write(format!("{odd}/answer"), "41\n").git(["add", "-A"]).ok();
    sandbox.write(format!("{odd}/answer"), "42\n");
    let refused = untouched(&sandbox, || sandbox.git_in(odd, ["commit", "-q", "-m", "bad"]).fails(1));
    assert!(refused.err.contains("the answer is 41"), "{}", refused.err);
}

#[test]
fn a_linked_worktree_tests_its_own_content_and_shares_receipts() {
    let sandbox = tested();
    sandbox.git(["worktree", "add", "-q", "../linked", "-b", "linked"]).ok();
    sandbox.write("../linked/sh/answer", "41\n").git_in("../linked", ["add", "-A"]).ok();
    sandbox.git_in("../linked", ["commit", "-q", "-m", "bad"]).fails(1);
    sandbox
        .write("../linked/sh/answer", "42\n")
        .write("../linked/sh/note", "x")
        .git_in("../linked", ["add", "-A"])
        .ok();
    sandbox.git_in("../linked", ["commit", "-q", "-m", "good"]).ok();
    assert_eq!(runs(&sandbox), 3);
    sandbox.write("sh/note", "x").git(["add", "-A"]).ok();
    let ran = commit(&sandbox, ["-m", "the same content"]).ok();
    assert_eq!(runs(&sandbox), 3);
    assert!(ran.err.contains("already passed"), "{}", ran.err);
}

#[test]
fn deletions_renames_and_mode_changes_are_changes_of_a_track() {
    let sandbox = tested();
    sandbox.write("sh/extra", "x").git(["add", "-A"]).ok();
    commit(&sandbox, ["-m", "extra"]).ok();
    sandbox.git(["rm", "-q", "sh/extra"]).ok();
    commit(&sandbox, ["-m", "back to what was tested"]).ok();
    assert_eq!(runs(&sandbox), 2);
    sandbox.git(["mv", "sh/answer", "sh/reply"]).ok();
    untouched(&sandbox, || commit(&sandbox, ["-m", "renamed away"]).fails(1));
    sandbox.git(["mv", "sh/reply", "sh/answer"]).ok();
    sandbox.git(["update-index", "--chmod=+x", "sh/suite.sh"]).ok();
    untouched(&sandbox, || commit(&sandbox, ["-m", "mode"]).ok());
    assert_eq!(runs(&sandbox), 4);
    sandbox.git(["rm", "-q", "--cached", "sh/answer"]).ok();
    untouched(&sandbox, || commit(&sandbox, ["-m", "deleted from the index alone"]).fails(1));
}

#[test]
fn a_file_that_is_only_intended_to_be_added_is_not_tested() {
    let sandbox = tested();
    sandbox.write("sh/suite.sh", "[ ! -e later ]\n").git(["add", "-A"]).ok();
    sandbox.write("sh/later", "x").git(["add", "-N", "sh/later"]).ok();
    untouched(&sandbox, || commit(&sandbox, ["-m", "not yet"]).ok());
}

#[test]
fn a_document_runs_nothing_and_its_tree_has_a_receipt() {
    let sandbox = tested();
    sandbox.write("sh/README.md", "words\n").git(["add", "-A"]).ok();
    commit(&sandbox, ["-m", "docs"]).ok();
    sandbox.write("README.md", "words\n").git(["add", "-A"]).ok();
    commit(&sandbox, ["-m", "docs above"]).ok();
    sandbox.write("sh/note", "x").git(["add", "-A"]).ok();
    commit(&sandbox, ["-m", "a file"]).ok();
    assert_eq!(runs(&sandbox), 2);
    sandbox.write("sh/README.md", "other words\n").write("sh/answer", "41\n");
    commit(&sandbox, ["-m", "docs", "sh/README.md"]).ok();
    assert_eq!(runs(&sandbox), 2);
}

#[test]
fn a_suite_that_runs_git_leaves_the_repository_alone() {
    let suite = "git init -q inner && cd inner && git config user.name Other && git config user.email o@o && \
                 touch f && git add f && git commit -qm inner && cd .. && rm -rf inner\n";
    let sandbox = tested();
    let state = |directory: &str| {
        [
            vec!["config", "--local", "--list"],
            vec!["rev-parse", "HEAD"],
            vec!["stash", "list"],
            vec!["status", "--porcelain=v2"],
        ]
        .map(|arguments| sandbox.git_in(directory, arguments).ok().out)
    };
    let configuration = state("")[0].clone();
    sandbox.write("sh/suite.sh", suite).git(["add", "-A"]).ok();
    commit(&sandbox, ["-m", "plain"]).ok();
    sandbox.write("sh/suite.sh", format!("{suite}# a\n"));
    commit(&sandbox, ["-a", "-m", "all"]).ok();
    sandbox.write("sh/suite.sh", format!("{suite}# b\n")).write("sh/answer", "0\n");
    untouched(&sandbox, || commit(&sandbox, ["-m", "file", "sh/suite.sh"]).ok());
    assert_eq!(
        sandbox.git(["log", "--format=%an %s"]).ok().out,
        "Ada Learner file\nAda Learner all\nAda Learner plain\nAda Learner first\n"
    );
    sandbox.git(["worktree", "add", "-q", "../linked", "-b", "linked"]).ok();
    sandbox.write("../linked/sh/suite.sh", format!("{suite}# c\n"));
    sandbox.git_in("../linked", ["commit", "-q", "-a", "-m", "linked"]).ok();
    assert_eq!(sandbox.git_in("../linked", ["log", "-1", "--format=%an %s"]).ok().out, "Ada Learner linked\n");
    assert_eq!(state("../linked")[0], configuration);
    assert_eq!(
        state("")[3],
        "1 .M N... 100644 100644 100644 d81cc0710eb6cf9efd5b920a8453e1e07157b6cd d81cc0710eb6cf9efd5b920a8453e1e07157b6cd sh/answer\n"
    );
}

#[test]
fn a_snapshot_is_updated_by_difference_and_never_written_through_a_link() {
    let sandbox = tested();
    let outside = sandbox.root().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("a"), "mine").unwrap();
    symlink(&outside, sandbox.work().join("sh/d")).unwrap();
    sandbox.write("sh/suite.sh", "[ -L d ]\n").git(["add", "-A"]).ok();
    sandbox.write("sh/untracked", "so that it runs in a snapshot");
    commit(&sandbox, ["-m", "a link"]).ok();
    fs::remove_file(sandbox.work().join("sh/d")).unwrap();
    sandbox.write("sh/d/a", "theirs").write("sh/suite.sh", "[ ! -L d ] && grep theirs d/a && touch leftover\n");
    sandbox.git(["add", "sh/d", "sh/suite.sh"]).ok();
    commit(&sandbox, ["-m", "a directory"]).ok();
    assert_eq!(fs::read_to_string(outside.join("a")).unwrap(), "mine");
    sandbox.write("sh/suite.sh", "[ ! -e leftover ] && grep theirs d/a\n").git(["add", "sh/suite.sh"]).ok();
    untouched(&sandbox, || commit(&sandbox, ["-m", "no leftovers"]).ok());
}

#[test]
fn a_suite_in_a_snapshot_sees_the_bytes_of_a_fresh_clone() {
    let sandbox = tested();
    sandbox.write(".gitattributes", "*.crlf text eol=crlf\n*.id ident\n*.bin -text\n");
    sandbox.write("sh/a.crlf", "one\r\ntwo\r\n").write("sh/b.id", "$Id$\n").write("sh/c.bin", "one\r\ntwo\n");
    let copy = sandbox.root().join("copy");
    sandbox
        .write("sh/suite.sh", format!("rm -rf '{0}' && mkdir '{0}' && cp a.crlf b.id c.bin '{0}'\n", copy.display()));
    sandbox.git(["add", "-A"]).ok();
    sandbox.write(".gitattributes", "* -text\n").write("sh/untracked", "x");
    commit(&sandbox, ["-m", "attributes"]).ok();
    sandbox.git(["clone", "-q", ".", "../clone"]).ok();
    for name in ["a.crlf", "b.id", "c.bin"] {
        let clone = fs::read(sandbox.root().join("clone/sh").join(name)).unwrap();
        assert_eq!(fs::read(copy.join(name)).unwrap(), clone, "{name}");
    }
}

#[test]
fn skipping_is_said_and_a_word_that_is_none_is_refused() {
    let mut sandbox = tested();
    sandbox.write("sh/answer", "41\n").git(["add", "-A"]).ok();
    sandbox.env("MASTERY_SKIP", "test");
    let refused = commit(&sandbox, ["-m", "typing error"]).fails(1);
    assert!(refused.err.contains("nothing called \"test\" to skip"), "{}", refused.err);
    sandbox.env("MASTERY_SKIP", "tests");
    let ran = commit(&sandbox, ["-m", "red"]).ok();
    assert!(ran.err.contains("tests skipped"), "{}", ran.err);
    assert_eq!(runs(&sandbox), 1);
}

#[test]
fn a_tool_that_is_missing_is_no_pass() {
    let sandbox = tested();
    sandbox.write("sh/suite.sh", "no-such-tool --version\n").git(["add", "-A"]).ok();
    let refused = commit(&sandbox, ["-m", "tool"]).fails(1);
    assert!(refused.err.contains("could not be tested") && refused.err.contains("no-such-tool"), "{}", refused.err);
}

#[test]
fn an_unstaged_gate_switches_nothing_off() {
    let sandbox = tested();
    sandbox.write("sh/answer", "41\n").git(["add", "-A"]).ok();
    sandbox.write(".mastery.toml", configuration("gate = \"off\""));
    commit(&sandbox, ["-m", "bad"]).fails(1);
    sandbox.git(["add", "-A"]).ok();
    commit(&sandbox, ["-m", "off"]).ok();
    assert_eq!(runs(&sandbox), 2);
}

#[test]
fn a_track_that_became_a_link_is_refused() {
    let sandbox = tested();
    fs::rename(sandbox.work().join("sh"), sandbox.root().join("elsewhere")).unwrap();
    symlink("../elsewhere", sandbox.work().join("sh")).unwrap();
    sandbox.git(["add", "-A"]).ok();
    let refused = commit(&sandbox, ["-m", "link"]).fails(1);
    assert!(refused.err.contains("symbolic link"), "{}", refused.err);
}

#[test]
fn a_suite_sees_nothing_of_the_commit_under_way() {
    let sandbox = tested();
    let seen = sandbox.root().join("seen");
    sandbox.write("sh/suite.sh", format!("env > '{}'; [ -z \"$(cat)\" ]\n", seen.display()));
    let mut git = sandbox.command("git", "");
    git.args(["-c", "user.useConfigOnly=true", "commit", "-q", "-a", "-m", "x"]).env("GIT_SSH_COMMAND", "ssh -v");
    sandbox.run(&mut git).ok();
    let seen = fs::read_to_string(seen).unwrap();
    let git: Vec<&str> = seen.lines().filter(|l| l.starts_with("GIT_") && !l.starts_with("GIT_CEILING")).collect();
    let kept = ["GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM", "GIT_EXEC_PATH", "GIT_SSH_COMMAND"];
    assert!(git.iter().all(|l| kept.contains(&l.split('=').next().unwrap())), "{git:?}");
    assert!(git.contains(&"GIT_SSH_COMMAND=ssh -v"), "{git:?}");
}

#[test]
fn a_suite_finds_its_tools_where_they_were_when_the_hooks_were_installed() {
    let mut sandbox = untested("");
    let tools = sandbox.root().join("tools");
    sandbox.write("../tools/only-here", "#!/bin/sh\nexit 0\n");
    fs::set_permissions(tools.join("only-here"), fs::Permissions::from_mode(0o755)).unwrap();
    let path = std::env::var("PATH").unwrap();
    sandbox.env("PATH", &format!("{path}:{}", tools.display()));
    sandbox.mastery(["hook", "install"]).ok();
    sandbox.env("PATH", &path);
    sandbox.write("sh/suite.sh", "only-here\n").git(["add", "-A"]).ok();
    commit(&sandbox, ["-m", "from a graphical client"]).ok();
}

#[test]
fn a_cache_that_cannot_be_written_stops_the_commit_and_says_where() {
    let mut sandbox = tested();
    fs::write(sandbox.root().join("file"), "").unwrap();
    let cache = sandbox.root().join("file/cache").to_str().unwrap().to_owned();
    sandbox.env("XDG_CACHE_HOME", &cache);
    sandbox.write("sh/note", "x").git(["add", "-A"]).ok();
    sandbox.write("sh/note", "unstaged");
    let refused = untouched(&sandbox, || commit(&sandbox, ["-m", "x"]).fails(1));
    assert!(refused.err.contains("can't make the directory $ROOT/file/cache"), "{}", refused.err);
}
