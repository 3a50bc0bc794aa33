//! Failures where a secret would go to another server, or take the place of another server's.

use super::{Code, Failure};
use crate::actions::OriginError;

impl From<OriginError> for Failure {
    fn from(error: OriginError) -> Self {
        let (code, hint) = match &error {
            OriginError::WouldReplace(replacement) => (
                Code::Usage,
                format!(
                    "to replace it, run `brainmaps login` with --replace; to keep both, create another profile: `brainmaps \
                     profile add NAME --provider {}`",
                    replacement.provider
                ),
            ),
            OriginError::IssuerProfileTaken { .. } => (
                Code::Usage,
                "name the profile for the session: `brainmaps --profile NAME login --issuer URL`"
                    .to_owned(),
            ),
        };
        Self::from_error(code, error).with_hint(hint)
    }
}
