//! Runs the helper in a process group of its own, with a time limit.

use std::io::{self, Write as _};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

use super::super::common::{ClientError, OUTPUT_TIMEOUT, POLL_INTERVAL, collect_output};
use super::exchange::{HelperRequest, Input};

/// What a run printed.
pub(super) struct Outcome {
    pub(super) stdout: String,
    pub(super) stderr: String,
    pub(super) end: End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Status(i32),
    Signal,
    TimedOut,
}

/// Kills what it started.
struct Helper(Child);

impl Drop for Helper {
    fn drop(&mut self) {
        let _ = kill_process_group(Pid::from_child(&self.0), Signal::KILL);
        let _ = self.0.wait();
    }
}

pub(super) async fn run(
    command: &[String],
    request: &HelperRequest,
    limit: Duration,
) -> Result<Outcome, ClientError> {
    let began = Instant::now();
    let mut helper = Helper(spawn(command, request)?);
    let (stdout, stderr) = (Arc::<Mutex<Vec<u8>>>::default(), Arc::default());
    let out = helper.0.stdout.take();
    let mut readers: Vec<_> = out
        .map(|it| collect_output(it, Arc::clone(&stdout)))
        .into_iter()
        .collect();
    let err = helper.0.stderr.take();
    readers.extend(err.map(|it| collect_output(it, Arc::clone(&stderr))));
    let writer = write_input(&mut helper, request.input.clone());
    let end = loop {
        match helper.0.try_wait() {
            Ok(Some(status)) => break status.code().map_or(End::Signal, End::Status),
            Ok(None) if began.elapsed() < limit => tokio::time::sleep(POLL_INTERVAL).await,
            Ok(None) | Err(_) => break End::TimedOut,
        }
    };
    let ended = Instant::now();
    while !readers.iter().all(JoinHandle::is_finished) && ended.elapsed() < OUTPUT_TIMEOUT {
        tokio::time::sleep(POLL_INTERVAL).await;
    }
    drop(helper);
    // The program has exited, so that nothing blocks the writer.
    drop(writer.join());
    Ok(Outcome {
        stdout: text(&stdout),
        stderr: text(&stderr),
        end,
    })
}

/// Returns the stdin that stays open.
fn write_input(helper: &mut Helper, input: Input) -> JoinHandle<Option<ChildStdin>> {
    let stdin = helper.0.stdin.take();
    thread::spawn(move || {
        let mut stdin = stdin?;
        let (bytes, is_endless) = match input {
            Input::None => return None,
            Input::Bytes(bytes) => (bytes, false),
            Input::Endless(bytes) => (bytes, true),
        };
        // It may exit without reading.
        let _ = stdin.write_all(&bytes);
        is_endless.then_some(stdin)
    })
}

fn spawn(command: &[String], request: &HelperRequest) -> Result<Child, ClientError> {
    let (program, arguments) = command
        .split_first()
        .ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
    let stdin = match request.input {
        Input::None => Stdio::null(),
        Input::Bytes(_) | Input::Endless(_) => Stdio::piped(),
    };
    let child = Command::new(program)
        .args(arguments)
        .args(&request.arguments)
        .env_remove("KUBERNETES_EXEC_INFO")
        .envs(request.variable.iter().map(|(name, value)| (name, value)))
        .stdin(stdin)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn();
    child.map_err(|source| ClientError::Start {
        command: program.clone(),
        source,
    })
}

fn text(bytes: &Mutex<Vec<u8>>) -> String {
    let bytes = bytes.lock().unwrap_or_else(PoisonError::into_inner);
    String::from_utf8_lossy(&bytes).into_owned()
}
