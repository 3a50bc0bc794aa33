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
        Err(OauthError::NoEndpoint { name: "token", .. })
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
        let hint = error.hint().map(|hint| hint.plain()).unwrap_or_default();
        let command = format!("run `brainmaps login --issuer '{reported}'`");
        assert_eq!(
            hint.contains(&command),
            !reported.contains('\u{1b}'),
            "{hint}"
        );
        assert_eq!(
            hint.contains("imposter"),
            reported.contains("evil"),
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

const ADDRESS: &str = "/.well-known/oauth-authorization-server";

const UNUSABLE: &[&str] = &[
    "http://auth.example.com/token",
    "http://localhost:1/t",
    "http://10.0.0.5/x",
    "javascript:x",
    "https://u:p@a.b/",
    "/token",
    "",
];

#[tokio::test]
async fn unusable_endpoint_is_named_with_its_address_when_it_is_needed() {
    let issuer = "https://auth.example.com";
    for bad in UNUSABLE {
        let body = json!({"issuer": issuer, "token_endpoint": bad}).to_string();
        let found = discover_at(issuer, ADDRESS, body).await.0.unwrap();
        let error = found.server("me", &[]).unwrap_err();
        let expected = matches!(
            error,
            OauthError::UnusableEndpoint {
                field: "token_endpoint",
                ..
            }
        );
        assert!(expected, "{bad}: {error}");
        let shown = bad.replace("u:p@", "");
        assert!(error.to_string().contains(&shown), "{bad}: {error}");
        assert!(!error.to_string().contains("u:p"), "{error}");
    }
    let issuer = "http://localhost:1";
    let body = json!({"issuer": issuer, "token_endpoint": "http://localhost:1/t", "revocation_endpoint": null}).to_string();
    let found = discover_at(issuer, ADDRESS, body).await.0.unwrap();
    assert!(found.server("me", &[]).is_ok());
}

#[tokio::test]
async fn unusable_optional_endpoint_counts_as_absent() {
    let issuer = "https://auth.example.com";
    let mut values: Vec<Value> = UNUSABLE.iter().map(|text| json!(text)).collect();
    values.extend([json!(5), json!([]), json!({}), json!(false), json!(null)]);
    for field in [
        "revocation_endpoint",
        "introspection_endpoint",
        "userinfo_endpoint",
    ] {
        for value in &values {
            let mut body: Value = serde_json::from_str(&metadata(issuer)).unwrap();
            body[field] = value.clone();
            let found = discover_at(issuer, ADDRESS, body.to_string()).await.0;
            let server = found.unwrap().server("me", &[]).unwrap();
            assert_eq!(
                server.details().revocation_endpoint,
                None,
                "{field} {value}"
            );
            assert!(server.device_endpoint().is_ok());
        }
    }
}

#[tokio::test]
async fn device_endpoint_is_also_looked_up_in_the_second_document() {
    let issuer = "https://a.b";
    let without = json!({"issuer": issuer, "token_endpoint": "https://a.b/t"}).to_string();
    let (client, stub) = Stub::client({
        let without = without.clone();
        move |before, _| Ok(response(200, [&without, &metadata(issuer)][before]))
    });
    let found = discover(&client, issuer).await.unwrap();
    assert!(found.device_authorization_endpoint.is_some());
    assert_eq!(stub.count(), 2);
    for (status, second) in [
        (200, without.clone()),
        (404, String::new()),
        (503, String::new()),
    ] {
        let without = without.clone();
        let (client, _) = Stub::client(move |before, _| {
            Ok(if before == 0 {
                response(200, &without)
            } else {
                response(status, &second)
            })
        });
        let found = discover(&client, issuer).await.unwrap();
        assert_eq!(found.device_authorization_endpoint, None, "{status}");
    }
}

#[test]
fn issuer_is_derived_from_a_metadata_url() {
    for (text, issuer) in [
        (
            "https://a.b/.well-known/openid-configuration",
            "https://a.b",
        ),
        (
            "https://a.b/.well-known/oauth-authorization-server",
            "https://a.b",
        ),
        (
            "https://a.b/.well-known/oauth-authorization-server/realms/x",
            "https://a.b/realms/x",
        ),
        (
            "https://a.b/realms/x/.well-known/openid-configuration/",
            "https://a.b/realms/x",
        ),
        (" https://a.b/ ", "https://a.b/"),
        (
            "https://a.b/.well-known/openid-configurations",
            "https://a.b/.well-known/openid-configurations",
        ),
    ] {
        assert_eq!(issuer_from_metadata_url(text), issuer);
    }
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

/// Returns the metadata of a server with these additional members.
async fn discover_with(more: Value) -> Metadata {
    let issuer = "https://auth.example.com";
    let mut document: Value = serde_json::from_str(&metadata(issuer)).unwrap();
    let members = document.as_object_mut().unwrap();
    members.extend(more.as_object().unwrap().clone());
    let address = "/.well-known/oauth-authorization-server";
    let (found, _) = discover_at(issuer, address, document.to_string()).await;
    found.unwrap()
}

#[tokio::test]
async fn authorization_endpoints_and_policy_are_read() {
    let found = discover_with(json!({
        "authorization_endpoint": "https://auth.example.com/authorize?tenant=1",
        "pushed_authorization_request_endpoint": "https://auth.example.com/par",
        "require_pushed_authorization_requests": true,
        "authorization_response_iss_parameter_supported": true,
        "code_challenge_methods_supported": ["plain", "S256"],
    }));
    let server = found.await.server("me", &[]).unwrap();
    let page = server.authorization_endpoint().unwrap();
    assert_eq!(page.query(), Some("tenant=1"));
    let login = server.login_endpoints();
    assert_eq!(login.pushed_authorization.as_ref().unwrap().path(), "/par");
    assert!(login.policy.requires_pushed_requests && login.policy.sends_issuer);
    assert!(!login.policy.lacks_pkce);
}

#[tokio::test]
async fn unusable_authorization_endpoints_are_ignored() {
    let found = discover_with(json!({
        "authorization_endpoint": "https://auth.example.com/authorize#part",
        "require_pushed_authorization_requests": "true",
        "code_challenge_methods_supported": ["plain"],
    }));
    let server = found.await.server("me", &[]).unwrap();
    assert!(server.authorization_endpoint().is_err());
    let policy = server.login_endpoints().policy;
    assert!(policy.lacks_pkce && !policy.requires_pushed_requests);
    for page in [
        "http://auth.example.com/a",
        "javascript:alert(1)",
        "file:///a",
    ] {
        let found = discover_with(json!({"authorization_endpoint": page})).await;
        assert_eq!(found.authorization_endpoint, None);
        assert!(found.unusable_endpoint("authorization_endpoint").is_some());
    }
    let evil = json!({"authorization_endpoint": "https://evil.test/authorize"});
    assert!(discover_with(evil).await.server("me", &[]).is_err());
}
