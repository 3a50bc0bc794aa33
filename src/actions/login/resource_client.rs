//! The client of a login at a protected resource: one that is known to the server, the URL of a document about this
//! program, or one that is registered now, in the order of the Model Context Protocol's specification.

use url::Url;

use crate::actions::login::client::{client_parameters, configured_client_id, has_client_proof};
use crate::actions::{ActionError, Context, LoginOptions, ProfileSession};
use crate::domain::{ClientAuthentication, ClientParameters, ClientRegistration};
use crate::oauth::{Metadata, ProtectedResource, RegistrationRequest, ResourceError};

/// An authorization server of a resource.
pub(super) struct ResourceServer<'a> {
    pub(super) resource: &'a ProtectedResource,
    pub(super) metadata: &'a Metadata,
    /// From `--issuer`.
    pub(super) named_issuer: Option<&'a str>,
}

/// The client of a login.
pub(super) struct ResourceClient {
    pub(super) id: String,
    pub(super) parameters: ClientParameters,
    /// To be stored when the login succeeds.
    pub(super) registration: Option<ClientRegistration>,
}

impl ResourceServer<'_> {
    fn issuer(&self) -> &str {
        &self.metadata.issuer
    }

    /// Returns the client for a login with this redirect URI. Registers one if no other is accepted.
    ///
    /// # Errors
    /// [`ResourceError::NoClient`], [`ResourceError::ServerChanged`], and errors of the registration.
    pub(super) async fn resolve_client(
        &self,
        session: ProfileSession<'_>,
        options: &LoginOptions,
        redirect_uri: &Url,
    ) -> Result<ResourceClient, ActionError> {
        if let Some(id) = configured_client_id(session, options) {
            self.check_client_issuer(session, options)?;
            let metadata = Some(self.metadata);
            let parameters = client_parameters(session, options, self.issuer(), &id, metadata)?;
            return Ok(self.client(options, id, parameters));
        }
        let url = session.context.config.client_metadata_url.as_ref();
        if let Some(url) = url.filter(|_| self.metadata.supports_client_documents) {
            return Ok(self.client(options, url.to_string(), ClientParameters::default()));
        }
        let registration = self.register(session.context, redirect_uri).await?;
        let secret = registration.secret.clone();
        let parameters = ClientParameters {
            authentication: secret.map_or(ClientAuthentication::None, ClientAuthentication::Secret),
            ..ClientParameters::default()
        };
        let client = self.client(options, registration.client_id.clone(), parameters);
        Ok(ResourceClient {
            registration: Some(registration),
            ..client
        })
    }

    fn client(
        &self,
        options: &LoginOptions,
        id: String,
        parameters: ClientParameters,
    ) -> ResourceClient {
        let resource = (!options.omits_resource_parameter).then(|| self.resource.url.to_string());
        ResourceClient {
            id,
            parameters: ClientParameters {
                resource,
                audience: options.audience.clone().or(parameters.audience),
                ..parameters
            },
            registration: None,
        }
    }

    /// A configured client is used at the server that it belongs to only: the resource could name any server.
    fn check_client_issuer(
        &self,
        session: ProfileSession<'_>,
        options: &LoginOptions,
    ) -> Result<(), ActionError> {
        let kept = session.target.profile.issuer.as_deref();
        let described = session.target.descriptor.oauth.as_ref();
        let described = described.and_then(|oauth| oauth.issuer.as_deref());
        if [self.named_issuer, kept, described].contains(&Some(self.issuer())) {
            return Ok(());
        }
        let (resource, issuer) = (self.resource.url.to_string(), self.issuer().to_owned());
        match kept {
            Some(old) if options.client_id.is_none() => Err(ResourceError::ServerChanged {
                resource,
                old: old.to_owned(),
                new: issuer,
            }
            .into()),
            // The id alone is not secret, and the user typed it for this login.
            _ if options.client_id.is_some() && !has_client_proof(session, options)? => Ok(()),
            _ => Err(ResourceError::UnnamedServer { resource, issuer }.into()),
        }
    }

    /// Returns the client that is registered for this redirect URI, or registers one.
    async fn register(
        &self,
        context: &Context,
        redirect_uri: &Url,
    ) -> Result<ClientRegistration, ActionError> {
        let known = stored_registration(context, self.issuer());
        // A login that fails leaves no registration: the server may have deleted it, and the next login registers again.
        let forget = context.vault.set_client_registration(self.issuer(), None);
        forget.await?;
        let now = context.now();
        let is_usable = |known: &ClientRegistration| {
            let is_expired = known.secret_expires_at.is_some_and(|end| end <= now);
            known.redirect_uri == redirect_uri.as_str() && !is_expired
        };
        if let Some(known) = known.filter(is_usable) {
            return Ok(known);
        }
        let endpoint = self.metadata.own_registration_endpoint()?;
        let endpoint = endpoint.ok_or_else(|| ResourceError::NoClient {
            issuer: self.issuer().to_owned(),
            accepts_documents: self.metadata.supports_client_documents,
        })?;
        let request = RegistrationRequest {
            endpoint,
            reach: self.resource.reach,
            redirect_uri,
        };
        let registered = request.send(&context.http).await;
        let registered = registered.map_err(|source| ResourceError::Registration {
            issuer: self.issuer().to_owned(),
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

/// An unusable file is a warning: a new client can be registered.
pub(super) fn stored_registration(context: &Context, issuer: &str) -> Option<ClientRegistration> {
    let found = context.vault.client_registration(issuer);
    found.unwrap_or_else(|error| {
        context.warn(format!("ignoring the registered clients: {error}"));
        None
    })
}
