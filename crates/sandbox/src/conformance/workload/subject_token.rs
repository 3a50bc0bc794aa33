//! The token that identifies the workload.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;

use tempfile::TempDir;

use crate::base::SandboxError;
use crate::oauth::sign_subject_token;
use crate::state::Sandbox;

/// A file with a token, deleted on drop. Only this user can read it.
pub(crate) struct SubjectToken {
    folder: TempDir,
    pub(crate) text: String,
}

impl SubjectToken {
    /// Signs a token for `issuer`, which trusts itself.
    pub(crate) fn create(sandbox: &Sandbox, issuer: &str) -> Result<Self, SandboxError> {
        let text = sign_subject_token(sandbox, issuer)?.expose().to_owned();
        let write = move || -> io::Result<Self> {
            let folder = TempDir::with_prefix("conformance-token-")?;
            let token = Self { folder, text };
            let mut options = OpenOptions::new();
            options.write(true).create_new(true).mode(0o600);
            options
                .open(token.path())?
                .write_all(token.text.as_bytes())?;
            Ok(token)
        };
        write().map_err(SandboxError::Ci)
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("token")
    }
}
