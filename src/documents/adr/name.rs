//! File names of decision records: the number in front, the slug behind it.

use bstr::{BStr, ByteSlice};

/// No slug is longer than this, in bytes.
const LONGEST_SLUG: usize = 60;

/// More digits than this are a date, not a number.
const MOST_DIGITS: usize = 7;

/// The number that a file name begins with and how many digits it has: `(7, 3)` for `007-use-go.md`. Not for other files than
/// Markdown's, and not for a date in front.
pub fn number(name: &BStr) -> Option<(u64, usize)> {
    if !is_markdown(name) {
        return None;
    }
    let digits = name.iter().take_while(|b| b.is_ascii_digit()).count();
    let ends = matches!(name.get(digits), Some(b'-' | b'_' | b' ' | b'.'));
    if digits == 0 || digits > MOST_DIGITS || !ends {
        return None;
    }
    name[..digits].to_str().ok()?.parse().ok().map(|n| (n, digits))
}

/// Whether a file name begins with a date, as log4brains has it: `20261122-use-go.md`.
pub fn is_dated(name: &BStr) -> bool {
    is_markdown(name) && name.len() > 9 && name[..8].iter().all(u8::is_ascii_digit) && name[8] == b'-'
}

fn is_markdown(name: &BStr) -> bool {
    name.len() > 3 && name[name.len() - 3..].eq_ignore_ascii_case(b".md")
}

/// `title` for a file name: letters and digits of any script in lower case, `-` for everything between them; never empty, never
/// longer than 60 bytes, never a way out of a directory.
pub fn slug(title: &str) -> String {
    let mut slug = String::new();
    let mut gap = false;
    for c in title.chars().flat_map(char::to_lowercase) {
        if !(c.is_alphanumeric() || matches!(c, '\u{300}'..='\u{36F}')) {
            gap = true;
            continue;
        }
        let dash = usize::from(gap && !slug.is_empty());
        if slug.len() + dash + c.len_utf8() > LONGEST_SLUG {
            break;
        }
        if dash == 1 {
            slug.push('-');
        }
        gap = false;
        slug.push(c);
    }
    if slug.is_empty() { "adr".into() } else { slug }
}

/// `007-use-go.md`.
pub fn file(number: u64, width: usize, title: &str) -> String {
    format!("{number:0width$}-{}.md", slug(title))
}

/// `name` with another number in front, as many digits wide.
pub fn renumbered(name: &BStr, to: u64) -> Vec<u8> {
    let digits = name.iter().take_while(|b| b.is_ascii_digit()).count();
    let mut new = format!("{to:0digits$}").into_bytes();
    new.extend_from_slice(&name[digits..]);
    new
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_number_is_what_stands_in_front() {
        let read = |name: &str| number(name.into());
        assert_eq!(read("007-use-go.md"), Some((7, 3)));
        assert_eq!(read("0010-x.MD"), Some((10, 4)));
        assert_eq!(read("3.md"), Some((3, 1)));
        assert_eq!(read("20261122-log4brains.md"), None);
        assert_eq!(read("007-notes.txt"), None);
        assert_eq!(read("readme.md"), None);
        assert!(is_dated("20261122-log4brains.md".into()));
    }

    #[test]
    fn slugs_keep_letters_of_any_script() {
        assert_eq!(slug("Use Redis for Rate Limiting"), "use-redis-for-rate-limiting");
        assert_eq!(slug("Größe der Überschrift"), "größe-der-überschrift");
        assert_eq!(slug("使用 Redis 缓存"), "使用-redis-缓存");
        assert_eq!(slug("GET /foo/../bar"), "get-foo-bar");
        assert_eq!(slug("🚀"), "adr");
        assert_eq!(slug("-Bar-"), "bar");
    }

    #[test]
    fn a_renumbered_name_keeps_its_width_and_slug() {
        assert_eq!(renumbered("007-use-go.md".into(), 12), b"012-use-go.md");
    }

    proptest! {
        #[test]
        fn no_title_makes_a_name_that_leaves_its_directory(title in any::<String>()) {
            let name = file(7, 3, &title);
            prop_assert!(name.len() <= 4 + LONGEST_SLUG + 3);
            prop_assert!(!name.contains(['/', '\\', '\0', '\n']) && !name.contains(".."));
            prop_assert_eq!(number(name.as_str().into()), Some((7, 3)));
        }
    }
}
