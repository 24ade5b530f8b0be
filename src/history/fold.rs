//! Folds commits, and what they changed, into a [`Log`].

use super::hashed::{Map, Ordered, Set};
use super::kind::{self, Kind};
use super::log::{EMPTY, Learned, Log, Move, Point, Touch};
use super::people::{People, Person, co_authors};
use crate::documents::journal;
use crate::git::{Change, Commit, Did, ObjectId, Told};
use bstr::{BStr, BString, ByteSlice};

/// What is kept of a commit before its place is known.
#[derive(Debug)]
pub struct Kept {
    /// Its author is counted among the builder's own, and its parents and touches are not known.
    point: Point,
    learned: Vec<Option<BString>>,
}

/// What one thread saw change, commit by commit.
#[derive(Debug, Default)]
pub struct Changed {
    /// Every path that was seen; none for other people's code.
    known: Map<BString, Option<u32>>,
    /// The paths that are kept.
    paths: Vec<BString>,
    touches: Vec<Touch>,
    /// For each commit where its touches end.
    until: Vec<usize>,
    /// Moves, by the commit.
    moves: Vec<Move>,
    incomplete: bool,
}

/// Folds commits into a [`Log`].
#[derive(Debug)]
pub struct Builder<'p> {
    log: Log,
    people: &'p People,
    /// As they stand in commits: whom they mean.
    names: Map<Vec<u8>, u32>,
    /// The authors that were seen, and whether their work counts.
    authors: Vec<(Person, bool)>,
    /// The name and the address of the last one, and whom they mean.
    last: (Vec<u8>, u32),
}

/// What stands behind this in a message, nobody wrote by hand.
const LONGEST: usize = 64 * 1024;

fn index(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

impl Changed {
    /// Takes what the next commit changed, and whether that is complete.
    pub fn list(&mut self, changes: &[Change], complete: bool) {
        self.incomplete |= !complete;
        self.moves.extend(moves(changes, index(self.until.len())));
        for change in changes {
            let path = if let Some(path) = self.known.get(&change.path) {
                *path
            } else {
                let is_own = kind::general(change.path.as_bstr()) != Kind::Vendored;
                let path = is_own.then(|| index(self.paths.len()));
                self.known.insert(change.path.clone(), path);
                if is_own {
                    self.paths.push(change.path.clone());
                }
                path
            };
            let Some(path) = path else { continue };
            let id = |side: Option<(crate::git::Mode, ObjectId)>| side.map(|s| s.1);
            self.touches.push(Touch { path, was: id(change.old), now: id(change.new) });
        }
        self.until.push(self.touches.len());
    }
}

impl<'p> Builder<'p> {
    /// An empty log.
    pub fn new(people: &'p People) -> Self {
        Self::after(Log::default(), people)
    }

    /// Goes on where `log` ended; the same people made it.
    pub fn after(log: Log, people: &'p People) -> Self {
        Builder { log, people, names: Map::default(), authors: Vec::new(), last: (Vec::new(), 0) }
    }

    /// What the log keeps of a commit.
    pub fn read(&mut self, commit: &Commit) -> Kept {
        let author = self.author(commit);
        let message = commit.message[..commit.message.len().min(LONGEST)].as_bstr();
        let (speaks_of_learning, excused) = trailers(message);
        let mut learned = Vec::new();
        if speaks_of_learning {
            let said = journal::learned(message).into_iter().filter(|l| l.counts(usize::MAX));
            learned.extend(said.map(|l| l.language.map(BString::from)));
        }
        let point = Point {
            id: commit.id,
            parents: Vec::new(),
            seconds: commit.author.seconds,
            offset: commit.author.offset,
            committed: commit.committer.seconds,
            author,
            merge: false,
            cut: false,
            counts: self.authors[author as usize].1 || self.is_shared(commit),
            squashed: is_squash(commit),
            excused,
            touches: 0..0,
        };
        Kept { point, learned }
    }

    /// Who wrote a commit, as an index of `authors`. Mostly it is whoever wrote the one before.
    fn author(&mut self, commit: &Commit) -> u32 {
        let (name, email) = (commit.author.name.as_bstr(), commit.author.email.as_bstr());
        let (last, at) = &mut self.last;
        let is_last = last.len() == name.len() + 1 + email.len() && last.starts_with(name) && last.ends_with(email);
        if is_last && last[name.len()] == 0 {
            return *at;
        }
        last.clear();
        last.extend_from_slice(name);
        last.push(0);
        last.extend_from_slice(email);
        *at = if let Some(known) = self.names.get(last) {
            *known
        } else {
            let person = self.people.person(name, email);
            let counts = self.people.counts(&person);
            self.authors.push((person, counts));
            self.names.insert(last.clone(), index(self.authors.len() - 1));
            index(self.authors.len() - 1)
        };
        *at
    }

    /// Whether a learner helped.
    fn is_shared(&self, commit: &Commit) -> bool {
        let people = self.people;
        people.names_learners()
            && co_authors(commit.message.as_bstr())
                .iter()
                .any(|(n, e)| people.counts(&people.person(n.as_bstr(), e.as_bstr())))
    }

    /// The log: the commits, parents before children, with what threads saw change. Their base is the last commit of the log that it
    /// goes on from.
    pub fn finish(self, told: impl IntoIterator<Item = Told<Kept>>, mut changed: Vec<Changed>) -> Log {
        let told = told.into_iter();
        let Builder { mut log, authors, .. } = self;
        let before = index(log.points.len());
        let mut paths: Ordered<BString> = std::mem::take(&mut log.paths).into_iter().collect();
        paths.reserve(changed.iter().map(|c| c.paths.len()).max().unwrap_or_default());
        let mut people: Map<Person, u32> = (0..).zip(&log.people).map(|(at, who)| (who.clone(), at)).collect();
        // Where the paths of each thread, and the authors, are in the log: they come in the order of the commits.
        let mut places: Vec<Vec<Option<u32>>> = changed.iter().map(|c| vec![None; c.paths.len()]).collect();
        let mut who: Vec<Option<u32>> = vec![None; authors.len()];
        log.points.reserve(told.size_hint().1.unwrap_or_default());
        log.touches.reserve(changed.iter().map(|c| c.touches.len()).sum());
        log.incomplete |= changed.iter().any(|c| c.incomplete);
        for Told { what: Kept { mut point, learned }, parents, did } in told {
            let at = index(log.points.len());
            let start = index(log.touches.len());
            if let Did::Listed(thread, nth) = did {
                let (changed, places) = (&mut changed[thread], &mut places[thread]);
                let range = nth.checked_sub(1).map_or(0, |before| changed.until[before])..changed.until[nth];
                for touch in &changed.touches[range] {
                    let path = touch.path as usize;
                    let place = *places[path]
                        .get_or_insert_with(|| index(paths.insert_full(std::mem::take(&mut changed.paths[path])).0));
                    log.touches.push(Touch { path: place, ..*touch });
                }
                let mine = changed.moves.partition_point(|m| (m.point as usize) < nth);
                let moves = changed.moves[mine..].iter_mut().take_while(|m| m.point as usize == nth);
                log.moves.extend(moves.map(|m| Move { point: at, ..m.clone() }));
            }
            let author = point.author as usize;
            point.author = *who[author].get_or_insert_with(|| {
                *people.entry(authors[author].0.clone()).or_insert_with_key(|person| {
                    log.people.push(person.clone());
                    index(log.people.len() - 1)
                })
            });
            point.parents =
                parents.into_iter().filter_map(|p| p.map_or(before.checked_sub(1), |p| Some(before + p))).collect();
            point.merge = did == Did::Merge;
            point.cut = did == Did::Cut;
            point.touches = start..index(log.touches.len());
            log.points.push(point);
            log.learned.extend(learned.into_iter().map(|language| Learned { point: at, language }));
        }
        log.paths = paths.into_iter().collect();
        log
    }
}

/// Whether any line of a message begins as one that says what was learned, and whether one excuses it from the journal.
fn trailers(message: &BStr) -> (bool, bool) {
    let (mut learned, mut excused) = (false, false);
    for line in message.lines() {
        let line = line.trim_start();
        let says = |word: &[u8]| line.get(..word.len()).is_some_and(|l| l.eq_ignore_ascii_case(word));
        match line.first() {
            Some(b'l' | b'L') => learned |= says(b"learned"),
            Some(b'j' | b'J') => excused |= says(b"journal"),
            _ => {}
        }
    }
    (learned, excused && journal::no_entry(message).is_some())
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
    let mut gone: Map<ObjectId, Vec<&BStr>> = Map::default();
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
    let mut pairs: Map<(BString, BString), usize> = Map::default();
    for change in changes {
        let (None, Some((_, id))) = (change.old, change.new) else { continue };
        let Some(sources) = gone.get(&id) else { continue };
        let mut seen = Set::default();
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

    /// The log of some commits, of which every second was seen by another thread.
    fn log(commits: &[(Commit, Option<Vec<Change>>)]) -> Log {
        let people = People::new(&PeopleTable::default(), b"");
        let mut builder = Builder::new(&people);
        let mut changed = vec![Changed::default(), Changed::default()];
        // The walk reads the newest first.
        let mut kept: Vec<Kept> = commits.iter().rev().map(|(commit, _)| builder.read(commit)).collect();
        let mut told = Vec::new();
        for (at, (commit, changes)) in commits.iter().enumerate() {
            let did = changes.as_ref().map_or(Did::Merge, |changes| {
                changed[at % 2].list(changes, true);
                Did::Listed(at % 2, changed[at % 2].until.len() - 1)
            });
            let place = |id: &ObjectId| commits.iter().position(|(c, _)| c.id == *id).map(index);
            told.push(Told {
                what: kept.pop().unwrap(),
                parents: commit.parents.iter().filter_map(place).map(Some).collect(),
                did,
            });
        }
        builder.finish(told, changed)
    }

    #[test]
    fn vendored_files_leave_no_trace_and_trailers_do() {
        let says = "feat: x\n\nLearned(golang): channels close once\nLearned-python: yield is lazy\nLearned: wip\nJournal: none (typo)\n";
        let changes = vec![change("python/.venv/x.py", None, Some(1)), change("python/app.py", None, Some(2))];
        let log = log(&[(commit(1, &[], says), Some(changes)), (commit(2, &[1, 9], "merge"), None)]);
        assert_eq!(log.paths, ["python/app.py"]);
        let languages: Vec<Option<BString>> = log.learned.iter().map(|l| l.language.clone()).collect();
        assert_eq!(languages, [Some("golang".into()), Some("python".into())]);
        assert!(log.points[0].excused);
        assert!(log.points[1].merge && log.points[1].parents == [0]);
    }

    #[test]
    fn what_several_threads_saw_is_one_log_in_the_order_of_the_commits() {
        let log = log(&[
            (commit(1, &[], "a"), Some(vec![change("go/a.go", None, Some(1)), change("go/b.go", None, Some(2))])),
            (commit(2, &[1], "b"), Some(vec![change("go/b.go", Some(2), None), change("golang/b.go", None, Some(2))])),
            (commit(3, &[2], "c"), Some(vec![change("go/a.go", Some(1), Some(3))])),
        ]);
        assert_eq!(log.paths, ["go/a.go", "go/b.go", "golang/b.go"]);
        assert_eq!(log.touches.iter().map(|t| t.path).collect::<Vec<_>>(), [0, 1, 1, 2, 0]);
        assert_eq!(log.points.iter().map(|p| p.touches.clone()).collect::<Vec<_>>(), [0..2, 2..4, 4..5]);
        assert_eq!(log.moves, [Move { point: 1, from: "go".into(), to: "golang".into() }]);
        assert_eq!((log.people.len(), log.points[2].seconds), (1, 3));
    }

    #[test]
    fn what_stood_at_the_baseline_counts_for_nobody() {
        let mut log =
            log(&[(1, &[][..]), (2, &[1]), (3, &[2])].map(|(n, parents)| (commit(n, parents, "x"), Some(Vec::new()))));
        assert!(log.discount(id(2)) && !log.discount(id(9)));
        assert_eq!(log.points.iter().map(|p| p.counts).collect::<Vec<_>>(), [false, false, true]);
    }
}
