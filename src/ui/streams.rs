//! The two writers, and the progress line that gives way to both.

use std::io::{self, ErrorKind, Write};

/// The result did not reach its reader.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// The reader went away (`| head`): it has what it wanted, and the program ends as if all were written.
    #[error("the output is closed (broken pipe)")]
    Closed,
    /// More items than one document may have.
    #[error(
        "cannot write the list as one JSON document: its items are longer than {} MiB",
        most / (1024 * 1024)
    )]
    TooLong {
        /// The limit in bytes.
        most: u64,
    },
    /// Full disk, failing device: the result is lost.
    #[error("the output could not be written")]
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

/// Back to the first column, and everything from there on erased (ECMA-48 §8.3.41).
const CLEAR_LINE: &str = "\r\u{1b}[K";

/// stdout and stderr.
pub(super) struct Streams {
    stdout: Box<dyn Write + Send>,
    stderr: Box<dyn Write + Send>,
    /// A progress line is on the terminal and must be removed before other output.
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

    /// What cannot be written is given up: there is no place left to say so.
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
