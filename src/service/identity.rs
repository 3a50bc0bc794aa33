//! Whose a credential is, and what it is restricted to.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use super::{Channel, Refusal, RefusalKind, Service, ServiceError};
use crate::domain::one_line;
use crate::http::Answer;
use crate::provider::{AccountCall, Pointer, SpacePlaces};

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

impl<C: Channel> Service<'_, C> {
    /// Whose the credential is.
    ///
    /// # Errors
    /// `UNSUPPORTED` where the service documents no such call, and whatever the service or the channel says.
    pub async fn whoami(&self) -> Result<Identity, C::Error> {
        let call = self.descriptor.whoami.as_ref();
        let call = call.ok_or_else(|| self.unsupported("whoami"))?;
        let kind = self.channel.kind().await;
        let request = self.request(call.call_with(kind), None)?;
        let answer = self.channel.send(request).await?;
        if let Err(refusal) = self.settled(&answer) {
            if proves(call, &refusal) {
                return Ok(Identity::default());
            }
            return Err(ServiceError::Refused(refusal).into());
        }
        Ok(self.identity(call, &answer)?)
    }

    fn identity(&self, call: &AccountCall, answer: &Answer) -> Result<Identity, ServiceError> {
        let body = self.lenient_json(answer)?;
        let account = call.account.iter().find_map(|place| place.text(&body));
        let space = call.space.as_ref().and_then(|places| space(places, &body));
        Ok(Identity {
            account: account.map(|name| one_line(&name)),
            space,
        })
    }

    /// Whether the service tells what a credential is restricted to.
    pub fn tells_spaces(&self) -> bool {
        let call = self.descriptor.whoami.as_ref();
        call.is_some_and(|call| call.space.is_some())
    }
}

/// Whether a refusal shows that the credential was accepted all the same.
fn proves(call: &AccountCall, refusal: &Refusal) -> bool {
    call.proven_by_403 && refusal.kind == RefusalKind::Forbidden
}

fn space(places: &SpacePlaces, body: &Value) -> Option<Space> {
    places.at.of(body)?;
    let text = |place: &Option<Pointer>| {
        let text = place.as_ref().and_then(|place| place.text(body));
        text.map(|text| one_line(&text))
    };
    Some(Space {
        id: text(&places.id),
        name: text(&places.name),
    })
}
