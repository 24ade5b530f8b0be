//! Git: the only room that names git2. What it returns is plain owned data; paths are bytes from end to end.
//!
//! Nothing here writes the work tree, the index or a ref.

mod object_id;
mod repository;
mod staged;
mod tree;

pub use object_id::ObjectId;
pub use repository::{Operation, Repository};
pub use staged::Staged;
pub use tree::{Entry, Mode, subtree, subtree_id};
