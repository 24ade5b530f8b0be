//! Hooks: what is installed ([`place`]), where git looks for it ([`location`]), what should be there ([`shim`]), and the plan
//! that leads from one to the other ([`plan`]). Nothing here writes.

pub mod location;
pub mod manager;
pub mod place;
pub mod plan;
pub mod shim;

/// The hooks that mastery installs and has an answer for.
pub const NAMES: [&str; 4] = ["pre-commit", "pre-merge-commit", "commit-msg", "pre-push"];

/// What a hook that was there before is called while mastery's stands in its place.
pub fn before(name: &str) -> String {
    format!("{name}{BEFORE}")
}

/// What is added to the name of a hook that was there before.
pub const BEFORE: &str = ".before-mastery";

/// Names that `git hook install` of other managers gives to the hook that they find: the first ones are still run by them
/// (pre-commit, prek), the last is not (lefthook).
pub(crate) const LEGACY: &str = ".legacy";
/// See [`LEGACY`].
pub(crate) const OLD: &str = ".old";
