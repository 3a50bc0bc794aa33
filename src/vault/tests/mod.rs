//! Tests of the vault's public functions.

mod children;
mod keyring;
mod refresh_journal;
mod refused_files;
mod saves;
mod system;

use std::fs::{self, File, Permissions};
use std::os::unix::fs::{PermissionsExt as _, symlink};

use tempfile::TempDir;

use super::*;
use crate::domain::{
    ClientAuthMethod, ClientAuthentication, ClientParameters, ClientSecret, Credential,
    CredentialKind, Expiry, OAuthServer, RefreshMethod, Scopes, Secret,
};

fn vault() -> (TempDir, Vault) {
    let home = tempfile::tempdir().unwrap();
    let vault = Vault::new(home.path().join("data"));
    (home, vault)
}

fn work() -> ProfileName {
    "work".parse().unwrap()
}

fn stored(secret: &str) -> StoredCredential {
    let url = |text: &str| url::Url::parse(text).unwrap();
    StoredCredential {
        provider: "basic-memory".parse().unwrap(),
        origin: "https://api.example.com".parse().unwrap(),
        credential: Credential {
            kind: CredentialKind::AccessToken,
            secret: Secret::new(secret),
        },
        refresh_token: Some(Secret::new("canary \"refresh\" \u{1f9e0}\\")),
        refresh_method: RefreshMethod::default(),
        oauth_server: Some(OAuthServer {
            issuer: "https://login.example.com/tenant".to_owned(),
            client_id: "client".to_owned(),
            client: ClientParameters {
                authentication: ClientAuthentication::Secret(ClientSecret {
                    value: Secret::new("canary client"),
                    method: ClientAuthMethod::Basic,
                }),
                resource: Some("https://api.example.com/".to_owned()),
                audience: Some("api".to_owned()),
            },
            protected_resource: None,
            token_endpoint: url("https://login.example.com/token"),
            revocation_endpoint: Some(url("https://login.example.com/revoke")),
            userinfo_endpoint: Some(url("https://login.example.com/me")),
        }),
        expiry: Expiry::from_lifetime(
            "2026-11-21T10:00:00.123456789Z"
                .parse::<jiff::Timestamp>()
                .unwrap(),
            Some(3600),
        ),
        scopes: Scopes::parse("openid offline_access"),
        account: Some("ada@example.com".to_owned()),
        subject: Some("ada".to_owned()),
        login_method: Some(crate::domain::InteractiveMethod::Browser),
        token_id: Some("17".to_owned()),
    }
}

fn profile(provider: &str) -> Profile {
    Profile {
        api_url: Some("http://localhost:8000/neuroio".parse().unwrap()),
        issuer: Some("https://login.example.com".to_owned()),
        scopes: Some(Scopes::parse("a b")),
        ..Profile::new(provider.parse().unwrap())
    }
}

async fn write(vault: &Vault, secret: &str) {
    let lock = vault.lock(&work()).await.unwrap();
    vault.write(&lock, Storage::File, &stored(secret)).unwrap();
}

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().permissions().mode() & 0o7777
}

fn put(path: &Path, text: &str, mode: u32) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::io::Write::write_all(&mut File::create_new(path).unwrap(), text.as_bytes()).unwrap();
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

fn file_count(directory: &Path) -> usize {
    crate::files::names(directory).unwrap().len()
}

/// Returns every text of an error, to check that it contains no secret.
fn all_texts(error: &VaultError) -> String {
    format!("{error} {error:?} {:?}", error.hint())
}

#[tokio::test]
async fn credential_round_trips() {
    let (_home, vault) = vault();
    assert_eq!(vault.read(&work(), Storage::File).unwrap(), None);
    write(&vault, "first").await;
    write(&vault, "second").await;
    let found = vault.read(&work(), Storage::File).unwrap();
    assert_eq!(found, Some(stored("second")));
    assert_eq!(vault.profiles_with_credential_file().unwrap(), [work()]);
}

#[tokio::test]
async fn delete_reports_whether_there_was_a_file_and_removes_stale_temps() {
    let (_home, vault) = vault();
    write(&vault, "first").await;
    let stale = vault.credentials.join(".work.json.aB3.tmp");
    put(&stale, "canary", 0o600);
    let lock = vault.lock(&work()).await.unwrap();
    assert!(vault.delete(&lock, Storage::File).unwrap());
    assert!(!vault.delete(&lock, Storage::File).unwrap());
    assert!(!stale.exists());
    assert_eq!(vault.read(&work(), Storage::File).unwrap(), None);
}

#[tokio::test]
async fn new_vault_is_empty_and_reading_creates_no_file() {
    let (home, vault) = vault();
    assert_eq!(vault.index().unwrap(), ProfileIndex::default());
    assert_eq!(vault.read(&work(), Storage::File).unwrap(), None);
    assert!(vault.profiles_with_credential_file().unwrap().is_empty());
    assert_eq!(file_count(home.path()), 0);
}

#[tokio::test]
async fn index_update_without_a_change_writes_nothing() {
    let (_home, vault) = vault();
    vault.update_index(|_| ()).await.unwrap();
    assert!(!vault.directory().join(INDEX).exists());
    vault
        .update_index(|index| {
            index.default_profile = Some(work());
            index.profiles.insert(work(), profile("neuroio"));
        })
        .await
        .unwrap();
    let index = vault.index().unwrap();
    assert_eq!(index.default_profile, Some(work()));
    assert_eq!(index.profiles[&work()], profile("neuroio"));
}

#[test]
fn concurrent_index_updates_are_not_lost() {
    let (_home, vault) = vault();
    let add = |thread: usize| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        for number in 0..5 {
            let name: ProfileName = format!("p{thread}-{number}").parse().unwrap();
            let insert =
                |index: &mut ProfileIndex| drop(index.profiles.insert(name, profile("neuroio")));
            runtime.block_on(vault.update_index(insert)).unwrap();
        }
    };
    std::thread::scope(|scope| {
        for thread in 0..8 {
            scope.spawn(move || add(thread));
        }
    });
    assert_eq!(vault.index().unwrap().profiles.len(), 40);
}

#[tokio::test]
async fn locks_are_exclusive_per_profile_and_released_on_drop() {
    let (home, vault) = vault();
    let other = Vault::new(home.path().join("data"));
    let held = vault.lock(&work()).await.unwrap();
    assert!(other.try_lock(&work()).unwrap().is_none());
    assert!(other.try_lock(&"home".parse().unwrap()).unwrap().is_some());
    drop(held);
    let taken = other.try_lock(&work()).unwrap().unwrap();
    assert_eq!(taken.profile(), &work());
}

#[tokio::test]
async fn data_directory_that_cannot_be_created_is_named_with_a_hint() {
    let (home, _) = vault();
    let file = home.path().join("file");
    put(&file, "", 0o600);
    let vault = Vault::new(file.join("data"));
    for error in [
        vault.index().unwrap_err(),
        vault.read(&work(), Storage::File).unwrap_err(),
        vault.lock(&work()).await.unwrap_err(),
        vault.update_index(|_| ()).await.unwrap_err(),
    ] {
        assert!(error.to_string().contains("file/data"), "{error}");
        assert!(
            error.hint().unwrap().plain().contains("BRAINMAPS_DATA_DIR"),
            "{error:?}"
        );
        assert!(!error.is_damage());
    }
}
