//! A Unix socket with mode 0600 in a directory that only its user can enter.

use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, Mode};
use rustix::process::{geteuid, umask};
use tokio::net::{UnixListener, UnixStream};

use crate::files::{Directory, DirectoryEntry, FileError, quote_path};

const PRIVATE_DIRECTORY: u32 = 0o700;
const OTHERS: u32 = 0o077;

#[derive(Debug, thiserror::Error)]
pub enum SocketError {
    #[error("the directory of the socket cannot be used")]
    Directory(#[from] FileError),
    #[error("{} exists and is not a socket of this user", quote_path(path))]
    NotASocket { path: PathBuf },
    #[error("another program listens on {}", quote_path(path))]
    InUse { path: PathBuf },
    #[error("cannot listen on {}", quote_path(path))]
    Io {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
}

/// A listening socket, removed on drop unless another one replaced it.
#[derive(Debug)]
pub struct OwnSocket {
    listener: UnixListener,
    directory: Directory,
    name: String,
    entry: Option<DirectoryEntry>,
}

impl OwnSocket {
    /// Creates the socket, and its directory if only that is missing. A socket that a killed process left is replaced.
    pub(super) async fn bind(path: &Path) -> Result<Self, SocketError> {
        let failed = |source| SocketError::Io {
            path: path.to_owned(),
            source,
        };
        let name = path.file_name().and_then(|name| name.to_str());
        let name = name.ok_or_else(|| failed(io::ErrorKind::InvalidInput.into()))?;
        let directory = private_directory(path)?;
        // Two processes that start must not both replace the same socket.
        let lock = rustix::fs::flock(directory.file(), FlockOperation::NonBlockingLockExclusive);
        lock.map_err(|_| SocketError::InUse {
            path: path.to_owned(),
        })?;
        let address = directory.address_of(name);
        remove_stale(&directory, name, path).await?;
        let listener = bind_private(&address).map_err(failed)?;
        let unlocked = rustix::fs::flock(directory.file(), FlockOperation::Unlock);
        unlocked.map_err(|error| failed(error.into()))?;
        Ok(Self {
            entry: directory.entry(name),
            name: name.to_owned(),
            listener,
            directory,
        })
    }

    pub(super) async fn accept(&self) -> io::Result<UnixStream> {
        let (stream, _) = self.listener.accept().await?;
        Ok(stream)
    }
}

impl Drop for OwnSocket {
    fn drop(&mut self) {
        if self.entry.is_some() && self.directory.entry(&self.name) == self.entry {
            let _left_behind = self.directory.remove(&self.name);
        }
    }
}

/// Opens the directory of the socket, or creates it. It must belong to the effective user, who alone may enter it, and
/// must not be a symbolic link; others must not be able to rename it.
fn private_directory(path: &Path) -> Result<Directory, FileError> {
    let parent = path.parent().filter(|it| !it.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
    let directory = match Directory::open_without_links(parent)? {
        Some(directory) => directory,
        None => create_directory(parent)?,
    };
    if directory.owner().user != geteuid().as_raw() {
        return Err(FileError::ForeignOwner {
            path: parent.to_owned(),
            owner: directory.owner().user,
        });
    }
    if directory.mode() & OTHERS != 0 {
        return Err(FileError::Permissive {
            path: parent.to_owned(),
            mode: directory.mode(),
            forbidden: OTHERS,
        });
    }
    if let Some(above) = directory.open_parent()? {
        above.check_unchangeable()?;
    }
    Ok(directory)
}

fn create_directory(path: &Path) -> Result<Directory, FileError> {
    match DirBuilder::new().mode(PRIVATE_DIRECTORY).create(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            Err(FileError::io("create", path)(error))
        }
        _ => {
            let missing = || FileError::io("open", path)(io::ErrorKind::NotFound.into());
            Directory::open_without_links(path)?.ok_or_else(missing)
        }
    }
}

/// Removes a socket of this user on which no process listens.
async fn remove_stale(directory: &Directory, name: &str, path: &Path) -> Result<(), SocketError> {
    let Some(found) = directory.entry(name) else {
        return Ok(());
    };
    if !found.is_socket || found.owner != geteuid().as_raw() {
        let path = path.to_owned();
        return Err(SocketError::NotASocket { path });
    }
    match UnixStream::connect(directory.address_of(name)).await {
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {}
        _ => {
            let path = path.to_owned();
            return Err(SocketError::InUse { path });
        }
    }
    directory.remove(name).map_err(|source| SocketError::Io {
        path: path.to_owned(),
        source,
    })
}

/// Creates the socket with mode 0600, for which only the umask can provide.
fn bind_private(address: &Path) -> io::Result<UnixListener> {
    let before = umask(Mode::from_raw_mode(0o177));
    let bound = UnixListener::bind(address);
    umask(before);
    bound
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};

    use super::*;

    fn home() -> tempfile::TempDir {
        let home = tempfile::tempdir().unwrap();
        fs::set_permissions(home.path(), Permissions::from_mode(0o700)).unwrap();
        home
    }

    #[tokio::test]
    async fn socket_and_directory_are_private_and_the_socket_is_removed() {
        let home = home();
        let path = home.path().join("new/proxy.sock");
        let socket = OwnSocket::bind(&path).await.unwrap();
        let mode = |path: &Path| fs::symlink_metadata(path).unwrap().mode() & 0o7777;
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(path.parent().unwrap()), 0o700);
        assert!(UnixStream::connect(&path).await.is_ok());
        let second = OwnSocket::bind(&path).await.unwrap_err();
        assert!(matches!(second, SocketError::InUse { .. }), "{second:?}");
        drop(socket);
        assert!(!path.exists());
    }

    #[tokio::test]
    async fn a_socket_without_a_listener_is_replaced_and_anything_else_is_not() {
        let home = home();
        let path = home.path().join("proxy.sock");
        drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
        let socket = OwnSocket::bind(&path).await.unwrap();
        // Another process replaced it meanwhile: not ours to remove.
        fs::remove_file(&path).unwrap();
        let other = std::os::unix::net::UnixListener::bind(&path).unwrap();
        drop(socket);
        assert!(path.exists());
        drop(other);
        for kind in ["file", "link", "directory"] {
            let path = home.path().join(kind);
            match kind {
                "file" => fs::File::create_new(&path).map(drop).unwrap(),
                "link" => symlink("proxy.sock", &path).unwrap(),
                _ => fs::create_dir(&path).unwrap(),
            }
            let error = OwnSocket::bind(&path).await.unwrap_err();
            assert!(matches!(error, SocketError::NotASocket { .. }), "{error:?}");
        }
    }

    #[tokio::test]
    async fn directories_that_others_can_enter_or_replace_are_refused() {
        let home = home();
        let open = home.path().join("open");
        fs::create_dir(&open).unwrap();
        fs::set_permissions(&open, Permissions::from_mode(0o755)).unwrap();
        let error = OwnSocket::bind(&open.join("x")).await.unwrap_err();
        assert!(
            matches!(error, SocketError::Directory(FileError::Permissive { .. })),
            "{error:?}"
        );
        let (real, link) = (home.path().join("real"), home.path().join("link"));
        fs::create_dir(&real).unwrap();
        fs::set_permissions(&real, Permissions::from_mode(0o700)).unwrap();
        symlink(&real, &link).unwrap();
        let error = OwnSocket::bind(&link.join("x")).await.unwrap_err();
        assert!(
            matches!(error, SocketError::Directory(FileError::Symlink { .. })),
            "{error:?}"
        );
        let shared = home.path().join("shared");
        fs::create_dir(&shared).unwrap();
        fs::set_permissions(&shared, Permissions::from_mode(0o777)).unwrap();
        let error = OwnSocket::bind(&shared.join("own/x")).await.unwrap_err();
        assert!(
            matches!(error, SocketError::Directory(FileError::Permissive { .. })),
            "{error:?}"
        );
        let missing = OwnSocket::bind(&home.path().join("a/b/x")).await;
        assert!(missing.is_err());
    }
}
