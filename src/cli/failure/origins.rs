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
            OriginError::OtherAddress { .. } => (
                Code::Usage,
                "name another file, or create the key at the URL in that file: --api-url URL".to_owned(),
            ),
            OriginError::NoUrlVariable { .. } => (
                Code::Unsupported,
                "leave out --env-file: the secret is then shown once; a description names the variable as `api_url` \
                 below [environment]"
                    .to_owned(),
            ),
        };
        Self::of(code, error).hint(hint)
    }
}
