//! Failures of the proxy: as this program reports them, and as its clients see them.

use super::{Code, Failure};
use crate::domain::Hint;
use crate::http::StatusCode;
use crate::proxy::{ListenError, Rejection, SocketError};
use crate::ui::Shell;

impl From<ListenError> for Failure {
    fn from(error: ListenError) -> Self {
        let (code, hint) = match &error {
            ListenError::Address { .. } => (
                Code::Failed,
                Some(Hint::from("choose another port; 0 selects a free one")),
            ),
            ListenError::Socket(error) => socket_error(error),
        };
        Self::from_error(code, error).with_hints(hint)
    }
}

fn socket_error(error: &SocketError) -> (Code, Option<Hint>) {
    match error {
        // Other programs may need the present mode of the directory, as for /tmp.
        SocketError::Directory(_) => {
            let own = "choose a directory that only you may enter, such as $XDG_RUNTIME_DIR/brainmaps; it is created with mode 0700";
            (Code::Storage, Some(Hint::from(own)))
        }
        SocketError::NotASocket { .. } => (Code::Storage, Some(Hint::from("choose another path"))),
        SocketError::InUse { .. } => (
            Code::Busy,
            Some(Hint::from("end that program, or choose another path")),
        ),
        SocketError::Io { .. } => (Code::Storage, None),
    }
}

impl Failure {
    /// Returns the response of the proxy to a client.
    pub(crate) fn to_rejection(&self, shell: &Shell) -> Rejection {
        let is_timeout = self.source.as_ref().is_some_and(is_timeout);
        let status = match self.code {
            _ if is_timeout => StatusCode::GATEWAY_TIMEOUT,
            Code::LoginRequired
            | Code::LoginExpired
            | Code::CredentialRejected
            | Code::Unavailable
            | Code::RateLimited
            | Code::Busy => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::BAD_GATEWAY,
        };
        let hints: Vec<String> = self
            .hints
            .iter()
            .map(|hint| shell.hint_text(hint))
            .collect();
        Rejection {
            status,
            code: self.code.name(),
            message: self.to_line(),
            hint: (!hints.is_empty()).then(|| hints.join("; ")),
        }
    }
}

fn is_timeout(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        matches!(
            cause.downcast_ref(),
            Some(crate::http::HttpError::Timeout { .. })
        )
    })
}
