//! Source text as words, strings and marks: enough to find where routes are declared, with comments gone and strings whole.

use std::borrow::Cow;

/// How a language writes comments and strings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Syntax {
    /// JavaScript and TypeScript.
    Script,
    /// Go.
    Go,
    /// Python.
    Python,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name or a number.
    Word,
    /// A string that says what it is.
    Text,
    /// A string that is put together at run time.
    Dynamic,
    /// One other character.
    Mark,
}

/// One token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token<'s> {
    /// What it is.
    pub kind: Kind,
    /// Its text; of a string what stands inside.
    pub text: Cow<'s, str>,
    /// Its line, from 1.
    pub line: usize,
}

impl Token<'_> {
    /// Whether it is this mark or word.
    pub(super) fn is(&self, text: &str) -> bool {
        matches!(self.kind, Kind::Mark | Kind::Word) && self.text == text
    }
}

/// The tokens of `source`.
pub(super) fn tokens(source: &str, syntax: Syntax) -> Vec<Token<'_>> {
    let found = Vec::with_capacity(source.len() / 6);
    let mut lexer = Lexer { source, at: 0, line: 1, syntax, found };
    while lexer.at < source.len() {
        lexer.step();
    }
    lexer.found
}

struct Lexer<'s> {
    source: &'s str,
    /// The byte at which the next character begins.
    at: usize,
    line: usize,
    syntax: Syntax,
    found: Vec<Token<'s>>,
}

impl<'s> Lexer<'s> {
    fn peek(&self) -> Option<char> {
        let first = *self.source.as_bytes().get(self.at)?;
        if first.is_ascii() { Some(char::from(first)) } else { self.source[self.at..].chars().next() }
    }

    /// The byte so far ahead: enough to know a mark that is ASCII, behind others.
    fn ahead(&self, bytes: usize) -> Option<char> {
        self.source.as_bytes().get(self.at + bytes).map(|byte| char::from(*byte))
    }

    /// Passes over a character, without counting lines.
    fn skip(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn next(&mut self) -> Option<char> {
        let c = self.skip()?;
        self.line += usize::from(c == '\n');
        Some(c)
    }

    fn push(&mut self, kind: Kind, text: impl Into<Cow<'s, str>>, line: usize) {
        self.found.push(Token { kind, text: text.into(), line });
    }

    fn step(&mut self) {
        let Some(c) = self.peek() else { return };
        let python = self.syntax == Syntax::Python;
        match c {
            ' ' => self.at += self.ascii(|byte| byte == b' '),
            _ if c.is_whitespace() => {
                self.next();
            }
            '#' if python => self.skip_line(),
            '/' if !python && self.ahead(1) == Some('/') => self.skip_line(),
            '/' if !python && self.ahead(1) == Some('*') => self.skip_block(),
            '/' if self.syntax == Syntax::Script && self.regex_may_start() => self.skip_regex(),
            '"' | '\'' => self.string(c, false),
            '`' if !python => self.string(c, false),
            _ if c.is_alphanumeric() || c == '_' || c == '$' => self.word(),
            _ => {
                let (start, line) = (self.at, self.line);
                self.next();
                self.push(Kind::Mark, &self.source[start..self.at], line);
            }
        }
    }

    fn skip_line(&mut self) {
        let rest = &self.source[self.at..];
        self.at += rest.find('\n').unwrap_or(rest.len());
    }

    fn skip_block(&mut self) {
        self.at += 2;
        while self.at < self.source.len() && !(self.ahead(0) == Some('*') && self.ahead(1) == Some('/')) {
            self.next();
        }
        self.at = (self.at + 2).min(self.source.len());
    }

    /// After an operator a slash begins a regular expression; after a value it divides.
    fn regex_may_start(&self) -> bool {
        self.found.last().is_none_or(|t| match t.kind {
            Kind::Mark => !matches!(&*t.text, ")" | "]" | "}"),
            Kind::Word => matches!(&*t.text, "return" | "typeof" | "case"),
            _ => false,
        })
    }

    fn skip_regex(&mut self) {
        let mut class = false;
        self.at += 1;
        while let Some(c) = self.peek() {
            match c {
                '\n' => return,
                '\\' => self.at += 1,
                '[' => class = true,
                ']' => class = false,
                '/' if !class => {
                    self.at += 1;
                    return;
                }
                _ => {}
            }
            self.skip();
        }
    }

    /// How many bytes from here on are ASCII characters of a kind.
    fn ascii(&self, is_one: impl Fn(u8) -> bool) -> usize {
        self.source.as_bytes()[self.at..].iter().take_while(|byte| is_one(**byte)).count()
    }

    fn word(&mut self) {
        let (start, line) = (self.at, self.line);
        self.at += self.ascii(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$'));
        while self.peek().is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '$')) {
            self.skip();
        }
        let text = &self.source[start..self.at];
        if self.syntax == Syntax::Python
            && let Some(quote @ ('"' | '\'')) = self.peek()
            && text.len() <= 2
            && text.chars().all(|c| "rRbBfFuU".contains(c))
        {
            let formatted = text.contains(['f', 'F']);
            self.string(quote, formatted);
            return;
        }
        self.push(Kind::Word, text, line);
    }

    fn string(&mut self, quote: char, formatted: bool) {
        let line = self.line;
        let is_triple = |lexer: &Self| [0, 1, 2].iter().all(|ahead| lexer.ahead(*ahead) == Some(quote));
        let triple = self.syntax == Syntax::Python && is_triple(self);
        self.at += if triple { 3 } else { 1 };
        let start = self.at;
        // What stands inside, where that is not what is written.
        let mut unescaped: Option<String> = None;
        let mut dynamic = false;
        let long = triple || quote == '`';
        let mut end = self.source.len();
        while let Some(c) = self.peek() {
            let ends = if triple { is_triple(self) } else { c == quote || (c == '\n' && !long) };
            if ends {
                end = self.at;
                self.at += if triple { 3 } else { usize::from(c == quote) };
                break;
            }
            if c == '\\' && !(quote == '`' && self.syntax == Syntax::Go) {
                unescaped.get_or_insert_with(|| self.source[start..self.at].to_owned());
                self.next();
            } else if (quote == '`' && c == '$' && self.ahead(1) == Some('{')) || (formatted && c == '{') {
                dynamic = true;
            }
            let inside = self.next();
            if let Some(text) = &mut unescaped {
                text.extend(inside);
            }
        }
        let kind = if dynamic { Kind::Dynamic } else { Kind::Text };
        match unescaped {
            Some(text) => self.push(kind, text, line),
            None => self.push(kind, &self.source[start..end], line),
        }
    }
}

/// Where the bracket that opens at `open` closes; the end of the tokens where it never does.
pub(super) fn close(tokens: &[Token<'_>], open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(open).filter(|(_, t)| t.kind == Kind::Mark) {
        match &*token.text {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at;
                }
            }
            _ => {}
        }
    }
    tokens.len()
}

/// The arguments between the bracket at `open` and the one that closes it: ranges of tokens, empty ones left out.
pub(super) fn arguments(tokens: &[Token<'_>], open: usize) -> Vec<std::ops::Range<usize>> {
    let end = close(tokens, open);
    let (mut found, mut start, mut at) = (Vec::new(), open + 1, open + 1);
    while at < end {
        let token = &tokens[at];
        if token.kind == Kind::Mark && matches!(&*token.text, "(" | "[" | "{") {
            at = close(tokens, at);
        } else if token.is(",") {
            found.push(start..at);
            start = at + 1;
        }
        at += 1;
    }
    found.push(start..end.max(start));
    found.retain(|range| !range.is_empty());
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn whatever_a_source_holds_its_words_and_marks_are_parts_of_it(
            parts in prop::collection::vec(
                prop_oneof![Just("\"\"\""), Just("'"), Just("`"), Just("\\"), Just("/*"), Just("//"), Just("${"), Just("f"), Just("é\n"), Just("本"), Just("[")],
                0..12,
            ),
        ) {
            let source = parts.concat();
            for syntax in [Syntax::Script, Syntax::Go, Syntax::Python] {
                for token in tokens(&source, syntax) {
                    let is_part = matches!(token.kind, Kind::Text | Kind::Dynamic) || source.contains(&*token.text);
                    prop_assert!(is_part && token.line <= source.lines().count().max(1), "{token:?}");
                }
            }
        }
    }
}
