//! A stored credential is sent to its own origin only, even if an argument, a variable or a file names another one. The record of
//! all requests proves it.

use brainmaps::actions::{
    ActionError, AuthenticatedClient, Context, ListOptions, LoginOptions, Purpose, Target,
    login_with_device_flow,
};
use brainmaps::host::Environment;
use brainmaps::http::HttpError;
use serde_json::json;

use super::fixture::{
    API, AUTHORIZATION_SERVER, Fixture, canary, error_chain, key, session, target,
};
use super::network;

const EVIL: &str = "https://evil.test";

/// A server that accepts everything.
fn evil(fixture: &Fixture) {
    fixture.network.add_script(|seen| {
        (seen.origin() == EVIL)
            .then(|| Ok(network::json(200, &json!({"email": "x", "results": []}))))
    });
}

/// Runs everything that uses the stored credential.
async fn try_everything(fixture: &Fixture, context: &Context) {
    if let Ok(target) = Target::resolve(context) {
        if let Ok(access) = AuthenticatedClient::open(context.session(&target), Purpose::Read) {
            let _ = access.service().await.whoami().await;
        }
        let _ = context
            .session(&target)
            .list_tokens(&ListOptions::default())
            .await;
        let _ = context.session(&target).check_status().await;
        let _ = context.session(&target).logout(false).await;
    }
    for name in ["old", "old-refresh", "new"] {
        let home = if name == "old-refresh" {
            AUTHORIZATION_SERVER
        } else {
            API
        };
        // Only a revocation sends an access token to its authorization server.
        let used: Vec<_> = fixture
            .network
            .requests()
            .into_iter()
            .filter(|seen| seen.url.path() != "/revoke")
            .collect();
        for seen in used {
            let carries =
                seen.authorization().contains(&canary(name)) || seen.body.contains(&canary(name));
            assert!(!carries || seen.origin() == home, "{name}: {seen:?}");
        }
    }
    for seen in fixture.network.requests() {
        assert!(
            seen.origin() != EVIL || seen.authorization().is_empty(),
            "{seen:?}"
        );
        assert!(
            !seen.body.contains("c4n4ry") || seen.origin() == AUTHORIZATION_SERVER,
            "{seen:?}"
        );
    }
}

async fn fixture_with_session(left: i64) -> Fixture {
    let fixture = Fixture::new();
    evil(&fixture);
    fixture
        .store("brainmaps", &session("old", "old-refresh", left))
        .await;
    let new = json!({"access_token": canary("new")});
    fixture.network.add_response(
        &format!("POST {AUTHORIZATION_SERVER}/token"),
        network::json(200, &new),
    );
    fixture.network.add_response(
        &format!("POST {AUTHORIZATION_SERVER}/revoke"),
        network::text(200, "text/plain", ""),
    );
    fixture
}

#[tokio::test(start_paused = true)]
async fn rfc9700_4_9_arguments_variables_and_settings_do_not_redirect_a_credential() {
    type Change = fn(&mut Context);
    let changes: [Change; 4] = [
        |context| context.options.api_url = Some(EVIL.parse().unwrap()),
        |context| context.environment = Environment::from_vars([("BRAINMAPS_API_URL", EVIL)]),
        |context| {
            let settings = std::mem::take(&mut context.config);
            context.config = settings.with("api_url.brainmaps", EVIL).unwrap();
        },
        |context| context.options.sandbox = true,
    ];
    for change in changes {
        for left in [3600, 0] {
            let fixture = fixture_with_session(left).await;
            let mut context = fixture.context();
            change(&mut context);
            let target = target(&context);
            let error = AuthenticatedClient::open(context.session(&target), Purpose::Read)
                .err()
                .unwrap();
            let ActionError::LoginRequired { reasons, .. } = &error else {
                panic!("{error}")
            };
            assert!(
                reasons[0].contains(&format!("belongs to {API}")),
                "{reasons:?}"
            );
            Box::pin(try_everything(&fixture, &context)).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn rfc9700_4_9_files_and_an_edited_index_do_not_redirect_a_credential() {
    for left in [3600, 0] {
        let fixture = fixture_with_session(left).await;
        fixture.write_dotenv(&format!("BRAINMAPS_API_URL={EVIL}"));
        Box::pin(try_everything(&fixture, &fixture.context())).await;

        let fixture = fixture_with_session(left).await;
        fixture.write_description(
            "brainmaps",
            &format!(
                "id = \"brainmaps\"\nname = \"Mine\"\napi_url = \"{EVIL}\"\n\
                [headers]\naccess_token = {{ name = \"X-Key\" }}\n\
                [whoami]\ncall = \"GET /me\"\n[tokens.list]\ncall = \"GET /list\"\nitems = [\"\"]\n\
                [oauth]\nissuer = \"{EVIL}\"\ntoken_endpoint = \"/t\"\nrevocation_endpoint = \"/r\"\n\
                [logout]\ncall = \"POST /out\"\nends = [\"access_token\"]\n"
            ),
        );
        Box::pin(try_everything(&fixture, &fixture.context())).await;
        assert!(
            fixture
                .network
                .requests()
                .iter()
                .all(|seen| seen.headers.get("x-key").is_none())
        );

        let fixture = fixture_with_session(left).await;
        let context = fixture.context();
        let name: brainmaps::domain::ProfileName = "brainmaps".parse().unwrap();
        let edit = |index: &mut brainmaps::vault::ProfileIndex| {
            let kept = index.profiles.get_mut(&name).unwrap();
            kept.api_url = Some(EVIL.parse().unwrap());
            kept.issuer = Some(EVIL.to_owned());
        };
        context.vault.update_index(edit).await.unwrap();
        Box::pin(try_everything(&fixture, &context)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn rfc9700_4_9_no_redirect_is_followed_with_a_credential() {
    let homes = [
        "https://evil.test/me",
        "/elsewhere",
        "http://api.brainmaps.science/api/auth/me/",
    ];
    for to in homes {
        for status in [301, 302, 303, 307, 308] {
            let fixture = fixture_with_session(3600).await;
            let redirect =
                network::with_header(network::text(status, "text/html", ""), "location", to);
            fixture
                .network
                .add_response(&format!("GET {API}/api/auth/me/"), redirect);
            let context = fixture.context();
            let target = target(&context);
            let access =
                AuthenticatedClient::open(context.session(&target), Purpose::Read).unwrap();
            let error = access.service().await.whoami().await.unwrap_err();
            let followed = !matches!(error, ActionError::Http(HttpError::Redirected { .. }));
            assert!(!followed, "{status} {to}: {error}");
            error_chain(&error);
            assert_eq!(fixture.network.requests().len(), 1);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn rfc9700_4_9_a_redirect_of_the_token_endpoint_gets_no_refresh_token() {
    let fixture = fixture_with_session(0).await;
    let redirect = network::with_header(network::text(307, "text/html", ""), "location", EVIL);
    fixture.network.add_response(
        &format!("POST {AUTHORIZATION_SERVER}/token"),
        redirect.clone(),
    );
    fixture
        .network
        .add_response(&format!("POST {AUTHORIZATION_SERVER}/revoke"), redirect);
    Box::pin(try_everything(&fixture, &fixture.context())).await;
    assert!(
        fixture
            .network
            .requests()
            .iter()
            .all(|seen| seen.origin() == AUTHORIZATION_SERVER)
    );
}

#[tokio::test(start_paused = true)]
async fn another_port_scheme_or_host_name_is_another_origin() {
    for (own, other) in [
        ("http://localhost:8000", "http://localhost:8001"),
        ("http://localhost:8000", "http://127.0.0.1:8000"),
        ("http://localhost:8000", "https://localhost:8000"),
        (
            "https://api.brainmaps.science",
            "https://api.brainmaps.science.evil.test",
        ),
        ("https://api.brainmaps.science", "https://brainmaps.science"),
    ] {
        let fixture = Fixture::new();
        fixture
            .store("brainmaps", &key("brainmaps", own, "old"))
            .await;
        let mut context = fixture.context();
        context.options.api_url = Some(other.parse().unwrap());
        assert!(
            AuthenticatedClient::open(context.session(&target(&context)), Purpose::Read).is_err(),
            "{other}"
        );
        context.options.api_url = Some(format!("{own}/v2").parse().unwrap());
        assert!(
            AuthenticatedClient::open(context.session(&target(&context)), Purpose::Read).is_ok(),
            "{own}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn an_unsafe_url_is_rejected_before_any_request() {
    let fixture = fixture_with_session(3600).await;
    for bad in [
        "http://api.brainmaps.science",
        "nonsense",
        "https://me:pw@api.brainmaps.science",
    ] {
        let mut context = fixture.context();
        context.environment = Environment::from_vars([("BRAINMAPS_API_URL", bad)]);
        let error = Target::resolve(&context).unwrap_err();
        assert!(matches!(error, ActionError::Variable { .. }), "{error}");
    }
    assert_eq!(fixture.network.lines(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn sandbox_and_service_credentials_are_not_exchanged() {
    let fixture = Fixture::new();
    login_with_device_flow(&fixture.in_sandbox("brainmaps"), &LoginOptions::default())
        .await
        .unwrap();
    let context = fixture.context();
    assert!(AuthenticatedClient::open(context.session(&target(&context)), Purpose::Read).is_err());

    let fixture = fixture_with_session(3600).await;
    let context = fixture.in_sandbox("brainmaps");
    assert!(AuthenticatedClient::open(context.session(&target(&context)), Purpose::Read).is_err());
}

#[tokio::test(start_paused = true)]
async fn a_url_variable_applies_to_its_service_only() {
    let fixture = Fixture::new();
    let mut context = fixture.profile("basic-memory");
    context.environment = Environment::from_vars([("BRAINMAPS_API_URL", EVIL)]);
    let base = target(&context).base.unwrap();
    assert_eq!(base.to_string(), "https://cloud.basicmemory.com");
}
