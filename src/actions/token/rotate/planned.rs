//! A rotation whose token and targets are known.

use super::old_token::OldToken;
use super::open_rotation::OpenRotation;
use super::request::RotationRequest;
use super::specification::chosen_name;
use crate::actions::AuthenticatedClient;
use crate::service::{NewToken, Service};
use crate::vault::{Rotation, RotationJournal};

#[derive(Clone, Copy)]
pub(super) struct PlannedRotation<'a> {
    pub(super) access: &'a AuthenticatedClient<'a>,
    pub(super) journal: &'a RotationJournal,
    pub(super) request: RotationRequest<'a>,
    pub(super) old: &'a OldToken,
}

impl<'a> PlannedRotation<'a> {
    /// Returns the rotation that replaces the old token with `new_token`. Records nothing yet.
    pub(super) fn begin<C>(
        self,
        service: &Service<'_, C>,
        new_token: &NewToken,
    ) -> OpenRotation<'a> {
        let (session, listed) = (self.access.session, &self.old.listed);
        let record = Rotation {
            provider: service.descriptor.id.clone(),
            kind: service.descriptor.tokens.kind.clone(),
            origin: service.base_url.origin(),
            began_at: session.context.now(),
            old: listed.id.clone(),
            name: chosen_name(new_token).or_else(|| listed.facts.name.clone()),
            ids_before: listed.before.clone(),
            destination: self.old.plan.journal_destination(),
            new_token: None,
            is_by_service: false,
            targets_before: self.old.plan.before.clone(),
            targets: Vec::new(),
            parked: Vec::new(),
        };
        OpenRotation::new(session, self.journal, record)
    }
}
