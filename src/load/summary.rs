//! k6's summary, as `--summary-export` and `handleSummary` write it: the figures that count, and the thresholds that were crossed.

use serde::Serialize;
use serde_json::Value;

/// The figures of one run.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Figures {
    /// Requests a second.
    pub requests_per_second: f64,
    /// Half of the requests took no longer, in milliseconds.
    pub p50_ms: Option<f64>,
    /// 95 of 100.
    pub p95_ms: Option<f64>,
    /// 99 of 100.
    pub p99_ms: Option<f64>,
    /// The share of requests that failed, from 0 to 1.
    pub error_rate: Option<f64>,
}

/// The figures in a summary; none where it holds no HTTP request.
pub fn figures(summary: &Value) -> Option<Figures> {
    let figure = |metric: &str, names: &[&str]| {
        let metric = summary.get("metrics")?.get(metric)?;
        let values = metric.get("values").unwrap_or(metric);
        names.iter().find_map(|name| values.get(*name)?.as_f64()).filter(|n| n.is_finite())
    };
    if figure("http_reqs", &["count"]) == Some(0.0) {
        return None;
    }
    Some(Figures {
        requests_per_second: figure("http_reqs", &["rate"])?,
        p50_ms: figure("http_req_duration", &["med", "p(50)"]),
        p95_ms: figure("http_req_duration", &["p(95)"]),
        p99_ms: figure("http_req_duration", &["p(99)"]),
        error_rate: figure("http_req_failed", &["value", "rate"]),
    })
}

/// The thresholds that were crossed: `http_req_duration p(95)<500`.
pub fn crossed(summary: &Value) -> Vec<String> {
    let metrics = summary.get("metrics").and_then(Value::as_object).into_iter().flatten();
    let thresholds = metrics.flat_map(|(metric, value)| {
        let all = value.get("thresholds").and_then(Value::as_object).into_iter().flatten();
        all.map(move |(threshold, state)| (format!("{metric} {threshold}"), state))
    });
    // `--summary-export` says whether it was crossed, `handleSummary` whether it was kept.
    let is_crossed = |state: &Value| *state == Value::Bool(true) || state.get("ok") == Some(&Value::Bool(false));
    thresholds.filter(|(_, state)| is_crossed(state)).map(|(name, _)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `--summary-export` and what `handleSummary` write of the same run.
    const BOTH: [&str; 2] = [
        r#"{"metrics": {"http_reqs": {"count": 100, "rate": 50.5}, "http_req_failed": {"passes": 1, "fails": 99, "value": 0.01},
            "http_req_duration": {"avg": 3, "med": 2.5, "p(95)": 8, "p(99)": 9.5, "thresholds": {"p(95)<5": true, "p(99)<10": false}}}}"#,
        r#"{"metrics": {"http_reqs": {"values": {"count": 100, "rate": 50.5}}, "http_req_failed": {"values": {"rate": 0.01}},
            "http_req_duration": {"values": {"med": 2.5, "p(95)": 8, "p(99)": 9.5},
                                  "thresholds": {"p(95)<5": {"ok": false}, "p(99)<10": {"ok": true}}}}}"#,
    ];

    #[test]
    fn both_forms_of_k6s_summary_are_read() {
        let expected = Figures {
            requests_per_second: 50.5,
            p50_ms: Some(2.5),
            p95_ms: Some(8.0),
            p99_ms: Some(9.5),
            error_rate: Some(0.01),
        };
        for text in BOTH {
            let summary = serde_json::from_str(text).unwrap();
            assert_eq!(figures(&summary), Some(expected), "{text}");
            assert_eq!(crossed(&summary), ["http_req_duration p(95)<5"], "{text}");
        }
    }

    #[test]
    fn a_summary_without_requests_has_no_figures() {
        for text in [
            "{}",
            "[]",
            r#"{"metrics": {"http_reqs": {"rate": "many"}}}"#,
            r#"{"metrics": {"http_reqs": {"count": 0, "rate": 0}}}"#,
        ] {
            let summary = serde_json::from_str(text).unwrap();
            assert_eq!((figures(&summary), crossed(&summary)), (None, Vec::new()), "{text}");
        }
    }
}
