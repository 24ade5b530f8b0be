//! What lies in a work tree or a directory. Nothing is written.

use crate::failure::{Context, Failure};
use bstr::{BStr, BString, ByteSlice, ByteVec};
use std::fs;
use std::path::Path;

/// Directories that hold what tools put there, wherever they are: nobody's project lies in them.
const MADE_BY_TOOLS: [&str; 8] = [".git", "node_modules", "vendor", ".venv", "venv", "__pycache__", "target", "dist"];

/// How deep to look: `15-api-rate-limiter/backends/go/go.mod` and a level to spare.
const DEPTH: usize = 5;

/// The paths below `top` of files that git would not ignore, to a depth of five, sorted, with `/` between the parts.
///
/// Links are listed and not followed; other repositories inside, and what may not be read, are passed over.
pub fn work_tree(top: &Path) -> Vec<BString> {
    let walk = ignore::WalkBuilder::new(top)
        .hidden(false)
        .ignore(false)
        .git_global(false)
        .parents(false)
        .max_depth(Some(DEPTH))
        .filter_entry(|entry| {
            let tools = entry.file_name().to_str().is_some_and(|name| MADE_BY_TOOLS.contains(&name));
            let inner = entry.depth() > 0 && entry.path().join(".git").exists();
            entry.depth() == 0 || !(tools || inner)
        })
        .build();
    let mut paths: Vec<BString> = walk
        .flatten()
        .filter(|entry| entry.file_type().is_some_and(|kind| !kind.is_dir()))
        .filter_map(|entry| Vec::from_path_buf(entry.path().strip_prefix(top).ok()?.to_owned()).ok())
        .map(BString::from)
        .collect();
    paths.sort();
    paths
}

/// A file of a directory: its name, and what it holds or why that is not known.
pub type Content = (BString, Result<Vec<u8>, String>);

/// What lies directly in `directory` under names that are `wanted`. Links are not followed and files longer than `limit` bytes are not
/// read: they come with a reason, as does what can't be read. None where there is no such directory.
///
/// # Errors
/// The directory is there and can't be listed: kind `Missing`.
pub fn contents(directory: &Path, wanted: impl Fn(&BStr) -> bool, limit: u64) -> Result<Option<Vec<Content>>, Failure> {
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(Failure::missing(format!("can't list {}", directory.display())).because(e)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.or_missing(|| format!("can't list {}", directory.display()))?;
        let name = BString::from(entry.file_name().as_encoded_bytes());
        if wanted(name.as_bstr()) {
            found.push((name, content(&entry.path(), limit)));
        }
    }
    found.sort();
    Ok(Some(found))
}

/// The bytes of a plain file of at most `limit` bytes; none for anything else.
pub fn file(path: &Path, limit: u64) -> Option<Vec<u8>> {
    content(path, limit).ok()
}

fn content(path: &Path, limit: u64) -> Result<Vec<u8>, String> {
    let metadata = fs::symlink_metadata(path).map_err(|e| e.to_string())?;
    if metadata.is_symlink() {
        return Err("it is a symbolic link, which is not followed".into());
    }
    if !metadata.is_file() {
        return Err("it is no file".into());
    }
    if metadata.len() > limit {
        return Err(format!("it is longer than {} KiB", limit / 1024));
    }
    fs::read(path).map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a test makes its own world")]
    fn files_are_listed_as_git_would_add_them() {
        let home = tempfile::tempdir().unwrap();
        let write = |path: &str| {
            let path = home.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "build/\n").unwrap();
        };
        for path in [".gitignore", "golang/go.mod", "golang/build/out", "node_modules/x/package.json", ".github/ci.yml"]
        {
            write(path);
        }
        write("inner/file");
        for directory in ["", "inner"] {
            let made = Command::new("git").args(["init", "-q"]).current_dir(home.path().join(directory)).status();
            assert!(made.unwrap().success());
        }
        assert_eq!(work_tree(home.path()), [".github/ci.yml", ".gitignore", "golang/go.mod"]);
    }
}
