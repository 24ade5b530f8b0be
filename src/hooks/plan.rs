//! From what is there to what should be, and back, as plans of changes.

use super::place::{Found, Place};
use super::{before, shim};
use crate::failure::Failure;
use crate::system::files::{Change, Plan};
use bstr::BStr;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// The file that says of a hooks directory that installing made it. Its last line names the first directory of the path that was made.
const MADE: &str = ".made-by-mastery";
const MADE_SAYS: &str =
    "`mastery hook install` made this directory; `mastery hook uninstall` takes it away again, from here down:\n";

/// What installing takes: each hook that somebody else wrote is moved aside, each shim that is missing or out of date written.
///
/// # Errors
/// A shim was edited by hand, or there are two foreign hooks for one name: nothing is decided over a person's head.
pub fn install(places: &[Place], directory: &Path, binary: &BStr, path: &BStr) -> Result<Plan, Failure> {
    let mut changes = Vec::new();
    if !directory.exists() {
        let first = directory.ancestors().take_while(|above| !above.exists()).last().unwrap_or(directory);
        let bytes = [MADE_SAYS.as_bytes(), first.as_os_str().as_bytes(), b"\n"].concat();
        changes.push(Change::Directory { path: directory.to_owned() });
        changes.push(Change::Create { path: directory.join(MADE), bytes, executable: false });
    }
    for place in places {
        let wanted = shim::render(place.name, binary, path);
        changes.extend(install_one(place, wanted)?);
    }
    Ok(Plan { changes })
}

fn install_one(place: &Place, bytes: Vec<u8>) -> Result<Vec<Change>, Failure> {
    let path = place.path.clone();
    let create = |bytes| Change::Create { path: path.clone(), bytes, executable: true };
    let keep = |why: &str| vec![Change::Keep { path: path.clone(), why: why.to_owned() }];
    let mut changes = match &place.found {
        Found::Nothing => vec![create(bytes)],
        Found::Ours { shim, .. } if shim.edited => {
            return Err(Failure::verdict(format!("{} is mastery's, but somebody edited it", path.display()))
                .hint("if the edits are not needed, remove it and run this again"));
        }
        Found::Ours { bytes: old, executable: true, .. } if *old == bytes => keep("it is as it should be"),
        Found::Ours { bytes: old, executable: true, .. } => {
            vec![Change::Replace { path: path.clone(), old: old.clone(), new: bytes }]
        }
        Found::Ours { bytes: old, executable: false, .. } => {
            vec![Change::Remove { path: path.clone(), old: old.clone() }, create(bytes)]
        }
        Found::Foreign { .. } if place.legacy.is_some() || place.caller.is_some() => {
            return Ok(keep("it runs mastery's hook itself"));
        }
        Found::Foreign { .. } => {
            if let Some(kept) = &place.kept {
                return Err(Failure::verdict(format!(
                    "{} was replaced since mastery was installed, and {} still keeps the hook from before",
                    path.display(),
                    kept.display()
                ))
                .hint("remove the one of the two that is no longer needed, then run this again"));
            }
            let aside = path.with_file_name(before(place.name));
            vec![Change::Move { from: path.clone(), to: aside }, create(bytes)]
        }
    };
    changes.extend(removal(place.old.as_deref())?);
    Ok(changes)
}

/// What uninstalling takes: every shim removed, every hook from before moved back to where mastery's stood, and of `directories`
/// those that installing made and that are empty then.
///
/// # Errors
/// A shim was edited by hand.
pub fn uninstall(places: &[Place], directories: &[&Path]) -> Result<Plan, Failure> {
    let mut changes = Vec::new();
    for place in places {
        changes.extend(uninstall_one(place)?);
    }
    for directory in directories {
        unmake(directory, &mut changes)?;
    }
    Ok(Plan { changes })
}

/// Removes the mark of a directory that installing made, and with it the directory, as far up as nothing else is there.
fn unmake(directory: &Path, changes: &mut Vec<Change>) -> Result<(), Failure> {
    let mark = directory.join(MADE);
    let Some(old) = crate::system::files::read(&mark)? else { return Ok(()) };
    let first = old.strip_prefix(MADE_SAYS.as_bytes()).and_then(|rest| rest.strip_suffix(b"\n"));
    let Some(first) = first.map(|bytes| Path::new(OsStr::from_bytes(bytes)).to_owned()) else { return Ok(()) };
    changes.push(Change::Remove { path: mark, old });
    for made in directory.ancestors().take_while(|above| above.starts_with(&first)) {
        let comes = changes.iter().any(|c| matches!(c, Change::Move { to, .. } if to.parent() == Some(made)));
        let goes = |path: &Path| {
            changes.iter().any(|c| match c {
                Change::Remove { path: gone, .. } | Change::RemoveDirectory { path: gone } => gone == path,
                Change::Move { from, .. } => from == path,
                _ => false,
            })
        };
        if comes || !std::fs::read_dir(made).is_ok_and(|mut items| items.all(|i| i.is_ok_and(|i| goes(&i.path())))) {
            break;
        }
        changes.push(Change::RemoveDirectory { path: made.to_owned() });
    }
    Ok(())
}

fn uninstall_one(place: &Place) -> Result<Vec<Change>, Failure> {
    let mut changes = removal(place.old.as_deref())?;
    let stood = match (&place.found, &place.legacy) {
        (Found::Ours { shim, .. }, _) if shim.edited => {
            return Err(Failure::verdict(format!("{} is mastery's, but somebody edited it", place.path.display()))
                .hint("keep a copy if you need the edits, remove it, and run this again"));
        }
        (Found::Ours { bytes, .. }, _) => {
            changes.push(Change::Remove { path: place.path.clone(), old: bytes.clone() });
            place.path.clone()
        }
        (_, Some(legacy)) => {
            changes.extend(removal(Some(legacy))?);
            legacy.clone()
        }
        (Found::Nothing, None) => place.path.clone(),
        (Found::Foreign { .. }, None) => {
            if let Some(kept) = &place.kept {
                let why = format!("{} was replaced by somebody else since", place.path.display());
                changes.push(Change::Keep { path: kept.clone(), why });
            }
            return Ok(changes);
        }
    };
    if let Some(kept) = &place.kept {
        changes.push(Change::Move { from: kept.clone(), to: stood });
    }
    Ok(changes)
}

/// The removal of a shim of mastery's that was moved aside.
fn removal(path: Option<&Path>) -> Result<Vec<Change>, Failure> {
    let Some(path) = path else { return Ok(Vec::new()) };
    let old = crate::system::files::read(path)?.unwrap_or_default();
    Ok(vec![Change::Remove { path: path.to_owned(), old }])
}
