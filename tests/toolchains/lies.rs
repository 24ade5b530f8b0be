//! No lie: in a snapshot a suite gives the verdict that it gives in a fresh clone of the commit, however its tools cheat.
//! The work tree always holds the opposite of what is staged.

use super::fixture::{EDITABLE, Fixture, GO, PYTEST, TS_JEST};
use super::tools::installed_tools;
use crate::harness::Sandbox;
use std::path::Path;

/// The verdict of a fresh clone of what is staged: the tool's own command, without mastery.
fn a_fresh_clone_passes(sandbox: &Sandbox, fixture: &Fixture) -> bool {
    let tree = sandbox.git(["write-tree"]).ok().out;
    let commit = sandbox.git(["commit-tree", tree.trim(), "-m", "probe"]).ok().out;
    sandbox.git(["update-ref", "refs/heads/probe", commit.trim()]).ok();
    let clone = format!("../clone-{}", &commit[..12]);
    sandbox.git(["clone", "-q", "-b", "probe", ".", &clone]).ok();
    sandbox.git(["update-ref", "-d", "refs/heads/probe"]).ok();
    let track = format!("{clone}/{}", fixture.track);
    fixture.link_tools(&sandbox.work().join(&track));
    if fixture.name == EDITABLE.name {
        install_in_place(sandbox, &track);
    }
    let command = match fixture.name {
        "go" => "go test -count=1 ./...",
        "ts-jest" => "npm test --silent",
        _ => ".venv/bin/python -m pytest -q",
    };
    sandbox.run(sandbox.command("sh", &track).args(["-c", command])).code == 0
}

/// `pip install --editable .` into an environment of the track's own.
fn install_in_place(sandbox: &Sandbox, track: &str) {
    let tools = installed_tools().join("python");
    let script = format!(
        "rm -f .venv && {tools}/bin/python -m venv --without-pip .venv && for site in .venv/lib/python*/site-packages; do \
         ls -d {tools}/lib/python*/site-packages > $site/tools.pth; done && \
         {tools}/bin/python -m pip --disable-pip-version-check --python .venv/bin/python install -q --no-index --no-build-isolation --no-deps -e .",
        tools = tools.display()
    );
    sandbox.run(sandbox.command("sh", track).args(["-ec", &script])).ok();
}

/// Stages `staged`, puts `unstaged` into the work tree, and demands the clone's verdict, which must be `passes`.
#[track_caller]
fn staged_decides(sandbox: &Sandbox, fixture: &Fixture, path: &str, staged: &str, unstaged: &str, passes: bool) {
    sandbox.write(path, staged);
    sandbox.git(["add", "-A"]).ok();
    sandbox.write(path, unstaged);
    assert_eq!(a_fresh_clone_passes(sandbox, fixture), passes, "the fixture is not what its test believes");
    let ran = sandbox.git(["commit", "-m", "feat: change the limit"]);
    assert_eq!(ran.code == 0, passes, "{}", ran.all());
    assert!(passes || ran.err.contains("fail"), "refused, but not for its tests: {}", ran.err);
}

#[test]
fn an_editable_install_points_into_the_snapshot() {
    if !EDITABLE.tool.is_here() {
        return;
    }
    let sandbox = EDITABLE.planted();
    install_in_place(&sandbox, EDITABLE.track);
    let (right, wrong) = (EDITABLE.content(true), EDITABLE.content(false));
    staged_decides(&sandbox, &EDITABLE, &EDITABLE.path(), &wrong, &right, false);
    staged_decides(&sandbox, &EDITABLE, &EDITABLE.path(), &format!("{right}\n"), &wrong, true);
}

#[test]
fn an_editable_install_without_a_src_directory_points_into_the_snapshot() {
    if !EDITABLE.tool.is_here() {
        return;
    }
    let sandbox = EDITABLE.planted();
    sandbox.git(["mv", "python/src/limiter", "python/limiter"]).ok();
    sandbox.write(
        "python/pyproject.toml",
        sandbox.read("python/pyproject.toml") + "addopts = \"--import-mode=importlib\"\n",
    );
    sandbox.commit_all("chore: no src");
    install_in_place(&sandbox, EDITABLE.track);
    let (right, wrong) = (EDITABLE.content(true), EDITABLE.content(false));
    let path = "python/limiter/__init__.py";
    staged_decides(&sandbox, &EDITABLE, path, &wrong, &right, false);
    staged_decides(&sandbox, &EDITABLE, path, &format!("{right}\n"), &wrong, true);
}

#[test]
fn an_edit_of_the_same_size_within_a_second_is_seen() {
    if !PYTEST.tool.is_here() {
        return;
    }
    let sandbox = PYTEST.planted();
    let (right, wrong) = (PYTEST.content(true), PYTEST.content(false));
    let reworded = right.replace(PYTEST.right, "(self.seen<=self.limit)");
    assert!(right != reworded && right.len() == wrong.len() && right.len() == reworded.len());
    staged_decides(&sandbox, &PYTEST, &PYTEST.path(), &reworded, &wrong, true);
    staged_decides(&sandbox, &PYTEST, &PYTEST.path(), &wrong, &right, false);
    let once_more = right.replace(PYTEST.right, "self.seen<=(self.limit)");
    staged_decides(&sandbox, &PYTEST, &PYTEST.path(), &once_more, &wrong, true);
}

#[test]
fn a_module_that_replaces_another_with_its_neighbour_is_tested_with_the_staged_neighbour() {
    if !GO.tool.is_here() {
        return;
    }
    let sandbox = GO.planted_without_hooks();
    let shared = |limit: u32| format!("package shared\n\n// Limit is how many may pass.\nconst Limit = {limit}\n");
    sandbox.write("shared/go.mod", "module example.com/shared\n\ngo 1.21\n").write("shared/shared.go", shared(3));
    sandbox.write(
        "golang/go.mod",
        "module example.com/limiter\n\ngo 1.21\n\nrequire example.com/shared v0.0.0\n\nreplace example.com/shared => ../shared\n",
    );
    sandbox.write(
        "golang/limiter_test.go",
        "package limiter\n\nimport (\n\t\"testing\"\n\n\t\"example.com/shared\"\n)\n\nfunc TestLimit(t *testing.T) {\n\tif shared.Limit != 3 {\n\t\tt.Fatal(shared.Limit)\n\t}\n}\n",
    );
    sandbox.commit_all("chore: share the limit");
    sandbox.mastery(["hook", "install"]).ok();
    staged_decides(&sandbox, &GO, "shared/shared.go", &shared(4), &shared(3), false);
    staged_decides(&sandbox, &GO, "shared/shared.go", &(shared(3) + "\n"), &shared(4), true);
}

#[test]
fn an_embedded_readme_is_in_the_snapshot_as_it_is_staged() {
    if !GO.tool.is_here() {
        return;
    }
    let sandbox = GO.planted();
    sandbox.write("golang/README.md", "# Limiter\n");
    sandbox.write(
        "golang/readme_test.go",
        "package limiter\n\nimport (\n\t_ \"embed\"\n\t\"testing\"\n)\n\n//go:embed README.md\nvar readme string\n\nfunc TestReadme(t *testing.T) {\n\tif readme != \"# Limiter\\n\" {\n\t\tt.Fatal(readme)\n\t}\n}\n",
    );
    staged_decides(&sandbox, &GO, "golang/README.md", "# Limiter\n", "# Nothing\n", true);
    sandbox.write(GO.path(), GO.content(true) + "\n");
    staged_decides(&sandbox, &GO, "golang/README.md", "# Nothing\n", "# Limiter\n", false);
}

#[test]
fn ts_jest_compiles_what_is_staged_with_the_settings_that_are_staged() {
    if !TS_JEST.tool.is_here() {
        return;
    }
    let sandbox = TS_JEST.planted_without_hooks();
    let base = |is_strict: bool| format!("{{ \"compilerOptions\": {{ \"strict\": {is_strict} }} }}\n");
    sandbox.write("tsconfig.base.json", base(false));
    let settings = sandbox.read("nestjs/tsconfig.json");
    sandbox.write(
        "nestjs/tsconfig.json",
        settings
            .replacen('{', "{\n  \"extends\": \"../tsconfig.base.json\",", 1)
            .replace(",\n    \"strict\": true", ""),
    );
    let loose = TS_JEST.content(true).replace("allow(): boolean {", "allow(by = undefined as any as number | null): boolean {\n    by?.toFixed();\n    const n: number = by;\n    void n;");
    sandbox.write(TS_JEST.path(), &loose);
    sandbox.commit_all("chore: share settings");
    sandbox.mastery(["hook", "install"]).ok();
    // Only a strict compiler refuses `const n: number = by`.
    staged_decides(&sandbox, &TS_JEST, "tsconfig.base.json", &base(true), &base(false), false);
    staged_decides(&sandbox, &TS_JEST, "tsconfig.base.json", &(base(false) + "\n"), &base(true), true);
    // A type error is a failure, though the JavaScript beneath would pass.
    let mistyped = loose.replace("const n: number = by;", "const n: string = 3;");
    staged_decides(&sandbox, &TS_JEST, &TS_JEST.path(), &mistyped, &loose, false);
    assert!(Path::new(&sandbox.work().join("nestjs/node_modules")).is_symlink());
}
