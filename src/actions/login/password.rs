//! Login with user name and password.

use crate::actions::credential::file_choice::report_profile_file;
use crate::actions::credential::unauthenticated::Unauthenticated;
use crate::actions::login::replace;
use crate::actions::login::save::{check_can_save, save_session, unverified_credential};
use crate::actions::{ActionError, Context, LoginResult, Target};
use crate::domain::{Credential, Secret, StoredCredential};
use crate::service::Service;
use crate::vault::Storage;

/// Signs in with user name and password. Sends one request and stores neither.
///
/// # Errors
/// `CREDENTIAL_REJECTED` for a wrong password, `UNSUPPORTED` if the service has no password login, and errors of the
/// settings, the service, the network or the disk. A stored credential stays until the new one is written.
pub async fn login_with_password(
    context: &Context,
    username: &str,
    password: &Secret,
    storage: Option<Storage>,
) -> Result<LoginResult, ActionError> {
    let target = Target::for_login(context, false)?;
    let session = context.session(&target);
    let method = "user name and password";
    let login = target.descriptor.login.password.as_ref();
    let login =
        login.ok_or_else(|| ActionError::unsupported_login(&target.descriptor.name, method))?;
    let base = target.base()?.clone();
    replace::check_replacement(session, &base.origin())?;
    report_profile_file(session);
    check_can_save(session, storage).await?;
    let channel = Unauthenticated {
        session,
        origin: &base.origin(),
    };
    let service = Service {
        descriptor: &target.descriptor,
        base_url: base.clone(),
        transport: &channel,
    };
    let granted = service.password_login(username, password).await?;
    let credential = Credential {
        kind: login.kind,
        secret: granted.secret.clone(),
    };
    let mut new = unverified_credential(session, credential, storage)?;
    new.stored = StoredCredential {
        expiry: granted.expiry(context.clock_reading_for(&new.stored)),
        refresh_token: granted.refresh_token,
        account: granted.account.or_else(|| Some(username.to_owned())),
        token_id: granted.token_id,
        ..new.stored
    };
    new.verified = true;
    Box::pin(save_session(session, new)).await
}
