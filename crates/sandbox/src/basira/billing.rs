//! Billing, which API keys cannot access.

use axum::Json;
use serde_json::{Value, json};

use super::api_error::ApiError;
use super::caller::Caller;

pub(super) async fn show(caller: Caller) -> Result<Json<Value>, ApiError> {
    caller.check_billing_access()?;
    Ok(Json(json!({"plan": "free", "email": caller.account.email})))
}
