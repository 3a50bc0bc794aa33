//! The token endpoint (RFC 6749 §3.2): which grant, and the shape of a good answer (§5.1).

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::form::Form;
use super::grants::Issued;
use super::refusal::Refusal;
use super::{Desk, redeem, refresh};

pub(super) async fn answer(State(desk): State<Desk>, form: Form) -> Result<Json<Value>, Refusal> {
    let grant_type = form.required("grant_type", "grant_type is missing")?;
    form.client(&desk)?;
    let issued = match grant_type {
        "urn:ietf:params:oauth:grant-type:device_code" => redeem::redeem(&desk, &form)?,
        "refresh_token" => refresh::refresh(&desk, &form)?,
        _ => {
            return Err(Refusal::Code(
                "unsupported_grant_type",
                "only device codes and refresh tokens are exchanged here",
            ));
        }
    };
    Ok(Json(shape(&issued)))
}

fn shape(issued: &Issued) -> Value {
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
