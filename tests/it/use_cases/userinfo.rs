//! The account of an OpenID Connect session, from the userinfo endpoint of its issuer.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use brainmaps::actions::{
    ActionError, AuthenticatedClient, Context, CredentialState, LoginOptions, Purpose,
    SessionError, login_with_device_flow,
};
use brainmaps::domain::Scopes;
use brainmaps::http::Response;
use brainmaps::oauth::OauthError;
use serde_json::{Value, json};

use super::authorization_servers::{describe, endpoints, options_for_issuer, serve_with};
use super::fixture::{Fixture, canary, error_chain, target};
use super::network;

const ISSUER: &str = "https://id.test";
const PROFILE: &str = "id.test";

/// Metadata with a userinfo endpoint.
fn metadata(userinfo: &str) -> Value {
    let mut all = endpoints(ISSUER);
    all["userinfo_endpoint"] = json!(userinfo);
    all
}

fn id_token(subject: &str) -> String {
    let claims = json!({"iss": ISSUER, "aud": "me", "sub": subject, "name": "Ada"});
    let payload = URL_SAFE_NO_PAD.encode(claims.to_string());
    format!(
        "e30.{payload}.{}",
        canary("signature").trim_end_matches('.')
    )
}

/// Signs in at a server with this userinfo endpoint; its ID token names the subject `7`.
async fn signed_in_at(userinfo: &str) -> Fixture {
    let fixture = Fixture::new();
    let grant = json!({"id_token": id_token("7"), "scope": "openid profile"});
    serve_with(&fixture, ISSUER, metadata(userinfo), grant);
    let done = login_with_device_flow(&fixture.context(), &options_for_issuer(ISSUER))
        .await
        .unwrap();
    assert_eq!(done.account.as_deref(), Some("Ada"));
    fixture.network.clear_requests();
    fixture
}

async fn signed_in() -> Fixture {
    signed_in_at(&format!("{ISSUER}/me")).await
}

/// Sets the response of the userinfo endpoint.
fn respond(fixture: &Fixture, response: Response) {
    fixture
        .network
        .add_response(&format!("GET {ISSUER}/me"), response);
}

fn account(subject: &str) -> Response {
    network::json(
        200,
        &json!({"sub": subject, "name": "Ada\u{1b}[2J Lovelace"}),
    )
}

async fn whoami(context: &Context) -> Result<Option<String>, ActionError> {
    let target = target(context);
    let access = AuthenticatedClient::open(context.session(&target), Purpose::Read)?;
    Ok(access.whoami().await?.account)
}

async fn state(context: &Context) -> Result<CredentialState, ActionError> {
    let status = context.session(&target(context)).check_status().await?;
    Ok(status.state)
}

#[tokio::test(start_paused = true)]
async fn oidc_core_5_3_userinfo_reports_the_account_of_a_session() {
    let fixture = signed_in().await;
    let context = fixture.profile(PROFILE);
    respond(&fixture, account("7"));
    let name = whoami(&context).await.unwrap().unwrap();
    assert!(
        name.starts_with("Ada") && !name.contains('\u{1b}'),
        "{name:?}"
    );
    assert_eq!(state(&context).await.unwrap(), CredentialState::Valid);
    assert_eq!(fixture.network.lines(), ["GET /me", "GET /me"]);
    let seen = fixture.network.requests();
    assert_eq!(
        seen[0].authorization(),
        format!("Bearer {}", canary("access"))
    );
    fixture
        .network
        .assert_sent_only_to(&canary("access"), ISSUER);
    fixture.assert_events_have_no_secret();
}

#[tokio::test(start_paused = true)]
async fn oidc_core_5_3_2_subject_is_compared_with_the_one_in_the_id_token() {
    let fixture = signed_in().await;
    let stored = std::fs::read_to_string(fixture.credential_file(PROFILE)).unwrap();
    assert!(!stored.contains("signature"), "the ID token is not kept");
    respond(&fixture, account("8"));
    let context = fixture.profile(PROFILE);
    let error = whoami(&context).await.unwrap_err();
    let other = matches!(error, ActionError::Oauth(OauthError::OtherSubject { .. }));
    assert!(other, "{error}");
    assert!(state(&context).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn rejected_access_token_is_refreshed_once() {
    let fixture = signed_in().await;
    let context = fixture.profile(PROFILE);
    let old = format!("Bearer {}", canary("access"));
    fixture.network.add_response(
        &format!("POST {ISSUER}/token"),
        network::json(
            200,
            &json!({"access_token": canary("second"), "refresh_token": canary("rotated"), "expires_in": 3600}),
        ),
    );
    fixture.network.add_script(move |seen| {
        let is_old = seen.authorization() == old;
        let unauthorized = network::json(401, &json!({"error": "invalid_token"}));
        (seen.url.path() == "/me").then(|| Ok(if is_old { unauthorized } else { account("7") }))
    });
    assert!(whoami(&context).await.unwrap().is_some());
    let lines = fixture.network.lines();
    assert_eq!(lines, ["GET /me", "POST /token", "GET /me"]);

    fixture.network.clear_requests();
    respond(&fixture, network::text(401, "text/plain", ""));
    let error = whoami(&context).await.unwrap_err();
    let rejected = matches!(error, ActionError::CredentialRejected { .. });
    assert!(rejected, "{}", error_chain(&error));
    assert_eq!(fixture.network.count("POST /token"), 1);
    assert_eq!(state(&context).await.unwrap(), CredentialState::Rejected);
}

#[tokio::test(start_paused = true)]
async fn endpoint_that_the_session_lacks_is_in_the_metadata() {
    let fixture = signed_in().await;
    let mut stored = fixture.stored(PROFILE).unwrap();
    if let Some(server) = &mut stored.oauth_server {
        server.userinfo_endpoint = None;
    }
    fixture.overwrite(PROFILE, &stored)();
    respond(&fixture, account("7"));
    assert!(whoami(&fixture.profile(PROFILE)).await.unwrap().is_some());
    assert_eq!(fixture.network.lines().last().unwrap(), "GET /me");
    assert_eq!(fixture.network.count("GET /me"), 1);
}

#[tokio::test(start_paused = true)]
async fn token_goes_to_no_userinfo_endpoint_of_another_server() {
    for elsewhere in [
        "https://evil.test/me",
        "http://id.test/me",
        "https://id.test:444/me",
    ] {
        let fixture = signed_in_at(elsewhere).await;
        let error = whoami(&fixture.profile(PROFILE)).await.unwrap_err();
        let missing = matches!(error, ActionError::Oauth(OauthError::NoEndpoint { .. }));
        assert!(missing, "{error}");
        fixture
            .network
            .assert_sent_only_to(&canary("access"), ISSUER);
        let origins = fixture.network.requests();
        assert!(origins.iter().all(|seen| seen.origin() == ISSUER));
    }
}

#[tokio::test(start_paused = true)]
async fn session_that_the_issuer_does_not_report_is_not_sent() {
    let fixture = signed_in().await;
    let openid = fixture.stored(PROFILE).unwrap();
    let mut without_scope = openid.clone();
    without_scope.subject = None;
    without_scope.scopes = Scopes::parse("read");
    let mut for_api = openid;
    if let Some(server) = &mut for_api.oauth_server {
        server.client.resource = Some("https://api.test/".to_owned());
    }
    for (stored, is_expected) in [
        (
            without_scope,
            (|error| matches!(error, SessionError::NotOpenid { .. })) as fn(&SessionError) -> bool,
        ),
        (for_api, |error| {
            matches!(error, SessionError::OtherResource { .. })
        }),
    ] {
        fixture.overwrite(PROFILE, &stored)();
        let error = whoami(&fixture.profile(PROFILE)).await.unwrap_err();
        let ActionError::Session(error) = error else {
            panic!("{error}")
        };
        assert!(is_expected(&error), "{error}");
    }
    assert_eq!(fixture.network.lines(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn error_responses_of_the_userinfo_endpoint_end_no_session() {
    let fixture = signed_in().await;
    let context = fixture.profile(PROFILE);
    let scope = json!({"error": "insufficient_scope"});
    for (response, expected) in [
        (network::json(403, &scope), "denied access"),
        (network::json(503, &json!({})), "HTTP 503"),
        (
            network::text(200, "application/jwt", "e30.e30.x"),
            "is a JWT",
        ),
        (network::text(200, "text/html", "<html>"), "HTML page"),
        (
            network::text(401, "text/html", "<html>"),
            "gateway or firewall",
        ),
        (network::json(200, &json!({"name": "Ada"})), "no `sub`"),
    ] {
        respond(&fixture, response);
        let text = error_chain(&whoami(&context).await.unwrap_err());
        assert!(text.contains(expected), "{text}");
    }
    assert!(fixture.stored(PROFILE).unwrap().refresh_token.is_some());
    assert_eq!(fixture.network.count("POST /token"), 0);
}

#[tokio::test(start_paused = true)]
async fn described_userinfo_endpoint_may_have_a_host_of_its_own() {
    for (described, is_used) in [
        ("https://me.test/info", true),
        ("http://me.test/info", false),
    ] {
        let fixture = Fixture::new();
        let oauth = format!(
            "issuer = \"{ISSUER}\"\nclient_id = \"me\"\nscopes = [\"openid\"]\nuserinfo_endpoint = \"{described}\""
        );
        describe(&fixture, &oauth);
        let grant = json!({"id_token": id_token("7"), "scope": "openid"});
        serve_with(&fixture, ISSUER, metadata("https://evil.test/me"), grant);
        let context = fixture.profile("mine");
        let login = login_with_device_flow(&context, &LoginOptions::default()).await;
        assert_eq!(login.is_ok(), is_used);
        fixture
            .network
            .add_response("GET https://me.test/info", account("7"));
        if is_used {
            let name = whoami(&context).await.unwrap().unwrap();
            assert!(name.starts_with("Ada"), "{name}");
        }
        let mut seen = fixture.network.requests();
        seen.retain(|seen| seen.authorization().contains(&canary("access")));
        assert!(seen.iter().all(|seen| seen.origin() == "https://me.test"));
        assert_eq!(seen.len(), usize::from(is_used));
    }
}
