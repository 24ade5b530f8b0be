//! Installing hooks, living with those of others, and taking them away again, against real git.

use crate::harness::Sandbox;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

/// Everything below `directory`: paths with their mode and bytes, or where they link to.
fn listing(directory: &Path) -> BTreeMap<String, (u32, Vec<u8>)> {
    let mut found = BTreeMap::new();
    let mut pending = vec![directory.to_owned()];
    while let Some(path) = pending.pop() {
        let metadata = fs::symlink_metadata(&path).unwrap();
        let content = if metadata.is_dir() {
            pending.extend(fs::read_dir(&path).unwrap().map(|item| item.unwrap().path()));
            Vec::new()
        } else if metadata.is_symlink() {
            fs::read_link(&path).unwrap().into_os_string().into_encoded_bytes()
        } else {
            fs::read(&path).unwrap()
        };
        found.insert(path.display().to_string(), (metadata.permissions().mode(), content));
    }
    found
}

fn make_executable(path: &Path) {
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// A hook that somebody else wrote.
fn foreign(sandbox: &Sandbox, name: &str, text: &str) {
    sandbox.write(format!(".git/hooks/{name}"), text);
    make_executable(&sandbox.work().join(".git/hooks").join(name));
}

/// A commit of one file that is no track's, through the hooks.
fn commit(sandbox: &Sandbox, name: &str) -> crate::harness::Ran {
    sandbox.write(name, name);
    sandbox.git(["add", name]).ok();
    sandbox.git(["commit", "-q", "-m", &format!("docs: {name}")])
}

fn state(sandbox: &Sandbox, name: &str) -> String {
    let answer = sandbox.mastery(["hook", "status", "--format", "json"]).ok().out;
    let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
    let hooks = answer["hooks"].as_array().unwrap();
    hooks.iter().find(|h| h["name"] == name).unwrap()["state"].as_str().unwrap().to_owned()
}

#[test]
fn installing_proves_that_the_hooks_fire_and_twice_changes_nothing() {
    let sandbox = Sandbox::new();
    let ran = sandbox.mastery(["hook", "install"]).ok();
    assert!(ran.out.contains("git ran pre-commit, pre-merge-commit, commit-msg, pre-push"), "{}", ran.out);
    let after = listing(&sandbox.work());
    let again = sandbox.mastery(["hook", "install"]).ok();
    assert!(again.out.contains("already installed, nothing to change"), "{}", again.out);
    assert_eq!(listing(&sandbox.work()), after);
    assert_eq!(state(&sandbox, "commit-msg"), "installed");
    commit(&sandbox, "a").ok();
}

#[test]
fn a_shim_is_a_few_readable_lines_that_say_what_they_are() {
    let sandbox = Sandbox::new();
    sandbox.mastery(["hook", "install"]).ok();
    let text = sandbox.read(".git/hooks/pre-commit");
    assert!(text.lines().count() <= 16, "{text}");
    assert!(text.lines().nth(1).unwrap().starts_with("# mastery hook pre-commit, shim version 2"), "{text}");
    sandbox.run(sandbox.command("sh", "").args(["-n", ".git/hooks/pre-commit"])).ok();
}

#[test]
fn a_dry_run_shows_the_plan_and_writes_nothing() {
    let sandbox = Sandbox::new();
    foreign(&sandbox, "pre-commit", "#!/bin/sh\nexit 0\n");
    let before = listing(&sandbox.work());
    let ran = sandbox.mastery(["hook", "install", "--dry-run"]).ok();
    for line in
        ["move     .git/hooks/pre-commit to .git/hooks/pre-commit.before-mastery", "create   .git/hooks/commit-msg"]
    {
        assert!(ran.out.contains(line), "{}", ran.out);
    }
    assert_eq!(listing(&sandbox.work()), before);
}

#[test]
fn uninstalling_leaves_no_trace_of_text_binary_linked_and_lame_hooks() {
    let sandbox = Sandbox::new();
    foreign(&sandbox, "pre-commit", "#!/bin/sh\nexit 0\n");
    sandbox.write(".git/hooks/pre-merge-commit", b"\x7fELF\x00\xff not text");
    symlink("../../scripts/message", sandbox.work().join(".git/hooks/commit-msg")).unwrap();
    let before = listing(&sandbox.work().join(".git"));
    sandbox.mastery(["hook", "install"]).ok();
    assert_ne!(listing(&sandbox.work().join(".git")), before);
    sandbox.mastery(["hook", "uninstall"]).ok();
    assert_eq!(listing(&sandbox.work().join(".git")), before);
    let again = sandbox.mastery(["hook", "uninstall"]).ok();
    assert!(again.out.contains("nothing to take away"), "{}", again.out);
}

#[test]
fn a_hooks_directory_that_installing_made_goes_with_the_hooks_and_another_one_stays() {
    let sandbox = Sandbox::new();
    let (usual, own) = (sandbox.work().join(".git/hooks"), sandbox.home().join(".config/git/hooks"));
    fs::remove_dir_all(&usual).unwrap();
    sandbox.mastery(["hook", "install"]).ok();
    sandbox.mastery(["hook", "install"]).ok();
    let dry = sandbox.mastery(["hook", "uninstall", "--dry-run"]).ok();
    assert!(dry.out.ends_with("remove   .git/hooks/\n") && usual.exists(), "{}", dry.out);
    sandbox.mastery(["hook", "uninstall"]).ok();
    assert!(!usual.exists());
    // With its parents, as far as they hold nothing else.
    sandbox.git(["config", "core.hooksPath", own.to_str().unwrap()]).ok();
    sandbox.mastery(["hook", "install"]).ok();
    sandbox.mastery(["hook", "uninstall"]).ok();
    assert_eq!(fs::read_dir(sandbox.home()).unwrap().count(), 0);
    sandbox.mastery(["hook", "install"]).ok();
    fs::write(own.join("post-commit"), "mine").unwrap();
    sandbox.mastery(["hook", "uninstall"]).ok();
    let left: Vec<_> = fs::read_dir(&own).unwrap().map(|item| item.unwrap().file_name()).collect();
    assert_eq!(left, ["post-commit"]);
}

#[test]
fn an_installation_that_fails_half_way_leaves_the_hooks_as_they_were() {
    let sandbox = Sandbox::new();
    foreign(&sandbox, "pre-commit", "#!/bin/sh\nexit 0\n");
    let before = listing(&sandbox.work().join(".git"));
    let mut limited = sandbox.command("sh", "");
    limited.args(["-c", "ulimit -f 0 && exec \"$0\" hook install", env!("CARGO_BIN_EXE_mastery")]);
    let failed = sandbox.run(&mut limited).fails(3);
    assert!(failed.err.contains("File too large") && !failed.out.contains("created"), "{}", failed.all());
    assert_eq!(listing(&sandbox.work().join(".git")), before);
    // Killed between the two: what was begun is finished first.
    sandbox.mastery(["hook", "install"]).ok();
    let stood = sandbox.work().join(".git/hooks/pre-commit");
    let shim = sandbox.read(&stood);
    fs::remove_file(&stood).unwrap();
    let bytes = |text: &str| text.as_bytes().to_vec();
    let step = serde_json::json!({ "path": bytes(stood.to_str().unwrap()), "bytes": bytes(&shim), "executable": true });
    sandbox.write(".git/mastery-hooks-under-way", serde_json::json!([{ "Create": step }]).to_string());
    sandbox.mastery(["hook", "install"]).ok();
    assert_eq!(state(&sandbox, "pre-commit"), "installed");
    assert!(!sandbox.exists(".git/mastery-hooks-under-way"));
    sandbox.mastery(["hook", "uninstall"]).ok();
    assert_eq!(listing(&sandbox.work().join(".git")), before);
}

#[test]
fn a_foreign_script_that_asks_for_its_name_is_told_the_one_that_it_had() {
    let sandbox = Sandbox::new();
    // A dispatcher, with options of its shell; a script that runs itself again, as old versions of husky do; the idiom of bash.
    let dispatcher = "#!/bin/sh -e\necho \"$(basename \"$0\") $(dirname \"$0\") $#\" >> ran\nfor one in \"$0.d\"/*; do sh \"$one\"; done\nfalse\n";
    foreign(&sandbox, "pre-commit", dispatcher);
    sandbox.write(".git/hooks/pre-commit.d/one", "echo one >> ran\n");
    foreign(
        &sandbox,
        "commit-msg",
        "[ -n \"$AGAIN\" ] || { export AGAIN=1; exec sh -e \"$0\" \"$@\"; }\necho \"again $1\" >> ran\n",
    );
    let bash = "#!/usr/bin/env bash\nif [[ \"${BASH_SOURCE[0]}\" == \"$0\" ]]; then echo main >> ran; fi\n";
    foreign(&sandbox, "pre-push", bash);
    sandbox.mastery(["hook", "install"]).ok();
    let refused = commit(&sandbox, "a").fails(1);
    assert!(
        refused.err.contains("the pre-commit hook that was here before mastery ended with exit code 1"),
        "{}",
        refused.err
    );
    assert_eq!(sandbox.read("ran"), "pre-commit .git/hooks 0\none\n");
    foreign(&sandbox, "pre-commit.before-mastery", &dispatcher.replace("false", "true"));
    commit(&sandbox, "a").ok();
    sandbox.git(["init", "-q", "--bare", "../remote.git"]).ok();
    sandbox.git(["push", "-q", "../remote.git", "HEAD"]).ok();
    assert_eq!(
        sandbox.read("ran").lines().skip(2).collect::<Vec<_>>(),
        ["pre-commit .git/hooks 0", "one", "again .git/COMMIT_EDITMSG", "main"]
    );
}

#[test]
fn the_mark_of_a_kept_hook_is_no_way_past_mastery() {
    let sandbox = Sandbox::new();
    sandbox
        .write(".mastery.toml", "[languages.golang]\ntest = \"false\"\nreport = \"none\"\n")
        .write("golang/a.go", "package a\n");
    sandbox.mastery(["hook", "install"]).ok();
    sandbox.git(["add", "-A"]).ok();
    let top = sandbox.work().canonicalize().unwrap().display().to_string();
    for process in [String::new(), "1 ".into(), format!("{} ", std::process::id())] {
        let mark = format!("{process}{top}:.git/hooks/pre-commit");
        let mut git = sandbox.command("git", "");
        git.args(["commit", "-q", "-m", "x"]).env("MASTERY_CALLED_FROM", mark);
        sandbox.normalise(&git.output().unwrap()).fails(1);
    }
}

#[test]
fn a_foreign_hook_runs_first_with_the_same_arguments_and_environment_and_its_failure_stops() {
    let sandbox = Sandbox::new();
    let note =
        "#!/bin/sh\necho \"$1 index=$GIT_INDEX_FILE path=${MASTERY_INSTALL_PATH-unset}\" >> ran\ntest ! -e fail\n";
    foreign(&sandbox, "commit-msg", note);
    sandbox.mastery(["hook", "install"]).ok();
    commit(&sandbox, "a").ok();
    assert_eq!(sandbox.read("ran"), ".git/COMMIT_EDITMSG index=.git/index path=unset\n");
    sandbox.write("fail", "");
    let ran = commit(&sandbox, "b").fails(1);
    assert!(ran.err.contains("the commit-msg hook that was here before mastery ended with exit code 1"), "{}", ran.err);
    assert_eq!(sandbox.git(["rev-list", "--count", "HEAD"]).ok().out, "1\n");
}

#[test]
fn foreign_hooks_of_every_make_run_as_git_would_run_them() {
    let sandbox = Sandbox::new();
    sandbox.write("scripts/check", "#!/bin/sh\necho linked >> ran\n");
    make_executable(&sandbox.work().join("scripts/check"));
    symlink("../../scripts/check", sandbox.work().join(".git/hooks/pre-commit")).unwrap();
    // No `#!` line: git gives it to sh. Not executable: git passes over it.
    foreign(&sandbox, "commit-msg", "echo bare >> ran\n");
    sandbox.write(".git/hooks/pre-merge-commit", "#!/bin/sh\necho lame >> ran\n");
    sandbox.mastery(["hook", "install"]).ok();
    sandbox.commit_all("start");
    sandbox.git(["checkout", "-q", "-b", "side"]).ok();
    commit(&sandbox, "a").ok();
    assert_eq!(sandbox.read("ran"), "linked\nbare\n");
    sandbox.git(["checkout", "-q", "main"]).ok();
    sandbox.git(["merge", "-q", "--no-ff", "-m", "Merge branch 'side'", "side"]).ok();
    assert_eq!(sandbox.read("ran"), "linked\nbare\nbare\n");
}

#[test]
fn a_real_binary_as_a_foreign_hook_runs() {
    let sandbox = Sandbox::new();
    let binary = sandbox.work().join(".git/hooks/pre-commit");
    copy_binary(&sandbox, "/bin/false", &binary);
    make_executable(&binary);
    sandbox.mastery(["hook", "install"]).ok();
    let ran = commit(&sandbox, "a").fails(1);
    assert!(ran.err.contains("was here before mastery"), "{}", ran.err);
}

#[test]
fn a_client_with_a_poor_path_finds_the_binary() {
    let sandbox = Sandbox::new();
    sandbox.mastery(["hook", "install"]).ok();
    sandbox.write("a", "a");
    let poor =
        |arguments: &[&str]| sandbox.run(sandbox.command("git", "").env("PATH", "/usr/bin:/bin").args(arguments));
    poor(&["add", "a"]).ok();
    poor(&["commit", "-q", "-m", "docs: a"]).ok();
}

#[test]
fn without_the_binary_the_commit_stops_and_the_way_on_is_said() {
    let sandbox = Sandbox::new();
    let copy = sandbox.root().join("it's here/mastery");
    fs::create_dir(copy.parent().unwrap()).unwrap();
    copy_binary(&sandbox, env!("CARGO_BIN_EXE_mastery"), &copy);
    sandbox.run(sandbox.command(copy.to_str().unwrap(), "").args(["hook", "install"])).ok();
    commit(&sandbox, "a").ok();
    fs::remove_file(&copy).unwrap();
    let ran = commit(&sandbox, "b").fails(1);
    for words in ["$ROOT/it's here/mastery", "mastery hook install", "--no-verify"] {
        assert!(ran.err.contains(words), "{}", ran.err);
    }
    assert_eq!(state(&sandbox, "pre-commit"), "stale");
    sandbox.git(["commit", "-q", "--no-verify", "-m", "docs: b"]).ok();
}

/// Copies a binary in a process of its own: a thread of ours that forks meanwhile would hold the copy open for writing, and it
/// could not be run.
fn copy_binary(sandbox: &Sandbox, from: &str, to: &Path) {
    sandbox.run(sandbox.command("cp", "").args([Path::new(from), to])).ok();
}

#[test]
fn without_the_binary_at_its_place_the_one_on_path_serves() {
    let sandbox = Sandbox::new();
    let copy = sandbox.root().join("gone/mastery");
    fs::create_dir(copy.parent().unwrap()).unwrap();
    copy_binary(&sandbox, env!("CARGO_BIN_EXE_mastery"), &copy);
    sandbox.run(sandbox.command(copy.to_str().unwrap(), "").args(["hook", "install"])).ok();
    fs::remove_file(&copy).unwrap();
    let own = Path::new(env!("CARGO_BIN_EXE_mastery")).parent().unwrap().display().to_string();
    sandbox.write("a", "a");
    sandbox.git(["add", "a"]).ok();
    let mut command = sandbox.command("git", "");
    sandbox.run(command.env("PATH", format!("{own}:/usr/bin:/bin")).args(["commit", "-q", "-m", "docs: a"])).ok();
}

#[test]
fn a_stale_shim_is_said_and_mended() {
    let sandbox = Sandbox::new();
    sandbox.mastery(["hook", "install"]).ok();
    let old = sandbox.read(".git/hooks/commit-msg").replace("shim version 2", "shim version 1");
    sandbox.write(".git/hooks/commit-msg", old);
    assert_eq!(state(&sandbox, "commit-msg"), "stale");
    sandbox.mastery(["hook", "install"]).ok();
    assert_eq!(state(&sandbox, "commit-msg"), "installed");
}

#[test]
fn a_shim_that_a_person_edited_is_neither_overwritten_nor_removed() {
    let sandbox = Sandbox::new();
    sandbox.mastery(["hook", "install"]).ok();
    let edited = sandbox.read(".git/hooks/commit-msg").replace("exec ", "nice ");
    sandbox.write(".git/hooks/commit-msg", &edited);
    for command in ["install", "uninstall"] {
        let ran = sandbox.mastery(["hook", command]).fails(1);
        assert!(ran.err.contains("somebody edited it"), "{}", ran.err);
        assert_eq!(sandbox.read(".git/hooks/commit-msg"), edited);
    }
}

#[test]
fn a_shim_that_is_not_executable_is_shadowed_until_installed_again() {
    let sandbox = Sandbox::new();
    sandbox.mastery(["hook", "install"]).ok();
    fs::set_permissions(sandbox.work().join(".git/hooks/pre-commit"), fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(state(&sandbox, "pre-commit"), "shadowed");
    sandbox.mastery(["hook", "install"]).ok();
    assert_eq!(state(&sandbox, "pre-commit"), "installed");
}

#[test]
fn a_hooks_path_outside_the_work_tree_is_honoured_and_explained() {
    let sandbox = Sandbox::new();
    sandbox.git(["config", "core.hooksPath", sandbox.root().join("my hooks").to_str().unwrap()]).ok();
    let ran = sandbox.mastery(["hook", "install"]).ok();
    assert!(ran.out.contains("core.hooksPath (local, file:.git/config) sends git to $ROOT/my hooks"), "{}", ran.out);
    assert!(sandbox.root().join("my hooks/commit-msg").exists());
    assert!(!sandbox.exists(".git/hooks/commit-msg"));
    assert_eq!(state(&sandbox, "commit-msg"), "installed");
}

#[test]
fn a_hooks_path_in_the_work_tree_is_refused_with_the_way_to_chain_that_works() {
    let mut sandbox = Sandbox::new();
    sandbox.git(["config", "core.hooksPath", ".husky/_"]).ok();
    sandbox.write(".husky/pre-commit", "echo husky\n");
    // What husky 9 writes into `.husky/_`, reduced to what it does.
    for name in ["pre-commit", "pre-merge-commit", "commit-msg", "pre-push"] {
        let path = format!(".husky/_/{name}");
        sandbox
            .write(&path, "#!/bin/sh\ns=\".husky/$(basename \"$0\")\"; [ ! -f \"$s\" ] || exec sh -e \"$s\" \"$@\"\n");
        make_executable(&sandbox.work().join(path));
    }
    let before = listing(&sandbox.work());
    let ran = sandbox.mastery(["hook", "install"]).fails(1);
    assert!(ran.err.contains("husky owns this repository's hooks"), "{}", ran.err);
    assert_eq!(listing(&sandbox.work()), before);
    let commands = ran.err.lines().filter_map(|l| l.strip_prefix("hint:   ")).collect::<Vec<_>>();
    assert_eq!(commands.len(), 4, "{}", ran.err);
    sandbox.run(sandbox.command("sh", "").args(["-e", "-c", &commands.join("\n")])).ok();
    assert_eq!(state(&sandbox, "commit-msg"), "installed");
    let ran = sandbox.mastery(["hook", "install"]).ok();
    assert!(ran.err.contains("call mastery already"), "{}", ran.err);
    let own = Path::new(env!("CARGO_BIN_EXE_mastery")).parent().unwrap().display().to_string();
    sandbox.env("PATH", &format!("{own}:{}", std::env::var("PATH").unwrap()));
    sandbox.env("MASTERY_HOOK_PROBE", "x");
    let ran = commit(&sandbox, "a").fails(1);
    assert!(ran.err.contains("husky\nmastery-hook-fires pre-commit"), "{}", ran.err);
}

#[test]
fn an_empty_hooks_path_and_one_that_is_no_directory_are_explained() {
    let sandbox = Sandbox::new();
    for value in ["", "/dev/null"] {
        sandbox.git(["config", "core.hooksPath", value]).ok();
        let before = listing(&sandbox.work());
        let ran = sandbox.mastery(["hook", "install"]).fails(1);
        assert!(ran.err.contains("git config --unset core.hooksPath"), "{}", ran.err);
        assert_eq!(listing(&sandbox.work()), before);
        assert_eq!(state(&sandbox, "pre-commit"), "absent");
    }
}

#[test]
fn a_hooks_path_that_comes_later_shadows_the_hooks() {
    let sandbox = Sandbox::new();
    sandbox.mastery(["hook", "install"]).ok();
    sandbox.git(["config", "core.hooksPath", ".husky/_"]).ok();
    assert_eq!(state(&sandbox, "pre-commit"), "shadowed");
    let ran = sandbox.mastery(["hook", "status"]).ok();
    assert!(ran.out.contains("let husky call mastery"), "{}", ran.out);
    sandbox.mastery(["hook", "uninstall"]).ok();
    assert!(!sandbox.exists(".git/hooks/pre-commit"));
}

#[test]
fn a_hooks_directory_that_links_into_the_work_tree_is_not_written() {
    let sandbox = Sandbox::new();
    sandbox.write("hooks/readme", "shared hooks");
    fs::remove_dir_all(sandbox.work().join(".git/hooks")).unwrap();
    symlink("../hooks", sandbox.work().join(".git/hooks")).unwrap();
    sandbox.mastery(["hook", "install"]).fails(1);
    assert!(!sandbox.exists("hooks/pre-commit"));
}

#[test]
fn linked_work_trees_and_submodules_have_hooks_that_fire() {
    let mut sandbox = Sandbox::new();
    sandbox.commit_all("start");
    sandbox.git(["worktree", "add", "-q", "../linked"]).ok();
    sandbox.mastery_in("../linked", ["hook", "install"]).ok();
    assert!(sandbox.exists(".git/hooks/pre-commit"), "linked work trees share one installation");
    assert_eq!(state(&sandbox, "pre-commit"), "installed");

    sandbox.git(["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "./", "sub"]).ok();
    let ran = sandbox.mastery_in("sub", ["hook", "install"]).ok();
    assert!(ran.out.contains(".git/modules/sub/hooks"), "{}", ran.out);
    sandbox.env("MASTERY_HOOK_PROBE", "x");
    for place in ["../linked", "sub"] {
        let ran = sandbox.git_in(place, ["commit", "-q", "--allow-empty", "-m", "docs: x"]).fails(1);
        assert!(ran.err.contains("mastery-hook-fires pre-commit"), "{place}: {}", ran.err);
    }
}

#[test]
fn outside_a_work_tree_there_is_nothing_to_install() {
    Sandbox::without_repository().mastery(["hook", "install"]).fails(3);
    let sandbox = Sandbox::without_repository();
    sandbox.git(["init", "-q", "--bare", "."]).ok();
    let ran = sandbox.mastery(["hook", "install"]).fails(3);
    assert!(ran.err.contains("has no work tree"), "{}", ran.err);
}

#[test]
fn a_manager_that_moved_the_hook_aside_and_runs_it_is_left_in_front() {
    let sandbox = Sandbox::new();
    foreign(&sandbox, "pre-commit", "#!/bin/sh\necho first >> ran\n");
    let before = listing(&sandbox.work().join(".git"));
    sandbox.mastery(["hook", "install"]).ok();
    // As pre-commit and prek do it.
    let hooks = sandbox.work().join(".git/hooks");
    fs::rename(hooks.join("pre-commit"), hooks.join("pre-commit.legacy")).unwrap();
    foreign(
        &sandbox,
        "pre-commit",
        "#!/bin/sh\n# File generated by prek: x\n\"$0.legacy\" \"$@\" && echo prek >> ran\n",
    );
    assert_eq!(state(&sandbox, "pre-commit"), "installed");
    sandbox.mastery(["hook", "install"]).ok();
    commit(&sandbox, "a").ok();
    assert_eq!(sandbox.read("ran"), "first\nprek\n");
    sandbox.mastery(["hook", "uninstall"]).ok();
    assert_eq!(fs::read(hooks.join("pre-commit.legacy")).unwrap(), b"#!/bin/sh\necho first >> ran\n");
    fs::rename(hooks.join("pre-commit.legacy"), hooks.join("pre-commit")).unwrap();
    let kept = |listing: BTreeMap<String, (u32, Vec<u8>)>| -> Vec<_> {
        listing.into_iter().filter(|(path, _)| path.contains("/hooks/")).collect()
    };
    assert_eq!(kept(listing(&sandbox.work().join(".git"))), kept(before));
}

#[test]
fn what_git_says_to_pre_push_reaches_both_hooks_whole() {
    let sandbox = Sandbox::new();
    let suite = "[languages.golang]\ntest = \"test ! -e broken\"\nreport = \"none\"\ngate = \"push\"\n";
    sandbox.write(".mastery.toml", format!("{suite}[journal]\nevery = \"off\"\n"));
    sandbox.write("golang/main.go", "package main\n");
    foreign(&sandbox, "pre-push", "#!/bin/sh\ncat > \"$PWD/.git/seen\"; echo \"$@\" > .git/arguments\n");
    sandbox.mastery(["hook", "install"]).ok();
    let good = sandbox.commit_all("good");
    sandbox.git(["init", "-q", "--bare", "../up.git"]).ok();
    sandbox.git(["push", "-q", "../up.git", "main"]).ok();
    let none = "0".repeat(40);
    assert_eq!(sandbox.read(".git/seen"), format!("refs/heads/main {good} refs/heads/main {none}\n"));
    assert_eq!(sandbox.read(".git/arguments"), "../up.git ../up.git\n");
    sandbox.write("golang/broken", "");
    let bad = sandbox.commit_all("bad");
    let ran = sandbox.git(["push", "-q", "../up.git", "main"]).fails(1);
    assert_eq!(sandbox.read(".git/seen"), format!("refs/heads/main {bad} refs/heads/main {good}\n"));
    assert!(ran.err.contains("push stopped"), "{}", ran.err);
    // A hook that reads nothing is none the worse for it, however much there is to read.
    sandbox.git(["reset", "-q", "--hard", &good]).ok();
    sandbox.write(".git/hooks/pre-push.before-mastery", "#!/bin/sh\nexit 0\n");
    for n in 0..1500 {
        sandbox.write(format!(".git/refs/heads/b{n}"), format!("{good}\n"));
    }
    sandbox.git(["push", "-q", "../up.git", "--all"]).ok();
}

#[test]
fn a_hooks_path_that_all_repositories_share_is_said_to_be_shared() {
    let mut sandbox = Sandbox::new();
    let home = sandbox.home().display().to_string();
    sandbox.env("GIT_CONFIG_GLOBAL", &format!("{home}/.gitconfig"));
    sandbox.git(["config", "--global", "core.hooksPath", "~/hooks"]).ok();
    let ran = sandbox.mastery(["hook", "install"]).ok();
    assert!(ran.out.contains("these hooks serve every repository that reads that setting"), "{}", ran.out);
    assert!(sandbox.home().join("hooks/pre-commit").exists());
    // A repository without tracks commits as before.
    sandbox.git(["init", "-q", "../other"]).ok();
    sandbox.write("../other/poem.txt", "roses\n".repeat(20));
    sandbox.git_in("../other", ["add", "-A"]).ok();
    sandbox.git_in("../other", ["commit", "-q", "-m", "feat: x"]).ok();
    sandbox.mastery(["hook", "uninstall"]).ok();
    assert!(!sandbox.home().join("hooks/pre-commit").exists());
}
