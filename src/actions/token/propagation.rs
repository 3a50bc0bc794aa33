//! Waits until all replicas of a service have a token that was just created or revoked.

use std::time::Duration;

use jiff::SignedDuration;
use tokio::time::{Instant, sleep};

use crate::actions::{ActionError, ProfileSession};
use crate::domain::{Origin, TokenId};

/// How long a replica may have an old state of a token.
const TIMEOUT: Duration = Duration::from_secs(10);
const INTERVAL: Duration = Duration::from_secs(1);

/// How long a token counts as new after its creation.
const NEW_TOKEN_AGE: SignedDuration = SignedDuration::from_mins(1);

/// Repeats `verify`, which sends a request with a new key, while the service rejects the key. Returns the last result.
pub(super) async fn retry_while_rejected<T>(
    verify: impl AsyncFn() -> Result<T, ActionError>,
) -> Result<T, ActionError> {
    let is_rejected =
        |result: &Result<T, _>| matches!(result, Err(ActionError::CredentialRejected { .. }));
    repeat_while(verify, is_rejected).await
}

/// Repeats `check` while it returns `true`. Returns the last result.
pub(super) async fn remains_true(check: impl AsyncFn() -> bool) -> bool {
    repeat_while(check, |is_true| *is_true).await
}

/// Repeats `request` at most until the timeout while its result is `outdated`. Returns the last result.
async fn repeat_while<T>(request: impl AsyncFn() -> T, outdated: impl Fn(&T) -> bool) -> T {
    let deadline = Instant::now() + TIMEOUT;
    loop {
        let result = request().await;
        if !outdated(&result) || Instant::now() >= deadline {
            return result;
        }
        sleep(INTERVAL).await;
    }
}

/// Repeats `get` once if the service does not find token `id`, which this program created within the last minute.
pub(super) async fn retry_if_new<T>(
    session: ProfileSession<'_>,
    origin: &Origin,
    id: &TokenId,
    get: impl AsyncFn() -> Result<T, ActionError>,
) -> Result<T, ActionError> {
    let result = get().await;
    if !matches!(&result, Err(error) if error.is_not_found()) || !is_new(session, origin, id) {
        return result;
    }
    sleep(INTERVAL).await;
    get().await
}

fn is_new(session: ProfileSession<'_>, origin: &Origin, id: &TokenId) -> bool {
    let issuer = session.issuing_profile(origin);
    let Ok(keys) = session.vault().created_keys() else {
        return false;
    };
    keys.created_at(issuer, id).is_some_and(|created_at| {
        session.context.now().duration_since(created_at).abs() <= NEW_TOKEN_AGE
    })
}
