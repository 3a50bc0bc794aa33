//! After a revocation or during an audit: checks whether the `.env` in effect contains a revoked key.

use std::path::PathBuf;

use crate::actions::credential::fixed_credential::fetch_identity;
use crate::actions::credential::select::find_dotenv_key;
use crate::actions::{ActionError, ProfileSession, Source};

/// A key in `.env` that the service rejects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectedEnvKey {
    pub variable: String,
    pub path: PathBuf,
}

/// Warns if the service rejects the key in `.env`, because every command in this directory would fail. Returns that key.
pub(crate) async fn warn_if_env_key_rejected(
    session: ProfileSession<'_>,
) -> Option<RejectedEnvKey> {
    let rejected = find_rejected_env_key(session).await?;
    session.context.warn(format!(
        "\"{}\" still sets {} to a key that no longer works: remove the line",
        rejected.path.display(),
        rejected.variable
    ));
    Some(rejected)
}

/// Sends the key in `.env` to its service. Returns it if the service rejects it.
pub(crate) async fn find_rejected_env_key(session: ProfileSession<'_>) -> Option<RejectedEnvKey> {
    session.target.descriptor.whoami.as_ref()?;
    let found = find_dotenv_key(session)?;
    let Source::DotEnv { variable, path } = found.source else {
        return None;
    };
    let identity = fetch_identity(session, &found.base, found.credential).await;
    let is_rejected = matches!(identity, Err(ActionError::CredentialRejected { .. }));
    is_rejected.then_some(RejectedEnvKey { variable, path })
}
