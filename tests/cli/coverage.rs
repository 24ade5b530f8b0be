//! Coverage that a suite reports: kept in its receipt, and enforced where that is asked for.

use crate::harness::Sandbox;

const LANGUAGE: &str = "[languages.sh]\ndirectories = [\"sh\"]\ntest = \"sh suite.sh\"\nreport = \"none\"\n";

fn sandbox(tests: &str, suite: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(".mastery.toml", format!("{LANGUAGE}\n[tests]\n{tests}"));
    sandbox.write(".gitignore", "coverage.out\n").write("15-x/sh/suite.sh", suite);
    sandbox.commit_all("first");
    sandbox
}

/// What the only suite's coverage is, as JSON has it.
fn coverage(sandbox: &Sandbox, arguments: &[&str]) -> String {
    let ran = sandbox.mastery(["test", "--format", "json"].iter().chain(arguments));
    let line = ran.out.lines().find(|l| l.contains("\"coverage\"")).unwrap_or_else(|| panic!("{}", ran.all()));
    line.trim().trim_end_matches(',').to_owned()
}

#[test]
fn the_report_of_this_run_counts_and_no_older_one() {
    let sandbox =
        sandbox("", "[ -f quiet ] || printf 'mode: set\\na.go:1.1,2.2 3 1\\na.go:3.1,4.2 1 0\\n' > coverage.out\n");
    assert_eq!(coverage(&sandbox, &[]), "\"coverage\": 75.0");
    assert_eq!(coverage(&sandbox, &[]), "\"coverage\": 75.0", "from its receipt");
    assert_eq!(coverage(&sandbox, &["--force", "--rev", "HEAD"]), "\"coverage\": 75.0", "in a snapshot");
    sandbox.write("15-x/sh/quiet", "");
    assert_eq!(coverage(&sandbox, &["--force"]), "\"coverage\": null", "the report of the first run still lies there");
}

#[test]
fn enforced_coverage_refuses_what_does_not_exceed_it() {
    let suite = "printf 'mode: set\\na.go:1.1,2.2 4 1\\na.go:3.1,4.2 1 0\\n' > coverage.out\n";
    let ran = sandbox("enforce_coverage = true\n", suite).mastery(["test"]).fails(1);
    assert!(ran.out.contains("its tests cover 80.0 %, which is not above 80 %"), "{}", ran.all());
    sandbox("enforce_coverage = true\ncoverage_min = 79.9\n", suite).mastery(["test"]).ok();
    let ran = sandbox("enforce_coverage = true\n", "true\n").mastery(["test"]).fails(1);
    assert!(ran.out.contains("it wrote no coverage report"), "{}", ran.all());
}
