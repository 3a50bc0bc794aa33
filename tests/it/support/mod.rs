//! What the tests stand on: a home of their own, the real program in it, and a record that the leak harness reads.

pub(crate) mod journey;
pub(crate) mod leak;
pub(crate) mod peer;
pub(crate) mod process;
#[cfg(feature = "sandbox")]
pub(crate) mod recorder;
#[cfg(feature = "sandbox")]
pub(crate) mod sandbox;
pub(crate) mod scripted_server;

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

/// A file that nobody else may read, as programs leave their secrets.
pub(crate) fn write_private(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}
