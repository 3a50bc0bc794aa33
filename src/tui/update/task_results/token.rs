//! Results about tokens.

use std::collections::HashSet;

use super::{close_progress_dialog, show_error_or_login, show_result};
use crate::actions::{RotationResult, SecretTarget, TokenTargets};
use crate::domain::{ApiToken, CreatedToken, TokenId};
use crate::service::RightsChange;
use crate::tui::model::{
    BulkResults, Dialog, Loading, Model, NewSecret, Notice, OnConfirm, display_name,
    display_name_or_id,
};
use crate::tui::msg::{
    Effect, RotateRequest, RotateResult, SaveResult, TaskId, TaskKind, ViewResult,
};
use crate::tui::update::open_dialog::ask_confirmation;
use crate::tui::update::start_task::start_task;
use crate::tui::update::{findings, tokens};

const MAY_BE_CREATED: &str =
    "the service may have created the token: look for it in the list and revoke it";
const MAY_BE_ROTATED: &str =
    "a new token may exist; rotate the token again, which completes or undoes the rotation";

pub(super) fn on_tokens_listed(
    model: &mut Model,
    result: ViewResult<Vec<TokenTargets>>,
) -> Vec<Effect> {
    match result {
        Ok(targets) => {
            model.tokens.targets = targets;
            model.tokens.finish_loading(model.has_received_page);
            Vec::new()
        }
        Err(error) => {
            model.tokens.loading = Loading::Failed;
            show_error_or_login(model, error)
        }
    }
}

pub(super) fn on_created(
    model: &mut Model,
    task: TaskId,
    result: ViewResult<CreatedToken>,
) -> Vec<Effect> {
    close_progress_dialog(model, task);
    match result {
        Ok(created) => {
            if matches!(model.dialogs.last(), Some(Dialog::Form(_))) {
                model.dialogs.pop();
            }
            model.dialogs.push(Dialog::NewSecret(NewSecret {
                title: format!("Created {}", display_name(&created.token)),
                secret: created.secret,
                is_revealed: false,
                is_saved: false,
                is_copied: false,
                saved_in: None,
                save_task: None,
            }));
            reload_all(model)
        }
        Err(error) => {
            let may_exist = error.may_have_been_processed;
            let error = error.with_hint_if_response_lost(MAY_BE_CREATED);
            let mut effects = show_error_or_login(model, error);
            if may_exist {
                effects.extend(tokens::reload_if_visible(model));
            }
            effects
        }
    }
}

pub(super) fn on_rotated(
    model: &mut Model,
    task: TaskId,
    result: ViewResult<RotateResult>,
) -> Vec<Effect> {
    close_progress_dialog(model, task);
    if matches!(model.dialogs.last(), Some(Dialog::Details(..))) {
        model.dialogs.pop();
    }
    match result {
        Ok(RotateResult::WouldWiden(request, changes)) => {
            confirm_wider_token(model, request, &changes);
            Vec::new()
        }
        Ok(RotateResult::UnknownKey(request, others)) => {
            confirm_unknown_key(model, request, &others);
            Vec::new()
        }
        Ok(RotateResult::Done(rotation)) => {
            show_rotated_secret(model, *rotation);
            reload_all(model)
        }
        // The rotation may be incomplete, so that the list is outdated.
        Err(error) => {
            let error = error.with_hint_if_response_lost(MAY_BE_ROTATED);
            let mut effects = show_error_or_login(model, error);
            effects.extend(tokens::reload_if_visible(model));
            effects
        }
    }
}

fn confirm_wider_token(model: &mut Model, request: RotateRequest, changes: &[RightsChange]) {
    let name = model.token_name(&request.id);
    let question = format!(
        "The service cannot create a token with the same properties as {name}. Rotate it with these changes?"
    );
    let details = changes.iter().map(ToString::to_string).collect();
    ask_confirmation(model, question, details, OnConfirm::RotateToken(request));
}

fn confirm_unknown_key(model: &mut Model, request: RotateRequest, others: &[String]) {
    let name = model.token_name(&request.id);
    let path = request.env_file.clone().unwrap_or_default();
    let question = format!(
        "It is unknown whether the key in {} belongs to {name}. Replace it anyway? A key of another token is lost.",
        path.display()
    );
    let details = others.iter();
    let details = details.map(|other| format!("it may be the key of token {other}"));
    let details = details.collect();
    ask_confirmation(model, question, details, OnConfirm::RotateToken(request));
}

/// Shows the new secret, marked as saved: the rotation has written it, so that closing the dialog does not lose it.
fn show_rotated_secret(model: &mut Model, rotation: RotationResult) {
    let name = display_name(&rotation.new);
    let id = rotation.new.id.as_ref();
    let has_name = rotation
        .new
        .name
        .as_ref()
        .is_some_and(|name| !name.is_empty());
    let id = id.filter(|_| has_name).map(|id| format!(" (id {id})"));
    let saved_in = targets_text(&rotation);
    model.dialogs.push(Dialog::NewSecret(NewSecret {
        title: format!("Rotated {name}{}", id.unwrap_or_default()),
        secret: rotation.secret,
        is_revealed: false,
        is_saved: true,
        is_copied: false,
        saved_in,
        save_task: None,
    }));
}

/// Returns the targets, unless the secret is only the profile's key.
fn targets_text(rotation: &RotationResult) -> Option<String> {
    let targets = rotation.targets.iter().map(ToString::to_string);
    (!rotation.is_shown()).then(|| targets.collect::<Vec<_>>().join(", "))
}

/// Shows one success as a notice, and several results in a dialog.
pub(super) fn on_bulk_completed(
    model: &mut Model,
    task: TaskId,
    result: ViewResult<Vec<(TokenId, ViewResult<Option<ApiToken>>)>>,
) -> Vec<Effect> {
    close_progress_dialog(model, task);
    let results = match result {
        Ok(results) => results,
        Err(error) => return show_error_or_login(model, error),
    };
    let (rows, verb) = apply_bulk_results(model, results);
    let effects = findings::refresh(model);
    match rows.as_slice() {
        [(name, Ok(()))] => model.notice = Some(Notice::Success(format!("{verb} {name}."))),
        [(_, Err(error))] => {
            let shown = show_error_or_login(model, error.clone());
            return effects.into_iter().chain(shown).collect();
        }
        _ => {
            let succeeded = rows.iter().filter(|(_, result)| result.is_ok()).count();
            model.dialogs.push(Dialog::BulkResults(BulkResults {
                title: format!("{succeeded} of {} done", rows.len()),
                rows,
                top: 0,
            }));
        }
    }
    effects
}

fn reload_all(model: &mut Model) -> Vec<Effect> {
    let listed = tokens::reload(model);
    let audited = findings::refresh(model);
    listed.into_iter().chain(audited).collect()
}

/// Updates the list. Returns the names with their results, errors first, and a verb for the successes.
fn apply_bulk_results(
    model: &mut Model,
    results: Vec<(TokenId, ViewResult<Option<ApiToken>>)>,
) -> (Vec<(String, ViewResult<()>)>, &'static str) {
    let tokens = model.tokens.by_id();
    let (mut removed, mut updated, mut rows) = (HashSet::new(), Vec::new(), Vec::new());
    for (id, result) in results {
        let name = display_name_or_id(&id, tokens.get(&id).copied());
        match result {
            Ok(Some(token)) => updated.push(token),
            Ok(None) => drop(removed.insert(id)),
            Err(error) => {
                rows.push((name, Err(error)));
                continue;
            }
        }
        rows.push((name, Ok(())));
    }
    let verb = match updated.first().and_then(|token| token.active) {
        _ if !removed.is_empty() => "Revoked",
        Some(true) => "Enabled",
        Some(false) => "Disabled",
        None => "Updated",
    };
    model.tokens.apply_changes(&removed, updated);
    rows.sort_by_key(|(_, result)| result.is_ok());
    (rows, verb)
}

pub(super) fn on_saved(
    model: &mut Model,
    task: TaskId,
    result: ViewResult<SaveResult>,
) -> Vec<Effect> {
    let new_secret = model.dialogs.iter_mut().find_map(|dialog| match dialog {
        Dialog::NewSecret(new_secret) if new_secret.save_task == Some(task) => Some(new_secret),
        _ => None,
    });
    if let Some(new_secret) = new_secret {
        new_secret.save_task = None;
        if let Ok(SaveResult::Written(path)) = &result {
            new_secret.is_saved = true;
            new_secret.saved_in = Some(path.display().to_string());
        }
    }
    let result = match result {
        Ok(SaveResult::Written(path)) => Ok(format!("Saved the secret in {}.", path.display())),
        Ok(SaveResult::KeyExists(target, variable)) => {
            confirm_replacement(model, target, &variable);
            return Vec::new();
        }
        Err(error) => Err(error),
    };
    show_result(model, result);
    // The file may take precedence over the credential in use.
    vec![start_task(model, TaskKind::RefreshStatus)]
}

/// Asks before a key in an env file is replaced, if the dialog with the new secret is still open.
fn confirm_replacement(model: &mut Model, target: SecretTarget, variable: &str) {
    if !matches!(model.dialogs.last(), Some(Dialog::NewSecret(_))) {
        return;
    }
    let question = format!(
        "{} already sets {variable}. Replace that key? It stays valid until it is revoked.",
        target.path.display()
    );
    ask_confirmation(model, question, Vec::new(), OnConfirm::ReplaceKey(target));
}
