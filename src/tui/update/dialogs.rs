//! Commands in dialogs: help, confirmations, tasks in progress, their results, and a new secret.

use super::bulk_action::start_bulk_action;
use super::cursor::scroll_dialog;
use super::login;
use super::open_dialog::{ask_confirmation, start_with_progress};
use super::start_task::start_numbered_task;
use crate::actions::SecretTarget;
use crate::tui::keys::Command;
use crate::tui::model::{Confirm, Dialog, Form, Model, NewSecret, Notice, OnConfirm};
use crate::tui::msg::{Effect, TaskKind};

pub(super) fn handle_command(model: &mut Model, command: Command) -> Vec<Effect> {
    scroll_dialog(model, command);
    match model.dialogs.last_mut() {
        Some(Dialog::NewSecret(new_secret)) => {
            let new_secret = new_secret.clone();
            return handle_new_secret(model, &new_secret, command);
        }
        Some(Dialog::InProgress(in_progress)) if command == Command::Close => {
            in_progress.is_cancelling = true;
            return vec![Effect::Cancel(in_progress.task)];
        }
        Some(Dialog::Confirm(confirm)) => {
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

fn handle_confirm(model: &mut Model, confirm: &Confirm, command: Command) -> Vec<Effect> {
    match command {
        Command::No => drop(model.dialogs.pop()),
        Command::Yes => {
            model.dialogs.pop();
            return confirmed(model, confirm.action.clone());
        }
        _ => {}
    }
    Vec::new()
}

fn confirmed(model: &mut Model, on_confirm: OnConfirm) -> Vec<Effect> {
    match on_confirm {
        OnConfirm::ApplyBulkAction(action, ids) => start_bulk_action(model, action, ids),
        OnConfirm::RotateToken(request) => {
            let title = format!("Rotating {}", model.token_name(&request.id));
            start_with_progress(model, title, TaskKind::RotateToken(request))
        }
        OnConfirm::SignIn(request) => login::start_sign_in(model, request),
        OnConfirm::LogOut(profile) => {
            let task = model.next_task();
            vec![Effect::StartTask(task, profile, TaskKind::LogOut)]
        }
        OnConfirm::DiscardSecret => {
            model.dialogs.pop();
            Vec::new()
        }
        OnConfirm::ReplaceKey(target) => replace_key(model, target),
    }
}

/// Saves the secret of the top dialog, replacing the key in the file.
fn replace_key(model: &mut Model, target: SecretTarget) -> Vec<Effect> {
    let Some(Dialog::NewSecret(new_secret)) = model.dialogs.last() else {
        return Vec::new();
    };
    let kind = TaskKind::SaveSecret(target.allow_replacing(), new_secret.secret.clone());
    let (task, effect) = start_numbered_task(model, kind);
    update_new_secret(model, |new_secret| new_secret.save_task = Some(task));
    vec![effect]
}

fn handle_new_secret(model: &mut Model, new_secret: &NewSecret, command: Command) -> Vec<Effect> {
    match command {
        Command::Reveal => update_new_secret(model, |it| it.is_revealed = !it.is_revealed),
        Command::CopySecret => {
            update_new_secret(model, |it| it.is_copied = true);
            let text = "Sent to the terminal's clipboard. Some terminals do not support this.";
            model.notice = Some(Notice::Success(text.to_owned()));
            return vec![Effect::Copy(new_secret.secret.clone())];
        }
        Command::Save => {
            model.dialogs.pop();
            let form = Form::save_secret(NewSecret {
                is_revealed: false,
                ..new_secret.clone()
            });
            model.dialogs.push(Dialog::Form(form));
        }
        Command::Close if !new_secret.is_saved => confirm_discard(model, new_secret),
        Command::Close => drop(model.dialogs.pop()),
        _ => {}
    }
    Vec::new()
}

fn confirm_discard(model: &mut Model, new_secret: &NewSecret) {
    let question = if new_secret.is_copied {
        "Is the secret in your clipboard? Some terminals do not support copying, and it cannot be shown again. Close?"
    } else {
        "The secret was neither copied nor saved, and cannot be shown again. Close?"
    };
    let question = question.to_owned();
    ask_confirmation(model, question, Vec::new(), OnConfirm::DiscardSecret);
}

fn update_new_secret(model: &mut Model, change: impl FnOnce(&mut NewSecret)) {
    if let Some(Dialog::NewSecret(new_secret)) = model.dialogs.last_mut() {
        change(new_secret);
    }
}
