//! Opens the dialogs that several screens use.

use super::start_task::start_numbered_task;
use crate::tui::model::{Confirm, Dialog, InProgress, Model, OnConfirm};
use crate::tui::msg::{Effect, TaskKind};

pub(super) fn ask_confirmation(
    model: &mut Model,
    question: String,
    details: Vec<String>,
    action: OnConfirm,
) {
    model.dialogs.push(Dialog::Confirm(Confirm {
        question,
        details,
        action,
        top: 0,
    }));
}

/// Starts a task and shows its progress until it is done.
pub(super) fn start_with_progress(model: &mut Model, title: String, kind: TaskKind) -> Vec<Effect> {
    let (task, effect) = start_numbered_task(model, kind);
    model.dialogs.push(Dialog::InProgress(InProgress {
        task,
        title,
        completed_steps: Vec::new(),
        is_cancelling: false,
        progress: None,
    }));
    vec![effect]
}
