//! Go modules: `go.mod` against `go.sum`, and both against what has been downloaded.

use super::named;
use crate::doctor::Finding;
use std::path::PathBuf;

/// A module that `go.mod` requires.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Module {
    /// Its path.
    pub path: String,
    /// Its version.
    pub version: String,
}

/// The modules that a `go.mod` requires, but for those that it replaces by something else.
pub fn required(text: &str) -> Vec<Module> {
    let (mut modules, mut replaced): (Vec<Module>, Vec<String>) = (Vec::new(), Vec::new());
    let mut block = String::new();
    for line in text.lines() {
        let line = line.split("//").next().unwrap_or_default().trim();
        let (verb, rest) = match line.split_once(char::is_whitespace) {
            _ if line == ")" => {
                block.clear();
                continue;
            }
            Some((verb, "(")) => {
                verb.clone_into(&mut block);
                continue;
            }
            _ if !block.is_empty() => (block.as_str(), line),
            Some((verb, rest)) => (verb, rest.trim()),
            None => continue,
        };
        let mut words = rest.split_whitespace().map(|w| w.trim_matches('"'));
        match (verb, words.next(), words.next()) {
            ("require", Some(path), Some(version)) => {
                modules.push(Module { path: path.into(), version: version.into() });
            }
            ("replace", Some(path), _) => replaced.push(path.into()),
            _ => {}
        }
    }
    modules.retain(|m| !replaced.contains(&m.path));
    modules
}

/// Whether what is needed is pinned and downloaded. `has` says whether a module's source is in the module cache; `vendored` whether
/// there is a `vendor` directory. `at` is the track's directory, for people `name`.
pub fn judge(
    modules: &[Module],
    sums: Option<&str>,
    has: impl Fn(&Module) -> bool,
    vendored: bool,
    name: &str,
    at: PathBuf,
) -> Finding {
    let id = format!("dependencies.{name}");
    let sums = sums.unwrap_or_default();
    let known = |m: &&Module| {
        let line = format!("{} {}/go.mod ", m.path, m.version);
        !sums.lines().any(|l| l.starts_with(&line))
    };
    let unpinned: Vec<String> = modules.iter().filter(known).map(|m| m.path.clone()).collect();
    if !unpinned.is_empty() {
        let what = format!("{name}: go.sum has no checksum for what go.mod requires: {}", named(&unpinned));
        return Finding::error(id, what, "`go build` and `go test` refuse").mended_in("go mod tidy", at);
    }
    if vendored || modules.is_empty() {
        return Finding::fine(id, format!("{name}: go.mod and go.sum agree"));
    }
    // Only what is imported is ever fetched whole: a module that is pinned by its go.mod alone is not missed.
    let whole = |m: &&Module| sums.lines().any(|l| l.starts_with(&format!("{} {} ", m.path, m.version)));
    let absent: Vec<String> = modules.iter().filter(whole).filter(|m| !has(m)).map(|m| m.path.clone()).collect();
    if absent.is_empty() {
        return Finding::fine(id, format!("{name}: go.mod and go.sum agree, and all is downloaded"));
    }
    let what = format!("{name}: not downloaded yet: {}", named(&absent));
    Finding::warning(id, what, "the first build needs the network").safely_mended_by("go mod download", at)
}

/// A path or version as the module cache has it: `!a` for `A`.
pub fn escaped(text: &str) -> String {
    text.chars()
        .flat_map(|c| {
            let mark = c.is_ascii_uppercase().then_some('!');
            mark.into_iter().chain([c.to_ascii_lowercase()])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Severity;

    const MOD: &str = "module example.com/x\n\ngo 1.22\n\nrequire github.com/gin-gonic/gin v1.10.0\nrequire (\n\tgorm.io/gorm v1.25.0 // indirect\n\texample.com/shared v0.0.0\n)\nreplace example.com/shared => ../shared\n";
    const SUM: &str = "github.com/gin-gonic/gin v1.10.0 h1:x=\ngithub.com/gin-gonic/gin v1.10.0/go.mod h1:x=\ngorm.io/gorm v1.25.0/go.mod h1:x=\n";

    #[test]
    fn both_forms_of_require_are_read_and_what_is_replaced_is_not_wanted() {
        let paths: Vec<String> = required(MOD).into_iter().map(|m| m.path).collect();
        assert_eq!(paths, ["github.com/gin-gonic/gin", "gorm.io/gorm"]);
    }

    #[test]
    fn a_missing_checksum_a_missing_download_and_neither() {
        let judge = |sums, has| judge(&required(MOD), sums, |_| has, false, "golang", "/x".into());
        let unpinned = judge(None, true);
        assert!(unpinned.what.ends_with("github.com/gin-gonic/gin, gorm.io/gorm"), "{}", unpinned.what);
        assert!(!unpinned.mend.unwrap().safe, "`go mod tidy` edits files");
        let absent = judge(Some(SUM), false);
        assert_eq!(absent.what, "golang: not downloaded yet: github.com/gin-gonic/gin");
        assert!(absent.mend.unwrap().safe);
        assert_eq!(judge(Some(SUM), true).severity, Severity::Fine);
    }

    #[test]
    fn capitals_are_escaped_as_in_the_module_cache() {
        assert_eq!(escaped("github.com/BurntSushi/toml"), "github.com/!burnt!sushi/toml");
    }
}
