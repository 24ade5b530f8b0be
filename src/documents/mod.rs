//! Documents, pure: text in, text out. Markdown, the journal, decision records.

pub mod markdown;
