//! Access tokens with fewer scopes than the session, and differences between requested and granted scopes.

use brainmaps::actions::{ActionError, SessionError};
use brainmaps::domain::{Scopes, StoredCredential};
use brainmaps::http::Response;
use serde_json::{Value, json};

use super::fixture::{
    AUTHORIZATION_SERVER, Fixture, canary, error_chain, key, secret, session, target,
};
use super::network::{self, connection_refused};
use super::refresh::{REFRESH, token_endpoint};

/// A session with the scopes `read`, `write` and `offline_access`.
fn scoped() -> StoredCredential {
    let mut stored = session("old", "old-refresh", 3600);
    stored.scopes = Scopes::parse("read write offline_access");
    stored
}

async fn signed_in() -> Fixture {
    let fixture = Fixture::new();
    fixture.store("brainmaps", &scoped()).await;
    fixture
}

/// A token response with the access token `narrow`, and these members.
fn narrowed(more: &Value) -> Response {
    let mut body =
        json!({"access_token": canary("narrow"), "expires_in": 60, "token_type": "Bearer"});
    body.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    network::json(200, &body)
}

/// Returns the printed access token.
async fn narrow(fixture: &Fixture, scopes: &str) -> Result<String, ActionError> {
    let context = fixture.context();
    let target = target(&context);
    let session = context.session(&target);
    let narrowed = session.narrow_credential(&Scopes::parse(scopes)).await?;
    fixture
        .network
        .assert_sent_only_to(&canary("old-refresh"), AUTHORIZATION_SERVER);
    Ok(narrowed.credential.secret.expose().to_owned())
}

async fn session_error(fixture: &Fixture, scopes: &str) -> SessionError {
    match narrow(fixture, scopes).await.unwrap_err() {
        ActionError::Session(error) => error,
        other => panic!("{}", error_chain(&other)),
    }
}

#[tokio::test(start_paused = true)]
async fn narrowed_token_leaves_the_session_unchanged() {
    for more in [json!({}), json!({"scope": "read"})] {
        let fixture = signed_in().await;
        token_endpoint(&fixture, narrowed(&more));
        assert_eq!(narrow(&fixture, "read").await.unwrap(), canary("narrow"));
        assert_eq!(fixture.network.lines(), [REFRESH]);
        assert_eq!(fixture.network.requests()[0].field("scope"), "read");
        assert_eq!(fixture.stored("brainmaps"), Some(scoped()));
    }
}

#[tokio::test(start_paused = true)]
async fn rotated_refresh_token_is_saved_beside_the_old_access_token() {
    let fixture = signed_in().await;
    let rotated = json!({"refresh_token": canary("new-refresh"), "scope": "write read"});
    token_endpoint(&fixture, narrowed(&rotated));
    assert!(narrow(&fixture, "read write").await.is_ok());
    let expected = StoredCredential {
        refresh_token: Some(secret("new-refresh")),
        ..scoped()
    };
    assert_eq!(fixture.stored("brainmaps"), Some(expected));
    narrow(&fixture, "read write").await.unwrap();
    assert_eq!(
        fixture.network.requests()[1].field("refresh_token"),
        canary("new-refresh")
    );
    fixture.assert_events_have_no_secret();
}

#[tokio::test(start_paused = true)]
async fn token_with_other_scopes_is_not_returned() {
    for (scope, is_wider, named) in [
        ("read write offline_access", true, "write offline_access"),
        ("read write", true, "write"),
        ("write", true, "write"),
        ("read", false, "offline_access"),
        ("", false, "read offline_access"),
    ] {
        let fixture = signed_in().await;
        let rotated = json!({"refresh_token": canary("new-refresh"), "scope": scope});
        token_endpoint(&fixture, narrowed(&rotated));
        let wanted = if is_wider {
            "read"
        } else {
            "read offline_access"
        };
        let (scopes, found) = match session_error(&fixture, wanted).await {
            SessionError::NotNarrowed { scopes, .. } => (scopes, true),
            SessionError::Missing { scopes, .. } => (scopes, false),
            other => panic!("{other}"),
        };
        assert_eq!(
            (found, scopes.to_string().as_str()),
            (is_wider, named),
            "{scope:?}"
        );
        let stored = fixture.stored("brainmaps").unwrap();
        assert_eq!(stored.refresh_token, Some(secret("new-refresh")));
        assert_eq!(stored.credential.secret, secret("old"));
    }
}

#[tokio::test(start_paused = true)]
async fn scopes_that_the_session_lacks_are_not_requested() {
    let fixture = signed_in().await;
    let error = session_error(&fixture, "read admin").await;
    assert!(matches!(error, SessionError::NotGranted { scopes } if scopes.to_string() == "admin"));
    let fixture = Fixture::new();
    let api_key = key("brainmaps", super::fixture::API, "key");
    fixture.store("brainmaps", &api_key).await;
    let error = session_error(&fixture, "read").await;
    assert!(
        matches!(error, SessionError::NotNarrowable { .. }),
        "{error}"
    );
    assert_eq!(fixture.network.lines(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn only_invalid_grant_ends_the_session() {
    let error = |code: &str| Ok(network::json(400, &json!({ "error": code })));
    for (response, expected, is_kept) in [
        (error("invalid_scope"), "issues no access token", true),
        (error("invalid_client"), "invalid_client", true),
        (Ok(network::json(503, &json!({}))), "HTTP 503", true),
        (error("invalid_grant"), "has expired", false),
    ] {
        let fixture = signed_in().await;
        fixture.network.add_script(move |seen| {
            (seen.origin() == AUTHORIZATION_SERVER).then(|| response.clone())
        });
        let text = error_chain(&narrow(&fixture, "read").await.unwrap_err());
        assert!(text.contains(expected), "{text}");
        let stored = fixture.stored("brainmaps").unwrap();
        assert_eq!(stored.refresh_token.is_some(), is_kept, "{text}");
    }
    let fixture = signed_in().await;
    fixture.network.add_script(|seen| {
        (seen.origin() == AUTHORIZATION_SERVER).then(|| Err(connection_refused(seen)))
    });
    assert!(narrow(&fixture, "read").await.is_err());
    assert_eq!(fixture.stored("brainmaps"), Some(scoped()));
}

#[tokio::test(start_paused = true)]
async fn simultaneous_requests_never_send_one_refresh_token_twice() {
    let fixture = signed_in().await;
    fixture
        .network
        .set_latency(std::time::Duration::from_millis(50));
    fixture.network.add_script(|seen| {
        (seen.origin() == AUTHORIZATION_SERVER).then(|| {
            let next = format!("{}x", seen.field("refresh_token"));
            Ok(narrowed(
                &json!({"refresh_token": next, "scope": seen.field("scope")}),
            ))
        })
    });
    let (one, two, three) = tokio::join!(
        narrow(&fixture, "read"),
        narrow(&fixture, "write"),
        narrow(&fixture, "read write")
    );
    assert!(one.is_ok() && two.is_ok() && three.is_ok());
    let mut sent: Vec<String> = fixture
        .network
        .requests()
        .iter()
        .map(|it| it.field("refresh_token"))
        .collect();
    sent.sort();
    sent.dedup();
    assert_eq!(sent.len(), 3);
}

#[tokio::test(start_paused = true)]
async fn refresh_reports_scopes_that_changed() {
    let fixture = signed_in().await;
    token_endpoint(
        &fixture,
        narrowed(&json!({"scope": "read offline_access admin"})),
    );
    let context = fixture.context();
    let target = target(&context);
    let session = context.session(&target);
    let reason = brainmaps::actions::RefreshReason::Requested;
    session.refresh_session(&scoped(), reason).await.unwrap();
    assert_eq!(
        fixture.warnings(),
        [
            "scopes not granted: write",
            "scopes granted without a request: admin"
        ]
    );
}
