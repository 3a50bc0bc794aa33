//! The protocol of git's credential helpers (gitcredentials(7), git-credential(1)): lines of `key=value`.

use super::{Grant, parse_origin};
use crate::domain::{Origin, Secret};

/// The longest line that git reads or writes.
const MAX_LINE: usize = 65_535;

/// The response to `capability`: this helper passes on any scheme, not only Basic.
pub const CAPABILITIES: &str = "version 0\ncapability authtype\n";

/// Stops git from asking other helpers and from prompting.
pub const QUIT: &str = "quit=1\n";

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Request {
    protocol: String,
    host: String,
    username: Option<String>,
    password: Option<Secret>,
    credential: Option<Secret>,
    capabilities: Vec<String>,
    /// The `WWW-Authenticate` headers of the server.
    challenges: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRequest {
    #[error("a line is longer than {MAX_LINE} bytes")]
    LongLine,
    #[error("a line is not of the form key=value")]
    NotAPair,
    #[error("a value is not UTF-8 text, or contains a control character")]
    ControlCharacter,
}

impl Request {
    /// Reads lines up to an empty one. Unknown keys are ignored.
    ///
    /// # Errors
    /// [`InvalidRequest`].
    pub fn parse(input: &[u8]) -> Result<Self, InvalidRequest> {
        let mut request = Self::default();
        let lines = input.split(|byte| *byte == b'\n');
        for line in lines.take_while(|line| !line.is_empty()) {
            if line.len() > MAX_LINE {
                return Err(InvalidRequest::LongLine);
            }
            let line = str::from_utf8(line).map_err(|_| InvalidRequest::ControlCharacter)?;
            let (key, value) = line.split_once('=').ok_or(InvalidRequest::NotAPair)?;
            // A tab is allowed in a header.
            if value.contains(|c: char| c.is_control() && c != '\t') {
                return Err(InvalidRequest::ControlCharacter);
            }
            request.set(key, value);
        }
        Ok(request)
    }

    fn set(&mut self, key: &str, value: &str) {
        match key {
            "protocol" => value.clone_into(&mut self.protocol),
            "host" => value.clone_into(&mut self.host),
            "username" => self.username = Some(value.to_owned()),
            "password" => self.password = Some(Secret::verbatim(value.to_owned())),
            "credential" => self.credential = Some(Secret::verbatim(value.to_owned())),
            "capability[]" => push(&mut self.capabilities, value),
            "wwwauth[]" => push(&mut self.challenges, value),
            _ => {}
        }
    }

    /// Returns the origin of the server; `None` if no helper responds for it.
    pub fn origin(&self) -> Option<Origin> {
        parse_origin(&self.protocol, &self.host)
    }

    /// Returns the credential that the server rejected, in an `erase` request.
    pub fn rejected(&self) -> Option<&Secret> {
        self.credential.as_ref().or(self.password.as_ref())
    }

    pub fn response(&self, grant: &Grant) -> Secret {
        let secret = grant.secret().expose();
        let has_authtype = self.capabilities.iter().any(|name| name == "authtype");
        let capability = if has_authtype {
            "capability[]=authtype\n"
        } else {
            ""
        };
        let ephemeral = if has_authtype { "ephemeral=1\n" } else { "" };
        let scheme = self.scheme(grant).filter(|_| has_authtype);
        let credential = scheme.map_or_else(
            || format!("username={}\npassword={secret}\n", self.user(grant)),
            |scheme| format!("authtype={scheme}\ncredential={secret}\n"),
        );
        let expiry = grant.expires_at.map_or_else(String::new, |end| {
            format!("password_expiry_utc={}\n", end.as_second())
        });
        Secret::verbatim(format!("{capability}{credential}{ephemeral}{expiry}"))
    }

    /// Returns the user name in the URL, else the name of the account.
    fn user<'r>(&'r self, grant: &'r Grant) -> &'r str {
        let named = self.username.as_deref().filter(|name| !name.is_empty());
        named.unwrap_or(grant.user())
    }

    /// Returns the scheme of the service's `Authorization` header if the server accepts it; git can send no other header.
    fn scheme<'g>(&self, grant: &'g Grant) -> Option<&'g str> {
        let scheme = grant.header.scheme.as_deref()?;
        let is_offered = |challenge: &String| {
            let offered = challenge.split([' ', ',']).next().unwrap_or_default();
            offered.eq_ignore_ascii_case(scheme)
        };
        let is_accepted = self.challenges.is_empty() || self.challenges.iter().any(is_offered);
        (grant.header.is_authorization() && is_accepted).then_some(scheme)
    }
}

/// Adds a value of a key that may occur several times. An empty value removes the earlier ones (gitcredentials(7)).
fn push(values: &mut Vec<String>, value: &str) {
    if value.is_empty() {
        values.clear();
    } else {
        values.push(value.to_owned());
    }
}

#[cfg(test)]
mod tests;
