//! Where the body of a response goes.

use std::io;
use std::path::{Path, PathBuf};

use crate::cli::failure::{Code, Failure};
use crate::files::quote_path;
use crate::host::OutputFile;
use crate::ui::{OutputError, Shell};

/// Stdout, a file, or nothing.
pub(super) struct Sink<'a> {
    pub(super) shell: &'a Shell,
    destination: Destination,
}

enum Destination {
    Stdout,
    File(OutputFile, PathBuf),
    Nothing,
}

impl<'a> Sink<'a> {
    /// Opens the file before anything is sent.
    pub(super) fn open(
        shell: &'a Shell,
        file: Option<&Path>,
        is_silent: bool,
    ) -> Result<Self, Failure> {
        let destination = match file {
            _ if is_silent => Destination::Nothing,
            Some(path) if path == "-" => Destination::Stdout,
            Some(path) => {
                let file = OutputFile::create(path).map_err(|error| failed(path, error))?;
                Destination::File(file, path.to_owned())
            }
            None => Destination::Stdout,
        };
        Ok(Self { shell, destination })
    }

    /// Returns true if people read the body.
    pub(super) fn is_terminal(&self) -> bool {
        matches!(self.destination, Destination::Stdout) && self.shell.terminal().stdout
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        match &mut self.destination {
            Destination::Stdout => Ok(self.shell.bytes(bytes)?),
            Destination::File(file, path) => file.write(bytes).map_err(|error| failed(path, error)),
            Destination::Nothing => Ok(()),
        }
    }

    /// Replaces the file.
    pub(super) fn finish(self) -> Result<(), Failure> {
        match self.destination {
            Destination::File(file, path) => file.finish().map_err(|error| failed(&path, error)),
            Destination::Stdout | Destination::Nothing => Ok(()),
        }
    }
}

fn failed(path: &Path, error: io::Error) -> Failure {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return OutputError::Closed.into();
    }
    let message = format!("cannot write {}", quote_path(path));
    Failure {
        source: Some(error.into()),
        ..Failure::new(Code::Storage, message)
    }
}
