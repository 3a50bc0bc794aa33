//! After a revocation: checks whether the `.env` in effect contains one of the revoked keys.

use crate::actions::credential::fixed_credential::fetch_identity;
use crate::actions::credential::select::find_dotenv_key;
use crate::actions::{ActionError, ProfileSession, Source};

/// Warns if the service rejects the key in `.env`, because every command in this directory would fail.
pub(crate) async fn warn_if_env_key_rejected(session: ProfileSession<'_>) {
    if session.target.descriptor.whoami.is_none() {
        return;
    }
    let Some(found) = find_dotenv_key(session) else {
        return;
    };
    let Source::DotEnv { variable, path } = found.source else {
        return;
    };
    let answer = fetch_identity(session, &found.base, found.credential).await;
    if let Err(ActionError::CredentialRejected { .. }) = answer {
        session.context.warn(format!(
            "\"{}\" still sets {variable} to a key that no longer works: remove the line",
            path.display()
        ));
    }
}
