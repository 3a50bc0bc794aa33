//! Failures of clients that authenticate with a secret or a key.

use super::{Code, Failure};
use crate::actions::{ClientError, ClientProof};
use crate::domain::Hint;

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        let ClientError::ProofRejected { proof, source, .. } = &error;
        let (status, id) = (
            source.status().map(|status| status.as_u16()),
            source.request_id().map(str::to_owned),
        );
        let replace = match proof {
            ClientProof::Secret => "login --client-credentials --client-secret-file FILE",
            ClientProof::Key => "login --client-credentials --key FILE",
        };
        let hint = Hint::from("replace it: ").command(replace);
        Self::from_error(Code::LoginExpired, error)
            .with_status(status, id)
            .with_hint(hint)
    }
}
