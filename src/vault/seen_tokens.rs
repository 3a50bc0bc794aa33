//! Records for an hour which tokens a profile listed, created and revoked, so that shells complete their ids and names
//! without a request. The files contain no secrets, and nothing else relies on them.

use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Vault, VaultError, atomic, permissions, secret_file};
use crate::domain::{ApiToken, Origin, ProfileName, ProviderId, TokenId};

const FOLDER: &str = "completion";
const LIFETIME: SignedDuration = SignedDuration::from_hours(1);
/// A longer list is of no use at a prompt.
const MAX_TOKENS: usize = 500;
/// A longer name is not completed.
const MAX_NAME: usize = 200;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenToken {
    pub id: TokenId,
    pub name: Option<String>,
    /// `false` for a token that was revoked or deactivated.
    pub active: bool,
    seen_at: Timestamp,
}

impl SeenToken {
    /// Returns `None` for a token without an id.
    pub fn new(token: &ApiToken, seen_at: Timestamp) -> Option<Self> {
        let name = token.name.clone();
        Some(Self {
            id: token.id.clone()?,
            name: name.filter(|name| name.len() <= MAX_NAME),
            active: token.active != Some(false),
            seen_at,
        })
    }

    fn is_recent(&self, now: Timestamp) -> bool {
        let age = now.duration_since(self.seen_at);
        age >= SignedDuration::ZERO && age < LIFETIME
    }
}

/// The server that the tokens belong to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenServer {
    pub provider: ProviderId,
    pub origin: Origin,
}

#[derive(Debug, Serialize, Deserialize)]
struct Record {
    #[serde(flatten)]
    server: TokenServer,
    tokens: Vec<SeenToken>,
}

impl Vault {
    /// Returns the tokens that `profile` saw at `server` in the last hour; none if the file cannot be used.
    pub fn seen_tokens(
        &self,
        profile: &ProfileName,
        server: &TokenServer,
        now: Timestamp,
    ) -> Vec<SeenToken> {
        let read = secret_file::read(&self.seen_tokens_path(profile));
        let record = read.ok().flatten();
        let record = record.and_then(|bytes| serde_json::from_slice::<Record>(&bytes).ok());
        let record = record.filter(|record| record.server == *server);
        let mut tokens = record.map_or_else(Vec::new, |record| record.tokens);
        tokens.retain(|token| token.is_recent(now));
        tokens
    }

    /// Adds `added`, and removes the tokens with the ids `removed`. Does nothing without a data directory. Takes no lock: an
    /// update that another process overwrites costs one completion.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn update_seen_tokens(
        &self,
        profile: &ProfileName,
        server: &TokenServer,
        change: SeenTokensChange<'_>,
    ) -> Result<(), VaultError> {
        let SeenTokensChange {
            added,
            removed,
            now,
        } = change;
        let old = self.seen_tokens(profile, server, now);
        let is_replaced = |token: &SeenToken| added.iter().any(|new| new.id == token.id);
        let kept = old.iter().filter(|token| !is_replaced(token));
        let mut tokens: Vec<SeenToken> = added.iter().chain(kept).cloned().collect();
        tokens.retain(|token| !removed.contains(&token.id));
        tokens.truncate(MAX_TOKENS);
        if tokens == old || !self.directory().is_dir() {
            return Ok(());
        }
        let path = self.seen_tokens_path(profile);
        let record = Record {
            server: server.clone(),
            tokens,
        };
        let bytes = serde_json::to_vec(&record)
            .map_err(|error| VaultError::io("write", &path)(error.into()))?;
        secret_file::check_size(&bytes, &path)?;
        permissions::check_directory(self.directory(), FOLDER)?;
        let folder = self.directory().join(FOLDER);
        permissions::ensure_private_directory(&folder)?;
        atomic::write(&folder, &file_name(profile), &bytes)
    }

    /// Deletes what is remembered of `profile`.
    ///
    /// # Errors
    /// If the file cannot be deleted.
    pub fn delete_seen_tokens(&self, profile: &ProfileName) -> Result<(), VaultError> {
        let path = self.seen_tokens_path(profile);
        if path.symlink_metadata().is_err() {
            return Ok(());
        }
        permissions::check_directory(self.directory(), FOLDER)?;
        secret_file::delete(&self.directory().join(FOLDER), &file_name(profile)).map(drop)
    }

    fn seen_tokens_path(&self, profile: &ProfileName) -> PathBuf {
        self.directory().join(FOLDER).join(file_name(profile))
    }
}

fn file_name(profile: &ProfileName) -> String {
    format!("{profile}.json")
}

#[derive(Debug, Clone, Copy)]
pub struct SeenTokensChange<'a> {
    pub added: &'a [SeenToken],
    pub removed: &'a [TokenId],
    pub now: Timestamp,
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn token(id: &str, seen_at: i64) -> SeenToken {
        let token = ApiToken {
            id: Some(TokenId::new(id)),
            name: Some(format!("name of {id}")),
            ..ApiToken::default()
        };
        SeenToken::new(&token, at(seen_at)).unwrap()
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn server(origin: &str) -> TokenServer {
        TokenServer {
            provider: "brainmaps".parse().unwrap(),
            origin: origin.parse().unwrap(),
        }
    }

    #[test]
    fn tokens_are_remembered_for_an_hour_per_profile_and_server() {
        let home = tempfile::tempdir().unwrap();
        let vault = Vault::new(home.path().join("data"));
        let (profile, other) = ("a".parse().unwrap(), "b".parse().unwrap());
        let (here, elsewhere) = (server("https://a.example"), server("https://b.example"));
        let update = |added: &[SeenToken], removed: &[TokenId], now| {
            let change = SeenTokensChange {
                added,
                removed,
                now: at(now),
            };
            vault.update_seen_tokens(&profile, &here, change).unwrap();
        };
        update(&[token("1", 0)], &[], 0);
        assert!(!home.path().join("data").exists(), "nothing is created");
        permissions::ensure_private_directory(vault.directory()).unwrap();
        update(&[token("1", 0), token("2", 0)], &[], 0);
        update(&[token("3", 3000)], &[TokenId::new("2")], 3000);
        let seen = |profile, server, now| {
            let seen = vault.seen_tokens(profile, server, at(now));
            seen.iter().map(|it| it.id.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(seen(&profile, &here, 3000), ["3", "1"]);
        assert_eq!(seen(&profile, &here, 3600), ["3"]);
        assert_eq!(seen(&other, &here, 3000), [""; 0]);
        assert_eq!(seen(&profile, &elsewhere, 3000), [""; 0]);

        let path = vault.seen_tokens_path(&profile);
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(seen(&profile, &here, 3000), [""; 0], "not private");
        vault.delete_seen_tokens(&profile).unwrap();
        assert!(!path.exists());
        vault.delete_seen_tokens(&profile).unwrap();
    }

    #[test]
    fn list_has_a_limit() {
        let home = tempfile::tempdir().unwrap();
        let vault = Vault::new(home.path().to_owned());
        let (profile, here) = ("a".parse().unwrap(), server("https://a.example"));
        let many: Vec<_> = (0..600).map(|id| token(&id.to_string(), 0)).collect();
        let change = SeenTokensChange {
            added: &many,
            removed: &[],
            now: at(0),
        };
        vault.update_seen_tokens(&profile, &here, change).unwrap();
        assert_eq!(vault.seen_tokens(&profile, &here, at(0)).len(), MAX_TOKENS);
    }
}
