//! RFC 8628 with RFC 7636, as the server keeps them.

use std::time::Duration;

use brainmaps_sandbox::{CANARY, SandboxError, State};
use serde_json::json;

use super::world::{Device, SERVICES, VERIFIER, World};

const fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

#[tokio::test]
async fn approval_gives_tokens_on_both_services() {
    for service in SERVICES {
        let world = World::new();
        let device = Device::at(&world, service).await;
        assert_eq!(
            device.poll().await.error(),
            (400, "authorization_pending".into())
        );
        world.pass(seconds(5));
        world.sandbox.approve(&device.user_code).unwrap();
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
async fn the_device_is_told_where_to_send_its_person() {
    let world = World::new();
    let fields = [("client_id", SERVICES[1].1), ("scope", "openid nonsense")];
    let reply = world
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
    let letters: Vec<&str> = code.split('-').collect();
    assert!(letters.iter().all(|half| half.len() == 4), "{code}");
    assert!(!code.contains(['A', 'E', 'I', 'O', 'U', 'Y']));
}

#[tokio::test]
async fn unknown_scopes_are_dropped_and_the_answer_says_what_is_left() {
    let world = World::new();
    let fields = [
        ("client_id", SERVICES[0].1),
        ("scope", "brains:read launch:missiles"),
    ];
    let reply = world.form("/oauth2/device_authorization", &fields).await;
    world.sandbox.approve(&reply.text("/user_code")).unwrap();
    let fields = [
        ("grant_type", super::world::DEVICE_CODE),
        ("client_id", SERVICES[0].1),
        ("device_code", &reply.text("/device_code")),
    ];
    let reply = world.form("/oauth2/token", &fields).await;
    assert_eq!(reply.text("/scope"), "brains:read");
    // Nobody allowed access while they are away.
    assert_eq!(reply.json().get("refresh_token"), None);
}

#[tokio::test]
async fn polling_too_soon_costs_five_seconds_more_each_time_for_good() {
    let world = World::new();
    let device = Device::new(&world).await;
    let pending = (400, "authorization_pending".to_owned());
    let slow_down = (400, "slow_down".to_owned());
    assert_eq!(device.poll().await.error(), pending);
    world.pass(Duration::from_millis(4999));
    assert_eq!(device.poll().await.error(), slow_down);
    world.pass(seconds(9));
    assert_eq!(device.poll().await.error(), slow_down);
    for _ in 0..3 {
        world.pass(seconds(15));
        assert_eq!(device.poll().await.error(), pending);
    }
    world.sandbox.approve(&device.user_code).unwrap();
    world.pass(seconds(14));
    assert_eq!(device.poll().await.error(), slow_down);
    world.pass(seconds(20));
    assert_eq!(device.poll().await.status, 200);
}

#[tokio::test]
async fn a_denial_is_final() {
    let world = World::new();
    let device = Device::new(&world).await;
    world.sandbox.deny(&device.user_code).unwrap();
    for _ in 0..2 {
        assert_eq!(device.poll().await.error(), (400, "access_denied".into()));
    }
    assert!(matches!(
        world.sandbox.approve(&device.user_code),
        Err(SandboxError::AlreadyDecided)
    ));
}

#[tokio::test]
async fn a_code_runs_out() {
    let world = World::new();
    let device = Device::new(&world).await;
    world.pass(seconds(599));
    assert_eq!(
        device.poll().await.error(),
        (400, "authorization_pending".into())
    );
    world.pass(seconds(1));
    assert_eq!(device.poll().await.error(), (400, "expired_token".into()));
    assert!(matches!(
        world.sandbox.approve(&device.user_code),
        Err(SandboxError::CodeExpired)
    ));
}

#[tokio::test]
async fn a_code_nobody_was_given_cannot_be_decided() {
    let world = World::new();
    for code in ["BCDF-GHJK", "", "nonsense"] {
        assert!(matches!(
            world.sandbox.deny(code),
            Err(SandboxError::UnknownCode)
        ));
    }
}

#[tokio::test]
async fn a_code_may_be_typed_in_any_case_and_grouping() {
    let world = World::new();
    let device = Device::new(&world).await;
    let typed = device.user_code.to_lowercase().replace('-', " ");
    world.sandbox.approve(&typed).unwrap();
    assert_eq!(device.poll().await.status, 200);
}

#[tokio::test]
async fn only_the_verifier_that_fits_the_challenge_gets_the_tokens() {
    let world = World::new();
    let device = Device::new(&world).await;
    world.sandbox.approve(&device.user_code).unwrap();
    for wrong in ["", "x", &VERIFIER.to_lowercase()] {
        let reply = device.poll_with(wrong).await;
        assert_eq!(reply.error(), (400, "invalid_grant".into()), "{wrong}");
    }
    assert_eq!(
        device.poll().await.status,
        200,
        "a thief's guesses cost the owner nothing"
    );
}

#[tokio::test]
async fn a_request_without_a_challenge_is_served_without_a_verifier_only() {
    let world = World::new();
    let fields = [("client_id", SERVICES[0].1)];
    let reply = world.form("/oauth2/device_authorization", &fields).await;
    let device = Device {
        world: &world,
        prefix: "",
        client_id: SERVICES[0].1,
        device_code: reply.text("/device_code"),
        user_code: reply.text("/user_code"),
    };
    world.sandbox.approve(&device.user_code).unwrap();
    assert_eq!(device.poll().await.error(), (400, "invalid_grant".into()));
    assert_eq!(device.poll_with("").await.status, 200);
}

#[tokio::test]
async fn replaying_a_device_code_ends_what_it_gave() {
    let world = World::new();
    let device = Device::new(&world).await;
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
async fn a_code_of_one_service_is_unknown_at_the_other() {
    let world = World::new();
    let mut device = Device::new(&world).await;
    world.sandbox.approve(&device.user_code).unwrap();
    (device.prefix, device.client_id) = SERVICES[1];
    assert_eq!(device.poll().await.error(), (400, "invalid_grant".into()));
}

#[tokio::test]
async fn auto_approval_needs_nobody() {
    let world = World::with(State::Memory, |settings| settings.auto_approve = true);
    let device = Device::new(&world).await;
    assert_eq!(device.poll().await.status, 200);
}

#[tokio::test]
async fn the_settings_rule_the_times() {
    let world = World::with(State::Memory, |settings| {
        settings.interval = Duration::from_millis(200);
        settings.access_ttl = seconds(7);
        settings.code_ttl = seconds(3);
    });
    let fields = [("client_id", SERVICES[0].1)];
    let reply = world
        .form("/oauth2/device_authorization", &fields)
        .await
        .json();
    assert_eq!(reply["interval"], 1, "told in whole seconds, rounded up");
    assert_eq!(reply["expires_in"], 3);
    let device = Device::new(&world).await;
    let tokens = device.tokens().await;
    world.pass(seconds(6));
    assert!(device.is_active(&tokens.access).await);
    world.pass(seconds(1));
    assert_eq!(
        device.introspect(&tokens.access).await,
        json!({"active": false})
    );
}
