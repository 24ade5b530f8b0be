//! The log of a run: where it is, and the part of it that is worth showing.

use crate::failure::Failure;
use crate::system::files;
use bstr::ByteSlice;
use std::fs;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// How many logs of one suite are kept.
const KEPT: usize = 5;

/// A path for the log of a new run of the suite called `slug`, below git's common directory. The oldest logs of the suite go.
pub fn path(common_dir: &Path, slug: &str) -> PathBuf {
    let directory = common_dir.join("mastery/logs");
    let mut logs: Vec<(SystemTime, PathBuf)> = fs::read_dir(&directory)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|f| f.path().extension().is_some_and(|e| e == "log"))
        .filter(|f| {
            f.path()
                .file_stem()
                .is_some_and(|s| s.as_encoded_bytes().rsplitn(2, |b| *b == b'.').nth(1) == Some(slug.as_bytes()))
        })
        .filter_map(|f| Some((f.metadata().ok()?.modified().ok()?, f.path())))
        .collect();
    logs.sort();
    for (_, old) in logs.iter().rev().skip(KEPT - 1) {
        for extension in ["log", "report", "output", "setup.log"] {
            let _ = files::remove(&old.with_extension(extension));
        }
    }
    (0..10_000)
        .map(|n| directory.join(format!("{slug}.{}.log", u64::from(std::process::id()) + n * 100_000)))
        .find(|p| !p.exists())
        .unwrap_or_default()
}

/// The last `lines` lines of a log, of which at most 64 KiB are read.
pub fn tail(log: &Path, lines: usize) -> String {
    let mut bytes = Vec::new();
    if let Ok(mut file) = fs::File::open(log) {
        let size = file.metadata().map_or(0, |m| m.len());
        let _ = file.seek(SeekFrom::Start(size.saturating_sub(1 << 16))).and_then(|_| file.read_to_end(&mut bytes));
    }
    let text = bytes.to_str_lossy();
    let all: Vec<&str> = text.trim_end().lines().collect();
    all[all.len().saturating_sub(lines)..].join("\n")
}

/// Adds to the log what the tests printed, out of `go test -json`'s events, so that a person can read it.
///
/// # Errors
/// The log can't be written.
pub fn add_events(log: &Path, events: &Path) -> Result<(), Failure> {
    let Ok(from) = fs::File::open(events) else { return Ok(()) };
    let before = files::read(log)?.unwrap_or_default();
    let mut to = files::own::start(log)?;
    let mut write = |bytes: &[u8]| {
        // A full disk costs the log, not the verdict.
        let _ = to.write_all(bytes);
    };
    for line in BufReader::new(from).split(b'\n').map_while(Result::ok) {
        match serde_json::from_slice::<serde_json::Value>(&line) {
            Ok(event) => write(event.get("Output").and_then(|o| o.as_str()).unwrap_or_default().as_bytes()),
            Err(_) => write(&[line.as_slice(), b"\n"].concat()),
        }
    }
    write(&before);
    Ok(())
}
