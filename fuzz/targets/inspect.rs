//! `token inspect`: what a token says of itself.

use std::path::PathBuf;
use std::sync::Arc;

use brainmaps::actions::{
    Config, Context, EventRecorder, ExchangedTokens, GlobalOptions, ShutdownGuard, TokenFormat,
    TypedSecrets, Workload, inspect_token, open_workload_session,
};
use brainmaps::domain::Secret;
use brainmaps::host::{Environment, NoBrowser};
use brainmaps::http::{Client, WireLog};
use brainmaps::provider::Catalog;
use brainmaps::vault::Vault;

use super::wire::Canned;

fn context() -> Context {
    let nowhere = PathBuf::from("/nonexistent");
    Context {
        clock: Arc::new(|| jiff::Timestamp::UNIX_EPOCH),
        browser: Arc::new(NoBrowser),
        environment: Environment::default(),
        directory: nowhere.clone(),
        dotenv: brainmaps::host::DotEnvReader::default(),
        secret_files: Arc::default(),
        catalog: Catalog::new(nowhere.clone()),
        vault: Vault::new(nowhere),
        config: Config::default(),
        http: Client::new(Canned::of(b""), WireLog::silent()),
        options: GlobalOptions::default(),
        events: Box::new(|_| {}),
        shutdown_guard: ShutdownGuard::default(),
        reported: std::sync::Arc::default(),
        exchanged_tokens: ExchangedTokens::default(),
        recorder: EventRecorder::default(),
        typed_secrets: TypedSecrets::default(),
        target_command_limit: brainmaps::actions::TARGET_COMMAND_LIMIT,
        workload: Workload {
            network: Client::new(Canned::of(b""), WireLog::silent()),
            sign_in: open_workload_session,
            sessions: Arc::default(),
        },
    }
}

/// No token is shown again, and nobody's word is taken for the truth.
pub(crate) fn inspect(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let token = Secret::new(text.as_ref());
    let found = inspect_token(&context(), &token);
    let shown = serde_json::to_string(&found).unwrap();
    let whole = token.expose();
    let is_secret = whole.len() >= 24 && whole.contains("c4n4ry");
    assert!(!is_secret || !shown.contains(whole), "{shown}");
    assert_eq!(
        found.jwt.is_some(),
        matches!(found.form, TokenFormat::Jwt | TokenFormat::EncryptedJwt)
    );
    assert!(found.jwt.is_none_or(|jwt| !jwt.verified));
    if let Some(prefix) = found.prefix {
        assert!(
            whole.contains(&prefix) && (prefix.len() < whole.len() || whole.len() < 12),
            "{prefix} of {whole}"
        );
    }
}
