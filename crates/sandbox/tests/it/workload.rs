//! Token exchange (RFC 8693) and the JWT bearer grant (RFC 7523 §2.1) with tokens of a simulated CI system.

use std::sync::Arc;
use std::time::Duration;

use brainmaps_sandbox::{
    BRAINMAPS_CLIENT_ID, CiEnvironment, CiSettings, CiSystem, SimulatedCi, State,
};
use tokio::net::TcpListener;

use super::fixture::{Device, Fixture, TestResponse};

const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const JWT: &str = "urn:ietf:params:oauth:token-type:jwt";
const ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
const ISSUER: &str = "http://localhost:8000";

/// Starts a simulated system with the time of the fixture, and returns the environment of its job.
async fn start_ci(change: impl FnOnce(&mut CiSettings)) -> CiEnvironment {
    let now = jiff::Timestamp::from_millisecond(1_800_000_000_000).unwrap();
    let mut settings = CiSettings {
        system: CiSystem::Gitlab,
        audience: ISSUER.to_owned(),
        claims: Vec::new(),
        lifetime: Duration::from_mins(5),
        has_permission: true,
        clock: Arc::new(move || now),
    };
    change(&mut settings);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let ci = SimulatedCi::new(settings, listener).unwrap();
    let environment = ci.environment().unwrap();
    tokio::spawn(ci.serve());
    environment
}

async fn job_token(change: impl FnOnce(&mut CiSettings)) -> String {
    let environment = start_ci(change).await;
    let found = environment
        .set
        .iter()
        .find(|(name, _)| *name == "BRAINMAPS_ID_TOKEN");
    found.unwrap().1.clone()
}

async fn exchange(fixture: &Fixture, token: &str, more: &[(&str, &str)]) -> TestResponse {
    let fields = [
        ("grant_type", EXCHANGE),
        ("client_id", BRAINMAPS_CLIENT_ID),
        ("subject_token", token),
    ];
    let mut fields = fields.to_vec();
    if !more.iter().any(|(name, _)| *name == "subject_token_type") {
        fields.push(("subject_token_type", JWT));
    }
    fields.extend(more);
    fixture.form("/oauth2/token", &fields).await
}

#[tokio::test]
async fn rfc8693_2_2_identity_of_a_job_is_exchanged_for_an_access_token() {
    let fixture = Fixture::new();
    let token = job_token(|_| {}).await;
    let scope = ("scope", "brains:read openid offline_access");
    let reply = exchange(
        &fixture,
        &token,
        &[scope, ("requested_token_type", ACCESS_TOKEN)],
    )
    .await;
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(reply.text("/issued_token_type"), ACCESS_TOKEN);
    assert_eq!(reply.text("/token_type"), "Bearer");
    assert_eq!(reply.text("/scope"), "brains:read");
    assert_eq!(reply.json()["expires_in"], 3600);
    assert_eq!(reply.json().get("refresh_token"), None);
    let bearer = format!("Bearer {}", reply.text("/access_token"));
    assert_eq!(fixture.get("/api/brains/", &bearer).await.status, 200);
    assert_eq!(fixture.get("/api/tokens/", &bearer).await.status, 403);
}

#[tokio::test]
async fn rfc7523_2_1_identity_of_a_job_is_an_authorization_grant() {
    let fixture = Fixture::new();
    let token = job_token(|settings| settings.system = CiSystem::Gitlab).await;
    let fields = [
        ("grant_type", BEARER),
        ("client_id", BRAINMAPS_CLIENT_ID),
        ("assertion", token.as_str()),
    ];
    let reply = fixture.form("/oauth2/token", &fields).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(reply.json().get("issued_token_type"), None);
    let bearer = format!("Bearer {}", reply.text("/access_token"));
    assert_eq!(fixture.get("/api/brains/", &bearer).await.status, 200);
    let reply = fixture.form("/oauth2/token", &fields[..2]).await;
    assert_eq!(reply.error(), (400, "invalid_request".to_owned()));
}

#[tokio::test]
async fn rfc7523_3_tokens_for_others_and_old_or_changed_ones_are_rejected() {
    let fixture = Fixture::new();
    let claim = |text: &'static str| {
        move |settings: &mut CiSettings| settings.claims.push(text.parse().unwrap())
    };
    let other = job_token(|settings| settings.audience = "https://other.example".to_owned()).await;
    let reply = exchange(&fixture, &other, &[]).await;
    assert_eq!(reply.error(), (400, "invalid_grant".to_owned()));
    let text = reply.text("/error_description");
    assert_eq!(
        text,
        "aud must be http://localhost:8000, and it is https://other.example"
    );
    let changed = job_token(|_| {}).await;
    let changed = format!("{}AAAA", &changed[..changed.len() - 4]);
    for (token, reason) in [
        (job_token(claim("exp=1800000000")).await, "expired"),
        (job_token(claim("nbf=1800000001")).await, "not valid yet"),
        (
            job_token(claim("iss=https://token.example.com")).await,
            "loopback",
        ),
        (job_token(claim("iss=http://10.0.0.1")).await, "loopback"),
        (
            job_token(claim("iss=http://127.0.0.1:1")).await,
            "cannot read",
        ),
        (changed, "signature"),
        ("opaque".to_owned(), "not a signed JWT"),
    ] {
        let reply = exchange(&fixture, &token, &[]).await;
        assert_eq!(reply.error(), (400, "invalid_grant".to_owned()), "{reason}");
        let text = reply.text("/error_description");
        assert!(text.contains(reason), "{text} should contain {reason}");
    }
}

#[tokio::test]
async fn rfc8693_2_1_parameters_are_checked() {
    let fixture = Fixture::new();
    let token = job_token(|_| {}).await;
    for (fields, code) in [
        (&[("audience", ISSUER)][..], None),
        (&[("resource", "https://api.example.com/")], None),
        (&[("subject_token_type", ID_TOKEN)], None),
        (&[("audience", "other")], Some("invalid_target")),
        (&[("resource", "not a URL")], Some("invalid_target")),
        (&[("subject_token_type", "jwt")], Some("invalid_request")),
        (&[("requested_token_type", JWT)], Some("invalid_request")),
        (&[("actor_token", "x")], Some("invalid_request")),
        (
            &[("subject_token_type", ACCESS_TOKEN)],
            Some("invalid_grant"),
        ),
        (&[("scope", "unknown")], Some("invalid_scope")),
    ] {
        let reply = exchange(&fixture, &token, fields).await;
        let found = (reply.status != 200).then(|| reply.error().1);
        assert_eq!(found.as_deref(), code, "{fields:?} {reply:?}");
    }
    let reply = exchange(&fixture, "", &[]).await;
    assert_eq!(reply.error(), (400, "invalid_request".to_owned()));
}

#[tokio::test]
async fn access_token_is_exchanged_for_a_narrower_one() {
    let fixture = Fixture::new();
    let device = Device::new(&fixture).await;
    let wide = device.tokens().await.access;
    let kind = ("subject_token_type", ACCESS_TOKEN);
    let reply = exchange(&fixture, &wide, &[kind, ("scope", "brains:read")]).await;
    assert_eq!(reply.text("/scope"), "brains:read");
    let narrow = reply.text("/access_token");
    assert_eq!(
        fixture
            .get("/api/tokens/", &format!("Bearer {narrow}"))
            .await
            .status,
        403
    );
    let reply = exchange(&fixture, &narrow, &[kind, ("scope", "tokens:write")]).await;
    assert_eq!(reply.error(), (400, "invalid_scope".to_owned()));
}

#[tokio::test]
async fn metadata_lists_both_grants() {
    let fixture = Fixture::new();
    let document = fixture
        .get("/.well-known/oauth-authorization-server", "")
        .await;
    let kinds = document.json()["grant_types_supported"].to_string();
    assert!(
        kinds.contains(EXCHANGE) && kinds.contains(BEARER),
        "{kinds}"
    );
}

#[tokio::test(start_paused = true)]
async fn pod_has_a_token_in_a_file_that_is_replaced_and_deleted() {
    let fixture = Fixture::with(State::Memory, |_| {});
    let settings = CiSettings {
        system: CiSystem::Kubernetes,
        audience: ISSUER.to_owned(),
        claims: Vec::new(),
        lifetime: Duration::from_secs(1),
        has_permission: true,
        clock: Arc::new(|| jiff::Timestamp::from_second(1_800_000_000).unwrap()),
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let ci = SimulatedCi::new(settings, listener).unwrap();
    let environment = ci.environment().unwrap();
    let found = environment
        .set
        .iter()
        .find(|(name, _)| *name == "BRAINMAPS_ID_TOKEN_FILE");
    let path = std::path::PathBuf::from(&found.unwrap().1);
    let first = std::fs::read_to_string(&path).unwrap();
    let serving = tokio::spawn(ci.serve());
    let reply = exchange(&fixture, &first, &[]).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    let mut second = first.clone();
    // Less than the lifetime, but more than the four fifths after which the token is replaced.
    for _ in 0..9 {
        tokio::time::advance(Duration::from_millis(100)).await;
        second = std::fs::read_to_string(&path).unwrap();
    }
    assert_ne!(first, second);
    assert_eq!(exchange(&fixture, &second, &[]).await.status, 200);
    serving.abort();
    assert!(serving.await.unwrap_err().is_cancelled());
    assert!(!path.exists() && !path.parent().unwrap().exists());
}

#[tokio::test]
async fn job_without_permission_has_no_token() {
    for system in [CiSystem::Github, CiSystem::Gitlab, CiSystem::Kubernetes] {
        let environment = start_ci(|settings| {
            settings.system = system;
            settings.has_permission = false;
        });
        let environment = environment.await;
        for name in [
            "ACTIONS_ID_TOKEN_REQUEST_URL",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
            "BRAINMAPS_ID_TOKEN",
            "BRAINMAPS_ID_TOKEN_FILE",
        ] {
            assert!(environment.unset.contains(&name), "{system:?} {name}");
        }
    }
}
