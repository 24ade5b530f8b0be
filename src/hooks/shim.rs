//! The text of a shim: `hooks/shim.sh` with the hook's name, the binary and the PATH of the installation filled in.

use bstr::{BStr, BString, ByteSlice};

/// The one shim, with `@HOOK@`, `@BINARY@` and `@PATH@` to be filled in.
pub(crate) const TEMPLATE: &str = include_str!("../../hooks/shim.sh");

/// The version that this binary writes.
pub const VERSION: u32 = 2;

/// A shim of mastery's as it was found: what its text says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shim {
    /// The hook that it was made for.
    pub hook: String,
    /// The version of its text.
    pub version: u32,
    /// Where it looks for the binary first, as the shell reads it.
    pub binary: BString,
    /// Whether somebody changed it by hand. What older or newer versions wrote can't be told from that and counts as unchanged.
    pub edited: bool,
}

/// The shim for `hook`, which looks for the binary at `binary` first and hands `path` on as the PATH of the installation.
pub fn render(hook: &str, binary: &BStr, path: &BStr) -> Vec<u8> {
    fill(hook.as_bytes(), &quoted(binary), &quoted(path))
}

/// Reads a shim back; none where the bytes are not one of mastery's.
pub fn recognise(bytes: &[u8]) -> Option<Shim> {
    let second = bytes.lines().nth(1)?;
    let mark = second.strip_prefix(b"# mastery hook ")?.to_str_lossy();
    let (hook, rest) = mark.split_once(", shim version ")?;
    let version: u32 = rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()?;
    let binary = between(bytes, b"\nbinary=", b"\nMASTERY_INSTALL_PATH=").unwrap_or_default();
    let path = between(bytes, b"\nMASTERY_INSTALL_PATH=", b"\nexport MASTERY_INSTALL_PATH\n").unwrap_or_default();
    let edited = version == VERSION && fill(hook.as_bytes(), binary, path) != bytes;
    Some(Shim { hook: hook.to_owned(), version, binary: unquoted(binary), edited })
}

/// One pass over the template, so that a value that looks like a placeholder stays what it is.
fn fill(hook: &[u8], binary: &[u8], path: &[u8]) -> Vec<u8> {
    let values = [("@HOOK@", hook), ("@BINARY@", binary), ("@PATH@", path)];
    let mut out = Vec::with_capacity(TEMPLATE.len() + path.len());
    let mut rest = TEMPLATE;
    while let Some((at, name, value)) =
        values.iter().filter_map(|(name, value)| rest.find(name).map(|at| (at, *name, *value))).min_by_key(|v| v.0)
    {
        out.extend_from_slice(&rest.as_bytes()[..at]);
        out.extend_from_slice(value);
        rest = &rest[at + name.len()..];
    }
    out.extend_from_slice(rest.as_bytes());
    out
}

/// `'…'`, with each quote inside closed, escaped and opened again: any bytes come out of a POSIX shell as they went in.
fn quoted(word: &BStr) -> Vec<u8> {
    let mut out = vec![b'\''];
    out.extend_from_slice(&word.replace(b"'", b"'\\''"));
    out.push(b'\'');
    out
}

fn unquoted(word: &[u8]) -> BString {
    let inner = word.strip_prefix(b"'").and_then(|w| w.strip_suffix(b"'")).unwrap_or(word);
    inner.replace(b"'\\''", b"'").into()
}

fn between<'a>(bytes: &'a [u8], from: &[u8], to: &[u8]) -> Option<&'a [u8]> {
    let start = bytes.find(from)? + from.len();
    let length = bytes[start..].find(to)?;
    Some(&bytes[start..start + length])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_foreign_hook_is_not_taken_for_ours() {
        for text in ["", "#!/bin/sh\n", "#!/bin/sh\nmastery hook run pre-commit\n", "\x7fELF\n# mastery\n"] {
            assert_eq!(recognise(text.as_bytes()), None, "{text:?}");
        }
    }

    #[test]
    fn a_shim_that_a_person_changed_is_seen() {
        let text = render("pre-commit", BStr::new("/b"), BStr::new("/usr/bin"));
        assert!(!recognise(&text).unwrap().edited);
        let changed = text.replace("exec ", "nice ");
        assert!(recognise(&changed).unwrap().edited);
    }

    proptest! {
        #[test]
        fn whatever_the_paths_hold_it_is_read_back(binary in prop::collection::vec(1u8.., 1..30), path in prop::collection::vec(1u8.., 0..30)) {
            let text = render("commit-msg", BStr::new(&binary), BStr::new(&path));
            let shim = recognise(&text).unwrap();
            prop_assert_eq!(shim, Shim { hook: "commit-msg".into(), version: VERSION, binary: binary.into(), edited: false });
        }
    }
}
