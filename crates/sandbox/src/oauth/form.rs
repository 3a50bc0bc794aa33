//! The parameters of a request to an OAuth endpoint (RFC 6749 §3.1, §3.2 and appendix B).

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use url::form_urlencoded;

use super::{AuthServer, error::OauthError};
use crate::web::json_body::media_type;

/// A form. Parameters without a value are ignored; repeated parameters are rejected.
pub(super) struct Form {
    fields: Vec<(String, String)>,
}

impl Form {
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(field, _)| field == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Returns the parameter, or an error with the description `missing`.
    pub(super) fn required(&self, name: &str, missing: &'static str) -> Result<&str, OauthError> {
        self.get(name).ok_or(OauthError::request(missing))
    }

    /// Checks `client_id`, the only authentication of a public client (RFC 6749 §3.2.1).
    pub(super) fn check_client(&self, server: &AuthServer) -> Result<(), OauthError> {
        let client = self.required("client_id", "client_id is missing")?;
        if client == server.registration.client_id {
            return Ok(());
        }
        Err(OauthError::UNKNOWN_CLIENT)
    }

    fn parse(bytes: &[u8]) -> Result<Self, OauthError> {
        let mut fields: Vec<(String, String)> = Vec::new();
        for (name, value) in form_urlencoded::parse(bytes).into_owned() {
            if fields.iter().any(|(seen, _)| *seen == name) {
                return Err(OauthError::request("a parameter is repeated"));
            }
            fields.push((name, value));
        }
        fields.retain(|(_, value)| !value.is_empty());
        Ok(Self { fields })
    }
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = OauthError;

    async fn from_request(request: Request, state: &S) -> Result<Self, OauthError> {
        if !is_form(request.headers()) {
            return Err(OauthError::request(
                "the body must be application/x-www-form-urlencoded",
            ));
        }
        // No client has a secret.
        if is_basic(request.headers()) {
            return Err(OauthError::UNKNOWN_CLIENT);
        }
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|_| OauthError::request("the body cannot be read"))?;
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
    fn empty_parameters_are_ignored_and_repeated_ones_rejected() {
        let form = Form::parse(b"a=1&b=&c=x+y%2B").unwrap();
        assert_eq!(form.get("a"), Some("1"));
        assert_eq!(form.get("b"), None);
        assert_eq!(form.get("c"), Some("x y+"));
        for repeated in ["a=1&a=2", "a=1&a=1", "a=&a=1"] {
            assert!(Form::parse(repeated.as_bytes()).is_err(), "{repeated}");
        }
    }
}
