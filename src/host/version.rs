//! Asks another copy of this program for its version.

use std::io::{Read as _, Seek as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use rustix::process::geteuid;

use super::Environment;
use super::time_limit::run_limited;
use crate::domain::sanitize_line;

const MAX_BYTES: u64 = 256;

/// Returns what `program --version` prints after the name of this program. The program gets no variable but `PATH`, and is
/// killed after two seconds. A program that other users can change is not started.
pub fn program_version(environment: &Environment, program: &Path) -> Option<String> {
    if !is_safe_to_start(program) {
        return None;
    }
    // A pipe could stay open after the program has ended.
    let mut printed = tempfile::tempfile().ok()?;
    let mut command = Command::new(program);
    command
        .arg("--version")
        .current_dir("/")
        .env_clear()
        .stdin(Stdio::null())
        .stdout(printed.try_clone().ok()?)
        .stderr(Stdio::null());
    if let Some(path) = environment.get("PATH") {
        command.env("PATH", path);
    }
    run_limited(&mut command).filter(|code| *code == 0)?;
    printed.rewind().ok()?;
    let mut text = String::new();
    printed.take(MAX_BYTES).read_to_string(&mut text).ok()?;
    let version = text.lines().next()?.strip_prefix("brainmaps ")?;
    Some(sanitize_line(version))
}

/// Returns true if the file and its directories belong to root or the user, and not everybody can write to them.
fn is_safe_to_start(program: &Path) -> bool {
    let Ok(file) = program.canonicalize() else {
        return false;
    };
    let places = [Some(file.as_path()), file.parent(), program.parent()];
    places.into_iter().flatten().all(|path| {
        path.metadata().is_ok_and(|found| {
            let is_own = found.uid() == 0 || found.uid() == geteuid().as_raw();
            is_own && found.mode() & 0o002 == 0
        })
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn version(script: &str) -> Option<String> {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("brainmaps");
        let file = std::fs::File::create_new(&path).unwrap();
        std::io::Write::write_all(&mut &file, format!("#!/bin/sh\n{script}\n").as_bytes()).unwrap();
        file.set_permissions(std::fs::Permissions::from_mode(0o755))
            .unwrap();
        drop(file);
        program_version(&Environment::default(), &path)
    }

    #[test]
    fn program_that_everybody_can_change_is_not_started() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("brainmaps");
        std::fs::File::create_new(&path).unwrap();
        for (mode, is_safe) in [(0o755, true), (0o775, true), (0o757, false)] {
            let permissions = std::fs::Permissions::from_mode(mode);
            std::fs::set_permissions(directory.path(), permissions).unwrap();
            assert_eq!(is_safe_to_start(&path), is_safe, "{mode:o}");
        }
    }

    #[test]
    fn only_the_version_line_of_this_program_counts() {
        let printed = |text: &str| version(&format!("printf '{text}'"));
        assert_eq!(printed("brainmaps 0.0.9\\nmore\\n").unwrap(), "0.0.9");
        assert_eq!(printed("other 0.0.9\\n"), None);
        assert_eq!(printed(""), None);
        assert_eq!(version("echo brainmaps 1; exit 1"), None);
    }
}
