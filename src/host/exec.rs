//! Replaces this program by another one, and passes secrets to it in memory.

use std::ffi::OsString;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt as _;
use std::process::Command;

use crate::domain::Secret;

/// Replaces this process by `command`, with `variables` added to its environment: the process id, the terminal and the
/// open standard streams stay. Returns only if that fails.
///
/// The standard library restores the default action of SIGPIPE, which its start-up code changed; handlers of other
/// signals end with this program, and ignored signals stay ignored.
pub fn exec<'a>(
    command: &[OsString],
    variables: impl IntoIterator<Item = (&'a str, &'a Secret)>,
) -> io::Error {
    let Some((program, arguments)) = command.split_first() else {
        return io::ErrorKind::NotFound.into();
    };
    let variables = variables
        .into_iter()
        .map(|(name, value)| (name, value.expose()));
    Command::new(program).args(arguments).envs(variables).exec()
}

/// A file without a name, for a program that replaces this one.
#[derive(Debug)]
pub struct MemoryFile {
    /// Stays open in that program.
    pub descriptor: OwnedFd,
    /// Valid in that program, and in those that inherit the descriptor from it.
    pub path: String,
}

/// Creates a file in memory with `contents`. No process can change it, and other users cannot read it.
///
/// # Errors
/// If the system does not support such files.
#[cfg(target_os = "linux")]
pub fn sealed_memory_file(contents: &Secret) -> io::Result<MemoryFile> {
    use std::io::Write as _;
    use std::os::fd::AsRawFd as _;

    use rustix::fs::{MemfdFlags, Mode, SealFlags, fchmod, fcntl_add_seals, memfd_create};

    // Without CLOEXEC: the other program inherits it.
    let mut file = std::fs::File::from(memfd_create("credential", MemfdFlags::ALLOW_SEALING)?);
    file.write_all(contents.expose().as_bytes())?;
    // The kernel creates it with mode 0777.
    fchmod(&file, Mode::RUSR | Mode::WUSR)?;
    let seals = SealFlags::SEAL | SealFlags::SHRINK | SealFlags::GROW | SealFlags::WRITE;
    fcntl_add_seals(&file, seals)?;
    Ok(MemoryFile {
        path: format!("/proc/self/fd/{}", file.as_raw_fd()),
        descriptor: file.into(),
    })
}

/// Only Linux has sealed files in memory.
///
/// # Errors
/// Always.
#[cfg(not(target_os = "linux"))]
pub fn sealed_memory_file(_contents: &Secret) -> io::Result<MemoryFile> {
    Err(io::ErrorKind::Unsupported.into())
}
