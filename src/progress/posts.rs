//! Blog posts: what is one, and what is only begun. A draft, a stub with its gaps and a note of a few words prove nothing.

use super::papers::{Paper, is_unfilled};
use regex::Regex;
use serde::Serialize;
use std::sync::LazyLock;

/// The directories that posts lie in.
pub const DIRECTORIES: [&str; 4] = ["blog", "blogs", "posts", "_posts"];

/// A post has at least as many words.
pub const FEWEST_WORDS: usize = 200;

/// How far a document in such a directory has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Maturity {
    /// It says of itself that it is a draft.
    Draft,
    /// It has gaps that are still to be filled: `TO-DO`, `[date]`.
    Unfinished,
    /// It has fewer than [`FEWEST_WORDS`] words.
    Short,
    /// It is a post.
    Post,
}

/// How far a document has come as a post; none where it does not lie among posts.
pub fn maturity(paper: &Paper) -> Option<Maturity> {
    let placed = paper.inside.split('/').rev().skip(1).any(|part| DIRECTORIES.contains(&part));
    if !placed || paper.name().starts_with("readme") {
        return None;
    }
    let says = |line: &str| ["draft: true", "published: false"].iter().any(|s| line.trim().eq_ignore_ascii_case(s));
    Some(if paper.prose.lines().take(15).any(says) {
        Maturity::Draft
    } else if is_unfilled(&paper.prose) {
        Maturity::Unfinished
    } else if paper.words < FEWEST_WORDS {
        Maturity::Short
    } else {
        Maturity::Post
    })
}

static LINK: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"https?://[^\s)>\]]+").ok());
static OWN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:my|our)\s+(?:\w+\s+){0,3}(?:blog|post|article|write-?up)|\bi\s+(?:\w+\s+){0,2}(?:wrote|blogged|published)\b|\b(?:blog post|article|write-?up)\s+(?:about|on|for|behind)\s+(?:this|the)\s+(?:project|repo|repository|comparison|experiment)|\baccompan(?:ying|ies)\b|\bthis (?:repo|repository|project|code) (?:accompanies|belongs to)").ok()
});

/// A line that links to something the learner published about it, with the link.
pub fn linked(paper: &Paper) -> Option<String> {
    if !(paper.is_near() || paper.name().contains("readme")) {
        return None;
    }
    paper.prose.lines().find_map(|line| {
        let link = LINK.as_ref()?.find(line)?.as_str();
        let host = ["medium.com", "dev.to", "hashnode", "substack", "blog", "/posts/", "/post/", "/articles/"];
        (OWN.as_ref()?.is_match(line) && host.iter().any(|h| link.to_lowercase().contains(h)))
            .then(|| link.trim_end_matches(['.', ',']).to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paper(inside: &str, text: &str) -> Paper {
        Paper::of(inside.into(), 0, text.as_bytes())
    }

    #[test]
    fn a_link_is_a_post_only_where_it_is_said_to_be_ones_own() {
        let link = |text: &str| linked(&paper("README.md", text));
        assert!(link("This was made for my blog post https://x.dev/blog/limits, enjoy").is_some());
        assert!(link("See [this article](https://medium.com/@x/nodejs) for more").is_none());
        assert!(link("My code: https://github.com/x/y").is_none());
    }

    #[test]
    fn a_draft_a_gap_and_a_note_are_no_posts() {
        let words = "a limiter counts ".repeat(70);
        let at = |inside: &str, text: &str| maturity(&paper(inside, text));
        assert_eq!(at("blog/x.md", &words), Some(Maturity::Post));
        assert_eq!(at("blog/x.md", &format!("---\ndraft: true\n---\n{words}")), Some(Maturity::Draft));
        assert_eq!(at("blog/x.md", &format!("---\npublished: false\n---\n{words}")), Some(Maturity::Draft));
        assert_eq!(at("_posts/x.md", &format!("{words}\nTO-DO: the end\n")), Some(Maturity::Unfinished));
        assert_eq!(at("blog/x.md", "a limiter counts"), Some(Maturity::Short));
        assert_eq!(at("blog/x.md", &format!("<!--\n{words}\n-->\n")), Some(Maturity::Short), "comments are no words");
        assert_eq!(at("docs/x.md", &words), None);
        assert_eq!(at("blog/README.md", &words), None);
    }
}
