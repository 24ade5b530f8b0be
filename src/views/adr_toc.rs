//! A table of contents of decision records, in Markdown.

use crate::documents::adr::DecisionLog;
use bstr::ByteSlice;

/// The list with what goes before and behind it; without `with_status` it is adr-tools' own.
pub fn toc(log: &DecisionLog, intro: Option<&str>, outro: Option<&str>, prefix: &str, with_status: bool) -> String {
    let mut text = String::from("# Architecture Decision Records\n\n");
    if let Some(intro) = intro {
        text.push_str(intro);
        text.push('\n');
    }
    for file in &log.files {
        let name = file.name.to_str_lossy();
        let (heading, status) = match &file.record {
            Ok(record) => {
                (record.heading.clone(), record.status.as_ref().map_or_else(|| "?".into(), ToString::to_string))
            }
            Err(_) => (name.to_string(), "?".into()),
        };
        let heading = heading.replace('[', "\\[").replace(']', "\\]");
        let link = if name.contains([' ', '(', ')']) { format!("<{prefix}{name}>") } else { format!("{prefix}{name}") };
        let status = if with_status { format!(" ({status})") } else { String::new() };
        text.push_str(&format!("* [{heading}]({link}){status}\n"));
    }
    if let Some(outro) = outro {
        text.push('\n');
        text.push_str(outro);
    }
    text
}
