//! The file with the token of a pod, which the kubelet replaces after four fifths of its lifetime.

use std::fs::Permissions;
use std::io::{self, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempDir};

use super::issuer::Issuer;
use crate::base::SandboxError;

/// Dropping it deletes the directory.
pub(super) struct TokenFile {
    directory: TempDir,
    path: PathBuf,
}

impl TokenFile {
    /// Creates the file with a first token, readable by this user only.
    pub(super) fn create(issuer: &Issuer) -> Result<Self, SandboxError> {
        let directory = tempfile::Builder::new()
            .prefix("brainmaps-ci-")
            .permissions(Permissions::from_mode(0o700))
            .tempdir()
            .map_err(SandboxError::Ci)?;
        let path = directory.path().join("token");
        let file = Self { directory, path };
        file.write(issuer)?;
        Ok(file)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Replaces the token again and again.
    pub(super) async fn rotate(&self, issuer: &Issuer) -> Result<(), SandboxError> {
        let period = issuer.settings.lifetime * 4 / 5;
        loop {
            tokio::time::sleep(period).await;
            self.write(issuer)?;
        }
    }

    /// Readers see the old token or the new one.
    fn write(&self, issuer: &Issuer) -> Result<(), SandboxError> {
        let token = issuer.issue(None)?;
        let write = || -> io::Result<()> {
            let mut file = NamedTempFile::new_in(self.directory.path())?;
            file.write_all(token.expose().as_bytes())?;
            file.persist(&self.path)?;
            Ok(())
        };
        write().map_err(SandboxError::Ci)
    }
}
