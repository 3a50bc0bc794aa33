//! The form of a secret in a file that only its owner can read.

use serde::{Deserialize, Serialize, Serializer};

use crate::domain::Secret;

/// A secret in the file. An empty one authorizes nothing, so it counts as damage.
#[derive(Deserialize)]
#[serde(try_from = "String")]
pub(super) struct StoredSecret(pub(super) Secret);

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
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.expose())
    }
}
