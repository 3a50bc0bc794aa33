//! Adds scopes to a session: a new login at the same server with the same client, for the granted and the added scopes.

use crate::actions::login::authorization_server::configured_issuer;
use crate::actions::login::client::configured_client_id;
use crate::actions::{ActionError, Context, LoginOptions, SessionError, Target};
use crate::domain::{InteractiveMethod, ProfileName, RefreshMethod, Scopes};

/// The login that adds scopes to the session of a profile.
#[derive(Debug, Clone)]
pub struct Extension {
    pub profile: ProfileName,
    /// Set if the settings name another one.
    pub issuer: Option<String>,
    /// Set if the settings name another one.
    pub client_id: Option<String>,
    /// The granted and the added scopes.
    pub scopes: Scopes,
    pub method: Option<InteractiveMethod>,
    /// Whether all added scopes are granted already.
    pub is_granted: bool,
}

/// Returns the login that adds `added` to the session of the active profile. Sends nothing.
///
/// # Errors
/// [`SessionError`] if the profile has no OAuth session, and errors of the settings.
pub fn find_extension(context: &Context, added: &Scopes) -> Result<Extension, ActionError> {
    let target = Target::for_login(context, false)?;
    let session = context.session(&target);
    let stored = session.find_stored()?;
    let profile = || target.name.to_string();
    let stored = stored.ok_or_else(|| SessionError::NoSession { profile: profile() })?;
    let kind = stored.credential.kind.label();
    let is_approved = stored.refresh_method == RefreshMethod::RefreshToken;
    let server = stored.oauth_server.filter(|_| is_approved);
    let server = server.ok_or_else(|| SessionError::NotExtensible {
        profile: profile(),
        kind,
    })?;
    let options = LoginOptions::default();
    let oauth = target.descriptor.oauth.as_ref();
    let default_client = oauth.and_then(|oauth| oauth.client_id.clone());
    let client_id = configured_client_id(session, &options).or(default_client);
    let issuer = configured_issuer(session, &options);
    let differs = |named: &Option<String>, own: &str| named.as_deref().is_some_and(|it| it != own);
    Ok(Extension {
        is_granted: added.missing_from(&stored.scopes).is_empty(),
        scopes: stored.scopes.union(added),
        issuer: differs(&issuer, &server.issuer).then_some(server.issuer),
        client_id: differs(&client_id, &server.client_id).then_some(server.client_id),
        method: stored.login_method,
        profile: target.name,
    })
}
