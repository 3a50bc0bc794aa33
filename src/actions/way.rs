//! How to sign in where the user names no way: the best one that the service offers.

use super::by_hand::not_offered;
use super::login::DeviceLogin;
use super::{ActionError, Context, LoginOptions, Target};
use crate::oauth::OauthError;

/// A way to sign in, from the best to the last.
pub enum Way {
    /// Approving in a browser.
    Device(Box<DeviceLogin>),
    /// By name and password; the text is what the service calls the name.
    Password(String),
    /// With the cookie of a web session; the text says where to find it.
    Cookie(Option<String>),
    /// With a key.
    Token,
}

/// A way to sign in that a service's description names; nothing was asked of its server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WayName {
    /// Approving in a browser.
    Device,
    /// By name and password; the text is what the service calls the name.
    Password(String),
    /// With the cookie of a web session; the text says where to find it.
    Cookie(Option<String>),
    /// With a key.
    Token,
}

/// Every way that the description of `target`'s service names, the best first.
pub fn ways(target: &Target) -> Vec<WayName> {
    let login = &target.descriptor.login;
    let device = target.descriptor.oauth.as_ref().map(|_| WayName::Device);
    let password = login.password.as_ref();
    let password = password.map(|login| WayName::Password(login.username.clone()));
    let cookie = login.cookie.as_ref();
    let cookie = cookie.map(|cookie| WayName::Cookie(cookie.note.clone()));
    let named = [device, password, cookie, Some(WayName::Token)];
    named.into_iter().flatten().collect()
}

/// What the service offers: device authorization, where its server says so or there is nothing else; then a password;
/// then a cookie; then a key.
///
/// # Errors
/// Whatever the settings or the network says. A server that does not describe itself offers no device authorization.
pub async fn best_way(context: &Context, options: &LoginOptions) -> Result<Way, ActionError> {
    let target = Target::for_sign_in(context, options)?;
    let others = other_ways(&target);
    if target.descriptor.oauth.is_none() {
        return Ok(others.unwrap_or(Way::Token));
    }
    match (DeviceLogin::prepare(context, target, options).await, others) {
        (Ok(device), _) => Ok(Way::Device(Box::new(device))),
        (Err(error), Some(other)) if says_no(&error) => Ok(other),
        (Err(error), _) => Err(error),
    }
}

/// The way by name and password of the profile chosen.
///
/// # Errors
/// `UNSUPPORTED` where the service has none, and what the settings say.
pub fn password_way(context: &Context) -> Result<Way, ActionError> {
    let target = Target::for_login(context, false)?;
    match other_ways(&target) {
        Some(way @ Way::Password(_)) => Ok(way),
        _ => Err(not_offered(&target, "name and password")),
    }
}

/// The way with a cookie of the profile chosen.
///
/// # Errors
/// `UNSUPPORTED` where the service has none, and what the settings say.
pub fn cookie_way(context: &Context) -> Result<Way, ActionError> {
    let target = Target::for_login(context, false)?;
    let cookie = target.descriptor.login.cookie.as_ref();
    cookie
        .map(|cookie| Way::Cookie(cookie.note.clone()))
        .ok_or_else(|| not_offered(&target, "a web session's cookie"))
}

fn other_ways(target: &Target) -> Option<Way> {
    let login = &target.descriptor.login;
    let password = login.password.as_ref();
    let password = password.map(|login| Way::Password(login.username.clone()));
    let cookie = login.cookie.as_ref();
    password.or_else(|| cookie.map(|cookie| Way::Cookie(cookie.note.clone())))
}

/// Whether the server was reached, and describes no device authorization. A server in trouble says nothing.
fn says_no(error: &ActionError) -> bool {
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
