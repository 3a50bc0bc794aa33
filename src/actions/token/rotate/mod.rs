//! Rotates a token: creates a new one with no more rights, verifies it with a request, writes it to the destination of
//! the old one, and revokes the old one.
//!
//! Each step is recorded in a journal before the next, so that the next run finishes or undoes an interrupted rotation.
//! At every moment the destination holds a key that works. Whether it holds the new key decides if an interrupted
//! rotation is finished or undone.

mod creation;
mod delivery;
mod due;
mod key_match;
mod known;
mod listed;
mod narrow;
mod narrow_plan;
mod new_key;
mod old_token;
mod open_rotation;
mod plan;
mod planned;
mod recovery;
mod replacement;
mod reported;
mod request;
mod rights;
mod service_call;
mod space;
mod specification;
mod verify;

use self::old_token::OldToken;
use self::plan::Plan;
use self::planned::PlannedRotation;
use crate::actions::{ActionError, AuthenticatedClient, ProfileSession, Purpose};
use crate::domain::CredentialEvent;
use crate::provider::TokenVerb;
use crate::service::ensure_supported;
use crate::vault::RotationJournal;

pub use self::due::DueToken;
pub use self::narrow_plan::NarrowPlan;
pub use self::request::{RotationRequest, RotationResult};
pub use self::rights::RightsComparison;

impl ProfileSession<'_> {
    /// Rotates a token. The new one has no more rights and no longer lifetime than the old one, unless the request accepts it.
    ///
    /// # Errors
    /// `USAGE` if it would have more; `UNSUPPORTED` if the service does not create, show and revoke tokens; errors of the
    /// service, the network or the disk. The next rotation finishes or undoes one that failed after the creation.
    pub async fn rotate_token(
        self,
        request: RotationRequest<'_>,
    ) -> Result<RotationResult, ActionError> {
        ensure_supported(&self.target.descriptor, TokenVerb::Rotate)?;
        let journal = self
            .vault()
            .open_rotation_journal(&self.target.name)
            .await?;
        self.begin_event(CredentialEvent::TokenRotate);
        // The first pass may finish the interrupted rotation of another token. The second then finds a rotation of this token that
        // waits for its targets.
        for _ in 0..2 {
            // Boxed to keep the futures of all callers small.
            let recovery = Box::pin(recovery::recover(self, &journal, request));
            let recovered = self.context.protect(recovery).await?;
            if let Some(rotated) = recovered {
                self.record_rotated(rotated.new.id.as_ref(), &rotated.secret);
                return Ok(rotated);
            }
        }
        let plan = Plan::new(self, request.id, request.targets)?;
        // Protected from Ctrl-C, so that only a killed process leaves an unfinished rotation.
        let work = Box::pin(rotate(self, &journal, request, plan));
        let rotated = self.context.protect(work).await?;
        self.record_rotated(rotated.new.id.as_ref(), &rotated.secret);
        // Forgets the old token first: a service may give the new one the same id.
        self.forget_tokens(std::slice::from_ref(&rotated.old));
        self.remember_tokens([&rotated.new]);
        Ok(rotated)
    }
}

async fn rotate(
    session: ProfileSession<'_>,
    journal: &RotationJournal,
    request: RotationRequest<'_>,
    plan: Plan,
) -> Result<RotationResult, ActionError> {
    let access = AuthenticatedClient::open(session, Purpose::Change)?;
    let service = access.service().await;
    let old = OldToken::find(session, &service, request, plan).await?;
    let planned = PlannedRotation {
        access: &access,
        journal,
        request: RotationRequest {
            id: &old.listed.id,
            ..request
        },
        old: &old,
    };
    match &session.target.descriptor.tokens.rotate {
        Some(call) => Box::pin(service_call::rotate(planned, call)).await,
        None => Box::pin(replacement::replace(planned)).await,
    }
}
