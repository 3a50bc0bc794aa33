//! Windows on top: questions, work that one waits for, what became of it, and a secret that is shown once.

use super::{confirm, sessions, task_of, tokens, work};
use crate::actions::SecretTarget;
use crate::domain::TokenId;
use crate::tui::keys::Command;
use crate::tui::model::{Confirm, Dialog, Form, Made, Model, Notice, Then, Underway};
use crate::tui::msg::{Change, Effect, Work};

pub(super) fn obey(model: &mut Model, command: Command) -> Vec<Effect> {
    match model.dialogs.last_mut() {
        Some(Dialog::Help(top)) => drop(scroll(top, command)),
        Some(Dialog::Outcomes(outcomes)) => drop(scroll(&mut outcomes.top, command)),
        Some(Dialog::Made(made)) => {
            let made = made.clone();
            return obey_made(model, &made, command);
        }
        Some(Dialog::Underway(underway)) if command == Command::Close => {
            underway.is_stopping = true;
            return vec![Effect::Cancel(underway.task)];
        }
        Some(Dialog::Confirm(confirm)) => {
            scroll(&mut confirm.top, command);
            let confirm = confirm.clone();
            return answered(model, &confirm, command);
        }
        _ => {}
    }
    if command == Command::Close {
        model.dialogs.pop();
    }
    Vec::new()
}

/// Moves what is at the top of a window, which ends where its text does; whether the command is about that.
pub(super) fn scroll(top: &mut usize, command: Command) -> bool {
    sessions::step(top, usize::MAX, command)
}

fn answered(model: &mut Model, confirm: &Confirm, command: Command) -> Vec<Effect> {
    match command {
        Command::No => drop(model.dialogs.pop()),
        Command::Yes => {
            model.dialogs.pop();
            return match confirm.then.clone() {
                Then::Change(change, ids) => begin(model, change, ids),
                Then::Rotate(wanted) => {
                    let title = format!("Rotating {}", tokens::name(model, &wanted.id));
                    wait_for(model, title, Work::Rotate(wanted))
                }
                Then::LogOut(profile) => {
                    vec![Effect::Work(model.next_task(), profile, Work::LogOut)]
                }
                Then::Forget => {
                    model.dialogs.pop();
                    Vec::new()
                }
                Then::Replace(target) => replace(model, target),
            };
        }
        _ => {}
    }
    Vec::new()
}

/// Begins a change of some tokens, and shows how it goes.
pub(super) fn begin(model: &mut Model, change: Change, ids: Vec<TokenId>) -> Vec<Effect> {
    let verb = match change {
        Change::Activate => "Activating",
        Change::Deactivate => "Deactivating",
        Change::Revoke => "Revoking",
    };
    let what = match ids.as_slice() {
        [one] => tokens::name(model, one),
        many => format!("{} tokens", many.len()),
    };
    if matches!(model.dialogs.last(), Some(Dialog::Details(..))) && change == Change::Revoke {
        model.dialogs.pop();
    }
    wait_for(model, format!("{verb} {what}"), Work::Change(change, ids))
}

/// Begins work that one waits for.
pub(super) fn wait_for(model: &mut Model, title: String, what: Work) -> Vec<Effect> {
    let effect = work(model, what);
    model.dialogs.push(Dialog::Underway(Underway {
        task: task_of(&effect),
        title,
        steps: Vec::new(),
        is_stopping: false,
        done: None,
    }));
    vec![effect]
}

/// Saves the secret of the dialog on top in place of the key that is there.
fn replace(model: &mut Model, target: SecretTarget) -> Vec<Effect> {
    let Some(Dialog::Made(made)) = model.dialogs.last() else {
        return Vec::new();
    };
    let secret = made.secret.clone();
    let effect = work(model, Work::Save(target.replacing(), secret));
    let task = task_of(&effect);
    set(model, |made| made.saving = Some(task));
    vec![effect]
}

fn obey_made(model: &mut Model, made: &Made, command: Command) -> Vec<Effect> {
    match command {
        Command::Reveal => set(model, |made| made.is_revealed = !made.is_revealed),
        Command::CopySecret => {
            set(model, |made| made.is_copied = true);
            let text = "sent to the terminal's clipboard; some terminals do not take it";
            model.notice = Some(Notice::Good(text.to_owned()));
            return vec![Effect::Copy(made.secret.clone())];
        }
        Command::Save => {
            model.dialogs.pop();
            let form = Form::save(Made {
                is_revealed: false,
                ..made.clone()
            });
            model.dialogs.push(Dialog::Form(form));
        }
        Command::Close if !made.is_kept => {
            let question = if made.is_copied {
                "Is the secret in your clipboard? Some terminals do not take it, and it cannot be shown again. Close?"
            } else {
                "The secret was neither copied nor saved, and cannot be shown again. Close?"
            };
            confirm(model, question.to_owned(), Vec::new(), Then::Forget);
        }
        Command::Close => drop(model.dialogs.pop()),
        _ => {}
    }
    Vec::new()
}

fn set(model: &mut Model, change: impl FnOnce(&mut Made)) {
    if let Some(Dialog::Made(made)) = model.dialogs.last_mut() {
        change(made);
    }
}
