use serde_json::json;

use super::*;
use crate::http::testing::{Stub, response_with_header, url};

fn proper() -> Value {
    json!({
        "device_code": "secret-device-code",
        "user_code": "WDJB-MJHT",
        "verification_uri": "https://auth.example.com/device",
        "expires_in": 1800,
    })
}

/// [`proper`] with one member set, or removed by null.
fn but(name: &str, value: Value) -> Value {
    let mut body = proper();
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

async fn read(body: &Value) -> Result<DeviceAuthorization, OauthError> {
    let (client, _) = Stub::responding(200, &body.to_string());
    authorize(&client, "").await
}

#[tokio::test]
async fn rfc8628_3_1a_the_request_is_a_form_without_empty_or_repeated_fields() {
    let (client, stub) = Stub::responding(200, &proper().to_string());
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
async fn rfc7636_4_1_the_verifier_is_43_unreserved_characters_and_new_each_time() {
    let (client, stub) = Stub::responding(200, &proper().to_string());
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
async fn rfc7636_4_2_the_challenge_is_the_s256_of_the_verifier() {
    let (client, stub) = Stub::responding(200, &proper().to_string());
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
async fn rfc8628_3_2a_the_interval_is_five_seconds_when_none_is_given() {
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
        let read = read(&but("interval", given.clone())).await.unwrap();
        assert_eq!(read.interval.as_secs(), expected, "{given}");
    }
}

#[tokio::test]
async fn the_lifetime_may_be_a_text_and_is_a_day_at_most() {
    for (given, expected) in [
        (json!(1800), 1800),
        (json!("600"), 600),
        (json!(0.5e3), 500),
        (json!(i64::MAX), 86400),
    ] {
        let read = read(&but("expires_in", given.clone())).await.unwrap();
        assert_eq!(read.expires_in.as_secs(), expected, "{given}");
    }
    for nonsense in [json!(0), json!(-1), json!("-1")] {
        let refused = read(&but("expires_in", nonsense.clone())).await;
        assert!(
            matches!(refused, Err(OauthError::Malformed { .. })),
            "{nonsense}"
        );
    }
}

#[tokio::test]
async fn rfc8628_3_2b_a_missing_member_is_named() {
    for field in ["device_code", "user_code", "verification_uri", "expires_in"] {
        for value in [Value::Null, json!(""), json!(" "), json!([1]), json!(true)] {
            let error = read(&but(field, value.clone())).await.unwrap_err();
            let named =
                matches!(error, OauthError::MissingField { field: named, .. } if named == field);
            assert!(named, "{field} {value}: {error}");
        }
    }
}

#[tokio::test]
async fn the_older_spelling_of_the_address_is_understood() {
    let mut body = but("verification_uri", Value::Null);
    body["verification_url"] = json!("https://auth.example.com/d");
    assert_eq!(
        read(&body).await.unwrap().verification_uri.as_str(),
        "https://auth.example.com/d"
    );
}

#[tokio::test]
async fn an_address_that_no_browser_should_see_is_refused() {
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
        let error = read(&but("verification_uri", json!(bad)))
            .await
            .unwrap_err();
        assert!(
            matches!(error, OauthError::UnsafeAddress { .. }),
            "{bad}: {error}"
        );
    }
}

#[tokio::test]
async fn a_complete_address_that_is_not_to_be_trusted_is_dropped() {
    let fine = "https://auth.example.com/device?user_code=WDJB-MJHT";
    let read_complete = async |text: &str| {
        read(&but("verification_uri_complete", json!(text)))
            .await
            .unwrap()
            .verification_uri_complete
    };
    assert_eq!(read_complete(fine).await, Some(url(fine)));
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
async fn a_user_code_cannot_paint_the_terminal() {
    let read = read(&but("user_code", json!("\u{1b}[31mWDJB\u{202e}-MJHT\n")))
        .await
        .unwrap();
    assert_eq!(read.user_code, "[31mWDJB-MJHT");
}

#[tokio::test]
async fn rfc8628_5_4_debug_shows_neither_device_code_nor_verifier() {
    let read = read(&proper()).await.unwrap();
    let text = format!("{read:?}");
    assert!(!text.contains("secret-device-code") && !text.contains(read.code_verifier.expose()));
}

#[tokio::test]
async fn a_refusal_is_told_with_its_code() {
    let body = r#"{"error":"unauthorized_client","error_description":"not\nyou"}"#;
    for status in [200, 400, 401, 403] {
        let (client, _) = Stub::responding(status, body);
        let error = authorize(&client, "").await.unwrap_err();
        let told = "https://auth.example.com/device_authorization refused: unauthorized_client";
        assert_eq!(
            error.to_string(),
            format!("{told} (HTTP {status}): not you")
        );
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_the_slash_is_pointed_out() {
    let (client, stub) = Stub::client(|_, asked| {
        Ok(response_with_header(
            301,
            "location",
            &format!("{}/", asked.url().path()),
        ))
    });
    let error = authorize(&client, "").await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("redirects to https://auth.example.com/device_authorization/"),
        "{error}"
    );
    assert!(error.hint().unwrap().contains("final slash"));
    assert_eq!(stub.count(), 1);
}

const NONSENSE: &[(u16, &str, &str)] = &[
    (
        200,
        "<html>hunter2</html>",
        "it is a web page, not JSON (text/html)",
    ),
    (
        200,
        r#"{"device_code":"hunter2""#,
        "it is no JSON, or cut off (application/json)",
    ),
    (
        200,
        r#"["hunter2"]"#,
        "it is JSON, but no object (application/json)",
    ),
    (200, "", "it is empty (application/json)"),
    (
        200,
        r#"{"error":{"code":"hunter2"}}"#,
        "its `error` is no text",
    ),
    (404, "<html>hunter2</html>", "refused: HTTP 404 Not Found"),
    (
        415,
        r#"{"detail":"hunter2"}"#,
        "refused: HTTP 415 Unsupported Media Type",
    ),
    (
        500,
        r#"{"error":"hunter2"}"#,
        "answered 500 Internal Server Error",
    ),
];

#[tokio::test]
async fn nonsense_is_told_apart_and_never_shown() {
    for &(status, body, expected) in NONSENSE {
        let (client, _) = Stub::responding(status, body);
        let error = authorize(&client, "").await.unwrap_err();
        let text = format!("{error} {error:?}");
        assert!(
            text.contains(expected) && !text.contains("hunter2"),
            "{text}"
        );
    }
}
