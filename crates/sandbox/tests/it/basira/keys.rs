//! API keys: the calls that manage them, and the calls that accept them.

use std::time::Duration;

use axum::http::Method;
use brainmaps_sandbox::{CANARY, UNPAID_EMAIL};
use serde_json::{Value, json};

use super::{
    BILLING, DATABASES, KEYS, LOGIN, RESEND, api_error, bearer, by_key, log_in, log_in_as,
};
use crate::fixture::Fixture;

#[tokio::test]
async fn key_is_created_shown_once_listed_by_prefix_and_revoked() {
    let fixture = Fixture::new();
    let token = bearer(&log_in(&fixture).await.access);
    let body = json!({"name": " my-script "});
    let made = fixture.post(KEYS, &token, body).await;
    assert_eq!(made.status, 201);
    assert_eq!(made.text("/name"), "my-script");
    assert_eq!(made.text("/created_at"), "2027-01-15T08:00:00Z");
    let key = made.text("/key");
    let parts: Vec<&str> = key.split('_').collect();
    assert_eq!((parts.len(), &parts[..2]), (4, ["dbm", "ak"].as_slice()));
    assert!(parts[3].contains(CANARY));

    assert_eq!(
        by_key(&fixture, Method::GET, DATABASES, &key).await.status,
        200
    );
    let list = fixture.get(KEYS, &token).await;
    let listed = &list.json()["api_keys"][0];
    assert_eq!(listed["prefix"], format!("dbm_ak_{}_...", parts[2]));
    assert_eq!(listed["last_used_at"], "2027-01-15T08:00:00Z");
    assert_eq!(listed.get("key"), None);
    assert!(!list.body.contains(CANARY));

    let path = format!("{KEYS}/{}", made.text("/id"));
    assert_eq!(
        by_key(&fixture, Method::DELETE, &path, &key).await.status,
        204
    );
    assert_eq!(
        api_error(&by_key(&fixture, Method::GET, DATABASES, &key).await),
        401
    );
    assert_eq!(api_error(&fixture.get(DATABASES, &bearer(&key)).await), 401);
    assert_eq!(api_error(&fixture.delete(&path, &token).await), 404);
    assert_eq!(
        fixture.get(KEYS, &token).await.json(),
        json!({"api_keys": []})
    );
}

#[tokio::test]
async fn key_works_in_both_headers_except_for_billing() {
    let fixture = Fixture::new();
    let token = bearer(&log_in(&fixture).await.access);
    let made = fixture.post(KEYS, &token, json!({"name": "agent"})).await;
    let key = made.text("/key");
    assert_eq!(fixture.get(BILLING, &token).await.status, 200);
    fixture.advance(Duration::from_hours(24 * 4000));
    for path in [DATABASES, KEYS] {
        assert_eq!(by_key(&fixture, Method::GET, path, &key).await.status, 200);
        assert_eq!(fixture.get(path, &bearer(&key)).await.status, 200);
    }
    assert_eq!(
        api_error(&by_key(&fixture, Method::GET, BILLING, &key).await),
        403
    );
    assert_eq!(api_error(&fixture.get(BILLING, &bearer(&key)).await), 403);
    assert_eq!(
        by_key(&fixture, Method::POST, RESEND, &key).await.status,
        200
    );
    let more = fixture
        .post(KEYS, &bearer(&key), json!({"name": "more"}))
        .await;
    assert_eq!(more.status, 201);
}

#[tokio::test]
async fn only_valid_credentials_in_the_right_header_work() {
    let fixture = Fixture::new();
    let token = log_in(&fixture).await.access;
    let made = fixture
        .post(KEYS, &bearer(&token), json!({"name": "x"}))
        .await;
    let key = made.text("/key");
    for wrong in [token.as_str(), "", "dbm_ak_x_y", &key[..key.len() - 1]] {
        let reply = by_key(&fixture, Method::GET, DATABASES, wrong).await;
        assert_eq!(api_error(&reply), 401, "{wrong}");
        assert_eq!(reply.header("www-authenticate"), "Bearer");
    }
    for authorization in ["", "Bearer", "Bearer x.y.z", &format!("Token {key}")] {
        let reply = fixture.get(DATABASES, authorization).await;
        assert_eq!(api_error(&reply), 401, "{authorization}");
    }
}

#[tokio::test]
async fn key_requires_a_name() {
    let fixture = Fixture::new();
    let token = bearer(&log_in(&fixture).await.access);
    for (name, status) in [
        (json!("x".repeat(100)), 201),
        (json!("x".repeat(101)), 400),
        (json!(" "), 400),
        (json!(7), 400),
        (Value::Null, 400),
    ] {
        let reply = fixture.post(KEYS, &token, json!({"name": name})).await;
        assert_eq!(reply.status, status, "{name}");
    }
    assert_eq!(api_error(&fixture.post(KEYS, &token, json!([])).await), 400);
}

#[tokio::test]
async fn keys_of_other_accounts_are_not_found() {
    let fixture = Fixture::new();
    let own = bearer(&log_in(&fixture).await.access);
    let made = fixture.post(KEYS, &own, json!({"name": "mine"})).await;
    let other = bearer(&log_in_as(&fixture, UNPAID_EMAIL).await.access);
    assert_eq!(
        fixture.get(KEYS, &other).await.json(),
        json!({"api_keys": []})
    );
    for path in [
        format!("{KEYS}/{}", made.text("/id")),
        format!("{DATABASES}/db_orders"),
    ] {
        assert_eq!(api_error(&fixture.delete(&path, &other).await), 404);
    }
}

#[tokio::test]
async fn unverified_account_can_register_one_database() {
    let fixture = Fixture::new();
    let verified = bearer(&log_in(&fixture).await.access);
    let unverified = bearer(&log_in_as(&fixture, UNPAID_EMAIL).await.access);
    for name in ["one", "two", "three"] {
        let made = fixture
            .post(DATABASES, &verified, json!({"name": name}))
            .await;
        assert_eq!(made.status, 201);
    }
    let body = json!({"name": "one", "engine": "mysql"});
    let made = fixture.post(DATABASES, &unverified, body.clone()).await;
    assert_eq!(
        (made.status.as_u16(), made.text("/engine")),
        (201, "mysql".to_owned())
    );
    let reply = fixture.post(DATABASES, &unverified, body.clone()).await;
    assert_eq!(api_error(&reply), 403);
    let path = format!("{DATABASES}/{}", made.text("/id"));
    assert_eq!(fixture.delete(&path, &unverified).await.status, 204);
    assert_eq!(fixture.post(DATABASES, &unverified, body).await.status, 201);
    assert_eq!(
        api_error(&fixture.post(DATABASES, &verified, json!({})).await),
        400
    );
}

#[tokio::test]
async fn trailing_slashes_are_not_found() {
    let fixture = Fixture::new();
    let token = bearer(&log_in(&fixture).await.access);
    for path in [DATABASES, KEYS, LOGIN, "/basira/nothing"] {
        assert_eq!(
            api_error(&fixture.get(&format!("{path}/"), &token).await),
            404
        );
    }
    assert_eq!(api_error(&fixture.get(LOGIN, "").await), 405);
}
