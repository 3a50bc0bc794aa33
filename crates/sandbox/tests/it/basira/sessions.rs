//! Logging in, refreshing, and the limits of both.

use std::time::Duration;

use brainmaps_sandbox::{CANARY, CANARY_JWT, DEMO_EMAIL, State, UNPAID_EMAIL};
use serde_json::json;

use super::{DATABASES, KEYS, LOGIN, REFRESH, RESEND, bearer, log_in, log_in_as, refresh, refusal};
use crate::world::{Tokens, World};

#[tokio::test]
async fn logging_in_gives_a_pair_of_tokens_and_no_token_type() {
    let world = World::new();
    let body = json!({"email": DEMO_EMAIL, "password": "demo"});
    let reply = world.post(LOGIN, "", body).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.json()["expires_in"], 900);
    assert_eq!(reply.json().as_object().unwrap().len(), 3);
    let tokens = Tokens::of(&reply);
    assert!(tokens.access.starts_with(CANARY_JWT));
    assert_eq!(tokens.access.split('.').count(), 3);
    assert!(tokens.refresh.contains(CANARY));
    let found = world.get(DATABASES, &bearer(&tokens.access)).await;
    assert_eq!(found.status, 200);
    assert_eq!(found.text("/databases/0/name"), "orders");
}

#[tokio::test]
async fn a_wrong_password_and_a_missing_one_are_told_apart() {
    let world = World::new();
    for (body, status) in [
        (json!({"email": DEMO_EMAIL, "password": "wrong"}), 401),
        (json!({"email": "nobody@x.test", "password": "demo"}), 401),
        (json!({"email": DEMO_EMAIL}), 400),
        (json!({"password": "demo"}), 400),
        (json!("text"), 400),
    ] {
        let reply = world.post(LOGIN, "", body.clone()).await;
        assert_eq!(refusal(&reply), status, "{body}");
    }
    assert_eq!(refusal(&world.raw_form(LOGIN, "email=x").await), 415);
}

#[tokio::test]
async fn an_access_token_ends_after_fifteen_minutes_and_a_refresh_token_after_seven_days() {
    let world = World::new();
    let tokens = log_in(&world).await;
    world.pass(Duration::from_secs(899));
    let access = bearer(&tokens.access);
    assert_eq!(world.get(DATABASES, &access).await.status, 200);
    world.pass(Duration::from_secs(1));
    let reply = world.get(DATABASES, &access).await;
    assert_eq!(refusal(&reply), 401);
    assert_eq!(reply.header("www-authenticate"), "Bearer");

    let week = Duration::from_hours(7 * 24);
    world.pass(Duration::from_mins(7 * 24 * 60 - 16) + Duration::from_millis(59_999));
    let next = refresh(&world, &tokens.refresh).await;
    assert_eq!(next.status, 200);
    world.pass(week);
    let reply = refresh(&world, &next.text("/refresh_token")).await;
    assert_eq!(refusal(&reply), 401);
}

#[tokio::test]
async fn a_sandbox_can_be_told_to_make_shorter_tokens() {
    let world = World::with(State::Memory, |settings| {
        settings.access_ttl = Duration::from_secs(5);
    });
    let tokens = log_in(&world).await;
    world.pass(Duration::from_secs(5));
    let reply = world.get(DATABASES, &bearer(&tokens.access)).await;
    assert_eq!(refusal(&reply), 401);
    let next = refresh(&world, &tokens.refresh).await;
    assert_eq!(next.json()["expires_in"], 5);
}

#[tokio::test]
async fn a_refresh_token_works_once_and_its_second_use_ends_the_session() {
    let world = World::new();
    let first = log_in(&world).await;
    let other = log_in(&world).await;
    let reply = refresh(&world, &first.refresh).await;
    assert_eq!(reply.json()["expires_in"], 900);
    let second = Tokens::of(&reply);
    assert_ne!(first.refresh, second.refresh);
    assert_ne!(first.access, second.access);
    for token in [&first.access, &second.access] {
        assert_eq!(world.get(DATABASES, &bearer(token)).await.status, 200);
    }
    assert_eq!(refusal(&refresh(&world, &first.refresh).await), 401);
    assert_eq!(refusal(&refresh(&world, &second.refresh).await), 401);
    for token in [&first.access, &second.access] {
        assert_eq!(refusal(&world.get(DATABASES, &bearer(token)).await), 401);
    }
    assert_eq!(
        refresh(&world, &other.refresh).await.status,
        200,
        "another session lives"
    );
}

#[tokio::test]
async fn what_is_no_refresh_token_is_refused() {
    let world = World::new();
    let tokens = log_in(&world).await;
    for token in [tokens.access.as_str(), "nonsense"] {
        assert_eq!(refusal(&refresh(&world, token).await), 401);
    }
    for body in [json!({}), json!({"refresh_token": ""}), json!([])] {
        assert_eq!(refusal(&world.post(REFRESH, "", body).await), 400);
    }
    let reply = world.get(DATABASES, &bearer(&tokens.refresh)).await;
    assert_eq!(refusal(&reply), 401);
}

#[tokio::test]
async fn a_token_of_another_state_or_one_that_was_tampered_with_opens_nothing() {
    let (world, other) = (World::new(), World::new());
    let token = log_in(&world).await.access;
    log_in(&other).await;
    assert_eq!(refusal(&other.get(DATABASES, &bearer(&token)).await), 401);
    let (signed, signature) = token.rsplit_once('.').unwrap();
    for token in [
        format!("{signed}."),
        signed.to_owned(),
        format!("{signed}.{}", signature.to_lowercase()),
        format!("eyJhbGciOiJub25lIn0.{}.", signed.split_once('.').unwrap().1),
    ] {
        assert_eq!(
            refusal(&world.get(DATABASES, &bearer(&token)).await),
            401,
            "{token}"
        );
    }
    world.sandbox.reset().unwrap();
    assert_eq!(refusal(&world.get(DATABASES, &bearer(&token)).await), 401);
}

#[tokio::test]
async fn ten_logins_and_thirty_refreshes_an_hour_are_enough() {
    let world = World::new();
    let mut tokens = log_in(&world).await;
    let wrong = json!({"email": DEMO_EMAIL, "password": "wrong"});
    for _ in 0..9 {
        assert_eq!(world.post(LOGIN, "", wrong.clone()).await.status, 401);
    }
    let right = json!({"email": DEMO_EMAIL, "password": "demo"});
    assert_eq!(refusal(&world.post(LOGIN, "", right.clone()).await), 429);
    for _ in 0..30 {
        let reply = refresh(&world, &tokens.refresh).await;
        assert_eq!(reply.status, 200);
        tokens = Tokens::of(&reply);
    }
    assert_eq!(refusal(&refresh(&world, &tokens.refresh).await), 429);
    world.pass(Duration::from_hours(1) - Duration::from_millis(1));
    assert_eq!(refusal(&world.post(LOGIN, "", right.clone()).await), 429);
    world.pass(Duration::from_millis(1));
    assert_eq!(world.post(LOGIN, "", right).await.status, 200);
    let reply = refresh(&world, &tokens.refresh).await;
    assert_eq!(reply.status, 200, "a refusal by the limit spends no token");
}

#[tokio::test]
async fn a_verification_letter_is_sent_every_minute_and_five_times_an_hour() {
    let world = World::new();
    let token = bearer(&log_in_as(&world, UNPAID_EMAIL).await.access);
    assert_eq!(refusal(&world.post(RESEND, "", json!({})).await), 401);
    for _ in 0..5 {
        let reply = world.post(RESEND, &token, json!({})).await;
        assert_eq!(reply.text("/message"), "verification email sent");
        world.pass(Duration::from_millis(59_999));
        let early = world.post(RESEND, &token, json!({})).await;
        assert_eq!(refusal(&early), 429);
        assert!(early.text("/error").contains("60 seconds"));
        world.pass(Duration::from_millis(1));
    }
    let reply = world.post(RESEND, &token, json!({})).await;
    assert_eq!(refusal(&reply), 429);
    assert!(reply.text("/error").contains("later"));
    world.pass(Duration::from_mins(55));
    let token = bearer(&log_in(&world).await.access);
    let reply = world.post(RESEND, &token, json!({})).await;
    assert_eq!(reply.text("/message"), "email is verified already");
    assert_eq!(world.get(KEYS, &token).await.status, 200);
}
