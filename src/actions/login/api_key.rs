//! Login with an API key.

use crate::actions::credential::file_choice::report_profile_file;
use crate::actions::credential::key_check::find_key_fault;
use crate::actions::login::save::{check_can_save, save_login, unverified_credential};
use crate::actions::login::verify::verify_credential;
use crate::actions::{ActionError, Context, LoginResult, Target, Verification};
use crate::domain::{Credential, CredentialKind, Secret};
use crate::provider::{Descriptor, KeyClass};
use crate::vault::Storage;

/// Stores a key after the service confirms it.
///
/// # Errors
/// If the text is not a key of this service, the service rejects it, or the settings or the disk fail.
pub async fn login_with_api_key(
    context: &Context,
    key: Secret,
    storage: Option<Storage>,
    verification: Verification,
) -> Result<LoginResult, ActionError> {
    let target = Target::for_login(context, false)?;
    let session = context.session(&target);
    if let Some(fault) = find_key_fault(context, &target.descriptor, &key) {
        return Err(fault.into_login_error());
    }
    report_profile_file(session);
    warn_if_unusual(context, &target.descriptor, &key);
    let credential = Credential {
        kind: CredentialKind::ApiKey,
        secret: key,
    };
    let new = unverified_credential(session, credential, storage)?;
    check_can_save(session, storage).await?;
    let new = verify_credential(session, new, verification).await?;
    save_login(session, new).await
}

/// An unusual key is stored with a warning.
fn warn_if_unusual(context: &Context, service: &Descriptor, key: &Secret) {
    let form = service.key.as_ref();
    if form.is_some_and(|form| form.classify(key) == KeyClass::Unusual) {
        context.warn(format!(
            "the key has an unusual format for {}; stored nevertheless",
            service.name
        ));
    }
}
