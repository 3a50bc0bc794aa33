//! The device flow on the pages: each step that a person takes, and the response that the device then gets.

use std::time::Duration;

use brainmaps_sandbox::SandboxError;

use super::Browser;
use crate::fixture::{Device, Fixture, SERVICES};

#[tokio::test]
async fn approval_gives_the_device_its_tokens() {
    for service in SERVICES {
        let fixture = Fixture::new();
        let device = Device::at(&fixture, service).await;
        let mut browser = Browser::at(&fixture, service.0, "").await;
        assert_eq!(browser.heading(), "Enter the code from your terminal");
        browser
            .reach_consent(&device.user_code.to_lowercase())
            .await;
        for shown in [
            device.user_code.as_str(),
            "CLI",
            "demo@brainmaps.test",
            "Know who you are",
            "less than a minute ago",
        ] {
            assert!(browser.page.body.contains(shown), "{shown}");
        }
        browser.decide(&device.user_code, "approve").await;
        assert!(browser.heading().ends_with("is signed in"));
        let reply = device.poll().await;
        assert_eq!(reply.status, 200);
        assert_eq!(
            device.introspect(&reply.text("/access_token")).await["username"],
            "demo@brainmaps.test"
        );
    }
}

#[tokio::test]
async fn denial_is_reported_to_the_device() {
    let fixture = Fixture::new();
    let device = Device::new(&fixture).await;
    let mut browser = Browser::new(&fixture).await;
    browser.reach_consent(&device.user_code).await;
    browser.decide(&device.user_code, "deny").await;
    assert_eq!(browser.heading(), "Request denied");
    assert_eq!(device.poll().await.error(), (400, "access_denied".into()));
}

#[tokio::test]
async fn link_with_a_code_asks_to_compare_it() {
    let fixture = Fixture::new();
    let device = Device::new(&fixture).await;
    let query = format!("?user_code={}", device.user_code);
    let browser = Browser::at(&fixture, "", &query).await;
    assert_eq!(browser.heading(), "Is this the code in your terminal?");
    assert!(
        browser
            .page
            .body
            .contains(&format!("value=\"{}\"", device.user_code))
    );
    assert_eq!(
        device.poll().await.error(),
        (400, "authorization_pending".into())
    );
    let browser = Browser::at(&fixture, "", "?user_code=%22%3E%3Cscript%3E").await;
    assert_eq!(browser.heading(), "Enter the code from your terminal");
    assert!(!browser.page.body.contains("<script"));
}

#[tokio::test]
async fn wrong_codes_can_be_corrected_but_are_limited() {
    let fixture = Fixture::new();
    let device = Device::new(&fixture).await;
    let mut browser = Browser::new(&fixture).await;
    for wrong in ["", "nonsense", "BBBB-BBBB"] {
        browser.submit("", &[("user_code", wrong)]).await;
        assert_eq!(browser.page.status, 400);
        assert!(browser.page.body.contains("aria-invalid=\"true\""));
        assert!(browser.page.body.contains("<title>Error:"));
    }
    for _ in 0..8 {
        let mut other = Browser::new(&fixture).await;
        other.submit("", &[("user_code", "BBBB-BBBB")]).await;
        assert_eq!(
            other.page.status, 400,
            "an empty field does not count as an attempt"
        );
    }
    browser
        .submit("", &[("user_code", &device.user_code)])
        .await;
    assert_eq!(
        (browser.page.status.as_u16(), browser.heading()),
        (429, "Too many attempts")
    );
    assert!(browser.page.header("retry-after").parse::<u32>().unwrap() <= 61);
    fixture.advance(Duration::from_secs(61));
    browser.open("/device").await;
    browser.reach_consent(&device.user_code).await;
}

#[tokio::test]
async fn code_of_another_service_is_rejected() {
    let fixture = Fixture::new();
    let device = Device::new(&fixture).await;
    let mut browser = Browser::at(&fixture, "/basic-memory", "").await;
    browser
        .submit("", &[("user_code", &device.user_code)])
        .await;
    assert_eq!(browser.page.status, 400);
}

#[tokio::test]
async fn expired_code_is_reported_before_and_after_the_decision() {
    let fixture = Fixture::new();
    let early = Device::new(&fixture).await;
    let mut browser = Browser::new(&fixture).await;
    fixture.advance(Duration::from_mins(10));
    browser.submit("", &[("user_code", &early.user_code)]).await;
    assert_eq!(browser.heading(), "This code has expired");

    let late = Device::new(&fixture).await;
    browser.open("/device").await;
    browser.reach_consent(&late.user_code).await;
    fixture.advance(Duration::from_mins(10));
    browser.decide(&late.user_code, "approve").await;
    assert_eq!(browser.heading(), "This code has expired");
    assert_eq!(late.poll().await.error(), (400, "expired_token".into()));
}

#[tokio::test]
async fn consent_shows_unrestricted_access() {
    let fixture = Fixture::new();
    for (scope, is_unrestricted) in [("openid profile", true), ("openid brains:read", false)] {
        let fields = [("client_id", SERVICES[0].1), ("scope", scope)];
        let reply = fixture.form("/oauth2/device_authorization", &fields).await;
        let mut browser = Browser::new(&fixture).await;
        browser.reach_consent(&reply.text("/user_code")).await;
        let shows_full_access = browser.page.body.contains("Full access to your account");
        assert_eq!(shows_full_access, is_unrestricted, "{scope}");
    }
}

#[tokio::test]
async fn code_can_be_decided_once() {
    let fixture = Fixture::new();
    let device = Device::new(&fixture).await;
    let mut browser = Browser::new(&fixture).await;
    browser.reach_consent(&device.user_code).await;
    fixture.sandbox.deny(&device.user_code).unwrap();
    browser.decide(&device.user_code, "approve").await;
    assert_eq!(browser.heading(), "This code was used before");
    assert_eq!(device.poll().await.error(), (400, "access_denied".into()));
    assert!(matches!(
        fixture.sandbox.approve(&device.user_code),
        Err(SandboxError::AlreadyDecided)
    ));
}

#[tokio::test]
async fn steps_must_follow_their_order() {
    let fixture = Fixture::new();
    let device = Device::new(&fixture).await;
    let mut browser = Browser::new(&fixture).await;
    for step in ["/sign-in", "/consent", "/done"] {
        browser.open(&format!("/device{step}")).await;
        assert_eq!(browser.heading(), "Enter the code from your terminal");
    }
    browser
        .submit("", &[("user_code", &device.user_code)])
        .await;
    browser.open("/device/consent").await;
    assert_eq!(browser.heading(), "Sign in to BrainMaps");
    browser.open("/device/done").await;
    assert_eq!(browser.heading(), "Enter the code from your terminal");
    fixture.advance(Duration::from_mins(31));
    browser.open("/device/sign-in").await;
    assert_eq!(
        browser.heading(),
        "Enter the code from your terminal",
        "the browser session expires after 30 minutes"
    );
}

#[tokio::test]
async fn account_without_subscription_can_sign_in_and_gets_403_from_the_service() {
    let fixture = Fixture::new();
    let device = Device::at(&fixture, SERVICES[1]).await;
    let mut browser = Browser::at(&fixture, "/basic-memory", "").await;
    browser
        .submit("", &[("user_code", &device.user_code)])
        .await;
    let who = [("email", "unpaid@brainmaps.test"), ("password", "demo")];
    browser.submit("/sign-in", &who).await;
    browser.decide(&device.user_code, "approve").await;
    let bearer = format!("Bearer {}", device.poll().await.text("/access_token"));
    let reply = fixture.get("/basic-memory/proxy/health", &bearer).await;
    assert_eq!(reply.status, 403);
    assert_eq!(reply.text("/detail/error"), "subscription_required");
    assert_eq!(
        reply.text("/detail/subscribe_url"),
        "http://localhost:8000/basic-memory/subscribe"
    );
}
