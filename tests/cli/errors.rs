//! What people are told when something is wrong, and the exit code that goes with it.

use crate::harness::Sandbox;

/// The first line of an error, for a repository that `break_it` has been at.
fn opening(break_it: impl FnOnce(&Sandbox)) -> String {
    let sandbox = Sandbox::new();
    break_it(&sandbox);
    sandbox.mastery(["init"]).fails(3).err
}

#[test]
fn outside_a_repository() {
    assert_eq!(
        Sandbox::without_repository().mastery(["init"]).fails(3).err,
        "error: $ROOT/work is not in a git repository
hint: change to one, name one with -C DIR, or make one with `git init`
"
    );
}

#[test]
fn a_mistake_in_the_configuration_is_shown_where_it_is() {
    let sandbox = Sandbox::new();
    sandbox.write(".mastery.toml", "# mine\n[tests]\n  gaet = \"push\"\n");
    assert_eq!(
        sandbox.mastery(["init"]).fails(2).err,
        "error: .mastery.toml:3:3: there is no key `gaet` here; there are gate, budget, require_tests, push, coverage_min, enforce_coverage
  3 |   gaet = \"push\"
    |   ^
hint: did you mean `gate`?
"
    );
}

#[test]
fn a_staged_configuration_is_named_as_such() {
    let sandbox = Sandbox::new();
    sandbox.write(".mastery.toml", "[tests]\ngate = 1\n");
    sandbox.git(["add", "-A"]).ok();
    sandbox.write(".mastery.toml", "");
    let err = sandbox.mastery(["hook", "run", "pre-commit"]).fails(2).err;
    assert!(err.starts_with("error: the staged .mastery.toml:2:8: text in quotes belongs here"), "{err}");
}

#[test]
fn a_configuration_that_is_no_text_is_wrong_usage() {
    let sandbox = Sandbox::new();
    sandbox.write(".mastery.toml", b"[tests]\n# caf\xe9\n");
    assert_eq!(
        sandbox.mastery(["init"]).fails(2).err,
        "error: .mastery.toml:2:6: from here on it is not UTF-8
  2 | # caf
    |      ^
hint: save the file as UTF-8
"
    );
}

#[test]
fn a_configuration_that_drives_the_terminal_is_shown_and_not_obeyed() {
    let sandbox = Sandbox::new();
    sandbox.write(".mastery.toml", "\"\x1b[31mred\" = 1\n");
    let err = sandbox.mastery(["init"]).fails(2).err;
    assert!(!err.contains('\x1b'), "{err:?}");
}

#[test]
fn a_configuration_that_is_a_directory_is_named() {
    let sandbox = Sandbox::new();
    sandbox.write(".mastery.toml/x", "");
    assert_eq!(
        sandbox.mastery(["init"]).fails(3).err,
        "error: can't read $ROOT/work/.mastery.toml\n  Is a directory (os error 21)\n"
    );
}

#[test]
fn a_named_configuration_that_is_not_there() {
    assert_eq!(
        Sandbox::new().mastery(["--config", "mine.toml", "init"]).fails(2).err,
        "error: --config: there is no file $ROOT/work/mine.toml\nhint: check the path\n"
    );
}

#[test]
fn a_directory_to_start_in_that_is_none() {
    let sandbox = Sandbox::new();
    let err = sandbox.mastery(["-C", "nowhere", "init"]).fails(3).err;
    assert_eq!(err, "error: can't change to $ROOT/work/nowhere\n  No such file or directory (os error 2)\n");
    sandbox.write("file", "");
    let err = sandbox.mastery(["-C", "file", "init"]).fails(3).err;
    assert_eq!(err, "error: can't change to $ROOT/work/file\n  it is not a directory\n");
}

#[test]
fn a_repository_of_sha_256() {
    let sandbox = Sandbox::without_repository();
    sandbox.git(["init", "-q", "--object-format=sha256"]).ok();
    let err = sandbox.mastery(["init"]).fails(3).err;
    assert!(
        err.starts_with("error: the repository at $ROOT/work names its objects by SHA-256, which mastery can't read\n"),
        "{err}"
    );
}

#[test]
fn a_repository_with_a_reftable() {
    let err = opening(|sandbox| {
        sandbox.git(["config", "core.repositoryformatversion", "1"]).ok();
        sandbox.git(["config", "extensions.refStorage", "reftable"]).ok();
    });
    assert!(err.starts_with("error: the repository at $ROOT/work keeps its branches in a reftable"), "{err}");
    assert!(
        err.ends_with("hint: git 2.46 and later turn it into files: git refs migrate --ref-format=files\n"),
        "{err}"
    );
}

#[test]
fn a_repository_of_a_format_to_come() {
    let err = opening(|sandbox| {
        sandbox.write(".git/config", "[core]\nrepositoryformatversion = 9\n");
    });
    assert!(err.starts_with("error: the repository at $ROOT/work is in a format that mastery can't read\n"), "{err}");
}

#[test]
fn a_broken_configuration_of_git_is_placed() {
    let err = opening(|sandbox| {
        sandbox.write(".git/config", "[core\n");
    });
    assert!(err.contains("missing ']' in section header (in $ROOT/work/.git/config:1)\n"), "{err}");
}

#[test]
fn a_broken_index_comes_with_the_cure() {
    let err = opening(|sandbox| {
        sandbox.write(".git/index", "garbage");
    });
    assert!(err.starts_with("error: can't read the index\n"), "{err}");
    assert!(err.contains("rm $ROOT/work/.git/index && git reset"), "{err}");
}

#[test]
fn an_index_that_only_git_can_read_comes_with_a_cure_that_keeps_what_is_staged() {
    let split: &[&str] = &["update-index", "--split-index"];
    let sparse: &[&str] = &["sparse-checkout", "set", "--cone", "--sparse-index", "golang"];
    for arrange in [split, sparse] {
        let sandbox = Sandbox::new();
        sandbox.write("golang/go.mod", "module x\n").write("other/file", "x\n");
        sandbox.commit_all("docs: begin");
        sandbox.git(arrange).ok();
        sandbox.write("golang/main.go", "package main\n").git(["add", "-A"]).ok();
        let err = sandbox.mastery(["journal", "list"]).fails(3).err;
        let cure = err.rsplit(": git ").next().unwrap().trim().to_owned();
        sandbox.git(cure.split(' ')).ok();
        sandbox.mastery(["journal", "list"]).ok();
        assert_eq!(sandbox.git(["status", "--porcelain"]).ok().out, "A  golang/main.go\n", "{err}");
    }
}

#[test]
fn a_broken_head_is_missing() {
    let err = opening(|sandbox| {
        sandbox.write(".git/HEAD", "garbage\n");
    });
    assert!(err.starts_with("error: can't read HEAD\n"), "{err}");
}

#[test]
fn a_project_that_is_not_there() {
    let sandbox = Sandbox::new();
    sandbox.write("15-api-rate-limiter/golang/go.mod", "module x\n");
    sandbox.commit_all("docs: begin");
    assert_eq!(
        sandbox.mastery(["status", "15-api-rate-limitr"]).fails(2).err,
        "error: no project is called \"15-api-rate-limitr\" here\nhint: did you mean 15-api-rate-limiter?\n"
    );
}

#[test]
fn before_the_first_commit_there_is_a_status_and_no_revision() {
    let sandbox = Sandbox::new();
    sandbox.mastery(["status"]).ok();
    let err = sandbox.mastery(["status", "--at", "HEAD"]).fails(2).err;
    assert!(err.starts_with("error: no commit is called \"HEAD\" here\n"), "{err}");
    assert!(err.ends_with("hint: there is no commit on this branch yet\n"), "{err}");
}
