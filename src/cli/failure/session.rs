//! Failures of what a session can be used for.

use super::{Code, Failure};
use crate::actions::SessionError;
use crate::domain::Hint;

impl From<SessionError> for Failure {
    fn from(error: SessionError) -> Self {
        let (code, hint) = match &error {
            SessionError::NotOpenid { .. } => (
                Code::Unsupported,
                Some(Hint::run("login --add-scope openid")),
            ),
            SessionError::OtherResource { .. } => (Code::Unsupported, None),
        };
        Self::from_error(code, error).with_hints(hint)
    }
}
