//! XML as a small tree, for the report formats that are written in it. No rule of any format lives here.

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, escape};

/// Reports are a few levels deep; a file that is deeper is none.
const DEEPEST: usize = 64;

/// An element with what is in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Element {
    /// Its name, without a namespace's prefix.
    pub(super) name: String,
    /// Its attributes, in their order.
    pub(super) attributes: Vec<(String, String)>,
    /// All text that stands directly in it.
    pub(super) text: String,
    /// The elements directly in it.
    pub(super) children: Vec<Element>,
}

impl Element {
    /// The value of an attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The value of an attribute that is a number; none where it is absent or something else.
    pub(super) fn number(&self, name: &str) -> Option<u64> {
        self.attribute(name)?.trim().parse().ok()
    }

    /// The elements directly in it that are called `name`.
    pub(super) fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The first element directly in it that is called `name`.
    pub(super) fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }
}

/// Reads a whole document and gives its outermost element. Bytes that are not UTF-8, and references to characters or entities
/// that XML does not have, are taken as they stand: test frameworks write both.
///
/// # Errors
/// What is wrong with it, and at which byte: it is not XML, ends too early, or is nested beyond reason.
pub(super) fn read(bytes: &[u8]) -> Result<Element, String> {
    let text = String::from_utf8_lossy(bytes);
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    reader.config_mut().allow_dangling_amp = true;
    let mut open: Vec<Element> = Vec::new();
    loop {
        let event = reader.read_event().map_err(|e| format!("{e} (at byte {})", reader.error_position()))?;
        let closed = match event {
            Event::Start(start) if open.len() < DEEPEST => {
                open.push(element(&start));
                None
            }
            Event::Start(_) => return Err(format!("elements are nested deeper than {DEEPEST}")),
            Event::Empty(start) => Some(element(&start)),
            Event::End(_) => open.pop(),
            Event::Text(text) => add(&mut open, &text),
            Event::CData(text) => add(&mut open, &text),
            Event::GeneralRef(reference) => add(&mut open, &resolved(&reference)),
            Event::Eof if text.trim().is_empty() => return Err("it is empty".into()),
            Event::Eof => return Err(format!("it ends too early, at byte {}", reader.buffer_position())),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => None,
        };
        if let Some(element) = closed {
            match open.last_mut() {
                Some(parent) => parent.children.push(element),
                None => return Ok(element),
            }
        }
    }
}

fn element(start: &BytesStart<'_>) -> Element {
    let attributes = start
        .attributes()
        .with_checks(false)
        .flatten()
        .map(|attribute| {
            let value = escape::unescape(&attribute.value)
                .map_or_else(|_| attribute.value.clone().into_owned(), std::borrow::Cow::into_owned);
            (attribute.key.local_name().into_inner().to_owned(), value)
        })
        .collect();
    Element { name: start.local_name().into_inner().to_owned(), attributes, ..Element::default() }
}

fn add(open: &mut [Element], text: &str) -> Option<Element> {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
    None
}

fn resolved(reference: &BytesRef<'_>) -> String {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        return character.to_string();
    }
    escape::resolve_predefined_entity(reference).map_or_else(|| format!("&{};", &**reference), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_text_and_children_are_read() {
        let root =
            read(b"\xEF\xBB\xBF<?xml version=\"1.0\"?><a n='1 &lt; 2' x:m=\"3\">t<b/>&amp;<![CDATA[<c>]]></a>\n")
                .unwrap();
        assert_eq!(root.attribute("n"), Some("1 < 2"));
        assert_eq!(root.number("m"), Some(3));
        assert_eq!(root.text, "t&<c>");
        assert_eq!(root.child("b").map(|b| b.name.as_str()), Some("b"));
    }

    #[test]
    fn what_xml_does_not_have_is_taken_as_it_stands() {
        let root = read(b"<a m='&nope; &#0;'>\x01 &#27;[31m &nope; AT&T \xff</a>").unwrap();
        assert_eq!(root.attribute("m"), Some("&nope; &#0;"));
        assert!(root.text.starts_with('\u{1}') && root.text.contains("&nope;"), "{:?}", root.text);
        assert!(root.text.contains("AT&T") && root.text.ends_with('\u{FFFD}'), "{:?}", root.text);
    }

    #[test]
    fn a_document_that_is_cut_anywhere_is_an_error() {
        let whole = b"<a><b n='1'>text &amp; more</b></a>";
        for end in 0..whole.len() {
            assert!(read(&whole[..end]).is_err(), "{end}");
        }
        assert!(read(whole).is_ok());
    }

    #[test]
    fn a_document_without_end_of_nesting_is_an_error() {
        assert!(read("<a>".repeat(100_000).as_bytes()).unwrap_err().contains("nested"));
    }
}
