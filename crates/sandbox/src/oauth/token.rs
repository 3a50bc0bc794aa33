//! The token endpoint (RFC 6749 §3.2): selects the grant and builds the response (§5.1).

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::error::OauthError;
use super::form::Form;
use super::token_family::IssuedTokens;
use super::{AuthServer, device_code_grant, refresh_grant};

pub(super) async fn exchange(
    State(server): State<AuthServer>,
    form: Form,
) -> Result<Json<Value>, OauthError> {
    let grant_type = form.required("grant_type", "grant_type is missing")?;
    form.check_client(&server)?;
    let issued = match grant_type {
        "urn:ietf:params:oauth:grant-type:device_code" => {
            device_code_grant::exchange(&server, &form)?
        }
        "refresh_token" => refresh_grant::exchange(&server, &form)?,
        _ => {
            return Err(OauthError::Code(
                "unsupported_grant_type",
                "only device codes and refresh tokens are exchanged here",
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
        "scope": issued.scopes.to_string(),
    });
    if let Some(refresh_token) = &issued.refresh_token {
        body["refresh_token"] = refresh_token.expose().into();
    }
    body
}
