//! The HTTP endpoints that sources declare, for NestJS, Express and Fastify, Gin, Echo, Fiber, Chi, Gorilla and net/http, FastAPI,
//! Flask and Django. Sources are read, never run: what is put together at run time is not listed.

mod go;
mod go_declared;
mod graph;
mod nest;
mod python;
mod script;
mod token;

use bstr::{BStr, BString, ByteSlice};
use std::collections::BTreeSet;

/// A source longer than this was not written by hand.
const LONGEST: usize = 128 * 1024;

/// One endpoint.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Endpoint {
    /// Its path, with parameters as `{name}`: `/users/{id}`.
    pub path: String,
    /// `GET`, `POST`, …; `ANY` where every method is answered.
    pub method: String,
    /// The file that declares it.
    pub file: BString,
    /// The line there, from 1.
    pub line: usize,
}

impl Endpoint {
    /// What makes it the same endpoint in another language: method and path, whatever parameters are called.
    pub fn key(&self) -> (String, String) {
        let mut path = String::new();
        let mut inside = false;
        for c in self.path.chars() {
            if c == '{' {
                inside = true;
                path.push_str("{}");
            } else if c == '}' {
                inside = false;
            } else if !inside {
                path.push(c);
            }
        }
        (path, self.method.clone())
    }
}

/// A source file.
pub(super) struct Source<'s> {
    path: &'s BStr,
    tokens: Vec<token::Token<'s>>,
}

/// The endpoints that these files of one track declare, by path and method, each once. Tests and other people's code are for the
/// caller to leave out.
pub fn endpoints<'s>(files: impl IntoIterator<Item = (&'s BStr, &'s [u8])>) -> Vec<Endpoint> {
    let short = files.into_iter().filter(|(_, bytes)| bytes.len() <= LONGEST);
    let texts: Vec<_> = short.map(|(path, bytes)| (path, bytes.to_str_lossy())).collect();
    let (mut scripts, mut gos, mut pythons) = (Vec::new(), Vec::new(), Vec::new());
    for (path, text) in &texts {
        let name = path.to_str_lossy();
        let extension = name.rsplit('.').next().unwrap_or_default();
        let (syntax, list) = match extension {
            "ts" | "js" | "mts" | "mjs" | "cts" | "cjs" => (token::Syntax::Script, &mut scripts),
            "go" => (token::Syntax::Go, &mut gos),
            "py" => (token::Syntax::Python, &mut pythons),
            _ => continue,
        };
        list.push(Source { path, tokens: token::tokens(text, syntax) });
    }
    let found = [
        named(&scripts, nest::routes(&scripts)),
        named(&scripts, script::routes(&scripts)),
        named(&gos, go::routes(&gos)),
        named(&pythons, python::routes(&pythons)),
    ];
    let mut seen = BTreeSet::new();
    let mut all: Vec<Endpoint> = found.into_iter().flatten().collect();
    all.sort();
    all.retain(|e| seen.insert(e.key()));
    all
}

fn named(files: &[Source<'_>], routes: Vec<graph::Route>) -> Vec<Endpoint> {
    let file = |at: usize| files.get(at).map_or_else(BString::default, |f| f.path.to_owned());
    let endpoint = |r: graph::Route| Endpoint {
        path: normal(&r.path),
        method: r.method.to_ascii_uppercase(),
        file: file(r.file),
        line: r.line,
    };
    routes.into_iter().map(endpoint).collect()
}

/// `users//:id/` as `/users/{id}`: one slash between the parts, none at the end, parameters in one spelling.
fn normal(path: &str) -> String {
    let mut out = String::new();
    for part in parts(path) {
        out.push('/');
        out.push_str(&parameter(&part));
    }
    if out.is_empty() { "/".into() } else { out }
}

/// The parts between slashes; those inside of `{…}` and `(…)` do not count.
fn parts(path: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut depth = 0_usize;
    for c in path.chars() {
        match c {
            '{' | '(' | '<' => depth += 1,
            '}' | ')' | '>' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if c == '/' && depth == 0 {
            found.push(String::new());
        } else if let Some(last) = found.last_mut() {
            last.push(c);
        }
    }
    found.retain(|p| !p.is_empty() && p != "{$}");
    found
}

/// `:id`, `:id(\\d+)`, `<int:id>`, `{id:[0-9]+}`, `*path` as `{id}`.
fn parameter(part: &str) -> String {
    let name = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    if let Some(rest) = part.strip_prefix(':') {
        return format!("{{{}}}", name(rest));
    }
    if let Some(inner) = part.strip_prefix('<').and_then(|p| p.strip_suffix('>')) {
        return format!("{{{}}}", inner.rsplit(':').next().unwrap_or(inner));
    }
    if let Some(inner) = part.strip_prefix('{').and_then(|p| p.strip_suffix('}')) {
        return format!("{{{}}}", name(inner));
    }
    if part.starts_with('*') {
        return "{rest}".into();
    }
    part.to_owned()
}

#[cfg(test)]
mod tests;
