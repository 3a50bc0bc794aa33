//! The checks of the steps.

use crate::actions::{AuthenticatedClient, ProfileSession, Purpose};
use crate::cli::failure::{Code, Failure};
use crate::domain::StoredCredential;
use crate::sandbox::DEMO_EMAIL;

pub(super) type StepResult<T = ()> = Result<T, Failure>;

/// Calls `whoami`, which has to return the account of the demo.
pub(super) async fn verify_account(session: ProfileSession<'_>) -> StepResult<String> {
    let client = AuthenticatedClient::open(session, Purpose::Read)?;
    let found = client.service().await.whoami().await?;
    let account = found.account;
    account
        .filter(|account| account == DEMO_EMAIL)
        .ok_or_else(|| step_failure("the service returned another account"))
}

pub(super) fn read_stored(session: ProfileSession<'_>) -> StepResult<StoredCredential> {
    let ProfileSession { context, target } = session;
    let stored = context.vault.read(&target.name, target.profile.storage)?;
    stored.ok_or_else(|| step_failure("no credential is stored"))
}

pub(super) fn step_failure(what: &str) -> Failure {
    Failure::new(Code::Failed, what)
}

pub(super) fn ensure(condition: bool, message: &str) -> StepResult {
    if condition {
        Ok(())
    } else {
        Err(step_failure(message))
    }
}

/// Returns the expected failure, as the program would print it.
pub(super) fn expect_failure<T>(
    result: Result<T, impl Into<Failure>>,
    expected: Code,
) -> StepResult<Failure> {
    match result.map_err(Into::into) {
        Ok(_) => Err(step_failure(
            "the service accepted a request that it has to reject",
        )),
        Err(failure) if failure.code == expected => Ok(failure),
        Err(other) => Err(other),
    }
}

pub(super) fn describe_failure(failure: &Failure) -> String {
    format!(
        "Rejected{}, exit status {}: {}",
        http_status(failure),
        failure.code.exit(),
        failure.message
    )
}

pub(super) fn http_status(failure: &Failure) -> String {
    let status = failure.status.map(|status| format!(" (HTTP {status})"));
    status.unwrap_or_default()
}
