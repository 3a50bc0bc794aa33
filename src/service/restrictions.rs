//! Restrictions of a token that a service reports in a form that cannot be read. Their value is unknown, so a comparison
//! of two tokens must not treat them as absent.

use serde_json::Value;

use crate::domain::{JsonTime, TokenFact};
use crate::provider::{ResponseField, TokenFields};

/// Common names of restrictions, in lower case without separators. They are used if the description has no pointer to the
/// fact.
const COMMON_NAMES: [(TokenFact, &[&str]); 3] = [
    (
        TokenFact::Expiry,
        &[
            "exp",
            "expires",
            "expiresat",
            "expireson",
            "expiresin",
            "expire",
            "expireat",
            "expiry",
            "expirydate",
            "expiration",
            "expirationdate",
            "expirationtime",
            "expiredat",
            "notafter",
            "validuntil",
            "validto",
            "lifetime",
            "ttl",
        ],
    ),
    (
        TokenFact::Scopes,
        &[
            "scope",
            "scopes",
            "allowedscopes",
            "audience",
            "resources",
            "allowedips",
            "ipallowlist",
            "cidrs",
        ],
    ),
    (
        TokenFact::Permissions,
        &[
            "permission",
            "permissions",
            "role",
            "roles",
            "readonly",
            "isreadonly",
            "access",
            "accesslevel",
            "abilities",
            "capabilities",
            "grants",
            "privileges",
            "rights",
            "policy",
            "policies",
            "restricted",
            "restrictions",
        ],
    ),
];

/// Returns the facts that `value` reports in an unknown form, or under a common name without a pointer.
pub(super) fn find_unreadable(fields: &TokenFields, value: &Value) -> Vec<TokenFact> {
    let described = [
        (TokenFact::Expiry, &fields.expires_at),
        (TokenFact::Scopes, &fields.scopes),
        (TokenFact::Permissions, &fields.permissions),
    ];
    let is_unreadable = |fact, pointer: &Option<ResponseField>| match pointer {
        Some(pointer) => pointer
            .find_in(value)
            .is_some_and(|found| !is_readable(fact, &found)),
        None => has_common_name(fact, value),
    };
    let unreadable = described.into_iter();
    let unreadable = unreadable.filter(|(fact, pointer)| is_unreadable(*fact, pointer));
    unreadable.map(|(fact, _)| fact).collect()
}

/// Returns true if `found` has a form that can be read.
fn is_readable(fact: TokenFact, found: &Value) -> bool {
    match found {
        Value::Array(items) if fact != TokenFact::Expiry => items.iter().all(Value::is_string),
        Value::String(_) if fact != TokenFact::Expiry => true,
        other if fact == TokenFact::Expiry => {
            is_empty(other) || JsonTime::read(other) != JsonTime::Unreadable
        }
        _ => false,
    }
}

fn has_common_name(fact: TokenFact, value: &Value) -> bool {
    let names = COMMON_NAMES.iter().find(|(one, _)| *one == fact);
    let names = names.map_or(&[][..], |(_, names)| names);
    let members = value.as_object().into_iter().flatten();
    let mut restricting = members.filter(|(_, found)| !is_empty(found));
    restricting.any(|(name, _)| {
        let plain = name.replace(['_', '-'], "").to_ascii_lowercase();
        names.contains(&plain.as_str())
    })
}

/// Returns true if a member has no content: null, false, or empty.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(true) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn restrictions_in_undescribed_fields_are_reported() {
        use TokenFact::{Expiry, Permissions, Scopes};
        let bare = TokenFields::default();
        let both = json!({"readOnly": true, "expiresAt": "2027-01-01"});
        for (value, expected) in [
            (json!({"id": 1, "name": "ci"}), vec![]),
            (json!({"read_only": true}), vec![Permissions]),
            (both, vec![Expiry, Permissions]),
            (json!({"scope": "read", "expires": null}), vec![Scopes]),
            (json!({"scopes": [], "role": "", "ttl": false}), vec![]),
        ] {
            assert_eq!(find_unreadable(&bare, &value), expected, "{value}");
        }
    }

    #[test]
    fn restrictions_in_an_unknown_form_are_reported() {
        use TokenFact::{Expiry, Permissions, Scopes};
        let fields: TokenFields = serde_json::from_value(json!({
            "expires_at": "/end", "scopes": "/scopes", "permissions": "/may",
        }))
        .unwrap();
        let read = json!({"end": null, "scopes": ["a"], "may": "a b"});
        for (value, expected) in [
            (read, vec![]),
            (json!({"end": "in a week"}), vec![Expiry]),
            (json!({"end": [1_769_904_000_000_i64]}), vec![Expiry]),
            (json!({"scopes": {"articles": ["read"]}}), vec![Scopes]),
            (json!({"may": [{"name": "read"}]}), vec![Permissions]),
            (json!({"may": 4}), vec![Permissions]),
        ] {
            assert_eq!(find_unreadable(&fields, &value), expected, "{value}");
        }
    }
}
