//! Gin, Echo, Fiber, Chi, Gorilla and net/http.

use super::Source;
use super::go_declared::{Function, fields};
use super::graph::{Graph, Route};
use super::token::{Kind, Token, arguments, close};
use std::collections::HashMap;
use std::ops::Range;

const METHODS: [&str; 9] = ["Get", "Post", "Put", "Delete", "Patch", "Options", "Head", "Any", "All"];

/// What makes a router: package and function.
const MAKERS: [(&str, &str); 8] = [
    ("gin", "Default"),
    ("gin", "New"),
    ("echo", "New"),
    ("fiber", "New"),
    ("chi", "NewRouter"),
    ("chi", "NewMux"),
    ("mux", "NewRouter"),
    ("http", "NewServeMux"),
];

/// The routes of every router; `functions` are those that the files declare.
pub(super) fn routes(files: &[Source<'_>], functions: &[Function]) -> Vec<Route> {
    let mut graph = Graph::default();
    for (at, source) in files.iter().enumerate() {
        let fields = fields(&source.tokens).into_iter().map(|name| (name.clone(), format!("{at}:field:{name}")));
        let scope = Scope { end: usize::MAX, names: fields.collect() };
        let mut file = File {
            at,
            tokens: &source.tokens,
            functions,
            scopes: vec![scope],
            calls: HashMap::new(),
            pending: Vec::new(),
            graph: &mut graph,
        };
        file.read();
    }
    graph.resolve()
}

struct Scope {
    /// The token at which it ends.
    end: usize,
    /// What names mean in it.
    names: HashMap<String, String>,
}

struct File<'f> {
    at: usize,
    tokens: &'f [Token<'f>],
    functions: &'f [Function],
    scopes: Vec<Scope>,
    /// The routers that calls give, by where they close.
    calls: HashMap<usize, String>,
    /// Names that are given the value of the expression that ends at a token.
    pending: Vec<(usize, String)>,
    graph: &'f mut Graph,
}

impl File<'_> {
    fn is(&self, at: usize, text: &str) -> bool {
        self.tokens.get(at).is_some_and(|t| t.is(text))
    }

    fn lookup(&self, name: &str) -> Option<String> {
        if name == "http" {
            return Some("http".into());
        }
        self.scopes.iter().rev().find_map(|s| s.names.get(name)).cloned()
    }

    fn name(&mut self, name: &str, router: String) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.names.insert(name.to_owned(), router);
        }
    }

    fn fresh(&self, at: usize) -> String {
        format!("{}:{at}", self.at)
    }

    fn read(&mut self) {
        let mut blocks: HashMap<usize, HashMap<String, String>> = HashMap::new();
        for (n, function) in self.functions.iter().enumerate().filter(|(_, f)| f.file == self.at) {
            let names = function.routers.iter().map(|(at, name)| (name.clone(), format!("param:{n}:{at}")));
            blocks.insert(function.body, names.collect());
        }
        for at in 0..self.tokens.len() {
            while self.scopes.len() > 1 && self.scopes.last().is_some_and(|s| s.end <= at) {
                self.scopes.pop();
            }
            let token = &self.tokens[at];
            if token.is("{") {
                let names = blocks.remove(&at).unwrap_or_default();
                self.scopes.push(Scope { end: close(self.tokens, at), names });
            } else if token.is("=") {
                self.assigned(at);
            } else if token.is("(") && at > 0 && self.tokens[at - 1].kind == Kind::Word {
                self.call(at, &mut blocks);
            } else if token.is("return") {
                self.returned(at);
            }
            let done: Vec<(usize, String)> = self.pending.iter().filter(|(end, _)| *end == at).cloned().collect();
            for (end, name) in done {
                if let Some(router) = self.value_at(end) {
                    self.name(&name, router);
                }
            }
        }
    }

    /// The router that the expression which ends at this token gives.
    fn value_at(&self, end: usize) -> Option<String> {
        let token = self.tokens.get(end)?;
        if token.is(")") { self.calls.get(&end).cloned() } else { self.lookup(&token.text) }
    }

    /// Where the chain of names and calls that begins at `from` ends.
    fn chain_end(&self, from: usize) -> usize {
        let mut at = from;
        while self.is(at, "&") || self.is(at, "*") {
            at += 1;
        }
        loop {
            if self.is(at + 1, "(") {
                at = close(self.tokens, at + 1);
            }
            if self.is(at + 1, ".") && self.tokens.get(at + 2).is_some_and(|t| t.kind == Kind::Word) {
                at += 2;
            } else {
                return at;
            }
        }
    }

    /// `name := …`, `name = …`, `s.name = …`: the name means what the chain behind it gives.
    fn assigned(&mut self, at: usize) {
        let before = if at > 0 && self.is(at - 1, ":") { at.checked_sub(2) } else { at.checked_sub(1) };
        let Some(name) = before.and_then(|b| self.tokens.get(b)).filter(|t| t.kind == Kind::Word) else { return };
        let end = self.chain_end(at + 1);
        self.pending.push((end, name.text.to_string()));
    }

    fn returned(&mut self, at: usize) {
        let mut inside = self.functions.iter().enumerate().filter(|(_, f)| f.file == self.at && f.makes && f.body < at);
        let Some((n, _)) = inside.rfind(|(_, f)| close(self.tokens, f.body) > at) else { return };
        let Some(word) = self.tokens.get(at + 1).filter(|t| t.kind == Kind::Word && !self.is(at + 2, "(")) else {
            return;
        };
        if let Some(router) = self.lookup(&word.text) {
            self.graph.mount(&router, &format!("ret:{n}"), "");
        }
    }

    fn call(&mut self, open: usize, blocks: &mut HashMap<usize, HashMap<String, String>>) {
        let (tokens, end) = (self.tokens, close(self.tokens, open));
        let name = &tokens[open - 1];
        let dotted = open >= 3 && tokens[open - 2].is(".");
        let receiver = if dotted { Some(&tokens[open - 3]) } else { None };
        if let Some(package) = receiver
            && MAKERS.iter().any(|(p, f)| package.is(p) && name.is(f))
        {
            self.calls.insert(end, self.fresh(end));
            return;
        }
        let router =
            receiver.and_then(|r| if r.is(")") { self.calls.get(&(open - 3)).cloned() } else { self.lookup(&r.text) });
        let given = arguments(tokens, open);
        if let Some(router) = router
            && self.on_router(&router, name, open, &given, blocks)
        {
            return;
        }
        self.on_function(name, receiver, end, &given);
    }

    fn text(&self, range: Option<&Range<usize>>) -> Option<&str> {
        let range = range.filter(|r| r.len() == 1)?;
        let token = &self.tokens[range.start];
        (token.kind == Kind::Text).then_some(token.text.as_ref())
    }

    fn route(&mut self, router: &str, method: &str, path: &str, line: usize) {
        let method = if matches!(method, "Any" | "All" | "ANY") { "ANY".into() } else { method.to_ascii_uppercase() };
        self.graph.route(router, Route { method, path: path.to_owned(), file: self.at, line });
    }

    /// A method of a router; says whether it was one that matters.
    fn on_router(
        &mut self,
        router: &str,
        name: &Token<'_>,
        open: usize,
        given: &[Range<usize>],
        blocks: &mut HashMap<usize, HashMap<String, String>>,
    ) -> bool {
        let end = close(self.tokens, open);
        let first = self.text(given.first()).map(str::to_owned);
        let rooted = |path: &str| path.is_empty() || path.starts_with('/');
        let method = METHODS
            .iter()
            .find(|m| name.text.eq_ignore_ascii_case(m) && (name.is(m) || name.text == m.to_ascii_uppercase()));
        match (name.text.as_ref(), first) {
            (_, Some(path)) if method.is_some() && given.len() > 1 && rooted(&path) && router != "http" => {
                self.route(router, &name.text, &path, name.line);
            }
            ("Handle" | "HandleFunc" | "Method" | "MethodFunc" | "Add", Some(first)) => {
                self.handled(router, name, end, &first, given);
            }
            ("Group" | "PathPrefix" | "Route", Some(prefix)) => {
                let below = self.fresh(end);
                self.graph.mount(&below, router, &prefix);
                self.inner(given, &below, blocks);
                self.calls.insert(end, below);
            }
            ("Group", None) => {
                self.inner(given, router, blocks);
                self.calls.insert(end, router.to_owned());
            }
            ("Mount", Some(prefix)) => {
                if let Some(child) = given.get(1).and_then(|r| self.value(r)) {
                    self.graph.mount(&child, router, &prefix);
                }
            }
            ("Subrouter" | "With" | "StrictSlash" | "Use", _) => {
                self.calls.insert(end, router.to_owned());
            }
            _ => return false,
        }
        true
    }

    /// A function literal among the arguments works on `router`.
    fn inner(&self, given: &[Range<usize>], router: &str, blocks: &mut HashMap<usize, HashMap<String, String>>) {
        let Some(range) = given.iter().find(|r| self.is(r.start, "func") && self.is(r.start + 1, "(")) else { return };
        let Some(parameter) = arguments(self.tokens, range.start + 1).into_iter().next() else { return };
        let end = close(self.tokens, range.start + 1);
        let Some(body) = (end..range.end).find(|n| self.is(*n, "{")) else { return };
        let name = self.tokens[parameter.start].text.to_string();
        blocks.insert(body, HashMap::from([(name, router.to_owned())]));
    }

    /// `HandleFunc("GET /x", …)`, `HandleFunc("/x", …).Methods("GET")`, `Method("GET", "/x", …)`.
    fn handled(&mut self, router: &str, name: &Token<'_>, end: usize, first: &str, given: &[Range<usize>]) {
        let verb = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_uppercase());
        if let Some(path) = self.text(given.get(1)).map(str::to_owned).filter(|p| verb(first) && p.starts_with('/')) {
            self.route(router, first, &path, name.line);
            return;
        }
        if let Some((method, rest)) = first.split_once(' ').filter(|(method, _)| verb(method)) {
            let path = rest.trim_start();
            let path = path.find('/').map_or("/", |at| &path[at..]).to_owned();
            self.route(router, method, &path, name.line);
            return;
        }
        if !first.starts_with('/') || given.len() < 2 {
            return;
        }
        if self.is(end + 1, ".") && self.is(end + 2, "Methods") && self.is(end + 3, "(") {
            let words = self.tokens[end + 3..close(self.tokens, end + 3)].to_vec();
            for token in words.iter().filter(|t| t.kind == Kind::Text || t.text.starts_with("Method")) {
                let method = token.text.strip_prefix("Method").unwrap_or(&token.text).to_ascii_uppercase();
                self.route(router, &method, first, name.line);
            }
            return;
        }
        // In net/http's own patterns a slash at the end stands for all that lies below; Gorilla and Chi mean just that slash.
        let below = first.len() > 1 && first.ends_with('/') && !self.imports(&["gorilla/mux", "go-chi/chi"]);
        let path = if below { format!("{first}{{rest}}") } else { first.to_owned() };
        self.route(router, "ANY", &path, name.line);
    }

    fn imports(&self, packages: &[&str]) -> bool {
        self.tokens.iter().any(|t| t.kind == Kind::Text && packages.iter().any(|p| t.text.contains(p)))
    }

    /// The router that an argument is.
    fn value(&self, range: &Range<usize>) -> Option<String> {
        let end = self.chain_end(range.start);
        if end + 1 != range.end {
            return None;
        }
        if !self.is(end, ")") {
            return self.lookup(&self.tokens[end].text);
        }
        self.calls.get(&end).cloned().or_else(|| {
            // The call stands behind where we are: `Mount("/x", usersRouter())`.
            let open = (range.start..end).find(|n| close(self.tokens, *n) == end && self.is(*n, "("))?;
            let receiver = (open >= 3 && self.is(open - 2, ".")).then(|| &self.tokens[open - 3]);
            let n = self.function(&self.tokens[open - 1], receiver).filter(|n| self.functions[*n].makes)?;
            Some(format!("ret:{n}"))
        })
    }

    /// The function that a call means: the only one of its name, or the one whose owner is like the receiver.
    fn function(&self, name: &Token<'_>, receiver: Option<&Token<'_>>) -> Option<usize> {
        let named: Vec<usize> = (0..self.functions.len()).filter(|n| self.functions[*n].name == name.text).collect();
        if let [one] = named.as_slice() {
            return Some(*one);
        }
        let like = receiver.map(|r| r.text.to_lowercase())?;
        let mut fitting = named.into_iter().filter(|n| {
            let owner = self.functions[*n].owner.to_lowercase();
            owner == like || owner.starts_with(&like) || like.starts_with(&owner)
        });
        let one = fitting.next()?;
        fitting.next().is_none().then_some(one)
    }

    fn on_function(&mut self, name: &Token<'_>, receiver: Option<&Token<'_>>, end: usize, given: &[Range<usize>]) {
        if end == 0 || !self.functions.iter().any(|f| f.name == name.text) {
            return;
        }
        let Some(n) = self.function(name, receiver) else {
            let unclear: Vec<String> = self
                .functions
                .iter()
                .enumerate()
                .filter(|(_, f)| f.name == name.text)
                .flat_map(|(n, f)| f.routers.keys().map(move |at| format!("param:{n}:{at}")))
                .collect();
            if given.iter().any(|r| self.value(r).is_some()) {
                for router in &unclear {
                    self.graph.lose(router);
                }
            }
            return;
        };
        for at in self.functions[n].routers.keys() {
            if let Some(router) = given.get(*at).and_then(|r| self.value(r).or_else(|| self.group(r))) {
                self.graph.mount(&format!("param:{n}:{at}"), &router, "");
            }
        }
        if self.functions[n].makes {
            self.calls.insert(end, format!("ret:{n}"));
        }
    }

    /// `api.Group("/users")` as an argument: a router of its own.
    fn group(&mut self, range: &Range<usize>) -> Option<String> {
        let end = self.chain_end(range.start);
        let open = (range.start..end).find(|n| self.is(*n, "(") && close(self.tokens, *n) == end)?;
        let named = open >= range.start + 3 && (self.is(open - 1, "Group") || self.is(open - 1, "PathPrefix"));
        let parent = named.then(|| self.lookup(&self.tokens[open - 3].text)).flatten()?;
        let prefix = self.text(arguments(self.tokens, open).first())?.to_owned();
        let below = self.fresh(end);
        self.graph.mount(&below, &parent, &prefix);
        Some(below)
    }
}
