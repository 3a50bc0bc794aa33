//! The index `profiles.json`: the profiles and the default profile. It contains no secret.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::{
    BaseUrl, HelperHost, ProfileName, ProviderId, ResourceUrl, Scopes, WorkloadIdentity,
};

/// The backend that stores a profile's credential. It is chosen at login and recorded; it never changes silently.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Storage {
    #[default]
    File,
    Keyring,
}

impl Storage {
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::File => Self::Keyring,
            Self::Keyring => Self::File,
        }
    }
}

/// A profile: what its login used, as defaults for the next one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    pub provider: ProviderId,
    /// The API base URL, if it is not the provider's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api_url: Option<BaseUrl>,
    /// The OAuth issuer, if the user specified one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// The OAuth client, if the user specified one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// The protected resource that the login discovered its authorization server from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<ResourceUrl>,
    /// Whether the authorization server refuses the parameter `resource` (RFC 8707).
    #[serde(default, skip_serializing_if = "is_false")]
    pub omits_resource_parameter: bool,
    /// The scopes to request, if the user specified them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Scopes>,
    /// The audience to request tokens for, if the user specified one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
    /// How a workload gets its tokens, if the user specified it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workload: Option<WorkloadIdentity>,
    #[serde(default)]
    pub storage: Storage,
    /// Whether the user chose the backend for this profile. Then the settings do not move the credential.
    #[serde(rename = "storage_named", default, skip_serializing_if = "is_false")]
    pub has_explicit_storage: bool,
    /// Whether the other backend may hold a copy, because a migration was interrupted.
    #[serde(rename = "copy_left", default, skip_serializing_if = "is_false")]
    pub has_stale_copy: bool,
    /// Whether the keyring may hold an entry under the name that earlier releases used.
    #[serde(rename = "old_entry", default, skip_serializing_if = "is_false")]
    pub has_legacy_entry: bool,
    /// Another name under which an interrupted rename may have left copies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy_name: Option<ProfileName>,
    /// The account that signed in, if the service reported it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The servers that may get the credential, each from one program.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub helper_hosts: Vec<HelperHost>,
}

impl Profile {
    pub fn new(provider: ProviderId) -> Self {
        Self {
            provider,
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
        }
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks with a reference"
)]
fn is_false(flag: &bool) -> bool {
    !flag
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct ProfileIndex {
    #[serde(rename = "current", default)]
    pub default_profile: Option<ProfileName>,
    /// The random part of the names of this data directory's keyring entries. It is unique to the directory.
    #[serde(default)]
    pub keyring_id: Option<String>,
    #[serde(default)]
    pub profiles: BTreeMap<ProfileName, Profile>,
}
