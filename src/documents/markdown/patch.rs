//! Edits: a few bytes in place of a few others.

use super::Span;

/// These bytes in place of those of `span`. An empty span is an insertion before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patch {
    /// What goes.
    pub span: Span,
    /// What comes.
    pub with: Vec<u8>,
}

impl Patch {
    /// `with` in place of `span`.
    pub fn new(span: Span, with: impl Into<Vec<u8>>) -> Patch {
        Patch { span, with: with.into() }
    }
}

/// Two patches want the same bytes, or one lies outside of the document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("two edits overlap at byte {0}, or one lies outside of the document")]
pub struct Overlap(pub usize);

/// `source` with every patch put in. Insertions at one place stand in the order in which they are given.
///
/// # Errors
/// Two patches overlap, or one lies outside of `source`.
pub fn apply(source: &[u8], patches: &[Patch]) -> Result<Vec<u8>, Overlap> {
    let mut sorted: Vec<&Patch> = patches.iter().collect();
    sorted.sort_by_key(|p| (p.span.start, p.span.end));
    let mut out = Vec::with_capacity(source.len() + sorted.iter().map(|p| p.with.len()).sum::<usize>());
    let mut done = 0;
    for patch in sorted {
        let kept = source.get(done..patch.span.start).ok_or(Overlap(patch.span.start))?;
        if patch.span.end < patch.span.start || patch.span.end > source.len() {
            return Err(Overlap(patch.span.start));
        }
        out.extend_from_slice(kept);
        out.extend_from_slice(&patch.with);
        done = patch.span.end;
    }
    out.extend_from_slice(&source[done..]);
    Ok(out)
}
