//! Gates, pure: what may pass a commit, a message, a push.

pub mod invocation;
pub mod journal;
pub mod message;
pub mod push;
pub mod skip;
