//! Who is compared: hook managers from their registries, each running `true` on the staged files, and mastery.

use std::path::{Path, PathBuf};
use std::process::Command;

const PRE_COMMIT: &str = "pre-commit==4.7.0";
const PREK: &str = "prek==0.5.11";
const LEFTHOOK: &str = "lefthook@2.2.2";
const CONFIG: &str = "repos:\n- repo: local\n  hooks:\n  - {id: t, name: t, language: system, entry: 'true'}\n";

/// One way to hook into a commit.
pub struct Contender {
    pub name: &'static str,
    /// A shell script that installs it in a fresh repository.
    pub install: String,
    /// The directory of its program, to be on PATH.
    pub programs: PathBuf,
    /// How many times what it adds mastery may add at most.
    pub promised: Option<f64>,
}

/// Those that are here or can be installed, and why the others can't.
pub fn all() -> (Vec<Contender>, Vec<String>) {
    let peers = Path::new(env!("CARGO_BIN_EXE_mastery")).ancestors().nth(2).unwrap().join("peers");
    let binaries = Path::new(env!("CARGO_BIN_EXE_mastery")).parent().unwrap().to_owned();
    let bare = "printf '#!/bin/sh\\nexit 0\\n' > .git/hooks/pre-commit && chmod +x .git/hooks/pre-commit";
    let contender = |name, install: &str, programs: &Path, promised| Contender {
        name,
        install: install.to_owned(),
        programs: programs.to_owned(),
        promised,
    };
    let mut there = vec![
        contender("none", "true", &binaries, None),
        contender("bare sh", bare, &binaries, Some(4.0)),
        contender("mastery", "mastery hook install", &binaries, None),
    ];
    let mut missing = Vec::new();
    let venv = peers.join("venv/bin");
    let python = |package: &str| {
        format!("test -x venv/bin/python || python3 -m venv venv; venv/bin/python -m pip install -q {package}")
    };
    let node = format!("npm install --prefix npm --ignore-scripts --no-audit --no-fund --loglevel=error {LEFTHOOK}");
    let hook = "printf 'output: false\\npre-commit:\\n  jobs:\\n    - run: \"true {staged_files}\"\\n' > lefthook.yml";
    let yaml = |program| format!("cat > .pre-commit-config.yaml <<'E'\n{CONFIG}E\n{program} install");
    for (name, how, program, install, promised) in [
        ("prek", python(PREK), venv.join("prek"), yaml("prek"), 0.35),
        ("lefthook", node, PathBuf::new(), format!("{hook} && lefthook install"), 0.35),
        ("pre-commit", python(PRE_COMMIT), venv.join("pre-commit"), yaml("pre-commit"), 0.05),
    ] {
        // npm's launcher starts Node to start the binary: the binary itself is what is compared.
        let found = || if name == "lefthook" { lefthook(&peers) } else { program.exists().then(|| program.clone()) };
        if let Some(program) = found().or_else(|| installed(&peers, &how).then(found).flatten()) {
            there.push(contender(name, &install, program.parent().unwrap(), Some(promised)));
        } else {
            missing.push(format!("{name} could not be installed in {} with: {how}", peers.display()));
        }
    }
    (there, missing)
}

/// The binary in npm's package for this platform.
fn lefthook(peers: &Path) -> Option<PathBuf> {
    let packages = std::fs::read_dir(peers.join("npm/node_modules")).ok()?;
    packages
        .flatten()
        .map(|package| package.path().join("bin/lefthook"))
        .find(|p| p.exists() && p.ancestors().nth(2).is_some_and(|package| !package.ends_with("lefthook")))
}

fn installed(peers: &Path, how: &str) -> bool {
    println!("installing into {}: {how}", peers.display());
    std::fs::create_dir_all(peers).unwrap();
    Command::new("sh").args(["-c", how]).current_dir(peers).status().is_ok_and(|status| status.success())
}
