//! The file `credentials/<profile>.json`: a credential and everything it is bound to. [`StoredSecret`] is the only type that
//! serializes a [`Secret`](crate::domain::Secret).

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::format::{self, FormatError, VERSION};
use super::oauth_server_file::OAuthServerFile;
use super::stored_secret::StoredSecret;
use crate::domain::{
    Credential, CredentialKind, Expiry, InteractiveMethod, OAuthServer, Origin, ProviderId,
    RefreshMethod, Scopes, StoredCredential, WorkloadIdentity,
};

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
    #[serde(rename = "renewal", default, skip_serializing_if = "Option::is_none")]
    refresh_method: Option<RefreshMethodFile>,
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
            refresh_method: file
                .refresh_method
                .map(RefreshMethod::from)
                .unwrap_or_default(),
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
            refresh_method: RefreshMethodFile::new(stored.refresh_method),
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

/// Absent in files of releases that knew only refresh tokens.
#[derive(Serialize, Deserialize)]
#[serde(tag = "grant", rename_all = "snake_case")]
enum RefreshMethodFile {
    ClientCredentials {
        #[serde(default, skip_serializing_if = "Scopes::is_empty")]
        scopes: Scopes,
    },
    Workload {
        identity: WorkloadIdentity,
    },
}

impl RefreshMethodFile {
    fn new(refresh_method: RefreshMethod) -> Option<Self> {
        match refresh_method {
            RefreshMethod::RefreshToken => None,
            RefreshMethod::ClientCredentials { scopes } => Some(Self::ClientCredentials { scopes }),
            RefreshMethod::Workload(identity) => Some(Self::Workload { identity }),
        }
    }
}

impl From<RefreshMethodFile> for RefreshMethod {
    fn from(file: RefreshMethodFile) -> Self {
        match file {
            RefreshMethodFile::ClientCredentials { scopes } => Self::ClientCredentials { scopes },
            RefreshMethodFile::Workload { identity } => Self::Workload(identity),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::domain::{
        AssertionAudience, ClientAuthMethod, ClientAuthentication, ClientKey, Secret,
        SigningAlgorithm,
    };

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
    fn refresh_method_and_key_round_trip_and_are_absent_in_older_files() {
        let older = MINIMAL.replace(
            r#""secret""#,
            r#""refresh_token": "r", "authority": {"issuer": "https://a.b", "client_id": "c", "client_secret": "s",
                "token_endpoint": "https://a.b/token"}, "secret""#,
        );
        let mut stored = decode(older.as_bytes()).unwrap();
        assert_eq!(stored.refresh_method, RefreshMethod::RefreshToken);
        let authority = stored.oauth_server.as_mut().unwrap();
        let ClientAuthentication::Secret(secret) = &authority.client.authentication else {
            panic!("a secret without a method is sent in the form");
        };
        assert_eq!(secret.method, ClientAuthMethod::Post);
        authority.client.authentication = ClientAuthentication::Key(ClientKey {
            value: Secret::new("canary key"),
            algorithm: SigningAlgorithm::EdDsa,
            key_id: Some("first".to_owned()),
            audience: AssertionAudience::TokenEndpoint,
        });
        for scopes in ["", "a b"] {
            let scopes = Scopes::parse(scopes);
            stored.refresh_method = RefreshMethod::ClientCredentials { scopes };
            let decoded = decode(&encode(&stored).unwrap()).unwrap();
            assert_eq!(decoded, stored);
            assert!(decoded.is_refreshable());
        }
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
