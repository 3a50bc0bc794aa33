//! Derives the rights that a token needs, before anything is sent that changes something.

use jiff::SignedDuration;

use super::narrow_plan::NarrowPlan;
use super::old_token::OldToken;
use super::plan::Plan;
use super::request::RotationRequest;
use crate::actions::error::NarrowError;
use crate::actions::usage::narrowest::Observation;
use crate::actions::{ActionError, AuthenticatedClient, ProfileSession, Purpose, RotationError};
use crate::provider::TokenVerb;
use crate::service::ensure_supported;

const DAY: SignedDuration = SignedDuration::from_hours(24);

impl ProfileSession<'_> {
    /// Derives the rights that a token needs. Changes nothing.
    ///
    /// # Errors
    /// [`NarrowError`] if they are not known for certain, or the token has no others; as [`Self::rotate_token`].
    pub async fn plan_narrowing(
        self,
        request: RotationRequest<'_>,
        observed: SignedDuration,
    ) -> Result<NarrowPlan, ActionError> {
        ensure_supported(&self.target.descriptor, TokenVerb::Rotate)?;
        let access = AuthenticatedClient::open(self, Purpose::Change)?;
        let service = access.service().await;
        let plan = Plan::new(self, request.id, request.targets)?;
        let found = Box::pin(OldToken::find(self, &service, request, plan)).await?;
        let (id, token) = (&found.listed.id, &found.listed.facts);
        let error = |error: NarrowError| RotationError::from(error);
        if self.target.descriptor.tokens.rotate.is_some() {
            return Err(error(NarrowError::OwnCall { id: id.to_string() }).into());
        }
        let key = found.main().read_secret(self)?;
        let record = self.vault().usage_record(self.context.today())?;
        let server = self.usage_server(&service.base_url);
        let by_key = key.and_then(|key| record.of_key(&server, &key));
        let usage = by_key.or_else(|| record.of_token(&server, id));
        let seen = Observation {
            needs: &self.target.descriptor.tokens.needs,
            token,
            usage: usage.as_ref(),
            today: self.context.today(),
            required: observed.as_secs() / DAY.as_secs(),
        };
        let kind = found.main().kind();
        Ok(NarrowPlan::derive(id, &seen, kind).map_err(error)?)
    }
}
