//! What is wrong with the calls of a description and with the places in their answers.

use super::semantics::{Findings, kind_name, path_from};
use crate::provider::{Descriptor, HttpCall, Paging, TokenCalls};

pub(super) fn check_calls(service: &Descriptor, found: &mut Findings) {
    let tokens = &service.tokens;
    check_ids(service, found);
    check_limits(tokens, found);
    check_token_list(tokens, found);
    if tokens.fields.active.is_some() && tokens.fields.revoked.is_some() {
        let text = "`active` and `revoked` are the same fact; write the one that the service has";
        found.push((path_from("tokens.fields.revoked"), text.to_owned()));
    }
    if tokens.fields.active_by.is_some() && tokens.update.is_some() {
        let text = "a token that is switched off is shown all the same; say where `active` stands";
        found.push((path_from("tokens.fields.active_by"), text.to_owned()));
    }
    for (number, case) in service.errors.special.iter().enumerate() {
        if let Some(status) = case.status.filter(|status| !(400..=599).contains(status)) {
            let text = format!("{status} is no status of an error (400 to 599)");
            found.push((path_from(&format!("errors.special.{number}.status")), text));
        }
        if case.at.is_empty() {
            let text = "say where the code stands: at = [\"/error/code\"]".to_owned();
            found.push((path_from(&format!("errors.special.{number}.at")), text));
        }
    }
}

/// A call on one thing needs its id, and a call on none cannot have one.
fn check_ids(service: &Descriptor, found: &mut Findings) {
    let tokens = &service.tokens;
    let space = tokens.create.as_ref().and_then(|it| it.space.as_ref());
    let about_one: [(&str, Option<&HttpCall>); 4] = [
        ("tokens.revoke", tokens.revoke.as_ref()),
        ("tokens.get.call", tokens.get.as_ref().map(|it| &it.call)),
        (
            "tokens.update.call",
            tokens.update.as_ref().map(|it| &it.call),
        ),
        ("tokens.create.space", space),
    ];
    for (path, _) in about_one
        .iter()
        .filter(|(_, call)| call.is_some_and(|call| !call.needs_id()))
    {
        let text = "`{id}` is missing: without it the call is about all of them; write it like DELETE /api/keys/{id}";
        found.push((path_from(path), text.to_owned()));
    }
    for (path, _) in calls_without_id(service)
        .iter()
        .filter(|(_, call)| call.is_some_and(HttpCall::needs_id))
    {
        let text = "`{id}` stands for a token's id, and this call is about none".to_owned();
        found.push((path_from(path), text));
    }
    for (kind, _) in whoami_calls_by_kind(service).filter(|(_, call)| call.needs_id()) {
        let text = "`{id}` stands for a token's id, and this call is about none".to_owned();
        found.push((path_from(&format!("whoami.with.{kind}")), text));
    }
    check_session_fields(service, found);
    if (tokens.list.is_some() || tokens.revoke.is_some()) && tokens.fields.id.is_none() {
        let text = "say where a token's id stands: id = \"/id\"".to_owned();
        found.push((path_from("tokens.fields.id"), text));
    }
}

fn whoami_calls_by_kind(service: &Descriptor) -> impl Iterator<Item = (&'static str, &HttpCall)> {
    let calls = service.whoami.iter().flat_map(|call| &call.with);
    calls.map(|(kind, call)| (kind_name(*kind), call))
}

fn calls_without_id(service: &Descriptor) -> [(&'static str, Option<&HttpCall>); 7] {
    let (tokens, login) = (&service.tokens, service.login.password.as_ref());
    let verification = service.account.resend_verification.as_ref();
    [
        (
            "tokens.create.call",
            tokens.create.as_ref().map(|it| &it.call),
        ),
        ("tokens.list.call", tokens.list.as_ref().map(|it| &it.call)),
        (
            "tokens.revoke_many.call",
            tokens.revoke_many.as_ref().map(|it| &it.call),
        ),
        ("whoami.call", service.whoami.as_ref().map(|it| &it.call)),
        ("login.password.call", login.map(|it| &it.call)),
        ("refresh.call", service.refresh.as_ref().map(|it| &it.call)),
        (
            "account.resend_verification.call",
            verification.map(|it| &it.call),
        ),
    ]
}

/// A session's id is told by the login that began it, and so is what renews it.
fn check_session_fields(service: &Descriptor, found: &mut Findings) {
    let answer = service.login.password.as_ref().map(|login| &login.answer);
    let needs_id = service.logout.as_ref().is_some_and(|it| it.call.needs_id());
    if needs_id && answer.is_none_or(|answer| answer.token_id.is_none()) {
        let text = "no login tells the `{id}` in it: write token_id in login.password.answer";
        found.push((path_from("logout.call"), text.to_owned()));
    }
    if service.refresh.is_some() && answer.is_none_or(|answer| answer.refresh_token.is_none()) {
        let text = "no login gives what it renews: write refresh_token in login.password.answer";
        found.push((path_from("refresh"), text.to_owned()));
    }
}

fn check_limits(tokens: &TokenCalls, found: &mut Findings) {
    let Some(limits) = tokens.create.as_ref().map(|it| &it.limits) else {
        return;
    };
    if let Some(days) = limits.expires_in_days {
        let inside = |day: u32| (days.least..=days.most).contains(&day);
        if days.least > days.most || days.default.is_some_and(|day| !inside(day)) {
            let text = "the days go from `least` to `most`, and `default` lies between".to_owned();
            found.push((path_from("tokens.create.limits.expires_in_days"), text));
        }
    }
    for (member, words) in [
        ("permissions", &limits.permissions),
        ("scopes", &limits.scopes),
    ] {
        let allowed = |word: &&String| words.allowed.is_empty() || words.allowed.contains(word);
        if let Some(word) = words.default.iter().find(|word| !allowed(word)) {
            let text = format!("`{word}` is the default and not allowed");
            found.push((
                path_from(&format!("tokens.create.limits.{member}.default")),
                text,
            ));
        }
    }
}

fn check_token_list(tokens: &TokenCalls, found: &mut Findings) {
    let Some(list) = &tokens.list else { return };
    if list.items.is_empty() {
        let text =
            "say where the list stands: items = [\"/results\"], or [\"\"] for the whole answer";
        found.push((path_from("tokens.list.items"), text.to_owned()));
    }
    if let Some(Paging::Offset { size: 0, .. } | Paging::Page { size: 0, .. }) = &list.paging {
        let text = "a page holds at least one token".to_owned();
        found.push((path_from("tokens.list.paging.size"), text));
    }
}
