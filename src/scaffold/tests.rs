//! What the templates promise: all built in, no mark left, recognised while untouched, pinned.

use super::*;
use crate::curriculum::Catalogue;
use std::collections::BTreeSet;
use std::path::Path;

fn everything(subject: &Project) -> Vec<File> {
    let tracks = LANGUAGES.iter().flat_map(|l| {
        let files = track(subject, l, "..").into_iter();
        files.map(move |f| File { path: format!("{l}/{}", f.path), ..f })
    });
    project(subject, "LEARNINGS.md").unwrap().into_iter().chain(tracks).collect()
}

#[test]
fn every_template_is_built_in() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/scaffold");
    let mut there = BTreeSet::new();
    let mut pending = vec![root.clone()];
    while let Some(directory) = pending.pop() {
        for item in std::fs::read_dir(directory).unwrap() {
            let path = item.unwrap().path();
            if path.is_dir() {
                pending.push(path);
            } else {
                there.insert(path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    there.remove("briefs.toml");
    assert_eq!(there, templates::ALL.iter().map(|(path, _)| (*path).to_owned()).collect());
}

#[test]
fn every_project_of_the_curriculum_has_a_brief_of_its_own_and_leaves_no_mark_unfilled() {
    for subject in Catalogue::default().projects() {
        let files = everything(subject);
        for file in &files {
            // Checksums have every letter in them.
            let is_lock = ["go.sum", "package-lock.json"].iter().any(|name| file.path.ends_with(name));
            assert!(
                !file.path.contains("zz") && (is_lock || !file.text.to_lowercase().contains("zz")),
                "{}",
                file.path
            );
        }
        let readme = &files.iter().find(|f| f.path == "README.md").unwrap().text;
        let brief = Brief::of(subject);
        assert!(readme.contains(&subject.title) && readme.contains(&brief.build) && brief.endpoints.len() >= 4);
        assert!(!readme.contains("<!--"), "{} has no brief", subject.id);
        let paths: BTreeSet<&str> = files.iter().map(|f| f.path.as_str()).collect();
        assert_eq!(paths.len(), files.len(), "{}: two files of one name", subject.id);
    }
}

#[test]
fn the_structure_is_the_guides() {
    let guide = Catalogue::default();
    let subject = guide.project("15-api-rate-limiter").unwrap();
    let paths: Vec<String> = everything(subject).into_iter().map(|f| f.path).collect();
    for drawn in [
        "README.md",
        "PLAN.md",
        "LEARNINGS.md",
        "docker-compose.yml",
        "load/load-test.js",
        "nestjs/src/main.ts",
        "nestjs/src/modules/",
        "nestjs/src/services/",
        "nestjs/src/controllers/",
        "nestjs/src/entities/",
        "nestjs/test/",
        "nestjs/docker-compose.yml",
        "nestjs/package.json",
        "nestjs/package-lock.json",
        "nestjs/README.md",
        "golang/cmd/server/",
        "golang/internal/handlers/",
        "golang/internal/services/",
        "golang/internal/models/",
        "golang/internal/repository/",
        "golang/test/",
        "golang/docker-compose.yml",
        "golang/go.mod",
        "golang/go.sum",
        "golang/README.md",
        "python/src/api/",
        "python/src/services/",
        "python/src/models/",
        "python/src/main.py",
        "python/tests/",
        "python/docker-compose.yml",
        "python/requirements.txt",
        "python/README.md",
        "golang/Dockerfile",
        "nestjs/.gitignore",
        "python/.dockerignore",
        "nestjs/.npmrc",
    ] {
        assert!(paths.iter().any(|p| p == drawn || drawn.ends_with('/') && p.starts_with(drawn)), "{drawn} is missing");
    }
}

#[test]
fn what_a_template_made_is_recognised_for_every_project_and_what_was_touched_is_not() {
    for subject in Catalogue::default().projects() {
        for language in LANGUAGES {
            for file in track(subject, language, "..") {
                let name = file.path.rsplit('/').next().unwrap();
                assert!(wrote(name, &file.text), "{}: {language}/{}", subject.id, file.path);
                assert!(!wrote(name, &format!("{}one more line\n", file.text)), "{language}/{}", file.path);
            }
        }
    }
    let guide = Catalogue::default();
    let subject = guide.project("15-api-rate-limiter").unwrap();
    let files = track(subject, "golang", "..");
    let app = files.iter().find(|f| f.path == "internal/app/app.go").unwrap();
    let import = "\t\"example.com/15-api-rate-limiter/internal/config\"\n";
    assert!(app.text.contains(import));
    let touched = app.text.replace(import, &format!("\t\"example.com/other/internal/config\"\n{import}"));
    assert!(!wrote("app.go", &touched), "an import was added");
    assert!(!wrote("other.go", &app.text), "the name is another");
}

#[test]
fn a_lock_file_names_no_registry_and_every_python_requirement_is_pinned() {
    for (path, text) in templates::ALL {
        if path.ends_with("package-lock.json") {
            assert!(!text.contains("\"resolved\"") && !text.contains("registry."), "{path}");
        }
        let is_requirements = path.rsplit('/').next().is_some_and(|name| name.starts_with("requirements"));
        for line in text.lines().filter(|l| is_requirements && !l.starts_with(['#', '-'])) {
            assert!(line.contains("=="), "{path}: {line}");
        }
    }
}

#[test]
fn a_title_cannot_break_out_of_the_code_that_it_is_put_into() {
    let subject = Project {
        id: "99-x".into(),
        title: "A \"quoted\"\\ title\n'; DROP".into(),
        ..Catalogue::default().project("15-api-rate-limiter").unwrap().clone()
    };
    let files = track(&subject, "nestjs", "..");
    let manifest = &files.iter().find(|f| f.path == "package.json").unwrap().text;
    let value: serde_json::Value = serde_json::from_str(manifest).unwrap();
    assert_eq!(value["description"], "A quoted title DROP in NestJS");
}
