//! The account of a credential, by the documented call for its kind, and its space.

use brainmaps::actions::{ActionError, CredentialState, login_with_cookie};
use brainmaps::actions::{AuthenticatedClient, Context, Purpose, RotationError, RotationRequest};
use brainmaps::actions::{ListOptions, Verification, login_with_password};
use brainmaps::domain::{Secret, TokenId};
use brainmaps::host::Environment;
use brainmaps::service::{Identity, NewToken};
use brainmaps::vault::{SecretDestination, Storage};
use serde_json::{Value, json};

use super::fixture::{Fixture, canary, error_chain, key, secret, target, write_private_file};
use super::login_methods::NEUROIO;
use super::network::{self, RecordedRequest};

const BRAINPERCENT: &str = "https://brainpercent.app";

async fn state(context: &Context) -> Result<CredentialState, ActionError> {
    let status = context.session(&target(context)).check_status().await?;
    Ok(status.state)
}

async fn whoami(context: &Context) -> Identity {
    let target = target(context);
    let access = AuthenticatedClient::open(context.session(&target), Purpose::Read).unwrap();
    access.service().await.whoami().await.unwrap()
}

fn unauthorized() -> Value {
    json!({"success": false, "error": {"code": "UNAUTHORIZED", "message": "Missing or invalid API key"}})
}

#[tokio::test(start_paused = true)]
async fn a_cookie_is_verified_by_its_documented_call() {
    let fixture = Fixture::new();
    let context = fixture.profile("brainpercent");
    let pasted = format!("session={}", canary("cookie"));
    login_with_cookie(
        &context,
        &Secret::new(pasted.clone()),
        None,
        Verification::Skip,
    )
    .await
    .unwrap();
    let call = |name: &str| format!("GET {BRAINPERCENT}/api/v1/{name}");
    fixture
        .network
        .add_response(&call("user/credits"), network::json(401, &unauthorized()));
    let keys = network::json(200, &json!({"success": true, "data": []}));
    fixture.network.add_response(&call("api-keys"), keys);
    assert_eq!(state(&context).await.unwrap(), CredentialState::Valid);
    let seen = fixture.network.requests();
    assert_eq!(fixture.network.lines(), ["GET /api/v1/api-keys"]);
    assert_eq!(seen[0].headers["cookie"], pasted.as_str());
    assert_eq!(whoami(&context).await, Identity::default());

    let over = network::json(401, &unauthorized());
    fixture.network.add_response(&call("api-keys"), over);
    assert_eq!(state(&context).await.unwrap(), CredentialState::Rejected);
}

#[tokio::test(start_paused = true)]
async fn a_documented_403_means_that_a_key_is_valid() {
    let forbidden = json!({"success": false, "error": {"code": "FORBIDDEN", "message": "Key lacks required permission"}});
    let fixture = Fixture::new();
    let stored = key("brainpercent", BRAINPERCENT, "key");
    fixture.store("brainpercent", &stored).await;
    let line = format!("GET {BRAINPERCENT}/api/v1/user/credits");
    fixture
        .network
        .add_response(&line, network::json(403, &forbidden));
    let context = fixture.profile("brainpercent");
    assert_eq!(state(&context).await.unwrap(), CredentialState::Valid);
    fixture
        .network
        .add_response(&line, network::json(401, &unauthorized()));
    assert_eq!(state(&context).await.unwrap(), CredentialState::Rejected);

    fixture
        .store("neuroio", &key("neuroio", NEUROIO, "key"))
        .await;
    let line = format!("GET {NEUROIO}/v1/whoami/");
    fixture
        .network
        .add_response(&line, network::json(403, &json!({})));
    let error = state(&fixture.profile("neuroio")).await.unwrap_err();
    assert!(error_chain(&error).contains("denied access"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn requests_contain_the_configured_workspace() {
    let fixture = Fixture::new();
    let memory = "https://cloud.basicmemory.com";
    fixture
        .store("basic-memory", &key("basic-memory", memory, "key"))
        .await;
    fixture
        .store("neuroio", &key("neuroio", NEUROIO, "key"))
        .await;
    fixture
        .network
        .add_script(|_| Some(Ok(network::json(200, &json!({"username": "ada"})))));
    for (profile, expected) in [("basic-memory", Some("w-1")), ("neuroio", None)] {
        let mut context = fixture.profile(profile);
        for id in ["basic-memory", "neuroio"] {
            let key = format!("workspace.{id}");
            let config = context.config.with(&key, "w-1").unwrap();
            assert_eq!(config.get(&key).unwrap().as_deref(), Some("w-1"));
            assert!(config.clone().with(&key, "two words").is_err());
            context.config = config;
        }
        whoami(&context).await;
        let seen = fixture.network.requests().pop().unwrap();
        let named = seen.headers.get("x-workspace-id");
        assert_eq!(named.map(|it| it.to_str().unwrap()), expected);
    }
    assert!(fixture.warnings()[0].contains("workspace.neuroio is not used"));
}

/// Logs in at NeuroIO's sandbox, with a token of space 1 in the env file.
async fn with_space_token() -> (Fixture, Secret) {
    let fixture = Fixture::new();
    let context = fixture.in_sandbox("neuroio");
    login_with_password(&context, "demo@brainmaps.test", &Secret::new("demo"), None)
        .await
        .unwrap();
    let wanted = NewToken {
        space: Some("1".to_owned()),
        ..NewToken::default()
    };
    let made = context
        .session(&target(&context))
        .create_token(&wanted, None)
        .await;
    let secret = made.unwrap().secret;
    write_private_file(
        &fixture.path("work/app.env"),
        &format!("NEUROIO_API_KEY={}\n", secret.expose()),
    );
    fixture.network.clear_requests();
    (fixture, secret)
}

fn using(fixture: &Fixture, secret: &str) -> Context {
    let mut context = fixture.in_sandbox("neuroio");
    context.environment = Environment::from_vars([("NEUROIO_API_KEY", secret)]);
    context
}

fn in_env_file(fixture: &Fixture) -> String {
    let text = std::fs::read_to_string(fixture.path("work/app.env")).unwrap();
    let mut lines = text.lines();
    let key = lines.find_map(|line| line.strip_prefix("NEUROIO_API_KEY="));
    key.unwrap().to_owned()
}

fn in_file<'a>(id: &'a TokenId, file: &'a SecretDestination) -> RotationRequest<'a> {
    RotationRequest {
        targets: std::slice::from_ref(file),
        ..RotationRequest::new(id)
    }
}

async fn only_id(context: &Context) -> TokenId {
    let listed = context
        .session(&target(context))
        .list_tokens(&ListOptions::default())
        .await;
    let mut tokens = listed.unwrap().tokens;
    assert_eq!(tokens.len(), 1);
    tokens.remove(0).id.unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_token_of_a_space_is_replaced_by_one_of_the_same_space() {
    let (fixture, secret) = with_space_token().await;
    let context = using(&fixture, secret.expose());
    let before = whoami(&context).await;
    assert_eq!(before.space.as_ref().unwrap().id.as_deref(), Some("1"));
    let id = only_id(&context).await;
    let file = SecretDestination::EnvFile(fixture.path("work/app.env"));
    let request = in_file(&id, &file);
    context
        .session(&target(&context))
        .rotate_token(request)
        .await
        .unwrap();
    let new = in_env_file(&fixture);
    assert_ne!(new, secret.expose());
    let context = using(&fixture, &new);
    assert_eq!(whoami(&context).await, before);
    assert_ne!(only_id(&context).await, id);
}

#[tokio::test(start_paused = true)]
async fn a_token_of_a_space_is_not_replaced_by_one_of_the_account() {
    let (fixture, secret) = with_space_token().await;
    let context = fixture.in_sandbox("neuroio");
    let id = only_id(&context).await;
    fixture.network.clear_requests();
    let file = SecretDestination::EnvFile(fixture.path("work/app.env"));
    let request = in_file(&id, &file);
    let known = context
        .session(&target(&context))
        .rotate_token(request)
        .await;
    let is_known = matches!(
        known,
        Err(ActionError::Rotation(RotationError::FileKeyMismatch { .. }))
    );
    assert!(is_known, "{known:?}");

    // Nothing on this computer shows whose the key in the file is, or the one in use.
    std::fs::remove_file(context.vault.directory().join("created-keys.json")).unwrap();
    let stored = context
        .vault
        .read_current(&target(&context).name, Storage::File);
    let stored = stored.unwrap().unwrap();
    let context = using(&fixture, stored.credential.secret.expose());
    let done = context
        .session(&target(&context))
        .rotate_token(request)
        .await;
    let error = done.unwrap_err();
    let received = fixture.network.lines();
    let received = received.iter().filter(|line| line.contains("whoami"));
    assert_eq!(received.count(), 2, "once with each key");
    assert!(
        matches!(
            error,
            ActionError::Rotation(RotationError::SpaceMismatch { .. })
        ),
        "{error:?}"
    );
    assert!(
        error_chain(&error).contains("space 1 (Front door)"),
        "{error}"
    );
    assert_eq!(in_env_file(&fixture), secret.expose());
    let lines = fixture.network.lines();
    assert!(
        lines.iter().all(|line| line.starts_with("GET ")),
        "{lines:?}"
    );
}

/// A service that always creates account tokens.
fn forgetful(seen: &RecordedRequest) -> Value {
    let is_new = seen.authorization().contains(&canary("new"));
    let space = if is_new {
        Value::Null
    } else {
        json!({"id": 7})
    };
    let token = |id: u8, key: &str| json!({"id": id, "key": canary(key), "is_active": true, "created": null, "expires": null});
    match seen.line().as_str() {
        "GET /v1/whoami/" => json!({"username": "me", "space": space}),
        "GET /v1/tokens/" => json!([token(1, "old"), token(2, "new")]),
        "POST /v1/tokens/" => token(2, "new"),
        "DELETE /v1/tokens/2/" => json!({}),
        other => panic!("{other}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_new_token_of_another_space_is_revoked_and_the_old_one_stays() {
    let fixture = Fixture::new();
    fixture
        .store("neuroio", &key("neuroio", NEUROIO, "old"))
        .await;
    fixture
        .network
        .add_script(|seen| Some(Ok(network::json(200, &forgetful(seen)))));
    let context = fixture.profile("neuroio");
    let id = TokenId::new("1");
    let request = RotationRequest::new(&id);
    let done = context
        .session(&target(&context))
        .rotate_token(request)
        .await;
    let error = error_chain(&done.unwrap_err());
    assert!(
        error.contains("space 7") && error.contains("no space"),
        "{error}"
    );
    assert_eq!(
        fixture.network.lines().last().unwrap(),
        "DELETE /v1/tokens/2/"
    );
    let stored = fixture.stored("neuroio").unwrap();
    assert_eq!(stored.credential.secret, secret("old"));
}
