//! The protocol of Terraform's and `OpenTofu`'s credentials helpers: `terraform-credentials-NAME ARGS… get|store|forget
//! HOST` (developer.hashicorp.com/terraform/internals/credentials-helpers).

use serde_json::json;

use super::{Grant, parse_origin};
use crate::domain::{Origin, Secret};

/// The response for a host without a credential.
pub const NOTHING: &str = "{}\n";

/// Returns the origin of `host`, which Terraform reaches by https only.
pub fn host_origin(host: &str) -> Option<Origin> {
    parse_origin("https", host)
}

/// Returns the response to `get`. Terraform sends the credential with the scheme `Bearer`.
pub fn response(grant: &Grant) -> Secret {
    let document = json!({ "token": grant.secret().expose() });
    Secret::verbatim(format!("{document}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::helper::tests::grant;

    #[test]
    fn response_is_one_document_with_the_token() {
        assert_eq!(response(&grant(None)).expose(), "{\"token\":\"key\"}\n");
    }

    #[test]
    fn host_is_a_name_with_an_optional_port() {
        for (host, expected) in [
            ("registry.example.com", Some("https://registry.example.com")),
            (
                "REGISTRY.example.com:443",
                Some("https://registry.example.com"),
            ),
            (
                "registry.example.com:8443",
                Some("https://registry.example.com:8443"),
            ),
            ("registry.example.com/x", None),
            ("https://registry.example.com", None),
            ("me@registry.example.com", None),
            ("", None),
        ] {
            let origin = host_origin(host).map(|origin| origin.to_string());
            assert_eq!(origin.as_deref(), expected, "{host}");
        }
    }
}
