//! The login methods of a service, and which is used by default.

use crate::actions::login::authorization_server::{LoginServer, Requirement, resolve_login_server};
use crate::actions::login::browser::BrowserLogin;
use crate::actions::login::choice::{
    Choice, InteractiveLogin, LoginFacts, Preference, PreferredBy, choose_interactive_login,
};
use crate::actions::login::client_credentials::{
    self, ClientCredentialsLogin, has_client_session, prepare_at_resource,
};
use crate::actions::login::device::DeviceLogin;
use crate::actions::login::registered::{issuer_without_client, prepare_registered_login};
use crate::actions::login::resource_target::{login_target, resource_to_discover};
use crate::actions::login::save::check_can_save;
use crate::actions::{ActionError, Context, LoginOptions, ProfileSession, Target};
use crate::domain::InteractiveMethod;
use crate::host::BrowserObstacle;
use crate::oauth::OauthError;

/// A login method, ready to run; best first.
pub enum PreparedLogin {
    Device(Box<DeviceLogin>),
    Browser(Box<BrowserLogin>),
    /// As `Browser`, but the user pastes the URL with the response.
    Paste(Box<BrowserLogin>),
    ClientCredentials(Box<ClientCredentialsLogin>),
    /// The user would have to approve the login, and the program may not wait.
    NeedsApproval,
    Typed(TypedLogin),
}

/// A login with typed or piped input, best first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypedLogin {
    /// The name of the user name field.
    Password(String),
    /// Where to find the cookie.
    Cookie(Option<String>),
    ApiKey,
}

/// A login method that the description names, without a request to its server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoginMethod {
    Page(InteractiveMethod),
    Typed(TypedLogin),
}

/// Lists the login methods of the service, best first.
pub fn login_methods(target: &Target) -> Vec<LoginMethod> {
    let has_server = target.descriptor.oauth.is_some();
    let pages = [InteractiveMethod::Device, InteractiveMethod::Browser];
    let pages = pages.map(LoginMethod::Page).into_iter();
    let typed = [password_method(target), cookie_method(target)].into_iter();
    let typed = typed.chain([Some(TypedLogin::ApiKey)]).flatten();
    let typed = typed.map(LoginMethod::Typed);
    pages.filter(|_| has_server).chain(typed).collect()
}

/// What the user can do during the login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Participation {
    /// Whether the program may wait for an approval.
    pub can_wait: bool,
    /// Whether the user can be prompted.
    pub has_terminal: bool,
    /// Whether only OAuth 2.0 methods are possible, because an option concerns them.
    pub is_oauth_only: bool,
}

/// The login method to use, and the reason if it is not the default one.
pub struct ChosenLogin {
    pub login: PreparedLogin,
    pub reason: Option<String>,
}

impl From<ClientCredentialsLogin> for PreparedLogin {
    fn from(login: ClientCredentialsLogin) -> Self {
        Self::ClientCredentials(Box::new(login))
    }
}

impl From<PreparedLogin> for ChosenLogin {
    fn from(login: PreparedLogin) -> Self {
        Self {
            login,
            reason: None,
        }
    }
}

/// Prepares a login with client credentials, after checking that the result can be stored. If the user names only a
/// resource, the resource names the authorization server.
///
/// # Errors
/// `UNSUPPORTED` if the service has no authorization server, and errors of the settings, the disk or the network.
pub async fn prepare_client_credentials(
    context: &Context,
    options: &LoginOptions,
) -> Result<PreparedLogin, ActionError> {
    let target = login_target(context, options)?;
    let login = match resource_to_discover(context, options)? {
        Some(resource) => prepare_at_resource(context, target, options, &resource).await,
        None => client_credentials::prepare(context, target, options).await,
    };
    Ok(login?.into())
}

/// Chooses the login method. Client credentials come first if the stored session used them; then a page of the server, if it
/// supports one or the service offers nothing else; then a password, a cookie, an API key.
///
/// # Errors
/// Errors of the settings or the network. A server without metadata is not an error if the service offers another method.
pub async fn choose_login_method(
    context: &Context,
    options: &LoginOptions,
    user: Participation,
) -> Result<ChosenLogin, ActionError> {
    let target = Target::for_login_at_issuer(context, options.issuer.as_deref())?;
    if has_client_session(context.session(&target), options) {
        return Ok(ChosenLogin {
            login: Box::pin(client_credentials::prepare(context, target, options))
                .await?
                .into(),
            reason: Some(client_credentials::USED_BY_STORED_SESSION.to_owned()),
        });
    }
    let fallback = fallback_method(&target).filter(|_| !user.is_oauth_only);
    if target.descriptor.oauth.is_none() && !user.is_oauth_only {
        let typed = fallback.unwrap_or(TypedLogin::ApiKey);
        return Ok(PreparedLogin::Typed(typed).into());
    }
    if user.is_oauth_only && !user.can_wait {
        return Ok(PreparedLogin::NeedsApproval.into());
    }
    if issuer_without_client(context.session(&target), options).is_some() {
        return Box::pin(choose_registered_page(context, target, options, user)).await;
    }
    let need = Requirement::DeviceOrBrowser;
    let server = find_interactive_server(context.session(&target), options, need).await;
    match (server, fallback) {
        (Ok(server), _) => Ok(choose_page(context, target, server, user)),
        (Err(error), Some(typed)) if lacks_login_page(&error) => {
            Ok(PreparedLogin::Typed(typed).into())
        }
        (Err(error), _) => Err(error),
    }
}

/// Prepares the login of a client that this program registers. Such a client has a redirect URI, so that the device flow is
/// not offered.
async fn choose_registered_page(
    context: &Context,
    target: Target,
    options: &LoginOptions,
    user: Participation,
) -> Result<ChosenLogin, ActionError> {
    let choice = choose_interactive_login(LoginFacts {
        named: None,
        can_wait: user.can_wait,
        has_terminal: user.has_terminal,
        obstacle: BrowserObstacle::detect(&context.environment),
        offers_device: false,
        offers_browser: true,
        preference: None,
    });
    let Some(Choice { login, reason }) = choice else {
        return Ok(PreparedLogin::NeedsApproval.into());
    };
    let reason = match login {
        InteractiveLogin::Paste => reason,
        _ => Some("no client id is given, and the server registers this program".to_owned()),
    };
    let registered = Box::pin(prepare_registered_login(context, target, options, login));
    let prepared = registered.await?;
    Ok(ChosenLogin {
        login: PreparedLogin::in_browser(login, prepared),
        reason,
    })
}

/// Prepares the login that an option names.
///
/// # Errors
/// `UNSUPPORTED` if the server does not offer it, and errors of the settings, the disk or the network.
pub async fn prepare_interactive_login(
    context: &Context,
    options: &LoginOptions,
    login: InteractiveLogin,
) -> Result<PreparedLogin, ActionError> {
    let target = Target::for_login_at_issuer(context, options.issuer.as_deref())?;
    let has_no_client = issuer_without_client(context.session(&target), options).is_some();
    if has_no_client && login != InteractiveLogin::Device {
        let prepared = prepare_registered_login(context, target, options, login);
        return Ok(PreparedLogin::in_browser(login, Box::pin(prepared).await?));
    }
    let need = match login {
        InteractiveLogin::Device => Requirement::Device,
        InteractiveLogin::Browser | InteractiveLogin::Paste => Requirement::Browser,
    };
    let server = find_interactive_server(context.session(&target), options, need).await?;
    Ok(PreparedLogin::on_page(login, target, server))
}

/// Finds the server, after checking that the result can be stored.
async fn find_interactive_server(
    session: ProfileSession<'_>,
    options: &LoginOptions,
    need: Requirement,
) -> Result<LoginServer, ActionError> {
    check_can_save(session, options.storage).await?;
    resolve_login_server(session, options, need).await
}

fn choose_page(
    context: &Context,
    target: Target,
    server: LoginServer,
    user: Participation,
) -> ChosenLogin {
    let facts = LoginFacts {
        named: None,
        can_wait: user.can_wait,
        has_terminal: user.has_terminal,
        obstacle: BrowserObstacle::detect(&context.environment),
        offers_device: server.offers_device_flow(),
        offers_browser: server.offers_browser_login(),
        preference: find_preference(context.session(&target)),
    };
    let Some(Choice { login, reason }) = choose_interactive_login(facts) else {
        return PreparedLogin::NeedsApproval.into();
    };
    ChosenLogin {
        login: PreparedLogin::on_page(login, target, server),
        reason,
    }
}

/// Returns the preference of the profile, else of the settings, else of the service.
fn find_preference(session: ProfileSession<'_>) -> Option<Preference> {
    let ProfileSession { context, target } = session;
    let service = target.descriptor.login.methods.first().copied();
    let preferences = [
        (target.profile.login_method, PreferredBy::Profile),
        (context.config.login_method, PreferredBy::Settings),
        (service, PreferredBy::Service),
    ];
    preferences.into_iter().find_map(|(method, by)| {
        let method = method?;
        Some(Preference { method, by })
    })
}

impl PreparedLogin {
    /// Returns `true` if the login stores what the user enters (an API key or a cookie), not what the server issues.
    pub fn stores_input(&self) -> bool {
        matches!(
            self,
            Self::Typed(TypedLogin::Cookie(_) | TypedLogin::ApiKey)
        )
    }

    fn on_page(login: InteractiveLogin, target: Target, server: LoginServer) -> Self {
        match login {
            InteractiveLogin::Device => Self::Device(DeviceLogin { target, server }.into()),
            login => Self::in_browser(
                login,
                BrowserLogin {
                    target,
                    server,
                    client: None,
                },
            ),
        }
    }

    pub(super) fn in_browser(login: InteractiveLogin, prepared: BrowserLogin) -> Self {
        match login {
            InteractiveLogin::Paste => Self::Paste(prepared.into()),
            _ => Self::Browser(prepared.into()),
        }
    }
}

/// Returns the password method of the active profile.
///
/// # Errors
/// `UNSUPPORTED` if the service has none, and errors of the settings.
pub fn prepare_password_login(context: &Context) -> Result<TypedLogin, ActionError> {
    let target = Target::for_login(context, false)?;
    password_method(&target).ok_or_else(|| {
        ActionError::unsupported_login(&target.descriptor.name, "user name and password")
    })
}

/// Returns the cookie method of the active profile.
///
/// # Errors
/// `UNSUPPORTED` if the service has none, and errors of the settings.
pub fn prepare_cookie_login(context: &Context) -> Result<TypedLogin, ActionError> {
    let target = Target::for_login(context, false)?;
    cookie_method(&target)
        .ok_or_else(|| ActionError::unsupported_login(&target.descriptor.name, "a session cookie"))
}

fn fallback_method(target: &Target) -> Option<TypedLogin> {
    password_method(target).or_else(|| cookie_method(target))
}

fn password_method(target: &Target) -> Option<TypedLogin> {
    let password = target.descriptor.login.password.as_ref();
    password.map(|login| TypedLogin::Password(login.username.clone()))
}

fn cookie_method(target: &Target) -> Option<TypedLogin> {
    let cookie = target.descriptor.login.cookie.as_ref();
    cookie.map(|cookie| TypedLogin::Cookie(cookie.note.clone()))
}

/// Returns true if the error proves that the server has no page for logins. A network error or a 5xx proves nothing.
fn lacks_login_page(error: &ActionError) -> bool {
    matches!(
        error,
        ActionError::Oauth(
            OauthError::NoDeviceFlow { .. }
                | OauthError::UnusableEndpoint { .. }
                | OauthError::NoMetadata { .. }
                | OauthError::Malformed { .. }
                | OauthError::Refused { .. }
        )
    )
}
