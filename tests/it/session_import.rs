//! `login --import` with the token file of another client.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use serde_json::json;
use tempfile::TempDir;

use crate::support::test_home::TestHome;

/// The token file of another client, in its own directory.
fn token_file(mode: u32, text: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("basic-memory-cloud.json");
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
    folder
}

const IMPORT: &[&str] = &["--profile", "basic-memory", "login", "--import"];

#[test]
fn the_session_of_the_services_own_client_is_imported_and_its_file_is_not_changed() {
    let text = r#"{"access_token":"access-c4n4ry","refresh_token":"refresh-c4n4ry","expires_at":4102444800,"token_type":"Bearer"}"#;
    let folder = token_file(0o644, text);
    let mut home = TestHome::new();
    let nothing = home.run(&[IMPORT, &["--json"]].concat()).expect(4);
    assert_eq!(nothing.error_code(), "LOGIN_REQUIRED");
    assert!(
        nothing
            .stdout
            .contains(".basic-memory/basic-memory-cloud.json"),
        "{nothing}"
    );

    home.set("BASIC_MEMORY_CONFIG_DIR", folder.path().to_str().unwrap());
    let outcome = home.run(&[IMPORT, &["--json"]].concat()).expect(0);
    let printed = outcome.json();
    assert_eq!(printed["issuer"], "https://eloquent-lotus-05.authkit.app");
    assert_eq!(printed["origin"], "https://cloud.basicmemory.com");
    assert_eq!(printed["expires_at"], "2100-01-01T00:00:00Z");
    assert_eq!(
        (&printed["kind"], &printed["refreshable"]),
        (&json!("access_token"), &json!(true))
    );
    assert!(outcome.stderr.contains("chmod 600"), "{outcome}");
    let file = folder.path().join("basic-memory-cloud.json");
    assert_eq!(fs::read_to_string(&file).unwrap(), text);
    let print = ["--profile", "basic-memory", "credential", "print"];
    let printed = home.run(&print).expect(0).stdout;
    assert_eq!(printed, "access-c4n4ry\n");
    let stored = home.data().join("credentials/basic-memory.json");
    let stored = fs::read_to_string(stored).unwrap();
    assert!(
        stored.contains("https://eloquent-lotus-05.authkit.app/oauth2/token"),
        "{stored}"
    );
}

#[test]
fn an_unusable_session_file_is_rejected_without_printing_it() {
    for (text, status, code) in [
        (
            r#"{"access_token":"a-c4n4ry","refresh_token":null,"expires_at":1000,"token_type":"Bearer"}"#,
            4,
            "LOGIN_EXPIRED",
        ),
        (
            r#"{"access_token":"a-c4n4ry","token_type":"mac"}"#,
            1,
            "FAILED",
        ),
        (
            r#"{"access_token":"a-c4n4ry","expires_at":"c4n4ry"}"#,
            1,
            "FAILED",
        ),
        (r#"{"access_token":["a-c4n4ry"]}"#, 1, "FAILED"),
        (r#"{"access_token":"a-c4n4ry"#, 1, "FAILED"),
        ("", 1, "FAILED"),
    ] {
        let folder = token_file(0o600, text);
        let mut home = TestHome::new();
        home.set("BASIC_MEMORY_CONFIG_DIR", folder.path().to_str().unwrap());
        let outcome = home.run(&[IMPORT, &["--json"]].concat()).expect(status);
        assert_eq!(outcome.error_code(), code, "{text}: {outcome}");
    }
    let home = TestHome::new();
    let outcome = home.run(&["login", "--import", "--json"]).expect(2);
    assert_eq!(outcome.error_code(), "UNSUPPORTED");
    home.run(&["login", "--import", "--issuer", "https://evil.test"])
        .expect(2);
}
