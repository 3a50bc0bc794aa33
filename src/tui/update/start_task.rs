//! Starts tasks for the profile in use.

use crate::tui::model::Model;
use crate::tui::msg::{Effect, TaskId, TaskKind};

pub(super) fn start_task(model: &mut Model, kind: TaskKind) -> Effect {
    start_numbered_task(model, kind).1
}

/// Returns the number of the task too, for a caller that waits for its result.
pub(super) fn start_numbered_task(model: &mut Model, kind: TaskKind) -> (TaskId, Effect) {
    let (task, profile) = (model.next_task(), model.profile.clone());
    (task, Effect::StartTask(task, profile, kind))
}

/// The first task after the start and after a change of the profile.
pub(in crate::tui) fn verify_credential(model: &mut Model) -> Effect {
    let (task, effect) = start_numbered_task(model, TaskKind::VerifyCredential);
    model.verification_task = task;
    effect
}
