//! The index of a snapshot: what was laid out in it, so that the next time only the difference is written.

use crate::git::{Mode, ObjectId};
use bstr::{BString, ByteSlice};
use std::collections::HashMap;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// One file or link as it was laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Laid {
    pub(super) mode: Mode,
    pub(super) id: ObjectId,
    /// What was done to its bytes.
    pub(super) mark: String,
    pub(super) size: u64,
    pub(super) modified: SystemTime,
}

/// All that was laid out, by path from the repository's root.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Kept {
    pub(super) files: HashMap<BString, Laid>,
}

impl Kept {
    /// The index at `path`; an empty one where there is none, or a broken one.
    pub(super) fn read(path: &Path) -> Kept {
        std::fs::read(path).ok().and_then(|bytes| Kept::parse(&bytes)).unwrap_or_default()
    }

    /// The latest time that any of its files bears.
    pub(super) fn latest(&self) -> SystemTime {
        self.files.values().map(|l| l.modified).max().unwrap_or(UNIX_EPOCH)
    }

    fn parse(bytes: &[u8]) -> Option<Kept> {
        let mut files = HashMap::new();
        for record in bytes.strip_suffix(b"\0")?.split(|b| *b == 0) {
            let mut fields = record.splitn(6, |b| *b == b' ');
            let mut text = || fields.next().and_then(|f| f.to_str().ok());
            let mode = Mode::from_bits(u32::from_str_radix(text()?, 8).ok()?)?;
            let id = text()?.parse().ok()?;
            let mark = text()?.to_owned();
            let size = text()?.parse().ok()?;
            let modified = UNIX_EPOCH.checked_add(Duration::from_nanos(text()?.parse().ok()?))?;
            files.insert(BString::from(fields.next()?), Laid { mode, id, mark, size, modified });
        }
        Some(Kept { files })
    }

    /// As bytes for a file: `mode id mark size nanoseconds path`, each record ended by a NUL.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (path, laid) in &self.files {
            let time = laid.modified.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
            let head = format!("{} {} {} {} {time} ", laid.mode.octal(), laid.id, laid.mark, laid.size);
            bytes.extend_from_slice(head.as_bytes());
            bytes.extend_from_slice(path);
            bytes.push(0);
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_back_whatever_the_path() {
        let laid = |n: u64| Laid {
            mode: Mode::Executable,
            id: ObjectId::of_blob(b"x"),
            mark: "-".into(),
            size: n,
            modified: UNIX_EPOCH + Duration::from_nanos(1_700_000_000_123_456_789),
        };
        let paths: [&[u8]; 3] = [b"a b/c\nd", b"-x", b"\xff\"'"];
        let kept = Kept { files: paths.iter().zip(1..).map(|(p, n)| (BString::from(*p), laid(n))).collect() };
        assert_eq!(Kept::parse(&kept.to_bytes()), Some(kept));
        assert_eq!(Kept::parse(b"100644 nonsense\0"), None);
    }
}
