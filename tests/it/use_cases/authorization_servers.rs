//! Which authorization server and which endpoints a login uses.

use brainmaps::actions::{
    ActionError, LoginOptions, Target, WorkloadOptions, login_with_device_flow, login_with_workload,
};
use brainmaps::http::Response;
use brainmaps::oauth::OauthError;
use serde_json::{Value, json};

use super::fixture::{Fixture, canary, error_chain, target};
use super::network::{self, RecordedRequest};

const METADATA: &str = "/.well-known/oauth-authorization-server";

/// An authorization server: its metadata (with `issuer`), and its endpoints by the end of their path.
pub(super) fn serve(fixture: &Fixture, issuer: &str, metadata: Value) {
    serve_with(fixture, issuer, metadata, json!({}));
}

pub(super) fn serve_with(fixture: &Fixture, issuer: &str, metadata: Value, grant: Value) {
    let issuer = issuer.to_owned();
    fixture.network.add_script(move |seen| {
        (seen.origin() == issuer).then(|| Ok(response(seen, &issuer, &metadata, &grant)))
    });
}

fn response(seen: &RecordedRequest, issuer: &str, metadata: &Value, grant: &Value) -> Response {
    let path = seen.url.path();
    if path == METADATA && !metadata.is_null() {
        return network::json(200, &merged(&json!({"issuer": issuer}), metadata));
    }
    if path.ends_with("/device") {
        return network::json(
            200,
            &json!({"device_code": canary("device"), "user_code": "CODE", "expires_in": 600,
                "verification_uri": format!("{issuer}/page")}),
        );
    }
    if path.ends_with("/token") {
        let usual = json!({"access_token": canary("access"), "refresh_token": canary("refresh"),
            "expires_in": 3600, "token_type": "Bearer"});
        return network::json(200, &merged(&usual, grant));
    }
    network::text(404, "text/html", "<html>not here</html>")
}

fn merged(base: &Value, more: &Value) -> Value {
    let mut all = base.as_object().unwrap().clone();
    all.extend(more.as_object().unwrap().clone());
    Value::Object(all)
}

pub(super) fn endpoints(base: &str) -> Value {
    json!({"device_authorization_endpoint": format!("{base}/device"),
        "token_endpoint": format!("{base}/token"),
        "revocation_endpoint": format!("{base}/revoke")})
}

/// Describes a service with these lines about its authorization server.
pub(super) fn describe(fixture: &Fixture, oauth: &str) {
    fixture.write_description(
        "mine",
        &format!(
            "id = \"mine\"\nname = \"Mine\"\napi_url = \"https://api.mine.test\"\n[headers]\n\
            access_token = {{ name = \"Authorization\", scheme = \"Bearer\" }}\n\
            [environment]\nissuer = \"MINE_ISSUER\"\nclient_id = \"MINE_CLIENT\"\n[oauth]\n{oauth}\n"
        ),
    );
}

/// Returns the targets of the device request and the polls.
fn login_targets(fixture: &Fixture) -> Vec<String> {
    let mut places: Vec<String> = fixture
        .network
        .requests()
        .iter()
        .filter(|seen| seen.method == "POST")
        .map(|seen| seen.url.to_string())
        .collect();
    places.dedup();
    places
}

pub(super) fn options_for_issuer(issuer: &str) -> LoginOptions {
    LoginOptions {
        issuer: Some(issuer.to_owned()),
        client_id: Some("me".to_owned()),
        ..LoginOptions::default()
    }
}

#[tokio::test(start_paused = true)]
async fn described_absolute_endpoints_need_no_metadata() {
    let fixture = Fixture::new();
    describe(
        &fixture,
        "issuer = \"https://as.mine.test\"\nclient_id = \"c\"\n\
        device_authorization_endpoint = \"https://as.mine.test/v2/device\"\n\
        token_endpoint = \"https://as.mine.test/v2/token\"",
    );
    serve(&fixture, "https://as.mine.test", Value::Null);
    let done = login_with_device_flow(&fixture.profile("mine"), &LoginOptions::default())
        .await
        .unwrap();
    assert_eq!(done.origin, "https://api.mine.test");
    assert_eq!(
        login_targets(&fixture),
        [
            "https://as.mine.test/v2/device",
            "https://as.mine.test/v2/token"
        ]
    );
    let authority = fixture.stored("mine").unwrap().oauth_server.unwrap();
    assert_eq!(authority.issuer, "https://as.mine.test");
    assert_eq!(authority.revocation_endpoint, None);
}

#[tokio::test(start_paused = true)]
async fn workload_login_names_the_token_endpoint_that_the_server_lacks() {
    let fixture = Fixture::new();
    let issuer = "https://as.mine.test";
    describe(
        &fixture,
        &format!("issuer = \"{issuer}\"\nclient_id = \"c\""),
    );
    let device = json!({"device_authorization_endpoint": format!("{issuer}/device")});
    serve(&fixture, issuer, device);
    let (options, workload) = (LoginOptions::default(), WorkloadOptions::default());
    let failed = login_with_workload(&fixture.profile("mine"), &options, &workload).await;
    assert!(
        matches!(
            failed,
            Err(ActionError::Oauth(OauthError::NoEndpoint {
                name: "token",
                ..
            }))
        ),
        "{failed:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn described_relative_endpoints_are_relative_to_the_issuer() {
    let oauth = "issuer = \"https://as.mine.test\"\nclient_id = \"c\"\n\
        device_authorization_endpoint = \"/o/device\"\ntoken_endpoint = \"/o/token\"";
    for issuer in ["https://as.mine.test", "https://other.test"] {
        let fixture = Fixture::new();
        describe(&fixture, oauth);
        serve(&fixture, issuer, Value::Null);
        let done = login_with_device_flow(&fixture.profile("mine"), &options_for_issuer(issuer))
            .await
            .unwrap();
        assert_eq!(done.issuer.as_deref(), Some(issuer));
        let expected = ["device", "token"].map(|name| format!("{issuer}/o/{name}"));
        assert_eq!(login_targets(&fixture), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn metadata_without_a_device_endpoint_is_completed_from_the_description() {
    let fixture = Fixture::new();
    describe(
        &fixture,
        "issuer = \"https://as.mine.test\"\nclient_id = \"c\"\n\
        device_authorization_endpoint = \"/o/device\"",
    );
    serve(
        &fixture,
        "https://as.mine.test",
        json!({"token_endpoint": "https://as.mine.test/listed/token",
            "revocation_endpoint": "https://as.mine.test/listed/revoke"}),
    );
    login_with_device_flow(&fixture.profile("mine"), &LoginOptions::default())
        .await
        .unwrap();
    assert_eq!(
        login_targets(&fixture),
        [
            "https://as.mine.test/o/device",
            "https://as.mine.test/listed/token"
        ]
    );
    let authority = fixture.stored("mine").unwrap().oauth_server.unwrap();
    let revoke = authority.revocation_endpoint.unwrap();
    assert_eq!(revoke.as_str(), "https://as.mine.test/listed/revoke");
}

#[tokio::test(start_paused = true)]
async fn another_issuer_does_not_get_the_described_absolute_endpoints() {
    let fixture = Fixture::new();
    describe(
        &fixture,
        "issuer = \"https://as.mine.test\"\nclient_id = \"c\"\n\
        device_authorization_endpoint = \"https://as.mine.test/o/device\"\n\
        token_endpoint = \"https://as.mine.test/o/token\"",
    );
    serve(&fixture, "https://as.mine.test", Value::Null);
    serve(
        &fixture,
        "https://other.test",
        endpoints("https://other.test/x"),
    );
    login_with_device_flow(
        &fixture.profile("mine"),
        &options_for_issuer("https://other.test"),
    )
    .await
    .unwrap();
    assert_eq!(
        login_targets(&fixture),
        ["https://other.test/x/device", "https://other.test/x/token"]
    );

    serve(&fixture, "https://bare.test", Value::Null);
    let error = login_with_device_flow(
        &fixture.profile("mine"),
        &options_for_issuer("https://bare.test"),
    )
    .await;
    assert!(error_chain(&error.unwrap_err()).contains("bare.test"));
}

#[tokio::test(start_paused = true)]
async fn rfc8414_3_3_metadata_of_another_issuer_is_not_used() {
    let fixture = Fixture::new();
    let mut metadata = endpoints("https://evil.test");
    metadata["issuer"] = json!("https://evil.test");
    serve(&fixture, "https://as.test", metadata);
    let error = login_with_device_flow(
        &fixture.profile("work"),
        &options_for_issuer("https://as.test"),
    )
    .await;
    assert!(matches!(
        error,
        Err(ActionError::Oauth(OauthError::IssuerMismatch { .. }))
    ));
    assert_eq!(login_targets(&fixture), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn an_unknown_profile_with_an_issuer_uses_the_generic_oauth2_service() {
    let fixture = Fixture::new();
    serve(&fixture, "https://as.test", endpoints("https://as.test"));
    let context = fixture.profile("work");
    let error = login_with_device_flow(&context, &LoginOptions::default()).await;
    assert!(matches!(error, Err(ActionError::NoSuchProfile { .. })));
    let done = login_with_device_flow(&context, &options_for_issuer("https://as.test"))
        .await
        .unwrap();
    assert_eq!(done.provider.as_str(), "oauth2");
    assert_eq!(done.origin, "https://as.test");
    let kept = target(&context).profile;
    assert_eq!(kept.issuer.as_deref(), Some("https://as.test"));
    assert_eq!(kept.client_id.as_deref(), Some("me"));
}

#[tokio::test(start_paused = true)]
async fn an_issuer_requires_a_client_id() {
    let fixture = Fixture::new();
    serve(&fixture, "https://as.test", endpoints("https://as.test"));
    let options = LoginOptions {
        client_id: None,
        ..options_for_issuer("https://as.test")
    };
    let error = login_with_device_flow(&fixture.profile("work"), &options).await;
    assert!(matches!(error, Err(ActionError::MissingClientId { .. })));
}

#[tokio::test(start_paused = true)]
async fn an_unsafe_issuer_is_rejected_without_a_request() {
    let fixture = Fixture::new();
    for issuer in [
        "http://as.test",
        "ftp://as.test",
        "as.test",
        "https://u:p@as.test",
        "",
    ] {
        let error =
            login_with_device_flow(&fixture.profile("work"), &options_for_issuer(issuer)).await;
        assert!(
            matches!(
                error,
                Err(ActionError::Url(_) | ActionError::Oauth(OauthError::NotAnIssuer { .. }))
            ),
            "{issuer}: {error:?}"
        );
    }
    assert_eq!(fixture.network.lines(), [""; 0]);
    assert!(Target::for_login(&fixture.profile("work"), true).is_ok());
}
