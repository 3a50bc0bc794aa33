//! The file `credentials/<profile>.json`: a credential and everything it is bound to. This is the only module that
//! serializes a [`Secret`].

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use url::Url;
use zeroize::Zeroizing;

use super::format::{self, FormatError, VERSION};
use crate::domain::{
    ClientAuthMethod, ClientParameters, ClientSecret, Credential, CredentialKind, Expiry,
    InteractiveMethod, OAuthServer, Origin, ProviderId, Scopes, Secret, StoredCredential,
};

/// A secret in the file. An empty one authorizes nothing, so it counts as damage.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct StoredSecret(Secret);

impl TryFrom<String> for StoredSecret {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let secret = Secret::new(text);
        if secret.is_empty() {
            return Err("empty");
        }
        Ok(Self(secret))
    }
}

impl Serialize for StoredSecret {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.expose())
    }
}

/// A URL that may receive a token: https, or http on loopback. A file with any other URL was tampered with.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
struct Endpoint(Url);

impl TryFrom<String> for Endpoint {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let url = Url::parse(&text).map_err(|_| "no URL")?;
        Origin::of(&url).map_err(|_| "not permitted")?;
        Ok(Self(url))
    }
}

impl From<Endpoint> for String {
    fn from(endpoint: Endpoint) -> Self {
        endpoint.0.into()
    }
}

/// The names of RFC 7591 §2.
#[derive(Clone, Copy, Serialize, Deserialize)]
enum AuthMethod {
    #[serde(rename = "client_secret_basic")]
    Basic,
    #[serde(rename = "client_secret_post")]
    Post,
}

#[derive(Serialize, Deserialize)]
struct OAuthServerFile {
    issuer: String,
    client_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<StoredSecret>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    client_auth_method: Option<AuthMethod>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    audience: Option<String>,
    token_endpoint: Endpoint,
    #[serde(skip_serializing_if = "Option::is_none")]
    revocation_endpoint: Option<Endpoint>,
    #[serde(skip_serializing_if = "Option::is_none")]
    userinfo_endpoint: Option<Endpoint>,
}

/// Repeats the profile's provider and origin from the index, so that no other file can redirect the secret.
#[derive(Serialize, Deserialize)]
struct CredentialFile {
    version: u64,
    provider: ProviderId,
    origin: Origin,
    kind: CredentialKind,
    secret: StoredSecret,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<StoredSecret>,
    #[serde(skip_serializing_if = "Option::is_none")]
    authority: Option<OAuthServerFile>,
    issued_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<Timestamp>,
    /// In seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    clock_offset: Option<i64>,
    #[serde(default)]
    scopes: Scopes,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    login_method: Option<InteractiveMethod>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token_id: Option<String>,
}

pub(super) fn decode(bytes: &[u8]) -> Result<StoredCredential, FormatError> {
    format::decode::<CredentialFile>(bytes).map(StoredCredential::from)
}

pub(super) fn encode(stored: &StoredCredential) -> Result<Zeroizing<Vec<u8>>, serde_json::Error> {
    format::encode(&CredentialFile::from(stored.clone()))
}

impl From<CredentialFile> for StoredCredential {
    fn from(file: CredentialFile) -> Self {
        Self {
            provider: file.provider,
            origin: file.origin,
            credential: Credential {
                kind: file.kind,
                secret: file.secret.0,
            },
            refresh_token: file.refresh_token.map(|at_rest| at_rest.0),
            oauth_server: file.authority.map(OAuthServer::from),
            expiry: Expiry {
                issued_at: file.issued_at,
                expires_at: file.expires_at,
                clock_offset: file.clock_offset.map(SignedDuration::from_secs),
            },
            scopes: file.scopes,
            account: file.account,
            subject: file.subject,
            login_method: file.login_method,
            token_id: file.token_id,
        }
    }
}

impl From<StoredCredential> for CredentialFile {
    fn from(stored: StoredCredential) -> Self {
        Self {
            version: VERSION,
            provider: stored.provider,
            origin: stored.origin,
            kind: stored.credential.kind,
            secret: StoredSecret(stored.credential.secret),
            refresh_token: stored.refresh_token.map(StoredSecret),
            authority: stored.oauth_server.map(OAuthServerFile::from),
            issued_at: stored.expiry.issued_at,
            expires_at: stored.expiry.expires_at,
            clock_offset: stored.expiry.clock_offset.map(|offset| offset.as_secs()),
            scopes: stored.scopes,
            account: stored.account,
            subject: stored.subject,
            login_method: stored.login_method,
            token_id: stored.token_id,
        }
    }
}

impl From<OAuthServerFile> for OAuthServer {
    fn from(file: OAuthServerFile) -> Self {
        let method = match file.client_auth_method {
            Some(AuthMethod::Basic) => ClientAuthMethod::Basic,
            Some(AuthMethod::Post) | None => ClientAuthMethod::Post,
        };
        let secret = file.client_secret.map(|at_rest| ClientSecret {
            value: at_rest.0,
            method,
        });
        Self {
            issuer: file.issuer,
            client_id: file.client_id,
            client: ClientParameters {
                secret,
                resource: file.resource,
                audience: file.audience,
            },
            token_endpoint: file.token_endpoint.0,
            revocation_endpoint: file.revocation_endpoint.map(|endpoint| endpoint.0),
            userinfo_endpoint: file.userinfo_endpoint.map(|endpoint| endpoint.0),
        }
    }
}

impl From<OAuthServer> for OAuthServerFile {
    fn from(authority: OAuthServer) -> Self {
        let client = authority.client;
        let method = client.secret.as_ref().map(|secret| match secret.method {
            ClientAuthMethod::Basic => AuthMethod::Basic,
            ClientAuthMethod::Post => AuthMethod::Post,
        });
        Self {
            issuer: authority.issuer,
            client_id: authority.client_id,
            client_secret: client.secret.map(|secret| StoredSecret(secret.value)),
            client_auth_method: method,
            resource: client.resource,
            audience: client.audience,
            token_endpoint: Endpoint(authority.token_endpoint),
            revocation_endpoint: authority.revocation_endpoint.map(Endpoint),
            userinfo_endpoint: authority.userinfo_endpoint.map(Endpoint),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    const MINIMAL: &str = r#"{"version": 1, "provider": "neuroio", "origin": "https://a.b", "kind": "api_key",
        "secret": "canary-1", "issued_at": "2026-11-21T10:00:00Z", "from_the_future": {"a": [1]}}"#;

    fn flaw(text: &str) -> FormatError {
        decode(text.as_bytes()).unwrap_err()
    }

    #[test]
    fn optional_members_may_be_missing_and_unknown_ones_are_ignored() {
        let stored = decode(MINIMAL.as_bytes()).unwrap();
        assert_eq!(stored.credential.secret.expose(), "canary-1");
        assert_eq!(stored.expires_at(), None);
        assert!(!stored.is_refreshable());
    }

    #[test]
    fn later_version_is_distinguished_from_damage() {
        assert_eq!(
            flaw(r#"{"version": 2, "sealed": "…"}"#),
            FormatError::Newer(2)
        );
        for text in [
            "",
            "{",
            "null",
            "[]",
            "{}",
            r#"{"version": 0}"#,
            r#"{"version": "1"}"#,
            "\0\0\0\0",
            "\u{fffd}",
        ] {
            assert!(
                matches!(flaw(text), FormatError::Damaged { .. }),
                "{text:?}"
            );
        }
    }

    #[test]
    fn every_truncation_is_damage() {
        for end in 0..MINIMAL.len() {
            assert!(
                matches!(flaw(&MINIMAL[..end]), FormatError::Damaged { .. }),
                "{end}"
            );
        }
    }

    #[test]
    fn damage_error_contains_the_position_but_no_content() {
        let broken = MINIMAL.replace(r#""canary-1""#, r#"["canary-1"]"#);
        let error = flaw(&broken).at_path(Path::new("/x/y.json"));
        let text = format!("{error} {error:?} {:?}", error.hint());
        assert!(
            text.contains("`/x/y.json` is damaged (line 2, column"),
            "{text}"
        );
        assert!(!text.contains("canary"), "{text}");
    }

    #[test]
    fn endpoint_that_must_not_receive_a_token_is_damage() {
        let with = |endpoint: &str| {
            let authority = format!(
                r#""authority": {{"issuer": "https://a.b", "client_id": "c", {endpoint}}}, "secret""#
            );
            decode(MINIMAL.replace(r#""secret""#, &authority).as_bytes())
        };
        assert!(with(r#""token_endpoint": "https://a.b/token""#).is_ok());
        assert!(with(r#""token_endpoint": "http://[::1]:1/token""#).is_ok());
        for bad in [
            "http://a.b/token",
            "ftp://a.b",
            "token",
            "https://user:pw@a.b/",
        ] {
            assert!(
                with(&format!(r#""token_endpoint": "{bad}""#)).is_err(),
                "{bad}"
            );
            let second =
                format!(r#""token_endpoint": "https://a.b/", "revocation_endpoint": "{bad}""#);
            assert!(with(&second).is_err(), "{bad}");
        }
    }

    #[test]
    fn credential_without_a_secret_is_damage() {
        let empty = MINIMAL.replace("canary-1", " ");
        assert!(matches!(flaw(&empty), FormatError::Damaged { .. }));
    }
}
