//! Prepares a login at the authorization server of a protected resource (RFC 9728), in the order of the Model Context
//! Protocol's specification.

use crate::actions::login::authorization_server::LoginServer;
use crate::actions::login::browser::{BrowserLogin, PreparedClient};
use crate::actions::login::choice::{InteractiveLogin, LoginFacts, choose_interactive_login};
use crate::actions::login::client_credentials::{
    USED_BY_STORED_SESSION, has_client_session, prepare_at_resource,
};
use crate::actions::login::method::{ChosenLogin, Participation, PreparedLogin};
use crate::actions::login::redirect::Redirect;
use crate::actions::login::resource_client::{ResourceClient, ResourceServer};
use crate::actions::login::resource_target::login_target;
use crate::actions::login::save::check_can_save;
use crate::actions::{ActionError, Context, LoginOptions, ProfileSession};
use crate::domain::{OAuthServer, ResourceUrl, Scopes, sanitize_line};
use crate::host::BrowserObstacle;
use crate::oauth::{
    Metadata, ProtectedResource, ResourceError, VerifiedServer, discover_issuer, discover_resource,
};

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
            login: Box::pin(prepare_at_resource(context, target, options, resource)).await?,
            reason: Some(USED_BY_STORED_SESSION.to_owned()),
        });
    }
    let chosen = choose_page(context, resource, user)?;
    let Some((login, reason)) = chosen else {
        return Ok(PreparedLogin::NeedsApproval.into());
    };
    check_can_save(session, options.storage).await?;
    let found = discover(session, options, resource).await?;
    found.metadata.check_page()?;
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

/// A resource, and its authorization server.
pub(super) struct Discovered {
    resource: ProtectedResource,
    metadata: Metadata,
}

/// Discovers `resource` and its authorization server.
pub(super) async fn discover(
    session: ProfileSession<'_>,
    options: &LoginOptions,
    resource: &ResourceUrl,
) -> Result<Discovered, ActionError> {
    let http = &session.context.http;
    let resource = discover_resource(http, resource).await?;
    let issuer = choose_server(&resource, session, options)?;
    let metadata = discover_issuer(http, &issuer, resource.reach).await?;
    Ok(Discovered { resource, metadata })
}

impl Discovered {
    pub(super) fn server<'a>(&'a self, options: &'a LoginOptions) -> ResourceServer<'a> {
        ResourceServer {
            resource: &self.resource,
            metadata: &self.metadata,
            named_issuer: options.issuer.as_deref(),
        }
    }

    /// Returns the options with what was found, and with the settings of the profile.
    pub(super) fn options(
        &self,
        session: ProfileSession<'_>,
        options: &LoginOptions,
    ) -> LoginOptions {
        let kept = &session.target.profile;
        LoginOptions {
            issuer: Some(self.metadata.issuer.clone()),
            resource: Some(self.resource.url.to_string()),
            omits_resource_parameter: options.omits_resource_parameter
                || kept.omits_resource_parameter,
            ..options.clone()
        }
    }
}

/// Resolves the client for the redirect URI, and checks the endpoints of the server.
async fn prepare_client(
    session: ProfileSession<'_>,
    server: &ResourceServer<'_>,
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

/// The chosen one, the only one, or the one that the profile used before.
fn choose_server(
    found: &ProtectedResource,
    session: ProfileSession<'_>,
    options: &LoginOptions,
) -> Result<String, ResourceError> {
    let servers = &found.authorization_servers;
    let shown = || servers.iter().map(|issuer| sanitize_line(issuer)).collect();
    let chosen = options.authorization_server.as_ref();
    if let Some(chosen) = chosen.or(options.issuer.as_ref()) {
        let is_listed = servers.contains(chosen);
        return is_listed
            .then(|| chosen.clone())
            .ok_or_else(|| ResourceError::UnlistedServer {
                resource: found.url.to_string(),
                issuer: sanitize_line(chosen),
                servers: shown(),
            });
    }
    let kept = session.target.profile.issuer.as_ref();
    match (servers.as_slice(), kept) {
        ([only], _) => Ok(only.clone()),
        (_, Some(kept)) if servers.contains(kept) => Ok(kept.clone()),
        _ => Err(ResourceError::SeveralServers {
            resource: found.url.to_string(),
            servers: shown(),
        }),
    }
}

pub(super) fn login_server(
    server: &ResourceServer<'_>,
    session: ProfileSession<'_>,
    options: &LoginOptions,
    client: ResourceClient,
) -> Result<LoginServer, ActionError> {
    let metadata = server.metadata;
    let token_endpoint = metadata.required_token_endpoint()?;
    let details = OAuthServer {
        issuer: metadata.issuer.clone(),
        client_id: client.id,
        client: client.parameters,
        protected_resource: Some(server.resource.url.clone()),
        token_endpoint,
        revocation_endpoint: metadata.revocation_endpoint.clone(),
        userinfo_endpoint: metadata.userinfo_endpoint.clone(),
    };
    let oauth = VerifiedServer::verify(details, metadata.login_endpoints(), &[])?;
    let scopes = requested_scopes(server.resource, metadata, session, options);
    Ok(LoginServer {
        oauth,
        requested: scopes.clone(),
        scopes,
    })
}

/// From `--scope`, the profile or the resource, and `--add-scope`. Without scopes, the server decides. `offline_access` is for
/// a refresh token; not every server supports it.
fn requested_scopes(
    resource: &ProtectedResource,
    metadata: &Metadata,
    session: ProfileSession<'_>,
    options: &LoginOptions,
) -> Scopes {
    usual_scopes(resource, metadata, session, options).union(&options.added_scopes)
}

fn usual_scopes(
    resource: &ProtectedResource,
    metadata: &Metadata,
    session: ProfileSession<'_>,
    options: &LoginOptions,
) -> Scopes {
    if !options.scopes.is_empty() {
        return options.scopes.clone();
    }
    if let Some(kept) = &session.target.profile.scopes {
        return kept.clone();
    }
    let supported = metadata.scopes_supported.iter().flat_map(Scopes::iter);
    let offline = supported.filter(|scope| *scope == "offline_access");
    let offline = offline.filter(|_| !resource.scopes.is_empty());
    resource.scopes.iter().chain(offline).collect()
}
