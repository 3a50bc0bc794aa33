//! The authorization server of a stored session.

use crate::actions::{ProfileSession, Target};
use crate::domain::{BaseUrl, OAuthServer, Origin};
use crate::oauth::{LoginEndpoints, OauthError, VerifiedServer};
use crate::provider::OAuth;

/// Checks the endpoints each time, because earlier releases stored endpoints unchecked.
pub(crate) fn session_server(
    session: ProfileSession<'_>,
    authority: &OAuthServer,
) -> Result<VerifiedServer, OauthError> {
    let origins = described_origins(session, &authority.issuer);
    VerifiedServer::verify(authority.clone(), LoginEndpoints::default(), &origins)
}

pub(crate) fn default_issuer(target: &Target, oauth: &OAuth) -> Option<String> {
    let base = target.base.as_ref().map(BaseUrl::to_string);
    oauth.issuer.clone().or(base)
}

/// Returns true if the description is about `issuer`. In the sandbox it never is.
pub(crate) fn is_default_issuer(session: ProfileSession<'_>, issuer: &str) -> bool {
    let oauth = session.target.descriptor.oauth.as_ref();
    let usual = oauth.and_then(|oauth| default_issuer(session.target, oauth));
    !session.context.options.sandbox && usual.as_deref() == Some(issuer)
}

/// Returns the origins of the absolute endpoint URLs in the description of `issuer`.
pub(crate) fn described_origins(session: ProfileSession<'_>, issuer: &str) -> Vec<Origin> {
    let oauth = session.target.descriptor.oauth.as_ref();
    let Some(oauth) = oauth.filter(|_| is_default_issuer(session, issuer)) else {
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
        .filter_map(|endpoint| Origin::of(&endpoint.resolve(issuer).ok()?).ok())
        .collect()
}
