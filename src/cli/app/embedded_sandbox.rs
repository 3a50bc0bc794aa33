//! The sandbox inside this process, for `--sandbox`: no port, no network.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::OnceCell;
use url::Url;

use crate::cli::failure::{Code, Failure};
use crate::host::{Clock as _, Paths, SystemClock};
use crate::http::{
    HttpError, InProcess, Request, RequestBody, Response, StreamedResponse, Transport,
};
use crate::sandbox::{Clock, Sandbox, SandboxError, Settings, State};

const STATE_FILE: &str = "state.sqlite3";
pub(crate) const BASE_URL: &str = "http://localhost:8000";

pub(crate) fn state_path(paths: &Paths) -> PathBuf {
    paths.sandbox_dir().join(STATE_FILE)
}

pub(crate) fn settings(path: &Path) -> Result<Settings, Failure> {
    let base =
        Url::parse(BASE_URL).map_err(|error| Failure::new(Code::Failed, error.to_string()))?;
    Ok(Settings::new(State::File(path.to_owned()), base, clock()))
}

/// Returns the clock of all services.
pub(crate) fn clock() -> Clock {
    Arc::new(|| SystemClock.now())
}

/// The sandbox in this process; it is opened at the first request.
pub(crate) struct EmbeddedTransport {
    paths: Paths,
    opened: OnceCell<InProcess>,
}

impl EmbeddedTransport {
    pub(crate) fn new(paths: Paths) -> Self {
        Self {
            paths,
            opened: OnceCell::new(),
        }
    }

    async fn router(&self) -> Result<&InProcess, HttpError> {
        let opened = self.opened.get_or_try_init(|| async { self.open_state() });
        opened.await
    }

    fn open_state(&self) -> Result<InProcess, HttpError> {
        let settings = settings(&state_path(&self.paths));
        let sandbox = settings.and_then(|settings| Ok(Sandbox::open(settings)?));
        let cause = |failure: Failure| failure.to_string();
        let sandbox = sandbox.map_err(|failure| HttpError::Setup {
            cause: cause(failure),
        })?;
        Ok(InProcess::new(sandbox.router()))
    }
}

#[async_trait]
impl Transport for EmbeddedTransport {
    async fn send(&self, request: &Request) -> Result<Response, HttpError> {
        self.router().await?.send(request).await
    }

    async fn open(
        &self,
        request: &Request,
        body: RequestBody,
    ) -> Result<StreamedResponse, HttpError> {
        self.router().await?.open(request, body).await
    }
}

const UNKNOWN_CODE: &str = "type it as the terminal shows it; a server with --memory has its own codes, which only its page can \
                            approve, and one with --state FILE needs --state FILE here too";

impl From<SandboxError> for Failure {
    fn from(error: SandboxError) -> Self {
        let (code, hint) = match &error {
            SandboxError::UnknownCode => (Code::NotFound, Some(UNKNOWN_CODE)),
            SandboxError::AlreadyDecided => (Code::Rejected, None),
            SandboxError::CodeExpired => (Code::CodeExpired, Some("start the sign-in again")),
            SandboxError::NotASandbox(_) | SandboxError::Newer => (
                Code::Storage,
                Some("move the file away, or choose another with --state"),
            ),
            SandboxError::Storage(_) | SandboxError::File { .. } => (Code::Storage, None),
            SandboxError::Random(_) | SandboxError::SigningKey | SandboxError::Ci(_) => {
                (Code::Failed, None)
            }
        };
        Self::from_error(code, error).with_hints(hint)
    }
}
