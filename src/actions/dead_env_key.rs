//! After tokens were revoked: whether the `.env` that is found here holds one of them.

use super::alone::identity_of;
use super::select::key_in_dotenv;
use super::{ActionError, Context, Source, Target};

/// Warns if the service no longer accepts the key in the `.env` that is found here: every command here would fail.
pub(super) async fn warn_of_dead_env_key(context: &Context, target: &Target) {
    if target.descriptor.whoami.is_none() {
        return;
    }
    let Some(found) = key_in_dotenv(context, target) else {
        return;
    };
    let Source::DotEnv { variable, path } = found.source else {
        return;
    };
    let answer = identity_of(context, target, &found.base, found.credential).await;
    if let Err(ActionError::CredentialRejected { .. }) = answer {
        context.warn(format!(
            "`{}` still sets {variable} to a key that no longer works: remove that line",
            path.display()
        ));
    }
}
