//! Views: values in, text out. One file a view; colours are meanings ([`style`]), words are counted and escaped in [`words`].

pub mod adr;
pub mod adr_graph;
pub mod adr_toc;
pub mod blog;
pub mod check;
pub mod clean;
pub mod compare;
pub mod demo;
pub mod doctor;
pub mod failure;
pub mod hooks;
pub mod init;
pub mod journal;
pub mod journal_check;
pub mod journal_list;
pub mod next;
pub mod plan;
pub mod projects;
pub mod resources;
pub mod services;
pub mod start;
pub mod status;
pub mod style;
pub mod suites;
pub mod verify;
pub mod words;
