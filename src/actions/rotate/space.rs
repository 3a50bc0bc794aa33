//! A token of a space is replaced by one of the same space. Where services have spaces, the credential in use decides for
//! which one a token is made; nothing in the call says it.

use super::super::{ActionError, Context, Target};
use super::place::Place;
use super::{RotationError, prove};
use crate::domain::Secret;
use crate::service::{Channel, Service, Space};

/// The space of the credential in use, which has to be that of the token in `place`, as long as that one works. Asks
/// nothing where the service tells no spaces.
pub(super) async fn same<C: Channel<Error = ActionError>>(
    context: &Context,
    target: &Target,
    service: &Service<'_, C>,
    place: &Place,
    standing: Option<&Secret>,
) -> Result<Option<Space>, ActionError> {
    if !service.tells_spaces() {
        return Ok(None);
    }
    let here = service.whoami().await?.space;
    if let Some(secret) = standing
        && let Ok(there) = prove(context, target, service, place, secret).await
    {
        equal(there.space.as_ref(), here.as_ref())?;
    }
    Ok(here)
}

/// Fails where the token that is to be replaced, `there`, is of another space than the one that is made, `here`.
pub(super) fn equal(there: Option<&Space>, here: Option<&Space>) -> Result<(), ActionError> {
    if there == here {
        return Ok(());
    }
    let words =
        |space: Option<&Space>| space.map_or_else(|| "no space".to_owned(), Space::to_string);
    Err(RotationError::OtherSpace {
        there: words(there),
        here: words(here),
    }
    .into())
}
