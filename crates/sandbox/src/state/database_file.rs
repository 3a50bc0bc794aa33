//! Opens the database file, which is private from the moment it is created.

use std::fs::{DirBuilder, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::schema::APPLICATION_ID;
use crate::base::SandboxError;

/// How long to wait for another process's transaction.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// Opens `path` and creates it if missing.
pub(crate) fn open(path: &Path) -> Result<Connection, SandboxError> {
    let failed = |source| SandboxError::File {
        path: path.to_owned(),
        source,
    };
    let path = prepare(path).map_err(failed)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    let connection = Connection::open_with_flags(&path, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    if !is_sandbox_database(&connection)? {
        return Err(SandboxError::NotASandbox(path));
    }
    restrict_permissions(&path).map_err(failed)?;
    Ok(connection)
}

/// Creates the directory (0700) and an empty file (0600), because SQLite would use the umask. SQLite gives its journal the mode of
/// the file. Returns a path without links.
fn prepare(path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    create_private_dir(directory)?;
    let path = directory.canonicalize()?.join(name);
    create_empty(&path)?;
    // A symbolic link must not be followed, and a named pipe would block.
    if path.symlink_metadata()?.is_file() {
        return Ok(path);
    }
    Err(io::Error::other("it is a link, a folder or a device"))
}

/// Creates the file if it is missing. Must not open an existing file: SQLite uses POSIX locks, and closing any descriptor of a file
/// drops all locks of the process on it ("How To Corrupt An SQLite Database File" §2.2). The mutex covers a second thread that
/// opens the file while the first one creates it.
fn create_empty(path: &Path) -> io::Result<()> {
    static CREATING: Mutex<()> = Mutex::new(());
    let _guard = CREATING.lock().unwrap_or_else(PoisonError::into_inner);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

fn create_private_dir(directory: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory)
}

/// Sets mode 0600: an existing file may have been readable by others.
#[cfg(unix)]
fn restrict_permissions(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = path.symlink_metadata()?.permissions().mode();
    if mode & 0o777 == 0o600 {
        return Ok(());
    }
    std::fs::set_permissions(path, PermissionsExt::from_mode(0o600))
}

#[cfg(not(unix))]
fn restrict_permissions(_path: &Path) -> io::Result<()> {
    Ok(())
}

/// Accepts an empty file and a database with [`APPLICATION_ID`]. Anything else belongs to another program.
fn is_sandbox_database(connection: &Connection) -> Result<bool, SandboxError> {
    let read_number = |name| connection.query_row(name, [], |row| row.get::<_, i64>(0));
    // In this order: another process may create the tables between the two, which sets the id in the same transaction.
    let is_own = read_number("PRAGMA page_count").and_then(|pages| {
        Ok(pages == 0 || read_number("PRAGMA application_id")? == APPLICATION_ID)
    });
    match is_own {
        Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::NotADatabase) => {
            Ok(false)
        }
        is_own => Ok(is_own?),
    }
}
