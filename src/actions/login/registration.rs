//! Registers this program as a client of an authorization server (RFC 7591), and uses a registered client again.

use url::Url;

use crate::actions::{ActionError, Context};
use crate::domain::{ClientAuthMethod, ClientAuthentication, ClientRegistration};
use crate::oauth::{Metadata, OauthError, Reach, RegistrationRequest, ResourceError};

#[derive(Debug, Clone)]
pub(super) struct Registrar {
    issuer: String,
    endpoint: Url,
    reach: Reach,
    auth_method: Option<ClientAuthMethod>,
}

pub(super) struct Registered {
    /// To be stored when the login succeeds.
    pub(super) client: ClientRegistration,
    /// Set if an earlier login registered the client: the server may have deleted it since.
    pub(super) registrar: Option<Registrar>,
}

impl Registrar {
    /// Returns `None` for a server that registers no clients.
    ///
    /// # Errors
    /// [`OauthError::ForeignEndpoint`].
    pub(super) fn of(metadata: &Metadata, reach: Reach) -> Result<Option<Self>, OauthError> {
        let endpoint = metadata.own_registration_endpoint()?;
        Ok(endpoint.map(|endpoint| Self {
            issuer: metadata.issuer.clone(),
            endpoint: endpoint.clone(),
            reach,
            auth_method: metadata.registration_auth_method(),
        }))
    }

    /// Registers a client for this redirect URI.
    ///
    /// # Errors
    /// [`ResourceError::Registration`].
    pub(super) async fn register(
        &self,
        context: &Context,
        redirect_uri: &Url,
    ) -> Result<ClientRegistration, ActionError> {
        let request = RegistrationRequest {
            endpoint: &self.endpoint,
            reach: self.reach,
            redirect_uri,
            auth_method: self.auth_method,
        };
        let registered = request.send(&context.http).await;
        let registered = registered.map_err(|source| ResourceError::Registration {
            issuer: self.issuer.clone(),
            source: Box::new(source),
        })?;
        Ok(ClientRegistration {
            client_id: registered.client_id,
            secret: registered.secret,
            secret_expires_at: registered.secret_expires_at,
            redirect_uri: redirect_uri.to_string(),
        })
    }
}

/// Returns the client that is registered for this redirect URI, or registers one; `None` if the server registers none.
///
/// # Errors
/// Errors of the registration and of the disk.
pub(super) async fn find_or_register(
    context: &Context,
    metadata: &Metadata,
    reach: Reach,
    redirect_uri: &Url,
) -> Result<Option<Registered>, ActionError> {
    let issuer = &metadata.issuer;
    let known = stored_registration(context, issuer);
    // A login that fails leaves no registration: the server may have deleted it, and the next login registers again.
    context.vault.set_client_registration(issuer, None).await?;
    let now = context.now();
    let is_usable = |known: &ClientRegistration| {
        let is_expired = known.secret_expires_at.is_some_and(|end| end <= now);
        known.redirect_uri == redirect_uri.as_str() && !is_expired
    };
    let registrar = Registrar::of(metadata, reach);
    if let Some(client) = known.filter(is_usable) {
        let registrar = registrar.ok().flatten();
        return Ok(Some(Registered { client, registrar }));
    }
    let Some(registrar) = registrar? else {
        return Ok(None);
    };
    let client = registrar.register(context, redirect_uri).await?;
    Ok(Some(Registered {
        client,
        registrar: None,
    }))
}

pub(super) fn authentication_of(client: &ClientRegistration) -> ClientAuthentication {
    let secret = client.secret.clone();
    secret.map_or(ClientAuthentication::None, ClientAuthentication::Secret)
}

/// An unusable file is a warning: a new client can be registered.
pub(super) fn stored_registration(context: &Context, issuer: &str) -> Option<ClientRegistration> {
    let found = context.vault.client_registration(issuer);
    found.unwrap_or_else(|error| {
        context.warn(format!("ignoring the registered clients: {error}"));
        None
    })
}

/// Without it, the next login registers another client.
pub(super) async fn remember_client(context: &Context, issuer: &str, client: &ClientRegistration) {
    let stored = context.vault.set_client_registration(issuer, Some(client));
    if let Err(error) = stored.await {
        context.warn(format!("cannot store the registered client: {error}"));
    }
}
