//! A disk that is full, or a limit on the size of files that comes to the same: a commit is refused or goes through, and says so;
//! nothing is lost either way, and the next one works.
#![cfg(target_os = "linux")]

use crate::harness::{Ran, Sandbox};
use crate::toolchains::tools::small_disk;
use std::fs;
use std::path::Path;

/// A repository with a tested commit, and another file staged whose content differs from the work tree's.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    let configuration = "[journal]\nevery = \"off\"\n[languages.sh]\ndirectories = [\"sh\"]\ntest = \"sh suite.sh\"\n";
    sandbox
        .write(".mastery.toml", configuration)
        .write("sh/suite.sh", "grep -q 42 answer\n")
        .write("sh/answer", "42\n");
    sandbox.mastery(["hook", "install"]).ok();
    sandbox.git(["add", "-A"]).ok();
    sandbox.git(["commit", "-q", "-m", "first"]).ok();
    sandbox.write("sh/large", "staged\n".repeat(30_000)).git(["add", "-A"]).ok();
    sandbox.write("sh/answer", "unstaged\n");
    sandbox
}

fn state(sandbox: &Sandbox) -> Vec<String> {
    let git = |arguments: &[&str]| sandbox.git(arguments).ok().out;
    let files = ["sh/answer", "sh/large", "sh/suite.sh"].map(|path| sandbox.read(path));
    let mut state =
        vec![git(&["show-ref", "--head"]), git(&["ls-files", "--stage"]), git(&["status", "--porcelain=v2"])];
    state.extend(files);
    state
}

/// Demands that what was refused left everything as it was, and that it works once there is room.
#[track_caller]
fn nothing_is_lost(sandbox: &Sandbox, refuse: impl FnOnce() -> Ran, word: &str) {
    let before = state(sandbox);
    let refused = refuse().fails(1);
    for said in [word, "can't write", "make room", "MASTERY_SKIP=tests git commit"] {
        assert!(refused.err.contains(said), "{said}: {}", refused.err);
    }
    assert_eq!(state(sandbox), before);
    sandbox.git(["commit", "-q", "-m", "there is room again"]).ok();
    let ran = sandbox.mastery(["test", "--rev", "HEAD"]).ok();
    assert!(ran.out.contains("already passed"), "{}", ran.out);
}

/// Runs `script` where a file system of its own, with room for `pages` of 4 KiB, stands at `place`; none where that can't be.
fn on_a_small_disk(sandbox: &Sandbox, place: &Path, pages: usize, script: &str) -> Option<Ran> {
    let unshare = small_disk()?;
    fs::create_dir_all(place).unwrap();
    let mount = format!("mount -t tmpfs -o size={}k none \"$0\" || exit 99\n{script}", pages * 4);
    let mut command = sandbox.command(unshare[0], "");
    command.args(&unshare[1..]).args(["sh", "-c", &mount]).arg(place);
    Some(sandbox.run(&mut command))
}

#[test]
fn a_full_cache_refuses_the_commit_and_loses_nothing() {
    let sandbox = sandbox();
    if small_disk().is_none() {
        return;
    }
    let refuse = || on_a_small_disk(&sandbox, &sandbox.home().join(".cache"), 16, "git commit -q -m x").unwrap();
    nothing_is_lost(&sandbox, refuse, "No space left on device");
}

/// However little room is left: a commit that went through has been tested, one that was refused says why and can be made again.
#[test]
fn a_repository_on_a_full_disk_loses_nothing_however_little_is_left() {
    let sandbox = sandbox();
    let script = r#"
        state() { git show-ref --head; git ls-files --stage; git status --porcelain=v2; cat sh/answer sh/large sh/suite.sh; }
        for left in 0 1 2 3 4 6 8 12 16 24; do
            rm -rf "$0/work"
            cp -a . "$0/work" && cd "$0/work" || exit 98
            rm -rf .git/mastery
            before=$(state)
            dd if=/dev/zero of=../filler bs=4096 2> ../../filled
            size=$(stat -c %s ../filler)
            truncate -s $((size - left * 4096)) ../filler
            git commit -q -m x 2> ../../said
            code=$?
            rm ../filler
            if [ $code = 0 ]; then
                "$MASTERY" test --rev HEAD | grep -q 'already passed' && result=committed || result=untested
            else
                [ "$(state)" = "$before" ] && result=refused || result=changed
                # The last is git's own way to say so of a ref.
                grep -qi "no space left on device\|out of diskspace\|couldn't write" ../../said || { result=silent; cat ../../said; }
                rm -f .git/index.lock
                git commit -q -m 'there is room again' || result=stuck
            fi
            git fsck --no-dangling > ../../said 2>&1 || result=broken
            echo "$left $result"
            cd "$OLDPWD"
        done"#;
    let script = format!("MASTERY='{}'\n{script}", env!("CARGO_BIN_EXE_mastery"));
    let Some(ran) = on_a_small_disk(&sandbox, &sandbox.root().join("disk"), 1024, &script) else { return };
    let results: Vec<&str> = ran.out.lines().filter_map(|line| line.split(' ').nth(1)).collect();
    assert_eq!(results.len(), 10, "{}", ran.all());
    assert!(results.iter().all(|r| ["committed", "refused"].contains(r)), "{}", ran.all());
    assert!(results[0] == "refused" && results[9] == "committed", "{}", ran.all());
}

#[test]
fn a_file_that_may_not_grow_so_large_refuses_the_commit_and_loses_nothing() {
    let sandbox = sandbox();
    // 512 bytes a block, as POSIX has it.
    let limited = || sandbox.run(sandbox.command("sh", "").args(["-c", "ulimit -f 128 && git commit -q -m x"]));
    nothing_is_lost(&sandbox, limited, "File too large");
}

#[test]
fn a_receipt_that_cannot_be_written_refuses_the_commit_and_a_log_does_not() {
    let sandbox = sandbox();
    let long = format!("test = \"sh suite.sh # {}\"", "x".repeat(9000));
    let configuration = sandbox.read(".mastery.toml").replace("test = \"sh suite.sh\"", &long);
    sandbox.write(".mastery.toml", &configuration).git(["add", ".mastery.toml"]).ok();
    sandbox.write("sh/large", "small\n").git(["add", "-A"]).ok();
    sandbox.write("sh/answer", "42\n").git(["add", "-A"]).ok();
    let limited =
        |sandbox: &Sandbox| sandbox.run(sandbox.command("sh", "").args(["-c", "ulimit -f 16 && git commit -q -m x"]));
    nothing_is_lost(&sandbox, || limited(&sandbox), "File too large");
    sandbox.write(".mastery.toml", configuration.replace(&long, "test = \"sh suite.sh\""));
    sandbox.write("sh/suite.sh", "yes | head -c 100000; grep -q 42 answer\n").git(["add", "-A"]).ok();
    limited(&sandbox).ok();
}

#[test]
fn a_report_that_the_disk_refused_is_no_verdict() {
    let sandbox = sandbox();
    let configuration = sandbox.read(".mastery.toml") + "report = \"tap\"\n";
    sandbox.write(".mastery.toml", configuration).write("sh/answer", "42\n").write("sh/large", "small\n");
    sandbox.write("sh/suite.sh", "yes '# talk' | head -c 100000; echo; echo 1..1; echo ok 1\n").git(["add", "-A"]).ok();
    let limited = || sandbox.run(sandbox.command("sh", "").args(["-c", "ulimit -f 16 && git commit -q -m x"]));
    let refused = limited().fails(1);
    assert!(refused.err.contains("the disk refused a part of its report"), "{}", refused.err);
    sandbox.git(["commit", "-q", "-m", "there is room again"]).ok();
}
