//! NestJS: `@Controller('users')` over a class, `@Get(':id')` over its methods.

use super::Source;
use super::graph::Route;
use super::token::{Kind, Token, arguments, close};

const METHODS: [&str; 8] = ["Get", "Post", "Put", "Delete", "Patch", "Options", "Head", "All"];

/// The routes of every controller.
pub(super) fn routes(files: &[Source<'_>]) -> Vec<Route> {
    let global = files.iter().find_map(|f| call_text(&f.tokens, "setGlobalPrefix")).unwrap_or_default();
    let versioned = files.iter().any(|f| {
        f.tokens.windows(2).any(|w| w[0].is("enableVersioning") && w[1].is("(")) && f.tokens.iter().any(|t| t.is("URI"))
    });
    let mut found = Vec::new();
    for (file, source) in files.iter().enumerate() {
        let tokens = &source.tokens;
        for at in decorators(tokens, &["Controller"]) {
            let Some((prefixes, version)) = controller(tokens, at + 2) else { continue };
            let Some(body) = class_body(tokens, close(tokens, at + 2)) else { continue };
            let version = version.filter(|_| versioned).map(|v| format!("v{v}")).unwrap_or_default();
            for inner in decorators(&tokens[..close(tokens, body)], &METHODS).into_iter().filter(|i| *i > body) {
                let Some(paths) = paths(tokens, inner + 2) else { continue };
                let word = &tokens[inner + 1];
                let method = if word.is("All") { "ANY".to_owned() } else { word.text.to_ascii_uppercase() };
                for (prefix, path) in prefixes.iter().flat_map(|p| paths.iter().map(move |q| (p, q))) {
                    let path = format!("{global}/{version}/{prefix}/{path}");
                    found.push(Route { method: method.clone(), path, file, line: word.line });
                }
            }
        }
    }
    found
}

/// Where `@Name(` stands, for one of `names`: the index of `@`.
fn decorators(tokens: &[Token<'_>], names: &[&str]) -> Vec<usize> {
    let called = |w: &[Token<'_>]| {
        w[0].is("@") && w[1].kind == Kind::Word && names.contains(&w[1].text.as_ref()) && w[2].is("(")
    };
    tokens.windows(3).enumerate().filter(|(_, w)| called(w)).map(|(at, _)| at).collect()
}

fn call_text(tokens: &[Token<'_>], name: &str) -> Option<String> {
    let at = tokens.windows(3).position(|w| w[0].is(name) && w[1].is("(") && w[2].kind == Kind::Text)?;
    Some(tokens[at + 2].text.to_string())
}

/// The paths and the version that a controller's arguments give; none where they can't be known.
fn controller(tokens: &[Token<'_>], open: usize) -> Option<(Vec<String>, Option<String>)> {
    if !tokens.get(open + 1)?.is("{") {
        return Some((paths(tokens, open)?, None));
    }
    let (mut found, mut version) = (vec![String::new()], None);
    for field in arguments(tokens, open + 1) {
        let key = &tokens[field.start];
        let value = field.start + 2;
        if key.is("path") {
            found = listed(tokens, value, field.end)?;
        } else if key.is("version") && tokens.get(value).is_some_and(|t| t.kind == Kind::Text) {
            version = Some(tokens[value].text.to_string());
        }
    }
    Some((found, version))
}

/// The paths between parentheses: none for the root, one, or a list.
fn paths(tokens: &[Token<'_>], open: usize) -> Option<Vec<String>> {
    match arguments(tokens, open).first() {
        None => Some(vec![String::new()]),
        Some(first) => listed(tokens, first.start, first.end),
    }
}

fn listed(tokens: &[Token<'_>], start: usize, end: usize) -> Option<Vec<String>> {
    let text = |range: std::ops::Range<usize>| {
        let one = range.len() == 1 && tokens[range.start].kind == Kind::Text;
        one.then(|| tokens[range.start].text.to_string())
    };
    if tokens.get(start)?.is("[") {
        return arguments(tokens, start).into_iter().map(text).collect();
    }
    text(start..end).map(|path| vec![path])
}

/// Where the class behind a decorator opens its braces.
fn class_body(tokens: &[Token<'_>], from: usize) -> Option<usize> {
    let class = tokens.iter().skip(from).position(|t| t.is("class"))? + from;
    Some(tokens.iter().skip(class).position(|t| t.is("{"))? + class)
}
