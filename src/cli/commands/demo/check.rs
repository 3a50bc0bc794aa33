//! What the steps check, and how they say what came back.

use crate::actions::{Access, Context, Purpose, Target};
use crate::cli::{Code, Failure};
use crate::domain::StoredCredential;
use crate::sandbox::DEMO_EMAIL;

pub(super) type Done<T = ()> = Result<T, Failure>;

/// Who the service says is calling: it has to be the demo's person.
pub(super) async fn account(context: &Context, target: &Target) -> Done<String> {
    let access = Access::open(context, target, Purpose::Read)?;
    let found = access.service().await.whoami().await?;
    let account = found.account;
    account
        .filter(|account| account == DEMO_EMAIL)
        .ok_or_else(|| missed("the service knows the caller by another name"))
}

pub(super) fn stored(context: &Context, target: &Target) -> Done<StoredCredential> {
    let stored = context.vault.read(&target.profile, target.kept.storage)?;
    stored.ok_or_else(|| missed("nothing is stored"))
}

pub(super) fn missed(what: &str) -> Failure {
    Failure::new(Code::Failed, what)
}

pub(super) fn expect(holds: bool, otherwise: &str) -> Done {
    if holds {
        Ok(())
    } else {
        Err(missed(otherwise))
    }
}

/// The refusal that has to come, as the program would report it.
pub(super) fn refused<T>(answer: Result<T, impl Into<Failure>>, expected: Code) -> Done<Failure> {
    match answer.map_err(Into::into) {
        Ok(_) => Err(missed("it was accepted")),
        Err(failure) if failure.code == expected => Ok(failure),
        Err(other) => Err(other),
    }
}

pub(super) fn told(refused: &Failure) -> String {
    format!(
        "refused{}, exit status {}: {}",
        http_status(refused),
        refused.code.exit(),
        refused.message
    )
}

pub(super) fn http_status(refused: &Failure) -> String {
    let status = refused.status.map(|status| format!(" (HTTP {status})"));
    status.unwrap_or_default()
}
