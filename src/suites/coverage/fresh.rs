//! The coverage report that a run has written, told from one that an earlier run left.

use super::{Coverage, PLACES, find, parse};
use crate::system::files;
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The reports that lay in a track's directory before its suite ran.
#[derive(Debug, Clone)]
pub struct Before {
    directory: PathBuf,
    written: HashMap<&'static str, SystemTime>,
}

impl Before {
    /// Looks at them.
    pub fn of(directory: &Path) -> Before {
        let written = PLACES.iter().filter_map(|(_, path)| Some((*path, modified(&directory.join(path))?))).collect();
        Before { directory: directory.to_owned(), written }
    }

    /// What the run's own report says: of the first one that was written since and can be read. None where there is none, or
    /// where it had nothing to cover.
    pub fn since(&self) -> Option<Coverage> {
        let is_new =
            |path: &str| modified(&self.directory.join(path)).is_some_and(|time| self.written.get(path) != Some(&time));
        find(is_new).find_map(|(format, path)| {
            let bytes = files::read(&self.directory.join(path)).ok().flatten()?;
            parse(format, &bytes).ok().flatten()
        })
    }
}

/// When a file was written; none where there is no file.
fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).ok().filter(fs::Metadata::is_file)?.modified().ok()
}
