//! Signals in code and papers: monitoring and logging, decisions, blog posts. Monitoring wants two signs, so that a dependency, a
//! file name or a platform alone proves nothing.

use super::inspect::{Code, Inspected};
use super::matter::Matter;
use super::papers::Paper;
use super::pattern::{has_any, in_code};
use super::posts::{self, Maturity};
use super::status::{Evidence, State};
use super::text;
use crate::history::kind::{self, Kind};
use crate::history::layout::Project;
use crate::views::words;
use bstr::{BStr, ByteSlice};
use regex::Regex;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// What is known of one matter, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What is known.
    pub state: State,
    /// Why.
    pub why: String,
    /// From what.
    pub evidence: Vec<Evidence>,
}

impl Finding {
    /// A finding.
    pub fn new(state: State, why: impl Into<String>, evidence: Vec<Evidence>) -> Finding {
        Finding { state, why: why.into(), evidence }
    }
}

const METRICS: &[&str] = &[
    "prom-client",
    "nestjs-prometheus",
    "express-prom-bundle",
    "fastify-metrics",
    "prometheus/client_golang",
    "prometheus_client",
    "prometheus-client",
    "prometheus-fastapi-instrumentator",
    "prometheus_fastapi_instrumentator",
    "starlette-exporter",
    "starlette_exporter",
    "starlette-prometheus",
    "django-prometheus",
    "django_prometheus",
    "prometheus-flask-exporter",
    "prometheus_flask_exporter",
    "micrometer-registry-prometheus",
    "prometheus-net",
    "metrics-exporter-prometheus",
    "actix-web-prom",
    "axum-prometheus",
    "go.opentelemetry.io/otel",
    "@opentelemetry/sdk-metrics",
    "promphp/prometheus_client_php",
    "opentelemetry-sdk",
    "@opentelemetry/sdk-node",
    "opentelemetry-instrumentation",
];

pub(super) static METRICS_USE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    in_code(
        r"(?m)(?:prom-client|nestjs-prometheus|express-prom-bundle|fastify-metrics|prometheus/client_golang|^\s*(?:from|import)\s+\w*prometheus\w*|starlette_exporter|django_prometheus|io\.micrometer|UseHttpMetrics|metrics_exporter_prometheus|actix_web_prom|axum_prometheus|go\.opentelemetry\.io/otel|@opentelemetry/|^\s*(?:from|import)\s+opentelemetry|Prometheus\\)",
    )
});
pub(super) static LOGGING_USE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    in_code(
        r#"(?m)["'](?:pino|pino-http|nestjs-pino|winston|nest-winston|bunyan)["']|"log/slog"|go\.uber\.org/zap|rs/zerolog|sirupsen/logrus|^\s*(?:from|import)\s+(?:structlog|loguru|pythonjsonlogger)|logging\.getLogger|dictConfig\(|new Logger\(|LoggerFactory|@Slf4j|ILogger<|Serilog|tracing_subscriber|env_logger|Monolog"#,
    )
});

/// Words of which every text that matches [`METRICS_USE`] has one.
const METRICS_WORDS: [&str; 12] = [
    "prom-client",
    "prometheus",
    "express-prom-bundle",
    "fastify-metrics",
    "starlette_exporter",
    "io.micrometer",
    "UseHttpMetrics",
    "actix_web_prom",
    "opentelemetry",
    "Prometheus",
    "metrics_exporter",
    "axum_prometheus",
];
/// Words of which every text that matches [`LOGGING_USE`] has one.
const LOGGING_WORDS: [&str; 19] = [
    "pino",
    "winston",
    "bunyan",
    "log/slog",
    "uber.org/zap",
    "rs/zerolog",
    "sirupsen/logrus",
    "structlog",
    "loguru",
    "pythonjsonlogger",
    "logging.getLogger",
    "dictConfig(",
    "Logger",
    "Slf4j",
    "Serilog",
    "tracing_subscriber",
    "env_logger",
    "Monolog",
    "ILogger<",
];

/// Whether a change leaves what a source's code says of monitoring and logging as it is.
pub(super) fn stays(old: &str, new: &str) -> bool {
    let is_in = |code: &str, words: &[&str], pattern: &LazyLock<Option<Regex>>| {
        has_any(code, words) && pattern.as_ref().is_some_and(|p| p.is_match(code))
    };
    let says = |code| (is_in(code, &METRICS_WORDS, &METRICS_USE), is_in(code, &LOGGING_WORDS, &LOGGING_USE));
    says(old) == says(new)
}

/// Monitoring and logging: a metrics library that a manifest names and a source uses, and a logger, in one track.
pub fn monitoring(matter: &Matter<'_>, project: &Project, tracks: &[Inspected]) -> Finding {
    let mut best =
        Finding::new(State::Unmet, "no track measures itself, and none logs in a structured way", Vec::new());
    for (track, inspected) in project.tracks.iter().zip(tracks) {
        let declared = inspected.manifests.iter().find(|m| METRICS.iter().any(|lib| depends(m, lib)));
        let used = find(&inspected.code, &METRICS_USE);
        let logs = find(&inspected.code, &LOGGING_USE);
        let mut evidence = Vec::new();
        if let (Some(manifest), Some(code)) = (declared, used) {
            evidence.push(matter.path(manifest.path.as_bstr(), "depends on a metrics library"));
            evidence.push(matter.path(code.path.as_bstr(), "uses it"));
        }
        let measures = !evidence.is_empty();
        if let Some(code) = logs {
            evidence.push(matter.path(code.path.as_bstr(), "logs"));
        }
        let language = &track.language;
        let collected = if measures && logs.is_none() { runs(matter, project, COLLECTORS) } else { None };
        evidence.extend(collected.clone());
        if measures && (logs.is_some() || collected.is_some()) {
            return Finding::new(State::Met, format!("{language} exports metrics and logs"), evidence);
        }
        if best.state == State::Unmet && (measures || logs.is_some()) {
            let why = if measures {
                format!("{language} exports metrics, but nothing logs in a structured way")
            } else {
                format!("{language} logs, but nothing exports metrics")
            };
            best = Finding::new(State::Partial, why, evidence);
        }
    }
    if best.state == State::Unmet
        && let Some(evidence) = runs(matter, project, PLATFORM)
    {
        best = Finding::new(State::Partial, "a monitoring platform is set up, but no track feeds it", vec![evidence]);
    }
    best
}

fn find<'c>(code: &'c [Code], pattern: &LazyLock<Option<Regex>>) -> Option<&'c Code> {
    let pattern = pattern.as_ref()?;
    code.iter().find(|c| pattern.is_match(&c.text))
}

/// Whether a manifest names a library directly: not in a comment, not as another's dependency, not frozen from a machine.
fn depends(manifest: &Code, library: &str) -> bool {
    manifest.text.to_lowercase().lines().any(|line| {
        let line = line.trim();
        line.contains(library)
            && !line.starts_with(['#', '/'])
            && !line.contains("// indirect")
            && !line.contains("@ file:")
    })
}

const PLATFORM: &[&str] = &[
    "prom/prometheus",
    "grafana/grafana",
    "grafana/loki",
    "grafana/tempo",
    "jaegertracing/",
    "otel/opentelemetry-collector",
];

/// What gathers the logs of whatever runs.
const COLLECTORS: &[&str] = &[
    "grafana/loki",
    "grafana/promtail",
    "grafana/alloy",
    "fluent/fluent",
    "timberio/vector",
    "elastic/filebeat",
    "beats/filebeat",
];

/// An image that a compose file or a manifest of the project runs.
fn runs(matter: &Matter<'_>, project: &Project, images: &[&str]) -> Option<Evidence> {
    yaml(matter, project.path.as_bstr()).find_map(|(path, text)| {
        let image =
            images.iter().find(|i| text.lines().any(|l| l.contains(**i) && !l.trim_start().starts_with('#')))?;
        Some(matter.path(path, format!("runs {image}")))
    })
}

/// The YAML files of a project, with their text.
pub(super) fn yaml<'m>(matter: &'m Matter<'_>, project: &'m BStr) -> impl Iterator<Item = (&'m BStr, String)> {
    matter
        .below(project)
        .iter()
        .filter(|e| {
            (e.path.ends_with(b".yml") || e.path.ends_with(b".yaml")) && kind::general(e.path.as_bstr()) == Kind::Other
        })
        .take(300)
        .filter_map(|e| Some((e.path.as_bstr(), matter.read(e)?.to_str_lossy().into_owned())))
}

/// Decisions documented: records that are filled in, the project's own or `shared` ones that speak of it; sections of other
/// documents are a part of it.
pub fn decisions(matter: &Matter<'_>, papers: &[Paper], shared: &[Paper]) -> Finding {
    let directory = &matter.config.adr.directory;
    let records: Vec<Evidence> = papers
        .iter()
        .chain(shared)
        .filter(|p| super::papers::is_record(p, directory))
        .map(|p| matter.path(p.path.as_bstr(), text::headings(&p.prose).next().unwrap_or_default()))
        .collect();
    if !records.is_empty() {
        let why = format!("{} on file", words::count(records.len(), "decision record"));
        return Finding::new(State::Met, why, records);
    }
    let section = papers.iter().find(|p| {
        !super::papers::is_record_place(&p.inside)
            && text::headings(&p.prose).any(|h| {
                h.contains("architecture decision")
                    || h.contains("design decision")
                    || h.contains("trade-off")
                    || h == "decisions"
                    || h.contains("why we chose")
            })
    });
    match section {
        Some(paper) => Finding::new(
            State::Partial,
            "a section on decisions, but no record of one",
            vec![matter.path(paper.path.as_bstr(), "a section")],
        ),
        None => Finding::new(State::Unmet, "no decision record", Vec::new()),
    }
}

/// Blog post: a post on file, or a link to one's own.
pub fn blog(matter: &Matter<'_>, papers: &[Paper]) -> Finding {
    let mut begun = None;
    for paper in papers {
        let here = |note: &str| vec![matter.path(paper.path.as_bstr(), note)];
        match posts::maturity(paper) {
            Some(Maturity::Post) => return Finding::new(State::Met, "a post on file", here("a post")),
            Some(Maturity::Draft) => begun = begun.or(Some(("the post is a draft", here("says `draft: true`")))),
            Some(Maturity::Unfinished) => begun = begun.or(Some(("the post has gaps", here("says TO-DO")))),
            Some(Maturity::Short) => begun = begun.or(Some(("the post is only a note", here("has few words")))),
            None => {}
        }
        if let Some(link) = posts::linked(paper) {
            return Finding::new(State::Met, "a link to a post of one's own", here(&link));
        }
    }
    if let Some((why, evidence)) = begun {
        return Finding::new(State::Unmet, why, evidence);
    }
    Finding::new(State::Unmet, "no post on file, and no link to one", Vec::new())
}

#[cfg(test)]
mod tests {
    use super::super::pattern::tests::needs;
    use super::*;

    #[test]
    fn what_a_pattern_matches_has_one_of_its_words() {
        assert!(needs(METRICS_USE.as_ref().unwrap(), &METRICS_WORDS));
        assert!(needs(LOGGING_USE.as_ref().unwrap(), &LOGGING_WORDS));
    }
}
