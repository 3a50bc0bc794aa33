//! The writers of stdout and stderr, and the progress line, which is cleared before either is written.

use std::io::{self, ErrorKind, Write};

use super::FilterError;

#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// The pipe was closed (`| head`). The program exits as if everything were written.
    #[error("the output pipe is closed")]
    Closed,
    /// The document does not fit the filter.
    #[error(transparent)]
    Filter(#[from] FilterError),
    /// The list is too long for one document.
    #[error(
        "cannot write the list as one JSON document: its items are longer than {} MiB",
        most / (1024 * 1024)
    )]
    TooLong {
        /// The limit in bytes.
        most: u64,
    },
    /// The disk is full or the device fails: the result is lost.
    #[error("cannot write the output")]
    Failed(#[source] io::Error),
}

impl From<io::Error> for OutputError {
    fn from(error: io::Error) -> Self {
        if error.kind() == ErrorKind::BrokenPipe {
            return Self::Closed;
        }
        Self::Failed(error)
    }
}

/// Moves to the first column and erases the line (ECMA-48 §8.3.41).
const CLEAR_LINE: &str = "\r\u{1b}[K";

/// stdout and stderr.
pub(super) struct Streams {
    stdout: Box<dyn Write + Send>,
    stderr: Box<dyn Write + Send>,
    /// Whether a progress line must be cleared before anything else is written.
    has_progress: bool,
}

impl Streams {
    pub(super) fn new(stdout: Box<dyn Write + Send>, stderr: Box<dyn Write + Send>) -> Self {
        Self {
            stdout,
            stderr,
            has_progress: false,
        }
    }

    pub(super) fn stdout(&mut self, text: &str, is_terminal: bool) -> Result<(), OutputError> {
        if is_terminal {
            self.progress(None);
        }
        self.stdout.write_all(text.as_bytes())?;
        Ok(self.stdout.flush()?)
    }

    pub(super) fn stdout_bytes(&mut self, bytes: &[u8]) -> Result<(), OutputError> {
        self.stdout.write_all(bytes)?;
        Ok(self.stdout.flush()?)
    }

    /// Ignores errors, because no other stream is left to report them on.
    pub(super) fn stderr(&mut self, text: &str) {
        self.progress(None);
        self.write_stderr(text);
    }

    pub(super) fn progress(&mut self, text: Option<&str>) {
        if let Some(text) = text {
            self.write_stderr(&format!("\r{text}\u{1b}[K"));
        } else if self.has_progress {
            self.write_stderr(CLEAR_LINE);
        }
        self.has_progress = text.is_some();
    }

    fn write_stderr(&mut self, text: &str) {
        let written = self.stderr.write_all(text.as_bytes());
        let _lost = written.and_then(|()| self.stderr.flush());
    }
}
