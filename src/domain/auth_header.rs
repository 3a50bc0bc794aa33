//! The HTTP header that carries a credential, for programs that send the request themselves.

use super::Secret;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthHeader {
    pub name: String,
    /// The authentication scheme (RFC 9110 §11.1); `None` if the value is the secret alone.
    pub scheme: Option<String>,
    pub secret: Secret,
}

impl AuthHeader {
    /// Returns the value: `Bearer SECRET`.
    pub fn value(&self) -> Secret {
        match &self.scheme {
            Some(scheme) => Secret::new(format!("{scheme} {}", self.secret.expose())),
            None => self.secret.clone(),
        }
    }

    /// Returns the whole line: `Authorization: Bearer SECRET`.
    pub fn line(&self) -> Secret {
        Secret::new(format!("{}: {}", self.name, self.value().expose()))
    }

    /// Returns `true` if the header is `Authorization`, the only one that some protocols can set.
    pub fn is_authorization(&self) -> bool {
        self.name.eq_ignore_ascii_case("authorization")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_has_the_scheme_if_the_service_uses_one() {
        let header = |name: &str, scheme: Option<&str>| AuthHeader {
            name: name.to_owned(),
            scheme: scheme.map(str::to_owned),
            secret: Secret::new("key"),
        };
        let with_scheme = header("Authorization", Some("Bearer"));
        assert_eq!(with_scheme.line().expose(), "Authorization: Bearer key");
        assert!(with_scheme.is_authorization());
        let without = header("X-API-Key", None);
        assert_eq!(without.line().expose(), "X-API-Key: key");
        assert!(!without.is_authorization());
    }
}
