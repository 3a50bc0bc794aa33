//! Windows on top: questions, work that one waits for, what became of it, and a secret that is shown once.

use super::{ask_confirmation, sessions, start_task, task_id, tokens};
use crate::actions::SecretTarget;
use crate::domain::TokenId;
use crate::tui::keys::Command;
use crate::tui::model::{Confirm, Dialog, Form, InProgress, Model, NewSecret, Notice, OnConfirm};
use crate::tui::msg::{BulkAction, Effect, TaskKind};

pub(super) fn handle_command(model: &mut Model, command: Command) -> Vec<Effect> {
    match model.dialogs.last_mut() {
        Some(Dialog::Help(top)) => drop(scroll_dialog(top, command)),
        Some(Dialog::BulkResults(outcomes)) => drop(scroll_dialog(&mut outcomes.top, command)),
        Some(Dialog::NewSecret(made)) => {
            let made = made.clone();
            return handle_new_secret(model, &made, command);
        }
        Some(Dialog::InProgress(underway)) if command == Command::Close => {
            underway.is_cancelling = true;
            return vec![Effect::Cancel(underway.task)];
        }
        Some(Dialog::Confirm(confirm)) => {
            scroll_dialog(&mut confirm.top, command);
            let confirm = confirm.clone();
            return handle_confirm(model, &confirm, command);
        }
        _ => {}
    }
    if command == Command::Close {
        model.dialogs.pop();
    }
    Vec::new()
}

/// Moves what is at the top of a window, which ends where its text does; whether the command is about that.
pub(super) fn scroll_dialog(top: &mut usize, command: Command) -> bool {
    sessions::move_cursor(top, usize::MAX, command)
}

fn handle_confirm(model: &mut Model, confirm: &Confirm, command: Command) -> Vec<Effect> {
    match command {
        Command::No => drop(model.dialogs.pop()),
        Command::Yes => {
            model.dialogs.pop();
            return match confirm.on_confirm.clone() {
                OnConfirm::ApplyBulkAction(change, ids) => start_bulk_action(model, change, ids),
                OnConfirm::RotateToken(wanted) => {
                    let title = format!("Rotating {}", tokens::token_name(model, &wanted.id));
                    start_with_progress(model, title, TaskKind::RotateToken(wanted))
                }
                OnConfirm::LogOut(profile) => {
                    vec![Effect::StartTask(
                        model.next_task(),
                        profile,
                        TaskKind::LogOut,
                    )]
                }
                OnConfirm::DiscardSecret => {
                    model.dialogs.pop();
                    Vec::new()
                }
                OnConfirm::ReplaceKey(target) => replace_key(model, target),
            };
        }
        _ => {}
    }
    Vec::new()
}

/// Begins a change of some tokens, and shows how it goes.
pub(super) fn start_bulk_action(
    model: &mut Model,
    change: BulkAction,
    ids: Vec<TokenId>,
) -> Vec<Effect> {
    let verb = match change {
        BulkAction::Activate => "Activating",
        BulkAction::Deactivate => "Deactivating",
        BulkAction::Revoke => "Revoking",
    };
    let what = match ids.as_slice() {
        [one] => tokens::token_name(model, one),
        many => format!("{} tokens", many.len()),
    };
    if matches!(model.dialogs.last(), Some(Dialog::Details(..))) && change == BulkAction::Revoke {
        model.dialogs.pop();
    }
    start_with_progress(
        model,
        format!("{verb} {what}"),
        TaskKind::ApplyBulkAction(change, ids),
    )
}

/// Begins work that one waits for.
pub(super) fn start_with_progress(model: &mut Model, title: String, what: TaskKind) -> Vec<Effect> {
    let effect = start_task(model, what);
    model.dialogs.push(Dialog::InProgress(InProgress {
        task: task_id(&effect),
        title,
        completed_steps: Vec::new(),
        is_cancelling: false,
        progress: None,
    }));
    vec![effect]
}

/// Saves the secret of the dialog on top in place of the key that is there.
fn replace_key(model: &mut Model, target: SecretTarget) -> Vec<Effect> {
    let Some(Dialog::NewSecret(made)) = model.dialogs.last() else {
        return Vec::new();
    };
    let secret = made.secret.clone();
    let effect = start_task(
        model,
        TaskKind::SaveSecret(target.allow_replacing(), secret),
    );
    let task = task_id(&effect);
    update_new_secret(model, |made| made.save_task = Some(task));
    vec![effect]
}

fn handle_new_secret(model: &mut Model, made: &NewSecret, command: Command) -> Vec<Effect> {
    match command {
        Command::Reveal => update_new_secret(model, |made| made.is_revealed = !made.is_revealed),
        Command::CopySecret => {
            update_new_secret(model, |made| made.is_copied = true);
            let text = "sent to the terminal's clipboard; some terminals do not take it";
            model.notice = Some(Notice::Success(text.to_owned()));
            return vec![Effect::Copy(made.secret.clone())];
        }
        Command::Save => {
            model.dialogs.pop();
            let form = Form::save_secret(NewSecret {
                is_revealed: false,
                ..made.clone()
            });
            model.dialogs.push(Dialog::Form(form));
        }
        Command::Close if !made.is_saved => {
            let question = if made.is_copied {
                "Is the secret in your clipboard? Some terminals do not take it, and it cannot be shown again. Close?"
            } else {
                "The secret was neither copied nor saved, and cannot be shown again. Close?"
            };
            ask_confirmation(
                model,
                question.to_owned(),
                Vec::new(),
                OnConfirm::DiscardSecret,
            );
        }
        Command::Close => drop(model.dialogs.pop()),
        _ => {}
    }
    Vec::new()
}

fn update_new_secret(model: &mut Model, change: impl FnOnce(&mut NewSecret)) {
    if let Some(Dialog::NewSecret(made)) = model.dialogs.last_mut() {
        change(made);
    }
}
