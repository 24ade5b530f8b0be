//! Numbers, ids and texts as bytes, and read again. What lies in a file may be anybody's: nothing is taken that is not there.

use crate::git::ObjectId;
use bstr::{BStr, ByteSlice};

/// Appends a number.
pub fn number(out: &mut Vec<u8>, number: u32) {
    out.extend_from_slice(&number.to_le_bytes());
}

/// Appends a number that may be large or negative.
pub fn long(out: &mut Vec<u8>, number: i64) {
    out.extend_from_slice(&number.to_le_bytes());
}

/// Appends a text with its length.
pub fn text(out: &mut Vec<u8>, text: &[u8]) {
    number(out, index(text.len()));
    out.extend_from_slice(text);
}

/// A length as a number.
pub fn index(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// What has not been read yet.
#[derive(Debug, Clone, Copy)]
pub struct Rest<'a>(pub &'a [u8]);

impl<'a> Rest<'a> {
    /// The next bytes, so many of them.
    pub fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    /// One byte.
    pub fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|b| b[0])
    }

    /// A number.
    pub fn number(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }

    /// A number of things of which each takes at least a byte.
    pub fn count(&mut self) -> Option<usize> {
        usize::try_from(self.number()?).ok().filter(|n| *n <= self.0.len())
    }

    /// A number that may be large or negative.
    pub fn long(&mut self) -> Option<i64> {
        Some(i64::from_le_bytes(self.take(8)?.try_into().ok()?))
    }

    /// An object's id.
    pub fn id(&mut self) -> Option<ObjectId> {
        Some(ObjectId::from_bytes(self.take(20)?.try_into().ok()?))
    }

    /// A text.
    pub fn text(&mut self) -> Option<&'a BStr> {
        let length = self.count()?;
        Some(self.take(length)?.as_bstr())
    }
}
