//! Which authorization server a login goes to: what the user said, what was kept, what the description says, and what
//! the server's metadata says (RFC 8414).

use url::Url;

use super::{ActionError, Context, LoginOptions, Target};
use crate::domain::{Authority, BaseUrl, InvalidUrl, Origin, Scopes, one_line};
use crate::oauth::{self, AuthorizationServer, Metadata, OauthError};
use crate::provider::{Endpoint, OAuth};

/// The authorization server of one login.
pub(super) struct Server {
    /// The client and the endpoints, which belong to one another.
    pub(super) oauth: AuthorizationServer,
    /// What is asked for.
    pub(super) scopes: Scopes,
    /// What the user would like to have.
    pub(super) wanted: Scopes,
}

/// Finds the server for a sign-in by device authorization.
pub(super) async fn resolve(
    context: &Context,
    target: &Target,
    options: &LoginOptions,
) -> Result<Server, ActionError> {
    let (server, metadata) = find(context, target, options, Need::Device).await?;
    let oauth = target.descriptor.oauth.as_ref();
    let oauth = oauth.ok_or_else(|| no_device_flow(&target.descriptor.name))?;
    let wanted = wanted_scopes(target, oauth, options);
    let is_usual = is_described(context, target, &server.authority().issuer);
    let is_foreign = !is_usual && options.scopes.is_empty();
    let lists = metadata.as_ref().filter(|_| is_foreign);
    let scopes = lists.map_or_else(|| wanted.clone(), |lists| known_scopes(&wanted, lists));
    Ok(Server {
        oauth: server,
        scopes,
        wanted,
    })
}

/// What a server has to have, and whether a description without metadata is enough.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// Device authorization.
    Device,
    /// A token endpoint. A server that the description describes is not asked.
    Token,
}

/// Finds the server in effect, its client and its endpoints.
pub(super) async fn find(
    context: &Context,
    target: &Target,
    options: &LoginOptions,
    need: Need,
) -> Result<(AuthorizationServer, Option<Metadata>), ActionError> {
    let service = &target.descriptor;
    let oauth = service.oauth.as_ref();
    let oauth = oauth.ok_or_else(|| no_device_flow(&service.name))?;
    let named = named_issuer(context, target, options);
    let issuer = named.or_else(|| usual_issuer(target, oauth));
    let issuer = issuer.ok_or_else(|| ActionError::NoIssuer {
        service: service.name.clone(),
    })?;
    issuer_origin(&issuer)?;
    let client_id = client(context, target, options, oauth)?;
    let is_usual = is_described(context, target, &issuer);
    let is_enough = need == Need::Token && is_usual && oauth.token_endpoint.is_some();
    let metadata = if is_enough {
        Err(OauthError::NoDeviceFlow {
            issuer: one_line(&issuer),
        })
    } else {
        oauth::discover(&context.http, &issuer).await
    };
    let endpoints = Endpoints::merge(oauth, &issuer, metadata.as_ref().ok(), is_usual)?;
    let is_complete = endpoints.device.is_some() || need == Need::Token;
    let Some(token_endpoint) = endpoints.token.filter(|_| is_complete) else {
        return Err(metadata
            .err()
            .unwrap_or(OauthError::NoDeviceFlow { issuer })
            .into());
    };
    let origins = named_origins(context, target, &issuer);
    let authority = Authority {
        issuer,
        client_id,
        token_endpoint,
        revocation_endpoint: endpoints.revocation,
    };
    let server = AuthorizationServer::check(authority, endpoints.device, &origins)?;
    Ok((server, metadata.ok()))
}

/// The server of a stored session. Its endpoints are checked each time: an earlier release stored what a server said.
pub(super) fn server_of(
    context: &Context,
    target: &Target,
    authority: &Authority,
) -> Result<AuthorizationServer, OauthError> {
    let origins = named_origins(context, target, &authority.issuer);
    AuthorizationServer::check(authority.clone(), None, &origins)
}

/// Where a session of `issuer` is used. A profile whose only URL is its issuer's moves along with a new issuer: otherwise
/// the new server's access token would go to the old server.
pub(super) fn base_at(target: &Target, issuer: &str) -> Result<BaseUrl, ActionError> {
    let old = target.kept.issuer.as_deref();
    let old = old.and_then(|issuer| issuer_origin(issuer).ok());
    let follows = !target.base_is_explicit
        && target.descriptor.api_url.is_none()
        && old.is_some_and(|old| target.kept.api_url == old.to_string().parse().ok());
    match &target.base {
        Some(base) if !follows => Ok(base.clone()),
        _ => Ok(issuer_origin(issuer)?.to_string().parse()?),
    }
}

/// Where the credential of a sign-in will be used, as far as that is known without asking a server.
pub(super) fn expected_base(
    context: &Context,
    target: &Target,
    options: &LoginOptions,
) -> Option<BaseUrl> {
    let oauth = target.descriptor.oauth.as_ref();
    let named = || named_issuer(context, target, options);
    let issuer = oauth.and_then(|oauth| named().or_else(|| usual_issuer(target, oauth)));
    match issuer {
        Some(issuer) => base_at(target, &issuer).ok(),
        None => target.base.clone(),
    }
}

fn usual_issuer(target: &Target, oauth: &OAuth) -> Option<String> {
    let base = target.base.as_ref().map(BaseUrl::to_string);
    oauth.issuer.clone().or(base)
}

/// Whether `issuer` is the one that the service's description is about. In the sandbox none is.
fn is_described(context: &Context, target: &Target, issuer: &str) -> bool {
    let oauth = target.descriptor.oauth.as_ref();
    let usual = oauth.and_then(|oauth| usual_issuer(target, oauth));
    !context.choice.sandbox && usual.as_deref() == Some(issuer)
}

/// The origins of the URLs that the service's description names as endpoints of `issuer`.
fn named_origins(context: &Context, target: &Target, issuer: &str) -> Vec<Origin> {
    let oauth = target.descriptor.oauth.as_ref();
    let Some(oauth) = oauth.filter(|_| is_described(context, target, issuer)) else {
        return Vec::new();
    };
    let endpoints = [
        &oauth.device_authorization_endpoint,
        &oauth.token_endpoint,
        &oauth.revocation_endpoint,
    ];
    let named = endpoints.into_iter().flatten();
    let named = named.filter(|endpoint| !endpoint.is_relative());
    named
        .filter_map(|endpoint| Origin::of(&endpoint.at(issuer).ok()?).ok())
        .collect()
}

fn client(
    context: &Context,
    target: &Target,
    options: &LoginOptions,
    oauth: &OAuth,
) -> Result<String, ActionError> {
    let named = named_client(context, target, options);
    let client_id = named.or_else(|| oauth.client_id.clone());
    client_id.ok_or_else(|| ActionError::NoClient {
        service: target.descriptor.name.clone(),
    })
}

/// `--issuer`, the variable, what the profile kept. In the sandbox, the sandbox.
pub(super) fn named_issuer(
    context: &Context,
    target: &Target,
    options: &LoginOptions,
) -> Option<String> {
    if context.choice.sandbox {
        return target.base.as_ref().map(BaseUrl::to_string);
    }
    let variable = target.descriptor.environment.issuer.as_deref();
    let from_environment = || {
        variable
            .and_then(|name| context.environment.get(name))
            .map(str::to_owned)
    };
    options
        .issuer
        .clone()
        .or_else(from_environment)
        .or_else(|| target.kept.issuer.clone())
}

/// `--client-id`, the variable, what the profile kept. In the sandbox, the argument alone.
pub(super) fn named_client(
    context: &Context,
    target: &Target,
    options: &LoginOptions,
) -> Option<String> {
    if context.choice.sandbox {
        return options.client_id.clone();
    }
    let variable = target.descriptor.environment.client_id.as_deref();
    let from_environment = || {
        variable
            .and_then(|name| context.environment.get(name))
            .map(str::to_owned)
    };
    options
        .client_id
        .clone()
        .or_else(from_environment)
        .or_else(|| target.kept.client_id.clone())
}

/// What the user asks for, asked for before, or what the description says.
fn wanted_scopes(target: &Target, oauth: &OAuth, options: &LoginOptions) -> Scopes {
    if !options.scopes.is_empty() {
        return options.scopes.clone();
    }
    let kept = target.kept.scopes.clone();
    kept.unwrap_or_else(|| oauth.scopes.iter().collect())
}

/// At a server that the description was not written for, only what that server lists. At its own, all is asked for: a
/// server need not list every scope that it knows (RFC 8414 §2).
fn known_scopes(wanted: &Scopes, metadata: &Metadata) -> Scopes {
    match &metadata.scopes_supported {
        Some(supported) => wanted
            .iter()
            .filter(|scope| supported.iter().any(|known| known == *scope))
            .collect(),
        None => wanted.clone(),
    }
}

#[derive(Default)]
struct Endpoints {
    device: Option<Url>,
    token: Option<Url>,
    revocation: Option<Url>,
}

impl Endpoints {
    /// At the service's usual server the description goes first, since some servers do not list all they have; at
    /// another the metadata does, and of the description only paths count, never another server's URLs.
    fn merge(
        oauth: &OAuth,
        issuer: &str,
        found: Option<&Metadata>,
        is_usual: bool,
    ) -> Result<Self, ActionError> {
        let fixed = |endpoint: &Option<Endpoint>| -> Result<Option<Url>, ActionError> {
            let counts = |endpoint: &&Endpoint| is_usual || endpoint.is_relative();
            Ok(endpoint
                .as_ref()
                .filter(counts)
                .map(|endpoint| endpoint.at(issuer))
                .transpose()?)
        };
        let described = Self {
            device: fixed(&oauth.device_authorization_endpoint)?,
            token: fixed(&oauth.token_endpoint)?,
            revocation: fixed(&oauth.revocation_endpoint)?,
        };
        let listed = found.map_or_else(Self::default, |metadata| Self {
            device: metadata.device_authorization_endpoint.clone(),
            token: metadata.token_endpoint.clone(),
            revocation: metadata.revocation_endpoint.clone(),
        });
        let (first, second) = if is_usual {
            (described, listed)
        } else {
            (listed, described)
        };
        Ok(Self {
            device: first.device.or(second.device),
            token: first.token.or(second.token),
            revocation: first.revocation.or(second.revocation),
        })
    }
}

/// Where the issuer is; it must be talked to safely.
pub(super) fn issuer_origin(issuer: &str) -> Result<Origin, ActionError> {
    let not_an_issuer = || OauthError::NotAnIssuer {
        issuer: one_line(issuer),
    };
    issuer.parse().map_err(|wrong| match wrong {
        InvalidUrl::Malformed => not_an_issuer().into(),
        other => ActionError::Url(other),
    })
}

fn no_device_flow(service: &str) -> ActionError {
    ActionError::NoSuchLogin {
        service: service.to_owned(),
        method: "device authorization",
    }
}
