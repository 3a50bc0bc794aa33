//! Creating, listing and revoking tokens, at the sandbox and at unusual servers.

use brainmaps::actions::{
    ActionError, Context, ListOptions, LoginOptions, SecretTarget, login_with_device_flow,
};
use brainmaps::domain::{CreatedToken, Secret, TokenId};
use brainmaps::host::Environment;
use brainmaps::service::{ApiErrorKind, NewToken, ServiceError};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::fixture::{
    API, Fixture, assert_no_secret, canary, error_chain, key, new_token, target, write_private_file,
};
use super::network;

const CREATE: &str = "POST /api/tokens/";

async fn signed_in(fixture: &Fixture, profile: &str) -> Context {
    let context = fixture.in_sandbox(profile);
    login_with_device_flow(&context, &LoginOptions::default())
        .await
        .unwrap();
    context
}

async fn create(context: &Context, name: &str) -> Result<CreatedToken, ActionError> {
    context
        .session(&target(context))
        .create_token(&new_token(name), None)
        .await
}

/// Returns the ids of the valid tokens.
async fn valid_token_ids(context: &Context) -> Vec<TokenId> {
    let options = ListOptions {
        all: true,
        ..ListOptions::default()
    };
    let list = context
        .session(&target(context))
        .list_tokens(&options)
        .await
        .unwrap();
    assert_no_secret(&list);
    let works = list
        .tokens
        .into_iter()
        .filter(|token| token.active != Some(false));
    works.map(|token| token.id.unwrap()).collect()
}

/// Uses a key from the environment instead of the session.
fn with_key(fixture: &Fixture, profile: &str, secret: &Secret) -> Context {
    let mut context = fixture.in_sandbox(profile);
    let variable = target(&context).descriptor.environment.api_key.unwrap();
    context.environment = Environment::from_vars([(variable, secret.expose())]);
    context
}

#[tokio::test(start_paused = true)]
async fn a_session_creates_a_key_that_can_manage_tokens() {
    for profile in ["brainmaps", "basic-memory"] {
        let fixture = Fixture::new();
        let session = signed_in(&fixture, profile).await;
        let first = create(&session, "first").await.unwrap();
        let id = first.token.id.clone().unwrap();
        assert_eq!(first.token.name.as_deref(), Some("first"));
        assert_no_secret(&first);
        assert_eq!(valid_token_ids(&session).await.first(), Some(&id));

        let by_key = with_key(&fixture, profile, &first.secret);
        let second = create(&by_key, "second").await.unwrap().token.id.unwrap();
        assert_eq!(valid_token_ids(&by_key).await.len(), 2);
        let done = by_key
            .session(&target(&by_key))
            .revoke_tokens(&[second, id])
            .await
            .unwrap();
        assert!(done.iter().all(|one| one.outcome.is_ok()), "{done:?}");
        assert_eq!(valid_token_ids(&session).await, []);

        let error = create(&by_key, "third").await.unwrap_err();
        assert!(
            matches!(error, ActionError::CredentialRejected { .. }),
            "{profile}: {error}"
        );
        assert!(
            error_chain(&error).contains("from environment variable B"),
            "{error}"
        );
        fixture.assert_events_have_no_secret();
    }
}

#[tokio::test(start_paused = true)]
async fn a_failed_revocation_is_reported_and_the_others_continue() {
    for profile in ["brainmaps", "basic-memory"] {
        let fixture = Fixture::new();
        let context = signed_in(&fixture, profile).await;
        let real = create(&context, "real").await.unwrap().token.id.unwrap();
        let ids = [TokenId::new("unknown"), TokenId::new(".."), real];
        let done = context
            .session(&target(&context))
            .revoke_tokens(&ids)
            .await
            .unwrap();
        let kind = match &done[0].outcome {
            Err(ActionError::Service(ServiceError::Api(api_error))) => api_error.kind,
            other => panic!("{other:?}"),
        };
        assert_eq!(kind, ApiErrorKind::NotFound);
        assert!(matches!(
            &done[1].outcome,
            Err(ActionError::Service(ServiceError::InvalidId(_)))
        ));
        assert!(done[2].outcome.is_ok());
        assert_eq!(valid_token_ids(&context).await, []);
    }
}

#[tokio::test(start_paused = true)]
async fn an_unsupported_option_is_rejected_before_any_request() {
    type Change = fn(&mut NewToken);
    #[rustfmt::skip]
    let rows: [(&str, Change); 5] = [
        ("--permanent or --temporary", |token| token.permanent = Some(true)),
        ("--permanent or --temporary", |token| token.permanent = Some(false)),
        ("--permission", |token| token.permissions = vec!["read".to_owned()]),
        ("--scope", |token| token.scopes = vec!["x".to_owned()]),
        ("--expires-in", |token| token.expires_in = Some(SignedDuration::from_hours(24 * 90))),
    ];
    for profile in ["brainmaps", "basic-memory"] {
        for (option, change) in rows {
            let fixture = Fixture::new();
            let key = Secret::new(format!("bmc_{}", canary("key")));
            let context = with_key(&fixture, profile, &key);
            let mut wanted = new_token("x");
            change(&mut wanted);
            let error = context
                .session(&target(&context))
                .create_token(&wanted, None)
                .await;
            let error = error.unwrap_err();
            assert!(
                matches!(
                    error,
                    ActionError::Service(ServiceError::UnsupportedOption { .. })
                ),
                "{error}"
            );
            assert!(error_chain(&error).contains(option), "{error}");
            assert_eq!(fixture.network.lines(), [""; 0]);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_undocumented_token_call_is_rejected_before_any_request() {
    let fixture = Fixture::new();
    fixture.write_description(
        "bare",
        "id = \"bare\"\nname = \"Bare\"\napi_url = \"https://bare.test\"\n[environment]\n\
        api_key = \"BARE_KEY\"\n[headers]\napi_key = { name = \"X-Key\" }\n",
    );
    let mut context = fixture.profile("bare");
    context.environment = Environment::from_vars([("BARE_KEY", canary("key"))]);
    let place = target(&context);
    let errors = [
        create(&context, "x").await.unwrap_err(),
        context
            .session(&place)
            .list_tokens(&ListOptions::default())
            .await
            .unwrap_err(),
        context
            .session(&place)
            .revoke_tokens(&[TokenId::new("1")])
            .await
            .unwrap_err(),
    ];
    for error in errors {
        assert!(
            matches!(
                error,
                ActionError::Service(ServiceError::Unsupported { .. })
            ),
            "{error}"
        );
        assert!(
            error_chain(&error).starts_with("Bare does not support `token "),
            "{error}"
        );
    }
    assert_eq!(fixture.network.lines(), [""; 0]);
}

async fn fixture_with_key() -> Fixture {
    let fixture = Fixture::new();
    fixture
        .store("brainmaps", &key("brainmaps", API, "key"))
        .await;
    fixture
}

#[tokio::test(start_paused = true)]
async fn an_id_never_changes_the_path() {
    let rows = [
        ("a/b", "/api/tokens/a%2Fb/revoke/"),
        ("../../x?y#z", "/api/tokens/..%2F..%2Fx%3Fy%23z/revoke/"),
        ("..\\..", "/api/tokens/..%5C../revoke/"),
        ("...", "/api/tokens/.../revoke/"),
        ("%2e%2e", "/api/tokens/%252e%252e/revoke/"),
        ("é ü", "/api/tokens/%C3%A9%20%C3%BC/revoke/"),
        ("a\nb\tc", "/api/tokens/a%0Ab%09c/revoke/"),
        ("{id}", "/api/tokens/%7Bid%7D/revoke/"),
    ];
    for (id, path) in rows {
        let fixture = fixture_with_key().await;
        fixture
            .network
            .add_script(|_| Some(Ok(network::json(200, &json!({})))));
        let context = fixture.context();
        let done = context
            .session(&target(&context))
            .revoke_tokens(&[TokenId::new(id)])
            .await;
        assert!(done.unwrap()[0].outcome.is_ok());
        assert_eq!(
            fixture.network.requests()[0].url.as_str(),
            format!("{API}{path}")
        );
    }
    for id in ["", " ", ".", ".."] {
        let fixture = fixture_with_key().await;
        let context = fixture.context();
        let done = context
            .session(&target(&context))
            .revoke_tokens(&[TokenId::new(id)])
            .await;
        assert!(done.unwrap()[0].outcome.is_err());
        assert_eq!(fixture.network.lines(), [""; 0], "{id:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_new_secret_is_written_to_the_env_file_and_used() {
    let fixture = Fixture::new();
    let context = signed_in(&fixture, "brainmaps").await;
    let file = fixture.path("work/.env");
    write_private_file(&file, "# mine\nOTHER=1\n#BRAINMAPS_API_KEY=old\n");
    let created = context
        .session(&target(&context))
        .create_token(&new_token("ci"), Some(&SecretTarget::env_file(&file)))
        .await;
    let created = created.unwrap();
    let text = std::fs::read_to_string(&file).unwrap();
    let expected = format!(
        "# mine\nOTHER=1\n#BRAINMAPS_API_KEY=old\nBRAINMAPS_API_KEY={}\nBRAINMAPS_API_URL=http://localhost:8000\n",
        created.secret.expose()
    );
    assert_eq!(text, expected);
    let selected = context
        .session(&target(&context))
        .resolve_credential()
        .unwrap();
    assert_eq!(selected.credential.secret, created.secret);
    assert_eq!(valid_token_ids(&context).await, [created.token.id.unwrap()]);
}

#[tokio::test(start_paused = true)]
async fn a_key_is_not_written_to_a_file_with_another_url() {
    let fixture = Fixture::new();
    let context = signed_in(&fixture, "brainmaps").await;
    let target = target(&context);
    fixture.network.clear_requests();
    let file = fixture.path("work/.env");
    for (address, fits) in [
        ("http://localhost:8000", true),
        ("'http://localhost:8000/'", true),
        ("http://localhost:8001", false),
        ("https://api.brainmaps.science", false),
        ("nowhere", false),
    ] {
        write_private_file(&file, &format!("BRAINMAPS_API_URL={address}\n"));
        let made = context
            .session(&target)
            .create_token(&new_token("ci"), Some(&SecretTarget::env_file(&file)))
            .await;
        let refused = matches!(made, Err(ActionError::UrlMismatch { .. }));
        assert_eq!(refused, !fits, "{address}: {made:?}");
        assert_eq!(fixture.network.lines().is_empty(), !fits, "{address}");
        fixture.network.clear_requests();
    }
}

#[tokio::test(start_paused = true)]
async fn an_unwritable_env_file_is_reported_before_a_token_is_created() {
    let fixture = Fixture::new();
    let context = signed_in(&fixture, "brainmaps").await;
    fixture.network.clear_requests();
    for place in ["work", "work/no/such/folder/.env"] {
        let file = fixture.path(place);
        let error = context
            .session(&target(&context))
            .create_token(&new_token("x"), Some(&SecretTarget::env_file(&file)))
            .await;
        assert!(
            matches!(error, Err(ActionError::EnvFile(_))),
            "{place}: {error:?}"
        );
    }
    let mut oauth2 = fixture.profile("plain");
    fixture.write_description(
        "plain",
        "id = \"plain\"\nname = \"Plain\"\napi_url = \"https://p.test\"\n[headers]\n\
        [tokens.create]\ncall = \"POST /keys\"\nbody = { name = \"name\" }\nsecret = \"/key\"\n",
    );
    oauth2.options.sandbox = false;
    let file = fixture.path("work/.env");
    let error = oauth2
        .session(&target(&oauth2))
        .create_token(&new_token("x"), Some(&SecretTarget::env_file(&file)))
        .await;
    assert!(
        matches!(error, Err(ActionError::NoVariable { .. })),
        "{error:?}"
    );
    assert_eq!(fixture.network.lines(), [""; 0]);
}

/// The disk fails between the two checks.
#[tokio::test(start_paused = true)]
async fn a_token_is_revoked_if_its_secret_cannot_be_saved() {
    for revoked in [true, false] {
        let fixture = fixture_with_key().await;
        let folder = fixture.path("work/place");
        std::fs::create_dir(&folder).unwrap();
        let file = folder.join(".env");
        fixture.network.add_script(move |seen| {
            Some(Ok(if seen.line() == CREATE {
                std::fs::remove_dir_all(&folder).unwrap();
                network::json(201, &json!({"id": 7, "token": canary("new")}))
            } else {
                network::json(if revoked { 200 } else { 500 }, &json!({}))
            }))
        });
        let context = fixture.context();
        let error = context
            .session(&target(&context))
            .create_token(&new_token("x"), Some(&SecretTarget::env_file(&file)))
            .await;
        error_chain(&error.unwrap_err());
        assert_eq!(
            fixture.network.lines()[..2],
            [CREATE, "POST /api/tokens/7/revoke/"]
        );
        let expected = if revoked {
            "it was revoked"
        } else {
            "revoke it yourself (id 7)"
        };
        assert!(
            fixture.warnings()[0].contains(expected),
            "{:?}",
            fixture.warnings()
        );
        fixture.assert_events_have_no_secret();
    }
}

async fn create_with_response(response: &Value) -> Result<CreatedToken, ActionError> {
    let fixture = fixture_with_key().await;
    fixture.network.add_response(
        &format!("POST {API}/api/tokens/"),
        network::json(201, response),
    );
    create(&fixture.context(), "mine").await
}

#[tokio::test(start_paused = true)]
async fn a_created_key_without_an_id_is_returned() {
    // The documented response of Basic Memory: {key, name, created_at}.
    let documented = json!({"token": canary("new"), "created_at": "2026-02-01T00:00:00Z"});
    let created = create_with_response(&documented).await.unwrap();
    assert_eq!(created.secret.expose(), canary("new"));
    assert_eq!(
        (created.token.id, created.token.name.as_deref()),
        (None, Some("mine"))
    );
    let created = create_with_response(&json!({"token": canary("new"), "id": 12}))
        .await
        .unwrap();
    assert_eq!(created.token.id, Some(TokenId::new("12")));
}

#[tokio::test(start_paused = true)]
async fn a_secret_that_is_invalid_in_a_header_or_file_is_rejected() {
    for secret in [
        "",
        " ",
        "a\nPATH=evil",
        "a\u{1b}[2J",
        "a b",
        "ключ",
        "a\u{7f}",
    ] {
        let error = create_with_response(&json!({"token": secret, "id": 1})).await;
        let error = error.unwrap_err();
        assert_eq!(
            error_chain(&error),
            "BrainMaps sent no secret for the new token",
            "{secret:?}"
        );
    }
}
