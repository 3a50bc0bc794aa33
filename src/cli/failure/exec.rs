//! Failures of passing the credential to other programs.

use super::ci::code_and_hint;
use super::{Code, Failure};
use crate::actions::ExecError;
use crate::domain::Hint;

impl From<ExecError> for Failure {
    fn from(error: ExecError) -> Self {
        let (code, hint) = match &error {
            ExecError::NoVariable { .. } => {
                let hint = Hint::from("print it without a variable, or name one: ");
                (
                    Code::Usage,
                    Some(hint.command("exec --env NAME -- COMMAND")),
                )
            }
            ExecError::NoUrlVariable { .. } => (
                Code::Usage,
                Some(Hint::from("name one with --url-env NAME")),
            ),
            ExecError::DuplicateVariable(_) => (Code::Usage, None),
            ExecError::Nested { .. } => {
                let hint = "run the command without \"brainmaps exec\": its environment has the \
                    credential, or the URL of a proxy; or unset BRAINMAPS_EXEC and the variable of the credential";
                (Code::Usage, Some(Hint::from(hint)))
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
