//! The client of a login at a protected resource: one that is known to the server, the URL of a document about this
//! program, or one that is registered now, in the order of the Model Context Protocol's specification.

use url::Url;

use crate::actions::login::client::{client_parameters, configured_client_id, sends_client_secret};
use crate::actions::login::registration::{Registered, authentication_of, find_or_register};
use crate::actions::{ActionError, LoginOptions, ProfileSession};
use crate::domain::ClientParameters;
use crate::oauth::{Metadata, ProtectedResource, ResourceError};

/// An authorization server of a resource.
pub(super) struct ResourceAuthorizationServer<'a> {
    pub(super) resource: &'a ProtectedResource,
    pub(super) metadata: &'a Metadata,
    /// From `--issuer`.
    pub(super) named_issuer: Option<&'a str>,
}

/// The client of a login.
pub(super) struct ResourceClient {
    pub(super) id: String,
    pub(super) parameters: ClientParameters,
    pub(super) registered: Option<Registered>,
}

impl ResourceAuthorizationServer<'_> {
    pub(super) fn issuer(&self) -> &str {
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
        if let Some(client) = self.configured_client(session, options)? {
            return Ok(client);
        }
        let url = session.context.config.client_metadata_url.as_ref();
        if let Some(url) = url.filter(|_| self.metadata.supports_client_documents) {
            return Ok(self.client(options, url.to_string(), ClientParameters::default()));
        }
        let (metadata, reach) = (self.metadata, self.resource.reach);
        let registered = find_or_register(session.context, metadata, reach, redirect_uri).await?;
        let registered = registered.ok_or_else(|| ResourceError::NoClient {
            issuer: self.issuer().to_owned(),
            accepts_documents: metadata.supports_client_documents,
        })?;
        let parameters = ClientParameters {
            authentication: authentication_of(&registered.client),
            ..ClientParameters::default()
        };
        let client = self.client(options, registered.client.client_id.clone(), parameters);
        Ok(ResourceClient {
            registered: Some(registered),
            ..client
        })
    }

    /// Returns the client of the options, the environment or the profile.
    ///
    /// # Errors
    /// [`ResourceError::ServerChanged`] and [`ResourceError::UnnamedServer`].
    pub(super) fn configured_client(
        &self,
        session: ProfileSession<'_>,
        options: &LoginOptions,
    ) -> Result<Option<ResourceClient>, ActionError> {
        let Some(id) = configured_client_id(session, options) else {
            return Ok(None);
        };
        self.check_client_issuer(session, options)?;
        let metadata = Some(self.metadata);
        let parameters = client_parameters(session, options, self.issuer(), &id, metadata)?;
        Ok(Some(self.client(options, id, parameters)))
    }

    /// Returns true if the user, the profile or the description names the server, too.
    pub(super) fn is_known(&self, session: ProfileSession<'_>) -> bool {
        let kept = session.target.profile.issuer.as_deref();
        let described = session.target.descriptor.oauth.as_ref();
        let described = described.and_then(|oauth| oauth.issuer.as_deref());
        [self.named_issuer, kept, described].contains(&Some(self.issuer()))
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
            registered: None,
        }
    }

    /// A configured client is used at the server that it belongs to only: the resource could name any server.
    fn check_client_issuer(
        &self,
        session: ProfileSession<'_>,
        options: &LoginOptions,
    ) -> Result<(), ActionError> {
        let is_typed_for_it = options.secret_issuer.as_deref() == Some(self.issuer());
        if self.is_known(session) || is_typed_for_it {
            return Ok(());
        }
        let kept = session.target.profile.issuer.as_deref();
        let (resource, issuer) = (self.resource.url.to_string(), self.issuer().to_owned());
        match kept {
            Some(old) if options.client_id.is_none() => Err(ResourceError::ServerChanged {
                resource,
                old: old.to_owned(),
                new: issuer,
            }
            .into()),
            // The user typed the id for this login. It is not secret, and what a key signs for this server is of no use elsewhere.
            _ if options.client_id.is_some() && !sends_client_secret(session, options)? => Ok(()),
            _ => Err(ResourceError::UnnamedServer { resource, issuer }.into()),
        }
    }
}
