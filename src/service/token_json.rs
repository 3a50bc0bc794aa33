//! Parses a token from a service's JSON by the pointers of its description.

use serde_json::Value;

use super::restrictions;
use crate::domain::{ApiToken, TokenId, TokenKind, json_time, sanitize_line};
use crate::provider::{ActiveRule, KindRule, Pointer, TokenFields};

/// Parses the token in `value`; missing facts are `None`.
pub(super) fn parse_token(fields: &TokenFields, value: &Value) -> ApiToken {
    let at =
        |pointer: &Option<Pointer>| pointer.as_ref().and_then(|pointer| pointer.find_in(value));
    let text = |pointer: &Option<Pointer>| {
        pointer
            .as_ref()
            .and_then(|pointer| pointer.text_in(value))
            .map(|text| sanitize_line(&text))
    };
    let time = |pointer: &Option<Pointer>| at(pointer).and_then(json_time);
    let revoked = at(&fields.revoked).and_then(Value::as_bool);
    let reported_active = at(&fields.active)
        .and_then(Value::as_bool)
        .or(revoked.map(|revoked| !revoked));
    let by_presence = fields.active_by == Some(ActiveRule::Presence) && value.is_object();
    let id = fields
        .id
        .as_ref()
        .and_then(|pointer| pointer.text_in(value));
    ApiToken {
        id: id.map(TokenId::new),
        name: text(&fields.name),
        kind: fields
            .kind
            .and_then(|rule| parse_kind(rule, at(&fields.expires_at))),
        created_at: time(&fields.created_at),
        expires_at: time(&fields.expires_at),
        active: reported_active.or(by_presence.then_some(true)),
        revoked: revoked == Some(true),
        permissions: at(&fields.permissions).and_then(parse_list),
        scopes: at(&fields.scopes).and_then(parse_list),
        prefix: text(&fields.prefix),
        last_used_at: time(&fields.last_used_at),
        unreadable: restrictions::find_unreadable(fields, value),
    }
}

/// Returns the kind by `rule` and the token's expiry.
fn parse_kind(rule: KindRule, expiry: Option<&Value>) -> Option<TokenKind> {
    match (rule, expiry) {
        (KindRule::ByExpiry, None) => Some(TokenKind::Permanent),
        (KindRule::ByExpiry, Some(expiry)) => json_time(expiry).map(|_| TokenKind::Temporary),
    }
}

/// Parses a list of strings, or words in one string.
fn parse_list(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::Array(items) => Some(
            items
                .iter()
                .filter_map(Value::as_str)
                .map(sanitize_line)
                .collect(),
        ),
        Value::String(text) => Some(
            text.split([' ', ','])
                .filter(|word| !word.is_empty())
                .map(sanitize_line)
                .collect(),
        ),
        _ => None,
    }
}
