//! FastAPI, Flask and Django.

use super::Source;
use super::graph::{Graph, Route};
use super::token::{Kind, Token, arguments, close};
use bstr::ByteSlice;
use std::collections::BTreeMap;
use std::ops::Range;

const METHODS: [&str; 7] = ["get", "post", "put", "delete", "patch", "options", "head"];

/// What makes a router.
const MAKERS: [&str; 6] = ["FastAPI", "APIRouter", "Flask", "Blueprint", "Starlette", "Quart"];

/// A file that has none of these has no router.
pub(super) const WORDS: [&str; 7] = ["FastAPI", "APIRouter", "Flask", "Blueprint", "Starlette", "Quart", "urlpatterns"];

/// The routes of every router.
pub(super) fn routes(files: &[Source<'_>]) -> Vec<Route> {
    let mut graph = Graph::default();
    for (at, source) in files.iter().enumerate() {
        let file = File {
            files,
            at,
            tokens: &source.tokens,
            routers: routers(&source.tokens),
            imports: imports(&source.tokens),
        };
        file.read(&mut graph);
    }
    graph.resolve()
}

struct File<'f> {
    files: &'f [Source<'f>],
    at: usize,
    tokens: &'f [Token<'f>],
    /// Names of routers, with the prefix that they were made with.
    routers: BTreeMap<String, String>,
    /// Names that come from other modules: the module, and the name there where it is not the module itself.
    imports: BTreeMap<String, (String, Option<String>)>,
}

/// `name = APIRouter(prefix="/x")`, also with a type.
fn routers(tokens: &[Token<'_>]) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for at in 2..tokens.len().saturating_sub(1) {
        if !(MAKERS.contains(&tokens[at].text.as_ref()) && tokens[at].kind == Kind::Word && tokens[at + 1].is("(")) {
            continue;
        }
        // Behind `fastapi.` as well.
        let mut start = at;
        while start >= 2 && tokens[start - 1].is(".") {
            start -= 2;
        }
        let Some(equals) = start.checked_sub(1) else { continue };
        if tokens[equals].is("=") && equals >= 1 {
            let typed = equals >= 3 && tokens[equals - 2].is(":");
            let name = &tokens[equals - if typed { 3 } else { 1 }];
            let prefix = keyword(tokens, at + 1, "prefix").or_else(|| keyword(tokens, at + 1, "url_prefix"));
            found.insert(name.text.to_string(), prefix.unwrap_or_default());
        }
    }
    found
}

/// The text given as `name=…` between the parentheses at `open`.
fn keyword(tokens: &[Token<'_>], open: usize, name: &str) -> Option<String> {
    let range = keyword_range(tokens, open, name)?;
    (range.len() == 1 && tokens[range.start].kind == Kind::Text).then(|| tokens[range.start].text.to_string())
}

fn keyword_range(tokens: &[Token<'_>], open: usize, name: &str) -> Option<Range<usize>> {
    let given = arguments(tokens, open).into_iter();
    given
        .filter(|r| r.len() > 2)
        .find(|r| tokens[r.start].is(name) && tokens[r.start + 1].is("="))
        .map(|r| r.start + 2..r.end)
}

/// The names that `import` and `from … import` bring.
fn imports(tokens: &[Token<'_>]) -> BTreeMap<String, (String, Option<String>)> {
    let mut found = BTreeMap::new();
    let mut at = 0;
    while at < tokens.len() {
        let line = tokens[at].line;
        let begins = at == 0 || tokens[at - 1].line != line;
        if begins && tokens[at].is("from") {
            let Some(split) = tokens[at..].iter().position(|t| t.is("import")).map(|n| at + n) else { break };
            let module: String = tokens[at + 1..split].iter().map(|t| t.text.as_ref()).collect();
            let bracket = tokens.get(split + 1).is_some_and(|t| t.is("("));
            let end = if bracket {
                close(tokens, split + 1)
            } else {
                (split + 1..tokens.len()).find(|n| tokens[*n].line != tokens[split].line).unwrap_or(tokens.len())
            };
            let names: Vec<&Token<'_>> = tokens[split + 1..end].iter().filter(|t| t.kind == Kind::Word).collect();
            let mut n = 0;
            while n < names.len() {
                let aliased = names.get(n + 1).is_some_and(|t| t.is("as"));
                let local = if aliased { names.get(n + 2).unwrap_or(&names[n]) } else { &names[n] };
                found.insert(local.text.to_string(), (module.clone(), Some(names[n].text.to_string())));
                n += if aliased { 3 } else { 1 };
            }
            at = end;
            continue;
        }
        if begins && tokens[at].is("import") {
            let end = (at + 1..tokens.len()).find(|n| tokens[*n].line != line).unwrap_or(tokens.len());
            let dotted: String =
                tokens[at + 1..end].iter().take_while(|t| !t.is("as")).map(|t| t.text.as_ref()).collect();
            if let Some(last) = tokens[at + 1..end].iter().rfind(|t| t.kind == Kind::Word) {
                found.insert(last.text.to_string(), (dotted, None));
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

    fn text(&self, range: &Range<usize>) -> Option<&str> {
        let token = &self.tokens[range.start];
        (range.len() == 1 && token.kind == Kind::Text).then_some(token.text.as_ref())
    }

    fn read(&self, graph: &mut Graph) {
        for (name, prefix) in &self.routers {
            // The prefix that a router is made with stands between it and what it hangs under.
            graph.mount(&self.key(name), &format!("{}:above:{name}", self.at), prefix);
        }
        for at in 1..self.tokens.len().saturating_sub(3) {
            let [router, dot, name, open] = &self.tokens[at..at + 4] else { continue };
            if !(dot.is(".") && open.is("(") && self.routers.contains_key(&*router.text)) {
                continue;
            }
            if self.tokens[at - 1].is("@") {
                self.decorated(graph, &router.text, name, at + 3);
            } else if name.is("include_router") || name.is("register_blueprint") || name.is("mount") {
                self.included(graph, &router.text, name, at + 3);
            } else if name.is("add_url_rule") || name.is("add_api_route") {
                self.decorated(graph, &router.text, name, at + 3);
            }
        }
        self.django(graph);
    }

    fn decorated(&self, graph: &mut Graph, router: &str, name: &Token<'_>, open: usize) {
        let Some(first) = arguments(self.tokens, open).into_iter().next() else { return };
        let named = keyword(self.tokens, open, "path").or_else(|| keyword(self.tokens, open, "rule"));
        let Some(path) = self.text(&first).map(str::to_owned).or(named) else { return };
        let methods: Vec<String> = match name.text.as_ref() {
            method if METHODS.contains(&method) => vec![method.into()],
            "route" | "api_route" | "add_url_rule" | "add_api_route" => {
                let listed = keyword_range(self.tokens, open, "methods");
                let texts = listed.map(|r| {
                    self.tokens[r].iter().filter(|t| t.kind == Kind::Text).map(|t| t.text.to_string()).collect()
                });
                texts.unwrap_or_else(|| vec!["GET".to_owned()])
            }
            _ => return,
        };
        for method in methods {
            graph.route(&self.key(router), Route { method, path: path.clone(), file: self.at, line: name.line });
        }
    }

    fn included(&self, graph: &mut Graph, parent: &str, name: &Token<'_>, open: usize) {
        let given = arguments(self.tokens, open);
        let child = if name.is("mount") { given.get(1) } else { given.first() };
        let Some((file, child)) = child.and_then(|range| self.named(range)) else { return };
        let mut prefix = keyword(self.tokens, open, "prefix").or_else(|| keyword(self.tokens, open, "url_prefix"));
        if name.is("mount") {
            prefix = given.first().and_then(|r| self.text(r)).map(str::to_owned);
        }
        // Flask: the prefix given here stands in the place of the blueprint's own.
        let overrides = name.is("register_blueprint") && prefix.is_some();
        let child = if overrides { format!("{file}:{child}") } else { format!("{file}:above:{child}") };
        if overrides {
            graph.replace(&child, &self.key(parent), &prefix.unwrap_or_default());
        } else {
            graph.mount(&child, &self.key(parent), &prefix.unwrap_or_default());
        }
    }

    /// The router that an argument names: the file that makes it, and its name there.
    fn named(&self, range: &Range<usize>) -> Option<(usize, String)> {
        let words: Vec<&str> =
            self.tokens[range.clone()].iter().filter(|t| t.kind == Kind::Word).map(|t| t.text.as_ref()).collect();
        let (first, rest) = words.split_first()?;
        if rest.is_empty() && self.routers.contains_key(*first) {
            return Some((self.at, (*first).to_owned()));
        }
        let (module, name) = self.imports.get(*first)?;
        match (name, rest.last()) {
            // from .routers import users … users.router
            (Some(name), Some(router)) => Some((self.module(&format!("{module}.{name}"))?, (*router).to_owned())),
            // from .users import router as users
            (Some(name), None) => Some((self.module(module)?, name.clone())),
            // import app.users … app.users.router
            (None, Some(router)) => Some((self.module(module)?, (*router).to_owned())),
            (None, None) => None,
        }
    }

    /// The file of a module: the only one whose path ends as its name does; of several, one that is near.
    fn module(&self, dotted: &str) -> Option<usize> {
        let tail = dotted.trim_matches('.').replace('.', "/");
        let own = self.files[self.at].path.to_str_lossy();
        let near = own.rsplit_once('/').map_or("", |(directory, _)| directory);
        let fits = |path: &str, end: &str| path == end || path.ends_with(&format!("/{end}"));
        let mut found: Vec<usize> = Vec::new();
        for (at, file) in self.files.iter().enumerate() {
            let path = file.path.to_str_lossy();
            let plain = path.trim_end_matches(".py").trim_end_matches("/__init__");
            if !tail.is_empty() && fits(plain, &tail) {
                found.push(at);
            }
        }
        let close_by = |at: &usize| self.files[*at].path.to_str_lossy().starts_with(near);
        match found.as_slice() {
            [one] => Some(*one),
            many => many.iter().copied().find(close_by),
        }
    }

    /// `urlpatterns = [path('users/', view), path('api/', include('users.urls'))]`
    fn django(&self, graph: &mut Graph) {
        let Some(at) = self.tokens.windows(3).position(|w| w[0].is("urlpatterns") && w[1].is("=") && w[2].is("["))
        else {
            return;
        };
        let key = self.key("urlpatterns");
        for entry in arguments(self.tokens, at + 2) {
            if !(self.tokens[entry.start].is("path") && self.tokens.get(entry.start + 1).is_some_and(|t| t.is("("))) {
                continue;
            }
            let given = arguments(self.tokens, entry.start + 1);
            let [path, view, ..] = given.as_slice() else { continue };
            let Some(text) = self.text(path) else { continue };
            let line = self.tokens[entry.start].line;
            if self.tokens[view.start].is("include") {
                let module = self.tokens.get(view.start + 2).filter(|t| t.kind == Kind::Text);
                if let Some(file) = module.and_then(|t| self.module(&t.text)) {
                    graph.mount(&format!("{file}:urlpatterns"), &key, text);
                }
            } else if !self.tokens[view.clone()].windows(3).any(|w| w[0].is("admin") && w[1].is(".") && w[2].is("site"))
            {
                graph.route(&key, Route { method: "ANY".into(), path: text.to_owned(), file: self.at, line });
            }
        }
    }
}
