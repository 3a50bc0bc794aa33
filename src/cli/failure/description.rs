//! Failures of commands that read a description of a service.

use super::{Code, Failure};
use crate::actions::DescriptionError;
use crate::domain::Hint;
use crate::files::shell_word;

impl From<DescriptionError> for Failure {
    fn from(error: DescriptionError) -> Self {
        let (code, hint) = match &error {
            DescriptionError::Url { .. } => {
                let hint = "plain http is accepted on loopback only; download the file, or fetch it with https";
                (Code::Usage, Some(Hint::from(hint)))
            }
            DescriptionError::Status { status, .. } => (
                if *status == 404 {
                    Code::NotFound
                } else {
                    Code::Failed
                },
                Some(Hint::from("check the URL; no credential is sent to it")),
            ),
            DescriptionError::NotText { .. } => (Code::Rejected, None),
            DescriptionError::Invalid { name, .. } => {
                let check = format!("provider check {}", shell_word(name.as_ref()));
                (Code::Config, Some(Hint::run(check).text(" for all errors")))
            }
            DescriptionError::Origin { .. } => {
                let hint = "give the description another id, or use the built-in service with --api-url URL";
                (Code::Config, Some(Hint::from(hint)))
            }
            DescriptionError::Overwrite { .. } => (
                Code::Usage,
                Some(Hint::from("name another file, or delete this one")),
            ),
            DescriptionError::NotAdded { name } => {
                let add = format!("provider add {}", shell_word(name.as_ref()));
                let hint = Hint::from("the credential belongs to a service; to add it, run ");
                (Code::Usage, Some(hint.command(add)))
            }
            DescriptionError::OtherProfile { id, .. } => {
                let hint = format!("name a profile of {id} with --profile, or none");
                (Code::Usage, Some(Hint::from(hint)))
            }
            DescriptionError::NotSent => (Code::Failed, None),
            DescriptionError::NotOpenApi { .. } => {
                let hint = "OpenAPI 3.0 and 3.1 are supported, as JSON and as YAML";
                (Code::Rejected, Some(Hint::from(hint)))
            }
            DescriptionError::Exists { .. } => {
                let hint = "add --replace to replace it; the lines that differ are listed above";
                (Code::Usage, Some(Hint::from(hint)))
            }
        };
        Self::from_error(code, error).with_hints(hint)
    }
}
