//! The output of `status` and of the profile list.

use brainmaps::actions::{
    ActionError, CredentialState, add_profile, get_profile, list_profiles, remove_profile,
    set_default_profile,
};
use brainmaps::domain::{CredentialKind, StoredCredential};
use brainmaps::host::Environment;
use brainmaps::http::Response;
use brainmaps::vault::Profile;
use serde_json::json;

use super::fixture::{
    API, AUTHORIZATION_SERVER, Fixture, assert_no_secret, canary, error_chain, key, session,
    target, write_private_file,
};
use super::network::{self, connection_refused};

fn unending(mut stored: StoredCredential) -> StoredCredential {
    stored.expiry.expires_at = None;
    stored
}

/// Returns the state of what is stored, without a request.
fn rows() -> Vec<(
    &'static str,
    Option<StoredCredential>,
    CredentialState,
    bool,
)> {
    #[rustfmt::skip]
    let rows = vec![
        ("nothing", None, CredentialState::None, false),
        ("a session", Some(session("a", "r", 3600)), CredentialState::Valid, true),
        ("a session near its end", Some(session("a", "r", 5)), CredentialState::Valid, true),
        ("a session without refresh token", Some(session("a", "", 3600)), CredentialState::Valid, false),
        ("an expired session", Some(session("a", "r", -5)), CredentialState::ExpiredRefreshable, true),
        ("one that cannot be refreshed", Some(session("a", "", -5)), CredentialState::Expired, false),
        ("a session without an end", Some(unending(session("a", "r", 0))), CredentialState::Unverified, true),
        ("a key", Some(key("brainmaps", API, "a")), CredentialState::Unverified, false),
        ("what belongs elsewhere", Some(key("brainmaps", "https://x.test", "a")), CredentialState::None, false),
    ];
    rows
}

async fn fixture_with(stored: Option<&StoredCredential>) -> Fixture {
    let fixture = Fixture::new();
    if let Some(stored) = stored {
        fixture.store("brainmaps", stored).await;
    }
    fixture
}

#[tokio::test(start_paused = true)]
async fn every_credential_state_is_reported_without_a_request() {
    for (name, stored, state, refreshable) in rows() {
        let fixture = fixture_with(stored.as_ref()).await;
        let context = fixture.context();
        let found = context.session(&target(&context)).read_status().unwrap();
        assert_eq!(
            (found.state, found.refreshable),
            (state, refreshable),
            "{name}"
        );
        let source = (state != CredentialState::None).then_some("stored");
        assert_eq!(found.source.as_deref(), source, "{name}");
        assert_eq!(found.origin.as_deref(), Some(API), "{name}");
        assert_no_secret(&found);
        let json = serde_json::to_string(&found).unwrap();
        assert!(!json.contains("c4n4ry"), "{json}");
        assert_eq!(fixture.network.lines(), [""; 0], "{name}");
    }
}

fn respond_to_whoami(fixture: &Fixture, response: Response) {
    fixture
        .network
        .add_response(&format!("GET {API}/api/auth/me/"), response);
}

fn respond_to_token_request(fixture: &Fixture, response: Response) {
    fixture
        .network
        .add_response(&format!("POST {AUTHORIZATION_SERVER}/token"), response);
}

#[tokio::test(start_paused = true)]
async fn with_check_the_response_of_the_server_decides() {
    let grant = json!({"access_token": canary("new"), "expires_in": 3600});
    let dead_grant = json!({"error": "invalid_grant"});
    #[rustfmt::skip]
    let rows = [
        (Some(key("brainmaps", API, "a")), 200, (200, &grant), CredentialState::Valid),
        (Some(key("brainmaps", API, "a")), 401, (200, &grant), CredentialState::Rejected),
        (Some(session("a", "r", 3600)), 200, (200, &grant), CredentialState::Valid),
        (Some(session("a", "r", -5)), 200, (200, &grant), CredentialState::Valid),
        (Some(session("a", "r", 3600)), 401, (200, &grant), CredentialState::Rejected),
        (Some(session("a", "r", -5)), 200, (400, &dead_grant), CredentialState::Expired),
        (Some(session("a", "r", 3600)), 401, (400, &dead_grant), CredentialState::Expired),
        (Some(session("a", "", -5)), 200, (200, &grant), CredentialState::Expired),
        (None, 200, (200, &grant), CredentialState::None),
    ];
    for (stored, response, (code, grant), state) in rows {
        let fixture = fixture_with(stored.as_ref()).await;
        respond_to_whoami(
            &fixture,
            network::json(response, &json!({"email": "a@b.c"})),
        );
        respond_to_token_request(&fixture, network::json(code, grant));
        let context = fixture.context();
        let found = context
            .session(&target(&context))
            .check_status()
            .await
            .unwrap();
        assert_eq!(found.state, state, "{stored:?} {response} {code}");
        assert_no_secret(&found);
    }
}

#[tokio::test(start_paused = true)]
async fn with_check_a_network_failure_is_an_error() {
    let html = network::text(200, "text/html", "<html>Sign in to the Wi-Fi</html>");
    let responses = [
        network::json(500, &json!({})),
        network::json(503, &json!({})),
        network::json(403, &json!({"detail": "no"})),
        network::json(404, &json!({})),
        network::with_header(network::json(429, &json!({})), "retry-after", "3600"),
        html,
    ];
    for response in responses {
        let fixture = fixture_with(Some(&key("brainmaps", API, "a"))).await;
        let shown = format!("{response:?}");
        respond_to_whoami(&fixture, response);
        let context = fixture.context();
        let error = context.session(&target(&context)).check_status().await;
        assert!(error.is_err(), "{shown}: {error:?}");
    }
    let fixture = fixture_with(Some(&key("brainmaps", API, "a"))).await;
    fixture
        .network
        .add_script(|seen| Some(Err(connection_refused(seen))));
    let context = fixture.context();
    let error = context
        .session(&target(&context))
        .check_status()
        .await
        .unwrap_err();
    assert!(matches!(error, ActionError::Http(_)), "{error}");
}

#[tokio::test(start_paused = true)]
async fn the_credential_source_is_reported() {
    let fixture = fixture_with(Some(&session("a", "r", 3600))).await;
    fixture.write_dotenv(&format!("BRAINMAPS_API_KEY={}", canary("file")));
    let mut context = fixture.context();
    let found = context.session(&target(&context)).read_status().unwrap();
    let file = fixture.path("work/.env");
    assert_eq!(found.source, Some(format!("dotenv:{}", file.display())));
    assert_eq!(found.kind, Some(CredentialKind::ApiKey));
    context.environment = Environment::from_vars([("BRAINMAPS_API_KEY", canary("env"))]);
    let found = context.session(&target(&context)).read_status().unwrap();
    assert_eq!(
        found.source.as_deref(),
        Some("environment:BRAINMAPS_API_KEY")
    );
    assert_eq!(
        (found.state, found.expires_at),
        (CredentialState::Unverified, None)
    );
}

#[tokio::test(start_paused = true)]
async fn a_rejected_environment_key_does_not_refresh_the_stored_session() {
    let fixture = fixture_with(Some(&session("a", "r", 3600))).await;
    respond_to_whoami(
        &fixture,
        network::json(401, &json!({"detail": canary("env")})),
    );
    let mut context = fixture.context();
    context.environment = Environment::from_vars([("BRAINMAPS_API_KEY", canary("env"))]);
    let found = context
        .session(&target(&context))
        .check_status()
        .await
        .unwrap();
    assert_eq!(found.state, CredentialState::Rejected);
    assert_eq!(fixture.network.lines(), ["GET /api/auth/me/"]);
}

#[tokio::test(start_paused = true)]
async fn an_invalid_description_does_not_hide_other_profiles() {
    let fixture = Fixture::new();
    fixture.write_description("mine", "id = \"mine\"\nnmae = \"Mine\"\n[headers]");
    write_private_file(&fixture.path("providers/README.md"), "notes");
    let views = list_profiles(&fixture.context()).unwrap();
    let names: Vec<_> = views.iter().map(|view| view.profile.to_string()).collect();
    assert!(names.contains(&"brainmaps".to_owned()) && !names.contains(&"mine".to_owned()));
    assert!(
        fixture.warnings()[0].contains("line 2, column 1: unknown member"),
        "{:?}",
        fixture.warnings()
    );
    assert_eq!(fixture.warnings().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_sandbox_lists_its_services() {
    let fixture = Fixture::new();
    let views = list_profiles(&fixture.in_sandbox("brainmaps")).unwrap();
    let names: Vec<_> = views.iter().map(|view| view.profile.to_string()).collect();
    assert!(names.contains(&"brainmaps".to_owned()) && !names.contains(&"oauth2".to_owned()));
    assert!(
        views[0]
            .api_url
            .as_ref()
            .unwrap()
            .starts_with("http://localhost:8000")
    );
}

#[tokio::test(start_paused = true)]
async fn profiles_are_created_used_and_deleted() {
    let fixture = Fixture::new();
    let context = fixture.context();
    let work: brainmaps::domain::ProfileName = "work".parse().unwrap();
    let kept = Profile::new("basic-memory".parse().unwrap());
    add_profile(&context, &work, kept.clone()).await.unwrap();
    let taken = add_profile(&context, &work, kept.clone()).await;
    assert!(matches!(taken, Err(ActionError::ProfileExists { .. })));
    let unknown = Profile::new("nowhere".parse().unwrap());
    assert!(
        add_profile(&context, &"x".parse().unwrap(), unknown)
            .await
            .is_err()
    );
    assert!(
        set_default_profile(&context, "y".parse().unwrap())
            .await
            .is_err()
    );

    set_default_profile(&context, work.clone()).await.unwrap();
    assert_eq!(target(&context).name, work);
    let view = get_profile(&context, work.clone()).unwrap();
    assert!(view.current && !view.signed_in);

    fixture
        .store(
            "work",
            &key("basic-memory", "https://cloud.basicmemory.com", "k"),
        )
        .await;
    let refused = remove_profile(&context, &work).await.unwrap_err();
    assert!(error_chain(&refused).contains("it is signed in"));
    context
        .session(&target(&context))
        .logout(true)
        .await
        .unwrap();
    remove_profile(&context, &work).await.unwrap();
    assert_eq!(target(&context).name.as_str(), "brainmaps");
}
