//! YAML as plain nested values: enough to read a compose file that anybody wrote. Aliases are left out (they make a small file
//! large), and nesting is bounded.

use saphyr_parser::{Event, Parser};

/// A value; scalars are text, whatever their type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Text(String),
    List(Vec<Value>),
    /// In the order of the file.
    Table(Vec<(String, Value)>),
}

/// Nobody nests a compose file deeper.
const DEEPEST: usize = 32;

impl Value {
    /// The value of a key, where this is a table that has it.
    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        self.entries().iter().find(|(k, _)| k == key).map(|(_, value)| value)
    }

    /// The entries of a table; none of anything else.
    pub(super) fn entries(&self) -> &[(String, Value)] {
        if let Value::Table(entries) = self { entries } else { &[] }
    }

    /// The items of a list; none of anything else.
    pub(super) fn items(&self) -> &[Value] {
        if let Value::List(items) = self { items } else { &[] }
    }

    /// The text of a scalar.
    pub(super) fn text(&self) -> Option<&str> {
        if let Value::Text(text) = self { Some(text) } else { None }
    }
}

/// What is being read: a list, or a table with the key that waits for its value.
enum Open {
    List(Vec<Value>),
    Table(Vec<(String, Value)>, Option<String>),
}

/// The first document of `text`; an empty table where there is none.
///
/// # Errors
/// It is no YAML, or nested too deeply: in words, with line and column.
pub(super) fn read(text: &str) -> Result<Value, String> {
    let mut open: Vec<Open> = Vec::new();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|e| e.to_string())?;
        let value = match event {
            Event::SequenceStart(..) => {
                open.push(Open::List(Vec::new()));
                None
            }
            Event::MappingStart(..) => {
                open.push(Open::Table(Vec::new(), None));
                None
            }
            Event::SequenceEnd | Event::MappingEnd => open.pop().map(|done| match done {
                Open::List(items) => Value::List(items),
                Open::Table(entries, _) => Value::Table(entries),
            }),
            Event::Scalar(text, ..) => Some(Value::Text(text.into_owned())),
            Event::Alias(_) => Some(Value::Text(String::new())),
            Event::DocumentEnd => break,
            _ => None,
        };
        if open.len() > DEEPEST {
            return Err(format!("nested more than {DEEPEST} deep at line {}", span.start.line()));
        }
        let Some(value) = value else { continue };
        match open.last_mut() {
            None => return Ok(value),
            Some(Open::List(items)) => items.push(value),
            Some(Open::Table(entries, key)) => match key.take() {
                Some(key) => entries.push((key, value)),
                // A key that is no scalar names nothing that we look for.
                None => *key = Some(value.text().unwrap_or_default().to_owned()),
            },
        }
    }
    Ok(Value::Table(Vec::new()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_lists_and_scalars_come_out_as_written() {
        let value = read("a:\n  - 1\n  - \"x: y\"\nb: {c: d}\n").unwrap();
        assert_eq!(value.get("a").unwrap().items(), [Value::Text("1".into()), Value::Text("x: y".into())]);
        assert_eq!(value.get("b").unwrap().get("c").unwrap().text(), Some("d"));
    }

    #[test]
    fn a_file_that_is_no_yaml_is_refused_with_its_place() {
        assert!(read("a: [1, 2\nb: }").unwrap_err().contains("line"));
    }

    #[test]
    fn neither_deep_nesting_nor_aliases_cost_anything() {
        assert!(read(&"[".repeat(DEEPEST + 1)).unwrap_err().contains("deep"));
        assert!(read(&"[".repeat(100_000)).is_err());
        let bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n";
        assert_eq!(read(bomb).unwrap().get("c").unwrap().items().len(), 2);
    }
}
