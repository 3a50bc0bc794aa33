//! Replaces the keyring in builds without the feature `keyring`: every call fails.

use zeroize::Zeroizing;

use super::KeyringError;

pub(super) fn get(_service: &str, _user: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeyringError> {
    Err(KeyringError::NotBuilt)
}

pub(super) fn set(
    _service: &str,
    _user: &str,
    _bytes: Zeroizing<Vec<u8>>,
) -> Result<(), KeyringError> {
    Err(KeyringError::NotBuilt)
}

pub(super) fn delete(_service: &str, _user: &str) -> Result<bool, KeyringError> {
    Err(KeyringError::NotBuilt)
}
