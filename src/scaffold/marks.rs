//! Marks in templates: words that begin with `zz`, which no code has, stand for what differs between projects. So a template is
//! itself a file of its language, and its tools can check it.

use super::Brief;
use crate::curriculum::Project;

/// The marks that stand in code, the longer ones first where one begins another. What they stand for is a single word or line.
const IN_CODE: [&str; 8] =
    ["zz-services", "zz-project", "zz-title", "zz-up", "Zzthings", "Zzthing", "zzthings", "zzthing"];

/// What each mark stands for.
#[derive(Debug)]
pub(super) struct Marks(Vec<(&'static str, String)>);

impl Marks {
    pub(super) fn of(subject: &Project, brief: &Brief, up: &str) -> Marks {
        let list = |lines: &[String]| lines.iter().map(|line| format!("- {line}")).collect::<Vec<_>>().join("\n");
        let joined = |words: Vec<&str>| words.join(", ");
        let weeks = match subject.weeks {
            (least, most) if least == most => format!("{most} weeks"),
            (least, most) => format!("{least} to {most} weeks"),
        };
        let rows = brief.endpoints.iter().map(|(endpoint, what)| format!("| `{endpoint}` | {what} |"));
        let table = ["| endpoint | what it does |".to_owned(), "| --- | --- |".to_owned()].into_iter().chain(rows);
        let marks = vec![
            ("zz-titles-of-services", joined(brief.services.iter().map(|s| s.title()).collect())),
            ("zz-services", joined(brief.services.iter().map(|s| s.name()).collect())),
            ("zz-project", slug(&subject.id)),
            ("zz-title", plain(&subject.title)),
            ("zz-up", up.to_owned()),
            ("zz-build", brief.build.clone()),
            ("zz-learned", subject.learned.join(", ")),
            ("zz-weeks", weeks),
            ("zz-endpoints", table.collect::<Vec<_>>().join("\n")),
            ("zz-architecture", list(&brief.architecture)),
            ("zz-data", list(&brief.data)),
            ("Zzthings", capitalised(&brief.things)),
            ("Zzthing", capitalised(&brief.thing)),
            ("zzthings", brief.things.clone()),
            ("zzthing", brief.thing.clone()),
        ];
        Marks(marks)
    }

    /// `text` with every mark replaced. What is put in is not looked at again.
    pub(super) fn fill(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find(['z', 'Z']) {
            out.push_str(&rest[..at]);
            rest = &rest[at..];
            if let Some((mark, value)) = self.0.iter().find(|(mark, _)| rest.starts_with(mark)) {
                out.push_str(value);
                rest = &rest[mark.len()..];
            } else {
                out.push_str(&rest[..1]);
                rest = &rest[1..];
            }
        }
        out + rest
    }
}

/// Whether some project makes `text` of `template`: every mark stands for the same word wherever it is.
pub(super) fn made(template: &str, text: &str) -> bool {
    let mut values: Vec<(&str, &str)> = Vec::new();
    let (mut template, mut text) = (template, text);
    loop {
        let Some((at, mark)) = first_mark(template) else { return template == text };
        let Some(after) = text.strip_prefix(&template[..at]) else { return false };
        template = &template[at + mark.len()..];
        let known = values.iter().find(|(known, _)| *known == mark).map(|(_, value)| *value);
        let Some(value) = known.or_else(|| guess(template, after)) else { return false };
        if known.is_none() {
            values.push((mark, value));
        }
        let Some(after) = after.strip_prefix(value) else { return false };
        text = after;
    }
}

/// Whether a mark may begin with a byte.
pub(super) fn may_begin_with(byte: u8) -> bool {
    matches!(byte, b'z' | b'Z')
}

/// What every text that `template` makes begins with: all before a mark could stand.
pub(super) fn beginning(template: &str) -> &str {
    &template[..template.bytes().position(may_begin_with).unwrap_or(template.len())]
}

/// What stands in `text` up to where the template goes on; a mark never stands for more than a line.
fn guess<'a>(template: &str, text: &'a str) -> Option<&'a str> {
    let next = first_mark(template).map_or(template, |(at, _)| &template[..at]);
    let end = if next.is_empty() { text.len() } else { text.find(next)? };
    let value = &text[..end];
    (!value.is_empty() && value.len() <= 100 && !value.contains(['\n', '"', '\''])).then_some(value)
}

fn first_mark(template: &str) -> Option<(usize, &'static str)> {
    template
        .match_indices(['z', 'Z'])
        .find_map(|(at, _)| IN_CODE.into_iter().find(|mark| template[at..].starts_with(mark)).map(|mark| (at, mark)))
}

/// A name that npm, Go, Docker and compose all take: lower case letters, digits and dashes.
fn slug(id: &str) -> String {
    let letters = id.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' });
    let slug: String = letters.collect();
    let slug = slug.trim_matches('-');
    if slug.is_empty() { "project".into() } else { slug.to_owned() }
}

/// A title that needs no escaping in any of the languages.
fn plain(title: &str) -> String {
    title.chars().filter(|c| c.is_alphanumeric() || " -_.,:&()+/".contains(*c)).collect()
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
