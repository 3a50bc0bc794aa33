use serde_json::json;

use super::*;
use crate::http::testing::{Stub, response_with_header, url};

fn valid_body() -> Value {
    json!({
        "device_code": "secret-device-code",
        "user_code": "WDJB-MJHT",
        "verification_uri": "https://auth.example.com/device",
        "expires_in": 1800,
    })
}

/// Returns [`valid_body`] with one member set, or removed by null.
fn body_with(name: &str, value: Value) -> Value {
    let mut body = valid_body();
    let members = body.as_object_mut().unwrap();
    if value.is_null() {
        members.remove(name);
    } else {
        members.insert(name.to_owned(), value);
    }
    body
}

async fn authorize(client: &Client, scopes: &str) -> Result<DeviceAuthorization, OauthError> {
    let device = DeviceClient {
        http: client,
        server: &crate::oauth::verified_server::example(),
        scopes: &Scopes::parse(scopes),
    };
    device.authorize().await
}

async fn authorize_with(body: &Value) -> Result<DeviceAuthorization, OauthError> {
    let (client, _) = Stub::responding(200, &body.to_string());
    authorize(&client, "").await
}

#[tokio::test]
async fn rfc8628_3_1a_request_is_a_form_without_empty_or_repeated_fields() {
    let (client, stub) = Stub::responding(200, &valid_body().to_string());
    authorize(&client, "").await.unwrap();
    authorize(&client, "read write read").await.unwrap();
    let names = |form: &[(String, String)]| {
        form.iter()
            .map(|(name, _)| name.clone())
            .collect::<Vec<_>>()
    };
    let forms = stub.forms();
    assert_eq!(
        names(&forms[0]),
        ["client_id", "code_challenge", "code_challenge_method"]
    );
    assert_eq!(
        names(&forms[1]),
        [
            "client_id",
            "scope",
            "code_challenge",
            "code_challenge_method"
        ]
    );
    assert_eq!(forms[1][1].1, "read write");
}

#[tokio::test]
async fn rfc7636_4_1_verifier_is_43_unreserved_characters_and_new_each_time() {
    let (client, stub) = Stub::responding(200, &valid_body().to_string());
    let one = authorize(&client, "").await.unwrap().code_verifier;
    let other = authorize(&client, "").await.unwrap().code_verifier;
    assert_ne!(one, other);
    let unreserved = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
    assert!(one.expose().len() == 43 && one.expose().chars().all(unreserved));
    assert!(
        !stub
            .forms()
            .concat()
            .iter()
            .any(|(_, value)| value == one.expose())
    );
}

#[tokio::test]
async fn rfc7636_4_2_challenge_is_the_s256_of_the_verifier() {
    let (client, stub) = Stub::responding(200, &valid_body().to_string());
    let verifier = authorize(&client, "").await.unwrap().code_verifier;
    let expected = PkceCodeChallenge::from_code_verifier_sha256(&oauth2::PkceCodeVerifier::new(
        verifier.expose().to_owned(),
    ));
    let form = &stub.forms()[0];
    assert_eq!(
        form[1],
        ("code_challenge".to_owned(), expected.as_str().to_owned())
    );
    assert_eq!(
        form[2],
        ("code_challenge_method".to_owned(), "S256".to_owned())
    );
}

#[tokio::test]
async fn rfc8628_3_2a_interval_defaults_to_five_seconds() {
    let rows = [
        (Value::Null, 5),
        (json!(7), 7),
        (json!("7"), 7),
        (json!(2.9), 2),
        (json!(0), 1),
        (json!(-3), 5),
        (json!("soon"), 5),
        (json!(1e300), 86400),
    ];
    for (given, expected) in rows {
        let read = authorize_with(&body_with("interval", given.clone()))
            .await
            .unwrap();
        assert_eq!(read.interval.as_secs(), expected, "{given}");
    }
}

#[tokio::test]
async fn lifetime_may_be_a_string_and_is_at_most_a_day() {
    for (given, expected) in [
        (json!(1800), 1800),
        (json!("600"), 600),
        (json!(0.5e3), 500),
        (json!(i64::MAX), 86400),
    ] {
        let read = authorize_with(&body_with("expires_in", given.clone()))
            .await
            .unwrap();
        assert_eq!(read.expires_in.as_secs(), expected, "{given}");
    }
    for invalid in [json!(0), json!(-1), json!("-1")] {
        let rejected = authorize_with(&body_with("expires_in", invalid.clone())).await;
        assert!(
            matches!(rejected, Err(OauthError::Malformed { .. })),
            "{invalid}"
        );
    }
}

#[tokio::test]
async fn rfc8628_3_2b_missing_member_is_named() {
    for field in ["device_code", "user_code", "verification_uri", "expires_in"] {
        for value in [Value::Null, json!(""), json!(" "), json!([1]), json!(true)] {
            let error = authorize_with(&body_with(field, value.clone()))
                .await
                .unwrap_err();
            let named =
                matches!(error, OauthError::MissingField { field: named, .. } if named == field);
            assert!(named, "{field} {value}: {error}");
        }
    }
}

#[tokio::test]
async fn verification_url_of_the_drafts_is_accepted() {
    let mut body = body_with("verification_uri", Value::Null);
    body["verification_url"] = json!("https://auth.example.com/d");
    assert_eq!(
        authorize_with(&body)
            .await
            .unwrap()
            .verification_uri
            .as_str(),
        "https://auth.example.com/d"
    );
}

#[tokio::test]
async fn unsafe_verification_uri_is_rejected() {
    for bad in [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "ssh://auth.example.com",
        "https://accounts.google.com@evil.net/",
        "http://auth.example.com/device",
        "http://localhost:8000/device",
        "not a url",
        "/device",
    ] {
        let error = authorize_with(&body_with("verification_uri", json!(bad)))
            .await
            .unwrap_err();
        assert!(
            matches!(error, OauthError::UnsafeAddress { .. }),
            "{bad}: {error}"
        );
    }
}

#[tokio::test]
async fn unsafe_verification_uri_complete_is_ignored() {
    let safe = "https://auth.example.com/device?user_code=WDJB-MJHT";
    let read_complete = async |text: &str| {
        authorize_with(&body_with("verification_uri_complete", json!(text)))
            .await
            .unwrap()
            .verification_uri_complete
    };
    assert_eq!(read_complete(safe).await, Some(url(safe)));
    for bad in [
        "https://evil.net/device",
        "http://auth.example.com/device",
        "javascript:alert(1)",
        "",
    ] {
        assert_eq!(read_complete(bad).await, None, "{bad}");
    }
}

#[tokio::test]
async fn user_code_is_sanitized_for_the_terminal() {
    let read = authorize_with(&body_with(
        "user_code",
        json!("\u{1b}[31mWDJB\u{202e}-MJHT\n"),
    ))
    .await
    .unwrap();
    assert_eq!(read.user_code, "[31mWDJB-MJHT");
}

#[tokio::test]
async fn rfc8628_5_4_debug_omits_device_code_and_verifier() {
    let read = authorize_with(&valid_body()).await.unwrap();
    let text = format!("{read:?}");
    assert!(!text.contains("secret-device-code") && !text.contains(read.code_verifier.expose()));
}

#[tokio::test]
async fn error_response_is_reported_with_its_code() {
    let body = r#"{"error":"unauthorized_client","error_description":"not\nyou"}"#;
    for status in [200, 400, 401, 403] {
        let (client, _) = Stub::responding(status, body);
        let error = authorize(&client, "").await.unwrap_err();
        let expected = "the server rejected the request to https://auth.example.com/device_authorization \
                        (unauthorized_client, HTTP";
        assert_eq!(error.to_string(), format!("{expected} {status}): not you"));
    }
}

#[tokio::test]
async fn redirect_is_not_followed_and_the_hint_names_the_final_slash() {
    let (client, stub) = Stub::client(|_, request| {
        Ok(response_with_header(
            301,
            "location",
            &format!("{}/", request.url().path()),
        ))
    });
    let error = authorize(&client, "").await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("redirects to https://auth.example.com/device_authorization/"),
        "{error}"
    );
    assert!(error.hint().unwrap().plain().contains("final slash"));
    assert_eq!(stub.count(), 1);
}

const MALFORMED: &[(u16, &str, &str)] = &[
    (
        200,
        "<html>hunter2</html>",
        "it is an HTML page, not JSON (text/html)",
    ),
    (
        200,
        r#"{"device_code":"hunter2""#,
        "it is not valid JSON, or truncated (application/json)",
    ),
    (
        200,
        r#"["hunter2"]"#,
        "it is not a JSON object (application/json)",
    ),
    (200, "", "it is empty (application/json)"),
    (
        200,
        r#"{"error":{"hint":"hunter2"}}"#,
        "its `error` is not a string",
    ),
    (404, "<html>hunter2</html>", "(HTTP 404 Not Found)"),
    (
        403,
        "<html>hunter2</html>",
        "is an HTML page, probably of a gateway or firewall (HTTP 403)",
    ),
    (200, r#"{"error":{"code":"teapot"}}"#, "(teapot, HTTP 200)"),
    (
        415,
        r#"{"data":"hunter2"}"#,
        "(HTTP 415 Unsupported Media Type)",
    ),
    (
        500,
        r#"{"error":"hunter2"}"#,
        "HTTP 500 Internal Server Error",
    ),
];

#[tokio::test]
async fn malformed_responses_are_distinguished_and_not_quoted() {
    for &(status, body, expected) in MALFORMED {
        let (client, _) = Stub::responding(status, body);
        let error = authorize(&client, "").await.unwrap_err();
        let text = format!("{error} {error:?}");
        assert!(
            text.contains(expected) && !text.contains("hunter2"),
            "{text}"
        );
    }
}
