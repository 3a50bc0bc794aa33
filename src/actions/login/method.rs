//! How to sign in where the user names no way: the best one that the service offers.

use crate::actions::login::device::DeviceLogin;
use crate::actions::login::password::unsupported_method;
use crate::actions::{ActionError, Context, LoginOptions, Target};
use crate::oauth::OauthError;

/// A way to sign in, from the best to the last.
pub enum PreparedLogin {
    /// Approving in a browser.
    Device(Box<DeviceLogin>),
    /// By name and password; the text is what the service calls the name.
    Password(String),
    /// With the cookie of a web session; the text says where to find it.
    Cookie(Option<String>),
    /// With a key.
    ApiKey,
}

/// A way to sign in that a service's description names; nothing was asked of its server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoginMethod {
    /// Approving in a browser.
    Device,
    /// By name and password; the text is what the service calls the name.
    Password(String),
    /// With the cookie of a web session; the text says where to find it.
    Cookie(Option<String>),
    /// With a key.
    ApiKey,
}

/// Every way that the description of `target`'s service names, the best first.
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

/// What the service offers: device authorization, where its server says so or there is nothing else; then a password;
/// then a cookie; then a key.
///
/// # Errors
/// Whatever the settings or the network says. A server that does not describe itself offers no device authorization.
pub async fn choose_login_method(
    context: &Context,
    options: &LoginOptions,
) -> Result<PreparedLogin, ActionError> {
    let target = Target::for_login_at_issuer(context, options)?;
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

/// The way by name and password of the profile chosen.
///
/// # Errors
/// `UNSUPPORTED` where the service has none, and what the settings say.
pub fn prepare_password_login(context: &Context) -> Result<PreparedLogin, ActionError> {
    let target = Target::for_login(context, false)?;
    match fallback_method(&target) {
        Some(way @ PreparedLogin::Password(_)) => Ok(way),
        _ => Err(unsupported_method(&target, "name and password")),
    }
}

/// The way with a cookie of the profile chosen.
///
/// # Errors
/// `UNSUPPORTED` where the service has none, and what the settings say.
pub fn prepare_cookie_login(context: &Context) -> Result<PreparedLogin, ActionError> {
    let target = Target::for_login(context, false)?;
    let cookie = target.descriptor.login.cookie.as_ref();
    cookie
        .map(|cookie| PreparedLogin::Cookie(cookie.note.clone()))
        .ok_or_else(|| unsupported_method(&target, "a web session's cookie"))
}

fn fallback_method(target: &Target) -> Option<PreparedLogin> {
    let login = &target.descriptor.login;
    let password = login.password.as_ref();
    let password = password.map(|login| PreparedLogin::Password(login.username.clone()));
    let cookie = login.cookie.as_ref();
    password.or_else(|| cookie.map(|cookie| PreparedLogin::Cookie(cookie.note.clone())))
}

/// Whether the server was reached, and describes no device authorization. A server in trouble says nothing.
fn lacks_device_flow(error: &ActionError) -> bool {
    matches!(
        error,
        ActionError::Oauth(
            OauthError::NoDeviceFlow { .. }
                | OauthError::NoMetadata { .. }
                | OauthError::Malformed { .. }
                | OauthError::Refused { .. }
        )
    )
}
