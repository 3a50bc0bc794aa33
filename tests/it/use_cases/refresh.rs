//! When a session is refreshed, with what, and the effect of each response.

use brainmaps::actions::{ActionError, AuthenticatedClient, PickedCredential, Purpose};
use brainmaps::domain::StoredCredential;
use brainmaps::http::{HttpError, Response};
use jiff::SignedDuration;
use serde_json::json;

use super::fixture::{
    API, AUTHORIZATION_SERVER, Fixture, canary, error_chain, secret, session, target,
};
use super::network::{self, RecordedRequest, connection_refused};

pub(super) const REFRESH: &str = "POST /token";
const ME: &str = "GET /api/auth/me/";

/// Returns a token response with the secrets `new` and `new-refresh`.
pub(super) fn new_session_response() -> Response {
    network::json(
        200,
        &json!({"access_token": canary("new"), "refresh_token": canary("new-refresh"),
            "expires_in": 3600, "token_type": "Bearer"}),
    )
}

pub(super) fn token_endpoint(fixture: &Fixture, response: Response) {
    fixture
        .network
        .add_response(&format!("POST {AUTHORIZATION_SERVER}/token"), response);
}

/// Adds BrainMaps, which accepts access tokens with these names.
pub(super) fn accept_tokens(fixture: &Fixture, names: &[&str]) {
    let accepted: Vec<String> = names
        .iter()
        .map(|name| format!("Bearer {}", canary(name)))
        .collect();
    fixture.network.add_script(move |seen| {
        (seen.origin() == API).then(|| {
            Ok(if accepted.iter().any(|it| it == seen.authorization()) {
                network::json(200, &json!({"email": "a@b.c"}))
            } else {
                network::json(401, &json!({"detail": "Invalid token."}))
            })
        })
    });
}

pub(super) async fn whoami(fixture: &Fixture) -> Result<Option<String>, ActionError> {
    let context = fixture.context();
    let target = target(&context);
    let access = AuthenticatedClient::open(context.session(&target), Purpose::Read)?;
    let account = access.service().await.whoami().await;
    let account = account.map(|found| found.account);
    fixture
        .network
        .assert_sent_only_to(&canary("old-refresh"), AUTHORIZATION_SERVER);
    fixture
        .network
        .assert_sent_only_to(&canary("new-refresh"), AUTHORIZATION_SERVER);
    fixture.network.assert_sent_only_to(&canary("old"), API);
    fixture.network.assert_sent_only_to(&canary("new"), API);
    account
}

fn secret_of(stored: &StoredCredential) -> String {
    stored.credential.secret.expose().to_owned()
}

#[tokio::test(start_paused = true)]
async fn a_fresh_token_needs_no_lock_and_no_request() {
    let fixture = Fixture::new();
    fixture
        .store("brainmaps", &session("old", "old-refresh", 3600))
        .await;
    let context = fixture.context();
    let name = "brainmaps".parse().unwrap();
    let _held = context.vault.try_lock(&name).unwrap().unwrap();
    let target = target(&context);
    let held = PickedCredential::pick(
        context.session(&target),
        SignedDuration::from_mins(5),
        Purpose::Read,
    )
    .unwrap();
    assert!(matches!(held, PickedCredential::Fresh(_)));
    let access =
        AuthenticatedClient::with_credential(context.session(&target), held.into_resolved());
    access
        .refresh_if_expiring(SignedDuration::from_mins(5))
        .await
        .unwrap();
    assert_eq!(fixture.network.lines(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_token_is_refreshed_a_minute_before_expiry_and_saved_before_use() {
    for (left, refreshes) in [(61, 0), (59, 1), (0, 1), (-5000, 1)] {
        let fixture = Fixture::new();
        fixture
            .store("brainmaps", &session("old", "old-refresh", left))
            .await;
        token_endpoint(&fixture, new_session_response());
        let file = fixture.credential_file("brainmaps");
        fixture.network.add_script(move |seen| {
            let saved = std::fs::read_to_string(&file).unwrap();
            let token = seen.authorization().strip_prefix("Bearer ")?;
            assert!(
                saved.contains(token),
                "the token was used before it was saved"
            );
            Some(Ok(network::json(200, &json!({"email": "ada@example.com"}))))
        });
        let context = fixture.context();
        let target = target(&context);
        let access = AuthenticatedClient::open(context.session(&target), Purpose::Read).unwrap();
        access.service().await.whoami().await.unwrap();
        assert_eq!(fixture.network.count(REFRESH), refreshes, "{left}");
        fixture.assert_events_have_no_secret();
    }
}

#[tokio::test(start_paused = true)]
async fn a_required_lifetime_refreshes_the_token_earlier() {
    let fixture = Fixture::new();
    fixture
        .store("brainmaps", &session("old", "old-refresh", 600))
        .await;
    token_endpoint(&fixture, new_session_response());
    let context = fixture.context();
    let target = target(&context);
    let access = AuthenticatedClient::open(context.session(&target), Purpose::Read).unwrap();
    let same = access
        .refresh_if_expiring(SignedDuration::from_mins(9))
        .await
        .unwrap();
    assert_eq!(same.credential.secret.expose(), canary("old"));
    let new = access
        .refresh_if_expiring(SignedDuration::from_mins(11))
        .await
        .unwrap();
    assert_eq!(new.credential.secret.expose(), canary("new"));
}

#[tokio::test(start_paused = true)]
async fn a_token_without_refresh_token_is_used_until_expiry() {
    let fixture = Fixture::new();
    fixture.store("brainmaps", &session("old", "", 30)).await;
    let context = fixture.context();
    let target = target(&context);
    let pick = |seconds| {
        PickedCredential::pick(
            context.session(&target),
            SignedDuration::from_secs(seconds),
            Purpose::Read,
        )
    };
    assert!(matches!(pick(0), Ok(PickedCredential::Fresh(_))));
    let error = pick(40).unwrap_err();
    assert_eq!(
        error_chain(&error),
        "the credential expires in 30 seconds and cannot be refreshed"
    );
    fixture.advance(30).await;
    assert!(matches!(pick(0), Err(ActionError::LoginExpired { .. })));
    assert_eq!(fixture.network.lines(), [""; 0]);
}

/// All failures except `invalid_grant`; each occurs in practice.
fn passing_failures() -> Vec<(&'static str, Response)> {
    let html = "<html>Sign in to the Wi-Fi</html>";
    let error = |code: &str| json!({"error": code, "error_description": canary("said")});
    vec![
        ("503", network::text(503, "text/plain", "")),
        ("500", network::json(500, &error("invalid_grant"))),
        ("429", network::json(429, &error("invalid_grant"))),
        ("a web page", network::text(200, "text/html", html)),
        ("a 404 page", network::text(404, "text/html", html)),
        (
            "invalid_client",
            network::json(401, &json!({"error": "invalid_client"})),
        ),
        ("nothing", network::text(200, "application/json", "")),
        ("null", network::json(200, &json!(null))),
        (
            "no token",
            network::json(200, &json!({"token_type": "Bearer"})),
        ),
    ]
}

#[tokio::test(start_paused = true)]
async fn a_failed_refresh_of_a_valid_token_is_a_warning() {
    for (name, response) in passing_failures() {
        let fixture = Fixture::new();
        let stored = session("old", "old-refresh", 30);
        fixture.store("brainmaps", &stored).await;
        token_endpoint(&fixture, response);
        accept_tokens(&fixture, &["old"]);
        let context = fixture.context();
        let target = target(&context);
        let access = AuthenticatedClient::open(context.session(&target), Purpose::Read).unwrap();
        let account = access.service().await.whoami().await;
        assert_eq!(account.unwrap().account.as_deref(), Some("a@b.c"), "{name}");
        assert!(
            fixture.warnings()[0].starts_with("cannot refresh"),
            "{name}"
        );
        assert_eq!(fixture.stored("brainmaps"), Some(stored), "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_failed_refresh_of_an_expired_token_is_an_error_and_keeps_the_session() {
    for (name, response) in passing_failures() {
        let fixture = Fixture::new();
        let stored = session("old", "old-refresh", 0);
        fixture.store("brainmaps", &stored).await;
        token_endpoint(&fixture, response);
        let error = whoami(&fixture).await.unwrap_err();
        assert!(matches!(error, ActionError::Oauth(_)), "{name}: {error}");
        assert_eq!(fixture.stored("brainmaps"), Some(stored), "{name}");
        assert_eq!(fixture.network.count(ME), 0, "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_network_failure_keeps_the_session_and_a_later_refresh_works() {
    let fixture = Fixture::new();
    let stored = session("old", "old-refresh", 0);
    fixture.store("brainmaps", &stored).await;
    let outages: [fn(&RecordedRequest) -> HttpError; 2] =
        [connection_refused, |_| HttpError::Interrupted {
            url: String::new(),
            status: None,
            cause: "reset".to_owned(),
        }];
    for outage in outages {
        fixture
            .network
            .add_script(move |seen| Some(Err(outage(seen))));
        let Err(ActionError::Oauth(error)) = whoami(&fixture).await else {
            panic!("no error")
        };
        assert!(error.is_transient());
        assert_eq!(fixture.stored("brainmaps").as_ref(), Some(&stored));
    }
    token_endpoint(&fixture, new_session_response());
    fixture.network.add_response(
        &format!("GET {API}/api/auth/me/"),
        network::json(200, &json!({"email": "ada@example.com"})),
    );
    whoami(&fixture).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn rfc6749_6_a_new_refresh_token_replaces_the_old_one() {
    #[rustfmt::skip]
    let rows = [
        (json!({"access_token": canary("new"), "refresh_token": canary("new-refresh"), "expires_in": 60, "scope": "a"}), "new-refresh", true, "a"),
        (json!({"access_token": canary("new")}), "old-refresh", false, "openid offline_access"),
        (json!({"access_token": canary("new"), "refresh_token": "", "expires_in": null, "scope": null}), "old-refresh", false, "openid offline_access"),
        (json!({"access_token": canary("new"), "refresh_token": null, "expires_in": "60"}), "old-refresh", true, "openid offline_access"),
    ];
    for (response, refresh, ends, scopes) in rows {
        let fixture = Fixture::new();
        fixture
            .store("brainmaps", &session("old", "old-refresh", 0))
            .await;
        token_endpoint(&fixture, network::json(200, &response));
        accept_tokens(&fixture, &["new"]);
        whoami(&fixture).await.unwrap();
        let stored = fixture.stored("brainmaps").unwrap();
        assert_eq!(secret_of(&stored), canary("new"));
        assert_eq!(stored.refresh_token, Some(secret(refresh)));
        assert_eq!(stored.expires_at().is_some(), ends);
        assert_eq!(stored.scopes.to_string(), scopes);
        assert_eq!(stored.oauth_server, session("", "x", 0).oauth_server);
    }
}

#[tokio::test(start_paused = true)]
async fn only_invalid_grant_removes_the_session() {
    let fixture = Fixture::new();
    fixture
        .store("brainmaps", &session("old", "old-refresh", 0))
        .await;
    token_endpoint(
        &fixture,
        network::json(400, &json!({"error": "invalid_grant"})),
    );
    let error = whoami(&fixture).await.unwrap_err();
    assert!(matches!(error, ActionError::LoginExpired { .. }), "{error}");
    let stored = fixture.stored("brainmaps").unwrap();
    assert_eq!(
        stored.refresh_token, None,
        "the rejected refresh token is not sent again"
    );
    let again = whoami(&fixture).await.unwrap_err();
    assert!(matches!(again, ActionError::LoginExpired { .. }), "{again}");
    assert_eq!(fixture.network.count(REFRESH), 1);
}

#[tokio::test(start_paused = true)]
async fn invalid_grant_for_a_replaced_token_keeps_the_new_session() {
    let fixture = Fixture::new();
    fixture
        .store("brainmaps", &session("old", "old-refresh", 0))
        .await;
    let living = session("new", "new-refresh", 3600);
    let meanwhile = fixture.overwrite("brainmaps", &living);
    fixture.network.add_script(move |seen| {
        (seen.line() == REFRESH).then(|| {
            meanwhile();
            Ok(network::json(400, &json!({"error": "invalid_grant"})))
        })
    });
    accept_tokens(&fixture, &["new"]);
    assert_eq!(whoami(&fixture).await.unwrap().as_deref(), Some("a@b.c"));
    assert_eq!(fixture.stored("brainmaps"), Some(living));
}

#[tokio::test(start_paused = true)]
async fn another_expired_session_is_left_to_the_next_command() {
    let fixture = Fixture::new();
    fixture
        .store("brainmaps", &session("old", "old-refresh", 0))
        .await;
    let other = session("other", "other-refresh", -10);
    let meanwhile = fixture.overwrite("brainmaps", &other);
    fixture.network.add_script(move |seen| {
        let is_old = seen.field("refresh_token") == canary("old-refresh");
        is_old.then(|| {
            meanwhile();
            Ok(network::json(400, &json!({"error": "invalid_grant"})))
        })
    });
    assert!(whoami(&fixture).await.is_err());
    assert_eq!(fixture.stored("brainmaps"), Some(other));
}

#[tokio::test(start_paused = true)]
async fn invalid_grant_does_not_restore_a_deleted_session() {
    let fixture = Fixture::new();
    fixture
        .store("brainmaps", &session("old", "old-refresh", 0))
        .await;
    let file = fixture.credential_file("brainmaps");
    fixture.network.add_script(move |seen| {
        (seen.line() == REFRESH).then(|| {
            std::fs::remove_file(&file).unwrap();
            Ok(network::json(400, &json!({"error": "invalid_grant"})))
        })
    });
    let error = whoami(&fixture).await.unwrap_err();
    assert!(matches!(error, ActionError::LoginExpired { .. }), "{error}");
    assert!(fixture.stored("brainmaps").is_none());
}

#[tokio::test(start_paused = true)]
async fn a_401_refreshes_once_and_retries_once() {
    let fixture = Fixture::new();
    fixture
        .store("brainmaps", &session("old", "old-refresh", 3600))
        .await;
    token_endpoint(&fixture, new_session_response());
    accept_tokens(&fixture, &["new"]);
    assert_eq!(whoami(&fixture).await.unwrap().as_deref(), Some("a@b.c"));
    assert_eq!(fixture.network.lines(), [ME, REFRESH, ME]);
}

#[tokio::test(start_paused = true)]
async fn a_401_after_the_refresh_is_an_error_with_the_source() {
    let fixture = Fixture::new();
    fixture
        .store("brainmaps", &session("old", "old-refresh", 3600))
        .await;
    token_endpoint(&fixture, new_session_response());
    accept_tokens(&fixture, &[]);
    let error = whoami(&fixture).await.unwrap_err();
    assert_eq!(
        error_chain(&error),
        "BrainMaps rejected the stored credential"
    );
    assert_eq!(fixture.network.lines(), [ME, REFRESH, ME]);
    let stored = fixture.stored("brainmaps").unwrap();
    assert_eq!(
        stored.refresh_token,
        Some(secret("new-refresh")),
        "the session stays stored"
    );
}

#[tokio::test(start_paused = true)]
async fn the_refresh_token_is_sent_to_the_stored_endpoint_only() {
    let fixture = Fixture::new();
    fixture.write_description(
        "brainmaps",
        &format!(
            "id = \"brainmaps\"\nname = \"Mine\"\napi_url = \"{API}\"\n[headers]\n\
            access_token = {{ name = \"Authorization\", scheme = \"Bearer\" }}\n\
            [whoami]\ncall = \"GET /api/auth/me/\"\n\
            [oauth]\nissuer = \"https://evil.test\"\nclient_id = \"evil\"\n\
            token_endpoint = \"https://evil.test/token\"\n"
        ),
    );
    fixture
        .store("brainmaps", &session("old", "old-refresh", 0))
        .await;
    let context = fixture.context();
    let name: brainmaps::domain::ProfileName = "brainmaps".parse().unwrap();
    let change_issuer = |index: &mut brainmaps::vault::ProfileIndex| {
        let profile = index.profiles.get_mut(&name).unwrap();
        profile.issuer = Some("https://evil.test".to_owned());
    };
    context.vault.update_index(change_issuer).await.unwrap();
    token_endpoint(&fixture, new_session_response());
    fixture
        .network
        .add_response("POST https://evil.test/token", new_session_response());
    fixture.network.add_response(
        &format!("GET {API}/api/auth/me/"),
        network::json(200, &json!({})),
    );
    whoami(&fixture).await.unwrap();
    assert_eq!(fixture.network.requests()[0].origin(), AUTHORIZATION_SERVER);
    assert!(
        fixture
            .network
            .requests()
            .iter()
            .all(|seen| seen.origin() != "https://evil.test")
    );
}
