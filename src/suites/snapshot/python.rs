//! Python in a snapshot: an editable install leads back into the work tree, unless `PYTHONPATH` comes first.

use super::Trouble;
use crate::suites::toolchain::Bench;
use crate::system::exec::Run;
use regex::Regex;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

/// The `PYTHONPATH` for a suite in the snapshot `root` whose track is at `track` (relative): the snapshot's `src` and root first, then
/// what stands there for editable installs that point into the work tree `top`, then what was set already.
///
/// # Errors
/// An editable install points into the work tree in a way that `PYTHONPATH` can't overrule.
pub fn path(root: &Path, track: &Path, top: &Path, bench: &Bench) -> Result<OsString, Trouble> {
    let here = root.join(track);
    let mut paths: Vec<PathBuf> = [here.join("src"), here].into_iter().filter(|p| p.is_dir()).collect();
    let top = top.canonicalize().unwrap_or_else(|_| top.to_owned());
    for site in sites(bench, &root.join(track)) {
        for found in editable(&site, &top)? {
            let ours = root.join(found);
            if !paths.contains(&ours) {
                paths.push(ours);
            }
        }
    }
    if let Some(before) = bench.env.get("PYTHONPATH") {
        paths.extend(std::env::split_paths(before));
    }
    std::env::join_paths(paths).map_err(|_| Trouble {
        what: "a directory for PYTHONPATH has a colon in its name".into(),
        mend: "set XDG_CACHE_HOME to a directory without one".into(),
    })
}

/// The directories that Python installs packages to.
fn sites(bench: &Bench, directory: &Path) -> Vec<PathBuf> {
    let question = "import site, sysconfig; print(sysconfig.get_paths()['purelib']); print(site.getusersitepackages())";
    let python = ["python", "python3"].iter().find_map(|p| bench.find(p));
    let Some(python) = python else { return Vec::new() };
    let answer = Run::new("ask Python for its packages", python, directory, &bench.env).args(["-c", question]).output();
    let text = answer.map(|o| String::from_utf8_lossy(&o.stdout).into_owned()).unwrap_or_default();
    text.lines().map(PathBuf::from).filter(|p| p.is_dir()).collect()
}

/// The directories, relative to `top`, that editable installs in `site` put on Python's path.
fn editable(site: &Path, top: &Path) -> Result<Vec<PathBuf>, Trouble> {
    let mut found = Vec::new();
    let mut unexplained = Vec::new();
    let inside = |p: &Path| p.canonicalize().ok().and_then(|p| p.strip_prefix(top).ok().map(Path::to_owned));
    let items: Vec<PathBuf> = fs::read_dir(site).into_iter().flatten().flatten().map(|i| i.path()).collect();
    for item in &items {
        let name = item.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = || fs::read(item).map(|b| String::from_utf8_lossy(&b).into_owned()).unwrap_or_default();
        if Path::new(&name).extension().is_some_and(|e| e == "pth") {
            let lines = text();
            found.extend(
                lines.lines().filter(|l| !l.starts_with("import ")).filter_map(|l| inside(Path::new(l.trim()))),
            );
        } else if name.starts_with("__editable__") && name.ends_with("_finder.py") {
            for (package, directory) in mapping(&text()) {
                let Some(directory) = inside(&directory) else { continue };
                let parent = directory.parent().map(Path::to_owned).unwrap_or_default();
                if directory.file_name().is_some_and(|n| n == package.as_str()) {
                    found.push(parent);
                } else {
                    unexplained.push(package);
                }
            }
        } else if name.ends_with(".dist-info") {
            let url = fs::read_to_string(item.join("direct_url.json")).unwrap_or_default();
            let value: serde_json::Value = serde_json::from_str(&url).unwrap_or_default();
            let is_editable = value.pointer("/dir_info/editable").and_then(serde_json::Value::as_bool) == Some(true);
            let directory = value.get("url").and_then(|u| u.as_str()).and_then(|u| u.strip_prefix("file://"));
            if is_editable && directory.is_some_and(|d| inside(Path::new(&unescape(d))).is_some()) {
                unexplained.push(name.split('-').next().unwrap_or_default().to_owned());
            }
        }
    }
    // A `.pth` or a finder that leads into the work tree explains an editable install; one that nothing explains uses a loader of its
    // own, which comes before PYTHONPATH.
    if found.is_empty()
        && let Some(package) = unexplained.first()
    {
        return Err(Trouble {
            what: format!("the editable install of {package} leads into the work tree, not to what is staged"),
            mend: "install it without -e, or stage what the work tree holds".into(),
        });
    }
    Ok(found)
}

/// The packages that a setuptools finder maps, with their directories.
fn mapping(text: &str) -> Vec<(String, PathBuf)> {
    let Some(line) = text.lines().find(|l| l.starts_with("MAPPING")) else { return Vec::new() };
    let Ok(pair) = Regex::new(r#"['"]([^'"]+)['"]\s*:\s*['"]([^'"]+)['"]"#) else { return Vec::new() };
    pair.captures_iter(line).map(|c| (c[1].to_owned(), PathBuf::from(&c[2]))).collect()
}

/// `%20` and its like.
fn unescape(url: &str) -> String {
    let mut out = Vec::new();
    let mut bytes = url.bytes();
    while let Some(b) = bytes.next() {
        let digits: Option<Vec<u8>> = (b == b'%').then(|| bytes.by_ref().take(2).collect());
        match digits.and_then(|d| u8::from_str_radix(std::str::from_utf8(&d).ok()?, 16).ok()) {
            Some(byte) => out.push(byte),
            None => out.push(b),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::files::replace;

    #[test]
    fn editable_installs_are_found_in_each_of_their_forms() {
        let home = tempfile::tempdir().unwrap();
        let top = home.path().canonicalize().unwrap().join("work");
        let site = home.path().join("site");
        replace(&top.join("python/src/app/__init__.py"), b"").unwrap();
        replace(&site.join("_app.pth"), top.join("python/src").to_str().unwrap().as_bytes()).unwrap();
        assert_eq!(editable(&site, &top).unwrap(), [Path::new("python/src")]);
        crate::system::files::remove(&site.join("_app.pth")).unwrap();
        let mapping = format!("MAPPING: dict[str, str] = {{'app': '{}'}}\n", top.join("python/src/app").display());
        replace(&site.join("__editable___app_0_1_finder.py"), mapping.as_bytes()).unwrap();
        assert_eq!(editable(&site, &top).unwrap(), [Path::new("python/src")]);
        crate::system::files::remove(&site.join("__editable___app_0_1_finder.py")).unwrap();
        let url = format!(r#"{{"url":"file://{}","dir_info":{{"editable":true}}}}"#, top.join("python").display());
        replace(&site.join("app-0.1.dist-info/direct_url.json"), url.as_bytes()).unwrap();
        assert!(editable(&site, &top).unwrap_err().what.contains("editable install of app"));
    }
}
