//! Answers about tokens.

use super::{close_progress_dialog, show_error_or_login, show_result};
use crate::actions::SecretTarget;
use crate::domain::{ApiToken, CreatedToken, TokenId};
use crate::tui::model::{
    BulkResults, Dialog, Loading, Model, NewSecret, Notice, OnConfirm, display_name,
    display_name_or_id,
};
use crate::tui::msg::{Effect, RotateResult, SaveResult, TaskId, TaskKind, ViewResult};
use crate::tui::update::{ask_confirmation, start_task, tokens};
use std::collections::HashSet;

pub(super) fn on_tokens_listed(model: &mut Model, outcome: ViewResult<()>) -> Vec<Effect> {
    match outcome {
        Ok(()) => {
            model.tokens.finish_loading(model.has_received_page);
            Vec::new()
        }
        Err(told) => {
            model.tokens.loading = Loading::Failed;
            show_error_or_login(model, told)
        }
    }
}

pub(super) fn on_created(
    model: &mut Model,
    task: TaskId,
    outcome: ViewResult<CreatedToken>,
) -> Vec<Effect> {
    close_progress_dialog(model, task);
    match outcome {
        Ok(minted) => {
            if matches!(model.dialogs.last(), Some(Dialog::Form(_))) {
                model.dialogs.pop();
            }
            model.dialogs.push(Dialog::NewSecret(NewSecret {
                title: format!("Made {}", display_name(&minted.token)),
                secret: minted.secret,
                is_revealed: false,
                is_saved: false,
                is_copied: false,
                env_file: None,
                save_task: None,
            }));
            tokens::reload(model)
        }
        Err(told) => show_error_or_login(model, told),
    }
}

/// The new secret stands where the old one stood, so that nothing is lost when its window is closed.
pub(super) fn on_rotated(
    model: &mut Model,
    task: TaskId,
    outcome: ViewResult<RotateResult>,
) -> Vec<Effect> {
    close_progress_dialog(model, task);
    if matches!(model.dialogs.last(), Some(Dialog::Details(..))) {
        model.dialogs.pop();
    }
    match outcome {
        Ok(RotateResult::WouldWiden(wanted, changes)) => {
            let name = tokens::token_name(model, &wanted.id);
            let question =
                format!("The new token cannot be like {name}. Rotate it with these changes?");
            let about = changes.iter().map(ToString::to_string).collect();
            ask_confirmation(model, question, about, OnConfirm::RotateToken(wanted));
            Vec::new()
        }
        Ok(RotateResult::Done(rotated)) => {
            model.dialogs.push(Dialog::NewSecret(NewSecret {
                title: format!(
                    "Rotated {} into {}",
                    rotated.old,
                    display_name(&rotated.new)
                ),
                secret: rotated.secret,
                is_revealed: false,
                is_saved: true,
                is_copied: false,
                env_file: rotated.env_file,
                save_task: None,
            }));
            tokens::reload(model)
        }
        // It may have come half way.
        Err(told) => {
            let mut effects = show_error_or_login(model, told);
            effects.extend(tokens::reload_if_visible(model));
            effects
        }
    }
}

/// What became of each token: one that went well is told in a line, the rest in a window.
pub(super) fn on_bulk_completed(
    model: &mut Model,
    task: TaskId,
    outcome: ViewResult<Vec<(TokenId, ViewResult<Option<ApiToken>>)>>,
) -> Vec<Effect> {
    close_progress_dialog(model, task);
    let outcomes = match outcome {
        Ok(outcomes) => outcomes,
        Err(told) => return show_error_or_login(model, told),
    };
    let (rows, word) = apply_bulk_results(model, outcomes);
    match rows.as_slice() {
        [(name, Ok(()))] => model.notice = Some(Notice::Success(format!("{name} {word}"))),
        [(_, Err(told))] => return show_error_or_login(model, told.clone()),
        _ => {
            let good = rows.iter().filter(|(_, outcome)| outcome.is_ok()).count();
            model.dialogs.push(Dialog::BulkResults(BulkResults {
                title: format!("{good} of {} done", rows.len()),
                rows,
                top: 0,
            }));
        }
    }
    Vec::new()
}

/// Each with its name and what became of it, what did not work first; and the word for what did.
fn apply_bulk_results(
    model: &mut Model,
    outcomes: Vec<(TokenId, ViewResult<Option<ApiToken>>)>,
) -> (Vec<(String, ViewResult<()>)>, &'static str) {
    let named = model.tokens.by_id();
    let (mut gone, mut known, mut rows) = (HashSet::new(), Vec::new(), Vec::new());
    for (id, outcome) in outcomes {
        let name = display_name_or_id(&id, named.get(&id).copied());
        match outcome {
            Ok(Some(token)) => known.push(token),
            Ok(None) => drop(gone.insert(id)),
            Err(told) => {
                rows.push((name, Err(told)));
                continue;
            }
        }
        rows.push((name, Ok(())));
    }
    let word = match known.first().and_then(|token| token.active) {
        _ if !gone.is_empty() => "is revoked",
        Some(true) => "is switched on",
        Some(false) => "is switched off",
        None => "is changed",
    };
    model.tokens.apply_changes(&gone, known);
    rows.sort_by_key(|(_, outcome)| outcome.is_ok());
    (rows, word)
}

pub(super) fn on_saved(
    model: &mut Model,
    task: TaskId,
    outcome: ViewResult<SaveResult>,
) -> Vec<Effect> {
    let made = model.dialogs.iter_mut().find_map(|dialog| match dialog {
        Dialog::NewSecret(made) if made.save_task == Some(task) => Some(made),
        _ => None,
    });
    if let Some(made) = made {
        made.save_task = None;
        if let Ok(SaveResult::Written(path)) = &outcome {
            made.is_saved = true;
            made.env_file = Some(path.clone());
        }
    }
    let outcome = match outcome {
        Ok(SaveResult::Written(path)) => Ok(format!("saved in {}", path.display())),
        Ok(SaveResult::KeyExists(target, variable)) => {
            confirm_replacement(model, target, &variable);
            return Vec::new();
        }
        Err(told) => Err(told),
    };
    show_result(model, outcome);
    // It may go before what was used until now.
    vec![start_task(model, TaskKind::RefreshStatus)]
}

/// Asks before a key is replaced, if the dialog with the new secret is still there.
fn confirm_replacement(model: &mut Model, target: SecretTarget, variable: &str) {
    if !matches!(model.dialogs.last(), Some(Dialog::NewSecret(_))) {
        return;
    }
    let question = format!(
        "{} already sets {variable}. Replace that key? It still works until it is revoked.",
        target.path.display()
    );
    ask_confirmation(model, question, Vec::new(), OnConfirm::ReplaceKey(target));
}
