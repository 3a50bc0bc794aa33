//! Reads pipes, through which secret managers and shells pass a secret that is never on the disk.

use std::fs::File;
use std::io::{self, ErrorKind, Read as _};
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use super::FileError;

/// A secret manager may have to decrypt first, and asks its user beforehand.
const NAMED_LIMIT: Duration = Duration::from_secs(2);
/// Such a pipe has a writer, which may wait for its user: `<(op read …)`.
const DESCRIPTOR_LIMIT: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(5);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PipeKind {
    /// Its writer may open it later.
    Named,
    /// A pipe that this process inherited.
    Descriptor,
}

impl PipeKind {
    /// Reads a pipe that was opened without blocking until its writer closes it.
    ///
    /// # Errors
    /// [`FileError::PipeTimeout`] if no program writes or the writer does not end, [`FileError::TooLarge`], and system errors.
    pub(super) fn read(
        self,
        pipe: &File,
        path: &Path,
        max_size: u64,
    ) -> Result<Zeroizing<Vec<u8>>, FileError> {
        read(self, pipe, path, max_size)
    }

    fn limit(self) -> Duration {
        match self {
            Self::Named => NAMED_LIMIT,
            Self::Descriptor => DESCRIPTOR_LIMIT,
        }
    }
}

fn read(
    kind: PipeKind,
    mut pipe: &File,
    path: &Path,
    max_size: u64,
) -> Result<Zeroizing<Vec<u8>>, FileError> {
    let limit = usize::try_from(max_size).unwrap_or(usize::MAX);
    // Allocated once: a buffer that grows leaves copies that are not zeroized.
    let mut buffer = Zeroizing::new(vec![0; limit.saturating_add(1)]);
    let mut length = 0;
    let deadline = Instant::now() + kind.limit();
    loop {
        let rest = buffer.get_mut(length..).unwrap_or_default();
        match pipe.read(rest) {
            // Before its writer opens it, a named pipe looks as if it had ended.
            Ok(0) if length > 0 || kind == PipeKind::Descriptor => break,
            Err(error) if !is_temporary(&error) => return Err(FileError::io("read", path)(error)),
            Ok(0) | Err(_) => sleep(PAUSE),
            Ok(count) => length += count,
        }
        if length > limit {
            return Err(FileError::TooLarge {
                path: path.to_owned(),
                limit: max_size,
            });
        }
        if Instant::now() >= deadline {
            let path = path.to_owned();
            let seconds = kind.limit().as_secs();
            return Err(FileError::PipeTimeout { path, seconds });
        }
    }
    buffer.truncate(length);
    Ok(buffer)
}

fn is_temporary(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}
