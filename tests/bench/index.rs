//! What a hook asks of the index, beside git's own answers, in a repository of 10,000 files.
//!
//! Each answer is timed as a process of its own, as git's are: this very program, called with `ask`.

use super::contenders::Contender;
use super::world::World;
use super::{Promise, median};
use mastery::git::{Files, Repository};
use std::path::{Path, PathBuf};

/// The track that is asked about; it holds a thousand of the files.
const TRACK: &str = "03-chat/golang";

/// Answers a question about the repository at hand, where the command line is one. Says whether it was.
pub fn is_question(arguments: &[String]) -> bool {
    let [ask, question, directory] = arguments else { return false };
    if ask != "ask" {
        return false;
    }
    let repo = Repository::glance(Path::new(directory), Vec::new()).unwrap();
    let index = repo.git_dir().join("index");
    match question.as_str() {
        "staged" => {
            let staged = repo.staged_in(&index).unwrap();
            println!("{}", staged.trees[bstr::BStr::new(TRACK)]);
            // As the hook does.
            std::mem::forget(staged);
        }
        _ => assert!(repo.is_as_staged(&[TRACK.into()], Files::Tracked, &index).unwrap()),
    }
    true
}

/// Times both questions, in turn with git.
pub fn compare(rounds: usize) -> Vec<Promise> {
    let bare = Contender { name: "none", install: String::new(), programs: PathBuf::new(), promised: None };
    let world = World::with(&bare, false);
    for project in ["01-url", "02-queue", "03-chat", "04-feed", "05-api"] {
        for n in 0..1000 {
            world.write(&format!("{project}/golang/in{}/f{n}.go", n % 20), &format!("package in // {project} {n}\n"));
            world.write(&format!("{project}/python/f{n}.py"), &format!("# {project} {n}\n"));
        }
    }
    world.run("git", &["add", "-A"]);
    world.run("git", &["commit", "-q", "-m", "chore: many files"]);
    // What was written in the same second as the index, git can't tell by the clock.
    world.run("sh", &["-c", "sleep 1.1; git read-tree HEAD; git update-index --refresh"]);
    let own = std::env::current_exe().unwrap();
    let own = own.to_str().unwrap();
    let directory = world.repository();
    let directory = directory.to_str().unwrap();
    let pair = |what: &str, question: &str, git: &[&str], most: f64| {
        let ratios = (0..rounds + 3).map(|_| {
            let theirs = world.timed("git", git);
            world.timed(own, &["ask", question, directory]) / theirs
        });
        Promise { what: what.into(), ratio: median(ratios.skip(3).collect()), most }
    };
    vec![
        pair("the staged id of a track, 10,000 files, beside git write-tree", "staged", &["write-tree"], 0.75),
        pair(
            "whether a track is as staged, 10,000 files, beside git diff-files",
            "same",
            &["diff-files", "--quiet", "--", TRACK],
            0.7,
        ),
    ]
}
