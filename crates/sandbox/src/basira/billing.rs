//! Billing: the one place that no API key opens.

use axum::Json;
use serde_json::{Value, json};

use super::caller::Caller;
use super::reply::No;

pub(super) async fn show(caller: Caller) -> Result<Json<Value>, No> {
    caller.may_see_billing()?;
    Ok(Json(json!({"plan": "free", "email": caller.account.email})))
}
