//! The access that a client requests: scopes (RFC 6749 §3.3) and a resource (RFC 8707).

use url::Url;

use super::error::OauthError;
use super::form::Form;
use super::{AuthServer, Scopes};

/// What a grant will give access to.
#[derive(Debug, Clone)]
pub(super) struct RequestedAccess {
    pub(super) scopes: Scopes,
    pub(super) resource: Option<String>,
}

impl RequestedAccess {
    pub(super) fn parse(server: &AuthServer, form: &Form) -> Result<Self, OauthError> {
        let known: Vec<&str> = server.scope_names().collect();
        Ok(Self {
            scopes: select(form.get("scope"), &known)?,
            resource: resource(form)?,
        })
    }

    /// The same for a client without a person: only scopes of the service itself.
    pub(super) fn parse_for_client(server: &AuthServer, form: &Form) -> Result<Self, OauthError> {
        let known = server.scope_names().filter(|scope| scope.contains(':'));
        Ok(Self {
            scopes: select(form.get("scope"), &known.collect::<Vec<_>>())?,
            resource: resource(form)?,
        })
    }

    /// Returns the access with the resource of a token request, which must equal the one of the grant if both name one (RFC 8707 §2.2).
    pub(super) fn for_token(&self, form: &Form) -> Result<Self, OauthError> {
        let requested = resource(form)?;
        if requested.is_some() && self.resource.is_some() && requested != self.resource {
            return Err(OauthError::Code(
                "invalid_target",
                "the person approved another resource",
            ));
        }
        Ok(Self {
            scopes: self.scopes.clone(),
            resource: requested.or_else(|| self.resource.clone()),
        })
    }
}

/// Returns the requested scopes without the unknown ones, which RFC 6749 §3.3 allows to ignore. Returns all scopes if none are
/// requested.
fn select(requested: Option<&str>, known: &[&str]) -> Result<Scopes, OauthError> {
    let Some(requested) = requested else {
        return Ok(known.iter().copied().collect());
    };
    let requested = Scopes::parse(requested);
    let granted: Scopes = requested
        .iter()
        .filter(|scope| known.contains(scope))
        .collect();
    if granted.is_empty() {
        return Err(OauthError::Code(
            "invalid_scope",
            "none of the scopes exists",
        ));
    }
    Ok(granted)
}

/// Returns the resource, an absolute URI without a fragment (RFC 8707 §2).
fn resource(form: &Form) -> Result<Option<String>, OauthError> {
    let Some(resource) = form.get("resource") else {
        return Ok(None);
    };
    match Url::parse(resource) {
        Ok(url) if url.fragment().is_none() => Ok(Some(resource.to_owned())),
        _ => Err(OauthError::Code(
            "invalid_target",
            "resource must be an absolute URI without a fragment",
        )),
    }
}
