//! The leak harness: no secret is in an output or in a file that others can read.

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

/// What a test recorded, shared by its processes.
#[derive(Clone, Default)]
pub(crate) struct Record(Arc<Mutex<Seen>>);

#[derive(Default)]
struct Seen {
    secrets: Vec<String>,
    outputs: Vec<(String, String)>,
}

impl Record {
    /// Records a secret without a canary.
    pub(crate) fn secret(&self, secret: &str) {
        assert!(secret.len() >= 6, "too short to be looked for");
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

    /// Returns each secret in an output, or in a file under `home` that group or others may read.
    pub(crate) fn leaks(&self, home: &Path) -> Vec<String> {
        let seen = self.0.lock().unwrap();
        let mut readable = Vec::new();
        readable_files(home, &mut readable);
        let shows = |text: &str| {
            let secrets = seen.secrets.iter().map(String::as_str);
            secrets
                .chain(CANARIES.iter().copied())
                .find(|secret| text.contains(secret))
                .map(|secret| secret.chars().take(6).collect::<String>())
        };
        let places = seen.outputs.iter().chain(&readable);
        places
            .filter_map(|(what, text)| Some(format!("{what} shows {}…", shows(text)?)))
            .collect()
    }
}

/// Returns every file under `folder` that others than its owner may read, with its contents.
fn readable_files(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let Ok(about) = fs::symlink_metadata(&path) else {
            continue;
        };
        if about.is_dir() {
            readable_files(&path, found);
        } else if about.is_file() && about.permissions().mode() & 0o044 != 0 {
            let contents =
                String::from_utf8_lossy(&fs::read(&path).unwrap_or_default()).into_owned();
            found.push((
                format!(
                    "{} (mode {:o})",
                    path.display(),
                    about.permissions().mode() & 0o777
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
    record.output("stdout of nothing", "all is well");
    assert!(record.leaks(home.path()).is_empty());

    for (name, mode, text) in [("private", 0o600, "hunter2"), ("open", 0o640, "t_c4n4ry_1")] {
        fs::write(home.path().join(name), text).unwrap();
        fs::set_permissions(home.path().join(name), fs::Permissions::from_mode(mode)).unwrap();
    }
    record.output("stderr of login", "token=hunter2");
    let leaks = record.leaks(home.path());
    assert_eq!(leaks.len(), 2, "{leaks:?}");
}
