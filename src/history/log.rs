//! The log: what one walk over history leaves behind, small enough to keep. Paths are stored once; other people's code not at all.

use super::kind::{self, Kind};
use super::people::{People, Person, co_authors};
use crate::documents::journal;
use crate::git::{Change, Changes, Commit, ObjectId};
use bstr::{BStr, BString, ByteSlice};
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// The blob of an empty file.
pub const EMPTY: ObjectId = ObjectId::from_bytes([
    0xe6, 0x9d, 0xe2, 0x9b, 0xb2, 0xd1, 0xd6, 0x43, 0x4b, 0x8b, 0x29, 0xae, 0x77, 0x5a, 0xd8, 0xc2, 0xe4, 0x8c, 0x53,
    0x91,
]);

/// One commit, without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// Its id.
    pub id: ObjectId,
    /// Its parents that are here, as indexes of [`Log::points`].
    pub parents: Vec<u32>,
    /// When it was written, in seconds since 1970.
    pub seconds: i64,
    /// The author's own offset from UTC, in minutes.
    pub offset: i32,
    /// When it was committed, in seconds since 1970.
    pub committed: i64,
    /// Who wrote it, as an index of [`Log::people`].
    pub author: u32,
    /// Whether it has several parents.
    pub merge: bool,
    /// Whether its parents are not here.
    pub cut: bool,
    /// Whether its work counts: of a learner, no bot's.
    pub counts: bool,
    /// Whether a host made it out of a pull request: the date of the work is lost.
    pub squashed: bool,
    /// Whether it says `Journal: none`.
    pub excused: bool,
    /// What it touched, as a range of [`Log::touches`].
    pub touches: Range<u32>,
}

/// One file that one commit changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Touch {
    /// The file, as an index of [`Log::paths`].
    pub path: u32,
    /// What it was before; none where it is new.
    pub was: Option<ObjectId>,
    /// What it is now; none where it is gone.
    pub now: Option<ObjectId>,
}

/// A directory whose files went elsewhere in one commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// The commit, as an index of [`Log::points`].
    pub point: u32,
    /// Where they were; empty for the root.
    pub from: BString,
    /// Where they are since.
    pub to: BString,
}

/// A learned entry in a message's trailer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Learned {
    /// The commit, as an index of [`Log::points`].
    pub point: u32,
    /// The language that it names; none where it names none.
    pub language: Option<BString>,
}

/// Everything that a walk left behind, parents before children.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Log {
    /// The commits.
    pub points: Vec<Point>,
    /// Every path that is not other people's code.
    pub paths: Vec<BString>,
    /// What commits touched.
    pub touches: Vec<Touch>,
    /// Directories that moved, in the order of the commits.
    pub moves: Vec<Move>,
    /// Entries in trailers.
    pub learned: Vec<Learned>,
    /// The authors, after `.mailmap`.
    pub people: Vec<Person>,
    /// Whether a tree that was needed is not here.
    pub incomplete: bool,
}

/// Folds commits into a [`Log`].
#[derive(Debug)]
pub struct Builder<'p> {
    log: Log,
    people: &'p People,
    /// Every path that was seen; none for other people's code.
    paths: HashMap<BString, Option<u32>>,
    authors: HashMap<Person, u32>,
    /// As they stand in commits: whom they mean, and whether that counts.
    names: HashMap<(BString, BString), (Person, bool)>,
    commits: HashMap<ObjectId, u32>,
}

/// What stands behind this in a message, nobody wrote by hand.
const LONGEST: usize = 64 * 1024;

fn index(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

impl<'p> Builder<'p> {
    /// An empty log.
    pub fn new(people: &'p People) -> Self {
        Self::after(Log::default(), people)
    }

    /// Goes on where `log` ended; the same people made it.
    pub fn after(log: Log, people: &'p People) -> Self {
        Builder {
            people,
            paths: (0..).zip(&log.paths).map(|(at, path)| (path.clone(), Some(at))).collect(),
            authors: (0..).zip(&log.people).map(|(at, person)| (person.clone(), at)).collect(),
            names: HashMap::new(),
            commits: (0..).zip(&log.points).map(|(at, point)| (point.id, at)).collect(),
            log,
        }
    }

    /// Takes the next commit; its parents have come before it.
    pub fn push(&mut self, commit: &Commit, changes: Changes<'_>) {
        let point = index(self.log.points.len());
        let start = index(self.log.touches.len());
        if let Changes::Listed { changes, complete } = changes {
            self.log.incomplete |= !complete;
            self.log.moves.extend(moves(changes, point));
            for change in changes {
                self.touch(change);
            }
        }
        let (author, counts) = self.author(commit);
        let excused = self.trailers(commit.message.as_bstr(), point);
        self.commits.insert(commit.id, point);
        self.log.points.push(Point {
            id: commit.id,
            parents: commit.parents.iter().filter_map(|p| self.commits.get(p).copied()).collect(),
            seconds: commit.author.seconds,
            offset: commit.author.offset,
            committed: commit.committer.seconds,
            author,
            merge: changes == Changes::Merge,
            cut: changes == Changes::Cut,
            counts,
            squashed: is_squash(commit),
            excused,
            touches: start..index(self.log.touches.len()),
        });
    }

    /// Who wrote a commit, as an index, and whether the work counts.
    fn author(&mut self, commit: &Commit) -> (u32, bool) {
        let named = (commit.author.name.clone(), commit.author.email.clone());
        let people = self.people;
        let (author, counts) = self.names.entry(named).or_insert_with_key(|(name, email)| {
            let person = people.person(name.as_bstr(), email.as_bstr());
            let counts = people.counts(&person);
            (person, counts)
        });
        let counts = *counts
            || people.names_learners()
                && co_authors(commit.message.as_bstr())
                    .iter()
                    .any(|(n, e)| people.counts(&people.person(n.as_bstr(), e.as_bstr())));
        let known = &mut self.log.people;
        let author = if let Some(at) = self.authors.get(author) {
            *at
        } else {
            known.push(author.clone());
            let at = index(known.len() - 1);
            self.authors.insert(author.clone(), at);
            at
        };
        (author, counts)
    }

    /// The log.
    pub fn finish(self) -> Log {
        self.log
    }

    fn touch(&mut self, change: &Change) {
        let path = if let Some(path) = self.paths.get(&change.path) {
            *path
        } else {
            let is_own = kind::general(change.path.as_bstr()) != Kind::Vendored;
            let path = is_own.then(|| index(self.log.paths.len()));
            self.paths.insert(change.path.clone(), path);
            if is_own {
                self.log.paths.push(change.path.clone());
            }
            path
        };
        let Some(path) = path else { return };
        let id = |side: Option<(crate::git::Mode, ObjectId)>| side.map(|s| s.1);
        self.log.touches.push(Touch { path, was: id(change.old), now: id(change.new) });
    }

    /// Takes note of what the message says was learned; says whether it excuses itself from the journal.
    fn trailers(&mut self, message: &BStr, point: u32) -> bool {
        let message = message[..message.len().min(LONGEST)].as_bstr();
        let says = |word: &[u8]| {
            message.lines().any(|l| l.trim_start().get(..word.len()).is_some_and(|l| l.eq_ignore_ascii_case(word)))
        };
        if says(b"learned") {
            let said = journal::learned(message).into_iter().filter(|l| l.counts(usize::MAX));
            self.log.learned.extend(said.map(|l| Learned { point, language: l.language.map(BString::from) }));
        }
        says(b"journal") && journal::no_entry(message).is_some()
    }
}

impl Log {
    /// What a commit touched: each file's path and change.
    pub fn touched(&self, point: &Point) -> impl Iterator<Item = (&BStr, &Touch)> {
        self.touches[point.touches.start as usize..point.touches.end as usize]
            .iter()
            .map(|t| (self.paths[t.path as usize].as_bstr(), t))
    }

    /// Every commit that `point` can reach, itself included, as a bitmap over [`Log::points`].
    pub fn ancestors(&self, point: u32) -> Vec<bool> {
        let mut reached = vec![false; self.points.len()];
        let mut pending = vec![point];
        while let Some(at) = pending.pop() {
            if !std::mem::replace(&mut reached[at as usize], true) {
                pending.extend(&self.points[at as usize].parents);
            }
        }
        reached
    }

    /// Leaves out what a template or fork brought: commits up to `baseline` count for nobody. Whether it is one of them.
    pub fn discount(&mut self, baseline: ObjectId) -> bool {
        let Some(at) = self.points.iter().position(|p| p.id == baseline) else { return false };
        let before = self.ancestors(index(at));
        for (point, _) in self.points.iter_mut().zip(before).filter(|(_, is_before)| *is_before) {
            point.counts = false;
        }
        true
    }
}

/// A subject that ends in `(#12)`, committed by a host.
fn is_squash(commit: &Commit) -> bool {
    let subject = commit.message.lines().next().unwrap_or_default().trim_end();
    let number = subject.strip_suffix(b")").and_then(|s| s.rfind("(#").map(|at| &s[at + 2..]));
    number.is_some_and(|n| !n.is_empty() && n.iter().all(u8::is_ascii_digit))
        && (commit.committer.email.ends_with(b"noreply@github.com") || commit.committer.name == "GitHub")
}

/// The directories of which at least half of the files that left them arrived unchanged at another place.
fn moves(changes: &[Change], point: u32) -> Vec<Move> {
    let mut gone: HashMap<ObjectId, Vec<&BStr>> = HashMap::new();
    let own = |path: &BStr| kind::general(path) != Kind::Vendored;
    for change in changes {
        if let (Some((_, id)), None) = (change.old, change.new)
            && id != EMPTY
            && own(change.path.as_bstr())
        {
            gone.entry(id).or_default().push(change.path.as_bstr());
        }
    }
    if gone.is_empty() {
        return Vec::new();
    }
    let mut pairs: HashMap<(BString, BString), usize> = HashMap::new();
    for change in changes {
        let (None, Some((_, id))) = (change.old, change.new) else { continue };
        let Some(sources) = gone.get(&id) else { continue };
        let mut seen = HashSet::new();
        for source in sources {
            let ends = ends(source, change.path.as_bstr());
            if seen.insert(ends.clone()) {
                *pairs.entry(ends).or_default() += 1;
            }
        }
    }
    let left = |from: &BStr| gone.values().flatten().filter(|path| super::layout::is_below(path, from)).count();
    let mut found: Vec<Move> = pairs
        .into_iter()
        .filter(|((from, to), count)| from != to && count * 2 >= left(from.as_bstr()))
        .map(|((from, to), _)| Move { point, from, to })
        .collect();
    found.sort_by(|a, b| (&a.from, &a.to).cmp(&(&b.from, &b.to)));
    found
}

/// The directories in which two paths differ: what is left of each when their common tail is cut off.
fn ends(from: &BStr, to: &BStr) -> (BString, BString) {
    let mut left: Vec<&[u8]> = from.split(|b| *b == b'/').collect();
    let mut right: Vec<&[u8]> = to.split(|b| *b == b'/').collect();
    left.pop();
    right.pop();
    while left.last().is_some() && left.last() == right.last() {
        left.pop();
        right.pop();
    }
    (bstr::join("/", left).into(), bstr::join("/", right).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::schema::PeopleTable;
    use crate::git::{Mode, Signature};

    fn id(n: u8) -> ObjectId {
        ObjectId::from_bytes([n; 20])
    }

    fn commit(n: u8, parents: &[u8], message: &str) -> Commit {
        let who = Signature { name: "Ada".into(), email: "ada@x".into(), seconds: i64::from(n), offset: 0 };
        Commit {
            id: id(n),
            tree: id(0),
            parents: parents.iter().map(|p| id(*p)).collect(),
            author: who.clone(),
            committer: who,
            message: message.into(),
        }
    }

    fn change(path: &str, old: Option<u8>, new: Option<u8>) -> Change {
        let side = |n: Option<u8>| n.map(|n| (Mode::File, id(n)));
        Change { path: path.into(), old: side(old), new: side(new) }
    }

    #[test]
    fn a_directory_moves_when_half_of_its_files_arrive_unchanged() {
        let found = moves(
            &[
                change("go/a.go", Some(1), None),
                change("go/in/b.go", Some(2), None),
                change("go/c.go", Some(3), None),
                change("golang/a.go", None, Some(1)),
                change("golang/in/b.go", None, Some(2)),
                change("golang/c.go", None, Some(9)),
            ],
            7,
        );
        assert_eq!(found, [Move { point: 7, from: "go".into(), to: "golang".into() }]);
    }

    #[test]
    fn empty_files_that_pair_up_are_no_move() {
        let keep = |path: &str, there: bool| {
            let side = Some((Mode::File, EMPTY));
            Change { path: path.into(), old: side.filter(|_| !there), new: side.filter(|_| there) }
        };
        assert_eq!(moves(&[keep("backend/tests/.gitkeep", false), keep("backend-go/.gitkeep", true)], 0), []);
    }

    #[test]
    fn files_can_move_from_the_root_into_a_directory() {
        let found = moves(&[change("task.ts", Some(1), None), change("task/typescript/task.ts", None, Some(1))], 0);
        assert_eq!(found, [Move { point: 0, from: "".into(), to: "task/typescript".into() }]);
    }

    #[test]
    fn vendored_files_leave_no_trace_and_trailers_do() {
        let people = People::new(&PeopleTable::default(), b"");
        let mut builder = Builder::new(&people);
        let changes = [change("python/.venv/x.py", None, Some(1)), change("python/app.py", None, Some(2))];
        builder.push(
            &commit(
                1,
                &[],
                "feat: x\n\nLearned(golang): channels close once\nLearned-python: yield is lazy\nLearned: wip\nJournal: none (typo)\n",
            ),
            Changes::Listed { changes: &changes, complete: true },
        );
        builder.push(&commit(2, &[1, 9], "merge"), Changes::Merge);
        let log = builder.finish();
        assert_eq!(log.paths, ["python/app.py"]);
        let languages: Vec<Option<BString>> = log.learned.iter().map(|l| l.language.clone()).collect();
        assert_eq!(languages, [Some("golang".into()), Some("python".into())]);
        assert!(log.points[0].excused);
        assert!(log.points[1].merge && log.points[1].parents == [0]);
    }

    #[test]
    fn what_stood_at_the_baseline_counts_for_nobody() {
        let people = People::new(&PeopleTable::default(), b"");
        let mut builder = Builder::new(&people);
        for (n, parents) in [(1, &[][..]), (2, &[1]), (3, &[2])] {
            builder.push(&commit(n, parents, "x"), Changes::Listed { changes: &[], complete: true });
        }
        let mut log = builder.finish();
        assert!(log.discount(id(2)) && !log.discount(id(9)));
        assert_eq!(log.points.iter().map(|p| p.counts).collect::<Vec<_>>(), [false, false, true]);
    }
}
