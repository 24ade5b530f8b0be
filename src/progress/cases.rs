//! Test cases, counted as the frameworks count them: on code, without comments and strings, skipped ones left out.

use super::pattern::{has_any, in_code};
use super::text::{self, Style};
use regex::Regex;
use std::sync::LazyLock;

pub(super) static JS: LazyLock<Option<Regex>> =
    LazyLock::new(|| in_code(r"(?m)(?:^|[^\w.$])(?:Deno\.)?(?:it|test)((?:\s*\.\s*\w+)*)\s*[(`]"));
pub(super) static GO: LazyLock<Option<Regex>> = LazyLock::new(|| {
    in_code(r"(?m)^func (?:Test(?:[^a-z\s(][\w]*)?\(\s*\w+\s+\*testing\.T\s*\)|Fuzz\w*\(\s*\w+\s+\*testing\.F\s*\))")
});
/// Words of which every text that matches [`JS`] has one, and likewise [`GO`]: no pattern is made for texts without.
const JS_WORDS: [&str; 2] = ["it", "test"];
const GO_WORDS: [&str; 2] = ["Test", "Fuzz"];
static MARKS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    in_code(
        r"#\[(?:\w+::)*test(?:\([^)]*\))?\]|#\[rstest\]|@(?:Test|ParameterizedTest|RepeatedTest)\b|\[(?:Fact|Theory|Test|TestMethod|TestCase)\b",
    )
});
static PHP: LazyLock<Option<Regex>> =
    LazyLock::new(|| in_code(r"(?m)function\s+test\w*\s*\(|#\[Test\]|^\s*(?:it|test)\s*\("));
static OTHER: LazyLock<Option<Regex>> =
    LazyLock::new(|| in_code(r#"(?m)^\s*(?:it|test|def test_\w*|testWidgets)\s*(?:\(|"|')|^\s*def test_\w+"#));

/// The cases in a test file of this family; none where nobody knows how to count them.
pub fn count(family: Option<&str>, bytes: &[u8]) -> Option<usize> {
    let family = family?;
    let code = text::code(bytes, Style::of(Some(family)), true);
    let matches = |regex: &LazyLock<Option<Regex>>| regex.as_ref().map(|r| r.find_iter(&code).count());
    match family {
        "nestjs" if !has_any(&code, &JS_WORDS) => Some(0),
        "nestjs" => JS.as_ref().map(|regex| {
            regex
                .captures_iter(&code)
                .filter(|c| !c.get(1).is_some_and(|m| m.as_str().contains("skip") || m.as_str().contains("todo")))
                .count()
        }),
        "golang" => {
            let raw = String::from_utf8_lossy(bytes);
            let tests = if has_any(&code, &GO_WORDS) { matches(&GO)? } else { 0 };
            Some(tests + examples(&raw))
        }
        "python" => Some(python(&code)),
        "rust" | "java" | "kotlin" | "csharp" | "fsharp" | "scala" => matches(&MARKS),
        "php" => matches(&PHP),
        "ruby" | "elixir" | "dart" | "crystal" => matches(&OTHER),
        _ => None,
    }
}

/// `func ExampleX()` with an `// Output:` in it.
fn examples(text: &str) -> usize {
    text.split("\nfunc ")
        .skip(1)
        .filter(|f| f.starts_with("Example") && (f.contains("// Output:") || f.contains("// Unordered output:")))
        .count()
}

/// Functions called `test…` at the top or in a class that pytest collects, without those that are marked to be skipped.
fn python(code: &str) -> usize {
    let mut cases = 0;
    // The indentation of the class around, and whether it is collected.
    let mut class: Option<(usize, bool)> = None;
    let mut class_cases = 0;
    let mut function: Option<usize> = None;
    let mut skipped = false;
    for line in code.lines().filter(|l| !l.trim().is_empty()) {
        let indent = line.len() - line.trim_start().len();
        let word = line.trim_start();
        if class.is_some_and(|(at, _)| indent <= at) {
            cases += std::mem::take(&mut class_cases);
            class = None;
        }
        if function.is_some_and(|at| indent <= at) {
            function = None;
        }
        if word.starts_with('@') {
            skipped |= word.contains("mark.skip") && !word.contains("skipif")
                || word.starts_with("@unittest.skip") && !word.contains("skipIf") && !word.contains("skipUnless");
            continue;
        }
        if let Some(rest) = word.strip_prefix("class ") {
            if function.is_none() && class.is_none() {
                let bases = rest.split_once('(').map_or("", |(_, b)| b);
                class = Some((indent, (rest.starts_with("Test") || bases.contains("TestCase")) && !skipped));
            }
        } else if let Some(name) = word.strip_prefix("async def ").or_else(|| word.strip_prefix("def ")) {
            let collected = match class {
                None => indent == 0,
                Some((_, yes)) => yes,
            };
            if function.is_none() {
                if name.starts_with("__init__") && class.is_some() {
                    // pytest collects no class with a constructor.
                    class = class.map(|(at, _)| (at, false));
                    class_cases = 0;
                } else if name.starts_with("test") && collected && !skipped {
                    if class.is_some() { class_cases += 1 } else { cases += 1 }
                }
                function = Some(indent);
            }
        }
        skipped = false;
    }
    cases + class_cases
}

#[cfg(test)]
mod tests {
    use super::super::pattern::tests::needs;
    use super::*;

    #[test]
    fn what_a_pattern_matches_has_one_of_its_words() {
        assert!(needs(JS.as_ref().unwrap(), &JS_WORDS) && needs(GO.as_ref().unwrap(), &GO_WORDS));
    }

    #[test]
    fn jest_counts_it_and_test_but_not_skipped_or_written_about() {
        let text = "describe('x', () => {\n  it('a', () => {});\n  test.each([1])('b', () => {});\n  it.only('c', f);\n  it.skip('d', f);\n  test.todo('e');\n  xit('f');\n  // it('g')\n  const s = \"it('h')\";\n  regex.test('i');\n  await visit('j');\n});";
        assert_eq!(count(Some("nestjs"), text.as_bytes()), Some(3));
        assert_eq!(count(Some("nestjs"), b"Deno.test('a', () => {});\nit.each`a|b`('x', f)"), Some(2));
    }

    #[test]
    fn go_counts_tests_fuzzers_and_examples_with_output() {
        let text = "package x\nfunc TestA(t *testing.T) {}\nfunc TestMain(m *testing.M) {}\nfunc Testable(t *testing.T) {}\nfunc FuzzB(f *testing.F) {}\nfunc BenchmarkC(b *testing.B) {}\nfunc ExampleD() {\n\t// Output: 1\n}\nfunc ExampleE() {}\n// func TestF(t *testing.T) {}\n";
        assert_eq!(count(Some("golang"), text.as_bytes()), Some(3));
    }

    #[test]
    fn pytest_counts_functions_and_methods_where_it_would_collect_them() {
        let text = "import pytest\ndef test_a():\n    def test_inner():\n        pass\nasync def test_b(): ...\nclass TestC:\n    def test_d(self): ...\n    def helper(self): ...\nclass Helper:\n    def test_no(self): ...\nclass Old(unittest.TestCase):\n    def test_e(self): ...\nclass TestBuilt:\n    def __init__(self): ...\n    def test_no(self): ...\n@pytest.mark.skip\ndef test_f(): ...\n@pytest.mark.parametrize('x', [1])\ndef test_g(x): ...\n# def test_h(): ...\n";
        assert_eq!(count(Some("python"), text.as_bytes()), Some(5));
    }

    #[test]
    fn other_frameworks_are_counted_by_their_marks() {
        assert_eq!(count(Some("rust"), b"#[test]\nfn a() {}\n#[tokio::test]\nasync fn b() {}\n// #[test]\n"), Some(2));
        assert_eq!(count(Some("java"), b"@Test\nvoid a() {}\n@ParameterizedTest\nvoid b() {}\n"), Some(2));
        assert_eq!(count(Some("php"), b"public function testA() {}\n"), Some(1));
        assert_eq!(count(None, b"anything"), None);
    }
}
