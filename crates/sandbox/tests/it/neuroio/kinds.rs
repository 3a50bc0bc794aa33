//! Each kind of token has access to its own part of the API only.

use brainmaps_sandbox::{DEMO_EMAIL, MANAGER_EMAIL};
use serde_json::json;

use super::{
    FORM, SOURCES, STREAM_TOKENS, STREAMS, TOKENS, WHOAMI, api_error, create_token, id, ids,
    log_in, patch,
};
use crate::fixture::Fixture;

#[tokio::test]
async fn space_token_has_access_to_its_own_space_only() {
    let fixture = Fixture::new();
    let login = log_in(&fixture, DEMO_EMAIL).await;
    let spaces = fixture.get("/neuroio/v1/spaces/", &login).await;
    assert_eq!(ids(&spaces), [1, 2]);
    let made = create_token(&fixture, "/neuroio/v1/spaces/2/tokens/", &login, true).await;
    let space = format!("Token {}", made.text("/key"));

    let who = fixture.get(WHOAMI, &space).await.json();
    assert_eq!(
        who,
        json!({"username": DEMO_EMAIL, "space": {"id": 2, "name": "Laboratory"}})
    );
    assert_eq!(ids(&fixture.get("/neuroio/v1/spaces/", &space).await), [2]);
    assert_eq!(ids(&fixture.get(SOURCES, &space).await), [5]);
    assert_eq!(ids(&fixture.get(SOURCES, &login).await), [1, 2]);
    assert_eq!(ids(&fixture.get(TOKENS, &space).await), [id(&made)]);
    let other = fixture.get(TOKENS, &login).await;
    assert!(!ids(&other).contains(&id(&made)));
    for (path, status) in [
        ("/neuroio/v1/spaces/2/", 200),
        ("/neuroio/v1/spaces/1/", 404),
        ("/neuroio/v1/spaces/3/", 404),
        ("/neuroio/v1/spaces/x/", 404),
    ] {
        assert_eq!(fixture.get(path, &space).await.status, status, "{path}");
    }
    let reply = fixture
        .post("/neuroio/v1/spaces/1/tokens/", &space, json!({}))
        .await;
    assert_eq!(api_error(&reply), (404, 605, json!([])));
    let more = create_token(&fixture, TOKENS, &space, false).await;
    let more = format!("Token {}", more.text("/key"));
    assert_eq!(fixture.get(WHOAMI, &more).await.json()["space"]["id"], 2);
}

#[tokio::test]
async fn manager_token_has_access_to_the_iam_api_only() {
    let fixture = Fixture::new();
    let manager = log_in(&fixture, MANAGER_EMAIL).await;
    for (path, status) in [
        (WHOAMI, 200),
        (TOKENS, 200),
        ("/neuroio/v1/spaces/", 200),
        (SOURCES, 403),
        (STREAMS, 403),
        (STREAM_TOKENS, 403),
    ] {
        let reply = fixture.get(path, &manager).await;
        assert_eq!(reply.status, status, "{path}");
        if status == 403 {
            assert_eq!(api_error(&reply), (403, 604, json!([])));
        }
    }
    let made = create_token(&fixture, TOKENS, &manager, true).await;
    let more = format!("Token {}", made.text("/key"));
    assert_eq!(fixture.get(SOURCES, &more).await.status, 403);
    let made = create_token(&fixture, "/neuroio/v1/spaces/3/tokens/", &manager, true).await;
    let space = format!("Token {}", made.text("/key"));
    assert_eq!(ids(&fixture.get(SOURCES, &space).await), [6]);
}

#[tokio::test]
async fn stream_token_has_access_to_streams_only() {
    let fixture = Fixture::new();
    let login = log_in(&fixture, DEMO_EMAIL).await;
    let made = create_token(&fixture, STREAM_TOKENS, &login, true).await;
    let stream = format!("Token {}", made.text("/key"));
    assert_eq!(fixture.get(STREAMS, &stream).await.status, 200);
    assert_eq!(fixture.get(STREAMS, &login).await.status, 200);
    for path in [WHOAMI, TOKENS, STREAM_TOKENS, SOURCES] {
        let reply = fixture.get(path, &stream).await;
        assert_eq!(api_error(&reply), (403, 604, json!([])), "{path}");
    }
    assert_eq!(ids(&fixture.get(STREAM_TOKENS, &login).await), [id(&made)]);
    let path = format!("{TOKENS}{}/", id(&made));
    assert_eq!(fixture.get(&path, &login).await.status, 404);
    let path = format!("{STREAM_TOKENS}{}/", id(&made));
    assert_eq!(
        patch(&fixture, &path, &login, FORM, "is_active=false")
            .await
            .status,
        200
    );
    assert_eq!(fixture.get(STREAMS, &stream).await.status, 401);
    assert_eq!(fixture.delete(&path, &login).await.status, 204);
}

#[tokio::test]
async fn tokens_of_other_owners_are_not_found() {
    let fixture = Fixture::new();
    let login = log_in(&fixture, DEMO_EMAIL).await;
    let made = create_token(&fixture, TOKENS, &login, true).await;
    let other = log_in(&fixture, "unpaid@brainmaps.test").await;
    for name in [id(&made).to_string(), made.text("/key")] {
        let path = format!("{TOKENS}{name}/");
        assert_eq!(fixture.get(&path, &other).await.status, 404);
        assert_eq!(fixture.delete(&path, &other).await.status, 404);
        assert_eq!(
            patch(&fixture, &path, &other, FORM, "is_active=false")
                .await
                .status,
            404
        );
    }
    fixture.delete(TOKENS, &other).await;
    assert_eq!(ids(&fixture.get(TOKENS, &login).await).len(), 2);
}

#[tokio::test]
async fn scheme_token_and_trailing_slash_are_required() {
    let fixture = Fixture::new();
    let login = log_in(&fixture, DEMO_EMAIL).await;
    for authorization in [
        String::new(),
        login.replacen("Token", "Bearer", 1),
        "Token".to_owned(),
        "Token nonsense".to_owned(),
        "Token 1".to_owned(),
    ] {
        let reply = fixture.get(WHOAMI, &authorization).await;
        assert_eq!(api_error(&reply), (401, 603, json!([])), "{authorization}");
        assert_eq!(reply.header("www-authenticate"), "Token");
    }
    for path in [WHOAMI, TOKENS, SOURCES, "/neuroio/v1/spaces/1/"] {
        let path = path.trim_end_matches('/');
        let reply = fixture.get(path, &login).await;
        assert_eq!(api_error(&reply), (404, 605, json!([])), "{path}");
    }
}
