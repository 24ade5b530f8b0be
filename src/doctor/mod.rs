//! What is wrong with a machine or a project's surroundings, and the command that mends it: checks as functions over what was
//! probed. Probing itself is in [`probe`]; nothing here changes anything.

pub mod dependencies;
pub mod engine;
pub mod finding;
pub mod git;
pub mod probe;
pub mod services;
pub mod tool;
pub mod version;

pub use crate::services::Platform;
pub use finding::{Finding, Mend, Report, Severity};
