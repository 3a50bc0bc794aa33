//! The protected resource (RFC 9728) and tokens for it (RFC 8707).

use axum::body::Body;
use axum::http::Method;

use super::authorization::{approving, changed_parameters, code, redeem};
use super::fixture::{BASIC_MEMORY, Fixture, request};

const RESOURCE: &str = "http://localhost:8000/resource";

async fn token(fixture: &Fixture, scope: &'static str, resource: &'static str) -> String {
    let code = code(
        fixture,
        &changed_parameters(&[("scope", scope), ("resource", resource)]),
    )
    .await;
    redeem(fixture, &code, &[]).await.text("/access_token")
}

#[tokio::test]
async fn challenge_leads_to_the_metadata_and_the_server() {
    let fixture = Fixture::new();
    for prefix in ["", BASIC_MEMORY] {
        let reply = fixture.get(&format!("{prefix}/resource"), "").await;
        assert_eq!(reply.status, 401);
        let path = format!("/.well-known/oauth-protected-resource{prefix}/resource");
        let expected =
            format!("Bearer resource_metadata=\"http://localhost:8000{path}\", scope=\"openid\"");
        assert_eq!(reply.header("www-authenticate"), expected);
        let metadata = fixture.get(&path, "").await;
        assert_eq!(
            metadata.text("/resource"),
            format!("http://localhost:8000{prefix}/resource")
        );
        assert_eq!(
            metadata.text("/authorization_servers/0"),
            format!("http://localhost:8000{prefix}")
        );
    }
}

#[tokio::test]
async fn only_tokens_for_the_resource_are_accepted() {
    let fixture = approving();
    for (resource, status) in [
        (RESOURCE, 200),
        ("http://localhost:8000/basic-memory/resource", 401),
        ("http://localhost:8000/resource/", 401),
        ("", 401),
    ] {
        let token = token(&fixture, "openid", resource).await;
        let reply = fixture.get("/resource", &format!("Bearer {token}")).await;
        assert_eq!(reply.status, status, "{resource}");
        let is_challenged = reply
            .header("www-authenticate")
            .starts_with("Bearer error=\"invalid_token\", resource_metadata=");
        assert_eq!(is_challenged, status == 401, "{reply:?}");
    }
}

#[tokio::test]
async fn missing_scope_is_named() {
    let fixture = approving();
    for (scope, status) in [("openid", 403), ("openid email", 200)] {
        let token = token(&fixture, scope, RESOURCE).await;
        let bearer = format!("Bearer {token}");
        let post = request(Method::POST, "/resource", &bearer, Body::empty());
        let reply = fixture.send(post).await;
        assert_eq!(reply.status, status, "{scope}");
        let challenge = reply.header("www-authenticate");
        let expected = "Bearer error=\"insufficient_scope\", scope=\"openid email\"";
        assert_eq!(challenge.starts_with(expected), status == 403);
    }
}

#[tokio::test]
async fn token_request_may_name_the_approved_resource_only() {
    let fixture = approving();
    let code = code(&fixture, &changed_parameters(&[("resource", RESOURCE)])).await;
    let other = [("resource", "https://other.test/")];
    let reply = redeem(&fixture, &code, &other).await;
    assert_eq!(reply.error(), (400, "invalid_target".to_owned()));
    let reply = redeem(&fixture, &code, &[("resource", RESOURCE)]).await;
    assert_eq!(reply.status, 200);
}
