//! Whose a credential is, and what it is restricted to.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use super::{ApiError, ApiErrorKind, ApiTransport, Service, ServiceError};
use crate::domain::sanitize_line;
use crate::http::Response;
use crate::provider::{AccountCall, Pointer, SpaceFields};

/// Whose a credential is, as far as the service tells.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Identity {
    /// The account's name.
    pub account: Option<String>,
    /// The part of the account that the credential is restricted to; `None` where it is to none.
    pub space: Option<Space>,
}

/// A part of an account with tokens of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Space {
    /// What calls name it by.
    pub id: Option<String>,
    /// What people call it.
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
    /// Whose the credential is.
    ///
    /// # Errors
    /// `UNSUPPORTED` where the service documents no such call, and whatever the service or the channel says.
    pub async fn whoami(&self) -> Result<Identity, C::Error> {
        let call = self.descriptor.whoami.as_ref();
        let call = call.ok_or_else(|| self.unsupported_error("whoami"))?;
        let kind = self.transport.credential_kind().await;
        let request = self.build_request(call.call_for(kind), None)?;
        let answer = self.transport.send(request).await?;
        if let Err(refusal) = self.check_status(&answer) {
            if proves_acceptance(call, &refusal) {
                return Ok(Identity::default());
            }
            return Err(ServiceError::Api(refusal).into());
        }
        Ok(self.parse_identity(call, &answer)?)
    }

    fn parse_identity(
        &self,
        call: &AccountCall,
        answer: &Response,
    ) -> Result<Identity, ServiceError> {
        let body = self.json_or_null(answer)?;
        let account = call.account.iter().find_map(|place| place.text_in(&body));
        let space = call
            .space
            .as_ref()
            .and_then(|places| parse_space(places, &body));
        Ok(Identity {
            account: account.map(|name| sanitize_line(&name)),
            space,
        })
    }

    /// Whether the service tells what a credential is restricted to.
    pub fn reports_spaces(&self) -> bool {
        let call = self.descriptor.whoami.as_ref();
        call.is_some_and(|call| call.space.is_some())
    }
}

/// Whether a refusal shows that the credential was accepted all the same.
fn proves_acceptance(call: &AccountCall, refusal: &ApiError) -> bool {
    call.proven_by_403 && refusal.kind == ApiErrorKind::Forbidden
}

fn parse_space(places: &SpaceFields, body: &Value) -> Option<Space> {
    places.at.find_in(body)?;
    let text = |place: &Option<Pointer>| {
        let text = place.as_ref().and_then(|place| place.text_in(body));
        text.map(|text| sanitize_line(&text))
    };
    Some(Space {
        id: text(&places.id),
        name: text(&places.name),
    })
}
