//! Checks the response of a browser login: the parameters of the redirect (RFC 6749 §4.1.2, RFC 9207).

use url::form_urlencoded;

use super::{AuthorizationError, PendingAuthorization};
use crate::domain::{Secret, sanitize_line};

/// How many characters of a text of the response are shown.
const MAX_TEXT: usize = 300;

/// The parameters that must not be repeated (RFC 6749 §3.1); others are ignored.
const PARAMETERS: [&str; 5] = ["state", "iss", "code", "error", "error_description"];

/// The parameters of a response. A repeated one is an error only after `state` proved that the server sent it.
#[derive(Default)]
struct Response {
    values: [Option<Secret>; PARAMETERS.len()],
    repeated: Option<&'static str>,
}

impl Response {
    fn parse(query: &str) -> Self {
        let mut response = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let Some(at) = PARAMETERS.iter().position(|known| *known == name) else {
                continue;
            };
            let value = Secret::verbatim(value.into_owned());
            if response.values[at].replace(value).is_some() {
                response.repeated = response.repeated.or(Some(PARAMETERS[at]));
            }
        }
        response
    }

    fn get(&self, name: &str) -> Option<&Secret> {
        let at = PARAMETERS.iter().position(|known| *known == name)?;
        self.values[at].as_ref().filter(|value| !value.is_empty())
    }
}

impl PendingAuthorization {
    /// Returns the authorization code in the query of a redirect.
    ///
    /// # Errors
    /// [`AuthorizationError::WrongState`] if the response belongs to another sign-in, which leaves this one open. Every
    /// other error ends it.
    pub fn code_in_query(&self, query: &str) -> Result<Secret, AuthorizationError> {
        let response = Response::parse(query);
        let is_ours = response
            .get("state")
            .is_some_and(|state| *state == self.state);
        if !is_ours || response.repeated == Some("state") {
            return Err(AuthorizationError::WrongState);
        }
        if let Some(name) = response.repeated {
            return Err(AuthorizationError::Repeated { name });
        }
        self.check_issuer(response.get("iss"))?;
        if let Some(error) = response.get("error") {
            return Err(to_error(error, response.get("error_description")));
        }
        let code = response.get("code").ok_or(AuthorizationError::NoCode)?;
        if !code.is_visible_ascii() {
            return Err(AuthorizationError::InvalidCode);
        }
        Ok(code.clone())
    }

    /// As [`Self::code_in_query`], for a query that the user copied, and perhaps not completely.
    pub(super) fn code_in_pasted_query(&self, query: &str) -> Result<Secret, AuthorizationError> {
        let found = self.code_in_query(query);
        let response = Response::parse(without_partial_escape(query));
        let is_cut = found.is_err() && response.repeated.is_none() && self.lacks_end(&response);
        if is_cut {
            return Err(AuthorizationError::Cut);
        }
        found
    }

    /// Returns true if a parameter of a response to this sign-in is there only in part, or all of the later ones are missing.
    fn lacks_end(&self, response: &Response) -> bool {
        let is_part = |found: &Secret, whole: &str| {
            found.expose() != whole && whole.starts_with(found.expose())
        };
        let issuer = response.get("iss");
        let has_partial_issuer = issuer.is_some_and(|found| is_part(found, &self.issuer));
        let has_code = response.get("code").is_some() || response.get("error").is_some();
        match response.get("state") {
            None => issuer.is_none() || has_partial_issuer,
            Some(state) if *state != self.state => is_part(state, self.state.expose()),
            Some(_) => !has_code || has_partial_issuer,
        }
    }

    /// Compares `iss` with the recorded issuer as plain text, without normalization (RFC 9207 §2.4).
    fn check_issuer(&self, found: Option<&Secret>) -> Result<(), AuthorizationError> {
        let expected = sanitize_line(&self.issuer);
        match found {
            None if self.requires_issuer => Err(AuthorizationError::MissingIssuer { expected }),
            Some(found) if *found != Secret::verbatim(self.issuer.clone()) => {
                let found = show(found);
                Err(AuthorizationError::ForeignIssuer { expected, found })
            }
            _ => Ok(()),
        }
    }
}

/// Removes the first characters of `%3A` from the end.
fn without_partial_escape(query: &str) -> &str {
    let end = query.len().saturating_sub(2);
    let last = query.get(end..).and_then(|last| last.find('%'));
    last.and_then(|at| query.get(..end + at)).unwrap_or(query)
}

fn to_error(error: &Secret, description: Option<&Secret>) -> AuthorizationError {
    let description = description.map(show).filter(|text| !text.is_empty());
    match error.expose() {
        "access_denied" => AuthorizationError::Denied { description },
        _ => AuthorizationError::Refused {
            error: show(error),
            description,
        },
    }
}

fn show(text: &Secret) -> String {
    sanitize_line(text.expose())
        .chars()
        .take(MAX_TEXT)
        .collect()
}

#[cfg(test)]
mod tests;
