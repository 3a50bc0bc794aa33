use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::*;
use crate::domain::{Scopes, SigningAlgorithm};
use crate::http::testing::{Stub, response};
use crate::http::{ConnectFailure, HttpError, Response, header};
use crate::oauth::verified_server::authenticated;
use crate::oauth::{TokenHint, request_token, revoke};

const NOW: i64 = 1_800_000_000;
const GRANTED: &str = r#"{"access_token":"a","token_type":"Bearer"}"#;

fn key(audience: AssertionAudience) -> ClientAuthentication {
    ClientAuthentication::Key(ClientKey {
        value: Secret::new(include_str!("../client_key/testdata/p256.pem")),
        algorithm: SigningAlgorithm::Es256,
        key_id: Some("first".to_owned()),
        audience,
    })
}

/// Returns the header and the claims of each assertion that was sent.
fn assertions(stub: &Arc<Stub>) -> Vec<[Value; 2]> {
    let forms = stub.forms().into_iter();
    let sent = forms.map(|form| {
        let field = |name: &str| {
            form.iter()
                .find(|(field, _)| field == name)
                .unwrap()
                .1
                .clone()
        };
        assert_eq!(field("client_assertion_type"), TYPE);
        let parts: Vec<Value> = field("client_assertion")
            .split('.')
            .take(2)
            .map(|part| {
                serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
            })
            .collect();
        <[Value; 2]>::try_from(parts).unwrap()
    });
    sent.collect()
}

fn at_now(client: crate::http::Client) -> crate::http::Client {
    client.with_local_time(|| Timestamp::from_second(NOW).unwrap())
}

#[tokio::test]
async fn rfc7523_3_assertion_has_the_required_claims() {
    let (client, stub) = Stub::responding(200, GRANTED);
    let client = at_now(client);
    let rows = [
        (AssertionAudience::Issuer, "https://auth.example.com"),
        (
            AssertionAudience::TokenEndpoint,
            "https://auth.example.com/token",
        ),
        (AssertionAudience::Url("urn:a".to_owned()), "urn:a"),
    ];
    for (audience, _) in &rows {
        let server = authenticated(key(audience.clone()));
        request_token(&client, &server, &Scopes::default())
            .await
            .unwrap();
    }
    let sent = assertions(&stub);
    for ([header, claims], (_, audience)) in sent.iter().zip(&rows) {
        assert_eq!(
            *header,
            json!({"alg": "ES256", "typ": "JWT", "kid": "first"})
        );
        assert_eq!(claims["iss"], "brainmaps-cli");
        assert_eq!(claims["sub"], "brainmaps-cli");
        assert_eq!(claims["aud"], *audience);
        assert_eq!(claims["iat"], NOW);
        assert_eq!(claims["exp"], NOW + 60);
    }
    let ids: BTreeSet<String> = sent
        .iter()
        .map(|[_, claims]| claims["jti"].to_string())
        .collect();
    assert_eq!(ids.len(), rows.len());
}

#[tokio::test]
async fn rfc7523_2_2_assertion_authenticates_a_revocation_too() {
    let (client, stub) = Stub::responding(200, "");
    let server = authenticated(key(AssertionAudience::Issuer));
    let token = Secret::new("token");
    revoke(&client, &server, &token, TokenHint::AccessToken)
        .await
        .unwrap();
    assert_eq!(assertions(&stub).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn rfc7523_3_each_attempt_has_its_own_assertion() {
    let (client, stub) = Stub::client(|before, _| {
        if before < 2 {
            return Err(HttpError::Connect {
                url: "https://auth.example.com/token".to_owned(),
                kind: ConnectFailure::Other,
                cause: "broken".to_owned(),
            });
        }
        Ok(response(200, GRANTED))
    });
    let server = authenticated(key(AssertionAudience::Issuer));
    request_token(&client, &server, &Scopes::default())
        .await
        .unwrap();
    let ids = assertions(&stub)
        .into_iter()
        .map(|[_, claims]| claims["jti"].to_string());
    assert_eq!(ids.collect::<BTreeSet<_>>().len(), 3);
}

fn with_date(status: u16, body: &str, date: &'static str) -> Response {
    let mut response = response(status, body);
    response.headers.insert(header::DATE, date.parse().unwrap());
    response
}

#[tokio::test(start_paused = true)]
async fn assertion_rejected_because_of_the_clock_is_sent_again_with_the_time_of_the_server() {
    let rejected = r#"{"error":"invalid_client"}"#;
    for (date, expected) in [
        ("Fri, 15 Jan 2027 08:00:00 GMT", 1),
        ("Fri, 15 Jan 2027 08:05:00 GMT", 2),
        ("Fri, 15 Jan 2027 07:50:00 GMT", 2),
    ] {
        let (client, stub) = Stub::client(move |_, _| Ok(with_date(401, rejected, date)));
        let client = at_now(client);
        let server = authenticated(key(AssertionAudience::Issuer));
        let result = request_token(&client, &server, &Scopes::default()).await;
        assert!(result.unwrap_err().rejects_client());
        let sent = assertions(&stub);
        assert_eq!(sent.len(), expected, "{date}");
        let corrected = sent.last().unwrap()[1]["iat"].as_i64().unwrap();
        let server_time = client.server_time("https://auth.example.com").unwrap();
        let differs = (server_time.as_second() - corrected).unsigned_abs();
        assert!(differs <= Duration::from_secs(1).as_secs(), "{date}");
    }
}

#[tokio::test]
async fn rejected_assertion_is_not_shown() {
    let (client, _) = Stub::client(|_, request| {
        let form: Vec<(String, String)> = url::form_urlencoded::parse(request.body())
            .into_owned()
            .collect();
        let assertion = &form
            .iter()
            .find(|(name, _)| name == "client_assertion")
            .unwrap()
            .1;
        let body = json!({"error": "invalid_client", "error_description": assertion});
        Ok(response(401, &body.to_string()))
    });
    let server = authenticated(key(AssertionAudience::Issuer));
    let error = request_token(&client, &server, &Scopes::default())
        .await
        .unwrap_err();
    assert!(!error.to_string().contains("eyJ"), "{error}");
}
