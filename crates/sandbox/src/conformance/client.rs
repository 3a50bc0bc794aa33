//! The client as a process: started, listened to, and ended with all that it started.

use std::io::{self, Read};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};
use tempfile::TempDir;

use super::Examination;
use crate::SandboxError;

/// How often it is looked whether it has ended.
const LOOK: Duration = Duration::from_millis(20);

/// How long its output is waited for after its end, since something that it left behind may hold it open.
const LINGER: Duration = Duration::from_millis(500);

/// More of an output is not kept.
const MOST: usize = 1024 * 1024;

/// Why a client could not be examined.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// It cannot be started.
    #[error("cannot run `{command}`")]
    Start {
        /// The program.
        command: String,
        /// Why.
        source: io::Error,
    },
    /// No port, no folder.
    #[error("cannot set up a case")]
    SetUp(#[from] io::Error),
    /// No sandbox.
    #[error(transparent)]
    Sandbox(#[from] SandboxError),
}

/// A client that runs. It is killed when this is dropped, and so is what it started.
pub(super) struct Client {
    child: Child,
    began: Instant,
    output: Arc<Mutex<Vec<u8>>>,
    readers: Vec<JoinHandle<()>>,
    /// Its home, gone with it.
    _home: Option<TempDir>,
}

/// How it ended.
pub(super) struct Ended {
    pub(super) output: String,
    pub(super) status: Option<i32>,
    pub(super) at: Instant,
}

impl Client {
    pub(super) fn start(
        examination: &Examination,
        issuer: &str,
        client_id: &str,
    ) -> Result<Self, ClientError> {
        let fill = |text: &String| {
            let text = text.replace("{issuer}", issuer);
            text.replace("{client_id}", client_id)
        };
        let mut words = examination.command.iter().map(fill);
        let program = words.next().unwrap_or_default();
        let mut command = Command::new(&program);
        command
            .args(words)
            .env("ISSUER", issuer)
            .env("CLIENT_ID", client_id)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0);
        let home = if examination.keep_home {
            None
        } else {
            Some(empty_home(&mut command, examination.hidden)?)
        };
        let child = command.spawn().map_err(|source| ClientError::Start {
            command: program,
            source,
        })?;
        Ok(Self::listening(child, home))
    }

    fn listening(mut child: Child, home: Option<TempDir>) -> Self {
        let output = Arc::<Mutex<Vec<u8>>>::default();
        let mut readers = Vec::new();
        if let Some(stdout) = child.stdout.take() {
            readers.push(gather(stdout, Arc::clone(&output)));
        }
        if let Some(stderr) = child.stderr.take() {
            readers.push(gather(stderr, Arc::clone(&output)));
        }
        Self {
            child,
            began: Instant::now(),
            output,
            readers,
            _home: home,
        }
    }

    /// Waits for its end, `limit` at most.
    pub(super) async fn end(mut self, limit: Duration) -> Ended {
        let status = loop {
            match self.child.try_wait() {
                // Ended by a signal of its own: that is no success either.
                Ok(Some(status)) => break Some(status.code().unwrap_or(-1)),
                Ok(None) if self.began.elapsed() < limit => tokio::time::sleep(LOOK).await,
                Ok(None) | Err(_) => break None,
            }
        };
        let ended = Instant::now();
        while !self.readers.iter().all(JoinHandle::is_finished) && ended.elapsed() < LINGER {
            tokio::time::sleep(LOOK).await;
        }
        let output = self.output.lock().unwrap_or_else(PoisonError::into_inner);
        Ended {
            output: String::from_utf8_lossy(&output).into_owned(),
            status,
            at: ended,
        }
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // Gone already is fine; what it left behind is not to disturb the next case.
        let _ = kill_process_group(Pid::from_child(&self.child), Signal::KILL);
        let _ = self.child.wait();
    }
}

/// Whatever leads a program out of its home.
const XDG: [&str; 4] = [
    "XDG_DATA_HOME",
    "XDG_CONFIG_HOME",
    "XDG_STATE_HOME",
    "XDG_CACHE_HOME",
];

/// A home without a session, and none of the user's to be overwritten.
fn empty_home(command: &mut Command, hidden: &[&str]) -> io::Result<TempDir> {
    let home = TempDir::with_prefix("conformance-")?;
    command.env("HOME", home.path());
    for name in XDG.iter().chain(hidden) {
        command.env_remove(name);
    }
    Ok(home)
}

fn gather(mut source: impl Read + Send + 'static, into: Arc<Mutex<Vec<u8>>>) -> JoinHandle<()> {
    thread::spawn(move || {
        let mut block = [0; 4096];
        while let Some(count) = source.read(&mut block).ok().filter(|count| *count > 0) {
            let mut output = into.lock().unwrap_or_else(PoisonError::into_inner);
            if output.len() < MOST {
                output.extend(&block[..count]);
            }
        }
    })
}
