//! Prints the failure that ends the program.

use serde_json::{Value, json};

use super::{ExitStatus, Failure};
use crate::domain::RepeatedOptions;
use crate::ui::{OutputError, Shell};

/// Returns true if the only failure is a closed stdout (`| head`).
pub(crate) fn is_broken_pipe(failure: &Failure) -> bool {
    let output = failure
        .source
        .as_ref()
        .and_then(|source| source.downcast_ref::<OutputError>());
    matches!(output, Some(OutputError::Closed))
}

/// Prints a failure and returns its exit status.
pub(crate) fn report_failure(shell: &Shell, failure: &Failure) -> ExitStatus {
    if shell.writes_json() {
        match shell.document(&json!({ "error": failure.to_json(shell.repeated_options()) })) {
            Ok(()) | Err(OutputError::Closed) => return failure.code.exit(),
            // On a full disk stderr may still work.
            Err(_) => {}
        }
    }
    let status = report_on_stderr(shell, failure);
    print_unstored_secret(shell, failure);
    status
}

/// Adds the failure of a command, if it failed, to the document of a result that is printed all the same.
pub(crate) fn with_error(
    mut document: Value,
    failure: Option<&Failure>,
    options: &RepeatedOptions,
) -> Value {
    if let Some(failure) = failure {
        document["error"] = json!(failure.to_json(options));
    }
    document
}

/// Prints the secret of a token that could be stored nowhere: it is shown only once.
pub(crate) fn print_unstored_secret(shell: &Shell, failure: &Failure) {
    if let Some(secret) = &failure.unstored_secret {
        // The failure was reported, and there is no other stream for a secret.
        let _ = shell.secret(secret);
    }
}

/// Prints a failure on stderr, also with `--json`, and returns its exit status.
pub(crate) fn report_on_stderr(shell: &Shell, failure: &Failure) -> ExitStatus {
    shell.error(failure.message.as_str());
    for cause in failure.causes() {
        shell.cause(cause.as_str());
    }
    for hint in &failure.hints {
        shell.hint(hint.clone());
    }
    failure.code.exit()
}
