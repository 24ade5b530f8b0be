//! Objects in files of their own, as git writes what is new. What is unusual libgit2 is asked for; what is damaged it must not be: it
//! would wait for ever for the rest of a file that was cut off.

use super::{Inflated, Kind, Object};
use crate::git::ObjectId;
use bstr::ByteSlice;
use libdeflater::Decompressor;
use std::fs;
use std::path::Path;
use std::sync::Arc;

/// What is found in the place of an object.
pub(in crate::git) enum Found {
    Whole(Object),
    /// Nothing that is known here: no file, or a very large one.
    Unknown,
    /// A file that holds no object.
    Damaged,
}

/// The object called `id` below `objects`.
pub(in crate::git) fn read(objects: &Path, id: ObjectId, inflate: &mut Decompressor) -> Found {
    let name = id.to_string();
    let Ok(compressed) = fs::read(objects.join(&name[..2]).join(&name[2..])) else { return Found::Unknown };
    match super::inflate(&compressed, inflate) {
        Inflated::Whole(content) => parse(content).map_or(Found::Damaged, Found::Whole),
        Inflated::Large => Found::Unknown,
        Inflated::Broken => Found::Damaged,
    }
}

fn parse(mut content: Vec<u8>) -> Option<Object> {
    let length = content.len();
    let end = content.find_byte(0)?;
    let (kind, size) = content[..end].split_once_str(" ")?;
    let kind = match kind {
        b"commit" => Kind::Commit,
        b"tree" => Kind::Tree,
        b"blob" => Kind::Blob,
        b"tag" => Kind::Tag,
        _ => return None,
    };
    let is_whole = size.to_str().ok()?.parse() == Ok(length - end - 1);
    content.drain(..=end);
    is_whole.then(|| (kind, Arc::new(content)))
}
