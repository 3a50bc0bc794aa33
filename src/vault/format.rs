//! The two file formats: JSON with a `version`. Unknown members are ignored, a later version is refused.
//!
//! The one place where a [`Secret`] is written out. Buffers are wiped, and a parser's message is dropped, since it
//! may quote what it could not read.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use url::Url;
use zeroize::Zeroizing;

use super::{Index, Profile, VaultError};
use crate::domain::{
    Authority, Credential, CredentialKind, Expiry, Origin, ProfileName, ProviderId, Scopes, Secret,
    StoredCredential,
};

const VERSION: u64 = 1;

/// Room for a credential with long tokens: a buffer that grows leaves copies behind which nobody wipes.
const ROOM: usize = 64 * 1024;

/// Why bytes are not a file of ours.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    /// Not JSON, or not the members we write; the position is where reading ended.
    Damaged { line: usize, column: usize },
    /// Written by a later release.
    Newer(u64),
}

impl Flaw {
    /// The flaw as a failure that names the file.
    pub(super) fn at(self, path: &Path) -> VaultError {
        let path = path.to_owned();
        match self {
            Self::Damaged { line, column } => VaultError::Corrupt { path, line, column },
            Self::Newer(version) => VaultError::NewerVersion { path, version },
        }
    }
}

impl From<serde_json::Error> for Flaw {
    fn from(error: serde_json::Error) -> Self {
        Self::Damaged {
            line: error.line(),
            column: error.column(),
        }
    }
}

#[derive(Deserialize)]
struct Version {
    version: u64,
}

/// The version is looked at first: of a later one, no other member can be relied on.
fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Flaw> {
    match serde_json::from_slice::<Version>(bytes)?.version {
        VERSION => Ok(serde_json::from_slice(bytes)?),
        0 => Err(Flaw::Damaged { line: 0, column: 0 }),
        later => Err(Flaw::Newer(later)),
    }
}

fn encode(file: &impl Serialize) -> Result<Zeroizing<Vec<u8>>, serde_json::Error> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(ROOM));
    serde_json::to_writer_pretty(&mut *bytes, file)?;
    bytes.push(b'\n');
    Ok(bytes)
}

#[derive(Serialize)]
struct IndexFile<'a> {
    version: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    current: &'a Option<ProfileName>,
    profiles: &'a BTreeMap<ProfileName, Profile>,
}

pub(super) fn decode_index(bytes: &[u8]) -> Result<Index, Flaw> {
    decode(bytes)
}

pub(super) fn encode_index(index: &Index) -> Result<Zeroizing<Vec<u8>>, serde_json::Error> {
    encode(&IndexFile {
        version: VERSION,
        current: &index.current,
        profiles: &index.profiles,
    })
}

/// A secret on its way to or from the file. An empty one can authorise nothing and is damage.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct AtRest(Secret);

impl TryFrom<String> for AtRest {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let secret = Secret::new(text);
        if secret.is_empty() {
            return Err("empty");
        }
        Ok(Self(secret))
    }
}

impl Serialize for AtRest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.expose())
    }
}

/// A URL that a token may be sent to: https, or http on loopback. A file that names another one was tampered with.
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

#[derive(Serialize, Deserialize)]
struct AuthorityFile {
    issuer: String,
    client_id: String,
    token_endpoint: Endpoint,
    #[serde(skip_serializing_if = "Option::is_none")]
    revocation_endpoint: Option<Endpoint>,
}

/// `credentials/<profile>.json`. It repeats what the index says about the profile, so that no other file can redirect
/// the secret in it.
#[derive(Serialize, Deserialize)]
struct CredentialFile {
    version: u64,
    provider: ProviderId,
    origin: Origin,
    kind: CredentialKind,
    secret: AtRest,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<AtRest>,
    #[serde(skip_serializing_if = "Option::is_none")]
    authority: Option<AuthorityFile>,
    issued_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<Timestamp>,
    #[serde(default)]
    scopes: Scopes,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token_id: Option<String>,
}

pub(super) fn decode_credential(bytes: &[u8]) -> Result<StoredCredential, Flaw> {
    decode::<CredentialFile>(bytes).map(StoredCredential::from)
}

pub(super) fn encode_credential(
    stored: &StoredCredential,
) -> Result<Zeroizing<Vec<u8>>, serde_json::Error> {
    encode(&CredentialFile::from(stored.clone()))
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
            authority: file.authority.map(Authority::from),
            expiry: Expiry {
                issued_at: file.issued_at,
                expires_at: file.expires_at,
            },
            scopes: file.scopes,
            account: file.account,
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
            secret: AtRest(stored.credential.secret),
            refresh_token: stored.refresh_token.map(AtRest),
            authority: stored.authority.map(AuthorityFile::from),
            issued_at: stored.expiry.issued_at,
            expires_at: stored.expiry.expires_at,
            scopes: stored.scopes,
            account: stored.account,
            token_id: stored.token_id,
        }
    }
}

impl From<AuthorityFile> for Authority {
    fn from(file: AuthorityFile) -> Self {
        Self {
            issuer: file.issuer,
            client_id: file.client_id,
            token_endpoint: file.token_endpoint.0,
            revocation_endpoint: file.revocation_endpoint.map(|endpoint| endpoint.0),
        }
    }
}

impl From<Authority> for AuthorityFile {
    fn from(authority: Authority) -> Self {
        Self {
            issuer: authority.issuer,
            client_id: authority.client_id,
            token_endpoint: Endpoint(authority.token_endpoint),
            revocation_endpoint: authority.revocation_endpoint.map(Endpoint),
        }
    }
}
