//! Headers that the user adds to a request.

use crate::actions::ApiCallError;
use crate::http::HeaderName;
use crate::provider::{Descriptor, is_connection_header};

/// A header with a valid name and value.
#[derive(Debug, Clone)]
pub struct ApiHeader {
    pub name: HeaderName,
    pub value: String,
}

impl ApiHeader {
    /// Parses `Name: value`.
    ///
    /// # Errors
    /// [`ApiCallError`] for another form, a line end or another control character, and headers of the connection.
    pub fn parse(text: &str) -> Result<Self, ApiCallError> {
        let (name, value) = text.split_once(':').ok_or(ApiCallError::InvalidHeader)?;
        let name: HeaderName = name.parse().map_err(|_| ApiCallError::InvalidHeader)?;
        let value = value.trim_matches([' ', '\t']);
        let not_allowed = |reason| ApiCallError::HeaderNotAllowed {
            name: name.to_string(),
            reason,
        };
        if value.chars().any(|c| c.is_control() && c != '\t') {
            return Err(not_allowed("its value contains a control character"));
        }
        if is_connection_header(&name) {
            return Err(not_allowed("it belongs to the connection"));
        }
        Ok(Self {
            value: value.to_owned(),
            name,
        })
    }

    /// Checks that the header carries no credential of the service.
    ///
    /// # Errors
    /// [`ApiCallError::HeaderNotAllowed`].
    pub(super) fn check_not_credential(&self, descriptor: &Descriptor) -> Result<(), ApiCallError> {
        let mut headers = descriptor.headers.values();
        let is_credential = headers.any(|form| *form.name.name() == self.name);
        if is_credential || self.name == "authorization" {
            return Err(ApiCallError::HeaderNotAllowed {
                name: self.name.to_string(),
                reason: "it carries the credential of the profile",
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_that_split_the_request_or_name_its_server_are_rejected() {
        for text in [
            "x: a\r\nhost: evil.net",
            "x: a\nb",
            "x\r\nhost: evil.net",
            "Host: evil.net",
            "Content-Length: 7",
            "Transfer-Encoding: chunked",
            "no colon",
            ": x",
            "a b: c",
        ] {
            let error = ApiHeader::parse(text).unwrap_err();
            assert!(!error.to_string().contains("evil"), "{error}");
        }
        let header = ApiHeader::parse("Accept:  text/plain; q=0.5 ").unwrap();
        assert_eq!(
            (header.name.as_str(), &*header.value),
            ("accept", "text/plain; q=0.5")
        );
    }
}
