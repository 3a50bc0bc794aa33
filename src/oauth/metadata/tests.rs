use serde_json::json;

use super::*;
use crate::http::testing::{Stub, response, response_with_header};
use crate::http::{ConnectFailure, HttpError};

fn metadata(issuer: &str) -> String {
    json!({
        "issuer": issuer,
        "token_endpoint": "https://auth.example.com/token",
        "device_authorization_endpoint": "https://auth.example.com/device",
        "scopes_supported": ["read", "write"],
        "unknown": {"ignored": true},
    })
    .to_string()
}

/// Discovers a server that has `body` at `path`, and 404 elsewhere. Returns the requested URLs as well.
async fn discover_at(
    issuer: &str,
    path: &'static str,
    body: String,
) -> (Result<Metadata, OauthError>, Vec<String>) {
    let (client, stub) = Stub::client(move |_, request| {
        Ok(if request.url().path() == path {
            response(200, &body)
        } else {
            response(404, "<html>no</html>")
        })
    });
    (discover(&client, issuer).await, stub.urls())
}

#[tokio::test]
async fn rfc8414_3_1_well_known_part_is_between_host_and_path_and_openids_after_it() {
    let issuer = "https://auth.example.com/realms/one";
    let first = "/.well-known/oauth-authorization-server/realms/one";
    let second = "/realms/one/.well-known/openid-configuration";
    let (found, requested) = discover_at(issuer, first, metadata(issuer)).await;
    assert_eq!(found.unwrap().issuer, issuer);
    assert_eq!(requested, [format!("https://auth.example.com{first}")]);
    let (found, requested) = discover_at(issuer, second, metadata(issuer)).await;
    let found = found.unwrap();
    assert_eq!(requested.len(), 2);
    assert_eq!(
        found.token_endpoint.unwrap().as_str(),
        "https://auth.example.com/token"
    );
    assert_eq!(found.revocation_endpoint, None);
    assert_eq!(found.scopes_supported, Some(Scopes::parse("read write")));
}

#[tokio::test]
async fn missing_token_or_device_endpoint_is_named() {
    let issuer = "https://auth.example.com";
    let address = "/.well-known/oauth-authorization-server";
    let whole = discover_at(issuer, address, metadata(issuer))
        .await
        .0
        .unwrap();
    let server = whole.server("me", &[]).unwrap();
    assert_eq!(server.device_endpoint().unwrap().path(), "/device");
    assert_eq!(server.details().token_endpoint.path(), "/token");
    let without_device = Metadata {
        device_authorization_endpoint: None,
        ..whole
    };
    let server = without_device.server("me", &[]).unwrap();
    assert!(matches!(
        server.device_endpoint(),
        Err(OauthError::NoDeviceFlow { .. })
    ));
    let bare = discover_at(issuer, address, json!({"issuer": issuer}).to_string())
        .await
        .0
        .unwrap();
    assert!(matches!(
        bare.server("me", &[]),
        Err(OauthError::NoEndpoint { what: "token", .. })
    ));
}

#[tokio::test]
async fn issuer_without_path_is_looked_up_at_the_root() {
    for issuer in [
        "https://auth.example.com",
        "https://auth.example.com/",
        "http://127.0.0.1:8000",
    ] {
        let (found, _) = discover_at(
            issuer,
            "/.well-known/oauth-authorization-server",
            metadata(issuer),
        )
        .await;
        assert_eq!(found.unwrap().issuer, issuer);
    }
}

#[tokio::test]
async fn rfc8414_3_3_metadata_of_another_issuer_is_rejected() {
    let address = "/.well-known/oauth-authorization-server";
    for (expected, reported) in [
        ("https://auth.example.com", "https://auth.example.com/"),
        ("https://auth.example.com/", "https://auth.example.com"),
        ("https://AUTH.example.com", "https://auth.example.com"),
        ("https://auth.example.com", "https://evil.net"),
        (
            "https://auth.example.com",
            "https://auth.example.com\u{1b}[31m",
        ),
    ] {
        let error = discover_at(expected, address, metadata(reported))
            .await
            .0
            .unwrap_err();
        assert!(
            matches!(error, OauthError::IssuerMismatch { .. }),
            "{error}"
        );
        assert!(!error.to_string().contains('\u{1b}'));
        let slash_apart = expected.trim_end_matches('/') == reported.trim_end_matches('/');
        let hint = error.hint().unwrap();
        assert_eq!(
            hint == format!("a final slash counts: the exact issuer is {reported}"),
            slash_apart,
            "{hint}"
        );
    }
}

#[tokio::test]
async fn rfc8414_2_issuer_is_an_https_url_without_query_and_fragment() {
    for bad in [
        "http://auth.example.com",
        "auth.example.com",
        "https://a.b/?x=1",
        "https://a.b/#x",
        "https://u:p@a.b",
        "",
    ] {
        let (error, requested) = discover_at(bad, "/", String::new()).await;
        assert!(
            matches!(error, Err(OauthError::NotAnIssuer { .. })),
            "{bad}"
        );
        assert!(requested.is_empty());
    }
}

#[tokio::test]
async fn endpoints_of_an_https_issuer_are_https() {
    let issuer = "https://auth.example.com";
    let address = "/.well-known/oauth-authorization-server";
    for bad in [
        "http://auth.example.com/token",
        "http://localhost:1/t",
        "javascript:x",
        "https://u:p@a.b/",
        "/token",
        "",
    ] {
        let body = json!({"issuer": issuer, "token_endpoint": bad}).to_string();
        let error = discover_at(issuer, address, body).await.0.unwrap_err();
        assert!(
            matches!(
                error,
                OauthError::UnsafeAddress {
                    field: "token_endpoint",
                    ..
                }
            ),
            "{bad}: {error}"
        );
    }
    let issuer = "http://localhost:1";
    let body = json!({"issuer": issuer, "token_endpoint": "http://localhost:1/t", "revocation_endpoint": null}).to_string();
    assert!(discover_at(issuer, address, body).await.0.is_ok());
}

#[tokio::test]
async fn errors_of_both_addresses_are_reported() {
    let bodies = [
        ("<html>hunter2</html>", "it is an HTML page, not JSON"),
        (
            r#"{"issuer":"hunter2"#,
            "it is not valid JSON, or truncated",
        ),
        ("{}", "has no `issuer`"),
        (r#"{"issuer":["hunter2"]}"#, "has no `issuer`"),
    ];
    for (body, expected) in bodies {
        let (error, _) = discover_at(
            "https://a.b/c",
            "/.well-known/oauth-authorization-server/c",
            body.to_owned(),
        )
        .await;
        let text = error.unwrap_err().to_string();
        assert!(
            text.contains("https://a.b/.well-known/oauth-authorization-server/c"),
            "{text}"
        );
        assert!(
            text.contains("https://a.b/c/.well-known/openid-configuration (HTTP 404"),
            "{text}"
        );
        assert!(
            text.contains(expected) && !text.contains("hunter2"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn html_page_for_every_path_does_not_stop_the_second_lookup() {
    let (client, _) = Stub::client(|before, _| {
        Ok(response(
            200,
            ["<html></html>", &metadata("https://a.b")][before],
        ))
    });
    assert!(discover(&client, "https://a.b").await.is_ok());
    let (client, _) = Stub::client(|before, _| {
        Ok(match before {
            0 => response_with_header(302, "location", "https://login.a.b/"),
            _ => response(200, &metadata("https://a.b")),
        })
    });
    assert!(discover(&client, "https://a.b").await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn network_failure_stops_immediately_and_a_server_failure_is_transient() {
    let (client, stub) = Stub::client(|_, _| {
        Err(HttpError::Connect {
            url: "https://a.b/".to_owned(),
            kind: ConnectFailure::Refused,
            cause: "connection refused".to_owned(),
        })
    });
    let error = discover(&client, "https://a.b").await.unwrap_err();
    assert!(matches!(error, OauthError::Http(HttpError::Connect { .. })));
    assert!(
        stub.urls()
            .iter()
            .all(|url| url.contains("oauth-authorization-server"))
    );
    let (client, _) = Stub::responding(503, "");
    let error = discover(&client, "https://a.b").await.unwrap_err();
    assert!(error.is_transient() && error.status().is_some(), "{error}");
}
