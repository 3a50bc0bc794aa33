//! API keys, and what they open.

use std::time::Duration;

use axum::http::Method;
use brainmaps_sandbox::{CANARY, UNPAID_EMAIL};
use serde_json::{Value, json};

use super::{BILLING, DATABASES, KEYS, LOGIN, RESEND, bearer, by_key, log_in, log_in_as, refusal};
use crate::world::World;

#[tokio::test]
async fn a_key_is_made_shown_once_listed_by_its_prefix_and_revoked() {
    let world = World::new();
    let token = bearer(&log_in(&world).await.access);
    let body = json!({"name": " my-script "});
    let made = world.post(KEYS, &token, body).await;
    assert_eq!(made.status, 201);
    assert_eq!(made.text("/name"), "my-script");
    assert_eq!(made.text("/created_at"), "2027-01-15T08:00:00Z");
    let key = made.text("/key");
    let parts: Vec<&str> = key.split('_').collect();
    assert_eq!((parts.len(), &parts[..2]), (4, ["dbm", "ak"].as_slice()));
    assert!(parts[3].contains(CANARY));

    assert_eq!(
        by_key(&world, Method::GET, DATABASES, &key).await.status,
        200
    );
    let list = world.get(KEYS, &token).await;
    let listed = &list.json()["api_keys"][0];
    assert_eq!(listed["prefix"], format!("dbm_ak_{}_...", parts[2]));
    assert_eq!(listed["last_used_at"], "2027-01-15T08:00:00Z");
    assert_eq!(listed.get("key"), None);
    assert!(!list.body.contains(CANARY));

    let path = format!("{KEYS}/{}", made.text("/id"));
    assert_eq!(
        by_key(&world, Method::DELETE, &path, &key).await.status,
        204
    );
    assert_eq!(
        refusal(&by_key(&world, Method::GET, DATABASES, &key).await),
        401
    );
    assert_eq!(refusal(&world.get(DATABASES, &bearer(&key)).await), 401);
    assert_eq!(refusal(&world.delete(&path, &token).await), 404);
    assert_eq!(
        world.get(KEYS, &token).await.json(),
        json!({"api_keys": []})
    );
}

#[tokio::test]
async fn a_key_opens_everything_but_billing_in_either_header_for_ever() {
    let world = World::new();
    let token = bearer(&log_in(&world).await.access);
    let made = world.post(KEYS, &token, json!({"name": "agent"})).await;
    let key = made.text("/key");
    assert_eq!(world.get(BILLING, &token).await.status, 200);
    world.pass(Duration::from_hours(24 * 4000));
    for path in [DATABASES, KEYS] {
        assert_eq!(by_key(&world, Method::GET, path, &key).await.status, 200);
        assert_eq!(world.get(path, &bearer(&key)).await.status, 200);
    }
    assert_eq!(
        refusal(&by_key(&world, Method::GET, BILLING, &key).await),
        403
    );
    assert_eq!(refusal(&world.get(BILLING, &bearer(&key)).await), 403);
    assert_eq!(by_key(&world, Method::POST, RESEND, &key).await.status, 200);
    let more = world
        .post(KEYS, &bearer(&key), json!({"name": "more"}))
        .await;
    assert_eq!(more.status, 201);
}

#[tokio::test]
async fn only_a_live_credential_in_its_own_header_opens_anything() {
    let world = World::new();
    let token = log_in(&world).await.access;
    let made = world
        .post(KEYS, &bearer(&token), json!({"name": "x"}))
        .await;
    let key = made.text("/key");
    for wrong in [token.as_str(), "", "dbm_ak_x_y", &key[..key.len() - 1]] {
        let reply = by_key(&world, Method::GET, DATABASES, wrong).await;
        assert_eq!(refusal(&reply), 401, "{wrong}");
        assert_eq!(reply.header("www-authenticate"), "Bearer");
    }
    for authorization in ["", "Bearer", "Bearer x.y.z", &format!("Token {key}")] {
        let reply = world.get(DATABASES, authorization).await;
        assert_eq!(refusal(&reply), 401, "{authorization}");
    }
}

#[tokio::test]
async fn a_key_needs_a_name() {
    let world = World::new();
    let token = bearer(&log_in(&world).await.access);
    for (name, status) in [
        (json!("x".repeat(100)), 201),
        (json!("x".repeat(101)), 400),
        (json!(" "), 400),
        (json!(7), 400),
        (Value::Null, 400),
    ] {
        let reply = world.post(KEYS, &token, json!({"name": name})).await;
        assert_eq!(reply.status, status, "{name}");
    }
    assert_eq!(refusal(&world.post(KEYS, &token, json!([])).await), 400);
}

#[tokio::test]
async fn nobody_sees_what_is_not_theirs() {
    let world = World::new();
    let own = bearer(&log_in(&world).await.access);
    let made = world.post(KEYS, &own, json!({"name": "mine"})).await;
    let other = bearer(&log_in_as(&world, UNPAID_EMAIL).await.access);
    assert_eq!(
        world.get(KEYS, &other).await.json(),
        json!({"api_keys": []})
    );
    for path in [
        format!("{KEYS}/{}", made.text("/id")),
        format!("{DATABASES}/db_orders"),
    ] {
        assert_eq!(refusal(&world.delete(&path, &other).await), 404);
    }
}

#[tokio::test]
async fn an_account_that_is_not_verified_has_one_database() {
    let world = World::new();
    let verified = bearer(&log_in(&world).await.access);
    let unverified = bearer(&log_in_as(&world, UNPAID_EMAIL).await.access);
    for name in ["one", "two", "three"] {
        let made = world
            .post(DATABASES, &verified, json!({"name": name}))
            .await;
        assert_eq!(made.status, 201);
    }
    let body = json!({"name": "one", "engine": "mysql"});
    let made = world.post(DATABASES, &unverified, body.clone()).await;
    assert_eq!(
        (made.status.as_u16(), made.text("/engine")),
        (201, "mysql".to_owned())
    );
    let reply = world.post(DATABASES, &unverified, body.clone()).await;
    assert_eq!(refusal(&reply), 403);
    let path = format!("{DATABASES}/{}", made.text("/id"));
    assert_eq!(world.delete(&path, &unverified).await.status, 204);
    assert_eq!(world.post(DATABASES, &unverified, body).await.status, 201);
    assert_eq!(
        refusal(&world.post(DATABASES, &verified, json!({})).await),
        400
    );
}

#[tokio::test]
async fn nothing_has_a_final_slash() {
    let world = World::new();
    let token = bearer(&log_in(&world).await.access);
    for path in [DATABASES, KEYS, LOGIN, "/basira/nothing"] {
        assert_eq!(refusal(&world.get(&format!("{path}/"), &token).await), 404);
    }
    assert_eq!(refusal(&world.get(LOGIN, "").await), 405);
}
