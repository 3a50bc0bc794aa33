//! Reads the facts of a token from a service's JSON by the pointers of its description.

use serde_json::Value;

use super::restrictions;
use crate::domain::{ApiToken, JsonTime, TokenFact, TokenId, TokenKind, json_time, sanitize_line};
use crate::provider::{ActiveRule, KindRule, ResponseField, TokenCalls};

/// Returns the token in `value`. A fact that is missing or unreadable is `None`.
pub(super) fn parse_token(tokens: &TokenCalls, value: &Value) -> ApiToken {
    let fields = &tokens.fields;
    let at = |field: &Option<ResponseField>| field.as_ref().and_then(|field| field.find_in(value));
    let text = |field: &Option<ResponseField>| {
        field
            .as_ref()
            .and_then(|field| field.text_in(value))
            .map(|text| sanitize_line(&text))
    };
    let time = |field: &Option<ResponseField>| json_time(&at(field)?);
    let list = |field: &Option<ResponseField>| parse_list(&at(field)?);
    let flag = |field: &Option<ResponseField>| at(field)?.as_bool();
    let revoked = flag(&fields.revoked);
    let reported_active = flag(&fields.active).or(revoked.map(|revoked| !revoked));
    let by_presence = fields.active_by == Some(ActiveRule::Presence) && value.is_object();
    let unreadable = restrictions::find_unreadable(fields, value);
    let id = fields.id.as_ref().and_then(|field| field.text_in(value));
    ApiToken {
        id: id.map(|id| token_id(tokens, &id)),
        name: text(&fields.name),
        kind: fields
            .kind
            .and_then(|rule| parse_kind(rule, at(&fields.expires_at).as_ref())),
        created_at: time(&fields.created_at),
        expires_at: time(&fields.expires_at),
        reports_expiry: fields.expires_at.is_some() && !unreadable.contains(&TokenFact::Expiry),
        active: reported_active.or(by_presence.then_some(true)),
        revoked: revoked == Some(true),
        permissions: list(&fields.permissions),
        scopes: list(&fields.scopes),
        prefix: text(&fields.prefix),
        last_used_at: time(&fields.last_used_at),
        unreadable,
    }
}

/// Returns the id, of which only the beginning is shown if it is a secret.
pub(super) fn token_id(tokens: &TokenCalls, id: &str) -> TokenId {
    if tokens.fields.id_is_secret {
        return TokenId::secret(id);
    }
    tokens.shown_id(id)
}

fn parse_kind(rule: KindRule, expiry: Option<&Value>) -> Option<TokenKind> {
    match (rule, expiry.map_or(JsonTime::None, JsonTime::read)) {
        (KindRule::ByExpiry, JsonTime::None) => Some(TokenKind::Permanent),
        (KindRule::ByExpiry, JsonTime::At(_)) => Some(TokenKind::Temporary),
        (KindRule::ByExpiry, JsonTime::Unreadable) => None,
    }
}

/// Reads an array of strings, or one string with separators.
fn parse_list(value: &Value) -> Option<Vec<String>> {
    match value {
        // Without the others, a list of objects would look like one without rights.
        Value::Array(items) => {
            let words = items.iter().map(Value::as_str);
            words.map(|word| word.map(sanitize_line)).collect()
        }
        Value::String(text) => Some(
            text.split([' ', ','])
                .filter(|word| !word.is_empty())
                .map(sanitize_line)
                .collect(),
        ),
        _ => None,
    }
}
