//! How prose names a track's language.

use regex::Regex;

/// A pattern for the words by which prose means a language. `language` is its name in the configuration, `family` that of its
/// family, `directory` the last part of the track's path.
pub fn pattern(language: &str, family: Option<&str>, directory: &str) -> Option<Regex> {
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
