//! A commit message as git will keep it, and what its first line says of the commit.

use bstr::{BStr, BString, ByteSlice};

/// What git does to a message before it commits it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cleanup {
    /// Nothing but what an editor session added.
    Verbatim,
    /// White space around lines and the message.
    Whitespace,
    /// That, and comment lines.
    Strip,
}

impl Cleanup {
    /// The mode that git takes: `named` on the command line or by `commit.cleanup`, else by whether the message was `edited`.
    pub fn of(named: Option<&str>, edited: bool) -> Cleanup {
        match named {
            Some("verbatim") => Cleanup::Verbatim,
            Some("strip") => Cleanup::Strip,
            Some("whitespace" | "scissors") => Cleanup::Whitespace,
            _ if edited => Cleanup::Strip,
            _ => Cleanup::Whitespace,
        }
    }
}

/// Behind the comment string, this is the line that ends a message: what follows is a diff or a remark of git's.
const SCISSORS: &str = " ------------------------ >8 ------------------------";
/// What git chooses from for `core.commentChar = auto`.
const AUTO: &str = "#;@!$%^&|:";

/// The message that git will keep of `raw`. `comment` is `core.commentChar` as configured, `auto` included.
pub fn clean(raw: &[u8], cleanup: Cleanup, comment: Option<&str>) -> BString {
    let comment = match comment.filter(|c| !c.is_empty()) {
        Some("auto") => chosen(raw),
        Some(comment) => comment.to_owned(),
        None => "#".to_owned(),
    };
    let mut out = BString::default();
    for line in raw.lines() {
        if line.strip_prefix(comment.as_bytes()).is_some_and(|rest| rest == SCISSORS.as_bytes()) {
            break;
        }
        if cleanup == Cleanup::Strip && line.starts_with(comment.as_bytes()) {
            continue;
        }
        let line = if cleanup == Cleanup::Verbatim { line } else { line.trim_ascii_end() };
        if cleanup != Cleanup::Verbatim && line.is_empty() && (out.is_empty() || out.ends_with(b"\n\n")) {
            continue;
        }
        out.extend_from_slice(line);
        out.push(b'\n');
    }
    if cleanup != Cleanup::Verbatim {
        let kept = out.trim_ascii_end().len();
        out.truncate(kept);
        out.push(b'\n');
    }
    out
}

/// The character that git chose: its remarks are the last lines of the message.
fn chosen(raw: &[u8]) -> String {
    let last = raw.lines().rfind(|line| !line.trim_ascii().is_empty()).and_then(|line| line.first().copied());
    let scissors = raw.lines().find(|line| line.ends_with(SCISSORS.as_bytes())).and_then(|line| line.first().copied());
    let chosen = scissors.or(last).map(char::from).filter(|c| AUTO.contains(*c));
    chosen.unwrap_or('#').to_string()
}

/// What the first line makes of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sort {
    /// `fixup! …`, `squash! …`, `amend! …`: to be folded into another commit.
    Fixup,
    /// `Revert "…"` or `Reapply "…"`, as git writes it.
    Revert,
    /// A conventional type in small letters: `docs` of `docs(api)!: …`.
    Typed(String),
    /// Anything else.
    Plain,
}

/// What the first line of `message` makes of the commit.
pub fn sort(message: &BStr) -> Sort {
    let subject = message.lines().find(|line| !line.trim_ascii().is_empty()).unwrap_or_default().to_str_lossy();
    let subject = subject.trim();
    if ["fixup! ", "squash! ", "amend! "].iter().any(|mark| subject.starts_with(mark)) {
        return Sort::Fixup;
    }
    if subject.starts_with("Revert \"") || subject.starts_with("Reapply \"") {
        return Sort::Revert;
    }
    conventional(subject).map_or(Sort::Plain, Sort::Typed)
}

fn conventional(subject: &str) -> Option<String> {
    let (head, _) = subject.split_once(": ").or_else(|| subject.strip_suffix(':').map(|head| (head, "")))?;
    let head = head.strip_suffix('!').unwrap_or(head);
    let name = match head.split_once('(') {
        Some((name, scope)) => scope.strip_suffix(')').filter(|s| !s.contains(['(', ')'])).map(|_| name)?,
        None => head,
    };
    let plain = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    (!name.is_empty() && name.chars().all(plain)).then(|| name.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_what_is_cut_off_are_no_part_of_the_message() {
        let raw = b"subject  \n\n\n# Learned: a comment line\nbody\n\n# ------------------------ >8 ------------------------\n# x\ndiff --git a b\n+Learned: from the diff\n";
        assert_eq!(clean(raw, Cleanup::Strip, None), "subject\n\nbody\n");
        assert_eq!(clean(raw, Cleanup::Whitespace, None), "subject\n\n# Learned: a comment line\nbody\n");
    }

    #[test]
    fn the_comment_character_is_the_configured_one_or_the_one_that_git_chose() {
        let raw = b"#12 fix\n\n; On branch main\n";
        assert_eq!(clean(raw, Cleanup::Strip, Some(";")), "#12 fix\n");
        assert_eq!(clean(raw, Cleanup::Strip, Some("auto")), "#12 fix\n");
        assert_eq!(clean(b"x\n// note\n", Cleanup::Strip, Some("//")), "x\n");
    }

    #[test]
    fn verbatim_keeps_everything() {
        assert_eq!(clean(b"\n# x\n\n\n", Cleanup::of(Some("verbatim"), true), None), "\n# x\n\n\n");
    }

    #[test]
    fn first_lines_are_sorted() {
        let of = |subject: &str| sort(BStr::new(subject));
        assert_eq!(of("docs(api)!: x"), Sort::Typed("docs".into()));
        assert_eq!(of("Chore: x"), Sort::Typed("chore".into()));
        assert_eq!(of("fixup! docs: x"), Sort::Fixup);
        assert_eq!(of("Revert \"x\""), Sort::Revert);
        for plain in ["docs are good: x", "Fix (x) y: z", "docs", "https://x", ""] {
            assert_eq!(of(plain), Sort::Plain, "{plain:?}");
        }
    }
}
