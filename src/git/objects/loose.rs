//! Objects in files of their own, as git writes what is new. Whatever is unusual is none here, and libgit2 is asked instead.

use super::{Kind, Object};
use crate::git::ObjectId;
use bstr::ByteSlice;
use libdeflater::Decompressor;
use std::fs;
use std::path::Path;
use std::sync::Arc;

/// The object called `id` below `objects`; none where it is not there in a form that is known here.
pub(in crate::git) fn read(objects: &Path, id: ObjectId, inflate: &mut Decompressor) -> Option<Object> {
    let name = id.to_string();
    let compressed = fs::read(objects.join(&name[..2]).join(&name[2..])).ok()?;
    let mut content = super::inflate(&compressed, inflate)?;
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
