//! A file that gets data of any size, and that readers see only when it is complete.

use std::fs::{self, File, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

/// The mode of a new file before the umask applies, as other programs create files that the user names.
const NEW_FILE: u32 = 0o666;

/// The file. Dropped without [`OutputFile::finish`], it leaves the old file unchanged.
#[derive(Debug)]
pub enum OutputFile {
    Temporary {
        file: NamedTempFile,
        path: PathBuf,
    },
    /// A device or a pipe, which cannot be replaced.
    Special(File),
}

impl OutputFile {
    /// Prepares to replace `path`, or what it links to. The mode of an existing file is kept.
    ///
    /// # Errors
    /// Errors of the system.
    pub fn create(path: &Path) -> io::Result<Self> {
        let existing = fs::metadata(path).ok();
        if existing.as_ref().is_some_and(|found| !found.is_file()) {
            let file = File::options().write(true).open(path)?;
            return Ok(Self::Special(file));
        }
        let path = match existing {
            Some(_) => path.canonicalize()?,
            None => path.to_owned(),
        };
        let directory = path.parent().filter(|it| !it.as_os_str().is_empty());
        let mode = existing.map_or(NEW_FILE, |found| found.permissions().mode() & 0o777);
        let file = Builder::new()
            .prefix(".brainmaps-")
            .permissions(Permissions::from_mode(mode))
            .tempfile_in(directory.unwrap_or(Path::new(".")))?;
        Ok(Self::Temporary { file, path })
    }

    /// Appends `bytes`.
    ///
    /// # Errors
    /// Errors of the system.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Temporary { file, .. } => file.write_all(bytes),
            Self::Special(file) => file.write_all(bytes),
        }
    }

    /// Replaces the file.
    ///
    /// # Errors
    /// Errors of the system.
    pub fn finish(self) -> io::Result<()> {
        let Self::Temporary { file, path } = self else {
            return Ok(());
        };
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    }
}
