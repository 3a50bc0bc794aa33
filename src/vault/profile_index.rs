//! `profiles.json`: which accounts there are and which one is current. It holds no secret.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::{BaseUrl, ProfileName, ProviderId, Scopes};

/// Where a profile's credential is kept. Chosen at login and recorded; there is no silent change of place.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Storage {
    /// A file that only its owner can read.
    #[default]
    File,
    /// The operating system's keyring.
    Keyring,
}

impl Storage {
    /// The place that it is not.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::File => Self::Keyring,
            Self::Keyring => Self::File,
        }
    }
}

/// One account, with what its login was told and the next one should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// The service.
    pub provider: ProviderId,
    /// The service's base URL, where it is not the service's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api_url: Option<BaseUrl>,
    /// The OAuth2 issuer, where the user named one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// The OAuth2 client, where the user named one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// The scopes to ask for, where the user named them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Scopes>,
    /// Where the credential is.
    #[serde(default)]
    pub storage: Storage,
    /// Whether the user named that place for this profile. It then stays there, whatever the settings say.
    #[serde(rename = "storage_named", default, skip_serializing_if = "is_false")]
    pub has_explicit_storage: bool,
    /// Whether the other place may hold a copy, since a change of place did not come to its end.
    #[serde(rename = "copy_left", default, skip_serializing_if = "is_false")]
    pub has_stale_copy: bool,
    /// Whether the keyring may hold an entry of the profile under the name that earlier releases used.
    #[serde(rename = "old_entry", default, skip_serializing_if = "is_false")]
    pub has_legacy_entry: bool,
    /// Who signed in, as far as the login told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
}

impl Profile {
    /// A profile of `provider` with nothing kept yet.
    pub fn new(provider: ProviderId) -> Self {
        Self {
            provider,
            api_url: None,
            issuer: None,
            client_id: None,
            scopes: None,
            storage: Storage::File,
            has_explicit_storage: false,
            has_stale_copy: false,
            has_legacy_entry: false,
            account: None,
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

/// All accounts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct ProfileIndex {
    /// The one used when none is named.
    #[serde(rename = "current", default)]
    pub default_profile: Option<ProfileName>,
    /// The random part of the names of this directory's keyring entries, which no other data directory has.
    #[serde(default)]
    pub keyring_id: Option<String>,
    /// All of them by name.
    #[serde(default)]
    pub profiles: BTreeMap<ProfileName, Profile>,
}
