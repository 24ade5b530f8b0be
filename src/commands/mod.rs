//! Commands: one file each, with its arguments (their doc comments are the help) and its recipe, which reads like the street.

pub mod adr;
pub mod blog;
pub mod check;
pub mod clean;
pub mod compare;
pub mod completions;
pub mod demo;
pub mod doctor;
pub mod editor;
pub mod ground;
pub mod hook;
pub mod init;
pub mod journal;
pub mod man;
pub mod next;
pub mod projects;
pub mod resources;
pub mod services;
pub mod site;
pub mod standing;
pub mod start;
pub mod status;
pub mod supervise;
pub mod test;
pub mod testing;
pub mod verify;
