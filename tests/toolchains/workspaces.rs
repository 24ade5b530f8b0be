//! npm workspaces: what npm links into `node_modules` from the repository is, in a snapshot, the snapshot's own.

use super::tools::{Tool, installed_tools};
use crate::harness::Sandbox;
use std::os::unix::fs::symlink;

const LIMITER: &str = "module.exports = (seen, limit) => seen <= limit;\n";

/// A workspace of a track and a package that it uses, as `npm install` leaves it, with Jest beside.
fn workspace() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(".mastery.toml", "[journal]\nevery = \"off\"\n").write(".gitignore", "node_modules/\n");
    sandbox.write("package.json", "{\"private\": true, \"workspaces\": [\"packages/*\", \"15-x/nestjs\"]}\n");
    sandbox.write("packages/limiter/package.json", "{\"name\": \"@lab/limiter\", \"version\": \"1.0.0\"}\n");
    sandbox.write("packages/limiter/index.js", LIMITER);
    let manifest = "{\"name\": \"track\", \"version\": \"1.0.0\", \"scripts\": {\"test\": \"jest\"}, \"dependencies\": {\"@lab/limiter\": \"1.0.0\"}}\n";
    sandbox.write("15-x/nestjs/package.json", manifest);
    let test = "const allows = require('@lab/limiter');\ntest('the third is the last', () => { expect(allows(3, 3)).toBe(true); expect(allows(4, 3)).toBe(false); });\n";
    sandbox.write("15-x/nestjs/limiter.test.js", test);
    let install = ["install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund"];
    sandbox.run(sandbox.command("npm", "").args(install)).ok();
    let modules = sandbox.work().join("node_modules");
    assert!(modules.join("@lab/limiter").is_symlink(), "npm links the packages of a workspace");
    for name in [".bin", "jest"] {
        symlink(installed_tools().join("node/node_modules").join(name), modules.join(name)).unwrap();
    }
    sandbox.mastery(["hook", "install"]).ok();
    sandbox.git(["add", "-A"]).ok();
    let ran = sandbox.git(["commit", "-q", "-m", "chore: begin"]).ok();
    assert!(ran.err.contains("1 test"), "{}", ran.err);
    sandbox
}

#[test]
fn a_package_of_the_workspace_is_tested_as_it_is_staged() {
    if !Tool::Jest.is_here() {
        return;
    }
    let sandbox = workspace();
    let wrong = LIMITER.replace("<=", ">=");
    sandbox.write("packages/limiter/index.js", &wrong).git(["add", "-A"]).ok();
    sandbox.write("packages/limiter/index.js", LIMITER);
    let refused = sandbox.git(["commit", "-q", "-m", "feat: wrong"]).fails(1);
    assert!(refused.err.contains("the third is the last"), "{}", refused.err);
    sandbox.write("packages/limiter/index.js", format!("// The last one too.\n{LIMITER}")).git(["add", "-A"]).ok();
    sandbox.write("packages/limiter/index.js", wrong);
    let passed = sandbox.git(["commit", "-q", "-m", "feat: right"]).ok();
    assert!(passed.err.contains("1 test"), "{}", passed.err);
    assert!(sandbox.work().join("node_modules/@lab/limiter").is_symlink());
}

#[test]
fn a_lock_file_of_the_workspace_that_is_not_the_installed_one_makes_a_verdict_doubtful() {
    if !Tool::Jest.is_here() {
        return;
    }
    let sandbox = workspace();
    let lock = sandbox.read("package-lock.json");
    sandbox.write("package-lock.json", format!("{lock}\n")).git(["add", "-A"]).ok();
    sandbox.write("package-lock.json", lock);
    let passed = sandbox.git(["commit", "-q", "-m", "chore: lock"]).ok();
    assert!(passed.err.contains("doubtful: package-lock.json is not the one in the work tree"), "{}", passed.err);
    assert!(
        passed.err.contains("to mend it: setup = \"npm ci\" under [languages.nestjs] in .mastery.toml"),
        "{}",
        passed.err
    );
}
