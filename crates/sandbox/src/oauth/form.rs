//! The parameters of a request to an OAuth endpoint (RFC 6749 §3.1, §3.2 and appendix B).

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use url::form_urlencoded;

use super::{Desk, refusal::Refusal};
use crate::json_body::media_type;

/// A form, from the registered client. A parameter without a value counts as left out; one that comes twice is refused.
pub(super) struct Form {
    fields: Vec<(String, String)>,
}

impl Form {
    /// The parameter `name`, when it was sent.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(field, _)| field == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The parameter `name`, or the refusal that says `missing`.
    pub(super) fn required(&self, name: &str, missing: &'static str) -> Result<&str, Refusal> {
        self.get(name).ok_or(Refusal::request(missing))
    }

    /// Whether the registered client sent it. A public client authenticates with nothing but its name (RFC 6749 §3.2.1).
    pub(super) fn client(&self, desk: &Desk) -> Result<(), Refusal> {
        let client = self.required("client_id", "client_id is missing")?;
        if client == desk.registration.client_id {
            return Ok(());
        }
        Err(Refusal::UNKNOWN_CLIENT)
    }

    fn parse(bytes: &[u8]) -> Result<Self, Refusal> {
        let mut fields: Vec<(String, String)> = Vec::new();
        for (name, value) in form_urlencoded::parse(bytes).into_owned() {
            if fields.iter().any(|(seen, _)| *seen == name) {
                return Err(Refusal::request("a parameter is repeated"));
            }
            fields.push((name, value));
        }
        fields.retain(|(_, value)| !value.is_empty());
        Ok(Self { fields })
    }
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        if !is_form(request.headers()) {
            return Err(Refusal::request(
                "the body must be application/x-www-form-urlencoded",
            ));
        }
        // A client secret where no client has one.
        if is_basic(request.headers()) {
            return Err(Refusal::UNKNOWN_CLIENT);
        }
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|_| Refusal::request("the body cannot be read"))?;
        Self::parse(&bytes)
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    let form = "application/x-www-form-urlencoded";
    media_type(headers).is_some_and(|kind| kind.eq_ignore_ascii_case(form))
}

fn is_basic(headers: &HeaderMap) -> bool {
    let value = headers.get(header::AUTHORIZATION);
    let scheme = value.and_then(|value| value.as_bytes().get(..6));
    scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"basic "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_parameters_count_as_left_out_and_repeated_ones_are_refused() {
        let form = Form::parse(b"a=1&b=&c=x+y%2B").unwrap();
        assert_eq!(form.get("a"), Some("1"));
        assert_eq!(form.get("b"), None);
        assert_eq!(form.get("c"), Some("x y+"));
        for twice in ["a=1&a=2", "a=1&a=1", "a=&a=1"] {
            assert!(Form::parse(twice.as_bytes()).is_err(), "{twice}");
        }
    }
}
