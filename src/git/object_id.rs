//! The name of a git object.

use serde::{Deserialize, Serialize};
use sha1::{Digest, Sha1};
use std::fmt;
use std::str::FromStr;

/// A SHA-1 object id. Shown and serialised as 40 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId([u8; 20]);

impl ObjectId {
    /// The id with these bytes.
    pub const fn from_bytes(bytes: [u8; 20]) -> Self {
        ObjectId(bytes)
    }

    /// The id that a blob of these bytes has: for use as a hash.
    pub fn of_blob(bytes: &[u8]) -> Self {
        Self::of("blob", bytes)
    }

    /// The id that an object of this kind and content has.
    pub(super) fn of(kind: &str, content: &[u8]) -> Self {
        let mut hash = Sha1::new();
        hash.update(format!("{kind} {}\0", content.len()));
        hash.update(content);
        ObjectId(hash.finalize().into())
    }

    /// Its twenty bytes.
    pub fn as_bytes(&self) -> &[u8; 20] {
        &self.0
    }

    /// Its first seven digits, as people quote it.
    pub fn short(&self) -> String {
        self.to_string()[..7].to_owned()
    }

    pub(super) fn raw(self) -> git2::Oid {
        // A slice of twenty bytes is always an id.
        git2::Oid::from_bytes(&self.0).unwrap_or_else(|_| unreachable!("twenty bytes are an id"))
    }
}

impl From<git2::Oid> for ObjectId {
    fn from(oid: git2::Oid) -> Self {
        let mut bytes = [0; 20];
        bytes.copy_from_slice(&oid.as_bytes()[..20]);
        ObjectId(bytes)
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digit = |half: u8| char::from(if half < 10 { b'0' + half } else { b'a' - 10 + half });
        let mut hex = String::with_capacity(40);
        for byte in self.0 {
            hex.extend([digit(byte >> 4), digit(byte & 15)]);
        }
        f.write_str(&hex)
    }
}

impl fmt::Debug for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text is not forty hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an object id: {0:?}")]
pub struct NotAnId(String);

impl FromStr for ObjectId {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        super::raw::hex(text.as_bytes()).filter(|_| text.len() == 40).ok_or_else(|| NotAnId(text.to_owned()))
    }
}

impl Serialize for ObjectId {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        if s.is_human_readable() { s.collect_str(self) } else { self.as_bytes().serialize(s) }
    }
}

impl<'de> Deserialize<'de> for ObjectId {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        if !d.is_human_readable() {
            return <[u8; 20]>::deserialize(d).map(ObjectId::from_bytes);
        }
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}
