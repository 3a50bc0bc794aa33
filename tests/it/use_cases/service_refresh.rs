//! Refreshing a session by a service's own call: once, and saved before use.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use brainmaps::actions::{
    ActionError, AuthenticatedClient, CredentialState, Purpose, RefreshOutcome, RefreshReason,
};
use brainmaps::domain::{CredentialKind, Expiry, StoredCredential};
use brainmaps::http::Response;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::fixture::{BEGIN, Fixture, assert_no_secret, canary, error_chain, key, secret, target};
use super::login_methods::BASIRA;
use super::network::{self, connection_refused};

const REFRESH: &str = "POST /api/v1/auth/refresh";
const DATABASES: &str = "GET /api/v1/databases";

/// Returns a session of 900 s that was issued `age` seconds before the start.
fn session(age: i64) -> StoredCredential {
    let mut stored = key("basira", BASIRA, "old");
    stored.credential.kind = CredentialKind::AccessToken;
    stored.refresh_token = Some(secret("old-refresh"));
    stored.expiry = Expiry::from_lifetime(Timestamp::from_second(BEGIN - age).unwrap(), Some(900));
    stored
}

async fn fixture_with(age: i64) -> Fixture {
    let fixture = Fixture::new();
    fixture.store("basira", &session(age)).await;
    fixture
}

fn refresh_response() -> Value {
    json!({"access_token": canary("new"), "refresh_token": canary("new-refresh"), "expires_in": 900})
}

fn respond_to_refresh(fixture: &Fixture, response: Response) {
    fixture
        .network
        .add_response(&format!("POST {BASIRA}/api/v1/auth/refresh"), response);
}

fn databases(fixture: &Fixture, status: u16) {
    let response = network::json(status, &json!([]));
    fixture
        .network
        .add_response(&format!("GET {BASIRA}/api/v1/databases"), response);
}

async fn list_databases(fixture: &Fixture) -> Result<(), ActionError> {
    let context = fixture.profile("basira");
    let target = target(&context);
    let access = AuthenticatedClient::open(context.session(&target), Purpose::Read)?;
    let done = access.service().await.whoami().await.map(drop);
    fixture.assert_events_have_no_secret();
    done
}

#[tokio::test(start_paused = true)]
async fn an_expired_session_is_refreshed_by_the_documented_call() {
    let fixture = fixture_with(901).await;
    respond_to_refresh(&fixture, network::json(200, &refresh_response()));
    databases(&fixture, 200);
    list_databases(&fixture).await.unwrap();
    assert_eq!(fixture.network.lines(), [REFRESH, DATABASES]);
    let seen = fixture.network.requests();
    let sent: Value = serde_json::from_str(&seen[0].body).unwrap();
    assert_eq!(sent, json!({"refresh_token": canary("old-refresh")}));
    assert!(seen[0].authorization().is_empty());
    assert_eq!(seen[1].authorization(), format!("Bearer {}", canary("new")));
    let stored = fixture.stored("basira").unwrap();
    assert_eq!(stored.refresh_token, Some(secret("new-refresh")));
    assert_eq!(stored.expires_at().unwrap().as_second(), BEGIN + 900);
    assert_eq!(stored.credential.kind, CredentialKind::AccessToken);
}

#[tokio::test(start_paused = true)]
async fn a_refresh_token_that_is_not_rotated_is_kept() {
    let fixture = fixture_with(901).await;
    respond_to_refresh(
        &fixture,
        network::json(
            200,
            &json!({"access_token": canary("new"), "expires_in": 900}),
        ),
    );
    databases(&fixture, 200);
    list_databases(&fixture).await.unwrap();
    assert_eq!(
        fixture.stored("basira").unwrap().refresh_token,
        Some(secret("old-refresh"))
    );
}

#[tokio::test(start_paused = true)]
async fn a_400_or_401_ends_the_session_and_is_not_retried() {
    for status in [400, 401] {
        let fixture = fixture_with(901).await;
        respond_to_refresh(
            &fixture,
            network::json(status, &json!({"error": "invalid refresh token"})),
        );
        for _ in 0..2 {
            let error = list_databases(&fixture).await.unwrap_err();
            assert!(matches!(error, ActionError::LoginExpired { .. }), "{error}");
        }
        assert_eq!(fixture.network.lines(), [REFRESH]);
        assert_eq!(fixture.stored("basira").unwrap().refresh_token, None);
        let context = fixture.profile("basira");
        let found = context.session(&target(&context)).read_status().unwrap();
        assert_eq!(
            (found.state, found.refreshable),
            (CredentialState::Expired, false)
        );
    }
}

/// Failures that do not mean that the refresh token is invalid.
fn troubles() -> Vec<Response> {
    let html = |status| network::text(status, "text/html", "<html>Sign in to the Wi-Fi</html>");
    let mut troubles = vec![
        html(200),
        html(400),
        html(401),
        network::text(200, "application/json", "{\"access_token\": \"c4n4"),
        network::json(200, &json!({"expires_in": 900})),
        network::json(200, &json!({"access_token": ["x"], "expires_in": 900})),
        network::with_header(
            network::text(307, "text/plain", ""),
            "location",
            "https://evil.test/",
        ),
    ];
    for status in [403, 404, 408, 429, 500, 502, 503] {
        let quoted = format!("{} is not welcome", canary("old-refresh"));
        troubles.push(network::json(status, &json!({"error": quoted})));
    }
    troubles
}

#[tokio::test(start_paused = true)]
async fn other_failures_keep_the_session() {
    for response in troubles() {
        let fixture = fixture_with(901).await;
        let shown = format!("{response:?}");
        respond_to_refresh(&fixture, response);
        error_chain(&list_databases(&fixture).await.unwrap_err());
        assert_eq!(fixture.stored("basira"), Some(session(901)), "{shown}");
        assert_eq!(fixture.network.lines(), [REFRESH], "sent once: {shown}");
    }
    let fixture = fixture_with(901).await;
    fixture
        .network
        .add_script(|seen| Some(Err(connection_refused(seen))));
    list_databases(&fixture).await.unwrap_err();
    assert_eq!(fixture.stored("basira"), Some(session(901)));
}

#[tokio::test(start_paused = true)]
async fn a_failed_service_refresh_of_a_valid_token_is_a_warning() {
    let fixture = fixture_with(870).await;
    respond_to_refresh(&fixture, network::json(429, &json!({"error": "slow down"})));
    databases(&fixture, 200);
    list_databases(&fixture).await.unwrap();
    assert_eq!(fixture.network.lines(), [REFRESH, DATABASES]);
    assert_eq!(fixture.warnings().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn concurrent_requests_use_one_refresh() {
    let fixture = fixture_with(901).await;
    fixture.network.set_latency(Duration::from_millis(50));
    respond_to_refresh(&fixture, network::json(200, &refresh_response()));
    databases(&fixture, 200);
    let (a, b, c) = tokio::join!(
        list_databases(&fixture),
        list_databases(&fixture),
        list_databases(&fixture)
    );
    for one in [a, b, c] {
        one.unwrap();
    }
    assert_eq!(fixture.network.count(REFRESH), 1);
    assert_eq!(fixture.network.count(DATABASES), 3);
}

#[tokio::test(start_paused = true)]
async fn an_unwritable_disk_prevents_the_refresh() {
    let fixture = fixture_with(901).await;
    respond_to_refresh(&fixture, network::json(200, &refresh_response()));
    let folder = fixture.path("data/credentials");
    let temporary = std::fs::read_dir(&folder).unwrap().count();
    assert!(temporary > 0);
    let context = fixture.profile("basira");
    let target = target(&context);
    let in_keyring = |index: &mut brainmaps::vault::ProfileIndex| {
        let mut kept = target.profile.clone();
        kept.storage = brainmaps::vault::Storage::Keyring;
        index.profiles.insert(target.name.clone(), kept);
    };
    context.vault.update_index(in_keyring).await.unwrap();
    let outcome = context
        .session(&target)
        .refresh_session(&session(901), RefreshReason::Requested)
        .await;
    assert!(outcome.is_err());
    assert_eq!(fixture.network.lines(), [""; 0]);
}

/// Otherwise a service that rejects a new token would make every command use one of 30 refreshes an hour.
#[tokio::test(start_paused = true)]
async fn a_401_right_after_a_refresh_does_not_refresh_again() {
    let fixture = fixture_with(300).await;
    respond_to_refresh(&fixture, network::json(200, &refresh_response()));
    databases(&fixture, 401);
    for _ in 0..5 {
        let error = list_databases(&fixture).await.unwrap_err();
        assert!(
            matches!(error, ActionError::CredentialRejected { .. }),
            "{error}"
        );
    }
    assert_eq!(fixture.network.count(REFRESH), 1);
    fixture.advance(121).await;
    list_databases(&fixture).await.unwrap_err();
    assert_eq!(
        fixture.network.count(REFRESH),
        2,
        "a refresh is allowed again after 120 s"
    );
}

/// Requests a longer lifetime than any refresh can give, repeatedly.
#[tokio::test(start_paused = true)]
#[ignore = "slow: run by ./tests/run"]
async fn a_too_long_required_lifetime_uses_at_most_30_refreshes_an_hour() {
    let fixture = fixture_with(0).await;
    let count = AtomicUsize::new(0);
    fixture.network.add_script(move |seen| {
        let number = count.fetch_add(1, Ordering::SeqCst);
        let body = json!({"access_token": canary(&format!("new-{number}")), "expires_in": 900});
        (seen.line() == REFRESH).then(|| Ok(network::json(200, &body)))
    });
    let context = fixture.profile("basira");
    for _ in 0..360 {
        let target = target(&context);
        let access = AuthenticatedClient::open(context.session(&target), Purpose::Read).unwrap();
        access
            .refresh_if_expiring(SignedDuration::from_hours(1))
            .await
            .unwrap();
        fixture.advance(10).await;
    }
    let requests = fixture.network.count(REFRESH);
    assert!((4..=30).contains(&requests), "{requests}");
}

#[tokio::test(start_paused = true)]
async fn a_requested_refresh_is_never_throttled() {
    let fixture = fixture_with(0).await;
    respond_to_refresh(&fixture, network::json(200, &refresh_response()));
    let context = fixture.profile("basira");
    let done = context
        .session(&target(&context))
        .refresh_session(&session(0), RefreshReason::Requested)
        .await
        .unwrap();
    assert!(matches!(done, RefreshOutcome::Refreshed(_)));
}

#[tokio::test(start_paused = true)]
async fn another_api_url_gets_neither_token() {
    let fixture = fixture_with(901).await;
    let mut context = fixture.profile("basira");
    context.options.api_url = Some("https://evil.test".parse().unwrap());
    let target = target(&context);
    assert!(AuthenticatedClient::open(context.session(&target), Purpose::Read).is_err());
    let error = context
        .session(&target)
        .refresh_session(&session(901), RefreshReason::Requested)
        .await
        .unwrap_err();
    error_chain(&error);
    assert_eq!(fixture.network.lines(), [""; 0]);
}

/// Arbitrary JSON in place of any response: no panic, no leak, and the session is lost only if the service rejects it.
#[tokio::test(start_paused = true)]
#[ignore = "slow: run by ./tests/run"]
async fn arbitrary_json_responses_are_handled() {
    let mut seed = 0x9E37_79B9_7F4A_7C15_u64;
    for round in 0..96 {
        let fixture = fixture_with(901).await;
        let body = any_json(&mut seed, 3);
        let code = [200, 201, 204, 302, 400, 401, 402, 403, 404, 422, 429, 500][round % 12];
        respond_to_refresh(&fixture, network::json(code, &body));
        databases(&fixture, 200);
        let context = fixture.profile("basira");
        let outcome = context.session(&target(&context)).check_status().await;
        fixture.assert_events_have_no_secret();
        if let Err(error) = outcome {
            error_chain(&error);
        }
        let after = fixture.stored("basira").unwrap();
        let ended = after.refresh_token.is_none();
        assert!(!ended || matches!(code, 400 | 401), "{code} {body}");

        let fixture = Fixture::new();
        let quoting = body.to_string().replace("old-refresh", "password");
        let login = network::text(code, "application/json", &quoting);
        fixture.network.add_script(move |_| Some(Ok(login.clone())));
        for profile in ["brainmaps", "neuroio", "basira"] {
            let context = fixture.profile(profile);
            let done =
                brainmaps::actions::login_with_password(&context, "me", &secret("password"), None)
                    .await;
            match &done {
                Ok(done) => assert_no_secret(done),
                Err(error) => drop(error_chain(error)),
            }
            assert!(done.is_err() || (200..300).contains(&code), "{code} {body}");
            assert_eq!(done.is_ok(), fixture.stored(profile).is_some());
        }
        fixture.assert_events_have_no_secret();
    }
}

/// Members that the services use, with values of every kind.
fn any_json(seed: &mut u64, depth: u32) -> Value {
    let names = [
        "access_token",
        "refresh_token",
        "expires_in",
        "token",
        "key",
        "id",
        "user",
        "email",
        "expires",
        "error",
        "error_codes",
        "message",
        "detail",
    ];
    let odd = [
        "",
        " ",
        "x",
        "602",
        "\u{1b}[2J",
        "a\nb",
        "-1",
        "1e999",
        "2027-01-16T08:00:00Z",
    ];
    let pick = next(seed);
    match pick % if depth == 0 { 6 } else { 9 } {
        0 => Value::Null,
        1 => json!(pick & 64 == 0),
        2 => json!(602),
        3 => json!(i64::from_ne_bytes(next(seed).to_ne_bytes())),
        4 => json!(canary("old-refresh")),
        5 => json!(odd[usize::try_from(next(seed) % 9).unwrap()]),
        6 => (0..next(seed) % 4)
            .map(|_| any_json(seed, depth - 1))
            .collect(),
        _ => {
            let members = (0..next(seed) % 6).map(|_| {
                let name = names[usize::try_from(next(seed) % 13).unwrap()];
                (name.to_owned(), any_json(seed, depth - 1))
            });
            Value::Object(members.collect::<Vec<_>>().into_iter().collect())
        }
    }
}

fn next(seed: &mut u64) -> u64 {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    *seed >> 11
}
