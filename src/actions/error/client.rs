//! Errors of clients that authenticate with a secret or a key.

use crate::oauth::OauthError;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientProof {
    Secret,
    Key,
}

impl ClientProof {
    pub fn label(self) -> &'static str {
        match self {
            Self::Secret => "secret",
            Self::Key => "private key",
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    #[error("cannot sign in as client \"{client_id}\": its secret or private key is missing")]
    NoProof { client_id: String },
    #[error("cannot read the private key: {reason}")]
    KeyFile {
        reason: String,
        hint: Option<String>,
    },
    /// The secret was changed at the server, or the key is not registered any more.
    #[error(
        "cannot request a token for profile \"{profile}\": the server rejected the stored {} of client \"{client_id}\"",
        proof.label()
    )]
    ProofRejected {
        profile: String,
        client_id: String,
        proof: ClientProof,
        source: Box<OauthError>,
    },
}
