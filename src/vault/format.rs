//! The JSON format of the index and the credential files: an object with a `version`. Unknown members are ignored; a
//! later version is rejected. The parser's messages are dropped, because they may quote a secret.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use zeroize::Zeroizing;

use super::{Profile, ProfileIndex, VaultError};
use crate::domain::{ProfileName, parse_json};

/// The version that this release writes, and the only one it reads.
pub(super) const VERSION: u64 = 1;

/// Larger than a credential with long tokens. A buffer that grows leaves copies that are not zeroized.
const BUFFER_CAPACITY: usize = 64 * 1024;

#[derive(Debug, PartialEq, Eq)]
pub(super) enum FormatError {
    /// Not JSON, or not the expected members; the position is where parsing stopped.
    Damaged {
        line: usize,
        column: usize,
    },
    Newer(u64),
}

impl FormatError {
    pub(super) fn at_path(self, path: &Path) -> VaultError {
        let path = path.to_owned();
        match self {
            Self::Damaged { line, column } => VaultError::Corrupt { path, line, column },
            Self::Newer(version) => VaultError::NewerVersion { path, version },
        }
    }
}

impl From<serde_json::Error> for FormatError {
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

/// Parses a file of the current version. The version is checked first, because a later one may change any other
/// member.
pub(super) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, FormatError> {
    match parse_json::<Version>(bytes)?.version {
        VERSION => Ok(parse_json(bytes)?),
        0 => Err(FormatError::Damaged { line: 0, column: 0 }),
        later => Err(FormatError::Newer(later)),
    }
}

/// Serializes to a buffer that is zeroized when dropped.
pub(super) fn encode(file: &impl Serialize) -> Result<Zeroizing<Vec<u8>>, serde_json::Error> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(BUFFER_CAPACITY));
    serde_json::to_writer_pretty(&mut *bytes, file)?;
    bytes.push(b'\n');
    Ok(bytes)
}

#[derive(Serialize)]
struct IndexFile<'a> {
    version: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    current: &'a Option<ProfileName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    keyring_id: &'a Option<String>,
    profiles: &'a BTreeMap<ProfileName, Profile>,
}

pub(super) fn decode_index(bytes: &[u8]) -> Result<ProfileIndex, FormatError> {
    decode(bytes)
}

pub(super) fn encode_index(index: &ProfileIndex) -> Result<Zeroizing<Vec<u8>>, serde_json::Error> {
    encode(&IndexFile {
        version: VERSION,
        current: &index.default_profile,
        keyring_id: &index.keyring_id,
        profiles: &index.profiles,
    })
}

#[cfg(test)]
mod tests {
    use super::super::Storage;
    use super::*;

    #[test]
    fn index_omits_unset_members() {
        let profile = Profile {
            provider: "neuroio".parse().unwrap(),
            api_url: None,
            issuer: None,
            client_id: None,
            resource: None,
            omits_resource_parameter: false,
            scopes: None,
            audience: None,
            workload: None,
            storage: Storage::File,
            has_explicit_storage: false,
            has_stale_copy: false,
            has_legacy_entry: false,
            copy_name: None,
            account: None,
            helper_hosts: Vec::new(),
        };
        let index = ProfileIndex {
            default_profile: None,
            keyring_id: None,
            profiles: BTreeMap::from([("work".parse().unwrap(), profile)]),
        };
        let bytes = encode_index(&index).unwrap();
        let value: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(
            value,
            serde_json::json!({"version": 1, "profiles": {"work": {"provider": "neuroio", "storage": "file"}}})
        );
        assert_eq!(decode_index(&bytes).unwrap(), index);
    }
}
