//! What both files have in common, JSON with a `version`, and the index file. Unknown members are ignored, a later
//! version is refused. A parser's message is dropped, since it may quote what it could not read.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use zeroize::Zeroizing;

use super::{Profile, ProfileIndex, VaultError};
use crate::domain::ProfileName;

/// The version written, and the only one read.
pub(super) const VERSION: u64 = 1;

/// Room for a credential with long tokens: a buffer that grows leaves copies behind which nobody wipes.
const BUFFER_CAPACITY: usize = 64 * 1024;

/// Why bytes are not a file of ours.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum FormatError {
    /// Not JSON, or not the members we write; the position is where reading ended.
    Damaged { line: usize, column: usize },
    /// Written by a later release.
    Newer(u64),
}

impl FormatError {
    /// The flaw as a failure that names the file.
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

/// Reads a file of the current version. The version is looked at first: of a later one, no other member can be relied on.
pub(super) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, FormatError> {
    match serde_json::from_slice::<Version>(bytes)?.version {
        VERSION => Ok(serde_json::from_slice(bytes)?),
        0 => Err(FormatError::Damaged { line: 0, column: 0 }),
        later => Err(FormatError::Newer(later)),
    }
}

/// The file as text, in a buffer that is wiped when dropped.
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
    fn the_index_omits_what_is_not_known() {
        let profile = Profile {
            provider: "neuroio".parse().unwrap(),
            api_url: None,
            issuer: None,
            client_id: None,
            scopes: None,
            storage: Storage::File,
            has_explicit_storage: false,
            has_stale_copy: false,
            has_legacy_entry: false,
            account: None,
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
