//! Cursor movement in lists, and scrolling in dialogs.

use crate::tui::keys::Command;
use crate::tui::model::{Dialog, Model};
use crate::tui::view;

/// Moves a cursor in a list whose last row is `last`. Returns whether the command moves cursors.
pub(super) fn move_cursor(cursor: &mut usize, last: usize, page: usize, command: Command) -> bool {
    // The list may be shorter than before.
    let current = (*cursor).min(last);
    let half = (page / 2).max(1);
    let moved = match command {
        Command::Up => current.saturating_sub(1),
        Command::Down => current.saturating_add(1),
        Command::PageUp => current.saturating_sub(page),
        Command::PageDown => current.saturating_add(page),
        Command::HalfPageUp => current.saturating_sub(half),
        Command::HalfPageDown => current.saturating_add(half),
        Command::First => 0,
        Command::Last => last,
        _ => {
            *cursor = current;
            return false;
        }
    };
    *cursor = moved.min(last);
    true
}

/// Scrolls the top dialog. Returns whether it did. The caller limits the position to the text.
pub(super) fn scroll_dialog(model: &mut Model, command: Command) -> bool {
    let page = view::page_height(model);
    let top = model.dialogs.last_mut().and_then(Dialog::scroll_offset_mut);
    top.is_some_and(|top| move_cursor(top, usize::MAX, page, command))
}
