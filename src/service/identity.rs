//! The account of a credential, and the space that it is restricted to.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use super::api_error::sanitize_detail;
use super::call_values::CallValues;
use super::{ApiErrorKind, ApiTransport, Service, ServiceError};
use crate::http::Response;
use crate::provider::{AccountCall, ErrorCall, Pointer, SpaceFields};

/// The account of a credential, as reported by the service.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Identity {
    /// The account name.
    pub account: Option<String>,
    /// The space that the credential is restricted to, if any.
    pub space: Option<Space>,
}

/// A part of an account with tokens of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Space {
    pub id: Option<String>,
    pub name: Option<String>,
}

impl fmt::Display for Space {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.id, &self.name) {
            (Some(id), Some(name)) => write!(f, "space {id} ({name})"),
            (Some(one), None) | (None, Some(one)) => write!(f, "space {one}"),
            (None, None) => f.write_str("a space"),
        }
    }
}

impl<C: ApiTransport> Service<'_, C> {
    /// Returns the account of the credential.
    ///
    /// # Errors
    /// `UNSUPPORTED` if the service has no such call, and errors of the service and the transport.
    pub async fn whoami(&self) -> Result<Identity, C::Error> {
        let call = self.descriptor.whoami.as_ref();
        let call = call.ok_or_else(|| self.unsupported_error("whoami"))?;
        let response = self.send_whoami(call).await?;
        if let Err(error) = self.check_status_of(Some(ErrorCall::Whoami), &response) {
            return match error.kind {
                ApiErrorKind::Forbidden if call.proven_by_403 => Ok(Identity::default()),
                ApiErrorKind::CredentialRejected => {
                    Err(self.transport.credential_rejected_error(error).await)
                }
                _ => Err(ServiceError::Api(error).into()),
            };
        }
        Ok(self.parse_identity(call, &response)?)
    }

    /// Sends `call` in the form for the kind of the credential.
    pub(super) async fn send_whoami(&self, call: &AccountCall) -> Result<Response, C::Error> {
        let kind = self.transport.credential_kind().await;
        let request = self
            .request(call.call_for(kind), CallValues::default())
            .await?;
        self.transport.send(request).await
    }

    fn parse_identity(
        &self,
        call: &AccountCall,
        response: &Response,
    ) -> Result<Identity, ServiceError> {
        let body = self.json_or_null(response)?;
        let account = call
            .account
            .iter()
            .find_map(|pointer| pointer.text_in(&body));
        if account.is_none() && call.requires_account() {
            return Err(ServiceError::Unproven {
                service: self.descriptor.name.clone(),
                file: self.descriptor.file.clone(),
            });
        }
        let space = call
            .space
            .as_ref()
            .and_then(|fields| parse_space(fields, &body));
        Ok(Identity {
            account: account.map(|name| sanitize_detail(&name)),
            space,
        })
    }

    /// Returns true if the service reports the space of a credential.
    pub fn reports_spaces(&self) -> bool {
        let call = self.descriptor.whoami.as_ref();
        call.is_some_and(|call| call.space.is_some())
    }
}

fn parse_space(fields: &SpaceFields, body: &Value) -> Option<Space> {
    fields.at.find_in(body)?;
    let text = |pointer: &Option<Pointer>| {
        let text = pointer.as_ref().and_then(|pointer| pointer.text_in(body));
        text.map(|text| sanitize_detail(&text))
    };
    Some(Space {
        id: text(&fields.id),
        name: text(&fields.name),
    })
}
