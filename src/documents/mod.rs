//! Documents, pure: text in, text out. Markdown, the journal, decision records, comparisons, posts.

pub mod adr;
pub mod blog;
pub mod comparison;
pub mod journal;
pub mod markdown;
