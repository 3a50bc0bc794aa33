//! Rotates a token: creates one with no more rights (see `rights`), proves it by a request, puts it where the old one is
//! used, and then revokes the old one. A saga: each step is written down before the next, and a next run finishes or undoes what was cut short.
//!
//! Whatever happens, the place holds a key that works: the old one until the new one was proven and written, the new one
//! from then on, and only then is the old one revoked. What the place holds decides which way an unfinished one goes.

mod error;
mod holder;
mod place;
mod rights;
mod space;
mod unfinished;

use std::path::{Path, PathBuf};

pub use self::error::RotationError;
use self::place::Place;
pub use self::rights::Comparison;
use self::rights::Limits;
use super::alone::identity_of;
use super::tokens::explained;
use super::{Access, ActionError, Context, Event, Purpose, RotationStep, Target};
use crate::domain::{ApiToken, Credential, MintedToken, Secret, TokenFact, TokenId, TokenKind};
use crate::provider::{CreateArgument, TokenVerb};
use crate::service::{
    Channel, Identity, NewToken, RefusalKind, Service, ServiceError, Space, require,
};
use crate::vault::{EnvFileError, Made, Rotation, RotationJournal, RotationPlace, fingerprint};

/// A rotation that is done.
#[derive(Debug)]
pub struct Rotated {
    /// The token that is gone.
    pub old: TokenId,
    /// The token that takes its place.
    pub new: ApiToken,
    /// The env file that holds it; `None` for the profile's stored key.
    pub env_file: Option<PathBuf>,
    /// Its secret, which stands there.
    pub secret: Secret,
    /// Whether an earlier run had begun it.
    pub resumed: bool,
    /// How its rights compare with the old token's; `None` where an earlier run compared them.
    pub comparison: Option<Comparison>,
}

/// Which token is rotated, and which of its facts may become wider.
#[derive(Debug, Clone, Copy)]
struct Request<'a> {
    id: &'a TokenId,
    accepted: &'a [TokenFact],
}

/// Rotates the token called `id`; its secret is in `env_file`, or is the profile's stored key. The new token has no more
/// rights and lives no longer than the old one, except for the facts in `accepted`.
///
/// # Errors
/// `USAGE` where it would have more; `UNSUPPORTED` where the service does not make, show and revoke tokens; whatever the service, the network or the disk
/// says. A rotation that could not be finished is finished or undone by the next.
pub async fn rotate_token(
    context: &Context,
    target: &Target,
    id: &TokenId,
    env_file: Option<&Path>,
    accepted: &[TokenFact],
) -> Result<Rotated, ActionError> {
    require(&target.descriptor, TokenVerb::Rotate)?;
    if env_file == Some(Path::new("-")) {
        return Err(EnvFileError::Dash.into());
    }
    let place = match env_file {
        Some(path) => RotationPlace::EnvFile(std::path::absolute(path).unwrap_or(path.into())),
        None => RotationPlace::Profile,
    };
    let journal = context.vault.rotation(&target.profile).await?;
    // Boxed: these are long stories, and each step would add to the size of all that await them.
    let settled = Box::pin(unfinished::settle(context, target, &journal, id)).await?;
    if let Some(rotated) = settled {
        return Ok(rotated);
    }
    // Ctrl-C waits: only a kill leaves something to settle.
    let request = Request { id, accepted };
    let work = Box::pin(begin(context, target, &journal, request, place));
    context.shield.around(work).await
}

async fn begin(
    context: &Context,
    target: &Target,
    journal: &RotationJournal,
    Request { id, accepted }: Request<'_>,
    place: RotationPlace,
) -> Result<Rotated, ActionError> {
    let access = Access::open(context, target, Purpose::Change)?;
    let service = access.service().await;
    let opened = Place::open(context, target, (&place, &service.base))?;
    holder::check_present(&opened, id)?;
    let (facts, before) = look(target, &service, id).await?;
    opened.check(context, target, id, &facts)?;
    let limits = Limits::new(context, target, &facts, accepted)?;
    let wanted = like(target, id, &facts, &limits);
    limits.check_before(target, &wanted)?;
    let token = (id, &facts);
    let evidence = holder::check(context, target, &access, &opened, token).await?;
    wanted.check(&target.descriptor)?;
    let replaced = opened.secret(context, target)?;
    let space = space::same(context, target, &service, &opened, replaced.as_ref()).await?;
    let name = facts.name.or_else(|| chosen_name(&wanted));
    let mut rotation = entry(context, &service, (id, name), before, place);
    let (new, minted) = make(target, &service, journal, &wanted, &mut rotation).await?;
    context.tell(&Event::Rotation(RotationStep::Made));
    let comparison = rights::compare_new(
        context,
        target,
        journal,
        &limits,
        (&service, &new, &minted.token),
    )
    .await?;
    let there = (&opened, &space);
    settle_in(context, target, journal, there, (&service, &new, &minted)).await?;
    unfinished::finish(context, target, journal, &rotation).await?;
    let rotated = Rotated {
        comparison: Some(comparison),
        ..rotated(rotation, minted, new, false)
    };
    let done = (&rotated, replaced.as_ref());
    holder::check_replaced((context, target, &service), (&opened, evidence), done).await?;
    Ok(rotated)
}

/// The journal's entry for a rotation that begins.
fn entry<C>(
    context: &Context,
    service: &Service<'_, C>,
    (old, name): (&TokenId, Option<String>),
    before: Vec<TokenId>,
    place: RotationPlace,
) -> Rotation {
    Rotation {
        provider: service.descriptor.id.clone(),
        origin: service.base.origin(),
        began_at: context.now(),
        old: old.clone(),
        name,
        before,
        place,
        made: None,
    }
}

/// The name that the new token gets where the old one has none.
fn chosen_name(wanted: &NewToken) -> Option<String> {
    (!wanted.name.is_empty()).then(|| wanted.name.clone())
}

/// Revokes the new token, and returns why.
async fn take_back(
    context: &Context,
    target: &Target,
    journal: &RotationJournal,
    new: &TokenId,
    why: ActionError,
) -> ActionError {
    if let Err(error) = unfinished::undo(context, target, journal, new).await {
        context.warn(format!(
            "the new token ({new}) could not be revoked again: {error}; the next `brainmaps token rotate` tries once more"
        ));
    }
    why
}

/// Makes the new token, and writes down before that it will be and after that it is.
async fn make<C: Channel<Error = ActionError>>(
    target: &Target,
    service: &Service<'_, C>,
    journal: &RotationJournal,
    wanted: &NewToken,
    rotation: &mut Rotation,
) -> Result<(TokenId, MintedToken), ActionError> {
    journal.write(rotation)?;
    let minted = match service.create_token(wanted).await {
        Ok(minted) => minted,
        Err(error) => return Err(refused(journal, explained(target, error))?),
    };
    let new = new_id(service, rotation, &minted.token).await?;
    rotation.made = Some(Made {
        id: new.clone(),
        fingerprint: fingerprint(&minted.secret),
    });
    journal.write(rotation)?;
    Ok((new, minted))
}

/// A refusal means that nothing was made; after a lost answer that is for the next run to find out.
fn refused(journal: &RotationJournal, error: ActionError) -> Result<ActionError, ActionError> {
    let nothing_made = match &error {
        ActionError::Service(ServiceError::Refused(refusal)) => {
            refusal.kind != RefusalKind::Unavailable
        }
        ActionError::CredentialRejected { .. }
        | ActionError::LoginExpired { .. }
        | ActionError::RenewalLost { .. } => true,
        _ => false,
    };
    if nothing_made {
        journal.close()?;
    }
    Ok(error)
}

/// Proves the new secret, then puts it in its place, and looks whether it stands there; else the new token is revoked.
async fn settle_in<C: Channel<Error = ActionError>>(
    context: &Context,
    target: &Target,
    journal: &RotationJournal,
    (place, space): (&Place, &Option<Space>),
    (service, id, minted): (&Service<'_, C>, &TokenId, &MintedToken),
) -> Result<(), ActionError> {
    let proven = prove(context, target, service, place, &minted.secret).await;
    let proven = proven.and_then(|found| space::equal(space.as_ref(), found.space.as_ref()));
    let put = match proven {
        Ok(()) => {
            context.tell(&Event::Rotation(RotationStep::Proven));
            place.put(context, target, id, minted).await
        }
        Err(error) => Err(error),
    };
    if place.secret(context, target)?.as_ref() == Some(&minted.secret) {
        context.tell(&Event::Rotation(RotationStep::Placed));
        return Ok(());
    }
    let why = put.err().unwrap_or(RotationError::NotInPlace.into());
    Err(take_back(context, target, journal, id, why).await)
}

/// Returns whose `secret` is. Nothing else is asked with it.
async fn prove<C>(
    context: &Context,
    target: &Target,
    service: &Service<'_, C>,
    place: &Place,
    secret: &Secret,
) -> Result<Identity, ActionError> {
    let credential = Credential {
        kind: place.kind(),
        secret: secret.clone(),
    };
    identity_of(context, target, &service.base, credential).await
}

/// The old token's facts, and the ids of the tokens that a new one could be mistaken for: those of its name or of none.
async fn look<C: Channel<Error = ActionError>>(
    target: &Target,
    service: &Service<'_, C>,
    id: &TokenId,
) -> Result<(ApiToken, Vec<TokenId>), ActionError> {
    let mut facts = None;
    let mut ids = Vec::new();
    let mut pages = service.token_pages(None)?;
    loop {
        let page = pages.next_page().await;
        let Some(page) = page.map_err(|error| explained(target, error))? else {
            break;
        };
        for token in page {
            ids.extend(token.id.clone().map(|id| (id, token.name.clone())));
            if token.id.as_ref() == Some(id) {
                facts = Some(token);
            }
        }
    }
    let facts = facts.ok_or_else(|| RotationError::NoSuchToken {
        service: target.descriptor.name.clone(),
        id: id.to_string(),
    })?;
    if facts.active == Some(false) {
        return Err(RotationError::NotActive { id: id.to_string() }.into());
    }
    let name = &facts.name;
    let others = ids.into_iter();
    let others = others.filter(|(_, other)| name.is_none() || other.is_none() || other == name);
    let ids = others.map(|(id, _)| id).collect();
    Ok((rights::complete(target, service, facts).await?, ids))
}

/// A token like the old one, as far as the service lets tokens be chosen.
fn like(target: &Target, id: &TokenId, facts: &ApiToken, limits: &Limits) -> NewToken {
    let call = target.descriptor.tokens.create.as_ref();
    let takes =
        |argument| call.is_some_and(|call| call.body.values().any(|taken| *taken == argument));
    let when = |argument, words: &Option<Vec<String>>| {
        let words = words.clone().filter(|_| takes(argument));
        words.unwrap_or_default()
    };
    let kind = facts.kind.filter(|_| takes(CreateArgument::Permanent));
    let name = || {
        facts
            .name
            .clone()
            .unwrap_or_else(|| format!("rotated {id}"))
    };
    NewToken {
        name: takes(CreateArgument::Name).then(name).unwrap_or_default(),
        permanent: kind.map(|kind| kind == TokenKind::Permanent),
        permissions: when(CreateArgument::Permissions, &facts.permissions),
        scopes: when(CreateArgument::Scopes, &facts.scopes),
        expires_in_days: limits
            .days(call)
            .filter(|_| takes(CreateArgument::ExpiresInDays)),
        space: None,
    }
}

/// The new token's id; some services tell it in the list alone.
async fn new_id<C: Channel<Error = ActionError>>(
    service: &Service<'_, C>,
    rotation: &Rotation,
    token: &ApiToken,
) -> Result<TokenId, ActionError> {
    if let Some(id) = &token.id {
        return Ok(id.clone());
    }
    let mut new = unfinished::made_since(service, rotation).await?;
    match (new.pop(), new.is_empty()) {
        (Some(id), true) => Ok(id),
        _ => Err(RotationError::NoSuchToken {
            service: service.descriptor.name.clone(),
            id: "of the new token".to_owned(),
        }
        .into()),
    }
}

fn rotated(rotation: Rotation, minted: MintedToken, id: TokenId, resumed: bool) -> Rotated {
    Rotated {
        old: rotation.old,
        new: ApiToken {
            id: Some(id),
            ..minted.token
        },
        secret: minted.secret,
        env_file: match rotation.place {
            RotationPlace::EnvFile(path) => Some(path),
            RotationPlace::Profile => None,
        },
        resumed,
        comparison: None,
    }
}
