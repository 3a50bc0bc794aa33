//! Answers of an authorization server.

use brainmaps::domain::{ClientParameters, OAuthServer, RepeatedOptions, Scopes, Secret};
use brainmaps::oauth::{
    self, DeviceClient, LoginEndpoints, OauthError, TokenHint, TokenResponse, VerifiedServer,
};
use url::Url;

use super::wire::{Canned, Judge, SENT, client, confidential, harmless, printed, runtime};

const ISSUER: &str = "https://auth.example.com";

fn url(path: &str) -> Url {
    Url::parse(&format!("{ISSUER}{path}")).unwrap()
}

fn server() -> VerifiedServer {
    let authority = OAuthServer {
        issuer: ISSUER.to_owned(),
        client_id: "native".to_owned(),
        client: ClientParameters::default(),
        protected_resource: None,
        token_endpoint: url("/token"),
        revocation_endpoint: Some(url("/revoke")),
        userinfo_endpoint: Some(url("/userinfo")),
    };
    let login = LoginEndpoints {
        device: Some(url("/device")),
        ..LoginEndpoints::default()
    };
    VerifiedServer::verify(authority, login, &[]).unwrap()
}

fn judged<T>(judge: Judge, outcome: Result<T, OauthError>) -> Option<T> {
    outcome
        .inspect_err(|error| {
            judge(&printed(error));
            let hint = error.hint();
            let hint = hint.map(|hint| hint.render(&RepeatedOptions::default()));
            judge(&hint.unwrap_or_default());
            judge(error.request_id().unwrap_or_default());
        })
        .ok()
}

/// Only the issuer that was asked, and only addresses that a token may be sent to.
pub(crate) fn metadata(bytes: &[u8]) {
    let canned = Canned::of(bytes);
    let found = runtime().block_on(oauth::discover(&client(&canned, harmless), ISSUER));
    assert!(canned.received() < 20);
    let Some(found) = judged(harmless, found) else {
        return;
    };
    assert_eq!(found.issuer, ISSUER);
    let addresses = [
        found.device_authorization_endpoint,
        found.token_endpoint,
        found.revocation_endpoint,
        found.introspection_endpoint,
        found.userinfo_endpoint,
    ];
    for address in addresses.into_iter().flatten() {
        assert_eq!(address.scheme(), "https", "{address}");
        assert_eq!(address.username(), "");
    }
}

/// A page that may be opened, a code that may be shown, a time that ends.
pub(crate) fn device(bytes: &[u8]) {
    let canned = Canned::of(bytes);
    let http = client(&canned, harmless);
    let asking = DeviceClient {
        http: &http,
        server: &server(),
        scopes: &Scopes::default(),
    };
    let Some(found) = judged(harmless, runtime().block_on(asking.authorize())) else {
        return;
    };
    assert!(!found.user_code.is_empty() && !found.user_code.chars().any(char::is_control));
    assert_eq!(found.verification_uri.scheme(), "https");
    let complete = found.verification_uri_complete;
    assert!(complete.is_none_or(|complete| complete.origin() == found.verification_uri.origin()));
    assert!((1..=24 * 60 * 60).contains(&found.expires_in.as_secs()));
}

const DEVICE: &[u8] = br#"{"device_code":"sent-c4n4ry-secret","user_code":"ABCD","verification_uri":"https://auth.example.com/",
"expires_in":600,"interval":5}"#;

/// The answers to one poll after the other: the waiting ends, in time, and never polls faster than it may.
pub(crate) fn token(bytes: &[u8]) {
    let canned = Canned::of(&[DEVICE, b"\n---\n", bytes].concat());
    let http = client(&canned, confidential);
    let asking = DeviceClient {
        http: &http,
        server: &server(),
        scopes: &Scopes::default(),
    };
    let granted = runtime().block_on(async {
        let began = tokio::time::Instant::now();
        let authorization = asking.authorize().await?;
        let granted = asking.wait_for_approval(authorization, &mut |_| {}).await;
        assert!(began.elapsed().as_secs() <= 601, "{:?}", began.elapsed());
        granted
    });
    assert!(
        canned.received() <= 1 + 600 / 5,
        "{} polls",
        canned.received()
    );
    sound(judged(confidential, granted));
}

fn sound(grant: Option<TokenResponse>) {
    let Some(grant) = grant else {
        return;
    };
    assert!(grant.access_token.is_visible_ascii());
    assert!(
        grant
            .refresh_token
            .is_none_or(|token| token.is_visible_ascii())
    );
}

/// A refresh and a revocation: sent once unless nothing can have been done, and never quoted.
pub(crate) fn refresh(bytes: &[u8]) {
    let server = server();
    let secret = Secret::new(SENT);
    let canned = Canned::of(bytes);
    let refreshed = runtime().block_on(oauth::refresh(
        &client(&canned, confidential),
        &server,
        &secret,
    ));
    assert_eq!(canned.received(), 1);
    sound(judged(confidential, refreshed));
    let canned = Canned::of(bytes);
    let hint = TokenHint::RefreshToken;
    judged(
        confidential,
        runtime().block_on(oauth::revoke(
            &client(&canned, confidential),
            &server,
            &secret,
            hint,
        )),
    );
}
