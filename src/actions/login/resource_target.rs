//! The profile of a login, in particular of one at a protected resource.

use url::Url;

use crate::actions::issuer::profile_name_for_issuer;
use crate::actions::login::client::configured_client_id;
use crate::actions::target::ANY_OAUTH2_SERVER;
use crate::actions::{ActionError, Context, LoginOptions, OriginError, Target};
use crate::domain::{Origin, ProfileName, ResourceUrl};
use crate::vault::{Profile, ProfileIndex};

/// Returns the target of a login with `options`.
///
/// # Errors
/// As [`Target::for_login_at_issuer`].
pub(crate) fn login_target(
    context: &Context,
    options: &LoginOptions,
) -> Result<Target, ActionError> {
    match resource_to_discover(context, options)? {
        Some(resource) => resource_target(context, &resource),
        None => Target::for_login_at_issuer(context, options.issuer.as_deref()),
    }
}

/// Returns the resource from which a login discovers its authorization server, of `options` or of an earlier login of the
/// profile; `None` if the server is known. Then `--resource` is only a parameter of the requests.
///
/// # Errors
/// If the resource is not a permitted URL.
pub fn resource_to_discover(
    context: &Context,
    options: &LoginOptions,
) -> Result<Option<ResourceUrl>, ActionError> {
    if context.options.sandbox || !options.may_discover {
        return check_parameter(options).map(|()| None);
    }
    let chosen = Target::for_login(context, true).ok();
    let kept = chosen.as_ref().and_then(|it| it.profile.resource.clone());
    let Some(named) = &options.resource else {
        return Ok(kept);
    };
    if kept.is_none() && is_server_known(context, options, chosen.as_ref()) {
        return check_parameter(options).map(|()| None);
    }
    Ok(Some(named.parse()?))
}

/// Tokens for a server without TLS would be sent there for everyone to read.
fn check_parameter(options: &LoginOptions) -> Result<(), ActionError> {
    let named = options.resource.as_deref();
    let url = named.and_then(|named| Url::parse(named).ok());
    match url.filter(|url| url.scheme() == "http") {
        Some(url) => Ok(Origin::of(&url).map(drop)?),
        None => Ok(()),
    }
}

/// An issuer without a client id chooses one of the servers of the resource.
fn is_server_known(context: &Context, options: &LoginOptions, chosen: Option<&Target>) -> bool {
    let Some(issuer) = &options.issuer else {
        // The server of the default profile says nothing about another resource.
        let is_named = context.options.profile.is_some();
        return is_named && chosen.is_some_and(|target| target.profile.issuer.is_some());
    };
    let target = Target::for_login_at_issuer(context, Some(issuer));
    target.is_ok_and(|target| {
        let described = target.descriptor.oauth.as_ref();
        let described = described.is_some_and(|oauth| oauth.client_id.is_some());
        described || configured_client_id(context.session(&target), options).is_some()
    })
}

/// Returns the named profile, else the one of an earlier login at `resource`, else a new one with its name.
fn resource_target(context: &Context, resource: &ResourceUrl) -> Result<Target, ActionError> {
    let mut target = if context.options.profile.is_some() {
        Target::for_login(context, true)?
    } else {
        unnamed_target(context, resource)?
    };
    target.base = Some(resource.base());
    target.is_base_explicit = true;
    Ok(target)
}

fn unnamed_target(context: &Context, resource: &ResourceUrl) -> Result<Target, ActionError> {
    let chosen = Target::for_login(context, true)?;
    if chosen.profile.resource.as_ref() == Some(resource) {
        return Ok(chosen);
    }
    let index = context.vault.index().unwrap_or_default();
    let mut known = index.profiles.iter();
    let known = known.find(|(_, kept)| kept.resource.as_ref() == Some(resource));
    if let Some((name, _)) = known {
        return Target::for_profile(context, &index, name.clone());
    }
    let name = free_name(context, &index, resource)?;
    Target::from_profile(context, name, Profile::new(ANY_OAUTH2_SERVER.parse()?))
}

/// Returns the host as a profile name, with the path if a profile has the host's name already.
fn free_name(
    context: &Context,
    index: &ProfileIndex,
    resource: &ResourceUrl,
) -> Result<ProfileName, ActionError> {
    let host = profile_name_for_issuer(&resource.origin().to_string());
    let whole = profile_name_for_issuer(&resource.base().to_string());
    for name in [&host, &whole] {
        let name: ProfileName = name.parse()?;
        if !index.profiles.contains_key(&name) && !context.catalog.contains(name.as_str()) {
            return Ok(name);
        }
    }
    Err(OriginError::ResourceProfileTaken {
        resource: resource.to_string(),
        name: whole,
    }
    .into())
}
