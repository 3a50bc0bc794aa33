//! Asks git whether it ignores a file that contains a secret.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::Environment;
use super::time_limit::run_limited;

/// Returns `true` if `file` is in a git work tree and git does not ignore it; `false` also if git fails.
///
/// The repository may be hostile, so settings that would run a program are overridden, git gets only the variables
/// that it needs, and it is killed after two seconds.
pub fn is_unignored(environment: &Environment, file: &Path) -> bool {
    let (Some(directory), Some(name)) = (file.parent(), file.file_name()) else {
        return false;
    };
    let is_root = |folder: &Path| folder.join(".git").symlink_metadata().is_ok();
    if !directory.ancestors().any(is_root) {
        return false;
    }
    let Some(program) = find_git(environment) else {
        return false;
    };
    let mut command = Command::new(program);
    command
        .arg("-C")
        .arg(directory)
        .args([
            "-c",
            "core.fsmonitor=false",
            "-c",
            "core.hooksPath=/dev/null",
        ])
        .args(["check-ignore", "--quiet", "--"])
        // Git would treat a name that starts with a colon as a pattern.
        .arg(Path::new(".").join(name))
        .env_clear()
        .env("GIT_OPTIONAL_LOCKS", "0")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    for name in ["PATH", "HOME", "XDG_CONFIG_HOME"] {
        if let Some(value) = environment.get(name) {
            command.env(name, value);
        }
    }
    // 0 means ignored, 1 not ignored, 128 a failure.
    run_limited(&mut command) == Some(1)
}

/// Returns the first `git` in an absolute directory of `PATH`. A relative one could be the repository's own.
pub(super) fn find_git(environment: &Environment) -> Option<PathBuf> {
    let directories = environment.get("PATH")?;
    let directories = std::env::split_paths(directories).filter(|it| it.is_absolute());
    directories
        .map(|directory| directory.join("git"))
        .find(|program| program.is_file())
}
