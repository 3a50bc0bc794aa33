//! Issuer URLs: their origin, and the profile name for their sessions.

use crate::actions::ActionError;
use crate::domain::{InvalidUrl, Origin, sanitize_line};
use crate::oauth::OauthError;

/// Must be https, or http on loopback.
pub(crate) fn parse_issuer_origin(issuer: &str) -> Result<Origin, ActionError> {
    let not_an_issuer = || OauthError::NotAnIssuer {
        issuer: sanitize_line(issuer),
    };
    issuer.parse().map_err(|wrong| match wrong {
        InvalidUrl::Malformed => not_an_issuer().into(),
        other => ActionError::Url(other),
    })
}

/// Returns the profile name for `issuer`: its host, port and path, with hyphens for characters that names cannot have.
pub(super) fn profile_name_for_issuer(issuer: &str) -> String {
    let rest = issuer.split_once("://").map_or(issuer, |(_, rest)| rest);
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_');
    let name: String = rest
        .chars()
        .map(|c| if fits(c) { c } else { '-' })
        .collect();
    name.trim_matches('-').chars().take(64).collect()
}

#[cfg(test)]
mod tests {
    use super::profile_name_for_issuer;

    #[test]
    fn issuer_profile_name_is_host_port_and_path() {
        for (issuer, expected) in [
            ("https://id.example.com", "id.example.com"),
            ("https://id.example.com/", "id.example.com"),
            ("http://localhost:8000", "localhost-8000"),
            ("http://[::1]:8000/a", "1--8000-a"),
            (
                "https://id.example.com/realms/one",
                "id.example.com-realms-one",
            ),
        ] {
            assert_eq!(profile_name_for_issuer(issuer), expected);
        }
    }
}
