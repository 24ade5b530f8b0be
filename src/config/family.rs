//! Families of languages as people meet them in repositories: what their directories are called, which files announce them,
//! and how their sources end. The presets of the configuration belong to three of them.

/// What tells one family of languages from another.
#[derive(Debug, PartialEq, Eq)]
pub struct Family {
    /// Its name: a preset's where there is one.
    pub name: &'static str,
    /// How people write it.
    pub title: &'static str,
    /// Words in a directory's name that point to it.
    pub aliases: &'static [&'static str],
    /// Files that announce an implementation (`*.ext` for any name with that ending).
    pub manifests: &'static [&'static str],
    /// Extensions of its sources.
    pub extensions: &'static [&'static str],
}

const fn family(
    name: &'static str,
    title: &'static str,
    aliases: &'static [&'static str],
    manifests: &'static [&'static str],
    extensions: &'static [&'static str],
) -> Family {
    Family { name, title, aliases, manifests, extensions }
}

/// Every family that is known without configuration; those with presets first.
pub const ALL: &[Family] = &[
    family(
        "nestjs",
        "NestJS",
        &[
            "nestjs",
            "nest",
            "node",
            "nodejs",
            "typescript",
            "ts",
            "javascript",
            "js",
            "express",
            "expressjs",
            "fastify",
            "koa",
            "hono",
            "hapi",
            "adonis",
            "bun",
            "deno",
            "elysia",
            "next",
            "nextjs",
        ],
        &["package.json", "nest-cli.json", "deno.json", "tsconfig.json"],
        &["ts", "mts", "cts", "js", "mjs", "cjs", "tsx", "jsx"],
    ),
    family(
        "golang",
        "Golang",
        &["golang", "go", "gin", "fiber", "gofiber", "chi", "echo", "gorilla"],
        &["go.mod", "main.go"],
        &["go"],
    ),
    family(
        "python",
        "Python",
        &["python", "py", "python3", "fastapi", "django", "flask", "litestar", "starlette", "sanic", "tornado"],
        &["pyproject.toml", "requirements.txt", "setup.py", "Pipfile", "manage.py", "main.py", "app.py"],
        &["py"],
    ),
    family("rust", "Rust", &["rust", "rs", "actix", "axum", "rocket", "warp"], &["Cargo.toml"], &["rs"]),
    family(
        "java",
        "Java",
        &["java", "spring", "springboot", "quarkus", "micronaut", "jvm"],
        &["pom.xml", "build.gradle", "build.gradle.kts"],
        &["java"],
    ),
    family("kotlin", "Kotlin", &["kotlin", "ktor", "kt"], &[], &["kt", "kts"]),
    family("csharp", "C#", &["csharp", "dotnet", "net", "aspnet", "aspnetcore", "cs"], &["*.csproj", "*.sln"], &["cs"]),
    family("fsharp", "F#", &["fsharp", "giraffe"], &["*.fsproj"], &["fs"]),
    family(
        "php",
        "PHP",
        &["php", "laravel", "symfony", "phalcon", "slim", "lumen"],
        &["composer.json", "artisan"],
        &["php"],
    ),
    family("ruby", "Ruby", &["ruby", "rails", "sinatra", "rb"], &["Gemfile"], &["rb"]),
    family("elixir", "Elixir", &["elixir", "phoenix", "exs"], &["mix.exs"], &["ex", "exs"]),
    family("erlang", "Erlang", &["erlang", "cowboy"], &["rebar.config"], &["erl"]),
    family("zig", "Zig", &["zig"], &["build.zig"], &["zig"]),
    family("scala", "Scala", &["scala", "akka", "http4s", "zio"], &["build.sbt"], &["scala"]),
    family("clojure", "Clojure", &["clojure", "clj"], &["project.clj", "deps.edn"], &["clj"]),
    family("haskell", "Haskell", &["haskell", "servant"], &["stack.yaml", "*.cabal"], &["hs"]),
    family("ocaml", "OCaml", &["ocaml"], &["dune-project"], &["ml"]),
    family("swift", "Swift", &["vapor"], &["Package.swift"], &["swift"]),
    family("dart", "Dart", &["dart", "shelf"], &["pubspec.yaml"], &["dart"]),
    family("crystal", "Crystal", &["crystal", "kemal"], &["shard.yml"], &["cr"]),
    family("nim", "Nim", &["nim", "jester"], &["*.nimble"], &["nim"]),
    family("gleam", "Gleam", &["gleam"], &["gleam.toml"], &["gleam"]),
    family("cpp", "C++", &["cpp", "cxx", "drogon", "crow"], &["CMakeLists.txt"], &["cpp", "cc", "cxx"]),
    family("c", "C", &["c"], &[], &["c"]),
    family("lua", "Lua", &["lua", "openresty"], &[], &["lua"]),
    family("perl", "Perl", &["perl"], &["cpanfile"], &["pl", "pm"]),
    family("vala", "Vala", &["vala"], &[], &["vala"]),
];

/// The families that have a preset.
pub const PRESETS: usize = 3;

/// The families that people build the same backend in; the others are known where they are configured.
pub fn backends() -> impl Iterator<Item = &'static Family> {
    ALL.iter().filter(|f| !matches!(f.name, "c" | "cpp" | "lua" | "perl" | "vala"))
}

/// The family that a language of this name (or a directory of it) belongs to.
pub fn named(name: &str) -> Option<&'static Family> {
    let is = |one: &str| name.eq_ignore_ascii_case(one);
    ALL.iter().find(|f| is(f.name)).or_else(|| ALL.iter().find(|f| f.aliases.iter().any(|a| is(a))))
}

/// The family whose sources end like this file.
pub fn of_file(name: &[u8]) -> Option<&'static Family> {
    let extension = extension(name)?;
    ALL.iter().find(|f| f.has_extension(extension))
}

/// What stands behind the last dot of a file's name; none where nothing does.
pub fn extension(name: &[u8]) -> Option<&[u8]> {
    let dot = name.iter().rposition(|b| *b == b'.')?;
    (dot > 0 && dot + 1 < name.len()).then(|| &name[dot + 1..])
}

impl Family {
    /// Whether a source of this family may end so.
    pub fn has_extension(&self, extension: &[u8]) -> bool {
        self.extensions.iter().any(|e| extension.eq_ignore_ascii_case(e.as_bytes()))
    }

    /// Whether a file of this name announces it.
    pub fn announces(&self, name: &[u8]) -> bool {
        self.manifests.iter().any(|m| match m.strip_prefix('*') {
            Some(ending) => name.ends_with(ending.as_bytes()),
            None => name.eq_ignore_ascii_case(m.as_bytes()),
        }) || self.name == "python" && name.starts_with(b"requirements") && name.ends_with(b".txt")
    }

    /// Whether a directory of this name points to it: the whole name, or one of its words.
    pub fn is_meant_by(&self, name: &[u8]) -> bool {
        let is = |word: &[u8]| self.aliases.iter().any(|a| a.as_bytes().eq_ignore_ascii_case(word));
        // A letter or two mean a language only where they are the whole name, or stand beside the usual words.
        is(name.strip_prefix(b".").unwrap_or(name))
            || name.split(|b| !b.is_ascii_alphanumeric()).any(|word| word.len() > 1 && is(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directories_are_known_by_their_words() {
        for (name, family) in [
            ("golang-gin", "golang"),
            ("backend-node", "nestjs"),
            ("todo-fastAPI", "python"),
            (".NET", "csharp"),
            ("java-springboot", "java"),
            ("c", "c"),
        ] {
            assert!(named(family).unwrap().is_meant_by(name.as_bytes()), "{name}");
        }
        assert!(!named("c").unwrap().is_meant_by(b"c-d"));
        assert!(!named("golang").unwrap().is_meant_by(b"google"));
    }

    #[test]
    fn a_preset_has_the_name_of_its_family() {
        let names: Vec<&str> = ALL.iter().take(PRESETS).map(|f| f.name).collect();
        assert_eq!(names, super::super::preset::NAMES);
    }
}
