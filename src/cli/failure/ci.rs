//! Failures of passing the credential to later steps of a CI job.

use super::Code;
use crate::actions::CiError;
use crate::domain::Hint;

/// Returns the code of the failure and what to do about it.
pub(super) fn code_and_hint(error: &CiError) -> (Code, Option<Hint>) {
    match error {
        CiError::NotInJob { .. } => {
            let hint = Hint::from("run it in a step of such a job, or pass the credential with ");
            (Code::Usage, Some(hint.command("exec")))
        }
        CiError::NoFile(_) => {
            let hint = "run it in a step, where the runner sets the variable";
            (Code::Usage, Some(Hint::from(hint)))
        }
        CiError::File { source, .. } => (Code::Storage, source.hint().map(Hint::from)),
        CiError::Append { .. } => (Code::Storage, None),
        CiError::NotPlain => {
            let hint = Hint::from("run ");
            let hint = hint.command("exec").text(" in the job that needs it");
            (Code::Unsupported, Some(hint))
        }
    }
}
