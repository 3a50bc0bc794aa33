//! The protocol of `GOAUTH` commands, from Go 1.24 on (`go help goauth`).

use super::Grant;
use crate::domain::{Origin, Secret};

/// Returns `true` if the go command uses a credential for `origin`: it ignores all but https.
pub fn is_supported(origin: &Origin) -> bool {
    origin.to_string().starts_with("https://")
}

/// Returns `true` if the response of the server rejects the credential, or requires one. The go command asks again after
/// any client error.
pub fn is_rejection(response: &[u8]) -> bool {
    let status = response.split(|byte| *byte == b' ').nth(1);
    response.starts_with(b"HTTP/") && status == Some(b"401")
}

/// Returns the URLs that the header is for, and the header.
pub fn response(origins: &[Origin], grant: &Grant) -> Secret {
    let urls: Vec<String> = origins.iter().map(ToString::to_string).collect();
    let header = grant.header.line();
    Secret::verbatim(format!("{}\n\n{}\n\n", urls.join("\n"), header.expose()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::helper::tests::grant;

    #[test]
    fn response_has_the_url_and_the_header() {
        let origins: [Origin; 2] =
            ["https://go.example", "https://go.example:8443"].map(|it| it.parse().unwrap());
        let expected =
            "https://go.example\nhttps://go.example:8443\n\nAuthorization: Bearer key\n\n";
        assert_eq!(response(&origins, &grant(None)).expose(), expected);
        assert!(is_supported(&origins[0]));
        assert!(!is_supported(&"http://localhost".parse().unwrap()));
    }

    #[test]
    fn only_status_401_is_a_rejection() {
        for (response, expected) in [
            (&b"HTTP/1.1 401 Unauthorized\r\n"[..], true),
            (b"HTTP/2.0 401 Unauthorized", true),
            (b"HTTP/1.1 404 Not Found\r\nx: 401 \r\n", false),
            (b"x 401 y", false),
            (b"", false),
        ] {
            assert_eq!(is_rejection(response), expected);
        }
    }
}
