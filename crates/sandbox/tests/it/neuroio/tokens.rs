//! The login call, and the calls that create, read, update, list and delete tokens.

use std::time::Duration;

use axum::body::Body;
use axum::http::Method;
use brainmaps_sandbox::{CANARY, DEMO_EMAIL};
use serde_json::json;

use super::{
    FORM, LOGIN, SOURCES, STREAM_TOKENS, TOKENS, WHOAMI, api_error, create_token, id, ids, log_in,
    patch,
};
use crate::fixture::{Fixture, request};

#[tokio::test]
async fn login_creates_a_token_for_24_hours_and_deleting_it_logs_out() {
    let fixture = Fixture::new();
    let body = json!({"username": DEMO_EMAIL, "password": "demo"});
    let reply = fixture.post(LOGIN, "", body).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.text("/user/username"), DEMO_EMAIL);
    assert!(reply.text("/token/key").contains(CANARY));
    assert_eq!(reply.json()["token"]["is_active"], true);
    assert_eq!(reply.text("/token/created"), "2027-01-15T08:00:00Z");
    assert_eq!(reply.text("/token/expires"), "2027-01-16T08:00:00Z");

    let token = format!("Token {}", reply.text("/token/key"));
    let who = fixture.get(WHOAMI, &token).await;
    assert_eq!(who.json(), json!({"username": DEMO_EMAIL, "space": null}));
    let path = format!("{TOKENS}{}/", reply.json()["token"]["id"]);
    let gone = fixture.delete(&path, &token).await;
    assert_eq!((gone.status.as_u16(), gone.body.as_str()), (204, ""));
    assert_eq!(fixture.get(WHOAMI, &token).await.status, 401);
}

#[tokio::test]
async fn wrong_password_has_code_602() {
    let fixture = Fixture::new();
    for (body, expected) in [
        (
            json!({"username": DEMO_EMAIL, "password": "wrong"}),
            (400, 602, json!(["username", "password"])),
        ),
        (
            json!({"username": "nobody", "password": "demo"}),
            (400, 602, json!(["username", "password"])),
        ),
        (
            json!({"username": DEMO_EMAIL}),
            (400, 601, json!(["password"])),
        ),
        (json!({"password": "demo"}), (400, 601, json!(["username"]))),
        (json!([]), (400, 601, json!([]))),
    ] {
        let reply = fixture.post(LOGIN, "", body.clone()).await;
        assert_eq!(api_error(&reply), expected, "{body}");
    }
}

#[tokio::test]
async fn token_is_created_shown_once_read_by_id_and_key_and_deleted() {
    let fixture = Fixture::new();
    let login = log_in(&fixture, DEMO_EMAIL).await;
    let made = create_token(&fixture, TOKENS, &login, true).await;
    assert_eq!(made.json()["expires"], json!(null));
    let (id, key) = (id(&made), made.text("/key"));
    for name in [id.to_string(), key.clone()] {
        let found = fixture.get(&format!("{TOKENS}{name}/"), &login).await;
        assert_eq!(found.json()["id"], id);
        assert!(!found.body.contains(CANARY), "{found:?}");
        let shown = found.text("/key");
        assert!(key.ends_with(shown.trim_start_matches('…')), "{shown}");
    }
    assert!(!fixture.get(TOKENS, &login).await.body.contains(CANARY));

    let token = format!("Token {key}");
    assert_eq!(fixture.get(SOURCES, &token).await.status, 200);
    let path = format!("{TOKENS}{key}/");
    assert_eq!(fixture.delete(&path, &login).await.status, 204);
    assert_eq!(fixture.get(SOURCES, &token).await.status, 401);
    for method in [Method::GET, Method::DELETE] {
        let received = request(method, &path, &login, Body::empty());
        let reply = fixture.send(received).await;
        assert_eq!(api_error(&reply), (404, 605, json!([])));
    }
    let reply = patch(&fixture, &path, &login, FORM, "is_active=true").await;
    assert_eq!(api_error(&reply), (404, 605, json!([])));
}

#[tokio::test]
async fn tokens_are_temporary_by_default() {
    let fixture = Fixture::new();
    let login = log_in(&fixture, DEMO_EMAIL).await;
    for body in [json!({}), json!({"permanent": false})] {
        let made = fixture.post(TOKENS, &login, body).await;
        assert_eq!(made.status, 201);
        assert_eq!(made.text("/expires"), "2027-01-16T08:00:00Z");
    }
    for body in [json!({"permanent": "true"}), json!({"permanent": null})] {
        let reply = fixture.post(TOKENS, &login, body).await;
        assert_eq!(api_error(&reply), (400, 601, json!(["permanent"])));
    }
    let reply = patch(&fixture, TOKENS, &login, FORM, "").await;
    assert_eq!(api_error(&reply), (405, 607, json!([])));
}

#[tokio::test]
async fn a_temporary_token_ends_after_24_hours() {
    let fixture = Fixture::new();
    let login = log_in(&fixture, DEMO_EMAIL).await;
    let permanent = create_token(&fixture, TOKENS, &login, true)
        .await
        .text("/key");
    let permanent = format!("Token {permanent}");
    fixture.advance(Duration::from_hours(24) - Duration::from_millis(1));
    assert_eq!(fixture.get(WHOAMI, &login).await.status, 200);
    fixture.advance(Duration::from_millis(1));
    let reply = fixture.get(WHOAMI, &login).await;
    assert_eq!(api_error(&reply), (401, 603, json!([])));
    assert_eq!(reply.header("www-authenticate"), "Token");
    fixture.advance(Duration::from_hours(24 * 4000));
    assert_eq!(fixture.get(WHOAMI, &permanent).await.status, 200);
}

#[tokio::test]
async fn at_most_five_permanent_tokens_per_owner() {
    let fixture = Fixture::new();
    let login = log_in(&fixture, DEMO_EMAIL).await;
    for root in [
        TOKENS,
        "/neuroio/v1/spaces/1/tokens/",
        "/neuroio/v1/spaces/2/tokens/",
        STREAM_TOKENS,
    ] {
        for _ in 0..5 {
            create_token(&fixture, root, &login, true).await;
        }
        let body = json!({"permanent": true});
        let reply = fixture.post(root, &login, body.clone()).await;
        assert_eq!(
            api_error(&reply),
            (400, 606, json!(["permanent"])),
            "{root}"
        );
        create_token(&fixture, root, &login, false).await;
    }
    let first = ids(&fixture
        .get(&format!("{TOKENS}?permanent=true"), &login)
        .await)[0];
    let path = format!("{TOKENS}{first}/");
    patch(&fixture, &path, &login, FORM, "is_active=false").await;
    let body = json!({"permanent": true});
    let reply = fixture.post(TOKENS, &login, body).await;
    assert_eq!(reply.status, 400, "an inactive one counts");
    fixture.delete(&path, &login).await;
    create_token(&fixture, TOKENS, &login, true).await;
}

#[tokio::test]
async fn token_can_be_deactivated_and_reactivated() {
    let fixture = Fixture::new();
    let login = log_in(&fixture, DEMO_EMAIL).await;
    let made = create_token(&fixture, TOKENS, &login, false).await;
    let token = format!("Token {}", made.text("/key"));
    for name in [id(&made).to_string(), made.text("/key")] {
        let path = format!("{TOKENS}{name}/");
        for (text, active) in [
            ("false", false),
            ("True", true),
            ("False", false),
            ("true", true),
        ] {
            let body = format!("is_active={text}");
            let reply = patch(&fixture, &path, &login, FORM, &body).await;
            assert_eq!(reply.status, 200);
            assert_eq!(reply.json()["is_active"], active);
            assert!(!reply.body.contains(CANARY));
            let status = if active { 200 } else { 401 };
            assert_eq!(fixture.get(WHOAMI, &token).await.status, status);
        }
    }
}

#[tokio::test]
async fn update_requires_a_form() {
    let fixture = Fixture::new();
    let login = log_in(&fixture, DEMO_EMAIL).await;
    let made = create_token(&fixture, TOKENS, &login, false).await;
    let path = format!("{TOKENS}{}/", id(&made));
    for (kind, body, expected) in [
        (
            "application/json",
            "{\"is_active\":false}",
            (415, 601, json!([])),
        ),
        (FORM, "", (400, 601, json!(["is_active"]))),
        (FORM, "is_active=", (400, 601, json!(["is_active"]))),
        (FORM, "is_active=maybe", (400, 601, json!(["is_active"]))),
    ] {
        let reply = patch(&fixture, &path, &login, kind, body).await;
        assert_eq!(api_error(&reply), expected, "{kind} {body}");
    }
}

#[tokio::test]
async fn list_is_an_array_in_pages_without_a_total() {
    let fixture = Fixture::new();
    let login = log_in(&fixture, DEMO_EMAIL).await;
    for number in 0..24 {
        create_token(&fixture, TOKENS, &login, number < 3).await;
    }
    for (query, count) in [
        ("", 20),
        ("?limit=10", 10),
        ("?limit=20&offset=20", 5),
        ("?limit=20&offset=25", 0),
        ("?limit=100", 25),
        ("?permanent=true", 3),
        ("?permanent=false&limit=1000", 22),
        ("?permanent=False&limit=20&offset=20", 2),
    ] {
        let reply = fixture.get(&format!("{TOKENS}{query}"), &login).await;
        assert_eq!(reply.status, 200);
        assert_eq!(ids(&reply).len(), count, "{query}");
    }
    let all = ids(&fixture.get(&format!("{TOKENS}?limit=100"), &login).await);
    let page = ids(&fixture
        .get(&format!("{TOKENS}?limit=5&offset=7"), &login)
        .await);
    assert_eq!(page, all[7..12]);
    for (query, field) in [
        ("?permanent=", "permanent"),
        ("?permanent=1", "permanent"),
        ("?limit=0", "limit"),
        ("?limit=1001", "limit"),
        ("?limit=x", "limit"),
        ("?offset=-1", "offset"),
    ] {
        let reply = fixture.get(&format!("{TOKENS}{query}"), &login).await;
        assert_eq!(api_error(&reply), (400, 601, json!([field])), "{query}");
    }
}

#[tokio::test]
async fn bulk_delete_uses_the_filter() {
    let fixture = Fixture::new();
    let login = log_in(&fixture, DEMO_EMAIL).await;
    let permanent = create_token(&fixture, TOKENS, &login, true)
        .await
        .text("/key");
    let permanent = format!("Token {permanent}");
    let space = create_token(&fixture, "/neuroio/v1/spaces/1/tokens/", &login, false).await;
    let space = format!("Token {}", space.text("/key"));

    let path = format!("{TOKENS}?permanent=");
    assert_eq!(fixture.delete(&path, &login).await.status, 400);
    assert_eq!(ids(&fixture.get(TOKENS, &login).await).len(), 2);

    let path = format!("{TOKENS}?permanent=false");
    let reply = fixture.delete(&path, &permanent).await;
    assert_eq!((reply.status.as_u16(), reply.body.as_str()), (204, ""));
    assert_eq!(fixture.get(WHOAMI, &login).await.status, 401);

    let login = log_in(&fixture, DEMO_EMAIL).await;
    let path = format!("{TOKENS}?permanent=true");
    assert_eq!(fixture.delete(&path, &login).await.status, 204);
    assert_eq!(fixture.get(WHOAMI, &permanent).await.status, 401);
    assert_eq!(ids(&fixture.get(TOKENS, &login).await).len(), 1);

    assert_eq!(fixture.delete(TOKENS, &login).await.status, 204);
    assert_eq!(fixture.get(WHOAMI, &login).await.status, 401, "its own too");
    assert_eq!(
        fixture.get(WHOAMI, &space).await.status,
        200,
        "the token of the space is not deleted"
    );
}
