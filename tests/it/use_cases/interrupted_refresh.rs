//! Refreshes with a lost response: a later rejection is explained by them, and only then.

use brainmaps::actions::{ActionError, RefreshReason};
use brainmaps::http::{HttpError, Response};
use serde_json::json;

use super::fixture::{Fixture, canary, error_chain, session, target, write_private_file};
use super::network::{self, RecordedRequest, connection_refused};
use super::refresh::{REFRESH, accept_tokens, token_endpoint, whoami};

type Outage = fn(&RecordedRequest) -> HttpError;

const LOST: Outage = |_| HttpError::Interrupted {
    url: String::new(),
    status: None,
    cause: "reset".to_owned(),
};

fn invalid_grant() -> Response {
    network::json(400, &json!({"error": "invalid_grant"}))
}

async fn with_expired_session() -> Fixture {
    let fixture = Fixture::new();
    let expired = session("old", "old-refresh", 0);
    fixture.store("brainmaps", &expired).await;
    fixture
}

/// Makes the token endpoint fail with this error.
fn fail_token_requests(fixture: &Fixture, outage: Outage) {
    fixture
        .network
        .add_script(move |seen| (seen.line() == REFRESH).then(|| Err(outage(seen))));
}

/// Fails the first refresh by `fail`; returns the error of the second one, which is rejected.
async fn rejected_after(fail: impl FnOnce(&Fixture)) -> ActionError {
    let fixture = with_expired_session().await;
    fail(&fixture);
    whoami(&fixture).await.unwrap_err();
    fixture.network.reset();
    fixture.advance(60).await;
    token_endpoint(&fixture, invalid_grant());
    let error = whoami(&fixture).await.unwrap_err();
    assert_eq!(fixture.stored("brainmaps").unwrap().refresh_token, None);
    error
}

#[tokio::test(start_paused = true)]
async fn a_rejection_after_a_lost_response_is_explained_with_its_time() {
    let responses = [
        network::text(502, "text/html", "<html>Bad gateway</html>"),
        network::text(200, "application/json", "{\"access_tok"),
        network::json(200, &json!({"token_type": "Bearer"})),
    ];
    let mut errors = vec![rejected_after(|fixture| fail_token_requests(fixture, LOST)).await];
    for response in responses {
        errors.push(rejected_after(|fixture| token_endpoint(fixture, response)).await);
    }
    for error in errors {
        assert!(
            matches!(error, ActionError::RefreshInterrupted { .. }),
            "{error}"
        );
        let text = error_chain(&error);
        assert!(text.contains("2027-01-15T08:00:00Z"), "{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_rejection_after_an_unsent_refresh_is_a_plain_expiry() {
    let responses = [
        network::json(401, &json!({"error": "invalid_client"})),
        network::json(429, &json!({})),
    ];
    let mut errors =
        vec![rejected_after(|fixture| fail_token_requests(fixture, connection_refused)).await];
    for response in responses {
        errors.push(rejected_after(|fixture| token_endpoint(fixture, response)).await);
    }
    for error in errors {
        assert!(matches!(error, ActionError::LoginExpired { .. }), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_response_stays_recorded_after_an_unsent_refresh() {
    let fixture = with_expired_session().await;
    for outage in [LOST, connection_refused] {
        fail_token_requests(&fixture, outage);
        whoami(&fixture).await.unwrap_err();
        fixture.network.reset();
        fixture.advance(60).await;
    }
    token_endpoint(&fixture, invalid_grant());
    let error = whoami(&fixture).await.unwrap_err();
    assert!(
        error_chain(&error).contains("2027-01-15T08:00:00Z"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_successful_refresh_clears_the_lost_response() {
    let fixture = with_expired_session().await;
    fail_token_requests(&fixture, LOST);
    whoami(&fixture).await.unwrap_err();
    fixture.network.reset();
    // The same refresh token stays in use.
    let response = network::json(
        200,
        &json!({"access_token": canary("new"), "expires_in": 60}),
    );
    token_endpoint(&fixture, response);
    accept_tokens(&fixture, &["new"]);
    whoami(&fixture).await.unwrap();
    fixture.network.reset();
    fixture.advance(60).await;
    token_endpoint(&fixture, invalid_grant());
    let error = whoami(&fixture).await.unwrap_err();
    assert!(matches!(error, ActionError::LoginExpired { .. }), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_new_login_clears_the_lost_response() {
    let fixture = with_expired_session().await;
    fail_token_requests(&fixture, LOST);
    whoami(&fixture).await.unwrap_err();
    fixture.network.reset();
    let next = session("next", "next-refresh", 0);
    fixture.store("brainmaps", &next).await;
    token_endpoint(&fixture, invalid_grant());
    let context = fixture.context();
    let outcome = context
        .session(&target(&context))
        .refresh_session(&next, RefreshReason::Requested)
        .await;
    let error = outcome.unwrap_err();
    assert!(matches!(error, ActionError::LoginExpired { .. }), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_credential_written_by_a_killed_process_is_used_without_a_request() {
    let fixture = Fixture::new();
    let file = fixture.credential_file("brainmaps");
    let (old, new) = (
        session("old", "old-refresh", 0),
        session("new", "new-refresh", 3600),
    );
    fixture.store("brainmaps", &new).await;
    let written = std::fs::read_to_string(&file).unwrap();
    fixture.store("brainmaps", &old).await;
    let context = fixture.context();
    let lock = context.vault.lock(&"brainmaps".parse().unwrap()).await;
    let token = old.refresh_token.unwrap();
    lock.unwrap().begin_refresh(&token, context.now()).unwrap();
    write_private_file(&file.with_file_name(".brainmaps.json.Xy12zZ.tmp"), &written);
    accept_tokens(&fixture, &["new"]);
    assert_eq!(whoami(&fixture).await.unwrap().as_deref(), Some("a@b.c"));
    assert_eq!(fixture.network.count(REFRESH), 0);
    assert_eq!(fixture.stored("brainmaps"), Some(new));
}
