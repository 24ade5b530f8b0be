//! Gates, pure: what may pass a commit, a message, a push.

pub mod skip;
