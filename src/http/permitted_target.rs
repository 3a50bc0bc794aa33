//! The origin and the path that the credential of a request is bound to, and the addresses that are permitted.

use url::Url;

use super::{HttpError, redact_url};
use crate::domain::{BaseUrl, Origin, has_private_host};

/// Where a request may be sent. Checked as the last step before it is.
#[derive(Debug, Clone, Default)]
pub(super) struct PermittedTarget {
    /// The only origin that the credential is sent to.
    pub(super) origin: Option<Origin>,
    /// The protected resource that the credential is bound to.
    pub(super) resource: Option<BaseUrl>,
    pub(super) requires_public_address: bool,
}

impl PermittedTarget {
    pub(super) fn has_credential(&self) -> bool {
        self.origin.is_some() || self.resource.is_some()
    }
    /// Fails unless the URL is permitted, is where the credential is bound to, and has a public address if that is required.
    pub(super) fn check(&self, target: &Url) -> Result<(), HttpError> {
        let url = || redact_url(target);
        let origin = Origin::of(target).map_err(|_| HttpError::NotPermitted { url: url() })?;
        if let Some(bound) = self.origin.as_ref().filter(|bound| **bound != origin) {
            return Err(HttpError::ForeignOrigin {
                url: url(),
                origin: bound.to_string(),
            });
        }
        let resource = self.resource.as_ref();
        if let Some(resource) = resource.filter(|resource| !resource.covers(target)) {
            return Err(HttpError::OutsideResource {
                url: url(),
                resource: resource.to_string(),
            });
        }
        if self.requires_public_address && has_private_host(target) {
            return Err(HttpError::PrivateAddress { url: url() });
        }
        Ok(())
    }
}
