//! The terminal: the only place that prints. Views hand over finished text.

use super::env::Env;
use crate::failure::Failure;
use anstream::{AutoStream, ColorChoice};
use serde::Serialize;
use std::io::{self, BufRead, IsTerminal, Write};

/// How a reading command answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Format {
    /// Text for people.
    #[default]
    Human,
    /// One JSON value on standard output.
    Json,
}

/// When output is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` says otherwise; `CLICOLOR_FORCE` colours pipes too.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Where output goes and how much of it there is.
#[derive(Debug, Clone)]
pub struct Terminal {
    /// Text or JSON.
    pub format: Format,
    /// Only what must be said.
    pub quiet: bool,
    /// Say more.
    pub verbose: bool,
    color: Color,
    no_color: bool,
    force_color: bool,
    dumb: bool,
    columns: Option<usize>,
}

impl Terminal {
    /// The process's own standard streams.
    pub fn standard(env: &Env) -> Self {
        Terminal {
            format: Format::Human,
            quiet: false,
            verbose: false,
            color: Color::Auto,
            no_color: env.get("NO_COLOR").is_some(),
            force_color: env.text("CLICOLOR_FORCE").is_some_and(|v| v != "0"),
            dumb: env.text("TERM") == Some("dumb"),
            columns: env.text("COLUMNS").and_then(|c| c.parse().ok()).filter(|c| *c > 0),
        }
    }

    /// Takes `--color` into account.
    pub fn set_color(&mut self, color: Color) {
        self.color = color;
    }

    fn choice(&self, is_terminal: bool) -> ColorChoice {
        let on = match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto if self.no_color => false,
            Color::Auto => self.force_color || (is_terminal && !self.dumb),
        };
        if on { ColorChoice::Always } else { ColorChoice::Never }
    }

    /// Whether a person sits at both ends: questions may be asked.
    pub fn is_interactive(&self) -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Whether lines on standard error may be rewritten in place.
    pub fn is_live(&self) -> bool {
        io::stderr().is_terminal() && !self.dumb && !self.no_color && !self.quiet
    }

    /// The width to wrap text at: the terminal's, or 80 in a pipe; `COLUMNS` overrules both.
    pub fn width(&self) -> usize {
        self.columns.or_else(|| terminal_size::terminal_size().map(|(w, _)| usize::from(w.0))).unwrap_or(80)
    }

    /// Whether the answer is wanted as JSON.
    pub fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    /// Writes `text` to standard output as it is.
    ///
    /// # Errors
    /// A broken pipe becomes the quiet failure of that name.
    pub fn out(&self, text: &str) -> Result<(), Failure> {
        let whole = self.whole(text, io::stdout().is_terminal());
        Self::write(io::stdout().lock(), &whole, "standard output")
    }

    /// A text as it is written in one piece, so that it takes one call of the system, and nobody who writes at the same time tears it.
    fn whole(&self, text: &str, is_terminal: bool) -> Vec<u8> {
        let mut whole = AutoStream::new(Vec::with_capacity(text.len()), self.choice(is_terminal));
        // There is always room in memory.
        let _ = whole.write_all(text.as_bytes());
        whole.into_inner()
    }

    /// Writes bytes to standard output, whatever they hold.
    ///
    /// # Errors
    /// As [`Terminal::out`].
    pub fn out_bytes(&self, bytes: &[u8]) -> Result<(), Failure> {
        Self::write(io::stdout().lock(), bytes, "standard output")
    }

    /// Writes `value` to standard output as JSON with a final newline.
    ///
    /// # Errors
    /// As [`Terminal::out`].
    pub fn json<T: Serialize>(&self, value: &T) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(value)
            .map_err(|e| Failure::missing("can't write the answer as JSON").because(e))?;
        self.out_bytes(format!("{text}\n").as_bytes())
    }

    /// Writes `text` to standard error: what is for people while standard output carries data.
    ///
    /// # Errors
    /// As [`Terminal::out`].
    pub fn err(&self, text: &str) -> Result<(), Failure> {
        let whole = self.whole(text, io::stderr().is_terminal());
        Self::write(io::stderr().lock(), &whole, "standard error")
    }

    /// Writes `text` to standard error unless `-q` was given.
    ///
    /// # Errors
    /// As [`Terminal::out`].
    pub fn note(&self, text: &str) -> Result<(), Failure> {
        if self.quiet { Ok(()) } else { self.err(text) }
    }

    /// Writes a line on standard error over the one before it; an empty one takes it away. Only where [`Terminal::is_live`].
    pub fn live(&self, line: &str) {
        let mut to = io::stderr().lock();
        let text = line.chars().take(self.width().saturating_sub(1)).collect::<String>();
        // Progress that can't be shown is no reason to stop.
        let _ = write!(to, "\r\x1b[2K{text}").and_then(|()| to.flush());
    }

    /// A line of progress, where [`Terminal::is_live`]; it is taken away when the value is dropped, before anything else is said.
    pub fn progress(&self) -> Progress<'_> {
        Progress { terminal: self }
    }

    /// Asks a yes-or-no question on the terminal; anything but a yes is a no.
    ///
    /// # Errors
    /// The terminal can't be written or read.
    pub fn confirm(&self, question: &str) -> Result<bool, Failure> {
        self.err(&format!("{question} [y/N] "))?;
        let mut answer = String::new();
        io::stdin()
            .lock()
            .read_line(&mut answer)
            .map_err(|e| Failure::missing("can't read the answer from the terminal").because(e))?;
        Ok(matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes"))
    }

    /// All of standard input.
    ///
    /// # Errors
    /// It can't be read.
    pub fn input(&self) -> Result<Vec<u8>, Failure> {
        let mut bytes = Vec::new();
        io::Read::read_to_end(&mut io::stdin().lock(), &mut bytes)
            .map_err(|e| Failure::missing("can't read standard input").because(e))?;
        Ok(bytes)
    }

    fn write(mut to: impl Write, bytes: &[u8], name: &str) -> Result<(), Failure> {
        to.write_all(bytes).and_then(|()| to.flush()).map_err(|e| match e.kind() {
            io::ErrorKind::BrokenPipe => Failure::broken_pipe(),
            _ => Failure::missing(format!("can't write to {name}")).because(e),
        })
    }
}

/// A line of progress.
#[derive(Debug)]
pub struct Progress<'a> {
    terminal: &'a Terminal,
}

impl Progress<'_> {
    /// Shows this text instead of the one before it.
    pub fn show(&self, text: &str) {
        if self.terminal.is_live() {
            self.terminal.live(text);
        }
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        self.show("");
    }
}

/// Reads from standard input, for a process that is told through it when to stop.
///
/// # Errors
/// It can't be read.
pub fn read_input(buffer: &mut [u8]) -> io::Result<usize> {
    io::Read::read(&mut io::stdin().lock(), buffer)
}
