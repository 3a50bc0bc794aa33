//! Failures of clients that authenticate with a secret or a key.

use super::{Code, Failure};
use crate::actions::{ClientError, ClientProof};
use crate::domain::Hint;
use crate::oauth::OauthError;

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        match &error {
            ClientError::NoProof { .. } => {
                let hint = Hint::from("name it: ")
                    .command("login --client-credentials --client-secret-file FILE")
                    .text(", or --key FILE, or set BRAINMAPS_CLIENT_SECRET");
                Self::from_error(Code::Usage, error).with_hint(hint)
            }
            ClientError::KeyFile { hint, .. } => {
                let hint = hint.clone();
                Self::from_error(Code::Storage, error).with_hints(hint)
            }
            ClientError::ProofRejected { proof, source, .. } => {
                let (status, id) = response(source);
                let hint = Hint::from("replace it: ").command(replacement(*proof));
                Self::from_error(Code::LoginExpired, error)
                    .with_status(status, id)
                    .with_hint(hint)
            }
        }
    }
}

fn response(error: &OauthError) -> (Option<u16>, Option<String>) {
    let status = error.status().map(|status| status.as_u16());
    (status, error.request_id().map(str::to_owned))
}

fn replacement(proof: ClientProof) -> &'static str {
    match proof {
        ClientProof::Secret => "login --client-credentials --client-secret-file FILE",
        ClientProof::Key => "login --client-credentials --key FILE",
    }
}
