//! What `mastery clean` has removed.

use super::words;
use std::path::{Path, PathBuf};

/// A line a snapshot or cache with its size, and what stayed. `dry_run` says that nothing has been done.
pub fn text(cache: &Path, gone: &[(PathBuf, u64)], kept: &[PathBuf], dry_run: bool) -> String {
    let name = |path: &Path| words::shown(path.strip_prefix(cache).unwrap_or(path).as_os_str().as_encoded_bytes());
    let place = words::shown(cache.as_os_str().as_encoded_bytes());
    if gone.is_empty() && kept.is_empty() {
        return format!("nothing to remove in {place}\n");
    }
    let verb = if dry_run { "remove " } else { "removed" };
    let mut out = format!("in {place}:\n");
    for (path, size) in gone {
        let size = if *size > 0 { format!(" ({})", bytes(*size)) } else { String::new() };
        out.push_str(&format!("  {verb}  {}{size}\n", name(path)));
    }
    for path in kept {
        out.push_str(&format!("  kept     {} (a suite runs in it)\n", name(path)));
    }
    out
}

/// `812 bytes`, `3.4 MB`.
fn bytes(n: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "for a person, with one digit")]
    let of = |unit: f64| n as f64 / unit;
    match n {
        0..1_000 => format!("{n} bytes"),
        1_000..1_000_000 => format!("{:.1} kB", of(1e3)),
        1_000_000..1_000_000_000 => format!("{:.1} MB", of(1e6)),
        _ => format!("{:.1} GB", of(1e9)),
    }
}
