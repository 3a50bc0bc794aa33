//! A token's facts, read from a service's JSON by the places its description gives.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::restrictions;
use crate::domain::{ApiToken, TokenId, TokenKind, one_line};
use crate::provider::{ActiveRule, KindRule, Pointer, TokenFields};

/// The token in `value`, as far as it tells.
pub(super) fn token(fields: &TokenFields, value: &Value) -> ApiToken {
    let at = |place: &Option<Pointer>| place.as_ref().and_then(|place| place.of(value));
    let text = |place: &Option<Pointer>| {
        place
            .as_ref()
            .and_then(|place| place.text(value))
            .map(|text| one_line(&text))
    };
    let time = |place: &Option<Pointer>| at(place).and_then(moment);
    let revoked = at(&fields.revoked).and_then(Value::as_bool);
    let told = at(&fields.active)
        .and_then(Value::as_bool)
        .or(revoked.map(|revoked| !revoked));
    let by_presence = fields.active_by == Some(ActiveRule::Presence) && value.is_object();
    let id = fields.id.as_ref().and_then(|place| place.text(value));
    ApiToken {
        id: id.map(TokenId::new),
        name: text(&fields.name),
        kind: fields
            .kind
            .and_then(|rule| kind(rule, at(&fields.expires_at))),
        created_at: time(&fields.created_at),
        expires_at: time(&fields.expires_at),
        active: told.or(by_presence.then_some(true)),
        revoked: revoked == Some(true),
        permissions: at(&fields.permissions).and_then(words),
        scopes: at(&fields.scopes).and_then(words),
        prefix: text(&fields.prefix),
        last_used_at: time(&fields.last_used_at),
        unreadable: restrictions::unreadable(fields, value),
    }
}

/// The kind that `rule` makes of the token's end.
fn kind(rule: KindRule, end: Option<&Value>) -> Option<TokenKind> {
    match (rule, end) {
        (KindRule::ByExpiry, None) => Some(TokenKind::Permanent),
        (KindRule::ByExpiry, Some(end)) => moment(end).map(|_| TokenKind::Temporary),
    }
}

/// RFC 3339, the same without an offset (taken as UTC), or Unix seconds.
pub(super) fn moment(value: &Value) -> Option<Timestamp> {
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
fn words(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::Array(items) => Some(
            items
                .iter()
                .filter_map(Value::as_str)
                .map(one_line)
                .collect(),
        ),
        Value::String(text) => Some(
            text.split([' ', ','])
                .filter(|word| !word.is_empty())
                .map(one_line)
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
    fn times_are_read_in_every_form_the_services_use() {
        let expected: Timestamp = "2026-02-01T00:00:00Z".parse().unwrap();
        for form in [
            json!("2026-02-01T00:00:00Z"),
            json!("2026-02-01T01:00:00.000+01:00"),
            json!("2026-02-01T00:00:00"),
            json!(1_769_904_000),
        ] {
            assert_eq!(moment(&form), Some(expected), "{form}");
        }
        assert_eq!(moment(&json!("soon")), None);
    }
}
