//! Enabling, disabling and revoking one or more tokens.

use super::open_dialog::start_with_progress;
use crate::domain::TokenId;
use crate::tui::model::{Dialog, Model};
use crate::tui::msg::{BulkAction, Effect, TaskKind};

pub(super) fn start_bulk_action(
    model: &mut Model,
    action: BulkAction,
    ids: Vec<TokenId>,
) -> Vec<Effect> {
    let verb = match action {
        BulkAction::Activate => "Enabling",
        BulkAction::Deactivate => "Disabling",
        BulkAction::Revoke => "Revoking",
    };
    let target = match ids.as_slice() {
        [id] => model.token_name(id),
        ids => format!("{} tokens", ids.len()),
    };
    let is_revocation = action == BulkAction::Revoke;
    if is_revocation && matches!(model.dialogs.last(), Some(Dialog::Details(..))) {
        model.dialogs.pop();
    }
    let kind = TaskKind::ApplyBulkAction(action, ids);
    start_with_progress(model, format!("{verb} {target}"), kind)
}
