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
use go_declared::{Function, functions};
use std::collections::BTreeSet;
use token::Syntax;

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

/// What the files of one track declare.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Declared {
    /// The endpoints, by path and method, each once.
    pub endpoints: Vec<Endpoint>,
    /// The names of Go functions that give a router.
    pub makers: BTreeSet<String>,
}

/// The endpoints that these files of one track declare, as [`declared`].
pub fn endpoints<'s>(files: impl IntoIterator<Item = (&'s BStr, &'s [u8])>) -> Vec<Endpoint> {
    declared(files).endpoints
}

/// What these files of one track declare. Tests and other people's code are for the caller to leave out.
pub fn declared<'s>(files: impl IntoIterator<Item = (&'s BStr, &'s [u8])>) -> Declared {
    let short = files.into_iter().filter(|(_, bytes)| bytes.len() <= LONGEST);
    let texts: Vec<_> = short.map(|(path, bytes)| (path, bytes.to_str_lossy())).collect();
    let (mut scripts, mut gos, mut pythons) = (Vec::new(), Vec::new(), Vec::new());
    for (path, text) in &texts {
        let list = match syntax(path) {
            Some(Syntax::Script) => &mut scripts,
            Some(Syntax::Go) => &mut gos,
            Some(Syntax::Python) => &mut pythons,
            None => continue,
        };
        list.push(Source::of(path, text));
    }
    let functions: Vec<Function> = gos.iter().enumerate().flat_map(|(at, source)| functions(at, source)).collect();
    let found = [
        named(&scripts, nest::routes(&scripts)),
        named(&scripts, script::routes(&scripts)),
        named(&gos, go::routes(&gos, &functions)),
        named(&pythons, python::routes(&pythons)),
    ];
    let mut seen = BTreeSet::new();
    let mut all: Vec<Endpoint> = found.into_iter().flatten().collect();
    all.sort();
    all.retain(|e| seen.insert(e.key()));
    let makers = functions.into_iter().filter(|f| f.makes).map(|f| f.name).collect();
    Declared { endpoints: all, makers }
}

/// The syntax of a file; none where it is not read.
fn syntax(path: &BStr) -> Option<Syntax> {
    match path.rsplit(|b| *b == b'.').next()? {
        b"ts" | b"js" | b"mts" | b"mjs" | b"cts" | b"cjs" => Some(Syntax::Script),
        b"go" => Some(Syntax::Go),
        b"py" => Some(Syntax::Python),
        _ => None,
    }
}

/// Whether a track declares the same endpoints when `old` becomes `new` in the file at `path`; `makers` are those of its [`Declared`].
/// Where that is not plain to see, it is not so.
pub fn are_the_same(path: &BStr, old: &[u8], new: &[u8], makers: &BTreeSet<String>) -> bool {
    let Some(syntax) = syntax(path) else { return true };
    if old.len().max(new.len()) > LONGEST {
        return false;
    }
    let words: &[&str] = match syntax {
        Syntax::Script => &script::WORDS,
        Syntax::Go => &go_declared::WORDS,
        Syntax::Python => &python::WORDS,
    };
    // A file without any of these neither has a router nor gives one away.
    let (old, new) = (old.to_str_lossy(), new.to_str_lossy());
    if words.iter().any(|word| old.contains(word) || new.contains(word)) {
        return false;
    }
    if syntax != Syntax::Go {
        return true;
    }
    // In Go it may get one from a function of another file, and a function's name may be one that another file calls.
    let [old, new] = [&old, &new].map(|text| Source::of(path, text));
    let names = |source: &Source<'_>| functions(0, source).into_iter().map(|f| (f.name, f.owner)).collect::<Vec<_>>();
    let asks = |source: &Source<'_>| source.tokens.iter().any(|t| makers.contains(&*t.text));
    !asks(&old) && !asks(&new) && names(&old) == names(&new)
}

impl<'s> Source<'s> {
    fn of(path: &'s BStr, text: &'s str) -> Source<'s> {
        let tokens = syntax(path).map(|syntax| token::tokens(text, syntax)).unwrap_or_default();
        Source { path, tokens }
    }
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
