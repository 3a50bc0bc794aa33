//! A token's facts, read from a service's JSON by the places its description gives.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::restrictions;
use crate::domain::{ApiToken, TokenId, TokenKind, sanitize_line};
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
    let time = |place: &Option<Pointer>| at(place).and_then(parse_time);
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
        (KindRule::ByExpiry, Some(end)) => parse_time(end).map(|_| TokenKind::Temporary),
    }
}

/// RFC 3339, the same without an offset (taken as UTC), or Unix seconds.
pub(super) fn parse_time(value: &Value) -> Option<Timestamp> {
    if let Some(seconds) = value.as_i64() {
        return Timestamp::from_second(seconds).ok();
    }
    let text = value.as_str()?;
    let with_offset = text.parse::<Timestamp>().ok();
    with_offset.or_else(|| {
        text.parse::<DateTime>()
            .ok()?
            .to_zoned(TimeZone::UTC)
            .ok()
            .map(|zoned| zoned.timestamp())
    })
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn times_are_parsed_in_every_format_the_services_use() {
        let expected: Timestamp = "2026-02-01T00:00:00Z".parse().unwrap();
        for form in [
            json!("2026-02-01T00:00:00Z"),
            json!("2026-02-01T01:00:00.000+01:00"),
            json!("2026-02-01T00:00:00"),
            json!(1_769_904_000),
        ] {
            assert_eq!(parse_time(&form), Some(expected), "{form}");
        }
        assert_eq!(parse_time(&json!("soon")), None);
    }
}
