//! Blog posts: what there is, and what each still lacks.

use super::style::{Meaning, paint};
use super::words;
use crate::progress::posts::{FEWEST_WORDS, Maturity};
use serde::Serialize;

/// What to do with a stub.
pub const AFTER: &str = "write it: every TO-DO is a question to answer; then take `draft: true` out and commit. `mastery blog list` says what it lacks\n";

/// `mastery blog list`, as JSON has it.
#[derive(Debug, Serialize)]
pub struct Listing {
    schema: u32,
    /// By project and path.
    pub posts: Vec<Listed>,
}

impl Default for Listing {
    fn default() -> Self {
        Listing { schema: 1, posts: Vec::new() }
    }
}

/// One post, or a document that links to one.
#[derive(Debug, Clone, Serialize)]
pub struct Listed {
    /// The project's id.
    pub project: String,
    /// From the repository's root.
    pub path: String,
    /// What it is called.
    pub title: Option<String>,
    /// Words of prose, without comments and code.
    pub words: usize,
    /// How far it has come; none where it only links to a post.
    pub state: Option<Maturity>,
    /// The post of one's own that it links to.
    pub link: Option<String>,
    /// Whether what is committed counts as a post.
    pub counts: bool,
}

impl Listing {
    /// For people.
    pub fn text(&self) -> String {
        if self.posts.is_empty() {
            return "no posts yet; begin one with: mastery blog new\n".into();
        }
        self.posts.iter().map(line).collect()
    }
}

fn line(post: &Listed) -> String {
    let commit = if post.counts { "counts" } else { "counts once it is committed" };
    let (meaning, state) = match (post.state, &post.link) {
        (Some(Maturity::Post), _) => (Meaning::Good, format!("a post, {commit}")),
        (_, Some(link)) => (Meaning::Good, format!("links to {link}, {commit}")),
        (Some(Maturity::Draft), _) => {
            (Meaning::Faint, "a draft: says `draft: true` or `published: false` at its top".into())
        }
        (Some(Maturity::Unfinished), _) => (Meaning::Faint, "has gaps: says TO-DO, TBD, or [date]".into()),
        (Some(Maturity::Short) | None, _) => {
            (Meaning::Faint, format!("has {}; a post has {FEWEST_WORDS}", words::count(post.words, "word")))
        }
    };
    let title = post.title.as_deref().map_or(String::new(), |title| format!("  {title}\n"));
    format!("{}\n{title}  {}\n", paint(Meaning::Strong, &post.path), paint(meaning, state))
}
