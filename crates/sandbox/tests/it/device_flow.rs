//! The device flow of the server (RFC 8628) with PKCE (RFC 7636).

use std::time::Duration;

use brainmaps_sandbox::{CANARY, SandboxError, State};
use serde_json::json;

use super::fixture::{Device, Fixture, SERVICES, VERIFIER};

const fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

#[tokio::test]
async fn approval_gives_tokens_at_both_services() {
    for service in SERVICES {
        let fixture = Fixture::new();
        let device = Device::at(&fixture, service).await;
        assert_eq!(
            device.poll().await.error(),
            (400, "authorization_pending".into())
        );
        fixture.advance(seconds(5));
        fixture.sandbox.approve(&device.user_code).unwrap();
        let reply = device.poll().await;
        assert_eq!(reply.status, 200, "{reply:?}");
        assert_eq!(reply.json()["token_type"], "Bearer");
        assert_eq!(reply.json()["expires_in"], 3600);
        assert!(reply.text("/scope").contains("offline_access"));
        assert!(reply.text("/access_token").contains(CANARY));
        assert!(reply.text("/refresh_token").contains(CANARY));
        assert_eq!(reply.header("cache-control"), "no-store");
    }
}

#[tokio::test]
async fn device_response_has_the_verification_uris() {
    let fixture = Fixture::new();
    let fields = [("client_id", SERVICES[1].1), ("scope", "openid nonsense")];
    let reply = fixture
        .form("/basic-memory/oauth2/device_authorization", &fields)
        .await;
    let code = reply.text("/user_code");
    assert!(reply.text("/device_code").contains(CANARY));
    assert_eq!(
        reply.text("/verification_uri"),
        "http://localhost:8000/basic-memory/device"
    );
    assert_eq!(
        reply.text("/verification_uri_complete"),
        format!("http://localhost:8000/basic-memory/device?user_code={code}")
    );
    assert_eq!(reply.json()["expires_in"], 600);
    assert_eq!(reply.json()["interval"], 5);
    let halves: Vec<&str> = code.split('-').collect();
    assert!(halves.iter().all(|half| half.len() == 4), "{code}");
    assert!(!code.contains(['A', 'E', 'I', 'O', 'U', 'Y']));
}

#[tokio::test]
async fn unknown_scopes_are_ignored_and_the_response_lists_the_rest() {
    let fixture = Fixture::new();
    let fields = [
        ("client_id", SERVICES[0].1),
        ("scope", "brains:read launch:missiles"),
    ];
    let reply = fixture.form("/oauth2/device_authorization", &fields).await;
    fixture.sandbox.approve(&reply.text("/user_code")).unwrap();
    let fields = [
        ("grant_type", super::fixture::DEVICE_CODE),
        ("client_id", SERVICES[0].1),
        ("device_code", &reply.text("/device_code")),
    ];
    let reply = fixture.form("/oauth2/token", &fields).await;
    assert_eq!(reply.text("/scope"), "brains:read");
    // A refresh token requires the scope `offline_access`.
    assert_eq!(reply.json().get("refresh_token"), None);
}

#[tokio::test]
async fn each_early_poll_adds_five_seconds_permanently() {
    let fixture = Fixture::new();
    let device = Device::new(&fixture).await;
    let pending = (400, "authorization_pending".to_owned());
    let slow_down = (400, "slow_down".to_owned());
    assert_eq!(device.poll().await.error(), pending);
    fixture.advance(Duration::from_millis(4999));
    assert_eq!(device.poll().await.error(), slow_down);
    fixture.advance(seconds(9));
    assert_eq!(device.poll().await.error(), slow_down);
    for _ in 0..3 {
        fixture.advance(seconds(15));
        assert_eq!(device.poll().await.error(), pending);
    }
    fixture.sandbox.approve(&device.user_code).unwrap();
    fixture.advance(seconds(14));
    assert_eq!(device.poll().await.error(), slow_down);
    fixture.advance(seconds(20));
    assert_eq!(device.poll().await.status, 200);
}

#[tokio::test]
async fn denial_is_final() {
    let fixture = Fixture::new();
    let device = Device::new(&fixture).await;
    fixture.sandbox.deny(&device.user_code).unwrap();
    for _ in 0..2 {
        assert_eq!(device.poll().await.error(), (400, "access_denied".into()));
    }
    assert!(matches!(
        fixture.sandbox.approve(&device.user_code),
        Err(SandboxError::AlreadyDecided)
    ));
}

#[tokio::test]
async fn device_code_expires_after_ten_minutes() {
    let fixture = Fixture::new();
    let device = Device::new(&fixture).await;
    fixture.advance(seconds(599));
    assert_eq!(
        device.poll().await.error(),
        (400, "authorization_pending".into())
    );
    fixture.advance(seconds(1));
    assert_eq!(device.poll().await.error(), (400, "expired_token".into()));
    assert!(matches!(
        fixture.sandbox.approve(&device.user_code),
        Err(SandboxError::CodeExpired)
    ));
}

#[tokio::test]
async fn unknown_user_code_cannot_be_decided() {
    let fixture = Fixture::new();
    for code in ["BCDF-GHJK", "", "nonsense"] {
        assert!(matches!(
            fixture.sandbox.deny(code),
            Err(SandboxError::UnknownCode)
        ));
    }
}

#[tokio::test]
async fn user_code_is_accepted_in_any_case_and_grouping() {
    let fixture = Fixture::new();
    let device = Device::new(&fixture).await;
    let entered = device.user_code.to_lowercase().replace('-', " ");
    fixture.sandbox.approve(&entered).unwrap();
    assert_eq!(device.poll().await.status, 200);
}

#[tokio::test]
async fn only_the_matching_verifier_gets_the_tokens() {
    let fixture = Fixture::new();
    let device = Device::new(&fixture).await;
    fixture.sandbox.approve(&device.user_code).unwrap();
    for wrong in ["", "x", &VERIFIER.to_lowercase()] {
        let reply = device.poll_with(wrong).await;
        assert_eq!(reply.error(), (400, "invalid_grant".into()), "{wrong}");
    }
    assert_eq!(
        device.poll().await.status,
        200,
        "wrong verifiers do not use up the device code"
    );
}

#[tokio::test]
async fn verifier_without_a_challenge_is_rejected() {
    let fixture = Fixture::new();
    let fields = [("client_id", SERVICES[0].1)];
    let reply = fixture.form("/oauth2/device_authorization", &fields).await;
    let device = Device {
        fixture: &fixture,
        prefix: "",
        client_id: SERVICES[0].1,
        device_code: reply.text("/device_code"),
        user_code: reply.text("/user_code"),
    };
    fixture.sandbox.approve(&device.user_code).unwrap();
    assert_eq!(device.poll().await.error(), (400, "invalid_grant".into()));
    assert_eq!(device.poll_with("").await.status, 200);
}

#[tokio::test]
async fn replayed_device_code_revokes_its_tokens() {
    let fixture = Fixture::new();
    let device = Device::new(&fixture).await;
    let tokens = device.tokens().await;
    assert!(device.is_active(&tokens.access).await);
    assert_eq!(device.poll().await.error(), (400, "invalid_grant".into()));
    assert!(!device.is_active(&tokens.access).await);
    assert_eq!(
        device.refresh(&tokens.refresh).await.error(),
        (400, "invalid_grant".into())
    );
}

#[tokio::test]
async fn device_code_is_unknown_at_the_other_service() {
    let fixture = Fixture::new();
    let mut device = Device::new(&fixture).await;
    fixture.sandbox.approve(&device.user_code).unwrap();
    (device.prefix, device.client_id) = SERVICES[1];
    assert_eq!(device.poll().await.error(), (400, "invalid_grant".into()));
}

#[tokio::test]
async fn auto_approval_needs_no_person() {
    let fixture = Fixture::with(State::Memory, |settings| settings.auto_approve = true);
    let device = Device::new(&fixture).await;
    assert_eq!(device.poll().await.status, 200);
}

#[tokio::test]
async fn settings_control_the_lifetimes() {
    let fixture = Fixture::with(State::Memory, |settings| {
        settings.interval = Duration::from_millis(200);
        settings.access_ttl = seconds(7);
        settings.code_ttl = seconds(3);
    });
    let fields = [("client_id", SERVICES[0].1)];
    let reply = fixture
        .form("/oauth2/device_authorization", &fields)
        .await
        .json();
    assert_eq!(reply["interval"], 1, "in whole seconds, rounded up");
    assert_eq!(reply["expires_in"], 3);
    let device = Device::new(&fixture).await;
    let tokens = device.tokens().await;
    fixture.advance(seconds(6));
    assert!(device.is_active(&tokens.access).await);
    fixture.advance(seconds(1));
    assert_eq!(
        device.introspect(&tokens.access).await,
        json!({"active": false})
    );
}
