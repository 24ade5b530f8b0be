//! The walk over history says what git itself says: on made histories of every shape, however their objects are stored, and on
//! repositories that somebody names.

use crate::harness::{Numbers, Sandbox};
use mastery::git::{Changes, ObjectId, Repository};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// For each commit what it changed, a line a file as `git diff-tree --raw` writes it; nothing for merges.
type Told = BTreeMap<String, BTreeSet<String>>;

/// What git says; `cut` commits are left out.
fn by_git(git: &dyn Fn() -> Command, cut: &BTreeSet<String>) -> Told {
    let ids = git().args(["rev-list", "HEAD"]).output().unwrap();
    assert!(ids.status.success());
    let ids = String::from_utf8(ids.stdout).unwrap();
    let arguments = ["diff-tree", "--stdin", "-r", "--root", "--raw", "-z", "--no-renames", "--no-abbrev"];
    let mut child = git().args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let text = ids.clone();
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success());
    let mut told: Told = ids.lines().map(|id| (id.to_owned(), BTreeSet::new())).collect();
    let mut fields = output.stdout.split(|b| *b == 0).filter(|f| !f.is_empty());
    let mut current = String::new();
    while let Some(field) = fields.next() {
        let field = String::from_utf8_lossy(field).into_owned();
        if let Some(raw) = field.strip_prefix(':') {
            let path = String::from_utf8_lossy(fields.next().unwrap()).into_owned();
            let (sides, _) = raw.rsplit_once(' ').unwrap();
            told.get_mut(&current).unwrap().insert(format!("{sides} {path}"));
        } else {
            current = field;
        }
    }
    told.retain(|id, _| !cut.contains(id));
    told
}

/// What the walk says, and which commits it calls cut. Parents come before children.
fn by_walk(directory: &Path) -> (Told, BTreeSet<String>) {
    let repo = Repository::open(directory).unwrap();
    let head = repo.head().unwrap().unwrap();
    let (mut told, mut cut, mut seen) = (Told::new(), BTreeSet::new(), BTreeSet::<ObjectId>::new());
    repo.walk(head, &mut |commit, changes| {
        assert!(commit.parents.iter().all(|p| seen.contains(p)), "{} came before its parents", commit.id);
        assert!(seen.insert(commit.id), "{} came twice", commit.id);
        let lines = match changes {
            Changes::Merge => BTreeSet::new(),
            Changes::Cut => {
                cut.insert(commit.id.to_string());
                return;
            }
            Changes::Listed { changes, complete } => {
                assert!(complete, "{} is whole", commit.id);
                changes
                    .iter()
                    .map(|c| {
                        let mode =
                            |side: Option<(mastery::git::Mode, ObjectId)>| side.map_or("000000", |s| s.0.octal());
                        let id = |side: Option<(mastery::git::Mode, ObjectId)>| {
                            side.map_or_else(|| "0".repeat(40), |s| s.1.to_string())
                        };
                        format!("{} {} {} {} {}", mode(c.old), mode(c.new), id(c.old), id(c.new), c.path)
                    })
                    .collect()
            }
        };
        told.insert(commit.id.to_string(), lines);
    })
    .unwrap();
    (told, cut)
}

fn same(sandbox: &Sandbox, directory: &str) -> BTreeSet<String> {
    let (told, cut) = by_walk(&sandbox.work().join(directory));
    let expected = by_git(&|| sandbox.command("git", directory), &cut);
    assert!(!expected.is_empty() || !cut.is_empty());
    assert_eq!(told, expected);
    cut
}

/// Names that sort differently as a file and as a directory, and that replace one another.
const PATHS: [&str; 14] = [
    "a",
    "a.txt",
    "a/b",
    "a/b/c",
    "a/b/c/d",
    "a-b/x",
    "a0",
    "go/main.go",
    "golang/main.go",
    "golang/in/x_test.go",
    "b/y/z",
    "b/y",
    "README.md",
    "b",
];
const SUBMODULE: &str = "0123456789012345678901234567890123456789";

/// A history with merges (criss-cross too), deletions, renames, modes, links, submodules, and files in directories' places.
fn history(seed: u64, commits: usize) -> String {
    let mut numbers = Numbers(seed);
    let mut stream = String::new();
    for mark in 1..=commits {
        let (name, time) = (format!("commit refs/heads/w{mark}\nmark :{mark}\n"), 1_700_000_000 + mark / 3 * 60);
        let _ = write!(stream, "{name}committer A <a@x> {time} +0100\ndata 1\nx\n");
        if mark > 1 && numbers.below(40) > 0 {
            let near = |numbers: &mut Numbers| mark - 1 - numbers.below(3.min(mark - 1));
            let first = near(&mut numbers);
            let _ = writeln!(stream, "from :{first}");
            let second = near(&mut numbers);
            if second != first && numbers.below(3) == 0 {
                let _ = writeln!(stream, "merge :{second}");
            }
        }
        for _ in 0..=numbers.below(4) {
            let path = PATHS[numbers.below(PATHS.len())];
            let _ = match numbers.below(9) {
                0 | 1 => writeln!(stream, "D {path}"),
                2 => writeln!(stream, "M 160000 {SUBMODULE} {path}"),
                3 => writeln!(stream, "M 120000 inline {path}\ndata 1\na"),
                4 => writeln!(stream, "M 100755 inline {path}\ndata 2\n#!"),
                n => {
                    let text = format!("{}{}", "a line that repeats\n".repeat(n * 3), numbers.below(5));
                    writeln!(stream, "M 100644 inline {path}\ndata {}\n{text}", text.len())
                }
            };
        }
    }
    let _ = write!(stream, "reset refs/heads/main\nfrom :{commits}\n");
    stream
}

fn import(sandbox: &Sandbox, stream: &str) {
    let mut child =
        sandbox.command("git", "").args(["fast-import", "--quiet", "--force"]).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(stream.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
}

#[test]
fn the_walk_says_what_git_says_however_objects_are_stored() {
    for seed in 0..4 {
        let sandbox = Sandbox::new();
        sandbox.git(["config", "fastimport.unpackLimit", "1"]).ok();
        // Several threads take part in more than 256 commits.
        import(&sandbox, &history(seed, if seed == 0 { 700 } else { 120 }));
        same(&sandbox, "");
        sandbox.git(["repack", "-adfq", "--depth=50", "--window=20"]).ok();
        same(&sandbox, "");
        if seed == 1 {
            let pack = std::fs::read_dir(sandbox.work().join(".git/objects/pack")).unwrap();
            let pack = pack.flatten().map(|f| f.path()).find(|p| p.extension().is_some_and(|e| e == "pack")).unwrap();
            let moved = sandbox.root().join("p.pack");
            std::fs::rename(&pack, &moved).unwrap();
            let mut child = sandbox.command("git", "");
            let input = std::fs::File::open(&moved).unwrap();
            assert!(child.args(["unpack-objects", "-q"]).stdin(input).status().unwrap().success());
            std::fs::remove_file(pack.with_extension("idx")).unwrap();
            same(&sandbox, "");
        }
    }
}

#[test]
fn objects_that_another_repository_lends_are_walked() {
    let sandbox = Sandbox::new();
    import(&sandbox, &history(9, 80));
    sandbox.git(["clone", "-q", "--shared", "--no-checkout", ".", "borrower"]).ok();
    assert!(sandbox.exists("borrower/.git/objects/info/alternates"));
    assert!(same(&sandbox, "borrower").is_empty());
}

#[test]
fn a_shallow_clone_is_cut_exactly_where_git_cut_it() {
    let sandbox = Sandbox::new();
    import(&sandbox, &history(11, 120));
    let from = format!("file://{}", sandbox.work().display());
    sandbox.git(["clone", "-q", "--depth=4", "--no-checkout", &from, "shallow"]).ok();
    let cut = same(&sandbox, "shallow");
    let boundary = sandbox.read("shallow/.git/shallow").lines().map(str::to_owned).collect();
    assert_eq!(cut, boundary);
    sandbox.git_in("shallow", ["fetch", "-q", "--unshallow"]).ok();
    assert!(same(&sandbox, "shallow").is_empty());
}

#[test]
fn a_clone_without_blobs_is_walked_whole_and_one_without_trees_says_what_it_lacks() {
    let sandbox = Sandbox::new();
    sandbox.git(["config", "uploadpack.allowFilter", "true"]).ok();
    import(&sandbox, &history(13, 60));
    let from = format!("file://{}", sandbox.work().display());
    for (filter, name) in [("blob:none", "blobless"), ("tree:0", "treeless")] {
        sandbox.git(["clone", "-q", &format!("--filter={filter}"), "--no-checkout", &from, name]).ok();
    }
    assert!(same(&sandbox, "blobless").is_empty());
    let repo = Repository::open(&sandbox.work().join("treeless")).unwrap();
    let mut lacking = 0;
    let walked = repo
        .walk(repo.head().unwrap().unwrap(), &mut |_, changes| {
            lacking += usize::from(matches!(changes, Changes::Listed { complete: false, .. }));
        })
        .unwrap();
    assert!(lacking > 0 && walked.cut == 0 && walked.commits > 10);
}

#[test]
fn replaced_commits_and_grafts_count_as_they_do_for_git() {
    let sandbox = Sandbox::new();
    let mut stream = String::new();
    for mark in 1..=12 {
        let from = if mark > 1 { format!("from :{}\n", mark - 1) } else { String::new() };
        let text = format!("M 100644 inline go/f{}.go\ndata 2\n{mark:02}\n", mark % 4);
        let _ = write!(
            stream,
            "commit refs/heads/main\nmark :{mark}\ncommitter A <a@x> {mark}00 +0000\ndata 1\nx\n{from}{text}"
        );
    }
    import(&sandbox, &stream);
    let chain = sandbox.git(["rev-list", "HEAD"]).ok().out;
    let chain: Vec<&str> = chain.lines().collect();
    // Git 2.47 still reads grafts, and says that it will not for ever.
    sandbox.git(["config", "advice.graftFileDeprecated", "false"]).ok();
    sandbox.write(".git/info/grafts", format!("{} {}\n", chain[1], chain[4]));
    same(&sandbox, "");
    std::fs::remove_file(sandbox.work().join(".git/info/grafts")).unwrap();
    assert_eq!(by_walk(&sandbox.work()).0.len(), 12);
    sandbox.git(["replace", "--graft", chain[2], chain[5]]).ok();
    same(&sandbox, "");
    assert_eq!(by_walk(&sandbox.work()).0.len(), 10);
    sandbox.git(["pack-refs", "--all"]).ok();
    same(&sandbox, "");
    sandbox.git(["config", "core.useReplaceRefs", "false"]).ok();
    assert_eq!(by_walk(&sandbox.work()).0.len(), 12);
}

#[test]
fn a_damaged_pack_ends_a_walk_without_a_panic() {
    let sandbox = Sandbox::new();
    sandbox.git(["config", "fastimport.unpackLimit", "1"]).ok();
    import(&sandbox, &history(19, 80));
    sandbox.git(["repack", "-adfq"]).ok();
    let packs = std::fs::read_dir(sandbox.work().join(".git/objects/pack")).unwrap();
    let pack = packs.flatten().map(|f| f.path()).find(|p| p.extension().is_some_and(|e| e == "pack")).unwrap();
    let whole = std::fs::read(&pack).unwrap();
    let mut numbers = Numbers(3);
    let repo = || Repository::open(&sandbox.work()).unwrap();
    let head = repo().head().unwrap().unwrap();
    for _ in 0..60 {
        let mut broken = whole.clone();
        let at = 12 + numbers.below(whole.len() - 32);
        broken[at] ^= 1 << numbers.below(8);
        let aside = sandbox.root().join("broken");
        std::fs::write(&aside, &broken).unwrap();
        std::fs::rename(&aside, &pack).unwrap();
        // Whatever it says, it says it: no panic, no endless walk.
        let _ = repo().walk(head, &mut |_, _| {});
    }
}

/// `MASTERY_WALKS=DIR:DIR… cargo test --test cli -- --ignored the_walk_says_what_git_says_of_named_repositories`
#[test]
#[ignore = "needs repositories: name them in MASTERY_WALKS"]
fn the_walk_says_what_git_says_of_named_repositories() {
    let named = std::env::var_os("MASTERY_WALKS").expect("MASTERY_WALKS names directories, a colon between them");
    for directory in std::env::split_paths(&named) {
        let (told, cut) = by_walk(&directory);
        let git = || {
            let mut git = Command::new("git");
            git.arg("-C").arg(&directory);
            git
        };
        assert_eq!(told, by_git(&git, &cut), "{}", directory.display());
        assert!(!told.is_empty());
    }
}
