//! Records where the secret of each token was written, in `rotations.toml`, so that the next rotation writes the new one
//! there too. The file contains no secrets.

use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    SecretDestination, Vault, VaultError, atomic, permissions, quarantine_if_damaged, secret_file,
};
use crate::domain::{Origin, ProfileName, ProviderId, TokenId};

const FILE: &str = "rotations.toml";
const LOCK: &str = "rotations.lock";
const VERSION: u64 = 1;

/// The token of a profile at one server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RememberedToken {
    pub profile: ProfileName,
    pub provider: ProviderId,
    /// The kind of token, for services with several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    pub origin: Origin,
    pub id: TokenId,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RememberedTargets {
    #[serde(flatten)]
    pub token: RememberedToken,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// When its secret was written.
    pub since: Timestamp,
    pub targets: Vec<SecretDestination>,
}

impl RememberedTargets {
    /// Returns a file that has the key of a later token of `all` by now, and that token. A command may keep several keys.
    pub fn find_replaced<'a>(
        &'a self,
        all: &'a [Self],
    ) -> Option<(&'a SecretDestination, &'a RememberedToken)> {
        let is_file = |it: &&SecretDestination| it.is_file();
        let later = all.iter().filter(|other| other.since > self.since);
        later
            .filter(|other| other.token != self.token)
            .find_map(|other| {
                let has = |target: &&SecretDestination| {
                    let mut others = other.targets.iter();
                    others.any(|it| it.is_same_target(target))
                };
                let shared = self.targets.iter().filter(is_file).find(has)?;
                Some((shared, &other.token))
            })
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct TargetsFile {
    version: u64,
    #[serde(default, rename = "token", skip_serializing_if = "Vec::is_empty")]
    tokens: Vec<RememberedTargets>,
}

impl Default for TargetsFile {
    fn default() -> Self {
        Self {
            version: VERSION,
            tokens: Vec::new(),
        }
    }
}

impl Vault {
    /// Returns the remembered targets of all tokens.
    ///
    /// # Errors
    /// If the file is damaged, accessible to other users or unreadable.
    pub fn remembered_targets(&self) -> Result<Vec<RememberedTargets>, VaultError> {
        Ok(self.read_targets()?.tokens)
    }

    /// Changes the remembered targets. Renames a damaged file. Does nothing if there is no file and `change` adds nothing.
    ///
    /// # Errors
    /// [`VaultError::Busy`] if the lock times out; if the file cannot be read or written.
    pub async fn update_remembered_targets(
        &self,
        change: impl FnOnce(&mut Vec<RememberedTargets>),
    ) -> Result<(), VaultError> {
        let mut unchanged = Vec::new();
        let path = self.targets_path();
        if path.symlink_metadata().is_err() {
            change(&mut unchanged);
            if unchanged.is_empty() {
                return Ok(());
            }
            return self.write_targets(|tokens| tokens.extend(unchanged)).await;
        }
        self.write_targets(change).await
    }

    async fn write_targets(
        &self,
        change: impl FnOnce(&mut Vec<RememberedTargets>),
    ) -> Result<(), VaultError> {
        permissions::ensure_private_directory(self.directory())?;
        let _lock = self.acquire_lock(&self.directory().join(LOCK)).await?;
        let mut file = match self.read_targets() {
            Err(error) if error.is_damage() => {
                quarantine_if_damaged(Some(error), self.directory(), FILE)?;
                TargetsFile::default()
            }
            read => read?,
        };
        let before = file.tokens.clone();
        change(&mut file.tokens);
        if file.tokens == before {
            return Ok(());
        }
        let path = self.targets_path();
        let text = toml::to_string(&file)
            .map_err(|error| VaultError::io("write", &path)(std::io::Error::other(error)))?;
        secret_file::check_size(text.as_bytes(), &path)?;
        atomic::check_replaceable(self.directory(), FILE)?;
        atomic::write(self.directory(), FILE, text.as_bytes())
    }

    fn read_targets(&self) -> Result<TargetsFile, VaultError> {
        let path = self.targets_path();
        let Some(bytes) = secret_file::read(&path)? else {
            return Ok(TargetsFile::default());
        };
        let damaged = |line| VaultError::Corrupt {
            path: path.clone(),
            line,
            column: 1,
        };
        let text = str::from_utf8(&bytes).map_err(|_| damaged(1))?;
        toml::from_str(text).map_err(|error: toml::de::Error| {
            let start = error.span().map_or(0, |span| span.start);
            damaged(text[..start].matches('\n').count() + 1)
        })
    }

    fn targets_path(&self) -> PathBuf {
        self.directory().join(FILE)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::domain::ConfigFormat;
    use crate::vault::{ConfigEntry, TargetCommand};

    fn remembered(id: &str) -> RememberedTargets {
        RememberedTargets {
            token: RememberedToken {
                profile: "work".parse().unwrap(),
                provider: "brainmaps".parse().unwrap(),
                kind: None,
                origin: "https://api.example.com".parse().unwrap(),
                id: TokenId::new(id),
            },
            name: Some("ci".to_owned()),
            since: Timestamp::UNIX_EPOCH,
            targets: vec![
                SecretDestination::Profile,
                SecretDestination::EnvFile("/a/.env".into()),
                SecretDestination::EnvVariable {
                    path: "/a/.env".into(),
                    variable: "KEY".to_owned(),
                },
                SecretDestination::Config(ConfigEntry {
                    path: "/a/b.yml".into(),
                    key: "\"a.b\"[0].key".parse().unwrap(),
                    format: ConfigFormat::Yaml,
                }),
                SecretDestination::Command(TargetCommand {
                    command: "gh secret set \"K\" # '\n".to_owned(),
                    directory: "/a".into(),
                }),
            ],
        }
    }

    #[tokio::test]
    async fn targets_are_remembered_in_a_private_file() {
        let home = tempfile::tempdir().unwrap();
        let vault = Vault::new(home.path().join("data"));
        vault.update_remembered_targets(Vec::clear).await.unwrap();
        assert!(!vault.directory().exists(), "nothing is written");
        let add = |id: &'static str| {
            vault.update_remembered_targets(move |tokens| tokens.push(remembered(id)))
        };
        add("1").await.unwrap();
        add("2").await.unwrap();
        let read = vault.remembered_targets().unwrap();
        assert_eq!(read, [remembered("1"), remembered("2")]);
        let mode = fs::metadata(vault.targets_path())
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
        atomic::write(vault.directory(), FILE, b"x").unwrap();
        assert!(vault.remembered_targets().unwrap_err().is_damage());
        add("3").await.unwrap();
        assert_eq!(vault.remembered_targets().unwrap(), [remembered("3")]);
        assert!(vault.directory().join("rotations.toml.corrupt-1").exists());
    }
}
