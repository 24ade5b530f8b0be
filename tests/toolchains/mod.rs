//! mastery with the real tools of the three languages, and beside the real hook managers, through real `git commit`.

mod fixture;
mod lies;
mod managers;
mod scaffold;
mod service;
mod staged;
pub mod tools;
mod workspaces;
