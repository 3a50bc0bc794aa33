//! Login in a browser: authorization code with PKCE and a redirect to loopback (RFC 6749 §4.1, RFC 7636, RFC 8252).

use url::Url;

use crate::actions::login::authorization_server::{LoginServer, Requirement, resolve_login_server};
use crate::actions::login::callback::{Callback, PastedTexts, TIME_LIMIT};
use crate::actions::login::choice::InteractiveLogin;
use crate::actions::login::grant::{IssuedGrant, check_base, save_grant};
use crate::actions::login::redirect::Redirect;
use crate::actions::login::registration::{Registered, authentication_of, remember_client};
use crate::actions::login::save::check_can_save;
use crate::actions::{
    ActionError, Context, Event, LoginOptions, LoginResult, ProfileSession, Target,
};
use crate::domain::{BaseUrl, ClientRegistration, InteractiveMethod, Secret};
use crate::oauth::{AuthorizationError, CodeClient, PendingAuthorization};

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
        client: None,
    };
    Box::pin(login.run(context, options, None)).await
}

/// A login whose authorization server is known. No page was shown yet.
pub struct BrowserLogin {
    pub(super) target: Target,
    pub(super) server: LoginServer,
    /// Set if this login discovered the server or registered the client.
    pub(super) client: Option<Box<PreparedClient>>,
}

/// The client of a login that was prepared for one redirect URI.
pub(super) struct PreparedClient {
    /// The options of the user, with the discovered server or the registered client.
    pub(super) options: LoginOptions,
    pub(super) redirect: Redirect,
    /// Set if this program registered the client.
    pub(super) registered: Option<Registered>,
}

/// The parts of the prepared client; each is `None` without one.
#[derive(Default)]
struct ClientParts {
    options: Option<LoginOptions>,
    redirect: Option<Redirect>,
    registered: Option<Registered>,
}

/// A login whose page is shown. The user pastes the URL with the server's response.
pub struct PastedLogin {
    target: Target,
    server: LoginServer,
    base: BaseUrl,
    /// The options of the prepared client; `None` if the client was known before.
    options: Option<LoginOptions>,
    page: OpenPage,
}

/// The page of a login that waits for the user.
struct OpenPage {
    pending: PendingAuthorization,
    /// To be stored when the login succeeds.
    registration: Option<ClientRegistration>,
}

impl BrowserLogin {
    /// Listens on loopback, opens the page, waits for the browser's response and stores the session. A text in `pasted` may
    /// take the place of the response.
    ///
    /// # Errors
    /// `DENIED` if the user declines, `CODE_EXPIRED` after five minutes, and errors of the settings, the server, the network
    /// or the disk. A stored credential stays until the new one is written.
    pub async fn run(
        mut self,
        context: &Context,
        options: &LoginOptions,
        pasted: Option<PastedTexts>,
    ) -> Result<LoginResult, ActionError> {
        let client = self.take_client();
        let options = client.options.as_ref().unwrap_or(options);
        let base = check_base(context.session(&self.target), &self.server)?;
        // Bound before the page is opened, so that no other program receives the response.
        let listener = match client.redirect {
            Some(Redirect::Listener(listener)) => listener,
            _ => Redirect::listen(context, options, &self.server.oauth.details().issuer)?,
        };
        let redirect_uri = listener.redirect_uri().clone();
        let page = self
            .begin(context, &redirect_uri, client.registered)
            .await?;
        self.show_page(context, &page.pending, false);
        open_page(context, options, &page.pending);
        let mut callback = Callback { listener, pasted };
        let code = callback.wait_for_code(context, &page.pending).await?;
        drop(callback);
        let response = ApprovedPage { page, code };
        let session = context.session(&self.target);
        exchange_and_save(session, options, self.server, base, response).await
    }

    /// Shows the page. The user then pastes the URL that the browser was redirected to.
    ///
    /// # Errors
    /// Errors of the settings or of a pushed request.
    pub async fn start_paste(
        mut self,
        context: &Context,
        options: &LoginOptions,
    ) -> Result<PastedLogin, ActionError> {
        let client = self.take_client();
        let options = client.options.as_ref().unwrap_or(options);
        let base = check_base(context.session(&self.target), &self.server)?;
        let issuer = &self.server.oauth.details().issuer;
        let choose = || Redirect::choose(context, options, InteractiveLogin::Paste, issuer);
        let redirect = client.redirect.map_or_else(choose, Ok)?;
        let page = self
            .begin(context, redirect.uri(), client.registered)
            .await?;
        self.show_page(context, &page.pending, true);
        open_page(context, options, &page.pending);
        Ok(PastedLogin {
            target: self.target,
            server: self.server,
            base,
            options: client.options,
            page,
        })
    }

    fn take_client(&mut self) -> ClientParts {
        match self.client.take() {
            Some(client) => ClientParts {
                options: Some(client.options),
                redirect: Some(client.redirect),
                registered: client.registered,
            },
            None => ClientParts::default(),
        }
    }

    /// Prepares the page. A registered client that the server has deleted is registered again, once.
    async fn begin(
        &mut self,
        context: &Context,
        redirect_uri: &Url,
        registered: Option<Registered>,
    ) -> Result<OpenPage, ActionError> {
        let client = self.server.code_client(context);
        let pending = client.begin(redirect_uri.clone()).await;
        let (client, registrar) = match registered {
            Some(registered) => (Some(registered.client), registered.registrar),
            None => (None, None),
        };
        match (pending, registrar) {
            (Err(error), Some(registrar)) if error.rejects_client() => {
                let client = registrar.register(context, redirect_uri).await?;
                self.server.use_client(&client);
                let retry = self.server.code_client(context);
                Ok(OpenPage {
                    pending: retry.begin(redirect_uri.clone()).await?,
                    registration: Some(client),
                })
            }
            (pending, _) => Ok(OpenPage {
                pending: pending?,
                registration: client,
            }),
        }
    }

    fn show_page(&self, context: &Context, pending: &PendingAuthorization, is_pasted: bool) {
        if let Some(error) = &pending.push_problem {
            context.warn(format!(
                "the request goes through the browser, since the server does not let this client push it: {error}"
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
    /// Uses a registered client in this login.
    pub(super) fn use_client(&mut self, client: &ClientRegistration) {
        let id = client.client_id.clone();
        let server = self.oauth.clone();
        self.oauth = server.with_client(id, authentication_of(client));
    }

    fn code_client<'a>(&'a self, context: &'a Context) -> CodeClient<'a> {
        CodeClient {
            http: &context.http,
            server: &self.oauth,
            scopes: &self.scopes,
        }
    }
}

impl PastedLogin {
    /// Returns the URL that the browser is redirected to, without the parameters of the response.
    pub fn redirect_uri(&self) -> &Url {
        &self.page.pending.redirect_uri
    }

    /// Returns the code in the pasted text: a URL, whose `state` and `iss` are checked, or the code alone.
    ///
    /// # Errors
    /// [`AuthorizationError`]; after some of them the user may paste again.
    pub fn find_code(&self, text: &Secret) -> Result<Secret, AuthorizationError> {
        self.page.pending.code_in_pasted_text(text)
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
        let options = self.options.as_ref().unwrap_or(options);
        let session = context.session(&self.target);
        let response = ApprovedPage {
            page: self.page,
            code,
        };
        exchange_and_save(session, options, self.server, self.base, response).await
    }
}

/// A page that the user approved, and the code in the server's response.
struct ApprovedPage {
    page: OpenPage,
    code: Secret,
}

/// Exchanges the code and stores the session. Ctrl-C waits until it is stored, because the server issues tokens only once
/// for a code.
async fn exchange_and_save(
    session: ProfileSession<'_>,
    options: &LoginOptions,
    server: LoginServer,
    base: BaseUrl,
    response: ApprovedPage,
) -> Result<LoginResult, ActionError> {
    let work = async {
        let client = server.code_client(session.context);
        let ApprovedPage { page, code } = response;
        let response = client.exchange(&page.pending, &code).await?;
        let issuer = server.oauth.details().issuer.clone();
        let grant = IssuedGrant::approved(response, InteractiveMethod::Browser);
        let result = save_grant(session, options, server, base, grant).await?;
        if let Some(client) = &page.registration {
            remember_client(session.context, &issuer, client).await;
        }
        Ok(result)
    };
    session.context.protect(Box::pin(work)).await
}

fn open_page(context: &Context, options: &LoginOptions, pending: &PendingAuthorization) {
    if options.should_open_browser {
        let is_opened = context.browser.open(&pending.url).is_ok();
        context.emit(&Event::BrowserOpened(is_opened));
    }
}
