//! The token endpoint (RFC 6749 §3.2): selects the grant and builds the response (§5.1).

use axum::extract::State;
use axum::{Extension, Json};
use serde_json::{Value, json};

use super::client::Client;
use super::error::OauthError;
use super::form::Form;
use super::grant::IssuedTokens;
use super::token_request::TokenRequest;
use super::{
    AuthServer, client_credentials_grant, code_grant, device_code_grant, jwt_bearer_grant,
    refresh_grant, token_exchange_grant,
};
use crate::web::host_guard::ExtractPublicUrl;

pub(super) async fn exchange(
    State(server): State<AuthServer>,
    Extension(public_url): ExtractPublicUrl,
    form: Form,
) -> Result<Json<Value>, OauthError> {
    let request = TokenRequest {
        client: Client::authenticate(&server, &form)?,
        issuer: public_url.join(server.service.prefix),
        server,
        form,
    };
    let grant_type = request
        .form
        .required("grant_type", "grant_type is missing")?;
    let issued = match grant_type {
        "urn:ietf:params:oauth:grant-type:device_code" => device_code_grant::exchange(&request)?,
        "authorization_code" => code_grant::exchange(&request)?,
        "client_credentials" => client_credentials_grant::exchange(&request)?,
        "urn:ietf:params:oauth:grant-type:jwt-bearer" => {
            jwt_bearer_grant::exchange(&request).await?
        }
        "urn:ietf:params:oauth:grant-type:token-exchange" => {
            token_exchange_grant::exchange(&request).await?
        }
        "refresh_token" => refresh_grant::exchange(&request)?,
        _ => {
            return Err(OauthError::Code(
                "unsupported_grant_type",
                "this grant type is not supported",
            ));
        }
    };
    Ok(Json(to_json(&issued)))
}

fn to_json(issued: &IssuedTokens) -> Value {
    let mut body = json!({
        "access_token": issued.access_token.expose(),
        "token_type": "Bearer",
        "expires_in": issued.expires_in,
    });
    // RFC 6749 §3.3: the parameter has at least one scope.
    if !issued.scopes.is_empty() {
        body["scope"] = issued.scopes.to_string().into();
    }
    if let Some(refresh_token) = &issued.refresh_token {
        body["refresh_token"] = refresh_token.expose().into();
    }
    if let Some(kind) = issued.issued_token_type {
        body["issued_token_type"] = kind.into();
    }
    if let Some(id_token) = &issued.id_token {
        body["id_token"] = id_token.expose().into();
    }
    body
}
