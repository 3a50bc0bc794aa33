//! Where an error's code, message and request id stand in a service's answers, and which of them mean something special.

use serde::Deserialize;
use serde_json::Value;

use super::Pointer;

/// The places to look at, in order; the first that holds a text counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ErrorMap {
    /// The service's own error code.
    pub code: Vec<Pointer>,
    /// The message for people.
    pub message: Vec<Pointer>,
    /// What support asks for.
    pub request_id: Vec<Pointer>,
    /// Seconds to wait, for services that say it in the body.
    pub retry_after: Vec<Pointer>,
    /// The fields of the request that are at fault.
    pub fields: Vec<Pointer>,
    /// The permission or scope that is missing.
    pub missing: Vec<Pointer>,
    /// Where `false` says that the call failed, whatever the status.
    pub success: Option<Pointer>,
    /// Errors whose status alone would mislead.
    pub special: Vec<SpecialError>,
}

/// An error that means something else than its status says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpecialError {
    /// The HTTP status it comes with; any where it is left out.
    pub status: Option<u16>,
    /// Where its code may stand.
    pub at: Vec<Pointer>,
    /// The code.
    pub is: String,
    /// What it means.
    pub means: ErrorMeaning,
    /// Where a link that helps may stand.
    #[serde(default)]
    pub link: Vec<Pointer>,
}

/// What a special error can mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorMeaning {
    /// Somebody has to pay first.
    PaymentRequired,
    /// The credential is not accepted.
    CredentialRejected,
    /// Too many requests.
    RateLimited,
}

impl ErrorMap {
    /// The special error that `body` with `status` is, if any.
    pub fn find_special(&self, status: u16, body: &Value) -> Option<&SpecialError> {
        self.special.iter().find(|case| {
            let code = first_text(&case.at, body);
            case.status.is_none_or(|expected| expected == status)
                && code.is_some_and(|code| code == case.is)
        })
    }

    /// Whether an answer with a good status says that the call failed all the same.
    pub fn is_failure(&self, body: &Value) -> bool {
        let success = self.success.as_ref().and_then(|place| place.find_in(body));
        success == Some(&Value::Bool(false))
    }
}

/// The first text that stands at one of `places`.
pub fn first_text(pointers: &[Pointer], body: &Value) -> Option<String> {
    pointers
        .iter()
        .find_map(|place| place.text_in(body))
        .filter(|text| !text.is_empty())
}

/// The words that stand at the first of `places` that holds any: a text, a number, a list of them, or the texts inside
/// an object.
pub fn first_texts(pointers: &[Pointer], body: &Value) -> Vec<String> {
    let found = pointers.iter().filter_map(|place| place.find_in(body));
    found
        .map(collect_texts)
        .find(|words| !words.is_empty())
        .unwrap_or_default()
}

fn collect_texts(value: &Value) -> Vec<String> {
    let list: Vec<String> = match value {
        Value::Array(items) => items
            .iter()
            .map(|item| collect_texts(item).join(" "))
            .collect(),
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| format!("{name}: {}", collect_texts(value).join(", ")))
            .collect(),
        other => Pointer::default().text_in(other).into_iter().collect(),
    };
    list.into_iter().filter(|word| !word.is_empty()).collect()
}
