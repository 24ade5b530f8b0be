//! Patterns for code and commands.

use regex::Regex;

/// The pattern in `text`, in which words, blanks and digits are ASCII's, as they are in code: to make one that knows all of Unicode's
/// takes longer than to search a project with it. None where the text is no pattern.
pub(super) fn in_code(text: &str) -> Option<Regex> {
    // A class may stand inside of another one.
    let classes = [(r"\w", "[0-9A-Za-z_]"), (r"\s", r"[\t\n\x0B\f\r ]"), (r"\d", "[0-9]"), (r"\b", r"(?-u:\b)")];
    let text = classes.iter().fold(text.to_owned(), |text, (class, ascii)| text.replace(class, ascii));
    Regex::new(&text).ok()
}

/// Whether a text has one of some words: to look for those that a pattern can't do without takes less time than to make it.
pub(super) fn has_any(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.contains(word))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use regex_syntax::hir::{Hir, HirKind};

    /// Whether whatever a pattern matches has one of these words in it.
    pub(in crate::progress) fn needs(pattern: &Regex, words: &[&str]) -> bool {
        let hir = regex_syntax::parse(pattern.as_str()).unwrap();
        is_needed(&hir, words)
    }

    fn is_needed(hir: &Hir, words: &[&str]) -> bool {
        if let Some(all) = texts(hir) {
            return all.iter().all(|text| has_any(text, words));
        }
        match hir.kind() {
            HirKind::Concat(parts) => {
                let runs = parts.chunk_by(|a, b| texts(a).is_some() && texts(b).is_some());
                let mut runs = runs.map(|run| if run.len() > 1 { Hir::concat(run.to_vec()) } else { run[0].clone() });
                runs.any(|run| is_needed(&run, words))
            }
            HirKind::Alternation(parts) => parts.iter().all(|part| is_needed(part, words)),
            HirKind::Repetition(again) => again.min > 0 && is_needed(&again.sub, words),
            HirKind::Capture(inside) => is_needed(&inside.sub, words),
            _ => false,
        }
    }

    /// All texts that a pattern matches, where they are few.
    fn texts(hir: &Hir) -> Option<Vec<String>> {
        let all: Vec<String> = match hir.kind() {
            HirKind::Empty => vec![String::new()],
            HirKind::Literal(literal) => vec![str::from_utf8(&literal.0).ok()?.to_owned()],
            HirKind::Capture(inside) => texts(&inside.sub)?,
            HirKind::Alternation(parts) => parts.iter().map(texts).collect::<Option<Vec<_>>>()?.concat(),
            HirKind::Repetition(again) if (again.min, again.max) == (0, Some(1)) => {
                [texts(&again.sub)?, vec![String::new()]].concat()
            }
            HirKind::Concat(parts) => parts.iter().try_fold(vec![String::new()], |before, part| {
                let part = texts(part)?;
                Some(before.iter().flat_map(|a| part.iter().map(move |b| format!("{a}{b}"))).collect())
            })?,
            _ => return None,
        };
        (all.len() < 1000).then_some(all)
    }

    #[test]
    fn a_word_is_needed_where_every_way_to_match_has_it() {
        let needs = |pattern: &str, words: &[&str]| needs(&Regex::new(pattern).unwrap(), words);
        assert!(needs("a (?:xone|twos+)y", &["one", "two"]) && needs("one?", &["on"]) && needs("(one){2}", &["one"]));
        assert!(!needs("one|three", &["one"]) && !needs("x(?:one)?", &["one"]) && !needs("[ab]", &["a", "b"]));
    }

    #[test]
    fn words_blanks_and_digits_are_found_alone_and_in_classes() {
        for (pattern, text, is_found) in [
            (r"^\w+\s\d$", "a_B9\t7", true),
            (r"^[^\w.]x\b", "-x y", true),
            (r"^[^\w.]x", "_x", false),
            (r"[\s$>]*k6", "  $ k6", true),
            (r"\bfn\b", "gfn", false),
        ] {
            assert_eq!(in_code(pattern).unwrap().is_match(text), is_found, "{pattern} {text:?}");
        }
        assert!(in_code("(").is_none());
    }
}
