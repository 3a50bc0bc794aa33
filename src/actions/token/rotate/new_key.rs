//! The new token of a rotation, with its key.

use crate::domain::{ApiToken, CreatedToken, Secret, TokenId};
use crate::vault::{RotatedToken, Rotation};

/// A token that the rotation created. The service may report its id in the list only.
pub(super) struct NewKey {
    pub(super) id: TokenId,
    pub(super) created: CreatedToken,
}

impl NewKey {
    /// Returns the token that an interrupted rotation created.
    pub(super) fn of_record(rotation: &Rotation, id: TokenId, secret: Secret) -> Self {
        let token = ApiToken {
            name: rotation.name.clone(),
            ..ApiToken::default()
        };
        let created = CreatedToken { token, secret };
        Self { id, created }
    }

    pub(super) fn secret(&self) -> &Secret {
        &self.created.secret
    }

    /// Returns the form for the journal, without the secret.
    pub(super) fn to_record(&self) -> RotatedToken {
        RotatedToken {
            id: self.id.clone(),
            fingerprint: fingerprint(self.secret()),
            secret: None,
        }
    }
}

pub(super) fn fingerprint(secret: &Secret) -> String {
    secret.fingerprint(Secret::LONG_FINGERPRINT)
}
