//! What concerns the account itself.

use crate::actions::{ActionError, AuthenticatedClient, Context, Purpose, Target};
use crate::service::ServiceError;

/// Has the e-mail that verifies the account's address sent again; returns what the service allows, where it says so.
///
/// # Errors
/// `UNSUPPORTED` where the service documents no such call, before anything else; and whatever the service or the
/// network says.
pub async fn resend_verification(
    context: &Context,
    target: &Target,
) -> Result<Option<String>, ActionError> {
    let service = &target.descriptor;
    let Some(call) = &service.account.resend_verification else {
        return Err(ServiceError::unsupported(service, "account resend-verification").into());
    };
    let access = AuthenticatedClient::open(context, target, Purpose::Change)?;
    access.service().await.resend_verification().await?;
    Ok(call.note.clone())
}
