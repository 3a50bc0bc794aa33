//! The calls that create, list and revoke API keys.

use std::time::Duration;

use axum::http::Method;
use brainmaps_sandbox::{CANARY_HEX, UNPAID_EMAIL};
use serde_json::{Value, json};

use super::{
    ARTICLES, KEYS, api_error, by_cookie, cookie, cookie_of, create_key, error_code, key, list,
};
use crate::fixture::Fixture;

#[tokio::test]
async fn key_is_created_with_the_cookie_shown_once_and_revoked() {
    let fixture = Fixture::new();
    let cookie = cookie(&fixture).await;
    let body = json!({"name": " My App Key ", "permissions": ["write", "read"]});
    let made = create_key(&fixture, &cookie, body).await;
    assert_eq!(made.status, 201);
    assert_eq!(made.json()["success"], true);
    let data = &made.json()["data"];
    assert_eq!(data["name"], "My App Key");
    assert_eq!(data["permissions"], json!(["read", "write"]));
    assert_eq!(
        data["scopes"],
        json!(["articles", "social", "projects", "user"])
    );
    assert_eq!(data["expires_at"], json!(null));
    assert_eq!(data["created_at"], "2027-01-15T08:00:00Z");

    let key = made.text("/data/key");
    let digits = key.strip_prefix("bp_").unwrap();
    assert_eq!(key.len(), 67);
    assert!(digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
    assert!(key.contains(CANARY_HEX));
    assert!(key.starts_with(&made.text("/data/key_prefix")));

    let bearer = format!("Bearer {key}");
    assert_eq!(fixture.get(ARTICLES, &bearer).await.status, 200);
    let listed = list(&fixture, &cookie, "").await;
    assert_eq!(listed.text("/data/0/id"), made.text("/data/id"));
    assert_eq!(listed.text("/data/0/last_used_at"), "2027-01-15T08:00:00Z");
    assert!(!listed.body.contains(CANARY_HEX));
    assert_eq!(listed.json()["data"][0].get("key"), None);

    let path = format!("{KEYS}/{}", made.text("/data/id"));
    let gone = by_cookie(&fixture, Method::DELETE, &path, &cookie, Value::Null).await;
    assert_eq!(
        (gone.status.as_u16(), &gone.json()["success"]),
        (200, &json!(true))
    );
    let reply = fixture.get(ARTICLES, &bearer).await;
    assert_eq!(api_error(&reply), error_code(401, "UNAUTHORIZED"));
    let again = by_cookie(&fixture, Method::DELETE, &path, &cookie, Value::Null).await;
    assert_eq!(api_error(&again), error_code(404, "NOT_FOUND"));
}

#[tokio::test]
async fn invalid_key_requests_are_rejected() {
    let fixture = Fixture::new();
    let cookie = cookie(&fixture).await;
    let read = json!(["read"]);
    for (body, status) in [
        (json!({"name": "x", "permissions": read}), 201),
        (json!({"name": "x".repeat(100), "permissions": read}), 201),
        (json!({"name": "x".repeat(101), "permissions": read}), 400),
        (json!({"name": " ", "permissions": read}), 400),
        (json!({"permissions": read}), 400),
        (json!({"name": "x"}), 400),
        (json!({"name": "x", "permissions": []}), 400),
        (json!({"name": "x", "permissions": ["admin"]}), 400),
        (json!({"name": "x", "permissions": "read"}), 400),
        (
            json!({"name": "x", "permissions": read, "scopes": ["user"]}),
            201,
        ),
        (
            json!({"name": "x", "permissions": read, "scopes": ["all"]}),
            400,
        ),
        (
            json!({"name": "x", "permissions": read, "expires_in_days": 1}),
            201,
        ),
        (
            json!({"name": "x", "permissions": read, "expires_in_days": 365}),
            201,
        ),
        (
            json!({"name": "x", "permissions": read, "expires_in_days": 0}),
            400,
        ),
        (
            json!({"name": "x", "permissions": read, "expires_in_days": 366}),
            400,
        ),
        (
            json!({"name": "x", "permissions": read, "expires_in_days": 1.5}),
            400,
        ),
        (
            json!({"name": "x", "permissions": read, "expires_in_days": "30"}),
            400,
        ),
        (json!([]), 400),
    ] {
        let reply = create_key(&fixture, &cookie, body.clone()).await;
        assert_eq!(reply.status, status, "{body}");
        if status == 400 {
            assert_eq!(api_error(&reply), error_code(400, "VALIDATION_ERROR"));
        }
    }
}

#[tokio::test]
async fn key_expires_after_its_days() {
    let fixture = Fixture::new();
    let cookie = cookie(&fixture).await;
    let body = json!({"name": "week", "permissions": ["read"], "expires_in_days": 7});
    let made = create_key(&fixture, &cookie, body).await;
    assert_eq!(made.text("/data/expires_at"), "2027-01-22T08:00:00Z");
    let bearer = format!("Bearer {}", made.text("/data/key"));
    fixture.advance(Duration::from_hours(7 * 24) - Duration::from_millis(1));
    assert_eq!(fixture.get(ARTICLES, &bearer).await.status, 200);
    fixture.advance(Duration::from_millis(1));
    let reply = fixture.get(ARTICLES, &bearer).await;
    assert_eq!(api_error(&reply), error_code(401, "UNAUTHORIZED"));
    assert_eq!(
        list(&fixture, &cookie, "").await.json()["pagination"]["total"],
        1
    );
}

#[tokio::test]
async fn at_most_ten_keys_are_active() {
    let fixture = Fixture::new();
    let cookie = cookie(&fixture).await;
    let day = json!({"name": "day", "permissions": ["read"], "expires_in_days": 1});
    let ever = json!({"name": "ever", "permissions": ["read"]});
    for number in 0..10 {
        let body = if number == 0 { &day } else { &ever };
        assert_eq!(
            create_key(&fixture, &cookie, body.clone()).await.status,
            201
        );
    }
    let reply = create_key(&fixture, &cookie, ever.clone()).await;
    assert_eq!(api_error(&reply), error_code(409, "API_KEY_LIMIT_REACHED"));
    fixture.advance(Duration::from_hours(24));
    assert_eq!(
        create_key(&fixture, &cookie, ever.clone()).await.status,
        201,
        "the expired key does not count"
    );
    assert_eq!(create_key(&fixture, &cookie, ever).await.status, 409);
}

#[tokio::test]
async fn keys_are_managed_by_cookie_and_a_key_with_delete_may_revoke() {
    let fixture = Fixture::new();
    let cookie = cookie(&fixture).await;
    let all = key(&fixture, &cookie, &["read", "write", "delete"], &[]).await;
    let reader = key(&fixture, &cookie, &["read"], &[]).await;
    let id = list(&fixture, &cookie, "").await.text("/data/0/id");
    let path = format!("{KEYS}/{id}");

    assert_eq!(
        api_error(&fixture.get(KEYS, &all).await),
        error_code(401, "UNAUTHORIZED")
    );
    let body = json!({"name": "x", "permissions": ["read"]});
    let reply = fixture.post(KEYS, &all, body).await;
    assert_eq!(api_error(&reply), error_code(401, "UNAUTHORIZED"));
    let reply = fixture.delete(&path, &reader).await;
    assert_eq!(api_error(&reply), error_code(403, "FORBIDDEN"));
    assert_eq!(fixture.delete(&path, "").await.status, 401);
    assert_eq!(fixture.delete(&path, &all).await.status, 200);
    assert_eq!(fixture.get(ARTICLES, &reader).await.status, 401);

    let reply = by_cookie(&fixture, Method::GET, ARTICLES, &cookie, Value::Null).await;
    assert_eq!(
        api_error(&reply),
        error_code(401, "UNAUTHORIZED"),
        "a cookie gives no access to resources"
    );
    fixture.advance(Duration::from_hours(24 * 30));
    assert_eq!(
        list(&fixture, &cookie, "").await.status,
        401,
        "the session has expired"
    );
}

#[tokio::test]
async fn keys_of_other_accounts_are_not_found() {
    let fixture = Fixture::new();
    let own = cookie(&fixture).await;
    key(&fixture, &own, &["read"], &[]).await;
    let id = list(&fixture, &own, "").await.text("/data/0/id");
    let other = cookie_of(&fixture, UNPAID_EMAIL).await;
    assert_eq!(list(&fixture, &other, "").await.json()["data"], json!([]));
    let path = format!("{KEYS}/{id}");
    let reply = by_cookie(&fixture, Method::DELETE, &path, &other, Value::Null).await;
    assert_eq!(api_error(&reply), error_code(404, "NOT_FOUND"));
    let bearer = key(&fixture, &other, &["read", "delete"], &[]).await;
    assert_eq!(
        fixture.get(ARTICLES, &bearer).await.json()["data"],
        json!([])
    );
    let reply = fixture.delete(&format!("{ARTICLES}/art_1"), &bearer).await;
    assert_eq!(api_error(&reply), error_code(404, "NOT_FOUND"));
}
