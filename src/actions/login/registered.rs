//! Prepares a browser login at a server that registers this program as its client (RFC 7591), because no client is known.

use crate::actions::login::authorization_server::{
    Requirement, chosen_issuer, resolve_login_server,
};
use crate::actions::login::browser::{BrowserLogin, PreparedClient};
use crate::actions::login::choice::InteractiveLogin;
use crate::actions::login::client::configured_client_id;
use crate::actions::login::redirect::Redirect;
use crate::actions::login::registration::find_or_register;
use crate::actions::login::save::check_can_save;
use crate::actions::{ActionError, Context, LoginOptions, ProfileSession, Target};
use crate::oauth::{self, OauthError, Reach};

/// Returns the issuer at which this program may register a client: no client of it is known, and neither a secret nor a key
/// of one is named.
pub(super) fn issuer_without_client(
    session: ProfileSession<'_>,
    options: &LoginOptions,
) -> Option<String> {
    let oauth = session.target.descriptor.oauth.as_ref()?;
    let known = configured_client_id(session, options).or_else(|| oauth.client_id.clone());
    let has_proof = options.client_secret.is_some() || options.client_key.is_some();
    let issuer = chosen_issuer(session, options, oauth);
    issuer.filter(|_| known.is_none() && !has_proof && !session.context.options.sandbox)
}

/// Finds or registers the client, and prepares `login`.
///
/// # Errors
/// [`ActionError::MissingClientId`] if the server registers no clients, and errors of the server, the network or the disk.
pub(super) async fn prepare_registered_login(
    context: &Context,
    target: Target,
    options: &LoginOptions,
    login: InteractiveLogin,
) -> Result<BrowserLogin, ActionError> {
    let session = context.session(&target);
    let missing = || ActionError::MissingClientId {
        service: target.descriptor.name.clone(),
    };
    let issuer = issuer_without_client(session, options).ok_or_else(missing)?;
    check_can_save(session, options.storage).await?;
    let metadata = match oauth::discover(&context.http, &issuer).await {
        Err(OauthError::NoMetadata { .. }) => return Err(missing()),
        found => found?,
    };
    let redirect = Redirect::choose(context, options, login, &issuer)?;
    // The user named the server, which may be in a private network.
    let reach = Reach::Anywhere;
    let registered = find_or_register(context, &metadata, reach, redirect.uri()).await?;
    let registered = registered.ok_or_else(missing)?;
    let options = LoginOptions {
        registration: Some(registered.client.clone()),
        ..options.clone()
    };
    let server = resolve_login_server(session, &options, Requirement::Browser).await?;
    let client = PreparedClient {
        options,
        redirect,
        registered: Some(registered),
    };
    Ok(BrowserLogin {
        target,
        server,
        client: Some(Box::new(client)),
    })
}
