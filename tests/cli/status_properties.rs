//! Whatever happens in a history, status stays consistent: with itself, and with what it said of every prefix.

use bstr::{BStr, BString, ByteSlice};
use mastery::config::Config;
use mastery::git::{Change, Commit, Did, Entry, Mode, ObjectId, Signature, Told};
use mastery::history::facts::{self, Touched};
use mastery::history::fold::{Builder, Changed};
use mastery::history::hashed::Set;
use mastery::history::layout;
use mastery::history::people::People;
use mastery::history::territory::{Lens, Territory};
use mastery::progress::judge;
use mastery::progress::matter::{Matter, Measured};
use mastery::progress::status::{Evidence, PhaseState, Repository, Status, TrackState};
use proptest::prelude::*;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

type Tree = BTreeMap<BString, Vec<u8>>;

#[derive(Debug, Clone)]
enum Step {
    Write(usize, usize),
    Remove(usize),
    MoveDirectory(usize, usize),
}

const DIRECTORIES: [&str; 5] = ["go", "golang", "python", "nestjs", "docs"];
const FILES: [(&str, &str); 7] = [
    (".gitkeep", ""),
    (
        "README.md",
        "# A title\nSome words that say what this is, at some length, so that it counts as a text of its own.\n",
    ),
    ("main.go", "package main\n\nfunc main() {\n\thttp.HandleFunc(\"/a\", a)\n\thttp.HandleFunc(\"/b\", b)\n}\n"),
    ("main.py", "from fastapi import FastAPI\napp = FastAPI()\n\n@app.get('/a')\ndef a():\n    return store()\n"),
    ("main.ts", "const app = express();\napp.get('/a', take);\napp.listen(3000);\n"),
    ("x_test.go", "package main\n\nfunc TestA(t *testing.T) {}\n"),
    ("hello.go", "package main\n\nfunc main() {\n\tprintln(\"hello world\")\n}\n"),
];

fn id(bytes: &[u8]) -> ObjectId {
    // Any function that tells contents apart will do; the empty file has its real name.
    if bytes.is_empty() {
        return mastery::history::log::EMPTY;
    }
    let mut name = [1u8; 20];
    for (at, byte) in bytes.iter().enumerate() {
        name[at % 20] =
            name[at % 20].wrapping_mul(31).wrapping_add(*byte).wrapping_add(u8::try_from(at % 251).unwrap());
    }
    ObjectId::from_bytes(name)
}

fn apply(tree: &Tree, step: &Step) -> Tree {
    let mut tree = tree.clone();
    match step {
        Step::Write(directory, file) => {
            let (name, text) = FILES[*file];
            tree.insert(format!("{}/{name}", DIRECTORIES[*directory]).into(), text.as_bytes().to_vec());
        }
        Step::Remove(directory) => {
            tree.retain(|path, _| !path.starts_with(format!("{}/", DIRECTORIES[*directory]).as_bytes()));
        }
        Step::MoveDirectory(from, to) => {
            let (from, to) = (format!("{}/", DIRECTORIES[*from]), format!("{}/", DIRECTORIES[*to]));
            let moved: Vec<BString> = tree.keys().filter(|p| p.starts_with(from.as_bytes())).cloned().collect();
            for path in moved {
                let bytes = tree.remove(&path).unwrap();
                tree.insert([to.as_bytes(), &path[from.len()..]].concat().into(), bytes);
            }
        }
    }
    tree
}

fn changes(old: &Tree, new: &Tree) -> Vec<Change> {
    let side = |tree: &Tree, path: &BString| tree.get(path).map(|b| (Mode::File, id(b)));
    let paths: std::collections::BTreeSet<&BString> = old.keys().chain(new.keys()).collect();
    paths
        .into_iter()
        .map(|p| Change { path: p.clone(), old: side(old, p), new: side(new, p) })
        .filter(|c| c.old != c.new)
        .collect()
}

/// The status after these trees, one a commit.
fn judged(trees: &[Tree]) -> Status {
    let config = Config::default();
    let people = People::new(&config.people, b"");
    let mut builder = Builder::new(&people);
    let (mut told, mut changed) = (Vec::new(), Changed::default());
    let mut before = Tree::new();
    for (at, tree) in trees.iter().enumerate() {
        let who = Signature {
            name: "Ada".into(),
            email: "a@x".into(),
            seconds: i64::try_from(at).unwrap() * 4000,
            offset: 60,
        };
        let commit = Commit {
            id: commit_id(at),
            tree: id(b"tree"),
            parents: at.checked_sub(1).map(commit_id).into_iter().collect(),
            author: who.clone(),
            committer: who,
            message: "x".into(),
        };
        let parents = at.checked_sub(1).into_iter().map(|p| u32::try_from(p).ok()).collect();
        told.push(Told { what: builder.read(&commit), parents, did: Did::Listed(0, at) });
        changed.list(&changes(&before, tree), true);
        before.clone_from(tree);
    }
    let log = builder.finish(told, vec![changed]);
    let blobs: HashMap<ObjectId, Arc<Vec<u8>>> =
        trees.iter().flatten().map(|(_, b)| (id(b), Arc::new(b.clone()))).collect();
    let contents = |id: ObjectId| blobs.get(&id).cloned();
    let entries: Vec<Entry> =
        before.iter().map(|(p, b)| Entry { path: p.clone(), mode: Mode::File, id: id(b) }).collect();
    let projects = layout::every_project(&entries, &config, "repo");
    let lenses: Vec<Lens<'_>> =
        projects.iter().flat_map(|p| &p.tracks).filter_map(|t| Lens::of(&t.language, &config)).collect();
    let territory = Territory::new(&projects, &lenses, &log);
    let facts = facts::of_tracks(&log, &territory, &lenses, &contents);
    let matter = Matter {
        config: &config,
        entries: &entries,
        log: &log,
        touched: &Touched::of(&log),
        territory: &territory,
        lenses: &lenses,
        facts: &facts,
        measured: &vec![Measured::default(); lenses.len()],
        foreign: &Set::default(),
        contents: &contents,
    };
    let repository = Repository {
        head: None,
        branch: None,
        commits: trees.len(),
        shallow: false,
        unverified_commits: None,
        excused_commits: 0,
        notes: Vec::new(),
    };
    let only = projects.iter().filter(|p| !p.tracks.is_empty()).count() <= 1;
    let now = "2026-11-22T10:00:00+00:00".parse().unwrap();
    let found = judge::found(&matter, &projects, only);
    let projects = found.iter().map(|found| judge::judge(found, &config, now)).collect();
    Status { schema: 1, repository, projects }
}

fn commit_id(at: usize) -> ObjectId {
    let mut name = [7u8; 20];
    name[0] = u8::try_from(at).unwrap();
    ObjectId::from_bytes(name)
}

fn all_evidence(status: &Status) -> impl Iterator<Item = &Evidence> {
    let project = &status.projects[0];
    project
        .phases
        .iter()
        .flat_map(|p| &p.milestones)
        .flat_map(|m| &m.evidence)
        .chain(project.metrics.iter().flat_map(|m| &m.evidence))
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..DIRECTORIES.len(), 0..FILES.len()).prop_map(|(d, f)| Step::Write(d, f)),
        1 => (0..DIRECTORIES.len()).prop_map(Step::Remove),
        1 => (0..DIRECTORIES.len(), 0..DIRECTORIES.len()).prop_map(|(a, b)| Step::MoveDirectory(a, b)),
    ]
}

fn history(steps: &[Step]) -> Vec<Tree> {
    let mut trees = vec![Tree::new()];
    for step in steps {
        trees.push(apply(trees.last().unwrap(), step));
    }
    trees.split_off(1)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_status_of_every_prefix_is_consistent(steps in prop::collection::vec(step(), 1..9)) {
        let trees = history(&steps);
        prop_assert_eq!(&judged(&trees), &judged(&trees), "the same history, the same answer");
        for length in 1..=trees.len() {
            let status = judged(&trees[..length]);
            let project = &status.projects[0];
            prop_assert!(project.current_phase <= 6);
            // Phases begin in order.
            for pair in project.phases.windows(2).filter(|p| (3..5).contains(&p[0].number)) {
                prop_assert!(pair[1].state == PhaseState::Pending || pair[0].state != PhaseState::Pending);
                if let (Some(a), Some(b)) = (&pair[0].started, &pair[1].started) {
                    prop_assert!(a <= b);
                }
            }
            // Evidence exists at the commit that it names.
            for evidence in all_evidence(&status) {
                let Some(commit) = evidence.commit else { continue };
                let at = (0..length).find(|at| commit_id(*at) == commit);
                prop_assert!(at.is_some(), "{:?} names a commit outside of the prefix", evidence);
                if let (Some(at), Some(path)) = (at, &evidence.path) {
                    let path = BStr::new(path);
                    let here = trees[at].keys().any(|p| p == path || layout::is_below(p.as_bstr(), path));
                    prop_assert!(here, "{:?} is not there", evidence);
                }
            }
        }
    }

    #[test]
    fn without_deletions_no_phase_is_ever_lost_and_no_start_moves(writes in prop::collection::vec((0..DIRECTORIES.len(), 0..FILES.len()), 1..9)) {
        let steps: Vec<Step> = writes.into_iter().map(|(d, f)| Step::Write(d, f)).collect();
        let trees = history(&steps);
        let mut phase = 0;
        let mut starts: HashMap<String, ObjectId> = HashMap::new();
        for length in 1..=trees.len() {
            let status = judged(&trees[..length]);
            let project = &status.projects[0];
            prop_assert!(project.current_phase >= phase, "{} after {}", project.current_phase, phase);
            phase = project.current_phase;
            for track in project.tracks.iter().filter(|t| t.state >= TrackState::InProgress) {
                let first = track.first_commit.unwrap();
                prop_assert_eq!(*starts.entry(track.language.clone()).or_insert(first), first);
            }
        }
    }
}
