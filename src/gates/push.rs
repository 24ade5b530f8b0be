//! What git tells the pre-push hook.

use crate::failure::Failure;
use crate::git::ObjectId;
use bstr::{BString, ByteSlice};

/// One ref that is pushed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Update {
    /// What it will name there.
    pub local: ObjectId,
    /// Its name there.
    pub remote_ref: BString,
    /// What it names there now; none where it is new.
    pub remote: Option<ObjectId>,
}

/// Reads `<local ref> <local id> <remote ref> <remote id>` lines. Deletions, and refs that are neither branches nor tags, are left out.
///
/// # Errors
/// A line is something else: kind `Usage`.
pub fn updates(input: &[u8]) -> Result<Vec<Update>, Failure> {
    let mut updates = Vec::new();
    for line in input.lines().filter(|l| !l.is_empty()) {
        let fields: Vec<&[u8]> = line.split(|b| *b == b' ').collect();
        // A local ref may be any revision that was typed, with spaces in it.
        let (Some([local, remote_ref, remote]), true) = (fields.last_chunk::<3>(), fields.len() >= 4) else {
            return Err(unreadable(line));
        };
        let id = |bytes: &[u8]| bytes.to_str().ok().and_then(|t| t.parse::<ObjectId>().ok());
        let (Some(local), Some(remote)) = (id(local), id(remote)) else { return Err(unreadable(line)) };
        let zero = ObjectId::from_bytes([0; 20]);
        let counts = remote_ref.starts_with(b"refs/heads/") || remote_ref.starts_with(b"refs/tags/");
        if counts && local != zero {
            let remote = (remote != zero).then_some(remote);
            updates.push(Update { local, remote_ref: BString::from(*remote_ref), remote });
        }
    }
    Ok(updates)
}

fn unreadable(line: &[u8]) -> Failure {
    Failure::usage(format!("pre-push: can't read this line of standard input: {}", line.to_str_lossy()))
        .hint("git writes it; see `git help hooks`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn branches_and_tags_count_and_deletions_do_not() {
        let (a, b, zero) = ("a".repeat(40), "b".repeat(40), "0".repeat(40));
        let input = format!(
            "refs/heads/x {a} refs/heads/x {b}\nHEAD~1 {a} refs/tags/v {zero}\n(delete) {zero} refs/heads/y {b}\n\
             refs/notes/n {a} refs/notes/n {zero}\nmain@{{1 day ago}} {b} refs/heads/z {zero}\n"
        );
        let updates = updates(input.as_bytes()).unwrap();
        let told: Vec<_> = updates.iter().map(|u| (u.remote_ref.to_string(), u.remote.is_some())).collect();
        assert_eq!(
            told,
            [("refs/heads/x".into(), true), ("refs/tags/v".into(), false), ("refs/heads/z".into(), false)]
        );
        assert!(super::updates(b"nonsense\n").is_err());
    }
}
