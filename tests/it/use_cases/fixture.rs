//! An in-process fixture: a home directory, tokio's paused time as the clock, the network, and a sandbox that starts with
//! the first request to it.

use std::io::Write as _;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use brainmaps::actions::{
    ActionError, Config, Context, Event, EventRecorder, ExchangedTokens, GlobalOptions,
    ShutdownGuard, Target, TypedSecrets, Workload, open_workload_session,
};
use brainmaps::domain::{
    Credential, CredentialKind, Expiry, OAuthServer, ProfileName, RefreshMethod, RepeatedOptions,
    Scopes, Secret, StoredCredential,
};
use brainmaps::host::{DotEnvReader, Environment, NoBrowser, SecretFiles};
use brainmaps::http::{Client, WireLog};
use brainmaps::provider::Catalog;
use brainmaps::sandbox::{CANARY, Sandbox, Settings, State};
use brainmaps::service::NewToken;
use brainmaps::vault::{Profile, Storage, Vault};
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;
use tokio::time::Instant;

use crate::support::temp_dir::temp_dir;

use super::network::{Network, SANDBOX};

/// The time at which every test starts, in seconds since 1970.
pub(crate) const BEGIN: i64 = 1_800_000_000;

/// What the person does with a user code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Person {
    Approves,
    Denies,
    IsAway,
}

pub(crate) struct Fixture {
    home: TempDir,
    sandbox: Arc<LazySandbox>,
    pub(crate) network: Arc<Network>,
    pub(crate) events: Arc<Mutex<Vec<Event>>>,
    pub(crate) person: Arc<Mutex<Person>>,
    began: Instant,
}

/// A sandbox in memory. Opening one costs more than most tests, and few of them send it a request.
pub(crate) struct LazySandbox {
    settings: Settings,
    sandbox: OnceLock<Sandbox>,
}

impl LazySandbox {
    fn new(settings: Settings) -> Self {
        let sandbox = OnceLock::new();
        Self { settings, sandbox }
    }

    pub(crate) fn get(&self) -> &Sandbox {
        self.sandbox
            .get_or_init(|| Sandbox::open(self.settings.clone()).unwrap())
    }
}

impl Fixture {
    pub(crate) fn new() -> Self {
        Self::with_settings(|_| {})
    }

    /// Returns a fixture whose sandbox has changed settings.
    pub(crate) fn with_settings(change: impl FnOnce(&mut Settings)) -> Self {
        let began = Instant::now();
        let clock = Arc::new(move || now(began));
        let mut settings = Settings::new(State::Memory, SANDBOX.parse().unwrap(), clock);
        change(&mut settings);
        let sandbox = Arc::new(LazySandbox::new(settings));
        let home = temp_dir();
        for folder in ["work", "providers"] {
            std::fs::create_dir(home.path().join(folder)).unwrap();
        }
        Self {
            network: Network::new(Arc::clone(&sandbox)),
            sandbox,
            home,
            events: Arc::default(),
            person: Arc::new(Mutex::new(Person::Approves)),
            began,
        }
    }

    /// Returns the context of a new process with an empty environment and no options.
    pub(crate) fn context(&self) -> Context {
        let began = self.began;
        let (events, sandbox) = (Arc::clone(&self.events), Arc::clone(&self.sandbox));
        let person = Arc::clone(&self.person);
        Context {
            clock: Arc::new(move || now(began)),
            browser: Arc::new(NoBrowser),
            environment: Environment::default(),
            directory: self.path("work"),
            dotenv: DotEnvReader::default(),
            secret_files: Arc::new(SecretFiles::with_run_secrets(self.path("secrets"))),
            catalog: Catalog::new(self.path("providers")),
            vault: Vault::new(self.path("data")),
            config: Config::default(),
            http: Client::new(self.network.clone(), WireLog::silent()),
            options: GlobalOptions::default(),
            events: Box::new(move |event| {
                if let Event::DeviceCode { user_code, .. } = event {
                    // The sandbox rejects the code of a scripted server.
                    let _ = match *person.lock().unwrap() {
                        Person::Approves => sandbox.get().approve(user_code),
                        Person::Denies => sandbox.get().deny(user_code),
                        Person::IsAway => Ok(()),
                    };
                }
                events.lock().unwrap().push(event.clone());
            }),
            shutdown_guard: ShutdownGuard::default(),
            exchanged_tokens: ExchangedTokens::default(),
            recorder: EventRecorder::default(),
            typed_secrets: TypedSecrets::default(),
            target_command_limit: brainmaps::actions::TARGET_COMMAND_LIMIT,
            reported: Arc::default(),
            workload: Workload {
                network: Client::new(self.network.clone(), WireLog::silent()),
                sign_in: open_workload_session,
                sessions: Arc::default(),
            },
        }
    }

    /// Returns the context of a new process with `--profile NAME`.
    pub(crate) fn profile(&self, name: &str) -> Context {
        let mut context = self.context();
        context.options.profile = Some(name.parse().unwrap());
        context
    }

    /// Returns the context of a new process with `--sandbox --profile NAME`.
    pub(crate) fn in_sandbox(&self, name: &str) -> Context {
        let mut context = self.profile(name);
        context.options.sandbox = true;
        context
    }

    /// Sets what the person does with later user codes.
    pub(crate) fn set_person(&self, person: Person) {
        *self.person.lock().unwrap() = person;
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    pub(crate) fn credential_file(&self, profile: &str) -> PathBuf {
        self.path(&format!("data/credentials/{profile}.json"))
    }

    /// Writes the description of a service.
    pub(crate) fn write_description(&self, id: &str, text: &str) {
        write_private_file(&self.path(&format!("providers/{id}.toml")), text);
    }

    pub(crate) fn write_dotenv(&self, text: &str) {
        write_private_file(&self.path("work/.env"), text);
    }

    /// Clears the stored credentials, the scripts, the recorded requests and the events; the sandbox keeps its state.
    pub(crate) fn reset(&self) {
        // The directory may not exist.
        let _ = std::fs::remove_dir_all(self.path("data"));
        self.network.reset();
        self.events.lock().unwrap().clear();
    }

    /// Returns the stored credential of `profile`.
    pub(crate) fn stored(&self, profile: &str) -> Option<StoredCredential> {
        let vault = Vault::new(self.path("data"));
        vault
            .read(&profile.parse().unwrap(), Storage::File)
            .unwrap()
    }

    /// Stores a credential, like an earlier login.
    pub(crate) async fn store(&self, profile: &str, stored: &StoredCredential) {
        let vault = Vault::new(self.path("data"));
        let name: ProfileName = profile.parse().unwrap();
        let lock = vault.lock(&name).await.unwrap();
        vault.write(&lock, Storage::File, stored).unwrap();
        let profile = Profile::new(stored.provider.clone());
        let insert = |index: &mut brainmaps::vault::ProfileIndex| {
            index.profiles.entry(name).or_insert(profile);
        };
        vault.update_index(insert).await.unwrap();
    }

    /// Returns a function that writes the credential file without the lock.
    pub(crate) fn overwrite(&self, profile: &str, stored: &StoredCredential) -> impl Fn() + use<> {
        let other_home = temp_dir();
        let vault = Vault::new(other_home.path().join("data"));
        let lock = vault.try_lock(&profile.parse().unwrap()).unwrap().unwrap();
        vault.write(&lock, Storage::File, stored).unwrap();
        let written = other_home
            .path()
            .join(format!("data/credentials/{profile}.json"));
        let text = std::fs::read_to_string(written).unwrap();
        let target = self.credential_file(profile);
        move || write_private_file(&target, &text)
    }

    pub(crate) fn warnings(&self) -> Vec<String> {
        let events = self.events.lock().unwrap();
        let warning = |event: &Event| match event {
            Event::Warning(warning) => Some(warning.render(&RepeatedOptions::default())),
            _ => None,
        };
        events.iter().filter_map(warning).collect()
    }

    /// Fails if a reported event contains a secret.
    #[track_caller]
    pub(crate) fn assert_events_have_no_secret(&self) {
        assert_no_secret(&*self.events.lock().unwrap());
    }

    /// Advances the clock.
    pub(crate) async fn advance(&self, seconds: u64) {
        tokio::time::advance(Duration::from_secs(seconds)).await;
    }
}

/// Returns the time of the clock, which started with the fixture at [`BEGIN`].
fn now(began: Instant) -> Timestamp {
    let passed = SignedDuration::try_from(began.elapsed()).unwrap();
    Timestamp::from_second(BEGIN).unwrap() + passed
}

/// Returns the request for a token of this name, with the defaults of the service.
pub(crate) fn new_token(name: &str) -> NewToken {
    NewToken {
        name: name.to_owned(),
        ..NewToken::default()
    }
}

/// Returns the profile that `context` selects.
pub(crate) fn target(context: &Context) -> Target {
    Target::resolve(context).unwrap()
}

/// Writes a file that only its owner can read. Creates its directory, with mode 0700 if it holds credentials.
pub(crate) fn write_private_file(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let private = std::fs::Permissions::from_mode(0o700);
    if path.parent().unwrap().ends_with("credentials") || path.parent().unwrap().ends_with("data") {
        std::fs::set_permissions(path.parent().unwrap(), private).unwrap();
    }
    let mut open = std::fs::OpenOptions::new();
    let mut file = open
        .create(true)
        .write(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
        .unwrap();
    file.write_all(text.as_bytes()).unwrap();
}

/// The authorization server of [`session`].
pub(crate) const AUTHORIZATION_SERVER: &str = "https://as.test";
pub(crate) const API: &str = "https://api.brainmaps.science";

/// Returns a session at BrainMaps that expires `seconds` after the start; its secrets contain the canary.
pub(crate) fn session(access: &str, refresh: &str, seconds: i64) -> StoredCredential {
    StoredCredential {
        provider: "brainmaps".parse().unwrap(),
        origin: API.parse().unwrap(),
        credential: Credential {
            kind: CredentialKind::AccessToken,
            secret: secret(access),
        },
        refresh_token: (!refresh.is_empty()).then(|| secret(refresh)),
        refresh_method: RefreshMethod::default(),
        oauth_server: Some(OAuthServer {
            issuer: AUTHORIZATION_SERVER.to_owned(),
            client_id: "client".to_owned(),
            client: brainmaps::domain::ClientParameters::default(),
            protected_resource: None,
            token_endpoint: format!("{AUTHORIZATION_SERVER}/token").parse().unwrap(),
            revocation_endpoint: Some(format!("{AUTHORIZATION_SERVER}/revoke").parse().unwrap()),
            userinfo_endpoint: None,
        }),
        expiry: Expiry {
            issued_at: Timestamp::from_second(BEGIN - 3600 + seconds.min(0)).unwrap(),
            expires_at: Some(Timestamp::from_second(BEGIN + seconds).unwrap()),
            clock_offset: None,
        },
        scopes: Scopes::parse("openid offline_access"),
        account: None,
        subject: None,
        login_method: None,
        token_id: None,
    }
}

/// Returns an API key of `provider` at `origin`.
pub(crate) fn key(provider: &str, origin: &str, name: &str) -> StoredCredential {
    StoredCredential {
        provider: provider.parse().unwrap(),
        origin: origin.parse().unwrap(),
        credential: Credential {
            kind: CredentialKind::ApiKey,
            secret: secret(name),
        },
        refresh_token: None,
        refresh_method: RefreshMethod::default(),
        oauth_server: None,
        expiry: Expiry {
            issued_at: Timestamp::from_second(BEGIN).unwrap(),
            expires_at: None,
            clock_offset: None,
        },
        scopes: Scopes::default(),
        account: None,
        subject: None,
        login_method: None,
        token_id: None,
    }
}

/// Returns a secret that contains the canary.
pub(crate) fn secret(name: &str) -> Secret {
    Secret::new(canary(name))
}

/// Returns a text with the canary. The final dot prevents one text from being the prefix of another.
pub(crate) fn canary(name: &str) -> String {
    format!("{CANARY}-{name}.")
}

#[track_caller]
pub(crate) fn assert_no_secret(what: &impl std::fmt::Debug) {
    let text = format!("{what:?}");
    assert!(!text.contains(CANARY), "{text}");
}

/// Returns the message of an error and of its causes; fails if one contains a secret.
#[track_caller]
pub(crate) fn error_chain(error: &ActionError) -> String {
    assert_no_secret(error);
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(next) = cause {
        text.push_str(": ");
        text.push_str(&next.to_string());
        cause = next.source();
    }
    assert!(!text.contains(CANARY), "{text}");
    text
}
