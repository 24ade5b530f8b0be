//! Everything that is tested through the binary, in one test binary: a file a command, in a hermetic world ([`harness`]).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests act on the outside"
)]
#![allow(missing_docs, unreachable_pub, reason = "nobody imports a test")]

mod harness;

mod adr;
mod adr_tools;
mod basics;
mod beside;
mod blog;
mod commits;
mod compare;
mod contents;
mod coverage;
mod curriculum;
mod demo;
mod doctor;
mod edited;
mod errors;
mod full_disk;
mod gates;
mod hook_install;
mod init;
mod interruptions;
mod journal;
mod journal_keeping;
mod journal_rule;
#[cfg(target_os = "linux")]
mod load;
mod projects;
mod ranges;
mod readme;
mod remembered;
mod remembered_histories;
mod services;
mod start;
mod status;
mod status_histories;
mod status_metrics;
mod status_pitfalls;
mod status_properties;
mod status_schema;
mod terminal;
mod test;
mod walks;

#[path = "../toolchains/mod.rs"]
mod toolchains;
