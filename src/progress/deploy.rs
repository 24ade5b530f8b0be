//! Deployment: the ladder from a Dockerfile to a step that deploys a packaged backend.

use super::inspect::{Inspected, name};
use super::matter::Matter;
use super::pattern::in_code;
use super::signals::{Finding, yaml};
use super::status::{Evidence, State};
use crate::git::Entry;
use crate::history::kind::{self, Kind};
use crate::history::layout::Project;
use crate::history::reach::{PIPELINE, WORKFLOWS};
use bstr::{BStr, ByteSlice};
use regex::Regex;
use std::sync::{Arc, LazyLock};

static DEPLOYS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    in_code(
        r"flyctl deploy|\bfly deploy|kubectl (?:apply|set image|rollout)|helm upgrade|terraform apply|gcloud run deploy|deploy-cloudrun|ecs update-service|amazon-ecs-deploy|azure/webapps-deploy|railway up|heroku container:release|akhileshns/heroku-deploy|serverless deploy|docker stack deploy|ssh .*docker[- ]compose .*up|appleboy/ssh-action",
    )
});

/// Deployed to something like production. That a thing runs somewhere git can't prove: packaging alone is a part of it.
pub fn deployed(matter: &Matter<'_>, project: &Project, tracks: &[Inspected]) -> Finding {
    let container = tracks.iter().find_map(|t| t.dockerfile.as_ref());
    let files = matter.below(project.path.as_bstr());
    let is_own = |e: &Entry| kind::general(e.path.as_bstr()) != Kind::Vendored;
    let evidence = |entry: Option<&Entry>, note: &str| entry.map(|e| matter.path(e.path.as_bstr(), note));
    let packaged = evidence(files.iter().find(|e| is_packaging(matter, e) && is_own(e)), "packaged for production");
    let composed = evidence(files.iter().find(|e| is_composed(matter, e) && is_own(e)), "builds and runs the service");
    match (step(matter), packaged) {
        (Some(step), Some(packaged)) => {
            Finding::new(State::Met, "packaged for production, with a step that deploys it", vec![packaged, step])
        }
        (Some(step), None) if container.is_some() => {
            Finding::new(State::Partial, "a step that deploys, but nothing that packages the service", vec![step])
        }
        (_, Some(packaged)) => Finding::new(
            State::Partial,
            "packaged for production; that it runs anywhere git can't know",
            vec![packaged],
        ),
        _ => match (composed, container) {
            (Some(composed), _) => Finding::new(State::Unmet, "it runs in containers on this machine", vec![composed]),
            (None, Some(file)) => Finding::new(
                State::Unmet,
                "it can run in a container",
                vec![matter.path(file.as_bstr(), "a Dockerfile")],
            ),
            (None, None) => Finding::new(State::Unmet, "nothing packages or deploys it", Vec::new()),
        },
    }
}

fn is_yaml(file: &[u8]) -> bool {
    file.ends_with(b".yml") || file.ends_with(b".yaml")
}

fn is_compose(file: &[u8]) -> bool {
    (file.starts_with(b"compose") || file.starts_with(b"docker-compose")) && is_yaml(file)
}

fn is_packaging(matter: &Matter<'_>, entry: &Entry) -> bool {
    const FILES: [&[u8]; 8] = [
        b"fly.toml",
        b"render.yaml",
        b"railway.json",
        b"railway.toml",
        b"procfile",
        b"app.yaml",
        b"serverless.yml",
        b"chart.yaml",
    ];
    let lower = kind::lowered(&entry.path);
    let file = name(lower.as_bstr());
    let says = |words: &[&str]| words.iter().any(|w| lower.contains_str(w));
    let cluster = || {
        is_yaml(file)
            && says(&["k8s", "kubernetes", "manifests", "deploy", "helm"])
            && matter.read(entry).is_some_and(|b| b.contains_str("kind: Deployment") && b.contains_str("image:"))
    };
    let packs = FILES.contains(&file) || file.ends_with(b".tf") || is_compose(file) && file.contains_str("prod");
    (packs || cluster()) && !says(&["frontend", "website", "docs/"])
}

fn is_composed(matter: &Matter<'_>, entry: &Entry) -> bool {
    let lower = kind::lowered(&entry.path);
    let builds = |bytes: Arc<Vec<u8>>| bytes.lines().any(|l| l.trim_start().starts_with(b"build:"));
    is_compose(name(lower.as_bstr())) && matter.read(entry).is_some_and(builds)
}

/// A step of the host's own workflows that deploys a backend to something that is not this machine.
fn step(matter: &Matter<'_>) -> Option<Evidence> {
    workflows(matter).find_map(|(path, text)| {
        let lower = text.to_lowercase();
        let local = ["kind create", "minikube", "helm/kind-action", "k3d cluster"].iter().any(|w| lower.contains(w));
        let file = name(path).to_ascii_lowercase();
        let aside = ["website", "frontend", "pages", "docs"].iter().any(|w| file.contains_str(w));
        let is_step = |line: &str| {
            !line.trim_start().starts_with('#') && DEPLOYS.as_ref().is_some_and(|d: &Regex| d.is_match(line))
        };
        (text.lines().any(is_step) && !local && !aside).then(|| matter.path(path, "a step that deploys"))
    })
}

/// Workflows that a host would run: those at the repository's root.
fn workflows<'m>(matter: &'m Matter<'_>) -> impl Iterator<Item = (&'m BStr, String)> {
    yaml(matter, BStr::new(WORKFLOWS)).chain(
        matter
            .entries
            .iter()
            .filter(|e| e.path == PIPELINE)
            .filter_map(|e| Some((e.path.as_bstr(), matter.read(e)?.to_str_lossy().into_owned()))),
    )
}
