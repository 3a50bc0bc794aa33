//! The new token that a rotation creates.

use super::listed::Listed;
use super::narrow_plan::NarrowPlan;
use super::rights::Limits;
use crate::actions::Target;
use crate::domain::{ApiToken, TokenId, TokenKind};
use crate::provider::CreateArgument;
use crate::service::NewToken;

/// Returns the specification of the new token: one like the old one, perhaps with fewer rights.
pub(super) fn specify_token(
    target: &Target,
    listed: &Listed,
    limits: &Limits,
    narrowed: Option<&NarrowPlan>,
) -> NewToken {
    let mut new_token = spec_from(target, &listed.id, &listed.facts, limits);
    choose_unique_name(target, listed, &mut new_token);
    if let Some(plan) = narrowed {
        plan.apply(&mut new_token);
    }
    new_token
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

/// Gives the new token a name that no other has, at services that require that: `ci (2)`.
fn choose_unique_name(target: &Target, listed: &Listed, new_token: &mut NewToken) {
    let call = target.descriptor.tokens.create.as_ref();
    if !call.is_some_and(|call| call.unique_names) {
        return;
    }
    let base = new_token.name.rsplit_once(" (");
    let base = base.filter(|(_, count)| {
        let count = count.strip_suffix(')');
        count.is_some_and(|count| count.parse::<u32>().is_ok())
    });
    let base = base.map_or(new_token.name.clone(), |(base, _)| base.to_owned());
    let is_free = |name: &String| {
        let mut tokens = listed.tokens.iter();
        !tokens.any(|token| token.name.as_ref() == Some(name))
    };
    let mut names = (2..).map(|count: u64| format!("{base} ({count})"));
    if let Some(name) = names.find(is_free) {
        new_token.name = name;
    }
}

/// The name of the new token, which the old one may not have.
pub(super) fn chosen_name(new_token: &NewToken) -> Option<String> {
    (!new_token.name.is_empty()).then(|| new_token.name.clone())
}
