//! Blog posts: a stub to begin with. What is known goes into comments, which nobody sees published and which are nobody's words yet;
//! every gap says TO-DO.

use super::markdown::Markdown;
use bstr::ByteSlice;

/// What a project has to tell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Material {
    /// What was learned, by title of the language, in the project's order.
    pub learned: Vec<(String, Vec<String>)>,
    /// What was learned beyond one language.
    pub general: Vec<String>,
    /// Decisions.
    pub decisions: Vec<Decision>,
    /// A table of figures, line by line; empty where nothing was measured.
    pub figures: Vec<String>,
}

/// One decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// `ADR 001: Use Redis`
    pub heading: String,
    /// Where it lies, from the post.
    pub link: String,
    /// Where it stands: `accepted`.
    pub status: String,
}

/// The guide's kind of title: `Building an API Rate Limiter: NestJS vs Golang`.
pub fn title(project: &str, languages: &[String]) -> String {
    let article = if project.starts_with(|c: char| "aeioAEIO".contains(c)) { "an" } else { "a" };
    let versus = if languages.is_empty() { String::new() } else { format!(": {}", languages.join(" vs ")) };
    format!("Building {article} {project}{versus}")
}

/// A new post.
pub fn stub(title: &str, date: &str, material: &Material) -> Vec<u8> {
    let quoted = title.replace('\\', "\\\\").replace('"', "\\\"");
    let mut text = format!("---\ntitle: \"{quoted}\"\ndate: {date}\ndraft: true\n---\n\n# {title}\n");
    section(&mut text, None, "for whom is this, and what do they know after reading it?", "", &material.general);
    section(&mut text, Some("The problem"), "what was to be built, and what made it hard?", "", &[]);
    for (language, entries) in &material.learned {
        section(&mut text, Some(language), "what went well, what did not, and what surprised you?", JOURNAL, entries);
    }
    let decided: Vec<String> =
        material.decisions.iter().map(|d| format!("[{}]({}): {}", d.heading, d.link, d.status)).collect();
    section(
        &mut text,
        Some("Decisions"),
        "which one would you defend, and which one would you take back?",
        "",
        &decided,
    );
    text.push_str("\n## Compared\n\nTO-DO: what do the figures say, and what do they not say?\n");
    if !material.figures.is_empty() {
        comment(&mut text, "From `mastery compare`. Take what serves, delete the rest.", &material.figures);
    }
    section(&mut text, Some("What I would do next time"), "which language would you choose, and what for?", "", &[]);
    text.into_bytes()
}

const JOURNAL: &str = "From your journal. Take what serves, delete the rest.";

/// A heading, its question, and what is known as bullets in a comment.
fn section(text: &mut String, heading: Option<&str>, question: &str, remark: &str, known: &[String]) {
    if let Some(heading) = heading {
        text.push_str(&format!("\n## {heading}\n"));
    }
    text.push_str(&format!("\nTO-DO: {question}\n"));
    if !known.is_empty() {
        let bullets: Vec<String> = known.iter().map(|line| format!("- {line}")).collect();
        comment(text, if remark.is_empty() { "Take what serves, delete the rest." } else { remark }, &bullets);
    }
}

/// A comment that what stands in it can't end.
fn comment(text: &mut String, remark: &str, lines: &[String]) {
    text.push_str(&format!("\n<!-- {remark}\n"));
    for line in lines {
        text.push_str(&line.replace("-->", "--&gt;").replace("--!>", "--!&gt;"));
        text.push('\n');
    }
    text.push_str("-->\n");
}

/// What a post is called: the title in its front matter, else its first heading.
pub fn heading(bytes: &[u8]) -> Option<String> {
    let document = Markdown::read(bytes);
    let field = |key: &str| {
        let fields = document.front_matter.iter().flat_map(|f| &f.fields);
        fields.clone().find(|f| document.at(&f.key) == key).map(|f| document.at(&f.value).to_str_lossy().into_owned())
    };
    let plain = |title: String| {
        let inner = title.strip_prefix('"').and_then(|t| t.strip_suffix('"'));
        inner.map_or_else(|| title.trim_matches('\'').to_owned(), |t| t.replace("\\\"", "\"").replace("\\\\", "\\"))
    };
    let first = || document.headings.first().map(|h| document.at(&h.text).to_str_lossy().into_owned());
    field("title").map(plain).filter(|t| !t.is_empty()).or_else(first).filter(|t| !t.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn material(entry: &str) -> Material {
        Material {
            learned: vec![("Golang".into(), vec![entry.into()]), ("Python".into(), Vec::new())],
            decisions: vec![Decision {
                heading: "ADR 001: Use Redis".into(),
                link: "../docs/adr/001-use-redis.md".into(),
                status: "accepted".into(),
            }],
            figures: vec!["| | Golang |".into(), "| --- | --- |".into(), "| lines of code | 12 |".into()],
            ..Material::default()
        }
    }

    #[test]
    fn a_stub_asks_and_keeps_what_is_known_in_comments() {
        let text = String::from_utf8(stub("Go \"vs\" Python", "2026-11-22", &material("channels close once"))).unwrap();
        assert!(text.starts_with("---\ntitle: \"Go \\\"vs\\\" Python\"\ndate: 2026-11-22\ndraft: true\n---\n\n# Go \"vs\" Python\n\nTO-DO: "), "{text}");
        assert!(text.contains("\n## Golang\n\nTO-DO: what went well, what did not, and what surprised you?\n\n<!-- From your journal. Take what serves, delete the rest.\n- channels close once\n-->\n\n## Python\n\nTO-DO: "), "{text}");
        assert!(text.contains("- [ADR 001: Use Redis](../docs/adr/001-use-redis.md): accepted\n-->\n"), "{text}");
        assert!(text.contains("| lines of code | 12 |\n-->\n"), "{text}");
        assert_eq!(heading(text.as_bytes()).as_deref(), Some("Go \"vs\" Python"));
    }

    #[test]
    fn the_title_is_of_the_guides_kind() {
        let languages = ["NestJS".to_owned(), "Golang".to_owned()];
        assert_eq!(title("API Rate Limiter", &languages), "Building an API Rate Limiter: NestJS vs Golang");
        assert_eq!(title("URL Shortener", &[]), "Building a URL Shortener");
        assert_eq!(heading(b"# Of its own\n").as_deref(), Some("Of its own"));
        assert_eq!(heading(b"words\n"), None);
    }

    proptest! {
        #[test]
        fn nothing_that_is_known_gets_out_of_its_comment(entry in "(--|>|!|-|<|[a-z ]){0,12}") {
            let text = stub("x", "2026-11-22", &material(&entry));
            let document = Markdown::read(&text);
            prop_assert_eq!(document.comments.len(), 3);
            prop_assert!(document.items.is_empty());
        }
    }
}
