//! Prepares a login at the authorization server of a protected resource (RFC 9728), in the order of the Model Context
//! Protocol's specification.

use crate::actions::login::authorization_server::LoginServer;
use crate::actions::login::browser::{BrowserLogin, PreparedClient};
use crate::actions::login::choice::{InteractiveLogin, LoginFacts, choose_interactive_login};
use crate::actions::login::client_credentials::{
    USED_BY_STORED_SESSION, has_client_session, prepare_at_resource,
};
use crate::actions::login::discovered::{discover, login_server};
use crate::actions::login::method::{ChosenLogin, Participation, PreparedLogin};
use crate::actions::login::redirect::Redirect;
use crate::actions::login::resource_client::ResourceAuthorizationServer;
use crate::actions::login::resource_target::login_target;
use crate::actions::login::save::check_can_save;
use crate::actions::{ActionError, Context, LoginOptions, ProfileSession};
use crate::domain::ResourceUrl;
use crate::host::BrowserObstacle;
use crate::oauth::ResourceError;

/// Discovers the authorization server of `resource`, and registers a client there if that is necessary.
///
/// # Errors
/// [`ResourceError`], and errors of the settings, the network or the disk.
pub async fn prepare_resource_login(
    context: &Context,
    options: &LoginOptions,
    resource: &ResourceUrl,
    user: ResourceParticipation,
) -> Result<ChosenLogin, ActionError> {
    let target = login_target(context, options)?;
    let session = context.session(&target);
    if user.named.is_none() && has_client_session(session, options) {
        return Ok(ChosenLogin {
            login: Box::pin(prepare_at_resource(context, target, options, resource))
                .await?
                .into(),
            reason: Some(USED_BY_STORED_SESSION.to_owned()),
        });
    }
    let chosen = choose_page(context, resource, user)?;
    let Some((login, reason)) = chosen else {
        return Ok(PreparedLogin::NeedsApproval.into());
    };
    check_can_save(session, options.storage).await?;
    let found = discover(session, options, resource).await?;
    found.metadata.check_authorization_endpoint()?;
    let server = found.server(options);
    let options = found.options(session, options);
    let redirect = Redirect::choose(context, &options, login, &found.metadata.issuer)?;
    let found = Box::pin(prepare_client(session, &server, options, redirect)).await?;
    let (server, client) = found;
    let prepared = BrowserLogin {
        target,
        server,
        client: Some(Box::new(client)),
    };
    Ok(ChosenLogin {
        login: PreparedLogin::in_browser(login, prepared),
        reason,
    })
}

/// Resolves the client for the redirect URI, and checks the endpoints of the server.
async fn prepare_client(
    session: ProfileSession<'_>,
    server: &ResourceAuthorizationServer<'_>,
    options: LoginOptions,
    redirect: Redirect,
) -> Result<(LoginServer, PreparedClient), ActionError> {
    let client = server.resolve_client(session, &options, redirect.uri());
    let mut client = client.await?;
    let registered = client.registered.take();
    let server = login_server(server, session, &options, client)?;
    let prepared = PreparedClient {
        options,
        redirect,
        registered,
    };
    Ok((server, prepared))
}

/// How the user takes part, and the page that an option names.
#[derive(Debug, Clone, Copy)]
pub struct ResourceParticipation {
    pub named: Option<InteractiveLogin>,
    pub user: Participation,
}

/// Returns the login and the reason for it; `None` if the program may not wait for the user.
fn choose_page(
    context: &Context,
    resource: &ResourceUrl,
    user: ResourceParticipation,
) -> Result<Option<(InteractiveLogin, Option<String>)>, ActionError> {
    if user.named == Some(InteractiveLogin::Device) {
        let resource = resource.to_string();
        return Err(ResourceError::NoDeviceFlow { resource }.into());
    }
    let choice = choose_interactive_login(LoginFacts {
        named: user.named,
        can_wait: user.user.can_wait,
        has_terminal: user.user.has_terminal,
        obstacle: BrowserObstacle::detect(&context.environment),
        offers_device: false,
        offers_browser: true,
        preference: None,
    });
    // That a resource has no device flow is not worth a line.
    Ok(choice.map(|choice| match choice.login {
        InteractiveLogin::Paste => (choice.login, choice.reason),
        login => (login, None),
    }))
}
