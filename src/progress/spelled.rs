//! What code without comments spells out: whether anything in it starts, and the routes of languages and frameworks that
//! [`crate::history::endpoints`] does not put together.

use super::inspect::Code;
use super::pattern::{has_any, in_code};
use regex::Regex;
use std::collections::BTreeSet;
use std::sync::LazyLock;

pub(super) struct Patterns {
    routes: Option<Regex>,
    starts: Option<Regex>,
}

/// Words of which every text that a pattern matches has one.
struct Words {
    routes: &'static [&'static str],
    starts: &'static [&'static str],
}

const NODE_WORDS: Words = Words {
    routes: &[
        "Get",
        "Post",
        "Put",
        "Patch",
        "Delete",
        "@All",
        "@Sse",
        "Message",
        "Event",
        "@Query",
        "@Mutation",
        "get",
        "post",
        "put",
        "patch",
        "delete",
        "all",
        "head",
        "GET",
        "POST",
        "PUT",
        "PATCH",
        "DELETE",
        "pathname",
        "url",
    ],
    starts: &[
        ".listen",
        "NestFactory",
        "createServer",
        "serve",
        "process.argv",
        "commander",
        "yargs",
        "export",
        "readline",
    ],
};
const GO_WORDS: Words = Words {
    routes: &[
        "GET(",
        "POST(",
        "PUT(",
        "PATCH(",
        "DELETE(",
        "Any(",
        "Get(",
        "Post(",
        "Put(",
        "Patch(",
        "Delete(",
        "Handle(",
        "HandleFunc(",
        "Methods(",
    ],
    starts: &["func main()"],
};
const PYTHON_WORDS: Words = Words {
    routes: &["@", "path(", "url(", ".register(", ".add_", "web.", "Route(", "def do_"],
    starts: &[
        "FastAPI(",
        "Starlette(",
        "reactor.run",
        "Flask(",
        "__main__",
        "uvicorn",
        "get_wsgi_application",
        "get_asgi_application",
        "execute_from_command_line",
        "Sanic(",
        "Litestar(",
        "web.run_app",
        "Application(",
    ],
};
/// Every text has the empty word.
const NO_WORDS: Words = Words { routes: &[""], starts: &[""] };

fn patterns(routes: &str, starts: &str) -> Patterns {
    Patterns { routes: in_code(routes), starts: in_code(starts) }
}

pub(super) static NODE: LazyLock<Patterns> = LazyLock::new(|| {
    patterns(
        r#"(?m)@(?:Get|Post|Put|Patch|Delete|All|Sse|SubscribeMessage|MessagePattern|EventPattern|Query|Mutation)\([^)\n]*|(?:app|server|fastify|api|[rR]outes?|\w*[rR]outer|instance|f|r)\s*\.\s*(?:get|post|put|patch|delete|all|head)\s*(?:<[^(]*>)?\(\s*(?:['"`][^'"`]*|[A-Z]\w*\.\w[^,)]*)|export\s+(?:async\s+function|function|const)\s+(?:GET|POST|PUT|PATCH|DELETE)\b|pathname\s*={2,3}\s*['"`][^'"`]*|url\s*={2,3}\s*['"`]/[^'"`]*"#,
        r"\.listen\s*\(|NestFactory|createServer|Bun\.serve|Deno\.serve|process\.argv|serve\s*\(|commander|yargs|export\s+(?:async\s+)?function\s+(?:GET|POST)\b|readline",
    )
});
pub(super) static GO: LazyLock<Patterns> = LazyLock::new(|| {
    patterns(
        r#"\.(?:GET|POST|PUT|PATCH|DELETE|Any)\(\s*"[^"]*|\.(?:Get|Post|Put|Patch|Delete|Handle|HandleFunc|Methods)\(\s*"(?:[A-Z]+ )?/[^"]*|\.(?:Handle|HandleFunc)\(\s*"[A-Z]+ /[^"]*"#,
        r"(?m)^func main\(\)",
    )
});
pub(super) static PYTHON: LazyLock<Patterns> = LazyLock::new(|| {
    patterns(
        r#"@\w+(?:\.\w+)?\.(?:get|post|put|patch|delete|route|api_route|websocket)\(\s*[rf]?['"][^'"]*|\b(?:path|re_path|url)\(\s*r?['"][^'"]*|\.register\(\s*r?['"][^'"]*|\.add_(?:api_)?route\(\s*['"][^'"]*|web\.(?:get|post|put|patch|delete)\(\s*['"][^'"]*|\b(?:Web[sS]ocket)?Route\(\s*[\w'"][^,)]*|def do_(?:GET|POST|PUT|PATCH|DELETE)\b"#,
        r"FastAPI\(|Starlette\(|reactor\.run|Flask\(|__main__|uvicorn|get_wsgi_application|get_asgi_application|execute_from_command_line|Sanic\(|Litestar\(|web\.run_app|Application\(",
    )
});
static RUST: LazyLock<Patterns> = LazyLock::new(|| {
    patterns(
        r#"#\[(?:get|post|put|patch|delete)\(\s*"[^"]*|\.route\(\s*"[^"]*|web::resource\(\s*"[^"]*|warp::path!?\([^)]*"#,
        r"(?m)fn main\s*\(",
    )
});
static JVM: LazyLock<Patterns> = LazyLock::new(|| {
    patterns(
        r#"@(?:Get|Post|Put|Patch|Delete)Mapping(?:\([^)]*)?|@RequestMapping\([^)]*method[^)]*|@(?:GET|POST|PUT|PATCH|DELETE)\b|(?m)^\s*(?:get|post|put|patch|delete)\(\s*"[^"]*"#,
        r"void main\s*\(|fun main\s*\(|object \w+ extends App",
    )
});
static DOTNET: LazyLock<Patterns> = LazyLock::new(|| {
    patterns(
        r#"\.Map(?:Get|Post|Put|Patch|Delete)\(\s*"[^"]*|\[Http(?:Get|Post|Put|Patch|Delete)[^\]]*"#,
        r"WebApplication|\.Run\(|static (?:async )?\w+ Main\(",
    )
});
static PHP: LazyLock<Patterns> = LazyLock::new(|| {
    patterns(
        r#"Route::(?:get|post|put|patch|delete|any|resource|apiResource)\(\s*['"][^'"]*|\$\w+\s*->\s*(?:get|post|put|patch|delete|map)\(\s*['"]/[^'"]*|#\[Route\(\s*['"][^'"]*|#\[(?:Get|Post|Put|Patch|Delete)\([^)]*"#,
        r"->run\(|->handle\w*\(|Application::configure|\$_SERVER|Kernel",
    )
});
static OTHER: LazyLock<Patterns> = LazyLock::new(|| {
    patterns(
        r#"(?m)^\s*(?:get|post|put|patch|delete)\s*\(?\s*['"]/[^'"]*"#,
        r"main\s*\(|start_link|run!|Application\.start|cowboy:start|listen|-main|server",
    )
});

fn of(family: Option<&str>) -> &'static Patterns {
    match family {
        Some("nestjs") => &NODE,
        Some("golang") => &GO,
        Some("python") => &PYTHON,
        Some("rust") => &RUST,
        Some("java" | "kotlin" | "scala") => &JVM,
        Some("csharp" | "fsharp") => &DOTNET,
        Some("php") => &PHP,
        _ => &OTHER,
    }
}

fn words(family: Option<&str>) -> &'static Words {
    match family {
        Some("nestjs") => &NODE_WORDS,
        Some("golang") => &GO_WORDS,
        Some("python") => &PYTHON_WORDS,
        _ => &NO_WORDS,
    }
}

/// How many routes these files declare.
pub fn routes(family: Option<&str>, code: &[Code]) -> usize {
    code.iter().map(|file| declared(family, &file.text)).sum()
}

/// How many routes a file declares; what it writes twice alike is one.
fn declared(family: Option<&str>, code: &str) -> usize {
    let Some(regex) = &of(family).routes else { return 0 };
    let found: BTreeSet<String> = regex.find_iter(code).map(|m| m.as_str().split_whitespace().collect()).collect();
    found.len()
}

/// As [`routes`], of one file: no pattern is made where none can match.
pub fn routes_of_one(family: Option<&str>, code: &str) -> usize {
    if has_any(code, words(family).routes) { declared(family, code) } else { 0 }
}

/// As [`starts`]: no pattern is made where none can match.
pub fn starts_by_itself(family: Option<&str>, code: &str) -> bool {
    has_any(code, words(family).starts) && starts(family, code)
}

/// Whether a file starts something: a server, a command.
pub fn starts(family: Option<&str>, code: &str) -> bool {
    of(family).starts.as_ref().is_some_and(|r| r.is_match(code))
}

#[cfg(test)]
mod tests {
    use super::super::pattern::tests::needs;
    use super::*;

    #[test]
    fn routes_are_counted_as_each_framework_declares_them() {
        for (family, code, count) in [
            ("nestjs", "@Get()\nall() {}\n@Get(':id')\none() {}\n@Post()\nadd() {}", 3),
            ("nestjs", "app.get('/a', f); router.post('/b', g); axios.get('http://x'); map.get('k')", 2),
            (
                "golang",
                "r.GET(\"/a\", f)\nr.POST(\"\", g)\nmux.HandleFunc(\"GET /c\", h)\nresp, _ := http.Get(\"http://x\")\nh.Get(\"Accept\")",
                3,
            ),
            (
                "python",
                "@app.get(\"/a\")\ndef a(): ...\n@router.post('/b')\ndef b(): ...\nd.get('x')\npath('todos/', v)",
                3,
            ),
            ("rust", "#[get(\"/a\")]\nasync fn a() {}\nRouter::new().route(\"/b\", get(b))", 2),
            ("java", "@GetMapping(\"/a\")\n@PostMapping\n", 2),
        ] {
            let files = [Code { path: "f".into(), text: code.into() }];
            assert_eq!(routes(Some(family), &files), count, "{family}: {code}");
        }
    }

    #[test]
    fn what_a_pattern_matches_has_one_of_its_words() {
        for family in [Some("nestjs"), Some("golang"), Some("python"), Some("rust")] {
            let (patterns, words) = (of(family), words(family));
            assert!(needs(patterns.routes.as_ref().unwrap(), words.routes), "{family:?}");
            assert!(needs(patterns.starts.as_ref().unwrap(), words.starts), "{family:?}");
        }
    }

    #[test]
    fn a_library_starts_nothing() {
        assert!(!starts(Some("golang"), "package limiter\nfunc Take() bool { return true }"));
        assert!(starts(Some("golang"), "package main\nfunc main() {}"));
        assert!(starts(Some("python"), "app = FastAPI()"));
    }
}
