//! Failures of `api`.

use super::{Code, Failure};
use crate::actions::ApiCallError;

impl From<ApiCallError> for Failure {
    fn from(error: ApiCallError) -> Self {
        let code = match &error {
            usage if usage.is_usage() => Code::Usage,
            ApiCallError::Input { .. } => Code::Storage,
            ApiCallError::BodyNotRepeatable => Code::CredentialRejected,
            _ => Code::Failed,
        };
        let hint = error.hint();
        Self::from_error(code, error).with_hints(hint)
    }
}
