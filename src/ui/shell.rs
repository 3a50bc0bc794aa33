//! Writes the result to stdout and everything else to stderr.

use std::fmt;
use std::io::{self, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use zeroize::Zeroizing;

use crate::domain::{Hint, RepeatedOptions, Secret, Warning};
use crate::host::Terminal;

use super::streams::Streams;
use super::{
    ColorWhen, Document, KeyValues, Line, OutputError, OutputFilter, Span, StreamStyle, Style,
    Table, TestBuffer, qr,
};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// Print only results, warnings and errors (`--quiet`).
    pub quiet: bool,
    /// Whether to print diagnostics: 1 with `--verbose`.
    pub verbose: u8,
    /// Print events as JSON lines and no other progress (`--json`).
    pub json: bool,
    /// Print a filtered document, and everything else for people (`--jq`, `--format`).
    pub filtered: bool,
    pub color: ColorWhen,
}

/// Returns the lines that make the runner of a CI job hide a secret in its log.
pub type Mask = Box<dyn Fn(&Secret) -> Secret + Send + Sync>;

/// A shell with the buffers that it writes into.
pub struct TestShell {
    pub shell: Shell,
    pub stdout: TestBuffer,
    pub stderr: TestBuffer,
}

/// The only writer of stdout and stderr. Errors of stderr are ignored, because no other stream is left to report them on.
pub struct Shell {
    terminal: Terminal,
    options: Options,
    /// The options that the commands in hints repeat.
    repeated_options: RepeatedOptions,
    /// Returns the lines that make the runner of a CI job hide a secret.
    mask: Option<Mask>,
    pub(super) filter: Option<OutputFilter>,
    streams: Mutex<Streams>,
}

impl fmt::Debug for Shell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shell")
            .field("terminal", &self.terminal)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

impl Shell {
    /// Creates a shell for the streams of this process.
    pub fn new(terminal: Terminal, options: Options) -> Self {
        Self::with_writers(
            terminal,
            options,
            Box::new(io::stdout()),
            Box::new(io::stderr()),
        )
    }

    pub fn with_writers(
        terminal: Terminal,
        options: Options,
        stdout: Box<dyn Write + Send>,
        stderr: Box<dyn Write + Send>,
    ) -> Self {
        Self {
            terminal,
            options,
            repeated_options: RepeatedOptions::default(),
            mask: None,
            filter: None,
            streams: Mutex::new(Streams::new(stdout, stderr)),
        }
    }

    /// Adds `options` to the commands in hints.
    #[must_use]
    pub fn with_repeated_options(self, options: RepeatedOptions) -> Self {
        Self {
            repeated_options: options,
            ..self
        }
    }

    /// Writes the lines that `mask` returns before a secret, so that the runner of a CI job hides it in the log.
    #[must_use]
    pub fn with_mask(self, mask: Option<Mask>) -> Self {
        Self { mask, ..self }
    }

    #[must_use]
    pub fn with_filter(self, filter: Option<OutputFilter>) -> Self {
        Self { filter, ..self }
    }

    /// Creates a shell that writes into buffers. Without `cfg(test)`, because a fuzz target uses it.
    pub fn with_test_buffers(terminal: Terminal, options: Options) -> TestShell {
        let (stdout, stderr) = (TestBuffer::default(), TestBuffer::default());
        let shell = Self::with_writers(
            terminal,
            options,
            Box::new(stdout.clone()),
            Box::new(stderr.clone()),
        );
        TestShell {
            shell,
            stdout,
            stderr,
        }
    }

    /// Returns what the streams are connected to.
    pub fn terminal(&self) -> &Terminal {
        &self.terminal
    }

    pub fn options(&self) -> &Options {
        &self.options
    }

    pub fn repeated_options(&self) -> &RepeatedOptions {
        &self.repeated_options
    }

    pub fn stdout_style(&self) -> StreamStyle {
        self.style_for(self.terminal.stdout)
    }

    pub fn stderr_style(&self) -> StreamStyle {
        self.style_for(self.terminal.stderr)
    }

    fn style_for(&self, is_terminal: bool) -> StreamStyle {
        StreamStyle {
            terminal: is_terminal,
            width: self.terminal.width,
            colour: self.options.color.decide(&self.terminal, is_terminal),
            utf8: self.terminal.utf8,
        }
    }

    /// Writes a line of the result to stdout.
    ///
    /// # Errors
    /// [`OutputError`] if it cannot be written.
    pub fn result(&self, line: impl Into<Line>) -> Result<(), OutputError> {
        self.to_stdout(&(line.into().paint(&self.stdout_style()) + "\n"))
    }

    /// Writes a table to stdout. Writes nothing if it has no rows.
    ///
    /// # Errors
    /// As [`Shell::result`].
    pub fn table(&self, table: &Table) -> Result<(), OutputError> {
        self.to_stdout(&table.render(&self.stdout_style()))
    }

    /// Writes the rows of a table and removes them from it; see [`Table::render_page`].
    ///
    /// # Errors
    /// As [`Shell::result`].
    pub fn table_page(&self, table: &mut Table) -> Result<(), OutputError> {
        let text = table.render_page(&self.stdout_style());
        self.to_stdout(&text)
    }

    /// Writes names and their values to stdout.
    ///
    /// # Errors
    /// As [`Shell::result`].
    pub fn key_values(&self, facts: &KeyValues) -> Result<(), OutputError> {
        self.to_stdout(&facts.render(&self.stdout_style()))
    }

    /// Asks the runner of a CI job to hide `secret` in the log, where the runner supports that. The command is on stderr,
    /// which runners read as well: stdout may be captured by a program.
    pub fn mask(&self, secret: &Secret) {
        if let Some(mask) = &self.mask {
            self.to_stderr(mask(secret).expose());
        }
    }

    /// Writes a secret to stdout, at the user's request, and zeroizes its copy.
    ///
    /// # Errors
    /// As [`Shell::result`].
    pub fn secret(&self, secret: &Secret) -> Result<(), OutputError> {
        let line = crate::domain::sanitize_text(secret.expose()) + "\n";
        self.to_stdout(&Zeroizing::new(line))
    }

    /// Writes text of another program or a server to stderr, without control characters; ends it with a line feed.
    pub fn foreign_text(&self, text: &str) {
        let text = crate::domain::sanitize_text(&text.replace('\t', "    "));
        let text = text.trim_end_matches('\n');
        if !text.is_empty() {
            self.to_stderr(&format!("{text}\n"));
        }
    }

    /// Writes a text of this program to stderr, unchanged.
    pub fn script_to_stderr(&self, text: &str) {
        self.to_stderr(text);
    }

    /// Writes sanitized text to stdout.
    pub(super) fn to_stdout(&self, text: &str) -> Result<(), OutputError> {
        let is_terminal = self.terminal.stdout;
        self.streams().stdout(text, is_terminal)
    }

    /// Writes progress to stderr; not with `--quiet` or `--json`.
    pub fn status(&self, line: impl Into<Line>) {
        if self.has_status_output() {
            self.write_line(&line.into());
        }
    }

    /// Writes a note that requires no action; not with `--quiet` or `--json`.
    pub fn note(&self, note: impl Into<Hint>) {
        if self.has_status_output() {
            let line = Line::from(note.into().render(&self.repeated_options));
            self.write_line(&line.labelled("note", Style::Bold));
        }
    }

    /// Writes a line for programs and people, such as the file that chose the credential; not with `--quiet`.
    pub fn notice(&self, line: impl Into<Line>) {
        if !self.options.quiet {
            self.write_line(&line.into());
        }
    }

    /// Writes what the user needs to continue, such as a user code; not with `--json`, which writes an event instead.
    pub fn announce(&self, line: impl Into<Line>) {
        if !self.writes_json() {
            self.write_line(&line.into());
        }
    }

    /// Writes a line that the next question refers to, with every option, as the question itself.
    pub fn question_detail(&self, line: impl Into<Line>) {
        self.write_line(&line.into());
    }

    /// Writes what the user decides about: as [`Self::question_detail`] if a question follows, else as [`Self::announce`].
    pub fn decision_detail(&self, line: impl Into<Line>, is_question: bool) {
        if is_question {
            self.question_detail(line);
        } else {
            self.announce(line);
        }
    }

    /// Writes a warning, with every option.
    pub fn warning(&self, warning: impl Into<Warning>) {
        let line = Line::from(warning.into().render(&self.repeated_options));
        self.write_line(&line.labelled("warning", Style::Warn));
    }

    /// Writes what failed, with every option.
    pub fn error(&self, line: impl Into<Line>) {
        self.write_line(&line.into().labelled("error", Style::Bad));
    }

    /// Writes the cause of a failure, with every option.
    pub fn cause(&self, line: impl Into<Line>) {
        self.write_line(&line.into().labelled("  cause", Style::Dim));
    }

    /// Writes what to do next, with every option.
    pub fn hint(&self, hint: impl Into<Hint>) {
        let line = Line::from(hint.into().render(&self.repeated_options));
        self.write_line(&line.labelled("hint", Style::Good));
    }

    /// Renders a hint for a line with another label.
    pub fn hint_text(&self, hint: &Hint) -> String {
        hint.render(&self.repeated_options)
    }

    /// Writes a diagnostic if `--verbose` is given.
    pub fn diagnostic(&self, line: &str) {
        if self.options.verbose >= 1 {
            self.write_line(&Span::dim(line).into());
        }
    }

    /// Writes an event as one JSON line if `--json` is given.
    pub fn event(&self, value: &impl Serialize) {
        let stream = self.stderr_style();
        if self.writes_json()
            && let Ok(document) = Document::new(value)
        {
            let mut text = document.text(stream.terminal && !stream.utf8);
            text.push('\n');
            self.to_stderr(&text);
        }
    }

    /// Shows `text` as a QR code on a terminal. Returns `false` if it does not fit or stderr is not a terminal.
    pub fn qr(&self, text: &str) -> bool {
        let stream = self.stderr_style();
        if !stream.terminal || self.options.json {
            return false;
        }
        let Some(code) = qr::qr(text, stream.width, stream.utf8) else {
            return false;
        };
        for line in code.lines() {
            self.to_stderr(&(qr::paint(line, &stream) + "\n"));
        }
        true
    }

    fn write_line(&self, line: &Line) {
        self.to_stderr(&(line.paint(&self.stderr_style()) + "\n"));
    }

    /// Writes sanitized text to stderr.
    pub(super) fn to_stderr(&self, text: &str) {
        self.streams().stderr(text);
    }

    /// Replaces the progress line by sanitized text; `None` clears it.
    pub(super) fn show_progress(&self, text: Option<&str>) {
        self.streams().progress(text);
    }

    /// Returns whether a progress line can be shown.
    pub(super) fn can_show_progress(&self) -> bool {
        self.terminal.stderr && !self.terminal.dumb && self.has_status_output()
    }

    /// Returns true if events and failures are JSON.
    pub fn writes_json(&self) -> bool {
        self.options.json && !self.options.filtered
    }

    fn has_status_output(&self) -> bool {
        !self.options.quiet && !self.options.json
    }

    /// A panic in another thread leaves the streams usable.
    pub(super) fn streams(&self) -> MutexGuard<'_, Streams> {
        self.streams.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
