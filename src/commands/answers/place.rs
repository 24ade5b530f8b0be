//! Places outside of history that were looked at, and whether they still are what they were.

use crate::history::bytes::{self, Rest};
use crate::suites::coverage;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// A place outside of history that has a say in an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Whatever lies there: a file, or the names in a directory.
    Whole(PathBuf),
    /// A track's directory in which no coverage report lies.
    Unreported(PathBuf),
}

/// A place as it was when it was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    place: Place,
    /// Of the place itself and, for a track, of where its tools put their reports; none where nothing was.
    stamps: [Option<Stamp>; 2],
}

/// Changes whenever what lies there does: a directory's with its entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    seconds: i64,
    nanoseconds: i64,
    inode: i64,
    size: i64,
}

impl Place {
    /// The place as it is now.
    pub fn look(self) -> Seen {
        let stamps = self.stamps();
        Seen { place: self, stamps }
    }

    fn stamps(&self) -> [Option<Stamp>; 2] {
        match self {
            Place::Whole(path) => [stamp(path), None],
            Place::Unreported(directory) => {
                let own = stamp(directory);
                [own, own.and_then(|_| stamp(&directory.join("coverage")))]
            }
        }
    }
}

impl Seen {
    /// Whether it is as it was, to all that an answer depends on. What changed at `settled` (nanoseconds since 1970) or later may have
    /// changed again without a trace.
    pub fn holds(&self, settled: i128) -> bool {
        let is_settled = |s: &Option<Stamp>| s.is_none_or(|s| nanoseconds(s.seconds, s.nanoseconds) < settled);
        if self.stamps == self.place.stamps() && self.stamps.iter().all(is_settled) {
            return true;
        }
        match &self.place {
            Place::Whole(_) => false,
            // Names come and go beside the sources; those of reports are few.
            Place::Unreported(directory) => !coverage::may_lie_in(directory),
        }
    }

    /// The place.
    pub(super) fn place(&self) -> &Place {
        &self.place
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let (kind, path) = match &self.place {
            Place::Whole(path) => (0, path),
            Place::Unreported(path) => (1, path),
        };
        out.push(kind);
        bytes::text(out, path.as_os_str().as_bytes());
        for stamp in &self.stamps {
            out.push(u8::from(stamp.is_some()));
            if let Some(s) = stamp {
                for n in [s.seconds, s.nanoseconds, s.inode, s.size] {
                    bytes::long(out, n);
                }
            }
        }
    }

    pub(super) fn read(rest: &mut Rest<'_>) -> Option<Seen> {
        let kind = rest.byte()?;
        let path = PathBuf::from(OsStr::from_bytes(rest.text()?));
        let place = if kind == 0 { Place::Whole(path) } else { Place::Unreported(path) };
        let mut stamp = || match rest.byte()? {
            0 => Some(None),
            _ => Some(Some(Stamp {
                seconds: rest.long()?,
                nanoseconds: rest.long()?,
                inode: rest.long()?,
                size: rest.long()?,
            })),
        };
        Some(Seen { stamps: [stamp()?, stamp()?], place })
    }
}

fn stamp(path: &Path) -> Option<Stamp> {
    let about = path.metadata().ok()?;
    // The size of a directory says nothing that its time doesn't.
    let size = if about.is_dir() { 0 } else { about.len().cast_signed() };
    Some(Stamp { seconds: about.mtime(), nanoseconds: about.mtime_nsec(), inode: about.ino().cast_signed(), size })
}

/// A time of a file, since 1970.
pub(super) fn nanoseconds(seconds: i64, rest: i64) -> i128 {
    i128::from(seconds) * 1_000_000_000 + i128::from(rest)
}
