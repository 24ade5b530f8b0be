//! JSON Schema, as much of it as `templates/status.schema.json` uses. A keyword that is not known here fails the test: nothing in
//! the schema goes unchecked.

use serde_json::Value;

/// Everything in which `value` is not what `schema` promises, each with its place.
pub fn violations(schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(schema, schema, value, "$", &mut found);
    found
}

fn check(root: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    for (keyword, rule) in schema.as_object().unwrap_or_else(|| panic!("{at}: {schema} is no schema")) {
        let fits = match keyword.as_str() {
            "$schema" | "$id" | "$defs" | "title" | "description" => true,
            "$ref" => {
                let pointer = rule.as_str().and_then(|r| r.strip_prefix('#')).unwrap();
                let target = root.pointer(pointer).unwrap_or_else(|| panic!("{at}: {rule} leads nowhere"));
                check(root, target, value, at, found);
                true
            }
            "type" => match rule {
                Value::Array(names) => names.iter().any(|name| is(value, name.as_str().unwrap())),
                name => is(value, name.as_str().unwrap()),
            },
            "const" => value == rule,
            "enum" => rule.as_array().unwrap().contains(value),
            "minimum" => value.as_f64().is_none_or(|n| n >= rule.as_f64().unwrap()),
            "maximum" => value.as_f64().is_none_or(|n| n <= rule.as_f64().unwrap()),
            "pattern" => value.as_str().is_none_or(|s| regex::Regex::new(rule.as_str().unwrap()).unwrap().is_match(s)),
            "minItems" => value.as_array().is_none_or(|a| a.len() as u64 >= rule.as_u64().unwrap()),
            "maxItems" => value.as_array().is_none_or(|a| a.len() as u64 <= rule.as_u64().unwrap()),
            "items" => {
                for (n, item) in value.as_array().into_iter().flatten().enumerate() {
                    check(root, rule, item, &format!("{at}[{n}]"), found);
                }
                true
            }
            "properties" => {
                for (name, rule) in rule.as_object().unwrap() {
                    if let Some(item) = value.get(name) {
                        check(root, rule, item, &format!("{at}.{name}"), found);
                    }
                }
                true
            }
            "required" => {
                let missing = |name: &&Value| value.is_object() && value.get(name.as_str().unwrap()).is_none();
                rule.as_array().unwrap().iter().find(missing).is_none_or(|name| {
                    found.push(format!("{at}: {name} is missing"));
                    true
                })
            }
            "additionalProperties" if rule == false => {
                let known = schema["properties"].as_object().unwrap();
                let extra = value.as_object().into_iter().flat_map(|o| o.keys()).find(|key| !known.contains_key(*key));
                if let Some(key) = extra {
                    found.push(format!("{at}: nobody knows {key:?}"));
                }
                true
            }
            other => panic!("{at}: the schema says {other:?}, which these tests do not check"),
        };
        if !fits {
            found.push(format!("{at}: {value} is not {keyword} {rule}"));
        }
    }
}

fn is(value: &Value, name: &str) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        other => panic!("no type is called {other}"),
    }
}
