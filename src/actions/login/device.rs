//! Login by OAuth device authorization with PKCE (RFC 8628, RFC 7636).

use crate::actions::credential::file_choice::report_profile_file;
use crate::actions::credential::refresh::warn_if_lifetime_is_invalid;
use crate::actions::credential::storage_location::profile_with_storage;
use crate::actions::login::authorization_server::{
    LoginServer, base_for_issuer, configured_issuer, resolve_device_server,
};
use crate::actions::login::client::configured_client_id;
use crate::actions::login::replace;
use crate::actions::login::save::{NewLogin, check_can_save, save_session};
use crate::actions::{
    ActionError, Context, Event, LoginOptions, LoginResult, ProfileSession, Target,
    set_default_profile,
};
use crate::domain::{BaseUrl, Credential, CredentialKind, Expiry, StoredCredential, format_wait};
use crate::oauth::{DeviceAuthorization, DeviceClient, PollEvent, TokenResponse};

/// Requests a code, shows it, waits for the user's decision and stores the session.
///
/// # Errors
/// `DENIED` if the user declines, `CODE_EXPIRED` if the code expires before a decision, and errors of the settings, the server, the
/// network or the disk. A stored credential stays until the new one is written.
pub async fn login_with_device_flow(
    context: &Context,
    options: &LoginOptions,
) -> Result<LoginResult, ActionError> {
    let target = Target::for_login_at_issuer(context, options.issuer.as_deref())?;
    let login = DeviceLogin::prepare(context, target, options).await?;
    login.run(context, options).await
}

/// A login whose authorization server is known. No code was requested yet.
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
        let session = context.session(&target);
        check_can_save(session, options.storage).await?;
        let server = resolve_device_server(session, options).await?;
        Ok(Self { target, server })
    }

    /// Requests a code, shows it, waits for the user's decision and stores the session.
    ///
    /// # Errors
    /// As [`login_with_device_flow`].
    pub async fn run(
        self,
        context: &Context,
        options: &LoginOptions,
    ) -> Result<LoginResult, ActionError> {
        let Self { target, server } = self;
        authorize_and_save(context.session(&target), server, options).await
    }
}

async fn authorize_and_save(
    session: ProfileSession<'_>,
    server: LoginServer,
    options: &LoginOptions,
) -> Result<LoginResult, ActionError> {
    let base = base_for_issuer(session.target, &server.oauth.details().issuer)?;
    replace::check_replacement(session, &base.origin())?;
    report_profile_file(session);
    let client = DeviceClient {
        http: &session.context.http,
        server: &server.oauth,
        scopes: &server.scopes,
    };
    let authorization = client.authorize().await?;
    show_user_code(
        session.context,
        &authorization,
        &server,
        options.open_browser,
    );
    let grant = client
        .wait_for_approval(authorization, &mut |event| {
            session.context.emit(&to_event(event));
        })
        .await?;
    save_grant(session, options, server, base, grant).await
}

/// Shows the code and opens the verification URL.
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

/// Stores the session, and the settings that later logins use.
async fn save_grant(
    session: ProfileSession<'_>,
    options: &LoginOptions,
    server: LoginServer,
    base: BaseUrl,
    grant: TokenResponse,
) -> Result<LoginResult, ActionError> {
    let mut kept = profile_with_storage(session, options.storage);
    kept.issuer = configured_issuer(session, options).filter(|_| !session.context.options.sandbox);
    kept.client_id = configured_client_id(session, options);
    if !options.scopes.is_empty() {
        kept.scopes = Some(options.scopes.clone());
    }
    if session.target.base_is_explicit || session.target.base.as_ref() != Some(&base) {
        kept.api_url = Some(base.clone());
    }
    let asked = server.requested.clone();
    let stored = bind_grant(session, server, &base, grant);
    let new = NewLogin {
        stored,
        profile: kept,
        requested_scopes: asked,
        verified: true,
    };
    let is_new = creates_profile_for_issuer(session, options);
    let mut done = Box::pin(save_session(session, new)).await?;
    if is_new {
        done.notes.push(announce_profile(session).await);
    }
    Ok(done)
}

/// Returns true if the login creates a profile that the user did not name.
fn creates_profile_for_issuer(session: ProfileSession<'_>, options: &LoginOptions) -> bool {
    let is_named = session.context.options.profile.is_some() || options.issuer.is_none();
    let index = session.vault().index().unwrap_or_default();
    let is_known = session
        .context
        .catalog
        .contains(session.target.name.as_str());
    !is_named && !is_known && !index.profiles.contains_key(&session.target.name)
}

/// Makes the profile of a new issuer the default if the default profile has no credential. Returns a note for the user.
async fn announce_profile(session: ProfileSession<'_>) -> String {
    let name = &session.target.name;
    let created = format!("created profile \"{name}\" for this issuer");
    if has_default_profile(session.context)
        || set_default_profile(session.context, name.clone())
            .await
            .is_err()
    {
        return format!("{created}: use it with --profile {name}");
    }
    format!("{created}: it is the default profile now")
}

/// Returns true if the user chose a default profile, or the default profile has a credential.
fn has_default_profile(context: &Context) -> bool {
    let is_chosen = context
        .vault
        .index()
        .map_or(true, |index| index.default_profile.is_some());
    is_chosen
        || Target::resolve(context)
            .is_ok_and(|usual| context.session(&usual).resolve_credential().is_ok())
}

/// Binds the token response to its authorization server and to the service.
fn bind_grant(
    session: ProfileSession<'_>,
    server: LoginServer,
    base: &BaseUrl,
    grant: TokenResponse,
) -> StoredCredential {
    warn_if_lifetime_is_invalid(session.context, &grant);
    let authority = server.oauth.into_details();
    let issuer = authority.token_endpoint.origin().ascii_serialization();
    StoredCredential {
        provider: session.target.descriptor.id.clone(),
        origin: base.origin(),
        credential: Credential {
            kind: CredentialKind::AccessToken,
            secret: grant.access_token,
        },
        refresh_token: grant.refresh_token,
        oauth_server: Some(authority),
        expiry: Expiry::from_lifetime(session.context.clock_reading_at(&issuer), grant.expires_in),
        scopes: grant.scopes.unwrap_or(server.scopes),
        account: None,
        token_id: None,
    }
}
