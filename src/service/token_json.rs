//! A token's facts, read from a service's JSON by the places its description gives.

use serde_json::Value;

use super::restrictions;
use crate::domain::{ApiToken, TokenId, TokenKind, json_time, sanitize_line};
use crate::provider::{ActiveRule, KindRule, Pointer, TokenFields};

/// The token in `value`, as far as it tells.
pub(super) fn parse_token(fields: &TokenFields, value: &Value) -> ApiToken {
    let at = |place: &Option<Pointer>| place.as_ref().and_then(|place| place.find_in(value));
    let text = |place: &Option<Pointer>| {
        place
            .as_ref()
            .and_then(|place| place.text_in(value))
            .map(|text| sanitize_line(&text))
    };
    let time = |place: &Option<Pointer>| at(place).and_then(json_time);
    let revoked = at(&fields.revoked).and_then(Value::as_bool);
    let reported_active = at(&fields.active)
        .and_then(Value::as_bool)
        .or(revoked.map(|revoked| !revoked));
    let by_presence = fields.active_by == Some(ActiveRule::Presence) && value.is_object();
    let id = fields.id.as_ref().and_then(|place| place.text_in(value));
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

/// The kind that `rule` makes of the token's end.
fn parse_kind(rule: KindRule, end: Option<&Value>) -> Option<TokenKind> {
    match (rule, end) {
        (KindRule::ByExpiry, None) => Some(TokenKind::Permanent),
        (KindRule::ByExpiry, Some(end)) => json_time(end).map(|_| TokenKind::Temporary),
    }
}

/// A list of words, or words in one text.
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
