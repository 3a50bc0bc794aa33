//! The client credentials grant (RFC 6749 §4.4): tokens for a client itself, without a refresh token.

use super::error::OauthError;
use super::grant::{Authentication, Grant, IssuedTokens};
use super::requested_access::RequestedAccess;
use super::token_family;
use super::token_request::TokenRequest;
use crate::base::secrets;
use crate::state::account;

/// The client uses the data of the demo account.
pub(super) fn exchange(request: &TokenRequest) -> Result<IssuedTokens, OauthError> {
    let TokenRequest {
        server,
        client,
        form,
        ..
    } = request;
    if !client.is_confidential() {
        return Err(OauthError::Code(
            "unauthorized_client",
            "only a client with a secret may use this grant type",
        ));
    }
    let grant = Grant {
        id: secrets::uuid()?,
        client_id: client.id.clone(),
        account_id: account::DEMO_ID,
        access: RequestedAccess::parse_for_client(server, form)?,
        is_for_client: true,
        authentication: Authentication::default(),
    };
    let issued = server
        .sandbox
        .write(|tx, now| token_family::start(tx, now, request, &grant))?;
    Ok(issued)
}
