//! The process that runs this program.

use std::io::{self, IsTerminal as _};

use super::Environment;
use crate::domain::CallingProcess;

/// Describes this process and the one that started it.
pub fn calling_process(environment: &Environment) -> CallingProcess {
    let parent = rustix::process::getppid().map(rustix::process::Pid::as_raw_nonzero);
    let parent_pid = parent.and_then(|pid| u32::try_from(pid.get()).ok());
    let is_terminal =
        io::stdin().is_terminal() || io::stdout().is_terminal() || io::stderr().is_terminal();
    CallingProcess {
        pid: std::process::id(),
        parent_pid,
        parent: parent_pid.and_then(executable),
        terminal: is_terminal,
        // Anything else may be a secret.
        github_run_id: environment
            .get("GITHUB_RUN_ID")
            .filter(|id| id.bytes().all(|byte| byte.is_ascii_digit()))
            .map(str::to_owned),
    }
}

/// Returns the path of the executable; `None` for a process of another user.
#[cfg(target_os = "linux")]
fn executable(pid: u32) -> Option<String> {
    let target = rustix::fs::readlink(format!("/proc/{pid}/exe"), Vec::new()).ok()?;
    Some(target.to_string_lossy().into_owned())
}

#[cfg(not(target_os = "linux"))]
fn executable(_pid: u32) -> Option<String> {
    None
}
