//! API keys: validation, searching a token by its key, and expiry that the service does not report.

use brainmaps::actions::ListOptions;
use brainmaps::actions::{
    ActionError, KeyError, Verification, login_with_api_key, login_with_password,
};
use brainmaps::domain::{ApiToken, Secret, TokenKind};
use brainmaps::service::{NewToken, ServiceError};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::fixture::{BEGIN, Fixture, canary, error_chain, secret, target};
use super::login_methods::{BASIRA, NEUROIO};
use super::network;
use super::token_calls::fixture;

#[tokio::test(start_paused = true)]
async fn a_key_that_is_invalid_in_a_header_is_not_stored() {
    for wrong in ["two words", "Bearer abc", "kl\u{fc}ssel", "a\u{7}b", "a\tb"] {
        let fixture = Fixture::new();
        let done = login_with_api_key(
            &fixture.profile("neuroio"),
            Secret::new(wrong),
            None,
            Verification::Skip,
        )
        .await;
        assert!(
            matches!(done, Err(ActionError::Key(KeyError::NotAKey(_)))),
            "{wrong}: {done:?}"
        );
        assert!(fixture.stored("neuroio").is_none());
    }
}

/// Finds the token of `key` in `list`; fails if the key is sent, or if more than the list is requested.
async fn find_token_by_key(
    provider: &str,
    url: &str,
    list: Value,
    key: &str,
) -> Result<ApiToken, ActionError> {
    let (fixture, context) = fixture(provider).await;
    fixture
        .network
        .add_response(&format!("GET {url}"), network::json(200, &list));
    let done = context
        .session(&target(&context))
        .get_token_by_key(&Secret::new(key))
        .await;
    fixture.network.assert_sent_only_to(key, "nowhere");
    assert_eq!(fixture.network.requests().len(), 1);
    done
}

fn neuroio(id: u8, key: &str) -> Value {
    json!({"id": id, "key": key, "is_active": true, "created": "2026-02-01T10:00:00Z", "expires": null})
}

#[tokio::test(start_paused = true)]
async fn a_token_is_found_by_its_key_without_sending_it() {
    let tokens = format!("{NEUROIO}/v1/tokens/");
    let whole = json!([neuroio(1, &canary("one")), neuroio(2, &canary("two"))]);
    let token = find_token_by_key("neuroio", &tokens, whole.clone(), &canary("two")).await;
    assert_eq!(token.unwrap().id.unwrap().as_str(), "2");
    let masked = json!([
        neuroio(1, "...abcd"),
        neuroio(2, "…wxyz"),
        neuroio(3, "****")
    ]);
    let token = find_token_by_key("neuroio", &tokens, masked.clone(), "0123456789wxyz").await;
    assert_eq!(token.unwrap().id.unwrap().as_str(), "2");

    for (list, key) in [(whole, "another"), (masked, "0123456789")] {
        let error = find_token_by_key("neuroio", &tokens, list, key)
            .await
            .unwrap_err();
        assert!(
            error_chain(&error).contains("lists no token with this key"),
            "{error}"
        );
    }
    let twice = json!([neuroio(1, "…wxyz"), neuroio(2, "…wxyz")]);
    let error = find_token_by_key("neuroio", &tokens, twice, "0123wxyz").await;
    assert!(
        matches!(
            error,
            Err(ActionError::Service(ServiceError::AmbiguousKey { .. }))
        ),
        "{error:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_token_is_found_by_the_prefix_of_its_key() {
    let keys = format!("{BASIRA}/api/v1/api-keys");
    let list = json!({"api_keys": [
        {"id": "a", "name": "one", "prefix": "dbm_ak_k1_..."},
        {"id": "b", "name": "two", "prefix": "dbm_ak_k2abc_..."},
    ]});
    let token = find_token_by_key("basira", &keys, list.clone(), "dbm_ak_k2abc_0123456789").await;
    assert_eq!(token.unwrap().name.as_deref(), Some("two"));
    // Three characters are not enough.
    let error = find_token_by_key("basira", &keys, list, "dbm_ak_k1_0123456789").await;
    assert!(error.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_service_without_key_prefixes_gets_no_request() {
    let (fixture, context) = fixture("brainmaps").await;
    let done = context
        .session(&target(&context))
        .get_token_by_key(&secret("key"))
        .await;
    assert!(error_chain(&done.unwrap_err()).contains("token get --with-token"));
    assert!(fixture.network.requests().is_empty());
}

#[tokio::test(start_paused = true)]
async fn listed_tokens_are_active_if_revoked_ones_are_removed() {
    for (provider, url, list) in [
        (
            "brainpercent",
            "https://brainpercent.app/api/v1/api-keys",
            json!({"success": true, "data": [
                {"id": "a"}, {"id": "b", "is_active": false}, {"id": "c", "is_active": true},
            ]}),
        ),
        (
            "basira",
            "https://api.usebasira.com/api/v1/api-keys",
            json!([{"id": "a"}, {"id": "b", "is_active": false}, {"id": "c", "is_active": true}]),
        ),
    ] {
        let (fixture, context) = fixture(provider).await;
        fixture
            .network
            .add_response(&format!("GET {url}"), network::json(200, &list));
        let listed = context
            .session(&target(&context))
            .list_tokens(&ListOptions::default())
            .await;
        let active: Vec<_> = listed.unwrap().tokens.iter().map(|it| it.active).collect();
        assert_eq!(active, [Some(true), Some(false), Some(true)], "{provider}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_temporary_neuroio_token_without_expiry_expires_after_a_day() {
    let fixture = Fixture::new();
    let login = json!({"user": {"username": "me"}, "token": {"id": 1, "key": canary("session")}});
    let line = format!("POST {NEUROIO}/v1/auth/token/");
    fixture
        .network
        .add_response(&line, network::json(200, &login));
    let context = fixture.profile("neuroio");
    let end = Timestamp::from_second(BEGIN + 86_400).unwrap();
    let done = login_with_password(&context, "me", &secret("password"), None).await;
    assert_eq!(done.unwrap().expires_at, Some(end));
    fixture.advance(86_400 - 8_000).await;
    context.session(&target(&context)).read_status().unwrap();
    assert!(fixture.warnings()[0].contains("cannot be refreshed"));

    let line = format!("POST {NEUROIO}/v1/tokens/");
    let created = Timestamp::from_second(BEGIN).unwrap().to_string();
    for (permanent, kind, ends) in [
        (false, TokenKind::Temporary, Some(end)),
        (true, TokenKind::Permanent, None),
    ] {
        let made = json!({"id": 2, "key": canary("made"), "is_active": true, "created": created});
        fixture
            .network
            .add_response(&line, network::json(201, &made));
        let wanted = NewToken {
            permanent: Some(permanent),
            ..NewToken::default()
        };
        let made = context
            .session(&target(&context))
            .create_token(&wanted, None)
            .await;
        let token = made.unwrap().token;
        assert_eq!((token.kind, token.expires_at), (Some(kind), ends));
    }
}
