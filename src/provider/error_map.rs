//! The part of a description that explains a service's error responses: where their code, message and request id are, and
//! which errors mean something else than their status.

use serde::Deserialize;
use serde_json::Value;

use super::{Pointer, Pointers};

/// Each list is tried in order; the first pointer that leads to a text wins.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct ErrorMap {
    /// The service's own error code.
    pub code: Pointers,
    pub message: Pointers,
    pub request_id: Pointers,
    /// Seconds to wait, for services that report them in the body.
    pub retry_after: Pointers,
    /// The invalid fields of the request.
    pub fields: Pointers,
    /// The missing permission or scope.
    pub missing: Pointers,
    /// A member that is `false` if the call failed, whatever the status.
    pub success: Option<Pointer>,
    pub special: Vec<SpecialError>,
}

/// An error that means something else than its status.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SpecialError {
    /// Any status if it is omitted.
    pub status: Option<u16>,
    /// Where the code may be; empty if the status is enough.
    #[serde(default)]
    pub at: Pointers,
    /// The code.
    pub is: Option<String>,
    /// The only call whose errors are meant; every call if it is omitted.
    pub on: Option<ErrorCall>,
    pub means: ErrorMeaning,
    /// Where a link to a page that helps may be.
    #[serde(default)]
    pub link: Pointers,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ErrorMeaning {
    PaymentRequired,
    CredentialRejected,
    RateLimited,
}

/// A call whose errors may mean something else than those of other calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ErrorCall {
    /// Every valid credential permits it, so that a 403 is about the credential.
    Whoami,
}

impl SpecialError {
    fn matches(&self, status: u16, body: &Value) -> bool {
        let is_code = |is: &String| first_text(&self.at, body).as_ref() == Some(is);
        self.status.is_none_or(|expected| expected == status)
            && self.is.as_ref().is_none_or(is_code)
    }
}

impl ErrorMap {
    /// Returns the special error in the response to `call`, or to another call if it is `None`.
    pub fn find_special(
        &self,
        call: Option<ErrorCall>,
        status: u16,
        body: &Value,
    ) -> Option<&SpecialError> {
        let mut special = self.special.iter();
        special
            .find(|error| (error.on.is_none() || error.on == call) && error.matches(status, body))
    }

    /// Returns `true` if a response with a 2xx status reports a failure in its body.
    pub fn is_failure(&self, body: &Value) -> bool {
        let success = self.success.as_ref().and_then(|it| it.find_in(body));
        success == Some(&Value::Bool(false))
    }
}

/// Returns the text at the first of `pointers` that has one; an empty text ends the search.
pub fn first_text(pointers: &[Pointer], body: &Value) -> Option<String> {
    pointers
        .iter()
        .find_map(|pointer| pointer.text_in(body))
        .filter(|text| !text.is_empty())
}

/// Returns the texts at the first of `pointers` that has any: a text, a number, a list of them, or the texts inside an
/// object.
pub fn first_texts(pointers: &[Pointer], body: &Value) -> Vec<String> {
    let found = pointers.iter().filter_map(|pointer| pointer.find_in(body));
    found
        .map(collect_texts)
        .find(|texts| !texts.is_empty())
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
    list.into_iter().filter(|text| !text.is_empty()).collect()
}
