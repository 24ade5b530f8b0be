//! What the doctor found.

use super::style::{Meaning, paint};
use super::words::{count, shown};
use crate::doctor::{Finding, Mend, Report, Severity};
use std::path::Path;

/// A line for what is well; for the rest also why it matters, what mends it, and what the guide says. Directories are shown from
/// `base`. `brief`: only what is wrong.
pub fn text(report: &Report, base: &Path, brief: bool) -> String {
    let wanted = |f: &&Finding| !brief || f.severity != Severity::Fine;
    let mut out: String = report.findings.iter().filter(wanted).map(|f| finding(f, base)).collect();
    let verdict = match (report.errors, report.warnings) {
        (0, 0) => paint(Meaning::Good, "all is well"),
        (0, warnings) => format!("{}, {}", paint(Meaning::Good, "nothing is broken"), count(warnings, "warning")),
        (errors, 0) => paint(Meaning::Bad, count(errors, "error")),
        (errors, warnings) => {
            format!("{}, {}", paint(Meaning::Bad, count(errors, "error")), count(warnings, "warning"))
        }
    };
    out.push_str(&format!("{verdict}\n"));
    if report.findings.iter().any(|f| f.mend.as_ref().is_some_and(|m| m.safe)) {
        out.push_str(&format!("what is safe to mend by itself: {}\n", paint(Meaning::Command, "mastery doctor --fix")));
    }
    out
}

fn finding(finding: &Finding, base: &Path) -> String {
    let (meaning, word) = match finding.severity {
        Severity::Fine => (Meaning::Good, "ok"),
        Severity::Warning => (Meaning::Doubt, "warning"),
        Severity::Error => (Meaning::Bad, "error"),
    };
    let mut out = format!("{} {}\n", paint(meaning, format!("{word:<7}")), shown(&finding.what));
    if finding.severity == Severity::Fine {
        return out;
    }
    if !finding.why.is_empty() {
        out.push_str(&format!("          why: {}\n", shown(&finding.why)));
    }
    if let Some(mend) = &finding.mend {
        out.push_str(&format!("      to mend: {}\n", command(mend, base)));
    }
    for (n, line) in finding.guide.iter().enumerate() {
        let label = if n == 0 { "the guide:" } else { "" };
        out.push_str(&format!("  {label:>12} {}\n", paint(Meaning::Faint, line)));
    }
    out
}

/// A command, with the directory that it is run in.
fn command(mend: &Mend, base: &Path) -> String {
    let place =
        mend.directory.as_deref().map(|d| d.strip_prefix(base).unwrap_or(d)).filter(|d| !d.as_os_str().is_empty());
    let place = place.map(|d| format!("  (in {})", shown(d.as_os_str().as_encoded_bytes()))).unwrap_or_default();
    format!("{}{place}", paint(Meaning::Command, shown(&mend.command)))
}

/// What `--fix` is about to run.
pub fn to_be_run(mends: &[&Mend], base: &Path) -> String {
    let mut out = "to be run:\n".to_owned();
    for mend in mends {
        out.push_str(&format!("  {}\n", command(mend, base)));
    }
    out
}
