//! The leak harness: finds secrets in outputs, and in files that other users can read.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    sync::{Arc, Mutex},
};

/// Part of every secret that the sandbox creates, so that a leak is found without knowing the secret.
pub(crate) const CANARY: &str = "c4n4ry";
/// The same for hexadecimal secrets and JWTs.
#[cfg(feature = "sandbox")]
pub(crate) const CANARIES: &[&str] = &[
    CANARY,
    brainmaps::sandbox::CANARY_HEX,
    brainmaps::sandbox::CANARY_JWT,
];
#[cfg(not(feature = "sandbox"))]
pub(crate) const CANARIES: &[&str] = &[CANARY];

/// The secrets and outputs of a test. Clones share them.
#[derive(Clone, Default)]
pub(crate) struct Record(Arc<Mutex<Recorded>>);

#[derive(Default)]
struct Recorded {
    secrets: Vec<String>,
    outputs: Vec<(String, String)>,
}

impl Record {
    /// Records a secret without a canary.
    pub(crate) fn secret(&self, secret: &str) {
        assert!(
            secret.len() >= 6,
            "too short to search for: {} characters",
            secret.len()
        );
        self.0.lock().unwrap().secrets.push(secret.to_owned());
    }

    /// Records an output that a user, a log or another program may have read.
    pub(crate) fn output(&self, what: impl Into<String>, text: impl Into<String>) {
        self.0
            .lock()
            .unwrap()
            .outputs
            .push((what.into(), text.into()));
    }

    /// Returns a line for each secret in an output, or in a file under `home` that group or others may read.
    pub(crate) fn leaks(&self, home: &Path) -> Vec<String> {
        let recorded = self.0.lock().unwrap();
        let mut readable = Vec::new();
        readable_files(home, &mut readable);
        let find_secret = |text: &str| {
            let secrets = recorded.secrets.iter().map(String::as_str);
            secrets
                .chain(CANARIES.iter().copied())
                .find(|secret| text.contains(secret))
                .map(|secret| secret.chars().take(6).collect::<String>())
        };
        let texts = recorded.outputs.iter().chain(&readable);
        texts
            .filter_map(|(what, text)| Some(format!("{what} shows {}…", find_secret(text)?)))
            .collect()
    }
}

/// Appends every file under `folder` that group or others may read, with its contents.
fn readable_files(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let Ok(metadata) = fs::symlink_metadata(&path) else {
            continue;
        };
        if metadata.is_dir() {
            readable_files(&path, found);
        } else if metadata.is_file() && metadata.permissions().mode() & 0o044 != 0 {
            let contents =
                String::from_utf8_lossy(&fs::read(&path).unwrap_or_default()).into_owned();
            found.push((
                format!(
                    "{} (mode {:o})",
                    path.display(),
                    metadata.permissions().mode() & 0o777
                ),
                contents,
            ));
        }
    }
}

#[test]
fn secrets_are_found_in_outputs_and_readable_files_only() {
    let home = tempfile::tempdir().unwrap();
    let record = Record::default();
    record.secret("hunter2");
    record.output("stdout of status", "valid");
    assert!(record.leaks(home.path()).is_empty());

    for (name, mode, text) in [("private", 0o600, "hunter2"), ("open", 0o640, "t_c4n4ry_1")] {
        fs::write(home.path().join(name), text).unwrap();
        fs::set_permissions(home.path().join(name), fs::Permissions::from_mode(mode)).unwrap();
    }
    record.output("stderr of login", "token=hunter2");
    let leaks = record.leaks(home.path());
    assert_eq!(leaks.len(), 2, "{leaks:?}");
}
