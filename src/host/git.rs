//! Whether git would take a file with a secret into a commit.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::Environment;

const TIME_LIMIT: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_millis(5);

/// Returns `true` if `file` is inside a git work tree and git does not ignore it; `false` also where git cannot tell.
///
/// The repository may be hostile: the settings that would run a program are overridden, git gets no variables but the ones
/// that it needs, and is killed after two seconds.
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
        // A name that begins with a colon would be taken for a pattern.
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
    // 0 is ignored, 1 is not ignored, 128 is a failure.
    run(&mut command) == Some(1)
}

/// Returns the first `git` in an absolute directory of `PATH`: another one could be the repository's own.
fn find_git(environment: &Environment) -> Option<PathBuf> {
    let directories = environment.get("PATH")?;
    let directories = std::env::split_paths(directories).filter(|it| it.is_absolute());
    directories
        .map(|directory| directory.join("git"))
        .find(|program| program.is_file())
}

/// Returns the exit status; `None` if the program does not start, does not end in time, or is killed.
fn run(command: &mut Command) -> Option<i32> {
    let mut child = command.spawn().ok()?;
    let end = Instant::now() + TIME_LIMIT;
    while Instant::now() < end {
        match child.try_wait() {
            Ok(Some(status)) => return status.code(),
            Ok(None) => sleep(PAUSE),
            Err(_) => break,
        }
    }
    let _killed = child.kill().and_then(|()| child.wait());
    None
}
