//! Validates a request for a new API key.

use serde_json::Value;

use super::api_error::ApiError;
use crate::web::json_body::JsonBody;

const PERMISSIONS: [&str; 3] = ["read", "write", "delete"];
const SCOPES: [&str; 4] = ["articles", "social", "projects", "user"];
const MAX_NAME: usize = 100;
const MAX_DAYS: i64 = 365;

pub(super) struct CreateKeyRequest {
    pub(super) name: String,
    pub(super) permissions: Vec<&'static str>,
    /// All scopes if none are given.
    pub(super) scopes: Vec<&'static str>,
    /// `None` never expires.
    pub(super) days: Option<i64>,
}

impl CreateKeyRequest {
    pub(super) fn parse(body: &JsonBody) -> Result<Self, ApiError> {
        let scopes = parse_choices(body.0.get("scopes"), &SCOPES, "scopes")?;
        Ok(Self {
            name: name(body)?,
            permissions: parse_choices(body.0.get("permissions"), &PERMISSIONS, "permissions")?
                .ok_or(ApiError::invalid("permissions is required"))?,
            scopes: scopes.unwrap_or_else(|| SCOPES.to_vec()),
            days: days(body.0.get("expires_in_days"))?,
        })
    }
}

fn name(body: &JsonBody) -> Result<String, ApiError> {
    let name = body.text("name").map(str::trim);
    name.filter(|name| name.chars().count() <= MAX_NAME)
        .map(str::to_owned)
        .ok_or(ApiError::invalid("name must have 1 to 100 characters"))
}

/// Returns the values of `from` that `value` contains, in the order of `from`; `None` if it is missing.
fn parse_choices(
    value: Option<&Value>,
    from: &[&'static str],
    field: &str,
) -> Result<Option<Vec<&'static str>>, ApiError> {
    let Some(value) = value.filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    let error = || ApiError::invalid(format!("{field} must be some of {}", from.join(", ")));
    let values = value.as_array().ok_or_else(error)?;
    let known = |word: &Value| word.as_str().is_some_and(|word| from.contains(&word));
    if values.is_empty() || !values.iter().all(known) {
        return Err(error());
    }
    let wanted = from
        .iter()
        .filter(|word| values.iter().any(|value| value == **word));
    Ok(Some(wanted.copied().collect()))
}

fn days(value: Option<&Value>) -> Result<Option<i64>, ApiError> {
    let Some(value) = value.filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    let days = value.as_i64().filter(|days| (1..=MAX_DAYS).contains(days));
    let message = "expires_in_days must be a whole number from 1 to 365";
    days.map(Some).ok_or(ApiError::invalid(message))
}
