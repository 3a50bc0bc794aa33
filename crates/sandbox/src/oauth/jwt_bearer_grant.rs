//! A JWT of another issuer as an authorization grant (RFC 7523 §2.1).

use super::error::OauthError;
use super::grant::IssuedTokens;
use super::requested_access::RequestedAccess;
use super::token_exchange_grant::for_workload;
use super::token_request::TokenRequest;
use super::{subject_token, token_family};

pub(super) async fn exchange(request: &TokenRequest) -> Result<IssuedTokens, OauthError> {
    let assertion = request.form.required("assertion", "assertion is missing")?;
    let access = RequestedAccess::parse_for_client(&request.server, &request.form)?;
    subject_token::verify(request, assertion).await?;
    let grant = for_workload(request, access)?;
    let issued = request
        .server
        .sandbox
        .write(|tx, now| token_family::start(tx, now, request, &grant))?;
    Ok(issued)
}
