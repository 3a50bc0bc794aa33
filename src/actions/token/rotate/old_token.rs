//! The token to rotate: what the service reports about it, and where its key is.

use super::key_match::{self, IdentityComparison};
use super::listed::{Listed, find_token};
use super::plan::Plan;
use super::request::RotationRequest;
use super::rights::Limits;
use crate::actions::token::destination::Destination;
use crate::actions::{ActionError, AuthenticatedClient, ProfileSession};
use crate::domain::TokenId;
use crate::service::Service;
use crate::vault::SecretDestination;

/// The token to rotate, its targets, and the limits for the rights of the new token.
pub(super) struct OldToken {
    pub(super) plan: Plan,
    pub(super) opened: Vec<OpenedTarget>,
    /// The index of the target that is read: the profile's stored key, else a file, else a command.
    main: usize,
    pub(super) listed: Listed,
    pub(super) limits: Limits,
}

pub(super) struct OpenedTarget {
    pub(super) target: SecretDestination,
    pub(super) destination: Destination,
}

impl OldToken {
    pub(super) async fn find(
        session: ProfileSession<'_>,
        service: &Service<'_, AuthenticatedClient<'_>>,
        request: RotationRequest<'_>,
        mut plan: Plan,
    ) -> Result<Self, ActionError> {
        let mut listed = None;
        if plan.is_default() {
            // Several remembered tokens may match a name, and a name may match no token.
            let found = find_listed(session, service, request.id).await?;
            plan = Plan::new(session, &found.id, &[])?;
            listed = Some(found);
        }
        // A remembered target that an earlier command could not write lacks the key.
        let is_remembered = plan.is_remembered();
        let open = |target: &SecretDestination| {
            let destination =
                Destination::open(session, target, &service.base_url, Some(request.id))?;
            if !is_remembered {
                key_match::require_key(&destination, request)?;
            }
            Ok::<_, ActionError>(OpenedTarget {
                target: target.clone(),
                destination,
            })
        };
        let mut opened: Vec<_> = plan.targets.iter().map(open).collect::<Result<_, _>>()?;
        let listed = match listed {
            Some(listed) => listed,
            None => find_listed(session, service, request.id).await?,
        };
        plan.check_token(&listed.id)?;
        if plan.include_stored_key(session, &listed.id) {
            opened.push(open(&SecretDestination::Profile)?);
        }
        for OpenedTarget { destination, .. } in &opened {
            destination.check_stored_key(session, &listed.id, &listed.facts)?;
        }
        let limits = Limits::new(session, &listed, request.accepted)?;
        Ok(Self {
            plan,
            main: main_index(&opened),
            opened,
            listed,
            limits,
        })
    }

    pub(super) fn main(&self) -> &Destination {
        &self.opened[self.main].destination
    }

    /// Fails unless the key in each file belongs to the token.
    pub(super) async fn check_keys(
        &self,
        access: &AuthenticatedClient<'_>,
        request: RotationRequest<'_>,
    ) -> Result<IdentityComparison, ActionError> {
        let check = async |destination: &Destination| {
            key_match::check_key_of_token(access, destination, request, &self.listed).await
        };
        let mut compared = check(self.main()).await?;
        for (index, opened) in self.opened.iter().enumerate() {
            if index != self.main {
                let other = check(&opened.destination).await?;
                compared.file_identity = compared.file_identity.or(other.file_identity);
                compared.used_identity = compared.used_identity.or(other.used_identity);
            }
        }
        Ok(compared)
    }
}

async fn find_listed(
    session: ProfileSession<'_>,
    service: &Service<'_, AuthenticatedClient<'_>>,
    id: &TokenId,
) -> Result<Listed, ActionError> {
    session.check_kind_is_unambiguous(id).await?;
    find_token(session, service, id).await
}

fn main_index(opened: &[OpenedTarget]) -> usize {
    let position = |is_wanted: fn(&Destination) -> bool| {
        let mut targets = opened.iter();
        targets.position(|opened| is_wanted(&opened.destination))
    };
    let stored = position(|opened| matches!(opened, Destination::Profile { .. }));
    let readable = || position(|opened| !matches!(opened, Destination::Command(_)));
    stored.or_else(readable).unwrap_or_default()
}
