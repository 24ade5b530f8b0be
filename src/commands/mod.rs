//! Commands: one file each, with its arguments (their doc comments are the help) and its recipe, which reads like the street.

pub mod completions;
pub mod ground;
pub mod hook;
pub mod init;
pub mod man;
