//! Discovers the authorization server of a protected resource (RFC 9728), and what a login there requests.

use crate::actions::login::authorization_server::LoginServer;
use crate::actions::login::resource_client::{ResourceAuthorizationServer, ResourceClient};
use crate::actions::{ActionError, LoginOptions, ProfileSession};
use crate::domain::{OAuthServer, ResourceUrl, Scopes, sanitize_line};
use crate::oauth::{
    Metadata, ProtectedResource, ResourceError, VerifiedServer, discover_issuer, discover_resource,
};

/// A resource, and its authorization server.
pub(super) struct Discovered {
    resource: ProtectedResource,
    pub(super) metadata: Metadata,
}

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
    pub(super) fn server<'a>(
        &'a self,
        options: &'a LoginOptions,
    ) -> ResourceAuthorizationServer<'a> {
        ResourceAuthorizationServer {
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
    server: &ResourceAuthorizationServer<'_>,
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
