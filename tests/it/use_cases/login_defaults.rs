//! The defaults of a login: what it requests, what is granted, and what the next login reuses.

use brainmaps::actions::{Context, LoginOptions, login_with_device_flow};
use brainmaps::domain::Scopes;
use brainmaps::host::Environment;
use serde_json::json;

use super::authorization_servers::{describe, endpoints, options_for_issuer, serve, serve_with};
use super::fixture::{Fixture, target};

#[tokio::test(start_paused = true)]
async fn a_second_login_reuses_issuer_client_url_and_scopes() {
    let fixture = Fixture::new();
    describe(
        &fixture,
        "issuer = \"https://as.mine.test\"\nscopes = [\"usual\"]",
    );
    serve(&fixture, "https://as.test", endpoints("https://as.test"));
    let mut context = fixture.profile("mine");
    context.options.api_url = Some("https://staging.mine.test/v1".parse().unwrap());
    let options = LoginOptions {
        scopes: Scopes::parse("a b"),
        ..options_for_issuer("https://as.test")
    };
    login_with_device_flow(&context, &options).await.unwrap();
    fixture.network.clear_requests();
    let done = login_with_device_flow(&fixture.profile("mine"), &LoginOptions::default())
        .await
        .unwrap();
    assert_eq!(done.issuer.as_deref(), Some("https://as.test"));
    assert_eq!(done.origin, "https://staging.mine.test");
    let received = &fixture.network.requests()[1];
    assert_eq!(
        (received.field("client_id"), received.field("scope")),
        ("me".into(), "a b".into())
    );
    let base = target(&fixture.profile("mine")).base.unwrap();
    assert_eq!(base.to_string(), "https://staging.mine.test/v1");
}

/// Profile `work`, with `--replace`.
fn replacing(fixture: &Fixture) -> Context {
    let mut context = fixture.profile("work");
    context.options.replace = true;
    context
}

/// Otherwise the new server's access token would be sent to the old server.
#[tokio::test(start_paused = true)]
async fn a_login_at_another_issuer_changes_the_api_url() {
    let fixture = Fixture::new();
    for issuer in ["https://one.test", "https://two.test"] {
        serve(&fixture, issuer, endpoints(issuer));
        let done = login_with_device_flow(&replacing(&fixture), &options_for_issuer(issuer))
            .await
            .unwrap();
        assert_eq!(done.origin, issuer);
        let base = target(&fixture.profile("work")).base.unwrap();
        assert_eq!(base.to_string(), issuer);
    }
    let mut context = replacing(&fixture);
    context.options.api_url = Some("https://api.two.test".parse().unwrap());
    login_with_device_flow(&context, &options_for_issuer("https://two.test"))
        .await
        .unwrap();
    let done = login_with_device_flow(
        &fixture.profile("work"),
        &options_for_issuer("https://one.test"),
    )
    .await
    .unwrap();
    assert_eq!(
        done.origin, "https://api.two.test",
        "the API URL of the first login is kept"
    );
}

#[tokio::test(start_paused = true)]
async fn issuer_and_client_options_take_precedence_over_variables() {
    let fixture = Fixture::new();
    describe(
        &fixture,
        "issuer = \"https://as.mine.test\"\nclient_id = \"c\"",
    );
    for issuer in ["https://env.test", "https://as.test"] {
        serve(&fixture, issuer, endpoints(issuer));
    }
    let mut context = fixture.profile("mine");
    context.environment =
        Environment::from_vars([("MINE_ISSUER", "https://env.test"), ("MINE_CLIENT", "env")]);
    login_with_device_flow(&context, &LoginOptions::default())
        .await
        .unwrap();
    let authority = fixture.stored("mine").unwrap().oauth_server.unwrap();
    assert_eq!(
        (authority.issuer.as_str(), authority.client_id.as_str()),
        ("https://env.test", "env")
    );
    login_with_device_flow(&context, &options_for_issuer("https://as.test"))
        .await
        .unwrap();
    let authority = fixture.stored("mine").unwrap().oauth_server.unwrap();
    assert_eq!(
        (authority.issuer.as_str(), authority.client_id.as_str()),
        ("https://as.test", "me")
    );
}

#[tokio::test(start_paused = true)]
async fn the_sandbox_is_its_own_issuer_with_its_own_client() {
    let fixture = Fixture::new();
    let mut context = fixture.in_sandbox("basic-memory");
    context.environment = Environment::from_vars([
        ("BASIC_MEMORY_CLOUD_DOMAIN", "https://env.test"),
        ("BASIC_MEMORY_CLOUD_HOST", "https://host.test"),
        ("BASIC_MEMORY_CLOUD_CLIENT_ID", "env"),
    ]);
    let done = login_with_device_flow(&context, &LoginOptions::default())
        .await
        .unwrap();
    assert_eq!(done.origin, "http://localhost:8000");
    assert!(
        fixture
            .network
            .requests()
            .iter()
            .all(|seen| seen.origin() == "http://localhost:8000")
    );
}

#[tokio::test(start_paused = true)]
async fn a_device_request_contains_the_described_scopes() {
    let fixture = Fixture::new();
    describe(
        &fixture,
        "client_id = \"c\"\nscopes = [\"a\", \"b\", \"c\"]",
    );
    let mut metadata = endpoints("https://api.mine.test");
    metadata["scopes_supported"] = json!(["b", "c", "z"]);
    serve_with(
        &fixture,
        "https://api.mine.test",
        metadata,
        json!({"scope": "c"}),
    );
    let context = fixture.profile("mine");
    let done = login_with_device_flow(&context, &LoginOptions::default())
        .await
        .unwrap();
    assert_eq!(fixture.network.requests()[1].field("scope"), "a b c");
    assert_eq!(
        done.missing_scopes,
        Scopes::parse("a b"),
        "requested, but not granted"
    );
    assert_eq!(fixture.stored("mine").unwrap().scopes, Scopes::parse("c"));

    fixture.network.clear_requests();
    let options = LoginOptions {
        scopes: Scopes::parse("a"),
        ..LoginOptions::default()
    };
    login_with_device_flow(&context, &options).await.unwrap();
    assert_eq!(fixture.network.requests()[1].field("scope"), "a");
}

#[tokio::test(start_paused = true)]
async fn rfc6749_5_1_a_response_without_scope_has_the_requested_scopes() {
    let fixture = Fixture::new();
    serve_with(
        &fixture,
        "https://as.test",
        endpoints("https://as.test"),
        json!({"scope": null, "expires_in": null, "refresh_token": null, "x": [1]}),
    );
    let options = LoginOptions {
        scopes: Scopes::parse("a b"),
        ..options_for_issuer("https://as.test")
    };
    let done = login_with_device_flow(&fixture.profile("work"), &options)
        .await
        .unwrap();
    assert_eq!((done.expires_at, done.refreshable), (None, false));
    assert_eq!(done.scopes, Scopes::parse("a b"));
    assert!(done.missing_scopes.is_empty());
}
