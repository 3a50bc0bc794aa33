//! Failures where a secret would go to another server, or take the place of another server's.

use super::{Code, Failure};
use crate::actions::OriginError;
use crate::domain::{CommandLine, Hint};

impl From<OriginError> for Failure {
    fn from(error: OriginError) -> Self {
        let (code, hint) = match &error {
            OriginError::WouldReplace(replacement) => (
                Code::Usage,
                Hint::from("to replace it, run ")
                    .command("login")
                    .text(" with --replace; to keep both, create another profile: ")
                    .command(CommandLine::without_profile(format!(
                        "profile add NAME --provider {}",
                        replacement.provider
                    ))),
            ),
            OriginError::IssuerProfileTaken { .. } => (
                Code::Usage,
                Hint::from("name the profile for the session: ")
                    .command(CommandLine::for_profile("NAME", "login --issuer URL")),
            ),
            OriginError::ResourceProfileTaken { .. } => (
                Code::Usage,
                Hint::from("name the profile for the session: ")
                    .command(CommandLine::for_profile("NAME", "login --resource URL")),
            ),
        };
        Self::from_error(code, error).with_hint(hint)
    }
}
