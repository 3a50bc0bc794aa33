//! Runs the client as a process group, collects its output, and kills it with all its children.

use std::io::{self, Read};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};
use tempfile::TempDir;

use crate::base::SandboxError;

/// How often to check whether it has exited.
pub(crate) const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// How long to wait for output after exit: a child process may keep the pipe open.
pub(crate) const OUTPUT_TIMEOUT: Duration = Duration::from_millis(500);

/// Output beyond this is discarded.
const MAX_OUTPUT: usize = 1024 * 1024;

/// Why a client could not be checked.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The program cannot be started.
    #[error("cannot run `{command}`")]
    Start {
        /// The program.
        command: String,
        /// The cause.
        source: io::Error,
    },
    /// A helper does not exit after the request for the server that it has a credential for, so that no rule can be evaluated.
    #[error("the helper did not exit within {} s of the request for the credential", .limit.as_secs())]
    Unresponsive {
        /// The time limit of a case.
        limit: Duration,
    },
    /// No port or no temporary directory is available.
    #[error("cannot set up a case")]
    SetUp(#[from] io::Error),
    /// The sandbox failed.
    #[error(transparent)]
    Sandbox(#[from] SandboxError),
}

/// The client to check, and how to run it.
pub struct ClientUnderTest {
    /// The program and its arguments. `{issuer}`, `{client_id}`, `{resource}` and `{subject_token_file}` are replaced
    /// for each case.
    pub command: Vec<String>,
    /// The time limit for one case.
    pub time_limit: Duration,
    /// How many cases run in parallel.
    pub jobs: usize,
    /// Keeps the user's home directory instead of an empty one for each case.
    pub keep_home: bool,
    /// Variables to remove, because they point outside the home directory.
    pub hidden_variables: &'static [&'static str],
}

/// A value of a case: the client gets it in an environment variable, and in place of the placeholder in its command.
pub(crate) struct ClientInput {
    pub(crate) placeholder: Option<&'static str>,
    pub(crate) variable: &'static str,
    pub(crate) value: String,
}

impl ClientInput {
    pub(crate) fn new(placeholder: &'static str, variable: &'static str, value: String) -> Self {
        Self {
            placeholder: Some(placeholder),
            variable,
            value,
        }
    }
}

/// A running client. Dropping it kills the whole process group.
pub(crate) struct Client {
    child: Child,
    started_at: Instant,
    output: Arc<Mutex<Vec<u8>>>,
    readers: Vec<JoinHandle<()>>,
    /// Deleted on drop.
    _home: Option<TempDir>,
}

pub(crate) struct ClientExit {
    pub(crate) output: String,
    /// `None` if it had to be killed.
    pub(crate) status: Option<i32>,
    pub(crate) at: Instant,
}

impl Client {
    pub(crate) fn start(
        client: &ClientUnderTest,
        input: &[ClientInput],
    ) -> Result<Self, ClientError> {
        let fill_placeholders = |text: &String| {
            input.iter().fold(text.clone(), |text, input| {
                let placeholder = input.placeholder.unwrap_or_default();
                match placeholder {
                    "" => text,
                    placeholder => text.replace(placeholder, &input.value),
                }
            })
        };
        let mut arguments = client.command.iter().map(fill_placeholders);
        let program = arguments.next().unwrap_or_default();
        let mut command = Command::new(&program);
        command
            .args(arguments)
            .envs(input.iter().map(|input| (input.variable, &input.value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0);
        let home = if client.keep_home {
            None
        } else {
            Some(set_empty_home(&mut command, client.hidden_variables)?)
        };
        let child = command.spawn().map_err(|source| ClientError::Start {
            command: program,
            source,
        })?;
        Ok(Self::from_child(child, home))
    }

    fn from_child(mut child: Child, home: Option<TempDir>) -> Self {
        let output = Arc::<Mutex<Vec<u8>>>::default();
        let mut readers = Vec::new();
        if let Some(stdout) = child.stdout.take() {
            readers.push(collect_output(stdout, Arc::clone(&output)));
        }
        if let Some(stderr) = child.stderr.take() {
            readers.push(collect_output(stderr, Arc::clone(&output)));
        }
        Self {
            child,
            started_at: Instant::now(),
            output,
            readers,
            _home: home,
        }
    }

    /// Returns the output, to which later output is appended.
    pub(crate) fn output(&self) -> Arc<Mutex<Vec<u8>>> {
        Arc::clone(&self.output)
    }

    /// Waits until it exits, at most for `limit`.
    pub(crate) async fn wait(mut self, limit: Duration) -> ClientExit {
        let status = loop {
            match self.child.try_wait() {
                // Without an exit code it was killed by a signal, which is a failure.
                Ok(Some(status)) => break Some(status.code().unwrap_or(-1)),
                Ok(None) if self.started_at.elapsed() < limit => {
                    tokio::time::sleep(POLL_INTERVAL).await;
                }
                Ok(None) | Err(_) => break None,
            }
        };
        let ended_at = Instant::now();
        while !self.readers.iter().all(JoinHandle::is_finished)
            && ended_at.elapsed() < OUTPUT_TIMEOUT
        {
            tokio::time::sleep(POLL_INTERVAL).await;
        }
        let output = self.output.lock().unwrap_or_else(PoisonError::into_inner);
        ClientExit {
            output: String::from_utf8_lossy(&output).into_owned(),
            status,
            at: ended_at,
        }
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // It may have exited already. Children that are still running must not disturb the next case.
        let _ = kill_process_group(Pid::from_child(&self.child), Signal::KILL);
        let _ = self.child.wait();
    }
}

/// Variables that point outside the home directory.
const XDG: [&str; 4] = [
    "XDG_DATA_HOME",
    "XDG_CONFIG_HOME",
    "XDG_STATE_HOME",
    "XDG_CACHE_HOME",
];

/// Creates an empty home directory: no session is found, and none of the user's is overwritten.
fn set_empty_home(command: &mut Command, hidden: &[&str]) -> io::Result<TempDir> {
    let home = TempDir::with_prefix("conformance-")?;
    command.env("HOME", home.path());
    for name in XDG.iter().chain(hidden) {
        command.env_remove(name);
    }
    Ok(home)
}

pub(crate) fn collect_output(
    mut source: impl Read + Send + 'static,
    into: Arc<Mutex<Vec<u8>>>,
) -> JoinHandle<()> {
    thread::spawn(move || {
        let mut block = [0; 4096];
        while let Some(count) = source.read(&mut block).ok().filter(|count| *count > 0) {
            let mut output = into.lock().unwrap_or_else(PoisonError::into_inner);
            if output.len() < MAX_OUTPUT {
                output.extend(&block[..count]);
            }
        }
    })
}
