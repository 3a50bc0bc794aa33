//! Rotation, interrupted at every request, before and after the service processed it: the key in use stays valid, and
//! the next run leaves exactly one.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use brainmaps::actions::{ActionError, Context, RotationError, RotationRequest, RotationResult};
use brainmaps::domain::{CredentialKind, StoredCredential, TokenId};
use brainmaps::http::Response;
use brainmaps::vault::{SecretDestination, TargetCommand};
use serde_json::{Value, json as value};

use super::fixture::{API, Fixture, canary, error_chain, key, target, write_private_file};
use super::network::{RecordedRequest, json};

/// A service with tokens: id to name and secret.
#[derive(Default)]
struct Server {
    tokens: Mutex<BTreeMap<String, (String, String)>>,
    made: AtomicUsize,
}

impl Server {
    fn has_secret(&self, secret: &str) -> bool {
        let tokens = self.tokens.lock().unwrap();
        tokens.values().any(|(_, one)| one == secret)
    }

    fn ids(&self) -> Vec<String> {
        self.tokens.lock().unwrap().keys().cloned().collect()
    }

    fn response(&self, seen: &RecordedRequest) -> Response {
        let key = seen.authorization().trim_start_matches("Token ").to_owned();
        if !self.has_secret(&key) {
            return json(401, &value!({"detail": "Invalid token."}));
        }
        let line = seen.line();
        if let Some(id) = line
            .strip_prefix("POST /api/tokens/")
            .and_then(|rest| rest.strip_suffix("/revoke/"))
        {
            return match self.tokens.lock().unwrap().remove(id) {
                Some(_) => json(200, &value!({"status": "token revoked"})),
                None => json(404, &value!({"detail": "Not found."})),
            };
        }
        match line.as_str() {
            "GET /api/tokens/" => {
                let tokens = self.tokens.lock().unwrap();
                let list: Vec<Value> = tokens
                    .iter()
                    .map(|(id, (name, _))| value!({"id": id, "name": name, "is_revoked": false}))
                    .collect();
                json(200, &value!({"results": list, "next": null}))
            }
            "POST /api/tokens/" => {
                let body: Value = serde_json::from_str(&seen.body).unwrap();
                let number = self.made.fetch_add(1, Ordering::SeqCst);
                let (id, secret) = (format!("new-{number}"), canary(&format!("made{number}")));
                let name = body["name"].as_str().unwrap().to_owned();
                self.tokens
                    .lock()
                    .unwrap()
                    .insert(id.clone(), (name.clone(), secret.clone()));
                json(201, &value!({"id": id, "name": name, "token": secret}))
            }
            "GET /api/auth/me/" => json(200, &value!({"email": "demo@brainmaps.test"})),
            other => panic!("{other}"),
        }
    }
}

struct RotationFixture {
    fixture: Fixture,
    server: Arc<Server>,
}

impl RotationFixture {
    /// Creates the tokens `other` and `old`; the profile's stored key is `stored`.
    async fn new(stored: &str) -> Self {
        let fixture = Fixture::new();
        let server = Arc::new(Server::default());
        for id in ["other", "old"] {
            let token = ("ci".to_owned(), canary(id));
            server.tokens.lock().unwrap().insert(id.to_owned(), token);
        }
        let stored = StoredCredential {
            token_id: (stored == "other").then(|| stored.to_owned()),
            ..key("brainmaps", API, stored)
        };
        fixture.store("brainmaps", &stored).await;
        let played = Arc::clone(&server);
        fixture
            .network
            .add_script(move |seen| Some(Ok(played.response(seen))));
        Self { fixture, server }
    }

    fn env_file(&self) -> PathBuf {
        self.fixture.path("work/app.env")
    }

    fn in_env_file(&self) -> String {
        let text = std::fs::read_to_string(self.env_file()).unwrap();
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix("BRAINMAPS_API_KEY="));
        line.unwrap().to_owned()
    }

    fn in_profile(&self) -> String {
        let stored = self.fixture.stored("brainmaps").unwrap();
        stored.credential.secret.expose().to_owned()
    }

    async fn rotate(&self, in_file: bool) -> Result<RotationResult, ActionError> {
        let context = self.fixture.context();
        let file = self.env_file();
        let file = in_file.then_some(SecretDestination::EnvFile(file));
        let id = TokenId::new("old");
        let request = RotationRequest {
            targets: file.as_slice(),
            ..RotationRequest::new(&id)
        };
        context
            .session(&target(&context))
            .rotate_token(request)
            .await
    }

    fn journal(&self) -> PathBuf {
        self.fixture.path("data/rotations/brainmaps.json")
    }
}

#[tokio::test(start_paused = true)]
async fn a_new_token_replaces_the_old_one() {
    for in_file in [true, false] {
        let rotation = RotationFixture::new(if in_file { "other" } else { "old" }).await;
        write_private_file(
            &rotation.env_file(),
            &format!("A=1\nBRAINMAPS_API_KEY={}\n", canary("old")),
        );
        let rotated = rotation.rotate(in_file).await.unwrap();
        assert_eq!(rotated.new.id.unwrap().as_str(), "new-0");
        assert_eq!(rotated.new.name.as_deref(), Some("ci"));
        assert_eq!(rotation.server.ids(), ["new-0", "other"]);
        let place = if in_file {
            rotation.in_env_file()
        } else {
            rotation.in_profile()
        };
        assert_eq!(place, canary("made0"));
        assert!(!rotation.journal().exists());
        // Finds the token of the key in the file, and of the credential in use.
        let compared = ["GET /api/auth/me/", "GET /api/auth/me/"];
        let compared: &[&str] = if in_file { &compared } else { &[] };
        let rest = [
            "POST /api/tokens/",
            "GET /api/tokens/",
            "GET /api/auth/me/",
            "POST /api/tokens/old/revoke/",
            "GET /api/auth/me/",
        ];
        let expected = [&["GET /api/tokens/"], compared, &rest].concat();
        assert_eq!(rotation.fixture.network.lines(), expected);
        assert!(
            rotation.fixture.warnings().is_empty(),
            "{:?}",
            rotation.fixture.warnings()
        );
        rotation.fixture.assert_events_have_no_secret();
    }
}

/// Simulates a process that is killed at a request: dropping the future cancels everything after it. The service processes the
/// request if `is_processed`.
async fn rotate_until_killed(
    rotation: &RotationFixture,
    is_in_file: bool,
    at: usize,
    is_processed: bool,
) {
    let hang = Duration::from_secs(1);
    rotation.fixture.network.set_latency(hang);
    let limit = hang * u32::try_from(at).unwrap() + hang / 2;
    let cut_short = tokio::time::timeout(limit, rotation.rotate(is_in_file)).await;
    assert!(cut_short.is_err(), "the rotation ended before request {at}");
    if is_processed {
        let seen = rotation.fixture.network.requests().pop().unwrap();
        let _lost = rotation.server.response(&seen);
    }
    rotation.fixture.network.set_latency(Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_rotation_killed_at_any_request_is_completed_by_the_next_run() {
    for in_file in [true, false] {
        for at in 0..if in_file { 7 } else { 5 } {
            for arrives in [false, true] {
                let rotation = RotationFixture::new(if in_file { "other" } else { "old" }).await;
                write_private_file(
                    &rotation.env_file(),
                    &format!("BRAINMAPS_API_KEY={}\n", canary("old")),
                );
                rotate_until_killed(&rotation, in_file, at, arrives).await;
                let place = || {
                    if in_file {
                        rotation.in_env_file()
                    } else {
                        rotation.in_profile()
                    }
                };
                assert!(
                    rotation.server.has_secret(&place()),
                    "{in_file} {at} {arrives}"
                );
                if rotation.journal().exists() {
                    let text = std::fs::read_to_string(rotation.journal()).unwrap();
                    assert!(
                        !text.contains("c4n4ry") && !text.contains(&canary("")),
                        "{text}"
                    );
                    let mode = std::fs::metadata(rotation.journal())
                        .unwrap()
                        .permissions()
                        .mode();
                    assert_eq!(mode & 0o777, 0o600);
                }
                let again = rotation.rotate(in_file).await;
                // If only the revocation was missing and had arrived, the old token is no longer listed.
                again.unwrap_or_else(|error| {
                    panic!("{in_file} {at} {arrives}: {}", error_chain(&error))
                });
                let ids = rotation.server.ids();
                assert_eq!(ids.len(), 2, "{in_file} {at} {arrives}: {ids:?}");
                assert!(ids.contains(&"other".to_owned()) && !ids.contains(&"old".to_owned()));
                assert!(
                    rotation.server.has_secret(&place()),
                    "{in_file} {at} {arrives}"
                );
                assert!(place() != canary("old") && !rotation.journal().exists());
                rotation.fixture.assert_events_have_no_secret();
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_rejected_new_token_is_revoked_and_the_old_one_stays() {
    let rotation = RotationFixture::new("old").await;
    rotation.fixture.network.add_script(|seen| {
        let refused = seen.line() == "GET /api/auth/me/" && seen.authorization().contains("made");
        refused.then(|| Ok(json(401, &value!({"detail": "Invalid token."}))))
    });
    let error = rotation.rotate(false).await.unwrap_err();
    assert!(
        matches!(error, ActionError::CredentialRejected { .. }),
        "{error:?}"
    );
    assert_eq!(rotation.server.ids(), ["old", "other"]);
    assert_eq!(rotation.in_profile(), canary("old"));
    assert!(!rotation.journal().exists());
}

/// A service with replicas, some of which do not know a new key for some seconds.
#[tokio::test(start_paused = true)]
async fn new_token_may_be_rejected_for_ten_seconds() {
    for (delay, is_rotated) in [(1, true), (9, true), (12, false)] {
        let rotation = RotationFixture::new("old").await;
        let played = Arc::clone(&rotation.server);
        let created = Mutex::new(None);
        rotation.fixture.network.add_script(move |seen| {
            let response = played.response(seen);
            let mut created = created.lock().unwrap();
            if response.status == 201 {
                *created = Some(tokio::time::Instant::now());
            }
            let is_new = seen.authorization().contains(&canary("made0"));
            let age = created.map_or(Duration::MAX, |at| at.elapsed());
            if is_new && age < Duration::from_secs(delay) {
                return Some(Ok(json(401, &value!({"detail": "Invalid token."}))));
            }
            Some(Ok(response))
        });
        let result = rotation.rotate(false).await;
        assert_eq!(result.is_ok(), is_rotated, "{delay}");
        let new = if is_rotated { "new-0" } else { "old" };
        assert_eq!(rotation.server.ids(), [new, "other"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_failed_revocation_of_the_old_token_is_repeated_by_the_next_run() {
    let rotation = RotationFixture::new("old").await;
    let is_down = Arc::new(Mutex::new(true));
    let down = Arc::clone(&is_down);
    rotation.fixture.network.add_script(move |seen| {
        let fails = *down.lock().unwrap() && seen.line().ends_with("/revoke/");
        fails.then(|| Ok(json(500, &value!({}))))
    });
    let error = rotation.rotate(false).await.unwrap_err();
    assert!(error_chain(&error).contains("the new token is written"));
    assert_eq!(rotation.in_profile(), canary("made0"));
    *is_down.lock().unwrap() = false;
    assert!(rotation.rotate(false).await.unwrap().resumed);
    assert_eq!(rotation.server.ids(), ["new-0", "other"]);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_cannot_be_rotated_is_reported_before_any_creation() {
    let id = TokenId::new("old");
    let run = async |context: Context, id: &TokenId| {
        context
            .session(&target(&context))
            .rotate_token(RotationRequest::new(id))
            .await
            .unwrap_err()
    };
    let rotation = RotationFixture::new("old").await;
    let missing = run(rotation.fixture.context(), &TokenId::new("missing")).await;
    assert!(
        matches!(
            missing,
            ActionError::Rotation(RotationError::NoSuchToken { .. })
        ),
        "{missing:?}"
    );
    let other = StoredCredential {
        token_id: Some("other".to_owned()),
        ..key("brainmaps", API, "other")
    };
    rotation.fixture.store("brainmaps", &other).await;
    let other = run(rotation.fixture.context(), &id).await;
    assert!(
        matches!(
            other,
            ActionError::Rotation(RotationError::StoredKeyMismatch { .. })
        ),
        "{other:?}"
    );
    let mut session = key("brainmaps", API, "old");
    session.credential.kind = CredentialKind::SessionToken;
    rotation.fixture.store("brainmaps", &session).await;
    let nowhere = run(rotation.fixture.context(), &id).await;
    assert!(
        matches!(
            nowhere,
            ActionError::Rotation(RotationError::NoStoredKey { .. })
        ),
        "{nowhere:?}"
    );
    rotation.fixture.write_description(
        "bare",
        "id = \"bare\"\nname = \"Bare\"\napi_url = \"https://bare.test\"\n[headers]\n",
    );
    let bare = run(rotation.fixture.profile("bare"), &id).await;
    assert!(error_chain(&bare).contains("Bare does not support `token rotate`"));
    assert_eq!(rotation.server.ids(), ["old", "other"]);
}

#[tokio::test(start_paused = true)]
async fn a_different_key_in_the_destination_is_reported() {
    let rotation = RotationFixture::new("old").await;
    let other = key("brainmaps", API, "other");
    rotation.fixture.store("brainmaps", &other).await;
    let rotated = rotation.rotate(false).await;
    rotated.unwrap();
    let warnings = rotation.fixture.warnings().concat();
    assert!(
        warnings.contains("the key that was replaced still works"),
        "{warnings}"
    );
}

#[tokio::test]
async fn hanging_command_fails_after_the_limit_and_the_next_run_retries() {
    let rotation = RotationFixture::new("other").await;
    let line = format!("BRAINMAPS_API_KEY={}\n", canary("old"));
    write_private_file(&rotation.env_file(), &line);
    let directory = rotation.fixture.path("work");
    let command = SecretDestination::Command(TargetCommand {
        command: "umask 077; test -e ok || sleep 100; cat > to.txt".to_owned(),
        directory: directory.clone(),
    });
    let targets = [SecretDestination::EnvFile(rotation.env_file()), command];
    let id = TokenId::new("old");
    let rotate = async || {
        let mut context = rotation.fixture.context();
        context.target_command_limit = Duration::from_millis(500);
        let request = RotationRequest {
            targets: &targets,
            ..RotationRequest::new(&id)
        };
        let target = target(&context);
        context.session(&target).rotate_token(request).await
    };
    let error = rotate().await.unwrap_err();
    assert!(error_chain(&error).contains("was killed after"), "{error}");
    assert_eq!(rotation.server.ids(), ["new-0", "old", "other"]);
    write_private_file(&directory.join("ok"), "");
    assert!(rotate().await.unwrap().resumed);
    assert_eq!(rotation.server.ids(), ["new-0", "other"]);
    let written = std::fs::read_to_string(directory.join("to.txt")).unwrap();
    assert_eq!(
        (written, rotation.in_env_file()),
        (canary("made0"), canary("made0"))
    );
}
