//! From bytes to an outline. The grammar is `CommonMark`'s, read by `pulldown-cmark`; what it reports is turned into spans here.

use super::{Definition, Heading, Item, Link, Markdown, Span, front_matter, trim_ending};
use bstr::ByteSlice;
use pulldown_cmark::{Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd};

/// Stands for each byte that is not UTF-8, so that every offset stays what it is.
const STAND_IN: u8 = 0x1A;

pub(super) fn read(source: &[u8]) -> Markdown<'_> {
    let mark = if source.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    let front_matter = front_matter::find(source, mark);
    let base = front_matter.as_ref().map_or(mark, |f| f.span.end);
    let text = as_text(&source[base..]);
    let mut reader = Reader { source, base, ..Reader::new(source) };
    let parser = Parser::new_ext(&text, Options::empty());
    let mut definitions: Vec<Definition> = parser
        .reference_definitions()
        .iter()
        .map(|(label, def)| {
            let span = base + def.span.start..base + def.span.end;
            let destination_span = definition_destination(source, &span);
            Definition { span, label: label.to_owned(), destination: def.dest.to_string(), destination_span }
        })
        .collect();
    definitions.sort_by_key(|d| d.span.start);
    reader.definitions = definitions;
    for (event, range) in parser.into_offset_iter() {
        reader.take(event, base + range.start..base + range.end);
    }
    reader.finish(front_matter)
}

/// `bytes` as text of the same length.
fn as_text(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(std::iter::repeat_n(char::from(STAND_IN), chunk.invalid().len()));
    }
    text
}

/// What has been found so far, and what is open.
struct Reader<'a> {
    source: &'a [u8],
    base: usize,
    headings: Vec<Heading>,
    items: Vec<Item>,
    links: Vec<Link>,
    definitions: Vec<Definition>,
    code: Vec<Span>,
    code_spans: Vec<Span>,
    html: Vec<Span>,
    /// How many quotations are open.
    quotes: usize,
    /// How many lists are open.
    lists: usize,
    /// The items that are open, by index; whether each one's own text has ended.
    open_items: Vec<(usize, bool)>,
    /// The heading that is open.
    open_heading: Option<(u8, Span)>,
    /// What stands inside the open heading.
    heading_text: Option<Span>,
    /// The links that are open, by index, with what stands inside so far.
    open_links: Vec<(usize, LinkType, Option<Span>)>,
}

impl<'a> Reader<'a> {
    fn new(source: &'a [u8]) -> Self {
        Reader {
            source,
            base: 0,
            headings: Vec::new(),
            items: Vec::new(),
            links: Vec::new(),
            definitions: Vec::new(),
            code: Vec::new(),
            code_spans: Vec::new(),
            html: Vec::new(),
            quotes: 0,
            lists: 0,
            open_items: Vec::new(),
            open_heading: None,
            heading_text: None,
            open_links: Vec::new(),
        }
    }

    fn take(&mut self, event: Event<'_>, span: Span) {
        match event {
            Event::Start(tag) => self.start(tag, span),
            Event::End(tag) => self.end(tag),
            Event::Html(_) => join(&mut self.html, span),
            Event::InlineHtml(_) => {
                self.inline(&span);
                self.html.push(span);
            }
            Event::Code(_) => {
                self.inline(&span);
                self.code_spans.push(span);
            }
            Event::Rule => self.end_item_text(),
            _ => self.inline(&span),
        }
    }

    fn start(&mut self, tag: Tag<'_>, span: Span) {
        match tag {
            Tag::BlockQuote(_) => {
                self.end_item_text();
                self.quotes += 1;
            }
            Tag::List(_) => {
                self.end_item_text();
                self.lists += 1;
            }
            Tag::Item => self.start_item(&span),
            Tag::Heading { level, .. } => {
                self.open_heading = Some((number(level), span));
                self.heading_text = None;
            }
            Tag::CodeBlock(_) => {
                self.end_item_text();
                self.code.push(span);
            }
            Tag::HtmlBlock => self.end_item_text(),
            Tag::Paragraph => {}
            Tag::Link { link_type, dest_url, .. } => self.start_link(link_type, &dest_url, span, false),
            Tag::Image { link_type, dest_url, .. } => self.start_link(link_type, &dest_url, span, true),
            _ => self.inline(&span),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::BlockQuote(_) => self.quotes = self.quotes.saturating_sub(1),
            TagEnd::List(_) => self.lists = self.lists.saturating_sub(1),
            TagEnd::Item => {
                self.open_items.pop();
            }
            TagEnd::Paragraph => {
                if let Some((_, ended)) = self.open_items.last_mut() {
                    *ended = true;
                }
            }
            TagEnd::Heading(_) => self.end_heading(),
            TagEnd::Link | TagEnd::Image => self.end_link(),
            _ => {}
        }
    }

    /// Something that stands in a line: it widens what is open.
    fn inline(&mut self, span: &Span) {
        if self.open_heading.is_some() {
            widen(&mut self.heading_text, span);
        }
        if let Some((_, _, inside)) = self.open_links.last_mut() {
            widen(inside, span);
        }
        if let Some((index, false)) = self.open_items.last().copied() {
            let text = &mut self.items[index].text;
            text.end = text.end.max(span.end);
        }
    }

    fn start_item(&mut self, span: &Span) {
        let from = span.start + self.source[span.clone()].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        let digits = self.source[from..].iter().take_while(|b| b.is_ascii_digit()).count();
        let marker = self.source.get(from + digits).copied().unwrap_or(b'-');
        let mut to = span.start;
        let mut at = span.start;
        for line in self.source[span.clone()].lines_with_terminator() {
            at += line.len();
            if !trim_ending(line).trim().is_empty() {
                to = at;
            }
        }
        let text = (from + digits + 1).min(to.max(from));
        self.items.push(Item {
            marker,
            depth: self.lists.saturating_sub(1),
            parent: self.open_items.last().map(|(index, _)| *index),
            span: from..to.max(from),
            text: text..text,
        });
        self.open_items.push((self.items.len() - 1, false));
    }

    fn end_item_text(&mut self) {
        if let Some((_, ended)) = self.open_items.last_mut() {
            *ended = true;
        }
    }

    fn end_heading(&mut self) {
        let Some((level, span)) = self.open_heading.take() else { return };
        if self.quotes > 0 || !self.open_items.is_empty() {
            return;
        }
        let start = self.source[..span.start].rfind_byte(b'\n').map_or(0, |at| at + 1).max(self.base.min(span.start));
        let end = if self.source[..span.end].ends_with(b"\n") {
            span.end
        } else {
            self.source[span.end..].find_byte(b'\n').map_or(self.source.len(), |at| span.end + at + 1)
        };
        let text = self.heading_text.take().unwrap_or_else(|| {
            let line = start + self.source[start..end].find_byte(b'\n').unwrap_or(end - start);
            let line = start + trim_ending(&self.source[start..line]).len();
            line..line
        });
        self.headings.push(Heading { level, span: start..end, text: trimmed(self.source, text) });
    }

    fn start_link(&mut self, kind: LinkType, destination: &str, span: Span, image: bool) {
        self.inline(&span);
        let text = span.start..span.start;
        let destination = destination.to_owned();
        self.links.push(Link { span, text, destination, destination_span: None, image });
        self.open_links.push((self.links.len() - 1, kind, None));
    }

    fn end_link(&mut self) {
        let Some((index, kind, inside)) = self.open_links.pop() else { return };
        let link = &mut self.links[index];
        let bracket = link.span.start + usize::from(link.image) + 1;
        let text = inside.unwrap_or(bracket..bracket);
        link.destination_span = match kind {
            LinkType::Inline => inline_destination(self.source, text.end, link.span.end),
            LinkType::Autolink | LinkType::Email => Some(text.clone()),
            _ => self
                .definitions
                .iter()
                .find(|d| d.destination == link.destination)
                .and_then(|d| d.destination_span.clone()),
        };
        link.text = text;
        let span = link.span.clone();
        if let Some((_, _, outer)) = self.open_links.last_mut() {
            widen(outer, &span);
        }
    }

    fn finish(mut self, front_matter: Option<front_matter::FrontMatter>) -> Markdown<'a> {
        for item in &mut self.items {
            item.text = trimmed(self.source, item.text.start..item.text.end.min(item.span.end).max(item.text.start));
        }
        let comments = self.html.iter().flat_map(|span| comments(self.source, span)).collect();
        Markdown {
            source: self.source.as_bstr(),
            front_matter,
            headings: self.headings,
            items: self.items,
            links: self.links,
            definitions: self.definitions,
            code: self.code,
            code_spans: self.code_spans,
            comments,
        }
    }
}

fn number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

fn widen(span: &mut Option<Span>, by: &Span) {
    *span = Some(match span.take() {
        Some(old) => old.start.min(by.start)..old.end.max(by.end),
        None => by.clone(),
    });
}

/// Adds `span`, to the last one where it goes on from there.
fn join(spans: &mut Vec<Span>, span: Span) {
    match spans.last_mut() {
        Some(last) if last.end == span.start => last.end = span.end,
        _ => spans.push(span),
    }
}

fn trimmed(source: &[u8], span: Span) -> Span {
    let bytes = &source[span.clone()];
    let end = span.start + bytes.trim_end().len();
    let start = (span.start + (bytes.len() - bytes.trim_start().len())).min(end);
    start..end
}

/// The destination in `](destination "title")`, where the link's text ends at `from`.
fn inline_destination(source: &[u8], from: usize, to: usize) -> Option<Span> {
    let open = from + source.get(from..to)?.find(b"](")? + 2;
    destination(source, open, to)
}

/// The destination in `[label]: destination "title"`.
fn definition_destination(source: &[u8], span: &Span) -> Option<Span> {
    let colon = span.start + source.get(span.clone())?.find(b"]:")? + 2;
    destination(source, colon, span.end)
}

/// The destination that begins at `from`, behind spaces: between `<` and `>`, or up to a space or the parenthesis that was not opened in it.
fn destination(source: &[u8], from: usize, to: usize) -> Option<Span> {
    let bytes = source.get(from..to)?;
    let start = from + (bytes.len() - bytes.trim_start().len());
    let bytes = &source[start..to];
    if bytes.first() == Some(&b'<') {
        let end = bytes.find_byte(b'>')?;
        return (end > 1).then(|| start + 1..start + end);
    }
    let mut depth = 0_usize;
    let mut escaped = false;
    let end = bytes.iter().position(|b| {
        let was_escaped = escaped;
        escaped = *b == b'\\' && !was_escaped;
        match b {
            _ if was_escaped => false,
            b'(' => {
                depth += 1;
                false
            }
            b')' if depth == 0 => true,
            b')' => {
                depth -= 1;
                false
            }
            _ => b.is_ascii_whitespace(),
        }
    });
    let end = end.unwrap_or(bytes.len());
    (end > 0).then(|| start..start + end)
}

fn comments(source: &[u8], span: &Span) -> Vec<Span> {
    let mut found = Vec::new();
    let mut at = span.start;
    while let Some(open) = source[at..span.end].find(b"<!--") {
        let start = at + open;
        let end = source[start + 4..span.end].find(b"-->").map_or(span.end, |close| start + 4 + close + 3);
        found.push(start..end);
        at = end;
    }
    found
}
