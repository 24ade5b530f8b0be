//! Express, Fastify, Hono and their like: `app.get('/users', …)`, routers that are mounted with `use`.

use super::Source;
use super::graph::{Graph, Route};
use super::token::{Kind, Token, arguments, close};
use bstr::ByteSlice;
use std::collections::BTreeMap;

const METHODS: [&str; 8] = ["get", "post", "put", "delete", "patch", "options", "head", "all"];

/// The types of parameters that are routers.
const TYPES: [&str; 7] = ["Express", "Application", "Router", "IRouter", "FastifyInstance", "Hono", "Koa"];

/// A file that has none of these has no router, and says nothing of NestJS's.
pub(super) const WORDS: [&str; 13] = [
    "express",
    "Express",
    "Router",
    "fastify",
    "Fastify",
    "Hono",
    "polka",
    "restify",
    "Koa",
    "Application",
    "Controller",
    "setGlobalPrefix",
    "enableVersioning",
];

/// The routes of every router.
pub(super) fn routes(files: &[Source<'_>]) -> Vec<Route> {
    let mut graph = Graph::default();
    for (at, source) in files.iter().enumerate() {
        File { files, at, tokens: &source.tokens, routers: routers(&source.tokens), imports: imports(&source.tokens) }
            .read(&mut graph);
    }
    graph.resolve()
}

struct File<'f> {
    files: &'f [Source<'f>],
    at: usize,
    tokens: &'f [Token<'f>],
    /// Names of routers, with the prefix that they were made with.
    routers: BTreeMap<String, String>,
    /// Names of what other files give.
    imports: BTreeMap<String, String>,
}

/// The names that are given to routers here.
fn routers(tokens: &[Token<'_>]) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for at in 0..tokens.len() {
        let word = |ahead: usize| tokens.get(at + ahead).map_or("", |t| t.text.as_ref());
        if tokens[at].kind != Kind::Word {
            continue;
        }
        if word(1) == "=" && word(2) != "=" {
            let skip = usize::from(word(2) == "new");
            let (first, second) = (word(2 + skip), word(3 + skip));
            let made = match first {
                "express" | "Router" | "fastify" | "Fastify" | "Hono" | "polka" | "restify" => {
                    second == "(" || word(4 + skip) == "Router"
                }
                "KoaRouter" => second == "(",
                _ => false,
            };
            if made {
                found.insert(tokens[at].text.to_string(), String::new());
            }
        } else if word(1) == ":" && TYPES.contains(&word(2)) && matches!(word(3), "," | ")" | "=") {
            found.insert(tokens[at].text.to_string(), String::new());
        }
    }
    found
}

/// `import users from './users'`, `import { users } from …`, `const users = require('./users')`.
fn imports(tokens: &[Token<'_>]) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut at = 0;
    while at < tokens.len() {
        if tokens[at].is("import") {
            let end = tokens.iter().skip(at).position(|t| t.is("from")).map(|n| at + n);
            if let Some(end) = end.filter(|e| tokens.get(e + 1).is_some_and(|t| t.kind == Kind::Text) && e - at < 40) {
                let names = tokens[at + 1..end].iter().filter(|t| t.kind == Kind::Word && !t.is("type"));
                found.extend(names.map(|t| (t.text.to_string(), tokens[end + 1].text.to_string())));
                at = end;
            }
        } else if tokens[at].is("require") && at >= 2 && tokens[at - 1].is("=") {
            let text = tokens.get(at + 2).filter(|t| t.kind == Kind::Text);
            if let (Some(text), Kind::Word) = (text, tokens[at - 2].kind) {
                found.insert(tokens[at - 2].text.to_string(), text.text.to_string());
            }
        }
        at += 1;
    }
    found
}

impl File<'_> {
    fn key(&self, name: &str) -> String {
        format!("{}:{name}", self.at)
    }

    fn read(&self, graph: &mut Graph) {
        for at in 2..self.tokens.len().saturating_sub(2) {
            if !self.tokens[at].is(".") || !self.tokens[at + 2].is("(") || self.tokens[at + 1].kind != Kind::Word {
                continue;
            }
            let (name, open) = (&self.tokens[at + 1], at + 2);
            let receiver = &self.tokens[at - 1];
            let mine = receiver.kind == Kind::Word && self.routers.contains_key(&*receiver.text);
            if name.is("route") && mine {
                self.chain(graph, &receiver.text, open);
            } else if METHODS.contains(&name.text.as_ref()) && mine {
                self.route(graph, &receiver.text, &name.text, open, name.line);
            } else if (name.is("use") || name.is("register") || name.is("route")) && mine {
                self.mount(graph, &receiver.text, open);
            }
        }
    }

    fn route(&self, graph: &mut Graph, router: &str, method: &str, open: usize, line: usize) {
        let given = arguments(self.tokens, open);
        let Some(first) = given.first().filter(|r| r.len() == 1 && given.len() > 1) else { return };
        let token = &self.tokens[first.start];
        if token.kind == Kind::Text && (token.text.starts_with('/') || token.text == "*" || token.text.is_empty()) {
            let method = if method == "all" { "ANY" } else { method };
            graph.route(
                &self.key(router),
                Route { method: method.into(), path: token.text.to_string(), file: self.at, line },
            );
        }
    }

    /// `router.route('/x').get(…).post(…)`, and Fastify's `route({ method, url })`.
    fn chain(&self, graph: &mut Graph, router: &str, open: usize) {
        let given = arguments(self.tokens, open);
        let Some(first) = given.first() else { return };
        if self.tokens[first.start].is("{") {
            self.described(graph, router, first.start);
            return;
        }
        let path = &self.tokens[first.start];
        if path.kind != Kind::Text {
            return;
        }
        if given.len() > 1 {
            self.mount(graph, router, open);
            return;
        }
        let mut at = close(self.tokens, open) + 1;
        while let [dot, name, bracket, ..] = self.tokens.get(at..).unwrap_or_default() {
            if !dot.is(".") || !bracket.is("(") {
                return;
            }
            if METHODS.contains(&name.text.as_ref()) {
                let method = if name.is("all") { "ANY".into() } else { name.text.to_string() };
                graph.route(
                    &self.key(router),
                    Route { method, path: path.text.to_string(), file: self.at, line: name.line },
                );
            }
            at = close(self.tokens, at + 2) + 1;
        }
    }

    fn described(&self, graph: &mut Graph, router: &str, open: usize) {
        let (mut methods, mut path) = (Vec::new(), None);
        for field in arguments(self.tokens, open) {
            let mut texts =
                self.tokens[field.clone()].iter().filter(|t| t.kind == Kind::Text).map(|t| t.text.to_string());
            if self.tokens[field.start].is("method") {
                methods = texts.collect();
            } else if self.tokens[field.start].is("url") || self.tokens[field.start].is("path") {
                path = texts.next_back();
            }
        }
        let line = self.tokens[open].line;
        for method in methods {
            if let Some(path) = &path {
                graph.route(&self.key(router), Route { method, path: path.clone(), file: self.at, line });
            }
        }
    }

    /// `app.use('/users', usersRouter)`, `fastify.register(routes, { prefix: '/api' })`.
    fn mount(&self, graph: &mut Graph, parent: &str, open: usize) {
        let given = arguments(self.tokens, open);
        let mut prefix = String::new();
        for range in &given {
            let first = &self.tokens[range.start];
            if first.kind == Kind::Text && range.len() == 1 {
                prefix = first.text.to_string();
            }
            if first.is("{") {
                for field in arguments(self.tokens, range.start).iter().filter(|f| self.tokens[f.start].is("prefix")) {
                    prefix = self.tokens[field.clone()]
                        .last()
                        .filter(|t| t.kind == Kind::Text)
                        .map_or_else(String::new, |t| t.text.to_string());
                }
            }
        }
        for range in &given {
            for child in self.children(range) {
                graph.mount(&child, &self.key(parent), &prefix);
            }
        }
    }

    /// The routers that an argument of `use` names.
    fn children(&self, range: &std::ops::Range<usize>) -> Vec<String> {
        let first = &self.tokens[range.start];
        if first.kind != Kind::Word {
            return Vec::new();
        }
        if range.len() == 1 && self.routers.contains_key(&*first.text) {
            return vec![self.key(&first.text)];
        }
        let path = if first.is("require") {
            self.tokens.get(range.start + 2).filter(|t| t.kind == Kind::Text).map(|t| t.text.to_string())
        } else {
            self.imports.get(&*first.text).cloned()
        };
        let Some(file) = path.and_then(|path| self.file(&path)) else { return Vec::new() };
        routers(&self.files[file].tokens).into_keys().map(|name| format!("{file}:{name}")).collect()
    }

    /// The file that a relative import means.
    fn file(&self, import: &str) -> Option<usize> {
        let own = self.files[self.at].path.to_str_lossy();
        let mut parts: Vec<&str> = own.split('/').collect();
        parts.pop();
        if !import.starts_with('.') {
            return None;
        }
        for part in import.split('/') {
            match part {
                "." | "" => {}
                ".." => {
                    parts.pop();
                }
                other => parts.push(other),
            }
        }
        let stem = parts.join("/");
        let bare = stem.trim_end_matches(".js").trim_end_matches(".ts");
        self.files.iter().position(|f| {
            let path = f.path.to_str_lossy();
            let without = path.rsplit_once('.').map_or(&*path, |(front, _)| front);
            without == bare || without == format!("{bare}/index")
        })
    }
}
