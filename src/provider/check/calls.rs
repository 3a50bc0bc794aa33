//! Checks the calls of a description: their `{id}` placeholders, and the fields of the responses that they depend on.

use super::needs;
use super::spans::{Findings, path_from};
use crate::domain::CredentialKind;
use crate::provider::{AccountProof, Descriptor, HttpCall, Paging, TokenCalls};

pub(super) const MISSING_ID: &str =
    "missing `{id}`: without it the call is about all tokens; write it as in DELETE /api/keys/{id}";
const UNEXPECTED_ID: &str = "unexpected `{id}`: this call is not about one token";

pub(super) fn check(service: &Descriptor, findings: &mut Findings) {
    check_ids(service, findings);
    check_session_fields(service, findings);
    check_limits(&service.tokens, findings);
    check_token_list(&service.tokens, findings);
    check_token_fields(&service.tokens, findings);
    needs::check(&service.tokens, findings);
    check_proof(service, findings);
    check_special_errors(service, findings);
    check_exchange(service, findings);
}

fn check_ids(service: &Descriptor, findings: &mut Findings) {
    for (path, call) in calls_with_id(service) {
        if call.is_some_and(|call| !call.needs_id()) {
            findings.push((path_from(path), MISSING_ID.to_owned()));
        }
    }
    for (path, call) in calls_without_id(service) {
        if call.is_some_and(HttpCall::needs_id) {
            findings.push((path_from(path), UNEXPECTED_ID.to_owned()));
        }
    }
    let whoami = service.whoami.iter().flat_map(|call| &call.with);
    for (kind, _) in whoami.filter(|(_, call)| call.needs_id()) {
        let path = path_from(&format!("whoami.with.{}", kind.name()));
        findings.push((path, UNEXPECTED_ID.to_owned()));
    }
}

fn calls_with_id(service: &Descriptor) -> [(&'static str, Option<&HttpCall>); 2] {
    let TokenCalls { create, get, .. } = &service.tokens;
    let space = create.as_ref().and_then(|create| create.space.as_ref());
    [
        ("tokens.create.space", space),
        ("tokens.get.call", get.as_ref().map(|get| &get.call)),
    ]
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

/// Logout and refresh depend on fields that only the response of a password login has.
fn check_session_fields(service: &Descriptor, findings: &mut Findings) {
    let answer = service.login.password.as_ref().map(|login| &login.answer);
    let needs_id = service.logout.as_ref().is_some_and(|it| it.call.needs_id());
    if needs_id && answer.is_none_or(|answer| answer.token_id.is_none()) {
        let text = "`{id}` requires `token_id` in `login.password.answer`";
        findings.push((path_from("logout.call"), text.to_owned()));
    }
    if service.refresh.is_some() && answer.is_none_or(|answer| answer.refresh_token.is_none()) {
        let text = "`[refresh]` requires `refresh_token` in `login.password.answer`";
        findings.push((path_from("refresh"), text.to_owned()));
    }
}

fn check_limits(tokens: &TokenCalls, findings: &mut Findings) {
    let Some(limits) = tokens.create.as_ref().map(|it| &it.limits) else {
        return;
    };
    if let Some(days) = limits.expires_in_days {
        let is_inside = |day: u32| (days.least..=days.most).contains(&day);
        if days.least > days.most || days.default.is_some_and(|day| !is_inside(day)) {
            let text = "expected least <= default <= most";
            let path = path_from("tokens.create.limits.expires_in_days");
            findings.push((path, text.to_owned()));
        }
    }
    for (member, limit) in [
        ("permissions", &limits.permissions),
        ("scopes", &limits.scopes),
    ] {
        let is_allowed = |word| limit.allowed.is_empty() || limit.allowed.contains(word);
        if !limit.default.iter().all(is_allowed) {
            let path = path_from(&format!("tokens.create.limits.{member}.default"));
            findings.push((path, "expected only values from `allowed`".to_owned()));
        }
    }
}

fn check_token_list(tokens: &TokenCalls, findings: &mut Findings) {
    let Some(list) = &tokens.list else { return };
    if list.items.is_empty() {
        let text = "expected the JSON pointer of the list: items = [\"/results\"], or [\"\"] for the whole response";
        findings.push((path_from("tokens.list.items"), text.to_owned()));
    }
    let has_no_size = match &list.paging {
        Some(Paging::Offset { size, .. }) => *size == 0,
        Some(Paging::Page(numbers)) => numbers.size == 0,
        _ => false,
    };
    if has_no_size {
        let text = "expected at least one token per page";
        findings.push((path_from("tokens.list.paging.size"), text.to_owned()));
    }
    if let Some(Paging::Page(numbers)) = &list.paging
        && numbers.rules().count() > 1
    {
        let text = "expected one of `more`, `pages`, `total` and `next_page`";
        findings.push((path_from("tokens.list.paging"), text.to_owned()));
    }
}

fn check_token_fields(tokens: &TokenCalls, findings: &mut Findings) {
    let fields = &tokens.fields;
    let is_keyed = tokens.list.as_ref().is_some_and(|list| list.keyed_by_id);
    if (tokens.list.is_some() || tokens.revoke.is_some()) && fields.id.is_none() && !is_keyed {
        let text = "expected the JSON pointer of a token's id: id = \"/id\"";
        findings.push((path_from("tokens.fields.id"), text.to_owned()));
    }
    if fields.active.is_some() && fields.revoked.is_some() {
        let text = "`revoked` and `active` are the same fact; keep the one that the service has";
        findings.push((path_from("tokens.fields.revoked"), text.to_owned()));
    }
    if tokens.enable.is_some() != tokens.disable.is_some() {
        let member = if tokens.enable.is_some() {
            "enable"
        } else {
            "disable"
        };
        let text = "expected both calls, `enable` and `disable`";
        findings.push((path_from(&format!("tokens.{member}")), text.to_owned()));
    }
    if tokens.enable.is_some() && tokens.update.is_some() {
        let text = "expected [tokens.update], or `enable` and `disable`";
        findings.push((path_from("tokens.update"), text.to_owned()));
    }
    let can_update = tokens.update.is_some() || tokens.enable.is_some();
    if fields.active_by.is_some() && can_update {
        let text = "`active_by` cannot detect a token that [tokens.update] deactivated; write `active` instead";
        findings.push((path_from("tokens.fields.active_by"), text.to_owned()));
    }
}

fn check_proof(service: &Descriptor, findings: &mut Findings) {
    let Some(call) = &service.whoami else { return };
    if call.proof == Some(AccountProof::Account) && call.account.is_empty() {
        let text = "the account proves the credential, but `account` does not say where it is";
        findings.push((path_from("whoami.proof"), text.to_owned()));
    }
}

fn check_exchange(service: &Descriptor, findings: &mut Findings) {
    let Some(exchange) = &service.exchange else {
        return;
    };
    if exchange.kind == CredentialKind::ApiKey {
        let text = "expected the kind of the token in the response, other than `api_key`";
        findings.push((path_from("exchange.kind"), text.to_owned()));
    }
    if exchange.answer.refresh_token.is_some() {
        let text = "unexpected `refresh_token`: the key is exchanged again";
        findings.push((path_from("exchange.answer.refresh_token"), text.to_owned()));
    }
}

fn check_special_errors(service: &Descriptor, findings: &mut Findings) {
    for (index, error) in service.errors.special.iter().enumerate() {
        if error
            .status
            .is_some_and(|status| !(400..=599).contains(&status))
        {
            let path = path_from(&format!("errors.special.{index}.status"));
            findings.push((path, "expected an error status (400 to 599)".to_owned()));
        }
        if error.at.is_empty() == error.is.is_some() {
            let text = "expected both or neither: the JSON pointer of the code, at = [\"/error/code\"], and the code, `is`";
            let path = path_from(&format!("errors.special.{index}.at"));
            findings.push((path, text.to_owned()));
        }
        if error.status.is_none() && error.is.is_none() {
            let text = "expected `status`, or `at` and `is`: every error would match";
            findings.push((
                path_from(&format!("errors.special.{index}")),
                text.to_owned(),
            ));
        }
    }
}
