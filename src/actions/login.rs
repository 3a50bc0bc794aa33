//! Signing in by OAuth2 device authorization with PKCE (RFC 8628, RFC 7636).

use super::choice::report_profile;
use super::keeping::{at_place, place};
use super::server::{Server, issuer_origin, named_client, named_issuer, resolve};
use super::sign_in::{NewSignIn, SignedIn, index_damage, store_session};
use super::{ActionError, Context, Event, Target};
use crate::domain::{
    Authority, BaseUrl, Credential, CredentialKind, Expiry, Scopes, StoredCredential,
};
use crate::oauth::{DeviceAuthorization, DeviceClient, Grant, PollEvent};
use crate::vault::Storage;

/// What a user says at `login`.
#[derive(Debug, Clone, Default)]
pub struct LoginOptions {
    /// Another authorization server.
    pub issuer: Option<String>,
    /// Another client.
    pub client_id: Option<String>,
    /// What to ask for instead of the service's usual scopes.
    pub scopes: Scopes,
    /// Whether a browser may be opened.
    pub open_browser: bool,
    /// Where to keep the result, if the user says so.
    pub storage: Option<Storage>,
}

/// Signs in: asks for a code, tells it, waits for the user's decision, and stores the result.
///
/// # Errors
/// `DENIED` when the user declines, `CODE_EXPIRED` when nobody decides in time, and whatever the settings, the
/// server, the network or the disk says. Nothing stored before is lost.
pub async fn device_login(
    context: &Context,
    options: &LoginOptions,
) -> Result<SignedIn, ActionError> {
    let target = Target::for_login(context, options.issuer.is_some())?;
    let login = DeviceLogin::prepare(context, target, options).await?;
    login.run(context, options).await
}

/// A sign-in whose server is known, before anything was asked of it.
pub struct DeviceLogin {
    target: Target,
    server: Server,
}

impl DeviceLogin {
    /// Finds the server, and whether it has what is needed.
    ///
    /// # Errors
    /// Whatever the settings, the server's metadata or the network says.
    pub(super) async fn prepare(
        context: &Context,
        target: Target,
        options: &LoginOptions,
    ) -> Result<Self, ActionError> {
        let server = resolve(context, &target, options).await?;
        Ok(Self { target, server })
    }

    /// Asks for a code, tells it, waits for the user's decision, and stores the result.
    ///
    /// # Errors
    /// As [`device_login`].
    pub async fn run(
        self,
        context: &Context,
        options: &LoginOptions,
    ) -> Result<SignedIn, ActionError> {
        let Self { target, server } = self;
        approved(context, &target, server, options).await
    }
}

async fn approved(
    context: &Context,
    target: &Target,
    server: Server,
    options: &LoginOptions,
) -> Result<SignedIn, ActionError> {
    let base = base(target, &server)?;
    report_profile(context, target);
    rehearse(context, target, options.storage).await?;
    let client = DeviceClient {
        http: &context.http,
        device_authorization_endpoint: &server.device_authorization_endpoint,
        token_endpoint: &server.token_endpoint,
        client_id: &server.client_id,
        scopes: &server.scopes,
    };
    let authorization = client.authorize().await?;
    invite(context, &authorization, &server, options.open_browser);
    let grant = client
        .wait(authorization, &mut |event| context.tell(&progress(event)))
        .await?;
    keep(context, target, options, (server, base, grant)).await
}

/// Where the service is. A profile whose only address is its issuer's moves along with a new issuer: otherwise the new
/// server's access token would go to the old server.
fn base(target: &Target, server: &Server) -> Result<BaseUrl, ActionError> {
    let old = target.kept.issuer.as_deref();
    let old = old.and_then(|issuer| issuer_origin(issuer).ok());
    let follows = !target.base_is_explicit
        && target.descriptor.api_url.is_none()
        && old.is_some_and(|old| target.kept.api_url == old.to_string().parse().ok());
    match &target.base {
        Some(base) if !follows => Ok(base.clone()),
        _ => Ok(issuer_origin(&server.issuer)?.to_string().parse()?),
    }
}

/// A disk that cannot take the result is told before the user is asked for anything, and so is an index that is in the
/// way: only a damaged one is set aside.
pub(super) async fn rehearse(
    context: &Context,
    target: &Target,
    storage: Option<Storage>,
) -> Result<(), ActionError> {
    index_damage(context)?;
    let lock = context.vault.lock(&target.profile).await?;
    // A login that comes to nothing must not cost a refreshed session that was not put in its place yet.
    let _ = context.vault.recover(&lock);
    let place = place(&context.config, &target.kept, storage);
    match Box::pin(context.vault.prepare_keyring(&lock, place)).await {
        // A damaged index is set aside when the login is stored.
        Err(error) if !error.is_damage() => return Err(error.into()),
        _ => {}
    }
    Ok(context.vault.rehearse(&lock, place)?)
}

/// Shows the code, and opens the page that it is typed into.
fn invite(
    context: &Context,
    authorization: &DeviceAuthorization,
    server: &Server,
    open_browser: bool,
) {
    context.tell(&Event::DeviceCode {
        user_code: authorization.user_code.clone(),
        verification_uri: authorization.verification_uri.clone(),
        verification_uri_complete: authorization.verification_uri_complete.clone(),
        expires_in: authorization.expires_in,
        client_id: server.client_id.clone(),
        scopes: server.scopes.to_string(),
    });
    if open_browser {
        let complete = authorization.verification_uri_complete.as_ref();
        let page = complete.unwrap_or(&authorization.verification_uri);
        context.tell(&Event::BrowserOpened(context.browser.open(page).is_ok()));
    }
}

fn progress(event: PollEvent) -> Event {
    match event {
        PollEvent::Waiting { remaining } => Event::Waiting { remaining },
        PollEvent::SlowedDown { interval } => Event::Retrying {
            cause: format!(
                "the server asks for a pause of {} s between two questions",
                interval.as_secs()
            ),
        },
        PollEvent::Retrying { cause, .. } => Event::Retrying { cause },
    }
}

/// Stores what was granted, and what the next login should know.
async fn keep(
    context: &Context,
    target: &Target,
    options: &LoginOptions,
    (server, base, grant): (Server, BaseUrl, Grant),
) -> Result<SignedIn, ActionError> {
    let mut kept = at_place(context, target, options.storage);
    kept.issuer = named_issuer(context, target, options).filter(|_| !context.choice.sandbox);
    kept.client_id = named_client(context, target, options);
    if !options.scopes.is_empty() {
        kept.scopes = Some(options.scopes.clone());
    }
    if target.base_is_explicit || target.base.as_ref() != Some(&base) {
        kept.api_url = Some(base.clone());
    }
    let asked = server.wanted.clone();
    let stored = bound(context, target, server, &base, grant);
    let new = NewSignIn {
        stored,
        kept,
        asked,
        verified: true,
    };
    Box::pin(store_session(context, target, new)).await
}

/// The grant, bound to the server it came from and to the service it is for.
fn bound(
    context: &Context,
    target: &Target,
    server: Server,
    base: &BaseUrl,
    grant: Grant,
) -> StoredCredential {
    let issuer = server.token_endpoint.origin().ascii_serialization();
    StoredCredential {
        provider: target.descriptor.id.clone(),
        origin: base.origin(),
        credential: Credential {
            kind: CredentialKind::AccessToken,
            secret: grant.access_token,
        },
        refresh_token: grant.refresh_token,
        authority: Some(Authority {
            issuer: server.issuer,
            client_id: server.client_id,
            token_endpoint: server.token_endpoint,
            revocation_endpoint: server.revocation_endpoint,
        }),
        expiry: Expiry::after(context.moment_at(&issuer), grant.expires_in),
        scopes: grant.scopes.unwrap_or(server.scopes),
        account: None,
        token_id: None,
    }
}
