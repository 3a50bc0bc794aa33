//! The state file: its mode, its contents, its version, and the deletion of expired rows.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::time::Duration;

use brainmaps_sandbox::{CANARY, CANARY_ID_TOKEN, Sandbox, SandboxError, Settings, State};
use serde_json::json;

use super::authorization::{code, parameters, redeem};
use super::fixture::{Device, Fixture, SERVICES};

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o777
}

fn open(path: &Path) -> Result<Sandbox, SandboxError> {
    let base_url = "http://localhost:8000".parse().unwrap();
    let clock = || "2026-11-21T12:00:00Z".parse().unwrap();
    Sandbox::open(Settings::new(
        State::File(path.to_owned()),
        base_url,
        std::sync::Arc::new(clock),
    ))
}

#[tokio::test]
async fn state_file_and_its_directories_are_private() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new/folder/state.db");
    let fixture = Fixture::on_file(&path);
    Device::new(&fixture).await.tokens().await;
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    assert_eq!(mode(path.parent().unwrap().parent().unwrap()), 0o700);
}

/// Creates every secret of the authorization code flow.
async fn authorization_secrets(fixture: &Fixture) {
    let pushed: Vec<_> = parameters().into_iter().collect();
    let pushed = fixture.form("/oauth2/par", &pushed).await;
    // A request URI is shown to users in a URL, so it is not a secret.
    assert!(!pushed.text("/request_uri").contains(CANARY));
    let code = code(fixture, &parameters()).await;
    assert!(code.contains(CANARY));
    let tokens = redeem(fixture, &code, &[]).await;
    assert!(tokens.text("/id_token").starts_with(CANARY_ID_TOKEN));
    let client = json!({"redirect_uris": ["https://app.test/"]});
    let client = fixture.post("/oauth2/register", "", client).await;
    assert!(client.text("/client_secret").contains(CANARY));
}

#[tokio::test]
async fn state_file_contains_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.db");
    let fixture = Fixture::on_file(&path);
    for service in SERVICES {
        let device = Device::at(&fixture, service).await;
        let tokens = device.tokens().await;
        device.refresh(&tokens.refresh).await;
    }
    let state = State::File(path.clone());
    let approving = Fixture::with(state, |settings| settings.auto_approve = true);
    authorization_secrets(&approving).await;
    let login = json!({"email": "demo@brainmaps.test", "password": "demo"});
    let session = fixture.post("/api/auth/login/", "", login).await;
    let session = format!("Token {}", session.text("/token"));
    fixture
        .post("/api/tokens/", &session, json!({"name": "pat"}))
        .await;
    let mut read = 0;
    for entry in folder.path().read_dir().unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        read += bytes.len();
        let text = String::from_utf8_lossy(&bytes);
        assert!(
            !text.contains(CANARY),
            "{} contains a secret",
            path.display()
        );
    }
    assert!(read > 10_000, "the files have {read} bytes only");
}

#[test]
fn readable_state_file_is_made_private() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.db");
    drop(open(&path).unwrap());
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o644)).unwrap();
    drop(open(&path).unwrap());
    assert_eq!(mode(&path), 0o600);
}

#[test]
fn links_and_directories_are_rejected() {
    let folder = tempfile::tempdir().unwrap();
    let real = folder.path().join("real");
    drop(open(&real).unwrap());
    let link = folder.path().join("link");
    symlink(&real, &link).unwrap();
    assert!(matches!(open(&link), Err(SandboxError::File { .. })));
    let dangling = folder.path().join("dangling");
    symlink(folder.path().join("nowhere"), &dangling).unwrap();
    assert!(matches!(open(&dangling), Err(SandboxError::File { .. })));
    assert!(!folder.path().join("nowhere").exists());
    assert!(matches!(
        open(folder.path()),
        Err(SandboxError::File { .. })
    ));
}

#[test]
fn directory_may_be_a_link() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("real")).unwrap();
    symlink(folder.path().join("real"), folder.path().join("link")).unwrap();
    assert!(open(&folder.path().join("link/state.db")).is_ok());
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the test acts as the other program"
)]
fn file_of_another_program_is_not_changed() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("diary.txt");
    std::fs::write(&text, "Dear diary, ".repeat(400)).unwrap();
    std::fs::set_permissions(&text, PermissionsExt::from_mode(0o644)).unwrap();
    assert!(matches!(open(&text), Err(SandboxError::NotASandbox(_))));
    assert!(
        std::fs::read_to_string(&text)
            .unwrap()
            .starts_with("Dear diary")
    );
    let foreign = folder.path().join("foreign.db");
    let other = rusqlite::Connection::open(&foreign).unwrap();
    other.execute_batch("CREATE TABLE precious (x)").unwrap();
    assert!(matches!(open(&foreign), Err(SandboxError::NotASandbox(_))));
    assert_eq!((mode(&text), mode(&foreign)), (0o644, 0o644));
}

#[test]
fn older_state_is_recreated_and_newer_state_is_rejected() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.db");
    drop(open(&path).unwrap());
    let set_version = |number: i64| {
        let connection = rusqlite::Connection::open(&path).unwrap();
        connection
            .pragma_update(None, "user_version", number)
            .unwrap();
    };
    set_version(0);
    assert!(open(&path).is_ok());
    set_version(1_000_000);
    assert!(matches!(open(&path), Err(SandboxError::Newer)));
}

#[test]
fn state_can_be_created_concurrently() {
    let folder = tempfile::tempdir().unwrap();
    for round in 0..20 {
        let path = folder.path().join(format!("{round}.db"));
        let racers: Vec<_> = (0..8)
            .map(|_| {
                let path = path.clone();
                std::thread::spawn(move || open(&path).map(drop))
            })
            .collect();
        for racer in racers {
            racer.join().unwrap().unwrap();
        }
    }
}

#[tokio::test]
async fn processes_share_the_state() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.db");
    let (one, other) = (Fixture::on_file(&path), Fixture::on_file(&path));
    let device = Device::new(&one).await;
    other.sandbox.approve(&device.user_code).unwrap();
    assert_eq!(device.poll().await.status, 200);
}

#[tokio::test]
async fn reset_deletes_everything_but_the_accounts() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.db");
    let (fixture, other) = (Fixture::on_file(&path), Fixture::on_file(&path));
    let device = Device::new(&fixture).await;
    let tokens = device.tokens().await;
    other.sandbox.reset().unwrap();
    assert!(!device.is_active(&tokens.access).await);
    assert_eq!(device.poll().await.error(), (400, "invalid_grant".into()));
    assert_eq!(mode(&path), 0o600);
    let login = json!({"email": "demo@brainmaps.test", "password": "demo"});
    assert_eq!(
        fixture.post("/api/auth/login/", "", login).await.status,
        200
    );
}

#[tokio::test]
async fn expired_requests_and_unused_clients_are_deleted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.db");
    let state = State::File(path.clone());
    let fixture = Fixture::with(state, |settings| settings.auto_approve = true);
    let count_rows = || {
        let connection = rusqlite::Connection::open(&path).unwrap();
        let sql = "SELECT (SELECT COUNT(*) FROM authorization_requests) + (SELECT COUNT(*) FROM pushed_requests)
            + (SELECT COUNT(*) FROM registered_clients) + (SELECT COUNT(*) FROM grants)";
        connection
            .query_row(sql, [], |row| row.get::<_, i64>(0))
            .unwrap()
    };
    authorization_secrets(&fixture).await;
    assert_eq!(count_rows(), 4);
    fixture.advance(Duration::from_hours(24 * 32));
    Device::new(&fixture).await;
    fixture.advance(Duration::from_mins(11));
    Device::new(&fixture).await;
    assert_eq!(count_rows(), 0);
}

#[tokio::test]
async fn expired_rows_are_deleted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.db");
    let fixture = Fixture::on_file(&path);
    let count_rows = || {
        let connection = rusqlite::Connection::open(&path).unwrap();
        let sql = "SELECT (SELECT COUNT(*) FROM device_codes) + (SELECT COUNT(*) FROM grants)
            + (SELECT COUNT(*) FROM access_tokens) + (SELECT COUNT(*) FROM refresh_tokens)";
        connection
            .query_row(sql, [], |row| row.get::<_, i64>(0))
            .unwrap()
    };
    for _ in 0..5 {
        Device::new(&fixture).await.tokens().await;
    }
    assert_eq!(count_rows(), 20);
    fixture.advance(Duration::from_hours(24 * 31));
    Device::new(&fixture).await;
    fixture.advance(Duration::from_mins(11));
    Device::new(&fixture).await;
    assert_eq!(count_rows(), 2);
}
