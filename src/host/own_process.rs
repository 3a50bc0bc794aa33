//! Runs this program a second time, for work that may end the process.

use std::ffi::OsStr;
use std::io;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

/// Starts this program with `arguments` and without environment variables, which may hold keys. Its stdin and stdout are
/// pipes. What the runtime prints when the process dies is discarded: the caller reports the error.
///
/// # Errors
/// What the system reports.
pub fn start_own_program(arguments: &[&OsStr]) -> io::Result<Child> {
    Command::new(own_path()?)
        .args(arguments)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
}

/// Works also after the file of the program was replaced.
#[cfg(target_os = "linux")]
#[expect(clippy::unnecessary_wraps, reason = "fails on other systems")]
fn own_path() -> io::Result<PathBuf> {
    Ok(PathBuf::from("/proc/self/exe"))
}

#[cfg(not(target_os = "linux"))]
fn own_path() -> io::Result<PathBuf> {
    std::env::current_exe()
}

/// Ends this process when the thread that started it ends, on Linux. Elsewhere it ends when it writes to the closed pipe.
pub fn end_with_parent() {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Signal, set_parent_process_death_signal};
        let _refused = set_parent_process_death_signal(Some(Signal::KILL));
    }
}

/// Limits the memory of this process on Linux, in bytes. An allocation beyond it ends the process.
#[cfg_attr(
    not(target_os = "linux"),
    expect(unused_variables, reason = "no limit elsewhere")
)]
pub fn limit_memory(bytes: u64) {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let limit = Rlimit {
            current: Some(bytes),
            maximum: getrlimit(Resource::As).maximum,
        };
        let _refused = setrlimit(Resource::As, limit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Environment;

    /// Prints its environment, as the process of [`start_own_program`].
    #[test]
    #[ignore = "run as a child by own_program_has_no_environment"]
    fn print_environment() {
        let environment = Environment::capture();
        println!("names: {:?}", environment.names().collect::<Vec<_>>());
    }

    #[test]
    fn own_program_has_no_environment() {
        assert!(Environment::capture().names().next().is_some());
        let name = "host::own_process::tests::print_environment";
        let arguments = ["--exact", "--ignored", "--nocapture", name];
        let child = start_own_program(&arguments.map(OsStr::new)).unwrap();
        let output = child.wait_with_output().unwrap();
        let printed = String::from_utf8_lossy(&output.stdout);
        assert!(printed.contains("names: []"), "{printed}");
    }
}
