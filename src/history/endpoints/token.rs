//! Source text as words, strings and marks: enough to find where routes are declared, with comments gone and strings whole.

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
pub(super) struct Token {
    /// What it is.
    pub kind: Kind,
    /// Its text; of a string what stands inside.
    pub text: String,
    /// Its line, from 1.
    pub line: usize,
}

impl Token {
    /// Whether it is this mark or word.
    pub(super) fn is(&self, text: &str) -> bool {
        matches!(self.kind, Kind::Mark | Kind::Word) && self.text == text
    }
}

/// The tokens of `source`.
pub(super) fn tokens(source: &str, syntax: Syntax) -> Vec<Token> {
    let mut lexer = Lexer { chars: source.chars().collect(), at: 0, line: 1, syntax, found: Vec::new() };
    while lexer.at < lexer.chars.len() {
        lexer.step();
    }
    lexer.found
}

struct Lexer {
    chars: Vec<char>,
    at: usize,
    line: usize,
    syntax: Syntax,
    found: Vec<Token>,
}

impl Lexer {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek(0)?;
        self.at += 1;
        self.line += usize::from(c == '\n');
        Some(c)
    }

    fn push(&mut self, kind: Kind, text: String, line: usize) {
        self.found.push(Token { kind, text, line });
    }

    fn step(&mut self) {
        let Some(c) = self.peek(0) else { return };
        let python = self.syntax == Syntax::Python;
        match c {
            _ if c.is_whitespace() => {
                self.next();
            }
            '#' if python => self.skip_line(),
            '/' if !python && self.peek(1) == Some('/') => self.skip_line(),
            '/' if !python && self.peek(1) == Some('*') => self.skip_block(),
            '/' if self.syntax == Syntax::Script && self.regex_may_start() => self.skip_regex(),
            '"' | '\'' => self.string(c, false),
            '`' if !python => self.string(c, false),
            _ if c.is_alphanumeric() || c == '_' || c == '$' => self.word(),
            _ => {
                let line = self.line;
                self.next();
                self.push(Kind::Mark, c.to_string(), line);
            }
        }
    }

    fn skip_line(&mut self) {
        while self.peek(0).is_some_and(|c| c != '\n') {
            self.at += 1;
        }
    }

    fn skip_block(&mut self) {
        self.at += 2;
        while self.at < self.chars.len() && !(self.peek(0) == Some('*') && self.peek(1) == Some('/')) {
            self.next();
        }
        self.at = (self.at + 2).min(self.chars.len());
    }

    /// After an operator a slash begins a regular expression; after a value it divides.
    fn regex_may_start(&self) -> bool {
        self.found.last().is_none_or(|t| match t.kind {
            Kind::Mark => !matches!(t.text.as_str(), ")" | "]" | "}"),
            Kind::Word => matches!(t.text.as_str(), "return" | "typeof" | "case"),
            _ => false,
        })
    }

    fn skip_regex(&mut self) {
        let mut class = false;
        self.at += 1;
        while let Some(c) = self.peek(0) {
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
            self.at += 1;
        }
    }

    fn word(&mut self) {
        let (start, line) = (self.at, self.line);
        while self.peek(0).is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '$')) {
            self.at += 1;
        }
        let text: String = self.chars[start..self.at].iter().collect();
        if self.syntax == Syntax::Python
            && let Some(quote @ ('"' | '\'')) = self.peek(0)
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
        let triple = self.syntax == Syntax::Python && self.peek(1) == Some(quote) && self.peek(2) == Some(quote);
        self.at += if triple { 3 } else { 1 };
        let mut text = String::new();
        let mut dynamic = false;
        let long = triple || quote == '`';
        while let Some(c) = self.peek(0) {
            let ends = if triple {
                c == quote && self.peek(1) == Some(quote) && self.peek(2) == Some(quote)
            } else {
                c == quote || (c == '\n' && !long)
            };
            if ends {
                self.at += if triple { 3 } else { usize::from(c == quote) };
                break;
            }
            if c == '\\' && !(quote == '`' && self.syntax == Syntax::Go) {
                self.next();
            } else if (quote == '`' && c == '$' && self.peek(1) == Some('{')) || (formatted && c == '{') {
                dynamic = true;
            }
            text.extend(self.next());
        }
        self.push(if dynamic { Kind::Dynamic } else { Kind::Text }, text, line);
    }
}

/// Where the bracket that opens at `open` closes; the end of the tokens where it never does.
pub(super) fn close(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(open).filter(|(_, t)| t.kind == Kind::Mark) {
        match token.text.as_str() {
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
pub(super) fn arguments(tokens: &[Token], open: usize) -> Vec<std::ops::Range<usize>> {
    let end = close(tokens, open);
    let (mut found, mut start, mut at) = (Vec::new(), open + 1, open + 1);
    while at < end {
        let token = &tokens[at];
        if token.kind == Kind::Mark && matches!(token.text.as_str(), "(" | "[" | "{") {
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
