//! Placeholders in the calls of a description, such as `{name}` or `{expires:seconds}`, and texts that contain them.

use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::Value;

use super::{Parameter, Pointer};

/// A value that a call can have.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Placeholder {
    /// The id of a token, or of a session for `logout`.
    Id,
    Name,
    Scopes,
    Permissions,
    /// `--permanent` or `--temporary`, as a boolean.
    Permanent,
    /// `--expires-in`, or the expiry that follows from it.
    Expires(TimeForm),
    /// Whether a token is to be active, as a boolean.
    Active,
    Username,
    Password,
    RefreshToken,
    /// A value that the user sets, or that the service reports about the account.
    Parameter(String),
}

/// How a service expects the lifetime or the expiry of a new token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TimeForm {
    /// The lifetime in whole days.
    Days,
    Seconds,
    Milliseconds,
    /// The expiry as a date in UTC, `2027-01-31`.
    Date,
    /// The expiry, `2027-01-31T12:00:00Z`.
    Rfc3339,
    /// The expiry in seconds since 1970.
    Unix,
    /// The expiry in milliseconds since 1970.
    UnixMilliseconds,
}

const SECONDS_PER_DAY: i64 = 86_400;

impl TimeForm {
    const ALL: [(&str, Self); 7] = [
        ("days", Self::Days),
        ("seconds", Self::Seconds),
        ("ms", Self::Milliseconds),
        ("date", Self::Date),
        ("rfc3339", Self::Rfc3339),
        ("unix", Self::Unix),
        ("unix_ms", Self::UnixMilliseconds),
    ];

    /// Returns `true` if a lifetime that is not whole days would be changed.
    pub fn is_whole_days(self) -> bool {
        matches!(self, Self::Days | Self::Date)
    }

    /// Returns the value for a token that is created at `now`, unless its expiry is after the last year of calendars.
    pub fn value(self, lifetime: SignedDuration, now: Timestamp) -> Option<Value> {
        let seconds = lifetime.as_secs();
        let end = now.checked_add(lifetime).ok()?;
        Some(match self {
            Self::Days => Value::from(seconds / SECONDS_PER_DAY),
            Self::Seconds => Value::from(seconds),
            Self::Milliseconds => Value::from(seconds.checked_mul(1000)?),
            Self::Date => Value::from(Offset::UTC.to_datetime(end).date().to_string()),
            Self::Rfc3339 => Value::from(Timestamp::from_second(end.as_second()).ok()?.to_string()),
            Self::Unix => Value::from(end.as_second()),
            Self::UnixMilliseconds => Value::from(end.as_millisecond()),
        })
    }
}

impl Placeholder {
    /// Parses what is between the braces.
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "id" => Self::Id,
            "name" => Self::Name,
            "scopes" => Self::Scopes,
            "permissions" => Self::Permissions,
            "permanent" => Self::Permanent,
            "active" => Self::Active,
            "username" => Self::Username,
            "password" => Self::Password,
            "refresh_token" => Self::RefreshToken,
            other if other.starts_with("parameter:") => {
                let name = &other["parameter:".len()..];
                return Parameter::is_valid_name(name).then(|| Self::Parameter(name.to_owned()));
            }
            other => {
                let form = other.strip_prefix("expires:")?;
                let mut forms = TimeForm::ALL.into_iter();
                Self::Expires(forms.find(|(name, _)| *name == form)?.1)
            }
        })
    }

    /// Returns the text in a description, without braces.
    pub fn text(&self) -> String {
        match self {
            Self::Id => "id".to_owned(),
            Self::Name => "name".to_owned(),
            Self::Scopes => "scopes".to_owned(),
            Self::Permissions => "permissions".to_owned(),
            Self::Permanent => "permanent".to_owned(),
            Self::Active => "active".to_owned(),
            Self::Username => "username".to_owned(),
            Self::Password => "password".to_owned(),
            Self::RefreshToken => "refresh_token".to_owned(),
            Self::Parameter(name) => format!("parameter:{name}"),
            Self::Expires(form) => {
                let mut forms = TimeForm::ALL.iter();
                let name = forms.find(|(_, it)| it == form).map(|(name, _)| *name);
                format!("expires:{}", name.unwrap_or_default())
            }
        }
    }

    /// Returns `true` if the value must not be in a URL, which servers and proxies log.
    pub fn is_secret(&self) -> bool {
        matches!(self, Self::Password | Self::RefreshToken)
    }
}

/// Returns the value of a placeholder; `None` if the user named none.
pub type Values<'a> = &'a dyn Fn(&Placeholder) -> Option<Value>;

/// A text with placeholders. A brace itself is `{{` or `}}`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(with = "String"))]
#[serde(try_from = "String")]
pub struct TextTemplate(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Literal(String),
    Placeholder(Placeholder),
}

pub(super) const UNKNOWN_PLACEHOLDER: &str = "expected only known placeholders: {id}, {name}, {scopes}, {permissions}, {permanent}, \
     {active}, {username}, {password}, {refresh_token}, {parameter:NAME} or {expires:days|seconds|ms|date|rfc3339|unix|unix_ms}; a brace itself is {{ or }}";

impl From<Placeholder> for TextTemplate {
    fn from(placeholder: Placeholder) -> Self {
        Self(vec![Part::Placeholder(placeholder)])
    }
}

impl TryFrom<String> for TextTemplate {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut rest = text.as_str();
        while let Some(at) = rest.find(['{', '}']) {
            let (before, from) = rest.split_at(at);
            literal.push_str(before);
            if let Some(after) = from.strip_prefix("{{").or_else(|| from.strip_prefix("}}")) {
                literal.push_str(&from[..1]);
                rest = after;
                continue;
            }
            let inner = from.strip_prefix('{').and_then(|it| it.split_once('}'));
            let (inner, after) = inner.ok_or(UNKNOWN_PLACEHOLDER)?;
            let placeholder = Placeholder::parse(inner).ok_or(UNKNOWN_PLACEHOLDER)?;
            if !literal.is_empty() {
                parts.push(Part::Literal(std::mem::take(&mut literal)));
            }
            parts.push(Part::Placeholder(placeholder));
            rest = after;
        }
        literal.push_str(rest);
        if !literal.is_empty() {
            parts.push(Part::Literal(literal));
        }
        Ok(Self(parts))
    }
}

impl TextTemplate {
    pub fn placeholders(&self) -> impl Iterator<Item = &Placeholder> {
        self.0.iter().filter_map(|part| match part {
            Part::Placeholder(placeholder) => Some(placeholder),
            Part::Literal(_) => None,
        })
    }

    /// Returns `true` if a literal part contains one of `characters`.
    pub(super) fn has_literal(&self, characters: &[char]) -> bool {
        let mut parts = self.0.iter();
        parts.any(|part| matches!(part, Part::Literal(text) if text.contains(characters)))
    }

    /// Returns the value with its type if the text is one placeholder, else the text. `None` if a placeholder has no value.
    pub fn value(&self, values: Values<'_>) -> Option<Value> {
        if let [Part::Placeholder(placeholder)] = self.0.as_slice() {
            return values(placeholder);
        }
        self.text(values, str::to_owned).ok().map(Value::from)
    }

    /// Returns the text with each value passed through `encode`.
    ///
    /// # Errors
    /// The placeholder that has no value.
    pub fn text(
        &self,
        values: Values<'_>,
        encode: impl Fn(&str) -> String,
    ) -> Result<String, Placeholder> {
        let mut text = String::new();
        for part in &self.0 {
            match part {
                Part::Literal(literal) => text.push_str(literal),
                Part::Placeholder(placeholder) => {
                    let value = values(placeholder).ok_or_else(|| placeholder.clone())?;
                    text.push_str(&encode(&value_text(&value)));
                }
            }
        }
        Ok(text)
    }
}

/// Returns a value as text; the words of a list are separated by spaces.
pub(super) fn value_text(value: &Value) -> String {
    if let Value::Array(items) = value {
        let words: Vec<String> = items.iter().map(value_text).collect();
        return words.join(" ");
    }
    Pointer::default()
        .text_in(value)
        .unwrap_or_else(|| value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    use serde_json::json;

    fn values(placeholder: &Placeholder) -> Option<Value> {
        match placeholder {
            Placeholder::Name => Some(json!("ci {x}")),
            Placeholder::Scopes => Some(json!(["a", "b"])),
            Placeholder::Permanent => Some(json!(true)),
            _ => None,
        }
    }

    #[test]
    fn text_that_is_one_placeholder_keeps_the_type_of_its_value() {
        for (text, expected) in [
            ("{name}", Some(json!("ci {x}"))),
            ("{scopes}", Some(json!(["a", "b"]))),
            ("{permanent}", Some(json!(true))),
            ("token {name}", Some(json!("token ci {x}"))),
            ("{scopes} {permanent}", Some(json!("a b true"))),
            ("{{name}} 100%", Some(json!("{name} 100%"))),
            ("", Some(json!(""))),
            ("{permissions}", None),
            ("may {permissions}", None),
        ] {
            let template = TextTemplate::try_from(text.to_owned()).unwrap();
            assert_eq!(template.value(&values), expected, "{text}");
        }
        for bad in [
            "{",
            "}",
            "{x}",
            "{name",
            "name}",
            "{ name }",
            "{expires}",
            "{expires:weeks}",
        ] {
            assert!(TextTemplate::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }

    #[test]
    fn times_have_the_form_that_the_service_expects() {
        let now: Timestamp = "2026-11-29T12:00:00.5Z".parse().unwrap();
        let lifetime = SignedDuration::from_hours(36);
        for (form, expected) in [
            ("days", json!(1)),
            ("seconds", json!(129_600)),
            ("ms", json!(129_600_000)),
            ("date", json!("2026-12-01")),
            ("rfc3339", json!("2026-12-01T00:00:00Z")),
            ("unix", json!(1_796_083_200)),
            ("unix_ms", json!(1_796_083_200_500_i64)),
        ] {
            let placeholder = Placeholder::parse(&format!("expires:{form}")).unwrap();
            let Placeholder::Expires(form) = placeholder.clone() else {
                panic!("{placeholder:?}");
            };
            assert_eq!(form.value(lifetime, now), Some(expected), "{form:?}");
            assert_eq!(Placeholder::parse(&placeholder.text()), Some(placeholder));
        }
        let far = SignedDuration::from_secs(i64::MAX);
        assert_eq!(TimeForm::Seconds.value(far, now), None);
    }
}
