//! The token endpoint (RFC 6749 §3.2): selects the grant and builds the response (§5.1).

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::authorization::code_grant;
use super::client::Client;
use super::error::OauthError;
use super::form::Form;
use super::token_family::IssuedTokens;
use super::{AuthServer, device_code_grant, refresh_grant};

pub(super) async fn exchange(
    State(server): State<AuthServer>,
    form: Form,
) -> Result<Json<Value>, OauthError> {
    let client = Client::authenticate(&server, &form)?;
    let grant_type = form.required("grant_type", "grant_type is missing")?;
    let issued = match grant_type {
        "urn:ietf:params:oauth:grant-type:device_code" => {
            device_code_grant::exchange(&server, &client, &form)?
        }
        "authorization_code" => code_grant::exchange(&server, &client, &form)?,
        "refresh_token" => refresh_grant::exchange(&server, &client, &form)?,
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
    body
}
