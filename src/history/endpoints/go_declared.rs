//! What Go sources declare that routes depend on: functions that take or give routers, and fields that hold one.

use super::Source;
use super::token::{Kind, Token, arguments, close};
use bstr::ByteSlice;
use std::collections::BTreeMap;

/// The types that are routers: package and name.
const TYPES: [(&str, &str); 13] = [
    ("gin", "Engine"),
    ("gin", "RouterGroup"),
    ("gin", "IRouter"),
    ("gin", "IRoutes"),
    ("echo", "Echo"),
    ("echo", "Group"),
    ("fiber", "App"),
    ("fiber", "Router"),
    ("fiber", "Group"),
    ("chi", "Router"),
    ("chi", "Mux"),
    ("http", "ServeMux"),
    ("mux", "Router"),
];

/// A file that has none of these makes no router, and takes none.
pub(super) const WORDS: [&str; 6] = ["gin", "echo", "fiber", "chi", "http", "mux"];

/// A function that takes or makes routers.
pub(super) struct Function {
    /// Its name.
    pub(super) name: String,
    /// The type that it is a method of, or the directory of its file.
    pub(super) owner: String,
    /// The names of its parameters that are routers, by position.
    pub(super) routers: BTreeMap<usize, String>,
    /// Whether it gives a router, or an `http.Handler` that may be one.
    pub(super) makes: bool,
    /// The file that declares it, by index.
    pub(super) file: usize,
    /// Where its body begins.
    pub(super) body: usize,
}

fn is_router_type(tokens: &[Token<'_>]) -> bool {
    tokens.windows(3).any(|w| w[1].is(".") && TYPES.iter().any(|(package, name)| w[0].is(package) && w[2].is(name)))
}

/// The functions that a file declares.
pub(super) fn functions(file: usize, source: &Source<'_>) -> Vec<Function> {
    let tokens = &source.tokens;
    let path = source.path.to_str_lossy();
    let directory = path.rsplit('/').nth(1).unwrap_or_default().to_owned();
    let mut found = Vec::new();
    for at in (0..tokens.len().saturating_sub(2)).filter(|at| tokens[*at].is("func")) {
        let method = tokens[at + 1].is("(");
        let name = if method { close(tokens, at + 1) + 1 } else { at + 1 };
        let Some([word, open]) = tokens.get(name..name + 2) else { continue };
        if word.kind != Kind::Word || !open.is("(") {
            continue;
        }
        let owner = if method {
            tokens[at + 2..name - 1]
                .iter()
                .rfind(|t| t.kind == Kind::Word)
                .map(|t| t.text.to_string())
                .unwrap_or_default()
        } else {
            directory.clone()
        };
        let given = arguments(tokens, name + 1).into_iter().enumerate();
        let routers = given
            .filter(|(_, r)| is_router_type(&tokens[r.clone()]))
            .map(|(n, r)| (n, tokens[r.start].text.to_string()))
            .collect();
        let end = close(tokens, name + 1);
        let body = (end..tokens.len()).find(|n| tokens[*n].is("{")).unwrap_or(tokens.len());
        let result = tokens.get(end + 1..body).unwrap_or_default();
        let handler = result.windows(3).any(|w| w[0].is("http") && w[1].is(".") && w[2].is("Handler"));
        let makes = is_router_type(result) || handler;
        found.push(Function { name: word.text.to_string(), owner, routers, makes, file, body });
    }
    found
}

/// The fields of structures that are routers.
pub(super) fn fields(tokens: &[Token<'_>]) -> Vec<String> {
    let mut found = Vec::new();
    for at in 0..tokens.len().saturating_sub(1) {
        if tokens[at].is("struct") && tokens[at + 1].is("{") {
            let end = close(tokens, at + 1).min(tokens.len());
            for n in at + 2..end.saturating_sub(2) {
                let first = tokens[n - 1].line != tokens[n].line;
                let line_end = (n..end).find(|m| tokens[*m].line != tokens[n].line).unwrap_or(end);
                if first && tokens[n].kind == Kind::Word && is_router_type(&tokens[n..line_end]) {
                    found.push(tokens[n].text.to_string());
                }
            }
        }
    }
    found
}
