//! Login in a browser: authorization code with PKCE and a redirect to loopback (RFC 6749 §4.1, RFC 7636, RFC 8252).

use std::time::Duration;

use tokio::time::{Instant, sleep_until};
use url::Url;

use crate::actions::login::authorization_server::{LoginServer, Requirement, resolve_login_server};
use crate::actions::login::grant::{IssuedGrant, check_base, save_grant};
use crate::actions::login::resource::ResourceLogin;
use crate::actions::login::save::check_can_save;
use crate::actions::{
    ActionError, BrowserLoginError, Context, Event, LoginOptions, LoginResult, ProfileSession,
    Target,
};
use crate::domain::{BaseUrl, ClientRegistration, InteractiveMethod, Secret};
use crate::host::{CallbackOutcome, CallbackRequest, LoopbackListener};
use crate::oauth::{AuthorizationError, CodeClient, OauthError, PendingAuthorization};

/// How long the listener waits for the user.
const TIME_LIMIT: Duration = Duration::from_mins(5);

/// The interval of [`Event::Waiting`].
const TICK: Duration = Duration::from_secs(1);

/// The ports of a redirect that nothing listens on (RFC 6335 §6).
const DYNAMIC_PORTS: std::ops::RangeInclusive<u16> = 49152..=65535;

/// Finds the server, opens its page, waits for the browser's response and stores the session.
///
/// # Errors
/// As [`BrowserLogin::run`], and `UNSUPPORTED` if the server does not offer it.
pub async fn login_with_browser(
    context: &Context,
    options: &LoginOptions,
) -> Result<LoginResult, ActionError> {
    let target = Target::for_login_at_issuer(context, options.issuer.as_deref())?;
    let session = context.session(&target);
    check_can_save(session, options.storage).await?;
    let server = resolve_login_server(session, options, Requirement::Browser).await?;
    let login = BrowserLogin {
        target,
        server,
        resource: None,
    };
    Box::pin(login.run(context, options)).await
}

/// A login whose authorization server is known. No page was shown yet.
pub struct BrowserLogin {
    pub(super) target: Target,
    pub(super) server: LoginServer,
    /// Set if the server was discovered from a resource.
    pub(super) resource: Option<Box<ResourceLogin>>,
}

/// Where the response arrives, if that is decided before the login begins.
pub(super) enum FixedRedirect {
    Listener(LoopbackListener),
    /// Nothing listens there: the response is pasted.
    Port(u16),
}

impl FixedRedirect {
    pub(super) fn uri(&self, options: &LoginOptions) -> Result<Url, ActionError> {
        match self {
            Self::Listener(listener) => Ok(listener.redirect_uri().clone()),
            Self::Port(port) => redirect_uri_at(options, *port),
        }
    }
}

/// A login whose page is shown, and whose response the user pastes.
pub struct PastedLogin {
    login: BrowserLogin,
    base: BaseUrl,
    pending: PendingAuthorization,
}

impl BrowserLogin {
    /// Listens on loopback, opens the page, waits for the browser's response and stores the session.
    ///
    /// # Errors
    /// `DENIED` if the user declines, `CODE_EXPIRED` after five minutes, and errors of the settings, the server, the network
    /// or the disk. A stored credential stays until the new one is written.
    pub async fn run(
        mut self,
        context: &Context,
        options: &LoginOptions,
    ) -> Result<LoginResult, ActionError> {
        let resource = self.resource.take().map(|resource| *resource);
        let (own, redirect, registration) = resource.map_or((None, None, None), |resource| {
            let redirect = Some(resource.redirect);
            (Some(resource.options), redirect, resource.registration)
        });
        let options = own.as_ref().unwrap_or(options);
        let session = context.session(&self.target);
        let base = check_base(session, &self.server)?;
        // Bound before the page is opened, so that no other program receives the response.
        let mut listener = match redirect {
            Some(FixedRedirect::Listener(listener)) => listener,
            _ => listen(options)?,
        };
        let redirect_uri = listener.redirect_uri().clone();
        let client = self.server.code_client(context);
        let pending = client.begin(redirect_uri).await?;
        self.show_page(context, &pending, false);
        open_page(context, options, &pending);
        let code = wait_for_code(context, &mut listener, &pending).await?;
        drop(listener);
        let response = Response {
            pending,
            code,
            registration,
        };
        exchange_and_save(session, options, self.server, base, response).await
    }

    /// Shows the page; the user pastes where the browser was redirected to.
    ///
    /// # Errors
    /// Errors of the settings or of a pushed request.
    pub async fn start_paste(
        self,
        context: &Context,
        options: &LoginOptions,
    ) -> Result<PastedLogin, ActionError> {
        let base = check_base(context.session(&self.target), &self.server)?;
        let redirect_uri = match &self.resource {
            Some(resource) => resource.redirect.uri(options)?,
            None => redirect_uri_at(options, options.callback.port.unwrap_or_else(random_port))?,
        };
        let pending = self.server.code_client(context).begin(redirect_uri).await?;
        self.show_page(context, &pending, true);
        open_page(context, options, &pending);
        Ok(PastedLogin {
            login: self,
            base,
            pending,
        })
    }

    fn show_page(&self, context: &Context, pending: &PendingAuthorization, is_pasted: bool) {
        if let Some(problem) = &pending.push_problem {
            context.warn(format!(
                "the request goes through the browser, since the server does not let this client push it: {problem}"
            ));
        }
        let details = self.server.oauth.details();
        context.emit(&Event::AuthorizationUrl {
            url: pending.url.clone(),
            redirect_uri: pending.redirect_uri.clone(),
            is_pasted,
            expires_in: TIME_LIMIT,
            open_within: pending.open_within,
            client_id: details.client_id.clone(),
            issuer: details.issuer.clone(),
            scopes: self.server.scopes.to_string(),
        });
    }
}

impl LoginServer {
    fn code_client<'a>(&'a self, context: &'a Context) -> CodeClient<'a> {
        CodeClient {
            http: &context.http,
            server: &self.oauth,
            scopes: &self.scopes,
        }
    }
}

impl PastedLogin {
    /// Returns the start of the address that the browser ends at.
    pub fn redirect_uri(&self) -> &Url {
        &self.pending.redirect_uri
    }

    /// Returns the code in the pasted text: a URL, whose `state` and `iss` are checked, or the code alone.
    ///
    /// # Errors
    /// [`AuthorizationError`]; after some of them the user may paste again.
    pub fn find_code(&self, text: &Secret) -> Result<Secret, AuthorizationError> {
        self.pending.code_in_pasted_text(text)
    }

    /// Exchanges `code` and stores the session.
    ///
    /// # Errors
    /// Errors of the server, the network or the disk.
    pub async fn finish(
        self,
        context: &Context,
        options: &LoginOptions,
        code: Secret,
    ) -> Result<LoginResult, ActionError> {
        let Self {
            login,
            base,
            pending,
        } = self;
        let (own, registration) = login.resource.map_or((None, None), |resource| {
            (Some(resource.options), resource.registration)
        });
        let options = own.as_ref().unwrap_or(options);
        let session = context.session(&login.target);
        let response = Response {
            pending,
            code,
            registration,
        };
        exchange_and_save(session, options, login.server, base, response).await
    }
}

/// The request of a login with the code of its response.
struct Response {
    pending: PendingAuthorization,
    code: Secret,
    /// The client of the login, if it is registered.
    registration: Option<ClientRegistration>,
}

/// The server may issue tokens once only for a code, so that Ctrl-C waits until they are stored.
async fn exchange_and_save(
    session: ProfileSession<'_>,
    options: &LoginOptions,
    server: LoginServer,
    base: BaseUrl,
    response: Response,
) -> Result<LoginResult, ActionError> {
    let work = async {
        let client = server.code_client(session.context);
        let registration = response.registration.clone();
        let response = client.exchange(&response.pending, &response.code).await?;
        let issuer = server.oauth.details().issuer.clone();
        let grant = IssuedGrant::approved(response, InteractiveMethod::Browser);
        let done = save_grant(session, options, server, base, grant).await?;
        if let Some(client) = &registration {
            remember_client(session.context, &issuer, client).await;
        }
        Ok(done)
    };
    session.context.shutdown_guard.protect(Box::pin(work)).await
}

/// Without it, the next login registers another client.
async fn remember_client(context: &Context, issuer: &str, client: &ClientRegistration) {
    let stored = context.vault.set_client_registration(issuer, Some(client));
    if let Err(error) = stored.await {
        context.warn(format!("cannot store the registered client: {error}"));
    }
}

fn redirect_uri_at(options: &LoginOptions, port: u16) -> Result<Url, ActionError> {
    let unusable = || listen_error(options, std::io::ErrorKind::InvalidInput.into());
    options.callback.redirect_uri(port).ok_or_else(unusable)
}

fn open_page(context: &Context, options: &LoginOptions, pending: &PendingAuthorization) {
    if options.open_browser {
        let is_opened = context.browser.open(&pending.url).is_ok();
        context.emit(&Event::BrowserOpened(is_opened));
    }
}

pub(super) fn listen(options: &LoginOptions) -> Result<LoopbackListener, ActionError> {
    LoopbackListener::bind(options.callback).map_err(|error| listen_error(options, error))
}

fn listen_error(options: &LoginOptions, source: std::io::Error) -> ActionError {
    let port = options.callback.port;
    let port = port.map_or_else(|| "a free port".to_owned(), |port| format!("port {port}"));
    BrowserLoginError::Listen {
        address: format!("{port} of this machine"),
        source,
    }
    .into()
}

pub(super) fn random_port() -> u16 {
    let mut bytes = [0; 2];
    // The number is not secret: without randomness, any port serves.
    let _unchanged = getrandom::fill(&mut bytes);
    let count = DYNAMIC_PORTS.end() - DYNAMIC_PORTS.start();
    DYNAMIC_PORTS.start() + u16::from_be_bytes(bytes) % count
}

/// Waits for the response of this login. Others get an error page.
async fn wait_for_code(
    context: &Context,
    listener: &mut LoopbackListener,
    pending: &PendingAuthorization,
) -> Result<Secret, ActionError> {
    let deadline = Instant::now() + TIME_LIMIT;
    loop {
        let request = next_request(context, listener, deadline).await?;
        let found = pending.code_in_query(request.query.expose());
        request.respond(outcome_of(&found)).await;
        if found != Err(AuthorizationError::WrongState) {
            return Ok(found.map_err(OauthError::from)?);
        }
    }
}

fn outcome_of(found: &Result<Secret, AuthorizationError>) -> CallbackOutcome {
    match found {
        Ok(_) => CallbackOutcome::Approved,
        Err(AuthorizationError::Denied { .. }) => CallbackOutcome::Denied,
        Err(AuthorizationError::WrongState) => CallbackOutcome::OtherLogin,
        Err(_) => CallbackOutcome::Failed,
    }
}

async fn next_request(
    context: &Context,
    listener: &mut LoopbackListener,
    deadline: Instant,
) -> Result<CallbackRequest, OauthError> {
    loop {
        let remaining = deadline.saturating_duration_since(Instant::now());
        if remaining.is_zero() {
            return Err(AuthorizationError::TimedOut { after: TIME_LIMIT }.into());
        }
        context.emit(&Event::Waiting { remaining });
        let next_tick = deadline.min(Instant::now() + TICK);
        tokio::select! {
            request = listener.next_request() => return Ok(request),
            () = sleep_until(next_tick) => {}
        }
    }
}
