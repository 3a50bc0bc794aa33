//! Rotates a token: creates a new one with no more rights, verifies it with a request, writes it to the destination of
//! the old one, and revokes the old one.
//!
//! Each step is recorded in a journal before the next, so that the next run finishes or undoes an interrupted rotation.
//! At every moment the destination holds a key that works. Whether it holds the new key decides if an interrupted
//! rotation is finished or undone.

mod creation;
mod delivery;
mod due;
mod install;
mod key_match;
mod known;
mod listed;
mod narrow;
mod plan;
mod recovery;
mod rights;
mod service_call;
mod space;
mod specification;

use std::path::Path;

use self::creation::{announce, create_new_token};
use self::install::{CheckedDestination, install};
use self::key_match::{Compared, ReplacedKey};
use self::listed::{Listed, find_token};
use self::plan::Plan;
use self::rights::Limits;
use self::specification::{chosen_name, wanted_token};
use crate::actions::token::destination::Destination;
use crate::actions::{ActionError, AuthenticatedClient, Context, ProfileSession, Purpose, Target};
use crate::domain::{ApiToken, CreatedToken, CredentialEvent, Secret, TokenFact, TokenId};
use crate::provider::TokenVerb;
use crate::service::{NewToken, Service, ensure_supported};
use crate::vault::{Rotation, RotationJournal, SecretDestination};

pub use self::due::DueToken;
pub use self::narrow::NarrowPlan;
pub use self::rights::RightsComparison;

#[derive(Debug)]
pub struct RotationResult {
    /// The revoked token.
    pub old: TokenId,
    pub new: ApiToken,
    /// Where the secret is written.
    pub targets: Vec<SecretDestination>,
    pub secret: Secret,
    /// Whether an earlier run had started the rotation.
    pub resumed: bool,
    /// `None` if an earlier run compared the rights.
    pub comparison: Option<RightsComparison>,
}

/// Which token is rotated, and what may change.
#[derive(Debug, Clone, Copy)]
pub struct RotationRequest<'a> {
    pub id: &'a TokenId,
    /// The env file that holds its key.
    pub env_file: Option<&'a Path>,
    /// Other targets. Without any target, those of an earlier rotation, or the profile's stored key.
    pub targets: &'a [SecretDestination],
    /// The facts that may become wider.
    pub accepted: &'a [TokenFact],
    /// Whether the value in a file is replaced although it may not be the token's, or is missing.
    pub replaces_unknown: bool,
    /// The rights of the new token, if they are fewer.
    pub narrowed: Option<&'a NarrowPlan>,
}

impl<'a> RotationRequest<'a> {
    /// The rotation of token `id`, where it is known to be used, to one with no more rights.
    pub fn new(id: &'a TokenId) -> Self {
        Self {
            id,
            env_file: None,
            targets: &[],
            accepted: &[],
            replaces_unknown: false,
            narrowed: None,
        }
    }
}

impl ProfileSession<'_> {
    /// Rotates a token. The new one has no more rights and lives no longer than the old one, except for the accepted facts.
    ///
    /// # Errors
    /// `USAGE` where it would have more; `UNSUPPORTED` where the service does not make, show and revoke tokens; whatever the service, the network or the disk
    /// says. A rotation that could not be finished is finished or undone by the next.
    pub async fn rotate_token(
        self,
        request: RotationRequest<'_>,
    ) -> Result<RotationResult, ActionError> {
        ensure_supported(&self.target.descriptor, TokenVerb::Rotate)?;
        let named = request.named()?;
        let journal = self
            .vault()
            .open_rotation_journal(&self.target.name)
            .await?;
        self.begin_event(CredentialEvent::TokenRotate);
        // Twice, because behind an interrupted rotation the requested one may wait for its targets.
        for _ in 0..2 {
            // Boxed to keep the futures of all callers small.
            let recovery = Box::pin(recovery::recover(self, &journal, request, &named));
            let settled = self.context.shutdown_guard.protect(recovery).await?;
            if let Some(rotated) = settled {
                self.record_rotated(rotated.new.id.as_ref(), &rotated.secret);
                return Ok(rotated);
            }
        }
        let plan = Plan::new(self, request.id, named)?;
        // Protected from Ctrl-C, so that only a killed process leaves an unfinished rotation.
        let work = Box::pin(rotate(self, &journal, request, plan));
        let rotated = self.context.shutdown_guard.protect(work).await?;
        self.record_rotated(rotated.new.id.as_ref(), &rotated.secret);
        // A service may keep the id.
        self.forget_tokens(std::slice::from_ref(&rotated.old));
        self.remember_tokens([&rotated.new]);
        Ok(rotated)
    }
}

impl RotationResult {
    /// Returns `true` if the secret is only in the profile, so that it is shown.
    pub fn is_shown(&self) -> bool {
        self.targets == [SecretDestination::Profile]
    }

    /// Returns the env file, if it is the only target.
    pub fn env_file(&self) -> Option<&Path> {
        match self.targets.as_slice() {
            [SecretDestination::EnvFile(path) | SecretDestination::EnvVariable { path, .. }] => {
                Some(path)
            }
            _ => None,
        }
    }
}

async fn rotate(
    session: ProfileSession<'_>,
    journal: &RotationJournal,
    request: RotationRequest<'_>,
    mut plan: Plan,
) -> Result<RotationResult, ActionError> {
    let access = AuthenticatedClient::open(session, Purpose::Change)?;
    let service = access.service().await;
    let found = find_old_token(session, &service, request, &mut plan).await?;
    let id = &found.listed.id;
    let request = RotationRequest { id, ..request };
    let call = session.target.descriptor.tokens.rotate.as_ref();
    let rotated = match call {
        Some(call) => {
            let work = service_call::rotate(&access, journal, request, (call, &plan, &found));
            Box::pin(work).await
        }
        None => Box::pin(replace(&access, journal, request, (&plan, &found))).await,
    }?;
    plan.warn_about_omitted(session.context);
    Ok(rotated)
}

/// Creates the new token, writes its key, and revokes the old one.
async fn replace(
    access: &AuthenticatedClient<'_>,
    journal: &RotationJournal,
    request: RotationRequest<'_>,
    (plan, found): (&Plan, &OldToken),
) -> Result<RotationResult, ActionError> {
    let (session, service) = (access.session, access.service().await);
    let (listed, limits, place) = (&found.listed, &found.limits, found.main());
    let wanted = found.specification(session.target, request.narrowed)?;
    let compared = found.check_keys(access, request).await?;
    wanted.check(&session.target.descriptor)?;
    let replaced = place.read_secret(session)?;
    let secret = replaced.as_ref();
    let space = space::require_same_space(session, &service, place, secret, compared).await?;
    let mut rotation = journal_entry(session.context, &service, listed, &wanted, plan.first());
    let new = create_new_token(session.target, &service, journal, &wanted, &mut rotation).await?;
    announce(session.context, &service, &new).await;
    let comparison = rights::compare_or_revoke(session, journal, limits, &service, &new).await?;
    narrow::prove_or_revoke(session, journal, request.narrowed, &service, &new).await?;
    comparison.warn_about_changes(session.context, request.narrowed.is_some());
    let checked = CheckedDestination {
        destination: place,
        space: space.as_ref(),
        targets: (!plan.is_single()).then_some(&found.opened),
        may_replace: request.replaces_unknown,
    };
    install(session, journal, &mut rotation, checked, (&service, &new)).await?;
    let (key, kind) = (new.borrowed(), place.kind());
    delivery::complete(session, journal, &rotation, (&service, kind), key).await?;
    let rotated = RotationResult {
        comparison: Some(comparison),
        ..rotation_result(rotation, new.created, new.id, false)
    };
    let before = ReplacedKey { place, secret };
    key_match::check_replaced_key(session, &service, before, &rotated).await;
    Ok(rotated)
}

/// The token to rotate, and what the new one may not exceed.
struct OldToken {
    opened: Vec<(SecretDestination, Destination)>,
    /// The one that is read: the profile's stored key, or else a file, or else a command.
    main: usize,
    listed: Listed,
    limits: Limits,
}

async fn find_old_token(
    session: ProfileSession<'_>,
    service: &Service<'_, AuthenticatedClient<'_>>,
    request: RotationRequest<'_>,
    plan: &mut Plan,
) -> Result<OldToken, ActionError> {
    let mut listed = None;
    if plan.is_default() {
        // Several remembered tokens may match a name, and a name may match no token.
        let found = find_listed(session, service, request.id).await?;
        *plan = Plan::new(session, &found.id, Vec::new())?;
        listed = Some(found);
    }
    let base = &service.base_url;
    // A remembered target that an earlier command could not write lacks the key.
    let is_remembered = plan.is_remembered();
    let open = |place: &SecretDestination| {
        let opened = Destination::open(session, place, base, request.id)?;
        if !is_remembered {
            key_match::require_key(&opened, request)?;
        }
        Ok::<_, ActionError>((place.clone(), opened))
    };
    let mut opened: Vec<_> = plan.places.iter().map(open).collect::<Result<_, _>>()?;
    let listed = match listed {
        Some(listed) => listed,
        None => find_listed(session, service, request.id).await?,
    };
    plan.check_token(&listed.id)?;
    if plan.include_stored_key(session, &listed.id) {
        opened.push(open(&SecretDestination::Profile)?);
    }
    for (_, destination) in &opened {
        destination.check_stored_key(session, &listed.id, &listed.facts)?;
    }
    let limits = Limits::new(session, &listed.facts, request.accepted)?;
    Ok(OldToken {
        main: main_index(&opened),
        opened,
        listed,
        limits,
    })
}

async fn find_listed(
    session: ProfileSession<'_>,
    service: &Service<'_, AuthenticatedClient<'_>>,
    id: &TokenId,
) -> Result<Listed, ActionError> {
    session.check_kind_is_unambiguous(id).await?;
    find_token(session, service, id).await
}

impl OldToken {
    fn main(&self) -> &Destination {
        &self.opened[self.main].1
    }

    /// Fails unless the key in each file belongs to the token.
    async fn check_keys(
        &self,
        access: &AuthenticatedClient<'_>,
        request: RotationRequest<'_>,
    ) -> Result<Compared, ActionError> {
        let check = async |opened: &Destination| {
            key_match::check_key_of_token(access, opened, request, &self.listed).await
        };
        let mut compared = check(self.main()).await?;
        for (index, (_, opened)) in self.opened.iter().enumerate() {
            if index != self.main {
                let other = check(opened).await?;
                compared.there = compared.there.or(other.there);
                compared.here = compared.here.or(other.here);
            }
        }
        Ok(compared)
    }

    /// Returns the specification of the new token, if it has no more rights.
    fn specification(
        &self,
        target: &Target,
        narrowed: Option<&NarrowPlan>,
    ) -> Result<NewToken, ActionError> {
        let wanted = wanted_token(target, &self.listed, &self.limits, narrowed);
        self.limits.check_before(target, &wanted)?;
        Ok(wanted)
    }
}

fn main_index(opened: &[(SecretDestination, Destination)]) -> usize {
    let position = |is_wanted: fn(&Destination) -> bool| {
        opened.iter().position(|(_, opened)| is_wanted(opened))
    };
    let stored = position(|opened| matches!(opened, Destination::Profile { .. }));
    let readable = || position(|opened| !matches!(opened, Destination::Command(_)));
    stored.or_else(readable).unwrap_or_default()
}

fn journal_entry<C>(
    context: &Context,
    service: &Service<'_, C>,
    listed: &Listed,
    wanted: &NewToken,
    place: SecretDestination,
) -> Rotation {
    let name = listed.facts.name.clone();
    Rotation {
        provider: service.descriptor.id.clone(),
        kind: service.descriptor.tokens.kind.clone(),
        origin: service.base_url.origin(),
        began_at: context.now(),
        old: listed.id.clone(),
        name: chosen_name(wanted).or(name),
        ids_before: listed.before.clone(),
        destination: place,
        new_token: None,
        is_by_service: false,
        targets: Vec::new(),
        parked: Vec::new(),
    }
}

fn rotation_result(
    rotation: Rotation,
    minted: CreatedToken,
    id: TokenId,
    resumed: bool,
) -> RotationResult {
    RotationResult {
        targets: plan::targets_of(&rotation),
        old: rotation.old,
        new: ApiToken {
            id: Some(id),
            ..minted.token
        },
        secret: minted.secret,
        resumed,
        comparison: None,
    }
}
