//! The state as a file that nobody else can read, from the instant it exists.

use std::fs::{DirBuilder, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rusqlite::{Connection, OpenFlags};

use super::SandboxError;
use super::schema::APPLICATION_ID;

/// Opens `path`, which is made when it is missing.
pub(super) fn open(path: &Path) -> Result<Connection, SandboxError> {
    let failed = |source| SandboxError::File {
        path: path.to_owned(),
        source,
    };
    let path = prepare(path).map_err(failed)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    let connection = Connection::open_with_flags(&path, flags)?;
    connection.busy_timeout(super::PATIENCE)?;
    if !is_ours(&connection)? {
        return Err(SandboxError::NotASandbox(path));
    }
    restrict(&path).map_err(failed)?;
    Ok(connection)
}

/// Makes the folder (0700) and the empty file (0600) before SQLite, which would make them by the umask, sees them.
/// SQLite gives its journal the mode of the file itself. The path that comes back has no link in it.
fn prepare(path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    private_folder(folder)?;
    let path = folder.canonicalize()?.join(name);
    create_empty(&path)?;
    // A link must not lead elsewhere, and a named pipe must not hang the program.
    if path.symlink_metadata()?.is_file() {
        return Ok(path);
    }
    Err(io::Error::other("it is a link, a folder or a device"))
}

/// Makes the file unless it exists. A file that exists is never opened here: SQLite's locks are POSIX locks, and
/// closing any descriptor of a file drops all the locks that the process has on it ("How To Corrupt An SQLite Database
/// File" §2.2). The guard does the same for a second thread that opens the file while the first still makes it.
fn create_empty(path: &Path) -> io::Result<()> {
    static MAKING: Mutex<()> = Mutex::new(());
    let _guard = MAKING.lock().unwrap_or_else(PoisonError::into_inner);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// A file that was there before may have been open to others.
#[cfg(unix)]
fn restrict(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = path.symlink_metadata()?.permissions().mode();
    if mode & 0o777 == 0o600 {
        return Ok(());
    }
    std::fs::set_permissions(path, PermissionsExt::from_mode(0o600))
}

#[cfg(not(unix))]
fn restrict(_path: &Path) -> io::Result<()> {
    Ok(())
}

/// An empty file is fair game, and so is a database with our mark; anything else is somebody's work.
fn is_ours(connection: &Connection) -> Result<bool, SandboxError> {
    let number = |name| connection.query_row(name, [], |row| row.get::<_, i64>(0));
    let found = number("PRAGMA application_id")
        .and_then(|mark| Ok(mark == APPLICATION_ID || number("PRAGMA page_count")? == 0));
    match found {
        Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::NotADatabase) => {
            Ok(false)
        }
        found => Ok(found?),
    }
}
