//! Device authorization at the sandbox.

use std::time::Duration;

use brainmaps::actions::{
    ActionError, InteractiveLogin, LoginOptions, PreparedLogin, Verification, login_with_api_key,
    login_with_device_flow, prepare_interactive_login,
};
use brainmaps::domain::{CredentialKind, Scopes};
use brainmaps::oauth::OauthError;

use super::fixture::{
    BEGIN, Fixture, Person, canary, error_chain, secret, session, target, write_private_file,
};
use super::network::{SANDBOX, json};

fn options() -> LoginOptions {
    LoginOptions::default()
}

#[tokio::test(start_paused = true)]
async fn a_login_stores_a_complete_session() {
    for (profile, path) in [("brainmaps", ""), ("basic-memory", "/basic-memory")] {
        let fixture = Fixture::new();
        let done = login_with_device_flow(&fixture.in_sandbox(profile), &options())
            .await
            .unwrap();
        assert_eq!(done.provider.as_str(), profile);
        assert_eq!(done.origin, SANDBOX);
        assert!(done.refreshable && done.missing_scopes.is_empty());
        let stored = fixture.stored(profile).unwrap();
        assert_eq!(stored.credential.kind, CredentialKind::AccessToken);
        assert_eq!(stored.origin.to_string(), SANDBOX);
        let authority = stored.oauth_server.unwrap();
        assert_eq!(authority.issuer, format!("{SANDBOX}{path}"));
        let endpoint = format!("{SANDBOX}{path}/oauth2/token");
        assert_eq!(authority.token_endpoint.as_str(), endpoint);
        let ends = stored.expiry.expires_at.unwrap().as_second();
        assert_eq!(ends, BEGIN + 5 + 3600, "an hour after the first poll");
        fixture.assert_events_have_no_secret();
    }
}

#[tokio::test(start_paused = true)]
async fn rfc7636_4_the_challenge_is_sent_first_and_the_verifier_with_every_poll() {
    let fixture = Fixture::new();
    let pending = json(400, &serde_json::json!({"error": "authorization_pending"}));
    let polls = std::sync::atomic::AtomicUsize::new(0);
    fixture.network.add_script(move |seen| {
        let poll = seen.line() == "POST /oauth2/token";
        let early = poll && polls.fetch_add(1, std::sync::atomic::Ordering::SeqCst) < 2;
        early.then(|| Ok(pending.clone()))
    });
    login_with_device_flow(&fixture.in_sandbox("brainmaps"), &options())
        .await
        .unwrap();
    let seen = fixture.network.requests();
    let received: Vec<_> = seen
        .iter()
        .filter(|one| one.line() == "POST /oauth2/device_authorization")
        .collect();
    assert_eq!(received.len(), 1);
    assert_eq!(received[0].field("code_challenge").len(), 43);
    assert_eq!(received[0].field("code_challenge_method"), "S256");
    assert_eq!(received[0].field("client_id"), "brainmaps-cli");
    let polls: Vec<_> = seen
        .iter()
        .filter(|one| one.line() == "POST /oauth2/token")
        .collect();
    assert_eq!(polls.len(), 3);
    for poll in &polls {
        assert_eq!(poll.field("client_id"), "brainmaps-cli");
        assert!(poll.field("grant_type").ends_with(":device_code"));
        assert!((43..=128).contains(&poll.field("code_verifier").len()));
        assert_eq!(poll.field("code_verifier"), polls[0].field("code_verifier"));
        assert_eq!(poll.field("device_code"), polls[0].field("device_code"));
    }
}

#[tokio::test(start_paused = true)]
async fn rfc9700_2_1_1_every_login_has_its_own_challenge() {
    let fixture = Fixture::new();
    for _ in 0..3 {
        login_with_device_flow(&fixture.in_sandbox("brainmaps"), &options())
            .await
            .unwrap();
    }
    for name in ["code_challenge", "code_verifier"] {
        let seen = fixture.network.requests();
        let mut values: Vec<String> = seen.iter().map(|one| one.field(name)).collect();
        values.retain(|value| !value.is_empty());
        values.sort();
        values.dedup();
        assert_eq!(values.len(), 3, "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn rfc8628_3_5d_a_denied_login_stops_and_stores_nothing() {
    let fixture = Fixture::new();
    fixture.set_person(Person::Denies);
    let error = login_with_device_flow(&fixture.in_sandbox("brainmaps"), &options()).await;
    let error = error.unwrap_err();
    assert!(
        matches!(error, ActionError::Oauth(OauthError::Denied)),
        "{error}"
    );
    assert_eq!(fixture.network.count("POST /oauth2/token"), 1);
    assert!(!fixture.credential_file("brainmaps").exists());
    assert!(!fixture.path("data/profiles.json").exists());
}

#[tokio::test(start_paused = true)]
async fn rfc8628_3_5e_an_unapproved_login_stops_at_the_expiry_of_its_code() {
    let fixture = Fixture::with_settings(|settings| settings.code_ttl = Duration::from_mins(1));
    fixture.set_person(Person::IsAway);
    let began = tokio::time::Instant::now();
    let error = login_with_device_flow(&fixture.in_sandbox("brainmaps"), &options()).await;
    let error = error.unwrap_err();
    assert!(
        matches!(error, ActionError::Oauth(OauthError::CodeExpired { .. })),
        "{error}"
    );
    assert_eq!(began.elapsed().as_secs(), 60);
    assert_eq!(
        fixture.network.count("POST /oauth2/device_authorization"),
        1
    );
    assert!(!fixture.credential_file("brainmaps").exists());
}

#[tokio::test(start_paused = true)]
#[ignore = "slow: run by ./tests/run"]
async fn the_old_session_stays_when_a_new_login_fails() {
    for person in [Person::Denies, Person::IsAway] {
        let fixture = Fixture::new();
        login_with_device_flow(&fixture.in_sandbox("brainmaps"), &options())
            .await
            .unwrap();
        let before = fixture.stored("brainmaps");
        fixture.set_person(person);
        let again = login_with_device_flow(&fixture.in_sandbox("brainmaps"), &options()).await;
        assert!(again.is_err());
        assert_eq!(fixture.stored("brainmaps"), before);
    }
}

#[tokio::test(start_paused = true)]
async fn a_damaged_credential_file_and_index_are_quarantined() {
    let fixture = Fixture::new();
    write_private_file(&fixture.credential_file("brainmaps"), "{\"half");
    write_private_file(&fixture.path("data/profiles.json"), "[]");
    let done = login_with_device_flow(&fixture.in_sandbox("brainmaps"), &options())
        .await
        .unwrap();
    assert!(done.set_aside.is_some());
    assert!(fixture.stored("brainmaps").is_some());
    let aside = fixture.path("data/credentials/brainmaps.json.corrupt-1");
    assert_eq!(std::fs::read_to_string(aside).unwrap(), "{\"half");
    let aside = fixture.path("data/profiles.json.corrupt-1");
    assert_eq!(std::fs::read_to_string(aside).unwrap(), "[]");
}

/// This index is not damaged and not replaced, so the login would fail at its end.
#[cfg(unix)]
#[tokio::test(start_paused = true)]
async fn an_unwritable_index_is_reported_before_any_prompt() {
    use std::os::unix::fs::PermissionsExt as _;
    let fixture = Fixture::new();
    let index = fixture.path("data/profiles.json");
    write_private_file(&index, "{\"version\":1}");
    std::fs::set_permissions(&index, std::fs::Permissions::from_mode(0o666)).unwrap();
    let error = login_with_device_flow(&fixture.in_sandbox("brainmaps"), &options()).await;
    assert!(error_chain(&error.unwrap_err()).contains("accessible to other users"));
    assert_eq!(
        fixture.network.count("POST /oauth2/device_authorization"),
        0
    );

    let error =
        login_with_api_key(&fixture.context(), secret("key"), None, Verification::Skip).await;
    assert!(error_chain(&error.unwrap_err()).contains("accessible to other users"));
    assert!(!fixture.credential_file("brainmaps").exists());
}

#[tokio::test(start_paused = true)]
async fn a_login_reports_an_environment_key_that_takes_precedence() {
    let fixture = Fixture::new();
    let mut context = fixture.in_sandbox("brainmaps");
    context.environment =
        brainmaps::host::Environment::from_vars([("BRAINMAPS_API_KEY", canary("env"))]);
    login_with_device_flow(&context, &options()).await.unwrap();
    assert!(fixture.warnings().concat().contains("BRAINMAPS_API_KEY"));
    fixture.assert_events_have_no_secret();
}

#[tokio::test(start_paused = true)]
async fn an_unsupported_device_flow_is_rejected_without_a_request() {
    let fixture = Fixture::new();
    fixture.write_description(
        "plain",
        "id = \"plain\"\nname = \"Plain\"\napi_url = \"https://plain.test\"\n[headers]\n",
    );
    let error = login_with_device_flow(&fixture.profile("plain"), &options()).await;
    assert!(matches!(
        error.unwrap_err(),
        ActionError::UnsupportedLoginMethod { .. }
    ));
    assert_eq!(fixture.network.lines(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_key_of_another_service_is_not_stored() {
    let fixture = Fixture::new();
    let context = fixture.profile("basic-memory");
    let error = login_with_api_key(&context, secret("bp_"), None, Verification::Skip)
        .await
        .unwrap_err();
    assert!(error_chain(&error).contains("bmc_"), "{error}");
    assert!(fixture.stored("basic-memory").is_none());

    let odd = brainmaps::domain::Secret::new(format!("bmc_{}", canary("short")));
    login_with_api_key(&context, odd, None, Verification::Skip)
        .await
        .unwrap();
    assert!(fixture.warnings().concat().contains("stored nevertheless"));
    assert!(fixture.stored("basic-memory").is_some());
    fixture.assert_events_have_no_secret();
}

#[tokio::test(start_paused = true)]
async fn a_key_replaces_a_session_without_a_request() {
    let fixture = Fixture::new();
    fixture
        .store("brainmaps", &session("old", "old-refresh", 3600))
        .await;
    let context = fixture.context();
    let done = login_with_api_key(&context, secret("key"), None, Verification::Skip)
        .await
        .unwrap();
    assert!(!done.refreshable && done.expires_at.is_none());
    let stored = fixture.stored("brainmaps").unwrap();
    assert_eq!(stored.credential.secret.expose(), canary("key"));
    assert_eq!((stored.refresh_token, stored.oauth_server), (None, None));
    assert_eq!(stored.scopes, Scopes::default());
    assert_eq!(fixture.network.lines(), [""; 0]);
    assert_eq!(target(&context).profile.api_url, None);
}

#[tokio::test(start_paused = true)]
async fn rfc8252_8_3_browser_login_ends_after_five_minutes() {
    let fixture = Fixture::new();
    let context = fixture.in_sandbox("brainmaps");
    let method = InteractiveLogin::Browser;
    let prepared = prepare_interactive_login(&context, &options(), method).await;
    let PreparedLogin::Browser(login) = prepared.unwrap() else {
        panic!("another method was prepared");
    };
    let begin = tokio::time::Instant::now();
    let error = login.run(&context, &options(), None).await.unwrap_err();
    assert_eq!(begin.elapsed(), Duration::from_mins(5));
    let failure = brainmaps::cli::Failure::from(error);
    assert_eq!(failure.code, brainmaps::cli::Code::CodeExpired);
    assert!(fixture.stored("brainmaps").is_none());
}
