//! Documents, pure: text in, text out. Markdown, the journal, decision records.

pub mod adr;
pub mod comparison;
pub mod journal;
pub mod markdown;
