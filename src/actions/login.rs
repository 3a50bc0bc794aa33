//! Signing in by OAuth2 device authorization with PKCE (RFC 8628, RFC 7636).

use super::choice::report_profile;
use super::keeping::{at_place, place};
use super::replace;
use super::server::{Server, base_at, named_client, named_issuer, resolve};
use super::sign_in::{NewSignIn, SignedIn, index_damage, store_session};
use super::{ActionError, Context, Event, Target, select, use_profile};
use crate::domain::{BaseUrl, Credential, CredentialKind, Expiry, Scopes, StoredCredential};
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
    let target = Target::for_sign_in(context, options)?;
    let login = DeviceLogin::prepare(context, target, options).await?;
    login.run(context, options).await
}

/// A sign-in whose server is known, before anything was asked of it.
pub struct DeviceLogin {
    target: Target,
    server: Server,
}

impl DeviceLogin {
    /// Finds the server, and whether it has what is needed; before any request, that the result can be stored.
    ///
    /// # Errors
    /// Whatever the settings, the disk, the server's metadata or the network says.
    pub(super) async fn prepare(
        context: &Context,
        target: Target,
        options: &LoginOptions,
    ) -> Result<Self, ActionError> {
        rehearse(context, &target, options.storage).await?;
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
    let base = base_at(target, &server.oauth.authority().issuer)?;
    replace::check(context, target, &base.origin())?;
    report_profile(context, target);
    let client = DeviceClient {
        http: &context.http,
        server: &server.oauth,
        scopes: &server.scopes,
    };
    let authorization = client.authorize().await?;
    invite(context, &authorization, &server, options.open_browser);
    let grant = client
        .wait(authorization, &mut |event| context.tell(&progress(event)))
        .await?;
    keep(context, target, options, (server, base, grant)).await
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
        client_id: server.oauth.authority().client_id.clone(),
        issuer: server.oauth.authority().issuer.clone(),
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
    let is_new = is_new_for_issuer(context, target, options);
    let mut done = Box::pin(store_session(context, target, new)).await?;
    if is_new {
        done.notes.push(announce_profile(context, target).await);
    }
    Ok(done)
}

/// Whether the sign-in creates a profile that the user did not name.
fn is_new_for_issuer(context: &Context, target: &Target, options: &LoginOptions) -> bool {
    let is_named = context.choice.profile.is_some() || options.issuer.is_none();
    let index = context.vault.index().unwrap_or_default();
    let is_known = context.catalog.knows(target.profile.as_str());
    !is_named && !is_known && !index.profiles.contains_key(&target.profile)
}

/// Makes the profile of an issuer the default one where the default profile has no credential. Returns a note about it.
async fn announce_profile(context: &Context, target: &Target) -> String {
    let name = &target.profile;
    let created = format!("created profile \"{name}\" for this issuer");
    if has_default(context) || use_profile(context, name.clone()).await.is_err() {
        return format!("{created}: use it with --profile {name}");
    }
    format!("{created}: it is the default profile now")
}

/// Whether the user chose a default profile, or the default one has a credential.
fn has_default(context: &Context) -> bool {
    let is_chosen = context
        .vault
        .index()
        .map_or(true, |index| index.current.is_some());
    is_chosen || Target::resolve(context).is_ok_and(|usual| select(context, &usual).is_ok())
}

/// The grant, bound to the server it came from and to the service it is for.
fn bound(
    context: &Context,
    target: &Target,
    server: Server,
    base: &BaseUrl,
    grant: Grant,
) -> StoredCredential {
    let authority = server.oauth.into_authority();
    let issuer = authority.token_endpoint.origin().ascii_serialization();
    StoredCredential {
        provider: target.descriptor.id.clone(),
        origin: base.origin(),
        credential: Credential {
            kind: CredentialKind::AccessToken,
            secret: grant.access_token,
        },
        refresh_token: grant.refresh_token,
        authority: Some(authority),
        expiry: Expiry::after(context.moment_at(&issuer), grant.expires_in),
        scopes: grant.scopes.unwrap_or(server.scopes),
        account: None,
        token_id: None,
    }
}
