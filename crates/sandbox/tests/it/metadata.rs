//! The metadata of the OAuth servers (RFC 8414).

use serde_json::Value;

use super::fixture::Fixture;

#[tokio::test]
async fn metadata_is_at_the_url_of_rfc_8414() {
    let fixture = Fixture::new();
    for (path, issuer) in [
        (
            "/.well-known/oauth-authorization-server",
            "http://localhost:8000",
        ),
        (
            "/.well-known/oauth-authorization-server/basic-memory",
            "http://localhost:8000/basic-memory",
        ),
        (
            "/basic-memory/.well-known/oauth-authorization-server",
            "http://localhost:8000/basic-memory",
        ),
    ] {
        let reply = fixture.get(path, "").await;
        assert_eq!(reply.status, 200, "{path}");
        assert_eq!(reply.text("/issuer"), issuer);
        assert_eq!(
            reply.text("/token_endpoint"),
            format!("{issuer}/oauth2/token")
        );
        assert_eq!(
            reply.text("/device_authorization_endpoint"),
            format!("{issuer}/oauth2/device_authorization")
        );
        assert_eq!(
            reply.text("/revocation_endpoint"),
            format!("{issuer}/oauth2/revoke")
        );
        assert_eq!(
            reply.text("/introspection_endpoint"),
            format!("{issuer}/oauth2/introspect")
        );
        assert_eq!(reply.json()["code_challenge_methods_supported"][0], "S256");
        assert!(reply.json()["response_types_supported"].is_array());
    }
}

#[tokio::test]
async fn rfc8414_2_required_members_are_filled() {
    let reply = Fixture::new()
        .get("/.well-known/oauth-authorization-server", "")
        .await;
    let metadata = reply.json();
    assert_eq!(metadata["issuer"], "http://localhost:8000");
    for endpoint in [
        "authorization_endpoint",
        "token_endpoint",
        "jwks_uri",
        "registration_endpoint",
        "revocation_endpoint",
        "introspection_endpoint",
        "device_authorization_endpoint",
        "pushed_authorization_request_endpoint",
    ] {
        let url = metadata[endpoint].as_str().unwrap_or_default();
        assert!(url.starts_with("http://localhost:8000/"), "{endpoint}");
    }
    for (member, value) in [
        ("response_types_supported", "code"),
        ("grant_types_supported", "authorization_code"),
        ("token_endpoint_auth_methods_supported", "none"),
        ("scopes_supported", "openid"),
        ("id_token_signing_alg_values_supported", "ES256"),
    ] {
        let values = metadata[member].as_array().unwrap();
        assert!(values.contains(&Value::from(value)), "{member}: {values:?}");
    }
}

#[tokio::test]
async fn rfc8414_3_2_response_is_json_without_empty_members() {
    let fixture = Fixture::new();
    for path in [
        "/.well-known/oauth-authorization-server",
        "/.well-known/openid-configuration",
    ] {
        let reply = fixture.get(path, "").await;
        assert_eq!(reply.status, 200);
        assert_eq!(reply.header("content-type"), "application/json");
        let metadata = reply.json();
        for (name, value) in metadata.as_object().unwrap() {
            let is_empty = value.is_null()
                || value.as_array().is_some_and(Vec::is_empty)
                || value.as_str().is_some_and(str::is_empty);
            assert!(!is_empty, "{path}: {name}");
        }
    }
}
