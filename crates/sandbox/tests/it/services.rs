//! Secrets, shared state and the host check of the services without an OAuth server.

use axum::body::Body;
use axum::http::{Method, header};
use brainmaps_sandbox::{CANARY, CANARY_HEX, CANARY_JWT, DEMO_EMAIL};
use serde_json::json;

use super::fixture::{Fixture, request};

/// Creates a secret of every kind at these services, and returns them.
async fn create_secrets(fixture: &Fixture) -> Vec<String> {
    let body = json!({"username": DEMO_EMAIL, "password": "demo"});
    let login = fixture.post("/neuroio/v1/auth/token/", "", body).await;
    let token = format!("Token {}", login.text("/token/key"));
    let body = json!({"permanent": true});
    let permanent = fixture.post("/neuroio/v1/tokens/", &token, body).await;

    let body = format!("email={DEMO_EMAIL}&password=demo");
    let page = fixture.raw_form("/brainpercent/login", &body).await;
    let cookie = page.header("set-cookie").split(';').next().unwrap();
    let body = json!({"name": "x", "permissions": ["read"]}).to_string();
    let mut received = request(
        Method::POST,
        "/brainpercent/api/v1/api-keys",
        "",
        body.into(),
    );
    let headers = received.headers_mut();
    headers.insert(header::COOKIE, cookie.parse().unwrap());
    headers.insert(header::CONTENT_TYPE, "application/json".parse().unwrap());
    let api_key = fixture.send(received).await;

    let body = json!({"email": DEMO_EMAIL, "password": "demo"});
    let session = fixture.post("/basira/api/v1/auth/login", "", body).await;
    let bearer = format!("Bearer {}", session.text("/access_token"));
    let body = json!({"name": "x"});
    let key = fixture.post("/basira/api/v1/api-keys", &bearer, body).await;
    vec![
        login.text("/token/key"),
        permanent.text("/key"),
        cookie.to_owned(),
        api_key.text("/data/key"),
        session.text("/access_token"),
        session.text("/refresh_token"),
        key.text("/key"),
    ]
}

#[tokio::test]
async fn state_file_contains_no_secret_of_any_service() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.db");
    let fixture = Fixture::on_file(&path);
    let created = create_secrets(&fixture).await;
    for secret in &created {
        let has_canary = [CANARY, CANARY_HEX, CANARY_JWT]
            .iter()
            .any(|canary| secret.contains(canary));
        assert!(has_canary, "{secret}");
    }
    let mut read = 0;
    for entry in folder.path().read_dir().unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        read += bytes.len();
        let text = String::from_utf8_lossy(&bytes);
        for secret in created.iter().map(String::as_str) {
            assert!(!text.contains(secret), "the state file contains {secret}");
        }
        for canary in [CANARY, CANARY_HEX, CANARY_JWT] {
            assert!(!text.contains(canary), "the state file contains {canary}");
        }
    }
    assert!(read > 10_000, "the files have {read} bytes only");
}

#[tokio::test]
async fn processes_share_the_state_and_reset_clears_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.db");
    let (one, other) = (Fixture::on_file(&path), Fixture::on_file(&path));
    let created = create_secrets(&one).await;
    let received = [
        ("/neuroio/v1/whoami/", format!("Token {}", created[1])),
        (
            "/brainpercent/api/v1/user/credits",
            format!("Bearer {}", created[3]),
        ),
        ("/basira/api/v1/databases", format!("Bearer {}", created[4])),
        ("/basira/api/v1/databases", format!("Bearer {}", created[6])),
    ];
    for status in [200, 401] {
        for (path, authorization) in &received {
            assert_eq!(
                other.get(path, authorization).await.status,
                status,
                "{path}"
            );
        }
        one.sandbox.reset().unwrap();
    }
}

#[tokio::test]
async fn host_guard_covers_every_service() {
    let fixture = Fixture::new();
    for path in [
        "/neuroio/v1/whoami/",
        "/brainpercent/api/v1/articles",
        "/brainpercent/login",
        "/basira/api/v1/databases",
    ] {
        let reply = fixture.get(path, "").await;
        assert_eq!(reply.header("cache-control"), "no-store", "{path}");
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
        let mut foreign = request(Method::GET, path, "", Body::empty());
        let headers = foreign.headers_mut();
        headers.insert(header::HOST, "evil.net".parse().unwrap());
        assert_eq!(fixture.send(foreign).await.status, 421, "{path}");
    }
}

#[tokio::test]
async fn credentials_work_at_their_own_service_only() {
    let fixture = Fixture::new();
    let created = create_secrets(&fixture).await;
    let mut usable = 0;
    for secret in &created {
        for scheme in ["Token", "Bearer"] {
            let mut accepted = 0;
            for path in [
                "/api/auth/me/",
                "/basic-memory/proxy/health",
                "/neuroio/v1/whoami/",
                "/brainpercent/api/v1/user/credits",
                "/basira/api/v1/databases",
            ] {
                let authorization = format!("{scheme} {secret}");
                accepted += usize::from(fixture.get(path, &authorization).await.status == 200);
            }
            assert!(
                accepted <= 1,
                "{accepted} services accept {scheme} {secret}"
            );
            usable += accepted;
        }
    }
    assert_eq!(
        usable, 5,
        "two tokens of NeuroIO, two of Basira, one key of BrainPercent"
    );
}
