//! Signing in by OAuth2 device authorization with PKCE (RFC 8628, RFC 7636).

use crate::actions::credential::file_choice::report_profile_file;
use crate::actions::credential::storage_location::{profile_with_storage, resolve_storage};
use crate::actions::login::authorization_server::{
    LoginServer, base_for_issuer, configured_client_id, configured_issuer, resolve_device_server,
};
use crate::actions::login::replace;
use crate::actions::login::save::{LoginResult, NewLogin, is_index_damaged, save_session};
use crate::actions::{
    ActionError, Context, Event, Target, resolve_credential, set_default_profile,
};
use crate::domain::{
    BaseUrl, Credential, CredentialKind, Expiry, Scopes, StoredCredential, format_wait,
};
use crate::oauth::{DeviceAuthorization, DeviceClient, PollEvent, TokenResponse};
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
pub async fn login_with_device_flow(
    context: &Context,
    options: &LoginOptions,
) -> Result<LoginResult, ActionError> {
    let target = Target::for_login_at_issuer(context, options)?;
    let login = DeviceLogin::prepare(context, target, options).await?;
    login.run(context, options).await
}

/// A sign-in whose server is known, before anything was asked of it.
pub struct DeviceLogin {
    target: Target,
    server: LoginServer,
}

impl DeviceLogin {
    /// Finds the server, and whether it has what is needed; before any request, that the result can be stored.
    ///
    /// # Errors
    /// Whatever the settings, the disk, the server's metadata or the network says.
    pub(crate) async fn prepare(
        context: &Context,
        target: Target,
        options: &LoginOptions,
    ) -> Result<Self, ActionError> {
        rehearse(context, &target, options.storage).await?;
        let server = resolve_device_server(context, &target, options).await?;
        Ok(Self { target, server })
    }

    /// Asks for a code, tells it, waits for the user's decision, and stores the result.
    ///
    /// # Errors
    /// As [`login_with_device_flow`].
    pub async fn run(
        self,
        context: &Context,
        options: &LoginOptions,
    ) -> Result<LoginResult, ActionError> {
        let Self { target, server } = self;
        authorize_and_save(context, &target, server, options).await
    }
}

async fn authorize_and_save(
    context: &Context,
    target: &Target,
    server: LoginServer,
    options: &LoginOptions,
) -> Result<LoginResult, ActionError> {
    let base = base_for_issuer(target, &server.oauth.details().issuer)?;
    replace::check_replacement(context, target, &base.origin())?;
    report_profile_file(context, target);
    let client = DeviceClient {
        http: &context.http,
        server: &server.oauth,
        scopes: &server.scopes,
    };
    let authorization = client.authorize().await?;
    show_user_code(context, &authorization, &server, options.open_browser);
    let grant = client
        .wait_for_approval(authorization, &mut |event| context.emit(&to_event(event)))
        .await?;
    save_grant(context, target, options, (server, base, grant)).await
}

/// A disk that cannot take the result is told before the user is asked for anything, and so is an index that is in the
/// way: only a damaged one is set aside.
pub(crate) async fn rehearse(
    context: &Context,
    target: &Target,
    storage: Option<Storage>,
) -> Result<(), ActionError> {
    is_index_damaged(context)?;
    let lock = context.vault.lock(&target.name).await?;
    // A login that comes to nothing must not cost a refreshed session that was not put in its place yet.
    let _ = context.vault.recover_refresh(&lock);
    let place = resolve_storage(&context.config, &target.profile, storage);
    match Box::pin(context.vault.prepare_keyring(&lock, place)).await {
        // A damaged index is set aside when the login is stored.
        Err(error) if !error.is_damage() => return Err(error.into()),
        _ => {}
    }
    Ok(context.vault.preflight_write(&lock, place)?)
}

/// Shows the code, and opens the page that it is typed into.
fn show_user_code(
    context: &Context,
    authorization: &DeviceAuthorization,
    server: &LoginServer,
    open_browser: bool,
) {
    context.emit(&Event::DeviceCode {
        user_code: authorization.user_code.clone(),
        verification_uri: authorization.verification_uri.clone(),
        verification_uri_complete: authorization.verification_uri_complete.clone(),
        expires_in: authorization.expires_in,
        client_id: server.oauth.details().client_id.clone(),
        issuer: server.oauth.details().issuer.clone(),
        scopes: server.scopes.to_string(),
    });
    if open_browser {
        let complete = authorization.verification_uri_complete.as_ref();
        let page = complete.unwrap_or(&authorization.verification_uri);
        context.emit(&Event::BrowserOpened(context.browser.open(page).is_ok()));
    }
}

fn to_event(event: PollEvent) -> Event {
    match event {
        PollEvent::Waiting { remaining } => Event::Waiting { remaining },
        PollEvent::SlowedDown { interval } => Event::Retrying {
            cause: format!(
                "the server asked for slower polling, every {}",
                format_wait(interval)
            ),
        },
        PollEvent::Retrying { cause, .. } => Event::Retrying { cause },
    }
}

/// Stores what was granted, and what the next login should know.
async fn save_grant(
    context: &Context,
    target: &Target,
    options: &LoginOptions,
    (server, base, grant): (LoginServer, BaseUrl, TokenResponse),
) -> Result<LoginResult, ActionError> {
    let mut kept = profile_with_storage(context, target, options.storage);
    kept.issuer = configured_issuer(context, target, options).filter(|_| !context.options.sandbox);
    kept.client_id = configured_client_id(context, target, options);
    if !options.scopes.is_empty() {
        kept.scopes = Some(options.scopes.clone());
    }
    if target.base_is_explicit || target.base.as_ref() != Some(&base) {
        kept.api_url = Some(base.clone());
    }
    let asked = server.requested.clone();
    let stored = bind_grant(context, target, server, &base, grant);
    let new = NewLogin {
        stored,
        profile: kept,
        requested_scopes: asked,
        verified: true,
    };
    let is_new = creates_profile_for_issuer(context, target, options);
    let mut done = Box::pin(save_session(context, target, new)).await?;
    if is_new {
        done.notes.push(announce_profile(context, target).await);
    }
    Ok(done)
}

/// Whether the sign-in creates a profile that the user did not name.
fn creates_profile_for_issuer(context: &Context, target: &Target, options: &LoginOptions) -> bool {
    let is_named = context.options.profile.is_some() || options.issuer.is_none();
    let index = context.vault.index().unwrap_or_default();
    let is_known = context.catalog.contains(target.name.as_str());
    !is_named && !is_known && !index.profiles.contains_key(&target.name)
}

/// Makes the profile of an issuer the default one where the default profile has no credential. Returns a note about it.
async fn announce_profile(context: &Context, target: &Target) -> String {
    let name = &target.name;
    let created = format!("created profile \"{name}\" for this issuer");
    if has_default_profile(context) || set_default_profile(context, name.clone()).await.is_err() {
        return format!("{created}: use it with --profile {name}");
    }
    format!("{created}: it is the default profile now")
}

/// Whether the user chose a default profile, or the default one has a credential.
fn has_default_profile(context: &Context) -> bool {
    let is_chosen = context
        .vault
        .index()
        .map_or(true, |index| index.default_profile.is_some());
    is_chosen
        || Target::resolve(context).is_ok_and(|usual| resolve_credential(context, &usual).is_ok())
}

/// The grant, bound to the server it came from and to the service it is for.
fn bind_grant(
    context: &Context,
    target: &Target,
    server: LoginServer,
    base: &BaseUrl,
    grant: TokenResponse,
) -> StoredCredential {
    let authority = server.oauth.into_details();
    let issuer = authority.token_endpoint.origin().ascii_serialization();
    StoredCredential {
        provider: target.descriptor.id.clone(),
        origin: base.origin(),
        credential: Credential {
            kind: CredentialKind::AccessToken,
            secret: grant.access_token,
        },
        refresh_token: grant.refresh_token,
        oauth_server: Some(authority),
        expiry: Expiry::from_lifetime(context.clock_reading_at(&issuer), grant.expires_in),
        scopes: grant.scopes.unwrap_or(server.scopes),
        account: None,
        token_id: None,
    }
}
