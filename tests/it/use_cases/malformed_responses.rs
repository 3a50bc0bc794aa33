//! Arbitrary JSON and non-JSON in place of every response: no panic, no hang, no leak, and no stored credential is
//! lost.

use brainmaps::actions::{
    ActionError, AuthenticatedClient, ListOptions, LoginOptions, Purpose, login_with_device_flow,
};
use brainmaps::domain::TokenId;
use brainmaps::http::Response;
use brainmaps::service::NewToken;
use serde_json::{Map, Value, json};

use super::fixture::{
    API, AUTHORIZATION_SERVER, Fixture, assert_no_secret, canary, error_chain, session, target,
};
use super::network;

/// Values of every type.
fn values() -> Vec<Value> {
    let mut deep = json!("text");
    for _ in 0..100 {
        deep = json!([{"a": deep}]);
    }
    vec![
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(1e308),
        json!(u64::MAX),
        json!(""),
        json!(" "),
        json!("text"),
        json!([]),
        json!([null]),
        json!(["text"]),
        json!([[[]]]),
        json!({}),
        json!({"a": "text"}),
        json!("\u{0}\u{1b}[2J\u{202e}"),
        json!("https://evil.test/"),
        deep,
    ]
}

/// Bodies that are not JSON, or unusual.
fn texts() -> Vec<String> {
    let mut texts: Vec<String> = values().iter().map(Value::to_string).collect();
    let odd = [
        "",
        " ",
        "{",
        "[",
        "\"",
        "nul",
        "{}{}",
        "\u{feff}{}",
        "<html>",
        "{\"a\":1,}",
        "NaN",
        "'x'",
    ];
    texts.extend(odd.map(str::to_owned));
    texts.push(format!("{{\"access_token\":\"{}", canary("half")));
    texts.push("[".repeat(100_000));
    texts.push("{\"error\":".repeat(10_000));
    texts
}

/// Returns `whole` with each member in turn removed or replaced by each value.
fn spoilt(whole: &Value) -> Vec<Value> {
    let members = whole.as_object().unwrap();
    let mut all = Vec::new();
    for name in members.keys() {
        let mut less: Map<String, Value> = members.clone();
        less.remove(name);
        all.push(Value::Object(less));
        for value in values() {
            let mut changed = members.clone();
            changed.insert(name.clone(), value);
            all.push(Value::Object(changed));
        }
    }
    all
}

fn responses(whole: &Value) -> Vec<Response> {
    let json = |status, text: &str| network::text(status, "application/json", text);
    let mut all: Vec<Response> = texts().iter().map(|text| json(200, text)).collect();
    let valid = whole.to_string();
    for status in [100, 201, 204, 301, 304, 400, 401, 403, 418, 429, 500, 599] {
        all.extend(["", "{}", "<html>", valid.as_str()].map(|text| json(status, text)));
    }
    all.extend(spoilt(whole).iter().map(|value| network::json(200, value)));
    all
}

/// Fails if an error or an event contains a secret.
#[track_caller]
fn check<T: std::fmt::Debug>(fixture: &Fixture, outcome: &Result<T, ActionError>) {
    if let Err(error) = outcome {
        let text = error_chain(error);
        assert!(
            text.chars().all(|c| c == '\n' || !c.is_control()),
            "{text:?}"
        );
        assert!(text.len() < 4000, "{}", text.len());
    }
    fixture.assert_events_have_no_secret();
}

/// Logs in at the sandbox, with one response replaced.
async fn login_with(fixture: &Fixture, path: &'static str, response: Response) {
    fixture.reset();
    let old = session("old", "old-refresh", 3600);
    fixture.store("work", &old).await;
    fixture
        .network
        .add_script(move |seen| (seen.url.path() == path).then(|| Ok(response.clone())));
    let options = LoginOptions {
        issuer: Some(network::SANDBOX.to_owned()),
        client_id: Some(brainmaps::sandbox::BRAINMAPS_CLIENT_ID.to_owned()),
        ..LoginOptions::default()
    };
    let context = fixture.profile("new");
    let done = login_with_device_flow(&context, &options).await;
    check(fixture, &done);
    assert_eq!(done.is_ok(), fixture.stored("new").is_some());
    assert_eq!(fixture.stored("work"), Some(old));
    assert!(
        fixture
            .network
            .requests()
            .iter()
            .all(|seen| seen.origin() != "https://evil.test"
                || seen.body.is_empty()
                || path.ends_with("server")),
        "{:?}",
        fixture.network.lines()
    );
}

#[tokio::test(start_paused = true)]
#[ignore = "slow: run by ./tests/run"]
async fn arbitrary_metadata_is_handled() {
    let metadata = json!({
        "issuer": network::SANDBOX,
        "device_authorization_endpoint": format!("{}/oauth2/device_authorization", network::SANDBOX),
        "token_endpoint": format!("{}/oauth2/token", network::SANDBOX),
        "revocation_endpoint": format!("{}/oauth2/revoke", network::SANDBOX),
        "scopes_supported": ["openid"],
    });
    let fixture = Fixture::new();
    for response in responses(&metadata) {
        login_with(
            &fixture,
            "/.well-known/oauth-authorization-server",
            response,
        )
        .await;
    }
}

#[tokio::test(start_paused = true)]
#[ignore = "slow: run by ./tests/run"]
async fn arbitrary_device_responses_are_handled() {
    let device = json!({
        "device_code": canary("device"), "user_code": "ABCD", "expires_in": 20, "interval": 5,
        "verification_uri": "http://localhost:8000/device",
        "verification_uri_complete": "http://localhost:8000/device?user_code=ABCD",
    });
    let fixture = Fixture::new();
    for response in responses(&device) {
        login_with(&fixture, "/oauth2/device_authorization", response).await;
    }
}

fn grant() -> Value {
    json!({"access_token": canary("new"), "refresh_token": canary("new-refresh"), "expires_in": 60,
        "scope": "a b", "token_type": "Bearer"})
}

#[tokio::test(start_paused = true)]
#[ignore = "slow: run by ./tests/run"]
async fn arbitrary_token_responses_are_handled() {
    let fixture = Fixture::new();
    for response in responses(&grant()) {
        login_with(&fixture, "/oauth2/token", response).await;
    }
}

/// Resets the fixture, and stores a session that expires after `seconds`.
async fn store_session(fixture: &Fixture, seconds: i64) {
    fixture.reset();
    fixture
        .store("brainmaps", &session("old", "old-refresh", seconds))
        .await;
}

#[tokio::test(start_paused = true)]
#[ignore = "slow: run by ./tests/run"]
async fn arbitrary_refresh_responses_are_handled_and_only_invalid_grant_ends_a_session() {
    let fixture = Fixture::new();
    for response in responses(&grant()) {
        store_session(&fixture, 0).await;
        fixture
            .network
            .add_response(&format!("POST {AUTHORIZATION_SERVER}/token"), response);
        let context = fixture.context();
        let target = target(&context);
        let access = AuthenticatedClient::open(context.session(&target), Purpose::Read).unwrap();
        let fresh = access.refresh_if_expiring(jiff::SignedDuration::ZERO).await;
        check(&fixture, &fresh);
        let stored = fixture.stored("brainmaps").unwrap();
        assert!(stored.refresh_token.is_some());
        // A new refresh token beside an unusable access token is stored.
        let mut expected = session("old", "old-refresh", 0);
        expected.refresh_token.clone_from(&stored.refresh_token);
        assert_eq!(fresh.is_err(), stored == expected);
    }
}

/// BrainMaps with the same response to everything.
async fn everything_with(fixture: &Fixture, response: Response) {
    store_session(fixture, 36_000_000).await;
    fixture.network.add_response(
        &format!("POST {AUTHORIZATION_SERVER}/token"),
        network::json(200, &grant()),
    );
    fixture
        .network
        .add_script(move |seen| (seen.origin() == API).then(|| Ok(response.clone())));
    let context = fixture.context();
    let place = target(&context);
    let options = ListOptions {
        all: true,
        ..ListOptions::default()
    };
    let listed = context.session(&place).list_tokens(&options).await;
    check(fixture, &listed);
    let wanted = NewToken::default();
    let created = context.session(&place).create_token(&wanted, None).await;
    check(fixture, &created);
    assert_no_secret(&created);
    let revoked = context
        .session(&place)
        .revoke_tokens(&[TokenId::new("1")])
        .await
        .unwrap();
    check(fixture, &revoked.into_iter().next().unwrap().outcome);
    check(fixture, &context.session(&place).check_status().await);
    assert!(fixture.stored("brainmaps").unwrap().refresh_token.is_some());
    fixture.network.assert_sent_only_to(&canary("old"), API);
    fixture.network.assert_sent_only_to(&canary("new"), API);
}

#[tokio::test(start_paused = true)]
#[ignore = "slow: run by ./tests/run"]
async fn arbitrary_service_responses_are_handled() {
    let list = json!({"results": [{"id": 1}], "next": null, "email": "a@b.c"});
    let fixture = Fixture::new();
    for response in responses(&list) {
        everything_with(&fixture, response).await;
    }
}

#[tokio::test(start_paused = true)]
#[ignore = "slow: run by ./tests/run"]
async fn arbitrary_created_tokens_are_handled() {
    let token = json!({"id": "1", "token": canary("created"), "name": "n", "created_at": "2026-01-01T00:00:00Z",
        "expires_at": null, "is_revoked": false, "last_used_at": 5});
    let fixture = Fixture::new();
    for response in responses(&token) {
        everything_with(&fixture, response).await;
    }
}

#[tokio::test(start_paused = true)]
#[ignore = "slow: run by ./tests/run"]
async fn arbitrary_listed_tokens_are_handled() {
    let token = json!({"id": 1, "name": "n", "created_at": 5, "expires_at": "2026-01-01", "is_revoked": true});
    let fixture = Fixture::new();
    for token in spoilt(&token) {
        everything_with(&fixture, network::json(200, &json!({"results": [token]}))).await;
        everything_with(&fixture, network::json(200, &json!([token]))).await;
    }
}

#[tokio::test(start_paused = true)]
#[ignore = "slow: run by ./tests/run"]
async fn arbitrary_revocation_responses_are_handled_and_the_session_is_deleted() {
    let fixture = Fixture::new();
    for response in responses(&json!({"error": "x", "error_description": "y"})) {
        store_session(&fixture, 3600).await;
        fixture
            .network
            .add_response(&format!("POST {AUTHORIZATION_SERVER}/revoke"), response);
        let context = fixture.context();
        let done = context.session(&target(&context)).logout(false).await;
        check(&fixture, &done);
        assert!(fixture.stored("brainmaps").is_none());
    }
}
