//! How prose names a track's language.

use regex::Regex;
use std::sync::OnceLock;

/// How prose names one track's language.
#[derive(Debug)]
pub struct Name {
    language: String,
    family: Option<&'static str>,
    directory: String,
    /// Made when it is first looked for: most documents name no language, and to make it takes longer than to read them.
    pattern: OnceLock<Option<Regex>>,
}

impl Name {
    /// The name of a language: `language` is what the configuration calls it, `family` what its family is called, `directory` the last
    /// part of the track's path.
    pub fn of(language: &str, family: Option<&'static str>, directory: &str) -> Name {
        Name { language: language.to_owned(), family, directory: directory.to_owned(), pattern: OnceLock::new() }
    }

    /// Whether `text` names it.
    pub fn is_in(&self, text: &str) -> bool {
        let pattern = self.pattern.get_or_init(|| pattern(&self.language, self.family, &self.directory));
        pattern.as_ref().is_some_and(|pattern| pattern.is_match(text))
    }
}

/// A pattern for the words by which prose means a language, as [`Name::of`] has them.
fn pattern(language: &str, family: Option<&str>, directory: &str) -> Option<Regex> {
    // Go, Rust, Swift and Java's Spring are words of English as well: there the capital letter counts.
    let words = match family {
        Some("nestjs") => r"(?i:nest\.?js|node\.?js|node|nest|typescript|express(?:\.?js)?|fastify|bun|deno)",
        Some("golang") => r"(?:Go|GO|(?i:golang)|Gin|Fiber)",
        Some("python") => r"(?i:python|fastapi|django|flask)",
        Some("rust") => r"(?:Rust|RUST|(?i:actix|axum))",
        Some("java") => r"(?:Java|JAVA|Spring(?:\s?Boot)?|Quarkus)",
        Some("csharp") => r"(?:C#|\.NET|ASP\.NET|(?i:dotnet|csharp))",
        Some("php") => r"(?i:php|laravel|symfony)",
        _ => "",
    };
    let mut alternatives: Vec<String> = Vec::new();
    if !words.is_empty() {
        alternatives.push(words.to_owned());
    }
    for own in [language, directory] {
        let english = ["go", "rust", "java", "next", "c", "rest", "api", "src", "app", "net", "."]
            .contains(&own.to_lowercase().as_str());
        if own.len() > 2 && !english {
            alternatives.push(format!("(?i:{})", regex::escape(own)));
        }
    }
    if alternatives.is_empty() {
        alternatives.push(format!("(?i:{})", regex::escape(language)));
    }
    Regex::new(&format!(r"(?:^|[^\w/.-])(?:{})(?:[^\w/-]|$)", alternatives.join("|"))).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verb_is_no_language() {
        let go = pattern("golang", Some("golang"), "go").unwrap();
        assert!(go.is_match("## Week 3: Golang implementation") && go.is_match("Go is fast") && go.is_match("| Go |"));
        assert!(!go.is_match("go to the store") && !go.is_match("Google"));
        let node = pattern("node", Some("nestjs"), "nodejs").unwrap();
        assert!(node.is_match("Next comes Node.js, delivering") && !node.is_match("a nested list"));
    }
}
