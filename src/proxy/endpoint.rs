//! The URL of the proxy. Its first path segment is a secret, which only programs that got the URL have.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq as _;

use crate::domain::Secret;

/// In bytes: 192 bits.
const SECRET_LENGTH: usize = 24;

/// The secret first segment of the path.
#[derive(Debug, Clone)]
pub struct SecretSegment(Secret);

impl SecretSegment {
    /// # Errors
    /// If the system has no randomness.
    pub fn generate() -> Result<Self, getrandom::Error> {
        let mut bytes = zeroize::Zeroizing::new([0; SECRET_LENGTH]);
        getrandom::fill(&mut *bytes)?;
        Ok(Self(Secret::new(URL_SAFE_NO_PAD.encode(*bytes))))
    }

    /// Returns the rest of `path`, empty or with its slash; `None` without the secret. The time depends on the length of the
    /// segment only.
    pub fn strip<'a>(&self, path: &'a str) -> Option<&'a str> {
        let path = path.strip_prefix('/')?;
        let end = path.find('/').unwrap_or(path.len());
        let (segment, rest) = path.split_at(end);
        let is_equal: bool = self.bytes().ct_eq(segment.as_bytes()).into();
        is_equal.then_some(rest)
    }

    /// Returns the path of the proxy: `/SECRET`.
    pub fn path(&self) -> Secret {
        Secret::new(format!("/{}", self.0.expose()))
    }

    pub fn url(&self, origin: &str) -> Secret {
        Secret::new(format!("{origin}/{}", self.0.expose()))
    }

    /// Replaces the secret in text that is shown: a client may repeat it further on in a path.
    pub fn redact(&self, text: &str) -> String {
        text.replace(self.0.expose(), "[secret]")
    }

    fn bytes(&self) -> &[u8] {
        self.0.expose().as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_segment_opens_the_proxy() {
        let secret = SecretSegment::generate().unwrap();
        let text = secret.path().expose()[1..].to_owned();
        assert_eq!(text.len(), 32);
        assert_eq!(secret.strip(&format!("/{text}")), Some(""));
        assert_eq!(secret.strip(&format!("/{text}/")), Some("/"));
        assert_eq!(secret.strip(&format!("/{text}/a/b")), Some("/a/b"));
        for wrong in [
            String::new(),
            "/".to_owned(),
            text.clone(),
            format!("//{text}"),
            format!("/{text}x"),
            format!("/{}", &text[1..]),
            format!("/{text};x/a"),
            format!("/a/{text}"),
            format!("/%{:02x}{}", text.as_bytes()[0], &text[1..]),
        ] {
            assert_eq!(secret.strip(&wrong), None, "{wrong}");
        }
        let other = SecretSegment::generate().unwrap();
        assert_ne!(other.path(), secret.path());
        assert_eq!(secret.redact(&format!("/x/{text}")), "/x/[secret]");
    }
}
