//! The new token that a rotation creates.

use super::listed::{Listed, choose_unique_name};
use super::narrow::{self, NarrowPlan};
use super::rights::Limits;
use crate::actions::Target;
use crate::domain::{ApiToken, TokenId, TokenKind};
use crate::provider::CreateArgument;
use crate::service::NewToken;

/// Returns the specification of the new token: one like the old one, perhaps with fewer rights.
pub(super) fn wanted_token(
    target: &Target,
    listed: &Listed,
    limits: &Limits,
    narrowed: Option<&NarrowPlan>,
) -> NewToken {
    let mut wanted = spec_from(target, &listed.id, &listed.facts, limits);
    choose_unique_name(target, listed, &mut wanted);
    narrow::apply(narrowed, &mut wanted);
    wanted
}

/// Returns the specification of a token like the old one, as far as the create call can express it.
fn spec_from(target: &Target, id: &TokenId, facts: &ApiToken, limits: &Limits) -> NewToken {
    let call = target.descriptor.tokens.create.as_ref();
    let takes = |argument| call.is_some_and(|call| call.takes(argument));
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
        expires_in: call
            .filter(|call| call.takes(CreateArgument::Expiry))
            .and_then(|call| {
                let bounds = call.limits.expires_in_days;
                limits.lifetime(call.needs_whole_days(), bounds)
            }),
        space: None,
    }
}

/// The name of the new token, which the old one may not have.
pub(super) fn chosen_name(wanted: &NewToken) -> Option<String> {
    (!wanted.name.is_empty()).then(|| wanted.name.clone())
}
