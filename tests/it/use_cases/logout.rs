//! Logout: which requests it sends, in which order, and what it deletes.

use brainmaps::actions::{
    ActionError, AuthenticatedClient, LoginOptions, LogoutResult, Purpose, RevocationOutcome,
    login_with_device_flow,
};
use brainmaps::domain::{CredentialKind, StoredCredential};
use brainmaps::http::Response;
use serde_json::json;

use super::fixture::{
    API, AUTHORIZATION_SERVER, Fixture, canary, error_chain, key, session, target,
    write_private_file,
};
use super::network::{self, connection_refused};

const REVOKE: &str = "POST /revoke";

async fn fixture_with(stored: &StoredCredential) -> Fixture {
    let fixture = Fixture::new();
    fixture.store("brainmaps", stored).await;
    fixture
}

async fn sign_out(fixture: &Fixture, local: bool) -> Result<LogoutResult, ActionError> {
    let context = fixture.context();
    let done = context.session(&target(&context)).logout(local).await;
    if !fixture
        .path("data/credentials/brainmaps.json.corrupt-1")
        .exists()
    {
        assert!(
            fixture.stored("brainmaps").is_none(),
            "the session is still stored"
        );
    }
    fixture.assert_events_have_no_secret();
    done
}

fn revocation(fixture: &Fixture, response: impl Fn(&str) -> Response + Send + Sync + 'static) {
    fixture.network.add_script(move |seen| {
        (seen.line() == REVOKE).then(|| Ok(response(&seen.field("token_type_hint"))))
    });
}

fn empty(status: u16) -> Response {
    network::text(status, "text/plain", "")
}

#[tokio::test(start_paused = true)]
async fn rfc7009_2_the_refresh_token_is_revoked_before_the_access_token() {
    let fixture = fixture_with(&session("access", "refresh", 3600)).await;
    revocation(&fixture, |_| empty(200));
    let done = sign_out(&fixture, false).await.unwrap();
    assert_eq!(
        (done.server, done.deleted),
        (RevocationOutcome::Revoked, true)
    );
    let seen = fixture.network.requests();
    let sent = |name: &str| seen.iter().map(|seen| seen.field(name)).collect::<Vec<_>>();
    assert_eq!(sent("token"), [canary("refresh"), canary("access")]);
    assert_eq!(sent("token_type_hint"), ["refresh_token", "access_token"]);
    assert_eq!(sent("client_id"), ["client", "client"]);
    assert!(
        seen.iter()
            .all(|seen| seen.origin() == AUTHORIZATION_SERVER && seen.authorization().is_empty())
    );
}

#[tokio::test(start_paused = true)]
async fn rfc7009_2_1_nothing_is_used_after_a_logout() {
    for profile in ["brainmaps", "basic-memory"] {
        let fixture = Fixture::new();
        let context = fixture.in_sandbox(profile);
        login_with_device_flow(&context, &LoginOptions::default())
            .await
            .unwrap();
        let target = target(&context);
        let access = AuthenticatedClient::open(context.session(&target), Purpose::Read).unwrap();
        access.service().await.whoami().await.unwrap();
        let done = context.session(&target).logout(false).await.unwrap();
        assert_eq!(done.server, RevocationOutcome::Revoked);
        assert!(AuthenticatedClient::open(context.session(&target), Purpose::Read).is_err());
        // A process with the tokens in memory cannot restore the session, neither at the server nor locally.
        assert!(access.service().await.whoami().await.is_err());
        assert!(fixture.stored(profile).is_none());
    }
}

#[tokio::test(start_paused = true)]
async fn rfc7009_2_2_1_a_503_leaves_the_token_valid_and_deletes_it_locally() {
    for (access, refresh) in [(503, 200), (200, 503), (503, 503), (200, 429)] {
        let fixture = fixture_with(&session("access", "refresh", 3600)).await;
        revocation(&fixture, move |hint| {
            empty(if hint == "refresh_token" {
                refresh
            } else {
                access
            })
        });
        let error = sign_out(&fixture, false).await.unwrap_err();
        assert!(
            matches!(error, ActionError::SessionNotRevoked { .. }),
            "{error}"
        );
        assert!(error_chain(&error).contains("may still be valid"));
    }
}

#[tokio::test(start_paused = true)]
async fn an_unreachable_server_leaves_the_token_valid() {
    let fixture = fixture_with(&session("access", "refresh", 3600)).await;
    fixture
        .network
        .add_script(|seen| Some(Err(connection_refused(seen))));
    let error = sign_out(&fixture, false).await.unwrap_err();
    assert!(
        matches!(error, ActionError::SessionNotRevoked { .. }),
        "{error}"
    );

    let fixture = fixture_with(&session("access", "refresh", 3600)).await;
    revocation(&fixture, |_| {
        network::with_header(empty(302), "location", "https://portal.test/")
    });
    let error = sign_out(&fixture, false).await.unwrap_err();
    assert!(
        matches!(error, ActionError::SessionNotRevoked { .. }),
        "{error}"
    );
    assert_eq!(fixture.network.requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_rejected_revocation_is_reported() {
    for (status, code) in [
        (400, "unsupported_token_type"),
        (401, "invalid_client"),
        (404, ""),
    ] {
        let fixture = fixture_with(&session("access", "refresh", 3600)).await;
        let body = json!({"error": code, "error_description": canary("refresh")});
        revocation(&fixture, move |_| network::json(status, &body));
        let done = sign_out(&fixture, false).await.unwrap();
        let RevocationOutcome::Refused(reason) = &done.server else {
            panic!("{done:?}")
        };
        assert!(
            reason.contains(code) && !reason.contains("c4n4ry"),
            "{reason}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn an_access_token_revoked_with_its_refresh_token_is_not_an_error() {
    let fixture = fixture_with(&session("access", "refresh", 3600)).await;
    revocation(&fixture, |hint| match hint {
        "refresh_token" => empty(200),
        _ => network::json(400, &json!({"error": "invalid_token"})),
    });
    assert_eq!(
        sign_out(&fixture, false).await.unwrap().server,
        RevocationOutcome::Revoked
    );

    let fixture = fixture_with(&session("access", "", 3600)).await;
    revocation(&fixture, |_| {
        network::json(400, &json!({"error": "invalid_token"}))
    });
    let alone = sign_out(&fixture, false).await.unwrap().server;
    assert!(matches!(alone, RevocationOutcome::Refused(_)), "{alone:?}");
}

#[tokio::test(start_paused = true)]
async fn a_key_and_a_session_without_revocation_are_deleted_locally() {
    let mut without = session("access", "refresh", 3600);
    without.oauth_server.as_mut().unwrap().revocation_endpoint = None;
    for stored in [without, key("brainmaps", API, "key")] {
        let fixture = fixture_with(&stored).await;
        let done = sign_out(&fixture, false).await.unwrap();
        assert_eq!(
            (done.server, done.deleted),
            (RevocationOutcome::NotOffered, true)
        );
        assert_eq!(fixture.network.lines(), [""; 0]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_session_token_is_revoked_by_the_services_own_call() {
    #[rustfmt::skip]
    let rows: [(u16, Option<RevocationOutcome>); 4] = [
        (204, Some(RevocationOutcome::Revoked)),
        (401, Some(RevocationOutcome::Refused("BrainMaps rejected the credential: [secret] is unknown (HTTP 401)".to_owned()))),
        (503, None),
        (500, None),
    ];
    for (status, expected) in rows {
        let mut stored = key("brainmaps", API, "session");
        stored.credential.kind = CredentialKind::SessionToken;
        let fixture = fixture_with(&stored).await;
        let words = json!({"detail": format!("{} is unknown", canary("session"))});
        fixture.network.add_response(
            &format!("POST {API}/api/auth/logout/"),
            network::json(status, &words),
        );
        let done = sign_out(&fixture, false).await;
        if let Some(expected) = expected {
            assert_eq!(done.unwrap().server, expected);
        } else {
            let error = done.unwrap_err();
            assert!(
                matches!(error, ActionError::SessionNotRevoked { .. }),
                "{error}"
            );
            error_chain(&error);
        }
        let sent = fixture.network.requests()[0].authorization().to_owned();
        assert_eq!(sent, format!("Token {}", canary("session")));
    }
}

#[tokio::test(start_paused = true)]
async fn a_local_logout_sends_no_request() {
    let fixture = fixture_with(&session("access", "refresh", 3600)).await;
    let done = sign_out(&fixture, true).await.unwrap();
    assert_eq!(
        (done.server, done.deleted),
        (RevocationOutcome::NotAsked, true)
    );
    assert_eq!(fixture.network.lines(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn logout_without_a_session_does_nothing() {
    let fixture = Fixture::new();
    for local in [false, true] {
        let done = sign_out(&fixture, local).await.unwrap();
        assert_eq!(
            (done.server, done.deleted),
            (RevocationOutcome::NotAsked, false)
        );
    }
    assert_eq!(fixture.network.lines(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn an_expired_session_is_logged_out_without_a_refresh() {
    let fixture = fixture_with(&session("access", "refresh", -5000)).await;
    revocation(&fixture, |_| empty(200));
    assert_eq!(
        sign_out(&fixture, false).await.unwrap().server,
        RevocationOutcome::Revoked
    );
    assert_eq!(fixture.network.lines(), [REVOKE, REVOKE]);
}

#[tokio::test(start_paused = true)]
async fn logout_deletes_a_damaged_credential_file() {
    let fixture = Fixture::new();
    write_private_file(&fixture.credential_file("brainmaps"), &canary("half"));
    let done = sign_out(&fixture, false).await.unwrap();
    assert_eq!(done.server, RevocationOutcome::NotAsked);
    assert!(fixture.warnings()[0].contains("is damaged"));
    assert!(!fixture.credential_file("brainmaps").exists());
    let again = sign_out(&fixture, false).await.unwrap();
    assert!(!again.deleted);
}

#[tokio::test(start_paused = true)]
async fn logout_sends_no_session_token_to_another_url() {
    let mut stored = key("brainmaps", API, "session");
    stored.credential.kind = CredentialKind::SessionToken;
    let fixture = fixture_with(&stored).await;
    let mut context = fixture.context();
    context.options.api_url = Some("https://evil.test".parse().unwrap());
    let error = context
        .session(&target(&context))
        .logout(false)
        .await
        .unwrap_err();
    assert!(
        error_chain(&error).contains("is not sent to https://evil.test"),
        "{error}"
    );
    assert_eq!(fixture.network.lines(), [""; 0]);
    assert!(fixture.stored("brainmaps").is_none());
}
