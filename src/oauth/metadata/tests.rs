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

/// Asks a server that has `body` at `path`, and 404 elsewhere.
async fn ask(
    issuer: &str,
    path: &'static str,
    body: String,
) -> (Result<Metadata, OauthError>, Vec<String>) {
    let (client, stub) = Stub::client(move |_, asked| {
        Ok(if asked.url().path() == path {
            response(200, &body)
        } else {
            response(404, "<html>no</html>")
        })
    });
    (discover(&client, issuer).await, stub.urls())
}

#[tokio::test]
async fn rfc8414_3_1_the_well_known_part_stands_between_host_and_path_and_openids_after_it() {
    let issuer = "https://auth.example.com/realms/one";
    let first = "/.well-known/oauth-authorization-server/realms/one";
    let second = "/realms/one/.well-known/openid-configuration";
    let (found, asked) = ask(issuer, first, metadata(issuer)).await;
    assert_eq!(found.unwrap().issuer, issuer);
    assert_eq!(asked, [format!("https://auth.example.com{first}")]);
    let (found, asked) = ask(issuer, second, metadata(issuer)).await;
    let found = found.unwrap();
    assert_eq!(asked.len(), 2);
    assert_eq!(
        found.token_endpoint.unwrap().as_str(),
        "https://auth.example.com/token"
    );
    assert_eq!(found.revocation_endpoint, None);
    assert_eq!(found.scopes_supported, Some(Scopes::parse("read write")));
}

#[tokio::test]
async fn endpoints_that_a_sign_in_needs_are_missed_by_name() {
    let issuer = "https://auth.example.com";
    let place = "/.well-known/oauth-authorization-server";
    let whole = ask(issuer, place, metadata(issuer)).await.0.unwrap();
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
    let bare = ask(issuer, place, json!({"issuer": issuer}).to_string())
        .await
        .0
        .unwrap();
    assert!(matches!(
        bare.server("me", &[]),
        Err(OauthError::NoEndpoint { what: "token", .. })
    ));
}

#[tokio::test]
async fn an_issuer_without_a_path_is_asked_at_the_root() {
    for issuer in [
        "https://auth.example.com",
        "https://auth.example.com/",
        "http://127.0.0.1:8000",
    ] {
        let (found, _) = ask(
            issuer,
            "/.well-known/oauth-authorization-server",
            metadata(issuer),
        )
        .await;
        assert_eq!(found.unwrap().issuer, issuer);
    }
}

#[tokio::test]
async fn rfc8414_3_3_another_issuer_is_not_used() {
    let place = "/.well-known/oauth-authorization-server";
    for (asked, told) in [
        ("https://auth.example.com", "https://auth.example.com/"),
        ("https://auth.example.com/", "https://auth.example.com"),
        ("https://AUTH.example.com", "https://auth.example.com"),
        ("https://auth.example.com", "https://evil.net"),
        (
            "https://auth.example.com",
            "https://auth.example.com\u{1b}[31m",
        ),
    ] {
        let error = ask(asked, place, metadata(told)).await.0.unwrap_err();
        assert!(
            matches!(error, OauthError::IssuerMismatch { .. }),
            "{error}"
        );
        assert!(!error.to_string().contains('\u{1b}'));
        let slash_apart = asked.trim_end_matches('/') == told.trim_end_matches('/');
        let hint = error.hint().unwrap();
        assert_eq!(
            hint == format!("a final slash counts: the exact issuer is {told}"),
            slash_apart,
            "{hint}"
        );
    }
}

#[tokio::test]
async fn rfc8414_2_an_issuer_is_an_https_url_without_query_and_fragment() {
    for bad in [
        "http://auth.example.com",
        "auth.example.com",
        "https://a.b/?x=1",
        "https://a.b/#x",
        "https://u:p@a.b",
        "",
    ] {
        let (error, asked) = ask(bad, "/", String::new()).await;
        assert!(
            matches!(error, Err(OauthError::NotAnIssuer { .. })),
            "{bad}"
        );
        assert!(asked.is_empty());
    }
}

#[tokio::test]
async fn endpoints_of_an_https_issuer_are_https() {
    let issuer = "https://auth.example.com";
    let place = "/.well-known/oauth-authorization-server";
    for bad in [
        "http://auth.example.com/token",
        "http://localhost:1/t",
        "javascript:x",
        "https://u:p@a.b/",
        "/token",
        "",
    ] {
        let body = json!({"issuer": issuer, "token_endpoint": bad}).to_string();
        let error = ask(issuer, place, body).await.0.unwrap_err();
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
    assert!(ask(issuer, place, body).await.0.is_ok());
}

#[tokio::test]
async fn both_places_and_what_came_from_each_are_told() {
    let bodies = [
        ("<html>hunter2</html>", "it is a web page, not JSON"),
        (r#"{"issuer":"hunter2"#, "it is no JSON, or cut off"),
        ("{}", "lacks `issuer`"),
        (r#"{"issuer":["hunter2"]}"#, "lacks `issuer`"),
    ];
    for (body, expected) in bodies {
        let (error, _) = ask(
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
            text.contains("https://a.b/c/.well-known/openid-configuration refused: HTTP 404"),
            "{text}"
        );
        assert!(
            text.contains(expected) && !text.contains("hunter2"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn a_page_for_every_address_does_not_hide_the_second_place() {
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
async fn a_dead_network_stops_at_once_and_a_sick_server_is_called_sick() {
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
