//! What a new key shall be like, checked.

use serde_json::Value;

use super::reply::No;
use crate::json_body::JsonBody;

const PERMISSIONS: [&str; 3] = ["read", "write", "delete"];
const SCOPES: [&str; 4] = ["articles", "social", "projects", "user"];
const NAME_MOST: usize = 100;
const DAYS_MOST: i64 = 365;

/// A key, as it is asked for.
pub(super) struct Wish {
    pub(super) name: String,
    pub(super) permissions: Vec<&'static str>,
    /// All of them when none are asked for.
    pub(super) scopes: Vec<&'static str>,
    /// `None`: for ever.
    pub(super) days: Option<i64>,
}

impl Wish {
    pub(super) fn of(body: &JsonBody) -> Result<Self, No> {
        let scopes = chosen(body.0.get("scopes"), &SCOPES, "scopes")?;
        Ok(Self {
            name: name(body)?,
            permissions: chosen(body.0.get("permissions"), &PERMISSIONS, "permissions")?
                .ok_or(No::invalid("permissions is required"))?,
            scopes: scopes.unwrap_or_else(|| SCOPES.to_vec()),
            days: days(body.0.get("expires_in_days"))?,
        })
    }
}

fn name(body: &JsonBody) -> Result<String, No> {
    let name = body.text("name").map(str::trim);
    name.filter(|name| name.chars().count() <= NAME_MOST)
        .map(str::to_owned)
        .ok_or(No::invalid("name must have 1 to 100 characters"))
}

/// Which of the words in `from` stand in `value`, in their usual order; `None` when it is absent.
fn chosen(
    value: Option<&Value>,
    from: &[&'static str],
    field: &str,
) -> Result<Option<Vec<&'static str>>, No> {
    let Some(value) = value.filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    let mistake = || No::invalid(format!("{field} must be some of {}", from.join(", ")));
    let asked = value.as_array().ok_or_else(mistake)?;
    let known = |word: &Value| word.as_str().is_some_and(|word| from.contains(&word));
    if asked.is_empty() || !asked.iter().all(known) {
        return Err(mistake());
    }
    let wanted = from.iter().filter(|word| asked.iter().any(|a| a == **word));
    Ok(Some(wanted.copied().collect()))
}

fn days(value: Option<&Value>) -> Result<Option<i64>, No> {
    let Some(value) = value.filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    let days = value.as_i64().filter(|days| (1..=DAYS_MOST).contains(days));
    let words = "expires_in_days must be a whole number from 1 to 365";
    days.map(Some).ok_or(No::invalid(words))
}
