//! Failures of passing the credential to other programs.

use super::ci::code_and_hint;
use super::{Code, Failure};
use crate::actions::ExecError;
use crate::domain::Hint;

impl From<ExecError> for Failure {
    fn from(error: ExecError) -> Self {
        let (code, hint) = match &error {
            ExecError::NoVariable { .. } => {
                (Code::Usage, Some(Hint::from("name one with --env NAME")))
            }
            ExecError::DuplicateVariable(_) => (Code::Usage, None),
            ExecError::Nested { .. } => {
                let hint = "run the command without \"brainmaps exec\": its environment has the \
                    credential; or unset BRAINMAPS_EXEC and the variable of the credential";
                (Code::Usage, Some(Hint::from(hint)))
            }
            ExecError::Git(_) => {
                let hint = Hint::from("install git, or see the settings with ");
                (
                    Code::Failed,
                    Some(hint.command("helper install git --print")),
                )
            }
            ExecError::Ci(error) => code_and_hint(error),
            ExecError::MemoryFile(_) => {
                let hint = "pass the credential in a variable: --env NAME";
                (Code::Unsupported, Some(Hint::from(hint)))
            }
        };
        Self::from_error(code, error).with_hints(hint)
    }
}
