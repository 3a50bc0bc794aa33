//! The userinfo endpoint (`OpenID` Connect Core §5.3), with the errors of RFC 6750 §3.1.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::claims::claims;
use super::introspect::bearer;
use super::{AuthServer, access};
use crate::base::SandboxError;
use crate::state::account::Account;

pub(super) async fn show(
    State(server): State<AuthServer>,
    headers: HeaderMap,
) -> Result<Response, SandboxError> {
    let Some(token) = bearer(&headers) else {
        return Ok(challenge(
            StatusCode::UNAUTHORIZED,
            "Bearer realm=\"sandbox\"",
            "invalid_request",
        ));
    };
    server.sandbox.read(|connection, now| {
        let Some(access) = access(connection, now, server.service, &token)? else {
            let scheme = "Bearer realm=\"sandbox\", error=\"invalid_token\"";
            return Ok(challenge(StatusCode::UNAUTHORIZED, scheme, "invalid_token"));
        };
        let account = Account::by_id(connection, access.account_id)?;
        let Some(account) = account.filter(|_| access.scopes.contains("openid")) else {
            let scheme = "Bearer realm=\"sandbox\", error=\"insufficient_scope\", scope=\"openid\"";
            return Ok(challenge(
                StatusCode::FORBIDDEN,
                scheme,
                "insufficient_scope",
            ));
        };
        let claims = claims(&account, &access.scopes);
        Ok(Json(Value::from(claims)).into_response())
    })
}

fn challenge(status: StatusCode, scheme: &'static str, error: &'static str) -> Response {
    let headers = [(header::WWW_AUTHENTICATE, scheme)];
    (status, headers, Json(json!({"error": error}))).into_response()
}
