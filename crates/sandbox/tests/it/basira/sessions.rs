//! Login and refresh, and the limits of both.

use std::time::Duration;

use brainmaps_sandbox::{CANARY, CANARY_JWT, DEMO_EMAIL, State, UNPAID_EMAIL};
use serde_json::json;

use super::{
    DATABASES, KEYS, LOGIN, REFRESH, RESEND, api_error, bearer, log_in, log_in_as, refresh,
};
use crate::fixture::{Fixture, Tokens};

#[tokio::test]
async fn login_returns_two_tokens_without_token_type() {
    let fixture = Fixture::new();
    let body = json!({"email": DEMO_EMAIL, "password": "demo"});
    let reply = fixture.post(LOGIN, "", body).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.json()["expires_in"], 900);
    assert_eq!(reply.json().as_object().unwrap().len(), 3);
    let tokens = Tokens::of(&reply);
    assert!(tokens.access.starts_with(CANARY_JWT));
    assert_eq!(tokens.access.split('.').count(), 3);
    assert!(tokens.refresh.contains(CANARY));
    let found = fixture.get(DATABASES, &bearer(&tokens.access)).await;
    assert_eq!(found.status, 200);
    assert_eq!(found.text("/databases/0/name"), "orders");
}

#[tokio::test]
async fn wrong_and_missing_passwords_are_different_errors() {
    let fixture = Fixture::new();
    for (body, status) in [
        (json!({"email": DEMO_EMAIL, "password": "wrong"}), 401),
        (json!({"email": "nobody@x.test", "password": "demo"}), 401),
        (json!({"email": DEMO_EMAIL}), 400),
        (json!({"password": "demo"}), 400),
        (json!("text"), 400),
    ] {
        let reply = fixture.post(LOGIN, "", body.clone()).await;
        assert_eq!(api_error(&reply), status, "{body}");
    }
    assert_eq!(api_error(&fixture.raw_form(LOGIN, "email=x").await), 415);
}

#[tokio::test]
async fn access_token_expires_after_fifteen_minutes_and_refresh_token_after_seven_days() {
    let fixture = Fixture::new();
    let tokens = log_in(&fixture).await;
    fixture.advance(Duration::from_secs(899));
    let access = bearer(&tokens.access);
    assert_eq!(fixture.get(DATABASES, &access).await.status, 200);
    fixture.advance(Duration::from_secs(1));
    let reply = fixture.get(DATABASES, &access).await;
    assert_eq!(api_error(&reply), 401);
    assert_eq!(reply.header("www-authenticate"), "Bearer");

    let week = Duration::from_hours(7 * 24);
    fixture.advance(Duration::from_mins(7 * 24 * 60 - 16) + Duration::from_millis(59_999));
    let next = refresh(&fixture, &tokens.refresh).await;
    assert_eq!(next.status, 200);
    fixture.advance(week);
    let reply = refresh(&fixture, &next.text("/refresh_token")).await;
    assert_eq!(api_error(&reply), 401);
}

#[tokio::test]
async fn settings_can_shorten_lifetimes() {
    let fixture = Fixture::with(State::Memory, |settings| {
        settings.access_ttl = Duration::from_secs(5);
    });
    let tokens = log_in(&fixture).await;
    fixture.advance(Duration::from_secs(5));
    let reply = fixture.get(DATABASES, &bearer(&tokens.access)).await;
    assert_eq!(api_error(&reply), 401);
    let next = refresh(&fixture, &tokens.refresh).await;
    assert_eq!(next.json()["expires_in"], 5);
}

#[tokio::test]
async fn reused_refresh_token_revokes_the_session() {
    let fixture = Fixture::new();
    let first = log_in(&fixture).await;
    let other = log_in(&fixture).await;
    let reply = refresh(&fixture, &first.refresh).await;
    assert_eq!(reply.json()["expires_in"], 900);
    let second = Tokens::of(&reply);
    assert_ne!(first.refresh, second.refresh);
    assert_ne!(first.access, second.access);
    for token in [&first.access, &second.access] {
        assert_eq!(fixture.get(DATABASES, &bearer(token)).await.status, 200);
    }
    assert_eq!(api_error(&refresh(&fixture, &first.refresh).await), 401);
    assert_eq!(api_error(&refresh(&fixture, &second.refresh).await), 401);
    for token in [&first.access, &second.access] {
        assert_eq!(
            api_error(&fixture.get(DATABASES, &bearer(token)).await),
            401
        );
    }
    assert_eq!(
        refresh(&fixture, &other.refresh).await.status,
        200,
        "other sessions stay valid"
    );
}

#[tokio::test]
async fn invalid_refresh_tokens_are_rejected() {
    let fixture = Fixture::new();
    let tokens = log_in(&fixture).await;
    for token in [tokens.access.as_str(), "nonsense"] {
        assert_eq!(api_error(&refresh(&fixture, token).await), 401);
    }
    for body in [json!({}), json!({"refresh_token": ""}), json!([])] {
        assert_eq!(api_error(&fixture.post(REFRESH, "", body).await), 400);
    }
    let reply = fixture.get(DATABASES, &bearer(&tokens.refresh)).await;
    assert_eq!(api_error(&reply), 401);
}

#[tokio::test]
async fn foreign_and_tampered_tokens_are_rejected() {
    let (fixture, other) = (Fixture::new(), Fixture::new());
    let token = log_in(&fixture).await.access;
    log_in(&other).await;
    assert_eq!(api_error(&other.get(DATABASES, &bearer(&token)).await), 401);
    let (signed, signature) = token.rsplit_once('.').unwrap();
    for token in [
        format!("{signed}."),
        signed.to_owned(),
        format!("{signed}.{}", signature.to_lowercase()),
        format!("eyJhbGciOiJub25lIn0.{}.", signed.split_once('.').unwrap().1),
    ] {
        assert_eq!(
            api_error(&fixture.get(DATABASES, &bearer(&token)).await),
            401,
            "{token}"
        );
    }
    fixture.sandbox.reset().unwrap();
    assert_eq!(
        api_error(&fixture.get(DATABASES, &bearer(&token)).await),
        401
    );
}

#[tokio::test]
async fn logins_and_refreshes_are_limited_per_hour() {
    let fixture = Fixture::new();
    let mut tokens = log_in(&fixture).await;
    let wrong = json!({"email": DEMO_EMAIL, "password": "wrong"});
    for _ in 0..9 {
        assert_eq!(fixture.post(LOGIN, "", wrong.clone()).await.status, 401);
    }
    let right = json!({"email": DEMO_EMAIL, "password": "demo"});
    assert_eq!(
        api_error(&fixture.post(LOGIN, "", right.clone()).await),
        429
    );
    for _ in 0..30 {
        let reply = refresh(&fixture, &tokens.refresh).await;
        assert_eq!(reply.status, 200);
        tokens = Tokens::of(&reply);
    }
    assert_eq!(api_error(&refresh(&fixture, &tokens.refresh).await), 429);
    fixture.advance(Duration::from_hours(1) - Duration::from_millis(1));
    assert_eq!(
        api_error(&fixture.post(LOGIN, "", right.clone()).await),
        429
    );
    fixture.advance(Duration::from_millis(1));
    assert_eq!(fixture.post(LOGIN, "", right).await.status, 200);
    let reply = refresh(&fixture, &tokens.refresh).await;
    assert_eq!(
        reply.status, 200,
        "a request over the limit does not use up the refresh token"
    );
}

#[tokio::test]
async fn verification_emails_are_limited() {
    let fixture = Fixture::new();
    let token = bearer(&log_in_as(&fixture, UNPAID_EMAIL).await.access);
    assert_eq!(api_error(&fixture.post(RESEND, "", json!({})).await), 401);
    for _ in 0..5 {
        let reply = fixture.post(RESEND, &token, json!({})).await;
        assert_eq!(reply.text("/message"), "verification email sent");
        fixture.advance(Duration::from_millis(59_999));
        let early = fixture.post(RESEND, &token, json!({})).await;
        assert_eq!(api_error(&early), 429);
        assert!(early.text("/error").contains("60 seconds"));
        fixture.advance(Duration::from_millis(1));
    }
    let reply = fixture.post(RESEND, &token, json!({})).await;
    assert_eq!(api_error(&reply), 429);
    assert!(reply.text("/error").contains("later"));
    fixture.advance(Duration::from_mins(55));
    let token = bearer(&log_in(&fixture).await.access);
    let reply = fixture.post(RESEND, &token, json!({})).await;
    assert_eq!(reply.text("/message"), "email is verified already");
    assert_eq!(fixture.get(KEYS, &token).await.status, 200);
}
