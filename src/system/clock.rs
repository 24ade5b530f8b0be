//! The clock: read once, in `main`.

use super::env::Env;
use crate::failure::{Context, Failure};
use chrono::{DateTime, FixedOffset};

/// The time now, in the local offset; `MASTERY_NOW` (RFC 3339) stands in for it, so that tests and demonstrations can repeat
/// themselves.
///
/// # Errors
/// `MASTERY_NOW` is set and is not an RFC 3339 time.
#[expect(clippy::disallowed_methods, reason = "this is the door")]
pub fn now(env: &Env) -> Result<DateTime<FixedOffset>, Failure> {
    match env.text("MASTERY_NOW") {
        Some(text) => DateTime::parse_from_rfc3339(text)
            .or_usage(|| format!("MASTERY_NOW is not an RFC 3339 time: {text:?}"))
            .map_err(|f| f.hint("write it as 2026-11-22T23:40:00+01:00, or unset it")),
        None => Ok(chrono::Local::now().fixed_offset()),
    }
}
