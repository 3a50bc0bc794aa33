//! Clients that this program registered (RFC 7591), one for each issuer, in `clients.json`. Each is used at its issuer only.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::format::{self, VERSION};
use super::oauth_server_file::AuthMethod;
use super::stored_secret::StoredSecret;
use super::{Vault, VaultError, atomic, permissions, quarantine_if_damaged, secret_file};
use crate::domain::{ClientRegistration, ClientSecret};

const FILE: &str = "clients.json";
const LOCK: &str = "clients.lock";

#[derive(Serialize, Deserialize)]
pub(super) struct RegistrationsFile {
    version: u64,
    /// By issuer.
    clients: BTreeMap<String, RegistrationFile>,
}

#[derive(Serialize, Deserialize)]
struct RegistrationFile {
    client_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    client_secret: Option<StoredSecret>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    client_auth_method: Option<AuthMethod>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    secret_expires_at: Option<Timestamp>,
    redirect_uri: String,
}

impl Default for RegistrationsFile {
    fn default() -> Self {
        Self {
            version: VERSION,
            clients: BTreeMap::new(),
        }
    }
}

impl Vault {
    /// Returns the client that is registered at `issuer`, character by character.
    ///
    /// # Errors
    /// If the file is damaged, accessible to other users or unreadable.
    pub fn client_registration(
        &self,
        issuer: &str,
    ) -> Result<Option<ClientRegistration>, VaultError> {
        let found = self.read_registrations()?.clients.remove(issuer);
        Ok(found.map(ClientRegistration::from))
    }

    /// Stores the client that is registered at `issuer`, or deletes it. Renames a damaged file to
    /// `clients.json.corrupt-<n>`; nothing is deleted from a file that cannot be read, as it is not used either.
    ///
    /// # Errors
    /// [`VaultError::Busy`] if the lock times out; if the file cannot be read to add a client, or written.
    pub async fn set_client_registration(
        &self,
        issuer: &str,
        client: Option<&ClientRegistration>,
    ) -> Result<(), VaultError> {
        permissions::ensure_private_directory(self.directory())?;
        let _lock = self.acquire_lock(&self.directory().join(LOCK)).await?;
        let mut file = match self.read_registrations() {
            Ok(file) => file,
            Err(error) if error.is_damage() => {
                quarantine_if_damaged(Some(error), self.directory(), FILE)?;
                RegistrationsFile::default()
            }
            Err(_) if client.is_none() => return Ok(()),
            Err(error) => return Err(error),
        };
        match client {
            Some(client) => drop(file.clients.insert(issuer.to_owned(), client.into())),
            None if file.clients.remove(issuer).is_none() => return Ok(()),
            None => {}
        }
        let path = self.directory().join(FILE);
        let bytes =
            format::encode(&file).map_err(|error| VaultError::io("write", &path)(error.into()))?;
        secret_file::check_size(&bytes, &path)?;
        atomic::check_replaceable(self.directory(), FILE)?;
        atomic::write(self.directory(), FILE, &bytes)
    }

    pub(super) fn read_registrations(&self) -> Result<RegistrationsFile, VaultError> {
        let path = self.directory().join(FILE);
        match secret_file::read(&path)? {
            Some(bytes) => format::decode(&bytes).map_err(|error| error.at_path(&path)),
            None => Ok(RegistrationsFile::default()),
        }
    }
}

impl From<RegistrationFile> for ClientRegistration {
    fn from(file: RegistrationFile) -> Self {
        let method = file.client_auth_method.map(Into::into).unwrap_or_default();
        Self {
            client_id: file.client_id,
            secret: file.client_secret.map(|at_rest| ClientSecret {
                value: at_rest.0,
                method,
            }),
            secret_expires_at: file.secret_expires_at,
            redirect_uri: file.redirect_uri,
        }
    }
}

impl From<&ClientRegistration> for RegistrationFile {
    fn from(client: &ClientRegistration) -> Self {
        let secret = client.secret.clone();
        Self {
            client_id: client.client_id.clone(),
            client_auth_method: secret.as_ref().map(|secret| secret.method.into()),
            client_secret: secret.map(|secret| StoredSecret(secret.value)),
            secret_expires_at: client.secret_expires_at,
            redirect_uri: client.redirect_uri.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::domain::{ClientAuthMethod, Secret};

    fn client(id: &str) -> ClientRegistration {
        ClientRegistration {
            client_id: id.to_owned(),
            secret: Some(ClientSecret {
                value: Secret::new("s3cret"),
                method: ClientAuthMethod::Basic,
            }),
            secret_expires_at: Timestamp::from_second(1_790_000_000).ok(),
            redirect_uri: "http://127.0.0.1:4711/callback".to_owned(),
        }
    }

    #[tokio::test]
    async fn rfc7591_3_2_registration_is_kept_per_issuer_in_a_private_file() {
        let home = tempfile::tempdir().unwrap();
        let vault = Vault::new(home.path().join("data"));
        let issuer = "https://id.example.com";
        assert_eq!(vault.client_registration(issuer).unwrap(), None);
        vault.set_client_registration(issuer, None).await.unwrap();
        for (issuer, id) in [(issuer, "a"), ("https://id.example.com/t", "b")] {
            let client = client(id);
            let set = vault.set_client_registration(issuer, Some(&client));
            set.await.unwrap();
        }
        assert_eq!(
            vault.client_registration(issuer).unwrap(),
            Some(client("a"))
        );
        for other in ["https://id.example.com/", "https://ID.example.com", ""] {
            assert_eq!(vault.client_registration(other).unwrap(), None, "{other}");
        }
        let path = vault.directory().join(FILE);
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        vault.set_client_registration(issuer, None).await.unwrap();
        assert_eq!(vault.client_registration(issuer).unwrap(), None);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let error = vault.client_registration("https://id.example.com/t");
        assert!(!error.unwrap_err().to_string().contains("s3cret"));
    }

    #[tokio::test]
    async fn damaged_file_is_set_aside_and_an_unreadable_one_forgets_nothing() {
        let home = tempfile::tempdir().unwrap();
        let vault = Vault::new(home.path().join("data"));
        let issuer = "https://id.example.com";
        let added = client("a");
        let set = vault.set_client_registration(issuer, Some(&added));
        set.await.unwrap();
        let path = vault.directory().join(FILE);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        vault.set_client_registration(issuer, None).await.unwrap();
        let added = client("b");
        let set = vault.set_client_registration(issuer, Some(&added));
        set.await.unwrap_err();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        atomic::write(vault.directory(), FILE, b"{").unwrap();
        vault.set_client_registration(issuer, None).await.unwrap();
        assert!(path.with_extension("json.corrupt-1").exists());
        let added = client("b");
        let set = vault.set_client_registration(issuer, Some(&added));
        set.await.unwrap();
        assert_eq!(
            vault.client_registration(issuer).unwrap(),
            Some(client("b"))
        );
    }
}
