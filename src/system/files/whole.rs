//! Plans that are done whole or not at all, whatever happens in between: a record of what is about to be done is written first, and
//! whoever comes next finishes what it finds there.

use super::{Change, Plan, apply, check, create, move_file, read, remove, replace};
use crate::failure::{Context, Failure};
use bstr::{ByteSlice, ByteVec};
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::{Path, PathBuf};

/// A change as the record keeps it: paths are bytes.
#[derive(Debug, Serialize, Deserialize)]
enum Step {
    Create { path: Vec<u8>, bytes: Vec<u8>, executable: bool },
    Replace { path: Vec<u8>, old: Vec<u8>, new: Vec<u8> },
    Move { from: Vec<u8>, to: Vec<u8> },
    Remove { path: Vec<u8>, old: Vec<u8> },
}

/// What became of a plan that was cut short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finished {
    /// It is done now; these files were still as before it.
    Done(Vec<PathBuf>),
    /// These files have been changed since by somebody else, so that it was left as it stood.
    Abandoned(Vec<PathBuf>),
}

/// How far one change is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Before,
    After,
    Neither,
}

impl Plan {
    /// Does every change or none. The plan is kept at `record` while it is under way: after a kill, [`finish`] does the rest.
    ///
    /// The caller holds a lock that keeps others from `record`.
    ///
    /// # Errors
    /// As [`Plan::apply`]; what had been changed is put back.
    pub fn apply_whole(&self, record: &Path) -> Result<(), Failure> {
        for (n, change) in self.changes.iter().enumerate() {
            check(change, &self.changes[..n])?;
        }
        let steps: Vec<Step> = self.changes.iter().filter_map(step).collect();
        if steps.len() < 2 {
            return self.changes.iter().try_for_each(apply);
        }
        let text = serde_json::to_vec(&steps).or_missing(|| format!("can't write {}", record.display()))?;
        replace(record, &text)?;
        for (done, change) in self.changes.iter().enumerate() {
            if let Err(failure) = apply(change) {
                let undone = self.changes[..done].iter().rev().try_for_each(undo);
                return match undone.and_then(|()| remove(record)) {
                    Ok(()) => Err(failure.hint("nothing was changed")),
                    Err(_) => Err(failure.hint("some files are changed already; the next command goes on from there")),
                };
            }
        }
        remove(record)
    }
}

/// Finishes the plan that a killed process left at `record`; none where there is none.
///
/// The caller holds the lock that [`Plan::apply_whole`] is called under.
///
/// # Errors
/// The disk refuses; the record stays.
pub fn finish(record: &Path) -> Result<Option<Finished>, Failure> {
    let Some(text) = read(record)? else { return Ok(None) };
    let steps: Vec<Step> = serde_json::from_slice(&text)
        .or_missing(|| format!("can't read what an interrupted command left in {}", record.display()))
        .map_err(|f| f.hint("remove that file, then run the command again"))?;
    let changes: Vec<Change> = steps.into_iter().map(change).collect();
    let states = changes.iter().map(state).collect::<Result<Vec<State>, Failure>>()?;
    let in_state = |wanted: State| {
        let pairs = changes.iter().zip(&states).filter(move |(_, s)| **s == wanted);
        pairs.map(|(c, _)| place(c).to_owned()).collect::<Vec<PathBuf>>()
    };
    changes.iter().filter_map(|c| place(c).parent()).for_each(sweep);
    let foreign = in_state(State::Neither);
    if !foreign.is_empty() {
        remove(record)?;
        return Ok(Some(Finished::Abandoned(foreign)));
    }
    let rest = in_state(State::Before);
    for (change, _) in changes.iter().zip(&states).filter(|(_, s)| **s == State::Before) {
        apply(change)?;
    }
    remove(record)?;
    Ok(Some(Finished::Done(rest)))
}

fn step(change: &Change) -> Option<Step> {
    let bytes = |path: &Path| Vec::from_path_buf(path.to_owned()).ok();
    match change {
        Change::Create { path, bytes: content, executable } => {
            Some(Step::Create { path: bytes(path)?, bytes: content.clone(), executable: *executable })
        }
        Change::Replace { path, old, new } => {
            Some(Step::Replace { path: bytes(path)?, old: old.clone(), new: new.clone() })
        }
        Change::Move { from, to } => Some(Step::Move { from: bytes(from)?, to: bytes(to)? }),
        Change::Remove { path, old } => Some(Step::Remove { path: bytes(path)?, old: old.clone() }),
        Change::Directory { .. } | Change::RemoveDirectory { .. } | Change::Keep { .. } => None,
    }
}

fn change(step: Step) -> Change {
    let path = |bytes: Vec<u8>| bytes.to_path_lossy().into_owned();
    match step {
        Step::Create { path: at, bytes, executable } => Change::Create { path: path(at), bytes, executable },
        Step::Replace { path: at, old, new } => Change::Replace { path: path(at), old, new },
        Step::Move { from, to } => Change::Move { from: path(from), to: path(to) },
        Step::Remove { path: at, old } => Change::Remove { path: path(at), old },
    }
}

fn place(change: &Change) -> &Path {
    match change {
        Change::Create { path, .. }
        | Change::Replace { path, .. }
        | Change::Move { from: path, .. }
        | Change::Remove { path, .. }
        | Change::Directory { path }
        | Change::RemoveDirectory { path }
        | Change::Keep { path, .. } => path,
    }
}

fn state(change: &Change) -> Result<State, Failure> {
    let told = |before: bool, after: bool| match (before, after) {
        (true, _) => State::Before,
        (_, true) => State::After,
        _ => State::Neither,
    };
    Ok(match change {
        Change::Create { path, bytes, .. } => {
            let now = read(path)?;
            told(now.is_none(), now.as_ref() == Some(bytes))
        }
        Change::Replace { path, old, new } => {
            let now = read(path)?;
            told(now.as_ref() == Some(old), now.as_ref() == Some(new))
        }
        Change::Move { from, to } => match (read(from)?.is_some(), read(to)?.is_some()) {
            (true, false) => State::Before,
            (false, true) => State::After,
            _ => State::Neither,
        },
        Change::Remove { path, old } => {
            let now = read(path)?;
            told(now.as_ref() == Some(old), now.is_none())
        }
        Change::Directory { .. } | Change::RemoveDirectory { .. } | Change::Keep { .. } => State::After,
    })
}

fn undo(change: &Change) -> Result<(), Failure> {
    match change {
        Change::Create { path, .. } => remove(path),
        Change::Replace { path, old, .. } => replace(path, old),
        Change::Move { from, to } => move_file(to, from),
        Change::Remove { path, old } => create(path, old, false),
        Change::Directory { .. } | Change::RemoveDirectory { .. } | Change::Keep { .. } => Ok(()),
    }
}

/// Removes the temporary files that a killed process left in `directory`; one that can't be removed does no harm.
fn sweep(directory: &Path) {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let ours = entry.file_name().as_encoded_bytes().starts_with(super::TEMPORARY.as_bytes());
        if ours && entry.file_type().is_ok_and(|kind| kind.is_file()) {
            let _ = remove(&entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Two {
        home: tempfile::TempDir,
        plan: Plan,
    }

    impl Two {
        fn new() -> Two {
            let home = tempfile::tempdir().unwrap();
            let changes = ["a", "b"].map(|name| {
                let path = home.path().join(name);
                create(&path, b"old", false).unwrap();
                Change::Replace { path, old: b"old".to_vec(), new: b"new".to_vec() }
            });
            Two { plan: Plan { changes: changes.to_vec() }, home }
        }

        fn record(&self) -> PathBuf {
            self.home.path().join("record")
        }

        fn killed_after(&self, done: usize) {
            let steps: Vec<Step> = self.plan.changes.iter().filter_map(step).collect();
            replace(&self.record(), &serde_json::to_vec(&steps).unwrap()).unwrap();
            self.plan.changes[..done].iter().for_each(|c| apply(c).unwrap());
        }

        fn contents(&self) -> [Vec<u8>; 2] {
            ["a", "b"].map(|name| read(&self.home.path().join(name)).unwrap().unwrap())
        }
    }

    #[test]
    fn a_plan_that_was_killed_at_any_point_is_finished_by_the_next() {
        for done in 0..=2 {
            let two = Two::new();
            two.killed_after(done);
            let finished = finish(&two.record()).unwrap().unwrap();
            assert!(matches!(finished, Finished::Done(rest) if rest.len() == 2 - done));
            assert_eq!(two.contents(), [b"new", b"new"]);
            assert_eq!(finish(&two.record()).unwrap(), None);
        }
    }

    #[test]
    fn what_somebody_changed_since_is_not_overwritten() {
        let two = Two::new();
        two.killed_after(1);
        replace(&two.home.path().join("b"), b"mine").unwrap();
        assert!(matches!(finish(&two.record()).unwrap(), Some(Finished::Abandoned(_))));
        assert_eq!(two.contents(), [&b"new"[..], b"mine"]);
        assert!(!two.record().exists());
    }

    #[test]
    fn a_change_that_fails_puts_the_ones_before_it_back() {
        let two = Two::new();
        // A directory stands where the last file has to go: nothing can be renamed over it.
        let taken = two.home.path().join("taken");
        let mut plan = two.plan.clone();
        plan.changes.push(Change::Create { path: taken.join("x/y"), bytes: b"z".to_vec(), executable: false });
        create(&taken, b"a file, not a directory", false).unwrap();
        let failure = plan.apply_whole(&two.record()).unwrap_err();
        assert!(failure.hints.contains(&"nothing was changed".to_owned()), "{failure:?}");
        assert_eq!(two.contents(), [b"old", b"old"]);
        assert!(!two.record().exists());
    }
}
