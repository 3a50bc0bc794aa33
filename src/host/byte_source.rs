//! Files and stdin that the user names as data, of any size.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::sync::Arc;
use std::thread;

use bytes::Bytes;
use futures_util::{Stream, stream};
use tokio::sync::mpsc;

/// The size of the pieces that are read.
const PIECE: usize = 64 * 1024;

/// The number of pieces that may wait to be sent.
const QUEUE: usize = 2;

/// The limit for data that is needed as a whole.
const MAX_TEXT: u64 = 16 * 1024 * 1024;

/// Data that is read while it is used.
#[derive(Debug)]
pub enum ByteSource {
    /// A regular file, which can be read more than once.
    File(Arc<File>, u64),
    /// Stdin, a pipe or a device.
    Pipe(File),
}

impl ByteSource {
    /// Opens `path`; `-` is stdin.
    ///
    /// # Errors
    /// Errors of the system.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = if path == Path::new("-") {
            File::from(rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stdin(), 3)?)
        } else {
            File::open(path)?
        };
        let metadata = file.metadata()?;
        if metadata.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        // A shell may have read the beginning of stdin.
        let is_whole = path != Path::new("-");
        Ok(if metadata.is_file() && is_whole {
            Self::File(Arc::new(file), metadata.len())
        } else {
            Self::Pipe(file)
        })
    }

    /// Reads all of it as text.
    ///
    /// # Errors
    /// Errors of the system, and `InvalidData` for other data than UTF-8 and for more than 16 MiB.
    pub fn read_text(path: &Path) -> io::Result<String> {
        let mut text = String::new();
        let source = match Self::open(path)? {
            Self::File(file, _) => Arc::into_inner(file).ok_or(io::ErrorKind::Other)?,
            Self::Pipe(file) => file,
        };
        source.take(MAX_TEXT + 1).read_to_string(&mut text)?;
        if text.len() as u64 > MAX_TEXT {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "it is longer than 16 MiB",
            ));
        }
        Ok(text)
    }
}

/// Returns the contents of a regular file from its beginning.
pub fn read_file(file: Arc<File>) -> impl Stream<Item = io::Result<Bytes>> + Send {
    stream::try_unfold((file, 0), |(file, at)| async move {
        let mut piece = vec![0; PIECE];
        let length = loop {
            match file.read_at(&mut piece, at) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        piece.truncate(length);
        let next = (file, at + length as u64);
        Ok((length > 0).then(|| (Bytes::from(piece), next)))
    })
}

/// Returns the contents of a pipe. Its thread ends with the program, because the other end may never be closed.
pub fn read_pipe(mut pipe: File) -> impl Stream<Item = io::Result<Bytes>> + Send {
    let (sender, mut receiver) = mpsc::channel(QUEUE);
    thread::spawn(move || {
        loop {
            let mut piece = vec![0; PIECE];
            let read = match pipe.read(&mut piece) {
                Ok(0) => return,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Ok(length) => {
                    piece.truncate(length);
                    Ok(Bytes::from(piece))
                }
                Err(error) => Err(error),
            };
            let is_last = read.is_err();
            if sender.blocking_send(read).is_err() || is_last {
                return;
            }
        }
    });
    stream::poll_fn(move |context| receiver.poll_recv(context))
}
