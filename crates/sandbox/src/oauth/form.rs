//! The parameters of a request to an OAuth endpoint (RFC 6749 §3.1, §3.2 and appendix B).

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use url::form_urlencoded;

use super::error::OauthError;
use crate::web::host_guard::PublicUrl;
use crate::web::json_body::media_type;

/// The parameters that authenticate a client (RFC 6749 §2.3.1, RFC 7521 §4.2).
const CLIENT_CREDENTIALS: [&str; 3] =
    ["client_secret", "client_assertion", "client_assertion_type"];

/// A form, or the query of an authorization request. Parameters without a value are ignored.
pub(super) struct Form {
    fields: Vec<(String, String)>,
    repeated: Vec<String>,
    basic: Option<Basic>,
    public_url: Option<PublicUrl>,
}

/// Client credentials in the `Authorization` header (RFC 6749 §2.3.1).
pub(super) struct Basic {
    pub(super) id: String,
    pub(super) secret: String,
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

    /// Returns the parameters, except for those that authenticate the client.
    pub(super) fn without_client_credentials(&self) -> impl Iterator<Item = (&str, &str)> {
        let fields = self.fields.iter();
        fields
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .filter(|(name, _)| !CLIENT_CREDENTIALS.contains(name))
    }

    /// Returns the issuer, and the token endpoint, of the server that the request was sent to.
    pub(super) fn audiences(&self, prefix: &str) -> Vec<String> {
        let paths = [prefix.to_owned(), format!("{prefix}/oauth2/token")];
        let public_url = self.public_url.iter();
        public_url
            .flat_map(|url| paths.each_ref().map(|path| url.join(path)))
            .collect()
    }

    pub(super) fn basic(&self) -> Option<&Basic> {
        self.basic.as_ref()
    }

    /// Returns an error if a parameter is repeated (RFC 6749 §3.1).
    pub(super) fn check_repeated(&self) -> Result<(), OauthError> {
        if self.repeated.is_empty() {
            return Ok(());
        }
        Err(OauthError::request("a parameter is repeated"))
    }

    pub(super) fn is_repeated(&self, name: &str) -> bool {
        self.repeated.iter().any(|repeated| repeated == name)
    }

    /// Parses parameters. Keeps the first value of a repeated one.
    pub(super) fn parse(bytes: &[u8]) -> Self {
        let mut fields: Vec<(String, String)> = Vec::new();
        let mut repeated = Vec::new();
        for (name, value) in form_urlencoded::parse(bytes).into_owned() {
            if fields.iter().any(|(seen, _)| *seen == name) {
                repeated.push(name);
            } else {
                fields.push((name, value));
            }
        }
        fields.retain(|(_, value)| !value.is_empty());
        Self {
            fields,
            repeated,
            basic: None,
            public_url: None,
        }
    }
}

/// Reads the body of a `POST` request. Rejects repeated parameters.
impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = OauthError;

    async fn from_request(request: Request, state: &S) -> Result<Self, OauthError> {
        if !is_form(request.headers()) {
            return Err(OauthError::request(
                "the body must be application/x-www-form-urlencoded",
            ));
        }
        let basic = basic(request.headers())?;
        let public_url = request.extensions().get().cloned();
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|_| OauthError::request("the body cannot be read"))?;
        let form = Self::parse(&bytes);
        form.check_repeated()?;
        Ok(Self {
            basic,
            public_url,
            ..form
        })
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    let form = "application/x-www-form-urlencoded";
    media_type(headers).is_some_and(|kind| kind.eq_ignore_ascii_case(form))
}

fn basic(headers: &HeaderMap) -> Result<Option<Basic>, OauthError> {
    let value = headers.get(header::AUTHORIZATION);
    let value = value.and_then(|value| value.to_str().ok());
    let Some((scheme, encoded)) = value.and_then(|value| value.split_once(' ')) else {
        return Ok(None);
    };
    if !scheme.eq_ignore_ascii_case("basic") {
        return Ok(None);
    }
    decode_basic(encoded.trim())
        .map(Some)
        .ok_or(OauthError::UNKNOWN_CLIENT)
}

fn decode_basic(encoded: &str) -> Option<Basic> {
    let decoded = String::from_utf8(BASE64_STANDARD.decode(encoded).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    Some(Basic {
        id: decode_component(id),
        secret: decode_component(secret),
    })
}

/// Decodes one value of a form.
fn decode_component(text: &str) -> String {
    // A value that was encoded contains neither of the two.
    if text.contains(['=', '&']) {
        return text.to_owned();
    }
    let mut parsed = form_urlencoded::parse(text.as_bytes());
    parsed
        .next()
        .map(|(name, _)| name.into_owned())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_parameters_are_ignored_and_repeated_ones_rejected() {
        let form = Form::parse(b"a=1&b=&c=x+y%2B");
        assert_eq!(form.get("a"), Some("1"));
        assert_eq!(form.get("b"), None);
        assert_eq!(form.get("c"), Some("x y+"));
        assert!(form.check_repeated().is_ok());
        for repeated in ["a=1&a=2", "a=1&a=1", "a=&a=1"] {
            let form = Form::parse(repeated.as_bytes());
            assert!(form.check_repeated().is_err(), "{repeated}");
            assert!(form.is_repeated("a"));
        }
    }

    #[test]
    fn id_and_secret_are_decoded_after_base64() {
        let encoded = BASE64_STANDARD.encode("a%3Ab+c:d%2Be%26");
        let basic = decode_basic(&encoded).unwrap();
        assert_eq!(
            (basic.id.as_str(), basic.secret.as_str()),
            ("a:b c", "d+e&")
        );
        assert_eq!(
            decode_basic(&BASE64_STANDARD.encode("a:")).unwrap().secret,
            ""
        );
        assert!(decode_basic("???").is_none());
        assert!(decode_basic(&BASE64_STANDARD.encode("no colon")).is_none());
    }
}
