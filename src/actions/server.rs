//! Which authorization server a login goes to: what the user said, what was kept, what the description says, and what
//! the server's metadata says (RFC 8414).

use url::Url;

use super::{ActionError, Context, LoginOptions, Target};
use crate::domain::{BaseUrl, InvalidUrl, Origin, Scopes, one_line};
use crate::oauth::{self, Metadata, OauthError};
use crate::provider::{Endpoint, OAuth};

/// The authorization server of one login.
pub(super) struct Server {
    pub(super) issuer: String,
    pub(super) client_id: String,
    /// What is asked for.
    pub(super) scopes: Scopes,
    /// What the user would like to have.
    pub(super) wanted: Scopes,
    pub(super) device_authorization_endpoint: Url,
    pub(super) token_endpoint: Url,
    pub(super) revocation_endpoint: Option<Url>,
}

/// Which server, which client, which endpoints: what the user said, what was kept, what the description says, and
/// what the server's metadata says.
pub(super) async fn resolve(
    context: &Context,
    target: &Target,
    options: &LoginOptions,
) -> Result<Server, ActionError> {
    let service = &target.descriptor;
    let oauth = service.oauth.as_ref();
    let oauth = oauth.ok_or_else(|| no_device_flow(&service.name))?;
    let usual = oauth
        .issuer
        .clone()
        .or_else(|| target.base.as_ref().map(BaseUrl::to_string));
    let issuer = named_issuer(context, target, options).or_else(|| usual.clone());
    let issuer = issuer.ok_or_else(|| ActionError::NoIssuer {
        service: service.name.clone(),
    })?;
    issuer_origin(&issuer)?;
    let client_id = client(context, target, options, oauth)?;
    let is_usual = usual.as_deref() == Some(issuer.as_str()) && !context.choice.sandbox;
    let metadata = oauth::discover(&context.http, &issuer).await;
    let endpoints = Endpoints::merge(oauth, &issuer, metadata.as_ref().ok(), is_usual)?;
    let wanted = wanted_scopes(target, oauth, options);
    let is_foreign = !is_usual && options.scopes.is_empty();
    let lists = metadata.as_ref().ok().filter(|_| is_foreign);
    let scopes = lists.map_or_else(|| wanted.clone(), |lists| known_scopes(&wanted, lists));
    let (Some(device_authorization_endpoint), Some(token_endpoint)) =
        (endpoints.device, endpoints.token)
    else {
        return Err(metadata
            .err()
            .unwrap_or(OauthError::NoDeviceFlow { issuer })
            .into());
    };
    let revocation_endpoint = endpoints.revocation;
    Ok(Server {
        issuer,
        client_id,
        scopes,
        wanted,
        device_authorization_endpoint,
        token_endpoint,
        revocation_endpoint,
    })
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
