//! Failures of clients that authenticate with a secret or a key.

use super::{Code, ErrorResponse, Failure};
use crate::actions::{ClientError, ClientProof};
use crate::domain::Hint;

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
                let response = ErrorResponse::from(&**source);
                let hint = Hint::from("replace it: ").command(replacement(*proof));
                Self::from_error(Code::LoginExpired, error)
                    .with_response(response)
                    .with_hint(hint)
            }
        }
    }
}

fn replacement(proof: ClientProof) -> &'static str {
    match proof {
        ClientProof::Secret => "login --client-credentials --client-secret-file FILE",
        ClientProof::Key => "login --client-credentials --key FILE",
    }
}
