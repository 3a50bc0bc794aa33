//! Cursor movement in lists, and scrolling in dialogs.

use crate::tui::keys::Command;

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
