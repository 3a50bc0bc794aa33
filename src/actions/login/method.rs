//! The login methods of a service, and which is used by default.

use crate::actions::login::device::DeviceLogin;
use crate::actions::{ActionError, Context, LoginOptions, Target};
use crate::oauth::OauthError;

/// A login method, ready to run; from best to last.
pub enum PreparedLogin {
    Device(Box<DeviceLogin>),
    /// The name of the user name field.
    Password(String),
    /// Where to find the cookie.
    Cookie(Option<String>),
    ApiKey,
}

/// A login method that the description names. No server was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoginMethod {
    Device,
    /// The name of the user name field.
    Password(String),
    /// Where to find the cookie.
    Cookie(Option<String>),
    ApiKey,
}

/// Lists the login methods of the service, best first.
pub fn login_methods(target: &Target) -> Vec<LoginMethod> {
    let login = &target.descriptor.login;
    let device = target
        .descriptor
        .oauth
        .as_ref()
        .map(|_| LoginMethod::Device);
    let password = login.password.as_ref();
    let password = password.map(|login| LoginMethod::Password(login.username.clone()));
    let cookie = login.cookie.as_ref();
    let cookie = cookie.map(|cookie| LoginMethod::Cookie(cookie.note.clone()));
    let named = [device, password, cookie, Some(LoginMethod::ApiKey)];
    named.into_iter().flatten().collect()
}

/// Chooses the login method: device authorization if the server supports it or nothing else is offered, then password,
/// then cookie, then key.
///
/// # Errors
/// Errors of the settings or the network. A server without metadata does not support device authorization.
pub async fn choose_login_method(
    context: &Context,
    options: &LoginOptions,
) -> Result<PreparedLogin, ActionError> {
    let target = Target::for_login_at_issuer(context, options.issuer.as_deref())?;
    let others = fallback_method(&target);
    if target.descriptor.oauth.is_none() {
        return Ok(others.unwrap_or(PreparedLogin::ApiKey));
    }
    match (DeviceLogin::prepare(context, target, options).await, others) {
        (Ok(device), _) => Ok(PreparedLogin::Device(Box::new(device))),
        (Err(error), Some(other)) if lacks_device_flow(&error) => Ok(other),
        (Err(error), _) => Err(error),
    }
}

/// Returns the password method of the active profile.
///
/// # Errors
/// `UNSUPPORTED` if the service has none, and errors of the settings.
pub fn prepare_password_login(context: &Context) -> Result<PreparedLogin, ActionError> {
    let target = Target::for_login(context, false)?;
    match fallback_method(&target) {
        Some(way @ PreparedLogin::Password(_)) => Ok(way),
        _ => Err(ActionError::unsupported_login(
            &target.descriptor.name,
            "user name and password",
        )),
    }
}

/// Returns the cookie method of the active profile.
///
/// # Errors
/// `UNSUPPORTED` if the service has none, and errors of the settings.
pub fn prepare_cookie_login(context: &Context) -> Result<PreparedLogin, ActionError> {
    let target = Target::for_login(context, false)?;
    let cookie = target.descriptor.login.cookie.as_ref();
    cookie
        .map(|cookie| PreparedLogin::Cookie(cookie.note.clone()))
        .ok_or_else(|| ActionError::unsupported_login(&target.descriptor.name, "a session cookie"))
}

fn fallback_method(target: &Target) -> Option<PreparedLogin> {
    let login = &target.descriptor.login;
    let password = login.password.as_ref();
    let password = password.map(|login| PreparedLogin::Password(login.username.clone()));
    let cookie = login.cookie.as_ref();
    password.or_else(|| cookie.map(|cookie| PreparedLogin::Cookie(cookie.note.clone())))
}

/// Returns true if the server responded without describing device authorization. Server errors prove nothing.
fn lacks_device_flow(error: &ActionError) -> bool {
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
