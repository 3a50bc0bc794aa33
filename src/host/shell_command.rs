//! Runs a command of the user in a shell, with a secret on its standard input.

use std::io;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, Command};
use tokio::time::{Instant, timeout, timeout_at};
use zeroize::Zeroizing;

use crate::domain::Secret;

const SHELL: &str = "/bin/sh";
/// More output is dropped.
const MAX_OUTPUT: usize = 64 * 1024;
/// Dropped as well at the end of longer output, which may be the beginning of the secret.
const CUT: usize = MAX_OUTPUT / 4;
/// How long output is read after the end of the command: a program that it left running may hold the pipe.
const OUTPUT_GRACE: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub struct ShellCommand<'a> {
    /// For `sh -c`.
    pub command: &'a str,
    pub directory: &'a Path,
    pub variables: &'a [(&'a str, &'a str)],
    /// Written without a line feed at its end: receivers of secrets store what they read.
    pub input: &'a Secret,
    pub limit: Duration,
}

/// How the command ended, and what it printed to both streams, which may contain the secret.
pub struct ShellRun {
    pub end: ShellEnd,
    pub output: Zeroizing<Vec<u8>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShellEnd {
    Exited(i32),
    /// By a signal.
    Killed(i32),
    TimedOut,
}

/// Runs the command in a process group of its own, which is killed at the time limit. Requires a runtime.
///
/// # Errors
/// If it cannot be started.
pub async fn run_shell_command(wanted: &ShellCommand<'_>) -> io::Result<ShellRun> {
    let mut command = Command::new(SHELL);
    command
        .args(["-c", wanted.command])
        .current_dir(wanted.directory)
        .envs(wanted.variables.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true);
    let mut child = command.spawn()?;
    let group = child
        .id()
        .and_then(|id| id.try_into().ok())
        .and_then(Pid::from_raw);
    let deadline = Instant::now() + wanted.limit;
    let mut output = Output::default();
    let finished = timeout_at(deadline, communicate(&mut child, wanted.input, &mut output));
    let end = if let Ok(status) = finished.await {
        end_of(status?)
    } else {
        if let Some(group) = group {
            // Fails if the group has ended by now.
            let _gone = kill_process_group(group, Signal::KILL);
        }
        let _reaped = child.wait().await;
        ShellEnd::TimedOut
    };
    let Output {
        mut stdout,
        mut stderr,
    } = output;
    stdout.cut();
    stderr.cut();
    stdout.bytes.extend_from_slice(&stderr.bytes);
    Ok(ShellRun {
        end,
        output: stdout.bytes,
    })
}

#[derive(Default)]
struct Output {
    stdout: Captured,
    stderr: Captured,
}

#[derive(Default)]
struct Captured {
    bytes: Zeroizing<Vec<u8>>,
}

impl Captured {
    /// Reads to the end, and keeps the first part.
    async fn read(&mut self, stream: Option<impl AsyncRead + Unpin>) {
        let Some(mut stream) = stream else {
            return;
        };
        let mut chunk = Zeroizing::new([0_u8; 4096]);
        while let Ok(length) = stream.read(chunk.as_mut_slice()).await {
            if length == 0 {
                return;
            }
            let free = MAX_OUTPUT.saturating_sub(self.bytes.len());
            self.bytes.extend_from_slice(&chunk[..length.min(free)]);
        }
    }

    fn cut(&mut self) {
        if self.bytes.len() == MAX_OUTPUT {
            self.bytes.truncate(MAX_OUTPUT - CUT);
        }
    }
}

/// Writes the secret and reads the output until the command ends.
async fn communicate(
    child: &mut Child,
    input: &Secret,
    output: &mut Output,
) -> io::Result<ExitStatus> {
    let stdin = child.stdin.take();
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let write = async {
        if let Some(mut stdin) = stdin {
            // A command that does not read it succeeds or fails by its exit status.
            let _closed = stdin.write_all(input.expose().as_bytes()).await;
        }
    };
    let read = async { tokio::join!(output.stdout.read(out), output.stderr.read(err)) };
    let mut read = std::pin::pin!(read);
    let work = async { tokio::join!(write, child.wait()).1 };
    let mut work = std::pin::pin!(work);
    let mut is_read = false;
    let status = loop {
        tokio::select! {
            status = &mut work => break status,
            _ = &mut read, if !is_read => is_read = true,
        }
    };
    if !is_read {
        let _held = timeout(OUTPUT_GRACE, read).await;
    }
    status
}

fn end_of(status: ExitStatus) -> ShellEnd {
    match (status.code(), status.signal()) {
        (Some(code), _) => ShellEnd::Exited(code),
        (None, signal) => ShellEnd::Killed(signal.unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn run(command: &str, limit: Duration) -> (ShellEnd, String) {
        let wanted = ShellCommand {
            command,
            directory: Path::new("/"),
            variables: &[("ID", "12")],
            input: &Secret::new("s3cret"),
            limit,
        };
        let ran = run_shell_command(&wanted).await.unwrap();
        (ran.end, String::from_utf8(ran.output.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn command_gets_the_secret_without_a_line_feed() {
        let minute = Duration::from_mins(1);
        let shown = "printf '%s.' \"$(od -An -c | tr -d ' ')\" $ID; pwd >&2";
        assert_eq!(
            run(shown, minute).await,
            (ShellEnd::Exited(0), "s3cret.12./\n".to_owned())
        );
        for (command, end) in [
            ("exec <&-; exit 0", ShellEnd::Exited(0)),
            ("exec <&-; exit 3", ShellEnd::Exited(3)),
            ("no-such-program-here", ShellEnd::Exited(127)),
            ("kill -9 $$", ShellEnd::Killed(9)),
            ("sleep 100 & exit 0", ShellEnd::Exited(0)),
        ] {
            assert_eq!(run(command, minute).await.0, end, "{command}");
        }
    }

    #[tokio::test]
    async fn hanging_command_is_killed_with_its_children() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("pid");
        let command = format!(
            "echo before; sleep 100 & echo $! > {}; wait",
            file.display()
        );
        let (end, output) = run(&command, Duration::from_millis(500)).await;
        assert_eq!((end, output.as_str()), (ShellEnd::TimedOut, "before\n"));
        let pid = std::fs::read_to_string(file).unwrap();
        let status = Path::new("/proc").join(pid.trim()).join("stat");
        // It is killed, but may take a moment to end.
        loop {
            let state = std::fs::read_to_string(&status).unwrap_or_default();
            if state.is_empty() || state.contains(") Z") {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    #[tokio::test]
    async fn long_output_is_cut() {
        let command = "head -c 1000000 /dev/zero | tr '\\0' x";
        let (end, output) = run(command, Duration::from_mins(1)).await;
        assert_eq!((end, output.len()), (ShellEnd::Exited(0), MAX_OUTPUT - CUT));
    }
}
