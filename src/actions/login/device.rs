//! Login by OAuth device authorization with PKCE (RFC 8628, RFC 7636).

use crate::actions::login::authorization_server::{LoginServer, Requirement, resolve_login_server};
use crate::actions::login::grant::{IssuedGrant, check_base, save_grant};
use crate::actions::login::save::check_can_save;
use crate::actions::{
    ActionError, BrowserLoginError, Context, Event, LoginOptions, LoginResult, ProfileSession,
    Target,
};
use crate::domain::{InteractiveMethod, format_wait};
use crate::oauth::{DeviceAuthorization, DeviceClient, OauthError, PollEvent};

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
    // Boxed to keep the futures of all callers small.
    Box::pin(login.run(context, options)).await
}

/// A login whose authorization server is known. No code was requested yet.
pub struct DeviceLogin {
    pub(super) target: Target,
    pub(super) server: LoginServer,
}

impl DeviceLogin {
    /// Finds the server, and whether it has what is needed; before any request, that the result can be stored.
    ///
    /// # Errors
    /// Errors of the settings, the disk, the server's metadata or the network.
    pub(crate) async fn prepare(
        context: &Context,
        target: Target,
        options: &LoginOptions,
    ) -> Result<Self, ActionError> {
        let session = context.session(&target);
        check_can_save(session, options.storage).await?;
        let server = resolve_login_server(session, options, Requirement::Device).await?;
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
    let base = check_base(session, &server)?;
    let client = DeviceClient {
        http: &session.context.http,
        server: &server.oauth,
        scopes: &server.scopes,
    };
    let refused = |error| suggest_browser(&server, error);
    let authorization = client.authorize().await.map_err(refused)?;
    show_user_code(
        session.context,
        &authorization,
        &server,
        options.should_open_browser,
    );
    let response = client
        .wait_for_approval(authorization, &mut |event| {
            session.context.emit(&to_event(event));
        })
        .await
        .map_err(refused)?;
    let grant = IssuedGrant::approved(response, InteractiveMethod::Device);
    save_grant(session, options, server, base, grant).await
}

/// Some servers refuse the device flow to a client, as a protection against phishing. The method is not switched, since the
/// user did not ask for a browser login.
fn suggest_browser(server: &LoginServer, error: OauthError) -> ActionError {
    match &error {
        OauthError::Refused {
            error: Some(code), ..
        } if matches!(code.as_str(), "unauthorized_client" | "access_denied")
            && server.offers_browser_login() =>
        {
            BrowserLoginError::DeviceFlowRefused(error).into()
        }
        _ => error.into(),
    }
}

/// Shows the code and opens the verification URL.
fn show_user_code(
    context: &Context,
    authorization: &DeviceAuthorization,
    server: &LoginServer,
    should_open_browser: bool,
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
    if should_open_browser {
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
