//! Routers that hang under other routers: which full paths a route has.

use std::collections::{BTreeMap, BTreeSet};

/// How deep routers are followed.
const DEPTH: usize = 12;

/// A route as it is declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Route {
    /// `GET`, or `ANY`.
    pub method: String,
    /// The path below its router.
    pub path: String,
    /// The file, by index.
    pub file: usize,
    /// The line, from 1.
    pub line: usize,
}

/// Routers by name, with their routes and where they hang.
#[derive(Debug, Default)]
pub(super) struct Graph {
    routes: BTreeMap<String, Vec<Route>>,
    edges: BTreeMap<String, BTreeSet<(String, String)>>,
    fixed: BTreeMap<String, BTreeSet<(String, String)>>,
    unknown: BTreeSet<String>,
}

impl Graph {
    /// A route below `router`.
    pub(super) fn route(&mut self, router: &str, route: Route) {
        self.routes.entry(router.to_owned()).or_default().push(route);
    }

    /// `child` hangs under `parent` at `prefix`.
    pub(super) fn mount(&mut self, child: &str, parent: &str, prefix: &str) {
        if child != parent {
            self.edges.entry(child.to_owned()).or_default().insert((parent.to_owned(), prefix.to_owned()));
        }
    }

    /// As [`Graph::mount`], and in no other place that `child` was made for.
    pub(super) fn replace(&mut self, child: &str, parent: &str, prefix: &str) {
        self.fixed.entry(child.to_owned()).or_default().insert((parent.to_owned(), prefix.to_owned()));
    }

    /// Nobody can tell where `router` hangs: its routes are not listed.
    pub(super) fn lose(&mut self, router: &str) {
        self.unknown.insert(router.to_owned());
    }

    /// Every route with its full path.
    pub(super) fn resolve(&self) -> Vec<Route> {
        let mut found = Vec::new();
        for (router, routes) in &self.routes {
            for prefix in self.prefixes(router, DEPTH) {
                found.extend(routes.iter().map(|r| Route { path: format!("{prefix}/{}", r.path), ..r.clone() }));
            }
        }
        found
    }

    fn prefixes(&self, router: &str, depth: usize) -> Vec<String> {
        if depth == 0 || self.unknown.contains(router) {
            return Vec::new();
        }
        let Some(edges) = self.fixed.get(router).or_else(|| self.edges.get(router)) else { return vec![String::new()] };
        let above = edges.iter().flat_map(|(parent, prefix)| {
            self.prefixes(parent, depth - 1).into_iter().map(move |above| format!("{above}/{prefix}"))
        });
        above.collect()
    }
}
